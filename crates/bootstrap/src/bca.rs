//! Where BCa intervals end among the sorted replicates.

use statrs::distribution::{ContinuousCDF, Normal};

/// How far the ends of an interval move from the plain percentiles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Correction {
    /// z0, the bias in standard deviations: that of the share of replicates below the estimate.
    pub(crate) bias: f64,
    /// a, by how much the standard deviation grows with the estimate.
    pub(crate) acceleration: f64,
}

impl Correction {
    /// The correction of an estimate with a share `below` of the replicates under it.
    ///
    /// `z0 = Φ⁻¹(below)` (Efron and Tibshirani 1993, equation 14.14) and `a = Σu³ / (6 (Σu²)^1.5)` (equation 14.15, and for
    /// two groups Davison and Hinkley 1997, equation 5.27), with u the influences of the jackknife.
    ///
    /// None where all replicates are on one side of the estimate, or where no row has any influence.
    pub(crate) fn of(below: f64, influences: &[f64]) -> Option<Self> {
        if !(below > 0.0 && below < 1.0) {
            return None;
        }
        Some(Self {
            bias: Normal::standard().inverse_cdf(below),
            acceleration: acceleration(influences)?,
        })
    }

    /// The share of replicates below the end of the interval that would be at `share` without the correction:
    /// `Φ(z0 + (z0 + z) / (1 - a (z0 + z)))` with `z = Φ⁻¹(share)` (Efron and Tibshirani 1993, equation 14.10).
    ///
    /// None where the denominator is not above 0: the correction is too large to mean anything.
    pub(crate) fn share(self, share: f64) -> Option<f64> {
        let normal = Normal::standard();
        let shifted = self.bias + normal.inverse_cdf(share);
        let denominator = 1.0 - self.acceleration * shifted;
        (denominator > 0.0).then(|| normal.cdf(self.bias + shifted / denominator))
    }
}

fn acceleration(influences: &[f64]) -> Option<f64> {
    let largest = influences
        .iter()
        .fold(0.0_f64, |largest, influence| largest.max(influence.abs()));
    if !(largest > 0.0 && largest.is_finite()) {
        return None;
    }
    // It does not depend on the scale, on which squares could overflow or vanish.
    let scaled = || influences.iter().map(|influence| influence / largest);
    let cubes: f64 = scaled().map(|u| u * u * u).sum();
    let squares: f64 = scaled().map(|u| u * u).sum();
    Some(cubes / (6.0 * squares.powf(1.5)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_bias_and_acceleration_shares_stay() {
        let none = Correction::of(0.5, &[-1.0, 0.0, 1.0]).unwrap();
        for share in [0.025, 0.05, 0.5, 0.975] {
            // The quantile of the normal distribution is good to some 1e-11.
            assert!((none.share(share).unwrap() - share).abs() < 1e-9, "{share}");
        }
    }

    #[test]
    fn bias_alone_shifts_twice() {
        // Φ(2 z0 + z) with z0 = Φ⁻¹(Φ(0.1)) and z = -1.959964: Φ(-1.759964) = 0.039206 by tables of Φ.
        let biased = Correction::of(0.539_827_837_277_029, &[-1.0, 1.0]).unwrap();
        assert!((biased.share(0.025).unwrap() - 0.039_206_9).abs() < 1e-5);
    }

    #[test]
    fn what_has_no_correction_has_none() {
        for below in [0.0, 1.0, f64::NAN] {
            assert_eq!(Correction::of(below, &[-1.0, 1.0]), None);
        }
        for influences in [&[][..], &[0.0, 0.0], &[f64::INFINITY, 1.0], &[f64::NAN]] {
            assert_eq!(Correction::of(0.5, influences), None, "{influences:?}");
        }
    }

    #[test]
    fn a_large_acceleration_has_no_share() {
        let correction = Correction {
            bias: 3.0,
            acceleration: 0.5,
        };
        assert_eq!(correction.share(0.5), None);
    }
}
