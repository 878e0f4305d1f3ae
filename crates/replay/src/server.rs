//! The server that a measured run is simulated on.

use ground_truth::ServerLimits;
use serving::{DEFAULT_MEMORY_UTILIZATION, KvMemory, ServerConfig, ServerSpec, kv_blocks_for};

use crate::host::Host;
use crate::problem::ReplayProblem;

/// Tokens of a KV cache block where nothing states it: vLLM's default on GPUs.
const DEFAULT_BLOCK_SIZE_TOKENS: u32 = 16;

/// GPU memory from which vLLM takes larger batches by default, but on an A100: 70 GiB.
const LARGE_GPU_BYTES: u64 = 70 << 30;

/// What `vllm serve` batches where nothing states it.
struct BatchDefaults {
    max_num_batched_tokens: u32,
    max_num_seqs: u32,
}

impl BatchDefaults {
    /// Those of vLLM 0.13 (`get_batch_defaults` of its `EngineArgs`, for the server): 8192 tokens and 1024 requests on
    /// GPUs with 70 GiB and more other than the A100, else 2048 and 256.
    fn of(host: &Host<'_>) -> Self {
        if host.gpu_memory_bytes >= LARGE_GPU_BYTES && !host.gpu.contains("a100") {
            Self {
                max_num_batched_tokens: 8192,
                max_num_seqs: 1024,
            }
        } else {
            Self {
                max_num_batched_tokens: 2048,
                max_num_seqs: 256,
            }
        }
    }
}

/// The server of an experiment: what is asked for, else what the experiment states, else what `vllm serve` takes.
///
/// As in vLLM, a budget that nothing states is at least the longest request where prompts are not split, and no larger
/// than all requests together; a number of requests that nothing states is at most the budget.
///
/// # Errors
///
/// The weights leave no room for a KV cache, or a limit makes no sense.
pub fn server_of(
    stated: &ServerLimits,
    host: &Host<'_>,
    wanted: &ServerLimits,
) -> Result<ServerConfig, ReplayProblem> {
    let defaults = BatchDefaults::of(host);
    let limits = wanted.or(stated);
    let block_size_tokens = limits.block_size.unwrap_or(DEFAULT_BLOCK_SIZE_TOKENS);
    #[expect(
        clippy::cast_precision_loss,
        reason = "the memory of a GPU is far below 2^53 bytes"
    )]
    let memory = KvMemory {
        bytes_per_gpu: host.gpu_memory_bytes as f64,
        utilization: limits
            .gpu_memory_utilization
            .unwrap_or(DEFAULT_MEMORY_UTILIZATION),
        tensor_parallel: host.tensor_parallel,
        block_size_tokens,
    };
    let kv_blocks = match limits.num_gpu_blocks {
        Some(blocks) => blocks,
        None => kv_blocks_for(&memory, host.config)?,
    };
    let max_model_len = limits
        .max_model_len
        .or(host.max_position)
        .unwrap_or(ServerConfig::MAX_TOKENS);
    let chunked_prefill = limits.enable_chunked_prefill.unwrap_or(true);
    let asked_seqs = limits.max_num_seqs;
    let max_num_batched_tokens = limits.max_num_batched_tokens.unwrap_or_else(|| {
        let least = if chunked_prefill { 1 } else { max_model_len };
        let together = asked_seqs
            .unwrap_or(defaults.max_num_seqs)
            .saturating_mul(max_model_len);
        // More requests than the default budget has tokens need a budget of as many.
        let seqs = asked_seqs.unwrap_or(1);
        defaults
            .max_num_batched_tokens
            .max(least)
            .min(together)
            .max(seqs)
    });
    Ok(ServerConfig::new(ServerSpec {
        max_num_batched_tokens,
        max_num_seqs: asked_seqs.unwrap_or(defaults.max_num_seqs.min(max_num_batched_tokens)),
        max_model_len,
        block_size_tokens,
        kv_blocks,
        chunked_prefill,
        prefix_caching: limits.enable_prefix_caching.unwrap_or(true),
    })?)
}
