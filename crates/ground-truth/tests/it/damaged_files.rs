//! Whatever the files hold, reading them ends in a run or an error.

use ground_truth::{load, validate};
use proptest::prelude::*;

use crate::experiment::{Experiment, REPORT, fixtures};

const PIECES: [&str; 30] = [
    "0",
    "9",
    "-",
    ".",
    "e",
    "e308",
    "E9999999999",
    "\"",
    "'",
    ",",
    "\n",
    "{",
    "[",
    "]",
    "}",
    ": ",
    "&a ",
    "*a ",
    "!!x ",
    "\\",
    "\0",
    "\u{feff}",
    "\u{e000}",
    "NaN",
    "null",
    "1e308",
    "-1",
    "4294967296",
    "- ",
    "  ",
];

const FILES: [(&str, &str); 7] = [
    ("guidellm-0.1.0-poisson", REPORT),
    ("guidellm-0.2.1-concurrent", REPORT),
    ("guidellm-0.8.1-cut-off", REPORT),
    ("guidellm-0.5.4-throughput", "guidellm-results.yaml"),
    ("guidellm-0.4.0-constant", "profile.yaml"),
    ("guidellm-0.8.1-sweep", "profile.yaml"),
    ("guidellm-0.8.1-sweep", "exp-config.yaml"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn end_in_a_run_or_an_error(
        (folder, file) in prop::sample::select(FILES.as_slice()),
        at in 0.0..1.0_f64,
        end in 0.5..1.5_f64,
        piece in prop::sample::select(PIECES.as_slice()),
        times in 1..30_usize,
    ) {
        let mut bytes = std::fs::read(fixtures().join(folder).join(file)).unwrap();
        let share = |share: f64| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a file")]
            let place = (share * bytes.len() as f64) as usize;
            place.min(bytes.len())
        };
        let (at, end) = (share(at), share(end));
        bytes.truncate(end);
        let at = at.min(bytes.len());
        let patch = piece.repeat(times);
        let to = (at + patch.len()).min(bytes.len());
        bytes.splice(at..to, patch.bytes());

        let report = std::fs::read(fixtures().join("guidellm-0.6.1-subsampled").join(REPORT)).unwrap();
        let experiment = Experiment::empty();
        if file.starts_with("guidellm") {
            experiment.write(file, &bytes);
        } else {
            experiment.write(REPORT, &report);
            experiment.write(file, &bytes);
        }
        let problems = validate(&experiment.dir());
        match load(&experiment.dir()) {
            Ok(run) => {
                // That the GPU is not stated is a warning of the validation alone.
                prop_assert_eq!(run.warnings.len() + usize::from(run.gpu.is_none()), problems.len());
                for benchmark in &run.benchmarks {
                    let finite = |value: Option<f64>| value.is_none_or(|value| value.is_finite() && value >= 0.0);
                    for metric in request_metrics::Metric::ALL {
                        if let Some(figures) = benchmark.metric(metric) {
                            prop_assert!(finite(Some(figures.mean)) && finite(figures.p99) && finite(figures.std_dev));
                        }
                    }
                    prop_assert!(finite(benchmark.duration_s) && finite(benchmark.output_tokens_mean));
                }
            }
            Err(error) => {
                prop_assert!(!problems.is_empty());
                prop_assert!(error.to_string().contains("/x/"), "{}", error);
            }
        }
    }
}
