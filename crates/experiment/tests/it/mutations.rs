//! Files that somebody broke in editing: an error or a result, never a panic.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::measured_project::{
    CONFIG, GROUND_TRUTH, PROFILE, Recorded, SYNCHRONOUS, means, report, requests,
};
use crate::real_hypotheses::repository;
use crate::serve_findings::grid_search;
use crate::test_project::TestProject;

/// One edit of a text that was cut into words and signs.
#[derive(Debug, Clone)]
enum Edit {
    Delete(Index),
    Duplicate(Index),
    Swap(Index, Index),
    Replace(Index, Index),
    Insert(Index, &'static str),
}

/// What a slip of the hand or a joke could put in.
const WORDS: &[&str] = &[
    "",
    " ",
    "\n",
    "\t",
    ":",
    ": ",
    "-",
    "{",
    "}",
    "[",
    "]",
    "'",
    "\"",
    "#",
    "&a ",
    "*a",
    "!x ",
    "|",
    ">",
    "%",
    "@",
    "?",
    "0",
    "-1",
    "1e309",
    "18446744073709551616",
    ".nan",
    "null",
    "~",
    "true",
    "yes",
    "kv",
    "added",
    "SELECT",
    "FROM",
    "JOIN",
    "GROUP BY",
    "ORDER BY",
    "/ 0",
    "(",
    ")",
    "*",
    ";",
    "--",
    "é",
    "\u{0}",
    "\u{feff}",
    "{{",
    "}}",
    "<<: ",
    "hetero",
    "step_times",
    "holds",
    "observed",
    "NULL",
    "ground_truth",
    "experiment",
    "layer_us",
    "sql: ",
    "fit.test",
];

/// The hypotheses that are broken.
const FOLDERS: &[&str] = &[
    "H28-decode-attention-max-kv",
    "H33-decode-attention-mfu-shape",
    "H35-decode-activation-factor",
];

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        any::<Index>().prop_map(Edit::Delete),
        any::<Index>().prop_map(Edit::Duplicate),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Edit::Swap(a, b)),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Edit::Replace(a, b)),
        (any::<Index>(), select(WORDS)).prop_map(|(at, word)| Edit::Insert(at, word)),
    ]
}

/// Cuts a text into words and single other characters.
fn cut(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let len = if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (part, behind) = rest.split_at(len);
        parts.push(part);
        rest = behind;
    }
    parts
}

fn mutated(text: &str, edits: &[Edit]) -> String {
    let mut parts = cut(text);
    for edit in edits {
        if parts.is_empty() {
            break;
        }
        let len = parts.len();
        match edit {
            Edit::Delete(at) => {
                parts.remove(at.index(len));
            }
            Edit::Duplicate(at) => parts.insert(at.index(len), parts[at.index(len)]),
            Edit::Swap(a, b) => parts.swap(a.index(len), b.index(len)),
            Edit::Replace(a, b) => parts[a.index(len)] = parts[b.index(len)],
            Edit::Insert(at, word) => parts.insert(at.index(len), word),
        }
    }
    parts.concat()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_broken_hypothesis_never_panics(
        folder in select(FOLDERS),
        edits in prop::collection::vec(edit(), 1..6),
    ) {
        let id = folder.split('-').next().unwrap();
        let path = repository().join("hypotheses").join(folder);
        let text = std::fs::read_to_string(path.join("hypothesis.yaml")).unwrap();
        let text = text.replace(&format!("id: {id}"), "id: H1");
        let mut project = TestProject::with_repository_data().with_hypothesis(mutated(&text, &edits));
        for file in std::fs::read_dir(path.join("published")).unwrap() {
            let file = file.unwrap();
            let name = file.file_name().into_string().unwrap();
            project = project.with_own(&format!("published/{name}"), std::fs::read(file.path()).unwrap());
        }
        check(&project)?;
    }

    #[test]
    fn a_broken_run_over_measured_benchmarks_never_panics(edits in prop::collection::vec(edit(), 1..6)) {
        let project = grid_search();
        let text = mutated(project.hypothesis(), &edits);
        check(&project.with_hypothesis(text))?;
    }

    #[test]
    fn broken_ground_truth_never_panics(
        (file, text) in select(vec![
            ("chat-tp1/exp-config.yaml", CONFIG.to_owned()),
            ("chat-tp1/profile.yaml", PROFILE.to_owned()),
            ("chat-tp1/guidellm-results.json", recorded()),
            ("splits.yaml", "fit: {train: [chat-tp1, sweep-tp1], test: [code-tp2]}\n".to_owned()),
        ]),
        edits in prop::collection::vec(edit(), 1..6),
    ) {
        let whole = grid_search().with(&format!("{GROUND_TRUTH}/chat-tp1/guidellm-results.json"), recorded());
        check(&whole.with(&format!("{GROUND_TRUTH}/{file}"), mutated(&text, &edits)))?;
    }
}

/// A report with two requests one by one, and a benchmark of means.
fn recorded() -> String {
    let request = Recorded {
        start_s: 0.0,
        first_token_s: 0.002,
        end_s: 0.010,
        prompt_tokens: 100,
        output_tokens: 5,
    };
    report(&[
        requests(r#"{"type_": "poisson", "rate": 50.0}"#, &[request, request]),
        means(SYNCHRONOUS, 0.5, 0.25, 0.001_25),
    ])
}

/// Loads and runs; an error has words.
fn check(project: &TestProject) -> Result<(), TestCaseError> {
    let result = project.load().and_then(|hypothesis| hypothesis.run());
    if let Err(error) = result {
        prop_assert!(!error.to_string().is_empty());
    }
    Ok(())
}
