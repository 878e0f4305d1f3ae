use serde::Serialize;

use crate::bca::Correction;
use crate::no_interval::NoInterval;
use crate::replication::Replication;
use crate::resampling::Resampling;
use crate::sample::Sample;
use crate::sums::count;

/// A bootstrap interval with what it was made of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The statistic of the sample itself.
    pub estimate: f64,
    /// Between two shares of the sorted replicates.
    pub percentile: Bounds,
    /// Corrected for bias and acceleration; none where that is not defined: no replicate, or every one, is below the
    /// estimate, or an end lies beyond the replicates.
    pub bca: Option<Bounds>,
    /// The share of samples whose interval is to hold the true value.
    pub level: f64,
    /// How many rows the sample has, or each of its groups.
    pub rows: Vec<usize>,
    /// How many resamples were drawn.
    pub resamples: u32,
    /// How many of them are left out, since the statistic is not defined for them.
    pub undefined: usize,
    /// How many rows that follow one another were drawn together.
    pub block: usize,
    /// What the random numbers come from.
    pub seed: u64,
}

/// The ends of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bounds {
    /// The lower end.
    pub low: f64,
    /// The upper end, not below the lower one.
    pub high: f64,
}

/// The largest share of resamples that may be without a statistic.
const MAX_UNDEFINED: f64 = 0.01;

/// Replicates that are nearer to each other than this share of the largest of them differ by the order in which numbers
/// were added.
const ROUNDING: f64 = 1e-12;

/// The bootstrap interval of a sample.
///
/// Quantiles of the sorted replicates lie linearly between neighbours: that of the share p at the place `(B - 1) p` of
/// `0..B` (definition 7 of Hyndman and Fan 1996). A replicate that equals the estimate counts half as below it. For rows
/// in blocks the acceleration is that of the jackknife which leaves out one block at a time.
///
/// # Errors
///
/// Fewer than three rows or blocks in a group, rows that do not differ, and resamples that are too many or too often
/// without a statistic.
pub fn interval(sample: &Sample, resampling: &Resampling) -> Result<Interval, NoInterval> {
    let replication = Replication::of(sample, resampling)?;
    let Replication {
        offset,
        estimate,
        replicates: mut sorted,
        undefined,
        influences,
        rows,
    } = replication;
    let resamples = resampling.resamples();
    if count(undefined) > MAX_UNDEFINED * f64::from(resamples) {
        return Err(NoInterval::Undefined {
            undefined,
            resamples,
        });
    }
    let is_finite = |value: &f64| value.is_finite() && (value + offset).is_finite();
    if !is_finite(&estimate) || !sorted.iter().all(is_finite) {
        return Err(NoInterval::TooLarge);
    }
    sorted.sort_by(f64::total_cmp);
    let (Some(least), Some(most)) = (sorted.first().copied(), sorted.last().copied()) else {
        return Err(NoInterval::NoSpread);
    };
    let rounding = ROUNDING * least.abs().max(most.abs());
    if most - least <= rounding {
        return Err(NoInterval::NoSpread);
    }
    let tail = resampling.tail();
    let bounds = |low: f64, high: f64| Bounds {
        low: offset + quantile(&sorted, low),
        high: offset + quantile(&sorted, high),
    };
    let below = sorted.partition_point(|value| *value < estimate - rounding);
    let up_to = sorted.partition_point(|value| *value <= estimate + rounding);
    let share_below = f64::midpoint(count(below), count(up_to)) / count(sorted.len());
    let correction = influences.and_then(|influences| Correction::of(share_below, &influences));
    // The ends are no more than the first and the last replicate where a share is less than one of them.
    let one = 1.0 / count(sorted.len());
    let bca = correction
        .and_then(|correction| Some((correction.share(tail)?, correction.share(1.0 - tail)?)))
        .filter(|(low, high)| *low >= one && *high <= 1.0 - one && low <= high)
        .map(|(low, high)| bounds(low, high));
    Ok(Interval {
        estimate: offset + estimate,
        percentile: bounds(tail, 1.0 - tail),
        bca,
        level: resampling.level(),
        rows,
        resamples,
        undefined,
        block: resampling.block(),
        seed: resampling.seed(),
    })
}

/// The value below which a share of the sorted values lies, of which there is at least one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place among the values, which is bounded to them"
)]
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len() - 1;
    let place = count(last) * share;
    let before = (place.floor() as usize).min(last);
    let after = (before + 1).min(last);
    sorted[before] + (sorted[after] - sorted[before]) * (place - count(before))
}
