use crate::canvas::{Canvas, px};
use crate::palette::Role;

/// Shapes of marks, in the order in which series take them.
const SHAPES: [&str; 6] = [
    "M-4 0A4 4 0 1 1 4 0A4 4 0 1 1-4 0Z",
    "M-3.6-3.6H3.6V3.6H-3.6Z",
    "M0-4.8L4.5 3.4H-4.5Z",
    "M0-5L5 0L0 5L-5 0Z",
    "M-1.6-4.8H1.6V-1.6H4.8V1.6H1.6V4.8H-1.6V1.6H-4.8V-1.6H-1.6Z",
    "M0 4.8L4.5-3.4H-4.5Z",
];

/// A circle without a filling, for points that are no data.
pub(crate) const RING: &str = "M-4.5 0A4.5 4.5 0 1 1 4.5 0A4.5 4.5 0 1 1-4.5 0Z";

/// The shape of the marks of a series. Series of one colour have different shapes.
pub(crate) fn shape(index: usize) -> &'static str {
    let round = index / SHAPES.len();
    SHAPES
        .get((index + round) % SHAPES.len())
        .copied()
        .unwrap_or(RING)
}

/// Draws a mark of a series at a place.
pub(crate) fn draw(canvas: &mut Canvas, index: usize, (x, y): (f64, f64), title: &str) {
    let place = format!("translate({} {})", px(x), px(y));
    canvas.titled(
        "path",
        &[
            ("class", "plot-mark plot-edge"),
            ("transform", &place),
            ("d", shape(index)),
        ],
        title,
    );
}

/// Opens the group of the marks of a series.
pub(crate) fn start(canvas: &mut Canvas, index: usize) {
    canvas.start(
        "g",
        &[
            ("class", Role::Series(index).class()),
            ("fill", "currentColor"),
            ("stroke-width", "0.8"),
        ],
    );
}
