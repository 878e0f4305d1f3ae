//! What killed commands leave.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::temporary::{PREFIX, RANDOM_LETTERS, lock_of_nobody};

/// How the names of earlier releases began.
const EARLIER_PREFIX: &str = ".rooflab-";

/// Which leftovers a command removes: those of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removes {
    /// Files, which are replaced one by one.
    Files,
    /// Folders as well, in which files wait that are replaced together.
    FilesAndFolders,
}

/// Whether a name is one that a file or a folder on its way may have, in this release or an earlier one.
#[must_use]
pub fn is_temporary(name: &OsStr) -> bool {
    name.as_encoded_bytes()
        .starts_with(EARLIER_PREFIX.as_bytes())
}

/// Files and folders in a folder that were on their way, and whose process is gone, sorted. Those of earlier releases, which
/// held no locks, are among them. A folder that is not there has none.
///
/// # Errors
///
/// The folder cannot be read.
pub fn leftovers_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(Vec::new());
        }
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let kind = entry.file_type()?;
        if is_temporary(&entry.file_name())
            && (kind.is_file() || kind.is_dir())
            && lock_of_nobody(&entry.path()).is_some()
        {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Removes the leftovers in a folder that have the very names that this program gives. What cannot be removed stays: it is
/// found by [`leftovers_in`].
pub fn remove_leftovers(folder: &Path, kind: Removes) {
    let Ok(found) = leftovers_in(folder) else {
        return;
    };
    for path in found.iter().filter(|path| has_our_name(path)) {
        // The lock is held while it goes, so that nobody else takes it for a leftover.
        let lock = lock_of_nobody(path);
        let gone = match (&lock, path.is_dir(), kind) {
            (None, _, _) | (Some(_), true, Removes::Files) => Ok(()),
            (Some(_), true, Removes::FilesAndFolders) => fs::remove_dir_all(path),
            (Some(_), false, _) => fs::remove_file(path),
        };
        // As documented: it stays.
        drop(gone);
    }
}

/// Whether the name is of the form that no user gives by chance.
fn has_our_name(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str);
    let random = name.and_then(|name| name.strip_prefix(PREFIX));
    random.is_some_and(|random| {
        random.len() == RANDOM_LETTERS && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temporary::{TemporaryFolder, temporary_file};

    fn names(folder: &Path) -> Vec<String> {
        let name = |path: PathBuf| path.file_name().unwrap().display().to_string();
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries.map(|entry| name(entry.unwrap().path())).collect();
        names.sort();
        names
    }

    #[cfg(unix)]
    #[test]
    fn what_a_living_process_writes_is_no_leftover() {
        let folder = tempfile::tempdir().unwrap();
        let file = temporary_file(folder.path()).unwrap();
        let below = TemporaryFolder::beside(folder.path()).unwrap();
        remove_leftovers(folder.path(), Removes::FilesAndFolders);
        assert_eq!(names(folder.path()).len(), 2);
        assert_eq!(leftovers_in(folder.path()).unwrap(), [] as [PathBuf; 0]);
        assert!(below.path().is_dir());
        drop((file, below));
        assert_eq!(names(folder.path()).len(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn leftovers_of_a_kind_are_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        for file in [
            ".rooflab-tmp-a1B2c3",
            ".rooflab-aB3dE6",
            ".rooflab-notes",
            "mine",
        ] {
            fs::write(folder.path().join(file), "x").unwrap();
        }
        fs::create_dir(folder.path().join(".rooflab-tmp-zzzzzz")).unwrap();
        fs::write(folder.path().join(".rooflab-tmp-zzzzzz/new"), "x").unwrap();
        assert_eq!(leftovers_in(folder.path()).unwrap().len(), 4);
        remove_leftovers(folder.path(), Removes::Files);
        let rest = [
            ".rooflab-aB3dE6",
            ".rooflab-notes",
            ".rooflab-tmp-zzzzzz",
            "mine",
        ];
        assert_eq!(names(folder.path()), rest);
        remove_leftovers(folder.path(), Removes::FilesAndFolders);
        assert_eq!(
            names(folder.path()),
            [".rooflab-aB3dE6", ".rooflab-notes", "mine"]
        );
    }
}
