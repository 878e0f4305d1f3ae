//! `rooflab run --watch`: runs again whenever an input changes.
//!
//! Times of change are asked for again and again. That works on every file system, network and container mounts
//! included, and a project has hundreds of inputs at most, so that asking takes a millisecond.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::exit_status::ExitStatus;
use crate::message;
use crate::session::Session;
use crate::shown_path::shown;

/// How long files rest between two looks.
const REST: Duration = Duration::from_millis(300);

/// Inputs of every hypothesis, below the project.
pub(super) const SHARED: [&str; 3] = ["model_configs", "bench_data", "eval"];

/// What a run writes itself, and names that editors and rooflab give to files on their way.
const OUTPUTS: [&str; 2] = ["FINDINGS.md", "results"];

/// When each input changed last, and how long it is.
type Inputs = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Runs, waits for a change of the files at or below `paths`, and runs again, until Ctrl-C or until nobody reads any more.
/// What cannot be run is said, and the next change is waited for. Nothing below `target` counts.
pub(super) fn run(
    paths: impl Fn() -> Vec<PathBuf>,
    target: Option<&Path>,
    session: &mut Session,
    run_once: impl Fn(&mut Session) -> anyhow::Result<ExitStatus>,
) -> anyhow::Result<ExitStatus> {
    // What cannot be read at this moment is not there.
    let inputs = || {
        let mut found = Inputs::new();
        for path in paths() {
            collect(&path, target, &mut found);
        }
        found
    };
    loop {
        let before = inputs();
        let status = run_once(session).unwrap_or_else(|problem| {
            message::error(&problem);
            ExitStatus::of_error(&problem)
        });
        session.out.flush()?;
        if !session.out.has_reader() {
            return Ok(status);
        }
        let files = before.len();
        message::note(format_args!(
            "watching {files} files, and runs again when one changes (Ctrl-C ends)"
        ));
        // What changed during the run counts as well.
        let changed = wait_for_change(&before, inputs);
        writeln!(session.out)?;
        message::note(format_args!("changed: {}", in_words(&changed)));
    }
}

/// Collects a file, or all files below a folder that are not written by a run.
fn collect(path: &Path, target: Option<&Path>, found: &mut Inputs) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_on_its_way = name.starts_with('.') || name.ends_with('~');
    if OUTPUTS.contains(&name.as_ref()) || is_on_its_way || is_same(path, target) {
        return;
    }
    if let Ok(entries) = fs::read_dir(path) {
        for entry in entries.flatten() {
            collect(&entry.path(), target, found);
        }
    } else if let Ok(facts) = fs::metadata(path) {
        found.insert(path.to_owned(), (facts.modified().ok(), facts.len()));
    }
}

fn is_same(path: &Path, other: Option<&Path>) -> bool {
    let resolved = |path: &Path| fs::canonicalize(path).ok();
    other.is_some_and(|other| path.is_dir() && resolved(path) == resolved(other))
}

/// The files that are no longer as they were, once they are left alone for a rest.
fn wait_for_change(before: &Inputs, look: impl Fn() -> Inputs) -> Vec<PathBuf> {
    let mut last = look();
    loop {
        thread::sleep(REST);
        let now = look();
        let changed = differences(before, &now);
        if !changed.is_empty() && now == last {
            return changed;
        }
        last = now;
    }
}

/// Files that are new, gone or of another time or length.
fn differences(before: &Inputs, after: &Inputs) -> Vec<PathBuf> {
    let moved = before
        .iter()
        .filter(|(path, facts)| after.get(*path) != Some(*facts))
        .map(|(path, _)| path);
    let new = after.keys().filter(|path| !before.contains_key(*path));
    let mut all: Vec<PathBuf> = moved.chain(new).cloned().collect();
    all.sort();
    all
}

fn in_words(changed: &[PathBuf]) -> String {
    const NAMED: usize = 3;
    let mut names: Vec<String> = changed.iter().take(NAMED).map(|path| shown(path)).collect();
    if changed.len() > NAMED {
        names.push(format!("{} more", changed.len() - NAMED));
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(folder: &Path) -> Inputs {
        let mut found = Inputs::new();
        collect(folder, Some(&folder.join("out")), &mut found);
        found
    }

    #[test]
    fn what_a_run_writes_is_no_change() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join("H1-x").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("hypothesis.yaml", "id: H1");
        write("published/t.csv", "a,b");
        fs::create_dir(folder.path().join("out")).unwrap();
        let watch = || watched(&folder.path().join("H1-x"));
        let before = watch();
        assert_eq!(before.len(), 2, "{before:?}");
        write("FINDINGS.md", "x");
        write("results/t.csv", "x");
        write(".rooflab-abc", "x");
        write("hypothesis.yaml~", "x");
        assert_eq!(differences(&before, &watch()), [""; 0].map(PathBuf::from));
        write("hypothesis.yaml", "id: H1, changed");
        write("published/new.csv", "a,b");
        let changed = differences(&before, &watch());
        assert_eq!(changed.len(), 2, "{changed:?}");
        fs::remove_file(folder.path().join("H1-x/published/t.csv")).unwrap();
        assert_eq!(differences(&before, &watch()).len(), 3);
    }

    #[test]
    fn the_folder_that_is_written_to_is_left_out() {
        let above = tempfile::tempdir().unwrap();
        let folder = above.path().join("eval");
        fs::create_dir_all(folder.join("out")).unwrap();
        fs::write(folder.join("out/x.csv"), "x").unwrap();
        fs::write(folder.join("x.csv"), "x").unwrap();
        assert_eq!(watched(&folder).len(), 1);
    }
}
