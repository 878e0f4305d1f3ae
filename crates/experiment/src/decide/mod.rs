//! From rows to a verdict: tables, checks, intervals, and the comparison with what was published.

mod check_outcome;
mod comparison;
mod derivation;
mod interval;
mod verdict_rule;

pub use check_outcome::CheckOutcome;
pub(crate) use comparison::AmbiguousRow;
pub use comparison::{ComparedValue, Comparison, Difference};
pub(crate) use derivation::Derivation;
pub use interval::CheckInterval;
pub(crate) use interval::level_words;
pub use verdict_rule::VerdictRule;
