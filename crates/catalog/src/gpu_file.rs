use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use diagnostic::{Diagnostics, SourceText, YamlBounds, yaml_place, yaml_problem};
use roofline::{Hardware, HardwareSpec};

use crate::error::{CatalogError, FieldProblem};
use crate::gpu::GpuSources;
use crate::source_file::SourceFile;
use diagnostic::{Quoted, shown};

pub(crate) const GPU_FILE: &str = "gpu.yaml";

/// Ten times what a thorough `gpu.yaml` with notes takes.
const LIMIT_BYTES: u64 = 64 << 10;

/// Bounds of what is parsed; a `gpu.yaml` has about twenty nodes.
const BOUNDS: YamlBounds = YamlBounds {
    nodes: 1000,
    depth: 16,
};

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
    pub(crate) sources: GpuSources,
    pub(crate) notes: Option<String>,
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
    sources: Option<GpuSources>,
    notes: Option<String>,
}

impl GpuFile {
    /// Reads `folder/gpu.yaml`.
    ///
    /// # Errors
    ///
    /// Files that cannot be read, text that is not YAML, unknown keys, and all fields that are
    /// missing or out of range in one error.
    pub(crate) fn read(root: &Path, folder: &Path) -> Result<Self, CatalogError> {
        let file = SourceFile::read(root, folder.join(GPU_FILE), LIMIT_BYTES)?;
        let options = serde_yaml::options! {
            budget: serde_yaml::budget! { max_nodes: BOUNDS.nodes, max_depth: BOUNDS.depth },
            strict_booleans: true,
            with_snippet: false,
        };
        let wire = serde_yaml::from_str_with_options::<Wire>(&file.text, options)
            .map_err(|error| syntax_error(&file, &error))?;
        Self::from_wire(file, wire)
    }

    fn from_wire(file: SourceFile, wire: Wire) -> Result<Self, CatalogError> {
        let mut problems = Problems::default();
        let title = wire.name.filter(|name| !name.trim().is_empty());
        if title.is_none() {
            problems.add("name", "is missing, expected the name of the product");
        }
        let peak = problems.number(
            "peak_flops_per_s",
            wire.peak_flops_per_s,
            "the dense BF16 peak in FLOP/s",
        );
        let bandwidth = problems.number(
            "bandwidth_bytes_per_s",
            wire.bandwidth_bytes_per_s,
            "the memory bandwidth in bytes/s",
        );
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
                problems.add(problem.field, problem.reason);
            }
        }
        let memory_bytes = problems.number(
            "memory_bytes",
            wire.memory_bytes,
            "the size of the memory in whole bytes",
        );
        if let Some(bytes) = memory_bytes.filter(|bytes| !MEMORY_BYTES.contains(bytes)) {
            let (least, most) = (MEMORY_BYTES.start(), MEMORY_BYTES.end());
            problems.add(
                "memory_bytes",
                format!("is {bytes} bytes, expected {least} to {most} bytes"),
            );
        }
        match (title, peak, bandwidth, memory_bytes) {
            (
                Some(title),
                Some(peak_flops_per_s),
                Some(bandwidth_bytes_per_s),
                Some(memory_bytes),
            ) if problems.0.is_empty() => Ok(Self {
                path: file.path,
                title,
                peak_flops_per_s,
                bandwidth_bytes_per_s,
                memory_bytes,
                sources: wire.sources.unwrap_or_default(),
                notes: wire.notes.map(|notes| notes.trim().to_owned()),
            }),
            _ => Err(CatalogError::Fields {
                diagnostics: shown_fields(&file, &problems.0),
                path: file.path,
                problems: problems.0,
            }),
        }
    }
}

#[derive(Default)]
struct Problems(Vec<FieldProblem>);

impl Problems {
    fn add(&mut self, field: &str, reason: impl Into<String>) {
        self.0.push(FieldProblem {
            field: field.to_owned(),
            reason: reason.into(),
        });
    }

    /// The number in `text`; `None` after a report.
    fn number<T: std::str::FromStr>(
        &mut self,
        field: &str,
        text: Option<String>,
        expected: &str,
    ) -> Option<T> {
        let Some(text) = text else {
            self.add(field, format!("is missing, expected {expected}"));
            return None;
        };
        let number = text.trim().parse().ok();
        if number.is_none() {
            self.add(field, format!("is {}, expected {expected}", Quoted(&text)));
        }
        number
    }
}

/// The fields with the lines that hold them.
fn shown_fields(file: &SourceFile, problems: &[FieldProblem]) -> Diagnostics {
    let source = SourceText::new(file.path.clone(), file.text.clone());
    let last = problems.len().saturating_sub(1);
    let shown = problems.iter().enumerate().map(|(index, problem)| {
        let message = problem.to_string();
        let shown = yaml_place(&source, &problem.field, &message, BOUNDS);
        if index == last {
            shown.with_help("docs/data.md shows a whole file")
        } else {
            shown
        }
    });
    shown.collect()
}

fn syntax_error(file: &SourceFile, error: &serde_yaml::Error) -> CatalogError {
    let location = error.location();
    // Without its default formatter the library gives no advice on how to call it.
    let message = error.render_with_formatter(&serde_yaml::UserMessageFormatter);
    let reason = message
        .rsplit_once(" at line ")
        .map_or(message.as_str(), |(reason, _)| reason);
    let source = SourceText::new(file.path.clone(), file.text.clone());
    let problem = yaml_problem(&source, error, "description of a GPU", BOUNDS);
    CatalogError::Syntax {
        path: file.path.clone(),
        line: location.map_or(1, |location| location.line()),
        column: location.map_or(1, |location| location.column()),
        // It repeats keys of the file.
        reason: shown(reason, LIMIT_REASON_CHARS),
        diagnostics: problem.with_help("docs/data.md shows a whole file").into(),
    }
}
