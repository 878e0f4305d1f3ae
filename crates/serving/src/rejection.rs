use std::fmt;

use crate::request::Request;
use crate::server_config::ServerConfig;

/// A request that the server refused on arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Which request, counted from 0.
    pub index: u32,
    /// Why.
    pub reason: RejectionReason,
}

/// Why a request can never be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RejectionReason {
    /// Its prompt is empty.
    EmptyPrompt,
    /// It asks for no output.
    NoOutput,
    /// Its shared prefix is longer than its prompt.
    PrefixOverPrompt,
    /// Prompt and output together are longer than `max_model_len`.
    OverMaxModelLen,
    /// Its keys and values need more blocks than there are.
    OverKvCache,
    /// Its prompt is over the token budget of a step, and prompts are not computed in chunks.
    OverTokenBudget,
}

impl RejectionReason {
    /// All reasons, in the order in which they are checked.
    pub const ALL: [Self; 6] = [
        Self::EmptyPrompt,
        Self::NoOutput,
        Self::PrefixOverPrompt,
        Self::OverMaxModelLen,
        Self::OverKvCache,
        Self::OverTokenBudget,
    ];

    /// The first reason to refuse a request; none where the server can serve it, at least alone.
    #[must_use]
    pub fn of(request: &Request, server: &ServerConfig) -> Option<Self> {
        let spec = server.spec();
        let prompt = u64::from(request.prompt_tokens);
        let tokens = prompt + u64::from(request.output_tokens);
        // The last token is not computed any more: it needs no place in the cache.
        let kv_tokens = tokens.saturating_sub(1);
        let room = u64::from(server.kv_blocks()) * u64::from(spec.block_size_tokens);
        let prefix = request.shared_prefix.map_or(0, |prefix| prefix.tokens);
        Self::ALL.into_iter().find(|reason| match reason {
            Self::EmptyPrompt => prompt == 0,
            Self::NoOutput => request.output_tokens == 0,
            Self::PrefixOverPrompt => prefix > request.prompt_tokens,
            Self::OverMaxModelLen => tokens > spec.max_model_len.into(),
            Self::OverKvCache => kv_tokens > room,
            Self::OverTokenBudget => {
                !spec.chunked_prefill && prompt > spec.max_num_batched_tokens.into()
            }
        })
    }
}

impl fmt::Display for RejectionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EmptyPrompt => "empty prompt",
            Self::NoOutput => "no output tokens",
            Self::PrefixOverPrompt => "shared prefix longer than the prompt",
            Self::OverMaxModelLen => "longer than `max_model_len`",
            Self::OverKvCache => "larger than the kv cache",
            Self::OverTokenBudget => "prompt over `max_num_batched_tokens` without chunked prefill",
        })
    }
}
