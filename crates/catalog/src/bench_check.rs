use std::path::PathBuf;

use crate::bench_report::{BenchReport, TableReport};
use crate::catalog::Catalog;
use crate::error::CatalogError;
use crate::finding::{Finding, Severity, Tera};
use crate::gpu_file::GpuFile;
use crate::implied_peak::CommonPeak;
use crate::issue::{Issue, TablePeak};
use crate::measured_table::MeasuredTable;
use crate::measured_tables::MeasuredTables;
use crate::table_check::{PEAK_TOLERANCE, check_table};
use crate::table_kind::TableKind;
use crate::table_layout::{DECODE, GEMM, PREFILL};

/// Examines `gpu.yaml` and the tables of a GPU: what [`Catalog::gpu`] refuses, and what it accepts
/// although it may mislead a prediction.
///
/// # Errors
///
/// A name that does not exist, and nothing else: what is wrong with files is a finding.
pub fn check_bench_data(catalog: &Catalog, gpu: &str) -> Result<BenchReport, CatalogError> {
    let folder = catalog.gpu_folder(gpu)?;
    let root = catalog.root();
    let mut files = FileFindings {
        missing: catalog.missing_tables(&folder),
        findings: Vec::new(),
    };
    let gpu_file = files.kept(GpuFile::read(root, &folder));
    files.report_missing();
    let gemm = files.table(MeasuredTable::read(root, &folder, &GEMM));
    let prefill = files.table(MeasuredTable::read(root, &folder, &PREFILL));
    let decode = files.table(MeasuredTable::read(root, &folder, &DECODE));

    let peak = gpu_file.map(|file| file.peak_flops_per_s);
    let checked = [
        gemm.as_ref().map(|table| check_table(table, peak)),
        prefill.as_ref().map(|table| check_table(table, peak)),
        decode.as_ref().map(|table| check_table(table, peak)),
    ];
    let mut report = BenchReport {
        gpu: gpu.to_lowercase(),
        peak_flops_per_s: peak,
        tables: checked.into_iter().flatten().collect(),
        findings: files.findings,
    };
    report.findings.extend(different_peaks(&report.tables));
    if let (Some(gemm), Some(prefill), Some(decode), 0) =
        (gemm, prefill, decode, report.count(Severity::Error))
    {
        let tables = MeasuredTables {
            gemm,
            prefill,
            decode,
        };
        if let Err(invalid) = tables.mfu_tables() {
            let reason = invalid.to_string();
            let issue = Issue::Refused {
                reason: reason.clone(),
            };
            let finding = Finding::new(Severity::Error, reason, issue);
            report.findings.push(finding);
        }
    }
    Ok(report)
}

/// What is wrong with whole files.
struct FileFindings {
    missing: Vec<PathBuf>,
    findings: Vec<Finding>,
}

impl FileFindings {
    fn report_missing(&mut self) {
        let files: Vec<String> = self
            .missing
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        let names = files.join(", ");
        let finding = if files.is_empty() {
            return;
        } else if files.len() == TableKind::ALL.len() {
            let summary =
                format!("no MFU tables, so predictions are refused ({names} do not exist)");
            Finding::new(Severity::Warning, summary, Issue::NoTables { files })
        } else {
            let are = if files.len() == 1 { "is" } else { "are" };
            let summary = format!("{names} {are} missing; a prediction needs all three tables");
            Finding::new(Severity::Error, summary, Issue::SomeTablesMissing { files })
        };
        self.findings.push(finding);
    }

    /// The content of a table; a file that is missing was reported with the others.
    fn table<T>(&mut self, read: Result<T, CatalogError>) -> Option<T> {
        match read {
            Err(CatalogError::Unreadable { path, .. }) if self.missing.contains(&path) => None,
            read => self.kept(read),
        }
    }

    fn kept<T>(&mut self, read: Result<T, CatalogError>) -> Option<T> {
        read.map_err(|error| {
            let reason = error.to_string();
            let issue = Issue::Unreadable {
                reason: reason.clone(),
            };
            self.findings
                .push(Finding::new(Severity::Error, reason, issue));
        })
        .ok()
    }
}

/// The peaks of the tables, if no one peak fits all of them.
fn different_peaks(tables: &[TableReport]) -> Option<Finding> {
    let commons: Vec<(TableKind, CommonPeak)> = tables
        .iter()
        .filter_map(|report| Some((report.table, report.implied_peaks.first()?.common?)))
        .collect();
    let ends = commons
        .iter()
        .map(|(_, common)| (common.low_flops_per_s, common.high_flops_per_s));
    let (highest_low, lowest_high) = ends.reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)))?;
    if highest_low <= lowest_high * (1.0 + PEAK_TOLERANCE) {
        return None;
    }
    let peaks = commons.iter().map(|(table, common)| TablePeak {
        table: *table,
        flops_per_s: common.flops_per_s(),
    });
    let tables: Vec<TablePeak> = peaks.collect();
    let texts: Vec<String> = tables
        .iter()
        .map(|peak| format!("{} {}", peak.table, Tera(peak.flops_per_s)))
        .collect();
    let summary = format!("the tables do not refer to one peak: {}", texts.join(", "));
    let issue = Issue::DifferentPeaks { tables };
    Some(Finding::new(Severity::Warning, summary, issue))
}
