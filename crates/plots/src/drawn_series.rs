use crate::canvas::{Canvas, path};
use crate::layer::Layer;
use crate::legend::{Entry, Swatch};
use crate::mark::Mark;
use crate::palette::Role;
use crate::plane::Plane;
use crate::room::Room;
use crate::series::{Point, Series};

/// Lines of more points are thinned.
const THINNED_FROM: usize = 2000;

/// A series on its plane.
#[derive(Debug)]
pub(crate) struct DrawnSeries<'a> {
    pub(crate) mark: Mark,
    pub(crate) series: &'a Series,
}

impl<'a> DrawnSeries<'a> {
    /// All series of a chart, in order.
    pub(crate) fn all(series: &'a [Series], plane: &Plane) -> Vec<Self> {
        let layers = Layer::of_all(series, plane);
        let layered = series.iter().zip(layers).enumerate();
        layered
            .map(|(index, (series, layer))| Self {
                mark: Mark {
                    series: index,
                    layer,
                },
                series,
            })
            .collect()
    }

    /// Its name in the legend.
    pub(crate) fn entry(&self, swatch: fn(Mark) -> Swatch) -> Entry {
        Entry {
            swatch: swatch(self.mark),
            name: self.series.name.clone(),
        }
    }

    /// Draws a line through the points.
    pub(crate) fn draw_line(&self, canvas: &mut Canvas, plane: &Plane, room: &mut Room) {
        let points = self.series.points.iter();
        let places: Vec<_> = points.map(|point| plane.spot(point.x, point.y)).collect();
        let kept = thinned(&places);
        for (&from, &to) in kept.iter().zip(kept.iter().skip(1)) {
            room.line(from, to);
        }
        let Mark { series, layer } = self.mark;
        let attributes = format!(
            r#"class="{}" d="{}" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-dasharray="{}""#,
            Role::Series(series),
            path(kept),
            layer.dashes(series)
        );
        canvas.titled("path", attributes, &self.series.name);
    }

    /// Counts the points as marks.
    pub(crate) fn cover(&self, plane: &Plane, room: &mut Room) {
        for point in &self.series.points {
            room.point(plane.spot(point.x, point.y));
        }
    }

    /// Draws the points; `values` says on hover where they are.
    pub(crate) fn draw_marks(
        &self,
        canvas: &mut Canvas,
        plane: &Plane,
        values: impl Fn(&Point) -> String,
    ) {
        self.mark.start(canvas);
        for point in &self.series.points {
            let spot = plane.spot(point.x, point.y);
            let label = point.label.iter().map(|label| format!(", {label}"));
            let label: String = label.collect();
            let title = format!("{}{label}: {}", self.series.name, values(point));
            self.mark.draw(canvas, spot, &title);
        }
        canvas.end("g");
    }
}

/// The shape of a line with fewer points: of consecutive points in one column of pixels, the first, the lowest, the
/// highest and the last stay. What is drawn does not change by a pixel.
fn thinned(places: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if places.len() <= THINNED_FROM {
        return places.to_vec();
    }
    let mut kept = Vec::new();
    for column in places.chunk_by(|a, b| same_column(a.0, b.0)) {
        let heights = || column.iter().map(|place| place.1).enumerate();
        let lowest = heights().min_by(|a, b| a.1.total_cmp(&b.1));
        let highest = heights().max_by(|a, b| a.1.total_cmp(&b.1));
        let mut staying = vec![0, column.len() - 1];
        staying.extend(lowest.into_iter().chain(highest).map(|(index, _)| index));
        staying.sort_unstable();
        staying.dedup();
        kept.extend(staying.into_iter().filter_map(|index| column.get(index)));
    }
    kept
}

fn same_column(a: f64, b: f64) -> bool {
    (a.floor() - b.floor()).abs() < 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_the_reach_of_every_column() {
        let places: Vec<(f64, f64)> = (0..50_000_u32)
            .map(|n| {
                let n = f64::from(n);
                (n / 100.0, (n * 0.37).sin() * 100.0)
            })
            .collect();
        let kept = thinned(&places);
        assert!(kept.len() <= 4 * 500 && kept.len() > 500);
        let reach = |all: &[(f64, f64)], column: f64| {
            let ys = all.iter().filter(|place| same_column(place.0, column));
            ys.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), place| {
                (low.min(place.1), high.max(place.1))
            })
        };
        for column in 0..500_u32 {
            let column = f64::from(column);
            assert_eq!(reach(&kept, column), reach(&places, column));
        }
        assert_eq!((kept.first(), kept.last()), (places.first(), places.last()));
    }

    #[test]
    fn short_lines_keep_every_point() {
        let places = [(0.1, 1.0), (0.2, 2.0), (0.3, 3.0)];
        assert_eq!(thinned(&places), places);
    }
}
