//! Traces of measured steps that runs read, each read once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diagnostic::{Diagnostic, Diagnostics, SourceText};
use serde_yaml::Spanned;
use step_trace::{Field, Mapping, Source, StepTrace, TraceError};

use crate::format::{DataSpec, HypothesisSpec, ProbeSpec, SourceSpec};

/// One entry under `data`.
#[derive(Debug, Clone)]
pub(crate) struct TraceData {
    pub(crate) what: String,
    /// The trace, where its file is at hand.
    pub(crate) given: Option<GivenTrace>,
    /// Whether the trace says the model of its experiments.
    pub(crate) maps_model: bool,
    /// Whether the trace says the tensor parallel degree of its experiments.
    pub(crate) maps_tensor_parallel: bool,
}

/// A trace that was read.
#[derive(Debug, Clone)]
pub(crate) struct GivenTrace {
    pub(crate) trace: Arc<StepTrace>,
    /// How findings call the file: they hold no path of the machine.
    pub(crate) shown: PathBuf,
    pub(crate) named_by: NamedBy,
}

/// Who named the file of a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NamedBy {
    /// The hypothesis: it is a file beside it.
    Hypothesis,
    /// Whoever runs it.
    User,
}

impl TraceData {
    /// The name of the file and its SHA-256, where it is at hand.
    pub(crate) fn hash(&self) -> Option<(PathBuf, String)> {
        let given = self.given.as_ref()?;
        Some((given.shown.clone(), given.trace.sha256.clone()))
    }
}

/// The data of a hypothesis, by name.
pub(crate) type Traces = BTreeMap<String, TraceData>;

/// Checks the data of a hypothesis, and reads the files that are at hand.
pub(crate) fn read_traces(
    source: &SourceText,
    spec: &HypothesisSpec,
    folder: &Path,
    given: &BTreeMap<String, PathBuf>,
    problems: &mut Diagnostics,
) -> Traces {
    let mut traces = Traces::new();
    for (name, data) in spec.data.iter() {
        if data.what.trim().is_empty() {
            let message = format!("`what` of the data `{}` says nothing", name.value);
            problems.push(source.error_for(name, message));
        }
        if !may_be_read(spec, &name.value) {
            let message = format!("data `{}` is read by no run", name.value);
            problems.push(source.error_for(name, message));
        }
        let mapping = mapping(source, name, data, problems);
        let file = match (given.get(&name.value), &data.file) {
            (Some(path), _) => Some((path.clone(), name, NamedBy::User)),
            (None, Some(file)) => Some((folder.join(&file.value), file, NamedBy::Hypothesis)),
            (None, None) => None,
        };
        let mut read = None;
        if let (Some((path, place, named_by)), Some(mapping)) = (file, &mapping) {
            match StepTrace::read(&path, mapping) {
                Ok(trace) => {
                    read = Some(GivenTrace {
                        trace: Arc::new(trace),
                        shown: path
                            .file_name()
                            .map_or_else(|| name.value.clone().into(), PathBuf::from),
                        named_by,
                    });
                }
                Err(problem) => problems.push(explain(source, place, &name.value, &problem)),
            }
        }
        let maps = |field: Field| data.columns.get(field.name()).is_some();
        traces.insert(
            name.value.clone(),
            TraceData {
                what: data.what.clone(),
                given: read,
                maps_model: maps(Field::Model),
                maps_tensor_parallel: maps(Field::TensorParallel),
            },
        );
    }
    traces
}

/// Whether a run reads the data, or names data that is not there: perhaps it meant this.
fn may_be_read(spec: &HypothesisSpec, data: &str) -> bool {
    spec.runs.iter().any(|(_, probe)| match probe {
        ProbeSpec::Trace(trace) => {
            trace.data.value == data || spec.data.get(&trace.data.value).is_none()
        }
        ProbeSpec::Step(_) | ProbeSpec::Mfu(_) | ProbeSpec::Gemm(_) | ProbeSpec::Serve(_) => false,
    })
}

fn explain(
    source: &SourceText,
    place: &Spanned<String>,
    name: &str,
    problem: &TraceError,
) -> Diagnostic {
    let diagnostics = problem.diagnostics();
    let message = match diagnostics {
        Some(_) => format!("data `{name}` cannot be used"),
        None => format!("data `{name}`: {problem}"),
    };
    source.error_for(place, message).with_notes_of(diagnostics)
}

/// The mapping of one entry; `None` where it has problems.
fn mapping(
    source: &SourceText,
    name: &Spanned<String>,
    data: &DataSpec,
    problems: &mut Diagnostics,
) -> Option<Mapping> {
    let before = problems.len();
    let mut mapping = Mapping::default();
    for (field, spec) in data.columns.iter() {
        match Field::of_name(&field.value) {
            Some(known) => {
                if let Err(problem) = mapping.set(known, source_of(spec)) {
                    problems.push(source.error_for(field, problem.to_string()));
                }
            }
            None => problems.push(
                source
                    .error_for(field, format!("`{}` is no field of a step", field.value))
                    .with_choices(
                        "fields",
                        &field.value,
                        Field::ALL.into_iter().map(Field::name),
                    ),
            ),
        }
    }
    // A misspelt field is perhaps one of these.
    let missing = mapping.missing().filter(|_| problems.len() == before);
    for field in missing.collect::<Vec<_>>() {
        let message = format!("the data `{}` does not map `{field}`", name.value);
        let help = format!("add `{field}: COLUMN` to its `columns`");
        problems.push(source.error_for(name, message).with_help(help));
    }
    (problems.len() == before).then_some(mapping)
}

fn source_of(spec: &SourceSpec) -> Source {
    let name = spec.column.clone().unwrap_or_default();
    match (&spec.values, spec.constant) {
        (_, Some(constant)) => Source::Constant(constant),
        (Some(values), None) => Source::Words {
            name,
            values: values
                .iter()
                .map(|(word, meaning)| (word.value.clone(), meaning.clone()))
                .collect(),
        },
        (None, None) => Source::Column {
            name,
            scale: spec.scale.unwrap_or(1.0),
        },
    }
}
