use crate::canvas::{Anchor, Canvas, Text, px};
use crate::check::as_f64;
use crate::mark::Mark;
use crate::palette::{MUTED_LINE, Role};
use crate::plane::MARGIN_PX;
use crate::text;

const LEGEND_PX: f64 = 12.0;
const NUMBER_PX: f64 = 11.0;
const ROW_PX: f64 = 19.0;
const SWATCH_PX: f64 = 26.0;
const GAP_PX: f64 = 20.0;
const MOST_ENTRY_PX: f64 = 340.0;

/// The sample before a name.
#[derive(Debug, Clone)]
pub(crate) enum Swatch {
    /// The line of a series.
    Line(Mark),
    /// The line of a series with its mark.
    MarkedLine(Mark),
    Mark(Mark),
    /// The mark of a series and the number that stands at it in the chart.
    Numbered(Mark, usize),
    /// A filling, by the value of its attribute.
    Filled {
        fill: String,
        role: Role,
        opacity: &'static str,
    },
    /// The diagonal.
    Diagonal,
}

/// A name with its sample.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) swatch: Swatch,
    pub(crate) name: String,
}

/// Entries in rows.
#[derive(Debug)]
pub(crate) struct Legend {
    rows: Vec<Vec<(f64, String, Entry)>>,
}

impl Legend {
    /// Fills rows of a picture of that width.
    pub(crate) fn new(entries: Vec<Entry>, width: f64) -> Self {
        let right = width - MARGIN_PX;
        let most = MOST_ENTRY_PX.min(right - MARGIN_PX - SWATCH_PX);
        let mut rows: Vec<Vec<_>> = Vec::new();
        let mut x = MARGIN_PX;
        for entry in entries {
            let shown = text::cut(&entry.name, LEGEND_PX, most);
            let wide = SWATCH_PX + text::width(&shown, LEGEND_PX);
            match rows.last_mut() {
                Some(row) if x + wide <= right => row.push((x, shown, entry)),
                Some(_) | None => {
                    x = MARGIN_PX;
                    rows.push(vec![(x, shown, entry)]);
                }
            }
            x += wide + GAP_PX;
        }
        Self { rows }
    }

    pub(crate) fn height(&self) -> f64 {
        as_f64(self.rows.len()) * ROW_PX
    }

    pub(crate) fn draw(&self, canvas: &mut Canvas, top: f64) {
        canvas.start(r#"g class="plot-legend""#);
        for (row, entries) in self.rows.iter().enumerate() {
            let middle = top + (as_f64(row) + 0.5) * ROW_PX;
            for (x, shown, entry) in entries {
                entry.swatch.draw(canvas, *x, middle);
                let place = (x + SWATCH_PX, middle + LEGEND_PX * 0.36);
                let text = Text::new(place, LEGEND_PX, shown);
                canvas.text(&text.class("plot-legend-name").full(&entry.name));
            }
        }
        canvas.end("g");
    }
}

impl Swatch {
    fn draw(&self, canvas: &mut Canvas, left: f64, middle: f64) {
        let end = left + SWATCH_PX - 6.0;
        let centre = (f64::midpoint(left, end), middle);
        let level = |canvas: &mut Canvas, attributes: &str| {
            canvas.line((left, middle), (end, middle), attributes);
        };
        match self {
            Self::Line(mark) | Self::MarkedLine(mark) => {
                let dashes = mark.layer.dashes(mark.series);
                canvas.start(format_args!(r#"g class="{}""#, Role::Series(mark.series)));
                level(
                    canvas,
                    &format!(r#"stroke-width="2" stroke-dasharray="{dashes}""#),
                );
                if matches!(self, Self::MarkedLine(_)) {
                    mark.draw_sample(canvas, centre);
                }
                canvas.end("g");
            }
            Self::Mark(mark) => mark.draw_group(canvas, centre),
            Self::Numbered(mark, number) => {
                mark.draw_group(canvas, (left + 4.0, middle));
                let place = (end + 3.0, middle + LEGEND_PX * 0.36);
                let number = number.to_string();
                let text = Text::new(place, NUMBER_PX, &number).anchor(Anchor::End);
                canvas.text(&text);
            }
            Self::Filled {
                fill,
                role,
                opacity,
            } => {
                let [x, y, width] = [left, middle - 6.0, end - left].map(px);
                canvas.empty(format_args!(
                    r#"rect class="{role}" x="{x}" y="{y}" width="{width}" height="12" fill="{fill}" fill-opacity="{opacity}" stroke="currentColor" stroke-width="0.8""#
                ));
            }
            Self::Diagonal => level(canvas, MUTED_LINE),
        }
    }
}
