use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use diagnostic::SourceText;

use crate::error::CatalogError;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Reads a text file below the catalog's root, without a byte order mark; messages call it by its `path` there.
///
/// Refuses what is not a regular file before opening it (a pipe would block) and never takes more than `limit_bytes`.
pub(crate) fn read_source(
    root: &Path,
    path: PathBuf,
    limit_bytes: u64,
) -> Result<SourceText, CatalogError> {
    let unreadable = |reason: String| CatalogError::Unreadable {
        path: path.clone(),
        reason,
    };
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => unreadable(": no such file".to_owned()),
        _other => unreadable(format!(": cannot be read: {error}")),
    };
    let whole_path = root.join(&path);
    let metadata = fs::metadata(&whole_path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(unreadable(": not a regular file".to_owned()));
    }
    // The file can grow after it was measured, hence the second bound.
    let mut bytes = Vec::new();
    if metadata.len() <= limit_bytes {
        File::open(&whole_path)
            .and_then(|file| file.take(limit_bytes + 1).read_to_end(&mut bytes))
            .map_err(failed)?;
    }
    if metadata.len().max(bytes.len() as u64) > limit_bytes {
        return Err(unreadable(format!(": larger than {limit_bytes} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.split(|byte| *byte == b'\n').count();
        unreadable(format!(":{line}: not UTF-8 text"))
    })?;
    let text = match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    Ok(SourceText::new(path, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message_for(content: Option<&[u8]>) -> String {
        let root = tempfile::tempdir().unwrap();
        if let Some(content) = content {
            fs::write(root.path().join("x.csv"), content).unwrap();
        }
        read_source(root.path(), "x.csv".into(), 16)
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
        let error = read_source(root.path(), "x.csv".into(), 16).unwrap_err();
        assert_eq!(error.to_string(), "x.csv: not a regular file");
    }

    #[test]
    fn drops_a_byte_order_mark() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("x.csv"), "\u{feff}k,n").unwrap();
        let file = read_source(root.path(), "x.csv".into(), 16).unwrap();
        assert_eq!(file.text(), "k,n");
    }
}
