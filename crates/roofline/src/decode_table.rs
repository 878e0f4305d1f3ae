use crate::assumptions::MfuLookup;
use crate::attention_shape::AttentionShape;
use crate::decode_grid::DecodeGrid;
use crate::found::{Found, MfuAnswer};
use crate::grouping::group_by_key;
use crate::invalid::Problems;
use crate::mfu_rows::{DecodeRow, LEAST_MFU};
use crate::nearest::{nearest, squared_distance};

/// The most cells of the decode grid of one shape and tensor parallel degree.
pub(crate) const MAX_GRID_CELLS: usize = 1 << 22;

/// Measured decode attention: a grid over (batch size, KV length) for each shape and tensor
/// parallel degree.
#[derive(Clone, Debug)]
pub(crate) struct DecodeTable {
    /// In the order of their first rows.
    shapes: Vec<ShapeGrids>,
}

#[derive(Clone, Debug)]
struct ShapeGrids {
    shape: AttentionShape,
    /// By ascending tensor parallel degree, at least one.
    grids: Vec<(u32, DecodeGrid)>,
}

/// The grid that serves a shape at a tensor parallel degree, which may be that of others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DecodeLookup<'t> {
    pub(crate) grid: &'t DecodeGrid,
    pub(crate) mode: MfuLookup,
    pub(crate) inexact: Found,
}

impl DecodeTable {
    /// Refuses grids so sparse that holding every combination of their axes would be absurd.
    pub(crate) fn check_grid_sizes(rows: &[DecodeRow], problems: &mut Problems) {
        for ((shape, tensor_parallel), own) in group_by_key(rows, grid_key) {
            let distinct = |size: fn(&DecodeRow) -> u32| {
                let mut sizes: Vec<u32> = own.iter().map(|row| size(row)).collect();
                sizes.sort_unstable();
                sizes.dedup();
                sizes.len()
            };
            let (batch_sizes, kv_lens) =
                (distinct(|row| row.batch_size), distinct(|row| row.kv_len));
            if batch_sizes.saturating_mul(kv_lens) > MAX_GRID_CELLS {
                problems.add(
                    "attention_decode",
                    format!(
                        "has {batch_sizes} batch sizes by {kv_lens} kv lengths for shape {shape} at \
                         tensor parallel {tensor_parallel}, expected up to {MAX_GRID_CELLS} combinations"
                    ),
                );
            }
        }
    }

    pub(crate) fn new(rows: &[DecodeRow]) -> Self {
        let shapes = group_by_key(rows, |row| row.shape)
            .into_iter()
            .map(|(shape, own)| {
                let own: Vec<DecodeRow> = own.into_iter().copied().collect();
                let mut grids: Vec<(u32, DecodeGrid)> =
                    group_by_key(&own, |row| row.tensor_parallel)
                        .into_iter()
                        .map(|(tensor_parallel, rows)| (tensor_parallel, DecodeGrid::new(&rows)))
                        .collect();
                grids.sort_by_key(|(tensor_parallel, _)| *tensor_parallel);
                ShapeGrids { shape, grids }
            })
            .collect();
        Self { shapes }
    }

    /// The grid of the shape, else of the nearest shape; of the tensor parallel degree, else of
    /// the nearest one that the shape has, the smaller of two. `None` only for a table without
    /// rows.
    pub(crate) fn lookup(
        &self,
        shape: AttentionShape,
        tensor_parallel: u32,
        mode: MfuLookup,
    ) -> Option<DecodeLookup<'_>> {
        let grids = nearest(&self.shapes, |grids| {
            squared_distance(grids.shape.coordinates(), shape.coordinates())
        })?;
        let (degree, grid) = nearest(&grids.grids, |(degree, _)| {
            squared_distance([*degree], [tensor_parallel])
        })?;
        let mut inexact = Found::NONE;
        if grids.shape != shape {
            inexact = inexact.union(Found::OTHER_SHAPE);
        }
        if *degree != tensor_parallel {
            inexact = inexact.union(Found::OTHER_TENSOR_PARALLEL);
        }
        Some(DecodeLookup {
            grid,
            mode,
            inexact,
        })
    }
}

impl DecodeLookup<'_> {
    /// The MFU of `batch` requests over `kv` tokens each.
    #[inline]
    pub(crate) fn mfu(&self, batch: u32, kv: u32) -> MfuAnswer {
        let answer = match self.mode {
            MfuLookup::Interpolated => self.grid.interpolated(batch, kv),
            MfuLookup::Nearest => self.grid.lower_neighbour(batch, kv),
        };
        if answer.mfu < LEAST_MFU {
            return self.fallback(batch, kv);
        }
        answer.with_inexact(self.inexact)
    }

    #[cold]
    fn fallback(&self, batch: u32, kv: u32) -> MfuAnswer {
        MfuAnswer::fallback(self.grid.nearest_usable(batch, kv)).with_inexact(self.inexact)
    }
}

fn grid_key(row: &DecodeRow) -> (AttentionShape, u32) {
    (row.shape, row.tensor_parallel)
}
