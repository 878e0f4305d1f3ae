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

/// The marks of a series, filled or hollow by its layer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) series: usize,
    pub(crate) layer: Layer,
}

impl Mark {
    /// Opens the group of the marks of the series.
    pub(crate) fn start(self, canvas: &mut Canvas) {
        let role = Role::Series(self.series);
        canvas.start(match self.layer.hollow_scale() {
            None => format!(r#"g class="{role}" fill="currentColor" stroke-width="0.8""#),
            Some(scale) => {
                let width = px(1.6 / scale);
                format!(
                    r#"g class="{role}" fill="none" stroke-width="{width}" stroke="currentColor""#
                )
            }
        });
    }

    /// Draws a datum, in the group of the series.
    pub(crate) fn draw(self, canvas: &mut Canvas, at: (f64, f64), title: &str) {
        let attributes = format!(r#"class="plot-mark {}"#, self.placed(at));
        canvas.titled("path", attributes, title);
    }

    /// Draws a mark that is no datum, in a group of the colour of the series.
    pub(crate) fn draw_group(self, canvas: &mut Canvas, at: (f64, f64)) {
        canvas.start(format_args!(r#"g class="{}""#, Role::Series(self.series)));
        self.draw_sample(canvas, at);
        canvas.end("g");
    }

    /// Draws a mark that is no datum.
    pub(crate) fn draw_sample(self, canvas: &mut Canvas, at: (f64, f64)) {
        let (fill, width) = match self.layer.hollow_scale() {
            // The edge of a filled mark is that of its class.
            None => ("currentColor", "0.8".to_owned()),
            Some(scale) => ("none", px(1.6 / scale)),
        };
        let placed = self.placed(at);
        canvas.empty(format_args!(
            r#"path class="{placed} fill="{fill}" stroke="currentColor" stroke-width="{width}""#
        ));
    }

    /// The end of the classes, place and shape. Series of one colour have different shapes.
    fn placed(self, (x, y): (f64, f64)) -> String {
        let round = self.series / SHAPES.len();
        let shape = SHAPES[(self.series + round) % SHAPES.len()];
        let (x, y) = (px(x), px(y));
        match self.layer.hollow_scale() {
            None => format!(r#"plot-edge" transform="translate({x} {y})" d="{shape}""#),
            Some(scale) => {
                let scale = px(scale);
                format!(r#"plot-hollow" transform="translate({x} {y}) scale({scale})" d="{shape}""#)
            }
        }
    }
}
