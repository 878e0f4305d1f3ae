//! What the default form of the findings says of a hypothesis.

use insta::assert_snapshot;

use crate::test_project::{TestProject, file_text};

fn findings(project: &TestProject) -> String {
    file_text(&project.run(), "FINDINGS.md")
}

/// The findings from one heading to the next, without those below it.
#[track_caller]
fn section(findings: &str, heading: &str) -> String {
    assert!(findings.lines().any(|line| line == heading), "{findings}");
    let lines: Vec<&str> = findings
        .lines()
        .skip_while(|line| *line != heading)
        .skip(1)
        .take_while(|line| !line.starts_with('#'))
        .collect();
    lines.join("\n").trim().to_owned()
}

#[test]
fn a_hypothesis_without_published_values() {
    let findings = findings(&TestProject::new());
    assert_snapshot!(&findings[..findings.find("## How to reproduce").unwrap()], @"
    # H1: A longer cache takes longer

    **Status: CONFIRMED**, decided by the checks below.

    No findings were published for this hypothesis: this verdict is the first.

    Hypothesis of 2026-01-31. Family: structural-model. Type: deterministic.

    Criteria: not locked.

    ## Hypothesis

    A decode step over a longer KV cache takes longer.

    **Refuted if:** It does not.

    ## Checks

    | Check | Role | Claim | Observed | Holds |
    | --- | --- | --- | --- | --- |
    | `takes-time` | acceptance | Every step takes a microsecond or more. | 43 | yes |

    ## Results

    ### Step times

    | KV length | requests | step_us | step_us_exact |
    | ---: | ---: | ---: | ---: |
    | 64 | 1 | 43 | 42.5984 |
    | 64 | 2 | 71 | 71.3997 |
    | 128 | 1 | 71 | 71.2704 |
    | 128 | 2 | 117 | 116.671 |

    Every digit: [results/times.csv](results/times.csv).

    ## Warnings

    - 4 of 4 cells of the run `steps` use MFU look-ups that were not measured (of another shape in 4, clamped to the end of the table in 4)

    ## Design as run

    Constants of all runs:

    | Setting | Value | From |
    | --- | --- | --- |
    | `model` | tiny | hypothesis |
    | `gpu` | toy | hypothesis |
    | `tensor_parallel` | 1 | default |
    | `assumptions.preset` | feb27 | hypothesis |
    | `assumptions.mfu_lookup` | interpolated | preset feb27 |
    | `assumptions.gemm_time` | weight-floor | preset feb27 |
    | `assumptions.decode_attention_flops` | per-request | preset feb27 |
    | `assumptions.decode_attention_mfu` | weighted | preset feb27 |
    | `assumptions.prefill_context` | actual | preset feb27 |
    | `assumptions.mixed_batch` | max | preset feb27 |
    | `assumptions.lm_head` | excluded | preset feb27 |
    | `assumptions.factors.kv_read_one_token` | 0.8 | preset feb27 |
    | `assumptions.factors.kv_read_many_tokens` | 0.92 | preset feb27 |
    | `assumptions.factors.activation_one_token` | 0.75 | preset feb27 |
    | `assumptions.factors.activation_many_tokens` | 0.85 | preset feb27 |
    | `assumptions.factors.causal_divisor` | 1.8 | preset feb27 |
    | `hardware.peak_tflops` | 1 TFLOP/s | bench_data/toy/gpu.yaml |
    | `hardware.bandwidth_tb_per_s` | 0.1 TB/s | bench_data/toy/gpu.yaml |
    | `hardware.bandwidth_efficiency` | 1 | default |
    | `hardware.per_layer_overhead_us` | 0 us | default |

    Run `steps` (step probe, 4 cells): `requests` decode at KV length `kv`.

    - varies `kv` (2 values): 64, 128
    - varies `requests` (2 values): 1, 2
    ");
    assert!(!findings.contains("Published against computed"));
}

#[test]
fn tables_show_their_first_rows() {
    let project = TestProject::new().edit(
        "    title: Step times",
        "    title: Step times\n    rows: 1\n    note: Read me.",
    );
    assert_snapshot!(section(&findings(&project), "### Step times"), @"
    Read me.

    | KV length | requests | step_us | step_us_exact |
    | ---: | ---: | ---: | ---: |
    | 64 | 1 | 43 | 42.5984 |

    The first 1 of 4 rows; all in [results/times.csv](results/times.csv).
    ");
    let project = TestProject::new().edit(
        "    title: Step times",
        "    title: Step times\n    rows: 0",
    );
    assert_snapshot!(section(&findings(&project), "### Step times"), @"4 rows in [results/times.csv](results/times.csv).");
}

#[test]
fn a_table_without_rows_shows_its_columns() {
    let project = TestProject::new()
        .edit("FROM steps\n", "FROM steps WHERE kv > 1000\n")
        .edit(
            "SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times",
            "SELECT COUNT(*) = 0 AS holds, COUNT(*) AS observed FROM times",
        );
    let outcome = project.run();
    assert_eq!(
        file_text(&outcome, "results/times.csv"),
        "kv,requests,step_us,step_us_exact\n"
    );
    assert_snapshot!(section(&file_text(&outcome, "FINDINGS.md"), "### Step times"), @"No row. The columns are in [results/times.csv](results/times.csv).");
}

#[test]
fn columns_are_shown_as_their_table_says() {
    let project = TestProject::new().edit(
        "      kv: {label: KV length}",
        "      kv: {label: \"KV | length\", digits: 1, suffix: \" tokens\"}\n      step_us_exact: {digits: 0}",
    );
    assert_snapshot!(section(&findings(&project), "### Step times"), @r"
    | KV \| length | requests | step_us | step_us_exact |
    | ---: | ---: | ---: | ---: |
    | 64.0 tokens | 1 | 43 | 43 |
    | 64.0 tokens | 2 | 71 | 71 |
    | 128.0 tokens | 1 | 71 | 71 |
    | 128.0 tokens | 2 | 117 | 117 |

    Every digit: [results/times.csv](results/times.csv).
    ");
}

#[test]
fn figures_have_a_format_each() {
    let project = TestProject::new().edit(
        "checks:\n",
        "  numbers:
    title: Numbers
    figures:
      - {name: a half, sql: SELECT 0.5 AS value, digits: 2, suffix: x}
      - {name: a million, sql: SELECT 1000000 AS value}
      - {name: a third, sql: SELECT 1.0 / 3 AS value}
      - {name: next to nothing, sql: SELECT -0.001 AS value, digits: 1}
checks:
",
    );
    let outcome = project.run();
    assert_snapshot!(section(&file_text(&outcome, "FINDINGS.md"), "### Numbers"), @"
    | figure | value |
    | --- | ---: |
    | a half | 0.50x |
    | a million | 1,000,000 |
    | a third | 0.333333 |
    | next to nothing | 0.0 |

    Every digit: [results/numbers.csv](results/numbers.csv).
    ");
    assert_snapshot!(file_text(&outcome, "results/numbers.csv"), @"
    figure,value
    a half,0.5
    a million,1000000.0
    a third,0.3333333333333333
    next to nothing,-0.001
    ");
}

#[test]
fn the_design_names_what_varies_and_what_a_run_sets() {
    let project = TestProject::new()
        .edit(
            "      vary:\n        kv: [64, 128]\n        requests: {range: [1, 2]}\n      batch: {decode: [{kv: kv, count: requests}]}",
            "      vary:
        kv: {range: [1, 100]}
        requests: [1, 2]
        shape: {cases: {even: {lens: [7, 7]}, uneven: {lens: [1, 13]}}}
        efficiency: [0.5, 0.75]
      setup: {tensor_parallel: 2, hardware: {bandwidth_efficiency: efficiency}}
      batch:
        prefill: [{new: 512, cached: {start: 0, step: 64}, count: requests}]
        decode: [{kv: kv, count: requests}, {kv: lens}, {kv: [1, 2]}, {kv: {linspace: [8, 16]}, count: 3}]",
        )
        .edit(
            "SELECT kv, requests, step_us, step_us_exact FROM steps",
            "SELECT kv, requests, step_us FROM steps WHERE kv < 2 AND shape = 'even' AND efficiency = 0.5",
        );
    let findings = findings(&project);
    let design = section(&findings, "## Design as run");
    assert_snapshot!(&design[design.find("Run `steps`").unwrap()..], @"
    Run `steps` (step probe, 800 cells): `requests` prefill of 512 new tokens after 0, 64 ... in steps of 64 cached + `requests` decode at KV length `kv` + for each value one decode at KV length `lens` + for each value one decode at KV length each of 1, 2 + 3 decode at KV length from 8 to 16 in equal steps.

    - varies `kv` (100 values): 1, 2, 3 ... 100
    - varies `requests` (2 values): 1, 2
    - varies `shape` (2 values): even (lens 7 7); uneven (lens 1 13)
    - varies `efficiency` (2 values): 0.5, 0.75
    - sets `tensor_parallel` to 2
    - sets `hardware.bandwidth_efficiency` to axis `efficiency`
    ");
}

#[test]
fn text_cannot_break_out_of_its_cell() {
    let project = TestProject::new().edit(
        "claim: Every step takes a microsecond or more.",
        "claim: \"A | pipe and\\na line, {{ verdict }} and <b>tags</b>.\"",
    );
    assert_snapshot!(section(&findings(&project), "## Checks"), @r"
    | Check | Role | Claim | Observed | Holds |
    | --- | --- | --- | --- | --- |
    | `takes-time` | acceptance | A \| pipe and a line, {{ verdict }} and \<b>tags\</b>. | 43 | yes |
    ");
}
