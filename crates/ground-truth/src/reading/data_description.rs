use super::findings::Findings;
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

    /// Reads a mapping, a text that stands for one, or a list of one of these. None after a report.
    pub(super) fn read(data: &Tree, place: &str, findings: &mut Findings) -> Option<Self> {
        match data {
            Tree::Text(text) if was_elided(text) => Some(Self::TooLong),
            Tree::Text(text) => match literal::parse(text) {
                Some(value) => Self::read(&value, place, findings),
                None => Some(Self::Other(Quoted(text).to_string())),
            },
            Tree::List(items) => match items.as_slice() {
                [item] => Self::read(item, place, findings),
                several => Some(Self::Other(format!("a list of {}", several.len()))),
            },
            Tree::Map(_) => Self::read_map(data, place, findings),
            other => Some(Self::Other(other.to_string())),
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
            _other => None,
        }
    }

    fn read_map(data: &Tree, place: &str, findings: &mut Findings) -> Option<Self> {
        if data.get("generated_tokens").is_some() {
            return Some(Self::Other("lengths as GuideLLM 0.1 takes them".to_owned()));
        }
        if data.get("prompt_tokens").is_none() && data.get("output_tokens").is_none() {
            let kind = data.get("kind").or_else(|| data.get("type_"));
            let kind = kind.map_or_else(|| "a mapping".to_owned(), Tree::to_string);
            let other = format!("{kind} without `prompt_tokens` and `output_tokens`");
            return Some(Self::Other(other));
        }
        let before = findings.problems();
        let mut reader = MapReader {
            data,
            place,
            findings,
        };
        let prefixes = reader.prefixes();
        let (prompt, output) = (
            reader.lengths("prompt_tokens"),
            reader.lengths("output_tokens"),
        );
        if findings.problems() > before {
            return None;
        }
        match prefixes {
            Prefixes::Shared { tokens } => Some(Self::Lengths(LengthProfile {
                prefix_tokens: tokens,
                prompt: prompt?,
                output: output?,
            })),
            Prefixes::Several { prefixes } => {
                let message = format!(
                    "prompts start with one of {prefixes} prefixes: what they share is not known, and no lengths are taken from here"
                );
                findings.warn(place, message);
                Some(Self::SeveralPrefixes { prefixes })
            }
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
    place: &'a str,
    findings: &'a mut Findings,
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
            let count = self.whole(bucket, "prefix_count", "prefixes", Tree::as_u64);
            let count = count.unwrap_or(1).max(1);
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
        self.whole(map, key, "tokens", Tree::as_u32)
    }

    fn whole<T>(
        &mut self,
        map: &Tree,
        key: &str,
        of: &str,
        read: fn(&Tree) -> Option<T>,
    ) -> Option<T> {
        let place = format!("{}.{key}", self.place);
        let expected = format!("a whole number of {of}");
        self.findings.expect(&place, map.get(key)?, &expected, read)
    }

    fn problem(&mut self, key: &str, reason: impl Into<String>) {
        self.findings
            .problem(format!("{}.{key}", self.place), reason);
    }
}
