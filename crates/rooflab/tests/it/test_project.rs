//! A project of its own for each test, and what running rooflab in it comes to.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

/// The workspace, whose models and tables the projects get.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A hypothesis with one published table of three values. Its times are those of one decode request each.
pub(crate) const PUBLISHED: &str = "\
id: H7
title: Longer contexts take longer
family: structural-model
type: deterministic
date: 2026-03-01
statement: A decode step takes longer where the KV length is larger.
refuted_if: It does not.
setup:
  model: llama-2-7b-hf
  gpu: h100
  assumptions: {preset: feb25-base}
runs:
  steps:
    step:
      vary: {kv_len: [64, 4096, 8192]}
      batch: {decode: [{kv: kv_len}]}
tables:
  times:
    title: Step times
    sql: SELECT kv_len, step_us FROM steps ORDER BY kv_len
checks:
  - id: grows
    role: acceptance
    claim: The longest context takes longest.
    sql: SELECT MAX(step_us) > MIN(step_us) AS holds, MAX(step_us) - MIN(step_us) AS observed FROM times
    suffix: \" us more\"
published:
  verdict: confirmed
  source: Findings that a test made up.
  tables:
    times: {key: [kv_len]}
";

/// A folder with models, GPU tables and no hypotheses.
pub(crate) struct TestProject {
    folder: TempDir,
}

/// What a command came to, with the project's own path replaced.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl TestProject {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["model_configs", "bench_data"] {
            copy_folder(&workspace().join(name), &folder.path().join(name));
        }
        fs::create_dir(folder.path().join("hypotheses")).unwrap();
        Self { folder }
    }

    /// One with the hypothesis [`PUBLISHED`], whose published values are these, one line for each.
    pub(crate) fn with_published(values: &str) -> Self {
        let project = Self::new();
        project.write("hypotheses/H7-longer/hypothesis.yaml", PUBLISHED);
        let table = format!("kv_len,step_us\n{values}");
        project.write("hypotheses/H7-longer/published/times.csv", &table);
        project
    }

    /// Adds measured runs of the fixtures, below `sweeps`.
    ///
    /// Their profiles leave the data to the reports: the mock server that they were made with counts other tokens than its
    /// client, which would be a warning in every test.
    pub(crate) fn with_sweeps(self, fixtures: &[&str]) -> Self {
        let all = workspace().join("crates/ground-truth/tests/fixtures");
        for fixture in fixtures {
            let folder = format!("sweeps/{fixture}");
            self.add_folder(&all.join(fixture), &folder);
            let profile = self.path().join(folder).join("profile.yaml");
            let text = fs::read_to_string(&profile).unwrap();
            fs::write(profile, without_data(&text)).unwrap();
        }
        self
    }

    /// Adds experiments of the real project's own ground truth, as its own.
    pub(crate) fn with_own_ground_truth(self, experiments: &[&str]) -> Self {
        let all = workspace().join("eval/ground_truth");
        for experiment in experiments {
            self.add_folder(
                &all.join(experiment),
                &format!("eval/ground_truth/{experiment}"),
            );
        }
        self
    }

    pub(crate) fn add_folder(&self, from: &Path, to: &str) {
        let to = self.path().join(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        copy_folder(from, &to);
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path().join(file)).unwrap()
    }

    #[cfg(unix)]
    pub(crate) fn read_bytes(&self, file: &str) -> Vec<u8> {
        fs::read(self.path().join(file)).unwrap()
    }

    /// Replaces text that a file has exactly once.
    pub(crate) fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert_eq!(text.matches(from).count(), 1, "{from} in {file}");
        self.write(file, &text.replace(from, to));
    }

    /// rooflab in the folder of the project.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        command_in(self.path(), arguments)
    }

    /// What rooflab answers in the folder of the project.
    pub(crate) fn run(&self, arguments: &[&str]) -> Answer {
        self.answer(&mut self.command(arguments))
    }

    pub(crate) fn answer(&self, command: &mut Command) -> Answer {
        Answer::of(command, self.path())
    }

    /// Every file below a folder with its bytes, sorted.
    pub(crate) fn files(&self, folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        collect_files(&self.path().join(folder), &mut files);
        files.sort();
        files
    }
}

impl Answer {
    pub(crate) fn of(command: &mut Command, folder: &Path) -> Self {
        let output = command.output().unwrap();
        let path = folder.display().to_string();
        let text = |bytes: Vec<u8>| {
            String::from_utf8(bytes)
                .unwrap()
                .replace(&path, "[PROJECT]")
        };
        Self {
            code: output.status.code().unwrap(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// The standard output of a command that succeeded without a word on standard error.
    pub(crate) fn success(self) -> String {
        assert_eq!(
            (self.code, self.stderr.as_str()),
            (0, ""),
            "{}",
            self.stdout
        );
        self.stdout
    }

    /// The standard error of a command that was rejected with nothing on standard output.
    pub(crate) fn rejected(self) -> String {
        assert_eq!(
            (self.code, self.stdout.as_str()),
            (2, ""),
            "{}",
            self.stderr
        );
        self.stderr
    }
}

/// rooflab in any folder, without what the tester's own environment says.
pub(crate) fn command_in(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("rooflab");
    command.current_dir(folder).args(arguments);
    for name in [
        "RAYON_NUM_THREADS",
        "POLARS_MAX_THREADS",
        "COLUMNS",
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "RUST_BACKTRACE",
    ] {
        command.env_remove(name);
    }
    command
}

/// A profile without its key `data` and what is below it.
fn without_data(profile: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut data_indent = None;
    let kept = profile.lines().filter(|line| {
        if data_indent.is_some_and(|data| indent(line) <= data) {
            data_indent = None;
        }
        if line.trim() == "data:" {
            data_indent = Some(indent(line));
        }
        data_indent.is_none()
    });
    kept.flat_map(|line| [line, "\n"]).collect()
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn collect_files(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_files(&path, files);
        } else {
            let bytes = fs::read(&path).unwrap();
            files.push((path, bytes));
        }
    }
}
