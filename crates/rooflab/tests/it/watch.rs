//! `rooflab run --watch`: runs again when an input changes.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::test_project::TestProject;

const FILE: &str = "hypotheses/H7-longer/hypothesis.yaml";
const FINDINGS: &str = "hypotheses/H7-longer/FINDINGS.md";

/// Far longer than a run takes: what has not happened by then will not.
const DEADLINE: Duration = Duration::from_mins(1);

/// A process that watches, which ends with the test.
struct Watching {
    child: Child,
    said: Receiver<String>,
    lines: Vec<String>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        // Where it has ended already there is nothing to end.
        if self.child.kill().is_ok() {
            self.child.wait().unwrap();
        }
    }
}

impl Watching {
    fn begin(project: &TestProject, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rooflab"))
            .current_dir(project.path())
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, said) = channel();
        let streams: [Box<dyn Read + Send>; 2] = [
            Box::new(child.stdout.take().unwrap()),
            Box::new(child.stderr.take().unwrap()),
        ];
        for stream in streams {
            let sender = sender.clone();
            thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    if sender.send(line).is_err() {
                        break;
                    }
                }
            });
        }
        Self {
            child,
            said,
            lines: Vec::new(),
        }
    }

    /// Waits for a line with these words that was not waited for before.
    fn expect(&mut self, words: &str) {
        let end = Instant::now() + DEADLINE;
        loop {
            let rest = end.saturating_duration_since(Instant::now());
            match self.said.recv_timeout(rest) {
                Ok(line) => {
                    let is_it = line.contains(words);
                    self.lines.push(line);
                    if is_it {
                        return;
                    }
                }
                Err(why) => panic!("no line with `{words}` ({why}): {:#?}", self.lines),
            }
        }
    }
}

#[test]
fn a_change_runs_it_again_and_its_own_files_do_not() {
    let project = TestProject::with_published("64,3875\n");
    let mut watching = Watching::begin(&project, &["run", "H7", "--watch"]);
    watching.expect("watching");
    let first = project.read(FINDINGS);
    assert!(first.contains("Longer contexts take longer"), "{first}");

    project.edit(
        FILE,
        "Longer contexts take longer",
        "Long contexts take longer",
    );
    watching.expect("changed: hypotheses/H7-longer/hypothesis.yaml");
    watching.expect("watching");
    assert!(project.read(FINDINGS).contains("Long contexts take longer"));

    // An error is said and waited out.
    project.edit(FILE, "role: acceptance", "role: acceptence");
    watching.expect("unknown choice `acceptence`");
    watching.expect("watching");
    project.edit(FILE, "role: acceptence", "role: acceptance");
    watching.expect("changed: ");
    watching.expect("watching");

    // What was written in the meantime did not count: only the three edits did.
    let changes = watching
        .lines
        .iter()
        .filter(|line| line.starts_with("changed: "));
    assert_eq!(changes.count(), 3, "{:#?}", watching.lines);

    // Tables of GPUs are inputs too.
    let table = project.read("bench_data/h100/gpu.yaml");
    project.write("bench_data/h100/gpu.yaml", &format!("{table}\n# changed\n"));
    watching.expect("changed: bench_data/h100/gpu.yaml");
}

#[test]
fn an_unknown_id_is_no_change_to_wait_for() {
    let project = TestProject::with_published("64,3875\n");
    let error = project.run(&["run", "H8", "--watch"]).rejected();
    assert!(error.contains("did you mean `H7`?"), "{error}");
}
