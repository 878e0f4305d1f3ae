use std::collections::BTreeMap;

use crate::check::as_f64;
use crate::palette;
use crate::plane::Plane;
use crate::series::Series;

/// Side of the squares by which places are compared: those of neighbouring squares cover each other.
const SQUARE_PX: f64 = 2.0;

/// Hollow marks of further layers would be too large for the chart.
const MOST_LAYERS: u8 = 3;

/// Whether a series lies on others, which it would hide: then its marks are hollow and its line is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Layer {
    /// On none, or on few points of others.
    Free,
    /// On others with three of four points or more; each layer is drawn around the one below.
    Over(u8),
}

impl Layer {
    /// The layers of all series on a plane: each is compared with those before it.
    pub(crate) fn of_all(series: &[Series], plane: &Plane) -> Vec<Self> {
        let mut highest: BTreeMap<(i64, i64), Self> = BTreeMap::new();
        let mut layers = Vec::with_capacity(series.len());
        for one in series {
            let spots: Vec<(i64, i64)> = one
                .points
                .iter()
                .map(|point| plane.spot(point.x, point.y))
                .map(|(x, y)| (square(x), square(y)))
                .collect();
            let below: Vec<Self> = spots
                .iter()
                .filter_map(|spot| around(*spot).filter_map(|near| highest.get(&near)).max())
                .copied()
                .collect();
            let layer = match below.iter().max() {
                Some(most) if below.len() * 4 >= spots.len() * 3 => most.above(),
                Some(_) | None => Self::Free,
            };
            for spot in spots {
                let known = highest.entry(spot).or_insert(layer);
                *known = layer.max(*known);
            }
            layers.push(layer);
        }
        layers
    }

    fn above(self) -> Self {
        match self {
            Self::Free => Self::Over(1),
            Self::Over(layer) => Self::Over((layer + 1).min(MOST_LAYERS)),
        }
    }

    /// The dashes of the line of a series: what lies below shows between them.
    pub(crate) fn dashes(self, series: usize) -> &'static str {
        match (self, palette::dashes(series)) {
            (Self::Over(1), "none") => "8 8",
            (Self::Over(_), "none") => "4 12",
            (Self::Free | Self::Over(_), dashes) => dashes,
        }
    }

    /// How much larger than others the hollow marks are; none of a filled one.
    pub(crate) fn hollow_scale(self) -> Option<f64> {
        match self {
            Self::Free => None,
            Self::Over(layer) => Some(1.0 + 0.35 * as_f64(usize::from(layer))),
        }
    }
}

/// The square of places that a pixel is in.
#[expect(
    clippy::cast_possible_truncation,
    reason = "pixels of a picture, far below 2^53"
)]
fn square(pixel: f64) -> i64 {
    (pixel / SQUARE_PX).round() as i64
}

/// A square and those about it.
fn around((x, y): (i64, i64)) -> impl Iterator<Item = (i64, i64)> {
    (x - 1..=x + 1).flat_map(move |x| (y - 1..=y + 1).map(move |y| (x, y)))
}
