//! A project with ground truth: three experiments, and a hypothesis that simulates all of them.

use crate::test_project::TestProject;

/// A hypothesis that is in order and CONFIRMED: every benchmark of the ground truth has a row.
const HYPOTHESIS: &str = "\
id: H1
title: The model predicts what was measured
family: serving
type: ground-truth
date: 2026-01-31
statement: Every benchmark can be simulated.
refuted_if: It cannot.
setup:
  assumptions: {preset: feb27}
runs:
  arms:
    serve:
      vary:
        experiment: {ground_truth: {}}
tables:
  points:
    title: Measured and predicted
    sql: SELECT experiment, benchmark, model, tensor_parallel, gpu FROM arms
checks:
  - id: has-rows
    role: acceptance
    claim: There are rows.
    sql: SELECT COUNT(*) > 0 AS holds, COUNT(*) AS observed FROM points
";

/// What the server was, in exp-config.yaml.
pub(crate) const CONFIG: &str = "\
model: lab/Tiny
tensor_parallelism: 1
gpu: toy
app: chat
";

/// Three requests one after the other, with 100 tokens to read and 5 to write.
pub(crate) const PROFILE: &str = "\
rate-type: synchronous
max-requests: 3
data:
  prompt_tokens: 100
  output_tokens: 5
";

/// The folder of the ground truth.
pub(crate) const GROUND_TRUTH: &str = "eval/ground_truth";

/// A report of GuideLLM 0.8 with these benchmarks.
pub(crate) fn report(benchmarks: &[String]) -> String {
    format!(
        "{{\"metadata\": {{\"version\": 2}}, \"benchmarks\": [{}]}}\n",
        benchmarks.join(", ")
    )
}

/// A benchmark that states means alone: TTFT and TPOT in milliseconds, E2E in seconds.
pub(crate) fn means(strategy: &str, ttft_ms: f64, tpot_ms: f64, e2e_s: f64) -> String {
    let figure = |mean: f64| format!("{{\"successful\": {{\"mean\": {mean}}}}}");
    format!(
        "{{\"config\": {{\"strategy\": {strategy}}}, \"metrics\": {{
          \"time_to_first_token_ms\": {}, \"time_per_output_token_ms\": {}, \"request_latency\": {}}}}}",
        figure(ttft_ms),
        figure(tpot_ms),
        figure(e2e_s)
    )
}

/// A request that was recorded, with times in seconds after the report's beginning.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recorded {
    pub(crate) start_s: f64,
    pub(crate) first_token_s: f64,
    pub(crate) end_s: f64,
    pub(crate) prompt_tokens: u32,
    pub(crate) output_tokens: u32,
}

/// A benchmark that lists all of its requests.
pub(crate) fn requests(strategy: &str, recorded: &[Recorded]) -> String {
    let listed: Vec<String> = recorded
        .iter()
        .map(|request| {
            // 2026-01-31 in seconds since the Unix epoch.
            let at = |seconds: f64| 1_769_817_600.0 + seconds;
            format!(
                "{{\"prompt_tokens\": {}, \"output_tokens\": {}, \"info\": {{\"timings\": {{
                  \"request_start\": {}, \"first_token_iteration\": {}, \"last_token_iteration\": {}, \"request_end\": {}}}}}}}",
                request.prompt_tokens,
                request.output_tokens,
                at(request.start_s),
                at(request.first_token_s),
                at(request.end_s),
                at(request.end_s),
            )
        })
        .collect();
    format!(
        "{{\"config\": {{\"strategy\": {strategy}}}, \"requests\": {{\"successful\": [{}]}}}}",
        listed.join(", ")
    )
}

/// One request at a time.
pub(crate) const SYNCHRONOUS: &str = r#"{"type_": "synchronous"}"#;

/// The report of a synchronous benchmark: TTFT 0.5 ms, TPOT 0.25 ms, E2E 1.25 ms.
pub(crate) fn synchronous() -> String {
    report(&[means(SYNCHRONOUS, 0.5, 0.25, 0.001_25)])
}

impl TestProject {
    /// A project with the experiments `chat-tp1`, `code-tp2` and `sweep-tp1`, the last with three benchmarks.
    pub(crate) fn measured() -> Self {
        let sweep = report(&[
            means(SYNCHRONOUS, 0.5, 0.25, 0.001_25),
            means(
                r#"{"type_": "concurrent", "streams": 2}"#,
                0.75,
                0.5,
                0.002_5,
            ),
            means(
                r#"{"type_": "constant", "rate": 100.0}"#,
                0.5,
                0.25,
                0.001_5,
            ),
        ]);
        let code = CONFIG
            .replace("lab/Tiny", "small")
            .replace("parallelism: 1", "parallelism: 2")
            .replace("chat", "code");
        Self::new()
            .with_small_model()
            .with_hypothesis(HYPOTHESIS)
            .with_experiment("chat-tp1", CONFIG, PROFILE, &synchronous())
            .with_experiment("code-tp2", &code, PROFILE, &synchronous())
            .with_experiment("sweep-tp1", CONFIG, PROFILE, &sweep)
            .with(
                &format!("{GROUND_TRUTH}/splits.yaml"),
                "fit: {train: [chat-tp1, sweep-tp1], test: [code-tp2]}\n",
            )
    }

    /// The same with `chat-tp1` alone.
    pub(crate) fn measured_chat(self) -> Self {
        self.edit("ground_truth: {}", "ground_truth: {experiment: chat-tp1}")
    }

    /// Writes the three files of an experiment.
    pub(crate) fn with_experiment(
        self,
        name: &str,
        config: &str,
        profile: &str,
        report: &str,
    ) -> Self {
        let folder = format!("{GROUND_TRUTH}/{name}");
        self.with(&format!("{folder}/exp-config.yaml"), config)
            .with(&format!("{folder}/profile.yaml"), profile)
            .with(&format!("{folder}/guidellm-results.json"), report)
    }

    /// Replaces what the table shows of the run.
    pub(crate) fn showing(self, columns: &str) -> Self {
        self.edit(
            "sql: SELECT experiment, benchmark, model, tensor_parallel, gpu FROM arms",
            &format!("sql: SELECT {columns} FROM arms"),
        )
    }
}
