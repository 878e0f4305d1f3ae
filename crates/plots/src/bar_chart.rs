use crate::axis::{Axis, Categories, ReferenceLine, Scale};
use crate::canvas::{Anchor, Canvas, ID, Text};
use crate::check::{self, as_f64};
use crate::error::{Part, PlotError};
use crate::legend::{Entry, Swatch};
use crate::number::{Manner, value_of};
use crate::palette::{MOST_BAR_SERIES, MUTED_LINE, Role, texture};
use crate::plane::{Plane, PlaneSpec, WIDTH_PX};
use crate::rect::Rect;
use crate::reference::{self, Under, UprightLabels, clear_of};
use crate::room::Room;
use crate::ruler::{Padding, Plan, wrapped};
use crate::sheet::{Caption, Sheet};
use crate::text;
use crate::ticks::Extent;

const VALUE_PX: f64 = 10.0;

/// Share of a category that its bars fill.
const FILLED: f64 = 0.78;

const MOST_UPRIGHT_BAR_PX: f64 = 72.0;
const LEAST_UPRIGHT_BAR_PX: f64 = 5.0;

/// Thickness of lying bars, by how many a category has.
const LYING_BAR_PX: f64 = 13.0;
const LONE_LYING_BAR_PX: f64 = 17.0;
const LYING_GAP_PX: f64 = 8.0;

/// Which way bars run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    /// Upwards, categories side by side.
    Upright,
    /// To the right, categories under each other.
    Lying,
}

/// Bars that belong together, one for each category.
#[derive(Debug, Clone, PartialEq)]
pub struct BarSeries {
    /// Name in the legend.
    pub name: String,
    /// One value for each category, in order; none leaves a gap.
    pub values: Vec<Option<f64>>,
}

impl BarSeries {
    /// Bars of a name.
    #[must_use]
    pub fn new(name: impl Into<String>, values: impl IntoIterator<Item = Option<f64>>) -> Self {
        Self {
            name: name.into(),
            values: values.into_iter().collect(),
        }
    }
}

/// Bars over categories: one for each, or a group. They are upright where all names of categories fit under them, else
/// lying.
#[derive(Debug, Clone, PartialEq)]
pub struct BarChart {
    /// Title and description.
    pub caption: Caption,
    /// The categories.
    pub categories: Categories,
    /// The axis of values. Bars start at zero, so it is linear.
    pub value: Axis,
    /// The bars, 12 series at most.
    pub series: Vec<BarSeries>,
    /// Lines at fixed values.
    pub references: Vec<ReferenceLine>,
}

/// A bar and what it shows.
struct Bar {
    area: Rect,
    value: f64,
    title: String,
}

/// A chart on its plane.
struct Laid<'a> {
    chart: &'a BarChart,
    direction: Direction,
    plane: &'a Plane,
    /// Of a bar.
    thickness: f64,
}

impl BarChart {
    /// A chart without reference lines.
    #[must_use]
    pub fn new(
        caption: Caption,
        categories: Categories,
        value: Axis,
        series: Vec<BarSeries>,
    ) -> Self {
        Self {
            caption,
            categories,
            value,
            series,
            references: Vec::new(),
        }
    }

    /// Draws the chart.
    ///
    /// # Errors
    /// There is nothing to draw or too much, a number that an axis cannot show, a series whose length is not that of
    /// the categories, or a logarithmic axis.
    pub fn svg(&self) -> Result<String, PlotError> {
        self.check()?;
        let axis = self.value.clone().from_zero();
        let direction = self.direction();
        let plane = Plane::new(&self.plane(direction, &axis));
        let mut sheet = Sheet::new(&self.caption, self.entries(), plane.width);
        // Lines across lying bars are upright, and have their labels over the chart.
        let upright = match direction {
            Direction::Upright => UprightLabels::new(&[], &plane),
            Direction::Lying => UprightLabels::new(&self.references, &plane),
        };
        let plane = plane.moved_to(sheet.top() + upright.height());
        let laid = Laid {
            chart: self,
            direction,
            plane: &plane,
            thickness: match direction {
                Direction::Upright => {
                    let slot = plane.frame.width / as_f64(self.categories.names.len());
                    (slot * FILLED / as_f64(self.series.len())).min(MOST_UPRIGHT_BAR_PX)
                }
                Direction::Lying => self.lying_thickness(),
            },
        };
        let mut body = Canvas::default();
        let mut room = Room::new(plane.frame);
        plane.draw_grid(&mut body);
        let bars = laid.draw_bars(&mut body);
        plane.draw_axes(&mut body);
        laid.draw_zero(&mut body);
        let values = laid.values(&bars, &mut room);
        let (lines, under) = (&self.references, Under::Bars);
        match direction {
            Direction::Upright => {
                let notes = reference::draw_level(&mut body, lines, &plane, &mut room, under);
                sheet.notes.extend(notes);
            }
            Direction::Lying => upright.draw(&mut body, lines, &plane, under),
        }
        body.append(&values);
        Ok(sheet.finish(&self.textures(), &body, plane.bottom()))
    }

    fn check(&self) -> Result<(), PlotError> {
        match self.value.scale {
            Scale::Linear | Scale::LinearFromZero => {}
            Scale::Log => return Err(PlotError::LogBars),
        }
        let count = check::categories(&self.categories)?;
        check::count(self.series.len(), 1..=MOST_BAR_SERIES, Part::Series)?;
        check::count(self.values().count(), 1..=usize::MAX, Part::Points)?;
        for series in &self.series {
            if series.values.len() != count {
                return Err(PlotError::WrongLength {
                    place: format!("series `{}`", series.name),
                    found: series.values.len(),
                    expected: count,
                });
            }
            let named = series.values.iter().zip(&self.categories.names);
            for (value, category) in named {
                if let Some(value) = *value {
                    check::number(value, Scale::Linear, || {
                        format!("series `{}` at `{category}`", series.name)
                    })?;
                }
            }
        }
        reference::check_all(&self.references, Scale::Linear)
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        let all = self.series.iter().flat_map(|series| &series.values);
        all.filter_map(|value| *value)
    }

    fn direction(&self) -> Direction {
        let slot = (WIDTH_PX - 100.0) / as_f64(self.categories.names.len());
        let bar = slot * FILLED / as_f64(self.series.len());
        if bar >= LEAST_UPRIGHT_BAR_PX && wrapped(&self.categories, slot - 6.0).is_some() {
            Direction::Upright
        } else {
            Direction::Lying
        }
    }

    fn plane<'a>(&'a self, direction: Direction, axis: &'a Axis) -> PlaneSpec<'a> {
        let words = Plan::Words(&self.categories);
        let lines = self.references.iter().map(|line| line.at);
        let values = |room| Plan::Numeric {
            axis,
            extent: Extent::of(self.values()).reaching(lines),
            padding: self.padding(room),
            centre: None,
        };
        let count = as_f64(self.categories.names.len());
        match direction {
            Direction::Upright => {
                let bars = as_f64(self.categories.names.len() * self.series.len());
                PlaneSpec {
                    least_plot_width: bars * LEAST_UPRIGHT_BAR_PX / FILLED,
                    ..PlaneSpec::new(words, values(VALUE_PX + 8.0))
                }
            }
            Direction::Lying => {
                let slot = self.lying_thickness() * as_f64(self.series.len()) + LYING_GAP_PX;
                PlaneSpec {
                    plot_height: slot * count,
                    ..PlaneSpec::new(values(self.widest(self.manner()) + 8.0), words)
                }
            }
        }
    }

    fn lying_thickness(&self) -> f64 {
        match self.series.len() {
            1 => LONE_LYING_BAR_PX,
            _several => LYING_BAR_PX,
        }
    }

    /// Room for values at the ends of bars.
    fn padding(&self, room: f64) -> Padding {
        let below = self.values().any(|value| value < 0.0);
        let above = self.values().any(|value| value >= 0.0);
        Padding {
            low: if below { room } else { 0.0 },
            high: if above { room } else { 8.0 },
        }
    }

    /// How the values at the ends of bars are written.
    fn manner(&self) -> Manner {
        Manner::aligned(self.values(), self.value.notation)
    }

    fn widest(&self, manner: Manner) -> f64 {
        let widths = self.values().map(|value| value_width(manner, value));
        widths.fold(0.0, f64::max)
    }

    fn entries(&self) -> Vec<Entry> {
        if self.series.len() == 1 {
            return Vec::new();
        }
        let named = self.series.iter().enumerate();
        named
            .map(|(index, series)| Entry {
                swatch: Swatch::Filled {
                    fill: fill(index),
                    role: Role::Series(index),
                    opacity: "1",
                },
                name: series.name.clone(),
            })
            .collect()
    }

    /// The patterns of all series that have one.
    fn textures(&self) -> Canvas {
        let mut defs = Canvas::default();
        for index in 0..self.series.len() {
            let Some(lines) = texture(index) else {
                continue;
            };
            let (colour, background) = (Role::Series(index), Role::Background);
            defs.start(format_args!(
                r#"pattern id="{ID}-t{index}" width="6" height="6" patternUnits="userSpaceOnUse""#
            ));
            defs.empty(format_args!(
                r#"rect class="{colour}" width="6" height="6" fill="currentColor""#
            ));
            defs.empty(format_args!(
                r#"path class="{background}" d="{lines}" stroke="currentColor" stroke-width="1" stroke-opacity="0.75""#
            ));
            defs.end("pattern");
        }
        defs
    }
}

impl Laid<'_> {
    /// Where a value is along the bars.
    fn value_px(&self, value: f64) -> f64 {
        match self.direction {
            Direction::Upright => self.plane.y_px(value),
            Direction::Lying => self.plane.x_px(value),
        }
    }

    /// Draws all bars, the groups about the middles of their categories.
    fn draw_bars(&self, body: &mut Canvas) -> Vec<Bar> {
        let mut all = Vec::new();
        for (index, series) in self.chart.series.iter().enumerate() {
            let bars = self.bars(index, series);
            if bars.is_empty() {
                continue;
            }
            let (role, fill) = (Role::Series(index), fill(index));
            body.start(format_args!(
                r#"g class="{role}" fill="{fill}" stroke="currentColor" stroke-width="0.8""#
            ));
            for bar in &bars {
                let attributes = format!(r#"class="plot-mark" {}"#, bar.area);
                body.titled("rect", attributes, &bar.title);
            }
            body.end("g");
            all.extend(bars);
        }
        all
    }

    fn bars(&self, index: usize, series: &BarSeries) -> Vec<Bar> {
        let (plane, thickness) = (self.plane, self.thickness);
        let group = thickness * as_f64(self.chart.series.len());
        let zero = self.value_px(0.0);
        let named = series.values.iter().zip(&self.chart.categories.names);
        let bars = named.enumerate().filter_map(|(category, (value, name))| {
            let (value, category) = ((*value)?, as_f64(category));
            let along = |middle: f64| middle - group / 2.0 + as_f64(index) * thickness;
            let end = self.value_px(value);
            let (first, length) = (zero.min(end), (zero - end).abs());
            let shown = value_of(&self.chart.value, value);
            Some(Bar {
                area: match self.direction {
                    Direction::Upright => {
                        Rect::new(along(plane.x_px(category)), first, thickness, length)
                    }
                    Direction::Lying => {
                        Rect::new(first, along(plane.y_px(category)), length, thickness)
                    }
                },
                value,
                title: format!("{}, {name}: {shown}", series.name),
            })
        });
        bars.collect()
    }

    /// The foot of the bars.
    fn draw_zero(&self, body: &mut Canvas) {
        let (zero, frame) = (self.value_px(0.0), self.plane.frame);
        let (from, to) = match self.direction {
            Direction::Upright => ((frame.left, zero), (frame.right(), zero)),
            Direction::Lying => ((zero, frame.top), (zero, frame.bottom())),
        };
        body.line(from, to, MUTED_LINE);
    }

    /// The values at the ends of bars. Over upright bars they stand where all have room.
    fn values(&self, bars: &[Bar], room: &mut Room) -> Canvas {
        let mut values = Canvas::default();
        let aligned = self.chart.manner();
        let manner = match self.direction {
            Direction::Lying => Some(aligned),
            Direction::Upright => [aligned, Manner::Own(self.chart.value.notation)]
                .into_iter()
                .find(|manner| self.chart.widest(*manner) + 3.0 <= self.thickness),
        };
        for bar in bars {
            room.mark(bar.area);
        }
        let Some(manner) = manner else {
            return values;
        };
        let lines = self.chart.references.iter();
        let lines: Vec<f64> = lines.map(|line| self.value_px(line.at)).collect();
        values.start(r#"g class="plot-values""#);
        for bar in bars {
            let width = value_width(manner, bar.value);
            let (place, anchor) = self.value_place(bar, width, &lines);
            let (left, top) = (place.0 - width / 2.0, place.1 - VALUE_PX);
            room.block(Rect::new(left, top, width, VALUE_PX + 2.0));
            let shown = manner.text(bar.value);
            let text = Text::new(place, VALUE_PX, &shown).anchor(anchor);
            values.text(&text.class("plot-value plot-halo"));
        }
        values.end("g");
        values
    }

    /// Where the value of a bar stands, clear of the lines across the bars.
    fn value_place(&self, bar: &Bar, width: f64, lines: &[f64]) -> ((f64, f64), Anchor) {
        let (area, frame, below) = (bar.area, self.plane.frame, bar.value < 0.0);
        match self.direction {
            Direction::Upright => {
                let y = if below {
                    clear_of(lines, area.bottom() + 2.0, VALUE_PX, true, frame.bottom()) + VALUE_PX
                } else {
                    clear_of(lines, area.top - 4.0, VALUE_PX, false, frame.top)
                };
                ((area.left + self.thickness / 2.0, y), Anchor::Middle)
            }
            Direction::Lying => {
                let y = area.top + self.thickness / 2.0 + VALUE_PX * 0.36;
                if below {
                    let x = clear_of(lines, area.left - 4.0, width, false, frame.left);
                    ((x, y), Anchor::End)
                } else {
                    let x = clear_of(lines, area.right() + 4.0, width, true, frame.right());
                    ((x, y), Anchor::Start)
                }
            }
        }
    }
}

fn value_width(manner: Manner, value: f64) -> f64 {
    text::width(&manner.text(value), VALUE_PX)
}

/// The filling of the bars of a series.
fn fill(series: usize) -> String {
    match texture(series) {
        None => "currentColor".to_owned(),
        Some(_) => format!("url(#{ID}-t{series})"),
    }
}
