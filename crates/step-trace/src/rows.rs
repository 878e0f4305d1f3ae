//! From the rows of a file to steps. An optional field without a value in a row was not recorded there.

use std::collections::BTreeMap;

use crate::cell::{Cell, RawTable, Reading};
use crate::error::{Place, Problem};
use crate::field::{Field, FieldKind, whole_of};
use crate::mapping::{Mapping, Source};
use crate::step_trace::{Experiment, MeasuredStep, StepTrace, Times};

/// What the experiment is called where no column says it.
const ONLY_EXPERIMENT: &str = "all";

/// Tokens of one block where nothing says it: what vLLM has by default.
const USUAL_BLOCK_SIZE: f64 = 16.0;

/// The rows of a file with what its columns mean.
pub(crate) struct Rows<'r> {
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

impl<'r> Word<'r> {
    fn said(self) -> Option<&'r str> {
        match self {
            Self::Is(word) => Some(word),
            Self::NotSaid | Self::LeftOut => None,
        }
    }
}

/// How far a count may be from a whole number, as a share of it, where a scale made it: rounding errors are far below, and
/// a scale that does not fit is far above.
const SCALED_COUNT_TOLERANCE: f64 = 1e-9;

/// How far a sum of squares may be from what its sum allows, as a share: sums are rounded in the file.
const SUM_TOLERANCE: f64 = 1e-6;

/// What a row lacks that has one of two sums.
const BOTH_SUMS: &str = "needed where the other sum of the same times is there";

impl<'r> Rows<'r> {
    pub(crate) fn new(table: &'r RawTable, mapping: &'r Mapping) -> Self {
        Self { table, mapping }
    }

    pub(crate) fn into_trace(self, sha256: String) -> Result<StepTrace, Problem> {
        let mut trace = StepTrace {
            experiments: Vec::new(),
            left_out: 0,
            sha256,
            workloads: Vec::new(),
        };
        let mut experiments: BTreeMap<&str, usize> = BTreeMap::new();
        let mut workloads: BTreeMap<&str, u32> = BTreeMap::new();
        for row in 0..self.table.rows {
            let words = [
                self.word(Field::Experiment, row)?,
                self.word(Field::Model, row)?,
                self.word(Field::Workload, row)?,
            ];
            if words.iter().any(|word| matches!(word, Word::LeftOut)) {
                trace.left_out += 1;
                continue;
            }
            let [experiment, model, workload] = words.map(Word::said);
            let name = experiment.unwrap_or(ONLY_EXPERIMENT);
            let workload = workload.map(|word| {
                *workloads.entry(word).or_insert_with(|| {
                    trace.workloads.push(word.to_owned());
                    u32::try_from(trace.workloads.len() - 1).unwrap_or(u32::MAX)
                })
            });
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
            return Err(Problem::of_file(format!("no step is in it{why}")));
        }
        trace.experiments.sort_by(|a, b| a.name.cmp(&b.name));
        if !self.mapping.sums_steps() {
            for experiment in &mut trace.experiments {
                self.connect(experiment)?;
            }
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
    ) -> Result<(), Problem> {
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
        let (name, row) = (&experiment.name, row + 1);
        let message = format!(
            "experiment `{name}` has two values of `{field}`: {first} and {second} (row {row})"
        );
        Err(self.other_row(row, field, message))
    }

    /// Puts the steps into their order, whatever that of the rows is, and finds the step after each.
    fn connect(&self, experiment: &mut Experiment) -> Result<(), Problem> {
        let (name, steps) = (&experiment.name, &mut experiment.steps);
        // Of equal numbers the earlier row comes first.
        steps.sort_by_key(|step| step.step_id);
        // The latest step whose start is known, and that start.
        let mut latest: Option<(i64, i64)> = None;
        for place in 0..steps.len() {
            let MeasuredStep { row, step_id, .. } = steps[place];
            let Some(step_id) = step_id else { continue };
            let before = place.checked_sub(1);
            if let Some(first) = before.and_then(|before| steps.get(before))
                && first.step_id == Some(step_id)
            {
                let first = first.row;
                let message = format!(
                    "rows {first} and {row} both are step {step_id} of experiment `{name}`"
                );
                return Err(self.other_row(row, Field::StepId, message));
            }
            let Some(start) = steps[place].start_ns else {
                continue;
            };
            if let Some((known, _)) = latest.filter(|(_, known)| start < *known) {
                let message = format!(
                    "step {step_id} of experiment `{name}` (row {row}) starts before step {known}: the clock runs back"
                );
                return Err(self.other_row(row, Field::StartNs, message));
            }
            if let (Some(before), Some((known, known_start))) = (before, latest)
                && known.checked_add(1) == Some(step_id)
            {
                let interval_us = microseconds(start.abs_diff(known_start));
                steps[before].interval = Some(Times::one(interval_us));
            }
            latest = Some((step_id, start));
        }
        Ok(())
    }

    fn step(&self, row: usize, workload: Option<u32>) -> Result<MeasuredStep, Problem> {
        let needed = |field: Field| self.count(field, row)?.ok_or_else(|| not_mapped(field));
        let prefill_tokens = needed(Field::PrefillTokens)?;
        let decode_tokens = needed(Field::DecodeTokens)?;
        let duration_us = self.amount(Field::DurationUs, row)?;
        let steps = self.steps(row)?;
        let usage = self.amount(Field::KvUsage, row)?;
        let blocks = self.count(Field::KvBlocks, row)?;
        let block_size = self.count(Field::BlockSize, row)?;
        let in_use = usage.zip(blocks).map(|(share, blocks)| {
            share * f64::from(blocks) * block_size.map_or(USUAL_BLOCK_SIZE, f64::from)
        });
        let prefill_requests = self.requests(
            (Field::PrefillRequests, row),
            (u32::from(prefill_tokens > 0), prefill_tokens),
            "at least 1 where there are prompt tokens",
            "at most the prompt tokens of the step",
        )?;
        let decode_requests = self.requests(
            (Field::DecodeRequests, row),
            (decode_tokens, decode_tokens),
            "at least 1 where tokens are produced",
            "at most the tokens that the step produced",
        )?;
        Ok(MeasuredStep {
            row: row + 1,
            steps,
            step_id: self.whole(Field::StepId, row)?,
            start_ns: self.whole(Field::StartNs, row)?,
            duration: match duration_us {
                Some(us) => Some(Times::one(us)),
                None => self.times(
                    steps,
                    (Field::DurationUsSum, Field::DurationUsSquaredSum),
                    row,
                )?,
            },
            interval: self.times(
                self.intervals(steps, row)?,
                (Field::IntervalUsSum, Field::IntervalUsSquaredSum),
                row,
            )?,
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

    /// How many steps the row sums up.
    fn steps(&self, row: usize) -> Result<u32, Problem> {
        let steps = self.count(Field::Steps, row)?.unwrap_or(1);
        if steps > 0 {
            return Ok(steps);
        }
        Err(self.wrong(Field::Steps, row, Cell::Whole(0), "at least 1"))
    }

    /// After how many of the `steps` of a row the next one was recorded.
    fn intervals(&self, steps: u32, row: usize) -> Result<u32, Problem> {
        let intervals = self.count(Field::Intervals, row)?.unwrap_or(0);
        if intervals <= steps {
            return Ok(intervals);
        }
        let cell = Cell::Whole(intervals.into());
        Err(self.wrong(Field::Intervals, row, cell, "at most the steps of the row"))
    }

    /// `count` times by their sum and that of their squares; nothing where there is none or they were not recorded.
    fn times(
        &self,
        count: u32,
        (sum, squared_sum): (Field, Field),
        row: usize,
    ) -> Result<Option<Times>, Problem> {
        let (sums, squares) = (self.amount(sum, row)?, self.amount(squared_sum, row)?);
        let (Some(sum_us), Some(squares)) = (sums, squares) else {
            return match (sums, squares) {
                (Some(_), None) => Err(self.wrong(squared_sum, row, Cell::Null, BOTH_SUMS)),
                (None, Some(_)) => Err(self.wrong(sum, row, Cell::Null, BOTH_SUMS)),
                _ => Ok(None),
            };
        };
        if count == 0 {
            let zero = |value: f64| value.abs() <= 0.0;
            return if zero(sum_us) && zero(squares) {
                Ok(None)
            } else {
                Err(self.wrong(
                    sum,
                    row,
                    Cell::Number(sum_us),
                    "0 where there is no interval",
                ))
            };
        }
        let times = Times {
            count,
            sum_us,
            squared_sum: squares,
        };
        // Of a sum, equal times have the least sum of squares, and one that has it all the largest.
        let least = times.mean_us() * sum_us * (1.0 - SUM_TOLERANCE);
        let most = sum_us * sum_us * (1.0 + SUM_TOLERANCE);
        if !(least..=most).contains(&squares) {
            let expected = "between the square of the sum, divided by the number of times, and the square of the sum";
            return Err(self.wrong(squared_sum, row, Cell::Number(squares), expected));
        }
        Ok(Some(times))
    }

    /// How many requests tokens belong to, `usual` where that was not recorded: some where there are tokens, and no more
    /// than those.
    fn requests(
        &self,
        (field, row): (Field, usize),
        (usual, tokens): (u32, u32),
        at_least: &str,
        at_most: &str,
    ) -> Result<u32, Problem> {
        let requests = self.count(field, row)?.unwrap_or(usual);
        let expected = if requests == 0 && tokens > 0 {
            at_least
        } else if requests > tokens {
            at_most
        } else {
            return Ok(requests);
        };
        Err(self.wrong(field, row, Cell::Whole(requests.into()), expected))
    }

    fn word(&self, field: Field, row: usize) -> Result<Word<'r>, Problem> {
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
    fn text(&self, field: Field, name: &str, row: usize) -> Result<Option<&'r str>, Problem> {
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

    /// The value of a field of numbers in a row, and what it is to be multiplied with.
    fn number(&self, field: Field, row: usize) -> Result<Option<(Cell, f64)>, Problem> {
        match self.mapping.get(field) {
            None => Ok(None),
            Some(Source::Constant(number)) => Ok(Some((Cell::Number(*number), 1.0))),
            Some(Source::Words { name, .. }) => {
                let cell = self.cell(field, name, row);
                Err(self.wrong(field, row, cell, field.kind().words()))
            }
            Some(Source::Column { name, scale }) => {
                let cell = self.cell(field, name, row);
                let is_open = cell == Cell::Null && Self::may_be_left_open(field);
                Ok((!is_open).then_some((cell, *scale)))
            }
        }
    }

    /// A whole number, exactly as it stands in the file where it is not scaled.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a scale that is not whole is not exact in any case"
    )]
    fn whole(&self, field: Field, row: usize) -> Result<Option<i64>, Problem> {
        let Some((cell, scale)) = self.number(field, row)? else {
            return Ok(None);
        };
        let value = match (cell, whole_of(scale)) {
            (Cell::Null | Cell::Word(_), _) => None,
            (Cell::Whole(value), Some(factor)) => value.checked_mul(factor),
            (Cell::Whole(value), None) => scaled(field, value as f64, scale),
            (Cell::Number(value), _) => scaled(field, value, scale),
        };
        let wrong = || self.wrong(field, row, cell, field.kind().words());
        value.ok_or_else(wrong).map(Some)
    }

    /// Whether a row may have no value although the field is mapped: not what a step cannot do without, and not what
    /// makes the server.
    fn may_be_left_open(field: Field) -> bool {
        !matches!(
            field,
            Field::TensorParallel | Field::Steps | Field::Intervals
        ) && !Field::REQUIRED.contains(&field)
    }

    fn count(&self, field: Field, row: usize) -> Result<Option<u32>, Problem> {
        let Some(whole) = self.whole(field, row)? else {
            return Ok(None);
        };
        u32::try_from(whole)
            .map(Some)
            .map_err(|_| self.wrong(field, row, Cell::Whole(whole), field.kind().words()))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "amounts of steps are far below 2^53"
    )]
    fn amount(&self, field: Field, row: usize) -> Result<Option<f64>, Problem> {
        let Some((cell, scale)) = self.number(field, row)? else {
            return Ok(None);
        };
        let number = match cell {
            Cell::Null | Cell::Word(_) => None,
            Cell::Whole(value) => Some(value as f64 * scale),
            Cell::Number(value) => Some(value * scale),
        };
        let wrong = || self.wrong(field, row, cell, field.kind().words());
        let number = number.filter(|value| field.kind().takes(*value));
        number.ok_or_else(wrong).map(Some)
    }

    /// A value that the field cannot have.
    fn wrong(&self, field: Field, row: usize, cell: Cell, expected: &str) -> Problem {
        let name = self.column_name(field);
        let column = name.and_then(|name| self.table.column(name, field.kind().reading()));
        let row = row + 1;
        let problem = format!("{}, and `{field}` is {expected}", cell.show(column));
        match name {
            Some(name) => Problem::of_cell(name, row, problem),
            None => Problem::new(
                Place::Cell { row, column: None },
                format!("a constant of the mapping, row {row}: {problem}"),
            ),
        }
    }

    /// A row, counted from 1, that contradicts another.
    fn other_row(&self, row: usize, field: Field, message: String) -> Problem {
        let column = self.column_name(field).map(str::to_owned);
        Problem::new(Place::OtherRow { row, column }, message)
    }

    fn column_name(&self, field: Field) -> Option<&'r str> {
        self.mapping.get(field).and_then(Source::column_name)
    }
}

/// The mapping has what a row that sums steps up cannot have.
pub(crate) fn of_one_step(field: Field) -> Problem {
    Problem::of_file(format!(
        "the mapping has `{field}`, and rows that sum steps up have none"
    ))
}

/// The mapping leaves out what every trace has.
pub(crate) fn not_mapped(field: Field) -> Problem {
    Problem::of_file(format!("the mapping has no `{field}`"))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "an interval of more than 104 days loses fractions of a nanosecond"
)]
fn microseconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e3
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
