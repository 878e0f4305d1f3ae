use std::error::Error;
use std::fmt;

/// The requests that one step processes.
///
/// Reusable: [`Batch::clear`] keeps the memory, so that a sweep or a simulation that refills one
/// batch allocates nothing after the first steps.
///
/// The order of requests has no influence on a step, to the last bit: every sum over requests is
/// one of integers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    prefill: Vec<PrefillRequest>,
    decode: Vec<DecodeGroup>,
    decode_totals: DecodeTotals,
    prefill_tokens: u64,
}

/// A request whose prompt is processed, in whole or in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrefillRequest {
    /// Tokens whose keys and values are in the cache already, c.
    pub cached: u32,
    /// Tokens to process in this step, n; at least 1.
    pub new: u32,
}

/// Requests that generate one token each and have the same context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeGroup {
    /// KV length, k; at least 1.
    pub kv: u32,
    /// How many such requests; at least 1.
    pub requests: u32,
}

/// Sums over the decode requests, kept while they are pushed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct DecodeTotals {
    pub(crate) requests: u32,
    pub(crate) kv_tokens: u64,
    pub(crate) shortest_kv: u32,
    pub(crate) longest_kv: u32,
}

/// A request that a batch refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidRequest {
    /// A prefill request without new tokens.
    NoNewTokens,
    /// A decode request with an empty KV cache.
    NoKv,
    /// More than [`Batch::MAX_TOKENS_PER_REQUEST`] tokens.
    TooManyTokens {
        /// Tokens of the request: cached plus new, or the KV length.
        tokens: u64,
    },
    /// More than [`Batch::MAX_REQUESTS`] prefill or decode requests.
    TooManyRequests {
        /// Requests of that kind, with the refused ones.
        requests: u64,
    },
}

impl Batch {
    /// The longest context of one request: 2^24 tokens, a hundred times what models take today.
    /// It keeps every integer sum within 128 bits.
    pub const MAX_TOKENS_PER_REQUEST: u32 = 1 << 24;
    /// The most prefill requests, and the most decode requests, of one batch.
    pub const MAX_REQUESTS: u32 = 1 << 24;

    /// A batch without requests.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Removes all requests and keeps the memory.
    pub fn clear(&mut self) {
        self.prefill.clear();
        self.decode.clear();
        self.decode_totals = DecodeTotals::default();
        self.prefill_tokens = 0;
    }

    /// Adds a request that has `cached` tokens in its KV cache and processes `new` ones.
    ///
    /// # Errors
    ///
    /// Refuses a request without new tokens or over the documented bounds, and stays as it was.
    pub fn push_prefill(&mut self, cached: u32, new: u32) -> Result<(), InvalidRequest> {
        if new == 0 {
            return Err(InvalidRequest::NoNewTokens);
        }
        check_tokens(u64::from(cached) + u64::from(new))?;
        let requests = self.prefill.len() as u64 + 1;
        check_requests(requests)?;
        self.prefill.push(PrefillRequest { cached, new });
        self.prefill_tokens += u64::from(new);
        Ok(())
    }

    /// Adds `requests` requests that each generate one token over `kv` tokens of context. None
    /// to add is no error; a `kv` equal to that of the previous call costs nothing more.
    ///
    /// # Errors
    ///
    /// Refuses requests with an empty KV cache or over the documented bounds, and stays as it was.
    pub fn push_decode(&mut self, kv: u32, requests: u32) -> Result<(), InvalidRequest> {
        if kv == 0 {
            return Err(InvalidRequest::NoKv);
        }
        check_tokens(u64::from(kv))?;
        if requests == 0 {
            return Ok(());
        }
        check_requests(u64::from(self.decode_totals.requests) + u64::from(requests))?;
        let totals = &mut self.decode_totals;
        totals.shortest_kv = match totals.requests {
            0 => kv,
            _ => totals.shortest_kv.min(kv),
        };
        totals.longest_kv = totals.longest_kv.max(kv);
        totals.requests += requests;
        totals.kv_tokens += u64::from(kv) * u64::from(requests);
        match self.decode.last_mut() {
            Some(last) if last.kv == kv => last.requests += requests,
            Some(_) | None => self.decode.push(DecodeGroup { kv, requests }),
        }
        Ok(())
    }

    /// The prefill requests, in the order they were added.
    #[must_use]
    pub fn prefill(&self) -> &[PrefillRequest] {
        &self.prefill
    }

    /// The decode requests, in the order they were added, neighbours of equal KV length as one.
    #[must_use]
    pub fn decode(&self) -> &[DecodeGroup] {
        &self.decode
    }

    /// Whether there are no requests.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.prefill.is_empty() && self.decode.is_empty()
    }

    /// Number of prefill requests.
    #[must_use]
    pub fn prefill_requests(&self) -> u32 {
        u32::try_from(self.prefill.len()).unwrap_or(Self::MAX_REQUESTS)
    }

    /// New tokens of all prefill requests, P.
    #[must_use]
    pub fn prefill_tokens(&self) -> u64 {
        self.prefill_tokens
    }

    /// Number of decode requests, D: also the tokens they process.
    #[must_use]
    pub fn decode_requests(&self) -> u32 {
        self.decode_totals.requests
    }

    /// KV tokens of all decode requests together.
    #[must_use]
    pub fn decode_kv_tokens(&self) -> u64 {
        self.decode_totals.kv_tokens
    }

    /// The longest KV length of the decode requests; `None` where there are none.
    #[must_use]
    pub fn longest_decode_kv(&self) -> Option<u32> {
        (self.decode_totals.requests > 0).then_some(self.decode_totals.longest_kv)
    }

    /// The shortest KV length of the decode requests; `None` where there are none.
    #[must_use]
    pub fn shortest_decode_kv(&self) -> Option<u32> {
        (self.decode_totals.requests > 0).then_some(self.decode_totals.shortest_kv)
    }

    pub(crate) fn decode_totals(&self) -> DecodeTotals {
        self.decode_totals
    }
}

fn check_tokens(tokens: u64) -> Result<(), InvalidRequest> {
    if tokens > u64::from(Batch::MAX_TOKENS_PER_REQUEST) {
        return Err(InvalidRequest::TooManyTokens { tokens });
    }
    Ok(())
}

fn check_requests(requests: u64) -> Result<(), InvalidRequest> {
    if requests > u64::from(Batch::MAX_REQUESTS) {
        return Err(InvalidRequest::TooManyRequests { requests });
    }
    Ok(())
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNewTokens => {
                f.write_str("a prefill request has 0 new tokens, expected at least 1")
            }
            Self::NoKv => f.write_str("a decode request has a kv length of 0, expected at least 1"),
            Self::TooManyTokens { tokens } => write!(
                f,
                "a request has {tokens} tokens, expected up to {}",
                Batch::MAX_TOKENS_PER_REQUEST
            ),
            Self::TooManyRequests { requests } => write!(
                f,
                "a batch has {requests} requests of one kind, expected up to {}",
                Batch::MAX_REQUESTS
            ),
        }
    }
}

impl Error for InvalidRequest {}
