//! Traces of measured steps that runs read, each read once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diagnostic::Reporter;
use serde_yaml::Spanned;
use step_trace::{Field, Mapping, Source, StepTrace};

use crate::format::{HypothesisSpec, OrderedMap, ProbeSpec, SourceSpec, check_words};

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
    reporter: &mut Reporter<'_>,
    spec: &HypothesisSpec,
    project: &Path,
    folder: &Path,
    given: &BTreeMap<String, PathBuf>,
) -> Traces {
    let mut traces = Traces::new();
    for (name, data) in spec.data.iter() {
        let what = format!("`what` of the data `{}`", name.value);
        check_words(reporter, name, &what, &data.what);
        if !may_be_read(spec, &name.value) {
            reporter.at(name, format!("data `{}` is read by no run", name.value));
        }
        let mapping_of_any = mapping(reporter, name, &data.columns);
        let mapping_of_file = match &data.file_columns {
            Some(columns) => mapping(reporter, name, columns),
            None => mapping_of_any.clone(),
        };
        if data.file_columns.is_some() && data.file.is_none() {
            let message = format!("data `{}` has `file_columns` and no `file`", name.value);
            reporter.at(name, message);
        }
        let file = match (given.get(&name.value), &data.file) {
            (Some(path), _) => Some((path.clone(), name, NamedBy::User)),
            (None, Some(file)) => file_of_project(reporter, project, folder, file, &name.value)
                .map(|path| (path, file, NamedBy::Hypothesis)),
            (None, None) => None,
        };
        let mapping = match file {
            Some((_, _, NamedBy::Hypothesis)) => mapping_of_file,
            Some((_, _, NamedBy::User)) | None => mapping_of_any,
        };
        let maps = |field: Field| mapping.iter().any(|one| one.get(field).is_some());
        let (maps_model, maps_tensor_parallel) = (maps(Field::Model), maps(Field::TensorParallel));
        let given = mapping
            .zip(file)
            .and_then(|(mapping, (path, place, named_by))| {
                let trace = read_trace(reporter, &path, &mapping, place, &name.value)?;
                let shown = path.file_name().map(PathBuf::from);
                Some(GivenTrace {
                    trace: Arc::new(trace),
                    shown: shown.unwrap_or_else(|| name.value.clone().into()),
                    named_by,
                })
            });
        traces.insert(
            name.value.clone(),
            TraceData {
                what: data.what.clone(),
                given,
                maps_model,
                maps_tensor_parallel,
            },
        );
    }
    traces
}

/// The path of a file that the hypothesis names: one of the project, wherever links lead.
fn file_of_project(
    reporter: &mut Reporter<'_>,
    project: &Path,
    folder: &Path,
    file: &Spanned<String>,
    name: &str,
) -> Option<PathBuf> {
    let path = folder.join(&file.value);
    let real = outputs::real_path(&path).ok();
    let root = outputs::real_path(project).ok();
    if real
        .zip(root)
        .is_some_and(|(real, root)| real.starts_with(root))
    {
        return Some(path);
    }
    let message = format!(
        "data `{name}`: the file `{}` lies outside the project",
        file.value
    );
    reporter.at(file, message).help(format!(
        "leave `file` out, and name it with `--data {name}=FILE`"
    ));
    None
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

/// Reads the trace of the data `name`, whose file is named at `place`.
fn read_trace(
    reporter: &mut Reporter<'_>,
    path: &Path,
    mapping: &Mapping,
    place: &Spanned<String>,
    name: &str,
) -> Option<StepTrace> {
    let problem = match StepTrace::read(path, mapping) {
        Ok(trace) => return Some(trace),
        Err(problem) => problem,
    };
    let notes = problem.diagnostics();
    let message = match notes {
        Some(_) => format!("data `{name}` cannot be used"),
        None => format!("data `{name}`: {problem}"),
    };
    reporter.at(place, message).notes_of(notes);
    None
}

/// The mapping of one entry; `None` where it has problems.
fn mapping(
    reporter: &mut Reporter<'_>,
    name: &Spanned<String>,
    columns: &OrderedMap<SourceSpec>,
) -> Option<Mapping> {
    let before = reporter.problems().len();
    let mut mapping = Mapping::default();
    for (field, spec) in columns.iter() {
        if let Some(known) = Field::of_name(&field.value) {
            if let Err(problem) = mapping.set(known, source_of(spec)) {
                reporter.at(field, problem.to_string());
            }
        } else {
            let message = format!("`{}` is no field of a step", field.value);
            reporter.unknown(field, message, "fields", Field::ALL.map(Field::name));
        }
    }
    // A misspelt field is perhaps one of these.
    if reporter.problems().len() == before {
        for field in mapping.missing() {
            let message = format!("the data `{}` does not map `{field}`", name.value);
            reporter
                .at(name, message)
                .help(format!("add `{field}: COLUMN` to its `columns`"));
        }
        for field in mapping.contradicting() {
            let message = format!(
                "the data `{}` maps `{field}`, and rows that sum steps up have none",
                name.value
            );
            reporter
                .at(name, message)
                .help(format!("leave out `{field}`, or the sums and `steps`"));
        }
    }
    (reporter.problems().len() == before).then_some(mapping)
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
