//! From rows to a verdict: tables, checks, intervals, and the comparison with what was published.

mod cautions;
mod check_outcome;
mod comparison;
mod derivation;
mod interval;
mod reproduction;
mod verdict_rule;

pub use check_outcome::CheckOutcome;
pub(crate) use comparison::AmbiguousRow;
pub use comparison::{ComparedValue, Comparison, Difference};
pub(crate) use derivation::Derivation;
pub use interval::CheckInterval;
pub(crate) use interval::level_words;
pub use reproduction::{Closeness, Reproduction, UsedTolerance};
pub use verdict_rule::VerdictRule;
