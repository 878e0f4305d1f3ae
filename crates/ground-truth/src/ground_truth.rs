use std::path::{Path, PathBuf};

use diagnostic::nearest;
use serde::Serialize;

use crate::error::LoadError;
use crate::measured_run::MeasuredRun;
use crate::reading::{Findings, names, only_one, read_tree};
use crate::source_file::SourceFile;
use crate::source_file_record::SourceFileRecord;
use crate::tree::Tree;
use crate::validation::load_as;
use diagnostic::{Quoted, shown};

/// Names of the file that says which experiments a model is fitted to and which it is judged by. It stands beside the
/// folders of the experiments, and there is at most one.
pub const SPLITS_FILES: [&str; 2] = ["splits.yaml", "splits.yml"];

/// A folder of experiments, one folder each, and optionally `splits.yaml` (or `splits.yml`):
///
/// ```yaml
/// hg1:
///   train: [jan30-llama2-7b-tp1-chatsweep]
///   test: [jan30-llama2-7b-tp1-codesweep]
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroundTruth {
    root: PathBuf,
    experiments: Vec<String>,
    splits: Vec<Split>,
    splits_file: Option<SourceFileRecord>,
}

/// A division of the experiments into those that a model is fitted to and those that it is judged by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Split {
    /// Its name.
    pub name: String,
    /// Experiments to fit to, in the order of the file.
    pub train: Vec<String>,
    /// Experiments to judge by, in the order of the file; none of them is in `train`.
    pub test: Vec<String>,
}

impl GroundTruth {
    /// Lists the experiments of a folder, which are its folders that are not hidden, and reads its splits. Opens no
    /// experiment.
    ///
    /// # Errors
    ///
    /// A folder that cannot be listed or has two files of splits; a file of splits that cannot be read, that names an
    /// experiment without a folder, or that has one on both sides.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, LoadError> {
        let root = root.into();
        let mut experiments = names(&root, &root)?;
        let has = |file: &&str| experiments.iter().any(|name| name == file);
        let splits_files: Vec<&str> = SPLITS_FILES.into_iter().filter(has).collect();
        experiments.retain(|name| root.join(name).is_dir());
        let (splits, splits_file) = match only_one(splits_files.into_iter(), &root)? {
            None => (Vec::new(), None),
            Some(file) => {
                let (splits, record) = read_splits(&root, file, &experiments)?;
                (splits, Some(record))
            }
        };
        Ok(Self {
            root,
            experiments,
            splits,
            splits_file,
        })
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Names of the experiments, sorted.
    #[must_use]
    pub fn experiments(&self) -> &[String] {
        &self.experiments
    }

    /// The splits, sorted by name.
    #[must_use]
    pub fn splits(&self) -> &[Split] {
        &self.splits
    }

    /// The file that the splits were read from, if there is one.
    #[must_use]
    pub fn splits_file(&self) -> Option<&SourceFileRecord> {
        self.splits_file.as_ref()
    }

    /// The split of a name.
    ///
    /// # Errors
    ///
    /// An unknown name, with the known ones.
    pub fn split(&self, name: &str) -> Result<&Split, LoadError> {
        let found = self.splits.iter().find(|split| split.name == name);
        found.ok_or_else(|| {
            let known = self.splits.iter().map(|split| split.name.clone());
            unknown("split", name, &known.collect::<Vec<_>>())
        })
    }

    /// Loads an experiment. Paths of its files are relative to the root.
    ///
    /// # Errors
    ///
    /// An unknown name, with the known ones, and whatever [`load`](crate::load) refuses.
    pub fn load(&self, experiment: &str) -> Result<MeasuredRun, LoadError> {
        if !self.experiments.iter().any(|name| name == experiment) {
            return Err(unknown("experiment", experiment, &self.experiments));
        }
        let mut run = load_as(&self.root.join(experiment), Path::new(experiment))?;
        // A folder that is a link is called as it is linked.
        experiment.clone_into(&mut run.experiment);
        Ok(run)
    }
}

/// How many names a message spells out before it only counts.
const SHOWN_NAMES: usize = 40;

fn unknown(kind: &str, name: &str, known: &[String]) -> LoadError {
    let nearest = nearest(name, known.iter().map(String::as_str));
    let hint = nearest.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
    let (shown, more) = known.split_at(known.len().min(SHOWN_NAMES));
    let names = match (shown, more.len()) {
        ([], _) => "none".to_owned(),
        (shown, 0) => shown.join(", "),
        (shown, more) => format!("{}, and {more} more", shown.join(", ")),
    };
    let name = Quoted(name);
    LoadError::Unknown {
        message: format!("{kind} {name} not found ({hint}known {kind}s: {names})"),
    }
}

fn read_splits(
    root: &Path,
    name: &str,
    experiments: &[String],
) -> Result<(Vec<Split>, SourceFileRecord), LoadError> {
    let file = SourceFile::below(root, Path::new(""), name);
    let (tree, record, mut findings) = read_tree(&file)?;
    let mut reader = SplitsReader {
        experiments,
        findings: &mut findings,
    };
    let mut splits = reader.splits(&tree);
    splits.sort_by(|a, b| a.name.cmp(&b.name));
    match findings.into_parts() {
        (None, _) => Ok((splits, record)),
        (Some(error), _) => Err(error),
    }
}

struct SplitsReader<'a> {
    experiments: &'a [String],
    findings: &'a mut Findings,
}

impl SplitsReader<'_> {
    fn splits(&mut self, tree: &Tree) -> Vec<Split> {
        let Tree::Map(entries) = tree else {
            self.findings
                .problem("splits", format!("is {tree}, expected a mapping of names"));
            return Vec::new();
        };
        entries
            .iter()
            .map(|(name, sides)| {
                let place = shown(name, 60);
                if let Tree::Map(keys) = sides {
                    for (key, _) in keys {
                        if key != "train" && key != "test" {
                            let field = format!("{place}.{}", shown(key, 60));
                            self.findings
                                .problem(&field, "is no key of a split, expected train and test");
                        }
                    }
                } else {
                    self.findings
                        .problem(&place, format!("is {sides}, expected train and test"));
                }
                let train = self.names(sides, "train", &place);
                let test = self.names(sides, "test", &place);
                for name in train.iter().filter(|name| test.contains(name)) {
                    self.findings.problem(
                        &place,
                        format!("has {} in both train and test", Quoted(name)),
                    );
                }
                Split {
                    name: name.clone(),
                    train,
                    test,
                }
            })
            .collect()
    }

    fn names(&mut self, sides: &Tree, key: &str, place: &str) -> Vec<String> {
        let place = format!("{place}.{key}");
        let items = match sides.get(key) {
            Some(Tree::List(items)) => items.as_slice(),
            Some(other) => {
                self.findings.problem(
                    &place,
                    format!("is {other}, expected a list of experiments"),
                );
                &[]
            }
            None => {
                self.findings
                    .problem(&place, "is missing, expected a list of experiments");
                &[]
            }
        };
        let mut names: Vec<String> = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let place = format!("{place}[{index}]");
            match item.as_text() {
                Some(name) if names.iter().any(|other| other == name) => {
                    self.findings
                        .problem(&place, format!("is {} a second time", Quoted(name)));
                }
                Some(name) if self.experiments.iter().any(|known| known == name) => {
                    names.push(name.to_owned());
                }
                Some(name) => {
                    let error = unknown("experiment", name, self.experiments);
                    self.findings
                        .problem(&place, format!("names no folder: {error}"));
                }
                None => self
                    .findings
                    .problem(&place, format!("is {item}, expected an experiment")),
            }
        }
        names
    }
}
