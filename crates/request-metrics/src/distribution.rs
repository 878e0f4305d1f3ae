/// A value and how often it counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// The value, finite.
    pub value: f64,
    /// How often it counts: output tokens or gaps for times per token, 1 for times per request.
    pub weight: u64,
}

impl Sample {
    /// A value that counts once.
    #[must_use]
    pub fn once(value: f64) -> Self {
        Self { value, weight: 1 }
    }
}

/// A weighted distribution. Values have the unit of what was put in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distribution {
    /// Weighted mean.
    pub mean: f64,
    /// Weighted population standard deviation.
    pub std_dev: f64,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
    /// 95th percentile.
    pub p95: f64,
    /// 99th percentile.
    pub p99: f64,
    /// Number of samples.
    pub count: u64,
}

impl Distribution {
    /// The distribution of samples; none where there is nothing that counts.
    ///
    /// A percentile is the smallest value at or below which that share of the weight lies (no interpolation: every
    /// percentile is a value that occurred). Samples of weight 0 are left out. Sums run over the samples in order of
    /// value, so that the result does not depend on the order in which they came.
    #[must_use]
    pub fn of(mut samples: Vec<Sample>) -> Option<Self> {
        samples.retain(|sample| sample.weight > 0);
        samples.sort_by(|a, b| a.value.total_cmp(&b.value).then(a.weight.cmp(&b.weight)));
        let (first, last) = (samples.first()?, samples.last()?);
        let total: u128 = samples.iter().map(|sample| u128::from(sample.weight)).sum();
        let mean = weighted_mean(&samples, total, |value| value);
        let variance = weighted_mean(&samples, total, |value| (value - mean).powi(2));
        Some(Self {
            // A rounded sum of equal values can leave their range by one unit in the last place.
            mean: mean.clamp(first.value, last.value),
            std_dev: variance.sqrt(),
            min: first.value,
            max: last.value,
            p50: percentile(&samples, total, 50, last.value),
            p90: percentile(&samples, total, 90, last.value),
            p95: percentile(&samples, total, 95, last.value),
            p99: percentile(&samples, total, 99, last.value),
            count: samples.len() as u64,
        })
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "weights are token counts, far below 2^53"
)]
fn weighted_mean(samples: &[Sample], total: u128, of: impl Fn(f64) -> f64) -> f64 {
    let sum: f64 = samples
        .iter()
        .map(|sample| of(sample.value) * sample.weight as f64)
        .sum();
    sum / total as f64
}

/// The first value, in ascending order, by which `percent` of the weight is reached.
fn percentile(sorted: &[Sample], total: u128, percent: u128, largest: f64) -> f64 {
    let mut reached = 0;
    for sample in sorted {
        reached += u128::from(sample.weight);
        if reached * 100 >= total * percent {
            return sample.value;
        }
    }
    largest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_has_no_distribution() {
        assert_eq!(Distribution::of(Vec::new()), None);
        let weightless = Sample {
            value: 1.0,
            weight: 0,
        };
        assert_eq!(Distribution::of(vec![weightless]), None);
    }

    #[test]
    fn of_one_to_one_hundred() {
        let samples = (1..=100_u32).rev().map(|n| Sample::once(f64::from(n)));
        let all = Distribution::of(samples.collect()).unwrap();
        assert_eq!(
            (all.mean, all.min, all.max, all.count),
            (50.5, 1.0, 100.0, 100)
        );
        assert_eq!(
            (all.p50, all.p90, all.p95, all.p99),
            (50.0, 90.0, 95.0, 99.0)
        );
        // The variance of 1..=n is (n^2 - 1) / 12.
        assert!((all.std_dev - (9999.0_f64 / 12.0).sqrt()).abs() < 1e-12);
    }

    fn samples() -> impl Strategy<Value = Vec<(u32, u64)>> {
        prop::collection::vec((0..1000_u32, 1..50_u64), 1..60)
    }

    proptest! {
        #[test]
        fn a_weight_counts_as_that_many_samples(pairs in samples()) {
            let weighted = pairs.iter().map(|&(value, weight)| Sample { value: f64::from(value), weight });
            let repeated = pairs.iter().flat_map(|&(value, weight)| {
                std::iter::repeat_n(Sample::once(f64::from(value)), usize::try_from(weight).unwrap())
            });
            let a = Distribution::of(weighted.collect()).unwrap();
            let b = Distribution::of(repeated.collect()).unwrap();
            let cut = |d: &Distribution| [d.min, d.max, d.p50, d.p90, d.p95, d.p99].map(f64::to_bits);
            prop_assert_eq!(cut(&a), cut(&b));
            // Whole numbers below 2^53 add without rounding.
            prop_assert_eq!(a.mean.to_bits(), b.mean.to_bits());
        }

        #[test]
        fn is_in_order_and_does_not_depend_on_the_order(pairs in samples()) {
            let of = |pairs: &[(u32, u64)]| Distribution::of(
                pairs.iter().map(|&(value, weight)| Sample { value: f64::from(value) / 7.0, weight }).collect(),
            ).unwrap();
            let all = of(&pairs);
            prop_assert!([all.min, all.p50, all.p90, all.p95, all.p99, all.max].is_sorted());
            prop_assert!(all.min <= all.mean && all.mean <= all.max);
            let backwards: Vec<_> = pairs.iter().rev().copied().collect();
            prop_assert_eq!(all, of(&backwards));
        }
    }
}
