/// Why there is no site.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// A result table is no table.
    #[error("{folder}: {file}: no table of comma-separated values: {source}")]
    Table {
        /// The folder of the hypothesis.
        folder: String,
        /// The file below it.
        file: String,
        /// What is wrong.
        source: csv::Error,
    },
    /// A picture is no text.
    #[error("{folder}: {file}: a picture that is not UTF-8")]
    Picture {
        /// The folder of the hypothesis.
        folder: String,
        /// The file below it.
        file: String,
    },
    /// The grid of the model has another number of cells than its axes have.
    #[error("{model} on {gpu}: {found} {what} for axes with {expected}")]
    Grid {
        /// The model.
        model: String,
        /// The GPU.
        gpu: String,
        /// What is counted.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there must be.
        expected: usize,
    },
    /// The grid cannot be written as JSON.
    #[error("the grid of the model cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}
