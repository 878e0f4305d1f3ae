use roofline::Batch;
use thiserror::Error;

/// The facts a [`ServerConfig`] is made of: vLLM's options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerSpec {
    /// Tokens that one step computes at most, over all requests.
    pub max_num_batched_tokens: u32,
    /// Requests that run at the same time at most.
    pub max_num_seqs: u32,
    /// Tokens of a request at most, prompt and output together.
    pub max_model_len: u32,
    /// Tokens whose keys and values share one block: vLLM's `block_size`.
    pub block_size_tokens: u32,
    /// Blocks in the KV cache. [`crate::kv_blocks_for`] tells how many a GPU has room for.
    pub kv_blocks: u64,
    /// Whether a prompt may be computed in several steps. Without, it waits until it fits the token budget of one step
    /// as a whole, and a prompt longer than `max_num_batched_tokens` is refused.
    pub chunked_prefill: bool,
    /// Whether full blocks of prompts are kept for requests that begin alike.
    pub prefix_caching: bool,
}

/// The limits of one server, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerConfig {
    spec: ServerSpec,
    kv_blocks: u32,
}

/// A limit that no server can have.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct InvalidServer(String);

impl ServerConfig {
    /// The largest token budget of a step and the longest request.
    pub const MAX_TOKENS: u32 = Batch::MAX_TOKENS_PER_REQUEST;
    /// The most requests at the same time.
    pub const MAX_SEQS: u32 = 1 << 20;
    /// The largest block.
    pub const MAX_BLOCK_SIZE_TOKENS: u32 = 1 << 16;
    /// The most blocks.
    pub const MAX_KV_BLOCKS: u32 = u32::MAX - 1;

    /// Checks the facts.
    ///
    /// # Errors
    ///
    /// The first number that is 0 or above its bound; a token budget below `max_num_seqs`, which vLLM refuses too.
    pub fn new(spec: ServerSpec) -> Result<Self, InvalidServer> {
        for (field, value, most) in [
            (
                "max_num_batched_tokens",
                spec.max_num_batched_tokens,
                Self::MAX_TOKENS,
            ),
            ("max_num_seqs", spec.max_num_seqs, Self::MAX_SEQS),
            ("max_model_len", spec.max_model_len, Self::MAX_TOKENS),
            (
                "block_size",
                spec.block_size_tokens,
                Self::MAX_BLOCK_SIZE_TOKENS,
            ),
        ] {
            within(field, value.into(), most)?;
        }
        let kv_blocks = within("kv_blocks", spec.kv_blocks, Self::MAX_KV_BLOCKS)?;
        if spec.max_num_batched_tokens < spec.max_num_seqs {
            return Err(InvalidServer(format!(
                "`max_num_batched_tokens` is {}, expected at least `max_num_seqs`, which is {}",
                spec.max_num_batched_tokens, spec.max_num_seqs
            )));
        }
        Ok(Self { spec, kv_blocks })
    }

    /// The facts as they were given.
    #[must_use]
    pub fn spec(&self) -> ServerSpec {
        self.spec
    }

    /// Blocks in the KV cache.
    #[must_use]
    pub fn kv_blocks(&self) -> u32 {
        self.kv_blocks
    }

    /// Blocks that hold so many tokens.
    #[must_use]
    pub fn blocks_of(&self, tokens: u32) -> u32 {
        tokens.div_ceil(self.spec.block_size_tokens)
    }
}

fn within(field: &str, value: u64, most: u32) -> Result<u32, InvalidServer> {
    u32::try_from(value)
        .ok()
        .filter(|value| (1..=most).contains(value))
        .ok_or_else(|| InvalidServer(format!("`{field}` is {value}, expected 1 to {most}")))
}
