//! Arguments that cannot be used: exit code 2 and what would be right.

use crate::test_project::TestProject;

#[test]
fn slips_are_named_with_what_there_is() {
    let project = TestProject::new();
    let answer = |arguments: &[&str]| project.run(arguments).rejected();
    insta::assert_snapshot!(answer(&["rnu"]), @r"
    error: unrecognized subcommand 'rnu'

      tip: a similar subcommand exists: 'run'
      tip: the commands are list, run, check, explain, audit, diff, export, report, new, lock, step, simulate, ground-truth, bench-data, schema, completions, man, help

    Usage: rooflab [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(answer(&["frob"]), @r"
    error: unrecognized subcommand 'frob'

      tip: the commands are list, run, check, explain, audit, diff, export, report, new, lock, step, simulate, ground-truth, bench-data, schema, completions, man, help

    Usage: rooflab [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(answer(&["ground-truth", "shwo", "x"]), @"
    error: unrecognized subcommand 'shwo'

      tip: a similar subcommand exists: 'show'
      tip: the commands are show, validate, help

    Usage: rooflab ground-truth [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(answer(&["run", "--banana"]), @"
    error: unexpected argument '--banana' found

      tip: to pass '--banana' as a value, use '-- --banana'
      tip: the options are --all, --jobs, --out, --ground-truth, --data, --max-cells, --watch, --force, --format, --root, --color, --quiet, --help

    Usage: rooflab run [OPTIONS] [ID]...

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(answer(&["run", "--fromat", "json"]), @"
    error: unexpected argument '--fromat' found

      tip: a similar argument exists: '--format'

    Usage: rooflab run --format <FORMAT> [ID]...

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(answer(&["step", "--model", "llama-2-7b-hf", "--preset", "fbe27"]), @"
    error: invalid value 'fbe27' for '--preset <PRESET>'
      [possible values: feb24, feb25-base, feb25-h28-fixed, feb27]

      tip: a similar value exists: 'feb27'

    For more information, try '--help'.
    ");
}

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
