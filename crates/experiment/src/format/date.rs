//! Days as a hypothesis file writes them.

use diagnostic::Reporter;
use serde_yaml::Spanned;

/// Checks that a text is a day of the calendar, written as YYYY-MM-DD.
pub(crate) fn check_date(reporter: &mut Reporter<'_>, date: &Spanned<String>) {
    if !is_date(&date.value) {
        let message = format!(
            "date `{}` is not a day of the calendar written as YYYY-MM-DD",
            date.value
        );
        reporter.at(date, message);
    }
}

/// Whether a text is a day of the calendar, written as YYYY-MM-DD.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let number = |part: &str, len: usize| {
        (part.len() == len && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<u32>().ok())
            .flatten()
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn dates_are_days_of_the_calendar() {
        for good in ["2026-02-25", "2024-02-29", "2000-02-29", "2026-12-31"] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "2026-2-25",
            "2026-02-30",
            "2100-02-29",
            "2026-13-01",
            "2026-00-01",
            "yesterday",
            "2026-02-25T",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
