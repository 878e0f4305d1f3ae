use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

/// Random numbers for one purpose.
///
/// The numbers are those of `ChaCha8` with the seed as the first eight bytes of the key (little-endian, the others 0), one
/// stream for each purpose. Both that and how numbers are made of its bits are fixed: a seed gives the same numbers in
/// every version, and taking more of one stream changes no other.
#[derive(Debug)]
pub(crate) struct RandomStream(ChaCha8Rng);

/// What random numbers are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StreamPurpose {
    PromptLengths,
    OutputLengths,
    RequestOrder,
    Arrivals,
}

/// 2^-53: the distance of two neighbours among the numbers of [`RandomStream::unit`].
const UNIT_STEP: f64 = 1.0 / 9_007_199_254_740_992.0;

impl RandomStream {
    pub(crate) fn new(seed: u64, purpose: StreamPurpose) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(match purpose {
            StreamPurpose::PromptLengths => 0,
            StreamPurpose::OutputLengths => 1,
            StreamPurpose::RequestOrder => 2,
            StreamPurpose::Arrivals => 3,
        });
        Self(generator)
    }

    /// Uniform in (0, 1): the centre of one of 2^53 intervals, so that neither bound comes up.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    pub(crate) fn unit(&mut self) -> f64 {
        let bits = self.0.next_u64() >> 11;
        // At the last interval the centre rounds to 1.
        ((bits as f64 + 0.5) * UNIT_STEP).min(1.0 - UNIT_STEP)
    }

    /// Exponentially distributed with mean 1, by inversion.
    pub(crate) fn exponential(&mut self) -> f64 {
        -self.unit().ln()
    }

    /// Uniform among `0..count`; 0 where that is empty. The bias is below `count / 2^64`.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the upper half of a product with a 32-bit number is below that number"
    )]
    pub(crate) fn below(&mut self, count: u32) -> u32 {
        ((u128::from(self.0.next_u64()) * u128::from(count)) >> 64) as u32
    }
}
