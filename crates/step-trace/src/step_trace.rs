//! The steps of a trace, checked and put in relation.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::thread;

use diagnostic::nearest;
use sha2::{Digest, Sha256};

use crate::cell::RawTable;
use crate::csv_file::{self, CsvProblem};
use crate::csv_lines;
use crate::error::TraceError;
use crate::mapping::Mapping;
use crate::parquet_file::{self, MAGIC, ParquetProblem};
use crate::step_trace::rows::Rows;

mod rows;

/// Largest file that is read.
const LIMIT_BYTES: u64 = 1 << 30;

/// Most rows that are read.
const LIMIT_ROWS: usize = 5_000_000;

/// The name of the thread that decodes Parquet.
///
/// Some damaged files make the decoder panic. That ends this thread alone and is an error of the file: a panic hook can
/// tell by the name that it is no bug of the program.
pub const PARQUET_THREAD: &str = "parquet-decoder";

/// Columns of a file up to which messages name them.
const MOST_NAMED: usize = 100;

/// Characters of a column name up to which messages show it.
const LONGEST_NAME: usize = 200;

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
    /// Its steps, in the order of their numbers.
    pub steps: Vec<MeasuredStep>,
}

/// A trace. Nothing in it depends on the order of the rows but their own numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct StepTrace {
    /// The experiments in the order of their names; at least one, each with at least one step.
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
        if bytes.starts_with(MAGIC) {
            let table = read_parquet(path, bytes, mapping)?;
            return Self::of_table(path, &table, mapping, sha256);
        }
        read_csv(path, &bytes, mapping)
            .and_then(|table| Self::of_table(path, &table, mapping, sha256))
            .map_err(|error| csv_lines::with_line(error, &bytes, mapping))
    }

    fn of_table(
        path: &Path,
        table: &RawTable,
        mapping: &Mapping,
        sha256: String,
    ) -> Result<Self, TraceError> {
        let mut trace = Rows::new(path, table, mapping).into_trace(sha256)?;
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

    /// Puts everything into its order, whatever that of the rows is, and finds the step after each.
    fn connect(&mut self, path: &Path) -> Result<(), TraceError> {
        self.experiments.sort_by(|a, b| a.name.cmp(&b.name));
        for experiment in &mut self.experiments {
            // Of equal numbers the earlier row comes first.
            experiment.steps.sort_by_key(|step| step.step_id);
            // The latest step whose start is known, and that start.
            let mut latest: Option<(i64, i64)> = None;
            for place in 0..experiment.steps.len() {
                let step = experiment.steps[place];
                let before = place.checked_sub(1);
                if let Some(first) = before.and_then(|before| experiment.steps.get(before))
                    && first.step_id == step.step_id
                {
                    return Err(TraceError::SameStep {
                        path: path.to_owned(),
                        first: first.row,
                        second: step.row,
                        step_id: step.step_id,
                        experiment: experiment.name.clone(),
                    });
                }
                let Some(start) = step.start_ns else { continue };
                if let Some((known, _)) = latest.filter(|(_, known)| start < *known) {
                    return Err(TraceError::ClockRunsBack {
                        path: path.to_owned(),
                        row: step.row,
                        step_id: step.step_id,
                        before: known,
                        experiment: experiment.name.clone(),
                    });
                }
                if let (Some(before), Some((known, known_start))) = (before, latest)
                    && known.checked_add(1) == Some(step.step_id)
                {
                    experiment.steps[before].interval_us =
                        Some(microseconds(start.abs_diff(known_start)));
                }
                latest = Some((step.step_id, start));
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
    let too_large = || TraceError::TooLarge {
        path: path.to_owned(),
        limit_bytes: LIMIT_BYTES,
    };
    // A pipe would block before the first byte.
    let metadata = fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        let path = path.to_owned();
        return Err(TraceError::NotAFile { path });
    }
    if metadata.len() > LIMIT_BYTES {
        return Err(too_large());
    }
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    // One byte more than the limit tells a file that grew after it was measured.
    let read = file.take(LIMIT_BYTES + 1).read_to_end(&mut bytes);
    let read = read.map_err(failed)?;
    if u64::try_from(read).is_ok_and(|read| read <= LIMIT_BYTES) {
        Ok(bytes)
    } else {
        Err(too_large())
    }
}

/// The columns of a Parquet file that the mapping asks for, all of them there.
fn read_parquet(path: &Path, bytes: Vec<u8>, mapping: &Mapping) -> Result<RawTable, TraceError> {
    let wanted = mapping.columns();
    let damaged = |reason: String| TraceError::Damaged {
        path: path.to_owned(),
        line: None,
        reason,
    };
    let decoded = thread::scope(|scope| -> io::Result<_> {
        let decoder = thread::Builder::new()
            .name(PARQUET_THREAD.to_owned())
            .spawn_scoped(scope, || parquet_file::read(bytes, &wanted, LIMIT_ROWS))?;
        Ok(decoder.join())
    });
    let source = |source| TraceError::Read {
        path: path.to_owned(),
        source,
    };
    let (table, known) = decoded
        .map_err(source)?
        .map_err(|_| damaged("the Parquet file is damaged: its decoder gave up".to_owned()))?
        .map_err(|problem| match problem {
            ParquetProblem::Damaged(reason) => damaged(reason),
            ParquetProblem::TwoColumns(column) => two_columns(path, column),
            ParquetProblem::TooManyRows => too_many_rows(path),
            ParquetProblem::UnsupportedType { column, kind } => TraceError::UnsupportedType {
                path: path.to_owned(),
                column,
                kind,
            },
        })?;
    check_columns(path, mapping, &known)?;
    Ok(table)
}

/// The columns of a CSV that the mapping asks for, all of them there.
fn read_csv(path: &Path, bytes: &[u8], mapping: &Mapping) -> Result<RawTable, TraceError> {
    let wanted = mapping.columns();
    let read = csv_file::read(bytes, &wanted, LIMIT_ROWS);
    let (table, known) = read.map_err(|problem| match problem {
        CsvProblem::Damaged { line, reason } => TraceError::Damaged {
            path: path.to_owned(),
            line,
            reason,
        },
        CsvProblem::Word {
            column,
            row,
            problem,
        } => TraceError::Word {
            path: path.to_owned(),
            column,
            row,
            problem: problem.to_string(),
        },
        CsvProblem::TwoColumns(column) => two_columns(path, column),
        CsvProblem::TooManyRows => too_many_rows(path),
    })?;
    check_columns(path, mapping, &known)?;
    Ok(table)
}

fn two_columns(path: &Path, column: String) -> TraceError {
    TraceError::TwoColumns {
        path: path.to_owned(),
        column,
    }
}

fn too_many_rows(path: &Path) -> TraceError {
    TraceError::TooManyRows {
        path: path.to_owned(),
        limit: LIMIT_ROWS,
    }
}

/// Whether every column that the mapping names is among the known ones.
fn check_columns(path: &Path, mapping: &Mapping, known: &[String]) -> Result<(), TraceError> {
    for (field, source) in mapping.iter() {
        let Some(column) = source.column_name() else {
            continue;
        };
        if !known.iter().any(|name| name == column) {
            let near = nearest(column, known.iter().map(String::as_str));
            return Err(TraceError::NoColumn {
                path: path.to_owned(),
                column: column.to_owned(),
                field,
                hint: near.map_or_else(String::new, |name| format!("did you mean `{name}`? ")),
                known: listed(known),
            });
        }
    }
    Ok(())
}

/// The columns of a file, as far as a message has room for them.
fn listed(known: &[String]) -> String {
    let shown: Vec<String> = known
        .iter()
        .take(MOST_NAMED)
        .map(|name| {
            let shown = name.chars().take(LONGEST_NAME);
            shown
                .map(|one| if one.is_control() { '?' } else { one })
                .collect()
        })
        .collect();
    let more = match known.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", shown.join(", "))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0xf])
        .filter_map(|nibble| char::from_digit(nibble.into(), 16))
        .collect()
}
