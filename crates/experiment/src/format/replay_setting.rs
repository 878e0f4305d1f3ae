//! The settings of a simulation that a hypothesis fixes or varies.

use replay::ReplayOptions;
use serving::ServerConfig;

use super::scalar::Scalar;
use super::serve::ServeSpec;
use super::setting::WrongValue;

/// One leaf of a `serve` run beside its `setup`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ReplaySetting {
    DecodeOverheadUs,
    PrefillOverheadUs,
    MixedOverheadUs,
    MaxNumBatchedTokens,
    MaxNumSeqs,
    MaxModelLen,
    BlockSize,
    KvBlocks,
    GpuMemoryUtilization,
    ChunkedPrefill,
    PrefixCaching,
    Lengths,
    Arrivals,
    Seed,
}

impl ReplaySetting {
    pub(crate) const ALL: [Self; 14] = [
        Self::DecodeOverheadUs,
        Self::PrefillOverheadUs,
        Self::MixedOverheadUs,
        Self::MaxNumBatchedTokens,
        Self::MaxNumSeqs,
        Self::MaxModelLen,
        Self::BlockSize,
        Self::KvBlocks,
        Self::GpuMemoryUtilization,
        Self::ChunkedPrefill,
        Self::PrefixCaching,
        Self::Lengths,
        Self::Arrivals,
        Self::Seed,
    ];

    /// The path below `serve`.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::DecodeOverheadUs => "overhead.decode_us",
            Self::PrefillOverheadUs => "overhead.prefill_us",
            Self::MixedOverheadUs => "overhead.mixed_us",
            Self::MaxNumBatchedTokens => "server.max_num_batched_tokens",
            Self::MaxNumSeqs => "server.max_num_seqs",
            Self::MaxModelLen => "server.max_model_len",
            Self::BlockSize => "server.block_size",
            Self::KvBlocks => "server.kv_blocks",
            Self::GpuMemoryUtilization => "server.gpu_memory_utilization",
            Self::ChunkedPrefill => "server.chunked_prefill",
            Self::PrefixCaching => "server.prefix_caching",
            Self::Lengths => "lengths",
            Self::Arrivals => "arrivals",
            Self::Seed => "seed",
        }
    }

    /// The value that the file gives it.
    pub(crate) fn of(self, spec: &ServeSpec) -> Option<&serde_yaml::Spanned<Scalar>> {
        let (overhead, server) = (&spec.overhead, &spec.server);
        match self {
            Self::DecodeOverheadUs => &overhead.decode_us,
            Self::PrefillOverheadUs => &overhead.prefill_us,
            Self::MixedOverheadUs => &overhead.mixed_us,
            Self::MaxNumBatchedTokens => &server.max_num_batched_tokens,
            Self::MaxNumSeqs => &server.max_num_seqs,
            Self::MaxModelLen => &server.max_model_len,
            Self::BlockSize => &server.block_size,
            Self::KvBlocks => &server.kv_blocks,
            Self::GpuMemoryUtilization => &server.gpu_memory_utilization,
            Self::ChunkedPrefill => &server.chunked_prefill,
            Self::PrefixCaching => &server.prefix_caching,
            Self::Lengths => &spec.lengths,
            Self::Arrivals => &spec.arrivals,
            Self::Seed => &spec.seed,
        }
        .as_ref()
    }

    /// Gives the setting a value.
    ///
    /// # Errors
    ///
    /// The value is of the wrong kind; the text says what is expected.
    pub(crate) fn apply(
        self,
        options: &mut ReplayOptions,
        value: &Scalar,
    ) -> Result<(), WrongValue> {
        let server = &mut options.server;
        match self {
            Self::DecodeOverheadUs => options.overheads.decode_us = microseconds(value)?,
            Self::PrefillOverheadUs => options.overheads.prefill_us = microseconds(value)?,
            Self::MixedOverheadUs => options.overheads.mixed_us = microseconds(value)?,
            Self::MaxNumBatchedTokens => {
                server.max_num_batched_tokens = Some(count(value, TOKENS)?);
            }
            Self::MaxNumSeqs => server.max_num_seqs = Some(count(value, SEQS)?),
            Self::MaxModelLen => server.max_model_len = Some(count(value, TOKENS)?),
            Self::BlockSize => server.block_size = Some(count(value, BLOCK_SIZE)?),
            Self::KvBlocks => server.kv_blocks = Some(count(value, KV_BLOCKS)?.into()),
            Self::GpuMemoryUtilization => {
                let share = value
                    .as_value()
                    .as_f64()
                    .filter(|share| (0.01..=1.0).contains(share));
                server.gpu_memory_utilization =
                    Some(share.ok_or(WrongValue("a share from 0.01 to 1"))?);
            }
            Self::ChunkedPrefill => server.chunked_prefill = Some(truth(value)?),
            Self::PrefixCaching => server.prefix_caching = Some(truth(value)?),
            Self::Lengths => {
                let word = value
                    .as_value()
                    .as_text()
                    .and_then(|word| word.parse().ok());
                options.lengths = word.ok_or(LENGTHS)?;
            }
            Self::Arrivals => {
                let word = value
                    .as_value()
                    .as_text()
                    .and_then(|word| word.parse().ok());
                options.arrivals = word.ok_or(WrongValue(
                    "as-measured, as-configured, constant-at-measured-rate or poisson-at-measured-rate",
                ))?;
            }
            Self::Seed => {
                options.seed = whole(value).ok_or(WrongValue("a whole number from 0"))?;
            }
        }
        Ok(())
    }
}

/// The largest value of a limit, and how messages put it.
type Most = (u32, WrongValue);

const TOKENS: Most = (
    ServerConfig::MAX_TOKENS,
    WrongValue("a whole number from 1 to 16777216"),
);

const SEQS: Most = (
    ServerConfig::MAX_SEQS,
    WrongValue("a whole number from 1 to 1048576"),
);

const BLOCK_SIZE: Most = (
    ServerConfig::MAX_BLOCK_SIZE_TOKENS,
    WrongValue("a whole number from 1 to 65536"),
);

const KV_BLOCKS: Most = (
    ServerConfig::MAX_KV_BLOCKS,
    WrongValue("a whole number from 1 to 4294967294"),
);

const LENGTHS: WrongValue = WrongValue("stratified or seeded");

/// Longest fixed time of a step, one minute: more is a slip of units.
const MOST_MICROSECONDS: f64 = 6e7;

fn microseconds(value: &Scalar) -> Result<f64, WrongValue> {
    value
        .as_value()
        .as_f64()
        .filter(|time| (0.0..=MOST_MICROSECONDS).contains(time))
        .ok_or(WrongValue("microseconds from 0 to 60000000"))
}

fn count(value: &Scalar, (most, wrong): Most) -> Result<u32, WrongValue> {
    let count = value.as_value().as_u32();
    count
        .filter(|count| (1..=most).contains(count))
        .ok_or(wrong)
}

fn whole(value: &Scalar) -> Option<u64> {
    let number = value.as_value().as_i64()?;
    u64::try_from(number).ok()
}

fn truth(value: &Scalar) -> Result<bool, WrongValue> {
    let truth = value.as_value().as_bool();
    truth.ok_or(WrongValue("true or false"))
}

#[cfg(test)]
mod tests {
    use serving::LengthSampling;

    use super::*;

    #[test]
    fn messages_state_the_bounds_that_are_checked() {
        for (most, WrongValue(words)) in [TOKENS, SEQS, BLOCK_SIZE, KV_BLOCKS] {
            assert_eq!(words, format!("a whole number from 1 to {most}"));
        }
    }

    #[test]
    fn messages_name_the_ways_to_take_lengths() {
        assert_eq!(LENGTHS.0, LengthSampling::NAMES.join(" or "));
    }
}
