//! A predicted step for people: phase by phase, part by part.

use std::io::{self, Write};

use roofline::{Batch, Phase, Step};

use super::prediction::{Prediction, StepRequest};
use super::time_bars::time_bars;
use crate::assumptions_in_words::AssumptionsInWords;
use crate::si_number::si;
use crate::standard_output::StandardOutput;
use crate::text_table::Align::{Left, Right};
use crate::text_table::TextTable;

/// Writes lines of text: what the prediction rests on, its parts and where the time goes.
pub(super) fn write_breakdown(
    out: &mut StandardOutput,
    request: &StepRequest,
    prediction: &Prediction,
) -> io::Result<()> {
    let setup = &request.setup;
    let gpu = setup.gpu.to_lowercase();
    writeln!(out, "{} on {} x {gpu}", setup.model, setup.tensor_parallel)?;
    writeln!(out, "batch        {}", batch_in_words(&request.batch))?;
    let words = AssumptionsInWords {
        hardware: &prediction.hardware,
        preset: setup.preset,
        assumptions: &prediction.assumptions,
    };
    out.text(&words.to_string())?;
    writeln!(out)?;
    let step = &prediction.step;
    out.table(&table(step))?;
    writeln!(out)?;
    let bars = time_bars(step, out.screen().columns());
    out.table(&bars)?;
    writeln!(
        out,
        "\nstep {} us = {} us + {} us overhead (exactly {} us)",
        step.step_us,
        us(step.hardware_us),
        us(step.overhead_us),
        step.step_us_exact
    )
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

fn table(step: &Step) -> TextTable {
    let phases = [("PREFILL", &step.prefill), ("DECODE", &step.decode)].into_iter();
    let phases: Vec<(&str, &Phase)> = phases
        .filter_map(|(name, phase)| Some((name, phase.as_ref()?)))
        .collect();
    let heads = phases.iter().map(|(name, _)| (*name, Right));
    let mut table = TextTable::new(
        [("", Left)]
            .into_iter()
            .chain(heads)
            .chain([("STEP", Right)]),
    );
    for (label, of_phase, of_step) in ROWS {
        let cells = phases.iter().map(|(_, phase)| of_phase(phase));
        table.push(
            [(*label).to_owned()]
                .into_iter()
                .chain(cells)
                .chain([of_step(step)]),
        );
    }
    table
}

/// What a batch holds.
fn batch_in_words(batch: &Batch) -> String {
    let mut parts = Vec::new();
    let (requests, tokens) = (batch.prefill_requests(), batch.prefill_tokens());
    if requests > 0 {
        let cached: u64 = batch.prefill().iter().map(|p| u64::from(p.cached)).sum();
        parts.push(format!(
            "{requests} prefill ({tokens} new tokens, {cached} cached)"
        ));
    }
    let requests = batch.decode_requests();
    match (batch.shortest_decode_kv(), batch.longest_decode_kv()) {
        (Some(shortest), Some(longest)) if longest > shortest => {
            parts.push(format!("{requests} decode (KV {shortest} to {longest})"));
        }
        (Some(kv), Some(_)) => parts.push(format!("{requests} decode (KV {kv})")),
        _ => {}
    }
    parts.join(", ")
}

fn phases(step: &Step) -> impl Iterator<Item = &Phase> {
    step.prefill.iter().chain(step.decode.iter())
}

fn us(value_us: f64) -> String {
    format!("{value_us:.3}")
}
