//! Where a command may write.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::ends::Ends;
use crate::output_error::{OutputError, Refusal};
use crate::output_file::OutputFile;
use crate::real_path::real_path;

/// The folders by which a project is known.
const MARKER_FOLDERS: [&str; 3] = ["hypotheses", "model_configs", "bench_data"];

/// The folders of a project that hold what results are computed from, or the results themselves.
const INPUT_FOLDERS: [&str; 4] = ["hypotheses", "model_configs", "bench_data", "eval"];

/// Which files may be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replace {
    /// Those that the same command wrote.
    Own,
    /// Any that is no input of a project: the user said so.
    Any,
}

/// Where a command may write: anywhere but in the inputs of a project, and over nothing that somebody else made.
#[derive(Debug, Clone)]
pub struct OutputRules {
    project: Option<PathBuf>,
    replace: Replace,
}

impl OutputRules {
    /// The rules of a command that works on a project, or on none. Inputs of other projects are kept as well, as far as the
    /// path of what is written leads through them.
    #[must_use]
    pub fn new(project: Option<&Path>, replace: Replace) -> Self {
        Self {
            project: project.map(Path::to_owned),
            replace,
        }
    }

    /// A file to write. `is_own` tells by its ends whether a file that is there was written by the same command; one without
    /// a byte is nobody's. What is there stays as it is until the file is finished.
    ///
    /// # Errors
    ///
    /// It lies among inputs, is there and is no file of the command's own, or the system refuses.
    pub fn file(
        &self,
        path: &Path,
        is_own: impl FnOnce(&Ends) -> bool,
    ) -> Result<OutputFile, OutputError> {
        self.refuse_inputs(path)?;
        self.refuse_others(path, is_own)?;
        OutputFile::create(path)
    }

    /// Refuses a path among the inputs of a project.
    ///
    /// # Errors
    ///
    /// It is, or the system does not say where the path leads.
    pub fn refuse_inputs(&self, path: &Path) -> Result<(), OutputError> {
        let real = real_path(path).map_err(OutputError::failed(path))?;
        let around = real.ancestors().filter(|folder| is_project(folder));
        for project in self.project.as_deref().into_iter().chain(around) {
            for folder in INPUT_FOLDERS {
                let inputs = project.join(folder).canonicalize();
                if inputs.is_ok_and(|inputs| real.starts_with(inputs)) {
                    return Err(OutputError::new(path, Refusal::Input { folder }));
                }
            }
        }
        Ok(())
    }

    /// Refuses to replace what the command did not write.
    ///
    /// # Errors
    ///
    /// It did not, there is no regular file, or the system refuses to read it.
    pub fn refuse_others(
        &self,
        path: &Path,
        is_own: impl FnOnce(&Ends) -> bool,
    ) -> Result<(), OutputError> {
        let refused = |refusal| Err(OutputError::new(path, refusal));
        let there = match fs::symlink_metadata(path) {
            Ok(there) => there,
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(());
            }
            Err(error) => return refused(Refusal::Failed(error)),
        };
        if there.is_dir() || (there.is_symlink() && path.is_dir()) {
            return refused(Refusal::Folder);
        }
        if there.is_symlink() {
            return refused(Refusal::Link);
        }
        if !there.is_file() {
            return refused(Refusal::NotRegular);
        }
        if self.replace == Replace::Any || there.len() == 0 {
            return Ok(());
        }
        match Ends::of(path) {
            Ok(ends) if is_own(&ends) => Ok(()),
            Ok(_) => refused(Refusal::NotOwn),
            Err(error) => refused(Refusal::Unread(error)),
        }
    }
}

fn is_project(folder: &Path) -> bool {
    let mut markers = MARKER_FOLDERS.iter();
    markers.all(|marker| folder.join(marker).is_dir())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn refused(rules: &OutputRules, path: &Path) -> String {
        rules.file(path, |_| false).unwrap_err().to_string()
    }

    #[test]
    fn is_seen_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let rules = OutputRules::new(None, Replace::Own);
        let path = folder.path().join("trace.csv");
        fs::write(&path, "head\nold").unwrap();
        let is_own = |ends: &Ends| ends.first_line() == b"head";
        let mut file = rules.file(&path, is_own).unwrap();
        write!(file, "head\nnew").unwrap();
        file.flush().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(fs::read_to_string(&path).unwrap(), "head\nold");
        file.finish().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(fs::read_to_string(&path).unwrap(), "head\nnew");
    }

    #[test]
    fn replaces_its_own_files_only() {
        let folder = tempfile::tempdir().unwrap();
        let rules = OutputRules::new(None, Replace::Own);
        assert!(
            refused(&rules, folder.path())
                .ends_with(": is a folder, expected the name of a file to write")
        );
        let missing = folder.path().join("missing/trace.csv");
        assert!(refused(&rules, &missing).contains("missing/trace.csv: cannot be written: "));
        let mine = folder.path().join("mine.csv");
        fs::write(&mine, "x").unwrap();
        assert!(refused(&rules, &mine).contains("mine.csv: is there, and this command did not"));
        OutputRules::new(None, Replace::Any)
            .file(&mine, |_| false)
            .unwrap();
        fs::write(&mine, "").unwrap();
        rules.file(&mine, |_| false).unwrap();
        #[cfg(unix)]
        {
            assert_eq!(
                refused(&rules, Path::new("/dev/null")),
                "/dev/null: is no regular file, and is not replaced by one"
            );
            let link = folder.path().join("link.csv");
            std::os::unix::fs::symlink(&mine, &link).unwrap();
            let any = OutputRules::new(None, Replace::Any);
            assert!(refused(&any, &link).contains("link.csv: is a link"));
        }
    }

    #[test]
    fn inputs_are_inputs_by_whatever_path() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in INPUT_FOLDERS {
            fs::create_dir(root.join(name)).unwrap();
        }
        let any = OutputRules::new(None, Replace::Any);
        for path in ["eval/x.csv", "hypotheses/H1/new/x", "later/../bench_data/x"] {
            assert!(
                refused(&any, &root.join(path)).contains(" of a rooflab project"),
                "{path}"
            );
        }
        any.file(&root.join("x.csv"), |_| false).unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(root.join("eval"), root.join("link")).unwrap();
            assert!(refused(&any, &root.join("link/x.csv")).contains("lies in `eval`"));
            // A folder of inputs that lies elsewhere is known by the project.
            let elsewhere = tempfile::tempdir().unwrap();
            fs::remove_dir(root.join("model_configs")).unwrap();
            std::os::unix::fs::symlink(elsewhere.path(), root.join("model_configs")).unwrap();
            let rules = OutputRules::new(Some(root), Replace::Any);
            assert!(
                refused(&rules, &elsewhere.path().join("x")).contains("lies in `model_configs`")
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn modes_are_kept() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let rules = OutputRules::new(None, Replace::Own);
        rules.file(&path, |_| false).unwrap().finish().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o640);
        crate::write_whole(&path, b"x").unwrap();
        assert_eq!(mode(&path), 0o640);
    }
}
