use crate::axis::{Axis, Location, Place};
use crate::found::{Found, MfuAnswer};
use crate::mfu_rows::{DecodeRow, LEAST_MFU};
use crate::nearest::{nearest, squared_distance};

/// Measured decode attention of one shape at one tensor parallel degree.
#[derive(Clone, Debug)]
pub(crate) struct DecodeGrid {
    batch_sizes: Axis,
    kv_lens: Axis,
    /// By batch size, then KV length; 0 where the combination was not measured.
    mfus: Vec<f64>,
    /// All rows, in input order.
    rows: Vec<GridRow>,
    /// Those that a missing value can fall back to, in input order.
    usable_rows: Vec<GridRow>,
}

#[derive(Clone, Copy, Debug)]
struct GridRow {
    at: [u32; 2],
    mfu: f64,
}

/// The grid at one batch size: piecewise linear in the KV length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BatchSlice<'t> {
    grid: &'t DecodeGrid,
    batch: Location,
}

/// One piece of a [`BatchSlice`]: `start_mfu + slope (kv - start_kv)`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) start_kv: u32,
    pub(crate) start_mfu: f64,
    pub(crate) end_mfu: f64,
    /// MFU per KV token.
    pub(crate) slope: f64,
    /// Whether it lies outside the measured KV lengths.
    pub(crate) outside: bool,
}

impl DecodeGrid {
    /// From rows of distinct (batch size, KV length), at least one.
    pub(crate) fn new(rows: &[&DecodeRow]) -> Self {
        let batch_sizes = Axis::new(rows.iter().map(|row| row.batch_size));
        let kv_lens = Axis::new(rows.iter().map(|row| row.kv_len));
        let width = kv_lens.points().len();
        let mut mfus = vec![0.0; batch_sizes.points().len() * width];
        for row in rows {
            let batch = batch_sizes.locate(row.batch_size).lower;
            mfus[batch * width + kv_lens.locate(row.kv_len).lower] = row.mfu;
        }
        let rows: Vec<GridRow> = rows
            .iter()
            .map(|row| GridRow {
                at: [row.batch_size, row.kv_len],
                mfu: row.mfu,
            })
            .collect();
        let mut usable_rows = rows.clone();
        usable_rows.retain(|row| row.mfu >= LEAST_MFU);
        Self {
            batch_sizes,
            kv_lens,
            mfus,
            rows,
            usable_rows,
        }
    }

    /// Bilinear, constant outside the measured sizes.
    #[inline]
    pub(crate) fn interpolated(&self, batch: u32, kv: u32) -> MfuAnswer {
        let slice = self.at_batch(batch);
        let kv = self.kv_lens.locate(kv);
        MfuAnswer {
            mfu: kv.interpolate(slice.mfu_at_point(kv.lower), slice.mfu_at_point(kv.upper)),
            found: slice.found(kv.place),
        }
    }

    /// The nearest measured row that is not above the request in both sizes, of all rows where
    /// there is none.
    pub(crate) fn lower_neighbour(&self, batch: u32, kv: u32) -> MfuAnswer {
        let distance = |row: &&GridRow| squared_distance(row.at, [batch, kv]);
        let not_above = self
            .rows
            .iter()
            .filter(|row| row.at[0] <= batch && row.at[1] <= kv);
        match nearest(not_above, distance) {
            Some(row) => MfuAnswer {
                mfu: row.mfu,
                found: self.lower_neighbour_found(row, batch, kv),
            },
            // The rows are never empty, so the last alternative only spares a panic.
            None => match nearest(&self.rows, distance) {
                Some(row) => MfuAnswer {
                    mfu: row.mfu,
                    found: Found::CLAMPED,
                },
                None => MfuAnswer::fallback(None),
            },
        }
    }

    /// The MFU of the nearest row with at least [`LEAST_MFU`].
    pub(crate) fn nearest_usable(&self, batch: u32, kv: u32) -> Option<f64> {
        nearest(&self.usable_rows, |row| {
            squared_distance(row.at, [batch, kv])
        })
        .map(|row| row.mfu)
    }

    pub(crate) fn at_batch(&self, batch: u32) -> BatchSlice<'_> {
        BatchSlice {
            grid: self,
            batch: self.batch_sizes.locate(batch),
        }
    }

    pub(crate) fn kv_lens(&self) -> &Axis {
        &self.kv_lens
    }

    fn lower_neighbour_found(&self, row: &GridRow, batch: u32, kv: u32) -> Found {
        if row.at == [batch, kv] {
            return Found::EXACT;
        }
        let (batch, kv) = (self.batch_sizes.locate(batch), self.kv_lens.locate(kv));
        let edge = [
            self.batch_sizes.points()[batch.lower],
            self.kv_lens.points()[kv.lower],
        ];
        let places = [batch.place, kv.place];
        let mut found = Found::NONE;
        if places.contains(&Place::Outside) {
            found = found.union(Found::CLAMPED);
        }
        // The row differs from the edge where that combination was not measured.
        if places.contains(&Place::Between) || row.at != edge {
            found = found.union(Found::LOWER_NEIGHBOUR);
        }
        found
    }
}

impl BatchSlice<'_> {
    /// The MFU at the measured KV length of that index.
    #[inline]
    fn mfu_at_point(&self, kv_index: usize) -> f64 {
        let mfus = &self.grid.mfus;
        let width = self.grid.kv_lens.points().len();
        self.batch.interpolate(
            mfus[self.batch.lower * width + kv_index],
            mfus[self.batch.upper * width + kv_index],
        )
    }

    /// The piece that holds the KV lengths with `points_not_above` measured lengths at or below
    /// them.
    pub(crate) fn piece(&self, points_not_above: usize) -> Piece {
        let points = self.grid.kv_lens.points();
        let start = points_not_above.saturating_sub(1);
        let start_mfu = self.mfu_at_point(start);
        if points_not_above == 0 || points_not_above == points.len() {
            // Below the first point the start lies above the piece: the slope of 0 and the
            // saturating differences of the callers make that the constant it is.
            return Piece {
                start_kv: points[start],
                start_mfu,
                end_mfu: start_mfu,
                slope: 0.0,
                outside: true,
            };
        }
        let end_mfu = self.mfu_at_point(points_not_above);
        Piece {
            start_kv: points[start],
            start_mfu,
            end_mfu,
            slope: (end_mfu - start_mfu) / f64::from(points[points_not_above] - points[start]),
            outside: false,
        }
    }

    /// How a value at such a KV length is found.
    #[inline]
    pub(crate) fn found(&self, kv: Place) -> Found {
        let batch = self.batch.place;
        if batch == Place::On && kv == Place::On {
            return Found::EXACT;
        }
        let mut found = Found::NONE;
        if batch == Place::Between || kv == Place::Between {
            found = found.union(Found::INTERPOLATED);
        }
        if batch == Place::Outside || kv == Place::Outside {
            found = found.union(Found::CLAMPED);
        }
        found
    }
}
