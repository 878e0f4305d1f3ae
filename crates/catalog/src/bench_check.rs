use std::path::PathBuf;

use roofline::{Factors, MfuTables};

use crate::bench_report::{BenchReport, Finding, TableReport};
use crate::catalog::Catalog;
use crate::error::CatalogError;
use crate::flops_convention::FlopsConvention;
use crate::gpu_file::GpuFile;
use crate::implied_peak::CommonPeak;
use crate::issue::{Issue, Severity, TablePeak};
use crate::measured_table::{DecodeTable, GemmTable, PrefillTable};
use crate::table_check::{Counting, PEAK_TOLERANCE, TableLayout, check_table};
use crate::table_kind::TableKind;

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
    let gemm = files.table(GemmTable::read(root, &folder));
    let prefill = files.table(PrefillTable::read(root, &folder));
    let decode = files.table(DecodeTable::read(root, &folder));

    let peak = gpu_file.map(|file| file.peak_flops_per_s);
    let checked = [
        gemm.as_ref()
            .map(|table| check_table(table, &gemm_layout(), peak)),
        prefill
            .as_ref()
            .map(|table| check_table(table, &prefill_layout(), peak)),
        decode
            .as_ref()
            .map(|table| check_table(table, &decode_layout(), peak)),
    ];
    let mut report = BenchReport {
        gpu: gpu.to_lowercase(),
        peak_flops_per_s: peak,
        tables: checked.into_iter().flatten().collect(),
        findings: files.findings,
    };
    report
        .findings
        .extend(different_peaks(&report.tables).map(Finding::from));
    if let (Some(gemm), Some(prefill), Some(decode), 0) =
        (gemm, prefill, decode, report.count(Severity::Error))
        && let Err(invalid) =
            MfuTables::new(gemm.model_rows(), prefill.model_rows(), decode.model_rows())
    {
        let reason = invalid.to_string();
        report.findings.push(Issue::Refused { reason }.into());
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
        if files.len() == TableKind::ALL.len() {
            self.findings.push(Issue::NoTables { files }.into());
        } else if !files.is_empty() {
            self.findings
                .push(Issue::SomeTablesMissing { files }.into());
        }
    }

    /// The content of a table; a file that is missing was reported with the others.
    fn table<T>(&mut self, read: Result<T, CatalogError>) -> Option<T> {
        match read {
            Err(CatalogError::Read { path, .. }) if self.missing.contains(&path) => None,
            read => self.kept(read),
        }
    }

    fn kept<T>(&mut self, read: Result<T, CatalogError>) -> Option<T> {
        read.map_err(|error| {
            let reason = error.to_string();
            self.findings.push(Issue::Unreadable { reason }.into());
        })
        .ok()
    }
}

/// The peaks of the tables, if no one peak fits all of them.
fn different_peaks(tables: &[TableReport]) -> Option<Issue> {
    let commons: Vec<(TableKind, CommonPeak)> = tables
        .iter()
        .filter_map(|report| Some((report.table, report.implied_peaks.first()?.common?)))
        .collect();
    let ends = commons
        .iter()
        .map(|(_, common)| (common.low_flops_per_s, common.high_flops_per_s));
    let (highest_low, lowest_high) = ends.reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)))?;
    (highest_low > lowest_high * (1.0 + PEAK_TOLERANCE)).then(|| Issue::DifferentPeaks {
        tables: commons
            .iter()
            .map(|(table, common)| TablePeak {
                table: *table,
                flops_per_s: common.flops_per_s(),
            })
            .collect(),
    })
}

pub(crate) fn gemm_layout() -> TableLayout<3> {
    TableLayout {
        countings: vec![Counting {
            convention: FlopsConvention::MultiplyAdd,
            flops: |[k, n, m]| 2.0 * f64::from(m) * f64::from(k) * f64::from(n),
        }],
        charged: FlopsConvention::MultiplyAdd,
        grid_sizes: 0,
        growing: vec![0, 1, 2],
    }
}

pub(crate) fn prefill_layout() -> TableLayout<4> {
    fn full_square([heads, _, head_dim, seq_len]: [u32; 4]) -> f64 {
        4.0 * f64::from(heads) * f64::from(head_dim) * f64::from(seq_len) * f64::from(seq_len)
    }
    TableLayout {
        countings: vec![
            Counting {
                convention: FlopsConvention::CausalHalf,
                flops: |sizes| full_square(sizes) / 2.0,
            },
            Counting {
                convention: FlopsConvention::CausalCharged,
                flops: |sizes| full_square(sizes) / Factors::default().causal_divisor,
            },
            Counting {
                convention: FlopsConvention::FullSquare,
                flops: full_square,
            },
        ],
        charged: FlopsConvention::CausalCharged,
        grid_sizes: 0,
        growing: vec![3],
    }
}

pub(crate) fn decode_layout() -> TableLayout<6> {
    fn whole_model([heads, _, head_dim, _, batch_size, kv_len]: [u32; 6]) -> f64 {
        4.0 * f64::from(heads) * f64::from(head_dim) * f64::from(batch_size) * f64::from(kv_len)
    }
    TableLayout {
        countings: vec![
            Counting {
                convention: FlopsConvention::HeadsOfOneGpu,
                flops: |sizes| {
                    let [_, _, _, tensor_parallel, _, _] = sizes;
                    whole_model(sizes) / f64::from(tensor_parallel)
                },
            },
            Counting {
                convention: FlopsConvention::HeadsOfWholeModel,
                flops: whole_model,
            },
        ],
        charged: FlopsConvention::HeadsOfOneGpu,
        grid_sizes: 4,
        growing: vec![4, 5],
    }
}
