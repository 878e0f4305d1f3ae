//! New hypotheses.

use std::fs;

use experiment::{Example, Hypothesis, LoadOptions, Verdict, create_hypothesis};

use crate::test_project::TestProject;

#[test]
fn a_new_hypothesis_runs_at_once() {
    let project = TestProject::with_repository_data();
    let project = project.project();
    let files = create_hypothesis(
        &project,
        "H99",
        "kv-read-factor",
        "2026-11-20",
        Example::Steps,
    )
    .unwrap();
    let names: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    assert_eq!(
        names,
        [
            "hypotheses/H99-kv-read-factor/hypothesis.yaml",
            "hypotheses/H99-kv-read-factor/narrative.md.tera"
        ]
    );
    let folder = project.hypothesis("H99").unwrap();
    let hypothesis = Hypothesis::load(&project, &folder, &LoadOptions::default())
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(hypothesis.id(), "H99");
    assert_eq!(hypothesis.date(), "2026-11-20");
    let outcome = hypothesis.run().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(outcome.verdict, Verdict::Confirmed);
    assert_eq!(outcome.drift(), []);
}

#[test]
fn one_without_any_measured_run_says_so() {
    let project = TestProject::with_repository_data();
    let project = project.project();
    create_hypothesis(&project, "H99", "mine", "2026-11-20", Example::Measured).unwrap();
    let folder = project.hypothesis("H99").unwrap();
    let error = Hypothesis::load(&project, &folder, &LoadOptions::default()).unwrap_err();
    assert!(error.to_string().contains("ground_truth"), "{error}");
}

#[test]
fn ids_of_several_words_are_found_again() {
    let project = TestProject::with_repository_data();
    let project = project.project();
    create_hypothesis(
        &project,
        "I2-H1",
        "step-components",
        "2026-11-20",
        Example::Steps,
    )
    .unwrap();
    let folder = project.hypothesis("i2-h1").unwrap();
    assert_eq!(folder.name(), "I2-H1-step-components");
    let loaded = Hypothesis::load(&project, &folder, &LoadOptions::default());
    assert_eq!(
        loaded.unwrap_or_else(|error| panic!("{error}")).id(),
        "I2-H1"
    );
}

#[test]
fn ids_and_slugs_are_plain() {
    let project = TestProject::new();
    let refused = |id: &str, slug: &str| {
        create_hypothesis(&project.project(), id, slug, "2026-11-20", Example::Steps)
            .unwrap_err()
            .to_string()
    };
    for id in [
        "", "h99", "99", "H 9", "H9/..", "../H9", "H-9", "H9-", "-H9", "É9", "Hé", "H_9", "H.9",
        "H9\n",
    ] {
        assert_eq!(
            refused(id, "fine"),
            format!(
                "`{id}` cannot be an id: it begins with a capital letter and has letters and digits, as in H99 or I2-H1"
            )
        );
    }
    for slug in [
        "", "Fine", "a--b", "-a", "a-", "a_b", "../a", "a b", "a/b", "é", ".",
    ] {
        assert_eq!(
            refused("H99", slug),
            format!(
                "`{slug}` cannot be a slug: it has lower-case words and digits with single hyphens between, as in kv-read-factor"
            )
        );
    }
    let left: Vec<_> = fs::read_dir(project.root().join("hypotheses"))
        .unwrap()
        .collect();
    assert_eq!(left.len(), 1, "nothing was made");
}

#[test]
fn an_id_is_taken_once() {
    let project = TestProject::new();
    let refused = |id: &str, slug: &str| {
        create_hypothesis(&project.project(), id, slug, "2026-11-20", Example::Steps)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refused("H1", "other"),
        "the id `H1` is taken by hypotheses/H1-longer-cache"
    );
    fs::create_dir(project.root().join("hypotheses/H2-begun")).unwrap();
    assert_eq!(refused("H2", "begun"), "hypotheses/H2-begun exists already");
}
