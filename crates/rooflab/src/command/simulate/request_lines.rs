//! The requests of simulations as a file.

use std::collections::BTreeMap;
use std::path::Path;

use outputs::OutputRules;
use request_metrics::Metric;
use serving::{ServedRequest, Simulation};

use super::line_file::LineFile;
use crate::csv_lines::{CsvColumn, cell};

/// Writes a line for each request; without a file, none.
#[derive(Default)]
pub(super) struct RequestLines(LineFile);

/// The columns behind the number of the request and before those of the metrics.
const COLUMNS: [CsvColumn<ServedRequest>; 7] = [
    ("outcome", |_| "served".to_owned()),
    ("sent_ms", |r| r.sent_ms.to_string()),
    ("prompt_tokens", |r| r.prompt_tokens.to_string()),
    ("cached_tokens", |r| r.cached_tokens.to_string()),
    ("output_tokens", |r| r.times.output_tokens().to_string()),
    ("preemptions", |r| r.preemptions.to_string()),
    ("queueing_ms", |r| r.queueing_ms.to_string()),
];

impl RequestLines {
    /// A file of the requests of one simulation, or of several benchmarks.
    pub(super) fn create(
        path: Option<&Path>,
        rules: &OutputRules,
        of_benchmarks: bool,
    ) -> anyhow::Result<Self> {
        let names = COLUMNS.into_iter().map(|(name, _)| name);
        let names = ["request"].into_iter().chain(names);
        let names: Vec<&str> = names.chain(Metric::ALL.map(Metric::key)).collect();
        Ok(Self(LineFile::create(path, rules, of_benchmarks, &names)?))
    }

    /// Writes the requests of a simulation in the order in which they were given. Of those that were refused only that is
    /// known.
    pub(super) fn write(
        &mut self,
        benchmark: Option<(&str, usize)>,
        simulation: &Simulation,
    ) -> anyhow::Result<()> {
        let Some(file) = self.0.lines() else {
            return Ok(());
        };
        let mut lines: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for served in &simulation.served {
            let metrics = Metric::ALL.map(|metric| {
                let sample = metric.sample(&served.times);
                cell(sample.map(|sample| sample.value))
            });
            let cells = COLUMNS.iter().map(|(_, cell)| cell(served)).chain(metrics);
            lines.insert(served.index, cells.collect());
        }
        for rejection in &simulation.rejected {
            let mut cells = vec![format!("rejected: {}", rejection.reason)];
            cells.resize(COLUMNS.len() + Metric::ALL.len(), String::new());
            lines.insert(rejection.index, cells);
        }
        let names = benchmark.map(|(experiment, index)| [experiment.to_owned(), index.to_string()]);
        for (request, cells) in lines {
            let head = names.iter().flatten().cloned().chain([request.to_string()]);
            file.line(head.chain(cells))?;
        }
        Ok(())
    }

    /// Shows the file under its name.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        self.0.finish()
    }
}
