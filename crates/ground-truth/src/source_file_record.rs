use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

/// A file that a run was read from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SourceFileRecord {
    /// Below the folder that was loaded, as the caller named it; below the root, where a
    /// [`GroundTruth`](crate::GroundTruth) was opened.
    #[serde(serialize_with = "lossy")]
    pub path: PathBuf,
    /// Size in bytes, as it lies on disk.
    pub bytes: u64,
    /// SHA-256 of those bytes in lower-case hexadecimal, taken while the file was read.
    pub sha256: String,
}

/// A path as text, even if it is none.
pub(crate) fn lossy<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}
