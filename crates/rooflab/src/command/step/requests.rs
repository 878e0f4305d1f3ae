//! Requests of a batch as flags write them.

use roofline::{Batch, InvalidRequest};

/// `KV[xN]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DecodeRequests {
    kv: u32,
    requests: u32,
}

/// `NEW[+CACHED][xN]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PrefillRequests {
    new: u32,
    cached: u32,
    requests: u32,
}

/// What describes decode requests.
const DECODE: &str = "expected KV or KVxN, as in 4096 or 64x15, in whole numbers from 1";

/// What describes prefill requests.
const PREFILL: &str = "expected NEW, NEW+CACHED, NEWxN or NEW+CACHEDxN, as in 512 or 512+1024x4, in whole numbers from 1 (CACHED from 0)";

impl DecodeRequests {
    /// Those that the text describes.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let (kv, requests) = split_count(text).ok_or(DECODE)?;
        let kv = number(kv).filter(|kv| *kv > 0).ok_or(DECODE)?;
        Ok(Self { kv, requests })
    }

    /// Adds them.
    pub(super) fn push_to(self, batch: &mut Batch) -> Result<(), InvalidRequest> {
        batch.push_decode(self.kv, self.requests)
    }
}

impl PrefillRequests {
    /// Those that the text describes.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let parse = || {
            let (tokens, requests) = split_count(text)?;
            let (new, cached) = match tokens.split_once('+') {
                Some((new, cached)) => (new, number(cached)?),
                None => (tokens, 0),
            };
            let new = number(new).filter(|new| *new > 0)?;
            Some(Self {
                new,
                cached,
                requests,
            })
        };
        parse().ok_or(PREFILL)
    }

    /// Adds them.
    pub(super) fn push_to(self, batch: &mut Batch) -> Result<(), InvalidRequest> {
        for _ in 0..self.requests {
            batch.push_prefill(self.cached, self.new)?;
        }
        Ok(())
    }
}

/// What is before `x`, and the count behind it or 1.
fn split_count(text: &str) -> Option<(&str, u32)> {
    match text.split_once('x') {
        Some((tokens, count)) => {
            let count = number(count).filter(|count| *count > 0)?;
            Some((tokens, count))
        }
        None => Some((text, 1)),
    }
}

/// Digits alone; the standard parser takes a sign as well.
fn number(text: &str) -> Option<u32> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decode_requests_have_a_length_and_a_count() {
        for (text, kv, requests) in [("4096", 4096, 1), ("64x15", 64, 15), ("1x1", 1, 1)] {
            assert_eq!(
                DecodeRequests::parse(text),
                Ok(DecodeRequests { kv, requests })
            );
        }
        for text in [
            "",
            "x",
            "0",
            "64x",
            "64x0",
            "x15",
            "-1",
            "+64",
            "64X15",
            "64x15x2",
            "6.4",
            " 64",
            "4294967296",
        ] {
            assert_eq!(DecodeRequests::parse(text), Err(DECODE), "{text:?}");
        }
    }

    #[test]
    fn prefill_requests_may_have_cached_tokens() {
        for (text, new, cached, requests) in [
            ("512", 512, 0, 1),
            ("512+1024", 512, 1024, 1),
            ("512x4", 512, 0, 4),
            ("1+0x2", 1, 0, 2),
        ] {
            let expected = PrefillRequests {
                new,
                cached,
                requests,
            };
            assert_eq!(PrefillRequests::parse(text), Ok(expected));
        }
        for text in [
            "",
            "0",
            "512+",
            "+1024",
            "512x4+1024",
            "512+1024x0",
            "512++1",
        ] {
            assert_eq!(PrefillRequests::parse(text), Err(PREFILL), "{text:?}");
        }
    }
}
