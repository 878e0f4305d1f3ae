use crate::assumptions::MfuLookup;
use crate::attention_shape::AttentionShape;
use crate::curve::Curve;
use crate::found::{Found, MfuAnswer};
use crate::grouping::group_by_key;
use crate::mfu_rows::{LEAST_MFU, PrefillRow};
use crate::nearest::{nearest, squared_distance};

/// Measured prefill attention: for each shape a curve of MFU over the sequence length.
#[derive(Clone, Debug)]
pub(crate) struct PrefillTable {
    /// In the order of their first rows.
    curves: Vec<PrefillCurve>,
}

#[derive(Clone, Debug)]
struct PrefillCurve {
    shape: AttentionShape,
    over_length: Curve,
    /// Rows of the shape that a missing value can fall back to, in input order.
    usable_rows: Vec<PrefillRow>,
}

/// The curve that serves a shape, which may be that of another one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PrefillLookup<'t> {
    curve: &'t PrefillCurve,
    mode: MfuLookup,
    inexact: Found,
}

impl PrefillTable {
    pub(crate) fn new(rows: &[PrefillRow]) -> Self {
        let curves = group_by_key(rows, |row| row.shape)
            .into_iter()
            .map(|(shape, own)| PrefillCurve {
                shape,
                over_length: Curve::new(own.iter().map(|row| (row.seq_len, row.mfu))),
                usable_rows: own
                    .into_iter()
                    .filter(|row| row.mfu >= LEAST_MFU)
                    .copied()
                    .collect(),
            })
            .collect();
        Self { curves }
    }

    /// The curve of the shape, else of the nearest one. `None` only for a table without rows.
    pub(crate) fn lookup(
        &self,
        shape: AttentionShape,
        mode: MfuLookup,
    ) -> Option<PrefillLookup<'_>> {
        let curve = nearest(&self.curves, |curve| {
            squared_distance(curve.shape.coordinates(), shape.coordinates())
        })?;
        let inexact = if curve.shape == shape {
            Found::NONE
        } else {
            Found::OTHER_SHAPE
        };
        Some(PrefillLookup {
            curve,
            mode,
            inexact,
        })
    }
}

impl PrefillLookup<'_> {
    /// The MFU over a sequence of `seq_len` tokens.
    pub(crate) fn mfu(&self, seq_len: u32) -> MfuAnswer {
        let curve = &self.curve.over_length;
        let answer = curve.mfu(curve.locate(seq_len), self.mode);
        if answer.mfu < LEAST_MFU {
            return self.fallback(seq_len);
        }
        answer.with_inexact(self.inexact)
    }

    #[cold]
    fn fallback(&self, seq_len: u32) -> MfuAnswer {
        let row = nearest(&self.curve.usable_rows, |row| {
            squared_distance([row.seq_len], [seq_len])
        });
        MfuAnswer::fallback(row.map(|row| row.mfu)).with_inexact(self.inexact)
    }
}
