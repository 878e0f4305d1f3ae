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
fn the_keys_are_those_of_the_format() {
    let text = outside(&["schema", "keys"]);
    assert!(text.starts_with("# Keys of a hypothesis\n"));
    for row in [
        "| `refuted_if` | required | text | What would refute it. |",
        "- `precondition`: Must hold before anything can be decided: else the verdict is INCONCLUSIVE.",
    ] {
        assert!(text.contains(row), "{row}");
    }
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
fn the_commands_are_those_of_the_help() {
    let page = outside(&["schema", "commands"]);
    assert!(page.starts_with("# Commands\n"));
    let help = outside(&["--help"]);
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let (commands, _) = commands.split_once("\n\n").unwrap();
    // A line that goes on is indented further.
    let named = commands
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split(' ').next());
    let mut count = 0;
    for name in named.filter(|name| *name != "help") {
        assert!(page.contains(&format!("## `rooflab {name}`\n")), "{name}");
        count += 1;
    }
    assert!(count > 10, "{help}");
    // Names, values, defaults and short forms, as `rooflab step --help` and `rooflab run --help` have them.
    for row in [
        "| `--tp <N>` | GPUs that split the model. Default: `1`. Also `--tensor-parallel`. |",
        "| `-j, --jobs <N>` | Threads that sweeps use [default: all cores]. Results are the same for any number. |",
        "One of `nearest`, `interpolated`.",
    ] {
        assert!(page.contains(row), "{row}");
    }
    let options = page.matches("| `--root <DIR>` |").count();
    assert_eq!(options, 1, "what every command takes is said once");
}

#[test]
fn every_shell_has_its_script() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = outside(&["completions", shell]);
        assert!(script.contains("bench-data"), "{shell}");
    }
}
