//! `rooflab schema` and `rooflab completions`: no project is needed.

use tempfile::tempdir;

use crate::test_project::{Answer, command_in};

fn outside(arguments: &[&str]) -> String {
    let folder = tempdir().unwrap();
    Answer::of(&mut command_in(folder.path(), arguments), folder.path()).success()
}

#[test]
fn the_schema_is_that_of_the_format() {
    let text = outside(&["schema"]);
    let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(schema["title"], "rooflab hypothesis");
    assert!(text.ends_with("}\n"));
    assert_eq!(outside(&["schema", "hypothesis"]), text);
}

#[test]
fn the_columns_are_those_of_the_probes() {
    let text = outside(&["schema", "columns"]);
    assert!(text.starts_with("# Columns of the probes\n"));
    assert!(text.contains("| `step_us_exact` |"));
}

#[test]
fn the_guide_to_results_has_their_columns() {
    let columns = outside(&["schema", "results"]);
    assert!(columns.starts_with("| Column | Type | In | Meaning |\n"));
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/results.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    assert!(
        guide.contains(&format!("\n\n{columns}\n")),
        "docs/results.md lacks the table that `rooflab schema results` prints:\n{columns}"
    );
}

#[test]
fn every_shell_has_its_script() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = outside(&["completions", shell]);
        assert!(script.contains("bench-data"), "{shell}");
    }
}
