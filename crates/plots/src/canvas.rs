use std::fmt::{self, Display, Write as _};

use crate::palette::Role;

/// Stands for the name of the picture until its bytes are known. It cannot come from text, which is cleaned of it.
pub(crate) const ID: char = '\u{1}';

/// Characters of a name that marks repeat.
const MOST_TITLE_CHARS: usize = 300;

/// Where text stands against its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A line of text.
#[derive(Debug, Clone)]
pub(crate) struct Text<'a> {
    x: f64,
    /// The baseline.
    y: f64,
    size: f64,
    anchor: Anchor,
    role: Role,
    /// Clockwise, about the point.
    degrees: f64,
    /// A further class, for what the text is.
    class: &'static str,
    content: &'a str,
    /// All of the text where `content` was cut.
    full: Option<&'a str>,
}

impl<'a> Text<'a> {
    pub(crate) fn new((x, y): (f64, f64), size: f64, content: &'a str) -> Self {
        Self {
            x,
            y,
            size,
            anchor: Anchor::Start,
            role: Role::Ink,
            degrees: 0.0,
            class: "",
            content,
            full: None,
        }
    }

    pub(crate) fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    pub(crate) fn muted(self) -> Self {
        let role = Role::Muted;
        Self { role, ..self }
    }

    pub(crate) fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    pub(crate) fn degrees(self, degrees: f64) -> Self {
        Self { degrees, ..self }
    }

    /// The whole text, which is added as a title where the content is another.
    pub(crate) fn full(self, full: &'a str) -> Self {
        Self {
            full: (full != self.content).then_some(full),
            ..self
        }
    }
}

/// SVG as it is written. Elements are stated as in SVG, without the brackets: `rect class="plot-mark" width="5"`.
/// They are the crate's own text; names and numbers of a caller come as titles, words and text alone, and are escaped.
#[derive(Debug, Default)]
pub(crate) struct Canvas {
    out: String,
}

impl Canvas {
    pub(crate) fn into_string(self) -> String {
        self.out
    }

    pub(crate) fn append(&mut self, other: &Self) {
        self.out.push_str(&other.out);
    }

    /// SVG as it is.
    pub(crate) fn put(&mut self, svg: fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let written = self.out.write_fmt(svg);
        debug_assert!(written.is_ok());
    }

    pub(crate) fn start(&mut self, element: impl Display) {
        self.put(format_args!("<{element}>\n"));
    }

    pub(crate) fn end(&mut self, tag: &str) {
        self.put(format_args!("</{tag}>\n"));
    }

    pub(crate) fn empty(&mut self, element: impl Display) {
        self.put(format_args!("<{element}/>\n"));
    }

    /// An element whose title shows on hover.
    pub(crate) fn titled(&mut self, tag: &str, attributes: impl Display, title: &str) {
        self.put(format_args!("<{tag} {attributes}>"));
        self.title(&shortened(title));
        self.end(tag);
    }

    /// An element of text alone.
    pub(crate) fn words(&mut self, tag: &str, attributes: impl Display, content: &str) {
        self.put(format_args!("<{tag} {attributes}>"));
        escape(content, &mut self.out);
        self.end(tag);
    }

    /// A line with further attributes, or with those of its group alone.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), attributes: &str) {
        let space = if attributes.is_empty() { "" } else { " " };
        let ends = Ends(from, to);
        self.empty(format_args!(
            r#"line {ends} stroke="currentColor"{space}{attributes}"#
        ));
    }

    pub(crate) fn text(&mut self, text: &Text<'_>) {
        let [x, y, size] = [text.x, text.y, text.size].map(px);
        let class = format!("{} {}", text.role, text.class);
        let anchor = match text.anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        self.put(format_args!(
            r#"<text class="{}" x="{x}" y="{y}" font-size="{size}" fill="currentColor"{anchor}"#,
            class.trim_end()
        ));
        if text.degrees.abs() > 0.0 {
            let degrees = px(text.degrees);
            self.put(format_args!(r#" transform="rotate({degrees} {x} {y})""#));
        }
        self.put(format_args!(">"));
        if let Some(full) = text.full {
            self.title(full);
        }
        escape(text.content, &mut self.out);
        self.end("text");
    }

    fn title(&mut self, title: &str) {
        self.out.push_str("<title>");
        escape(title, &mut self.out);
        self.out.push_str("</title>");
    }
}

/// A coordinate with two decimals.
pub(crate) fn px(value: f64) -> String {
    let text = format!("{value:.2}");
    if text == "-0.00" {
        "0.00".to_owned()
    } else {
        text
    }
}

/// The ends of a line, as its attributes.
pub(crate) struct Ends(pub(crate) (f64, f64), pub(crate) (f64, f64));

impl Display for Ends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(from, to) = *self;
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(px);
        write!(f, r#"x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}""#)
    }
}

/// A path from place to place.
pub(crate) fn path(places: impl IntoIterator<Item = (f64, f64)>) -> String {
    let mut path = Canvas::default();
    for (index, (x, y)) in places.into_iter().enumerate() {
        let command = if index == 0 { 'M' } else { 'L' };
        path.put(format_args!("{command}{} {}", px(x), px(y)));
    }
    path.into_string()
}

fn shortened(title: &str) -> String {
    match title.char_indices().nth(MOST_TITLE_CHARS) {
        Some((end, _)) => format!("{}…", title.get(..end).unwrap_or(title)),
        None => title.to_owned(),
    }
}

/// Text for XML 1.0. White space becomes a space. What XML cannot hold, and marks that would turn the direction of
/// the text around it, become the replacement character.
fn escape(text: &str, out: &mut String) {
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                out.push('\u{fffd}');
            }
            other if other.is_control() => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_have_two_decimals_and_no_minus_zero() {
        assert_eq!(px(1.0), "1.00");
        assert_eq!(px(-0.001), "0.00");
        assert_eq!(px(-1.239), "-1.24");
    }

    #[test]
    fn hostile_text_is_escaped() {
        let mut out = String::new();
        escape("a<b>&\"'\u{0}\u{1}\u{1b}\n]]>\u{202e}\u{ffff}é", &mut out);
        assert_eq!(
            out,
            "a&lt;b&gt;&amp;&quot;&#39;\u{fffd}\u{fffd}\u{fffd} ]]&gt;\u{fffd}\u{fffd}é"
        );
    }

    #[test]
    fn long_titles_of_marks_are_cut() {
        assert_eq!(shortened("short"), "short");
        assert_eq!(shortened(&"é".repeat(5000)).chars().count(), 301);
    }
}
