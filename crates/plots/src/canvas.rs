use std::fmt::Write as _;

use crate::palette::Role;
use crate::text::Weight;

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
    pub(crate) x: f64,
    /// The baseline.
    pub(crate) y: f64,
    pub(crate) size: f64,
    pub(crate) anchor: Anchor,
    pub(crate) role: Role,
    pub(crate) weight: Weight,
    /// Clockwise, about the point.
    pub(crate) degrees: f64,
    /// A further class, for what the text is.
    pub(crate) class: &'static str,
    pub(crate) content: &'a str,
    /// All of the text where `content` was cut.
    pub(crate) full: Option<&'a str>,
}

impl<'a> Text<'a> {
    pub(crate) fn new(x: f64, y: f64, size: f64, content: &'a str) -> Self {
        Self {
            x,
            y,
            size,
            anchor: Anchor::Start,
            role: Role::Ink,
            weight: Weight::Regular,
            degrees: 0.0,
            class: "",
            content,
            full: None,
        }
    }

    pub(crate) fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    pub(crate) fn role(self, role: Role) -> Self {
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

/// SVG as it is written.
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

    /// Text that is SVG already.
    pub(crate) fn raw(&mut self, svg: &str) {
        self.out.push_str(svg);
    }

    pub(crate) fn start(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.open(tag, attributes);
        self.out.push_str(">\n");
    }

    pub(crate) fn end(&mut self, tag: &str) {
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push_str(">\n");
    }

    pub(crate) fn empty(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.open(tag, attributes);
        self.out.push_str("/>\n");
    }

    /// An element whose title shows on hover.
    pub(crate) fn titled(&mut self, tag: &str, attributes: &[(&str, &str)], title: &str) {
        self.open(tag, attributes);
        self.out.push('>');
        self.title(&shortened(title));
        self.end(tag);
    }

    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), attributes: &[(&str, &str)]) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(px);
        let mut all = vec![
            ("x1", x1.as_str()),
            ("y1", y1.as_str()),
            ("x2", x2.as_str()),
            ("y2", y2.as_str()),
            ("stroke", "currentColor"),
        ];
        all.extend_from_slice(attributes);
        self.empty("line", &all);
    }

    pub(crate) fn text(&mut self, text: &Text<'_>) {
        let (x, y, size) = (px(text.x), px(text.y), px(text.size));
        let class = format!("{} {}", text.role.class(), text.class);
        let turn = format!("rotate({} {x} {y})", px(text.degrees));
        let mut attributes = vec![("class", class.trim_end()), ("x", &x), ("y", &y)];
        attributes.push(("font-size", &size));
        attributes.push(("fill", "currentColor"));
        match text.anchor {
            Anchor::Start => {}
            Anchor::Middle => attributes.push(("text-anchor", "middle")),
            Anchor::End => attributes.push(("text-anchor", "end")),
        }
        if text.weight == Weight::Bold {
            attributes.push(("font-weight", "bold"));
        }
        if text.degrees.abs() > 0.0 {
            attributes.push(("transform", &turn));
        }
        self.open("text", &attributes);
        self.out.push('>');
        if let Some(full) = text.full {
            self.title(full);
        }
        escape(text.content, &mut self.out);
        self.out.push_str("</text>\n");
    }

    /// An element of text alone.
    pub(crate) fn words(&mut self, tag: &str, attributes: &[(&str, &str)], content: &str) {
        self.open(tag, attributes);
        self.out.push('>');
        escape(content, &mut self.out);
        self.end(tag);
    }

    fn title(&mut self, title: &str) {
        self.out.push_str("<title>");
        escape(title, &mut self.out);
        self.out.push_str("</title>");
    }

    fn open(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            // Attributes are the crate's own, and the placeholder must stay in them.
            self.out.push_str(value);
            self.out.push('"');
        }
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

/// `x y`, for paths.
pub(crate) fn at(path: &mut String, command: char, x: f64, y: f64) {
    // Writing to a string cannot fail.
    let written = write!(path, "{command}{} {}", px(x), px(y));
    debug_assert!(written.is_ok());
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
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => {
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
