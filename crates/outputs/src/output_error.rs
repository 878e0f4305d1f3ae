//! Why something is not written.

use std::io;
use std::path::{Path, PathBuf};

/// Why a file or a folder is not written; it begins with the path as the user gave it.
#[derive(Debug, thiserror::Error)]
#[error("{}: {refusal}", path.display())]
pub struct OutputError {
    /// The file or the folder.
    pub path: PathBuf,
    /// What stands in the way.
    pub refusal: Refusal,
}

/// What stands in the way of a file or a folder.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It lies among the inputs of a project.
    #[error(
        "lies in `{folder}` of a rooflab project, which holds what results are computed from (name a file or folder elsewhere)"
    )]
    Input {
        /// The folder of the project.
        folder: &'static str,
    },
    /// The command did not write what is there.
    #[error(
        "is there, and this command did not write it (move it elsewhere, or say --force to replace it)"
    )]
    NotOwn,
    /// A folder is there.
    #[error("is a folder, expected the name of a file to write")]
    Folder,
    /// A pipe, a device or the like is there.
    #[error("is no regular file, and is not replaced by one")]
    NotRegular,
    /// A link is there.
    #[error("is a link, and nothing is written through it (name what it leads to, or remove it)")]
    Link,
    /// The system refuses to read what is there.
    #[error("cannot be read: {0}")]
    Unread(#[source] io::Error),
    /// The system refuses.
    #[error("cannot be written: {0}")]
    Failed(#[source] io::Error),
}

impl OutputError {
    pub(crate) fn new(path: &Path, refusal: Refusal) -> Self {
        let path = path.to_owned();
        Self { path, refusal }
    }

    /// The system refuses to write.
    pub(crate) fn failed(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |error| Self::new(path, Refusal::Failed(error))
    }
}
