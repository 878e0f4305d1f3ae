use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use diagnostic::{Quoted, nearest};

use crate::error::{CatalogError, list_or_none};
use crate::gpu::{Gpu, GpuTables};
use crate::gpu_file::GpuFile;
use crate::hugging_face::read_config;
use crate::measured_kernels::MeasuredKernels;
use crate::measured_tables::MeasuredTables;
use crate::model::Model;
use crate::source_file::read_source;
use crate::table_kind::TableKind;

const CONFIG_FILE: &str = "config.json";

/// More than any `config.json` has reason to take; published ones stay below a few hundred
/// kilobytes.
const CONFIG_LIMIT_BYTES: u64 = 16 << 20;

/// The models and GPUs below one root folder. Everything is read when it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalog {
    root: PathBuf,
}

impl Catalog {
    /// The catalog of `root/model_configs` and `root/bench_data`. Nothing is read yet.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// The folder that paths of this catalog are relative to.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folders of `model_configs`, sorted. Models that are refused for predictions are among
    /// them.
    ///
    /// # Errors
    ///
    /// The folder cannot be listed.
    pub fn model_names(&self) -> Result<Vec<String>, CatalogError> {
        self.folders(EntryKind::Model)
    }

    /// The folders of `bench_data`, in lower case, sorted. GPUs without tables are among them.
    ///
    /// # Errors
    ///
    /// The folder cannot be listed.
    pub fn gpu_names(&self) -> Result<Vec<String>, CatalogError> {
        let mut names: Vec<String> = self
            .folders(EntryKind::Gpu)?
            .iter()
            .map(|folder| folder.to_lowercase())
            .collect();
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// The folder of `model_configs` for a model as servers and clients call it: a hub id, a path or a folder. It is
    /// the last part of that, in whatever case the folder has; where there is none, in lower case.
    ///
    /// # Errors
    ///
    /// The folder cannot be listed.
    pub fn model_folder(&self, model: &str) -> Result<String, CatalogError> {
        let name = model
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or(model);
        let known = self.model_names()?;
        Ok(known
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(name))
            .unwrap_or_else(|| name.to_lowercase()))
    }

    /// Reads a model.
    ///
    /// # Errors
    ///
    /// A name that does not exist, with those that do; a configuration that cannot be read, with
    /// all its problems; a mixture of experts.
    pub fn model(&self, name: &str) -> Result<Model, CatalogError> {
        let known = self.model_names()?;
        EntryKind::Model.check_name(name)?;
        if !known.iter().any(|known| known == name) {
            return Err(EntryKind::Model.unknown(name, &known));
        }
        let path = Path::new(EntryKind::Model.folder())
            .join(name)
            .join(CONFIG_FILE);
        let source = read_source(&self.root, path, CONFIG_LIMIT_BYTES)?;
        let (config, facts) = read_config(name, &source)?;
        Ok(Model {
            name: name.to_owned(),
            config,
            facts,
            files: vec![source.path().to_owned()],
        })
    }

    /// Reads a GPU and those of its tables that exist. The case of the name does not matter.
    ///
    /// # Errors
    ///
    /// A name that does not exist, with those that do; a `gpu.yaml` or a table that cannot be read.
    /// That tables are missing is no error before [`Gpu::mfu_tables`] asks for them.
    pub fn gpu(&self, name: &str) -> Result<Gpu, CatalogError> {
        let folder = self.gpu_folder(name)?;
        let file = GpuFile::read(&self.root, &folder)?;
        let mut files = vec![file.path];
        let missing = self.missing_tables(&folder);
        for kind in TableKind::ALL {
            let path = folder.join(kind.file_name());
            if !missing.contains(&path) {
                files.push(path);
            }
        }
        let tables = if missing.is_empty() {
            self.read_tables(&folder)?
        } else {
            GpuTables::Incomplete {
                missing: missing
                    .iter()
                    .map(|path| path.display().to_string())
                    .collect(),
                gpus_with_tables: self.gpus_with_tables()?,
            }
        };
        Ok(Gpu {
            name: name.to_lowercase(),
            title: file.title,
            peak_flops_per_s: file.peak_flops_per_s,
            bandwidth_bytes_per_s: file.bandwidth_bytes_per_s,
            memory_bytes: file.memory_bytes,
            files,
            tables,
        })
    }

    /// The folder of a GPU, relative to the root.
    pub(crate) fn gpu_folder(&self, name: &str) -> Result<PathBuf, CatalogError> {
        let folders = self.folders(EntryKind::Gpu)?;
        EntryKind::Gpu.check_name(name)?;
        let wanted = name.to_lowercase();
        let mut fitting = folders;
        fitting.retain(|folder| folder.to_lowercase() == wanted);
        match fitting.as_slice() {
            [] => Err(EntryKind::Gpu.unknown(name, &self.gpu_names()?)),
            [folder] => Ok(Path::new(EntryKind::Gpu.folder()).join(folder)),
            several => Err(CatalogError::Name(format!(
                "gpu {} is ambiguous: bench_data has the folders {}",
                Quoted(name),
                several.join(", ")
            ))),
        }
    }

    /// The tables that a GPU's folder lacks, relative to the root.
    pub(crate) fn missing_tables(&self, folder: &Path) -> Vec<PathBuf> {
        TableKind::ALL
            .iter()
            .map(|kind| folder.join(kind.file_name()))
            .filter(|path| !self.root.join(path).exists())
            .collect()
    }

    fn gpus_with_tables(&self) -> Result<Vec<String>, CatalogError> {
        let mut names = Vec::new();
        for folder in self.folders(EntryKind::Gpu)? {
            let path = Path::new(EntryKind::Gpu.folder()).join(&folder);
            if self.missing_tables(&path).is_empty() {
                names.push(folder.to_lowercase());
            }
        }
        names.sort();
        Ok(names)
    }

    fn read_tables(&self, folder: &Path) -> Result<GpuTables, CatalogError> {
        let tables = MeasuredTables::read(&self.root, folder)?;
        let mfu = tables
            .mfu_tables()
            .map_err(|source| CatalogError::Refused {
                path: folder.to_owned(),
                source,
            })?;
        let kernels = MeasuredKernels::of(&tables);
        Ok(GpuTables::Complete { mfu, kernels })
    }

    /// The subfolders that can be named, sorted. What is hidden or is not a folder does not count.
    fn folders(&self, kind: EntryKind) -> Result<Vec<String>, CatalogError> {
        let path = self.root.join(kind.folder());
        let list = |path: &Path| {
            let mut names = Vec::new();
            for entry in fs::read_dir(path)? {
                let entry = entry?;
                // Follows links, unlike the entry's own file type.
                if entry.path().is_dir()
                    && let Some(name) = entry.file_name().to_str()
                    && is_plain_folder_name(name)
                {
                    names.push(name.to_owned());
                }
            }
            names.sort();
            Ok(names)
        };
        list(&path).map_err(|error: io::Error| CatalogError::Unreadable {
            path,
            reason: format!(": cannot list the folder: {error}"),
        })
    }
}

/// Whether a name is one path component that is neither hidden nor `..`.
fn is_plain_folder_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0'])
}

/// What a name stands for.
#[derive(Clone, Copy)]
enum EntryKind {
    /// A folder of `model_configs`.
    Model,
    /// A folder of `bench_data`.
    Gpu,
}

impl EntryKind {
    fn noun(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Gpu => "gpu",
        }
    }

    /// The folder below the root that holds entries of this kind.
    fn folder(self) -> &'static str {
        match self {
            Self::Model => "model_configs",
            Self::Gpu => "bench_data",
        }
    }

    fn check_name(self, name: &str) -> Result<(), CatalogError> {
        if is_plain_folder_name(name) {
            return Ok(());
        }
        Err(CatalogError::Name(format!(
            "{} is no name of a {}: expected the plain name of a folder in {}",
            Quoted(name),
            self.noun(),
            self.folder()
        )))
    }

    fn unknown(self, name: &str, known: &[String]) -> CatalogError {
        let near = nearest(name, known.iter().map(String::as_str));
        let hint = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        let noun = self.noun();
        CatalogError::Name(format!(
            "{noun} {} not found ({hint}known {noun}s: {})",
            Quoted(name),
            list_or_none(known)
        ))
    }
}
