use crate::canvas::{Canvas, ID, Text, px};
use crate::check::as_f64;
use crate::legend::{Entry, Legend};
use crate::palette::{Role, style_sheet};
use crate::plane::MARGIN_PX;
use crate::text::{self, BOLD, FONTS, LINE};

const TITLE_PX: f64 = 15.0;
const NOTE_PX: f64 = 11.0;
const MOST_TITLE_LINES: usize = 2;
const MOST_NOTE_LINES: usize = 6;

/// What a picture is of, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    /// Stands over the chart.
    pub title: String,
    /// What the chart shows, for those who do not see it. Not drawn.
    pub description: String,
}

impl Caption {
    /// Title and description.
    #[must_use]
    pub fn new(title: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            description: description.into(),
        }
    }
}

/// A picture in the making: what stands over the chart, and what under it.
#[derive(Debug)]
pub(crate) struct Sheet<'a> {
    caption: &'a Caption,
    title_lines: Vec<String>,
    legend: Legend,
    width: f64,
    /// What the numbers in the chart stand for.
    pub(crate) key: Vec<Entry>,
    /// What has no room in the chart.
    pub(crate) notes: Vec<String>,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(caption: &'a Caption, entries: Vec<Entry>, width: f64) -> Self {
        let room = width - 2.0 * MARGIN_PX;
        let title_lines = text::paragraph(&caption.title, TITLE_PX * BOLD, room, MOST_TITLE_LINES);
        Self {
            caption,
            title_lines,
            legend: Legend::new(entries, width),
            width,
            key: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Where the chart begins.
    pub(crate) fn top(&self) -> f64 {
        self.legend_top() + self.legend.height() + 8.0
    }

    fn legend_top(&self) -> f64 {
        let title = as_f64(self.title_lines.len()) * TITLE_PX * LINE;
        10.0 + title + 6.0
    }

    /// The picture around a chart that ends at `bottom`.
    pub(crate) fn finish(self, defs: &Canvas, body: &Canvas, mut bottom: f64) -> String {
        let mut drawn = Canvas::default();
        self.draw_title(&mut drawn);
        self.legend.draw(&mut drawn, self.legend_top());
        drawn.append(body);
        if !self.key.is_empty() {
            let key = Legend::new(self.key, self.width);
            key.draw(&mut drawn, bottom + 8.0);
            bottom += key.height() + 8.0;
        }
        let room = self.width - 2.0 * MARGIN_PX;
        let notes = text::paragraph(&self.notes.join("; "), NOTE_PX, room, MOST_NOTE_LINES);
        for (index, line) in notes.iter().enumerate() {
            let baseline = bottom + (as_f64(index) + 0.9) * NOTE_PX * LINE + 4.0;
            let text = Text::new((MARGIN_PX, baseline), NOTE_PX, line).muted();
            drawn.text(&text.class("plot-note"));
        }
        let note_height = as_f64(notes.len()) * NOTE_PX * LINE;
        let height = (bottom + note_height + 12.0).ceil();
        let svg = picture(self.caption, (self.width.ceil(), height), defs, &drawn);
        let id = format!("plot-{:016x}", fingerprint(&svg));
        svg.replace(ID, &id)
    }

    fn draw_title(&self, canvas: &mut Canvas) {
        for (index, line) in self.title_lines.iter().enumerate() {
            let baseline = 10.0 + (as_f64(index) + 0.85) * TITLE_PX * LINE;
            let [x, y, size] = [MARGIN_PX, baseline, TITLE_PX].map(px);
            let ink = Role::Ink;
            let attributes = format!(
                r#"class="{ink} plot-title" x="{x}" y="{y}" font-size="{size}" fill="currentColor" font-weight="bold""#
            );
            canvas.words("text", attributes, line);
        }
    }
}

/// The whole file, without the name of the picture.
fn picture(
    caption: &Caption,
    (width, height): (f64, f64),
    defs: &Canvas,
    drawn: &Canvas,
) -> String {
    let (width, height) = (px(width), px(height));
    let mut canvas = Canvas::default();
    canvas.start(format_args!(
        r#"svg xmlns="http://www.w3.org/2000/svg" class="plot" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{ID}-title {ID}-desc" font-family="{FONTS}""#
    ));
    canvas.words("title", format_args!(r#"id="{ID}-title""#), &caption.title);
    let description = &caption.description;
    canvas.words("desc", format_args!(r#"id="{ID}-desc""#), description);
    canvas.put(format_args!("<style>{}</style>\n", style_sheet()));
    canvas.start("defs");
    canvas.append(defs);
    canvas.end("defs");
    let background = Role::Background;
    canvas.empty(format_args!(
        r#"rect class="{background}" width="{width}" height="{height}" fill="currentColor""#
    ));
    canvas.append(drawn);
    canvas.end("svg");
    canvas.into_string()
}

/// The 64-bit FNV-1a hash. It names the parts of a picture, so that several can stand in one page.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test vectors of the FNV reference code (Landon Curt Noll).
    #[test]
    fn fingerprints_are_fnv_1a() {
        assert_eq!(fingerprint(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fingerprint("foobar"), 0x8594_4171_f739_67e8);
    }
}
