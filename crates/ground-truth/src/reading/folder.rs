use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::LoadError;
use crate::source_file::{FILE_ENDINGS, ReportFormat, SourceFile};

/// Names, without their endings, that make a file the report of its folder; the first that occurs counts.
const REPORT_NAMES: [&str; 2] = ["guidellm-results", "benchmarks"];

/// What the client was told to send.
pub(super) const PROFILE: &str = "profile";

/// The server that was measured.
pub(super) const EXP_CONFIG: &str = "exp-config";

/// The files of an experiment.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    shown: PathBuf,
    /// Sorted. Names that are hidden or no UTF-8 are left out.
    names: Vec<String>,
}

impl Folder {
    /// Lists a folder, which messages call `shown`.
    pub(super) fn list(path: &Path, shown: &Path) -> Result<Self, LoadError> {
        Ok(Self {
            path: path.to_owned(),
            shown: shown.to_owned(),
            names: names(path, shown)?,
        })
    }

    /// The report: `guidellm-results` or else `benchmarks` with an ending of reports, else the only other file with such
    /// an ending that is neither `profile` nor `exp-config`.
    pub(super) fn report(&self) -> Result<(SourceFile, ReportFormat), LoadError> {
        let candidates: Vec<(&str, &str, ReportFormat)> = self
            .names
            .iter()
            .filter_map(|name| {
                let (stem, format) = ReportFormat::of(name)?;
                (stem != PROFILE && stem != EXP_CONFIG).then_some((name.as_str(), stem, format))
            })
            .collect();
        let called = |wanted: &str| -> Vec<_> {
            let by_name = candidates.iter().filter(|(_, stem, _)| *stem == wanted);
            by_name.copied().collect()
        };
        let found = REPORT_NAMES
            .into_iter()
            .map(called)
            .find(|found| !found.is_empty())
            .unwrap_or_else(|| candidates.clone());
        let problem = match found.as_slice() {
            [(name, _, format)] => return Ok((self.file(name), *format)),
            [] => format!(
                ": no GuideLLM report (expected guidellm-results or benchmarks with one of the endings {}, or one other file with such an \
                 ending)",
                FILE_ENDINGS.join(", ")
            ),
            several => {
                let names: Vec<&str> = several.iter().map(|(name, _, _)| *name).collect();
                format!(
                    ": {} can each be the report; call the right one `guidellm-results` with its ending, or move the others away",
                    names.join(", ")
                )
            }
        };
        let path = self.shown.clone();
        Err(LoadError::File { path, problem })
    }

    /// The YAML file of a name without its ending, if there is one.
    pub(super) fn yaml(&self, stem: &str) -> Result<Option<SourceFile>, LoadError> {
        let names = self.names.iter().map(String::as_str);
        let found = names.filter(|name| ReportFormat::of(name) == Some((stem, ReportFormat::Yaml)));
        let only = only_one(found, &self.shown)?;
        Ok(only.map(|name| self.file(name)))
    }

    fn file(&self, name: &str) -> SourceFile {
        SourceFile::below(&self.path, &self.shown, name)
    }
}

/// The one of the names of a folder that stand for the same, if there is one.
pub(crate) fn only_one<'n>(
    names: impl Iterator<Item = &'n str>,
    shown: &Path,
) -> Result<Option<&'n str>, LoadError> {
    match names.collect::<Vec<_>>().as_slice() {
        [] => Ok(None),
        [name] => Ok(Some(name)),
        several => Err(LoadError::File {
            path: shown.to_owned(),
            problem: format!(
                ": {} stand for the same; keep one of them",
                several.join(" and ")
            ),
        }),
    }
}

/// The names in a folder that are not hidden, sorted.
pub(crate) fn names(path: &Path, shown: &Path) -> Result<Vec<String>, LoadError> {
    let list_error = |source: io::Error| {
        let path = shown.to_owned();
        if source.kind() == io::ErrorKind::NotADirectory {
            LoadError::NotAFolder { path }
        } else {
            LoadError::List { path, source }
        }
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(list_error)? {
        let name = entry.map_err(list_error)?.file_name();
        if let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) {
            names.push(name.to_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}
