//! The lock that results on disk were written under.

use std::path::Path;

use serde::Deserialize;

use crate::project::{OUTCOME_FILE, RESULTS_FOLDER, Sha256Hex, read_result_text};

/// What is read of `outcome.json`. Other releases may write more.
#[derive(Deserialize)]
struct LocksWire {
    lock: Option<String>,
    lost_lock: Option<String>,
}

/// The hash that the outcome in a hypothesis' folder records: of the last lock, or of one that was lost before.
///
/// An outcome that is absent or cannot be read records nothing. That is no error: results are written anew, whatever
/// stood there, and a check finds such a file stale.
pub(super) fn recorded_lock(folder: &Path) -> Option<Sha256Hex> {
    let path = folder.join(RESULTS_FOLDER).join(OUTCOME_FILE);
    let source = read_result_text(&path).ok()?;
    let recorded: LocksWire = serde_json::from_str(source.text()).ok()?;
    let hash = recorded.lost_lock.or(recorded.lock)?;
    Sha256Hex::parse(&hash)
}
