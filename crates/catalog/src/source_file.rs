use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::error::{CatalogError, ReadProblem};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A text file below the catalog's root, read whole.
#[derive(Debug)]
pub(crate) struct SourceFile {
    /// Relative to the root: what messages and input lists show.
    pub(crate) path: PathBuf,
    /// The content without a byte order mark.
    pub(crate) text: String,
}

impl SourceFile {
    /// Reads `root/path`. Refuses what is not a regular file before opening it (a pipe would block)
    /// and never takes more than `limit_bytes`.
    pub(crate) fn read(root: &Path, path: PathBuf, limit_bytes: u64) -> Result<Self, CatalogError> {
        match read_text(&root.join(&path), limit_bytes) {
            Ok(text) => Ok(Self { path, text }),
            Err(problem) => Err(CatalogError::Read { path, problem }),
        }
    }
}

fn read_text(path: &Path, limit_bytes: u64) -> Result<String, ReadProblem> {
    let metadata = fs::metadata(path).map_err(problem_of)?;
    if !metadata.is_file() {
        return Err(ReadProblem::NotAFile);
    }
    if metadata.len() > limit_bytes {
        return Err(ReadProblem::TooLarge { limit_bytes });
    }
    // The file can grow after it was measured, hence the second bound.
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit_bytes + 1).read_to_end(&mut bytes))
        .map_err(problem_of)?;
    if bytes.len() as u64 > limit_bytes {
        return Err(ReadProblem::TooLarge { limit_bytes });
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        ReadProblem::NotUtf8 {
            line: valid.split(|byte| *byte == b'\n').count() as u64,
        }
    })?;
    match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => Ok(rest.to_owned()),
        None => Ok(text),
    }
}

fn problem_of(error: io::Error) -> ReadProblem {
    if error.kind() == io::ErrorKind::NotFound {
        ReadProblem::Missing
    } else {
        ReadProblem::Io(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message_for(content: Option<&[u8]>) -> String {
        let root = tempfile::tempdir().unwrap();
        if let Some(content) = content {
            fs::write(root.path().join("x.csv"), content).unwrap();
        }
        SourceFile::read(root.path(), "x.csv".into(), 16)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn names_the_file_and_what_is_wrong_with_it() {
        assert_eq!(message_for(None), "x.csv: no such file");
        assert_eq!(
            message_for(Some(&[b'a'; 17])),
            "x.csv: larger than 16 bytes"
        );
        assert_eq!(message_for(Some(b"a\nb\n\xff")), "x.csv:3: not UTF-8 text");
    }

    #[test]
    fn refuses_a_folder() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("x.csv")).unwrap();
        let error = SourceFile::read(root.path(), "x.csv".into(), 16).unwrap_err();
        assert_eq!(error.to_string(), "x.csv: not a regular file");
    }

    #[test]
    fn drops_a_byte_order_mark() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("x.csv"), "\u{feff}k,n").unwrap();
        let file = SourceFile::read(root.path(), "x.csv".into(), 16).unwrap();
        assert_eq!(file.text, "k,n");
    }
}
