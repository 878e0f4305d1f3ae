//! Numbers as tables show them: short, with every digit in the title.

use std::fmt::Write;

use crate::escape::{Escaped, escaped};

/// Digits of a shortened number.
const DIGITS: usize = 6;

/// Whether a cell is a number that a column of numbers is made of.
pub(crate) fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// A cell with a number as it was written; where that is long it is shortened, and the title has every digit.
pub(crate) fn number_cell(text: &str) -> String {
    match shortened(text) {
        Some(short) => titled(&short, text),
        None => format!("<td class=\"n\">{}</td>", Escaped(text)),
    }
}

/// A cell of a figure with these decimals and its unit, every digit in the title.
pub(crate) fn figure_cell(value: Option<f64>, decimals: usize) -> String {
    match value {
        Some(value) => titled(&format!("{value:.decimals$}"), &value.to_string()),
        None => NOTHING.to_owned(),
    }
}

/// A cell of a signed percentage, every digit in the title.
pub(crate) fn signed_percent_cell(value: Option<f64>) -> String {
    match value {
        Some(value) => titled(&format!("{value:+.1} %"), &format!("{value} %")),
        None => NOTHING.to_owned(),
    }
}

/// A share in whole percent.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A cell of a percentage, every digit in the title.
pub(crate) fn percent_cell(value: f64) -> String {
    titled(&format!("{value:.1} %"), &format!("{value} %"))
}

/// The cell of what is not known.
const NOTHING: &str = "<td class=\"n\">-</td>";

fn titled(short: &str, full: &str) -> String {
    format!(
        "<td class=\"n\" title=\"{}\">{}</td>",
        escaped(full),
        Escaped(short)
    )
}

/// A number with many digits by fewer; none where it is short as it is.
fn shortened(text: &str) -> Option<String> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_fraction = text.contains(['.', 'e', 'E']);
    if digits <= DIGITS + 1 || !is_fraction {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    let mut short = String::new();
    let magnitude = value.abs();
    let written = if magnitude != 0.0 && !(1e-4..1e15).contains(&magnitude) {
        write!(short, "{value:.*e}", DIGITS - 1)
    } else {
        // Digits before the point take some of those that are shown.
        let scientific = format!("{value:e}");
        let exponent: i32 = scientific.rsplit('e').next()?.parse().ok()?;
        let decimals = usize::try_from(i32::try_from(DIGITS).ok()? - 1 - exponent).unwrap_or(0);
        write!(short, "{value:.decimals$}")
    };
    written.ok()?;
    (short.len() < text.len()).then_some(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_short_with_every_digit_in_the_title() {
        for (text, shown) in [
            ("7.644048880000001", "7.64405"),
            ("12345.678901", "12345.7"),
            ("-0.000123456789", "-0.000123457"),
            ("1234567.891", "1234568"),
            ("0.00000123456789", "1.23457e-6"),
        ] {
            assert_eq!(
                number_cell(text),
                format!("<td class=\"n\" title=\"{text}\">{shown}</td>")
            );
        }
        for text in ["42", "9007199254740993", "0.82", "1e5"] {
            assert_eq!(number_cell(text), format!("<td class=\"n\">{text}</td>"));
        }
    }

    #[test]
    fn words_are_no_numbers() {
        for text in ["", "NaN", "inf", "12 ms", "0x10", "1,5"] {
            assert!(!is_number(text), "{text}");
        }
    }
}
