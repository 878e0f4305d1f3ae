use crate::axis::{Axis, Categories, Scale};
use crate::canvas::{Anchor, Canvas, ID, Text, px};
use crate::check::{self, as_f64};
use crate::colour_map::{ColourScale, Rgb};
use crate::error::{Part, PlotError};
use crate::number::{Manner, value_of};
use crate::palette::Role;
use crate::plane::{MARGIN_PX, PLOT_HEIGHT_PX, Plane, PlaneSpec};
use crate::rect::Rect;
use crate::ruler::{LEAST_SLOT_PX, Padding, Plan, Ruler, Side, TICK_PX};
use crate::sheet::{Caption, Sheet};
use crate::text;
use crate::ticks::Extent;

const LEAST_ROW_PX: f64 = 18.0;
const MOST_ROW_PX: f64 = 46.0;
const VALUE_PX: f64 = 10.5;
const BAR_PX: f64 = 16.0;
const BAR_GAP_PX: f64 = 18.0;
const BAR_STEPS: usize = 48;
/// Leaves no seams between cells.
const CRISP: &str = r#"shape-rendering="crispEdges""#;
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
    pub fn svg(&self) -> Result<String, PlotError> {
        self.check()?;
        let (columns, rows) = (self.columns.names.len(), self.rows.names.len());
        let axis = self.value.clone().scale(self.scale());
        let row = (PLOT_HEIGHT_PX / as_f64(rows)).clamp(LEAST_ROW_PX, MOST_ROW_PX);
        let plot_height = row * as_f64(rows);
        let bar_height = plot_height.max(LEAST_BAR_PX);
        let bar = Ruler::new(self.plan(&axis), Side::Left, bar_height);
        let right = BAR_GAP_PX + BAR_PX + 6.0 + bar.depth() + 24.0 + MARGIN_PX;
        let plane = Plane::new(&PlaneSpec {
            plot_height,
            least_plot_width: as_f64(columns) * LEAST_SLOT_PX,
            right,
            ..PlaneSpec::new(Plan::Words(&self.columns), Plan::Words(&self.rows))
        });
        let sheet = Sheet::new(&self.caption, Vec::new(), plane.width);
        let plane = plane.moved_to(sheet.top());
        let mut body = Canvas::default();
        self.draw_cells(&mut body, &plane, &bar);
        plane.draw_axes(&mut body);
        let corner = (plane.width - right + BAR_GAP_PX, plane.frame.top);
        self.draw_bar(&mut body, &bar, corner);
        draw_bar_title(&mut body, &bar, (plane.width, plane.frame.top));
        let mut bottom = plane.bottom().max(corner.1 + bar_height);
        if self.cells.iter().any(Option::is_none) {
            bottom = draw_gap_entry(&mut body, &plane, bottom);
        }
        Ok(sheet.finish(&gap_pattern(), &body, bottom))
    }

    fn check(&self) -> Result<(), PlotError> {
        let columns = check::categories(&self.columns)?;
        let rows = check::categories(&self.rows)?;
        if self.cells.len() != columns * rows {
            return Err(PlotError::WrongLength {
                place: format!("heatmap of {rows} rows and {columns} columns"),
                found: self.cells.len(),
                expected: columns * rows,
            });
        }
        let shown = self.cells.iter().flatten().count();
        check::count(shown, 1..=usize::MAX, Part::Cells)?;
        for (index, value) in self.cells.iter().enumerate() {
            if let Some(value) = *value {
                check::number(value, self.scale(), || {
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

    fn plan<'a>(&self, axis: &'a Axis) -> Plan<'a> {
        Plan::Numeric {
            axis,
            extent: Extent::of(self.cells.iter().flatten().copied()),
            padding: Padding::NONE,
            centre: match self.colours {
                ColourScale::Sequential | ColourScale::SequentialLog => None,
                ColourScale::Diverging { centre } => Some(centre),
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
        for (index, (value, title)) in self.cells.iter().zip(self.titles()).enumerate() {
            let left = plane.frame.left + as_f64(index % columns) * wide;
            let top = plane.frame.top + as_f64(index / columns) * high;
            let colour = value.map(|value| self.colour(bar, value));
            let fill = colour.map_or_else(|| format!("url(#{ID}-gap)"), Rgb::hex);
            let area = Rect::new(left, top, wide, high);
            let attributes = format!(r#"class="plot-mark" {area} fill="{fill}" {CRISP}"#);
            body.titled("rect", attributes, &title);
            if let (Some(manner), Some(value), Some(colour)) = (manner, *value, colour) {
                let baseline = top + high / 2.0 + VALUE_PX * 0.36;
                let [x, y, size] = [left + wide / 2.0, baseline, VALUE_PX].map(px);
                // The colour of the cell is the same on every background, and so is that of its text.
                let ink = colour.text();
                let attributes = format!(
                    r#"class="plot-value" x="{x}" y="{y}" font-size="{size}" text-anchor="middle" fill="{ink}" pointer-events="none""#
                );
                body.words("text", attributes, &manner.text(value));
            }
        }
    }

    /// How values are written into cells of that width; none where they do not fit.
    fn manner(&self, wide: f64) -> Option<Manner> {
        let values = || self.cells.iter().flatten().copied();
        let notation = self.value.notation;
        let fits = |manner: &Manner| {
            let widths = values().map(|value| text::width(&manner.text(value), VALUE_PX));
            widths.fold(0.0, f64::max) + 6.0 <= wide
        };
        [Manner::aligned(values(), notation), Manner::Own(notation)]
            .into_iter()
            .find(fits)
    }

    /// What each cell says on hover, row by row.
    fn titles(&self) -> Vec<String> {
        let columns = self.columns.names.iter();
        let rows = self.rows.names.iter();
        let places = rows.flat_map(|row| columns.clone().map(move |column| (row, column)));
        let titled = self.cells.iter().zip(places).map(|(value, (row, column))| {
            let shown = value.map_or("no value".to_owned(), |value| value_of(&self.value, value));
            format!("{row}, {column}: {shown}")
        });
        titled.collect()
    }

    fn draw_bar(&self, body: &mut Canvas, bar: &Ruler, (left, top): (f64, f64)) {
        let Some((low, high)) = bar.ends() else {
            return;
        };
        let step = bar.length / as_f64(BAR_STEPS);
        body.start(format_args!(r#"g class="plot-colour-bar" {CRISP}"#));
        for index in 0..BAR_STEPS {
            let share = (as_f64(index) + 0.5) / as_f64(BAR_STEPS);
            let value = match self.scale() {
                Scale::Linear | Scale::LinearFromZero => low + (high - low) * share,
                Scale::Log => 10_f64.powf(low.log10() + (high.log10() - low.log10()) * share),
            };
            // A little overlap leaves no seams between the steps.
            let overlap = if index == 0 { 0.0 } else { 0.5 };
            let y = top + bar.length - as_f64(index + 1) * step;
            let area = Rect::new(left, y, BAR_PX, step + overlap);
            let fill = self.colour(bar, value).hex();
            body.empty(format_args!(r#"rect {area} fill="{fill}""#));
        }
        let class = format!(r#"class="{}""#, Role::Muted);
        for tick in &bar.ticks {
            let y = top + bar.length - tick.offset;
            let end = left + BAR_PX;
            body.line((end, y), (end + 4.0, y), &class);
            let text = Text::new((end + 6.0, y + TICK_PX * 0.35), TICK_PX, &tick.full);
            body.text(&text.class("plot-tick-bar"));
        }
        body.end("g");
    }
}

/// Writes what the colours are along the right edge of the picture.
fn draw_bar_title(body: &mut Canvas, bar: &Ruler, (width, top): (f64, f64)) {
    let shown = text::cut(&bar.title, 12.0, bar.length);
    let place = (width - MARGIN_PX - 4.0, top + bar.length / 2.0);
    let text = Text::new(place, 12.0, &shown).anchor(Anchor::Middle);
    body.text(&text.degrees(-90.0).class("plot-title-bar").full(&bar.title));
}

/// Says what hatched cells are.
fn draw_gap_entry(body: &mut Canvas, plane: &Plane, top: f64) -> f64 {
    let (role, left) = (Role::Muted, plane.frame.left);
    let (x, y) = (px(left), px(top + 6.0));
    body.empty(format_args!(
        r#"rect class="{role}" x="{x}" y="{y}" width="20" height="12" fill="url(#{ID}-gap)" stroke="currentColor""#
    ));
    let text = Text::new((left + 26.0, top + 16.0), TICK_PX, "no value");
    body.text(&text.muted());
    top + 20.0
}

/// Fainter than any value.
fn gap_pattern() -> Canvas {
    let mut defs = Canvas::default();
    defs.start(format_args!(
        r#"pattern id="{ID}-gap" width="8" height="8" patternUnits="userSpaceOnUse""#
    ));
    let role = Role::Grid;
    defs.empty(format_args!(
        r#"path class="{role}" d="M-1 9L9-1M-1 1L1-1M7 9L9 7" stroke="currentColor" stroke-width="0.8" stroke-opacity="0.9""#
    ));
    defs.end("pattern");
    defs
}
