//! How a single number is shown.

/// Digits after the point, and the text behind them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct NumberFormat {
    pub(super) digits: Option<u8>,
    pub(super) suffix: Option<String>,
}

impl NumberFormat {
    /// `pct` and `x` are digits with a unit; what is said by `digits` and `suffix` comes first.
    pub(super) fn of(
        digits: Option<u8>,
        suffix: Option<String>,
        pct: Option<u8>,
        x: Option<u8>,
    ) -> Self {
        let unit = pct.map(|_| "%").or_else(|| x.map(|_| "x"));
        Self {
            digits: digits.or(pct).or(x),
            suffix: suffix.or_else(|| unit.map(str::to_owned)),
        }
    }
}
