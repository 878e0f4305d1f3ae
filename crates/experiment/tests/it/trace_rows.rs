//! Runs over measured steps.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use experiment::{Hypothesis, LoadOptions, Outcome, Verdict};
use rayon::ThreadPoolBuilder;

use crate::shared_tables::CsvText;
use crate::step_oracle::StepOracle;
use crate::test_project::{FOLDER, TestProject, file_text};

/// Measured steps beside the same batches as runs of their own.
pub(crate) const HYPOTHESIS: &str = "\
id: H1
title: Steps take as long as they do
family: measurement
type: ground-truth
date: 2026-01-31
statement: Measured steps take longer than no time at all.
refuted_if: They do not.
setup: {gpu: toy, assumptions: {preset: feb27}}
data:
  trace:
    what: Steps of two servers.
    columns:
      experiment: run
      model: {column: served, values: {T: tiny, S: small, M: null}}
      tensor_parallel: tp
      step_id: id
      start_ns: {column: start_us, scale: 1000}
      duration_us: took
      prefill_requests: prompts
      prefill_tokens: new
      decode_tokens: decode
      decode_kv_tokens: kv
runs:
  steps:
    trace: {data: trace}
tables:
  rows:
    title: Steps
    sql: SELECT * FROM steps
checks:
  - id: at-hand
    role: precondition
    claim: A trace is at hand.
    sql: SELECT COUNT(*) > 0 AS holds, COUNT(*) AS observed FROM steps
  - id: takes-time
    role: acceptance
    claim: Every step takes a microsecond or more.
    sql: SELECT MIN(duration_us) >= 1 AS holds, MIN(duration_us) AS observed FROM steps
published:
  verdict: confirmed
  source: A test.
  tables:
    rows: {key: [experiment, step_id], data: trace}
";

/// Three steps of one server, one of another, and one of a third that the mapping leaves out.
pub(crate) const STEPS: &str = "\
run,served,tp,id,start_us,took,prompts,new,decode,kv
a,T,1,1,0,100,1,100,0,0
a,T,1,2,150,40,0,0,4,400
m,M,1,1,0,9,0,0,1,5
b,S,2,7,10,2.5,0,0,8,80
a,T,1,3,200,60,2,51,2,300
";

const PUBLISHED: &str = "experiment,step_id,duration_us\na,1,100\na,2,40\nb,7,2.5\n";

impl TestProject {
    /// A project whose one hypothesis reads a trace.
    pub(crate) fn traced() -> Self {
        Self::new()
            .with_small_model()
            .with_hypothesis(HYPOTHESIS)
            .with_own("published/rows.csv", PUBLISHED)
            .with("steps.csv", STEPS)
    }

    /// The same with nothing published.
    pub(crate) fn traced_unpublished() -> Self {
        let (text, _) = HYPOTHESIS.split_once("published:").unwrap();
        Self::new()
            .with_small_model()
            .with_hypothesis(text)
            .with("steps.csv", STEPS)
    }

    /// The options that name the trace.
    pub(crate) fn with_trace(&self) -> LoadOptions {
        LoadOptions {
            data: [("trace".to_owned(), self.root().join("steps.csv"))].into(),
            ..LoadOptions::default()
        }
    }

    #[track_caller]
    pub(crate) fn load_traced(&self) -> Hypothesis {
        self.load_with(&self.with_trace())
            .unwrap_or_else(|error| panic!("{error}"))
    }

    #[track_caller]
    pub(crate) fn run_traced(&self) -> Outcome {
        let hypothesis = self.load_traced();
        hypothesis.run().unwrap_or_else(|error| panic!("{error}"))
    }

    #[track_caller]
    pub(crate) fn traced_error(&self) -> String {
        match self.load_with(&self.with_trace()) {
            Ok(_) => panic!("the hypothesis loads:\n{}", self.hypothesis()),
            Err(error) => error.to_string(),
        }
    }
}

pub(crate) fn rows(outcome: &Outcome) -> CsvText {
    CsvText::read(&file_text(outcome, "results/rows.csv"))
}

/// Sums and products of a few fractions.
const TOLERANCE: f64 = 1e-12;

#[track_caller]
fn assert_number(table: &CsvText, row: usize, column: &str, expected: f64) {
    let text = table.value(&table.rows[row], column);
    let ours: f64 = text.parse().unwrap();
    assert!(
        (ours - expected).abs() <= TOLERANCE * expected.abs(),
        "{column} of row {row}: {ours}, expected {expected}"
    );
}

#[test]
fn rows_are_the_steps_by_experiment_and_in_the_order_of_the_file() {
    let project = TestProject::traced();
    let outcome = project.run_traced();
    assert_eq!(outcome.verdict, Verdict::Confirmed);
    assert_eq!(outcome.waits_for, [""; 0]);
    assert_eq!(
        (
            outcome.comparison.reproduction.equal,
            outcome.comparison.reproduction.compared()
        ),
        (3, 3)
    );
    let table = rows(&outcome);
    let words = |column: &str| -> Vec<&str> {
        let rows = table.rows.iter();
        rows.map(|row| table.value(row, column)).collect()
    };
    assert_eq!(words("experiment"), ["a", "a", "a", "b"]);
    assert_eq!(words("model"), ["tiny", "tiny", "tiny", "small"]);
    assert_eq!(words("tensor_parallel"), ["1", "1", "1", "2"]);
    assert_eq!(words("step_id"), ["1", "2", "3", "7"]);
    assert_eq!(words("workload"), [""; 4]);
    assert_eq!(words("duration_us"), ["100.0", "40.0", "60.0", "2.5"]);
    assert_eq!(words("interval_us"), ["150.0", "50.0", "", ""]);
    assert_eq!(words("prefill_requests"), ["1", "0", "2", "0"]);
    assert_eq!(words("prefill_tokens"), ["100", "0", "51", "0"]);
    assert_eq!(words("decode_requests"), ["0", "4", "2", "8"]);
    assert_eq!(words("decode_kv_tokens"), ["0.0", "400.0", "300.0", "80.0"]);
    assert!(
        outcome.warnings.iter().any(|warning| warning.what
            == "run `steps`: rows of the trace that its mapping leaves out: 1"),
        "{:?}",
        outcome.warnings
    );
}

/// By hand. `tiny` has 2 layers, d = 128, f = 512 and heads of 128 together on 1e12 FLOP/s: GEMM 2 x 2 x 128 x 128 x 9 =
/// 589824 FLOPs a token, attention 2 x 2 x 128 = 512 a pair, all projections 983040. `small` has 1 layer, d = 64, f = 256 on
/// twice that: 73728 and 128.
#[test]
fn analytical_times_are_the_stated_formulas() {
    let table = rows(&TestProject::traced().run_traced());
    for (row, column, expected) in [
        (0, "analytical_prefill_gemm_us", 58.9824),
        (0, "analytical_prefill_attention_us", 5.12),
        (0, "analytical_decode_gemm_us", 0.0),
        (0, "analytical_decode_attention_us", 0.0),
        (1, "analytical_prefill_gemm_us", 0.0),
        (1, "analytical_decode_gemm_us", 2.359_296),
        (1, "analytical_decode_attention_us", 0.8192),
        (2, "analytical_prefill_gemm_us", 30.081_024),
        (2, "analytical_prefill_attention_us", 1.331_712),
        (2, "analytical_decode_gemm_us", 1.179_648),
        (2, "analytical_decode_attention_us", 0.3072),
        (2, "layer_gemm_us_per_token", 0.983_04),
        (3, "analytical_decode_gemm_us", 0.294_912),
        (3, "analytical_decode_attention_us", 0.040_96),
    ] {
        assert_number(&table, row, column, expected);
    }
}

#[test]
fn predictions_are_those_of_the_same_batch() {
    let project = TestProject::traced_unpublished().edit(
        "tables:\n  rows:\n",
        "  prefill: {step: {setup: {model: tiny}, batch: {prefill: [{new: 100}]}}}
  decode: {step: {setup: {model: tiny}, batch: {decode: [{kv: 100, count: 4}]}}}
  mixed: {step: {setup: {model: tiny}, batch: {prefill: [{new: 26}, {new: 25}], decode: [{kv: 150, count: 2}]}}}
  other: {step: {setup: {model: small, tensor_parallel: 2}, batch: {decode: [{kv: 10, count: 8}]}}}
tables:
  alone:
    title: The same batches
    sql: >
      SELECT 0 AS place, step_us_exact, hardware_us, memory_us, regime FROM prefill
      UNION ALL SELECT 1 AS place, step_us_exact, hardware_us, memory_us, regime FROM decode
      UNION ALL SELECT 2 AS place, step_us_exact, hardware_us, memory_us, regime FROM mixed
      UNION ALL SELECT 3 AS place, step_us_exact, hardware_us, memory_us, regime FROM other
      ORDER BY place
  rows:
",
    );
    let outcome = project.run_traced();
    let steps = rows(&outcome);
    let alone = CsvText::read(&file_text(&outcome, "results/alone.csv"));
    for (step, batch) in steps.rows.iter().zip(&alone.rows) {
        for (ours, theirs) in [
            ("predicted_us", "step_us_exact"),
            ("predicted_hardware_us", "hardware_us"),
            ("predicted_memory_us", "memory_us"),
            ("predicted_regime", "regime"),
        ] {
            assert_eq!(steps.value(step, ours), alone.value(batch, theirs));
        }
    }
    assert_eq!(alone.rows.len(), 4);
    // And straight from the model.
    let oracle = StepOracle::of(&project);
    for (row, prefill, decode) in [
        (0, &[(0, 100)][..], &[][..]),
        (1, &[], &[100; 4]),
        (2, &[(0, 26), (0, 25)], &[150; 2]),
    ] {
        let expected = oracle.step_ms(prefill, decode) * 1000.0;
        assert_number(&steps, row, "predicted_us", expected);
    }
}

#[test]
fn kv_lengths_that_are_not_recorded_are_shares_of_the_cache() {
    // Of 40 blocks of 16 tokens half are in use: 320 tokens of 4 requests, 80 each.
    let project = TestProject::traced_unpublished()
        .edit(
            "      decode_kv_tokens: kv\n",
            "      kv_usage: {constant: 0.5}\n      kv_blocks: {constant: 40}\n",
        )
        .with(
            "steps.csv",
            "run,served,tp,id,start_us,took,prompts,new,decode\n\
             a,T,1,1,0,1,0,0,4\na,T,1,2,1,1,1,100,3\na,T,1,3,2,1,0,0,0\n",
        );
    let steps = rows(&project.run_traced());
    let oracle = StepOracle::of(&project);
    assert_number(&steps, 0, "decode_kv_tokens", 320.0);
    let expected = oracle.step_ms(&[], &[80; 4]) * 1000.0;
    assert_number(&steps, 0, "predicted_us", expected);
    // The prompt has 100 tokens, more than its share: nothing of it is cached.
    assert_number(&steps, 1, "decode_kv_tokens", 240.0);
    let expected = oracle.step_ms(&[(0, 100)], &[80; 3]) * 1000.0;
    assert_number(&steps, 1, "predicted_us", expected);
    // An empty step has no time.
    assert_eq!(steps.value(&steps.rows[2], "predicted_us"), "");
    assert_eq!(steps.value(&steps.rows[2], "decode_kv_tokens"), "0.0");
}

#[test]
fn without_kv_lengths_a_step_that_decodes_has_no_prediction() {
    let project = TestProject::traced().edit("      decode_kv_tokens: kv\n", "");
    let steps = rows(&project.run_traced());
    let column = |name: &str| -> Vec<bool> {
        let rows = steps.rows.iter();
        rows.map(|row| steps.value(row, name).is_empty()).collect()
    };
    let decodes = [false, true, true, true];
    assert_eq!(column("decode_kv_tokens"), decodes);
    assert_eq!(column("analytical_decode_attention_us"), decodes);
    assert_eq!(column("predicted_us"), decodes);
    assert_eq!(column("predicted_regime"), decodes);
    assert_eq!(column("analytical_decode_gemm_us"), [false; 4]);
}

#[test]
fn axes_multiply_the_steps() {
    let project = TestProject::traced_unpublished().edit(
        "trace: {data: trace}",
        "trace: {data: trace, vary: {layer_us: [0, 10]}, setup: {hardware: {per_layer_overhead_us: layer_us}}}",
    );
    // Every step of an experiment, then the same with the next value of the axis.
    let steps = rows(&project.run_traced());
    let cells: Vec<String> = steps
        .rows
        .iter()
        .map(|row| {
            ["experiment", "layer_us", "step_id"]
                .map(|column| steps.value(row, column))
                .join(" ")
        })
        .collect();
    assert_eq!(
        cells,
        [
            "a 0 1", "a 0 2", "a 0 3", "a 10 1", "a 10 2", "a 10 3", "b 0 7", "b 10 7"
        ]
    );
    // Ten microseconds for each of two layers, and of one layer over two GPUs.
    for (without, with, overhead) in [(0, 3, 20.0), (1, 4, 20.0), (2, 5, 20.0), (6, 7, 5.0)] {
        let us = |row: usize| -> f64 {
            let text = steps.value(&steps.rows[row], "predicted_us");
            text.parse().unwrap()
        };
        assert!((us(with) - us(without) - overhead).abs() < 1e-9);
        let hardware = |row: usize| steps.value(&steps.rows[row], "predicted_hardware_us");
        assert_eq!(hardware(with), hardware(without));
    }
}

#[test]
fn a_setup_of_the_run_stands_above_the_trace() {
    let project = TestProject::traced().edit(
        "trace: {data: trace}",
        "trace: {data: trace, setup: {model: tiny, tensor_parallel: 1}}",
    );
    let steps = rows(&project.run_traced());
    // Eight tokens of `tiny` on one GPU, whatever was served.
    assert_number(&steps, 3, "analytical_decode_gemm_us", 4.718_592);
    assert_eq!(steps.value(&steps.rows[3], "model"), "small");
}

#[test]
fn without_the_trace_nothing_is_decided_and_the_findings_say_why() {
    let project = TestProject::traced();
    let outcome = project.run();
    assert_eq!(outcome.verdict, Verdict::Inconclusive);
    assert_eq!(outcome.waits_for, ["trace"]);
    assert!(!outcome.is_decided());
    let comparison = &outcome.comparison;
    assert_eq!(
        (
            comparison.reproduction.equal,
            comparison.reproduction.compared()
        ),
        (0, 0)
    );
    assert_eq!(
        comparison.waiting,
        [("the data `trace`".to_owned(), 3)].into()
    );
    assert_eq!(outcome.drift().len(), 0);
    let table = rows(&outcome);
    assert_eq!(table.rows.len(), 0);
    let findings = file_text(&outcome, "FINDINGS.md");
    for words in [
        "The data `trace` is not at hand: Steps of two servers. It is given by `rooflab run H1 --data trace=FILE`.",
        "3 more need the data `trace`",
        "Nothing can be said as long as this does not hold: A trace is at hand (observed: 0).",
        "Without the data these tables have no row:\n\n- Steps\n",
    ] {
        assert!(findings.contains(words), "{words} in\n{findings}");
    }
    let with = file_text(&project.run_traced(), "FINDINGS.md");
    assert!(
        with.contains("The data `trace` is `steps.csv`: Steps of two servers."),
        "{with}"
    );
    // No path of the machine, but the hash of the file.
    let root = project.root().display().to_string();
    assert!(!with.contains(&root), "{with}");
    assert!(with.contains("`steps.csv`"), "{with}");
}

#[test]
fn a_trace_may_stand_beside_the_hypothesis() {
    let project = TestProject::traced()
        .edit(
            "    what: Steps of two servers.\n",
            "    what: Steps of two servers.\n    file: measured/steps.csv\n",
        )
        .with_own("measured/steps.csv", STEPS);
    assert_eq!(project.run().verdict, Verdict::Confirmed);
    // What is named stands above it.
    let project = project.with("steps.csv", STEPS.replace(",2.5,", ",0.5,"));
    assert_eq!(project.run_traced().verdict, Verdict::PartiallyConfirmed);
    fs::remove_file(project.own_folder().join("measured/steps.csv")).unwrap();
    let error = project.load_error();
    assert!(
        error.contains("data `trace`: ") && error.contains("steps.csv: cannot be read"),
        "{error}"
    );
    assert!(
        error.contains(&format!("{FOLDER}/hypothesis.yaml:12")),
        "{error}"
    );
}

#[test]
fn every_column_is_documented() {
    let table = rows(&TestProject::traced().run_traced());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/columns.md");
    let page = fs::read_to_string(path).unwrap();
    let (_, section) = page.split_once("## `trace`").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let named = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let expected: Vec<&str> = ["experiment", "model", "tensor_parallel"]
        .into_iter()
        .chain(named)
        .collect();
    assert_eq!(table.header, expected);
}

#[test]
fn a_trace_does_not_depend_on_the_pool() {
    let mut text = "run,served,tp,id,start_us,took,prompts,new,decode,kv\n".to_owned();
    for id in 0..20_000 {
        let (run, served, tp) = [("a", "T", 1), ("b", "S", 2)][id % 2];
        let decode = id % 17 + 1;
        let kv = decode * (id % 900 + 1);
        writeln!(
            text,
            "{run},{served},{tp},{id},{},{}.5,1,{},{decode},{kv}",
            id * 7,
            id % 13,
            id % 300 + 1
        )
        .unwrap();
    }
    let project = TestProject::traced_unpublished().with("steps.csv", text);
    let hypothesis = project.load_traced();
    let files = |threads: usize| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build();
        let run = || hypothesis.run().unwrap_or_else(|error| panic!("{error}"));
        pool.unwrap().install(run).files
    };
    let one = files(1);
    for threads in [2, 7] {
        assert!(files(threads) == one, "{threads}");
    }
}
