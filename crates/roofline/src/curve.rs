use crate::assumptions::MfuLookup;
use crate::axis::Axis;
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

    /// The MFU at a size, constant outside the measured ones.
    #[inline]
    pub(crate) fn mfu(&self, size: u32, mode: MfuLookup) -> MfuAnswer {
        let location = self.sizes.locate(size);
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
