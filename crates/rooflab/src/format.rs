//! The forms in which commands print data.

use std::io::Write;

use serde::Serialize;

/// How data is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns for people
    #[default]
    Table,
    /// One JSON object a line
    Json,
}

/// How data is printed where its rows fit one flat table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FlatFormat {
    /// Aligned columns for people
    #[default]
    Table,
    /// One JSON object a line
    Json,
    /// Comma-separated values with one line of names
    Csv,
}

/// Prints a line of JSON for each value.
pub(crate) fn write_json_lines(
    out: &mut impl Write,
    values: impl IntoIterator<Item = impl Serialize>,
) -> anyhow::Result<()> {
    values
        .into_iter()
        .try_for_each(|value| write_json_line(out, &value))
}

/// Prints one line of JSON.
pub(crate) fn write_json_line(out: &mut impl Write, value: &impl Serialize) -> anyhow::Result<()> {
    // By way of memory: an error of the stream stays one, and what does not serialise is told apart.
    let line = serde_json::to_string(value)?;
    writeln!(out, "{line}")?;
    Ok(())
}
