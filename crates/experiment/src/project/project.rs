//! The folder that holds hypotheses, model configurations and GPU tables.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use diagnostic::{SourceText, nearest};

use super::error::ExperimentError;
use super::layout::{HYPOTHESES, HYPOTHESIS_FILE, MARKER_FOLDERS};

/// The largest text file that is read: real ones have kilobytes.
const MAX_TEXT_BYTES: u64 = 16 * 1024 * 1024;

/// A project on disk.
#[derive(Debug, Clone)]
pub struct Project {
    root: PathBuf,
}

/// What stands among the hypotheses and is none.
#[derive(Debug, thiserror::Error)]
#[error("`{}` is passed over: {reason}", path.display())]
pub struct PassedOver {
    /// Its path below the project.
    path: PathBuf,
    /// Why it is none.
    reason: NoHypothesis,
}

/// That none but `folder` has its id.
fn alone(folder: &HypothesisFolder, all: &[HypothesisFolder]) -> Result<(), ExperimentError> {
    let mut others = all
        .iter()
        .filter(|other| other.id().eq_ignore_ascii_case(folder.id()) && *other != folder);
    others.next().map_or(Ok(()), |other| {
        let mut paths = [folder.path(), other.path()];
        paths.sort();
        let [first, second] = paths;
        Err(ExperimentError::SameId {
            id: folder.id().to_owned(),
            first,
            second,
        })
    })
}

/// Why something among the hypotheses is none.
#[derive(Debug, thiserror::Error)]
enum NoHypothesis {
    #[error("it has no {HYPOTHESIS_FILE}, and a folder below {HYPOTHESES} is a hypothesis")]
    NoFile,
    #[error("its {HYPOTHESIS_FILE} is no regular file")]
    NotAFile,
    #[error("its {HYPOTHESIS_FILE} cannot be read: {0}")]
    UnreadableFile(io::Error),
    #[error("it is neither a folder nor a regular file")]
    NoFolder,
    #[error("it cannot be read: {0}")]
    Unreadable(io::Error),
    #[error("its name is not UTF-8")]
    NotUtf8,
}

/// The folder of one hypothesis.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HypothesisFolder {
    name: String,
}

impl HypothesisFolder {
    /// The folder's name: `<id>-<slug>`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id: the words in front that begin with a capital letter, as in H28 or I2-H1; a slug has none.
    #[must_use]
    pub fn id(&self) -> &str {
        Self::id_of(&self.name)
    }

    /// The id in the name of a folder.
    pub(crate) fn id_of(name: &str) -> &str {
        let mut end = 0;
        for word in name.split('-') {
            if end > 0 && !word.starts_with(|c: char| c.is_ascii_uppercase()) {
                break;
            }
            end += word.len() + usize::from(end > 0);
        }
        &name[..end]
    }

    /// The folder's path below the project.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        Path::new(HYPOTHESES).join(&self.name)
    }
}

impl Project {
    /// The project at `start` or the nearest folder above it.
    ///
    /// # Errors
    ///
    /// No such folder has all marker folders.
    pub fn find(start: &Path) -> Result<Self, ExperimentError> {
        let absolute = std::path::absolute(start).map_err(|source| ExperimentError::Read {
            path: start.to_owned(),
            source,
        })?;
        absolute
            .ancestors()
            .find(|folder| is_project(folder))
            .map(|folder| Self {
                root: folder.to_owned(),
            })
            .ok_or_else(|| ExperimentError::NoProject {
                start: start.to_owned(),
            })
    }

    /// The project that is exactly at `root`.
    ///
    /// # Errors
    ///
    /// The folder lacks a marker folder.
    pub fn at(root: &Path) -> Result<Self, ExperimentError> {
        if is_project(root) {
            Ok(Self {
                root: root.to_owned(),
            })
        } else {
            let missing: Vec<&str> = MARKER_FOLDERS
                .iter()
                .copied()
                .filter(|marker| !root.join(marker).is_dir())
                .collect();
            Err(ExperimentError::NotAProject {
                root: root.to_owned(),
                missing: missing.join(", "),
            })
        }
    }

    /// The folder of the project.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder that holds the hypotheses.
    #[must_use]
    pub fn hypotheses_folder(&self) -> PathBuf {
        self.root.join(HYPOTHESES)
    }

    /// Every hypothesis, in natural order: H2 before H10. What is no hypothesis is passed over
    /// ([`Self::passed_over`]).
    ///
    /// # Errors
    ///
    /// The folder cannot be read.
    pub fn hypotheses(&self) -> Result<Vec<HypothesisFolder>, ExperimentError> {
        Ok(self.entries()?.0)
    }

    /// What stands among the hypotheses, is none, and may have been meant to be one, each with the reason. Regular files are
    /// not.
    ///
    /// # Errors
    ///
    /// Those of [`Self::hypotheses`].
    pub fn passed_over(&self) -> Result<Vec<PassedOver>, ExperimentError> {
        Ok(self.entries()?.1)
    }

    /// Keeps other commands out that write locks, until the answer is dropped; waits for those at work. On a file system
    /// without locks for folders it keeps nobody out.
    ///
    /// # Errors
    ///
    /// The folder of the hypotheses cannot be read.
    pub fn hold_locks(&self) -> Result<Option<fs::File>, ExperimentError> {
        let path = self.hypotheses_folder();
        let held = outputs::hold(&path);
        held.map_err(|source| ExperimentError::Read { path, source })
    }

    /// The hypotheses, and what stands among them.
    fn entries(&self) -> Result<(Vec<HypothesisFolder>, Vec<PassedOver>), ExperimentError> {
        let folder = self.root.join(HYPOTHESES);
        let failed = |source| ExperimentError::Read {
            path: PathBuf::from(HYPOTHESES),
            source,
        };
        let (mut found, mut others) = (Vec::new(), Vec::new());
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            match hypothesis_at(&entry) {
                Ok(Some(folder)) => found.push(folder),
                Ok(None) => {}
                Err(reason) => others.push(PassedOver {
                    path: Path::new(HYPOTHESES).join(entry.file_name()),
                    reason,
                }),
            }
        }
        others.sort_by(|a, b| a.path.cmp(&b.path));
        found.sort_by_cached_key(|folder| natural_key(folder.name()));
        Ok((found, others))
    }

    /// The hypothesis of an id or a whole folder name, in any case.
    ///
    /// # Errors
    ///
    /// There is none; the error lists what there is.
    pub fn hypothesis(&self, id: &str) -> Result<HypothesisFolder, ExperimentError> {
        let all = self.hypotheses()?;
        let wanted = id.trim_end_matches('/');
        let found = all.iter().find(|folder| {
            folder.id().eq_ignore_ascii_case(wanted) || folder.name().eq_ignore_ascii_case(wanted)
        });
        if let Some(folder) = found {
            alone(folder, &all)?;
            return Ok(folder.clone());
        }
        let known: Vec<&str> = all.iter().map(HypothesisFolder::id).collect();
        Err(ExperimentError::UnknownHypothesis {
            id: id.to_owned(),
            hint: nearest(wanted, known.iter().copied())
                .map_or_else(String::new, |name| format!("did you mean `{name}`? ")),
            known: if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            },
        })
    }

    /// That no other folder has the id of this one.
    ///
    /// # Errors
    ///
    /// [`ExperimentError::SameId`], or the folder of the hypotheses cannot be read.
    pub(crate) fn has_one(&self, folder: &HypothesisFolder) -> Result<(), ExperimentError> {
        alone(folder, &self.hypotheses()?)
    }

    /// Reads a text file below the project.
    ///
    /// # Errors
    ///
    /// It is missing, no regular file, too large or not UTF-8.
    pub(crate) fn read_text(&self, path: &Path) -> Result<SourceText, ExperimentError> {
        let failed = |source| ExperimentError::Read {
            path: path.to_owned(),
            source,
        };
        let refused =
            |reason: String| failed(std::io::Error::new(std::io::ErrorKind::InvalidData, reason));
        let full = self.root.join(path);
        let about = fs::metadata(&full).map_err(failed)?;
        if !about.is_file() {
            return Err(refused("it is not a file".to_owned()));
        }
        if about.len() > MAX_TEXT_BYTES {
            return Err(refused(format!(
                "it has {} bytes, and at most {MAX_TEXT_BYTES} are read",
                about.len()
            )));
        }
        let bytes = fs::read(&full).map_err(failed)?;
        let text = String::from_utf8(bytes).map_err(|error| {
            refused(format!(
                "byte {} is not UTF-8",
                error.utf8_error().valid_up_to()
            ))
        })?;
        Ok(SourceText::new(path.to_owned(), text))
    }
}

/// The hypothesis that an entry among hypotheses is. A regular file is none.
fn hypothesis_at(entry: &fs::DirEntry) -> Result<Option<HypothesisFolder>, NoHypothesis> {
    let kind = fs::metadata(entry.path()).map_err(NoHypothesis::Unreadable)?;
    if kind.is_file() {
        return Ok(None);
    }
    if !kind.is_dir() {
        return Err(NoHypothesis::NoFolder);
    }
    let file = entry.path().join(HYPOTHESIS_FILE);
    match fs::metadata(&file) {
        // A pipe would not open before somebody writes to it.
        Ok(there) if !there.is_file() => return Err(NoHypothesis::NotAFile),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound && !file.is_symlink() => {
            return Err(NoHypothesis::NoFile);
        }
        Err(error) => return Err(NoHypothesis::UnreadableFile(error)),
    }
    fs::File::open(&file).map_err(NoHypothesis::UnreadableFile)?;
    match entry.file_name().into_string() {
        Ok(name) => Ok(Some(HypothesisFolder { name })),
        Err(_) => Err(NoHypothesis::NotUtf8),
    }
}

fn is_project(folder: &Path) -> bool {
    MARKER_FOLDERS
        .iter()
        .all(|marker| folder.join(marker).is_dir())
}

/// Sorts digits by their value and everything else by its letters, upper and lower case alike.
pub(crate) fn natural_key(name: &str) -> Vec<(String, u64)> {
    let mut key = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let letters = rest
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (word, behind) = rest.split_at(letters);
        let digits = behind
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(behind.len());
        let (number, behind) = behind.split_at(digits);
        key.push((word.to_lowercase(), number.parse().unwrap_or(u64::MAX)));
        rest = behind;
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_the_capital_words_in_front() {
        for (name, id) in [
            ("H28-max-kv", "H28"),
            ("I2-H1-steps", "I2-H1"),
            ("HG1-grid", "HG1"),
            ("H2b", "H2b"),
            ("lower-case", "lower"),
        ] {
            assert_eq!(
                HypothesisFolder {
                    name: name.to_owned()
                }
                .id(),
                id
            );
        }
    }

    #[test]
    fn hypotheses_sort_by_number() {
        let mut names = vec!["H10-a", "H2b-c", "H2-b", "HG1-x", "H33-z", "I2-H1-y"];
        names.sort_by_cached_key(|name| natural_key(name));
        assert_eq!(
            names,
            ["H2-b", "H2b-c", "H10-a", "H33-z", "HG1-x", "I2-H1-y"]
        );
    }
}
