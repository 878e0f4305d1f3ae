use std::fmt;

/// When the tokens of one request came, in milliseconds after the request was sent.
///
/// Times are finite, not negative, and in order: first token, last token, end. There is at least one token.
///
/// A request of one token may have a last time behind the first: clients take times when a piece of the stream comes, and
/// the number of tokens from what the server counts, and a server may send one token in two pieces. Its ITL is none, and
/// its TPOT goes by the last time, as GuideLLM's does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RequestTimes {
    first_token_ms: f64,
    last_token_ms: f64,
    end_ms: f64,
    output_tokens: u32,
}

impl RequestTimes {
    /// Checks and keeps the times of a request.
    ///
    /// # Errors
    ///
    /// [`InvalidTimes`] says which of the promises above does not hold.
    pub fn new(
        first_token_ms: f64,
        last_token_ms: f64,
        end_ms: f64,
        output_tokens: u32,
    ) -> Result<Self, InvalidTimes> {
        if ![first_token_ms, last_token_ms, end_ms]
            .iter()
            .all(|time| time.is_finite())
        {
            return Err(InvalidTimes::NotFinite);
        }
        if output_tokens == 0 {
            return Err(InvalidTimes::NoOutput);
        }
        if first_token_ms < 0.0 {
            return Err(InvalidTimes::FirstTokenBeforeStart);
        }
        if last_token_ms < first_token_ms {
            return Err(InvalidTimes::LastTokenBeforeFirst);
        }
        if end_ms < last_token_ms {
            return Err(InvalidTimes::EndBeforeLastToken);
        }
        Ok(Self {
            first_token_ms,
            last_token_ms,
            end_ms,
            output_tokens,
        })
    }

    /// Time to first token.
    #[must_use]
    pub fn ttft_ms(&self) -> f64 {
        self.first_token_ms
    }

    /// Mean time between two output tokens: (last - first) / (n - 1). None where there is one token.
    #[must_use]
    pub fn itl_ms(&self) -> Option<f64> {
        (self.output_tokens > 1)
            .then(|| (self.last_token_ms - self.first_token_ms) / f64::from(self.output_tokens - 1))
    }

    /// Time per output token, the first included: last token after start, over n.
    #[must_use]
    pub fn tpot_ms(&self) -> f64 {
        self.last_token_ms / f64::from(self.output_tokens)
    }

    /// End-to-end latency: the whole request, past its last token.
    #[must_use]
    pub fn e2e_ms(&self) -> f64 {
        self.end_ms
    }

    /// Output tokens, at least one.
    #[must_use]
    pub fn output_tokens(&self) -> u32 {
        self.output_tokens
    }
}

/// Why times are not those of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InvalidTimes {
    /// A time is infinite or not a number.
    NotFinite,
    /// No output token.
    NoOutput,
    /// The first token came before the request was sent.
    FirstTokenBeforeStart,
    /// The last token came before the first.
    LastTokenBeforeFirst,
    /// The request ended before its last token.
    EndBeforeLastToken,
}

impl InvalidTimes {
    /// The name for files, and the words for people: a fragment.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NotFinite => ("not_finite", "a time is not a finite number"),
            Self::NoOutput => ("no_output", "no output token"),
            Self::FirstTokenBeforeStart => ("first_token_before_start", "first token before start"),
            Self::LastTokenBeforeFirst => {
                let words = "last token before first token";
                ("last_token_before_first", words)
            }
            Self::EndBeforeLastToken => ("end_before_last_token", "end before last token"),
        }
    }
}

impl fmt::Display for InvalidTimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words().1)
    }
}

impl std::error::Error for InvalidTimes {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_only_times_in_order() {
        let new = RequestTimes::new;
        assert!(new(0.0, 0.0, 0.0, 1).is_ok());
        assert_eq!(new(f64::NAN, 1.0, 1.0, 1), Err(InvalidTimes::NotFinite));
        assert_eq!(
            new(1.0, f64::INFINITY, 1.0, 1),
            Err(InvalidTimes::NotFinite)
        );
        assert_eq!(new(1.0, 2.0, 3.0, 0), Err(InvalidTimes::NoOutput));
        assert_eq!(
            new(-1.0, 2.0, 3.0, 2),
            Err(InvalidTimes::FirstTokenBeforeStart)
        );
        assert_eq!(
            new(2.0, 1.0, 3.0, 2),
            Err(InvalidTimes::LastTokenBeforeFirst)
        );
        assert_eq!(new(1.0, 3.0, 2.0, 2), Err(InvalidTimes::EndBeforeLastToken));
    }

    #[test]
    fn one_token_may_come_in_two_pieces() {
        let single = RequestTimes::new(1000.0, 5000.0, 6000.0, 1).unwrap();
        assert_eq!(single.itl_ms(), None);
        assert_eq!(single.ttft_ms().to_bits(), 1000.0_f64.to_bits());
        assert_eq!(single.tpot_ms().to_bits(), 5000.0_f64.to_bits());
    }
}
