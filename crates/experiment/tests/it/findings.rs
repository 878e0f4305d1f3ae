//! What the default form of the findings says of a hypothesis.

use insta::assert_snapshot;
use sha2::{Digest, Sha256};

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

    **CONFIRMED.** Every step takes a microsecond or more (observed: 43).

    **Hypothesis** (2026-01-31, structural-model, deterministic): A decode step over a longer KV cache takes longer.

    **Refuted if:** It does not.

    No findings were published for this hypothesis: this verdict is the first.

    Criteria: not locked.

    There is a [warning](#warnings).

    ## Warnings

    - 4 of 4 cells of the run `steps` use MFU look-ups that were not measured (of another shape in 4, clamped to the end of the table in 4)

    ## Checks

    | Check | Role | Claim | Observed | Holds |
    | --- | --- | --- | --- | --- |
    | `takes-time` | acceptance | Every step takes a microsecond or more. | 43 | yes |

    Holds: whether the claim is true of what was observed. An answer in bold speaks against the hypothesis. Roles: acceptance: where it fails the hypothesis is confirmed in part at most.

    ## Results

    ### Step times

    | KV length | requests | step (us) | step, exact (us) |
    | ---: | ---: | ---: | ---: |
    | 64 | 1 | 43 | 42.5984 |
    | 64 | 2 | 71 | 71.3997 |
    | 128 | 1 | 71 | 71.2704 |
    | 128 | 2 | 117 | 116.671 |

    ## Design

    Controlled variables: `model` = tiny, `gpu` = toy, `assumptions.preset` = feb27. All other settings are those of the preset, of the GPU and the defaults.

    Run `steps` (step probe, 4 cells): `requests` decode at KV length `kv`.

    - independent variable `kv` (2 values): 64, 128
    - independent variable `requests` (2 values): 1, 2
    - dependent variables: `step_us`, `step_us_exact`
    ");
    assert!(!findings.contains("## Differences"));
}

#[test]
fn tables_show_their_first_rows() {
    let project = TestProject::new().edit(
        "    title: Step times",
        "    title: Step times\n    rows: 1\n    note: Read me.",
    );
    assert_snapshot!(section(&findings(&project), "### Step times"), @"
    Read me.

    | KV length | requests | step (us) | step, exact (us) |
    | ---: | ---: | ---: | ---: |
    | 64 | 1 | 43 | 42.5984 |

    The first 1 of 4 rows; all in [results/times.csv](results/times.csv).
    ");
    let project = TestProject::new().edit(
        "    title: Step times",
        "    title: Step times\n    rows: 0\n    note: Read me.",
    );
    assert_snapshot!(section(&findings(&project), "## Results"), @"
    Only as files:

    - Step times: 4 rows in [results/times.csv](results/times.csv). Read me.
    ");
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
    | KV \| length | requests | step (us) | step, exact (us) |
    | ---: | ---: | ---: | ---: |
    | 64.0 tokens | 1 | 43 | 43 |
    | 64.0 tokens | 2 | 71 | 71 |
    | 128.0 tokens | 1 | 71 | 71 |
    | 128.0 tokens | 2 | 117 | 117 |
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
    let design = section(&findings, "## Design");
    assert_snapshot!(&design[design.find("Run `steps`").unwrap()..], @"
    Run `steps` (step probe, 800 cells): `requests` prefill of 512 new tokens after 0, 64 ... in steps of 64 cached + `requests` decode at KV length `kv` + for each value one decode at KV length `lens` + for each value one decode at KV length each of 1, 2 + 3 decode at KV length from 8 to 16 in equal steps.

    - independent variable `kv` (100 values): 1, 2, 3 ... 100
    - independent variable `requests` (2 values): 1, 2
    - independent variable `shape` (2 values): even (lens 7 7); uneven (lens 1 13)
    - independent variable `efficiency` (2 values): 0.5, 0.75
    - sets `tensor_parallel` to 2
    - sets `hardware.bandwidth_efficiency` to axis `efficiency`
    - dependent variables: `step_us`
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

    Holds: whether the claim is true of what was observed. An answer in bold speaks against the hypothesis. Roles: acceptance: where it fails the hypothesis is confirmed in part at most.
    ");
}

/// The headings of the findings, in order.
fn headings(findings: &str) -> Vec<&str> {
    let lines = findings.lines();
    lines.filter(|line| line.starts_with("## ")).collect()
}

#[test]
fn sections_of_the_narrative_have_their_places() {
    let project = TestProject::new().with_own(
        "narrative.md.tera",
        "Words of\nthe author.\n\n## How sure\nVery.\n\n## Scope\nOne model.\n\n## A section of its own\nIt takes\n{{ observed(check=\"takes-time\") }}\nus.\n\n\
         ## Mechanism\nBytes.\n\n## What it means\nLittle.\n\n## Key numbers\n- 43 us\n",
    );
    let findings = findings(&project);
    assert_eq!(
        headings(&findings),
        [
            "## Key numbers",
            "## What it means",
            "## A section of its own",
            "## Mechanism",
            "## Scope",
            "## How sure",
            "## Warnings",
            "## Checks",
            "## Results",
            "## Design",
            "## How to reproduce",
        ]
    );
    assert_eq!(
        section(&findings, "## A section of its own"),
        "It takes 43 us."
    );
    let lead = findings.find("\nWords of the author.\n").unwrap();
    assert!(lead < findings.find("**Hypothesis**").unwrap());
}

#[test]
fn key_numbers_are_five_at_most() {
    let numbers = |count| {
        let text = format!("## Key numbers\n{}", "- 43 us\n".repeat(count));
        TestProject::new().with_own("narrative.md.tera", &text)
    };
    assert!(findings(&numbers(5)).contains("## Key numbers\n"));
    assert_snapshot!(numbers(6).run_error(), @"
    error: the section `Key numbers` has 6 items: 5 at most are what a reader keeps in mind
    --> hypotheses/H1-longer-cache/narrative.md.tera
    ");
}

#[test]
fn what_is_not_confirmed_is_called_a_claim() {
    let refuted = TestProject::new().edit("MIN(step_us) >= 1", "MIN(step_us) < 1");
    let refuted = refuted.edit("role: acceptance", "role: primary");
    let findings = findings(&refuted);
    assert!(
        findings.starts_with(
            "# H1: Claim: A longer cache takes longer\n\n**REFUTED.** This had to hold and does not: Every step takes a microsecond or more (observed: 43).\n"
        ),
        "{findings}"
    );
}

#[test]
fn inputs_can_be_checked_with_one_hash() {
    let outcome = TestProject::new().run();
    let inputs = file_text(&outcome, "results/inputs.sha256");
    let hash = Sha256::digest(&inputs)
        .iter()
        .fold(String::new(), |hash, byte| hash + &format!("{byte:02x}"));
    let words = format!(
        "Inputs: {} files, listed with their SHA-256 in [inputs.sha256](results/inputs.sha256), whose own is `{hash}`.",
        inputs.lines().count()
    );
    assert!(
        file_text(&outcome, "FINDINGS.md").contains(&words),
        "{words}"
    );
}
