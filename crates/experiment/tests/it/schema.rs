//! The JSON Schema takes what the reader takes, and refuses slips that an editor should underline.

use std::fs;

use experiment::{Example, create_hypothesis, hypothesis_schema};
use jsonschema::Validator;
use serde_json::Value;

use crate::real_hypotheses::repository;
use crate::test_project::{HYPOTHESIS, TestProject};

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(&hypothesis_schema().unwrap()).unwrap();
    jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{error}"));
    jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{error}"))
}

fn problems(text: &str) -> Vec<String> {
    let options = serde_yaml::options! { strict_booleans: true };
    let value: Value = serde_yaml::from_str_with_options(text, options).unwrap();
    validator()
        .iter_errors(&value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn real_hypotheses_fit() {
    let mut checked = 0;
    for entry in fs::read_dir(repository().join("hypotheses")).unwrap() {
        let path = entry.unwrap().path().join("hypothesis.yaml");
        if path.is_file() {
            let text = fs::read_to_string(&path).unwrap();
            assert_eq!(problems(&text), [] as [&str; 0], "{}", path.display());
            checked += 1;
        }
    }
    assert!(checked >= 3);
}

#[test]
fn a_new_hypothesis_fits() {
    for example in [Example::Steps, Example::Measured] {
        let project = TestProject::new();
        let files =
            create_hypothesis(&project.project(), "H99", "new", "2026-11-20", example).unwrap();
        let text = fs::read_to_string(project.root().join(&files[0])).unwrap();
        assert_eq!(problems(&text), [] as [&str; 0], "{example:?}");
    }
}

/// Edits that the reader takes.
const TAKEN: &[(&str, &str)] = &[
    ("id: H1", "id: H1"),
    (
        "kv: [64, 128]",
        "kv: {cases: {a: {length: 64}, b: {length: 128}}}",
    ),
    ("kv: [64, 128]", "kv: {cases: {a: {lengths: [64, 128]}}}"),
    ("kv: [64, 128]", "kv: [0.5, 1]"),
    ("kv: [64, 128]", "kv: [a, b]"),
    ("kv: [64, 128]", "kv: {range: [0, 1, 0.1]}"),
    ("kv: kv,", "kv: {linspace: [64, 128]},"),
    ("kv: kv,", "kv: {start: 64, step: 1},"),
    ("{kv: kv, count: requests}", "{kv: [64, 128]}"),
    (
        "      batch:",
        "      setup: {assumptions: {decode_attention_mfu: method}, hardware: {peak_tflops: kv}}\n      batch:",
    ),
    (
        "      batch:",
        "      setup: {assumptions: {preset: feb24, factors: {causal_divisor: 2}}, tensor_parallel: requests}\n      batch:",
    ),
    (
        "kv: [64, 128]",
        "kv: {sql: SELECT kv_max AS value FROM others}",
    ),
    (
        "kv: [64, 128]",
        "kv: {ground_truth: {workload: chat, tensor_parallel: [1, 2]}}",
    ),
    ("setup:\n", "max_cells: 5\nsetup:\n"),
    (
        "{label: KV length}",
        "{label: KV length, digits: 2, suffix: x}",
    ),
    (
        "    title: Step times",
        "    title: Step times\n    note: A note.\n    rows: 5",
    ),
    (
        "    role: acceptance",
        "    role: acceptance\n    digits: 2\n    suffix: x",
    ),
    (
        "    role: acceptance",
        "    role: acceptance\n    interval: {table: times, of: {mean: step_us}}",
    ),
    (
        "    role: acceptance",
        "    role: acceptance\n    interval: {table: times, of: {difference: [step_us, kv]}, level: 0.9, resamples: 100, seed: 1}",
    ),
    (
        "    role: acceptance",
        "    role: acceptance\n    interval: {table: steps, of: {correlation: [step_us, kv]}, block: 2}",
    ),
    (
        "    role: acceptance",
        "    role: acceptance\n    interval: {table: times, of: {difference_of_groups: {column: kv, by: kind, groups: [a, b]}}}",
    ),
];

#[test]
fn what_the_reader_takes_fits() {
    for (from, to) in TAKEN {
        assert_eq!(HYPOTHESIS.matches(from).count(), 1, "{from}");
        let text = HYPOTHESIS.replace(from, to);
        assert_eq!(problems(&text), [] as [&str; 0], "{to}");
    }
    let more = "plots:
  - line: {table: times, x: kv, y: [step_us], title: T, log: [x]}
  - heatmap: {table: times, x: kv, y: requests, value: step_us, title: T}
published:
  verdict: partially-confirmed
  source: A page.
  verdict_differs: Because.
  tables:
    times:
      key: [kv, requests]
      tolerance: {step_us: 0, step_us_exact: 0.5}
      differences:
        - {row: {kv: 64, requests: 1}, column: step_us, why: Because.}
        - {column: step_us_exact, why: All of it.}
";
    assert_eq!(problems(&format!("{HYPOTHESIS}{more}")), [] as [&str; 0]);
}

/// Keys of a `serve` run that the reader takes.
const SERVE: &[&str] = &[
    "",
    "        x: {sql: SELECT 1 AS value}\n      seed: x\n",
    "        x: [1.5, 2]\n      overhead: {decode_us: x, prefill_us: 3, mixed_us: 0.5}\n",
    "        x: [16, 32]\n      server: {block_size: x, kv_blocks: 100, max_num_seqs: 8, max_num_batched_tokens: 64, max_model_len: 4096}\n",
    "      server: {gpu_memory_utilization: 0.5, chunked_prefill: false, prefix_caching: true}\n",
    "        x: [stratified, seeded]\n      lengths: x\n      arrivals: as-configured\n",
    "      lengths: seeded\n      arrivals: constant-at-measured-rate\n      seed: 7\n",
    "      setup: {model: tiny, tensor_parallel: 1, gpu: toy, hardware: {per_layer_overhead_us: 1}}\n",
    "        arm: {cases: {a: {us: 1}, b: {us: 2}}}\n      overhead: {mixed_us: us}\n",
];

/// Filters over the ground truth that the reader takes.
const FILTERS: &[&str] = &[
    "experiment: chat-tp1",
    "experiment: [chat-tp1, code-tp2], model: [tiny, small]",
    "workload: chat, tensor_parallel: 1, strategy: [synchronous, constant], split: fit.train",
    "split: [fit.train, fit.test], tensor_parallel: [1, 2]",
];

/// Keys of a `serve` run and filters that the reader refuses.
const SERVE_SLIPS: &[(&str, &str)] = &[
    ("{ground_truth: {}}", "{ground_truth: all}"),
    ("{ground_truth: {}}", "{ground_truth: [chat-tp1]}"),
    (
        "{ground_truth: {}}",
        "{ground_truth: {}, sql: SELECT 1 AS value}",
    ),
    ("{ground_truth: {}}", "{ground_truth: {workloads: chat}}"),
    ("{ground_truth: {}}", "{ground_truth: {workload: []}}"),
    (
        "{ground_truth: {}}",
        "{ground_truth: {workload: {chat: 1}}}",
    ),
    ("{ground_truth: {}}", "{ground_truth: {workload: [[chat]]}}"),
    ("{ground_truth: {}}", "{sql: [SELECT 1 AS value]}"),
    (
        "{ground_truth: {}}\n",
        "{ground_truth: {}}\n      overheads: {decode_us: 1}\n",
    ),
    (
        "{ground_truth: {}}\n",
        "{ground_truth: {}}\n      overhead: {decode: 1}\n",
    ),
    (
        "{ground_truth: {}}\n",
        "{ground_truth: {}}\n      overhead: 5\n",
    ),
    (
        "{ground_truth: {}}\n",
        "{ground_truth: {}}\n      server: {seqs: 1}\n",
    ),
    (
        "{ground_truth: {}}\n",
        "{ground_truth: {}}\n      server: {block_size: [16]}\n",
    ),
    (
        "{ground_truth: {}}\n",
        "{ground_truth: {}}\n      lengths: 5\n",
    ),
    (
        "{ground_truth: {}}\n",
        "{ground_truth: {}}\n      arrivals: true\n",
    ),
    (
        "{ground_truth: {}}\n",
        "{ground_truth: {}}\n      seed: [1]\n",
    ),
    (
        "{ground_truth: {}}\n",
        "{ground_truth: {}}\n      batch: {}\n",
    ),
    (
        "      vary:\n        experiment: {ground_truth: {}}\n",
        "      seed: 1\n",
    ),
];

#[test]
fn runs_over_measured_benchmarks_fit() {
    for keys in SERVE {
        let all = "        experiment: {ground_truth: {}}\n";
        let project = TestProject::measured().edit(all, &format!("{all}{keys}"));
        project.load().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(problems(project.hypothesis()), [] as [&str; 0], "{keys}");
    }
    for filter in FILTERS {
        let filtered = format!("ground_truth: {{{filter}}}");
        let project = TestProject::measured().edit("ground_truth: {}", &filtered);
        project.load().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(problems(project.hypothesis()), [] as [&str; 0], "{filter}");
    }
}

#[test]
fn slips_in_runs_over_measured_benchmarks_do_not_fit() {
    for (from, to) in SERVE_SLIPS {
        let project = TestProject::measured().edit(from, to);
        project.load_error();
        assert_ne!(problems(project.hypothesis()), [] as [&str; 0], "{to}");
    }
}

/// Slips that the reader refuses as well.
const SLIPS: &[(&str, &str)] = &[
    ("statement: A", "statment: A"),
    ("title: A longer cache takes longer\n", ""),
    ("family: structural-model", "family: structural"),
    ("type: deterministic", "type: random"),
    ("    role: acceptance", "    role: accept"),
    ("    role: acceptance\n", ""),
    ("    title: Step times", "    titel: Step times"),
    ("    step:\n", "    setp:\n"),
    ("{range: [1, 2]}", "{rnage: [1, 2]}"),
    ("{range: [1, 2]}", "{range: [1]}"),
    ("{range: [1, 2]}", "{range: [1, 2], cases: {}}"),
    ("{range: [1, 2]}", "{}"),
    ("kv: [64, 128]", "kv: 64"),
    ("kv: [64, 128]", "kv: [[64]]"),
    ("count: requests", "cuont: requests"),
    ("{kv: kv, count: requests}", "{count: requests}"),
    ("kv: kv,", "kv: -1,"),
    ("kv: kv,", "kv: {linspace: [1]},"),
    ("kv: kv,", "kv: {start: 1},"),
    ("{preset: feb27}", "{prest: feb27}"),
    ("{preset: feb27}", "{preset: feb72}"),
    ("{preset: feb27}", "{mixed_batch: weighted}"),
    ("gpu: toy", "gpu: toy\n  tensorparallel: 2"),
    ("gpu: toy", "gpu: toy\n  hardware: {peak_flops: 2}"),
    ("{label: KV length}", "{lable: KV length}"),
    ("{label: KV length}", "{digits: many}"),
    ("{label: KV length}", "{digits: -1}"),
    ("setup:\n", "max_cells: many\nsetup:\n"),
    (
        "    role: acceptance",
        "    role: acceptance\n    interval: {table: times, of: {mean: [step_us]}}",
    ),
    (
        "    role: acceptance",
        "    role: acceptance\n    interval: {table: times, of: {difference: [step_us]}}",
    ),
    (
        "    role: acceptance",
        "    role: acceptance\n    interval: {table: times, of: {median: step_us}}",
    ),
    (
        "    role: acceptance",
        "    role: acceptance\n    interval: {table: times, of: {mean: step_us}, level: high}",
    ),
    (
        "    role: acceptance",
        "    role: acceptance\n    interval: {table: times}",
    ),
    (
        "    role: acceptance",
        "    role: acceptance\n    interval: {table: times, of: {mean: step_us, correlation: [kv, step_us]}}",
    ),
];

#[test]
fn slips_do_not_fit() {
    for (from, to) in SLIPS {
        let project = TestProject::new().edit(from, to);
        project.load_error();
        let text = HYPOTHESIS.replace(from, to);
        assert_ne!(problems(&text), [] as [&str; 0], "{to}");
    }
    for more in [
        "plots: [{pie: {table: times}}]\n",
        "plots: [{line: {table: times, x: kv, y: step_us, title: T}}]\n",
        "plots: [{line: {table: times, x: kv, y: [step_us], title: T, log: [z]}}]\n",
        "published: {verdict: yes, source: A page.}\n",
        "published: {verdict: confirmed}\n",
        "published: {verdict: confirmed, source: A page., tables: {times: {keys: [kv]}}}\n",
    ] {
        TestProject::new().append(more).load_error();
        assert_ne!(
            problems(&format!("{HYPOTHESIS}{more}")),
            [] as [&str; 0],
            "{more}"
        );
    }
}

#[test]
fn the_committed_schema_is_that_of_the_code() {
    let committed = fs::read_to_string(repository().join("hypotheses/hypothesis.schema.json"));
    assert_eq!(committed.unwrap(), hypothesis_schema().unwrap());
}
