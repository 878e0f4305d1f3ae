//! Where an export goes: a file or a folder.

use std::path::{Path, PathBuf, is_separator};

use table_file::FileFormat;

/// What to write, and in which format.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// One file with everything.
    File { path: PathBuf, format: FileFormat },
    /// A folder with a file for each table.
    Folder { path: PathBuf, format: FileFormat },
}

/// Nothing says how the file is to be written.
#[derive(Debug, thiserror::Error)]
#[error(
    "--out: the ending of `{}` names no format (known endings: {}; or say the --format; a folder ends in /)",
    path.display(),
    known_endings()
)]
pub(super) struct UnknownEnding {
    path: PathBuf,
}

impl Destination {
    /// The destination that a path means. A folder is one that is there without the ending of a file, or a name that ends
    /// in a slash.
    pub(super) fn of(path: &Path, format: Option<FileFormat>) -> Result<Self, UnknownEnding> {
        let by_ending = FileFormat::of_path(path);
        let ends_in_slash = path.to_string_lossy().ends_with(is_separator);
        let path = path.to_owned();
        if ends_in_slash || (by_ending.is_none() && path.is_dir()) {
            return Ok(Self::Folder {
                path,
                format: format.unwrap_or(FileFormat::Parquet),
            });
        }
        match format.or(by_ending) {
            Some(format) => Ok(Self::File { path, format }),
            None => Err(UnknownEnding { path }),
        }
    }
}

fn known_endings() -> String {
    let endings = FileFormat::ALL.iter().flat_map(|format| format.endings());
    let endings: Vec<String> = endings.map(|ending| format!(".{ending}")).collect();
    endings.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_or_a_folder_that_is_there_means_a_folder() {
        let there = tempfile::tempdir().unwrap();
        let folder = |path: &Path, format| Destination::Folder {
            path: path.to_owned(),
            format,
        };
        let of = |path: &Path, format| Destination::of(path, format).unwrap();
        let slash = Path::new("new.csv/");
        assert_eq!(of(slash, None), folder(slash, FileFormat::Parquet));
        assert_eq!(
            of(there.path(), Some(FileFormat::Csv)),
            folder(there.path(), FileFormat::Csv)
        );
    }

    #[test]
    fn a_file_says_its_format_unless_the_format_is_said() {
        let path = Path::new("missing/results.ndjson");
        let of = |format| Destination::of(path, format).unwrap();
        let file = |format| Destination::File {
            path: path.to_owned(),
            format,
        };
        assert_eq!(of(None), file(FileFormat::Ndjson));
        assert_eq!(of(Some(FileFormat::Csv)), file(FileFormat::Csv));
    }
}
