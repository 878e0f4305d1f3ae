use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

/// Random numbers for one purpose.
///
/// The numbers are those of `ChaCha8` with the seed as the first eight bytes of the key (little-endian, the others 0), one
/// stream for each purpose. Both that and how numbers are made of its bits are fixed: a seed gives the same numbers in
/// every version, and taking more of one stream changes no other.
#[derive(Debug)]
pub struct RandomStream(ChaCha8Rng);

/// 2^-53: the distance of two neighbours among the numbers of [`RandomStream::unit`].
const UNIT_STEP: f64 = 1.0 / 9_007_199_254_740_992.0;

impl RandomStream {
    /// The numbers of one of the 2^64 streams of a seed.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(stream);
        Self(generator)
    }

    /// Uniform in (0, 1): the centre of one of 2^53 intervals, so that neither bound comes up.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    pub fn unit(&mut self) -> f64 {
        let bits = self.0.next_u64() >> 11;
        // At the last interval the centre rounds to 1.
        ((bits as f64 + 0.5) * UNIT_STEP).min(1.0 - UNIT_STEP)
    }

    /// Exponentially distributed with mean 1, by inversion.
    pub fn exponential(&mut self) -> f64 {
        -self.unit().ln()
    }

    /// Uniform among `0..count`; 0 where that is empty. The bias is below `count / 2^64`.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the upper half of a product with a 32-bit number is below that number"
    )]
    pub fn below(&mut self, count: u32) -> u32 {
        ((u128::from(self.0.next_u64()) * u128::from(count)) >> 64) as u32
    }

    /// Uniform among `0..count` without bias, and of half the random bits; 0 where that is empty.
    ///
    /// The upper half of a random 32-bit number times `count`, where those products are passed over that would make the
    /// first `2^32 mod count` results come up once too often (Lemire 2019, doi:10.1145/3230636).
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the halves of a 64-bit product have 32 bits each"
    )]
    #[inline]
    pub fn index(&mut self, count: u32) -> u32 {
        let mut product = u64::from(self.0.next_u32()) * u64::from(count);
        if (product as u32) < count {
            // The remainder takes a division, which few draws need.
            let surplus = count.wrapping_neg() % count.max(1);
            while (product as u32) < surplus {
                product = u64::from(self.0.next_u32()) * u64::from(count);
            }
        }
        (product >> 32) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first block of `ChaCha8` with a key and a nonce of zeros, as published with the test vectors of the cipher
    /// (draft-strombergson-chacha-test-vectors-01, TC1 of 8 rounds, 256-bit key).
    const KEYSTREAM: [u8; 16] = [
        0x3e, 0x00, 0xef, 0x2f, 0x89, 0x5f, 0x40, 0xd6, 0x7f, 0x5b, 0xb8, 0xe8, 0x1f, 0x09, 0xa5,
        0xa1,
    ];

    #[test]
    fn numbers_are_those_of_the_published_cipher() {
        let words: Vec<u64> = KEYSTREAM
            .chunks(4)
            .map(|word| u64::from(u32::from_le_bytes(word.try_into().unwrap())))
            .collect();
        let mut stream = RandomStream::new(0, 0);
        // Without a rejection an index is the word, scaled down to the count.
        for word in words {
            assert_eq!(u64::from(stream.index(1 << 31)), word >> 1);
        }
    }

    #[test]
    fn an_index_is_below_its_count() {
        let mut stream = RandomStream::new(1, 2);
        for count in [1, 2, 3, 13, 1 << 31, u32::MAX] {
            assert!((0..100).all(|_| stream.index(count) < count), "{count}");
        }
        assert_eq!(stream.index(0), 0);
    }

    #[test]
    fn every_index_is_as_likely() {
        // 3 * 2^30 has the largest share of surplus words, a quarter: without rejection every third result would come up
        // twice as often as the others.
        let count = 3 << 30;
        let mut stream = RandomStream::new(5, 0);
        let draws = 30_000;
        let mut of_residue = [0_i32; 3];
        for _ in 0..draws {
            of_residue[(stream.index(count) % 3) as usize] += 1;
        }
        // A share of a third has a standard deviation of 82 in 30,000 draws.
        for drawn in of_residue {
            assert!((drawn - draws / 3).abs() < 5 * 82, "{of_residue:?}");
        }
    }

    #[test]
    fn streams_of_one_seed_differ() {
        let first = |stream| RandomStream::new(42, stream).index(1 << 31);
        let mut firsts: Vec<u32> = (0..100).map(first).collect();
        firsts.sort_unstable();
        firsts.dedup();
        assert!(firsts.len() > 90);
    }
}
