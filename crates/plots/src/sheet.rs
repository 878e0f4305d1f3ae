use crate::canvas::{Canvas, ID, Text, px};
use crate::check::as_f64;
use crate::error::PlotError;
use crate::legend::{Entry, Legend};
use crate::palette::{Role, Style, style_sheet};
use crate::plane::MARGIN_PX;
use crate::text::{self, FONTS, LINE, Weight};

const TITLE_PX: f64 = 15.0;
const NOTE_PX: f64 = 11.0;
const MOST_TITLE_LINES: usize = 2;
const MOST_NOTE_LINES: usize = 6;

/// Of the height of a picture, what a title and an axis of numbers take.
const AROUND_PLOT_PX: f64 = 100.0;

const LEAST_PX: u32 = 240;
const MOST_PX: u32 = 4000;

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

/// A picture as SVG text: one `<svg>` element, to be written into a file or into a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Svg(String);

impl Svg {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, owned.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl std::fmt::Display for Svg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Style {
    /// Refuses sizes at which nothing can be read.
    pub(crate) fn check(&self) -> Result<(), PlotError> {
        let valid = LEAST_PX..=MOST_PX;
        if valid.contains(&self.width_px) && valid.contains(&self.height_px) {
            return Ok(());
        }
        Err(PlotError::Size {
            width_px: self.width_px,
            height_px: self.height_px,
            least_px: LEAST_PX,
            most_px: MOST_PX,
        })
    }

    pub(crate) fn width(&self) -> f64 {
        f64::from(self.width_px)
    }

    /// Height of the area of the data.
    pub(crate) fn plot_height(&self) -> f64 {
        f64::from(self.height_px) - AROUND_PLOT_PX
    }
}

/// A picture in the making: what stands over the chart, and what under it.
#[derive(Debug)]
pub(crate) struct Sheet<'a> {
    style: &'a Style,
    caption: &'a Caption,
    title_lines: Vec<String>,
    legend: Legend,
    width: f64,
    /// What has no room in the chart.
    pub(crate) notes: Vec<String>,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(
        style: &'a Style,
        caption: &'a Caption,
        entries: Vec<Entry>,
        width: f64,
    ) -> Self {
        let room = width - 2.0 * MARGIN_PX;
        let title_lines = text::paragraph(
            &caption.title,
            TITLE_PX,
            room,
            MOST_TITLE_LINES,
            Weight::Bold,
        );
        Self {
            style,
            caption,
            title_lines,
            legend: Legend::new(entries, width),
            width,
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
    pub(crate) fn finish(self, defs: &Canvas, body: &Canvas, bottom: f64) -> Svg {
        let mut canvas = Canvas::default();
        let notes = text::paragraph(
            &self.notes.join("; "),
            NOTE_PX,
            self.width - 2.0 * MARGIN_PX,
            MOST_NOTE_LINES,
            Weight::Regular,
        );
        let note_height = as_f64(notes.len()) * NOTE_PX * LINE;
        let height = (bottom + note_height + 12.0).ceil();
        let (width_px, height_px) = (px(self.width.ceil()), px(height));
        let labelled = format!("{ID}-title {ID}-desc");
        canvas.start(
            "svg",
            &[
                ("xmlns", "http://www.w3.org/2000/svg"),
                ("class", "plot"),
                ("width", &width_px),
                ("height", &height_px),
                ("viewBox", &format!("0 0 {width_px} {height_px}")),
                ("role", "img"),
                ("aria-labelledby", &labelled),
                ("font-family", FONTS),
            ],
        );
        let title_id = format!("{ID}-title");
        let desc_id = format!("{ID}-desc");
        canvas.words("title", &[("id", &title_id)], &self.caption.title);
        canvas.words("desc", &[("id", &desc_id)], &self.caption.description);
        canvas.raw(&format!(
            "<style>{}</style>\n",
            style_sheet(self.style.theme)
        ));
        canvas.start("defs", &[]);
        canvas.append(defs);
        canvas.end("defs");
        canvas.empty(
            "rect",
            &[
                ("class", Role::Background.class()),
                ("width", &width_px),
                ("height", &height_px),
                ("fill", "currentColor"),
            ],
        );
        for (index, line) in self.title_lines.iter().enumerate() {
            let baseline = 10.0 + (as_f64(index) + 0.85) * TITLE_PX * LINE;
            let text = Text {
                weight: Weight::Bold,
                ..Text::new(MARGIN_PX, baseline, TITLE_PX, line)
            };
            canvas.text(&text.class("plot-title"));
        }
        self.legend.draw(&mut canvas, self.legend_top());
        canvas.append(body);
        for (index, line) in notes.iter().enumerate() {
            let baseline = bottom + (as_f64(index) + 0.9) * NOTE_PX * LINE + 4.0;
            let text = Text::new(MARGIN_PX, baseline, NOTE_PX, line).role(Role::Muted);
            canvas.text(&text.class("plot-note"));
        }
        canvas.end("svg");
        let drawn = canvas.into_string();
        let id = format!("plot-{:016x}", fingerprint(&drawn));
        Svg(drawn.replace(ID, &id))
    }
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
