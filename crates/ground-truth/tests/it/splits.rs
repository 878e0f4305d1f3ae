use ground_truth::GroundTruth;
use tempfile::TempDir;

use crate::experiment::{REPORT, good, report};

fn root(splits: &str) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for name in ["b", "a", "c"] {
        let dir = root.path().join(name);
        std::fs::create_dir(&dir).unwrap();
        std::fs::write(dir.join(REPORT), report(&[good()], "")).unwrap();
    }
    std::fs::create_dir(root.path().join(".hidden")).unwrap();
    std::fs::write(root.path().join("README.md"), "").unwrap();
    if !splits.is_empty() {
        std::fs::write(root.path().join("splits.yaml"), splits).unwrap();
    }
    root
}

#[test]
fn lists_experiments_and_splits() {
    let root = root("hg2: {train: [], test: [c]}\nhg1: {train: [c, a], test: [b]}\n");
    let truth = GroundTruth::open(root.path()).unwrap();
    assert_eq!(truth.experiments(), ["a", "b", "c"]);
    assert_eq!(truth.splits().len(), 2);
    assert_eq!(truth.splits()[0].name, "hg1");
    assert_eq!(truth.split("hg1").unwrap().train, ["c", "a"]);
    assert_eq!(
        truth.splits_file().unwrap().path.to_str(),
        Some("splits.yaml")
    );
    let error = truth.split("hg3").unwrap_err().to_string();
    assert_eq!(
        error,
        "split `hg3` not found (did you mean `hg1`? known splits: hg1, hg2)"
    );

    let run = truth.load("b").unwrap();
    assert_eq!(run.experiment, "b");
    assert_eq!(run.files[0].path.to_str(), Some("b/guidellm-results.json"));
    let error = truth.load("../b").unwrap_err().to_string();
    assert_eq!(
        error,
        "experiment `../b` not found (known experiments: a, b, c)"
    );
}

#[test]
fn a_root_without_splits_has_none() {
    let root = root("");
    let truth = GroundTruth::open(root.path()).unwrap();
    assert_eq!(truth.splits(), []);
    assert_eq!(truth.splits_file(), None);
}

#[test]
fn refuses_splits_that_do_not_fit() {
    let error = |splits: &str| {
        let root = root(splits);
        GroundTruth::open(root.path()).unwrap_err().to_string()
    };
    assert_eq!(
        error("hg1: {train: [a, a], test: [d, 5], tset: []}\n"),
        "splits.yaml: `hg1.tset` is no key of a split, expected train and test; `hg1.train[1]` is `a` a second time; \
         `hg1.test[0]` names no folder: experiment `d` not found (known experiments: a, b, c); `hg1.test[1]` is 5, expected an experiment"
    );
    assert_eq!(
        error("hg1: {train: [a], test: [a]}\n"),
        "splits.yaml: `hg1` has `a` in both train and test"
    );
    assert_eq!(
        error("hg1: {train: a}\n"),
        "splits.yaml: `hg1.train` is `a`, expected a list of experiments; `hg1.test` is missing, expected a list of experiments"
    );
    assert_eq!(
        error("[]\n"),
        "splits.yaml: `splits` is a list, expected a mapping of names"
    );
    assert!(error("hg1: {\n").starts_with("splits.yaml:"));
}

#[test]
fn splits_have_either_name() {
    let root = root("");
    let splits = "hg1: {train: [a], test: [b]}\n";
    std::fs::write(root.path().join("splits.yml"), splits).unwrap();
    let truth = GroundTruth::open(root.path()).unwrap();
    assert_eq!(truth.split("hg1").unwrap().test, ["b"]);
    let file = truth.splits_file().unwrap();
    assert_eq!(file.path.to_str(), Some("splits.yml"));

    std::fs::write(root.path().join("splits.yaml"), splits).unwrap();
    let error = GroundTruth::open(root.path()).unwrap_err().to_string();
    assert!(
        error.ends_with(": splits.yaml and splits.yml stand for the same; keep one of them"),
        "{error}"
    );
}
