//! SHA-256 as files and reports have it.

use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

/// Hexadecimal digits of a SHA-256.
const DIGITS: usize = 64;

/// Digits by which a hash is told from others where it need not be verified.
const SHORT_DIGITS: usize = 12;

/// A SHA-256 in 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sha256Hex(String);

impl Sha256Hex {
    /// The hash of these bytes.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let digits = Sha256::digest(bytes)
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 0xf])
            .filter_map(|nibble| char::from_digit(nibble.into(), 16))
            .collect();
        Self(digits)
    }

    /// A hash that a file has; `None` for any other text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (text.len() == DIGITS && text.bytes().all(is_digit)).then(|| Self(text.to_owned()))
    }

    /// Its first 12 digits.
    #[must_use]
    pub fn short(&self) -> &str {
        &self.0[..SHORT_DIGITS]
    }
}

impl fmt::Display for Sha256Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first test vector of FIPS 180-2.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn the_hash_of_abc_is_that_of_the_standard() {
        let hash = Sha256Hex::of(b"abc");
        assert_eq!(hash.to_string(), ABC);
        assert_eq!(hash.short(), "ba7816bf8f01");
        assert_eq!(Sha256Hex::parse(ABC), Some(hash));
    }

    #[test]
    fn other_texts_are_no_hashes() {
        for text in [
            "",
            &ABC[1..],
            &format!("{ABC}0"),
            &ABC.to_uppercase(),
            &ABC.replace("ba", "é"),
            &ABC.replace("ba", "xy"),
        ] {
            assert_eq!(Sha256Hex::parse(text), None, "{text}");
        }
    }
}
