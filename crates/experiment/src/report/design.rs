//! The design of a hypothesis as it was run: every constant and every variable.

use std::collections::BTreeMap;

use catalog::Gpu;
use serde::Serialize;
use settings::{Inputs, SETUP, Setting, Setup, Slot, TERA};

use super::run_words::computes;
use crate::check::CheckedQueries;
use crate::format::{CaseValue, OrderedMap, ProbeSpec};
use crate::sweep::{Axis, Run, SettingSource, apply, value_text};
use crate::table::{Value, number};

/// Values of an axis that are spelled out; a longer axis shows its ends. So many columns of a run are named, too.
const SPELLED_OUT: usize = 16;

#[derive(Debug, Clone, Serialize)]
pub(super) struct Design {
    pub(crate) settings: Vec<SettingRow>,
    /// The settings that the hypothesis states, with their values, in words.
    pub(crate) controlled: String,
    pub(crate) runs: Vec<RunDesign>,
}

/// A setting that all runs share.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SettingRow {
    pub(crate) name: &'static str,
    pub(crate) value: String,
    /// Where the value comes from.
    pub(crate) from: String,
    /// Whether the hypothesis states it and not every run has a value of its own.
    pub(crate) is_controlled: bool,
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
    /// The computed columns that tables and checks read, in words.
    pub(crate) observes: String,
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
pub(super) fn describe(
    runs: &[Run],
    specs: &OrderedMap<ProbeSpec>,
    queries: &CheckedQueries,
    inputs: &Inputs,
) -> Design {
    let shared = Shared::of(runs);
    let settings: Vec<SettingRow> = Setting::below(SETUP)
        .into_iter()
        .map(|setting| shared.row(setting, runs, inputs))
        .collect();
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
            own: shared.own_settings(run, inputs),
            computes: computes(spec, &run.axes),
            observes: observed(run, queries),
        })
        .collect();
    Design {
        controlled: controlled(&settings),
        settings,
        runs,
    }
}

fn controlled(settings: &[SettingRow]) -> String {
    let words = settings.iter().filter(|row| row.is_controlled).map(|row| {
        let exceptions = row.from.split_once("; ").map_or("", |(_, not_in)| not_in);
        let name = row.name;
        let value = &row.value;
        match exceptions {
            "" => format!("`{name}` = {value}"),
            exceptions => format!("`{name}` = {value} ({exceptions})"),
        }
    });
    words.collect::<Vec<_>>().join(", ")
}

/// The columns of a run that queries read and that are no field of an axis.
fn observed(run: &Run, queries: &CheckedQueries) -> String {
    let (Some(layout), Some(kept)) = (queries.layouts.get(&run.name), queries.kept.get(&run.name))
    else {
        return String::new();
    };
    let is_varied = |name: &str| {
        (run.axes.iter()).any(|axis| axis.fields().iter().any(|field| field.name() == name))
    };
    let names = layout.names();
    let mut names: Vec<String> = names
        .filter(|name| kept.has(name) && !is_varied(name))
        .map(|name| format!("`{name}`"))
        .collect();
    let more = names.len().saturating_sub(SPELLED_OUT);
    if more > 0 {
        names.truncate(SPELLED_OUT);
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}

/// The setup at the top of the file with every default.
struct Shared {
    setup: Setup,
    /// What the file states there.
    stated: BTreeMap<Setting, CaseValue>,
}

impl Shared {
    /// Gathers what the runs take from the top of the file; a setting that every run has of its own does not matter.
    fn of(runs: &[Run]) -> Self {
        let mut stated = BTreeMap::new();
        for (setting, source) in runs.iter().flat_map(|run| &run.settings) {
            if let SettingSource::Shared(value) = source {
                stated.insert(*setting, value.clone());
            }
        }
        let mut setup = Setup::default();
        // The map is in the order of the table: the preset comes before what overrides it.
        stated.retain(|setting, value| apply(&mut setup, *setting, value).is_ok());
        Self { setup, stated }
    }

    fn row(&self, setting: Setting, runs: &[Run], inputs: &Inputs) -> SettingRow {
        let (value, fallback) = shown(setting, &self.setup, inputs);
        let is_stated = self.stated.contains_key(&setting);
        let from = if is_stated {
            "hypothesis".to_owned()
        } else {
            fallback
        };
        let others: Vec<String> = runs
            .iter()
            .filter(|run| self.own_value(setting, run, inputs).is_some())
            .map(|run| format!("`{}`", run.name))
            .collect();
        let is_controlled = (is_stated || setting == Setting::PRESET || !others.is_empty())
            && others.len() < runs.len();
        let (value, from) = if others.is_empty() {
            (value, from)
        } else if others.len() == runs.len() {
            ("set by each run".to_owned(), "runs".to_owned())
        } else {
            (value, format!("{from}; not in {}", others.join(", ")))
        };
        SettingRow {
            name: setting.path(),
            value,
            from,
            is_controlled,
        }
    }

    /// What a run has in place of the shared value of a setting, in words.
    fn own_value(&self, setting: Setting, run: &Run, inputs: &Inputs) -> Option<String> {
        let source = |wanted: Setting| {
            run.settings
                .iter()
                .find(|(known, _)| *known == wanted)
                .map(|(_, source)| source)
        };
        let axis_of = |source: Option<&SettingSource>| match source {
            Some(SettingSource::Varied(field)) => Some(run.axes.field(*field).name().to_owned()),
            Some(SettingSource::Shared(_) | SettingSource::Own(_)) | None => None,
        };
        if let Some(axis) = axis_of(source(setting)) {
            return Some(format!("axis `{axis}`"));
        }
        let follows_preset = source(setting).is_none() && !setting.choices().is_empty();
        if let Some(axis) = axis_of(source(Setting::PRESET)).filter(|_| follows_preset) {
            return Some(format!("that of the preset on axis `{axis}`"));
        }
        if source(setting).is_none()
            && let Slot::OfGpu { .. } = setting.slot(&mut Setup::default())
            && let Some(SettingSource::Varied(field)) = source(Setting::GPU)
        {
            let gpus = run.axes.field(*field).values();
            if gpus.iter().any(|gpu| Some(gpu) != gpus.first()) {
                let axis = run.axes.field(*field).name();
                return Some(format!("that of the gpu on axis `{axis}`"));
            }
        }
        if run.axes.cells() == 0 {
            return match source(setting) {
                Some(SettingSource::Own(value)) => Some(value_text(value)),
                Some(SettingSource::Shared(_) | SettingSource::Varied(_)) | None => None,
            };
        }
        let first_cell = vec![0; run.axes.axis_count()];
        let setup = run.setup_at(&first_cell).ok()?;
        let (value, from) = shown(setting, &setup, inputs);
        if value == shown(setting, &self.setup, inputs).0 {
            return None;
        }
        Some(if source(setting).is_none() {
            format!("{value} ({from})")
        } else {
            value
        })
    }

    fn own_settings(&self, run: &Run, inputs: &Inputs) -> Vec<OwnSetting> {
        Setting::below(SETUP)
            .into_iter()
            .filter_map(|setting| {
                let value = self.own_value(setting, run, inputs)?;
                Some(OwnSetting {
                    name: setting.path(),
                    value,
                })
            })
            .collect()
    }
}

/// The value of a setting, and where it comes from when the file does not state it.
fn shown(setting: Setting, setup: &Setup, inputs: &Inputs) -> (String, String) {
    let default = "default".to_owned();
    let gpu = setup.gpu.as_deref().and_then(|name| inputs.gpu(name));
    let mut setup = setup.clone();
    let preset = setup.preset;
    let slot = setting.slot(&mut setup);
    let value = slot.value().map(|value| value.to_string());
    match (slot, value) {
        (Slot::OfGpu { tera, unit, own }, _) => {
            let rate = tera.map(|tera| tera * TERA).or(gpu.map(own));
            let from = |gpu: &Gpu| format!("bench_data/{}/gpu.yaml", gpu.name);
            (
                rate.map_or_else(|| "of each gpu".to_owned(), |rate| in_tera(rate, unit)),
                gpu.map_or(default, from),
            )
        }
        (Slot::Share(share, _), _) if share.is_none_or(|share| share <= 0.0) => {
            ("1".to_owned(), default)
        }
        (Slot::Folder { .. }, Some(name)) => (name, String::new()),
        (_, Some(value)) if setting.is_of_preset() => (value, format!("preset {preset}")),
        (_, Some(value)) if setting.key().ends_with("_us") => (format!("{value} us"), default),
        (_, value) => (value.unwrap_or_else(|| "none".to_owned()), default),
    }
}

fn in_tera(per_s: f64, unit: &str) -> String {
    format!("{} {unit}", number::show(Value::Float(per_s / TERA), None))
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
