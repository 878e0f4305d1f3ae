use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use diagnostic::{Diagnostic, SourceText};
use flate2::bufread::MultiGzDecoder;

use crate::error::{LoadError, NEXT_STEP, ReadProblem};
use crate::hashing_reader::{Digested, HashingReader};
use crate::measured_run::SourceFileRecord;
use crate::reading::yaml_error;
use crate::wire::{
    LongText, REPORT_BOUNDS, ReportText, StreamProblem, TextProblem, read_json, read_json_plainly,
    read_yaml,
};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Largest report, inflated. The largest that GuideLLM is known to write have hundreds of MB.
const JSON_LIMIT_BYTES: u64 = 8 << 30;

/// What every compressed report may inflate to.
const INFLATED_BYTES: u64 = 256 << 20;

/// What a larger one may inflate to, for each byte of its file. Reports shrink to a tenth; only repetition without end
/// shrinks to less than a hundredth.
const INFLATION: u64 = 100;

/// Largest report as YAML, which is read into memory as a whole.
const YAML_LIMIT_BYTES: u64 = 256 << 20;

/// Bytes of a line of a report that are read for a message.
const SHOWN_LINE_BYTES: u64 = 64 << 10;

/// A file of an experiment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceFile {
    /// Where it is opened.
    pub(crate) path: PathBuf,
    /// What messages and records call it.
    pub(crate) shown: PathBuf,
}

/// How the text of a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReportFormat {
    Json,
    JsonGz,
    Yaml,
}

/// What the names of reports, profiles and configurations end in. Endings tell formats apart.
pub const FILE_ENDINGS: [&str; 4] = [".json", ".json.gz", ".yaml", ".yml"];

impl ReportFormat {
    /// The formats of [`FILE_ENDINGS`], in their order.
    const BY_ENDING: [Self; FILE_ENDINGS.len()] =
        [Self::Json, Self::JsonGz, Self::Yaml, Self::Yaml];

    /// The format of a file name, and the name without its ending.
    pub(crate) fn of(name: &str) -> Option<(&str, Self)> {
        FILE_ENDINGS
            .into_iter()
            .zip(Self::BY_ENDING)
            .find_map(|(ending, format)| Some((name.strip_suffix(ending)?, format)))
    }
}

impl SourceFile {
    /// Reads a text file whole.
    pub(crate) fn read_text(
        &self,
        limit_bytes: u64,
    ) -> Result<(String, SourceFileRecord), LoadError> {
        let (mut source, _) = self
            .open(limit_bytes)
            .map_err(|problem| self.error(problem))?;
        let mut bytes = Vec::new();
        let read = source.read_to_end(&mut bytes);
        let record = read.and_then(|_| source.finish());
        let record = self.record(record.map_err(|error| self.error(error.into()))?);
        let content = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
        match std::str::from_utf8(content) {
            Ok(text) => Ok((text.to_owned(), record)),
            Err(error) => {
                let valid = &content[..error.valid_up_to()];
                Err(self.error(ReadProblem::NotUtf8 {
                    line: valid.split(|byte| *byte == b'\n').count() as u64,
                }))
            }
        }
    }

    /// Reads a report.
    pub(crate) fn read_report(
        &self,
        format: ReportFormat,
    ) -> Result<(ReportText, SourceFileRecord), LoadError> {
        match format {
            ReportFormat::Json | ReportFormat::JsonGz => self.read_json(format),
            ReportFormat::Yaml => {
                let (text, record) = self.read_text(YAML_LIMIT_BYTES)?;
                match read_yaml(&text) {
                    Ok(report) => {
                        let trailing = None;
                        Ok((ReportText { report, trailing }, record))
                    }
                    Err(error) => {
                        let source = SourceText::new(self.shown.clone(), text);
                        Err(yaml_error(&source, &error, REPORT_BOUNDS))
                    }
                }
            }
        }
    }

    fn read_json(&self, format: ReportFormat) -> Result<(ReportText, SourceFileRecord), LoadError> {
        let (mut source, file_bytes) = self
            .open(JSON_LIMIT_BYTES)
            .map_err(|problem| self.error(problem))?;
        let io_error = |error: io::Error| self.error(problem_of(error, format));
        let fast = Inflated::new(&mut source, format, file_bytes)
            .and_then(without_mark)
            .map_err(StreamProblem::Io)
            .and_then(read_json);
        let report = match fast {
            Ok(report) => report,
            Err(StreamProblem::Io(error)) => return Err(io_error(error)),
            // Either the text is wrong, and this finds out where, or it is right in an unusual way.
            Err(StreamProblem::Unusual) => {
                let (mut again, file_bytes) = self
                    .open(JSON_LIMIT_BYTES)
                    .map_err(|problem| self.error(problem))?;
                Inflated::new(&mut again, format, file_bytes)
                    .and_then(without_mark)
                    .and_then(read_json_plainly)
                    .map_err(io_error)?
                    .map_err(|problem| self.json_error(problem, format))?
            }
        };
        let digested = source.finish().map_err(io_error)?;
        Ok((report, self.record(digested)))
    }

    /// Opens the file, through links. Refuses what is not a regular file before opening it (a pipe would block), and never hands on more
    /// than `limit_bytes`: a file can grow after it was measured.
    fn open(&self, limit_bytes: u64) -> Result<(HashingReader<Bounded<File>>, u64), ReadProblem> {
        let metadata = fs::metadata(&self.path).map_err(ReadProblem::from)?;
        if !metadata.is_file() {
            return Err(ReadProblem::NotAFile);
        }
        if metadata.len() > limit_bytes {
            return Err(ReadProblem::TooLarge { limit_bytes });
        }
        let file = Bounded {
            source: File::open(&self.path).map_err(ReadProblem::from)?,
            limit_bytes,
            left_bytes: limit_bytes,
        };
        Ok((HashingReader::new(file, metadata.len()), metadata.len()))
    }

    fn record(&self, digested: Digested) -> SourceFileRecord {
        SourceFileRecord {
            path: self.shown.clone(),
            bytes: digested.bytes,
            sha256: digested.sha256,
        }
    }

    fn error(&self, problem: ReadProblem) -> LoadError {
        LoadError::Read {
            path: self.shown.clone(),
            problem,
        }
    }

    /// The error of a JSON report, with its line where the place is near its beginning: reports of one line are larger than memory.
    fn json_error(&self, problem: TextProblem, format: ReportFormat) -> LoadError {
        let message = match &problem.field {
            Some(field) => format!("`{field}`: {}", problem.reason),
            None => problem.reason.clone(),
        };
        let place = (
            usize::try_from(problem.line),
            usize::try_from(problem.column),
        );
        let shown = match place {
            (Ok(line), Ok(column)) => self.json_line(format, line, column, &message),
            (Ok(_) | Err(_), _) => Diagnostic::new(self.shown.clone(), message),
        };
        problem.into_error(&self.shown, shown.with_help(NEXT_STEP))
    }

    /// A message at a place of a JSON report.
    fn json_line(
        &self,
        format: ReportFormat,
        line: usize,
        column: usize,
        message: &str,
    ) -> Diagnostic {
        // A file that cannot be read once more is shown without its line as well.
        let Ok(Some(text)) = self.line(format, line, column) else {
            let message = format!("{message} (line {line}, column {column})");
            return Diagnostic::new(self.shown.clone(), message);
        };
        let text = text.trim_end();
        let last = text.len().saturating_sub(1);
        let start = text.floor_char_boundary(column.saturating_sub(1).min(last));
        Diagnostic::new(self.shown.clone(), message).with_lines(line, text, start..start + 1)
    }

    /// The beginning of a line of a report; as [`line_of`].
    fn line(
        &self,
        format: ReportFormat,
        number: usize,
        column: usize,
    ) -> io::Result<Option<String>> {
        let Ok((mut source, file_bytes)) = self.open(JSON_LIMIT_BYTES) else {
            return Ok(None);
        };
        let inflated = Inflated::new(&mut source, format, file_bytes).and_then(without_mark)?;
        line_of(BufReader::new(inflated), number, column)
    }

    /// A file of a folder.
    pub(crate) fn below(folder: &Path, shown_folder: &Path, name: &str) -> Self {
        Self {
            path: folder.join(name),
            shown: shown_folder.join(name),
        }
    }
}

/// The beginning of a line of a text, from 1; `None` where it is not there, or the column is further behind than lines are
/// read for a message.
fn line_of(mut text: impl BufRead, number: usize, column: usize) -> io::Result<Option<String>> {
    for _ in 1..number {
        if text.skip_until(b'\n')? == 0 {
            return Ok(None);
        }
    }
    let mut line = Vec::new();
    text.take(SHOWN_LINE_BYTES).read_until(b'\n', &mut line)?;
    let is_there = column as u64 <= SHOWN_LINE_BYTES;
    Ok(is_there.then(|| String::from_utf8_lossy(&line).into_owned()))
}

/// The text of a report, inflated where its file is not.
enum Inflated<R: Read> {
    Plain(R),
    Gzip(Box<Bounded<MultiGzDecoder<BufReader<R>>>>),
}

impl<R: Read> Inflated<R> {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "the first link of a chain of fallible ones"
    )]
    fn new(source: R, format: ReportFormat, file_bytes: u64) -> io::Result<Self> {
        Ok(match format {
            ReportFormat::JsonGz => {
                let limit_bytes = file_bytes
                    .saturating_mul(INFLATION)
                    .clamp(INFLATED_BYTES, JSON_LIMIT_BYTES);
                Self::Gzip(Box::new(Bounded {
                    source: MultiGzDecoder::new(BufReader::new(source)),
                    limit_bytes,
                    left_bytes: limit_bytes,
                }))
            }
            ReportFormat::Json | ReportFormat::Yaml => Self::Plain(source),
        })
    }
}

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(source) => source.read(buffer),
            Self::Gzip(source) => source.read(buffer),
        }
    }
}

/// Refuses to hand on more than a number of bytes.
#[derive(Debug)]
struct Bounded<R> {
    source: R,
    limit_bytes: u64,
    left_bytes: u64,
}

/// The error of a [`Bounded`] reader.
#[derive(Debug, thiserror::Error)]
#[error("more than {limit_bytes} bytes")]
struct OverLimit {
    limit_bytes: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        let left = self.left_bytes.checked_sub(count as u64);
        self.left_bytes = left.ok_or_else(|| {
            io::Error::other(OverLimit {
                limit_bytes: self.limit_bytes,
            })
        })?;
        Ok(count)
    }
}

/// Leaves a byte order mark out.
fn without_mark<R: Read>(mut source: R) -> io::Result<io::Chain<Cursor<Vec<u8>>, R>> {
    let mut start = Vec::new();
    let mark_bytes = BYTE_ORDER_MARK.len() as u64;
    (&mut source).take(mark_bytes).read_to_end(&mut start)?;
    if start == BYTE_ORDER_MARK {
        start.clear();
    }
    Ok(Cursor::new(start).chain(source))
}

fn problem_of(error: io::Error, format: ReportFormat) -> ReadProblem {
    match (ReadProblem::from(error), format) {
        (ReadProblem::Io(error), ReportFormat::JsonGz) => ReadProblem::Gzip(error),
        (ReadProblem::TooLarge { limit_bytes }, ReportFormat::JsonGz) => {
            ReadProblem::InflatesTooFar { limit_bytes }
        }
        (problem, _) => problem,
    }
}

impl From<io::Error> for ReadProblem {
    fn from(error: io::Error) -> Self {
        let inner = error.get_ref();
        if let Some(over) = inner.and_then(|inner| inner.downcast_ref::<OverLimit>()) {
            return Self::TooLarge {
                limit_bytes: over.limit_bytes,
            };
        }
        if let Some(long) = inner.and_then(|inner| inner.downcast_ref::<LongText>()) {
            return Self::LongText {
                limit_bytes: long.limit_bytes,
            };
        }
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Io(error),
        }
    }
}
