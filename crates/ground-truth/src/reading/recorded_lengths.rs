use crate::benchmark::Benchmark;
use crate::profile::{LengthProfile, TokenLengths};

/// By how many tokens a prompt may be longer than was told: servers count what a chat template puts around it.
const TEMPLATE_TOKENS: f64 = 100.0;

/// By what share a prompt may be shorter than was told: tokens that are put together from a text again can be fewer.
const MERGED_SHARE: f64 = 0.02;

/// The lengths that a profile asks for beside those that were recorded in a benchmark.
pub(super) struct RecordedLengths<'a> {
    pub(super) lengths: &'a LengthProfile,
    pub(super) benchmark: &'a Benchmark,
}

/// A key of a profile that what was recorded contradicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LengthDifference {
    pub(super) key: &'static str,
    /// What the profile says.
    pub(super) here: String,
    /// What was recorded.
    pub(super) there: String,
}

impl RecordedLengths<'_> {
    /// All contradictions, those of prompts first.
    pub(super) fn differences(&self) -> Vec<LengthDifference> {
        let mut differences: Vec<_> = self.short_of_prefix().into_iter().collect();
        if differences.is_empty() {
            differences.extend(self.other_prompts());
        }
        differences.extend(self.other_outputs());
        differences
    }

    /// The recorded prompts in tokens, as far as they are known.
    fn prompts(&self) -> impl Iterator<Item = u32> {
        let requests = self.benchmark.requests.iter();
        requests.filter_map(|request| request.prompt_tokens)
    }

    /// Prompts that all start with the same tokens have as many at least.
    fn short_of_prefix(&self) -> Option<LengthDifference> {
        let prefix = self.lengths.prefix_tokens;
        let shorter: Vec<u32> = self.prompts().filter(|tokens| *tokens < prefix).collect();
        let there = match (shorter.iter().min(), self.benchmark.prompt_tokens_mean) {
            (Some(shortest), _) => {
                let all = self.prompts().count();
                let count = shorter.len();
                format!("{count} of {all} prompts are shorter, the shortest has {shortest} tokens")
            }
            (None, Some(mean)) if mean < f64::from(prefix) => prompts_on_average(mean),
            (None, Some(_) | None) => return None,
        };
        Some(LengthDifference {
            key: "prefix_tokens",
            here: format!("`{prefix}`"),
            there,
        })
    }

    /// Shortest and longest prompt, and their mean, lie between the bounds of prefix and prompt together.
    fn other_prompts(&self) -> Vec<LengthDifference> {
        let prefix = self.lengths.prefix_tokens;
        let prompt = &self.lengths.prompt;
        let (min, max) = (prompt.least(), prompt.most());
        let least = f64::from(prefix) + f64::from(min);
        let most = f64::from(prefix) + f64::from(max);
        let is_short = |tokens: f64| tokens < least * (1.0 - MERGED_SHARE);
        let is_long = |tokens: f64| tokens > most + TEMPLATE_TOKENS;
        let beyond = |extreme: Option<u32>, name: &str, is_beyond: &dyn Fn(f64) -> bool| {
            let extreme = extreme.filter(|tokens| is_beyond((*tokens).into()));
            let mean = self.benchmark.prompt_tokens_mean;
            extreme
                .map(|tokens| format!("the {name} prompt has {tokens} tokens"))
                .or_else(|| mean.filter(|mean| is_beyond(*mean)).map(prompts_on_average))
        };
        let here = |name: &str, tokens: u32| match prefix {
            0 => format!("{name} `{tokens}`"),
            _ => format!("{name} `{tokens}` behind a prefix of {prefix}"),
        };
        let key = |bound: Option<u32>, key| bound.map_or("prompt_tokens", |_| key);
        let short = beyond(self.prompts().min(), "shortest", &is_short);
        let short = short.map(|there| LengthDifference {
            key: key(prompt.min, "prompt_tokens_min"),
            here: here("at least", min),
            there,
        });
        let long = beyond(self.prompts().max(), "longest", &is_long);
        let long = long.map(|there| LengthDifference {
            key: key(prompt.max, "prompt_tokens_max"),
            here: here("at most", max),
            there,
        });
        short.into_iter().chain(long).collect()
    }

    /// A mean of outputs lies between the bounds of the outputs, as far as they are given: a model may end early.
    fn other_outputs(&self) -> Vec<LengthDifference> {
        let Some(mean) = self.benchmark.output_tokens_mean else {
            return Vec::new();
        };
        let output = &self.lengths.output;
        let below = output.min.filter(|min| mean < f64::from(*min));
        let above = output.max.filter(|max| mean > f64::from(*max));
        let bounds = [("output_tokens_min", below), ("output_tokens_max", above)];
        let contradicted = bounds.into_iter().filter_map(|(key, bound)| {
            Some(LengthDifference {
                key,
                here: format!("`{}`", bound?),
                there: format!("outputs have {mean:.1} tokens on average"),
            })
        });
        contradicted.collect()
    }
}

fn prompts_on_average(mean: f64) -> String {
    format!("prompts have {mean:.1} tokens on average")
}

/// How many standard deviations from the mean a bound is that is not given: `IntegerRangeSampler` of GuideLLM.
const BOUND_STD_DEVS: u32 = 5;

impl TokenLengths {
    /// Smallest length that is drawn.
    fn least(&self) -> u32 {
        let spread = BOUND_STD_DEVS.saturating_mul(self.std_dev.unwrap_or(0));
        self.min.unwrap_or(self.mean.saturating_sub(spread).max(1))
    }

    /// Largest length that is drawn.
    fn most(&self) -> u32 {
        let spread = BOUND_STD_DEVS.saturating_mul(self.std_dev.unwrap_or(0));
        self.max.unwrap_or(self.mean.saturating_add(spread))
    }
}
