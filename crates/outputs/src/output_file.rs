//! A file that appears when it is whole.

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use crate::folder_of;
use crate::leftover::{Removes, remove_leftovers};
use crate::output_error::OutputError;
use crate::temporary::{persist, temporary_file};

/// Collects what is written in a file without a name, which disappears with the process however it ends. Only what
/// [`OutputFile::finish`] moves to the path is ever seen there.
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    unnamed: BufWriter<File>,
}

impl OutputFile {
    /// What is there already stays as it is.
    pub(crate) fn create(path: &Path) -> Result<Self, OutputError> {
        let unnamed = tempfile::tempfile_in(folder_of(path)).map_err(OutputError::failed(path))?;
        Ok(Self {
            path: path.to_owned(),
            unnamed: BufWriter::new(unnamed),
        })
    }

    /// Puts what was written in place of what was there, with the mode that it had, and removes what killed commands of this
    /// kind left beside it.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub fn finish(self) -> Result<(), OutputError> {
        let Self { path, unnamed } = self;
        move_to(unnamed, &path).map_err(OutputError::failed(&path))?;
        remove_leftovers(folder_of(&path), Removes::Files);
        Ok(())
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

fn move_to(unnamed: BufWriter<File>, path: &Path) -> io::Result<()> {
    let mut whole = unnamed
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    whole.rewind()?;
    let mut named = temporary_file(folder_of(path))?;
    io::copy(&mut whole, named.as_file_mut())?;
    persist(named, path)
}

/// Writes a file so that readers see the old bytes or the new ones, never a part. It has the mode of what was there, and a
/// folder that is missing is made.
///
/// # Errors
///
/// A link is there, or the system refuses.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.is_symlink() {
        let reason = "it is a link, and nothing is written through it";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    std::fs::create_dir_all(folder_of(path))?;
    let mut file = temporary_file(folder_of(path))?;
    file.write_all(bytes)?;
    persist(file, path)?;
    remove_leftovers(folder_of(path), Removes::Files);
    Ok(())
}
