use super::literal;
use crate::elided_reader::was_elided;
use crate::profile::{LengthProfile, TokenLengths};
use crate::tree::Tree;
use diagnostic::Quoted;

/// What the client was told of its data.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum DataDescription {
    /// Synthetic prompts and outputs of these lengths.
    Lengths(LengthProfile),
    /// Synthetic prompts that start with one of several prefixes, of which no one knows which has which.
    SeveralPrefixes {
        /// How many there are.
        prefixes: u64,
    },
    /// Something else, such as a file: what it is, for messages.
    Other(String),
    /// A text that was left out for its length.
    TooLong,
}

/// A key of a description that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyProblem {
    pub(super) key: String,
    pub(super) reason: String,
}

impl DataDescription {
    /// Keys of descriptions of synthetic data, of all releases.
    pub(super) const KEYS: [&'static str; 30] = [
        "branches",
        "delay",
        "delay_max",
        "delay_min",
        "delay_stdev",
        "first_output_tokens",
        "first_prompt_tokens",
        "kind",
        "load_kwargs",
        "output_tokens",
        "output_tokens_max",
        "output_tokens_min",
        "output_tokens_stdev",
        "path",
        "prefix_buckets",
        "prefix_count",
        "prefix_tokens",
        "prompt_tokens",
        "prompt_tokens_max",
        "prompt_tokens_min",
        "prompt_tokens_stdev",
        "samples",
        "server_tool_call_turns",
        "source",
        "tool_call_turns",
        "tool_response_tokens",
        "tools",
        "trust_remote_code",
        "turns",
        "type_",
    ];

    /// Reads a mapping, a text that stands for one, or a list of one of these.
    pub(super) fn read(data: &Tree) -> Result<Self, Vec<KeyProblem>> {
        match data {
            Tree::Text(text) if was_elided(text) => Ok(Self::TooLong),
            Tree::Text(text) => match literal::parse(text) {
                Some(value) => Self::read(&value),
                None => Ok(Self::Other(Quoted(text).to_string())),
            },
            Tree::List(items) => match items.as_slice() {
                [item] => Self::read(item),
                several => Ok(Self::Other(format!("a list of {}", several.len()))),
            },
            Tree::Map(_) => Self::read_map(data),
            Tree::Null | Tree::Bool(_) | Tree::Whole(_) | Tree::Number(_) => {
                Ok(Self::Other(data.to_string()))
            }
        }
    }

    /// The mapping inside, for its keys.
    pub(super) fn map(data: &Tree) -> Option<&[(String, Tree)]> {
        match data {
            Tree::Map(entries) => Some(entries),
            Tree::List(items) => match items.as_slice() {
                [item] => Self::map(item),
                _ => None,
            },
            Tree::Null | Tree::Bool(_) | Tree::Whole(_) | Tree::Number(_) | Tree::Text(_) => None,
        }
    }

    fn read_map(data: &Tree) -> Result<Self, Vec<KeyProblem>> {
        if data.get("generated_tokens").is_some() {
            return Ok(Self::Other("lengths as GuideLLM 0.1 takes them".to_owned()));
        }
        if data.get("prompt_tokens").is_none() && data.get("output_tokens").is_none() {
            let kind = data.get("kind").or_else(|| data.get("type_"));
            return Ok(Self::Other(match kind {
                Some(kind) => format!("{kind} without `prompt_tokens` and `output_tokens`"),
                None => "a mapping without `prompt_tokens` and `output_tokens`".to_owned(),
            }));
        }
        let mut reader = MapReader {
            data,
            problems: Vec::new(),
        };
        let prefixes = reader.prefixes();
        let prompt = reader.lengths("prompt_tokens");
        let output = reader.lengths("output_tokens");
        match (prompt, output) {
            (Some(prompt), Some(output)) if reader.problems.is_empty() => Ok(match prefixes {
                Prefixes::Shared { tokens } => Self::Lengths(LengthProfile {
                    prefix_tokens: tokens,
                    prompt,
                    output,
                }),
                Prefixes::Several { prefixes } => Self::SeveralPrefixes { prefixes },
            }),
            (Some(_) | None, Some(_) | None) => Err(reader.problems),
        }
    }
}

/// What prompts start with.
#[derive(Debug, Clone, Copy)]
enum Prefixes {
    /// The same tokens, maybe none.
    Shared { tokens: u32 },
    /// Some with other tokens than others.
    Several { prefixes: u64 },
}

struct MapReader<'a> {
    data: &'a Tree,
    problems: Vec<KeyProblem>,
}

impl MapReader<'_> {
    /// The prefixes. `prefix_count` and `prefix_tokens` beside the lengths are a short form of a single bucket
    /// (`SyntheticTextDatasetConfig` of GuideLLM 0.4 to 0.8; before, there was `prefix_tokens` alone).
    fn prefixes(&mut self) -> Prefixes {
        let data = self.data;
        let buckets = match data.get("prefix_buckets").map(Tree::items) {
            Some(buckets) if !buckets.is_empty() => buckets,
            Some(_) | None => std::slice::from_ref(data),
        };
        let mut all = Vec::new();
        for bucket in buckets {
            let tokens = self.tokens(bucket, "prefix_tokens").unwrap_or(0);
            // GuideLLM takes a count of 0 for one that is not given.
            let count = self.count(bucket, "prefix_count").unwrap_or(1).max(1);
            all.push((tokens, count));
        }
        match all.as_slice() {
            [(tokens, 1)] => Prefixes::Shared { tokens: *tokens },
            all if all.iter().all(|(tokens, _)| *tokens == 0) => Prefixes::Shared { tokens: 0 },
            all => Prefixes::Several {
                prefixes: all
                    .iter()
                    .fold(0, |sum, (_, count)| u64::saturating_add(sum, *count)),
            },
        }
    }

    /// The distribution of which `key` is the mean. None after a report.
    fn lengths(&mut self, key: &str) -> Option<TokenLengths> {
        let data = self.data;
        let mean = self.tokens(data, key);
        if data.get(key).is_none() {
            self.problem(key, "is missing, expected the mean number of tokens");
        }
        let std_dev = self.tokens(data, &format!("{key}_stdev"));
        let (min_key, max_key) = (format!("{key}_min"), format!("{key}_max"));
        let (min, max) = (self.tokens(data, &min_key), self.tokens(data, &max_key));
        if let Some((min, max)) = min.zip(max).filter(|(min, max)| min > max) {
            self.problem(
                &min_key,
                format!("is {min}, above `{max_key}`, which is {max}"),
            );
        }
        Some(TokenLengths {
            mean: mean?,
            std_dev,
            min,
            max,
        })
    }

    fn tokens(&mut self, map: &Tree, key: &str) -> Option<u32> {
        let value = map.get(key)?;
        let tokens = value.as_u32();
        if tokens.is_none() {
            self.problem(
                key,
                format!("is {value}, expected a whole number of tokens"),
            );
        }
        tokens
    }

    fn count(&mut self, map: &Tree, key: &str) -> Option<u64> {
        let value = map.get(key)?;
        let count = value.as_u64();
        if count.is_none() {
            self.problem(
                key,
                format!("is {value}, expected a whole number of prefixes"),
            );
        }
        count
    }

    fn problem(&mut self, key: &str, reason: impl Into<String>) {
        self.problems.push(KeyProblem {
            key: key.to_owned(),
            reason: reason.into(),
        });
    }
}
