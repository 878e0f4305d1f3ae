//! The steps of simulations as a file.

use std::path::Path;

use outputs::OutputRules;
use serving::{Observer, StepRecord};

use super::line_file::LineFile;
use crate::csv_lines::CsvColumn;

/// Writes a line for each step that it watches; without a file it watches nothing.
#[derive(Default)]
pub(super) struct StepLines {
    file: LineFile,
    /// The experiment and the number of the benchmark that is simulated.
    benchmark: Option<[String; 2]>,
    /// What kept a line from being written; nothing is written after it.
    failed: Option<anyhow::Error>,
}

const COLUMNS: [CsvColumn<StepRecord>; 13] = [
    ("step", |r| r.step.to_string()),
    ("start_us", |r| r.start_us.to_string()),
    ("duration_us", |r| r.duration_us.to_string()),
    ("prefill_requests", |r| r.prefill_requests.to_string()),
    ("prefill_tokens", |r| r.prefill_tokens.to_string()),
    ("decode_requests", |r| r.decode_requests.to_string()),
    ("running", |r| r.running.to_string()),
    ("waiting", |r| r.waiting.to_string()),
    ("kv_blocks_used", |r| r.kv_blocks_used.to_string()),
    ("kv_blocks_free", |r| r.kv_blocks_free.to_string()),
    ("preempted", |r| r.preempted.to_string()),
    ("cached_tokens", |r| r.cached_tokens.to_string()),
    ("finished", |r| r.finished.to_string()),
];

impl StepLines {
    /// A file of the steps of one simulation, or of several benchmarks.
    pub(super) fn create(
        path: Option<&Path>,
        rules: &OutputRules,
        of_benchmarks: bool,
    ) -> anyhow::Result<Self> {
        let file = LineFile::create(path, rules, of_benchmarks, &COLUMNS.map(|(name, _)| name))?;
        Ok(Self {
            file,
            ..Self::default()
        })
    }

    /// The steps that follow are those of this benchmark.
    pub(super) fn begin(&mut self, experiment: &str, benchmark: usize) {
        self.benchmark = Some([experiment.to_owned(), benchmark.to_string()]);
    }

    /// Shows the file under its name.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        match self.failed {
            Some(error) => Err(error),
            None => self.file.finish(),
        }
    }
}

impl Observer for StepLines {
    fn step(&mut self, record: &StepRecord) {
        if let (Some(lines), None) = (self.file.lines(), &self.failed) {
            let benchmark = self.benchmark.iter().flatten().cloned();
            let figures = COLUMNS.iter().map(|(_, figure)| figure(record));
            self.failed = lines.line(benchmark.chain(figures)).err();
        }
    }
}
