//! A simulated workload for people.

use std::fmt::Write as _;
use std::io::Write;

use super::simulated::FIGURES;
use super::simulated_workload::SimulatedWorkload;
use crate::counted::decimals;
use crate::standard_output::StandardOutput;
use crate::text_table::Align::{Left, Right};
use crate::text_table::TextTable;

/// Writes what the simulation rests on, its latencies, and what happened.
pub(super) fn write_text(
    out: &mut StandardOutput,
    workload: &SimulatedWorkload,
) -> anyhow::Result<()> {
    let requests = workload.simulation().injected;
    out.text(&workload.head.to_string())?;
    writeln!(
        out,
        "load         {}, {requests} requests\n",
        workload.strategy
    )?;
    out.table(&latencies(workload))?;
    writeln!(out)?;
    out.text(&events(workload)?)?;
    Ok(())
}

/// The figures that are shown, in this order.
const SHOWN: [&str; 7] = ["mean", "p50", "p90", "p95", "p99", "min", "max"];

fn latencies(workload: &SimulatedWorkload) -> TextTable {
    let heads = SHOWN.map(str::to_uppercase);
    let heads = heads.iter().map(|head| (head.as_str(), Right));
    let mut table = TextTable::new([("LATENCY (ms)", Left)].into_iter().chain(heads));
    for (_, name, distribution) in workload.simulated.times() {
        let cells = SHOWN.map(|shown| {
            let figure = FIGURES.iter().find(|(name, _)| *name == shown);
            decimals(
                figure
                    .zip(distribution)
                    .map(|((_, figure), all)| figure(all)),
            )
        });
        table.push([name.to_owned()].into_iter().chain(cells));
    }
    table
}

/// What happened, in lines of text.
fn events(workload: &SimulatedWorkload) -> anyhow::Result<String> {
    let replayed = &workload.simulated.replayed;
    let simulation = &replayed.simulation;
    let mut text = String::new();
    writeln!(
        text,
        "requests     {} served, {} rejected, {} preemptions",
        simulation.served.len(),
        simulation.rejected.len(),
        simulation.preemptions
    )?;
    if let Some(per_s) = simulation.throughput() {
        writeln!(
            text,
            "throughput   {:.3} requests/s, {:.1} output tokens/s, {:.1} tokens/s over {:.3} s",
            per_s.requests_per_s,
            per_s.output_tokens_per_s,
            per_s.total_tokens_per_s,
            simulation.duration_us / 1e6
        )?;
    }
    let occupancy = &simulation.occupancy;
    writeln!(
        text,
        "steps        {}, of which {} mixed; the server was busy {:.1} % of the time",
        simulation.steps,
        replayed.mixed_steps,
        100.0 * occupancy.busy
    )?;
    writeln!(
        text,
        "batch        mean {:.1} requests, max {}; queue mean {:.1}, max {}",
        occupancy.mean_batch_requests,
        occupancy.max_batch_requests,
        occupancy.mean_waiting_requests,
        occupancy.max_waiting_requests
    )?;
    let blocks = f64::from(occupancy.kv_blocks);
    writeln!(
        text,
        "KV cache     mean {:.1} %, max {:.1} % of {} blocks; {} of {} tokens found in it",
        100.0 * occupancy.mean_kv_blocks / blocks,
        100.0 * f64::from(occupancy.max_kv_blocks) / blocks,
        occupancy.kv_blocks,
        simulation.prefix_cache.hit_tokens,
        simulation.prefix_cache.looked_up_tokens
    )?;
    Ok(text)
}
