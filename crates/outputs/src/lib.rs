//! Where files may be written, and how they appear whole.
//!
//! [`OutputRules`] decide for every command: never into the inputs of a project, never over a file that somebody else
//! made unless the user said so, never through a link. What is written has a temporary name until it is whole
//! ([`OutputFile`], [`write_whole`], [`TemporaryFolder`]). Its writer holds a lock on it, so that what a killed command left
//! is told from what a living one writes ([`leftovers_in`]).
//!
//! It knows neither commands nor formats: the one who writes a file knows its own.

mod ends;
mod leftover;
mod output_error;
mod output_file;
mod output_rules;
mod real_path;
mod temporary;

pub use ends::Ends;
pub use leftover::{Removes, is_temporary, leftovers_in, remove_leftovers};
pub use output_error::{OutputError, Refusal};
pub use output_file::{OutputFile, write_whole};
pub use output_rules::{OutputRules, Replace};
pub use real_path::real_path;
pub use temporary::{TemporaryFolder, hold};

use std::path::Path;

/// The folder that a file or a folder lies in.
#[must_use]
pub fn folder_of(path: &Path) -> &Path {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}
