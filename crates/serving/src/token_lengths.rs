use request_metrics::PlainNumber;
use statrs::distribution::{ContinuousCDF, Normal};
use thiserror::Error;

use crate::server_config::ServerConfig;

/// The facts [`TokenLengths`] are made of, as a GuideLLM profile states them: `prompt_tokens`, `prompt_tokens_stdev`,
/// `prompt_tokens_min` and `prompt_tokens_max`, or the same of the output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TokenLengthSpec {
    /// The mean before clamping.
    pub mean: f64,
    /// The standard deviation before clamping. `None` or 0: lengths are uniform between the bounds.
    pub std_dev: Option<f64>,
    /// The smallest length. `None`: five standard deviations below the mean, at least 1.
    pub min: Option<u32>,
    /// The largest length. `None`: five standard deviations above the mean.
    pub max: Option<u32>,
}

/// How long prompts or outputs are: the distribution of GuideLLM's synthetic data, checked.
///
/// A normal distribution that is clamped to the bounds and rounded to whole tokens: what lies beyond a bound is put on
/// it, so that the mean is not that of the normal distribution where a bound is near. Without a standard deviation every
/// whole number between the bounds is as likely, and a missing bound is the mean. (`IntegerRangeSampler` of GuideLLM
/// 0.2 to 0.8, which calls the standard deviation a variance.)
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TokenLengths {
    shape: Shape,
    min: u32,
    max: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    Uniform,
    Normal { mean: f64, std_dev: f64 },
}

/// Lengths that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct InvalidTokenLengths(String);

/// How many standard deviations from the mean a missing bound lies.
const DEFAULT_BOUND_STD_DEVS: f64 = 5.0;

impl TokenLengths {
    /// Checks the facts and fills in the bounds.
    ///
    /// # Errors
    ///
    /// The first of: a mean or a bound outside 1 to [`ServerConfig::MAX_TOKENS`], a standard deviation outside 0 to that
    /// number, a lower bound above the upper one.
    pub fn new(spec: TokenLengthSpec) -> Result<Self, InvalidTokenLengths> {
        let most = ServerConfig::MAX_TOKENS;
        let std_dev = spec.std_dev.unwrap_or(0.0);
        for (field, value, least) in [
            ("mean", Some(spec.mean), 1),
            ("min", spec.min.map(f64::from), 1),
            ("max", spec.max.map(f64::from), 1),
            ("std_dev", Some(std_dev), 0),
        ] {
            let value = value.filter(|value| !(f64::from(least)..=f64::from(most)).contains(value));
            if let Some(value) = value.map(PlainNumber) {
                let message = format!("`{field}` is {value}, expected {least} to {most}");
                return Err(InvalidTokenLengths(message));
            }
        }
        let reach = DEFAULT_BOUND_STD_DEVS * std_dev;
        let min = spec.min.unwrap_or_else(|| whole(spec.mean - reach).max(1));
        let max = spec.max.unwrap_or_else(|| whole(spec.mean + reach));
        if min > max {
            let derived = "is not given, that follows from `mean` and `std_dev`";
            return Err(InvalidTokenLengths(match (spec.min, spec.max) {
                (Some(min), None) => {
                    format!("`min` is {min}, expected at most {max}: where `max` {derived}")
                }
                (None, Some(max)) => {
                    format!("`max` is {max}, expected at least {min}: where `min` {derived}")
                }
                // Of two derived bounds the lower one is never above.
                (Some(_), Some(_)) | (None, None) => {
                    format!("`min` is {min} and `max` is {max}, expected `min` up to `max`")
                }
            }));
        }
        let shape = if std_dev > 0.0 {
            Shape::Normal {
                mean: spec.mean,
                std_dev,
            }
        } else {
            Shape::Uniform
        };
        Ok(Self { shape, min, max })
    }

    /// Always the same length.
    ///
    /// # Errors
    ///
    /// A length outside 1 to [`ServerConfig::MAX_TOKENS`].
    pub fn fixed(tokens: u32) -> Result<Self, InvalidTokenLengths> {
        Self::new(TokenLengthSpec {
            mean: f64::from(tokens),
            std_dev: None,
            min: None,
            max: None,
        })
    }

    /// The smallest length.
    #[must_use]
    pub fn min(&self) -> u32 {
        self.min
    }

    /// The largest length.
    #[must_use]
    pub fn max(&self) -> u32 {
        self.max
    }

    /// The length below which a `share` of all lie, for a share in (0, 1).
    pub(crate) fn quantile(&self, share: f64) -> u32 {
        match self.shape {
            Shape::Uniform => {
                let lengths = f64::from(self.max - self.min) + 1.0;
                let above_min = whole((share * lengths).floor());
                self.min.saturating_add(above_min).min(self.max)
            }
            Shape::Normal { mean, std_dev } => {
                let normal = mean + std_dev * Normal::standard().inverse_cdf(share);
                whole(normal).clamp(self.min, self.max)
            }
        }
    }
}

/// The nearest whole number; what is negative becomes 0.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and lengths are clamped"
)]
fn whole(tokens: f64) -> u32 {
    tokens.round() as u32
}
