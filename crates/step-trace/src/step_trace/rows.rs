//! From the rows of a file to steps. An optional field without a value in a row was not recorded there.

use super::{
    BTreeMap, Experiment, Mapping, MeasuredStep, ONLY_EXPERIMENT, Path, RawTable, StepTrace,
    TraceError, USUAL_BLOCK_SIZE,
};
use crate::cell::{Cell, Reading};
use crate::field::{Field, FieldKind, whole_of};
use crate::mapping::Source;

/// The rows of a file with what its columns mean.
pub(super) struct Rows<'r> {
    path: &'r Path,
    table: &'r RawTable,
    mapping: &'r Mapping,
}

/// What a row says of a field in words.
enum Word<'r> {
    /// Nothing: the mapping does not mention the field, or it may be left open in a row.
    NotSaid,
    /// The mapping leaves out the row.
    LeftOut,
    Is(&'r str),
}

/// How far a count may be from a whole number, as a share of it, where a scale made it: rounding errors are far below, and
/// a scale that does not fit is far above.
const SCALED_COUNT_TOLERANCE: f64 = 1e-9;

impl<'r> Rows<'r> {
    pub(super) fn new(path: &'r Path, table: &'r RawTable, mapping: &'r Mapping) -> Self {
        Self {
            path,
            table,
            mapping,
        }
    }

    pub(super) fn into_trace(self, sha256: String) -> Result<StepTrace, TraceError> {
        let mut trace = StepTrace {
            experiments: Vec::new(),
            left_out: 0,
            sha256,
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
                (Word::NotSaid, _, _) => ONLY_EXPERIMENT,
                (Word::Is(name), _, _) => name,
            };
            let workload = match workload {
                Word::Is(word) => Some(*workloads.entry(word).or_insert_with(|| {
                    trace.workloads.push(word.to_owned());
                    u32::try_from(trace.workloads.len() - 1).unwrap_or(u32::MAX)
                })),
                Word::NotSaid | Word::LeftOut => None,
            };
            let model = match model {
                Word::Is(word) => Some(word),
                Word::NotSaid | Word::LeftOut => None,
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
        let text = |word: Option<&str>| word.unwrap_or("none").to_owned();
        let number = |degree: Option<u32>| degree.map_or_else(|| text(None), |one| one.to_string());
        let (field, first, second) = if experiment.model.as_deref() != model {
            let first = text(experiment.model.as_deref());
            (Field::Model, first, text(model))
        } else if experiment.tensor_parallel != tensor_parallel {
            let first = number(experiment.tensor_parallel);
            (Field::TensorParallel, first, number(tensor_parallel))
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
        if decode_requests == 0 && decode_tokens > 0 {
            let expected = "at least 1 where tokens are produced";
            return Err(self.wrong(Field::DecodeRequests, row, Cell::Whole(0), expected));
        }
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
            return Ok(Word::NotSaid);
        };
        let expected = FieldKind::Text.words();
        match source {
            Source::Constant(number) => {
                Err(self.wrong(field, row, Cell::Number(*number), expected))
            }
            Source::Column { name, .. } => {
                let word = self.text(field, name, row)?;
                Ok(word.map_or(Word::NotSaid, Word::Is))
            }
            Source::Words { name, values } => {
                let Some(word) = self.text(field, name, row)? else {
                    return Ok(Word::NotSaid);
                };
                match values.get(word) {
                    Some(Some(meaning)) => Ok(Word::Is(meaning)),
                    Some(None) => Ok(Word::LeftOut),
                    None => {
                        let known: Vec<&str> = values.keys().map(String::as_str).collect();
                        let expected = format!(
                            "one of the words that the mapping knows: {}",
                            known.join(", ")
                        );
                        Err(self.wrong(field, row, self.cell(field, name, row), &expected))
                    }
                }
            }
        }
    }

    /// The word of a row. What an experiment is has to be said; its load may be left open.
    fn text(&self, field: Field, name: &str, row: usize) -> Result<Option<&'r str>, TraceError> {
        let cell = self.cell(field, name, row);
        match cell {
            Cell::Null if field == Field::Workload => Ok(None),
            Cell::Word(code) => Ok(self
                .table
                .column(name, Reading::Words)
                .map(|column| column.word(code))),
            Cell::Null | Cell::Whole(_) | Cell::Number(_) => {
                Err(self.wrong(field, row, cell, FieldKind::Text.words()))
            }
        }
    }

    fn cell(&self, field: Field, name: &str, row: usize) -> Cell {
        self.table
            .column(name, field.kind().reading())
            .map_or(Cell::Null, |column| column.cell(row))
    }

    /// A whole number, exactly as it stands in the file where it is not scaled.
    fn whole(&self, field: Field, row: usize) -> Result<Option<i64>, TraceError> {
        let wrong = |cell| self.wrong(field, row, cell, field.kind().words());
        match self.mapping.get(field) {
            None => Ok(None),
            Some(Source::Constant(number)) => whole_of(*number)
                .ok_or_else(|| wrong(Cell::Number(*number)))
                .map(Some),
            Some(Source::Words { name, .. }) => Err(wrong(self.cell(field, name, row))),
            Some(Source::Column { name, scale }) => {
                let cell = self.cell(field, name, row);
                let value = match cell {
                    Cell::Null if Self::may_be_left_open(field) => return Ok(None),
                    Cell::Null | Cell::Word(_) => None,
                    Cell::Whole(value) => match whole_of(*scale) {
                        Some(factor) => value.checked_mul(factor),
                        #[expect(
                            clippy::cast_precision_loss,
                            reason = "a scale that is not whole is not exact in any case"
                        )]
                        None => scaled(field, value as f64, *scale),
                    },
                    Cell::Number(value) => scaled(field, value, *scale),
                };
                value.ok_or_else(|| wrong(cell)).map(Some)
            }
        }
    }

    /// Whether a row may have no value although the field is mapped: not what a step cannot do without, and not what
    /// makes the server.
    fn may_be_left_open(field: Field) -> bool {
        field != Field::TensorParallel && !Field::REQUIRED.contains(&field)
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
            Some(Source::Words { name, .. }) => (None, self.cell(field, name, row)),
            Some(Source::Column { name, scale }) => {
                let cell = self.cell(field, name, row);
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
            .filter(|value| field.kind().takes(*value))
            .ok_or_else(|| self.wrong(field, row, cell, field.kind().words()))
            .map(Some)
    }

    fn wrong(&self, field: Field, row: usize, cell: Cell, expected: &str) -> TraceError {
        let name = self.mapping.get(field).and_then(Source::column_name);
        let column = name.and_then(|name| self.table.column(name, field.kind().reading()));
        TraceError::Value {
            path: self.path.to_owned(),
            place: name.map_or_else(
                || "a constant of the mapping".to_owned(),
                |name| format!("column `{name}`"),
            ),
            row: row + 1,
            value: cell.show(column),
            field,
            expected: expected.to_owned(),
        }
    }
}

/// A number in other units, whole.
fn scaled(field: Field, value: f64, scale: f64) -> Option<i64> {
    let product = value * scale;
    let nearest = product.round();
    let distance = (product - nearest).abs();
    let is_near = match field.kind() {
        // Without a scale nothing was rounded on the way.
        FieldKind::Whole | FieldKind::Count if whole_of(scale) == Some(1) => distance == 0.0,
        // Half a nanosecond is far below any clock.
        FieldKind::Whole => true,
        FieldKind::Count => distance <= SCALED_COUNT_TOLERANCE * nearest.abs().max(1.0),
        FieldKind::Text | FieldKind::Amount | FieldKind::Share => false,
    };
    whole_of(nearest).filter(|_| is_near)
}
