//! What each cell of a run computes, in words.

use settings::Setting;

use crate::format::{BatchSpec, CaseValue, LengthSpec, LookupSpec, ProbeSpec, Scalar, ServeSpec};
use crate::sweep::Axes;

/// The batch, look-up or projection of a run.
pub(super) fn computes(spec: &ProbeSpec, axes: &Axes) -> String {
    match spec {
        ProbeSpec::Step(step) => batch_words(&step.batch, axes),
        ProbeSpec::Mfu(mfu) => match &mfu.lookup {
            LookupSpec::Gemm { m, k, n } => format!(
                "GEMM MFU at m {}, k {}, n {}",
                source_words(&m.value),
                source_words(&k.value),
                source_words(&n.value)
            ),
            LookupSpec::Decode { batch, kv } => format!(
                "decode attention MFU at batch size {}, KV length {}",
                source_words(&batch.value),
                source_words(&kv.value)
            ),
            LookupSpec::Prefill { seq_len } => format!(
                "prefill attention MFU at sequence length {}",
                source_words(&seq_len.value)
            ),
        },
        ProbeSpec::Gemm(gemm) => format!(
            "GEMM time of projection {} for {} tokens",
            source_words(&gemm.projection.value),
            source_words(&gemm.tokens.value)
        ),
        ProbeSpec::Serve(serve) => serve_words(serve),
        ProbeSpec::Trace(trace) => format!("every step of the trace `{}`", trace.data.value),
    }
}

/// A number, or the name of an axis or a choice as code.
fn source_words(value: &Scalar) -> String {
    match value {
        Scalar::Text(axis) => format!("`{axis}`"),
        Scalar::Int(_) | Scalar::Float(_) | Scalar::Bool(_) => value.to_string(),
    }
}

/// The settings of a simulation that the file states.
fn serve_words(serve: &ServeSpec) -> String {
    let stated: Vec<String> = Setting::of_simulation()
        .filter_map(|setting| {
            let value = serve.get(setting)?;
            Some(format!(
                "`{}` {}",
                setting.path(),
                source_words(&value.value)
            ))
        })
        .collect();
    let with = if stated.is_empty() {
        String::new()
    } else {
        format!(", with {}", stated.join(", "))
    };
    format!("the measured benchmark, simulated{with}")
}

fn batch_words(batch: &BatchSpec, axes: &Axes) -> String {
    let prefill = batch.prefill.iter().map(|entry| {
        let entry = &entry.value;
        let cached = entry.cached.as_ref().map(|cached| &cached.value);
        let lengths: Vec<&LengthSpec> = std::iter::once(&entry.new.value).chain(cached).collect();
        let count = count_words(
            entry.count.as_ref().map(|count| &count.value),
            &lengths,
            axes,
        );
        let cached = cached.map_or_else(String::new, |cached| {
            format!(" after {} cached", length_words(cached))
        });
        let new = length_words(&entry.new.value);
        format!("{count} prefill of {new} new tokens{cached}")
    });
    let decode = batch.decode.iter().map(|entry| {
        let entry = &entry.value;
        let kv = &entry.kv.value;
        let count = count_words(entry.count.as_ref().map(|count| &count.value), &[kv], axes);
        format!("{count} decode at KV length {}", length_words(kv))
    });
    prefill.chain(decode).collect::<Vec<_>>().join(" + ")
}

/// How many requests an entry makes: its count, or one for each value of a list.
fn count_words(count: Option<&Scalar>, lengths: &[&LengthSpec], axes: &Axes) -> String {
    let is_list = |length: &LengthSpec| match length {
        LengthSpec::List(_) => true,
        LengthSpec::One(Scalar::Text(name)) => axes.find(name).is_some_and(|field| {
            let first = axes.field(field).values().first();
            matches!(first, Some(CaseValue::Lengths(_)))
        }),
        LengthSpec::One(_) | LengthSpec::Linspace(_) | LengthSpec::Steps { .. } => false,
    };
    match count {
        Some(count) => source_words(count),
        None if lengths.iter().any(|length| is_list(length)) => "for each value one".to_owned(),
        None => "1".to_owned(),
    }
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
