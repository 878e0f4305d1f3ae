use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use diagnostic::{Diagnostic, SourceText};
use flate2::bufread::MultiGzDecoder;

use crate::error::LoadError;
use crate::hashing_reader::{Digested, HashingReader};
use crate::refused::Refused;
use crate::source_file_record::SourceFileRecord;
use crate::wire::{
    REPORT_BOUNDS, ReportText, StreamProblem, TextProblem, read_json, read_json_plainly, read_yaml,
    yaml_error,
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
    /// The format of a file name, and the name without its ending.
    pub(crate) fn of(name: &str) -> Option<(&str, Self)> {
        FILE_ENDINGS.into_iter().find_map(|ending| {
            let format = match ending {
                ".json" => Self::Json,
                ".json.gz" => Self::JsonGz,
                _yaml => Self::Yaml,
            };
            Some((name.strip_suffix(ending)?, format))
        })
    }
}

impl SourceFile {
    /// A file of a folder.
    pub(crate) fn below(folder: &Path, shown_folder: &Path, name: &str) -> Self {
        Self {
            path: folder.join(name),
            shown: shown_folder.join(name),
        }
    }

    /// Reads a text file whole.
    pub(crate) fn read_text(
        &self,
        limit_bytes: u64,
    ) -> Result<(String, SourceFileRecord), LoadError> {
        let io_error = |error| self.io_error(&error, ReportFormat::Yaml);
        let (mut source, _) = self.open(limit_bytes)?;
        let mut bytes = Vec::new();
        source.read_to_end(&mut bytes).map_err(io_error)?;
        let record = self.record(source.finish().map_err(io_error)?);
        let content = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
        match std::str::from_utf8(content) {
            Ok(text) => Ok((text.to_owned(), record)),
            Err(error) => {
                let valid = &content[..error.valid_up_to()];
                let line = valid.split(|byte| *byte == b'\n').count();
                Err(self.error(format!(":{line}: not UTF-8 text")))
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
                let read = read_yaml(&text).map_err(|error| {
                    let source = SourceText::new(self.shown.clone(), text);
                    yaml_error(&source, &error, REPORT_BOUNDS)
                });
                let trailing = None;
                read.map(|report| (ReportText { report, trailing }, record))
            }
        }
    }

    fn read_json(&self, format: ReportFormat) -> Result<(ReportText, SourceFileRecord), LoadError> {
        let io_error = |error| self.io_error(&error, format);
        let (mut source, file_bytes) = self.open(JSON_LIMIT_BYTES)?;
        let text = report_text(&mut source, format, file_bytes).map_err(StreamProblem::Io);
        let report = match text.and_then(read_json) {
            Ok(report) => report,
            Err(StreamProblem::Io(error)) => return Err(io_error(error)),
            // Either the text is wrong, and this finds out where, or it is right in an unusual way.
            Err(StreamProblem::Unusual) => {
                let (again, file_bytes) = self.open(JSON_LIMIT_BYTES)?;
                report_text(again, format, file_bytes)
                    .and_then(read_json_plainly)
                    .map_err(io_error)?
                    .map_err(|problem| self.json_error(problem, format))?
            }
        };
        let record = self.record(source.finish().map_err(io_error)?);
        Ok((report, record))
    }

    /// Opens the file, through links. Refuses what is not a regular file before opening it (a pipe would block), and never hands on more
    /// than `limit_bytes`: a file can grow after it was measured.
    fn open(&self, limit_bytes: u64) -> Result<(HashingReader<Bounded<File>>, u64), LoadError> {
        let io_error = |error| self.io_error(&error, ReportFormat::Json);
        let metadata = fs::metadata(&self.path).map_err(io_error)?;
        if !metadata.is_file() {
            return Err(self.error(": not a regular file".to_owned()));
        }
        let too_large = format!("larger than {limit_bytes} bytes");
        if metadata.len() > limit_bytes {
            return Err(self.error(format!(": {too_large}")));
        }
        let file = Bounded {
            source: File::open(&self.path).map_err(io_error)?,
            left_bytes: limit_bytes,
            refusal: too_large,
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

    fn io_error(&self, error: &io::Error, format: ReportFormat) -> LoadError {
        self.error(match (error.kind(), format) {
            _ if Refused::is(error) => format!(": {error}"),
            (io::ErrorKind::NotFound, _) => ": no such file".to_owned(),
            (_, ReportFormat::JsonGz) => format!(": cannot be inflated: {error}"),
            (_, ReportFormat::Json | ReportFormat::Yaml) => format!(": cannot be read: {error}"),
        })
    }

    fn error(&self, problem: String) -> LoadError {
        LoadError::File {
            path: self.shown.clone(),
            problem,
        }
    }

    /// The error of a JSON report, with its line where the place is near its beginning: reports of one line are larger than memory.
    fn json_error(&self, problem: TextProblem, format: ReportFormat) -> LoadError {
        let shown = self.json_line(format, &problem).unwrap_or_else(|| {
            // A file that cannot be read once more is shown without its line as well.
            let TextProblem {
                line,
                column,
                message,
            } = &problem;
            let message = format!("{message} (line {line}, column {column})");
            Diagnostic::new(self.shown.clone(), message)
        });
        problem.into_error(&self.shown, shown)
    }

    /// The beginning of the line with a problem of a JSON report; `None` where it is not there, or the column is further
    /// behind than lines are read for a message.
    fn json_line(&self, format: ReportFormat, problem: &TextProblem) -> Option<Diagnostic> {
        let (source, file_bytes) = self.open(JSON_LIMIT_BYTES).ok()?;
        let mut text = BufReader::new(report_text(source, format, file_bytes).ok()?);
        for _ in 1..problem.line {
            if text.skip_until(b'\n').ok()? == 0 {
                return None;
            }
        }
        let mut line = Vec::new();
        let mut start = text.take(SHOWN_LINE_BYTES);
        start.read_until(b'\n', &mut line).ok()?;
        if problem.column > SHOWN_LINE_BYTES {
            return None;
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        let column = usize::try_from(problem.column).ok()?.saturating_sub(1);
        let start = line.floor_char_boundary(column.min(line.len().saturating_sub(1)));
        let shown = Diagnostic::new(self.shown.clone(), problem.message.clone());
        let number = usize::try_from(problem.line).ok()?;
        Some(shown.with_lines(number, line, start..start + 1))
    }
}

/// The text of a report, inflated where its file is not, and without a byte order mark.
fn report_text<'r>(
    source: impl Read + 'r,
    format: ReportFormat,
    file_bytes: u64,
) -> io::Result<impl Read + 'r> {
    let mut source: Box<dyn Read + 'r> = match format {
        ReportFormat::JsonGz => {
            let inflated_bytes = file_bytes.saturating_mul(INFLATION);
            let limit_bytes = inflated_bytes.clamp(INFLATED_BYTES, JSON_LIMIT_BYTES);
            Box::new(Bounded {
                source: MultiGzDecoder::new(BufReader::new(source)),
                left_bytes: limit_bytes,
                refusal: format!(
                    "inflates to more than {limit_bytes} bytes, which no report of its size does"
                ),
            })
        }
        ReportFormat::Json | ReportFormat::Yaml => Box::new(source),
    };
    let mut start = Vec::new();
    let mark_bytes = BYTE_ORDER_MARK.len() as u64;
    (&mut source).take(mark_bytes).read_to_end(&mut start)?;
    if start == BYTE_ORDER_MARK {
        start.clear();
    }
    Ok(Cursor::new(start).chain(source))
}

/// Refuses to hand on more than a number of bytes.
#[derive(Debug)]
struct Bounded<R> {
    source: R,
    left_bytes: u64,
    /// What is said of a source that has more.
    refusal: String,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        let left = self.left_bytes.checked_sub(count as u64);
        self.left_bytes = left.ok_or_else(|| Refused::error(self.refusal.clone()))?;
        Ok(count)
    }
}
