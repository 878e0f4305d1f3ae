//! What holds of every number and count that is drawn.

use crate::axis::Scale;
use crate::error::{Part, PlotError};

/// The largest magnitude on any axis: differences and paddings of such numbers are finite.
pub(crate) const LARGEST: f64 = 1e100;

/// The smallest number on a logarithmic axis.
pub(crate) const SMALLEST_LOG: f64 = 1e-100;

/// Categories of one axis.
pub(crate) const MOST_CATEGORIES: usize = 200;

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

/// Refuses nothing at all.
pub(crate) fn some(count: usize, part: Part) -> Result<(), PlotError> {
    if count == 0 {
        return Err(PlotError::Empty { part });
    }
    Ok(())
}

/// Refuses more than can be drawn.
pub(crate) fn at_most(count: usize, limit: usize, part: Part) -> Result<(), PlotError> {
    if count > limit {
        return Err(PlotError::TooMany { part, count, limit });
    }
    Ok(())
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
