use crate::found::Found;

/// The measured sizes along one axis of a table: sorted, distinct, at least one.
///
/// Sizes in measured tables are mostly powers of two, so an index by bit length finds the place
/// of a size with at most a comparison or two; any other spacing costs a binary search within
/// one octave.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    points: Vec<u32>,
    /// Entry `b` is the number of points with fewer than `b` bits.
    octave_start: [usize; 34],
}

/// Where a size lies on an axis: `values[lower] + weight * (values[upper] - values[lower])`
/// interpolates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Location {
    pub(crate) lower: usize,
    pub(crate) upper: usize,
    pub(crate) weight: f64,
    pub(crate) place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// On a measured size.
    On,
    /// Between two.
    Between,
    /// Below the smallest or above the largest.
    Outside,
}

impl Axis {
    /// The distinct sizes of `sizes`; an axis without points locates nothing, so callers check
    /// that there is one.
    pub(crate) fn new(sizes: impl Iterator<Item = u32>) -> Self {
        let mut points: Vec<u32> = sizes.collect();
        points.sort_unstable();
        points.dedup();
        let octave_start =
            std::array::from_fn(|bits| points.partition_point(|point| (bit_length(*point)) < bits));
        Self {
            points,
            octave_start,
        }
    }

    pub(crate) fn points(&self) -> &[u32] {
        &self.points
    }

    /// How many points are not above `size`.
    #[inline]
    pub(crate) fn count_not_above(&self, size: u32) -> usize {
        let bits = bit_length(size);
        let (start, end) = (self.octave_start[bits], self.octave_start[bits + 1]);
        start + self.points[start..end].partition_point(|point| *point <= size)
    }

    #[inline]
    pub(crate) fn locate(&self, size: u32) -> Location {
        let count = self.count_not_above(size);
        let Some(lower) = count.checked_sub(1) else {
            return Location::at(0, Place::Outside);
        };
        let below = self.points[lower];
        if below == size {
            return Location::at(lower, Place::On);
        }
        match self.points.get(count) {
            None => Location::at(lower, Place::Outside),
            Some(above) => Location {
                lower,
                upper: count,
                weight: f64::from(size - below) / f64::from(above - below),
                place: Place::Between,
            },
        }
    }
}

impl Location {
    fn at(index: usize, place: Place) -> Self {
        Self {
            lower: index,
            upper: index,
            weight: 0.0,
            place,
        }
    }

    /// Linear between the two values. Never beyond them: sizes have 32 bits, so a weight stays
    /// further from 1 than the rounding of 53-bit arithmetic reaches.
    #[inline]
    pub(crate) fn interpolate(self, at_lower: f64, at_upper: f64) -> f64 {
        if self.place != Place::Between {
            return at_lower;
        }
        at_lower + self.weight * (at_upper - at_lower)
    }
}

impl Place {
    /// How a value is found that takes `between` where the size lies between two points.
    pub(crate) fn found(self, between: Found) -> Found {
        match self {
            Self::On => Found::EXACT,
            Self::Between => between,
            Self::Outside => Found::CLAMPED,
        }
    }
}

fn bit_length(size: u32) -> usize {
    (u32::BITS - size.leading_zeros()) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_located_between_their_neighbours() {
        let axis = Axis::new([4096, 1024, 8192, 1024, 1500].into_iter());
        assert_eq!(axis.points(), [1024, 1500, 4096, 8192]);
        for (size, lower, upper, place) in [
            (0, 0, 0, Place::Outside),
            (1023, 0, 0, Place::Outside),
            (1024, 0, 0, Place::On),
            (1499, 0, 1, Place::Between),
            (1500, 1, 1, Place::On),
            (2048, 1, 2, Place::Between),
            (8192, 3, 3, Place::On),
            (u32::MAX, 3, 3, Place::Outside),
        ] {
            let location = axis.locate(size);
            assert_eq!(
                (location.lower, location.upper, location.place),
                (lower, upper, place),
                "{size}"
            );
            let count = axis.points().iter().filter(|point| **point <= size).count();
            assert_eq!(axis.count_not_above(size), count, "{size}");
        }
    }

    #[test]
    fn extreme_points_have_a_place() {
        let axis = Axis::new([1, u32::MAX].into_iter());
        assert_eq!(axis.count_not_above(u32::MAX), 2);
        assert_eq!(axis.count_not_above(u32::MAX - 1), 1);
        assert_eq!(axis.count_not_above(0), 0);
    }
}
