use std::path::Path;

use roofline::{AttentionShape, DecodeRow, GemmRow, Invalid, MfuTables, PrefillRow};

use crate::error::CatalogError;
use crate::measured_table::MeasuredTable;
use crate::table_layout::{DECODE, GEMM, PREFILL};

/// The three tables of a GPU.
#[derive(Debug)]
pub(crate) struct MeasuredTables {
    pub(crate) gemm: MeasuredTable<3>,
    pub(crate) prefill: MeasuredTable<4>,
    pub(crate) decode: MeasuredTable<6>,
}

impl MeasuredTables {
    /// Reads the tables of a folder, in which every row can be used.
    pub(crate) fn read(root: &Path, folder: &Path) -> Result<Self, CatalogError> {
        Ok(Self {
            gemm: MeasuredTable::read(root, folder, &GEMM)?.without_problems()?,
            prefill: MeasuredTable::read(root, folder, &PREFILL)?.without_problems()?,
            decode: MeasuredTable::read(root, folder, &DECODE)?.without_problems()?,
        })
    }

    /// The rows as the roofline model has them.
    pub(crate) fn mfu_tables(&self) -> Result<MfuTables, Invalid> {
        let gemm = self.gemm.rows.iter().map(|row| {
            let [k, n, m] = row.sizes;
            let mfu = row.mfu;
            GemmRow { m, k, n, mfu }
        });
        let prefill = self.prefill.rows.iter().map(|row| {
            let [heads, kv_heads, head_dim, seq_len] = row.sizes;
            PrefillRow {
                shape: AttentionShape {
                    heads,
                    kv_heads,
                    head_dim,
                },
                seq_len,
                mfu: row.mfu,
            }
        });
        let decode = self.decode.rows.iter().map(|row| {
            let [
                heads,
                kv_heads,
                head_dim,
                tensor_parallel,
                batch_size,
                kv_len,
            ] = row.sizes;
            DecodeRow {
                shape: AttentionShape {
                    heads,
                    kv_heads,
                    head_dim,
                },
                tensor_parallel,
                batch_size,
                kv_len,
                mfu: row.mfu,
            }
        });
        MfuTables::new(gemm.collect(), prefill.collect(), decode.collect())
    }
}
