//! Material beside the workspace that tests compare with: measured tables, golden steps,
//! published figures.

use std::path::{Path, PathBuf};

use roofline::{
    AttentionShape, DecodeRow, GemmRow, Hardware, HardwareSpec, MfuTables, ModelConfig, ModelFacts,
    PrefillRow,
};
use serde::de::DeserializeOwned;

/// Peak dense BF16 FLOP/s of an H100 SXM by its data sheet.
pub(crate) const H100_PEAK_FLOPS_PER_S: f64 = 989.5e12;
/// The peak that the findings were published with.
pub(crate) const PUBLISHED_PEAK_FLOPS_PER_S: f64 = 989.0e12;
pub(crate) const H100_BANDWIDTH_BYTES_PER_S: f64 = 3.35e12;

/// The folder that `ROOFLAB_SHARED` names, else `shared` beside the workspace. `None`, with a note
/// on standard error, where it does not exist; with `ROOFLAB_REQUIRE_SHARED=1` that is a failure.
pub(crate) fn shared_dir() -> Option<PathBuf> {
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

/// All rows of a CSV file, by column name.
pub(crate) fn read_csv<T: DeserializeOwned>(path: &Path) -> Vec<T> {
    csv::Reader::from_path(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .deserialize()
        .collect::<Result<_, _>>()
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The measured tables of the H100.
pub(crate) fn h100_tables(shared: &Path) -> MfuTables {
    let dir = shared.join("figures/h100");
    let gemm = read_csv::<GemmLine>(&dir.join("gemm.csv"));
    let prefill = read_csv::<PrefillLine>(&dir.join("attention_prefill.csv"));
    let decode = read_csv::<DecodeLine>(&dir.join("attention_decode.csv"));
    MfuTables::new(
        gemm.into_iter().map(GemmRow::from).collect(),
        prefill.into_iter().map(PrefillRow::from).collect(),
        decode.into_iter().map(DecodeRow::from).collect(),
    )
    .unwrap()
}

/// The model of a folder name in `models.csv`, or of the start of one.
pub(crate) fn model(shared: &Path, name: &str) -> ModelConfig {
    let lines = read_csv::<ModelLine>(&shared.join("figures/models.csv"));
    let line = lines
        .into_iter()
        .find(|line| line.folder.starts_with(name))
        .unwrap_or_else(|| panic!("no model {name}"));
    assert!(matches!(line.dtype.as_str(), "bfloat16" | "float16"));
    ModelConfig::new(ModelFacts {
        layers: line.layers,
        hidden: line.hidden,
        heads: line.heads,
        kv_heads: line.kv_heads,
        head_dim: None,
        intermediate: Some(line.intermediate),
        vocab: line.vocab,
        bytes_per_param: 2.0,
    })
    .unwrap()
}

pub(crate) fn h100(
    peak_flops_per_s: f64,
    bandwidth_efficiency: Option<f64>,
    per_layer_overhead_us: f64,
) -> Hardware {
    Hardware::new(HardwareSpec {
        peak_flops_per_s,
        bandwidth_bytes_per_s: H100_BANDWIDTH_BYTES_PER_S,
        bandwidth_efficiency,
        per_layer_overhead_us,
    })
    .unwrap()
}

#[derive(serde::Deserialize)]
struct ModelLine {
    folder: String,
    layers: u32,
    hidden: u32,
    heads: u32,
    kv_heads: u32,
    intermediate: u32,
    vocab: u32,
    dtype: String,
}

#[derive(serde::Deserialize)]
struct GemmLine {
    m: u32,
    k: u32,
    n: u32,
    mfu: f64,
}

#[derive(serde::Deserialize)]
struct PrefillLine {
    heads: u32,
    kv_heads: u32,
    head_dim: u32,
    seq_len: u32,
    mfu: f64,
}

#[derive(serde::Deserialize)]
struct DecodeLine {
    heads: u32,
    kv_heads: u32,
    head_dim: u32,
    tensor_parallel: u32,
    batch_size: u32,
    kv_len: u32,
    mfu: f64,
}

impl From<GemmLine> for GemmRow {
    fn from(line: GemmLine) -> Self {
        Self {
            m: line.m,
            k: line.k,
            n: line.n,
            mfu: line.mfu,
        }
    }
}

impl From<PrefillLine> for PrefillRow {
    fn from(line: PrefillLine) -> Self {
        Self {
            shape: AttentionShape {
                heads: line.heads,
                kv_heads: line.kv_heads,
                head_dim: line.head_dim,
            },
            seq_len: line.seq_len,
            mfu: line.mfu,
        }
    }
}

impl From<DecodeLine> for DecodeRow {
    fn from(line: DecodeLine) -> Self {
        Self {
            shape: AttentionShape {
                heads: line.heads,
                kv_heads: line.kv_heads,
                head_dim: line.head_dim,
            },
            tensor_parallel: line.tensor_parallel,
            batch_size: line.batch_size,
            kv_len: line.kv_len,
            mfu: line.mfu,
        }
    }
}
