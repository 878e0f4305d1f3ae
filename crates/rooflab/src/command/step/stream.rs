//! Steps from a stream of lines, one at a time.

use std::io::{BufRead, BufReader, Read, Write};

use anyhow::{Context, anyhow, ensure};

use super::json_line::JsonLine;
use crate::standard_output::StandardOutput;
use crate::step_setup::SetupLoader;

/// The longest line that is read: a batch of a million requests fits.
const MAX_LINE_BYTES: usize = 16 << 20;

/// Writes each line back with its prediction, and stops at the first line that has none. Blank lines are skipped.
pub(super) fn predict_lines(
    setups: &mut SetupLoader,
    input: impl Read,
    out: &mut StandardOutput,
) -> anyhow::Result<()> {
    let mut input = BufReader::new(input);
    let mut bytes = Vec::new();
    for line in 1_u64.. {
        if !out.has_reader() || !read_line(&mut input, &mut bytes)? {
            break;
        }
        let predicted = predicted(setups, &bytes)
            .map_err(|problem| anyhow!("standard input, line {line}: {problem}"))?;
        if let Some(predicted) = predicted {
            writeln!(out, "{predicted}")?;
            // Whoever sends one line and waits for its answer gets it.
            if input.buffer().is_empty() {
                out.flush()?;
            }
        }
    }
    Ok(())
}

/// A line with its prediction; none of a blank line.
fn predicted(setups: &mut SetupLoader, bytes: &[u8]) -> anyhow::Result<Option<String>> {
    ensure!(
        bytes.len() <= MAX_LINE_BYTES,
        "longer than {MAX_LINE_BYTES} bytes"
    );
    let text = str::from_utf8(bytes)
        .map_err(|error| anyhow!("not UTF-8 at byte {}", error.valid_up_to() + 1))?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    let json = JsonLine::parse(text)?;
    let (step, _) = json.request()?.predict(setups)?;
    Ok(Some(json.with_predicted(&step)?))
}

/// Reads the next line over `bytes`, one byte more than is allowed at most; `false` at the end of the stream.
fn read_line(input: &mut impl BufRead, bytes: &mut Vec<u8>) -> anyhow::Result<bool> {
    bytes.clear();
    let limit = MAX_LINE_BYTES as u64 + 1;
    let read = input
        .take(limit)
        .read_until(b'\n', bytes)
        .context("cannot read standard input")?;
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    Ok(read > 0)
}
