//! A predicted step for people: phase by phase, part by part.

use std::io::{self, Write};

use roofline::{Batch, Phase, Step};

use super::step_request::StepRequest;
use super::time_bars::time_bars;
use crate::assumptions_in_words::AssumptionsInWords;
use crate::si_number::si;
use crate::standard_output::StandardOutput;
use crate::step_setup::LoadedSetup;
use crate::text_table::Align::{Left, Right};
use crate::text_table::TextTable;

/// Writes lines of text: what the prediction rests on, its parts and where the time goes.
pub(super) fn write_breakdown(
    out: &mut StandardOutput,
    request: &StepRequest,
    loaded: &LoadedSetup<'_>,
    step: &Step,
) -> io::Result<()> {
    let setup = &request.setup;
    let gpu = setup.gpu.to_lowercase();
    writeln!(out, "{} on {} x {gpu}", setup.model, setup.tensor_parallel)?;
    writeln!(out, "batch        {}", batch_in_words(&request.batch))?;
    let words = AssumptionsInWords {
        hardware: &loaded.hardware,
        preset: loaded.preset,
        assumptions: &loaded.assumptions,
    };
    out.text(&words.to_string())?;
    writeln!(out)?;
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

/// A row whose values are the same expression of a phase and of the step.
macro_rules! both {
    ($label:literal, $part:ident => $value:expr) => {
        ($label, |$part| $value, |$part| $value)
    };
}

const ROWS: &[Row] = &[
    (
        "requests",
        |p| p.requests.to_string(),
        |s| sum(s, |p| p.requests.into()),
    ),
    (
        "new tokens",
        |p| p.tokens.to_string(),
        |s| sum(s, |p| p.tokens),
    ),
    ("time (us)", |p| us(p.time_us), |s| us(s.hardware_us)),
    both!("  compute (us)", x => us(x.compute_us)),
    both!("    GEMM (us)", x => us(x.gemm_us)),
    both!("    attention (us)", x => us(x.attention_us)),
    both!("  memory (us)", x => us(x.memory_us)),
    both!("bound by", x => x.regime.to_string()),
    both!("GEMM FLOPs", x => si(x.gemm_flops, "")),
    both!("attention FLOPs charged", x => si(x.attention_flops_charged, "")),
    both!("attention FLOPs ideal", x => si(x.attention_flops_ideal, "")),
    both!("bytes moved", x => si(x.bytes.total(), "B")),
    both!("  weights", x => si(x.bytes.weights, "B")),
    both!("  KV read", x => si(x.bytes.kv_read, "B")),
    both!("  KV written", x => si(x.bytes.kv_write, "B")),
    both!("  activations", x => si(x.bytes.activations, "B")),
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

/// A count over both phases.
fn sum(step: &Step, count: fn(&Phase) -> u64) -> String {
    let phases = step.prefill.iter().chain(&step.decode);
    phases.map(count).sum::<u64>().to_string()
}

fn us(value_us: f64) -> String {
    format!("{value_us:.3}")
}
