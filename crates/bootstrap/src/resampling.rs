use thiserror::Error;

/// How resamples are drawn, not checked yet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ResamplingSpec {
    /// The share of samples whose interval is to hold the true value, as in 0.95.
    pub level: f64,
    /// How many resamples are drawn.
    pub resamples: u32,
    /// How many rows that follow one another are drawn together: 1 where rows are independent, else about as many as
    /// resemble each other.
    pub block: usize,
    /// What the random numbers come from.
    pub seed: u64,
}

/// How resamples are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resampling(ResamplingSpec);

/// A way to draw resamples that gives no interval.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum InvalidResampling {
    /// A level that is no share, or says next to nothing.
    #[error("`level` is {0}, expected more than 0.5 and at most {MAX_LEVEL}")]
    Level(f64),
    /// Too few resamples, or more than anybody needs.
    #[error("`resamples` is {0}, expected {MIN_RESAMPLES} to {MAX_RESAMPLES}")]
    Resamples(u32),
    /// Too few resamples to tell where the tails of the level begin.
    #[error(
        "`resamples` is {resamples}, expected at least {least} for a level of {level}: fewer have no resample in each tail"
    )]
    TooFewForLevel {
        /// How many there are.
        resamples: u32,
        /// How many the level needs.
        least: u32,
        /// The level.
        level: f64,
    },
    /// A block of no rows.
    #[error("`block` is 0, expected 1 (rows are independent) or more")]
    Block,
}

const MIN_RESAMPLES: u32 = 100;
const MAX_RESAMPLES: u32 = 100_000;
const MAX_LEVEL: f64 = 0.9999;

/// A level is a decimal, and the share beside it is off by as much: 1e-12 of a tail of 0.00005.
const ROUNDING: f64 = 1e-9;

impl Default for ResamplingSpec {
    /// 95%, 10,000 resamples of independent rows, seed 42.
    fn default() -> Self {
        Self {
            level: 0.95,
            resamples: 10_000,
            block: 1,
            seed: 42,
        }
    }
}

impl Resampling {
    /// Checks how resamples are to be drawn.
    ///
    /// # Errors
    ///
    /// The first of level, resamples and block that is out of bounds.
    pub fn new(spec: ResamplingSpec) -> Result<Self, InvalidResampling> {
        let ResamplingSpec {
            level,
            resamples,
            block,
            seed: _,
        } = spec;
        if !(level > 0.5 && level <= MAX_LEVEL) {
            return Err(InvalidResampling::Level(level));
        }
        if !(MIN_RESAMPLES..=MAX_RESAMPLES).contains(&resamples) {
            return Err(InvalidResampling::Resamples(resamples));
        }
        let in_tail = f64::from(resamples) * tail(level);
        if in_tail < 1.0 - ROUNDING {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the reciprocal of a tail of 0.00005 or more"
            )]
            let least = ((1.0 - ROUNDING) / tail(level)).ceil() as u32;
            return Err(InvalidResampling::TooFewForLevel {
                resamples,
                least,
                level,
            });
        }
        if block == 0 {
            return Err(InvalidResampling::Block);
        }
        Ok(Self(spec))
    }

    /// The share of samples whose interval is to hold the true value.
    #[must_use]
    pub fn level(&self) -> f64 {
        self.0.level
    }

    /// How many resamples are drawn.
    #[must_use]
    pub fn resamples(&self) -> u32 {
        self.0.resamples
    }

    /// How many rows that follow one another are drawn together.
    #[must_use]
    pub fn block(&self) -> usize {
        self.0.block
    }

    /// What the random numbers come from.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.0.seed
    }

    /// The share of replicates on either side of the interval.
    pub(crate) fn tail(&self) -> f64 {
        tail(self.0.level)
    }
}

fn tail(level: f64) -> f64 {
    (1.0 - level) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_checked() {
        let spec = ResamplingSpec::default();
        let problem = |spec| Resampling::new(spec).unwrap_err().to_string();
        assert!(Resampling::new(spec).is_ok());
        for level in [0.5, 1.0, 95.0, -1.0, f64::NAN, f64::INFINITY] {
            let text = problem(ResamplingSpec { level, ..spec });
            assert_eq!(
                text,
                format!("`level` is {level}, expected more than 0.5 and at most 0.9999")
            );
        }
        for resamples in [0, 99, 100_001] {
            let text = problem(ResamplingSpec { resamples, ..spec });
            assert_eq!(
                text,
                format!("`resamples` is {resamples}, expected 100 to 100000")
            );
        }
        assert_eq!(
            problem(ResamplingSpec { block: 0, ..spec }),
            "`block` is 0, expected 1 (rows are independent) or more"
        );
        assert_eq!(
            problem(ResamplingSpec {
                level: 0.995,
                resamples: 399,
                ..spec
            }),
            "`resamples` is 399, expected at least 400 for a level of 0.995: fewer have no resample in each tail"
        );
        for (level, resamples) in [(0.9999, 20_000), (0.98, 100), (0.995, 400)] {
            let least = ResamplingSpec {
                level,
                resamples,
                ..spec
            };
            assert!(Resampling::new(least).is_ok(), "{level}");
        }
    }
}
