use request_metrics::PlainNumber;
use roofline::{LmHead, ModelConfig};
use thiserror::Error;

use crate::server_config::ServerConfig;

/// What vLLM leaves to itself of the memory of a GPU unless told otherwise (`gpu_memory_utilization`).
pub const DEFAULT_MEMORY_UTILIZATION: f64 = 0.9;

/// GPUs whose memory holds a model and its KV cache.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KvMemory {
    /// Memory of one GPU.
    pub bytes_per_gpu: f64,
    /// Share of it that the server uses; see [`DEFAULT_MEMORY_UTILIZATION`].
    pub utilization: f64,
    /// GPUs that share the model.
    pub tensor_parallel: u32,
    /// Tokens of a block.
    pub block_size_tokens: u32,
}

/// Memory that leaves no KV cache.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum InvalidKvMemory {
    /// A number outside its bounds.
    #[error(
        "`{field}` is {}, expected {} to {}",
        PlainNumber(*value),
        PlainNumber(*least),
        PlainNumber(*most)
    )]
    OutOfBounds {
        /// What it is called in files: by the option of vLLM, `memory_bytes` for a GPU.
        field: &'static str,
        /// Its value.
        value: f64,
        /// The smallest value.
        least: f64,
        /// The largest value.
        most: f64,
    },
    /// The weights leave no room for a single block.
    #[error(
        "the weights take {weight_bytes:e} bytes and one block {block_bytes:e}, expected at most {usable_bytes:e} bytes together"
    )]
    NoRoom {
        /// Bytes of the weights, on all GPUs.
        weight_bytes: f64,
        /// Bytes of one block, on all GPUs.
        block_bytes: f64,
        /// Bytes that the server uses, on all GPUs.
        usable_bytes: f64,
    },
}

/// How many blocks of KV cache fit beside the weights:
/// `(memory utilization tp - weights) / (2 L g e b block size)`, rounded down.
///
/// The weights are those of [`ModelConfig::weight_bytes`] with the LM head, and an embedding table of its size (models
/// that tie the two have it once, and more room). Where there are more GPUs than KV heads, each holds a copy of one head:
/// `g` is then their number. Activations, CUDA graphs and what else lives on the GPU are not subtracted: vLLM measures
/// them when it starts, and its log states the number of blocks, which is to be preferred.
///
/// # Errors
///
/// Numbers outside their bounds, and weights that leave no room for a block.
pub fn kv_blocks_for(memory: &KvMemory, model: &ModelConfig) -> Result<u64, InvalidKvMemory> {
    for (field, value, least, most) in [
        ("memory_bytes", memory.bytes_per_gpu, 1e6, 1e15),
        ("gpu_memory_utilization", memory.utilization, 0.01, 1.0),
        (
            "tensor_parallel",
            memory.tensor_parallel.into(),
            1.0,
            65_536.0,
        ),
        (
            "block_size",
            memory.block_size_tokens.into(),
            1.0,
            ServerConfig::MAX_BLOCK_SIZE_TOKENS.into(),
        ),
    ] {
        if !(least..=most).contains(&value) {
            return Err(InvalidKvMemory::OutOfBounds {
                field,
                value,
                least,
                most,
            });
        }
    }
    let usable_bytes =
        memory.bytes_per_gpu * memory.utilization * f64::from(memory.tensor_parallel);
    let with_head = model.weight_bytes(LmHead::Included);
    let embedding_bytes = with_head - model.weight_bytes(LmHead::Excluded);
    let weight_bytes = with_head + embedding_bytes;
    let heads = model.kv_heads().max(memory.tensor_parallel);
    let token_bytes = 2.0
        * f64::from(model.layers())
        * f64::from(heads)
        * f64::from(model.head_dim())
        * model.bytes_per_param();
    let block_bytes = token_bytes * f64::from(memory.block_size_tokens);
    let blocks = ((usable_bytes - weight_bytes) / block_bytes).floor();
    if blocks < 1.0 {
        return Err(InvalidKvMemory::NoRoom {
            weight_bytes,
            block_bytes,
            usable_bytes,
        });
    }
    Ok(whole_blocks(blocks))
}

/// As many as a server can have at most.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is whole, positive and bounded"
)]
fn whole_blocks(blocks: f64) -> u64 {
    blocks.min(f64::from(ServerConfig::MAX_KV_BLOCKS)) as u64
}
