//! Tables in Markdown.

/// One column of a Markdown table.
pub(super) struct MarkdownColumn {
    pub(crate) heading: String,
    /// Numbers stand at the right.
    pub(crate) is_number: bool,
}

/// A table of words under plain headings.
pub(crate) fn words_table(
    headings: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> String {
    let columns: Vec<MarkdownColumn> = headings
        .iter()
        .map(|heading| MarkdownColumn {
            heading: (*heading).to_owned(),
            is_number: false,
        })
        .collect();
    table(&columns, rows)
}

/// A table of cells that are shown as they are: pipes and line breaks are made harmless.
pub(super) fn table(
    columns: &[MarkdownColumn],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> String {
    let mut text = String::new();
    push_row(
        &mut text,
        columns.iter().map(|column| escape(&column.heading)),
    );
    push_row(
        &mut text,
        columns
            .iter()
            .map(|column| if column.is_number { "---:" } else { "---" }.to_owned()),
    );
    for row in rows {
        push_row(&mut text, row.iter().map(|cell| escape(cell)));
    }
    text
}

fn push_row(text: &mut String, cells: impl Iterator<Item = String>) {
    text.push('|');
    for cell in cells {
        text.push(' ');
        text.push_str(&cell);
        text.push_str(" |");
    }
    text.push('\n');
}

/// A text that cannot end its cell, and is no HTML.
fn escape(text: &str) -> String {
    without_tags(&text.replace('|', "\\|").replace(['\n', '\r'], " "))
        .trim()
        .to_owned()
}

/// A text in which nothing begins a tag of HTML; what is less than something stays as it is.
pub(super) fn without_tags(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let begins_tag =
            |next: &char| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?');
        // What is escaped already stays so.
        let is_bare = character == '<' && !shown.ends_with('\\');
        if is_bare && rest.peek().is_some_and(begins_tag) {
            shown.push('\\');
        }
        shown.push(character);
    }
    shown
}

/// Words that are shown to the letter wherever they stand within a line: no markup, no link, no HTML, no formula. Pipes
/// are left to the table around them.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(
            character,
            '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '<' | '>' | '&' | '$'
        ) {
            plain.push('\\');
        }
        plain.push(character);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_are_no_markup() {
        for (words, shown) in [
            (
                "Shorter contexts: 4096 (not 8192), 5%.",
                "Shorter contexts: 4096 (not 8192), 5%.",
            ),
            ("<img src=x onerror=y>", "\\<img src=x onerror=y\\>"),
            (
                "![a](b) `c` **d** _e_ ~f~",
                "!\\[a\\](b) \\`c\\` \\*\\*d\\*\\* \\_e\\_ \\~f\\~",
            ),
            ("\\<b> &lt; $x$", "\\\\\\<b\\> \\&lt; \\$x\\$"),
        ] {
            assert_eq!(plain(words), shown);
        }
    }

    #[test]
    fn tags_are_words() {
        for (words, shown) in [
            ("<script>x</script>", "\\<script>x\\</script>"),
            ("a < 5, <=, <1 and 2<3", "a < 5, <=, <1 and 2<3"),
            ("<!-- x", "\\<!-- x"),
            ("\\<b>", "\\<b>"),
        ] {
            assert_eq!(without_tags(words), shown);
            assert_eq!(escape(words), shown);
        }
    }

    #[test]
    fn cells_cannot_break_out() {
        let columns = [
            MarkdownColumn {
                heading: "a|b".to_owned(),
                is_number: false,
            },
            MarkdownColumn {
                heading: "n".to_owned(),
                is_number: true,
            },
        ];
        let text = table(&columns, [vec!["x|y\nz".to_owned(), "1".to_owned()]]);
        assert_eq!(text, "| a\\|b | n |\n| --- | ---: |\n| x\\|y z | 1 |\n");
    }
}
