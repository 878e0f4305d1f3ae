use std::path::PathBuf;

/// Why an experiment cannot be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A folder cannot be listed.
    #[error("{}: cannot list the folder: {source}", path.display())]
    List {
        /// The folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}
