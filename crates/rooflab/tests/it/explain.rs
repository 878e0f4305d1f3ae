//! `rooflab explain`: how a verdict follows from its checks.

use crate::test_project::TestProject;

const FILE: &str = "hypotheses/H7-longer/hypothesis.yaml";

fn project() -> TestProject {
    TestProject::with_published("64,3875\n4096,4379\n8192,4892\n")
}

#[test]
fn a_confirmed_hypothesis() {
    let project = project();
    insta::assert_snapshot!(
        "explain",
        project.run(&["explain", "H7", "--sql"]).success()
    );
    let short = project.run(&["explain", "h7"]).success();
    assert!(!short.contains("Tables that the checks read"), "{short}");
    let before = project.files("hypotheses");
    project.run(&["explain", "H7"]).success();
    assert_eq!(project.files("hypotheses"), before, "nothing is written");
}

#[test]
fn every_rule_is_named_where_it_decides() {
    let with_checks = |checks: &str| {
        let project = project();
        let text = project.read(FILE);
        let (head, rest) = text.split_once("checks:\n").unwrap();
        let (_, published) = rest.split_once("published:\n").unwrap();
        let lines = checks.split(';').map(|check| {
            let (id, rest) = check.split_once(' ').unwrap();
            let (role, holds) = rest.split_once(' ').unwrap();
            format!(
                "  - {{id: {id}, role: {role}, claim: A claim., sql: \"SELECT {holds} AS holds, 1 AS observed FROM times LIMIT 1\"}}\n"
            )
        });
        let checks: String = lines.collect();
        // What a query returns for constants has a row for each of its table.
        let checks = checks.replace(
            "FROM times LIMIT 1",
            "FROM (SELECT COUNT(*) AS n FROM times) AS one",
        );
        project.write(
            FILE,
            &format!("{head}checks:\n{checks}published:\n{published}"),
        );
        let json = project
            .run(&["explain", "H7", "--format", "json"])
            .success();
        serde_json::from_str::<serde_json::Value>(&json).unwrap()
    };
    for (checks, rule, verdict, by) in [
        (
            "a acceptance n=3;b control n=4",
            "nothing-against",
            "confirmed",
            &[][..],
        ),
        (
            "a acceptance n=4;b acceptance n=3",
            "acceptance-fails",
            "partially-confirmed",
            &["a"],
        ),
        (
            "a acceptance n=4;b primary n=4",
            "primary-fails",
            "refuted",
            &["b"],
        ),
        (
            "a primary n=4;b refutation n=3",
            "refutation-holds",
            "refuted",
            &["b"],
        ),
        (
            "a precondition n=4;b precondition n=5;c refutation n=3",
            "unmet-precondition",
            "inconclusive",
            &["a", "b"],
        ),
    ] {
        let line = with_checks(checks);
        assert_eq!(line["rule"], rule, "{checks}");
        assert_eq!(line["verdict"], verdict, "{checks}");
        assert_eq!(line["decided_by"], serde_json::json!(by), "{checks}");
    }
}

#[test]
fn a_confirmation_names_the_checks_that_there_are() {
    for (checks, because) in [
        ("a acceptance", "Every acceptance (a) holds."),
        (
            "a precondition;b primary;c primary;d acceptance",
            "Every precondition (a), primary (b, c) and acceptance (d) holds.",
        ),
        (
            "a primary;b refutation;c control",
            "Every primary (a) holds, and no refutation (b) does.",
        ),
        ("a refutation", "No refutation (a) holds."),
    ] {
        let project = project();
        let text = project.read(FILE);
        let (head, rest) = text.split_once("checks:\n").unwrap();
        let (_, published) = rest.split_once("published:\n").unwrap();
        let lines = checks.split(';').map(|check| {
            let (id, role) = check.split_once(' ').unwrap();
            let rows = if role == "refutation" { 4 } else { 3 };
            format!(
                "  - {{id: {id}, role: {role}, claim: A claim., sql: \"SELECT COUNT(*) = {rows} AS holds, COUNT(*) AS observed FROM times\"}}\n"
            )
        });
        let checks: String = lines.collect();
        project.write(
            FILE,
            &format!("{head}checks:\n{checks}published:\n{published}"),
        );
        let shown = project.run(&["explain", "H7"]).success();
        assert!(shown.contains(&format!("\n{because}\n")), "{shown}");
    }
}

#[test]
fn json_has_queries_conditions_and_limits() {
    let project = project();
    project.edit(
        FILE,
        "SELECT MAX(step_us) > MIN(step_us) AS holds,",
        "SELECT MAX(step_us) > MIN(step_us) AND 4000 < MAX(step_us) AS holds,",
    );
    let json = project
        .run(&["explain", "H7", "--format", "json"])
        .success();
    let line: serde_json::Value = serde_json::from_str(&json).unwrap();
    let check = &line["checks"][0];
    assert_eq!(
        check["condition"],
        "MAX(step_us) > MIN(step_us) AND 4000 < MAX(step_us)"
    );
    assert_eq!(
        check["thresholds"],
        serde_json::json!([{"measure": "MAX(step_us)", "relation": ">", "limit": "4000"}])
    );
    assert_eq!(check["holds"], true);
    assert_eq!(check["reads"], serde_json::json!(["times"]));
    assert_eq!(
        line["tables"][0]["queries"][0]["sql"],
        "SELECT kv_len, step_us FROM steps ORDER BY kv_len"
    );
    assert_eq!(line["criteria"]["locked"], "no");
    assert_eq!(line["published_verdict"], "confirmed");
}

#[test]
fn it_says_when_criteria_were_locked_and_what_changed() {
    let project = project();
    project.run(&["lock", "H7"]).success();
    let text = project.run(&["explain", "H7"]).success();
    assert!(text.contains("unchanged since"), "{text}");
    project.edit(
        FILE,
        "refuted_if: It does not.",
        "refuted_if: It is shorter.",
    );
    let text = project.run(&["explain", "H7"]).success();
    assert!(text.contains("CHANGED since: refuted_if."), "{text}");
}

#[test]
fn what_cannot_be_explained_is_an_error() {
    let project = project();
    let error = project.run(&["explain", "H8"]).rejected();
    assert!(error.contains("did you mean `H7`?"), "{error}");
    let error = project.run(&["explain"]).rejected();
    assert!(error.contains("<ID>"), "{error}");
}
