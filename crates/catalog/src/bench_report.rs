use std::fmt;

use crate::finding::{Finding, Severity, counted};
use crate::implied_peak::ImpliedPeak;
use crate::table_kind::TableKind;

/// What [`check_bench_data`](crate::check_bench_data) found about one GPU.
///
/// `Display` is the report for people: one line for each table, its implied peaks and its findings,
/// each with a few examples. It ends with a line break.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct BenchReport {
    /// The name of the GPU.
    pub gpu: String,
    /// The peak of its `gpu.yaml`, in FLOP/s; `None` where the file cannot be read, which is a
    /// finding.
    pub peak_flops_per_s: Option<f64>,
    /// The tables that could be read, in the order of [`TableKind::ALL`].
    pub tables: Vec<TableReport>,
    /// Findings about the GPU as a whole or about files that cannot be read.
    pub findings: Vec<Finding>,
}

/// What was found about one table.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct TableReport {
    /// The table.
    pub table: TableKind,
    /// Its file, relative to the catalog's root.
    pub path: String,
    /// Rows that can be used.
    pub rows: usize,
    /// The peak that its MFU refers to, for each way of counting FLOPs; the way that fits best is
    /// first.
    pub implied_peaks: Vec<ImpliedPeak>,
    /// Findings about this table.
    pub findings: Vec<Finding>,
}

impl BenchReport {
    /// All findings, those about the GPU first.
    pub fn all_findings(&self) -> impl Iterator<Item = &Finding> {
        let of_tables = self.tables.iter().flat_map(|table| &table.findings);
        self.findings.iter().chain(of_tables)
    }

    /// How many findings have this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.all_findings()
            .filter(|finding| finding.severity == severity)
            .count()
    }

    /// Whether any finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }
}

impl fmt::Display for BenchReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (errors, warnings) = (self.count(Severity::Error), self.count(Severity::Warning));
        let (errors, warnings) = (counted(errors, "error"), counted(warnings, "warning"));
        writeln!(f, "{}: {errors}, {warnings}", self.gpu)?;
        for finding in &self.findings {
            write_finding(f, None, finding)?;
        }
        for table in &self.tables {
            write!(f, "{table}")?;
        }
        Ok(())
    }
}

impl fmt::Display for TableReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.path, counted(self.rows, "row"))?;
        for peak in &self.implied_peaks {
            writeln!(f, "  {peak}")?;
        }
        for finding in &self.findings {
            write_finding(f, Some(&self.path), finding)?;
        }
        Ok(())
    }
}

impl fmt::Display for ImpliedPeak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "implied peak by {}: ", self.convention)?;
        let (Some(common), Some(single)) = (&self.common, &self.single_rows) else {
            return f.write_str("none, no row has a positive mfu");
        };
        let (low, high) = (
            common.low_flops_per_s / 1e12,
            common.high_flops_per_s / 1e12,
        );
        write!(
            f,
            "{low:.1} to {high:.1} TFLOP/s fits {} of {} rows (single rows {:.1} to {:.1}, median {:.1})",
            common.rows,
            self.rows,
            single.min_flops_per_s / 1e12,
            single.max_flops_per_s / 1e12,
            single.median_flops_per_s / 1e12
        )
    }
}

fn write_finding(f: &mut fmt::Formatter<'_>, path: Option<&str>, finding: &Finding) -> fmt::Result {
    writeln!(f, "  {}: {}", finding.severity, finding.summary)?;
    for (line, text) in &finding.examples {
        match (path, line) {
            (Some(path), Some(line)) => writeln!(f, "    {path}:{line}: {text}")?,
            _ => writeln!(f, "    {text}")?,
        }
    }
    match finding.instances - finding.examples.len() {
        0 => Ok(()),
        more => writeln!(f, "    and {more} more"),
    }
}
