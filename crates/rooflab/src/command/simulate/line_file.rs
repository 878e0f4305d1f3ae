//! A file of lines that a simulation writes.

use std::path::Path;

use crate::csv_lines::CsvLines;
use crate::output_file::OutputFile;

/// Comma-separated values in a file that appears when it is whole; without a path, none.
#[derive(Default)]
pub(super) struct LineFile(Option<CsvLines<OutputFile>>);

impl LineFile {
    /// A file of one simulation, or of several benchmarks with two columns that name them.
    pub(super) fn create<'n>(
        path: Option<&Path>,
        of_benchmarks: bool,
        names: impl IntoIterator<Item = &'n str>,
    ) -> anyhow::Result<Self> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let mut lines = CsvLines::new(OutputFile::create(path)?);
        let benchmark = ["experiment", "benchmark"]
            .into_iter()
            .filter(|_| of_benchmarks);
        lines.line(benchmark.chain(names))?;
        Ok(Self(Some(lines)))
    }

    /// What lines are written to.
    pub(super) fn lines(&mut self) -> Option<&mut CsvLines<OutputFile>> {
        self.0.as_mut()
    }

    /// Shows the file under its name.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        match self.0 {
            Some(lines) => lines.into_stream()?.finish(),
            None => Ok(()),
        }
    }
}
