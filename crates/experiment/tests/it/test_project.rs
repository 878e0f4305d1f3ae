//! A project in a temporary folder, with a tiny model, a toy GPU and one hypothesis to edit.

use std::fs;
use std::path::{Path, PathBuf};

use experiment::{ExperimentError, Hypothesis, LoadOptions, Outcome, Project};
use tempfile::TempDir;

/// A hypothesis that is in order and CONFIRMED: step times of one or two decode requests.
pub(crate) const HYPOTHESIS: &str = "\
id: H1
title: A longer cache takes longer
family: structural-model
type: deterministic
date: 2026-01-31
statement: A decode step over a longer KV cache takes longer.
refuted_if: It does not.
setup:
  model: tiny
  gpu: toy
  assumptions: {preset: feb27}
runs:
  steps:
    step:
      vary:
        kv: [64, 128]
        requests: {range: [1, 2]}
      batch: {decode: [{kv: kv, count: requests}]}
tables:
  times:
    title: Step times
    sql: SELECT kv, requests, step_us, step_us_exact FROM steps
    columns:
      kv: {label: KV length}
checks:
  - id: takes-time
    role: acceptance
    claim: Every step takes a microsecond or more.
    sql: SELECT MIN(step_us) >= 1 AS holds, MIN(step_us) AS observed FROM times
";

const MODEL: &str = r#"{
  "hidden_size": 128,
  "intermediate_size": 512,
  "num_hidden_layers": 2,
  "num_attention_heads": 4,
  "num_key_value_heads": 2,
  "vocab_size": 1000,
  "torch_dtype": "bfloat16"
}
"#;

/// Half as wide and as deep as [`MODEL`].
const SMALL_MODEL: &str = r#"{
  "hidden_size": 64,
  "intermediate_size": 256,
  "num_hidden_layers": 1,
  "num_attention_heads": 4,
  "num_key_value_heads": 2,
  "vocab_size": 1000,
  "torch_dtype": "bfloat16"
}
"#;

const MOE_MODEL: &str = r#"{
  "hidden_size": 128,
  "intermediate_size": 512,
  "num_hidden_layers": 2,
  "num_attention_heads": 4,
  "num_key_value_heads": 2,
  "num_local_experts": 8,
  "num_experts_per_tok": 2,
  "vocab_size": 1000,
  "torch_dtype": "bfloat16"
}
"#;

const GPU: &str =
    "name: Toy\npeak_flops_per_s: 1e12\nbandwidth_bytes_per_s: 1e11\nmemory_bytes: 85899345920\n";

const GEMM: &str = "\
k,n,m,latency_us,mfu
128,128,8,1.0,0.1
128,128,64,1.0,0.4
128,512,8,1.0,0.1
128,512,64,1.0,0.4
512,128,8,1.0,0.1
512,128,64,1.0,0.4
";

const PREFILL: &str = "\
heads,kv_heads,head_dim,seq_len,latency_us,mfu
4,2,32,512,1.0,0.2
4,2,32,4096,1.0,0.6
";

const DECODE: &str = "\
heads,kv_heads,head_dim,tensor_parallel,batch_size,kv_len,latency_us,mfu
4,2,32,1,1,64,1.0,0.002
4,2,32,1,1,1024,1.0,0.004
4,2,32,1,16,64,1.0,0.010
4,2,32,1,16,1024,1.0,0.020
";

/// The folder of the one hypothesis.
pub(crate) const FOLDER: &str = "hypotheses/H1-longer-cache";

/// A project that lives as long as this value.
pub(crate) struct TestProject {
    folder: TempDir,
    hypothesis: String,
}

impl TestProject {
    /// A project whose one hypothesis is [`HYPOTHESIS`].
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let project = Self {
            folder,
            hypothesis: HYPOTHESIS.to_owned(),
        };
        project
            .with("model_configs/tiny/config.json", MODEL)
            .with("model_configs/mixture/config.json", MOE_MODEL)
            .with("bench_data/toy/gpu.yaml", GPU)
            .with("bench_data/toy/gemm.csv", GEMM)
            .with("bench_data/toy/attention_prefill.csv", PREFILL)
            .with("bench_data/toy/attention_decode.csv", DECODE)
            .with("bench_data/bare/gpu.yaml", GPU)
            .with_hypothesis(HYPOTHESIS)
    }

    /// The same with the repository's Llama 3.1 8B and H100 beside the tiny model and the toy GPU.
    pub(crate) fn with_repository_data() -> Self {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let files = [
            "model_configs/llama-3.1-8b-instruct/config.json",
            "bench_data/h100/gpu.yaml",
            "bench_data/h100/gemm.csv",
            "bench_data/h100/attention_prefill.csv",
            "bench_data/h100/attention_decode.csv",
        ];
        files.into_iter().fold(Self::new(), |project, file| {
            project.with(file, fs::read(repository.join(file)).unwrap())
        })
    }

    /// The same with a model `small` beside the tiny one.
    pub(crate) fn with_small_model(self) -> Self {
        self.with("model_configs/small/config.json", SMALL_MODEL)
    }

    /// Replaces the text of the hypothesis.
    pub(crate) fn with_hypothesis(mut self, text: impl Into<String>) -> Self {
        self.hypothesis = text.into();
        let bytes = self.hypothesis.clone();
        self.with(&format!("{FOLDER}/hypothesis.yaml"), bytes)
    }

    /// Replaces a part of the hypothesis that stands in it exactly once.
    #[track_caller]
    pub(crate) fn edit(self, from: &str, to: &str) -> Self {
        let found = self.hypothesis.matches(from).count();
        assert_eq!(found, 1, "`{from}` must stand once in the hypothesis");
        let text = self.hypothesis.replace(from, to);
        self.with_hypothesis(text)
    }

    /// The text of the hypothesis.
    pub(crate) fn hypothesis(&self) -> &str {
        &self.hypothesis
    }

    /// Puts text behind the hypothesis.
    pub(crate) fn append(self, text: &str) -> Self {
        let text = format!("{}{text}", self.hypothesis);
        self.with_hypothesis(text)
    }

    /// Writes a file below the project, with its folders.
    pub(crate) fn with(self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    /// Writes a file beside the hypothesis.
    pub(crate) fn with_own(self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.with(&format!("{FOLDER}/{path}"), bytes)
    }

    /// The folder of the project.
    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of the hypothesis.
    pub(crate) fn own_folder(&self) -> PathBuf {
        self.root().join(FOLDER)
    }

    /// The project.
    pub(crate) fn project(&self) -> Project {
        Project::at(self.root()).unwrap()
    }

    /// Reads and checks the hypothesis.
    pub(crate) fn load(&self) -> Result<Hypothesis, ExperimentError> {
        self.load_with(&LoadOptions::default())
    }

    /// Reads and checks the hypothesis with options.
    pub(crate) fn load_with(&self, options: &LoadOptions) -> Result<Hypothesis, ExperimentError> {
        let project = self.project();
        let folder = project.hypothesis("H1")?;
        Hypothesis::load(&project, &folder, options)
    }

    /// The error of reading and checking.
    #[track_caller]
    pub(crate) fn load_error(&self) -> String {
        match self.load() {
            Ok(_) => panic!("the hypothesis loads:\n{}", self.hypothesis),
            Err(error) => error.to_string(),
        }
    }

    /// The outcome of a hypothesis that is in order.
    #[track_caller]
    pub(crate) fn run(&self) -> Outcome {
        let hypothesis = self.load().unwrap_or_else(|error| panic!("{error}"));
        hypothesis.run().unwrap_or_else(|error| panic!("{error}"))
    }

    /// The error of running a hypothesis that passes all checks.
    #[track_caller]
    pub(crate) fn run_error(&self) -> String {
        let hypothesis = self.load().unwrap_or_else(|error| panic!("{error}"));
        match hypothesis.run() {
            Ok(_) => panic!("the hypothesis runs:\n{}", self.hypothesis),
            Err(error) => error.to_string(),
        }
    }
}

/// A file of an outcome as text.
#[track_caller]
pub(crate) fn file_text(outcome: &Outcome, path: &str) -> String {
    let file = outcome
        .files
        .iter()
        .find(|file| file.path == Path::new(path))
        .unwrap_or_else(|| panic!("the outcome has no {path}"));
    String::from_utf8(file.bytes.clone()).unwrap()
}

/// The error of a hypothesis whose table has this SQL.
#[track_caller]
pub(crate) fn refused(sql: &str) -> String {
    TestProject::new()
        .edit(
            "sql: SELECT kv, requests, step_us, step_us_exact FROM steps",
            &format!("sql: {sql}"),
        )
        .load_error()
}

/// The same with the SQL as a folded block, over several lines.
#[track_caller]
pub(crate) fn refused_block(lines: &[&str]) -> String {
    let block = lines.iter().fold(">".to_owned(), |block, line| {
        format!("{block}\n      {line}")
    });
    refused(&block)
}

/// The warnings of files, requests, rows and plots that are missing, without those of the validity of figures.
pub(crate) fn missing(outcome: &Outcome) -> Vec<String> {
    let warnings = outcome.warnings.iter();
    warnings
        .filter(|warning| !warning.kind.is_of_validity())
        .map(ToString::to_string)
        .collect()
}
