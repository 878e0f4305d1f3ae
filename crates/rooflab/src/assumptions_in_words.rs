//! What a prediction rests on, in lines that a report begins with.

use std::fmt;

use roofline::Hardware;
use settings::{OVERRIDES, Setting, Setup};

use crate::si_number::si;

/// How many assumptions a line holds.
const PER_LINE: usize = 4;

/// Displays as lines of text.
#[derive(Debug)]
pub(crate) struct AssumptionsInWords<'s> {
    pub(crate) hardware: &'s Hardware,
    pub(crate) setup: &'s Setup,
}

impl fmt::Display for AssumptionsInWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { hardware, setup } = self;
        let Setup {
            preset,
            assumptions,
            ..
        } = setup;
        let factors = &assumptions.factors;
        writeln!(
            f,
            "hardware     {}, {}, {} us overhead a layer",
            si(hardware.peak_flops_per_s(), "FLOP/s"),
            si(hardware.effective_bandwidth_bytes_per_s(), "B/s"),
            hardware.per_layer_overhead_us()
        )?;
        let differs = *assumptions != preset.assumptions();
        writeln!(
            f,
            "preset       {preset}{}",
            if differs { ", with overrides" } else { "" }
        )?;
        let mut copy = (*setup).clone();
        let choices: Vec<String> = Setting::of_section(OVERRIDES)
            .filter_map(|setting| {
                let value = setting.slot(&mut copy).value()?;
                Some(format!("{} {value}", setting.key().replace('_', " ")))
            })
            .collect();
        let lines: Vec<String> = choices
            .chunks(PER_LINE)
            .map(|line| line.join(", "))
            .collect();
        writeln!(f, "assumptions  {}", lines.join(",\n             "))?;
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
