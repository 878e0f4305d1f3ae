//! From the rows of a file to steps. An optional field without a value in a row was not recorded there.

use super::{
    BTreeMap, Cell, Experiment, Field, Mapping, MeasuredStep, ONLY_EXPERIMENT, Path, RawTable,
    Source, StepTrace, TraceError, USUAL_BLOCK_SIZE,
};
use crate::field::FieldKind;

/// The rows of a file with what its columns mean.
pub(super) struct Rows<'r> {
    path: &'r Path,
    table: &'r RawTable,
    mapping: &'r Mapping,
}

/// What a row says of a field in words.
enum Word<'r> {
    /// The mapping does not mention the field.
    NotMapped,
    /// The mapping leaves out the row.
    LeftOut,
    Is(&'r str),
}

/// Whole numbers up to here are exact as `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl<'r> Rows<'r> {
    pub(super) fn new(path: &'r Path, table: &'r RawTable, mapping: &'r Mapping) -> Self {
        Self {
            path,
            table,
            mapping,
        }
    }

    pub(super) fn into_trace(self) -> Result<StepTrace, TraceError> {
        let mut trace = StepTrace {
            experiments: Vec::new(),
            left_out: 0,
            sha256: String::new(),
            workloads: Vec::new(),
        };
        let mut experiments: BTreeMap<&str, usize> = BTreeMap::new();
        let mut workloads: BTreeMap<&str, u32> = BTreeMap::new();
        for row in 0..self.table.rows {
            let experiment = self.word(Field::Experiment, row)?;
            let model = self.word(Field::Model, row)?;
            let workload = self.word(Field::Workload, row)?;
            let name = match (experiment, &model, &workload) {
                (Word::LeftOut, _, _) | (_, Word::LeftOut, _) | (_, _, Word::LeftOut) => {
                    trace.left_out += 1;
                    continue;
                }
                (Word::NotMapped, _, _) => ONLY_EXPERIMENT,
                (Word::Is(name), _, _) => name,
            };
            let workload = match workload {
                Word::Is(word) => Some(*workloads.entry(word).or_insert_with(|| {
                    trace.workloads.push(word.to_owned());
                    u32::try_from(trace.workloads.len() - 1).unwrap_or(u32::MAX)
                })),
                Word::NotMapped | Word::LeftOut => None,
            };
            let model = match model {
                Word::Is(word) => Some(word),
                Word::NotMapped | Word::LeftOut => None,
            };
            let tensor_parallel = self.count(Field::TensorParallel, row)?;
            let index = *experiments.entry(name).or_insert_with(|| {
                trace.experiments.push(Experiment {
                    name: name.to_owned(),
                    model: model.map(str::to_owned),
                    tensor_parallel,
                    steps: Vec::new(),
                });
                trace.experiments.len() - 1
            });
            let step = self.step(row, workload)?;
            let Some(experiment) = trace.experiments.get_mut(index) else {
                continue;
            };
            self.check_same(experiment, model, tensor_parallel, row)?;
            experiment.steps.push(step);
        }
        if trace.experiments.is_empty() {
            let why = match trace.left_out {
                0 => String::new(),
                count => format!(": the mapping leaves out all {count} rows"),
            };
            let path = self.path.to_owned();
            return Err(TraceError::NoSteps { path, why });
        }
        Ok(trace)
    }

    /// An experiment is one server: it has one model on one number of GPUs.
    fn check_same(
        &self,
        experiment: &Experiment,
        model: Option<&str>,
        tensor_parallel: Option<u32>,
        row: usize,
    ) -> Result<(), TraceError> {
        let shown = |degree: Option<u32>| degree.map_or_else(String::new, |one| one.to_string());
        let (field, first, second) = if experiment.model.as_deref() != model {
            let first = experiment.model.clone().unwrap_or_default();
            (Field::Model, first, model.unwrap_or("").to_owned())
        } else if experiment.tensor_parallel != tensor_parallel {
            let first = shown(experiment.tensor_parallel);
            (Field::TensorParallel, first, shown(tensor_parallel))
        } else {
            return Ok(());
        };
        Err(TraceError::TwoSettings {
            path: self.path.to_owned(),
            experiment: experiment.name.clone(),
            field,
            first,
            second,
            row: row + 1,
        })
    }

    fn step(&self, row: usize, workload: Option<u32>) -> Result<MeasuredStep, TraceError> {
        let needed = |field: Field| -> Result<u32, TraceError> {
            self.count(field, row)?
                .ok_or_else(|| TraceError::NotMapped {
                    path: self.path.to_owned(),
                    field,
                })
        };
        let prefill_tokens = needed(Field::PrefillTokens)?;
        let decode_tokens = needed(Field::DecodeTokens)?;
        let step_id = self
            .whole(Field::StepId, row)?
            .ok_or_else(|| TraceError::NotMapped {
                path: self.path.to_owned(),
                field: Field::StepId,
            })?;
        let usage = self.amount(Field::KvUsage, row)?;
        if let Some(share) = usage.filter(|share| *share > 1.0) {
            return Err(self.wrong(
                Field::KvUsage,
                row,
                Cell::Number(share),
                "a share from 0 to 1",
            ));
        }
        let blocks = self.count(Field::KvBlocks, row)?;
        let block_size = self.count(Field::BlockSize, row)?;
        let in_use = usage.zip(blocks).map(|(share, blocks)| {
            share * f64::from(blocks) * block_size.map_or(USUAL_BLOCK_SIZE, f64::from)
        });
        let prefill_requests = match self.count(Field::PrefillRequests, row)? {
            Some(requests) => requests,
            None => u32::from(prefill_tokens > 0),
        };
        if prefill_requests == 0 && prefill_tokens > 0 {
            let expected = "at least 1 where there are prompt tokens";
            return Err(self.wrong(Field::PrefillRequests, row, Cell::Whole(0), expected));
        }
        if prefill_requests > prefill_tokens {
            let expected = "at most the prompt tokens of the step";
            let given = Cell::Whole(i64::from(prefill_requests));
            return Err(self.wrong(Field::PrefillRequests, row, given, expected));
        }
        let decode_requests = self
            .count(Field::DecodeRequests, row)?
            .unwrap_or(decode_tokens);
        if decode_requests > decode_tokens {
            let expected = "at most the tokens that the step produced";
            let given = Cell::Whole(i64::from(decode_requests));
            return Err(self.wrong(Field::DecodeRequests, row, given, expected));
        }
        Ok(MeasuredStep {
            row: row + 1,
            step_id,
            start_ns: self.whole(Field::StartNs, row)?,
            duration_us: self.amount(Field::DurationUs, row)?,
            interval_us: None,
            prefill_requests,
            prefill_tokens,
            prefill_context_tokens: self.count(Field::PrefillContextTokens, row)?,
            decode_requests,
            decode_tokens,
            decode_kv_tokens: self.count(Field::DecodeKvTokens, row)?,
            kv_tokens: self.amount(Field::KvTokens, row)?.or(in_use),
            workload,
        })
    }

    fn word(&self, field: Field, row: usize) -> Result<Word<'r>, TraceError> {
        let Some(source) = self.mapping.get(field) else {
            return Ok(Word::NotMapped);
        };
        let expected = FieldKind::Text.words();
        match source {
            Source::Constant(number) => {
                Err(self.wrong(field, row, Cell::Number(*number), expected))
            }
            Source::Column { name, .. } => self.text(field, name, row).map(Word::Is),
            Source::Words { name, values } => {
                let word = self.text(field, name, row)?;
                match values.get(word) {
                    Some(Some(meaning)) => Ok(Word::Is(meaning)),
                    Some(None) => Ok(Word::LeftOut),
                    None => {
                        let known: Vec<&str> = values.keys().map(String::as_str).collect();
                        let expected = format!(
                            "one of the words that the mapping knows: {}",
                            known.join(", ")
                        );
                        Err(self.wrong(field, row, self.cell(name, row), &expected))
                    }
                }
            }
        }
    }

    fn text(&self, field: Field, name: &str, row: usize) -> Result<&'r str, TraceError> {
        let cell = self.cell(name, row);
        match (cell, self.table.columns.get(name)) {
            (Cell::Word(code), Some(column)) => Ok(column.word(code)),
            _ => Err(self.wrong(field, row, cell, FieldKind::Text.words())),
        }
    }

    fn cell(&self, name: &str, row: usize) -> Cell {
        let column = self.table.columns.get(name);
        column
            .and_then(|column| column.cells.get(row))
            .copied()
            .unwrap_or(Cell::Null)
    }

    /// A whole number, exactly as it stands in the file where it is not scaled.
    fn whole(&self, field: Field, row: usize) -> Result<Option<i64>, TraceError> {
        let expected = field.kind().words();
        let exact = |number: f64| {
            let is_whole = number.fract() == 0.0 && number.abs() <= EXACT;
            #[expect(clippy::cast_possible_truncation, reason = "whole, and within 2^53")]
            is_whole.then_some(number as i64)
        };
        let wrong = |cell| self.wrong(field, row, cell, expected);
        match self.mapping.get(field) {
            None => Ok(None),
            Some(Source::Constant(number)) => exact(*number)
                .ok_or_else(|| wrong(Cell::Number(*number)))
                .map(Some),
            Some(Source::Words { name, .. }) => Err(wrong(self.cell(name, row))),
            Some(Source::Column { name, scale }) => {
                let cell = self.cell(name, row);
                let is_plain = (*scale - 1.0).abs() < f64::EPSILON;
                let value = match cell {
                    Cell::Null if !Field::REQUIRED.contains(&field) => return Ok(None),
                    Cell::Whole(value) if is_plain => Some(value),
                    #[expect(clippy::cast_precision_loss, reason = "checked to be exact")]
                    Cell::Whole(value) => exact(value as f64 * scale),
                    Cell::Number(value) if is_plain => exact(value),
                    // A scaled fraction is rarely whole to the last bit: half a unit is far below any clock's.
                    Cell::Number(value) => exact((value * scale).round()),
                    Cell::Null | Cell::Word(_) => None,
                };
                value.ok_or_else(|| wrong(cell)).map(Some)
            }
        }
    }

    fn count(&self, field: Field, row: usize) -> Result<Option<u32>, TraceError> {
        let Some(whole) = self.whole(field, row)? else {
            return Ok(None);
        };
        u32::try_from(whole)
            .map(Some)
            .map_err(|_| self.wrong(field, row, Cell::Whole(whole), field.kind().words()))
    }

    fn amount(&self, field: Field, row: usize) -> Result<Option<f64>, TraceError> {
        let (number, cell) = match self.mapping.get(field) {
            None => return Ok(None),
            Some(Source::Constant(number)) => (Some(*number), Cell::Number(*number)),
            Some(Source::Words { name, .. }) => (None, self.cell(name, row)),
            Some(Source::Column { name, scale }) => {
                let cell = self.cell(name, row);
                let number = match cell {
                    Cell::Null => return Ok(None),
                    #[expect(
                        clippy::cast_precision_loss,
                        reason = "amounts of steps are far below 2^53"
                    )]
                    Cell::Whole(value) => Some(value as f64 * scale),
                    Cell::Number(value) => Some(value * scale),
                    Cell::Word(_) => None,
                };
                (number, cell)
            }
        };
        number
            .filter(|value| value.is_finite() && *value >= 0.0)
            .ok_or_else(|| self.wrong(field, row, cell, field.kind().words()))
            .map(Some)
    }

    fn wrong(&self, field: Field, row: usize, cell: Cell, expected: &str) -> TraceError {
        let source = self.mapping.get(field);
        let column = source.and_then(Source::column_name).unwrap_or("(constant)");
        let value = match self.table.columns.get(column) {
            Some(known) => known.show(cell),
            None => crate::cell::RawColumn::default().show(cell),
        };
        TraceError::Value {
            path: self.path.to_owned(),
            column: column.to_owned(),
            row: row + 1,
            value,
            field,
            expected: expected.to_owned(),
        }
    }
}
