use crate::axis::Scale;
use crate::check;
use crate::error::{Part, PlotError};
use crate::palette::MOST_SERIES;

/// A point of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Position along the x axis. On a categorical axis, the index of the category.
    pub x: f64,
    /// Position along the y axis.
    pub y: f64,
    /// What the point is, shown on hover, and in a list under charts of few points.
    pub label: Option<String>,
}

impl Point {
    /// A point without a label.
    #[must_use]
    pub fn new(x: f64, y: f64) -> Self {
        Self { x, y, label: None }
    }

    /// A point with a label.
    #[must_use]
    pub fn labelled(x: f64, y: f64, label: impl Into<String>) -> Self {
        Self {
            x,
            y,
            label: Some(label.into()),
        }
    }
}

/// Points that belong together. Lines join them in the order in which they stand here.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Name in the legend.
    pub name: String,
    /// The points, in order.
    pub points: Vec<Point>,
}

impl Series {
    /// A series of points.
    #[must_use]
    pub fn new(name: impl Into<String>, points: Vec<Point>) -> Self {
        Self {
            name: name.into(),
            points,
        }
    }

    /// A series of pairs of x and y.
    #[must_use]
    pub fn from_pairs(
        name: impl Into<String>,
        pairs: impl IntoIterator<Item = (f64, f64)>,
    ) -> Self {
        Self::new(
            name,
            pairs.into_iter().map(|(x, y)| Point::new(x, y)).collect(),
        )
    }

    /// What each step adds: `y[i] - y[i - 1]` at `x[i]`, in the unit of y.
    ///
    /// The first point has nothing before it and is left out, so a series of one point or none becomes empty, which
    /// a chart refuses. Labels stay with their points. Points are taken in the order in which they stand.
    #[must_use]
    pub fn marginal(&self) -> Self {
        let pairs = self.points.iter().zip(self.points.iter().skip(1));
        Self {
            name: self.name.clone(),
            points: pairs
                .map(|(before, point)| Point {
                    y: point.y - before.y,
                    ..point.clone()
                })
                .collect(),
        }
    }

    /// Running sums: `y[0] + ... + y[i]` at `x[i]`. An empty series stays empty.
    #[must_use]
    pub fn cumulative(&self) -> Self {
        let points = self.points.iter().scan(0.0, |sum, point| {
            *sum += point.y;
            Some(Point {
                y: *sum,
                ..point.clone()
            })
        });
        Self::new(self.name.clone(), points.collect())
    }

    /// Running sums in percent of the total: the last point is at 100.
    ///
    /// # Errors
    /// Values below zero, values that are not finite, and a total of zero (also that of an empty series) have no
    /// shares.
    pub fn cumulative_share(&self) -> Result<Self, PlotError> {
        let mut sums = self.cumulative();
        let total = sums.points.last().map_or(0.0, |point| point.y);
        let valid = self.points.iter().all(|point| point.y >= 0.0) && total > 0.0;
        if !valid || !total.is_finite() {
            return Err(PlotError::NoShares {
                series: self.name.clone(),
            });
        }
        for point in &mut sums.points {
            // Dividing first makes the last share exactly 100.
            point.y = point.y / total * 100.0;
        }
        Ok(sums)
    }
}

/// Refuses no series, no points, more of both than can be drawn, and points that axes of these scales cannot show.
pub(crate) fn check_all(
    series: &[Series],
    most_points: usize,
    x: Scale,
    y: Scale,
) -> Result<(), PlotError> {
    check::count(series.len(), 1..=MOST_SERIES, Part::Series)?;
    let points = series.iter().map(|one| one.points.len()).sum();
    check::count(points, 1..=most_points, Part::Points)?;
    for one in series {
        for (index, point) in one.points.iter().enumerate() {
            let spot = |axis: &str| format!("{axis} of point {index} of series `{}`", one.name);
            check::number(point.x, x, || spot("x"))?;
            check::number(point.y, y, || spot("y"))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ys(series: &Series) -> Vec<f64> {
        series.points.iter().map(|point| point.y).collect()
    }

    fn squares() -> Series {
        Series::from_pairs("s", [(1.0, 1.0), (2.0, 4.0), (4.0, 16.0)])
    }

    #[test]
    fn marginal_is_what_each_step_adds() {
        let marginal = squares().marginal();
        assert_eq!(ys(&marginal), [3.0, 12.0]);
        assert_eq!(marginal.points[0], Point::new(2.0, 3.0));
    }

    #[test]
    fn cumulative_undoes_marginal() {
        assert_eq!(ys(&squares().cumulative()), [1.0, 5.0, 21.0]);
        assert_eq!(ys(&squares().cumulative().marginal()), [4.0, 16.0]);
    }

    #[test]
    fn shares_end_at_one_hundred() {
        let shares = Series::from_pairs("s", [(0.0, 1.0), (1.0, 0.0), (2.0, 3.0)]);
        assert_eq!(ys(&shares.cumulative_share().unwrap()), [25.0, 25.0, 100.0]);
    }

    #[test]
    fn edge_cases_are_as_documented() {
        let empty = Series::new("s", Vec::new());
        assert_eq!(empty.marginal(), empty);
        assert_eq!(empty.cumulative(), empty);
        let none = PlotError::NoShares { series: "s".into() };
        assert_eq!(empty.cumulative_share(), Err(none.clone()));
        let below = Series::from_pairs("s", [(0.0, -1.0), (1.0, 2.0)]);
        assert_eq!(below.cumulative_share(), Err(none.clone()));
        let hole = Series::from_pairs("s", [(0.0, f64::NAN), (1.0, 2.0)]);
        assert_eq!(hole.cumulative_share(), Err(none));
    }
}
