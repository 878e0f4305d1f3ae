//! How wide text is, before any font is known.

use std::ops::RangeInclusive;

/// Thousandths of the font size that the printable ASCII characters advance: the greater of `DejaVu Sans`, which is as
/// wide as Verdana, and Arial, whose widths are those of Helvetica. Text in one of [`FONTS`] takes no more room.
const ASCII_WIDTHS: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 556, 1015, 684, 686, 722, 770, 667,
    611, 778, 752, 295, 500, 667, 557, 863, 748, 787, 667, 787, 722, 667, 611, 732, 684, 989, 685,
    667, 685, 390, 337, 390, 838, 556, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

/// Accented letters, Greek, Cyrillic: an average of the wider ones.
const OTHER_LETTER_WIDTH: u16 = 850;

/// Everything from here on, such as Chinese characters and pictures, is as wide as it is high.
const FULL_WIDTH: u16 = 1000;

const NARROW_SCRIPTS: RangeInclusive<char> = '\u{a0}'..='\u{10ff}';

/// Bold letters are about that much wider.
pub(crate) const BOLD: f64 = 1.12;

const ELLIPSIS: char = '…';

/// The fonts of every chart.
pub(crate) const FONTS: &str =
    "'Segoe UI','Helvetica Neue',Arial,'Liberation Sans','DejaVu Sans',sans-serif";

/// Height of a line of text against the font size.
pub(crate) const LINE: f64 = 1.25;

/// The width of text on one line.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    let thousandths: f64 = text.chars().map(char_width).map(f64::from).sum();
    thousandths / 1000.0 * size
}

fn char_width(char: char) -> u16 {
    let from_space = (u32::from(char)).checked_sub(u32::from(' '));
    let ascii = from_space.and_then(|index| ASCII_WIDTHS.get(usize::try_from(index).ok()?));
    match ascii {
        Some(&width) => width,
        None if NARROW_SCRIPTS.contains(&char) => OTHER_LETTER_WIDTH,
        None => FULL_WIDTH,
    }
}

/// The text, or its beginning and an ellipsis where it is wider than allowed.
pub(crate) fn cut(text: &str, size: f64, most: f64) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let mut room = most - width("…", size);
    let kept: String = text
        .chars()
        .take_while(|&char| {
            room -= width(char.encode_utf8(&mut [0; 4]), size);
            room >= 0.0
        })
        .collect();
    let mut kept = kept.trim_end().to_owned();
    kept.push(ELLIPSIS);
    kept
}

/// The text, or its beginning, an ellipsis and its end: names of experiments often differ in their ends.
pub(crate) fn cut_middle(text: &str, size: f64, most: f64) -> String {
    let of = |text: &str| width(text, size);
    if of(text) <= most {
        return text.to_owned();
    }
    let mut room = (most - of("…")) / 2.0;
    let ending = text.char_indices().rev().take_while(|(_, char)| {
        room -= of(char.encode_utf8(&mut [0; 4]));
        room >= 0.0
    });
    let start = ending.last().map_or(text.len(), |(start, _)| start);
    let (beginning, ending) = text.split_at(start);
    let mut kept = cut(beginning, size, most - of(ending));
    kept.push_str(ending);
    kept
}

/// The text on at most `most_lines` lines; none where it does not fit without cutting a word.
pub(crate) fn wrap(text: &str, size: f64, most: f64, most_lines: usize) -> Option<Vec<String>> {
    let mut lines = vec![String::new()];
    for word in words(text) {
        let line = lines.last_mut()?;
        let joined = format!("{line}{word}");
        if width(joined.trim_end(), size) <= most {
            *line = joined;
        } else if width(word.trim_end(), size) <= most && !line.is_empty() {
            lines.push(word.to_owned());
        } else {
            return None;
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    (lines.len() <= most_lines).then_some(lines)
}

/// The text on at most `most_lines` lines, the last one cut where there is more.
pub(crate) fn paragraph(text: &str, size: f64, most: f64, most_lines: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words(text) {
        let full = lines.len() >= most_lines;
        match lines.last_mut() {
            Some(line) if full || width(format!("{line}{word}").trim_end(), size) <= most => {
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    for line in &mut lines {
        *line = cut(line.trim_end(), size, most);
    }
    lines
}

/// Pieces between which a line may be broken: behind spaces, hyphens, underscores and the like.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive([' ', '-', '_', '/', ',', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_equally_wide() {
        let of = |text| width(text, 10.0);
        // DejaVu Sans: 0.636 for every digit. Helvetica: 0.556 for the underscore, which is narrower in DejaVu Sans.
        assert!((of("0") - 6.36).abs() < 1e-9 && (of("_") - 5.56).abs() < 1e-9);
        assert!((of("1111") - of("2345")).abs() < 1e-9);
        assert!(of("é") > 6.0 && of("语") > 9.9);
    }

    #[test]
    fn long_text_is_cut_to_its_room() {
        let name = "20260217-203421-llama-2-70b-hf-tp4-codegen";
        let shown = cut(name, 11.0, 120.0);
        assert!(shown.ends_with('…') && name.starts_with(shown.trim_end_matches('…')));
        assert!(width(&shown, 11.0) <= 120.0);
        assert_eq!(cut("short", 11.0, 120.0), "short");
    }

    #[test]
    fn names_keep_their_ends() {
        let name = "20260217-203421-llama-2-70b-hf-tp4-codegen";
        let shown = cut_middle(name, 11.0, 120.0);
        assert!(
            shown.starts_with("202602") && shown.ends_with("codegen"),
            "{shown}"
        );
        assert!(width(&shown, 11.0) <= 120.0);
        assert_eq!(cut_middle("short", 11.0, 120.0), "short");
        assert_eq!(cut_middle("é…语é…语", 11.0, 12.0), "…");
    }

    #[test]
    fn lines_break_behind_hyphens() {
        let lines = wrap("llama-2-70b-hf-tp4", 10.0, 70.0, 3).unwrap();
        assert_eq!(lines.concat(), "llama-2-70b-hf-tp4");
        assert!(lines.len() == 2 && lines.iter().all(|line| width(line, 10.0) <= 70.0));
        assert_eq!(wrap("unbreakable", 10.0, 30.0, 3), None);
        assert_eq!(wrap("a b c d e f", 10.0, 14.0, 2), None);
    }
}
