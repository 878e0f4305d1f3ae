use std::marker::PhantomData;

use crate::assumptions::Assumptions;
use crate::batch::Batch;
use crate::found::MfuAnswer;
use crate::hardware::Hardware;
use crate::invalid::Invalid;
use crate::mfu_tables::MfuTables;
use crate::model_config::ModelConfig;
use crate::projection::{GemmCost, Projection};
use crate::step::{EmptyBatch, Step};

/// One model on one kind of GPU under one set of assumptions: predicts steps.
#[derive(Clone, Debug)]
pub struct StepModel<'t> {
    tables: PhantomData<&'t MfuTables>,
}

impl<'t> StepModel<'t> {
    /// Resolves which tables serve the model.
    ///
    /// # Errors
    ///
    /// Lists every problem.
    pub fn new(
        _model: &ModelConfig,
        _hardware: &Hardware,
        _tables: &'t MfuTables,
        _tensor_parallel: u32,
        _assumptions: &Assumptions,
    ) -> Result<Self, Invalid> {
        Ok(Self {
            tables: PhantomData,
        })
    }

    /// The predicted step.
    ///
    /// # Errors
    ///
    /// The batch holds no request.
    pub fn step(&self, _batch: &Batch) -> Result<Step, EmptyBatch> {
        Err(EmptyBatch)
    }

    /// One projection over all layers, split over the GPUs.
    #[must_use]
    pub fn gemm(&self, _projection: Projection, _tokens: u32) -> GemmCost {
        unimplemented!("follows")
    }

    /// The MFU of one GEMM.
    #[must_use]
    pub fn gemm_mfu(&self, _m: u32, _k: u32, _n: u32) -> MfuAnswer {
        unimplemented!("follows")
    }

    /// The MFU of decode attention of `batch` requests over `kv` tokens each.
    #[must_use]
    pub fn decode_attention_mfu(&self, _batch: u32, _kv: u32) -> MfuAnswer {
        unimplemented!("follows")
    }

    /// The MFU of prefill attention over `seq_len` tokens.
    #[must_use]
    pub fn prefill_attention_mfu(&self, _seq_len: u32) -> MfuAnswer {
        unimplemented!("follows")
    }
}
