use crate::assumptions::MfuLookup;
use crate::axis::Location;
use crate::curve::Curve;
use crate::found::{Found, MfuAnswer};
use crate::grouping::group_by_key;
use crate::mfu_rows::{GemmRow, LEAST_MFU};
use crate::nearest::{nearest, squared_distance};

/// Measured GEMMs: for each weight matrix (k, n) a curve of MFU over m.
#[derive(Clone, Debug)]
pub(crate) struct GemmTable {
    /// In the order of their first rows.
    curves: Vec<GemmCurve>,
    /// Rows of all curves that a missing value can fall back to, in input order.
    usable_rows: Vec<GemmRow>,
}

#[derive(Clone, Debug)]
struct GemmCurve {
    k: u32,
    n: u32,
    over_tokens: Curve,
}

/// The curve that serves a weight matrix (k, n), which may be that of another one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GemmLookup<'t> {
    table: &'t GemmTable,
    curve: &'t Curve,
    mode: MfuLookup,
    k: u32,
    n: u32,
    /// What is not exact about the curve, whatever m.
    inexact: Found,
}

impl GemmTable {
    pub(crate) fn new(mut rows: Vec<GemmRow>) -> Self {
        let curves = group_by_key(&rows, |row| (row.k, row.n))
            .into_iter()
            .map(|((k, n), own)| GemmCurve {
                k,
                n,
                over_tokens: Curve::new(own.into_iter().map(|row| (row.m, row.mfu))),
            })
            .collect();
        rows.retain(|row| row.mfu >= LEAST_MFU);
        Self {
            curves,
            usable_rows: rows,
        }
    }

    /// The closest curve that is at least as large in both k and n; where none is, the largest
    /// by `k^2 + n^2`. `None` only for a table without rows.
    pub(crate) fn lookup(&self, k: u32, n: u32, mode: MfuLookup) -> Option<GemmLookup<'_>> {
        let covering = self
            .curves
            .iter()
            .filter(|curve| curve.k >= k && curve.n >= n);
        let closest = nearest(covering, |curve| {
            squared_distance([curve.k, curve.n], [k, n])
        });
        let (curve, inexact) = match closest {
            Some(curve) if (curve.k, curve.n) == (k, n) => (curve, Found::NONE),
            Some(curve) => (curve, Found::OTHER_SHAPE),
            None => (self.largest()?, Found::OTHER_SHAPE.union(Found::CLAMPED)),
        };
        Some(GemmLookup {
            table: self,
            curve: &curve.over_tokens,
            mode,
            k,
            n,
            inexact,
        })
    }

    fn largest(&self) -> Option<&GemmCurve> {
        let size = |curve: &&GemmCurve| squared_distance([curve.k, curve.n], [0, 0]);
        // `max_by_key` takes the last of equals; the first row shall win.
        self.curves.iter().rev().max_by_key(size)
    }
}

impl GemmLookup<'_> {
    /// Whether locations of this table serve the other one.
    pub(crate) fn shares_tokens(&self, other: &Self) -> bool {
        self.curve.shares_sizes(other.curve)
    }

    #[inline]
    pub(crate) fn locate(&self, m: u32) -> Location {
        self.curve.locate(m)
    }

    /// The MFU for `m` tokens.
    #[inline]
    pub(crate) fn mfu(&self, m: u32) -> MfuAnswer {
        self.mfu_at(m, self.locate(m))
    }

    /// The MFU for `m` tokens, which were located before.
    #[inline]
    pub(crate) fn mfu_at(&self, m: u32, location: Location) -> MfuAnswer {
        let answer = self.curve.mfu(location, self.mode);
        if answer.mfu < LEAST_MFU {
            return self.fallback(m);
        }
        answer.with_inexact(self.inexact)
    }

    #[cold]
    fn fallback(&self, m: u32) -> MfuAnswer {
        let row = nearest(&self.table.usable_rows, |row| {
            squared_distance([row.m, row.k, row.n], [m, self.k, self.n])
        });
        MfuAnswer::fallback(row.map(|row| row.mfu)).with_inexact(self.inexact)
    }
}
