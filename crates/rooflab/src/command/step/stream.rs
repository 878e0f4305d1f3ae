//! Steps from a stream of lines, one at a time.

use std::io::{self, BufRead, BufReader, Read, Write};

use super::json_line::{JsonLine, LineError};
use super::prediction::Predictor;
use crate::standard_output::StandardOutput;

/// The longest line that is read: a batch of a million requests fits.
const MAX_LINE_BYTES: usize = 16 << 20;

/// Why a stream of lines was not read to its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum StreamError {
    #[error("standard input, line {line}: {problem}")]
    Line { line: u64, problem: LineError },
    #[error("standard input, line {line}: longer than {MAX_LINE_BYTES} bytes")]
    TooLong { line: u64 },
    #[error("cannot read standard input: {0}")]
    Read(io::Error),
    #[error(transparent)]
    Write(#[from] io::Error),
    #[error(transparent)]
    Serialise(#[from] serde_json::Error),
}

/// Writes each line back with its prediction, and stops at the first line that has none. Blank lines are skipped.
pub(super) fn predict_lines(
    predictor: &mut Predictor,
    input: impl Read,
    out: &mut StandardOutput,
) -> Result<(), StreamError> {
    let mut input = BufReader::new(input);
    let mut bytes = Vec::new();
    let mut line = 0;
    while out.has_reader() {
        line += 1;
        if !read_line(&mut input, &mut bytes, line)? {
            break;
        }
        let at_line = |problem| StreamError::Line { line, problem };
        let text = str::from_utf8(&bytes)
            .map_err(|error| at_line(LineError::NotUtf8(error.valid_up_to() + 1)))?;
        if text.trim().is_empty() {
            continue;
        }
        let json = JsonLine::parse(text).map_err(at_line)?;
        let request = json.request().map_err(at_line)?;
        let prediction = predictor
            .predict(&request)
            .map_err(|error| at_line(error.into()))?;
        writeln!(out, "{}", json.with_predicted(&prediction.step)?)?;
        // Whoever sends one line and waits for its answer gets it.
        if input.buffer().is_empty() {
            out.flush()?;
        }
    }
    Ok(())
}

/// Reads the next line over `bytes`; `false` at the end of the stream.
fn read_line(
    input: &mut impl BufRead,
    bytes: &mut Vec<u8>,
    line: u64,
) -> Result<bool, StreamError> {
    bytes.clear();
    let limit = MAX_LINE_BYTES as u64 + 1;
    let read = input
        .take(limit)
        .read_until(b'\n', bytes)
        .map_err(StreamError::Read)?;
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    if bytes.len() > MAX_LINE_BYTES {
        return Err(StreamError::TooLong { line });
    }
    Ok(read > 0)
}
