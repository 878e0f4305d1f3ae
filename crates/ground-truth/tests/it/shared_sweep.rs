//! A real sweep, which lies beside the workspace.

use std::path::{Path, PathBuf};

use ground_truth::{Listed, MeasuredRun, Origin, RateType, Schema, Strategy, load};
use request_metrics::{Metric, RequestTimes};

use crate::versions::assert_states_its_figures;

/// The folder that `ROOFLAB_SHARED` names, else `shared` beside the workspace. `None`, with a note on standard error,
/// where it does not exist; with `ROOFLAB_REQUIRE_SHARED=1` that is a failure.
fn shared_dir() -> Option<PathBuf> {
    let dir = std::env::var_os("ROOFLAB_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    if dir.is_dir() {
        return Some(dir);
    }
    let required = std::env::var_os("ROOFLAB_REQUIRE_SHARED").is_some_and(|value| value == "1");
    assert!(!required, "{} does not exist", dir.display());
    eprintln!("skipped: {} does not exist", dir.display());
    None
}

fn sweep() -> Option<(PathBuf, MeasuredRun)> {
    let dir = shared_dir()?.join("data/guidellm/codellama-34b-tp1-prefilldominant");
    let run = load(&dir).unwrap();
    Some((dir, run))
}

#[test]
fn states_its_figures() {
    let Some((dir, run)) = sweep() else { return };
    assert_states_its_figures(&dir.join("guidellm-results.json"), &run);
}

#[test]
fn is_read_whole() {
    let Some((_, run)) = sweep() else { return };
    assert_eq!(run.warnings, []);
    assert_eq!(run.experiment, "codellama-34b-tp1-prefilldominant");
    assert_eq!(
        run.model.as_deref(),
        Some("codellama/CodeLlama-34b-Instruct-hf")
    );
    assert_eq!((run.gpu, run.tensor_parallel), (None, Some(1)));
    assert_eq!(run.server.max_num_batched_tokens, Some(64));
    assert_eq!(run.client.schema, Schema::V0_5);
    assert_eq!(run.client.version.as_deref(), Some("0.6.0.dev5"));
    let profile = run.profile.unwrap();
    assert_eq!(
        (profile.rate_type, profile.rates),
        (Some(RateType::Sweep), vec![5.0])
    );
    assert_eq!(profile.data.unwrap().prefix_tokens, 1024);
    let strategies: Vec<Strategy> = run
        .benchmarks
        .iter()
        .map(|benchmark| benchmark.strategy)
        .collect();
    assert_eq!(
        strategies,
        [
            Strategy::Synchronous,
            Strategy::Throughput {
                max_concurrency: Some(512)
            },
            Strategy::Constant {
                rate_per_s: 0.758_996_823_129_983,
                max_concurrency: Some(512),
            },
            Strategy::Constant {
                rate_per_s: 0.922_533_858_482_977_6,
                max_concurrency: Some(512),
            },
            Strategy::Constant {
                rate_per_s: 1.086_070_893_835_972_4,
                max_concurrency: Some(512),
            },
        ]
    );
    for benchmark in &run.benchmarks {
        assert_eq!(
            (benchmark.listed, benchmark.requests.len()),
            (Listed::All, 40)
        );
    }
}

/// Computed by a Python script from `info.timings` and `output_metrics.text_tokens` of the file, without GuideLLM's
/// aggregates: for times per token, the sum of the spans over the sum of the tokens.
#[test]
fn has_the_figures_of_another_program() {
    let Some((_, run)) = sweep() else { return };
    let computed = [
        (
            0,
            905.625_128_746_032_7,
            54.720_368_342_566_7,
            26.046_239_938_069_114,
            1_678.904_092_311_859_1,
            1_099.011_421_203_613_3,
        ),
        (
            2,
            932.230_550_050_735_5,
            54.869_885_089_666_404,
            27.083_324_045_768_73,
            1_787.736_952_304_84,
            1_143.255_233_764_648_4,
        ),
    ];
    for (index, ttft, tpot, itl, e2e, ttft_p90) in computed {
        let benchmark = &run.benchmarks[index];
        for (metric, expected) in [
            (Metric::Ttft, ttft),
            (Metric::Tpot, tpot),
            (Metric::Itl, itl),
            (Metric::E2e, e2e),
        ] {
            let figures = benchmark.metric(metric).unwrap();
            assert_eq!(figures.origin, Origin::Requests);
            assert!(
                (figures.mean / expected - 1.0).abs() < 1e-12,
                "{metric}: {}",
                figures.mean
            );
        }
        assert_eq!(benchmark.metric(Metric::Ttft).unwrap().p90, Some(ttft_p90));
    }
    let last_start_s = run.benchmarks[0]
        .requests
        .iter()
        .map(|request| request.start_s)
        .fold(0.0, f64::max);
    assert_eq!(last_start_s.to_bits(), 65.820_131_301_879_88_f64.to_bits());
}

/// The project has the figures of these requests in a folder of its own: each of the 200 is the recorded one. Starts are rounded
/// to 0.1 ms, other times to 1 us, and gaps between tokens to 0.1 us.
#[test]
fn is_the_one_whose_figures_the_project_has() {
    let Some((_, recorded)) = sweep() else { return };
    let folder = "../../eval/ground_truth/jan20-codellama-34b-tp1-prefilldominant";
    let figures = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
    assert_eq!(figures.warnings, []);
    assert_eq!(
        (figures.model, figures.tensor_parallel),
        (recorded.model, recorded.tensor_parallel)
    );
    assert_eq!(
        (figures.server, figures.client),
        (recorded.server, recorded.client)
    );
    let mut compared = 0;
    for (recorded, figures) in recorded.benchmarks.iter().zip(&figures.benchmarks) {
        assert_eq!((figures.listed, figures.requests.len()), (Listed::All, 40));
        // Recorded in the order of their ends, and figures in that of their starts.
        let mut by_start = recorded.requests.clone();
        by_start.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
        for (recorded, figures) in by_start.iter().zip(&figures.requests) {
            assert_eq!(figures.prompt_tokens, recorded.prompt_tokens);
            assert!((figures.start_s - recorded.start_s).abs() < 1e-4);
            let (figures, recorded) = (figures.times, recorded.times);
            assert_eq!(figures.output_tokens(), recorded.output_tokens());
            let itl = |times: RequestTimes| times.itl_ms().unwrap_or(0.0);
            for (figures, recorded, rounded_ms) in [
                (figures.ttft_ms(), recorded.ttft_ms(), 1e-3),
                (itl(figures), itl(recorded), 1e-4),
                (figures.e2e_ms(), recorded.e2e_ms(), 1e-3),
            ] {
                assert!(
                    (figures - recorded).abs() < rounded_ms,
                    "{figures} {recorded}"
                );
            }
            compared += 1;
        }
        for metric in [Metric::Ttft, Metric::Itl, Metric::Tpot, Metric::E2e] {
            let mean = |benchmark: &ground_truth::Benchmark| benchmark.metric(metric).unwrap().mean;
            let (figures, recorded) = (mean(figures), mean(recorded));
            assert!(
                (figures / recorded - 1.0).abs() < 1e-5,
                "{metric}: {figures} {recorded}"
            );
        }
    }
    assert_eq!(compared, 200);
}
