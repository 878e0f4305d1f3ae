//! The steps of simulations as a file.

use std::path::Path;

use serving::{Observer, StepRecord};

use crate::csv_lines::CsvLines;
use crate::output_file::OutputFile;

/// Writes a line for each step that it watches; without a file it watches nothing.
pub(super) struct StepLines {
    file: Option<CsvLines<OutputFile>>,
    /// The experiment and the number of the benchmark that is simulated.
    benchmark: Option<[String; 2]>,
    /// What kept a line from being written; nothing is written after it.
    failed: Option<anyhow::Error>,
}

impl StepLines {
    /// A file of the steps of one simulation, or of several benchmarks with two columns that name them.
    pub(super) fn create(path: Option<&Path>, of_benchmarks: bool) -> anyhow::Result<Self> {
        let mut lines = Self {
            file: None,
            benchmark: None,
            failed: None,
        };
        if let Some(path) = path {
            let mut file = CsvLines::new(OutputFile::create(path)?);
            let benchmark: &[&str] = if of_benchmarks {
                &["experiment", "benchmark"]
            } else {
                &[]
            };
            file.line(benchmark.iter().chain(&[
                "step",
                "start_us",
                "duration_us",
                "prefill_requests",
                "prefill_tokens",
                "decode_requests",
                "running",
                "waiting",
                "kv_blocks_used",
                "kv_blocks_free",
                "preempted",
                "cached_tokens",
                "finished",
            ]))?;
            lines.file = Some(file);
        }
        Ok(lines)
    }

    /// The steps that follow are those of this benchmark.
    pub(super) fn begin(&mut self, experiment: &str, benchmark: usize) {
        self.benchmark = Some([experiment.to_owned(), benchmark.to_string()]);
    }

    /// Shows the file under its name.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        match self.file {
            Some(file) => Ok(file.into_stream()?.finish()?),
            None => Ok(()),
        }
    }
}

impl Observer for StepLines {
    fn step(&mut self, record: &StepRecord) {
        let (Some(file), None) = (&mut self.file, &self.failed) else {
            return;
        };
        let StepRecord {
            step,
            start_us,
            duration_us,
            prefill_requests,
            prefill_tokens,
            decode_requests,
            running,
            waiting,
            kv_blocks_used,
            kv_blocks_free,
            preempted,
            cached_tokens,
            finished,
        } = *record;
        let figures = [
            step.to_string(),
            start_us.to_string(),
            duration_us.to_string(),
            prefill_requests.to_string(),
            prefill_tokens.to_string(),
            decode_requests.to_string(),
            running.to_string(),
            waiting.to_string(),
            kv_blocks_used.to_string(),
            kv_blocks_free.to_string(),
            preempted.to_string(),
            cached_tokens.to_string(),
            finished.to_string(),
        ];
        let benchmark = self.benchmark.iter().flatten();
        if let Err(error) = file.line(benchmark.chain(&figures)) {
            self.failed = Some(error);
        }
    }
}
