//! Which benchmarks of the ground truth an axis goes over.

use insta::assert_snapshot;

use crate::measured_project::{CONFIG, GROUND_TRUTH, PROFILE, synchronous};
use crate::test_project::{TestProject, file_text};

fn filtered(filter: &str) -> TestProject {
    TestProject::measured().edit("ground_truth: {}", &format!("ground_truth: {{{filter}}}"))
}

/// The experiments with their benchmarks, in the order of the rows.
#[track_caller]
fn benchmarks(filter: &str) -> Vec<String> {
    let csv = file_text(&filtered(filter).run(), "results/points.csv");
    csv.lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split(',');
            format!("{} {}", cells.next().unwrap(), cells.next().unwrap())
        })
        .collect()
}

const CHAT: [&str; 1] = ["chat-tp1 0"];
const CODE: [&str; 1] = ["code-tp2 0"];
const SWEEP: [&str; 3] = ["sweep-tp1 0", "sweep-tp1 1", "sweep-tp1 2"];
const TINY: [&str; 4] = ["chat-tp1 0", "sweep-tp1 0", "sweep-tp1 1", "sweep-tp1 2"];
const ALL: [&str; 5] = [
    "chat-tp1 0",
    "code-tp2 0",
    "sweep-tp1 0",
    "sweep-tp1 1",
    "sweep-tp1 2",
];

#[test]
fn without_a_filter_all_in_the_order_of_their_names() {
    let csv = file_text(&TestProject::measured().run(), "results/points.csv");
    assert_snapshot!(csv, @"
    experiment,benchmark,model,tensor_parallel,gpu
    chat-tp1,0,tiny,1,toy
    code-tp2,0,small,2,toy
    sweep-tp1,0,tiny,1,toy
    sweep-tp1,1,tiny,1,toy
    sweep-tp1,2,tiny,1,toy
    ");
}

#[test]
fn by_one_value_or_several() {
    assert_eq!(benchmarks("experiment: code-tp2"), CODE);
    assert_eq!(benchmarks("experiment: [sweep-tp1, chat-tp1]"), TINY);
    assert_eq!(benchmarks("workload: code"), CODE);
    assert_eq!(benchmarks("workload: [code, chat]"), ALL);
    assert_eq!(benchmarks("model: tiny"), TINY);
    assert_eq!(benchmarks("model: [small]"), CODE);
    assert_eq!(benchmarks("tensor_parallel: 2"), CODE);
    assert_eq!(benchmarks("tensor_parallel: [1, 2]"), ALL);
    assert_eq!(benchmarks("split: fit.train"), TINY);
    assert_eq!(benchmarks("split: fit.test"), CODE);
    assert_eq!(benchmarks("split: [fit.test, fit.train]"), ALL);
    assert_eq!(
        benchmarks("strategy: synchronous"),
        ["chat-tp1 0", "code-tp2 0", "sweep-tp1 0"]
    );
    assert_eq!(
        benchmarks("strategy: [constant, concurrent]"),
        ["sweep-tp1 1", "sweep-tp1 2"]
    );
    // A value twice is a value.
    assert_eq!(benchmarks("workload: [code, code]"), CODE);
}

#[test]
fn all_filters_hold_together() {
    assert_eq!(
        benchmarks("workload: chat, strategy: synchronous, experiment: chat-tp1"),
        CHAT
    );
    assert_eq!(
        benchmarks("split: fit.train, model: tiny, tensor_parallel: 1, experiment: sweep-tp1"),
        SWEEP
    );
}

#[test]
fn a_value_that_there_is_not_is_named() {
    assert_snapshot!(filtered("experiment: chat-tp2").load_error(), @"
    error: axis `experiment` of run `arms`: there is no experiment `chat-tp2`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:49
       |
    14 |         experiment: {ground_truth: {experiment: chat-tp2}}
       |                                                 ^^^^^^^^
       |
       = help: did you mean `chat-tp1`?
       = help: experiments: chat-tp1, code-tp2, sweep-tp1
    ");
    assert_snapshot!(filtered("workload: [chat, chatt]").load_error(), @"
    error: axis `experiment` of run `arms`: none of the experiments has the workload `chatt`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:54
       |
    14 |         experiment: {ground_truth: {workload: [chat, chatt]}}
       |                                                      ^^^^^
       |
       = help: did you mean `chat`?
       = help: workloads: chat, code
    ");
    assert_snapshot!(filtered("model: lab/Tiny").load_error(), @"
    error: axis `experiment` of run `arms`: none of the experiments has the model `lab/Tiny`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:44
       |
    14 |         experiment: {ground_truth: {model: lab/Tiny}}
       |                                            ^^^^^^^^
       |
       = help: models: small, tiny
    ");
    assert_snapshot!(filtered("tensor_parallel: 4").load_error(), @"
    error: axis `experiment` of run `arms`: none of the experiments has `tensor_parallel` 4
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:54
       |
    14 |         experiment: {ground_truth: {tensor_parallel: 4}}
       |                                                      ^
       |
       = help: values of tensor_parallel: 1, 2
    ");
    assert_snapshot!(filtered("split: fit").load_error(), @"
    error: axis `experiment` of run `arms`: `fit` is no part of a split
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:44
       |
    14 |         experiment: {ground_truth: {split: fit}}
       |                                            ^^^
       |
       = help: parts of splits: fit.test, fit.train
    ");
    assert_snapshot!(filtered("strategy: constnat").load_error(), @"
    error: axis `experiment` of run `arms`: `constnat` is no strategy
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:47
       |
    14 |         experiment: {ground_truth: {strategy: constnat}}
       |                                               ^^^^^^^^
       |
       = help: did you mean `constant`?
       = help: strategies: concurrent, constant, poisson, synchronous, throughput, trace
    ");
    // Known are those of the experiments that the other filters leave.
    assert_snapshot!(filtered("experiment: chat-tp1, workload: code").load_error(), @"
    error: axis `experiment` of run `arms`: none of the experiments has the workload `code`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:69
       |
    14 |         experiment: {ground_truth: {experiment: chat-tp1, workload: code}}
       |                                                                     ^^^^
       |
       = help: workloads: chat
    ");
}

#[test]
fn filters_that_leave_nothing() {
    assert_snapshot!(filtered("workload: chat, tensor_parallel: 2").load_error(), @"
    error: axis `experiment` of run `arms`: no benchmark of `eval/ground_truth` is what the filters ask for
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {workload: chat, tensor_parallel: 2}}
       |         ^^^^^^^^^^
    ");
    assert_snapshot!(filtered("strategy: poisson").load_error(), @"
    error: axis `experiment` of run `arms`: no benchmark of `eval/ground_truth` is what the filters ask for
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {strategy: poisson}}
       |         ^^^^^^^^^^
    ");
    assert_snapshot!(filtered("workload: []").load_error(), @"
    error: a list of values needs at least one
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:47
       |
    14 |         experiment: {ground_truth: {workload: []}}
       |                                               ^
    ");
}

#[test]
fn filters_are_values() {
    assert_snapshot!(filtered("workloads: chat").load_error(), @"
    error: unknown key `workloads`
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:37
       |
    14 |         experiment: {ground_truth: {workloads: chat}}
       |                                     ^^^^^^^^^
       |
       = help: did you mean `workload`?
       = help: keys here: experiment, workload, model, tensor_parallel, split, strategy
    ");
    assert_snapshot!(filtered("workload: {chat: 1}").load_error(), @"
    error: a value or a list of values is expected here, not a mapping of keys to values
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:47
       |
    14 |         experiment: {ground_truth: {workload: {chat: 1}}}
       |                                               ^^^^^
    ");
    assert_snapshot!(filtered("workload: [[chat]]").load_error(), @"
    error: a number, a word or the name of an axis is expected here, not a list
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:48
       |
    14 |         experiment: {ground_truth: {workload: [[chat]]}}
       |                                                ^^^^^
    ");
    let all = TestProject::measured().edit("{ground_truth: {}}", "{ground_truth: all}");
    assert_snapshot!(all.load_error(), @"
    error: a mapping of keys to values is expected here
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:36
       |
    14 |         experiment: {ground_truth: all}
       |                                    ^^^
       |
       = help: a mapping is written {key: value}, or one key a line, indented by two blanks
    ");
}

#[test]
fn a_number_may_name_an_experiment() {
    let project = TestProject::measured()
        .with_experiment("2026", CONFIG, PROFILE, &synchronous())
        .edit("ground_truth: {}", "ground_truth: {experiment: 2026}");
    let csv = file_text(&project.run(), "results/points.csv");
    assert!(csv.ends_with("\n2026,0,tiny,1,toy\n"), "{csv}");
}

#[test]
fn a_split_is_named_by_its_part() {
    let more = TestProject::measured()
        .with(
            &format!("{GROUND_TRUTH}/splits.yaml"),
            "fit: {train: [chat-tp1], test: [code-tp2]}\nall: {train: [], test: [code-tp2, sweep-tp1]}\n",
        )
        .edit("ground_truth: {}", "ground_truth: {split: all.test}");
    let csv = file_text(&more.run(), "results/points.csv");
    assert_eq!(csv.lines().count(), 5);
    let empty = more.edit("all.test", "all.train");
    assert_snapshot!(empty.load_error(), @"
    error: axis `experiment` of run `arms`: no benchmark of `eval/ground_truth` is what the filters ask for
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {split: all.train}}
       |         ^^^^^^^^^^
    ");
}

#[test]
fn without_ground_truth() {
    let project = TestProject::measured();
    std::fs::remove_dir_all(project.root().join(GROUND_TRUTH)).unwrap();
    assert_snapshot!(project.load_error(), @"
    error: axis `experiment` of run `arms`: eval/ground_truth: cannot list the folder: No such file or directory (os error 2)
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
    ");
    let empty = project.with(&format!("{GROUND_TRUTH}/README.md"), "Nothing yet.\n");
    assert_snapshot!(empty.load_error(), @"
    error: axis `experiment` of run `arms`: `eval/ground_truth` has no experiment: each is a folder of its own
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {}}
       |         ^^^^^^^^^^
    ");
    let split = empty.edit("ground_truth: {}", "ground_truth: {split: fit.train}");
    assert_snapshot!(split.load_error(), @"
    error: axis `experiment` of run `arms`: `eval/ground_truth` has no experiment: each is a folder of its own
      --> hypotheses/H1-longer-cache/hypothesis.yaml:14:9
       |
    14 |         experiment: {ground_truth: {split: fit.train}}
       |         ^^^^^^^^^^
    ");
}
