use std::path::PathBuf;

use roofline::MfuTables;

use crate::error::CatalogError;
use crate::measured_kernels::MeasuredKernels;

/// A GPU of the catalog.
#[derive(Debug, Clone)]
pub struct Gpu {
    /// The name of its folder in `bench_data`, in lower case.
    pub name: String,
    /// The product's name.
    pub title: String,
    /// Peak rate of dense BF16 arithmetic, in FLOP/s.
    pub peak_flops_per_s: f64,
    /// Peak memory bandwidth, in bytes/s.
    pub bandwidth_bytes_per_s: f64,
    /// Memory, in bytes.
    pub memory_bytes: u64,
    /// The files this was read from, relative to the catalog's root: `gpu.yaml` and the tables that
    /// exist.
    pub files: Vec<PathBuf>,
    pub(crate) tables: GpuTables,
}

/// The tables of a GPU, all or none.
#[derive(Debug, Clone)]
pub(crate) enum GpuTables {
    Complete {
        mfu: MfuTables,
        kernels: MeasuredKernels,
    },
    Incomplete {
        /// The files that are not there, relative to the root.
        missing: Vec<String>,
        /// The GPUs that could be asked for instead.
        gpus_with_tables: Vec<String>,
    },
}

impl Gpu {
    /// The measured MFUs of this GPU.
    ///
    /// # Errors
    ///
    /// [`CatalogError::NoTables`] names the files that are missing and the GPUs that have theirs.
    pub fn mfu_tables(&self) -> Result<&MfuTables, CatalogError> {
        Ok(self.complete_tables()?.0)
    }

    /// Times and FLOPs of the measured kernels.
    ///
    /// # Errors
    ///
    /// As for [`Gpu::mfu_tables`].
    pub fn measured_kernels(&self) -> Result<&MeasuredKernels, CatalogError> {
        Ok(self.complete_tables()?.1)
    }

    fn complete_tables(&self) -> Result<(&MfuTables, &MeasuredKernels), CatalogError> {
        match &self.tables {
            GpuTables::Complete { mfu, kernels } => Ok((mfu, kernels)),
            GpuTables::Incomplete {
                missing,
                gpus_with_tables,
            } => Err(CatalogError::NoTables {
                gpu: self.name.clone(),
                missing: missing.clone(),
                gpus_with_tables: gpus_with_tables.clone(),
            }),
        }
    }
}
