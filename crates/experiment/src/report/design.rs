//! The design of a hypothesis as it was run: every constant and every variable.

use roofline::Factors;
use serde::Serialize;

use super::number;
use crate::axes::{Axis, value_text};
use crate::inputs::Inputs;
use crate::run::{Run, SettingSource};
use crate::setting::{Setting, Setup};
use crate::spec::{BatchSpec, LengthSpec, LookupSpec, OrderedMap, ProbeSpec, Scalar};
use crate::table::Value;

/// Values of an axis that are spelled out; a longer axis shows its ends.
const SPELLED_OUT: usize = 16;

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Design {
    pub(crate) settings: Vec<SettingRow>,
    pub(crate) runs: Vec<RunDesign>,
}

/// A setting that all runs share.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SettingRow {
    pub(crate) name: &'static str,
    pub(crate) value: String,
    /// Where the value comes from.
    pub(crate) from: String,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct RunDesign {
    pub(crate) name: String,
    pub(crate) probe: &'static str,
    pub(crate) cells: String,
    pub(crate) axes: Vec<AxisDesign>,
    /// What differs from the shared settings.
    pub(crate) own: Vec<OwnSetting>,
    /// What each cell computes, in words.
    pub(crate) computes: String,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct AxisDesign {
    pub(crate) name: String,
    pub(crate) count: usize,
    pub(crate) values: String,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct OwnSetting {
    pub(crate) name: &'static str,
    pub(crate) value: String,
}

/// Describes the runs of a hypothesis.
pub(crate) fn describe(runs: &[Run], specs: &OrderedMap<ProbeSpec>, inputs: &Inputs) -> Design {
    let settings = shared_settings(runs, inputs);
    let runs = runs
        .iter()
        .filter_map(|run| specs.get(&run.name).map(|spec| (run, spec)))
        .map(|(run, spec)| RunDesign {
            name: run.name.clone(),
            probe: run.probe.name(),
            cells: number::show(
                Value::Int(i64::try_from(run.axes.cells()).unwrap_or(i64::MAX)),
                None,
            ),
            axes: run.axes.iter().map(describe_axis).collect(),
            own: own_settings(run),
            computes: computes(spec),
        })
        .collect();
    Design { settings, runs }
}

/// The settings at the top of the file with every default, from the first run's point of view: runs differ only in
/// what they list themselves.
fn shared_settings(runs: &[Run], inputs: &Inputs) -> Vec<SettingRow> {
    let mut setup = Setup::default();
    let mut stated = Vec::new();
    for (setting, source) in runs.iter().flat_map(|run| &run.settings) {
        if let SettingSource::Shared(value) = source
            && !stated.contains(setting)
            && setup.apply(*setting, value).is_ok()
        {
            stated.push(*setting);
        }
    }
    let from = |setting: Setting, fallback: String| {
        if stated.contains(&setting) {
            "hypothesis".to_owned()
        } else {
            fallback
        }
    };
    let varied_only = |setting: Setting| {
        !stated.contains(&setting)
            && !runs.is_empty()
            && runs
                .iter()
                .all(|run| run.settings.iter().any(|(known, _)| *known == setting))
    };
    Setting::ALL
        .into_iter()
        .map(|setting| {
            if varied_only(setting) {
                let (value, from) = ("set by each run".to_owned(), "runs".to_owned());
                return SettingRow {
                    name: setting.path(),
                    value,
                    from,
                };
            }
            let (value, fallback) = shown(setting, &setup, inputs);
            SettingRow {
                name: setting.path(),
                value,
                from: from(setting, fallback),
            }
        })
        .collect()
}

/// The value of a setting, and where it comes from when the file does not state it.
fn shown(setting: Setting, setup: &Setup, inputs: &Inputs) -> (String, String) {
    let assumptions = &setup.assumptions;
    let Factors {
        kv_read_one_token,
        kv_read_many_tokens,
        activation_one_token,
        activation_many_tokens,
        causal_divisor,
    } = assumptions.factors;
    let preset = || format!("preset {}", setup.preset.name());
    let absent = || ("none".to_owned(), "default".to_owned());
    let gpu = setup.gpu.as_deref().and_then(|name| inputs.gpu(name));
    let gpu_file = gpu.map_or_else(
        || "default".to_owned(),
        |gpu| format!("bench_data/{}/gpu.yaml", gpu.name),
    );
    match setting {
        Setting::Model => setup
            .model
            .clone()
            .map_or_else(absent, |name| (name, String::new())),
        Setting::Gpu => setup
            .gpu
            .clone()
            .map_or_else(absent, |name| (name, String::new())),
        Setting::TensorParallel => (setup.tensor_parallel.to_string(), "default".to_owned()),
        Setting::Preset => (setup.preset.name().to_owned(), "default".to_owned()),
        Setting::MfuLookup => (assumptions.mfu_lookup.name().to_owned(), preset()),
        Setting::GemmTime => (assumptions.gemm_time.name().to_owned(), preset()),
        Setting::DecodeAttentionFlops => (
            assumptions.decode_attention_flops.name().to_owned(),
            preset(),
        ),
        Setting::DecodeAttentionMfu => {
            (assumptions.decode_attention_mfu.name().to_owned(), preset())
        }
        Setting::PrefillContext => (assumptions.prefill_context.name().to_owned(), preset()),
        Setting::MixedBatch => (assumptions.mixed_batch.name().to_owned(), preset()),
        Setting::LmHead => (assumptions.lm_head.name().to_owned(), preset()),
        Setting::KvReadOneToken => (kv_read_one_token.to_string(), preset()),
        Setting::KvReadManyTokens => (kv_read_many_tokens.to_string(), preset()),
        Setting::ActivationOneToken => (activation_one_token.to_string(), preset()),
        Setting::ActivationManyTokens => (activation_many_tokens.to_string(), preset()),
        Setting::CausalDivisor => (causal_divisor.to_string(), preset()),
        Setting::PeakTflops => {
            let peak = setup
                .peak_flops_per_s
                .or(gpu.map(|gpu| gpu.peak_flops_per_s));
            (
                peak.map_or_else(|| "of each gpu".to_owned(), |peak| in_tera(peak, "TFLOP/s")),
                gpu_file,
            )
        }
        Setting::BandwidthTbPerS => {
            let bandwidth = setup
                .bandwidth_bytes_per_s
                .or(gpu.map(|gpu| gpu.bandwidth_bytes_per_s));
            (
                bandwidth.map_or_else(|| "of each gpu".to_owned(), |rate| in_tera(rate, "TB/s")),
                gpu_file,
            )
        }
        Setting::BandwidthEfficiency => (
            setup
                .bandwidth_efficiency
                .filter(|share| *share > 0.0)
                .map_or_else(|| "1".to_owned(), |share| share.to_string()),
            "default".to_owned(),
        ),
        Setting::PerLayerOverheadUs => (
            format!("{} us", setup.per_layer_overhead_us),
            "default".to_owned(),
        ),
    }
}

fn in_tera(per_s: f64, unit: &str) -> String {
    format!("{} {unit}", number::show(Value::Float(per_s / 1e12), None))
}

fn own_settings(run: &Run) -> Vec<OwnSetting> {
    run.settings
        .iter()
        .filter_map(|(setting, source)| match source {
            SettingSource::Shared(_) => None,
            SettingSource::Own(value) => Some(OwnSetting {
                name: setting.path(),
                value: value.to_string(),
            }),
            SettingSource::Varied(field) => {
                let value = format!("axis {}", run.axes.field(*field).name());
                Some(OwnSetting {
                    name: setting.path(),
                    value,
                })
            }
        })
        .collect()
}

fn describe_axis(axis: &Axis) -> AxisDesign {
    let is_case = axis.fields().len() > 1;
    let value_of = |position: usize| {
        let own = axis
            .fields()
            .iter()
            .map(|field| (field.name(), &field.values()[position]));
        let mut words: Vec<String> = own
            .enumerate()
            .map(|(index, (name, value))| {
                if index == 0 {
                    value_text(value)
                } else {
                    format!("{name} {}", value_text(value))
                }
            })
            .collect();
        if is_case && words.len() > 1 {
            let first = words.remove(0);
            format!("{first} ({})", words.join(", "))
        } else {
            words.join(", ")
        }
    };
    let last = axis.len().saturating_sub(1);
    let values = if axis.len() <= SPELLED_OUT {
        (0..axis.len())
            .map(value_of)
            .collect::<Vec<_>>()
            .join(if is_case { "; " } else { ", " })
    } else {
        format!(
            "{}, {}, {} ... {}",
            value_of(0),
            value_of(1),
            value_of(2),
            value_of(last)
        )
    };
    AxisDesign {
        name: axis.name().to_owned(),
        count: axis.len(),
        values,
    }
}

fn computes(spec: &ProbeSpec) -> String {
    match spec {
        ProbeSpec::Step(step) => batch_words(&step.batch),
        ProbeSpec::Mfu(mfu) => match &mfu.lookup {
            LookupSpec::Gemm { m, k, n } => {
                format!("GEMM MFU at m {}, k {}, n {}", m.value, k.value, n.value)
            }
            LookupSpec::Decode { batch, kv } => {
                format!(
                    "decode attention MFU at batch {}, KV length {}",
                    batch.value, kv.value
                )
            }
            LookupSpec::Prefill { seq_len } => {
                format!("prefill attention MFU at sequence length {}", seq_len.value)
            }
        },
        ProbeSpec::Gemm(gemm) => {
            format!(
                "GEMM time of projection {} for {} tokens",
                gemm.projection.value, gemm.tokens.value
            )
        }
    }
}

/// A number, or the name of an axis as code.
fn source_words(value: &Scalar) -> String {
    match value {
        Scalar::Text(axis) => format!("`{axis}`"),
        Scalar::Int(_) | Scalar::Float(_) | Scalar::Bool(_) => value.to_string(),
    }
}

fn batch_words(batch: &BatchSpec) -> String {
    let requests = |count: Option<&Scalar>, lengths: &[&LengthSpec]| match count {
        Some(count) => source_words(count),
        None if lengths
            .iter()
            .any(|length| matches!(length, LengthSpec::List(_))) =>
        {
            "one".to_owned()
        }
        None => "1".to_owned(),
    };
    let prefill = batch.prefill.iter().map(|entry| {
        let entry = &entry.value;
        let mut lengths = vec![&entry.new.value];
        lengths.extend(entry.cached.as_ref().map(|cached| &cached.value));
        let count = requests(entry.count.as_ref().map(|count| &count.value), &lengths);
        let cached = entry.cached.as_ref().map_or_else(String::new, |cached| {
            format!(" after {} cached", length_words(&cached.value))
        });
        format!(
            "{count} prefill of {} new tokens{cached}",
            length_words(&entry.new.value)
        )
    });
    let decode = batch.decode.iter().map(|entry| {
        let entry = &entry.value;
        let count = requests(
            entry.count.as_ref().map(|count| &count.value),
            &[&entry.kv.value],
        );
        format!(
            "{count} decode at KV length {}",
            length_words(&entry.kv.value)
        )
    });
    prefill.chain(decode).collect::<Vec<_>>().join(" + ")
}

fn length_words(length: &LengthSpec) -> String {
    match length {
        LengthSpec::One(value) => source_words(value),
        LengthSpec::List(values) => {
            format!(
                "each of {}",
                values
                    .iter()
                    .map(u32::to_string)
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        }
        LengthSpec::Linspace([from, to]) => format!("from {from} to {to} in equal steps"),
        LengthSpec::Steps { start, step } => format!(
            "{start}, {} ... in steps of {step}",
            start.saturating_add(*step)
        ),
    }
}
