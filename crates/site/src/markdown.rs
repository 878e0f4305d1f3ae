//! Markdown of findings as HTML.

use std::collections::BTreeMap;
use std::mem;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::escape::{Escaped, escaped};
use crate::html::{push, region};
use crate::link_map::{LinkMap, Place};
use crate::slug::{Unique, anchor};

/// What Markdown needs to know of the site around it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Surroundings<'s> {
    /// Where links lead.
    pub(crate) links: &'s LinkMap,
    /// From where.
    pub(crate) from: Place<'s>,
    /// Pictures as HTML, by their file of the site.
    pub(crate) pictures: &'s BTreeMap<String, String>,
}

/// Findings as a part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// The HTML.
    pub(crate) html: String,
    /// Its headings of the second level, as anchor and text.
    pub(crate) headings: Vec<(String, String)>,
    /// The files of the pictures that it shows.
    pub(crate) shown: Vec<String>,
}

/// Renders a document. A heading that it begins with is left out: the page has its own. Anchors that the page has are in
/// `taken`.
pub(crate) fn document(markdown: &str, around: Surroundings<'_>, taken: &mut Unique) -> Rendered {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let mut events = Parser::new_ext(markdown, options).peekable();
    if let Some(Event::Start(Tag::Heading {
        level: HeadingLevel::H1,
        ..
    })) = events.peek()
    {
        events.find(|event| matches!(event, Event::End(TagEnd::Heading(_))));
    }
    let mut writer = Writer::new(around, taken);
    for event in events {
        writer.push(event);
    }
    writer.finish()
}

/// Renders a line: words, emphasis, code and links.
pub(crate) fn line(markdown: &str, around: Surroundings<'_>) -> String {
    let mut taken = Unique::default();
    let mut writer = Writer::new(around, &mut taken);
    for event in Parser::new_ext(markdown, Options::empty()) {
        match event {
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. })
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Image)
            | Event::Text(_)
            | Event::Code(_) => writer.push(event),
            Event::SoftBreak | Event::HardBreak => writer.push(Event::Text(" ".into())),
            Event::Html(text) | Event::InlineHtml(text) => writer.push(Event::Text(text)),
            // Blocks have no place in a line; what they hold has.
            Event::Start(_)
            | Event::End(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }
    writer.finish().html
}

/// What was begun and waits for its end.
struct Heading<'m> {
    level: HeadingLevel,
    events: Vec<Event<'m>>,
}

struct Writer<'m, 's> {
    around: Surroundings<'s>,
    taken: &'s mut Unique,
    out: Vec<Event<'m>>,
    /// Whether each link that is open leads anywhere.
    links: Vec<bool>,
    /// The image that is open, with the words for it.
    image: Option<(CowStr<'m>, String)>,
    heading: Option<Heading<'m>>,
    headings: Vec<(String, String)>,
    shown: Vec<String>,
    /// The words of the last heading, which name the tables below it.
    last_heading: String,
    /// Folded parts that are open.
    folded: usize,
    /// The lines of a block of HTML.
    block: String,
}

impl<'m, 's> Writer<'m, 's> {
    fn new(around: Surroundings<'s>, taken: &'s mut Unique) -> Self {
        Self {
            around,
            taken,
            out: Vec::new(),
            links: Vec::new(),
            image: None,
            heading: None,
            headings: Vec::new(),
            shown: Vec::new(),
            last_heading: String::new(),
            folded: 0,
            block: String::new(),
        }
    }

    fn push(&mut self, event: Event<'m>) {
        if let Some((_, words)) = &mut self.image {
            match event {
                Event::Text(text) | Event::Code(text) => words.push_str(&text),
                Event::SoftBreak | Event::HardBreak => words.push(' '),
                Event::End(TagEnd::Image) => self.end_image(),
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                self.heading = Some(Heading {
                    level,
                    events: Vec::new(),
                });
            }
            Event::End(TagEnd::Heading(_)) => self.end_heading(),
            Event::Start(Tag::Link { dest_url, .. }) => self.start_link(&dest_url),
            Event::End(TagEnd::Link) => {
                if self.links.pop() == Some(true) {
                    self.emit_html("</a>".to_owned());
                }
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                self.image = Some((dest_url, String::new()));
            }
            Event::Start(Tag::Table(alignments)) => {
                // The heading above says what a caption would.
                let name = Some(self.last_heading.as_str()).filter(|name| !name.is_empty());
                self.emit_html(region(name.unwrap_or("Table")));
                self.emit(Event::Start(Tag::Table(alignments)));
            }
            Event::End(TagEnd::Table) => {
                self.emit(Event::End(TagEnd::Table));
                self.emit_html("</div>\n".to_owned());
            }
            Event::Start(Tag::HtmlBlock) => self.block.clear(),
            Event::Html(text) => self.block.push_str(&text),
            Event::End(TagEnd::HtmlBlock) => self.end_block(),
            Event::InlineHtml(text) => self.emit(Event::Text(text)),
            other => self.emit(other),
        }
    }

    fn emit(&mut self, event: Event<'m>) {
        match &mut self.heading {
            Some(heading) => heading.events.push(event),
            None => self.out.push(event),
        }
    }

    fn emit_html(&mut self, html: String) {
        self.emit(Event::InlineHtml(html.into()));
    }

    fn start_link(&mut self, to: &str) {
        let address = self.around.links.resolve(to, self.around.from);
        self.links.push(address.is_some());
        if let Some(address) = address {
            let address = Escaped(&address);
            self.emit_html(format!("<a href=\"{address}\" rel=\"noreferrer\">"));
        }
    }

    fn end_image(&mut self) {
        let Some((to, words)) = self.image.take() else {
            return;
        };
        let target = self.around.links.target(&to, self.around.from.folder);
        let picture = target.and_then(|file| Some((file, self.around.pictures.get(file)?)));
        match picture {
            Some((file, html)) => {
                self.shown.push(file.to_owned());
                self.emit_html(html.clone());
            }
            None => self.emit(Event::Text(words.into())),
        }
    }

    fn end_heading(&mut self) {
        let Some(heading) = self.heading.take() else {
            return;
        };
        let words: String = heading
            .events
            .iter()
            .filter_map(|event| match event {
                Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
                _ => None,
            })
            .collect();
        // The page has the only heading of the first level.
        let level = heading.level.max(HeadingLevel::H2);
        let id = self.taken.take(&anchor(&words));
        self.emit_html(format!("<{level} id=\"{}\">", Escaped(&id)));
        self.out.extend(heading.events);
        self.emit_html(format!("</{level}>\n"));
        if level == HeadingLevel::H2 {
            self.headings.push((id, words.clone()));
        }
        self.last_heading = words;
    }

    /// Folded parts are what findings use HTML for. All other HTML is text.
    fn end_block(&mut self) {
        let block = mem::take(&mut self.block);
        let mut html = String::new();
        for line in block.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let summary = line
                .strip_prefix("<summary>")
                .and_then(|line| line.strip_suffix("</summary>"));
            match (line, summary) {
                ("<details>", _) => {
                    self.folded += 1;
                    html.push_str("<details>\n");
                }
                ("</details>", _) if self.folded > 0 => {
                    self.folded -= 1;
                    html.push_str("</details>\n");
                }
                (_, Some(words)) if self.folded > 0 => {
                    push!(&mut html, "<summary>{}</summary>\n", escaped_text(words));
                }
                _ => push!(&mut html, "<p>{}</p>\n", Escaped(line)),
            }
        }
        self.emit_html(html);
    }

    fn finish(mut self) -> Rendered {
        self.end_heading();
        let open = mem::take(&mut self.folded);
        self.emit_html("</details>\n".repeat(open));
        let mut out = String::new();
        html::push_html(&mut out, self.out.into_iter());
        Rendered {
            html: out,
            headings: self.headings,
            shown: self.shown,
        }
    }
}

/// The words of a summary, which may have escaped signs.
fn escaped_text(html: &str) -> String {
    let signs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    let plain = signs.iter().fold(html.to_owned(), |text, (entity, sign)| {
        text.replace(entity, sign)
    });
    escaped(&plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(markdown: &str) -> Rendered {
        let mut links = LinkMap::default();
        links.insert(
            "hypotheses/H1/results/p.svg".into(),
            "hypotheses/H1/results/p.svg".into(),
        );
        links.insert(
            "hypotheses/H1/FINDINGS.md".into(),
            "hypotheses/H1/index.html".into(),
        );
        links.insert(
            "hypotheses/H2/FINDINGS.md".into(),
            "hypotheses/H2/index.html".into(),
        );
        let pictures = BTreeMap::from([(
            "hypotheses/H1/results/p.svg".to_owned(),
            "<svg></svg>".to_owned(),
        )]);
        let around = Surroundings {
            links: &links,
            from: Place {
                folder: "hypotheses/H1",
                page: "hypotheses/H1/index.html",
            },
            pictures: &pictures,
        };
        document(markdown, around, &mut Unique::default())
    }

    #[test]
    fn html_of_findings_is_text() {
        for markdown in [
            "a <script>alert(1)</script> b",
            "<script>\nalert(1)\n</script>\n",
            "<img src=x onerror=alert(1)>",
            "<details onclick=\"x\">\n\nwords\n\n</details>",
            "| a |\n| - |\n| <img src=x> |\n",
            "# <b>x</b>\n\n## <script>\n",
            "[^1]\n\n[^1]: <script>\n",
            "<details>\n<summary><script>alert(1)</script></summary>\n</details>",
            "<details>\n<summary>&lt;script&gt;</summary>\n</details>",
            "<!-- <script> -->",
            "<![CDATA[<script>]]>",
            "<?php <script> ?>",
        ] {
            let html = render(markdown).html;
            for tag in ["<script", "<img", "<b>", "onclick=\"", "<!--", "<!", "<?"] {
                assert!(!html.contains(tag), "{markdown}: {html}");
            }
        }
    }

    #[test]
    fn links_do_nothing_but_lead() {
        for (markdown, expected) in [
            ("[a](javascript:alert(1))", "<p>a</p>\n"),
            ("[a](<java\tscript:alert(1)>)", "<p>a</p>\n"),
            ("[a](&#106;avascript:alert(1))", "<p>a</p>\n"),
            ("<javascript:alert(1)>", "<p>javascript:alert(1)</p>\n"),
            ("[a](data:text/html,x)", "<p>a</p>\n"),
            ("![a](javascript:alert(1))", "<p>a</p>\n"),
            ("![a *b*](https://example.org/x.png)", "<p>a b</p>\n"),
            ("![a](results/p.svg)", "<p><svg></svg></p>\n"),
            (
                "[a](#b)",
                "<p><a href=\"#b\" rel=\"noreferrer\">a</a></p>\n",
            ),
            (
                "[a](../H2/FINDINGS.md#b\"onx=)",
                "<p><a href=\"../../hypotheses/H2/index.html#b&quot;onx=\" rel=\"noreferrer\">a</a></p>\n",
            ),
        ] {
            assert_eq!(render(markdown).html, expected, "{markdown}");
        }
    }

    #[test]
    fn headings_have_the_anchors_that_links_are_written_for() {
        let rendered =
            render("# H1: title\n\nwords\n\n## Checks\n\n### A `b` c\n\n## Checks\n\n# Late\n");
        assert_eq!(
            rendered.html,
            "<p>words</p>\n<h2 id=\"checks\">Checks</h2>\n<h3 id=\"a-b-c\">A <code>b</code> c</h3>\n\
             <h2 id=\"checks-1\">Checks</h2>\n<h2 id=\"late\">Late</h2>\n"
        );
        let anchors: Vec<_> = rendered
            .headings
            .iter()
            .map(|(id, _)| id.as_str())
            .collect();
        assert_eq!(anchors, ["checks", "checks-1", "late"]);
    }

    #[test]
    fn tables_scroll_on_their_own_and_folded_parts_stay_folded() {
        let rendered = render(
            "## T\n\n<details>\n<summary>All 3 values</summary>\n\n| a | b |\n| --- | ---: |\n| 1 | 2 |\n\n",
        );
        assert_eq!(
            rendered.html,
            "<h2 id=\"t\">T</h2>\n<details>\n<summary>All 3 values</summary>\n\
             <div class=\"table\" role=\"region\" aria-label=\"T\" tabindex=\"0\">\
             <table><thead><tr><th>a</th><th style=\"text-align: right\">b</th></tr></thead><tbody>\n\
             <tr><td>1</td><td style=\"text-align: right\">2</td></tr>\n</tbody></table>\n</div>\n</details>\n"
        );
    }

    #[test]
    fn a_line_holds_no_blocks() {
        let links = LinkMap::default();
        let around = Surroundings {
            links: &links,
            from: Place {
                folder: "hypotheses/H1",
                page: "index.html",
            },
            pictures: &BTreeMap::new(),
        };
        for (markdown, html) in [
            ("**a** `b<c`", "<strong>a</strong> <code>b&lt;c</code>"),
            ("# a", "a"),
            ("- a", "a"),
            ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
            (
                "[a](javascript:x) [b](https://b.c)",
                "a <a href=\"https://b.c\" rel=\"noreferrer\">b</a>",
            ),
        ] {
            assert_eq!(line(markdown, around), html);
        }
    }
}
