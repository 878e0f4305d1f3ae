//! The formats of files.

use std::path::Path;

use crate::csv_body::csv_head;
use crate::ndjson_body::names_before;
use crate::parquet_body::is_created_by_us;

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

    /// Whether a file with this first line and these last bytes was written by this crate in this format, as a table with
    /// these columns. Of Parquet its writer is asked, and not the columns.
    #[must_use]
    pub fn wrote(self, columns: &[&str], first_line: &[u8], tail: &[u8]) -> bool {
        match self {
            Self::Parquet => is_created_by_us(tail),
            Self::Csv => csv_head(columns).is_ok_and(|head| head.trim_ascii_end() == first_line),
            Self::Ndjson => names_before(columns).is_ok_and(|names| {
                let mut rest = first_line;
                !names.is_empty()
                    && names.iter().all(|name| {
                        let place = rest.windows(name.len()).position(|at| at == name);
                        place.is_some_and(|place| {
                            rest = &rest[place + name.len()..];
                            true
                        })
                    })
            }),
        }
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
    fn its_own_tables_are_known_and_no_others() {
        use crate::{Column, Values, table_bytes};
        let column = |name: &str| Column {
            name: name.to_owned(),
            values: Values::Int(vec![Some(1), None]),
        };
        let table = [column("a,b"), column("c")];
        for format in FileFormat::ALL {
            let bytes = table_bytes(&table, *format).unwrap();
            let line = bytes.split(|byte| *byte == b'\n').next().unwrap();
            assert!(format.wrote(&["a,b", "c"], line, &bytes));
            let is_parquet = *format == FileFormat::Parquet;
            assert_eq!(format.wrote(&["a,b", "d"], line, &bytes), is_parquet);
            assert!(!format.wrote(&["a,b", "c"], b"id: H1", b"id: H1"));
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
