//! Where an export goes: a file or a folder.

use std::path::{Path, PathBuf, is_separator};

use anyhow::Context;
use table_file::FileFormat;

/// What to write, and in which format.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Destination {
    pub(super) path: PathBuf,
    pub(super) format: FileFormat,
    /// A folder with a file for each table, or one file with everything.
    pub(super) is_folder: bool,
}

impl Destination {
    /// The destination that a path means. A folder is one that is there without the ending of a file, or a name that ends
    /// in a slash.
    ///
    /// # Errors
    ///
    /// Nothing says how the file is to be written.
    pub(super) fn of(path: &Path, format: Option<FileFormat>) -> anyhow::Result<Self> {
        let by_ending = FileFormat::of_path(path);
        let ends_in_slash = path.to_string_lossy().ends_with(is_separator);
        let is_folder = ends_in_slash || (by_ending.is_none() && path.is_dir());
        let usual = if is_folder {
            Some(FileFormat::Parquet)
        } else {
            by_ending
        };
        let format = format.or(usual).with_context(|| unknown_ending(path))?;
        let path = path.to_owned();
        Ok(Self {
            path,
            format,
            is_folder,
        })
    }
}

fn unknown_ending(path: &Path) -> String {
    let endings = FileFormat::ALL.iter().flat_map(|format| format.endings());
    let endings: Vec<String> = endings.map(|ending| format!(".{ending}")).collect();
    format!(
        "--out: the ending of `{}` names no format (known endings: {}; or say the --format; a folder ends in /)",
        path.display(),
        endings.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_or_a_folder_that_is_there_means_a_folder() {
        let there = tempfile::tempdir().unwrap();
        let folder = |path: &Path, format| Destination {
            path: path.to_owned(),
            format,
            is_folder: true,
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
        let file = |format| Destination {
            path: path.to_owned(),
            format,
            is_folder: false,
        };
        assert_eq!(of(None), file(FileFormat::Ndjson));
        assert_eq!(of(Some(FileFormat::Csv)), file(FileFormat::Csv));
    }
}
