//! What a prediction rests on, in lines that a report begins with.

use std::fmt;

use roofline::{Assumptions, Hardware, Preset};

use crate::si_number::si;

/// Displays as lines of text.
#[derive(Debug)]
pub(crate) struct AssumptionsInWords<'s> {
    pub(crate) hardware: &'s Hardware,
    pub(crate) preset: Preset,
    pub(crate) assumptions: &'s Assumptions,
}

impl fmt::Display for AssumptionsInWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            hardware,
            preset,
            assumptions,
        } = self;
        let factors = &assumptions.factors;
        writeln!(
            f,
            "hardware     {}, {}, {} us overhead a layer",
            si(hardware.peak_flops_per_s(), "FLOP/s"),
            si(hardware.effective_bandwidth_bytes_per_s(), "B/s"),
            hardware.per_layer_overhead_us()
        )?;
        let differs = **assumptions != preset.assumptions();
        writeln!(
            f,
            "preset       {preset}{}",
            if differs { ", with overrides" } else { "" }
        )?;
        writeln!(
            f,
            "assumptions  mfu lookup {}, gemm time {}, decode attention flops {}, decode attention mfu {},",
            assumptions.mfu_lookup,
            assumptions.gemm_time,
            assumptions.decode_attention_flops,
            assumptions.decode_attention_mfu
        )?;
        writeln!(
            f,
            "             prefill context {}, mixed batch {}, lm head {}",
            assumptions.prefill_context, assumptions.mixed_batch, assumptions.lm_head
        )?;
        writeln!(
            f,
            "factors      kv read {} (one token) / {} (many), activation {} / {}, causal divisor {}",
            factors.kv_read_one_token,
            factors.kv_read_many_tokens,
            factors.activation_one_token,
            factors.activation_many_tokens,
            factors.causal_divisor
        )
    }
}
