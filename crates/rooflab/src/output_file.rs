//! A file that appears when it is whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};

/// How the names of temporary files begin.
pub(crate) const TEMPORARY: &str = ".rooflab-";

/// Collects what is written in a file without a name, which disappears with the process however it ends. Only what
/// [`OutputFile::finish`] moves to the path is ever seen there.
#[derive(Debug)]
pub(crate) struct OutputFile {
    path: PathBuf,
    unnamed: BufWriter<File>,
}

impl OutputFile {
    /// Makes sure that the file can be made. What is there already stays as it is.
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        match fs::metadata(path) {
            Ok(there) if there.is_dir() => {
                bail!("{shown}: is a folder, expected the name of a file to write")
            }
            Ok(there) if !there.is_file() => {
                bail!("{shown}: is no regular file, and is not replaced by one")
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed(path, &error));
            }
            Ok(_) | Err(_) => {}
        }
        let unnamed =
            tempfile::tempfile_in(folder_of(path)).map_err(|error| failed(path, &error))?;
        let unnamed = BufWriter::new(unnamed);
        let path = path.to_owned();
        Ok(Self { path, unnamed })
    }

    /// Puts what was written in place of what was there.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        move_to(self.unnamed, &self.path).map_err(|error| failed(&self.path, &error))
    }
}

fn failed(path: &Path, error: &io::Error) -> anyhow::Error {
    anyhow!("{}: cannot be written: {error}", path.display())
}

/// Makes a folder where it is not there.
pub(crate) fn make_folder(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))
}

/// The folder that a file or a folder lies in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unnamed.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unnamed.flush()
    }
}

fn move_to(unnamed: BufWriter<File>, path: &Path) -> io::Result<()> {
    let mut whole = unnamed
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    whole.rewind()?;
    let mut named = temporary_beside(folder_of(path))?;
    io::copy(&mut whole, named.as_file_mut())?;
    named.as_file().sync_data()?;
    named.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Temporary files are private; results are for everybody who may read the folder.
fn temporary_beside(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
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
