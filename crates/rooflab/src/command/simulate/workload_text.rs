//! A simulated workload for people.

use std::fmt::{self, Write};

use request_metrics::{Distribution, Metric};

use super::workload::SimulatedWorkload;
use crate::screen::Screen;
use crate::text_table::{Align, TextTable};
use crate::wrapped_text::on_screen;

/// Displays as what the simulation rests on, its latencies, and what happened.
#[derive(Debug)]
pub(super) struct WorkloadText<'w> {
    pub(super) workload: &'w SimulatedWorkload,
    pub(super) screen: Screen,
}

impl WorkloadText<'_> {
    fn latencies(&self) -> TextTable {
        let mut table = TextTable::new([
            ("LATENCY (ms)", Align::Left),
            ("MEAN", Align::Right),
            ("P50", Align::Right),
            ("P90", Align::Right),
            ("P95", Align::Right),
            ("P99", Align::Right),
            ("MIN", Align::Right),
            ("MAX", Align::Right),
        ]);
        let simulated = &self.workload.simulated;
        let metrics = Metric::ALL.map(|metric| (metric.name(), simulated.metric(metric)));
        let queueing = ("queueing", simulated.queueing_ms.as_ref());
        for (name, distribution) in metrics.into_iter().chain([queueing]) {
            let figures = |distribution: &Distribution| {
                let Distribution {
                    mean,
                    std_dev: _,
                    min,
                    max,
                    p50,
                    p90,
                    p95,
                    p99,
                    count: _,
                } = *distribution;
                [mean, p50, p90, p95, p99, min, max].map(|value| format!("{value:.2}"))
            };
            let cells = distribution.map_or_else(
                || [const { String::new() }; 7].map(|_| "-".to_owned()),
                figures,
            );
            table.push([name.to_owned()].into_iter().chain(cells));
        }
        table
    }

    /// What happened, in lines of text.
    fn events(&self) -> Result<String, fmt::Error> {
        let replayed = &self.workload.simulated.replayed;
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
}

impl fmt::Display for WorkloadText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let workload = self.workload;
        let replayed = &workload.simulated.replayed;
        let simulation = &replayed.simulation;
        write!(f, "{}", on_screen(&workload.head.to_string(), self.screen))?;
        writeln!(
            f,
            "load         {}, {} requests\n",
            workload.strategy, simulation.injected
        )?;
        writeln!(f, "{}", self.latencies().on(self.screen))?;
        write!(f, "{}", on_screen(&self.events()?, self.screen))
    }
}
