//! What holds of every number and count that is drawn.

use std::ops::RangeInclusive;

use crate::axis::{Categories, Scale};
use crate::error::{Part, PlotError};

/// The largest magnitude on any axis: differences and paddings of such numbers are finite.
const LARGEST: f64 = 1e100;

/// The smallest number on a logarithmic axis.
const SMALLEST_LOG: f64 = 1e-100;

/// Categories of one axis.
const MOST_CATEGORIES: usize = 200;

/// Reference lines of one axis: more of them hide the data.
pub(crate) const MOST_REFERENCES: usize = 8;

/// A count as a number.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of what is drawn are far below 2^53"
)]
pub(crate) fn as_f64(count: usize) -> f64 {
    count as f64
}

/// Refuses too few, which is none, and more than can be drawn.
pub(crate) fn count(
    count: usize,
    valid: RangeInclusive<usize>,
    part: Part,
) -> Result<(), PlotError> {
    let limit = *valid.end();
    if count > limit {
        return Err(PlotError::TooMany { part, count, limit });
    }
    if valid.contains(&count) {
        Ok(())
    } else {
        Err(PlotError::Empty { part })
    }
}

/// Refuses an axis of no words or too many, and returns how many there are.
pub(crate) fn categories(categories: &Categories) -> Result<usize, PlotError> {
    let found = categories.names.len();
    count(found, 1..=MOST_CATEGORIES, Part::Categories)?;
    Ok(found)
}

/// Refuses what a scale cannot show.
pub(crate) fn number(
    value: f64,
    scale: Scale,
    place: impl FnOnce() -> String,
) -> Result<(), PlotError> {
    if !value.is_finite() {
        return Err(PlotError::NotFinite {
            place: place(),
            value,
        });
    }
    if value.abs() > LARGEST {
        return Err(PlotError::OutOfRange {
            place: place(),
            value,
            limit: LARGEST,
        });
    }
    match scale {
        Scale::Log if value < SMALLEST_LOG => Err(PlotError::NotPositive {
            place: place(),
            value,
            limit: SMALLEST_LOG,
        }),
        Scale::Linear | Scale::LinearFromZero | Scale::Log => Ok(()),
    }
}
