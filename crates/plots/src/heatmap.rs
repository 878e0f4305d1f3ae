use crate::axis::{Axis, Categories, Scale};
use crate::canvas::{Anchor, Canvas, ID, Text, px};
use crate::check::{self, as_f64};
use crate::colour_map::{ColourScale, Rgb};
use crate::error::{Part, PlotError};
use crate::number::Manner;
use crate::palette::{Role, Style};
use crate::plane::{MARGIN_PX, Plane, PlaneSpec};
use crate::rect::Rect;
use crate::ruler::{LEAST_SLOT_PX, Padding, Plan, Ruler, Side, TICK_PX};
use crate::sheet::{Caption, Sheet, Svg};
use crate::text::{self, Weight};
use crate::ticks::Extent;
use crate::xy_chart::value_of;

const LEAST_ROW_PX: f64 = 18.0;
const MOST_ROW_PX: f64 = 46.0;
const VALUE_PX: f64 = 10.5;
const BAR_PX: f64 = 16.0;
const BAR_GAP_PX: f64 = 18.0;
const BAR_STEPS: usize = 48;
/// Leaves no seams between cells.
const CRISP: (&str, &str) = ("shape-rendering", "crispEdges");
const LEAST_BAR_PX: f64 = 120.0;

/// Values over two axes of words, as colours.
#[derive(Debug, Clone, PartialEq)]
pub struct Heatmap {
    /// Title and description.
    pub caption: Caption,
    /// Columns.
    pub columns: Categories,
    /// Rows, from the top.
    pub rows: Categories,
    /// What the colours show. Its scale is that of `colours`.
    pub value: Axis,
    /// How the colours run.
    pub colours: ColourScale,
    /// The values, row by row from the top. None is drawn as a hatched gap.
    pub cells: Vec<Option<f64>>,
}

impl Heatmap {
    /// Draws the chart.
    ///
    /// Values are written into the cells where all of them fit.
    ///
    /// # Errors
    /// There is nothing to draw or too much, the cells are not as many as rows times columns, or a value cannot be
    /// shown.
    pub fn svg(&self, style: &Style) -> Result<Svg, PlotError> {
        self.check()?;
        style.check()?;
        let (columns, rows) = (self.columns.names.len(), self.rows.names.len());
        let axis = self.axis();
        let row = (style.plot_height() / as_f64(rows)).clamp(LEAST_ROW_PX, MOST_ROW_PX);
        let plot_height = row * as_f64(rows);
        let bar_height = plot_height.max(LEAST_BAR_PX);
        let bar = Ruler::new(self.plan(&axis), Side::Left, bar_height);
        let right = BAR_GAP_PX + BAR_PX + 6.0 + bar.depth() + 24.0 + MARGIN_PX;
        let plane = Plane::new(&PlaneSpec {
            width: style.width(),
            plot_height,
            square: false,
            least_plot_width: as_f64(columns) * LEAST_SLOT_PX,
            right,
            x: Plan::Words(&self.columns),
            y: Plan::Words(&self.rows),
        });
        let sheet = Sheet::new(style, &self.caption, Vec::new(), plane.width);
        let plane = plane.moved_to(sheet.top());
        let mut body = Canvas::default();
        self.draw_cells(&mut body, &plane, &bar);
        plane.draw_axes(&mut body);
        let corner = (plane.width - right + BAR_GAP_PX, plane.frame.top);
        self.draw_bar(&mut body, &bar, corner, plane.width);
        let has_gaps = self.cells.iter().any(Option::is_none);
        let mut bottom = plane.bottom().max(corner.1 + bar_height);
        if has_gaps {
            bottom = draw_gap_entry(&mut body, &plane, bottom);
        }
        Ok(sheet.finish(&gap_pattern(), &body, bottom))
    }

    fn check(&self) -> Result<(), PlotError> {
        let (columns, rows) = (self.columns.names.len(), self.rows.names.len());
        for count in [columns, rows] {
            check::some(count, Part::Categories)?;
            check::at_most(count, check::MOST_CATEGORIES, Part::Categories)?;
        }
        if self.cells.len() != columns * rows {
            return Err(PlotError::WrongLength {
                place: format!("heatmap of {rows} rows and {columns} columns"),
                found: self.cells.len(),
                expected: columns * rows,
            });
        }
        check::some(self.cells.iter().flatten().count(), Part::Cells)?;
        let scale = self.scale();
        for (index, value) in self.cells.iter().enumerate() {
            if let Some(value) = *value {
                check::number(value, scale, || {
                    let name = |words: &Categories, index: usize| {
                        let name = words.names.get(index).map_or("", String::as_str);
                        format!("{} `{name}`", words.label)
                    };
                    let (row, column) = (index / columns, index % columns);
                    let places = (name(&self.rows, row), name(&self.columns, column));
                    format!("cell at {}, {}", places.0, places.1)
                })?;
            }
        }
        match self.colours {
            ColourScale::Sequential | ColourScale::SequentialLog => Ok(()),
            ColourScale::Diverging { centre } => {
                check::number(centre, Scale::Linear, || "centre of the colours".to_owned())
            }
        }
    }

    fn scale(&self) -> Scale {
        match self.colours {
            ColourScale::Sequential | ColourScale::Diverging { .. } => Scale::Linear,
            ColourScale::SequentialLog => Scale::Log,
        }
    }

    fn axis(&self) -> Axis {
        self.value.clone().scale(self.scale())
    }

    fn plan<'a>(&self, axis: &'a Axis) -> Plan<'a> {
        let extent = Extent::of(self.cells.iter().filter_map(|value| *value));
        match self.colours {
            ColourScale::Sequential | ColourScale::SequentialLog => Plan::Numeric {
                axis,
                extent,
                padding: Padding {
                    low: 0.0,
                    high: 0.0,
                },
            },
            ColourScale::Diverging { centre } => Plan::About {
                axis,
                centre,
                reach: (extent.max - centre).abs().max((extent.min - centre).abs()),
            },
        }
    }

    /// The colour of a value by its place on the colour bar, in whose middle the centre of diverging colours is.
    fn colour(&self, bar: &Ruler, value: f64) -> Rgb {
        self.colours.colour(bar.offset(value) / bar.length)
    }

    fn draw_cells(&self, body: &mut Canvas, plane: &Plane, bar: &Ruler) {
        let columns = self.columns.names.len();
        let wide = plane.frame.width / as_f64(columns);
        let high = plane.frame.height / as_f64(self.rows.names.len());
        let manner = self.manner(wide);
        let titles = self.titles();
        for (index, (value, title)) in self.cells.iter().zip(&titles).enumerate() {
            let area = Rect::new(
                plane.frame.left + as_f64(index % columns) * wide,
                plane.frame.top + as_f64(index / columns) * high,
                wide,
                high,
            );
            let Some(value) = *value else {
                draw_cell(body, area, &format!("url(#{ID}-gap)"), title);
                continue;
            };
            let colour = self.colour(bar, value);
            draw_cell(body, area, &colour.hex(), title);
            if let Some(manner) = manner {
                let [x, y, size] = [
                    area.left + wide / 2.0,
                    area.top + high / 2.0 + VALUE_PX * 0.36,
                    VALUE_PX,
                ]
                .map(px);
                // The colour of the cell is the same on every background, and so is that of its text.
                body.words(
                    "text",
                    &[
                        ("class", "plot-value"),
                        ("x", &x),
                        ("y", &y),
                        ("font-size", &size),
                        ("text-anchor", "middle"),
                        ("fill", colour.text()),
                        ("pointer-events", "none"),
                    ],
                    &manner.text(value),
                );
            }
        }
    }

    /// How values are written into cells of that width; none where they do not fit.
    fn manner(&self, wide: f64) -> Option<Manner> {
        let values = || self.cells.iter().filter_map(|value| *value);
        let notation = self.value.notation;
        let fits = |manner: &Manner| {
            let texts = values().map(|value| manner.text(value));
            let widths = texts.map(|shown| text::width(&shown, VALUE_PX, Weight::Regular));
            widths.fold(0.0, f64::max) + 6.0 <= wide
        };
        [Manner::aligned(values(), notation), Manner::Own(notation)]
            .into_iter()
            .find(fits)
    }

    fn titles(&self) -> Vec<String> {
        let places = self
            .rows
            .names
            .iter()
            .flat_map(|row| self.columns.names.iter().map(move |column| (row, column)));
        let titled = self.cells.iter().zip(places).map(|(value, (row, column))| {
            let shown = value.map_or("no value".to_owned(), |value| value_of(&self.value, value));
            format!("{row}, {column}: {shown}")
        });
        titled.collect()
    }

    fn draw_bar(&self, body: &mut Canvas, bar: &Ruler, (left, top): (f64, f64), width: f64) {
        let step = bar.length / as_f64(BAR_STEPS);
        let Some((low, high)) = bar.ends() else {
            return;
        };
        body.start("g", &[("class", "plot-colour-bar"), CRISP]);
        for index in 0..BAR_STEPS {
            let share = (as_f64(index) + 0.5) / as_f64(BAR_STEPS);
            let value = match self.scale() {
                Scale::Linear | Scale::LinearFromZero => low + (high - low) * share,
                Scale::Log => 10_f64.powf(low.log10() + (high.log10() - low.log10()) * share),
            };
            let y = top + bar.length - as_f64(index + 1) * step;
            body.empty(
                "rect",
                &[
                    ("x", &px(left)),
                    ("y", &px(y)),
                    ("width", &px(BAR_PX)),
                    // A little overlap leaves no seams between the steps.
                    ("height", &px(step + if index == 0 { 0.0 } else { 0.5 })),
                    ("fill", &self.colour(bar, value).hex()),
                ],
            );
        }
        for tick in &bar.ticks {
            let y = top + bar.length - tick.offset;
            let end = left + BAR_PX;
            body.line((end, y), (end + 4.0, y), &[("class", Role::Muted.class())]);
            let text = Text::new(end + 6.0, y + TICK_PX * 0.35, TICK_PX, &tick.full);
            body.text(&text.class("plot-tick-bar"));
        }
        body.end("g");
        let shown = text::cut(&bar.title, 12.0, bar.length, Weight::Regular);
        let (x, y) = (width - MARGIN_PX - 4.0, top + bar.length / 2.0);
        let text = Text::new(x, y, 12.0, &shown).anchor(Anchor::Middle);
        body.text(&text.degrees(-90.0).class("plot-title-bar").full(&bar.title));
    }
}

fn draw_cell(body: &mut Canvas, area: Rect, fill: &str, title: &str) {
    body.titled(
        "rect",
        &[
            ("class", "plot-mark"),
            ("x", &px(area.left)),
            ("y", &px(area.top)),
            ("width", &px(area.width)),
            ("height", &px(area.height)),
            ("fill", fill),
            CRISP,
        ],
        title,
    );
}

/// Says what hatched cells are.
fn draw_gap_entry(body: &mut Canvas, plane: &Plane, top: f64) -> f64 {
    let fill = format!("url(#{ID}-gap)");
    body.empty(
        "rect",
        &[
            ("class", Role::Muted.class()),
            ("x", &px(plane.frame.left)),
            ("y", &px(top + 6.0)),
            ("width", "20"),
            ("height", "12"),
            ("fill", &fill),
            ("stroke", "currentColor"),
        ],
    );
    let text = Text::new(plane.frame.left + 26.0, top + 16.0, TICK_PX, "no value");
    body.text(&text.role(Role::Muted));
    top + 20.0
}

fn gap_pattern() -> Canvas {
    let mut defs = Canvas::default();
    let id = format!("{ID}-gap");
    defs.start(
        "pattern",
        &[
            ("id", &id),
            ("width", "8"),
            ("height", "8"),
            ("patternUnits", "userSpaceOnUse"),
        ],
    );
    defs.empty(
        "path",
        &[
            ("class", Role::Grid.class()),
            ("d", "M-1 9L9-1M-1 1L1-1M7 9L9 7"),
            ("stroke", "currentColor"),
            ("stroke-width", "0.8"),
            // Fainter than any value.
            ("stroke-opacity", "0.9"),
        ],
    );
    defs.end("pattern");
    defs
}
