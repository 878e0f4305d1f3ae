//! A simulated workload as comma-separated values.

use std::io::Write;

use super::simulated::FIGURES;
use super::workload::SimulatedWorkload;
use crate::csv_lines::{CsvColumn, cell, column, write_csv};

/// Writes one line below one of names. What is not known is empty.
pub(super) fn write_workload(
    out: &mut impl Write,
    workload: &SimulatedWorkload,
) -> anyhow::Result<()> {
    let mut columns: Vec<_> = COLUMNS.map(|(name, cell)| column(name, cell)).into();
    for (key, _, distribution) in workload.simulated.times() {
        columns.extend(FIGURES.map(|(name, figure)| {
            column(format!("{key}_{name}"), move |_| {
                cell(distribution.map(figure))
            })
        }));
    }
    write_csv(out, &columns, [workload])
}

/// The columns before those of the latencies.
const COLUMNS: [CsvColumn<SimulatedWorkload>; 24] = [
    ("model", |all| all.head.host.model.clone()),
    ("gpu", |all| all.head.host.gpu.clone()),
    ("tensor_parallel", |all| {
        all.head.host.tensor_parallel.to_string()
    }),
    ("strategy", |all| all.strategy.name().to_owned()),
    ("rate_per_s", |all| cell(all.strategy.rate_per_s())),
    ("concurrency", |all| cell(all.strategy.concurrency())),
    ("injected_requests", |all| {
        all.simulation().injected.to_string()
    }),
    ("served_requests", |all| {
        all.simulation().served.len().to_string()
    }),
    ("rejected_requests", |all| {
        all.simulation().rejected.len().to_string()
    }),
    ("preemptions", |all| {
        all.simulation().preemptions.to_string()
    }),
    ("steps", |all| all.simulation().steps.to_string()),
    ("mixed_steps", |all| {
        all.simulated.replayed.mixed_steps.to_string()
    }),
    ("duration_s", |all| {
        (all.simulation().duration_us / 1e6).to_string()
    }),
    ("requests_per_s", |all| {
        cell(all.simulation().throughput().map(|one| one.requests_per_s))
    }),
    ("output_tokens_per_s", |all| {
        cell(
            all.simulation()
                .throughput()
                .map(|one| one.output_tokens_per_s),
        )
    }),
    ("total_tokens_per_s", |all| {
        cell(
            all.simulation()
                .throughput()
                .map(|one| one.total_tokens_per_s),
        )
    }),
    ("busy", |all| all.simulation().occupancy.busy.to_string()),
    ("mean_batch", |all| {
        all.simulation().occupancy.mean_batch_requests.to_string()
    }),
    ("max_batch", |all| {
        all.simulation().occupancy.max_batch_requests.to_string()
    }),
    ("mean_waiting", |all| {
        all.simulation().occupancy.mean_waiting_requests.to_string()
    }),
    ("mean_kv_blocks", |all| {
        all.simulation().occupancy.mean_kv_blocks.to_string()
    }),
    ("max_kv_blocks", |all| {
        all.simulation().occupancy.max_kv_blocks.to_string()
    }),
    ("kv_blocks", |all| {
        all.simulation().occupancy.kv_blocks.to_string()
    }),
    ("prefix_hit_tokens", |all| {
        all.simulation().prefix_cache.hit_tokens.to_string()
    }),
];
