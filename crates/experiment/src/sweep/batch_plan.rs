//! The checked requests of a `step` run, filled in cell by cell.

use roofline::Batch;

use super::axes::{Axes, FieldRef, value_words};
use super::cell_problem::{CellProblem, MAX_REQUESTS};
use crate::format::CaseValue;

/// A whole number that is fixed or the value of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberSource {
    Fixed(u32),
    Varied(FieldRef),
}

impl NumberSource {
    pub(crate) fn at(self, axes: &Axes, positions: &[usize]) -> Result<u32, CellProblem> {
        match self {
            Self::Fixed(value) => Ok(value),
            Self::Varied(field) => match axes.value(field, positions) {
                CaseValue::One(scalar) if let Some(number) = scalar.as_value().as_u32() => {
                    Ok(number)
                }
                value => Err(CellProblem::NotWhole {
                    axis: axes.field(field).name().to_owned(),
                    value: value_words(value),
                }),
            },
        }
    }
}

/// Where the token counts of an entry come from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum LengthSource {
    /// The same for all requests of the entry.
    Each(NumberSource),
    /// One request for each.
    List(Vec<u32>),
    /// One request for each of the values that a case binds.
    VariedList(FieldRef),
    /// From the first to the last in equal integer steps.
    Linspace([u32; 2]),
    /// start + i step.
    Steps { start: u32, step: u32 },
}

impl LengthSource {
    /// How many requests the source itself names.
    fn listed(&self, axes: &Axes, positions: &[usize]) -> Option<usize> {
        match self {
            Self::List(values) => Some(values.len()),
            Self::VariedList(field) => match axes.value(*field, positions) {
                CaseValue::Lengths(values) => Some(values.len()),
                CaseValue::One(_) => None,
            },
            Self::Each(_) | Self::Linspace(_) | Self::Steps { .. } => None,
        }
    }

    /// The length of request `index` of `count`.
    fn at(
        &self,
        index: u32,
        count: u32,
        axes: &Axes,
        positions: &[usize],
    ) -> Result<u32, CellProblem> {
        let listed = |values: &[u32]| {
            values
                .get(index as usize)
                .copied()
                .ok_or(CellProblem::NotACount)
        };
        match self {
            Self::Each(number) => number.at(axes, positions),
            Self::List(values) => listed(values),
            Self::VariedList(field) => match axes.value(*field, positions) {
                CaseValue::Lengths(values) => listed(values),
                CaseValue::One(_) => Err(CellProblem::NotACount),
            },
            Self::Linspace([from, to]) => {
                let steps = i64::from(count.saturating_sub(1).max(1));
                let value = i64::from(*from)
                    + i64::from(index) * (i64::from(*to) - i64::from(*from)) / steps;
                u32::try_from(value).map_err(|_| CellProblem::LengthOverflow)
            }
            Self::Steps { start, step } => {
                let value = u64::from(*start) + u64::from(index) * u64::from(*step);
                u32::try_from(value).map_err(|_| CellProblem::LengthOverflow)
            }
        }
    }
}

/// Decode requests of one entry.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DecodePlan {
    pub(crate) kv: LengthSource,
    pub(crate) count: NumberSource,
}

/// Prefill requests of one entry.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PrefillPlan {
    pub(crate) new: LengthSource,
    pub(crate) cached: LengthSource,
    pub(crate) count: NumberSource,
}

/// The requests of a `step` run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BatchPlan {
    pub(crate) prefill: Vec<PrefillPlan>,
    pub(crate) decode: Vec<DecodePlan>,
}

impl BatchPlan {
    /// Fills `batch`, which keeps its memory from cell to cell, with the requests of a cell.
    pub(crate) fn fill(
        &self,
        batch: &mut Batch,
        axes: &Axes,
        positions: &[usize],
    ) -> Result<(), CellProblem> {
        batch.clear();
        for entry in &self.prefill {
            let count = bounded(entry.requests(axes, positions)?)?;
            for index in 0..count {
                let new = entry.new.at(index, count, axes, positions)?;
                let cached = entry.cached.at(index, count, axes, positions)?;
                batch.push_prefill(cached, new)?;
            }
        }
        for entry in &self.decode {
            if let LengthSource::Each(kv) = &entry.kv {
                batch.push_decode(kv.at(axes, positions)?, entry.count.at(axes, positions)?)?;
                continue;
            }
            let count = match entry.kv.listed(axes, positions) {
                Some(listed) => u32::try_from(listed).map_err(|_| CellProblem::NotACount)?,
                None => entry.count.at(axes, positions)?,
            };
            let count = bounded(count)?;
            for index in 0..count {
                batch.push_decode(entry.kv.at(index, count, axes, positions)?, 1)?;
            }
        }
        if batch.is_empty() {
            Err(CellProblem::EmptyBatch)
        } else {
            Ok(())
        }
    }
}

fn bounded(requests: u32) -> Result<u32, CellProblem> {
    if requests > MAX_REQUESTS {
        return Err(CellProblem::TooManyRequests { requests });
    }
    Ok(requests)
}

impl PrefillPlan {
    fn requests(&self, axes: &Axes, positions: &[usize]) -> Result<u32, CellProblem> {
        let new = self.new.listed(axes, positions);
        let cached = self.cached.listed(axes, positions);
        match (new, cached) {
            (Some(first), Some(second)) if first != second => {
                Err(CellProblem::UnequalLists { first, second })
            }
            (Some(listed), _) | (None, Some(listed)) => {
                u32::try_from(listed).map_err(|_| CellProblem::NotACount)
            }
            (None, None) => self.count.at(axes, positions),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(kv: &LengthSource, count: u32) -> Vec<u32> {
        let axes = Axes::new(Vec::new()).unwrap();
        (0..count)
            .map(|index| kv.at(index, count, &axes, &[]).unwrap())
            .collect()
    }

    #[test]
    fn generators_follow_the_published_designs() {
        // 256 + i * 3840 div (n - 1), from 256 to 4096.
        assert_eq!(lengths(&LengthSource::Linspace([256, 4096]), 1), [256]);
        assert_eq!(
            lengths(&LengthSource::Linspace([256, 4096]), 2),
            [256, 4096]
        );
        assert_eq!(
            lengths(&LengthSource::Linspace([256, 4096]), 4),
            [256, 1536, 2816, 4096]
        );
        assert_eq!(
            lengths(
                &LengthSource::Steps {
                    start: 512,
                    step: 256
                },
                4
            ),
            [512, 768, 1024, 1280]
        );
    }

    #[test]
    fn an_empty_batch_and_unequal_lists_are_problems_of_the_cell() {
        let axes = Axes::new(Vec::new()).unwrap();
        let mut batch = Batch::new();
        let one = NumberSource::Fixed(1);
        let none = BatchPlan {
            prefill: Vec::new(),
            decode: vec![DecodePlan {
                kv: LengthSource::Each(one),
                count: NumberSource::Fixed(0),
            }],
        };
        assert_eq!(
            none.fill(&mut batch, &axes, &[]),
            Err(CellProblem::EmptyBatch)
        );
        let unequal = BatchPlan {
            prefill: vec![PrefillPlan {
                new: LengthSource::List(vec![1, 2]),
                cached: LengthSource::List(vec![0]),
                count: one,
            }],
            decode: Vec::new(),
        };
        assert_eq!(
            unequal.fill(&mut batch, &axes, &[]),
            Err(CellProblem::UnequalLists {
                first: 2,
                second: 1
            })
        );
    }
}
