//! Sums over requests as integers: exact, hence the same for every order of the requests.

/// The nearest `f64`.
#[inline]
#[expect(
    clippy::cast_precision_loss,
    reason = "sums beyond 2^53 are rounded once, when they leave the integers"
)]
pub(crate) fn to_f64(sum: u128) -> f64 {
    match u64::try_from(sum) {
        Ok(sum) => sum as f64,
        Err(_) => sum as f64,
    }
}

/// Sum of `count * value` for integer counts and positive `f64` values, in units of 2^-48.
///
/// Values lie in `[2^-14, 2^14]`, so the rounding of a value to the unit is below 1e-10 of it.
/// Counts add up to at most 2^48, so the sum takes at most 110 bits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FixedPointSum(u128);

/// 2^48.
const UNITS: f64 = 281_474_976_710_656.0;

impl FixedPointSum {
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "values are positive and below 2^14, and rounding down to the unit is meant"
    )]
    pub(crate) fn add(&mut self, count: u64, value: f64) {
        let units = (value * UNITS) as u64;
        self.0 += u128::from(count) * u128::from(units);
    }

    pub(crate) fn to_f64(self) -> f64 {
        to_f64(self.0) / UNITS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_the_same_for_every_order() {
        let terms = [(3, 1e-4), (1 << 40, 1.5), (7, 0.1), (1, 9999.9)];
        let sum_of = |order: [usize; 4]| {
            let mut sum = FixedPointSum::default();
            for index in order {
                let (count, value) = terms[index];
                sum.add(count, value);
            }
            sum.to_f64().to_bits()
        };
        assert_eq!(sum_of([0, 1, 2, 3]), sum_of([3, 1, 0, 2]));
    }

    #[test]
    fn the_largest_sums_fit() {
        let mut sum = FixedPointSum::default();
        sum.add(1 << 48, 1e4);
        // Powers of two only shift the exponent.
        assert_eq!((sum.to_f64() / UNITS).to_bits(), 1e4_f64.to_bits());
        let beyond_64_bits = to_f64(u128::from(u64::MAX) + 1);
        assert_eq!(beyond_64_bits.log2().to_bits(), 64.0_f64.to_bits());
    }
}
