use ground_truth::{ServerLimits, load};

use crate::experiment::{Experiment, REPORT, good, report};

#[test]
fn takes_the_named_report_or_the_only_one() {
    let text = report(&[good()], "");
    let wrong = "{}";
    for files in [
        vec![
            (REPORT, text.as_str()),
            ("benchmarks.json", wrong),
            ("other.json", wrong),
        ],
        vec![("benchmarks.json", text.as_str()), ("other.json", wrong)],
        vec![
            ("mine.json", text.as_str()),
            ("profile.yaml", "rate: 1"),
            ("notes.txt", wrong),
        ],
        vec![("mine.yaml", text.as_str()), ("exp-config.yml", "model: m")],
    ] {
        let run = Experiment::new(&files).load();
        assert_eq!(run.experiment, "x");
        assert_eq!(run.benchmarks[0].requests.len(), 1);
    }
}

#[test]
fn asks_where_several_files_can_be_the_report() {
    let experiment = Experiment::new(&[("b.json", "{}"), ("a.yml", "{}"), ("c.txt", "")]);
    assert_eq!(
        experiment.error(),
        "x: a.yml, b.json can each be the report; call the right one `guidellm-results` with its ending, or move the others away"
    );
    let experiment = Experiment::new(&[(REPORT, "{}"), ("guidellm-results.yaml", "{}")]);
    assert!(
        experiment
            .error()
            .contains("guidellm-results.json, guidellm-results.yaml can each be")
    );
    let experiment = Experiment::new(&[("profile.yaml", "rate: 1")]);
    assert!(
        experiment
            .error()
            .starts_with("x: no GuideLLM report (expected guidellm-results or benchmarks")
    );
    let text = report(&[good()], "");
    let experiment = Experiment::new(&[(REPORT, &text), ("profile.yaml", ""), ("profile.yml", "")]);
    assert_eq!(
        experiment.error(),
        "x: profile.yaml and profile.yml stand for the same; keep one of them"
    );
}

#[test]
fn a_folder_must_exist() {
    let experiment = Experiment::empty();
    let error = load(&experiment.dir().join("missing")).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("missing: cannot list the folder: ")
    );
}

#[test]
fn names_what_it_read_by_content() {
    let experiment = Experiment::new(&[
        (REPORT, &report(&[good()], "")),
        (
            "exp-config.yaml",
            "model: a/b\ngpu: h100\ntensor_parallelism: 2\napp: chat\nmax_num_seqs: 128\n\
            gpu_memory_utilization: 0.9\nenable_prefix_caching: true\nnum_gpu_blocks: 1000\nblock-size: 16\n",
        ),
    ]);
    let run = experiment.load();
    assert_eq!(run.model.as_deref(), Some("a/b"));
    assert_eq!(run.gpu.as_deref(), Some("h100"));
    assert_eq!(run.tensor_parallel, Some(2));
    assert_eq!(run.workload.as_deref(), Some("chat"));
    assert_eq!(
        run.server,
        ServerLimits {
            max_num_seqs: Some(128),
            gpu_memory_utilization: Some(0.9),
            block_size: Some(16),
            enable_prefix_caching: Some(true),
            num_gpu_blocks: Some(1000),
            ..ServerLimits::default()
        }
    );
    assert_eq!(run.files.len(), 2);
    assert!(run.files[1].path.ends_with("x/exp-config.yaml"));
    assert_eq!(run.files[1].bytes, 163);
    // Of `printf 'model: a/b\n...' | sha256sum`.
    assert_eq!(
        run.files[1].sha256,
        "f1c8aebec53568e93a2b4b4916bbf64dbefd6ec14a7ba019aba890f331e9493b"
    );
}

#[test]
fn a_file_in_place_of_its_folder_is_told_apart() {
    let experiment = Experiment::of_report(&report(&[good()], ""));
    let error = ground_truth::load(&experiment.dir().join(REPORT)).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("guidellm-results.json: a file, expected the folder that holds it"),
        "{error}"
    );
}
