//! Numbers as a reader sees them, by decimal digits alone: no logarithm decides how a number is written.

use crate::axis::{Axis, Notation};

/// Whole numbers from here on get a comma at each thousand.
const GROUPED_FROM_DIGITS: usize = 5;

/// Prefixes of units, one for each power of a thousand from this on.
const PREFIXES: [&str; 11] = ["p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E"];
const LEAST_PREFIX: i32 = -4;

/// `digits * 10^exponent`: what ticks are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal {
    pub(crate) digits: i64,
    pub(crate) exponent: i32,
}

impl Decimal {
    pub(crate) fn new(digits: i64, exponent: i32) -> Self {
        Self { digits, exponent }
    }

    /// The nearest number of the machine.
    #[expect(
        clippy::cast_precision_loss,
        reason = "digits of ticks are below 2^53, since ranges are wide against their steps"
    )]
    pub(crate) fn value(self) -> f64 {
        if self.exponent < 0 {
            self.digits as f64 / power_of_ten(-self.exponent)
        } else {
            self.digits as f64 * power_of_ten(self.exponent)
        }
    }
}

/// Ten to a power of zero or more; exact up to 22.
fn power_of_ten(exponent: i32) -> f64 {
    (0..exponent).fold(1.0, |power, _| power * 10.0)
}

/// A number in scientific notation, rounded to `digits` behind the point: digits `d.ddd` and exponent.
pub(crate) fn scientific(value: f64, digits: usize) -> (f64, i32) {
    let text = format!("{value:.digits$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    // Rust writes `d.ddde-x`, which parses back.
    (
        mantissa.parse().unwrap_or(value),
        exponent.parse().unwrap_or(0),
    )
}

/// The ticks of an axis as text, all in the same manner.
pub(crate) fn ticks(decimals: &[Decimal], notation: Notation) -> Vec<String> {
    let values = || decimals.iter().map(|decimal| decimal.value());
    let largest = values().map(f64::abs).fold(0.0, f64::max);
    let finest = decimals.iter().map(|decimal| decimal.exponent).min();
    let extreme = largest >= 1e10 || finest.is_some_and(|exponent| exponent < -6);
    match notation {
        Notation::Engineering => values().map(engineering).collect(),
        Notation::Grouped if extreme => values().map(power).collect(),
        Notation::Grouped => decimals.iter().map(|&decimal| fixed(decimal)).collect(),
    }
}

/// With as many digits behind the point as the exponent says.
fn fixed(decimal: Decimal) -> String {
    let digits = usize::try_from(-decimal.exponent).unwrap_or(0);
    if decimal.digits == 0 {
        return "0".to_owned();
    }
    grouped(&format!("{:.digits$}", decimal.value()))
}

/// `1.5e12`.
fn power(value: f64) -> String {
    if value.abs() <= 0.0 {
        return "0".to_owned();
    }
    let (mantissa, exponent) = scientific(value, 9);
    format!("{mantissa}e{exponent}")
}

/// Six significant digits, grouped, without zeros behind the last.
pub(crate) fn plain(value: f64) -> String {
    significant(value, 6)
}

/// So many significant digits, grouped, without zeros behind the last.
pub(crate) fn significant(value: f64, count: i32) -> String {
    if value.abs() <= 0.0 {
        return "0".to_owned();
    }
    let behind = usize::try_from(count - 1).unwrap_or(0);
    let (mantissa, exponent) = scientific(value, behind);
    if !(-5..15).contains(&exponent) {
        return format!("{mantissa}e{exponent}");
    }
    let digits = usize::try_from(count - 1 - exponent).unwrap_or(0);
    grouped(trimmed(&format!("{value:.digits$}")))
}

/// Four significant digits and the prefix of the unit: `989.5 T`.
pub(crate) fn engineering(value: f64) -> String {
    if value.abs() <= 0.0 {
        return "0".to_owned();
    }
    let (mantissa, exponent) = scientific(value, 3);
    let index = usize::try_from(exponent.div_euclid(3) - LEAST_PREFIX);
    let Some(prefix) = index.ok().and_then(|index| PREFIXES.get(index)) else {
        return power(value);
    };
    let places = exponent.rem_euclid(3);
    let shown = mantissa * power_of_ten(places);
    let digits = usize::try_from(3 - places).unwrap_or(0);
    let text = format!("{shown:.digits$}");
    format!("{} {prefix}", trimmed(&text)).trim_end().to_owned()
}

/// A value as its axis writes it.
pub(crate) fn shown(value: f64, notation: Notation) -> String {
    match notation {
        Notation::Grouped => plain(value),
        Notation::Engineering => engineering(value),
    }
}

/// How numbers that stand beside each other are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Each as its axis writes it, without zeros behind the last digit.
    Own(Notation),
    /// All with so many digits behind the point.
    Aligned(usize),
}

/// Significant digits of the largest of aligned numbers: more would be made up.
const MOST_ALIGNED_DIGITS: usize = 6;

impl Manner {
    /// All with as many digits behind the point as the one that has most, where none loses what it is by that.
    pub(crate) fn aligned(values: impl Iterator<Item = f64>, notation: Notation) -> Self {
        match notation {
            Notation::Grouped => {}
            Notation::Engineering => return Self::Own(notation),
        }
        let (mut behind, mut before, mut least_behind) = (0, 1, 0);
        for value in values {
            let text = plain(value);
            if text.contains('e') {
                return Self::Own(notation);
            }
            let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
            behind = behind.max(digits(fraction));
            before = before.max(digits(whole));
            // Two digits of a number below one.
            let zeros = fraction.len() - fraction.trim_start_matches('0').len();
            if whole.trim_start_matches('-') == "0" && !fraction.is_empty() {
                least_behind = least_behind.max((zeros + 2).min(fraction.len()));
            }
        }
        let shown = behind.min(MOST_ALIGNED_DIGITS.saturating_sub(before));
        if shown < least_behind {
            Self::Own(notation)
        } else {
            Self::Aligned(shown)
        }
    }

    pub(crate) fn text(self, value: f64) -> String {
        match self {
            Self::Own(notation) => shown(value, notation),
            Self::Aligned(digits) => {
                let text = grouped(&format!("{value:.digits$}"));
                let is_zero = text.chars().all(|letter| !matches!(letter, '1'..='9'));
                if is_zero {
                    text.trim_start_matches('-').to_owned()
                } else {
                    text
                }
            }
        }
    }
}

/// A value of an axis with its unit: `989.5 TFLOP/s`, `12.5 ms`.
pub(crate) fn value_of(axis: &Axis, value: f64) -> String {
    let number = shown(value, axis.notation);
    let Some(unit) = &axis.unit else {
        return number;
    };
    let prefixed = number.ends_with(|last: char| last.is_alphabetic());
    let space = match axis.notation {
        Notation::Engineering if prefixed => "",
        Notation::Engineering | Notation::Grouped => " ",
    };
    format!("{number}{space}{unit}")
}

/// Without zeros behind the last digit after a point.
fn trimmed(text: &str) -> &str {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    }
}

/// Commas between thousands of the part before the point, where that is long.
fn grouped(text: &str) -> String {
    let (sign, unsigned) = text
        .strip_prefix('-')
        .map_or(("", text), |rest| ("-", rest));
    let whole_digits = unsigned.find('.').unwrap_or(unsigned.len());
    let mut out = String::from(sign);
    for (index, digit) in unsigned.chars().enumerate() {
        let inside = index > 0 && index < whole_digits;
        if inside && whole_digits >= GROUPED_FROM_DIGITS && (whole_digits - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hovered_numbers_have_six_digits() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (8438.0, "8438"),
            (10_217.0, "10,217"),
            (-1_234_567.8, "-1,234,568"),
            (0.229_695_123, "0.229695"),
            (12.5, "12.5"),
            (1e18, "1e18"),
            (-2.5e-12, "-2.5e-12"),
        ];
        for (value, text) in cases {
            assert_eq!(plain(value), text);
        }
        assert_eq!(significant(295.373_134, 4), "295.4");
        assert_eq!(significant(0.000_999_96, 4), "0.001");
    }

    #[test]
    fn numbers_beside_each_other_have_the_same_digits() {
        let texts = |values: &[f64]| {
            let manner = Manner::aligned(values.iter().copied(), Notation::Grouped);
            values
                .iter()
                .map(|value| manner.text(*value))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            texts(&[37.0, 3.0, 49.0, 14.5]),
            ["37.0", "3.0", "49.0", "14.5"]
        );
        assert_eq!(texts(&[37.0, 3.0]), ["37", "3"]);
        assert_eq!(texts(&[0.0, -0.01, 1.5]), ["0.00", "-0.01", "1.50"]);
        assert_eq!(texts(&[12_345.0, 0.5]), ["12,345.0", "0.5"]);
        // No digits are made up, and none that matter are lost.
        assert_eq!(texts(&[123.123, 8.123_45]), ["123.123", "8.123"]);
        assert_eq!(texts(&[12_345.6, 0.012]), ["12,345.6", "0.012"]);
        assert_eq!(texts(&[1e20, 0.5]), ["1e20", "0.5"]);
    }

    #[test]
    fn prefixes_are_those_of_the_si() {
        let cases = [
            (989.5e12, "989.5 T"),
            (1e12, "1 T"),
            (1e11, "100 G"),
            (999.96e9, "1 T"),
            (3.35e12, "3.35 T"),
            (0.002, "2 m"),
            (0.000_15, "150 µ"),
            (50.0, "50"),
            (1e30, "1e30"),
            (0.0, "0"),
        ];
        for (value, text) in cases {
            assert_eq!(engineering(value), text);
        }
        let flops = Axis::new("performance").unit("FLOP/s").engineering();
        assert_eq!(value_of(&flops, 989.5e12), "989.5 TFLOP/s");
        assert_eq!(value_of(&flops, 50.0), "50 FLOP/s");
        let grouped = Axis::new("performance").unit("FLOP/s");
        assert_eq!(value_of(&grouped, 1e16), "1e16 FLOP/s");
    }

    #[test]
    fn ticks_of_one_axis_are_written_alike() {
        let of = |digits: &[i64], exponent| {
            let all: Vec<_> = digits
                .iter()
                .map(|&digits| Decimal { digits, exponent })
                .collect();
            ticks(&all, Notation::Grouped)
        };
        assert_eq!(of(&[-5, 0, 5, 10], -1), ["-0.5", "0", "0.5", "1.0"]);
        assert_eq!(of(&[5, 10], 3), ["5000", "10,000"]);
        assert_eq!(of(&[0, 2, 10], 17), ["0", "2e17", "1e18"]);
        assert_eq!(of(&[5, 10], -13), ["5e-13", "1e-12"]);
    }
}
