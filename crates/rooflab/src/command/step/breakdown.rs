//! A predicted step for people: phase by phase, part by part.

use std::fmt;

use roofline::{Batch, Phase, Step};

use super::prediction::{Prediction, StepRequest};
use crate::text_table::{Align, TextTable};

/// Displays as lines of text.
#[derive(Debug)]
pub(super) struct Breakdown<'s> {
    request: &'s StepRequest,
    prediction: &'s Prediction,
}

/// A row: its label, and the value of a phase and of the step.
type Row = (&'static str, fn(&Phase) -> String, fn(&Step) -> String);

const ROWS: &[Row] = &[
    (
        "requests",
        |p| p.requests.to_string(),
        |s| {
            phases(s)
                .map(|p| u64::from(p.requests))
                .sum::<u64>()
                .to_string()
        },
    ),
    (
        "new tokens",
        |p| p.tokens.to_string(),
        |s| phases(s).map(|p| p.tokens).sum::<u64>().to_string(),
    ),
    ("time (us)", |p| us(p.time_us), |s| us(s.hardware_us)),
    ("  compute (us)", |p| us(p.compute_us), |s| us(s.compute_us)),
    ("    GEMM (us)", |p| us(p.gemm_us), |s| us(s.gemm_us)),
    (
        "    attention (us)",
        |p| us(p.attention_us),
        |s| us(s.attention_us),
    ),
    ("  memory (us)", |p| us(p.memory_us), |s| us(s.memory_us)),
    (
        "bound by",
        |p| p.regime.to_string(),
        |s| s.regime.to_string(),
    ),
    (
        "GEMM FLOPs",
        |p| si(p.gemm_flops, ""),
        |s| si(s.gemm_flops, ""),
    ),
    (
        "attention FLOPs charged",
        |p| si(p.attention_flops_charged, ""),
        |s| si(s.attention_flops_charged, ""),
    ),
    (
        "attention FLOPs ideal",
        |p| si(p.attention_flops_ideal, ""),
        |s| si(s.attention_flops_ideal, ""),
    ),
    (
        "bytes moved",
        |p| si(p.bytes.total(), "B"),
        |s| si(s.bytes.total(), "B"),
    ),
    (
        "  weights",
        |p| si(p.bytes.weights, "B"),
        |s| si(s.bytes.weights, "B"),
    ),
    (
        "  KV read",
        |p| si(p.bytes.kv_read, "B"),
        |s| si(s.bytes.kv_read, "B"),
    ),
    (
        "  KV written",
        |p| si(p.bytes.kv_write, "B"),
        |s| si(s.bytes.kv_write, "B"),
    ),
    (
        "  activations",
        |p| si(p.bytes.activations, "B"),
        |s| si(s.bytes.activations, "B"),
    ),
    (
        "attention MFU",
        |p| format!("{:.4}", p.attention_mfu),
        |_| String::new(),
    ),
    (
        "  found",
        |p| p.attention_found.to_string(),
        |_| String::new(),
    ),
    (
        "GEMM MFU found",
        |p| p.gemm_found.to_string(),
        |_| String::new(),
    ),
];

impl<'s> Breakdown<'s> {
    /// The breakdown of a prediction.
    pub(super) fn new(request: &'s StepRequest, prediction: &'s Prediction) -> Self {
        Self {
            request,
            prediction,
        }
    }

    fn table(&self) -> TextTable {
        let step = &self.prediction.step;
        let phases: Vec<(&str, &Phase)> = [("PREFILL", &step.prefill), ("DECODE", &step.decode)]
            .into_iter()
            .filter_map(|(name, phase)| Some((name, phase.as_ref()?)))
            .collect();
        let mut heads = vec![("", Align::Left)];
        heads.extend(phases.iter().map(|(name, _)| (*name, Align::Right)));
        heads.push(("STEP", Align::Right));
        let mut table = TextTable::new(heads);
        for (label, of_phase, of_step) in ROWS {
            let mut cells = vec![(*label).to_owned()];
            cells.extend(phases.iter().map(|(_, phase)| of_phase(phase)));
            cells.push(of_step(step));
            table.push(cells);
        }
        table
    }
}

impl fmt::Display for Breakdown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            request,
            prediction,
        } = self;
        let hardware = &prediction.hardware;
        let assumptions = &prediction.assumptions;
        let factors = &assumptions.factors;
        writeln!(
            f,
            "{} on {} x {}",
            request.model,
            request.tensor_parallel,
            request.gpu.to_lowercase()
        )?;
        writeln!(f, "batch        {}", BatchInWords(&request.batch))?;
        writeln!(
            f,
            "hardware     {}, {}, {} us overhead a layer",
            si(hardware.peak_flops_per_s(), "FLOP/s"),
            si(hardware.effective_bandwidth_bytes_per_s(), "B/s"),
            hardware.per_layer_overhead_us()
        )?;
        let differs = *assumptions != request.preset.assumptions();
        writeln!(
            f,
            "preset       {}{}",
            request.preset,
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
        )?;
        writeln!(f)?;
        write!(f, "{}", self.table())?;
        writeln!(f)?;
        let step = &prediction.step;
        writeln!(
            f,
            "step {} us = {} us + {} us overhead (exactly {} us)",
            step.step_us,
            us(step.hardware_us),
            us(step.overhead_us),
            step.step_us_exact
        )
    }
}

/// What a batch holds.
struct BatchInWords<'b>(&'b Batch);

impl fmt::Display for BatchInWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let batch = self.0;
        if batch.prefill_requests() > 0 {
            let requests = batch.prefill_requests();
            let cached: u64 = batch.prefill().iter().map(|p| u64::from(p.cached)).sum();
            write!(
                f,
                "{} prefill ({} new tokens, {cached} cached)",
                requests,
                batch.prefill_tokens()
            )?;
        }
        if let (Some(shortest), Some(longest)) =
            (batch.shortest_decode_kv(), batch.longest_decode_kv())
        {
            if batch.prefill_requests() > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{} decode (KV {shortest}", batch.decode_requests())?;
            if longest > shortest {
                write!(f, " to {longest}")?;
            }
            f.write_str(")")?;
        }
        Ok(())
    }
}

fn phases(step: &Step) -> impl Iterator<Item = &Phase> {
    step.prefill.iter().chain(step.decode.iter())
}

fn us(value_us: f64) -> String {
    format!("{value_us:.3}")
}

/// A number with four digits and an SI prefix.
fn si(value: f64, unit: &str) -> String {
    const PREFIXES: [(f64, &str); 7] = [
        (1e18, "E"),
        (1e15, "P"),
        (1e12, "T"),
        (1e9, "G"),
        (1e6, "M"),
        (1e3, "k"),
        (1.0, ""),
    ];
    let (scale, prefix) = PREFIXES
        .into_iter()
        .find(|(scale, _)| value >= *scale)
        .unwrap_or((1.0, ""));
    let scaled = value / scale;
    let digits = match scaled {
        large if large >= 100.0 => 1,
        middle if middle >= 10.0 => 2,
        _ => 3,
    };
    format!("{scaled:.digits$} {prefix}{unit}")
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_digits_and_a_prefix() {
        for (value, text) in [
            (0.0, "0.000 B"),
            (0.25, "0.250 B"),
            (999.0, "999.0 B"),
            (1000.0, "1.000 kB"),
            (14_956_888_064.0, "14.96 GB"),
            (3.35e12, "3.350 TB"),
        ] {
            assert_eq!(si(value, "B"), text);
        }
    }
}
