//! Pieces of HTML that pages are put together from.

use std::fmt::{Arguments, Write};

use crate::escape::{Escaped, escaped};

/// Adds formatted text to a string.
macro_rules! push {
    ($html:expr, $($text:tt)+) => {
        $crate::html::add($html, format_args!($($text)+))
    };
}
pub(crate) use push;

pub(crate) fn add(html: &mut String, text: Arguments<'_>) {
    // Writing to a string cannot fail.
    let written = html.write_fmt(text);
    debug_assert!(written.is_ok());
}

/// What a column holds: numbers are flush right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Words,
    Numbers,
}

/// A table with a caption, the heads of its columns, and rows that are HTML.
pub(crate) fn table<'h>(
    caption: &str,
    heads: impl IntoIterator<Item = (&'h str, Column)>,
    rows: impl IntoIterator<Item = String>,
) -> String {
    table_of("<table>", caption, heads, rows)
}

/// The same of a table whose order is a part of it: nothing sorts or filters it.
pub(crate) fn fixed_table<'h>(
    caption: &str,
    heads: impl IntoIterator<Item = (&'h str, Column)>,
    rows: impl IntoIterator<Item = String>,
) -> String {
    table_of("<table class=\"plain\">", caption, heads, rows)
}

fn table_of<'h>(
    tag: &str,
    caption: &str,
    heads: impl IntoIterator<Item = (&'h str, Column)>,
    rows: impl IntoIterator<Item = String>,
) -> String {
    let mut html = region(caption);
    push!(
        &mut html,
        "{tag}<caption>{}</caption>\n<thead><tr>",
        Escaped(caption)
    );
    for (head, column) in heads {
        let class = match column {
            Column::Words => "",
            Column::Numbers => " class=\"n\"",
        };
        push!(&mut html, "<th scope=\"col\"{class}>{}</th>", Escaped(head));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        push!(&mut html, "<tr>{row}</tr>\n");
    }
    html.push_str("</tbody></table></div>\n");
    html
}

/// The beginning of a part of a page that scrolls on its own where it is wide.
pub(crate) fn region(name: &str) -> String {
    let name = escaped(name);
    format!("<div class=\"table\" role=\"region\" aria-label=\"{name}\" tabindex=\"0\">")
}

/// What is known of something at a glance: names, and values that are HTML.
pub(crate) fn facts<const N: usize>(facts: [(&str, String); N]) -> String {
    let mut html = "<dl class=\"facts\">\n".to_owned();
    for (name, value) in facts {
        push!(&mut html, "<div><dt>{name}</dt><dd>{value}</dd></div>\n");
    }
    html.push_str("</dl>\n");
    html
}
