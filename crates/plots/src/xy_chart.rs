use crate::axis::{Axis, ReferenceLine, Scale, XAxis};
use crate::canvas::Canvas;
use crate::check::{self, as_f64};
use crate::drawn_series::DrawnSeries;
use crate::error::{Part, PlotError};
use crate::legend::{Entry, Swatch};
use crate::number::value_of;
use crate::numbers;
use crate::plane::{Plane, PlaneSpec};
use crate::reference::{self, Under, UprightLabels};
use crate::room::Room;
use crate::ruler::{LEAST_SLOT_PX, Plan};
use crate::series::{self, Point, Series};
use crate::sheet::{Caption, Sheet};
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
    pub fn svg(&self) -> Result<String, PlotError> {
        self.check()?;
        let plane = self.plane();
        let drawn = DrawnSeries::all(&self.series, &plane);
        let mut sheet = Sheet::new(&self.caption, self.entries(&drawn), plane.width);
        let upright = UprightLabels::new(&self.x_references, &plane);
        let plane = plane.moved_to(sheet.top() + upright.height());

        let mut body = Canvas::default();
        let mut marks = Canvas::default();
        let mut room = Room::new(plane.frame);
        plane.draw_grid(&mut body);
        for one in &drawn {
            if self.drawn == Drawn::Lines && one.series.points.len() > 1 {
                one.draw_line(&mut body, &plane, &mut room);
            }
            if self.has_marks(one.series) {
                one.draw_marks(&mut marks, &plane, |point| self.values(point));
                one.cover(&plane, &mut room);
            }
        }
        plane.draw_axes(&mut body);
        let under = Under::Curves;
        upright.draw(&mut body, &self.x_references, &plane, under);
        for line in &self.x_references {
            let x = plane.x_px(line.at);
            room.line((x, plane.frame.top), (x, plane.frame.bottom()));
        }
        let level = &self.y_references;
        let notes = reference::draw_level(&mut body, level, &plane, &mut room, under);
        sheet.notes.extend(notes);
        // Marks lie over everything but their numbers.
        body.append(&marks);
        numbers::draw(&mut body, &mut sheet, &drawn, &plane, &mut room);
        Ok(sheet.finish(&Canvas::default(), &body, plane.bottom()))
    }

    fn check(&self) -> Result<(), PlotError> {
        let most = match self.drawn {
            Drawn::Lines => MOST_LINE_POINTS,
            Drawn::Points => MOST_MARKS,
        };
        let scale = match &self.x {
            XAxis::Numeric(axis) => axis.scale,
            XAxis::Categories(_) => Scale::Linear,
        };
        series::check_all(&self.series, most, scale, self.y.scale)?;
        if let XAxis::Categories(categories) = &self.x {
            let last = check::categories(categories)? - 1;
            check::count(self.x_references.len(), 0..=0, Part::ReferenceLines)?;
            for series in &self.series {
                check_categories(series, last)?;
            }
        }
        reference::check_all(&self.x_references, scale)?;
        reference::check_all(&self.y_references, self.y.scale)
    }

    fn plane(&self) -> Plane {
        let points = || self.series.iter().flat_map(|series| &series.points);
        let mut least_plot_width: f64 = 120.0;
        let x = match &self.x {
            XAxis::Numeric(axis) => {
                let lines = self.x_references.iter().map(|line| line.at);
                let extent = Extent::of(points().map(|point| point.x)).reaching(lines);
                Plan::of_marks(axis, extent)
            }
            XAxis::Categories(categories) => {
                let slots = as_f64(categories.names.len()) * LEAST_SLOT_PX;
                least_plot_width = least_plot_width.max(slots);
                Plan::Words(categories)
            }
        };
        let lines = self.y_references.iter().map(|line| line.at);
        let extent = Extent::of(points().map(|point| point.y)).reaching(lines);
        Plane::new(&PlaneSpec {
            least_plot_width,
            ..PlaneSpec::new(x, Plan::of_marks(&self.y, extent))
        })
    }

    fn has_marks(&self, series: &Series) -> bool {
        match self.drawn {
            Drawn::Points => true,
            Drawn::Lines => series.points.len() <= MOST_MARKS_OF_A_LINE,
        }
    }

    /// One series alone is what the title and the axes say.
    fn entries(&self, drawn: &[DrawnSeries<'_>]) -> Vec<Entry> {
        if drawn.len() == 1 {
            return Vec::new();
        }
        let swatch = |series: &Series| match self.drawn {
            Drawn::Points => Swatch::Mark,
            Drawn::Lines if self.has_marks(series) => Swatch::MarkedLine,
            Drawn::Lines => Swatch::Line,
        };
        let entries = drawn.iter().map(|one| one.entry(swatch(one.series)));
        entries.collect()
    }

    /// Both values of a point, as its title shows them.
    fn values(&self, point: &Point) -> String {
        let x = match &self.x {
            XAxis::Numeric(axis) => value_of(axis, point.x),
            XAxis::Categories(categories) => {
                let mut names = categories.names.iter().enumerate();
                let here = names.find(|(index, _)| (as_f64(*index) - point.x).abs() < 0.5);
                here.map_or_else(String::new, |(_, name)| name.clone())
            }
        };
        format!("{x}, {}", value_of(&self.y, point.y))
    }
}

/// Refuses points that are at no category, by the index of the last one.
fn check_categories(series: &Series, last: usize) -> Result<(), PlotError> {
    for (index, point) in series.points.iter().enumerate() {
        let whole = (point.x - point.x.round()).abs() <= 0.0;
        if !whole || point.x < 0.0 || point.x > as_f64(last) {
            return Err(PlotError::NoSuchCategory {
                place: format!("x of point {index} of series `{}`", series.name),
                value: point.x,
                last,
            });
        }
    }
    Ok(())
}
