//! A simulated workload as comma-separated values.

use std::io::Write;

use serving::{Occupancy, Simulation, Throughput};

use super::simulated::FIGURES;
use super::simulated_workload::SimulatedWorkload;
use crate::csv_lines::{CsvColumn, cell, column, write_csv};

struct Row<'w> {
    all: &'w SimulatedWorkload,
    sim: &'w Simulation,
    load: &'w Occupancy,
}

/// Writes one line below one of names. What is not known is empty.
pub(super) fn write_workload(
    out: &mut impl Write,
    workload: &SimulatedWorkload,
) -> anyhow::Result<()> {
    let mut columns: Vec<_> = columns().map(|(name, cell)| column(name, cell)).into();
    for (key, _, distribution) in workload.simulated.times() {
        columns.extend(FIGURES.map(|(name, figure)| {
            let of = move |_: &Row<'_>| cell(distribution.map(figure));
            column(format!("{key}_{name}"), of)
        }));
    }
    let sim = workload.simulation();
    let (all, load) = (workload, &sim.occupancy);
    write_csv(out, &columns, [&Row { all, sim, load }])
}

/// The columns before those of the latencies.
fn columns<'w>() -> [CsvColumn<Row<'w>>; 24] {
    [
        ("model", |r| r.all.head.host.model.clone()),
        ("gpu", |r| r.all.head.host.gpu.clone()),
        ("tensor_parallel", |r| {
            cell(Some(r.all.head.host.tensor_parallel))
        }),
        ("strategy", |r| r.all.strategy.name().to_owned()),
        ("rate_per_s", |r| cell(r.all.strategy.rate_per_s())),
        ("concurrency", |r| cell(r.all.strategy.concurrency())),
        ("injected_requests", |r| r.sim.injected.to_string()),
        ("served_requests", |r| r.sim.served.len().to_string()),
        ("rejected_requests", |r| r.sim.rejected.len().to_string()),
        ("preemptions", |r| r.sim.preemptions.to_string()),
        ("steps", |r| r.sim.steps.to_string()),
        ("mixed_steps", |r| {
            cell(Some(r.all.simulated.replayed.mixed_steps))
        }),
        ("duration_s", |r| (r.sim.duration_us / 1e6).to_string()),
        ("requests_per_s", |r| per_s(r, |all| all.requests_per_s)),
        ("output_tokens_per_s", |r| {
            per_s(r, |all| all.output_tokens_per_s)
        }),
        ("total_tokens_per_s", |r| {
            per_s(r, |all| all.total_tokens_per_s)
        }),
        ("busy", |r| r.load.busy.to_string()),
        ("mean_batch", |r| r.load.mean_batch_requests.to_string()),
        ("max_batch", |r| r.load.max_batch_requests.to_string()),
        ("mean_waiting", |r| r.load.mean_waiting_requests.to_string()),
        ("mean_kv_blocks", |r| r.load.mean_kv_blocks.to_string()),
        ("max_kv_blocks", |r| r.load.max_kv_blocks.to_string()),
        ("kv_blocks", |r| r.load.kv_blocks.to_string()),
        ("prefix_hit_tokens", |r| {
            cell(Some(r.sim.prefix_cache.hit_tokens))
        }),
    ]
}

fn per_s(row: &Row<'_>, figure: fn(Throughput) -> f64) -> String {
    cell(row.sim.throughput().map(figure))
}
