use crate::axis::{Axis, Categories, ReferenceLine, Scale};
use crate::canvas::{Anchor, Canvas, ID, Text, px};
use crate::check::{self, as_f64};
use crate::error::{Part, PlotError};
use crate::legend::{Entry, Swatch};
use crate::number::Manner;
use crate::palette::{MOST_BAR_SERIES, Role, Style, Texture, texture};
use crate::placement::{MARK_COST, Placement};
use crate::plane::{MARGIN_PX, Plane, PlaneSpec};
use crate::rect::Rect;
use crate::reference::{self, Under, UprightLabels, clear_of};
use crate::ruler::{Padding, Plan, wrapped};
use crate::sheet::{Caption, Sheet, Svg};
use crate::text::{self, Weight};
use crate::ticks::Extent;
use crate::xy_chart::value_of;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BarDirection {
    /// Upright where all names of categories fit under them, else lying.
    #[default]
    Auto,
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

/// Bars over categories: one for each, or a group.
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
    /// Which way bars run.
    pub direction: BarDirection,
}

/// A bar and what it shows.
struct Bar {
    series: usize,
    area: Rect,
    value: f64,
    title: String,
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
            direction: BarDirection::Auto,
        }
    }

    /// Draws the chart.
    ///
    /// # Errors
    /// There is nothing to draw or too much, a number that an axis cannot show, a series whose length is not that of
    /// the categories, or a logarithmic axis.
    pub fn svg(&self, style: &Style) -> Result<Svg, PlotError> {
        self.check()?;
        style.check()?;
        let axis = self.value.clone().from_zero();
        if self.stands(style) {
            Ok(self.upright(style, &axis))
        } else {
            Ok(self.lying(style, &axis))
        }
    }

    fn check(&self) -> Result<(), PlotError> {
        match self.value.scale {
            Scale::Linear | Scale::LinearFromZero => {}
            Scale::Log => return Err(PlotError::LogBars),
        }
        let count = self.categories.names.len();
        check::some(count, Part::Categories)?;
        check::at_most(count, check::MOST_CATEGORIES, Part::Categories)?;
        check::some(self.series.len(), Part::Series)?;
        check::at_most(self.series.len(), MOST_BAR_SERIES, Part::Series)?;
        check::some(self.values().count(), Part::Points)?;
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

    /// Whether the bars are upright.
    fn stands(&self, style: &Style) -> bool {
        match self.direction {
            BarDirection::Upright => true,
            BarDirection::Lying => false,
            BarDirection::Auto => {
                let slot = (style.width() - 100.0) / as_f64(self.categories.names.len());
                let bar = slot * FILLED / as_f64(self.series.len());
                bar >= LEAST_UPRIGHT_BAR_PX && wrapped(&self.categories, slot - 6.0).is_some()
            }
        }
    }

    fn plan<'a>(&self, axis: &'a Axis, padding: Padding) -> Plan<'a> {
        let lines = self.references.iter().map(|line| line.at);
        Plan::Numeric {
            axis,
            extent: Extent::of(self.values()).reaching(lines),
            padding,
        }
    }

    fn upright(&self, style: &Style, axis: &Axis) -> Svg {
        let bars = as_f64(self.categories.names.len() * self.series.len());
        let plane = Plane::new(&PlaneSpec {
            width: style.width(),
            plot_height: style.plot_height(),
            square: false,
            least_plot_width: bars * LEAST_UPRIGHT_BAR_PX / FILLED,
            right: MARGIN_PX + 4.0,
            x: Plan::Words(&self.categories),
            y: self.plan(axis, self.padding(VALUE_PX + 8.0)),
        });
        let mut sheet = Sheet::new(style, &self.caption, self.entries(), plane.width);
        let plane = plane.moved_to(sheet.top());
        let slot = plane.frame.width / as_f64(self.categories.names.len());
        let thickness = (slot * FILLED / as_f64(self.series.len())).min(MOST_UPRIGHT_BAR_PX);
        let zero = plane.y_px(0.0);
        let bars = self.bars(
            thickness,
            |category| plane.x_px(as_f64(category)),
            |start, value| {
                let end = plane.y_px(value);
                Rect::new(start, zero.min(end), thickness, (zero - end).abs())
            },
        );
        let mut placement = Placement::new(plane.frame);
        let mut body = Canvas::default();
        plane.draw_grid(&mut body);
        draw_bars(&mut body, &bars);
        for bar in &bars {
            placement.cover(bar.area, MARK_COST);
        }
        plane.draw_axes(&mut body);
        draw_zero(
            &mut body,
            (plane.frame.left, zero),
            (plane.frame.right(), zero),
        );
        let mut values = Canvas::default();
        let manners = [self.manner(), Manner::Own(self.value.notation)];
        let fitting = manners
            .into_iter()
            .find(|manner| self.widest(*manner) + 3.0 <= thickness);
        if let Some(manner) = fitting {
            let lines = self.references_at(|value| plane.y_px(value));
            let frame = plane.frame;
            values.start("g", &[("class", "plot-values")]);
            for bar in &bars {
                let x = bar.area.left + thickness / 2.0;
                let y = if bar.value < 0.0 {
                    let below = bar.area.bottom() + 2.0;
                    clear_of(&lines, below, VALUE_PX, true, frame.bottom()) + VALUE_PX
                } else {
                    let above = bar.area.top - 4.0;
                    clear_of(&lines, above, VALUE_PX, false, frame.top)
                };
                let width = value_width(manner, bar.value);
                placement.block(Rect::new(
                    x - width / 2.0,
                    y - VALUE_PX,
                    width,
                    VALUE_PX + 2.0,
                ));
                draw_value(&mut values, (x, y), Anchor::Middle, &manner.text(bar.value));
            }
            values.end("g");
        }
        let notes = reference::draw_level(
            &mut body,
            &self.references,
            &plane,
            &mut placement,
            Under::Bars,
        );
        sheet.notes.extend(notes);
        body.append(&values);
        let bottom = plane.bottom();
        sheet.finish(&self.textures(), &body, bottom)
    }

    fn lying(&self, style: &Style, axis: &Axis) -> Svg {
        let count = as_f64(self.categories.names.len());
        let thickness = if self.series.len() == 1 {
            LONE_LYING_BAR_PX
        } else {
            LYING_BAR_PX
        };
        let slot = thickness * as_f64(self.series.len()) + LYING_GAP_PX;
        let manner = self.manner();
        let plane = Plane::new(&PlaneSpec {
            width: style.width(),
            plot_height: slot * count,
            square: false,
            least_plot_width: 120.0,
            right: MARGIN_PX + 4.0,
            x: self.plan(axis, self.padding(self.widest(manner) + 8.0)),
            y: Plan::Words(&self.categories),
        });
        let sheet = Sheet::new(style, &self.caption, self.entries(), plane.width);
        let upright = UprightLabels::new(&self.references, &plane);
        let plane = plane.moved_to(sheet.top() + upright.height());
        let zero = plane.x_px(0.0);
        let bars = self.bars(
            thickness,
            |category| plane.y_px(as_f64(category)),
            |start, value| {
                let end = plane.x_px(value);
                Rect::new(zero.min(end), start, (zero - end).abs(), thickness)
            },
        );
        let mut body = Canvas::default();
        plane.draw_grid(&mut body);
        draw_bars(&mut body, &bars);
        plane.draw_axes(&mut body);
        draw_zero(
            &mut body,
            (zero, plane.frame.top),
            (zero, plane.frame.bottom()),
        );
        upright.draw(&mut body, &self.references, &plane, Under::Bars);
        let lines = self.references_at(|value| plane.x_px(value));
        let frame = plane.frame;
        body.start("g", &[("class", "plot-values")]);
        for bar in &bars {
            let y = bar.area.top + thickness / 2.0 + VALUE_PX * 0.36;
            let width = value_width(manner, bar.value);
            let (x, anchor) = if bar.value < 0.0 {
                let left = bar.area.left - 4.0;
                (
                    clear_of(&lines, left, width, false, frame.left),
                    Anchor::End,
                )
            } else {
                let right = bar.area.right() + 4.0;
                let x = clear_of(&lines, right, width, true, frame.right());
                (x, Anchor::Start)
            };
            draw_value(&mut body, (x, y), anchor, &manner.text(bar.value));
        }
        body.end("g");
        let bottom = plane.bottom();
        sheet.finish(&self.textures(), &body, bottom)
    }

    /// Where the reference lines stand in pixels.
    fn references_at(&self, pixels: impl Fn(f64) -> f64) -> Vec<f64> {
        self.references.iter().map(|line| pixels(line.at)).collect()
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

    /// All bars: the groups about the middles of their categories.
    fn bars(
        &self,
        thickness: f64,
        middle: impl Fn(usize) -> f64,
        area: impl Fn(f64, f64) -> Rect,
    ) -> Vec<Bar> {
        let group = thickness * as_f64(self.series.len());
        let mut bars = Vec::new();
        for (index, series) in self.series.iter().enumerate() {
            let named = series.values.iter().zip(&self.categories.names);
            for (category, (value, name)) in named.enumerate() {
                let Some(value) = *value else { continue };
                let start = middle(category) - group / 2.0 + as_f64(index) * thickness;
                bars.push(Bar {
                    series: index,
                    area: area(start, value),
                    value,
                    title: format!("{}, {name}: {}", series.name, value_of(&self.value, value)),
                });
            }
        }
        bars
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
            let lines = match texture(index) {
                Texture::Plain => continue,
                Texture::Rising => "M-1 7L7-1M-1 1L1-1M5 7L7 5",
                Texture::Falling => "M-1-1L7 7M5-1L7 1M-1 5L1 7",
                Texture::Level => "M0 3H6",
            };
            let id = format!("{ID}-t{index}");
            defs.start(
                "pattern",
                &[
                    ("id", &id),
                    ("width", "6"),
                    ("height", "6"),
                    ("patternUnits", "userSpaceOnUse"),
                ],
            );
            defs.empty(
                "rect",
                &[
                    ("class", Role::Series(index).class()),
                    ("width", "6"),
                    ("height", "6"),
                    ("fill", "currentColor"),
                ],
            );
            defs.empty(
                "path",
                &[
                    ("class", Role::Background.class()),
                    ("d", lines),
                    ("stroke", "currentColor"),
                    ("stroke-width", "1"),
                    ("stroke-opacity", "0.75"),
                ],
            );
            defs.end("pattern");
        }
        defs
    }
}

fn value_width(manner: Manner, value: f64) -> f64 {
    text::width(&manner.text(value), VALUE_PX, Weight::Regular)
}

fn draw_value(body: &mut Canvas, (x, y): (f64, f64), anchor: Anchor, shown: &str) {
    let text = Text::new(x, y, VALUE_PX, shown).anchor(anchor);
    body.text(&text.class("plot-value plot-halo"));
}

/// The filling of the bars of a series.
fn fill(series: usize) -> String {
    match texture(series) {
        Texture::Plain => "currentColor".to_owned(),
        Texture::Rising | Texture::Falling | Texture::Level => format!("url(#{ID}-t{series})"),
    }
}

fn draw_bars(body: &mut Canvas, bars: &[Bar]) {
    for group in bars.chunk_by(|a, b| a.series == b.series) {
        let series = group.first().map_or(0, |bar| bar.series);
        let fill = fill(series);
        body.start(
            "g",
            &[
                ("class", Role::Series(series).class()),
                ("fill", &fill),
                ("stroke", "currentColor"),
                ("stroke-width", "0.8"),
            ],
        );
        for bar in group {
            body.titled(
                "rect",
                &[
                    ("class", "plot-mark"),
                    ("x", &px(bar.area.left)),
                    ("y", &px(bar.area.top)),
                    ("width", &px(bar.area.width)),
                    ("height", &px(bar.area.height)),
                ],
                &bar.title,
            );
        }
        body.end("g");
    }
}

/// The foot of the bars.
fn draw_zero(body: &mut Canvas, from: (f64, f64), to: (f64, f64)) {
    body.line(
        from,
        to,
        &[("class", Role::Muted.class()), ("stroke-width", "1.4")],
    );
}
