use std::path::{Path, PathBuf};

use diagnostic::nearest;
use serde::Serialize;

use crate::error::{FieldProblem, LoadError, NameKind};
use crate::measured_run::{MeasuredRun, SourceFileRecord};
use crate::reading::{ReadYaml, names, read_tree};
use crate::source_file::SourceFile;
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
        let (splits, splits_file) = match splits_files.as_slice() {
            [] => (Vec::new(), None),
            [file] => {
                let (splits, record) = read_splits(&root, file, &experiments)?;
                (splits, Some(record))
            }
            several => {
                return Err(LoadError::SameTwice {
                    path: root,
                    files: several.iter().map(|&name| name.to_owned()).collect(),
                });
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
            unknown(NameKind::Split, name, known.collect())
        })
    }

    /// Loads an experiment. Paths of its files are relative to the root.
    ///
    /// # Errors
    ///
    /// An unknown name, with the known ones, and whatever [`load`](crate::load) refuses.
    pub fn load(&self, experiment: &str) -> Result<MeasuredRun, LoadError> {
        if !self.experiments.iter().any(|name| name == experiment) {
            let known = self.experiments.clone();
            return Err(unknown(NameKind::Experiment, experiment, known));
        }
        let mut run = load_as(&self.root.join(experiment), Path::new(experiment))?;
        // A folder that is a link is called as it is linked.
        experiment.clone_into(&mut run.experiment);
        Ok(run)
    }
}

fn unknown(kind: NameKind, name: &str, known: Vec<String>) -> LoadError {
    let nearest = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    LoadError::Unknown {
        kind,
        name: name.to_owned(),
        known,
        nearest,
    }
}

fn read_splits(
    root: &Path,
    name: &str,
    experiments: &[String],
) -> Result<(Vec<Split>, SourceFileRecord), LoadError> {
    let file = SourceFile::below(root, Path::new(""), name);
    let ReadYaml {
        tree,
        record,
        source,
    } = read_tree(&file)?;
    let mut reader = SplitsReader {
        experiments,
        problems: Vec::new(),
    };
    let mut splits = reader.splits(&tree);
    if reader.problems.is_empty() {
        splits.sort_by(|a, b| a.name.cmp(&b.name));
        return Ok((splits, record));
    }
    Err(LoadError::fields(
        file.shown,
        reader.problems,
        Some(&source),
    ))
}

struct SplitsReader<'a> {
    experiments: &'a [String],
    problems: Vec<FieldProblem>,
}

impl SplitsReader<'_> {
    fn splits(&mut self, tree: &Tree) -> Vec<Split> {
        let Tree::Map(entries) = tree else {
            self.problem("splits", format!("is {tree}, expected a mapping of names"));
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
                            self.problem(&field, "is no key of a split, expected train and test");
                        }
                    }
                } else {
                    self.problem(&place, format!("is {sides}, expected train and test"));
                }
                let train = self.names(sides, "train", &place);
                let test = self.names(sides, "test", &place);
                for name in train.iter().filter(|name| test.contains(name)) {
                    self.problem(
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
                self.problem(
                    &place,
                    format!("is {other}, expected a list of experiments"),
                );
                &[]
            }
            None => {
                self.problem(&place, "is missing, expected a list of experiments");
                &[]
            }
        };
        let mut names: Vec<String> = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let place = format!("{place}[{index}]");
            match item.as_text() {
                Some(name) if names.iter().any(|other| other == name) => {
                    self.problem(&place, format!("is {} a second time", Quoted(name)));
                }
                Some(name) if self.experiments.iter().any(|known| known == name) => {
                    names.push(name.to_owned());
                }
                Some(name) => {
                    let known = self.experiments.to_vec();
                    let error = unknown(NameKind::Experiment, name, known);
                    self.problem(&place, format!("names no folder: {error}"));
                }
                None => self.problem(&place, format!("is {item}, expected an experiment")),
            }
        }
        names
    }

    fn problem(&mut self, field: &str, reason: impl Into<String>) {
        self.problems.push(FieldProblem {
            field: field.to_owned(),
            reason: reason.into(),
        });
    }
}
