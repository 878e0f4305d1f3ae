use crate::decode_table::{DecodeTable, MAX_GRID_CELLS};
use crate::gemm_table::GemmTable;
use crate::invalid::{Invalid, Problems};
use crate::mfu_rows::{DecodeRow, GemmRow, MAX_MFU, PrefillRow, check_rows};
use crate::prefill_table::PrefillTable;

/// The measured MFUs of one GPU, checked and indexed for lookups.
///
/// Rows keep their order where it decides: of rows at the same distance the first one wins.
#[derive(Clone, Debug)]
pub struct MfuTables {
    pub(crate) gemm: GemmTable,
    pub(crate) prefill: PrefillTable,
    pub(crate) decode: DecodeTable,
}

impl MfuTables {
    /// The largest MFU a row may have. Above 1 is possible where the peak is that of another
    /// precision or clock; far above it is a mistake.
    pub const MAX_MFU: f64 = MAX_MFU;
    /// The most cells, batch sizes times KV lengths, of the decode grid of one shape and tensor
    /// parallel degree.
    pub const MAX_GRID_CELLS: usize = MAX_GRID_CELLS;

    /// Checks and indexes the rows.
    ///
    /// # Errors
    ///
    /// Lists, for all three tables under the fields `gemm`, `attention_prefill` and
    /// `attention_decode`: a table without rows; and for each row, counted from 1, sizes of zero,
    /// an MFU that is not a number from 0 to [`Self::MAX_MFU`], and a size that an earlier row
    /// has. Decode grids above [`Self::MAX_GRID_CELLS`] are refused.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "tables are handed over whole, whatever the indexes keep of them"
    )]
    pub fn new(
        gemm: Vec<GemmRow>,
        prefill: Vec<PrefillRow>,
        decode: Vec<DecodeRow>,
    ) -> Result<Self, Invalid> {
        let mut problems = Problems::default();
        check_rows("gemm", &gemm, &mut problems);
        check_rows("attention_prefill", &prefill, &mut problems);
        check_rows("attention_decode", &decode, &mut problems);
        DecodeTable::check_grid_sizes(&decode, &mut problems);
        problems.into_result("mfu tables")?;
        Ok(Self {
            gemm: GemmTable::new(gemm),
            prefill: PrefillTable::new(&prefill),
            decode: DecodeTable::new(&decode),
        })
    }
}
