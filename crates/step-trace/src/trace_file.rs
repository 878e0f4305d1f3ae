//! Reads a trace from its file.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::thread;

use sha2::{Digest, Sha256};

use crate::cell::RawTable;
use crate::csv_file;
use crate::csv_lines;
use crate::error::{Problem, TraceError};
use crate::header;
use crate::mapping::Mapping;
use crate::parquet_file::{self, MAGIC};
use crate::rows::{Rows, not_mapped, of_one_step};
use crate::step_trace::StepTrace;

/// Largest file that is read.
const LIMIT_BYTES: u64 = 1 << 30;

/// Most rows that are read.
const LIMIT_ROWS: usize = 5_000_000;

/// The name of the thread that decodes Parquet.
///
/// Some damaged files make the decoder panic. That ends this thread alone and is an error of the file: a panic hook can
/// tell by the name that it is no bug of the program.
pub const PARQUET_THREAD: &str = "parquet-decoder";

impl StepTrace {
    /// Reads a Parquet or CSV file; its first bytes tell which it is.
    ///
    /// # Errors
    ///
    /// The file cannot be read or is damaged, lacks a column, has a value that its field cannot have or a step twice,
    /// or runs back in time.
    pub fn read(path: &Path, mapping: &Mapping) -> Result<Self, TraceError> {
        let without_line = |problem| TraceError::new(path, problem, None);
        if let Some(field) = mapping.missing().next() {
            return Err(without_line(not_mapped(field)));
        }
        if let Some(field) = mapping.contradicting().next() {
            return Err(without_line(of_one_step(field)));
        }
        let bytes = read_bytes(path).map_err(without_line)?;
        let sha256 = hexadecimal(&Sha256::digest(&bytes));
        let wanted = mapping.columns();
        let trace_of = |(table, header): (RawTable, Vec<String>)| {
            header::check(&header, mapping)?;
            Rows::new(&table, mapping).into_trace(sha256)
        };
        if bytes.starts_with(MAGIC) {
            let table = in_thread(|| parquet_file::read(bytes, &wanted, LIMIT_ROWS));
            return table.and_then(trace_of).map_err(without_line);
        }
        let table = csv_file::read(&bytes, &wanted, LIMIT_ROWS);
        table.and_then(trace_of).map_err(|problem| {
            let shown = csv_lines::with_line(path, &problem, &bytes);
            TraceError::new(path, problem, shown.map(Into::into))
        })
    }
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    let too_large = || Problem::of_file(format!("more than {LIMIT_BYTES} bytes"));
    // A pipe would block before the first byte.
    let metadata = fs::metadata(path).map_err(|error| unreadable(&error))?;
    if !metadata.is_file() {
        return Err(Problem::of_file("is not a file"));
    }
    if metadata.len() > LIMIT_BYTES {
        return Err(too_large());
    }
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let mut bytes = Vec::new();
    // One byte more than the limit tells a file that grew after it was measured.
    let read = file.take(LIMIT_BYTES + 1).read_to_end(&mut bytes);
    let read = read.map_err(|error| unreadable(&error))?;
    if u64::try_from(read).is_ok_and(|read| read <= LIMIT_BYTES) {
        Ok(bytes)
    } else {
        Err(too_large())
    }
}

fn unreadable(error: &io::Error) -> Problem {
    Problem::of_file(format!("cannot be read: {error}"))
}

/// Decodes Parquet in a thread of its own, whose panic is an error of the file.
fn in_thread<T: Send>(decode: impl FnOnce() -> Result<T, Problem> + Send) -> Result<T, Problem> {
    let decoded = thread::scope(|scope| -> io::Result<_> {
        let decoder = thread::Builder::new()
            .name(PARQUET_THREAD.to_owned())
            .spawn_scoped(scope, decode)?;
        Ok(decoder.join())
    });
    decoded
        .map_err(|error| unreadable(&error))?
        .unwrap_or_else(|_| Err(parquet_file::damaged("its decoder gave up")))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0xf])
        .filter_map(|nibble| char::from_digit(nibble.into(), 16))
        .collect()
}
