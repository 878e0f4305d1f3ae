//! Expected tables that stand beside the workspace.

use std::path::{Path, PathBuf};

/// A CSV as words: the header and the rows.
pub(crate) struct CsvText {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl CsvText {
    pub(crate) fn read(text: &str) -> Self {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let words = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
        let header = words(reader.headers().unwrap());
        let rows = reader
            .records()
            .map(|record| words(&record.unwrap()))
            .collect();
        Self { header, rows }
    }

    /// The value of a column in a row.
    #[track_caller]
    pub(crate) fn value<'t>(&self, row: &'t [String], column: &str) -> &'t str {
        let index = self.header.iter().position(|name| name == column);
        let index = index.unwrap_or_else(|| panic!("no column {column} in {:?}", self.header));
        &row[index]
    }
}

/// A file or folder below the folder that `ROOFLAB_SHARED` names, else `shared` beside the workspace. `None`, with a note
/// on standard error, where that folder does not exist; with `ROOFLAB_REQUIRE_SHARED=1` that is a failure.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("ROOFLAB_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    if !shared.is_dir() {
        let required = std::env::var_os("ROOFLAB_REQUIRE_SHARED").is_some_and(|value| value == "1");
        assert!(!required, "{} does not exist", shared.display());
        eprintln!("skipped: {} does not exist", shared.display());
        return None;
    }
    Some(shared.join(path))
}

/// A table of `expected/` among the reference figures.
pub(crate) fn expected_table(name: &str) -> Option<CsvText> {
    let path = shared("expected")?.join(name);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(CsvText::read(&text))
}
