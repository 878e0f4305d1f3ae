use crate::assumptions::{Assumptions, GemmTime, LmHead};
use crate::axis::Location;
use crate::found::Found;
use crate::gemm_table::{GemmLookup, GemmTable};
use crate::hardware::Hardware;
use crate::integer_sum::to_f64;
use crate::model_config::ModelConfig;
use crate::projection::{GemmCost, Projection};

/// All GEMMs of a model, each with its MFU table chosen.
#[derive(Clone, Debug)]
pub(crate) struct ModelGemms<'t> {
    /// Projections of equal size share one: query and output, key and value, gate and up, down.
    layer: [(f64, Gemm<'t>); 4],
    /// Whether those were all measured at the same token counts, as is usual: then tokens are
    /// located once for all.
    layer_shares_tokens: bool,
    lm_head: Gemm<'t>,
    includes_lm_head: bool,
    layers_per_gpu: f64,
    tensor_parallel: f64,
    weight_floor: bool,
    layer_flops_per_token: f64,
}

/// One weight matrix.
#[derive(Clone, Copy, Debug)]
struct Gemm<'t> {
    lookup: GemmLookup<'t>,
    flops_per_token: f64,
    /// At an MFU of 1.
    seconds_per_token: f64,
    weight_stream_seconds: f64,
}

/// What the GEMMs of some tokens cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GemmTotal {
    pub(crate) seconds: f64,
    pub(crate) found: Found,
}

impl<'t> ModelGemms<'t> {
    /// `None` only for a table without rows.
    pub(crate) fn new(
        model: &ModelConfig,
        hardware: &Hardware,
        table: &'t GemmTable,
        tensor_parallel: u32,
        assumptions: &Assumptions,
    ) -> Option<Self> {
        let gemm = |projection: Projection| {
            let (k, n) = projection.size(model);
            let flops_per_token = 2.0 * f64::from(k) * f64::from(n);
            Some(Gemm {
                lookup: table.lookup(k, n, assumptions.mfu_lookup)?,
                flops_per_token,
                seconds_per_token: flops_per_token / hardware.peak_flops_per_s(),
                weight_stream_seconds: f64::from(k) * f64::from(n) * model.bytes_per_param()
                    / hardware.effective_bandwidth_bytes_per_s(),
            })
        };
        let layer = [
            (2.0, gemm(Projection::Query)?),
            (2.0, gemm(Projection::Key)?),
            (2.0, gemm(Projection::Gate)?),
            (1.0, gemm(Projection::Down)?),
        ];
        let tensor_parallel = f64::from(tensor_parallel);
        Some(Self {
            layer_shares_tokens: layer
                .iter()
                .all(|(_, gemm)| gemm.lookup.shares_tokens(&layer[0].1.lookup)),
            layer_flops_per_token: layer
                .iter()
                .map(|(count, gemm)| count * gemm.flops_per_token)
                .sum(),
            layer,
            lm_head: gemm(Projection::LmHead)?,
            includes_lm_head: assumptions.lm_head == LmHead::Included,
            layers_per_gpu: f64::from(model.layers()) / tensor_parallel,
            tensor_parallel,
            weight_floor: assumptions.gemm_time == GemmTime::WeightFloor,
        })
    }

    /// All layers for `tokens` tokens: `L / tp` times the sum over projections of
    /// `max(2 m k n / (F mfu(m, k, n)), k n b / B)`, the latter with the weight floor only.
    #[inline]
    pub(crate) fn layers(&self, tokens: u64) -> GemmTotal {
        let mut seconds = 0.0;
        let mut found = Found::NONE;
        let m = clamped(tokens);
        let shared = self.layer[0].1.lookup.locate(m);
        for (count, gemm) in &self.layer {
            let location = if self.layer_shares_tokens {
                shared
            } else {
                gemm.lookup.locate(m)
            };
            let one = self.one(gemm, tokens, location);
            seconds += count * one.seconds;
            found = found.union(one.found);
        }
        GemmTotal {
            seconds: seconds * self.layers_per_gpu,
            found,
        }
    }

    /// The LM head for `tokens` emitted tokens; nothing where it is excluded.
    #[inline]
    pub(crate) fn lm_head(&self, tokens: u64) -> GemmTotal {
        if !self.includes_lm_head {
            return GemmTotal {
                seconds: 0.0,
                found: Found::NONE,
            };
        }
        let location = self.lm_head.lookup.locate(clamped(tokens));
        let one = self.one(&self.lm_head, tokens, location);
        GemmTotal {
            seconds: one.seconds / self.tensor_parallel,
            found: one.found,
        }
    }

    /// FLOPs of all GEMMs, on all GPUs together.
    pub(crate) fn flops(&self, model: &ModelConfig, tokens: f64, emitted_tokens: f64) -> f64 {
        let layers = f64::from(model.layers()) * self.layer_flops_per_token * tokens;
        if self.includes_lm_head {
            layers + self.lm_head.flops_per_token * emitted_tokens
        } else {
            layers
        }
    }

    pub(crate) fn cost(
        &self,
        model: &ModelConfig,
        projection: Projection,
        tokens: u32,
    ) -> GemmCost {
        let gemm = match projection {
            Projection::Query | Projection::Output => &self.layer[0].1,
            Projection::Key | Projection::Value => &self.layer[1].1,
            Projection::Gate | Projection::Up => &self.layer[2].1,
            Projection::Down => &self.layer[3].1,
            Projection::LmHead => &self.lm_head,
        };
        let (k, n) = projection.size(model);
        let count = projection.count(model);
        let answer = gemm.lookup.mfu(tokens);
        let us = 1e6 * f64::from(count) / self.tensor_parallel;
        let m = f64::from(tokens);
        let mfu_seconds = m * gemm.seconds_per_token / answer.mfu;
        GemmCost {
            m: tokens,
            k,
            n,
            count,
            flops: f64::from(count) * gemm.flops_per_token * m,
            time_us: us * self.bounded(mfu_seconds, gemm, u64::from(tokens)),
            mfu_time_us: us * mfu_seconds,
            weight_stream_us: us * gemm.weight_stream_seconds,
            mfu: answer.mfu,
            found: answer.found,
        }
    }

    #[inline]
    fn one(&self, gemm: &Gemm<'t>, tokens: u64, location: Location) -> GemmTotal {
        let answer = gemm.lookup.mfu_at(clamped(tokens), location);
        let seconds = to_f64(tokens.into()) * gemm.seconds_per_token / answer.mfu;
        GemmTotal {
            seconds: self.bounded(seconds, gemm, tokens),
            found: answer.found,
        }
    }

    /// With the weight floor where it applies; no tokens need no weights.
    #[inline]
    fn bounded(&self, seconds: f64, gemm: &Gemm<'t>, tokens: u64) -> f64 {
        if self.weight_floor && tokens > 0 {
            seconds.max(gemm.weight_stream_seconds)
        } else {
            seconds
        }
    }
}

/// The token count for lookups: what lies beyond a table is clamped to it anyway.
#[inline]
fn clamped(tokens: u64) -> u32 {
    u32::try_from(tokens).unwrap_or(u32::MAX)
}
