//! What holds of the interval of any sample.

use bootstrap::{Bounds, Interval, Resampling, ResamplingSpec, Sample, interval};
use proptest::prelude::*;

fn of(sample: &Sample, block: usize) -> Option<Interval> {
    let spec = ResamplingSpec {
        resamples: 400,
        block,
        ..ResamplingSpec::default()
    };
    interval(sample, &Resampling::new(spec).ok()?).ok()
}

fn ends(interval: &Interval) -> impl Iterator<Item = Bounds> {
    [Some(interval.percentile), interval.bca]
        .into_iter()
        .flatten()
}

/// Rows of thousandths, of which sums and differences of neighbours are nearly exact.
fn values() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(
        (-1_000_000..1_000_000).prop_map(|whole| f64::from(whole) / 1000.0),
        3..40,
    )
}

fn pairs() -> impl Strategy<Value = Vec<[f64; 2]>> {
    prop::collection::vec((-1000..1000, -1000..1000), 3..40).prop_map(|pairs| {
        pairs
            .into_iter()
            .map(|(x, y)| [f64::from(x), f64::from(y)])
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn bounds_are_in_order_and_among_the_values(values in values(), block in 1..6_usize) {
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if let Some(interval) = of(&Sample::Mean(values), block) {
            for Bounds { low, high } in ends(&interval) {
                // Means round in their last bits.
                prop_assert!(low <= high && low >= least - 1e-9 && high <= most + 1e-9, "{low} to {high}");
            }
        }
    }

    #[test]
    fn correlations_are_shares(pairs in pairs(), block in 1..6_usize) {
        if let Some(interval) = of(&Sample::Correlation(pairs), block) {
            for Bounds { low, high } in ends(&interval) {
                prop_assert!((-1.0..=1.0).contains(&low) && low <= high && high <= 1.0, "{low} to {high}");
            }
        }
    }

    #[test]
    fn a_shift_of_all_rows_shifts_the_interval(values in values(), shift in -1e6..1e6_f64, block in 1..4_usize) {
        let shifted = values.iter().map(|value| value + shift).collect();
        let before = of(&Sample::Mean(values), block);
        let after = of(&Sample::Mean(shifted), block);
        prop_assert_eq!(before.is_some(), after.is_some());
        if let (Some(before), Some(after)) = (before, after) {
            prop_assert_eq!(before.bca.is_some(), after.bca.is_some());
            for (a, b) in ends(&before).zip(ends(&after)) {
                // Adding the shift rounds to 2^-33 at most; a BCa end may lie at another place for it, by less than
                // 1e-6 of the distance of its neighbours.
                prop_assert!((a.low + shift - b.low).abs() < 1e-3, "{} {}", a.low + shift, b.low);
                prop_assert!((a.high + shift - b.high).abs() < 1e-3, "{} {}", a.high + shift, b.high);
            }
        }
    }

    #[test]
    fn a_correlation_depends_on_no_scale(pairs in pairs(), shift in -1000..1000_i32) {
        let moved = pairs.iter().map(|[x, y]| [4.0 * x + f64::from(shift), y / 8.0]).collect();
        let before = of(&Sample::Correlation(pairs), 1);
        let after = of(&Sample::Correlation(moved), 1);
        prop_assert_eq!(before.is_some(), after.is_some());
        if let (Some(before), Some(after)) = (before, after) {
            prop_assert!((before.estimate - after.estimate).abs() < 1e-9);
            prop_assert!((before.percentile.low - after.percentile.low).abs() < 1e-9);
            prop_assert!((before.percentile.high - after.percentile.high).abs() < 1e-9);
        }
    }

    #[test]
    fn turning_a_difference_round_turns_its_interval_round(pairs in pairs()) {
        let turned = pairs.iter().map(|[a, b]| [*b, *a]).collect();
        let (before, after) = (of(&Sample::Difference(pairs), 1), of(&Sample::Difference(turned), 1));
        prop_assert_eq!(before.is_some(), after.is_some());
        if let (Some(before), Some(after)) = (before, after) {
            prop_assert!((before.estimate + after.estimate).abs() < 1e-9);
            prop_assert!((before.percentile.low + after.percentile.high).abs() < 1e-9);
            prop_assert!((before.percentile.high + after.percentile.low).abs() < 1e-9);
        }
    }

    #[test]
    fn no_sample_panics(
        values in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO, 0..12),
        others in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL, 0..12),
        block in 1..5_usize,
    ) {
        let pairs: Vec<[f64; 2]> = values.iter().zip(&others).map(|(a, b)| [*a, *b]).collect();
        for sample in [
            Sample::Mean(values.clone()),
            Sample::Difference(pairs.clone()),
            Sample::Correlation(pairs),
            Sample::DifferenceOfGroups([values, others]),
        ] {
            if let Some(interval) = of(&sample, block) {
                for Bounds { low, high } in ends(&interval) {
                    prop_assert!(low.is_finite() && high.is_finite() && low <= high, "{low} to {high}");
                }
            }
        }
    }
}
