//! The steps of a trace, checked and put in relation.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::cell::{Cell, RawTable};
use crate::csv_file::{self, CsvProblem};
use crate::error::TraceError;
use crate::field::Field;
use crate::mapping::{Mapping, Source};
use crate::parquet_file::{self, MAGIC, ParquetProblem};
use crate::step_trace::rows::Rows;

mod rows;

/// Largest file that is read.
const LIMIT_BYTES: u64 = 1 << 30;

/// Most rows that are read.
const LIMIT_ROWS: usize = 5_000_000;

/// What the experiment is called where no column says it.
const ONLY_EXPERIMENT: &str = "all";

/// Tokens of one block where nothing says it: what vLLM has by default.
const USUAL_BLOCK_SIZE: f64 = 16.0;

/// One step of the engine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeasuredStep {
    /// Its row in the file, from 1.
    pub row: usize,
    /// The engine's number of the step.
    pub step_id: i64,
    /// When it started.
    pub start_ns: Option<i64>,
    /// How long it took, as the engine says.
    pub duration_us: Option<f64>,
    /// From its start to the start of the step of the next number; none where that step or a start was not recorded.
    pub interval_us: Option<f64>,
    /// Requests that processed prompt tokens.
    pub prefill_requests: u32,
    /// Prompt tokens that were processed.
    pub prefill_tokens: u32,
    /// Tokens in the context of the prefill requests, summed, where that is recorded.
    pub prefill_context_tokens: Option<u32>,
    /// Requests that produced tokens.
    pub decode_requests: u32,
    /// Tokens that were produced.
    pub decode_tokens: u32,
    /// KV lengths of the decode requests, summed, where that is recorded.
    pub decode_kv_tokens: Option<u32>,
    /// Tokens in the KV cache of all running requests.
    pub kv_tokens: Option<f64>,
    /// The number of the workload in [`StepTrace::workloads`].
    workload: Option<u32>,
}

/// One server under one load.
#[derive(Debug, Clone, PartialEq)]
pub struct Experiment {
    /// Its name.
    pub name: String,
    /// The model that was served, where the trace says it.
    pub model: Option<String>,
    /// Over how many GPUs each layer was split, where the trace says it.
    pub tensor_parallel: Option<u32>,
    /// Its steps, in the order of the file.
    pub steps: Vec<MeasuredStep>,
}

/// A trace: experiments in the order in which the file first names them.
#[derive(Debug, Clone, PartialEq)]
pub struct StepTrace {
    /// The experiments; at least one, each with at least one step.
    pub experiments: Vec<Experiment>,
    /// Rows that the mapping leaves out.
    pub left_out: usize,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    workloads: Vec<String>,
}

impl StepTrace {
    /// Reads a Parquet or CSV file; its first bytes tell which it is.
    ///
    /// # Errors
    ///
    /// The file cannot be read or is damaged, lacks a column, has a value that its field cannot have or a step twice,
    /// or runs back in time.
    pub fn read(path: &Path, mapping: &Mapping) -> Result<Self, TraceError> {
        if let Some(field) = mapping.missing().next() {
            let path = path.to_owned();
            return Err(TraceError::NotMapped { path, field });
        }
        let bytes = read_bytes(path)?;
        let sha256 = hexadecimal(&Sha256::digest(&bytes));
        let table = read_table(path, bytes, mapping)?;
        let mut trace = Rows::new(path, &table, mapping).into_trace()?;
        trace.sha256 = sha256;
        trace.connect(path)?;
        Ok(trace)
    }

    /// How many steps there are.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.experiments
            .iter()
            .map(|experiment| experiment.steps.len())
            .sum()
    }

    /// The load of a step, where the trace says it.
    #[must_use]
    pub fn workload(&self, step: &MeasuredStep) -> Option<&str> {
        let index = step.workload?;
        self.workloads.get(index as usize).map(String::as_str)
    }

    /// Finds the step after each.
    fn connect(&mut self, path: &Path) -> Result<(), TraceError> {
        for experiment in &mut self.experiments {
            let mut by_id: Vec<usize> = (0..experiment.steps.len()).collect();
            by_id.sort_by_key(|index| experiment.steps[*index].step_id);
            for pair in by_id.windows(2) {
                let [before, after] = *pair else { continue };
                let (first, second) = (experiment.steps[before], experiment.steps[after]);
                if first.step_id == second.step_id {
                    return Err(TraceError::SameStep {
                        path: path.to_owned(),
                        first: first.row,
                        second: second.row,
                        step_id: first.step_id,
                        experiment: experiment.name.clone(),
                    });
                }
                let (Some(start), Some(next)) = (first.start_ns, second.start_ns) else {
                    continue;
                };
                if next < start {
                    return Err(TraceError::ClockRunsBack {
                        path: path.to_owned(),
                        row: second.row,
                        step_id: second.step_id,
                        before: first.step_id,
                        experiment: experiment.name.clone(),
                    });
                }
                if first.step_id.checked_add(1) == Some(second.step_id) {
                    experiment.steps[before].interval_us = Some(microseconds(next.abs_diff(start)));
                }
            }
        }
        Ok(())
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "an interval of more than 104 days loses fractions of a nanosecond"
)]
fn microseconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e3
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, TraceError> {
    let failed = |source| TraceError::Read {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    // One byte more than the limit tells a file that is too large, whatever its metadata says.
    file.take(LIMIT_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size > LIMIT_BYTES {
        return Err(TraceError::TooLarge {
            path: path.to_owned(),
            bytes: size,
            limit: LIMIT_BYTES,
        });
    }
    Ok(bytes)
}

/// The columns that the mapping asks for, all of them there.
fn read_table(path: &Path, bytes: Vec<u8>, mapping: &Mapping) -> Result<RawTable, TraceError> {
    let path = || path.to_owned();
    let damaged = |reason: String| TraceError::Damaged {
        path: path(),
        reason,
    };
    let too_many = || TraceError::TooManyRows {
        path: path(),
        limit: LIMIT_ROWS,
    };
    let two = |column: String| TraceError::TwoColumns {
        path: path(),
        column,
    };
    let wanted = mapping.columns();
    let (table, known) = if bytes.starts_with(MAGIC) {
        // A damaged file must not end the program, even where the reader takes it for impossible.
        let read = catch_unwind(AssertUnwindSafe(|| {
            parquet_file::read(bytes, &wanted, LIMIT_ROWS)
        }));
        read.map_err(|_| damaged("the Parquet file is damaged: its reader gave up".to_owned()))?
            .map_err(|problem| match problem {
                ParquetProblem::Damaged(reason) => damaged(reason),
                ParquetProblem::TwoColumns(column) => two(column),
                ParquetProblem::TooManyRows => too_many(),
                ParquetProblem::UnsupportedType { column, kind } => TraceError::UnsupportedType {
                    path: path(),
                    column,
                    kind,
                },
            })?
    } else {
        csv_file::read(&bytes, &wanted, LIMIT_ROWS).map_err(|problem| match problem {
            CsvProblem::Damaged(reason) => damaged(reason),
            CsvProblem::TwoColumns(column) => two(column),
            CsvProblem::TooManyRows => too_many(),
        })?
    };
    for (field, source) in mapping.iter() {
        let Some(column) = source.column_name() else {
            continue;
        };
        if !table.columns.contains_key(column) {
            return Err(TraceError::NoColumn {
                path: path(),
                column: column.to_owned(),
                field,
                hint: nearest(column, &known),
                known: known.join(", "),
            });
        }
    }
    Ok(table)
}

/// A hint at the name that was perhaps meant.
fn nearest(word: &str, known: &[String]) -> String {
    known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(word, name), name))
        .filter(|(distance, name)| *distance * 3 <= name.chars().count().max(3))
        .min()
        .map_or(String::new(), |(_, name)| {
            format!("did you mean `{name}`? ")
        })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0xf])
        .filter_map(|nibble| char::from_digit(nibble.into(), 16))
        .collect()
}
