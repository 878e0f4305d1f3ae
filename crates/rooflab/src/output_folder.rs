//! A folder of generated files that appears when it is whole.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail, ensure};
use outputs::{OutputRules, Removes, TemporaryFolder, folder_of, remove_leftovers};
use site::SiteFile;

/// The file that lists all others: a folder with it was written by rooflab, and may be replaced.
const LIST: &str = "rooflab-report.txt";

/// What the list begins with.
const LIST_HEAD: &str = "Written by `rooflab report`, which replaces this folder as long as it has these files alone.\n";

/// A folder that may be written, since there is nothing in its place that anybody else made.
#[derive(Debug)]
pub(crate) struct OutputFolder {
    path: PathBuf,
}

impl OutputFolder {
    /// Makes sure that the folder may be written: it lies among no inputs, and is not there, or empty, or an earlier report.
    /// Nothing is changed.
    pub(crate) fn claim(path: &Path, rules: &OutputRules) -> anyhow::Result<Self> {
        rules.refuse_inputs(path)?;
        let shown = path.display();
        match fs::metadata(path) {
            Ok(there) => {
                ensure!(there.is_dir(), "{shown}: is no folder");
                // A link to a folder stays one, and what is behind it is replaced.
                let path = path.canonicalize().map_err(unread(path))?;
                refuse_strangers(&path)?;
                return Ok(Self { path });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(unread(path)(error)),
        }
        ensure!(
            path.file_name().is_some(),
            "{shown}: has no name that a folder could have"
        );
        let path = path.to_owned();
        Ok(Self { path })
    }

    /// Writes all files into a folder beside it, and puts that in its place. What was there before stays as it is until
    /// all is written.
    pub(crate) fn write(self, files: &[SiteFile]) -> anyhow::Result<PathBuf> {
        let failed = |error| anyhow!("{}: cannot be written: {error}", self.path.display());
        let parent = folder_of(&self.path);
        fs::create_dir_all(parent).map_err(failed)?;
        let beside = TemporaryFolder::beside(parent).map_err(failed)?;
        write_all(&beside.path().join("new"), files).map_err(failed)?;
        keep_modes(&beside.path().join("new"), &self.path, files).map_err(failed)?;
        // Long work may lie between the first look and this one.
        if self.path.is_dir() {
            refuse_strangers(&self.path)?;
        }
        replace(&beside, &self.path).map_err(failed)?;
        drop(beside);
        remove_leftovers(parent, Removes::FilesAndFolders);
        Ok(self.path)
    }
}

/// What an error of reading is called.
fn unread(path: &Path) -> impl Fn(io::Error) -> anyhow::Error + '_ {
    move |error| anyhow!("{}: cannot be read: {error}", path.display())
}

/// Puts `new` of a temporary folder in place of the target, which goes with the temporary folder.
fn replace(beside: &TemporaryFolder, target: &Path) -> io::Result<()> {
    let old = beside.path().join("old");
    let was_there = match fs::rename(target, &old) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(error),
    };
    fs::rename(beside.path().join("new"), target).or_else(|error| {
        if was_there {
            fs::rename(&old, target)?;
        }
        Err(error)
    })
}

/// Gives a new folder and its files the modes of those that they replace.
fn keep_modes(new: &Path, replaced: &Path, files: &[SiteFile]) -> io::Result<()> {
    let names = files
        .iter()
        .map(|file| file.path.as_str())
        .chain([LIST, ""]);
    for name in names {
        match fs::symlink_metadata(replaced.join(name)) {
            Ok(there) if !there.is_symlink() => {
                fs::set_permissions(new.join(name), there.permissions())?;
            }
            // What is new has the mode of anything new.
            Ok(_) | Err(_) => {}
        }
    }
    Ok(())
}

/// Makes a folder where it is not there.
pub(crate) fn make_folder(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))
}

fn write_all(folder: &Path, files: &[SiteFile]) -> io::Result<()> {
    fs::create_dir(folder)?;
    let mut list = LIST_HEAD.to_owned();
    for file in files {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, &file.bytes)?;
        list.push_str(&file.path);
        list.push('\n');
    }
    fs::write(folder.join(LIST), list)
}

/// Refuses a folder with anything that is not in its list.
fn refuse_strangers(folder: &Path) -> anyhow::Result<()> {
    let shown = folder.display();
    if fs::read_dir(folder)
        .map_err(unread(folder))?
        .next()
        .is_none()
    {
        return Ok(());
    }
    // Without a list nothing below needs a look, and there may be a whole disk of it.
    let path = folder.join(LIST);
    let list = match fs::read_to_string(&path) {
        Err(error)
            if !matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::InvalidData
            ) =>
        {
            return Err(unread(&path)(error));
        }
        list => list.unwrap_or_default(),
    };
    let Some(listed) = list.strip_prefix(LIST_HEAD) else {
        bail!(
            "{shown}: is not empty and no earlier report (it has no {LIST}): name an empty folder or a new one"
        );
    };
    let mut found = Vec::new();
    collect(folder, Path::new(""), &mut found)?;
    let known: BTreeSet<&Path> = listed.lines().chain([LIST]).map(Path::new).collect();
    for file in found {
        ensure!(
            known.contains(file.as_path()),
            "{shown}: `{}` is no file of the earlier report: move it elsewhere, or name another folder",
            file.display()
        );
    }
    Ok(())
}

/// All that is below a folder and is no folder itself, or an empty one, sorted.
fn collect(root: &Path, below: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let folder = root.join(below);
    let mut entries = fs::read_dir(&folder)
        .and_then(Iterator::collect::<io::Result<Vec<_>>>)
        .map_err(unread(&folder))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    // A report has no empty folder.
    if entries.is_empty() {
        found.push(below.to_owned());
    }
    for entry in entries {
        let path = below.join(entry.file_name());
        // A link to a folder is no folder of ours.
        if entry.file_type().map_err(unread(&folder))?.is_dir() {
            collect(root, &path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use outputs::Replace;

    use super::*;

    fn claim(path: &Path) -> anyhow::Result<OutputFolder> {
        OutputFolder::claim(path, &OutputRules::new(None, Replace::Own))
    }

    fn files(names: &[&str]) -> Vec<SiteFile> {
        let file = |name: &&str| SiteFile {
            path: (*name).to_owned(),
            bytes: name.as_bytes().to_vec(),
        };
        names.iter().map(file).collect()
    }

    fn found(folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        collect(folder, Path::new(""), &mut found).unwrap();
        found
            .iter()
            .map(|path| path.display().to_string())
            .collect()
    }

    #[test]
    fn an_earlier_report_is_replaced_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("deep/site");
        claim(&site)
            .unwrap()
            .write(&files(&["a.html", "b/c.html"]))
            .unwrap();
        assert_eq!(
            found(folder.path()),
            [
                "deep/site/a.html",
                "deep/site/b/c.html",
                "deep/site/rooflab-report.txt"
            ]
        );
        claim(&site).unwrap().write(&files(&["a.html"])).unwrap();
        assert_eq!(
            found(folder.path()),
            ["deep/site/a.html", "deep/site/rooflab-report.txt"]
        );
        fs::write(site.join("notes.txt"), "mine").unwrap();
        assert_eq!(
            claim(&site).unwrap_err().to_string(),
            format!(
                "{}: `notes.txt` is no file of the earlier report: move it elsewhere, or name another folder",
                site.canonicalize().unwrap().display()
            )
        );
        assert_eq!(fs::read_to_string(site.join("notes.txt")).unwrap(), "mine");
        fs::remove_file(site.join("notes.txt")).unwrap();
        fs::create_dir_all(site.join("mine/later")).unwrap();
        let problem = claim(&site).unwrap_err().to_string();
        assert!(
            problem.contains(": `mine/later` is no file of the earlier report"),
            "{problem}"
        );
    }

    #[test]
    fn folders_without_files_are_somebodys_too() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("mine")).unwrap();
        let problem = claim(folder.path()).unwrap_err().to_string();
        assert!(
            problem.contains(": is not empty and no earlier report"),
            "{problem}"
        );
        assert!(folder.path().join("mine").is_dir());
    }

    #[test]
    fn what_others_made_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |path: &Path| claim(path).unwrap_err().to_string();
        let file = folder.path().join("file");
        fs::write(&file, "x").unwrap();
        assert!(refused(&file).ends_with("/file: is no folder"));
        assert!(
            refused(folder.path())
                .contains(": is not empty and no earlier report (it has no rooflab-report.txt)")
        );
        fs::write(folder.path().join(LIST), "file\n").unwrap();
        assert!(refused(folder.path()).contains(": is not empty and no earlier report"));
        let empty = folder.path().join("empty");
        fs::create_dir(&empty).unwrap();
        claim(&empty).unwrap().write(&files(&["a"])).unwrap();
        assert_eq!(found(&empty), ["a", "rooflab-report.txt"]);
    }

    #[test]
    fn what_appears_in_the_meantime_is_left_alone_too() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        let claimed = claim(&site).unwrap();
        fs::create_dir(&site).unwrap();
        fs::write(site.join("notes.txt"), "mine").unwrap();
        claimed.write(&files(&["a"])).unwrap_err();
        assert_eq!(found(folder.path()), ["site/notes.txt"]);
    }
}
