//! Experiments made by hand.

use std::path::{Path, PathBuf};

use ground_truth::{MeasuredRun, load, validate};
use tempfile::TempDir;

pub(crate) const REPORT: &str = "guidellm-results.json";

/// A folder called `x` with files in it.
pub(crate) struct Experiment {
    root: TempDir,
}

impl Experiment {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let experiment = Self::empty();
        for (name, content) in files {
            experiment.write(name, content.as_bytes());
        }
        experiment
    }

    pub(crate) fn empty() -> Self {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("x")).unwrap();
        Self { root }
    }

    pub(crate) fn of_report(report: &str) -> Self {
        Self::new(&[(REPORT, report)])
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.root.path().join("x")
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        std::fs::write(self.dir().join(name), content).unwrap();
    }

    pub(crate) fn load(&self) -> MeasuredRun {
        load(&self.dir()).unwrap()
    }

    /// The message, with paths below the folder of the experiment.
    pub(crate) fn error(&self) -> String {
        self.without_root(&load(&self.dir()).unwrap_err().to_string())
    }

    /// The error as a user sees it.
    pub(crate) fn shown(&self) -> String {
        let error = load(&self.dir()).unwrap_err();
        self.without_root(&error.diagnostics().unwrap().to_string())
    }

    /// What validation says, but for the GPU, which most of these experiments do not state.
    pub(crate) fn problems(&self) -> Vec<String> {
        let problems = validate(&self.dir());
        problems
            .iter()
            .map(|problem| self.without_root(&problem.to_string()))
            .filter(|problem| !problem.contains("does not say which GPU was measured"))
            .collect()
    }

    fn without_root(&self, message: &str) -> String {
        let root = format!("{}/", self.root.path().display());
        message.replace(&root, "")
    }
}

/// A report of layout 2 with one synchronous benchmark.
pub(crate) fn report(successful: &[String], more: &str) -> String {
    format!(
        r#"{{"metadata": {{"version": 2}}, "benchmarks": [{{"config": {{"strategy": {{"type_": "synchronous"}}}},
"requests": {{"successful": [{}]}}{more}}}]}}"#,
        successful.join(",\n")
    )
}

/// A request by its times, as JSON, in the order start, first token, last token, end.
pub(crate) fn request(times: [&str; 4], output_tokens: &str) -> String {
    let [start, first, last, end] = times;
    format!(
        r#"{{"prompt_tokens": 7, "output_tokens": {output_tokens}, "info": {{"timings": {{"request_start": {start},
"first_token_iteration": {first}, "last_token_iteration": {last}, "request_end": {end}}}}}}}"#
    )
}

/// A request without fault: TTFT 50 ms, nine gaps of 10 ms, end after 150 ms.
pub(crate) fn good() -> String {
    request(["1000.0", "1000.05", "1000.14", "1000.15"], "10")
}

/// The fixtures of this crate.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}
