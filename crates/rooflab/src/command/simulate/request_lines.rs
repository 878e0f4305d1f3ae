//! The requests of simulations as a file.

use std::collections::BTreeMap;
use std::path::Path;

use request_metrics::Metric;
use serving::Simulation;

use crate::csv_lines::CsvLines;
use crate::output_file::OutputFile;

/// Writes a line for each request; without a file, none.
pub(super) struct RequestLines {
    file: Option<CsvLines<OutputFile>>,
}

impl RequestLines {
    /// A file of the requests of one simulation, or of several benchmarks with two columns that name them.
    pub(super) fn create(path: Option<&Path>, of_benchmarks: bool) -> anyhow::Result<Self> {
        let Some(path) = path else {
            return Ok(Self { file: None });
        };
        let mut file = CsvLines::new(OutputFile::create(path)?);
        let benchmark: &[&str] = if of_benchmarks {
            &["experiment", "benchmark"]
        } else {
            &[]
        };
        let keys = Metric::ALL.map(Metric::key);
        file.line(
            benchmark
                .iter()
                .copied()
                .chain([
                    "request",
                    "outcome",
                    "sent_ms",
                    "prompt_tokens",
                    "cached_tokens",
                    "output_tokens",
                    "preemptions",
                    "queueing_ms",
                ])
                .chain(keys),
        )?;
        Ok(Self { file: Some(file) })
    }

    /// Writes the requests of a simulation in the order in which they were given. Of those that were refused only that is
    /// known.
    pub(super) fn write(
        &mut self,
        benchmark: Option<(&str, usize)>,
        simulation: &Simulation,
    ) -> anyhow::Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        let mut lines: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for served in &simulation.served {
            let mut cells = vec![
                "served".to_owned(),
                served.sent_ms.to_string(),
                served.prompt_tokens.to_string(),
                served.cached_tokens.to_string(),
                served.times.output_tokens().to_string(),
                served.preemptions.to_string(),
                served.queueing_ms.to_string(),
            ];
            cells.extend(Metric::ALL.map(|metric| {
                let sample = metric.sample(&served.times);
                sample.map_or_else(String::new, |sample| sample.value.to_string())
            }));
            lines.insert(served.index, cells);
        }
        for rejection in &simulation.rejected {
            let mut cells = vec![format!("rejected: {}", rejection.reason)];
            cells.resize(7 + Metric::ALL.len(), String::new());
            lines.insert(rejection.index, cells);
        }
        let head: Vec<String> = benchmark
            .map(|(experiment, index)| vec![experiment.to_owned(), index.to_string()])
            .unwrap_or_default();
        for (request, cells) in &lines {
            file.line(head.iter().chain([&request.to_string()]).chain(cells))?;
        }
        Ok(())
    }

    /// Shows the file under its name.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        match self.file {
            Some(file) => Ok(file.into_stream()?.finish()?),
            None => Ok(()),
        }
    }
}
