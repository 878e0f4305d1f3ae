//! A predicted step for people: phase by phase, part by part.

use std::fmt;

use roofline::{Batch, Phase, Step};

use super::prediction::{Prediction, StepRequest};
use super::time_bars::TimeBars;
use crate::assumptions_in_words::AssumptionsInWords;
use crate::screen::Screen;
use crate::si_number::si;
use crate::text_table::{Align, TextTable};
use crate::wrapped_text::on_screen;

/// Displays as lines of text.
#[derive(Debug)]
pub(super) struct Breakdown<'s> {
    request: &'s StepRequest,
    prediction: &'s Prediction,
    screen: Screen,
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
    pub(super) fn new(
        request: &'s StepRequest,
        prediction: &'s Prediction,
        screen: Screen,
    ) -> Self {
        Self {
            request,
            prediction,
            screen,
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
            screen,
        } = self;
        let setup = &request.setup;
        writeln!(
            f,
            "{} on {} x {}",
            setup.model.as_deref().unwrap_or("no model"),
            setup.tensor_parallel,
            setup.gpu.as_deref().unwrap_or("no gpu").to_lowercase()
        )?;
        writeln!(f, "batch        {}", BatchInWords(&request.batch))?;
        let words = AssumptionsInWords {
            hardware: &prediction.hardware,
            setup,
        };
        write!(f, "{}", on_screen(&words.to_string(), *screen))?;
        writeln!(f)?;
        write!(f, "{}", self.table().on(*screen))?;
        writeln!(f)?;
        let step = &prediction.step;
        writeln!(
            f,
            "{}",
            TimeBars {
                step,
                screen: *screen
            }
        )?;
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
