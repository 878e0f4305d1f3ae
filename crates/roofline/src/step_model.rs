use crate::analytical_times::{AnalyticalTimes, StepTokens};
use crate::assumptions::Assumptions;
use crate::batch::Batch;
use crate::decode_attention::DecodeAttentionRule;
use crate::found::{Found, MfuAnswer};
use crate::hardware::Hardware;
use crate::integer_sum::to_f64;
use crate::invalid::{Invalid, Problems};
use crate::mfu_tables::MfuTables;
use crate::model_config::ModelConfig;
use crate::model_gemms::ModelGemms;
use crate::phase_combination::{CombinedPhases, combine};
use crate::prefill_buckets::PrefillBuckets;
use crate::prefill_table::PrefillLookup;
use crate::projection::{GemmCost, Projection};
use crate::step::{Bytes, EmptyBatch, Phase, Regime, Step};

/// One model on one kind of GPU under one set of assumptions: predicts steps.
///
/// Construction chooses the tables that serve the model and computes what does not depend on the
/// batch; it takes well under a microsecond, so that a sweep may build one for each cell.
#[derive(Clone, Debug)]
pub struct StepModel<'t> {
    model: ModelConfig,
    assumptions: Assumptions,
    tables: &'t MfuTables,
    gemms: ModelGemms<'t>,
    decode_attention: DecodeAttentionRule<'t>,
    prefill_attention: PrefillLookup<'t>,
    /// F tp: the FLOP/s of all GPUs together.
    peak_flops_per_s: f64,
    /// B tp: the bytes/s of all GPUs together.
    bandwidth_bytes_per_s: f64,
    weight_bytes: f64,
    /// `2 L g e b`.
    kv_bytes_per_token: f64,
    /// `L d b`.
    activation_bytes_per_token: f64,
    /// `4 h e L`: attention FLOPs of one token over one token of context.
    attention_flops_per_pair: f64,
    overhead_us: f64,
}

impl<'t> StepModel<'t> {
    /// The largest factor that is accepted, and the inverse of the smallest causal divisor.
    pub const MAX_FACTOR: f64 = 1e6;

    /// Chooses the tables that serve the model.
    ///
    /// # Errors
    ///
    /// Lists all of: a tensor parallel degree that is 0 or does not divide the heads, and factors
    /// that are negative, not a number or above [`Self::MAX_FACTOR`]; the causal divisor must be
    /// at least the inverse of that.
    pub fn new(
        model: &ModelConfig,
        hardware: &Hardware,
        tables: &'t MfuTables,
        tensor_parallel: u32,
        assumptions: &Assumptions,
    ) -> Result<Self, Invalid> {
        let mut problems = Problems::default();
        check_tensor_parallel(model, tensor_parallel, &mut problems);
        check_factors(assumptions, &mut problems);
        problems.into_result("step model")?;

        let mode = assumptions.mfu_lookup;
        let shape = model.attention_shape();
        let (Some(gemms), Some(decode), Some(prefill_attention)) = (
            ModelGemms::new(model, hardware, &tables.gemm, tensor_parallel, assumptions),
            tables.decode.lookup(shape, tensor_parallel, mode),
            tables.prefill.lookup(shape, mode),
        ) else {
            let mut problems = Problems::default();
            problems.add("tables", "has a table without rows");
            return Err(problems.into_invalid("step model"));
        };

        let layers = f64::from(model.layers());
        let bytes = model.bytes_per_param();
        let degree = f64::from(tensor_parallel);
        let head_width = f64::from(model.heads()) * f64::from(model.head_dim());
        Ok(Self {
            model: *model,
            assumptions: *assumptions,
            tables,
            gemms,
            decode_attention: DecodeAttentionRule {
                lookup: decode,
                flops: assumptions.decode_attention_flops,
                mfu: assumptions.decode_attention_mfu,
            },
            prefill_attention,
            peak_flops_per_s: hardware.peak_flops_per_s() * degree,
            bandwidth_bytes_per_s: hardware.effective_bandwidth_bytes_per_s() * degree,
            weight_bytes: model.weight_bytes(assumptions.lm_head),
            kv_bytes_per_token: 2.0 * layers * f64::from(model.kv_width()) * bytes,
            activation_bytes_per_token: layers * f64::from(model.hidden()) * bytes,
            attention_flops_per_pair: 4.0 * head_width * layers,
            overhead_us: hardware.per_layer_overhead_us() * layers / degree,
        })
    }

    /// The predicted step. Allocates nothing.
    ///
    /// # Errors
    ///
    /// The batch holds no request.
    pub fn step(&self, batch: &Batch) -> Result<Step, EmptyBatch> {
        let has_prefill = !batch.prefill().is_empty();
        let has_decode = batch.decode_requests() > 0;
        match (has_prefill, has_decode) {
            (false, false) => Err(EmptyBatch),
            (true, false) => {
                let prefill = self.prefill_phase(batch);
                Ok(self.assemble(&CombinedPhases::from(&prefill), Some(prefill), None))
            }
            (false, true) => {
                let decode = self.decode_phase(batch);
                Ok(self.assemble(&CombinedPhases::from(&decode), None, Some(decode)))
            }
            (true, true) => {
                let prefill = self.prefill_phase(batch);
                let decode = self.decode_phase(batch);
                let combined = combine(self.assumptions.mixed_batch, &prefill, &decode, || {
                    self.one_pass(batch, &prefill, &decode)
                });
                Ok(self.assemble(&combined, Some(prefill), Some(decode)))
            }
        }
    }

    /// The cost of one projection over all layers, split over the GPUs. The LM head has one also
    /// where the assumptions leave it out of steps.
    #[must_use]
    pub fn gemm(&self, projection: Projection, tokens: u32) -> GemmCost {
        self.gemms.cost(&self.model, projection, tokens)
    }

    /// The FLOP/s of all GPUs together.
    #[must_use]
    pub fn peak_flops_per_s(&self) -> f64 {
        self.peak_flops_per_s
    }

    /// The bytes/s of all GPUs together, after the efficiency.
    #[must_use]
    pub fn bandwidth_bytes_per_s(&self) -> f64 {
        self.bandwidth_bytes_per_s
    }

    /// What the tokens of a step take at peak FLOP/s by four closed formulas, which know neither MFU nor memory.
    #[must_use]
    pub fn analytical_times(&self, tokens: &StepTokens) -> AnalyticalTimes {
        AnalyticalTimes::of(
            &self.model,
            self.peak_flops_per_s,
            self.bandwidth_bytes_per_s,
            tokens,
        )
    }

    /// The MFU of a GEMM of any size, as the assumptions look it up.
    #[must_use]
    pub fn gemm_mfu(&self, m: u32, k: u32, n: u32) -> MfuAnswer {
        match self.tables.gemm.lookup(k, n, self.assumptions.mfu_lookup) {
            Some(lookup) => lookup.mfu(m),
            None => MfuAnswer::fallback(None),
        }
    }

    /// The MFU of decode attention of `batch` requests over `kv` tokens each, for the attention
    /// shape and tensor parallel degree of this model.
    #[must_use]
    pub fn decode_attention_mfu(&self, batch: u32, kv: u32) -> MfuAnswer {
        self.decode_attention.lookup.mfu(batch, kv)
    }

    /// The MFU of prefill attention over exactly `seq_len` tokens, for the attention shape of this
    /// model. Steps ask for it at bucket lengths only.
    #[must_use]
    pub fn prefill_attention_mfu(&self, seq_len: u32) -> MfuAnswer {
        self.prefill_attention.mfu(seq_len)
    }

    #[inline]
    fn decode_phase(&self, batch: &Batch) -> Phase {
        let factors = &self.assumptions.factors;
        let requests = f64::from(batch.decode_requests());
        let kv_tokens = to_f64(batch.decode_kv_tokens().into());
        let attention = self.decode_attention.attention(batch);
        let layers = self.gemms.layers(batch.decode_requests().into());
        let lm_head = self.gemms.lm_head(batch.decode_requests().into());
        self.phase(&Work {
            requests: batch.decode_requests(),
            tokens: batch.decode_requests().into(),
            gemm_seconds: layers.seconds + lm_head.seconds,
            gemm_found: layers.found.union(lm_head.found),
            attention_seconds: self.attention_flops_per_pair * attention.tokens_over_mfu
                / self.peak_flops_per_s,
            attention_found: attention.found,
            attention_flops_charged: self.attention_flops_per_pair * attention.charged_tokens,
            attention_flops_ideal: self.attention_flops_per_pair * kv_tokens,
            kv_read_tokens: kv_tokens * factors.kv_read_one_token,
            activation_tokens: requests * factors.activation_one_token,
        })
    }

    fn prefill_phase(&self, batch: &Batch) -> Phase {
        let factors = &self.assumptions.factors;
        let buckets = PrefillBuckets::new(batch.prefill());
        let emitted = u64::from(batch.prefill_requests());
        let lm_head = self.gemms.lm_head(emitted);
        let mut work = Work {
            requests: batch.prefill_requests(),
            tokens: batch.prefill_tokens(),
            gemm_seconds: lm_head.seconds,
            gemm_found: lm_head.found,
            attention_seconds: 0.0,
            attention_found: Found::NONE,
            attention_flops_charged: 0.0,
            attention_flops_ideal: 0.0,
            kv_read_tokens: 0.0,
            activation_tokens: 0.0,
        };
        for (bucket_len, bucket) in buckets.occupied() {
            let layers = self.gemms.layers(bucket.new_tokens);
            work.gemm_seconds += layers.seconds;
            work.gemm_found = work.gemm_found.union(layers.found);
            let answer = self.prefill_attention.mfu(bucket_len);
            let flops = self.attention_flops_per_pair
                * bucket.charged_pairs(bucket_len, self.assumptions.prefill_context)
                / factors.causal_divisor;
            work.attention_seconds += flops / (self.peak_flops_per_s * answer.mfu);
            work.attention_found = work.attention_found.union(answer.found);
            work.attention_flops_charged += flops;
            work.attention_flops_ideal += self.attention_flops_per_pair * bucket.causal_pairs();
        }
        let (one, many) = (buckets.one_token(), buckets.many_tokens());
        let tokens = |count: u64| to_f64(count.into());
        work.kv_read_tokens = tokens(one.cached_tokens) * factors.kv_read_one_token
            + tokens(many.cached_tokens) * factors.kv_read_many_tokens;
        work.activation_tokens = tokens(one.new_tokens) * factors.activation_one_token
            + tokens(many.new_tokens) * factors.activation_many_tokens;
        self.phase(&work)
    }

    #[inline]
    fn phase(&self, work: &Work) -> Phase {
        let emitted_tokens = f64::from(work.requests);
        let tokens = to_f64(work.tokens.into());
        let bytes = Bytes {
            weights: self.weight_bytes,
            kv_read: self.kv_bytes_per_token * work.kv_read_tokens,
            kv_write: self.kv_bytes_per_token * tokens,
            activations: self.activation_bytes_per_token * work.activation_tokens,
        };
        let gemm_us = work.gemm_seconds * 1e6;
        let attention_us = work.attention_seconds * 1e6;
        let compute_us = gemm_us + attention_us;
        let memory_us = self.memory_us(&bytes);
        Phase {
            requests: work.requests,
            tokens: work.tokens,
            time_us: compute_us.max(memory_us),
            compute_us,
            memory_us,
            gemm_us,
            attention_us,
            regime: Regime::of(compute_us, memory_us),
            gemm_flops: self.gemms.flops(&self.model, tokens, emitted_tokens),
            attention_flops_charged: work.attention_flops_charged,
            attention_flops_ideal: work.attention_flops_ideal,
            bytes,
            attention_mfu: work.attention_flops_charged
                / (self.peak_flops_per_s * work.attention_seconds),
            attention_found: work.attention_found,
            gemm_found: work.gemm_found,
        }
    }

    /// The step of phases that are combined already. Inlined, so that a step of one phase is
    /// written where it is returned.
    #[inline]
    fn assemble(
        &self,
        combined: &CombinedPhases,
        prefill: Option<Phase>,
        decode: Option<Phase>,
    ) -> Step {
        let phase_sum = |part: fn(&Phase) -> f64| {
            prefill.as_ref().map_or(0.0, part) + decode.as_ref().map_or(0.0, part)
        };
        let step_us_exact = (combined.hardware_us + self.overhead_us).max(1.0);
        Step {
            step_us: whole_us(step_us_exact),
            step_us_exact,
            hardware_us: combined.hardware_us,
            overhead_us: self.overhead_us,
            regime: combined.regime,
            compute_us: combined.compute_us,
            memory_us: combined.memory_us,
            gemm_us: combined.gemm_us,
            attention_us: combined.attention_us,
            gemm_flops: phase_sum(|phase| phase.gemm_flops),
            attention_flops_charged: phase_sum(|phase| phase.attention_flops_charged),
            attention_flops_ideal: phase_sum(|phase| phase.attention_flops_ideal),
            bytes: combined.bytes,
            prefill,
            decode,
        }
    }

    /// Both phases in one pass over the weights.
    fn one_pass(&self, batch: &Batch, prefill: &Phase, decode: &Phase) -> CombinedPhases {
        let layers = self.gemms.layers(prefill.tokens + decode.tokens);
        let emitted = u64::from(batch.prefill_requests()) + u64::from(batch.decode_requests());
        let lm_head = self.gemms.lm_head(emitted);
        let gemm_us = (layers.seconds + lm_head.seconds) * 1e6;
        let attention_us = prefill.attention_us + decode.attention_us;
        let compute_us = gemm_us + attention_us;
        let bytes = Bytes {
            weights: self.weight_bytes,
            kv_read: prefill.bytes.kv_read + decode.bytes.kv_read,
            kv_write: prefill.bytes.kv_write + decode.bytes.kv_write,
            activations: prefill.bytes.activations + decode.bytes.activations,
        };
        let memory_us = self.memory_us(&bytes);
        CombinedPhases {
            hardware_us: compute_us.max(memory_us),
            regime: Regime::of(compute_us, memory_us),
            compute_us,
            memory_us,
            gemm_us,
            attention_us,
            bytes,
        }
    }

    fn memory_us(&self, bytes: &Bytes) -> f64 {
        bytes.total() / self.bandwidth_bytes_per_s * 1e6
    }
}

/// What a phase has to do, before bytes become times.
struct Work {
    requests: u32,
    tokens: u64,
    gemm_seconds: f64,
    gemm_found: Found,
    attention_seconds: f64,
    attention_found: Found,
    attention_flops_charged: f64,
    attention_flops_ideal: f64,
    /// Cached tokens that are read, after the factors.
    kv_read_tokens: f64,
    /// New tokens, after the activation factors.
    activation_tokens: f64,
}

/// Whole microseconds, halves away from zero; times beyond 2^64 us saturate.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a step takes at least 1 us, and the cast saturates"
)]
fn whole_us(step_us_exact: f64) -> u64 {
    step_us_exact.round() as u64
}

fn check_tensor_parallel(model: &ModelConfig, tensor_parallel: u32, problems: &mut Problems) {
    let heads = model.heads();
    if tensor_parallel == 0 {
        problems.add("tensor_parallel", "is 0, expected at least 1");
    } else if !heads.is_multiple_of(tensor_parallel) {
        problems.add(
            "tensor_parallel",
            format!("is {tensor_parallel}, which does not divide the {heads} heads"),
        );
    }
}

fn check_factors(assumptions: &Assumptions, problems: &mut Problems) {
    let factors = &assumptions.factors;
    let most = StepModel::MAX_FACTOR;
    let least_divisor = most.recip();
    for (field, value, least) in [
        ("kv_read_one_token", factors.kv_read_one_token, 0.0),
        ("kv_read_many_tokens", factors.kv_read_many_tokens, 0.0),
        ("activation_one_token", factors.activation_one_token, 0.0),
        (
            "activation_many_tokens",
            factors.activation_many_tokens,
            0.0,
        ),
        ("causal_divisor", factors.causal_divisor, least_divisor),
    ] {
        if !(least..=most).contains(&value) {
            problems.add(field, format!("is {value}, expected {least} to {most}"));
        }
    }
}
