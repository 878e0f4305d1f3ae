use crate::assumptions::MfuLookup;
use crate::axis::{Axis, Location};
use crate::found::{Found, MfuAnswer};

/// Measured MFUs over one size.
#[derive(Clone, Debug)]
pub(crate) struct Curve {
    sizes: Axis,
    mfus: Vec<f64>,
}

impl Curve {
    /// From pairs of distinct sizes and MFUs in any order, at least one.
    pub(crate) fn new(points: impl Iterator<Item = (u32, f64)>) -> Self {
        let mut points: Vec<(u32, f64)> = points.collect();
        points.sort_unstable_by_key(|(size, _)| *size);
        Self {
            sizes: Axis::new(points.iter().map(|(size, _)| *size)),
            mfus: points.iter().map(|(_, mfu)| *mfu).collect(),
        }
    }

    /// Whether both were measured at the same sizes: then a location on one is one on the other.
    pub(crate) fn shares_sizes(&self, other: &Self) -> bool {
        self.sizes.points() == other.sizes.points()
    }

    #[inline]
    pub(crate) fn locate(&self, size: u32) -> Location {
        self.sizes.locate(size)
    }

    /// The MFU at a size, constant outside the measured ones.
    #[inline]
    pub(crate) fn mfu(&self, location: Location, mode: MfuLookup) -> MfuAnswer {
        let lower = self.mfus[location.lower];
        let (mfu, between) = match mode {
            MfuLookup::Nearest => (lower, Found::LOWER_NEIGHBOUR),
            MfuLookup::Interpolated => (
                location.interpolate(lower, self.mfus[location.upper]),
                Found::INTERPOLATED,
            ),
        };
        MfuAnswer {
            mfu,
            found: location.place.found(between),
        }
    }
}
