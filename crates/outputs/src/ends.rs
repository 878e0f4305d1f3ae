//! The two ends of a file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Bytes of the first line and more.
const HEAD_BYTES: u64 = 1 << 16;

/// Bytes of the end that says who wrote a Parquet file.
const TAIL_BYTES: u64 = 1 << 12;

/// The first and the last bytes of a file, by which a command tells that it wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ends {
    /// The first 64 KiB.
    pub head: Vec<u8>,
    /// The last 4 KiB.
    pub tail: Vec<u8>,
}

impl Ends {
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut head = Vec::new();
        (&mut file).take(HEAD_BYTES).read_to_end(&mut head)?;
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
        let mut tail = Vec::new();
        file.take(TAIL_BYTES).read_to_end(&mut tail)?;
        Ok(Self { head, tail })
    }

    /// The first line without its end, or the head where that is shorter.
    #[must_use]
    pub fn first_line(&self) -> &[u8] {
        let line = self.head.split(|byte| *byte == b'\n').next();
        let line = line.unwrap_or_default();
        line.strip_suffix(b"\r").unwrap_or(line)
    }
}
