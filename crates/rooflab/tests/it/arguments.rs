//! Arguments that cannot be used: exit code 2 and what would be right.

use crate::test_project::TestProject;

#[test]
fn arguments_that_cannot_be_used() {
    let project = TestProject::new();
    let model = "--model=llama-2-7b-hf";
    let cases: &[(&[&str], &str)] = &[
        (&["frob"], "unrecognized subcommand 'frob'"),
        (&["runn"], "similar subcommand exists: 'run'"),
        (
            &["run", "H1", "--all"],
            "'[ID]...' cannot be used with '--all'",
        ),
        (&["export"], "--out <FILE|DIR/>"),
        (
            &["export", "--out", "x.csv", "--format", "json"],
            "[possible values: parquet, ndjson, csv]",
        ),
        (
            &["export", "--out", "x.csv", "--tables", "H1.a,times"],
            "expected ID.TABLE, as in H29.decomposition",
        ),
        (
            &["export", "--out", "x.csv", "--data", "steps=steps.csv"],
            "required arguments were not provided",
        ),
        (&["run", "--jobs", "0"], "0 is not in 1..=1024"),
        (&["check", "--jobs", "99999"], "99999 is not in 1..=1024"),
        (
            &["run", "--jobs", "many"],
            "invalid value 'many' for '--jobs <N>'",
        ),
        (
            &["run", "--max-cells", "0"],
            "invalid value '0' for '--max-cells <N>'",
        ),
        (
            &["run", "--format", "xml"],
            "[possible values: table, json]",
        ),
        (&["new", "H1"], "<SLUG>"),
        (
            &["schema", "rows"],
            "[possible values: hypothesis, keys, columns, results, commands]",
        ),
        (
            &["completions", "dos"],
            "[possible values: bash, elvish, fish, powershell, zsh]",
        ),
        (&["bench-data"], "Usage: rooflab bench-data"),
        (&["step"], "--model <MODEL>"),
        (&["step", "--jsonl", "--tp", "2"], "cannot be used with"),
        (
            &["step", model, "--preset", "feb28"],
            "a similar value exists: 'feb27'",
        ),
        (
            &["step", model, "--lm-head", "yes"],
            "[possible values: excluded, included]",
        ),
        (
            &["step", model, "--decode", "64y"],
            "expected KV or KVxN, as in 4096 or 64x15",
        ),
        (
            &["step", model, "--decode", "64,0"],
            "invalid value '0' for '--decode",
        ),
        (
            &["step", model, "--prefill", "512+"],
            "expected NEW, NEW+CACHED, NEWxN or NEW+CACHEDxN",
        ),
    ];
    for (arguments, expected) in cases {
        let error = project.run(arguments).rejected();
        assert!(error.contains(expected), "{arguments:?}: {error}");
    }
}
