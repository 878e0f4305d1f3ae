//! Lines through points, and the points themselves.

use crate::canvas::{Canvas, at};
use crate::layer::Layer;
use crate::mark;
use crate::palette::{Role, dashes_over};
use crate::placement::Placement;

/// Lines of more points are thinned.
const THINNED_FROM: usize = 2000;

/// Draws the line of a series through places in pixels.
pub(crate) fn draw(
    canvas: &mut Canvas,
    index: usize,
    layer: Layer,
    places: &[(f64, f64)],
    name: &str,
    placement: &mut Placement,
) {
    let kept = thinned(places);
    let mut path = String::new();
    for (count, &(x, y)) in kept.iter().enumerate() {
        at(&mut path, if count == 0 { 'M' } else { 'L' }, x, y);
    }
    for (&from, &to) in kept.iter().zip(kept.iter().skip(1)) {
        placement.line(from, to);
    }
    canvas.titled(
        "path",
        &[
            ("class", class(index)),
            ("d", &path),
            ("fill", "none"),
            ("stroke", "currentColor"),
            ("stroke-width", "2"),
            ("stroke-linejoin", "round"),
            ("stroke-dasharray", dashes_over(index, layer)),
        ],
        name,
    );
}

fn class(index: usize) -> &'static str {
    Role::Series(index).class()
}

/// Draws the marks of a series; titles come with the places.
pub(crate) fn draw_marks(
    canvas: &mut Canvas,
    index: usize,
    layer: Layer,
    marks: &[((f64, f64), String)],
    placement: &mut Placement,
) {
    mark::start(canvas, index, layer);
    for (place, title) in marks {
        mark::draw(canvas, index, layer, *place, title);
        placement.mark(*place);
    }
    canvas.end("g");
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
