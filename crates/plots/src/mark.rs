use crate::canvas::{Canvas, px};
use crate::layer::Layer;
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

/// What marks of a layer say of themselves beside their shape: class, place, filling and width of the outline.
fn look(layer: Layer, (x, y): (f64, f64)) -> (&'static str, String, &'static str, String) {
    let place = format!("translate({} {})", px(x), px(y));
    match layer.hollow_scale() {
        None => ("plot-edge", place, "currentColor", "0.8".to_owned()),
        Some(scale) => {
            let place = format!("{place} scale({})", px(scale));
            ("plot-hollow", place, "none", px(1.6 / scale))
        }
    }
}

/// Draws a mark of a series at a place, in the group of its series.
pub(crate) fn draw(canvas: &mut Canvas, index: usize, layer: Layer, at: (f64, f64), title: &str) {
    let (edge, place, _, _) = look(layer, at);
    canvas.titled(
        "path",
        &[
            ("class", &format!("plot-mark {edge}")),
            ("transform", &place),
            ("d", shape(index)),
        ],
        title,
    );
}

/// Draws a mark that is no datum, in the group of its series.
pub(crate) fn draw_sample(canvas: &mut Canvas, index: usize, layer: Layer, at: (f64, f64)) {
    let (edge, place, fill, width) = look(layer, at);
    canvas.empty(
        "path",
        &[
            ("class", edge),
            ("transform", &place),
            ("d", shape(index)),
            ("fill", fill),
            // The edge of a filled mark is that of its class.
            ("stroke", "currentColor"),
            ("stroke-width", &width),
        ],
    );
}

/// Opens the group of the marks of a series.
pub(crate) fn start(canvas: &mut Canvas, index: usize, layer: Layer) {
    let (_, _, fill, width) = look(layer, (0.0, 0.0));
    let mut attributes = vec![
        ("class", Role::Series(index).class()),
        ("fill", fill),
        ("stroke-width", width.as_str()),
    ];
    if layer.hollow_scale().is_some() {
        attributes.push(("stroke", "currentColor"));
    }
    canvas.start("g", &attributes);
}
