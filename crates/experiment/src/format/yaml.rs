//! Reads YAML with bounds on what a hostile file can cost.

use diagnostic::{Diagnostic, SourceText, YamlBounds, parse_yaml};
use serde::de::DeserializeOwned;

/// A sweep lists thousands of values at most, and a range is one line; the format itself has about ten levels.
const BOUNDS: YamlBounds = YamlBounds {
    nodes: 200_000,
    depth: 64,
};

/// Reads a hypothesis.
pub(crate) fn parse<T: DeserializeOwned>(source: &SourceText) -> Result<T, Diagnostic> {
    parse_as(source, "hypothesis")
}

/// Reads a file of another kind; messages call what it holds by this noun.
pub(crate) fn parse_as<T: DeserializeOwned>(
    source: &SourceText,
    noun: &str,
) -> Result<T, Diagnostic> {
    parse_yaml(source, noun, BOUNDS)
}
