//! `rooflab bench-data check`.

use crate::test_project::TestProject;

#[test]
fn every_gpu_is_examined() {
    let project = TestProject::new();
    let text = project.run(&["bench-data", "check"]).success();
    for gpu in ["a100: ", "h100: ", "h200: "] {
        assert!(text.contains(gpu), "{text}");
    }
    let one = project.run(&["bench-data", "check", "H100"]).success();
    assert!(one.starts_with("h100: 0 errors"), "{one}");
    assert!(text.contains(&one), "{text}");
}

#[test]
fn json_has_one_line_for_each_gpu() {
    let project = TestProject::new();
    let text = project
        .run(&["bench-data", "check", "--format", "json"])
        .success();
    let gpus: Vec<String> = text
        .lines()
        .map(|line| {
            let report: serde_json::Value = serde_json::from_str(line).unwrap();
            report["gpu"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(gpus, ["a100", "h100", "h200"]);
}

#[test]
fn what_predictions_refuse_is_exit_code_2() {
    let project = TestProject::new();
    let table = project.read("bench_data/h100/gemm.csv");
    let (_, first_row) = table.split_once('\n').unwrap();
    let (first_row, _) = first_row.split_once('\n').unwrap();
    project.write("bench_data/h100/gemm.csv", &format!("{table}{first_row}\n"));
    let answer = project.run(&["bench-data", "check", "h100"]);
    assert_eq!((answer.code, answer.stderr.as_str()), (2, ""));
    assert!(
        answer.stdout.starts_with("h100: 1 error"),
        "{}",
        answer.stdout
    );
    assert!(
        answer.stdout.contains("bench_data/h100/gemm.csv:114"),
        "{}",
        answer.stdout
    );
}

#[test]
fn an_unknown_gpu_is_named_with_the_nearest() {
    let error = TestProject::new()
        .run(&["bench-data", "check", "h10"])
        .rejected();
    assert_eq!(
        error,
        "error: gpu `h10` not found (did you mean `h100`? known gpus: a100, h100, h200)\n"
    );
}
