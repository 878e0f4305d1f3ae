use std::fmt;

use serde::Serialize;

use crate::benchmark::Benchmark;
use crate::profile::Profile;
use crate::source_file_record::SourceFileRecord;
use crate::warning::Warning;

/// What was measured in one experiment: the content of a folder with a GuideLLM report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeasuredRun {
    /// Name of the folder.
    pub experiment: String,
    /// The model as `exp-config.yaml` writes it (a hub id or a folder of `model_configs`), else as the report does.
    pub model: Option<String>,
    /// The GPU, a folder of `bench_data`: key `gpu` of `exp-config.yaml`.
    pub gpu: Option<String>,
    /// Over how many GPUs each layer is split.
    pub tensor_parallel: Option<u32>,
    /// Limits of the server, from `exp-config.yaml`.
    pub server: ServerLimits,
    /// Name of the workload: key `app` of `exp-config.yaml`.
    pub workload: Option<String>,
    /// What the client was told to send: `profile.yaml`, else what the report says of it; none where neither says
    /// anything.
    pub profile: Option<Profile>,
    /// Which client wrote the report.
    pub client: Client,
    /// The benchmarks in the order of the report, one for each rate.
    pub benchmarks: Vec<Benchmark>,
    /// Every file that was read, in the order in which they were.
    pub files: Vec<SourceFileRecord>,
    /// What a user should know about the files. Nothing here changes what the other fields say.
    pub warnings: Vec<Warning>,
}

/// Limits of the server that was measured, by the names that vLLM gives them. What the configuration does not state is
/// none; defaults are up to the consumer.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ServerLimits {
    /// Most tokens of a request, prompt and output together.
    pub max_model_len: Option<u32>,
    /// Most tokens that one step processes.
    pub max_num_batched_tokens: Option<u32>,
    /// Most requests that run at once.
    pub max_num_seqs: Option<u32>,
    /// Share of the GPU's memory that the server takes, above 0 and at most 1.
    pub gpu_memory_utilization: Option<f64>,
    /// Tokens in a block of the KV cache.
    pub block_size: Option<u32>,
    /// Whether equal prompt prefixes are computed once.
    pub enable_prefix_caching: Option<bool>,
    /// Whether a prompt may be split over steps.
    pub enable_chunked_prefill: Option<bool>,
    /// Blocks of the KV cache: key `num_gpu_blocks`, or vLLM's `num_gpu_blocks_override`.
    pub num_gpu_blocks: Option<u64>,
}

/// The client that wrote a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Client {
    /// The layout of the report.
    pub schema: Schema,
    /// Version of GuideLLM, where the report states it (0.5 and later).
    pub version: Option<String>,
}

/// Layouts of GuideLLM reports, named after the first release that wrote them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Schema {
    /// 0.1: `benchmarks[].benchmarks[].results[]`, no aggregates.
    #[serde(rename = "0.1")]
    V0_1,
    /// 0.2 and 0.3: `benchmarks[].args.strategy`, times of a request beside its texts.
    #[serde(rename = "0.2")]
    V0_2,
    /// 0.4: `benchmarks[].config.strategy`, times of a request in `info.timings`.
    #[serde(rename = "0.4")]
    V0_4,
    /// 0.5 and 0.6: as 0.4 with `metadata.version` 1.
    #[serde(rename = "0.5")]
    V0_5,
    /// 0.7 and 0.8: `metadata.version` 2, with `config.spec`.
    #[serde(rename = "0.7")]
    V0_7,
}

impl Schema {
    /// All layouts, oldest first.
    pub const ALL: [Self; 5] = [Self::V0_1, Self::V0_2, Self::V0_4, Self::V0_5, Self::V0_7];

    /// The releases that write it.
    #[must_use]
    pub fn releases(self) -> &'static str {
        match self {
            Self::V0_1 => "0.1",
            Self::V0_2 => "0.2-0.3",
            Self::V0_4 => "0.4",
            Self::V0_5 => "0.5-0.6",
            Self::V0_7 => "0.7-0.8",
        }
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GuideLLM {}", self.releases())
    }
}
