//! The formats of files.

use std::path::Path;

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// Apache Parquet: columns with types, compressed.
    Parquet,
    /// One JSON object a line.
    Ndjson,
    /// Comma-separated values with one line of names.
    Csv,
}

impl FileFormat {
    /// All formats.
    pub const ALL: &[Self] = &[Self::Parquet, Self::Ndjson, Self::Csv];

    /// The name, which is the ending of its files as well.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
        }
    }

    /// The endings by which its files are known, without the point.
    #[must_use]
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Parquet => &["parquet"],
            Self::Ndjson => &["ndjson", "jsonl"],
            Self::Csv => &["csv"],
        }
    }

    /// The format of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.name() == name)
    }

    /// The format that a path says by its ending, in upper or lower case.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?;
        Self::ALL.iter().copied().find(|format| {
            format
                .endings()
                .iter()
                .any(|known| known.eq_ignore_ascii_case(ending))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_its_format_by_its_ending() {
        for (path, format) in [
            ("a/results.parquet", Some(FileFormat::Parquet)),
            ("results.NDJSON", Some(FileFormat::Ndjson)),
            ("results.jsonl", Some(FileFormat::Ndjson)),
            ("results.v2.csv", Some(FileFormat::Csv)),
            ("results.json", None),
            ("results", None),
            (".csv", None),
            ("csv/", None),
        ] {
            assert_eq!(FileFormat::of_path(Path::new(path)), format, "{path}");
        }
    }

    #[test]
    fn every_format_is_known_by_its_name_and_writes_its_ending() {
        for format in FileFormat::ALL {
            assert_eq!(FileFormat::of_name(format.name()), Some(*format));
            assert!(format.endings().contains(&format.name()));
        }
        assert_eq!(FileFormat::of_name("xlsx"), None);
    }
}
