//! A file that appears when it is whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

/// How the names of temporary files begin.
const TEMPORARY: &str = ".rooflab-";

/// Collects what is written in a file without a name, which disappears with the process however it ends. Only what
/// [`OutputFile::finish`] moves to the path is ever seen there.
#[derive(Debug)]
pub(crate) struct OutputFile {
    path: PathBuf,
    folder: PathBuf,
    unnamed: BufWriter<File>,
}

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutputFileError {
    #[error("{}: is a folder, expected the name of a file to write", .0.display())]
    Folder(PathBuf),
    #[error("{}: is no regular file, and is not replaced by one", .0.display())]
    NotRegular(PathBuf),
    #[error("{}: cannot be written: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
}

impl OutputFile {
    /// Makes sure that the file can be made. What is there already stays as it is.
    pub(crate) fn create(path: &Path) -> Result<Self, OutputFileError> {
        let path = path.to_owned();
        match fs::metadata(&path) {
            Ok(there) if there.is_dir() => return Err(OutputFileError::Folder(path)),
            Ok(there) if !there.is_file() => return Err(OutputFileError::NotRegular(path)),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(OutputFileError::Write { path, source }),
        }
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            Some(_) | None => PathBuf::from("."),
        };
        match tempfile::tempfile_in(&folder) {
            Ok(unnamed) => Ok(Self {
                path,
                folder,
                unnamed: BufWriter::new(unnamed),
            }),
            Err(source) => Err(OutputFileError::Write { path, source }),
        }
    }

    /// Puts what was written in place of what was there.
    pub(crate) fn finish(self) -> Result<(), OutputFileError> {
        let Self {
            path,
            folder,
            unnamed,
        } = self;
        move_to(unnamed, &folder, &path).map_err(|source| OutputFileError::Write { path, source })
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unnamed.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unnamed.flush()
    }
}

fn move_to(unnamed: BufWriter<File>, folder: &Path, path: &Path) -> io::Result<()> {
    let mut whole = unnamed
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    whole.rewind()?;
    let mut named = temporary_beside(folder)?;
    io::copy(&mut whole, named.as_file_mut())?;
    named.as_file().sync_data()?;
    named.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Temporary files are private; results are for everybody who may read the folder.
#[cfg(unix)]
fn temporary_beside(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;

    tempfile::Builder::new()
        .prefix(TEMPORARY)
        .permissions(fs::Permissions::from_mode(0o666))
        .tempfile_in(folder)
}

#[cfg(not(unix))]
fn temporary_beside(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new()
        .prefix(TEMPORARY)
        .tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_seen_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace.csv");
        fs::write(&path, "old").unwrap();
        let mut file = OutputFile::create(&path).unwrap();
        write!(file, "new").unwrap();
        file.flush().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        file.finish().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }

    #[test]
    fn replaces_files_only() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |path: &Path| OutputFile::create(path).unwrap_err().to_string();
        assert!(
            refused(folder.path()).ends_with(": is a folder, expected the name of a file to write")
        );
        let missing = folder.path().join("missing/trace.csv");
        assert!(refused(&missing).contains("missing/trace.csv: cannot be written: "));
        #[cfg(unix)]
        assert_eq!(
            refused(Path::new("/dev/null")),
            "/dev/null: is no regular file, and is not replaced by one"
        );
    }
}
