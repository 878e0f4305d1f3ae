//! A file of lines that a simulation writes.

use std::path::Path;

use outputs::{OutputFile, OutputRules};
use table_file::FileFormat;

use crate::csv_lines::CsvLines;

/// The columns before the others where there are several benchmarks.
const BENCHMARK: [&str; 2] = ["experiment", "benchmark"];

/// Comma-separated values in a file that appears when it is whole; without a path, none.
#[derive(Default)]
pub(super) struct LineFile(Option<CsvLines<OutputFile>>);

impl LineFile {
    /// A file of one simulation, or of several benchmarks with two columns that name them.
    ///
    /// # Errors
    ///
    /// The rules forbid it, or the system refuses.
    pub(super) fn create(
        path: Option<&Path>,
        rules: &OutputRules,
        of_benchmarks: bool,
        names: &[&str],
    ) -> anyhow::Result<Self> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let with_benchmark = [&BENCHMARK[..], names].concat();
        let heads = [&with_benchmark[..], names];
        let file = rules.file(path, |ends| {
            let mut heads = heads.iter();
            heads.any(|names| FileFormat::Csv.wrote(names, ends.first_line(), &ends.tail))
        })?;
        let mut lines = CsvLines::new(file);
        lines.line(heads[usize::from(!of_benchmarks)])?;
        Ok(Self(Some(lines)))
    }

    /// What lines are written to.
    pub(super) fn lines(&mut self) -> Option<&mut CsvLines<OutputFile>> {
        self.0.as_mut()
    }

    /// Shows the file under its name.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        match self.0 {
            Some(lines) => Ok(lines.into_stream()?.finish()?),
            None => Ok(()),
        }
    }
}
