//! Limits of the simulated server as flags.

use clap::Args;
use replay::ServerOverrides;

/// Limits over those of the experiment, by the names of vLLM's options.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Server")]
pub(super) struct ServerArgs {
    /// Most tokens of one step [default: that of the experiment, else that of `vllm serve`: 8192 on GPUs of 70 GiB and more but the A100, else 2048]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_num_batched_tokens: Option<u32>,
    /// Most requests at once [default: that of the experiment, else that of `vllm serve`: 1024 on GPUs of 70 GiB and more but the A100, else 256]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_num_seqs: Option<u32>,
    /// Most tokens of a request, prompt and output [default: that of the experiment, else the model's longest context]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_model_len: Option<u32>,
    /// Tokens of a block of the KV cache [default: that of the experiment, else 16]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    block_size: Option<u32>,
    /// Blocks of the KV cache [default: that of the experiment, else what fits beside the weights]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    kv_blocks: Option<u64>,
    /// Share of the GPU memory for weights and KV cache [default: that of the experiment, else 0.9]
    #[arg(
        long,
        value_name = "X",
        allow_negative_numbers = true,
        conflicts_with = "kv_blocks"
    )]
    gpu_memory_utilization: Option<f64>,
    /// Compute every prompt anew, whatever it begins with
    #[arg(long)]
    no_prefix_caching: bool,
    /// Compute every prompt in one step
    #[arg(long)]
    no_chunked_prefill: bool,
}

impl ServerArgs {
    /// What replaces the limits of an experiment.
    pub(super) fn overrides(&self) -> ServerOverrides {
        ServerOverrides {
            max_num_batched_tokens: self.max_num_batched_tokens,
            max_num_seqs: self.max_num_seqs,
            max_model_len: self.max_model_len,
            block_size: self.block_size,
            kv_blocks: self.kv_blocks,
            gpu_memory_utilization: self.gpu_memory_utilization,
            chunked_prefill: self.no_chunked_prefill.then_some(false),
            prefix_caching: self.no_prefix_caching.then_some(false),
        }
    }
}
