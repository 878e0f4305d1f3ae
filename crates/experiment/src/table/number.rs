//! Numbers as a reader sees them. Result files keep every digit; findings show the ones that matter.

use table_file::Value;

/// Digits that a number shows where its column does not say how many.
const SIGNIFICANT_DIGITS: i32 = 6;

/// With these, what is next to nothing has the 17 that tell any two numbers apart.
const MOST_DIGITS: i32 = SIGNIFICANT_DIGITS + 17 - TINY_DIGITS;

/// Significant digits of a number next to nothing, where others have six.
const TINY_DIGITS: i32 = 3;

/// Whole numbers from here on get a comma at each thousand.
const GROUPED_FROM: u64 = 10_000;

/// A value with `digits` digits after the point, or as many as are significant.
pub(crate) fn show(value: Value<'_>, digits: Option<u8>) -> String {
    show_apart(value, digits, &[])
}

/// The same, where nothing states the digits with as many as tell a fraction from each of `others` that it is not.
pub(crate) fn show_apart(value: Value<'_>, digits: Option<u8>, others: &[f64]) -> String {
    match value {
        Value::Null => String::new(),
        Value::Int(number) => match digits {
            #[expect(
                clippy::cast_precision_loss,
                reason = "shown with a fixed number of digits"
            )]
            Some(digits) if digits > 0 => fixed(number as f64, digits),
            Some(_) | None => group(&number.to_string()),
        },
        Value::Float(number) => digits.map_or_else(
            || significant(number, told_apart(number, others)),
            |digits| fixed(number, digits),
        ),
        Value::Text(text) => text.to_owned(),
        Value::Bool(truth) => if truth { "yes" } else { "no" }.to_owned(),
    }
}

/// The significant digits that tell a number from each of `others` that it is not.
fn told_apart(number: f64, others: &[f64]) -> i32 {
    let is_told = |digits: &i32| {
        let text = significant(number, *digits);
        let mut others = others
            .iter()
            .filter(|other| other.total_cmp(&number).is_ne());
        others.all(|other| significant(*other, *digits) != text)
    };
    let told = (SIGNIFICANT_DIGITS..MOST_DIGITS).find(is_told);
    told.unwrap_or(MOST_DIGITS)
}

/// A number with a fixed count of digits after the point. Minus nothing is shown as nothing.
pub(crate) fn fixed(number: f64, digits: u8) -> String {
    let text = format!("{number:.digits$}", digits = usize::from(digits));
    let unsigned = text.strip_prefix('-').unwrap_or(&text);
    if unsigned.bytes().all(|b| matches!(b, b'0' | b'.')) {
        unsigned.to_owned()
    } else {
        group(&text)
    }
}

/// A number with this many significant digits, without zeros behind the last.
fn significant(number: f64, significant: i32) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the exponent of an f64 has three digits"
    )]
    let magnitude = number.abs().log10().floor() as i32;
    if magnitude < -SIGNIFICANT_DIGITS {
        let more = significant - SIGNIFICANT_DIGITS;
        let digits = usize::try_from(TINY_DIGITS - 1 + more).unwrap_or(0);
        return format!("{number:.digits$e}");
    }
    let digits = usize::try_from(significant - 1 - magnitude).unwrap_or(0);
    let text = format!("{number:.digits$}");
    let trimmed = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    group(trimmed)
}

/// Commas between thousands of the part before the point, where that is long.
fn group(text: &str) -> String {
    let (sign, unsigned) = text
        .strip_prefix('-')
        .map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = unsigned
        .split_once('.')
        .map_or((unsigned, None), |(a, b)| (a, Some(b)));
    let long = whole
        .parse::<u64>()
        .map_or(whole.len() > 4, |number| number >= GROUPED_FROM);
    let mut grouped = String::with_capacity(text.len() + text.len() / 3);
    grouped.push_str(sign);
    for (index, digit) in whole.chars().enumerate() {
        if long && index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_show_what_matters() {
        assert_eq!(show(Value::Int(8438), None), "8438");
        assert_eq!(show(Value::Int(2_147_483_648), None), "2,147,483,648");
        assert_eq!(show(Value::Int(-104_026), None), "-104,026");
        assert_eq!(show(Value::Float(12.961_967), Some(2)), "12.96");
        assert_eq!(show(Value::Float(1.0), Some(3)), "1.000");
        assert_eq!(show(Value::Float(0.229_695_123), None), "0.229695");
        assert_eq!(show(Value::Float(17_179_869_184.0), None), "17,179,869,184");
        assert_eq!(show(Value::Float(5_101.456_78), None), "5101.46");
        assert_eq!(show(Value::Float(0.5), None), "0.5");
        assert_eq!(show(Value::Float(0.0), None), "0");
        assert_eq!(show(Value::Float(1.25e-9), None), "1.25e-9");
        assert_eq!(show(Value::Float(-0.000_01), Some(2)), "0.00");
        assert_eq!(show(Value::Null, None), "");
        assert_eq!(show(Value::Bool(true), None), "yes");
    }

    #[test]
    fn numbers_that_differ_are_told_apart() {
        let among = |number, others: &[f64]| show_apart(Value::Float(number), None, others);
        let next = 0.820_000_000_000_000_1;
        assert_eq!(among(0.82, &[0.82, 0.83]), "0.82");
        assert_eq!(among(next, &[0.82, 0.83]), "0.8200000000000001");
        assert_eq!(among(0.82, &[next]), "0.82");
        assert_eq!(among(0.123_456_71, &[0.123_456_78]), "0.1234567");
        assert_eq!(among(1.25e-9, &[1.252e-9]), "1.250e-9");
        assert_eq!(
            show_apart(Value::Float(next), Some(2), &[0.82]),
            "0.82",
            "the author's digits stand"
        );
    }

    /// The number that a reader takes from the text.
    fn read(text: &str) -> f64 {
        text.replace(',', "").parse().unwrap()
    }

    proptest! {
        #[test]
        fn fixed_digits_are_the_nearest(number in -1e15..1e15, digits in 0_u8..=9) {
            let text = fixed(number, digits);
            let half_unit = 0.5 * 10_f64.powi(-i32::from(digits));
            // Numbers of this size have at best three digits behind the point to lose.
            let slack = number.abs() * f64::EPSILON;
            prop_assert!((read(&text) - number).abs() <= half_unit + slack, "{text}");
            let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            prop_assert_eq!(decimals, usize::from(digits));
            prop_assert!(!text.starts_with('-') || number < 0.0);
        }

        #[test]
        fn six_digits_are_what_matters(mantissa in 1.0..10.0, exponent in -30_i32..30, negative: bool) {
            let number = mantissa * 10_f64.powi(exponent) * if negative { -1.0 } else { 1.0 };
            let text = show(Value::Float(number), None);
            // Six significant digits, or three where it is next to nothing.
            let share = if number.abs() < 1e-6 { 5e-3 } else { 5e-6 };
            prop_assert!((read(&text) - number).abs() <= share * number.abs() * 1.000_001, "{text}");
            prop_assert!(!text.contains('.') || !text.ends_with('0') || text.contains('e'), "{text}");
        }

        #[test]
        fn whole_numbers_lose_nothing(number: i64) {
            let text = show(Value::Int(number), None);
            prop_assert_eq!(text.replace(',', "").parse::<i64>().unwrap(), number);
            let digits = text.trim_start_matches('-');
            let mut groups = digits.split(',');
            let first = groups.next().unwrap();
            prop_assert!(!first.is_empty() && (first.len() <= 3 || !digits.contains(',')), "{text}");
            prop_assert!(groups.all(|group| group.len() == 3), "{text}");
        }
    }
}
