use crate::axis::{Axis, ReferenceLine, Scale, XAxis};
use crate::canvas::Canvas;
use crate::check;
use crate::curve;
use crate::error::{Part, PlotError};
use crate::layer::Layer;
use crate::legend::{Entry, Swatch};
use crate::number;
use crate::palette::{MOST_SERIES, Style};
use crate::placement::Placement;
use crate::plane::{Plane, PlaneSpec};
use crate::point_labels;
use crate::reference::{self, Under, UprightLabels};
use crate::ruler::{LEAST_SLOT_PX, Padding, Plan};
use crate::series::{Point, Series, checked_count};
use crate::sheet::{Caption, Sheet, Svg};
use crate::ticks::Extent;

/// Points that are all drawn as marks.
const MOST_MARKS: usize = 20_000;

/// Points of lines, which are thinned.
const MOST_LINE_POINTS: usize = 200_000;

/// A line of more points has no marks.
const MOST_MARKS_OF_A_LINE: usize = 60;

/// How the points of a series are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Drawn {
    /// Joined by a line in the order in which they stand, with marks where they are few.
    #[default]
    Lines,
    /// Marks alone.
    Points,
}

/// Whether labels of points are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PointLabels {
    /// On hover alone.
    #[default]
    OnHover,
    /// Beside their points, as far as there is room; under the chart stands which had none.
    Written,
}

/// Lines or points over two axes.
#[derive(Debug, Clone, PartialEq)]
pub struct XyChart {
    /// Title and description.
    pub caption: Caption,
    /// The horizontal axis: numbers or words.
    pub x: XAxis,
    /// The vertical axis.
    pub y: Axis,
    /// Lines or points.
    pub drawn: Drawn,
    /// What is drawn, 18 series at most.
    pub series: Vec<Series>,
    /// Upright lines. They are within the range of the axis. Not for an axis of words.
    pub x_references: Vec<ReferenceLine>,
    /// Level lines. They are within the range of the axis.
    pub y_references: Vec<ReferenceLine>,
    /// Whether labels of points are written.
    pub labels: PointLabels,
}

impl XyChart {
    /// A chart of lines without reference lines.
    #[must_use]
    pub fn lines(caption: Caption, x: impl Into<XAxis>, y: Axis, series: Vec<Series>) -> Self {
        Self {
            caption,
            x: x.into(),
            y,
            drawn: Drawn::Lines,
            series,
            x_references: Vec::new(),
            y_references: Vec::new(),
            labels: PointLabels::OnHover,
        }
    }

    /// A chart of points without reference lines.
    #[must_use]
    pub fn points(caption: Caption, x: impl Into<XAxis>, y: Axis, series: Vec<Series>) -> Self {
        Self {
            drawn: Drawn::Points,
            ..Self::lines(caption, x, y, series)
        }
    }

    /// Draws the chart.
    ///
    /// # Errors
    /// There is nothing to draw or too much, or a number that an axis cannot show.
    pub fn svg(&self, style: &Style) -> Result<Svg, PlotError> {
        self.check()?;
        style.check()?;
        let points = || self.series.iter().flat_map(|series| &series.points);
        let x_lines = self.x_references.iter().map(|line| line.at);
        let y_lines = self.y_references.iter().map(|line| line.at);
        let x = match &self.x {
            XAxis::Numeric(axis) => Plan::Numeric {
                axis,
                extent: Extent::of(points().map(|point| point.x)).reaching(x_lines),
                padding: Padding::MARKS,
            },
            XAxis::Categories(categories) => Plan::Words(categories),
        };
        let plane = Plane::new(&PlaneSpec {
            width: style.width(),
            plot_height: style.plot_height(),
            square: false,
            least_plot_width: self.least_width(),
            right: crate::plane::MARGIN_PX + 4.0,
            x,
            y: Plan::Numeric {
                axis: &self.y,
                extent: Extent::of(points().map(|point| point.y)).reaching(y_lines),
                padding: Padding::MARKS,
            },
        });
        let layers = Layer::of_all(&self.series, &plane);
        let mut sheet = Sheet::new(style, &self.caption, self.entries(&layers), plane.width);
        let upright = UprightLabels::new(&self.x_references, &plane);
        let plane = plane.moved_to(sheet.top() + upright.height());

        let mut body = Canvas::default();
        let mut placement = Placement::new(plane.frame);
        plane.draw_grid(&mut body);
        let marks = self.draw_series(&mut body, &plane, &layers, &mut placement);
        plane.draw_axes(&mut body);
        let under = Under::Curves;
        upright.draw(&mut body, &self.x_references, &plane, under);
        for line in &self.x_references {
            let x = plane.x_px(line.at);
            placement.line((x, plane.frame.top), (x, plane.frame.bottom()));
        }
        let level = &self.y_references;
        let notes = reference::draw_level(&mut body, level, &plane, &mut placement, under);
        sheet.notes.extend(notes);
        if self.labels == PointLabels::Written {
            let labels: Vec<_> = points()
                .filter_map(|point| {
                    let spot = (plane.x_px(point.x), plane.y_px(point.y));
                    Some((spot, point.label.as_deref()?))
                })
                .collect();
            let labels = point_labels::PointTexts::new(&labels, &mut placement);
            labels.draw_leaders(&mut body);
            body.append(&marks);
            labels.draw(&mut body);
            sheet.notes.extend(labels.note());
        } else {
            body.append(&marks);
        }
        let bottom = plane.bottom();
        Ok(sheet.finish(&Canvas::default(), &body, bottom))
    }

    fn check(&self) -> Result<(), PlotError> {
        let most = match self.drawn {
            Drawn::Lines => MOST_LINE_POINTS,
            Drawn::Points => MOST_MARKS,
        };
        checked_count(&self.series, MOST_SERIES, most)?;
        let scale = match &self.x {
            XAxis::Numeric(axis) => axis.scale,
            XAxis::Categories(categories) => {
                let count = categories.names.len();
                check::some(count, Part::Categories)?;
                check::at_most(count, check::MOST_CATEGORIES, Part::Categories)?;
                check::at_most(self.x_references.len(), 0, Part::ReferenceLines)?;
                Scale::Linear
            }
        };
        for series in &self.series {
            check_points(series, scale, self.y.scale)?;
            if let XAxis::Categories(categories) = &self.x {
                for (index, point) in series.points.iter().enumerate() {
                    check_category(series, index, point, categories.names.len())?;
                }
            }
        }
        reference::check_all(&self.x_references, scale)?;
        reference::check_all(&self.y_references, self.y.scale)
    }

    fn least_width(&self) -> f64 {
        match &self.x {
            XAxis::Numeric(_) => 120.0,
            XAxis::Categories(categories) => {
                (check::as_f64(categories.names.len()) * LEAST_SLOT_PX).max(120.0)
            }
        }
    }

    fn has_marks(&self, series: &Series) -> bool {
        match self.drawn {
            Drawn::Points => true,
            Drawn::Lines => series.points.len() <= MOST_MARKS_OF_A_LINE,
        }
    }

    /// One series alone is what the title and the axes say.
    fn entries(&self, layers: &[Layer]) -> Vec<Entry> {
        if self.series.len() == 1 {
            return Vec::new();
        }
        let entry = |(index, (series, layer)): (usize, (&Series, &Layer))| Entry {
            swatch: match self.drawn {
                Drawn::Lines => Swatch::Line {
                    series: index,
                    layer: *layer,
                    marked: self.has_marks(series),
                },
                Drawn::Points => Swatch::Mark {
                    series: index,
                    layer: *layer,
                },
            },
            name: series.name.clone(),
        };
        self.series
            .iter()
            .zip(layers)
            .enumerate()
            .map(entry)
            .collect()
    }

    /// Draws the lines, and returns the marks, which lie over everything.
    fn draw_series(
        &self,
        body: &mut Canvas,
        plane: &Plane,
        layers: &[Layer],
        placement: &mut Placement,
    ) -> Canvas {
        let mut marks = Canvas::default();
        for (index, (series, layer)) in self.series.iter().zip(layers).enumerate() {
            let spot = |point: &Point| (plane.x_px(point.x), plane.y_px(point.y));
            if self.drawn == Drawn::Lines && series.points.len() > 1 {
                let places: Vec<_> = series.points.iter().map(spot).collect();
                curve::draw(body, index, *layer, &places, &series.name, placement);
            }
            if self.has_marks(series) {
                let titled: Vec<_> = series
                    .points
                    .iter()
                    .map(|point| (spot(point), self.title(series, point)))
                    .collect();
                curve::draw_marks(&mut marks, index, *layer, &titled, placement);
            }
        }
        marks
    }

    fn title(&self, series: &Series, point: &Point) -> String {
        let x = match &self.x {
            XAxis::Numeric(axis) => value_of(axis, point.x),
            XAxis::Categories(categories) => {
                let names = categories.names.iter().enumerate();
                let mut here =
                    names.filter(|(index, _)| (check::as_f64(*index) - point.x).abs() < 0.5);
                here.next().map_or("", |(_, name)| name.as_str()).to_owned()
            }
        };
        let y = value_of(&self.y, point.y);
        match &point.label {
            Some(label) => format!("{}, {label}: {x}, {y}", series.name),
            None => format!("{}: {x}, {y}", series.name),
        }
    }
}

/// A value with its unit, as a title shows it.
pub(crate) fn value_of(axis: &Axis, value: f64) -> String {
    number::with_unit(value, axis.notation, axis.unit.as_deref())
}

/// Refuses points that axes of these scales cannot show.
pub(crate) fn check_points(series: &Series, x: Scale, y: Scale) -> Result<(), PlotError> {
    for (index, point) in series.points.iter().enumerate() {
        let spot = |axis: &str| format!("{axis} of point {index} of series `{}`", series.name);
        check::number(point.x, x, || spot("x"))?;
        check::number(point.y, y, || spot("y"))?;
    }
    Ok(())
}

fn check_category(
    series: &Series,
    index: usize,
    point: &Point,
    count: usize,
) -> Result<(), PlotError> {
    let last = count.saturating_sub(1);
    let nearest = point.x.round();
    let whole = (point.x - nearest).abs() <= 0.0;
    if whole && nearest >= 0.0 && nearest <= check::as_f64(last) {
        return Ok(());
    }
    Err(PlotError::NoSuchCategory {
        place: format!("x of point {index} of series `{}`", series.name),
        value: point.x,
        last,
    })
}
