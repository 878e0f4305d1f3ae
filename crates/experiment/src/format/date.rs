//! Days and lines as a hypothesis file writes them.

/// Whether a title stays a title: a line break in it would begin another part of the findings.
pub(crate) fn is_one_line(title: &str) -> bool {
    !title
        .trim()
        .contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
}

/// Whether a text is a day of the calendar, written as YYYY-MM-DD.
pub(crate) fn is_date(text: &str) -> bool {
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
