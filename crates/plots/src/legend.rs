use crate::canvas::{Canvas, Text, px};
use crate::check::as_f64;
use crate::layer::Layer;
use crate::mark;
use crate::palette::{Role, dashes_over};
use crate::plane::MARGIN_PX;
use crate::text::{self, Weight};

const LEGEND_PX: f64 = 12.0;
const ROW_PX: f64 = 19.0;
const SWATCH_PX: f64 = 26.0;
const GAP_PX: f64 = 20.0;
const MOST_ENTRY_PX: f64 = 340.0;

/// The sample before a name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Swatch {
    /// A line of a series, with or without its mark.
    Line {
        series: usize,
        layer: Layer,
        marked: bool,
    },
    Mark {
        series: usize,
        layer: Layer,
    },
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
#[derive(Debug, Clone, PartialEq)]
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
            let shown = text::cut(&entry.name, LEGEND_PX, most, Weight::Regular);
            let wide = SWATCH_PX + text::width(&shown, LEGEND_PX, Weight::Regular);
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
        canvas.start("g", &[("class", "plot-legend")]);
        for (row, entries) in self.rows.iter().enumerate() {
            let middle = top + (as_f64(row) + 0.5) * ROW_PX;
            for (x, shown, entry) in entries {
                entry.swatch.draw(canvas, *x, middle);
                let text = Text::new(x + SWATCH_PX, middle + LEGEND_PX * 0.36, LEGEND_PX, shown);
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
        match self {
            Self::Line {
                series,
                layer,
                marked,
            } => {
                canvas.start("g", &[("class", Role::Series(*series).class())]);
                canvas.line(
                    (left, middle),
                    (end, middle),
                    &[
                        ("stroke-width", "2"),
                        ("stroke-dasharray", dashes_over(*series, *layer)),
                    ],
                );
                if *marked {
                    mark::draw_sample(canvas, *series, *layer, centre);
                }
                canvas.end("g");
            }
            Self::Mark { series, layer } => {
                canvas.start("g", &[("class", Role::Series(*series).class())]);
                mark::draw_sample(canvas, *series, *layer, centre);
                canvas.end("g");
            }
            Self::Filled {
                fill,
                role,
                opacity,
            } => canvas.empty(
                "rect",
                &[
                    ("class", role.class()),
                    ("x", &px(left)),
                    ("y", &px(middle - 6.0)),
                    ("width", &px(end - left)),
                    ("height", "12"),
                    ("fill", fill),
                    ("fill-opacity", opacity),
                    ("stroke", "currentColor"),
                    ("stroke-width", "0.8"),
                ],
            ),
            Self::Diagonal => canvas.line(
                (left, middle),
                (end, middle),
                &[("class", Role::Muted.class()), ("stroke-width", "1.4")],
            ),
        }
    }
}
