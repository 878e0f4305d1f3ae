//! Reads YAML with bounds on what a hostile file can cost.

use diagnostic::{Diagnostic, SourceText, YamlBounds, parse_yaml, parse_yaml_with_slips};
use serde::de::DeserializeOwned;

/// A sweep lists thousands of values at most, and a range is one line; the format itself has about ten levels.
const BOUNDS: YamlBounds = YamlBounds {
    nodes: 200_000,
    depth: 64,
};

/// Reads a hypothesis, with the slips in its keys and choices.
pub(crate) fn parse<T: DeserializeOwned>(source: &SourceText) -> (Option<T>, Vec<Diagnostic>) {
    parse_yaml_with_slips(source, "hypothesis", BOUNDS)
}

/// Reads a file of another kind; messages call what it holds by this noun.
pub(crate) fn parse_as<T: DeserializeOwned>(
    source: &SourceText,
    noun: &str,
) -> Result<T, Diagnostic> {
    parse_yaml(source, noun, BOUNDS)
}
