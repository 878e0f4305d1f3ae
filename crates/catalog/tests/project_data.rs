//! The committed `model_configs` and `bench_data` are complete, load, and hold the published
//! numbers.
#![expect(clippy::unwrap_used, reason = "data that cannot be read ends the test")]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use catalog::{Catalog, CatalogError};
use roofline::AttentionShape;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folder of published figures; `None`, with a note, where this checkout has none beside it.
fn figures() -> Option<PathBuf> {
    let shared =
        env::var_os("ROOFLAB_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let figures = shared.join("figures");
    if figures.is_dir() {
        return Some(figures);
    }
    assert!(
        env::var_os("ROOFLAB_REQUIRE_SHARED").is_none_or(|value| value != "1"),
        "{} does not exist",
        figures.display()
    );
    eprintln!("skipped: {} does not exist", figures.display());
    None
}

/// A row of a table by column.
type Row = BTreeMap<String, String>;

/// The rows of a table, so that the order of columns does not matter.
fn rows(path: &Path) -> Vec<Row> {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned));
    let header: Vec<String> = lines.next().unwrap().collect();
    lines
        .map(|cells| header.iter().cloned().zip(cells).collect())
        .collect()
}

#[test]
fn every_model_loads_but_the_mixture_of_experts() {
    let catalog = Catalog::new(&root());
    let names = catalog.model_names().unwrap();
    assert_eq!(
        names,
        [
            "codellama-34b-instruct-hf",
            "llama-2-70b-hf",
            "llama-2-7b-hf",
            "llama-3.1-8b-instruct",
            "mixtral-8x7b-v0.1",
            "qwen2.5-7b-instruct",
            "qwen3-14b"
        ]
    );
    for name in names {
        match catalog.model(&name) {
            Ok(model) => assert_eq!(model.name, name),
            Err(error) => assert_eq!(
                error.to_string(),
                "model_configs/mixtral-8x7b-v0.1/config.json: model `mixtral-8x7b-v0.1` is a mixture of experts (8 experts, 2 per \
                 token); predictions cover dense models only, until the model covers mixture of experts"
            ),
        }
    }
}

#[test]
fn every_gpu_loads_and_h100_has_tables() {
    let catalog = Catalog::new(&root());
    assert_eq!(catalog.gpu_names().unwrap(), ["a100", "h100", "h200"]);
    let facts = |name: &str| {
        let gpu = catalog.gpu(name).unwrap();
        (
            gpu.peak_flops_per_s / 1e12,
            gpu.bandwidth_bytes_per_s / 1e12,
            gpu.memory_bytes >> 30,
        )
    };
    assert_eq!(facts("A100"), (312.0, 2.039, 80));
    assert_eq!(facts("H100"), (989.5, 3.35, 80));
    assert_eq!(facts("H200"), (989.5, 4.8, 141));
    catalog.gpu("h100").unwrap().mfu_tables().unwrap();
    for name in ["a100", "h200"] {
        let gpu = catalog.gpu(name).unwrap();
        let error = gpu.mfu_tables().unwrap_err();
        assert!(matches!(error, CatalogError::NoTables { .. }));
        assert_eq!(
            error.to_string(),
            format!(
                "gpu `{name}` has no MFU tables yet: bench_data/{name}/gemm.csv, bench_data/{name}/attention_prefill.csv, \
                 bench_data/{name}/attention_decode.csv are missing (gpus with tables: h100)"
            )
        );
    }
}

#[test]
fn measured_kernels_are_those_of_one_gpu() {
    let gpu = Catalog::new(&root()).gpu("h100").unwrap();
    let kernels = gpu.measured_kernels().unwrap();
    let shape = AttentionShape {
        heads: 28,
        kv_heads: 4,
        head_dim: 128,
    };
    // Lines of the tables; FLOPs by hand: 14 of 28 heads on each of two GPUs.
    let decode = kernels.decode(shape, 2, 1, 1024).unwrap();
    assert!((decode.latency_us - 40.142).abs() < 1e-9);
    assert!((decode.flops - 7_340_032.0).abs() < 0.5);
    let prefill = kernels.prefill(shape, 1024).unwrap();
    assert!((prefill.latency_us - 37.737).abs() < 1e-9);
    assert!((prefill.flops - 7_516_192_768.0).abs() < 0.5);
    let gemm = kernels.gemm(16, 2048, 6144).unwrap();
    assert!((gemm.latency_us - 8.816).abs() < 1e-9);
    assert!((gemm.flops - 402_653_184.0).abs() < 0.5);
    assert_eq!(kernels.gemm(17, 2048, 6144), None);
    assert_eq!(kernels.decode(shape, 2, 1, 1025), None);
    assert_eq!(kernels.prefill(shape, 1025), None);
}

#[test]
fn the_h100_tables_hold_the_published_rows_in_their_order() {
    let Some(figures) = figures() else { return };
    for (file, count) in [
        ("gemm.csv", 112),
        ("attention_prefill.csv", 30),
        ("attention_decode.csv", 755),
    ] {
        let ours = rows(&root().join("bench_data/h100").join(file));
        let published = rows(&figures.join("h100").join(file));
        assert_eq!(ours.len(), count, "{file}");
        assert_eq!(ours, published, "{file}");
    }
}

#[test]
fn the_model_configurations_hold_the_published_facts() {
    let Some(figures) = figures() else { return };
    let catalog = Catalog::new(&root());
    let published = rows(&figures.join("models.csv"));
    let mut folders: Vec<&str> = published.iter().map(|row| row["folder"].as_str()).collect();
    folders.sort_unstable();
    assert_eq!(catalog.model_names().unwrap(), folders);
    for row in &published {
        let folder = &row["folder"];
        match catalog.model(folder) {
            Ok(model) => {
                let (config, facts) = (model.config, model.facts);
                let ours = [
                    ("hub_id", facts.hub_id.unwrap()),
                    ("layers", config.layers().to_string()),
                    ("hidden", config.hidden().to_string()),
                    ("heads", config.heads().to_string()),
                    ("kv_heads", config.kv_heads().to_string()),
                    ("intermediate", config.intermediate().to_string()),
                    ("vocab", config.vocab().to_string()),
                    ("dtype", facts.weight_format.to_string()),
                    ("max_position", facts.max_position.unwrap().to_string()),
                    ("experts", String::new()),
                ];
                for (column, value) in ours {
                    assert_eq!(value, row[column], "{folder}, {column}");
                }
            }
            Err(CatalogError::MixtureOfExperts {
                experts,
                experts_per_token,
                ..
            }) => {
                assert_eq!(experts.to_string(), row["experts"], "{folder}");
                assert_eq!(
                    experts_per_token.unwrap().to_string(),
                    row["experts_per_token"],
                    "{folder}"
                );
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// The model that the reader refuses is compared as text: its dimensions are facts all the same.
#[test]
fn the_mixture_of_experts_has_the_published_dimensions() {
    let Some(figures) = figures() else { return };
    let published = rows(&figures.join("models.csv"));
    let row = published
        .iter()
        .find(|row| row["folder"] == "mixtral-8x7b-v0.1")
        .unwrap();
    let text =
        fs::read_to_string(root().join("model_configs/mixtral-8x7b-v0.1/config.json")).unwrap();
    for (key, column) in [
        ("hidden_size", "hidden"),
        ("intermediate_size", "intermediate"),
        ("num_hidden_layers", "layers"),
        ("num_attention_heads", "heads"),
        ("num_key_value_heads", "kv_heads"),
        ("vocab_size", "vocab"),
        ("max_position_embeddings", "max_position"),
    ] {
        let line = format!("\"{key}\": {},", row[column]);
        assert!(text.contains(&line), "{line}");
    }
}

/// Every model of the ground truth is called by its hub id, which is the folder but for case.
#[test]
fn a_hub_id_has_a_folder() {
    let catalog = Catalog::new(&root());
    for (model, folder) in [
        ("meta-llama/Llama-2-7b-hf", "llama-2-7b-hf"),
        (
            "codellama/CodeLlama-34b-Instruct-hf",
            "codellama-34b-instruct-hf",
        ),
        ("llama-2-7b-hf", "llama-2-7b-hf"),
        ("/models/Qwen3-14B/", "qwen3-14b"),
        ("some-org/Unheard-Of", "unheard-of"),
        ("", ""),
    ] {
        assert_eq!(catalog.model_folder(model).unwrap(), folder, "{model}");
    }
}
