use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use diagnostic::{Quoted, SourceText, YamlBounds, shown, yaml_place, yaml_problem, yaml_reason};
use roofline::{Hardware, HardwareSpec};

use crate::error::{CatalogError, FieldProblem};
use crate::source_file::read_source;

const GPU_FILE: &str = "gpu.yaml";

/// Ten times what a thorough `gpu.yaml` with notes takes.
const LIMIT_BYTES: u64 = 64 << 10;

/// Bounds of what is parsed; a `gpu.yaml` has about twenty nodes.
const BOUNDS: YamlBounds = YamlBounds {
    nodes: 1000,
    depth: 16,
};

const NEXT_STEP: &str = "docs/data.md shows a whole file";

/// Longest reason that is passed on.
const LIMIT_REASON_CHARS: usize = 200;

/// Bounds of `memory_bytes`: a megabyte, and more than a rack holds. Catches a number of gigabytes.
const MEMORY_BYTES: RangeInclusive<u64> = 1_000_000..=1_000_000_000_000_000;

/// The content of a `gpu.yaml`, checked.
#[derive(Debug)]
pub(crate) struct GpuFile {
    pub(crate) path: PathBuf,
    pub(crate) title: String,
    pub(crate) peak_flops_per_s: f64,
    pub(crate) bandwidth_bytes_per_s: f64,
    pub(crate) memory_bytes: u64,
}

/// Everything is optional and numbers are text, so that all that is missing or no number is
/// reported at once and by name.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    name: Option<String>,
    peak_flops_per_s: Option<String>,
    bandwidth_bytes_per_s: Option<String>,
    memory_bytes: Option<String>,
    #[serde(rename = "sources")]
    _sources: Option<Sources>,
    #[serde(rename = "notes")]
    _notes: Option<String>,
}

/// Where the numbers come from, in words for whoever reads the file.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Sources {
    #[serde(rename = "peak_flops_per_s")]
    _peak_flops_per_s: Option<String>,
    #[serde(rename = "bandwidth_bytes_per_s")]
    _bandwidth_bytes_per_s: Option<String>,
    #[serde(rename = "memory_bytes")]
    _memory_bytes: Option<String>,
}

impl GpuFile {
    /// Reads `folder/gpu.yaml`.
    ///
    /// # Errors
    ///
    /// Files that cannot be read, text that is not YAML, unknown keys, and all fields that are
    /// missing or out of range in one error.
    pub(crate) fn read(root: &Path, folder: &Path) -> Result<Self, CatalogError> {
        let source = read_source(root, folder.join(GPU_FILE), LIMIT_BYTES)?;
        let options = serde_yaml::options! {
            budget: serde_yaml::budget! { max_nodes: BOUNDS.nodes, max_depth: BOUNDS.depth },
            strict_booleans: true,
            with_snippet: false,
        };
        let wire = serde_yaml::from_str_with_options::<Wire>(source.text(), options)
            .map_err(|error| syntax_error(&source, &error))?;
        let mut problems = Vec::new();
        let path = source.path().to_owned();
        match Self::from_wire(path, wire, &mut problems) {
            Some(file) if problems.is_empty() => Ok(file),
            _problems => {
                let show = |problem: &FieldProblem| {
                    yaml_place(&source, &problem.field, &problem.to_string(), BOUNDS)
                };
                Err(CatalogError::fields(
                    source.path(),
                    &problems,
                    show,
                    NEXT_STEP,
                ))
            }
        }
    }

    fn from_wire(path: PathBuf, wire: Wire, problems: &mut Vec<FieldProblem>) -> Option<Self> {
        let mut report = |field: &str, reason: String| {
            problems.push(FieldProblem {
                field: field.to_owned(),
                reason,
            });
        };
        let title = wire.name.filter(|name| !name.trim().is_empty());
        if title.is_none() {
            report(
                "name",
                "is missing, expected the name of the product".to_owned(),
            );
        }
        let (field, expected) = ("peak_flops_per_s", "the dense BF16 peak in FLOP/s");
        let peak = number(field, wire.peak_flops_per_s, expected, &mut report);
        let (field, expected) = ("bandwidth_bytes_per_s", "the memory bandwidth in bytes/s");
        let bandwidth = number(field, wire.bandwidth_bytes_per_s, expected, &mut report);
        // A rate that was reported already stands in as the largest one; the other is still worth a
        // check.
        let spec = HardwareSpec {
            peak_flops_per_s: peak.unwrap_or(Hardware::MAX_RATE),
            bandwidth_bytes_per_s: bandwidth.unwrap_or(Hardware::MAX_RATE),
            bandwidth_efficiency: None,
            per_layer_overhead_us: 0.0,
        };
        if let Err(invalid) = Hardware::new(spec) {
            for problem in invalid.problems {
                report(problem.field, problem.reason);
            }
        }
        let (field, expected) = ("memory_bytes", "the size of the memory in whole bytes");
        let memory_bytes = number(field, wire.memory_bytes, expected, &mut report);
        if let Some(bytes) = memory_bytes.filter(|bytes| !MEMORY_BYTES.contains(bytes)) {
            let (least, most) = (MEMORY_BYTES.start(), MEMORY_BYTES.end());
            report(
                field,
                format!("is {bytes} bytes, expected {least} to {most} bytes"),
            );
        }
        Some(Self {
            path,
            title: title?,
            peak_flops_per_s: peak?,
            bandwidth_bytes_per_s: bandwidth?,
            memory_bytes: memory_bytes?,
        })
    }
}

/// The number in `text`; `None` after a report.
fn number<T: std::str::FromStr>(
    field: &str,
    text: Option<String>,
    expected: &str,
    report: &mut impl FnMut(&str, String),
) -> Option<T> {
    let found = match text {
        None => "missing".to_owned(),
        Some(text) => match text.trim().parse() {
            Ok(number) => return Some(number),
            Err(_no_number) => Quoted(&text).to_string(),
        },
    };
    report(field, format!("is {found}, expected {expected}"));
    None
}

fn syntax_error(source: &SourceText, error: &serde_yaml::Error) -> CatalogError {
    let (line, column) = error
        .location()
        .map_or((1, 1), |at| (at.line(), at.column()));
    // It repeats keys of the file.
    let reason = shown(&yaml_reason(error), LIMIT_REASON_CHARS);
    let problem = yaml_problem(source, error, "description of a GPU", BOUNDS);
    CatalogError::Content {
        message: format!("{}:{line}:{column}: {reason}", source.path().display()),
        diagnostics: problem.with_help(NEXT_STEP).into(),
    }
}
