//! `rooflab ground-truth show` and `rooflab ground-truth validate`.

use serde_json::Value;

use crate::test_project::TestProject;

/// One of every kind: with and without a profile, a part of the requests, errors, text after the report.
const SWEEPS: &[&str] = &[
    "guidellm-0.2.1-concurrent",
    "guidellm-0.6.1-subsampled",
    "guidellm-0.8.1-cut-off",
    "guidellm-0.8.1-sweep",
];

const OWN: &str = "jan30-llama2-7b-tp1-chatsweep";

fn csv_rows(text: &str) -> Vec<Vec<String>> {
    // The cells of these tests hold neither quotes nor commas.
    assert!(!text.contains('"'), "{text}");
    text.lines()
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

#[test]
fn an_experiment_with_its_server_and_workload() {
    let project = TestProject::new().with_sweeps(&["guidellm-0.8.1-sweep"]);
    let folder = "sweeps/guidellm-0.8.1-sweep";
    let show = |arguments: &[&str]| {
        project
            .run(&[&["ground-truth", "show", folder], arguments].concat())
            .success()
    };
    insta::assert_snapshot!("show_one", show(&[]));
    insta::assert_snapshot!("show_percentiles", show(&["--percentiles"]));
    // The folder above holds this experiment alone.
    let above = project.run(&["ground-truth", "show", "sweeps"]).success();
    assert_eq!(above, show(&[]));
}

#[test]
fn a_folder_of_experiments() {
    let project = TestProject::new().with_sweeps(SWEEPS);
    let answer = project.run(&["ground-truth", "show", "sweeps"]);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    insta::assert_snapshot!("show_several", answer.stdout);
    assert_eq!(
        answer.stderr,
        "warning: sweeps/guidellm-0.6.1-subsampled/guidellm-results.json: `benchmarks[0].requests.successful`: \
         2 of 6 successful requests are listed: figures are the report's own where it states them\n"
    );
}

#[test]
fn without_a_folder_the_projects_own_runs() {
    let project = TestProject::new().with_own_ground_truth(&[OWN]);
    let text = project.run(&["ground-truth", "show"]).success();
    assert!(text.contains("aggregate only"), "{text}");
    assert!(text.contains("13.90"), "{text}");
    assert_eq!(
        project.run(&["ground-truth", "validate"]).success(),
        "1 experiment: 0 errors, 0 warnings\n"
    );
    assert_eq!(
        project
            .run(&["ground-truth", "validate", "--strict"])
            .success(),
        "1 experiment: 0 errors, 0 warnings\n"
    );
}

#[test]
fn json_has_a_line_an_experiment_and_requests_on_demand() {
    let project = TestProject::new().with_sweeps(SWEEPS);
    let lines = |arguments: &[&str]| -> Vec<Value> {
        let arguments = [
            &["ground-truth", "show", "sweeps", "--format", "json"],
            arguments,
        ]
        .concat();
        let text = project.run(&arguments).stdout;
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let without = lines(&[]);
    let names: Vec<&str> = without
        .iter()
        .map(|run| run["experiment"].as_str().unwrap())
        .collect();
    assert_eq!(names, SWEEPS);
    let with = lines(&["--requests"]);
    for (run, full) in without.iter().zip(&with) {
        let benchmarks = run["benchmarks"].as_array().unwrap();
        for (benchmark, full) in benchmarks
            .iter()
            .zip(full["benchmarks"].as_array().unwrap())
        {
            assert_eq!(benchmark.get("requests"), None);
            let requests = full["requests"].as_array().unwrap();
            assert!(!requests.is_empty());
            assert!(requests[0]["ttft_ms"].is_f64());
            assert_eq!(benchmark["metrics"], full["metrics"]);
        }
    }
}

#[test]
fn csv_names_units_and_tells_the_token_times_apart() {
    let project = TestProject::new().with_sweeps(SWEEPS);
    let text = project
        .run(&["ground-truth", "show", "sweeps", "--format", "csv"])
        .stdout;
    let rows = csv_rows(&text);
    let (names, rows) = rows.split_first().unwrap();
    assert_eq!(rows.len(), 3 + 4);
    assert!(rows.iter().all(|row| row.len() == names.len()));
    let column = |name: &str| names.iter().position(|known| known == name).unwrap();
    let (itl, tpot) = (column("itl_ms_mean"), column("tpot_ms_mean"));
    for row in rows {
        let (itl, tpot): (f64, f64) = (row[itl].parse().unwrap(), row[tpot].parse().unwrap());
        // The prefill is in the one and not in the other.
        assert!(tpot > itl, "{row:?}");
    }
    let sample = &rows[1];
    assert_eq!(sample[column("requests_listed")], "sample");
    assert_eq!(sample[column("ttft_from")], "aggregate");
    let cut_off = &rows[2];
    assert_eq!(
        ["successful", "errored", "incomplete"]
            .map(|what| cut_off[column(&format!("requests_{what}"))].as_str()),
        ["4", "2", "2"]
    );
    let throughput = &rows[4];
    assert_eq!(throughput[column("strategy")], "throughput");
    assert_eq!(throughput[column("rate_per_s")], "");
    assert_eq!(throughput[column("concurrency")], "512");
}

#[test]
fn flags_that_would_do_nothing_are_refused() {
    let project = TestProject::new().with_sweeps(&["guidellm-0.8.1-sweep"]);
    for (arguments, expected) in [
        (
            &["--requests"][..],
            "error: --requests prints requests as JSON: add --format json\n",
        ),
        (
            &["--percentiles", "--format", "csv"],
            "error: --percentiles concerns --format table: json and csv always have them\n",
        ),
    ] {
        let arguments = [&["ground-truth", "show", "sweeps"], arguments].concat();
        assert_eq!(project.run(&arguments).rejected(), expected);
    }
}

#[test]
fn what_cannot_be_loaded_is_named_and_the_rest_is_shown() {
    let project = TestProject::new().with_sweeps(&["guidellm-0.8.1-concurrent"]);
    let whole = project.read("sweeps/guidellm-0.8.1-concurrent/guidellm-results.json");
    project.write(
        "sweeps/torn/guidellm-results.json",
        &whole[..whole.len() / 2],
    );
    project.write("sweeps/wrong/guidellm-results.json", "{\"benchmarks\": 7}");
    project.write("sweeps/empty/notes.md", "nothing was measured");
    let nest = "[".repeat(1_000_000);
    project.write("sweeps/nest/guidellm-results.json", &nest);
    let answer = project.run(&["ground-truth", "show", "sweeps", "nowhere"]);
    assert_eq!(answer.code, 2, "{}", answer.stderr);
    assert!(answer.stdout.contains("guidellm-0.8.1-concurrent"));
    assert_eq!(answer.stdout.lines().count(), 2, "{}", answer.stdout);
    let places: Vec<&str> = answer
        .stderr
        .lines()
        .map(str::trim_start)
        .filter(|line| {
            ["error: ", "--> ", "warning: "]
                .iter()
                .any(|start| line.starts_with(start))
        })
        .collect();
    let expected = [
        "error: sweeps/empty: no GuideLLM report (expected ",
        "error: invalid type: sequence, expected an object",
        "--> sweeps/nest/guidellm-results.json:1:1",
        "error: `benchmarks[0].metrics",
        "--> sweeps/torn/guidellm-results.json:",
        "error: `benchmarks`: invalid type: integer `7`",
        "--> sweeps/wrong/guidellm-results.json:1:",
        "error: nowhere: ",
        "warning: 5 of 6 experiments left out",
    ];
    assert_eq!(places.len(), expected.len(), "{}", answer.stderr);
    for (line, start) in places.iter().zip(expected) {
        assert!(line.starts_with(start), "{start} in {}", answer.stderr);
    }
    assert!(answer.stderr.len() < 4000, "{}", answer.stderr);

    let validated = project.run(&["ground-truth", "validate", "sweeps", "nowhere"]);
    assert_eq!((validated.code, validated.stderr.as_str()), (2, ""));
    assert!(
        validated
            .stdout
            .ends_with("6 experiments: 5 errors, 1 warning\n"),
        "{}",
        validated.stdout
    );
    assert_eq!(validated.stdout.matches("error: ").count(), 5);
}

#[test]
fn warnings_count_where_they_are_to_count() {
    let project = TestProject::new().with_sweeps(&["guidellm-0.6.1-subsampled"]);
    let validate = |arguments: &[&str]| {
        project.run(&[&["ground-truth", "validate", "sweeps"], arguments].concat())
    };
    let answer = validate(&[]);
    assert_eq!((answer.code, answer.stderr.as_str()), (0, ""));
    assert!(answer.stdout.starts_with("warning: sweeps/guidellm-0.6.1-"));
    assert!(
        answer
            .stdout
            .ends_with("1 experiment: 0 errors, 2 warnings\n")
    );
    assert_eq!(validate(&["--strict"]).code, 1);
    let json = validate(&["--format", "json"]).success();
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["folder"], "sweeps/guidellm-0.6.1-subsampled");
    assert_eq!(
        (&report["errors"], &report["warnings"]),
        (&0.into(), &2.into())
    );
    assert_eq!(report["problems"][0]["severity"], "warning");
}

#[test]
fn splits_are_examined_with_the_experiments() {
    let project = TestProject::new().with_sweeps(&["guidellm-0.8.1-concurrent"]);
    project.write(
        "sweeps/splits.yaml",
        "mine: {train: [guidellm-0.8.1-concurrent], test: [elsewhere]}\n",
    );
    let answer = project.run(&["ground-truth", "validate", "sweeps"]);
    assert_eq!(answer.code, 2);
    assert!(answer.stdout.contains("elsewhere"), "{}", answer.stdout);
    assert!(
        answer
            .stdout
            .ends_with("1 experiment: 1 error, 1 warning\n"),
        "{}",
        answer.stdout
    );
}
