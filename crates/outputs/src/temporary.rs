//! Files and folders on their way, each with a lock that its process holds as long as it lives.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempDir};

/// How the names of temporary files and folders begin.
pub(crate) const PREFIX: &str = ".rooflab-tmp-";

/// How many letters and digits follow.
pub(crate) const RANDOM_LETTERS: usize = 6;

/// A folder that goes with the process which fills it. What stays after a kill is a leftover.
#[derive(Debug)]
pub struct TemporaryFolder {
    folder: TempDir,
    /// None where the file system has no locks for folders: leftovers are not told apart there.
    _lock: Option<File>,
}

impl TemporaryFolder {
    /// Makes one in a folder, on the same file system therefore.
    ///
    /// # Errors
    ///
    /// It cannot be made.
    pub fn beside(parent: &Path) -> io::Result<Self> {
        loop {
            let folder = Builder::new()
                .prefix(PREFIX)
                .rand_bytes(RANDOM_LETTERS)
                .tempdir_in(parent)?;
            let lock = File::open(folder.path()).ok().and_then(locked);
            // Between the two calls it looked like a leftover, and may be gone.
            if folder.path().exists() {
                return Ok(Self {
                    folder,
                    _lock: lock,
                });
            }
        }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// A temporary file in a folder, with a lock on it. Its mode is that of any new file under the umask.
pub(crate) fn temporary_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).rand_bytes(RANDOM_LETTERS);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    loop {
        let file = builder.tempfile_in(folder)?;
        // Where there are no locks, leftovers are not told apart.
        if file.as_file().lock().is_err() || file.path().exists() {
            return Ok(file);
        }
    }
}

/// Keeps others who hold the same folder out until the answer is dropped; waits for those who hold it now. `None` where the
/// file system has no locks for folders.
///
/// # Errors
///
/// The folder is not there or cannot be read.
pub fn hold(folder: &Path) -> io::Result<Option<File>> {
    Ok(locked(File::open(folder)?))
}

fn locked(file: File) -> Option<File> {
    file.lock().is_ok().then_some(file)
}

/// The lock on a temporary file or folder that no process holds; `None` where one does, or nobody can tell.
pub(crate) fn lock_of_nobody(path: &Path) -> Option<File> {
    let file = File::open(path).ok()?;
    match file.try_lock() {
        Ok(()) => Some(file),
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => None,
    }
}

/// Puts a file in place of another, with the mode of what was there.
pub(crate) fn persist(file: NamedTempFile, path: &Path) -> io::Result<()> {
    keep_mode(file.path(), path)?;
    file.as_file().sync_data()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Gives a new file or folder the mode of the one that it replaces, where there is one.
pub(crate) fn keep_mode(new: &Path, replaced: &Path) -> io::Result<()> {
    match fs::symlink_metadata(replaced) {
        Ok(there) if !there.is_symlink() => fs::set_permissions(new, there.permissions()),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

impl TemporaryFolder {
    /// Moves what it holds as `name` to a path on the same file system, with the mode of what was there.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub fn move_out(&self, name: &Path, path: &Path) -> io::Result<()> {
        let new: PathBuf = self.path().join(name);
        keep_mode(&new, path)?;
        fs::rename(new, path)
    }
}
