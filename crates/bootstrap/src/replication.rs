use random_stream::RandomStream;
use rayon::prelude::*;

use crate::no_interval::{MAX_DRAWS, MIN_UNITS, NoInterval};
use crate::resampling::Resampling;
use crate::sample::Sample;
use crate::series::Series;
use crate::sums::{PairSums, Sums, ValueSum, count};

/// The streams of random numbers from here on are those of resamples: a simulation with the same seed has the first few.
const FIRST_STREAM: u64 = 1 << 32;

/// The statistic of a sample and of its resamples.
///
/// Means are those of the distances to the first row, so that numbers which are large but near each other lose nothing to
/// rounding, and whole numbers stay whole; `offset` leads back.
pub(crate) struct Replication {
    pub(crate) offset: f64,
    pub(crate) estimate: f64,
    /// The statistic of each resample that has one, in the order in which they were drawn.
    pub(crate) replicates: Vec<f64>,
    /// How many resamples have none.
    pub(crate) undefined: usize,
    /// What each row, or block of rows, adds to the estimate; none where the statistic is not defined without one.
    pub(crate) influences: Option<Vec<f64>>,
    /// Rows of the sample, or of each group.
    pub(crate) rows: Vec<usize>,
}

impl Replication {
    /// Draws all resamples.
    ///
    /// # Errors
    ///
    /// Rows that resamples say nothing of.
    pub(crate) fn of(sample: &Sample, resampling: &Resampling) -> Result<Self, NoInterval> {
        match sample {
            Sample::Mean(values) => Self::of_mean(values, resampling),
            Sample::Difference(pairs) => {
                let differences: Vec<f64> = pairs.iter().map(|[a, b]| a - b).collect();
                Self::of_mean(&differences, resampling)
            }
            Sample::Correlation(pairs) => Self::of_correlation(pairs, resampling),
            Sample::DifferenceOfGroups([first, second]) => {
                Self::of_groups(first, second, resampling)
            }
        }
    }

    fn of_mean(values: &[f64], resampling: &Resampling) -> Result<Self, NoInterval> {
        check_units(&[values.len()], resampling)?;
        let (offset, series) = distances(values, resampling);
        if all_equal(values) {
            return Err(NoInterval::NoSpread);
        }
        Self::of_series(&series, offset, resampling)
    }

    fn of_correlation(pairs: &[[f64; 2]], resampling: &Resampling) -> Result<Self, NoInterval> {
        check_units(&[pairs.len()], resampling)?;
        let x: Vec<f64> = pairs.iter().map(|[x, _]| *x).collect();
        let y: Vec<f64> = pairs.iter().map(|[_, y]| *y).collect();
        let (Some(x), Some(y)) = (centred(x), centred(y)) else {
            return Err(NoInterval::NoSpread);
        };
        let pairs = x.into_iter().zip(y).map(|(x, y)| [x, y]).collect();
        let series = Series::<PairSums>::new(pairs, resampling.block());
        Self::of_series(&series, 0.0, resampling)
    }

    fn of_series<S: Sums>(
        series: &Series<S>,
        offset: f64,
        resampling: &Resampling,
    ) -> Result<Self, NoInterval> {
        let rows = series.len();
        let estimate = series.total().statistic(rows).ok_or(NoInterval::NoSpread)?;
        let replicates = replicate(resampling, |stream| series.resample(stream).statistic(rows));
        Ok(Self::new(
            offset,
            estimate,
            replicates,
            influences(series),
            vec![rows],
        ))
    }

    fn of_groups(
        first: &[f64],
        second: &[f64],
        resampling: &Resampling,
    ) -> Result<Self, NoInterval> {
        check_units(&[first.len(), second.len()], resampling)?;
        if all_equal(first) && all_equal(second) {
            return Err(NoInterval::NoSpread);
        }
        let rows = vec![first.len(), second.len()];
        let (first_offset, first) = distances(first, resampling);
        let (second_offset, second) = distances(second, resampling);
        let difference =
            |a: ValueSum, b: ValueSum| Some(a.statistic(first.len())? - b.statistic(second.len())?);
        let estimate = difference(first.total(), second.total()).ok_or(NoInterval::NoSpread)?;
        let replicates = replicate(resampling, |stream| {
            difference(first.resample(stream), second.resample(stream))
        });
        // What the second group adds to its mean it takes from the difference.
        let influences = influences(&first).zip(influences(&second)).map(|(a, b)| {
            let taken = b.into_iter().map(|influence| -influence);
            a.into_iter().chain(taken).collect()
        });
        let offset = first_offset - second_offset;
        Ok(Self::new(offset, estimate, replicates, influences, rows))
    }

    fn new(
        offset: f64,
        estimate: f64,
        replicates: Vec<Option<f64>>,
        influences: Option<Vec<f64>>,
        rows: Vec<usize>,
    ) -> Self {
        let undefined = replicates.iter().filter(|one| one.is_none()).count();
        Self {
            offset,
            estimate,
            replicates: replicates.into_iter().flatten().collect(),
            undefined,
            influences,
            rows,
        }
    }
}

/// Resamples are told apart by their rows, and there is an end to how many are drawn.
fn check_units(rows: &[usize], resampling: &Resampling) -> Result<(), NoInterval> {
    let block = resampling.block();
    for rows in rows.iter().copied() {
        if rows < MIN_UNITS {
            return Err(NoInterval::TooFewRows { rows });
        }
        let blocks = rows / block;
        if blocks < MIN_UNITS {
            return Err(NoInterval::TooFewBlocks {
                rows,
                block,
                blocks,
            });
        }
    }
    let units = rows.iter().map(|rows| rows.div_ceil(block) as u64);
    let draws = units.sum::<u64>() * u64::from(resampling.resamples());
    if draws > MAX_DRAWS {
        return Err(NoInterval::TooManyDraws { draws });
    }
    Ok(())
}

/// The statistics of all resamples, in the order of their numbers.
fn replicate(
    resampling: &Resampling,
    draw: impl Fn(&mut RandomStream) -> Option<f64> + Sync,
) -> Vec<Option<f64>> {
    (0..resampling.resamples())
        .into_par_iter()
        .map(|number| {
            let stream = FIRST_STREAM + u64::from(number);
            draw(&mut RandomStream::new(resampling.seed(), stream))
        })
        .collect()
}

/// The values less the first of them, and that.
fn distances(values: &[f64], resampling: &Resampling) -> (f64, Series<ValueSum>) {
    let first = values.first().copied().unwrap_or(0.0);
    let distances = values.iter().map(|value| value - first).collect();
    (first, Series::new(distances, resampling.block()))
}

#[expect(
    clippy::float_cmp,
    reason = "rows that differ in their last bit differ"
)]
fn all_equal(values: &[f64]) -> bool {
    values.windows(2).all(|pair| pair[0] == pair[1])
}

/// The values about their mean, the farthest at a distance of 1: a correlation does not depend on where and how large they
/// are, and its rounding does. None where all are equal.
fn centred(values: Vec<f64>) -> Option<Vec<f64>> {
    if all_equal(&values) {
        return None;
    }
    let rows = count(values.len());
    let first = values.first().copied()?;
    let mean = first
        + values
            .iter()
            .map(|value| (value - first) / rows)
            .sum::<f64>();
    let farthest = values
        .iter()
        .map(|value| (value - mean).abs())
        .fold(0.0, f64::max);
    let scaled = values.into_iter().map(|value| (value - mean) / farthest);
    Some(scaled.collect())
}

/// What each row, or block of rows, adds: `(m - 1)/m (θ. - θ(i))` for `m` of them, with θ(i) the statistic without the
/// i-th and θ. the mean of those.
fn influences<S: Sums>(series: &Series<S>) -> Option<Vec<f64>> {
    let without: Vec<f64> = series
        .without_each()
        .map(|(sums, rows)| sums.statistic(rows))
        .collect::<Option<_>>()?;
    let parts = count(without.len());
    let mean = without.iter().sum::<f64>() / parts;
    let influence = |statistic: f64| (parts - 1.0) / parts * (mean - statistic);
    Some(without.into_iter().map(influence).collect())
}
