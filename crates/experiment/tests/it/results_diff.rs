//! Two sets of results on disk, compared.

use std::fs;
use std::path::{Path, PathBuf};

use experiment::{Absence, DiffRemark, Part, ResultSet, ResultsDiff, Side};
use tempfile::TempDir;

/// Folders of results in a temporary place.
struct Folders(TempDir);

impl Folders {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Writes a file below a set.
    fn with(self, file: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// A table before and after, of one hypothesis.
    fn tables(before: &str, after: &str) -> Self {
        Self::new()
            .with("a/H1-x/results/t.csv", before)
            .with("b/H1-x/results/t.csv", after)
    }

    fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    fn diff(&self, before: &str, after: &str, absence: Absence) -> ResultsDiff {
        let read = |below: &str| ResultSet::read(&self.path(below)).unwrap();
        ResultsDiff::of(&read(before), &read(after), absence).unwrap()
    }

    /// What moved between `a` and `b`.
    fn moved(&self) -> Vec<String> {
        let diff = self.diff("a", "b", Absence::IsADifference);
        let moved = diff.moved.iter();
        moved
            .map(|value| {
                let row: Vec<String> = value
                    .place
                    .row
                    .iter()
                    .map(|(key, value)| format!("{key}={value}"))
                    .collect();
                let relative = value
                    .relative_change
                    .map_or_else(|| "from 0".to_owned(), |relative| relative.to_string());
                format!(
                    "{} {} {}: {} -> {} ({relative})",
                    value.place.table,
                    row.join(" "),
                    value.place.column,
                    value.before,
                    value.after,
                )
            })
            .collect()
    }
}

fn outcome(verdict: &str, checks: &str) -> String {
    format!(
        "{{\"id\": \"H1\", \"verdict\": \"{verdict}\", \"later\": 1, \"checks\": [{checks}]}}\n"
    )
}

fn check(id: &str, value: &str, holds: &str) -> String {
    format!(
        "{{\"id\": \"{id}\", \"observed\": \"{value} us\", \"value\": {value}, \"holds\": {holds}}}"
    )
}

#[test]
fn values_are_sorted_by_their_relative_change() {
    let folders = Folders::tables(
        "kv,batch,us,share,word\n64,1,100,0,x\n64,2,200,0.5,y\n128,1,0.0,1.5,z\n",
        "batch,kv,us,share,word\n1,128,0,1.5,z\n1,64,110,0.25,x\n2,64,-200.0,0.5,q\n",
    );
    assert_eq!(
        folders.moved(),
        [
            "t kv=64 batch=1 share: 0 -> 0.25 (from 0)",
            "t kv=64 batch=2 us: 200 -> -200.0 (-2)",
            "t kv=64 batch=1 us: 100 -> 110 (0.1)",
        ]
    );
    let diff = folders.diff("a", "b", Absence::IsADifference);
    assert_eq!(diff.changed.len(), 1);
    assert_eq!(
        (
            diff.changed[0].before.as_str(),
            diff.changed[0].after.as_str()
        ),
        ("y", "q")
    );
    assert_eq!(diff.unmatched, []);
}

#[test]
fn equal_changes_keep_the_order_of_names() {
    let folders = Folders::new()
        .with("a/H10-x/results/t.csv", "v\n1\n")
        .with("b/H10-x/results/t.csv", "v\n2\n")
        .with("a/H2-x/results/u.csv", "v\n1\n")
        .with("b/H2-x/results/u.csv", "v\n0\n")
        .with("a/H2-x/results/t.csv", "k,v\na,1\nb,10\n")
        .with("b/H2-x/results/t.csv", "k,v\nb,20\na,2\n");
    let diff = folders.diff("a", "b", Absence::IsADifference);
    let places: Vec<String> = diff
        .moved
        .iter()
        .map(|value| {
            format!(
                "{} {} {}",
                value.place.hypothesis, value.place.table, value.before
            )
        })
        .collect();
    assert_eq!(places, ["H2-x t 1", "H2-x t 10", "H2-x u 1", "H10-x t 1"]);
    assert_eq!((diff.hypotheses, diff.tables), (2, 3));
}

#[test]
fn a_number_that_becomes_a_word_changed_and_did_not_move() {
    let folders = Folders::tables("k,v\n1,5\n2,nan\n", "k,v\n1,\n2,inf\n");
    assert_eq!(folders.moved(), [] as [&str; 0]);
    let diff = folders.diff("a", "b", Absence::IsADifference);
    let changed: Vec<(&str, &str)> = diff
        .changed
        .iter()
        .map(|value| (value.before.as_str(), value.after.as_str()))
        .collect();
    assert_eq!(changed, [("5", ""), ("nan", "inf")]);
}

#[test]
fn what_one_side_lacks_is_named() {
    let folders = Folders::new()
        .with("a/H1-x/results/t.csv", "k,v,old\n1,5,0\n2,6,0\n")
        .with("b/H1-x/results/t.csv", "k,v,new\n1,5,0\n3,6,0\n")
        .with("a/H1-x/results/gone.csv", "v\n1\n")
        .with("a/H2-x/results/t.csv", "v\n1\n")
        .with("b/H3-x/results/t.csv", "v\n1\n");
    let parts = |absence| -> Vec<(Side, String, Part)> {
        let diff = folders.diff("a", "b", absence);
        diff.unmatched
            .into_iter()
            .map(|one| (one.side, one.hypothesis, one.part))
            .collect()
    };
    let row = |value: &str| Part::Row {
        table: "t".to_owned(),
        row: vec![("k".to_owned(), value.to_owned())],
    };
    let column = |name: &str| Part::Column {
        table: "t".to_owned(),
        column: name.to_owned(),
    };
    let h1 = |side, part| (side, "H1-x".to_owned(), part);
    let of_h1 = [
        h1(Side::Before, Part::Table("gone".to_owned())),
        h1(Side::Before, column("old")),
        h1(Side::After, column("new")),
        h1(Side::Before, row("2")),
        h1(Side::After, row("3")),
    ];
    let h3 = (Side::After, "H3-x".to_owned(), Part::Hypothesis);
    let h2 = (Side::Before, "H2-x".to_owned(), Part::Hypothesis);
    let mut all = of_h1.to_vec();
    all.extend([h2, h3.clone()]);
    assert_eq!(parts(Absence::IsADifference), all);
    let mut but_h2 = of_h1.to_vec();
    but_h2.push(h3);
    assert_eq!(parts(Absence::IsLeftOut), but_h2);
}

#[test]
fn verdicts_and_answers_that_changed() {
    let folders = Folders::new()
        .with(
            "a/results/outcome.json",
            outcome(
                "confirmed",
                &[check("one", "1.5", "true"), check("two", "2", "true")].join(","),
            ),
        )
        .with(
            "b/results/outcome.json",
            outcome(
                "refuted",
                &[check("two", "2", "false"), check("one", "3.0", "true")].join(","),
            ),
        );
    let diff = folders.diff("a", "b", Absence::IsADifference);
    assert_eq!(diff.verdicts.len(), 1);
    assert_eq!(diff.verdicts[0].after.name(), "REFUTED");
    assert_eq!(diff.checks.len(), 1);
    assert_eq!(
        (
            diff.checks[0].check.as_str(),
            diff.checks[0].before,
            diff.checks[0].after
        ),
        ("two", Some(true), Some(false))
    );
    assert_eq!(
        folders.moved(),
        ["outcome.json check=one observed: 1.5 -> 3.0 (1)"]
    );
}

#[test]
fn rows_without_a_key_are_compared_by_position() {
    let folders = Folders::tables("v\n1\n1\n", "v\n1\n2\n");
    assert_eq!(folders.moved(), ["t #=2 v: 1 -> 2 (1)"]);
    let remarks = folders.diff("a", "b", Absence::IsADifference).remarks;
    assert!(
        remarks.contains(&DiffRemark::ByPosition {
            hypothesis: "H1-x".to_owned(),
            table: "t".to_owned()
        }),
        "{remarks:?}"
    );
}

#[test]
fn one_hypothesis_is_found_among_many() {
    let folders = Folders::tables("v\n1\n", "v\n2\n")
        .with("b/H2-x/results/t.csv", "v\n1\n")
        .with("renamed/H1-y/results/t.csv", "v\n2\n")
        .with("other/H9-y/results/t.csv", "v\n2\n");
    for (before, after) in [
        ("a/H1-x", "b"),
        ("a", "b/H1-x"),
        ("a/H1-x", "b/H1-x"),
        ("a/H1-x", "renamed"),
        ("a/H1-x", "b/H1-x/../H1-x"),
    ] {
        let diff = folders.diff(before, after, Absence::IsADifference);
        assert_eq!(
            (diff.moved.len(), diff.unmatched.len()),
            (1, 0),
            "{before} {after}"
        );
    }
    let set = |below: &str| ResultSet::read(&folders.path(below)).unwrap();
    let error = ResultsDiff::of(&set("a/H1-x"), &set("other"), Absence::IsLeftOut).unwrap_err();
    assert_eq!(
        error.to_string(),
        "hypothesis `H1-x` not found (known hypotheses: H9-y)"
    );
}

#[test]
fn an_outcome_that_one_side_lacks_is_a_difference() {
    let folders = Folders::tables("v\n1\n", "v\n1\n").with(
        "a/H1-x/results/outcome.json",
        outcome("confirmed", &check("one", "1", "true")),
    );
    for (before, after, side) in [("a", "b", Side::Before), ("b", "a", Side::After)] {
        let diff = folders.diff(before, after, Absence::IsLeftOut);
        assert!(!diff.is_empty(), "{before} {after}");
        let only: Vec<_> = diff
            .unmatched
            .iter()
            .map(|one| (one.side, &one.part))
            .collect();
        assert_eq!(only, [(side, &Part::Outcome)]);
    }
    let diff = folders.diff("b", "b", Absence::IsADifference);
    assert!(diff.is_empty(), "nobody has one");
    let remark = DiffRemark::NoOutcome {
        hypothesis: "H1-x".to_owned(),
    };
    assert!(diff.remarks.contains(&remark), "{:?}", diff.remarks);
}

#[test]
fn two_hypotheses_are_not_compared_as_if_they_were_one() {
    let h2 = outcome("refuted", "").replace("H1", "H2");
    let folders = Folders::tables("v\n1\n", "v\n2\n")
        .with("b/H9-z/results/t.csv", "v\n2\n")
        .with("set-aside/results/outcome.json", outcome("confirmed", ""))
        .with("Old/results/t.csv", "v\n1\n")
        .with("New/results/outcome.json", h2)
        .with("New/results/t.csv", "v\n1\n");
    let set = |below: &str| ResultSet::read(&folders.path(below)).unwrap();
    for (before, after, ids) in [
        ("a/H1-x", "b/H9-z", "`H1` and `H9`"),
        ("set-aside", "New", "`H1` and `H2`"),
        ("New", "b/H9-z", "`H2` and `H9`"),
    ] {
        let error = ResultsDiff::of(&set(before), &set(after), Absence::IsADifference).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "these are results of two hypotheses, {ids}: compare folders of the same one, or folders of many"
            )
        );
    }
    // By what is recorded a folder is found, whatever it is called; nothing tells the id of `Old`.
    for (before, after) in [("set-aside", "a/H1-x"), ("set-aside", "b"), ("Old", "New")] {
        assert_eq!(
            folders
                .diff(before, after, Absence::IsADifference)
                .hypotheses,
            1,
            "{before} {after}"
        );
    }
}

#[test]
fn a_threshold_takes_small_moves_out() {
    let folders = Folders::tables("k,v\n1,1000\n2,0\n3,1000\n", "k,v\n1,1001\n2,1\n3,1100\n");
    let mut diff = folders.diff("a", "b", Absence::IsADifference);
    assert_eq!(diff.leave_out_moves_below(0.01), 1);
    assert_eq!(diff.moved.len(), 2, "an infinite change is never small");
    assert!(!diff.is_empty());
}

#[test]
fn folders_without_results_are_refused() {
    let folders = Folders::new()
        .with("a/README.md", "")
        .with("a/b/c.csv", "v\n1\n");
    let error = |folder: &Path| ResultSet::read(folder).unwrap_err().to_string();
    assert!(error(&folders.path("a")).contains("holds no results"));
    assert!(error(&folders.path("missing")).starts_with("cannot read"));
    assert!(error(&folders.path("a/README.md")).starts_with("cannot read"));
}

#[test]
fn outcomes_that_cannot_be_read_name_file_and_line() {
    for (text, message) in [
        ("{\n\"verdict\": \"confirmed\"", ":2:"),
        (
            "{\n\"verdict\": \"fine\", \"checks\": []}",
            "unknown variant `fine`",
        ),
        ("", "EOF"),
        ("[]", "outcome.json"),
    ] {
        let folders = Folders::new().with("a/results/outcome.json", text);
        let error = ResultSet::read(&folders.path("a")).unwrap_err().to_string();
        assert!(
            error.contains(message) && error.contains("outcome.json"),
            "{text}: {error}"
        );
    }
}
