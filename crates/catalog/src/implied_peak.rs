use crate::flops_convention::FlopsConvention;
use crate::measured_table::MeasuredRow;

/// The peak rate that the MFU column of a table refers to, as its rows imply it: `FLOPs / latency /
/// MFU`.
///
/// A printed MFU stands for a range, half a unit of its last digit to either side, and so does the
/// peak that one row implies. [`CommonPeak`] is where most of these ranges overlap, which is far
/// sharper than any single row of a table with small values.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct ImpliedPeak {
    /// How FLOPs are counted here.
    pub convention: FlopsConvention,
    /// The rows of the table.
    pub rows: usize,
    /// What the printed digits imply row by row; `None` where no row has a positive MFU.
    pub single_rows: Option<PeakSpread>,
    /// The peak that fits most rows; `None` where no row has a positive MFU.
    pub common: Option<CommonPeak>,
}

/// The peaks of single rows, in FLOP/s. Rows with an MFU of 0 imply none.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct PeakSpread {
    /// The smallest.
    pub min_flops_per_s: f64,
    /// The median, each row weighted by its MFU: rounding blurs a row with a small one more.
    pub median_flops_per_s: f64,
    /// The largest.
    pub max_flops_per_s: f64,
}

/// A range of peaks, in FLOP/s, each of which explains the same rows within their rounding.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct CommonPeak {
    /// The lower end.
    pub low_flops_per_s: f64,
    /// The upper end.
    pub high_flops_per_s: f64,
    /// How many rows it explains.
    pub rows: usize,
}

impl CommonPeak {
    /// The middle of the range.
    #[must_use]
    pub fn flops_per_s(&self) -> f64 {
        f64::midpoint(self.low_flops_per_s, self.high_flops_per_s)
    }
}

/// The peaks that a row allows, in FLOP/s. No upper end where the MFU is 0: it may stand for any
/// value that rounds to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PeakRange {
    low: f64,
    high: Option<f64>,
}

/// Covers the rounding of this arithmetic itself, for tables that print all digits.
const RELATIVE_SLACK: f64 = 1e-9;

impl PeakRange {
    pub(crate) fn of_row<const N: usize>(row: &MeasuredRow<N>, flops: f64) -> Self {
        let half_latency_us = row.latency_unit_us / 2.0;
        let half_mfu = row.mfu_unit / 2.0;
        let rate = |latency_us: f64| flops / (latency_us * 1e-6);
        let low = rate(row.latency_us + half_latency_us) / (row.mfu + half_mfu);
        let high = rate(row.latency_us - half_latency_us) / (row.mfu - half_mfu);
        Self {
            low: low * (1.0 - RELATIVE_SLACK),
            high: (row.mfu > half_mfu && row.latency_us > half_latency_us)
                .then_some(high * (1.0 + RELATIVE_SLACK)),
        }
    }

    pub(crate) fn overlaps(&self, common: &CommonPeak) -> bool {
        self.low <= common.high_flops_per_s
            && self.high.is_none_or(|high| high >= common.low_flops_per_s)
    }
}

impl ImpliedPeak {
    pub(crate) fn of_rows<const N: usize>(
        convention: FlopsConvention,
        rows: &[MeasuredRow<N>],
        flops: impl Fn([u32; N]) -> f64,
    ) -> Self {
        let ranges: Vec<PeakRange> = rows
            .iter()
            .map(|row| PeakRange::of_row(row, flops(row.sizes)))
            .collect();
        let single_rows = rows
            .iter()
            .filter(|row| row.mfu > 0.0)
            .map(|row| {
                (
                    flops(row.sizes) / (row.latency_us * 1e-6) / row.mfu,
                    row.mfu,
                )
            })
            .collect();
        Self {
            convention,
            rows: rows.len(),
            single_rows: PeakSpread::of(single_rows),
            common: CommonPeak::of(&ranges),
        }
    }
}

impl PeakSpread {
    /// Of peaks with their weights.
    fn of(mut peaks: Vec<(f64, f64)>) -> Option<Self> {
        peaks.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let half_weight = peaks.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
        let mut weight_so_far = 0.0;
        let (median, _) = peaks.iter().find(|(_, weight)| {
            weight_so_far += weight;
            weight_so_far >= half_weight
        })?;
        Some(Self {
            min_flops_per_s: peaks.first()?.0,
            median_flops_per_s: *median,
            max_flops_per_s: peaks.last()?.0,
        })
    }
}

impl CommonPeak {
    /// Where most ranges overlap, at least one that has an upper end among them. Of several such
    /// places the lowest.
    fn of(ranges: &[PeakRange]) -> Option<Self> {
        let mut ends: Vec<(f64, End)> = Vec::with_capacity(2 * ranges.len());
        for range in ranges {
            match range.high {
                Some(high) => ends.extend([(range.low, End::Opens), (high, End::Closes)]),
                None => ends.push((range.low, End::OpensForGood)),
            }
        }
        ends.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));

        let mut best: Option<Self> = None;
        let (mut open, mut open_for_good) = (0, 0);
        for (index, (at, end)) in ends.iter().enumerate() {
            match end {
                End::Opens => open += 1,
                End::OpensForGood => open_for_good += 1,
                End::Closes => open -= 1,
            }
            let covering = open + open_for_good;
            if open > 0
                && *end != End::Closes
                && best.is_none_or(|best| covering > best.rows)
                && let Some((next, _)) = ends.get(index + 1)
            {
                best = Some(Self {
                    low_flops_per_s: *at,
                    high_flops_per_s: *next,
                    rows: covering,
                });
            }
        }
        best
    }
}

/// Ends of ranges in the order in which they count at the same place: touching ranges overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Opens,
    OpensForGood,
    Closes,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common(ranges: &[(f64, Option<f64>)]) -> Option<(f64, f64, usize)> {
        let ranges: Vec<PeakRange> = ranges
            .iter()
            .map(|&(low, high)| PeakRange { low, high })
            .collect();
        CommonPeak::of(&ranges)
            .map(|common| (common.low_flops_per_s, common.high_flops_per_s, common.rows))
    }

    #[test]
    fn the_common_peak_is_where_most_ranges_overlap() {
        assert_eq!(common(&[]), None);
        assert_eq!(common(&[(1.0, Some(2.0))]), Some((1.0, 2.0, 1)));
        assert_eq!(
            common(&[
                (1.0, Some(4.0)),
                (2.0, Some(5.0)),
                (3.0, Some(6.0)),
                (9.0, Some(9.5))
            ]),
            Some((3.0, 4.0, 3))
        );
        assert_eq!(
            common(&[(1.0, Some(2.0)), (3.0, Some(4.0))]),
            Some((1.0, 2.0, 1)),
            "the lowest of equals"
        );
        assert_eq!(
            common(&[(1.0, Some(2.0)), (2.0, Some(3.0))]),
            Some((2.0, 2.0, 2)),
            "touching ranges overlap"
        );
    }

    #[test]
    fn ranges_without_upper_end_agree_but_do_not_decide() {
        assert_eq!(common(&[(1.0, None), (2.0, None)]), None);
        assert_eq!(
            common(&[(1.0, None), (2.0, Some(3.0)), (9.0, None), (9.5, None)]),
            Some((2.0, 3.0, 2))
        );
    }

    #[test]
    fn a_row_allows_every_peak_its_digits_can_stand_for() {
        let row = MeasuredRow {
            line: 2,
            sizes: [1],
            latency_us: 1.0,
            mfu: 0.002,
            latency_unit_us: 0.0,
            mfu_unit: 0.001,
        };
        let range = PeakRange::of_row(&row, 1e6);
        assert!((range.low / 4e14 - 1.0).abs() < 1e-8, "mfu 0.0025");
        assert!(
            (range.high.unwrap() / (1e12 / 0.0015) - 1.0).abs() < 1e-8,
            "mfu 0.0015"
        );
        assert_eq!(
            PeakRange::of_row(&MeasuredRow { mfu: 0.0, ..row }, 1e6).high,
            None
        );
    }

    #[test]
    fn the_median_weighs_rows_by_their_mfu() {
        let spread = PeakSpread::of(vec![(1.0, 0.1), (3.0, 0.6), (2.0, 0.1), (9.0, 0.1)]).unwrap();
        assert_eq!(
            (
                spread.min_flops_per_s,
                spread.median_flops_per_s,
                spread.max_flops_per_s
            ),
            (1.0, 3.0, 9.0)
        );
        assert_eq!(PeakSpread::of(Vec::new()), None);
    }
}
