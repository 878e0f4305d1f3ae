//! The limits of the simulated server, and who stated each.

use std::collections::BTreeMap;
use std::fmt;

use ground_truth::ServerLimits;
use replay::{Replayed, ServerOverrides};
use serde::Serialize;
use serving::DEFAULT_MEMORY_UTILIZATION;

use super::host_choice::StatedBy;

/// Every limit by its name.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub(super) struct StatedLimits(BTreeMap<&'static str, Limit>);

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
struct Limit {
    value: LimitValue,
    from: StatedBy,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum LimitValue {
    Count(u64),
    Share(f64),
    Switch(bool),
}

impl StatedLimits {
    /// The limits that were simulated.
    pub(super) fn new(
        replayed: &Replayed,
        stated: &ServerLimits,
        wanted: &ServerOverrides,
        longest_context: Option<u32>,
    ) -> Self {
        let spec = replayed.server.spec();
        let context_by = match longest_context {
            Some(_) => StatedBy::Model,
            None => StatedBy::Default,
        };
        let (flag, own, default) = (wanted, stated, StatedBy::Default);
        let mut limits = Self(BTreeMap::new());
        let by = stated_by(
            flag.max_num_batched_tokens,
            own.max_num_batched_tokens,
            default,
        );
        limits.add("max_num_batched_tokens", spec.max_num_batched_tokens, by);
        let by = stated_by(flag.max_num_seqs, own.max_num_seqs, default);
        limits.add("max_num_seqs", spec.max_num_seqs, by);
        let by = stated_by(flag.max_model_len, own.max_model_len, context_by);
        limits.add("max_model_len", spec.max_model_len, by);
        let by = stated_by(flag.block_size, own.block_size, default);
        limits.add("block_size", spec.block_size_tokens, by);
        let by = stated_by(flag.chunked_prefill, own.enable_chunked_prefill, default);
        limits.add("chunked_prefill", spec.chunked_prefill, by);
        let by = stated_by(flag.prefix_caching, own.enable_prefix_caching, default);
        limits.add("prefix_caching", spec.prefix_caching, by);
        let by = stated_by(flag.kv_blocks, own.num_gpu_blocks, StatedBy::Memory);
        limits.add("kv_blocks", spec.kv_blocks, by);
        // Where the blocks are stated, the share of the memory decides nothing.
        if by == StatedBy::Memory {
            let (flag, own) = (flag.gpu_memory_utilization, own.gpu_memory_utilization);
            let share = flag.or(own).unwrap_or(DEFAULT_MEMORY_UTILIZATION);
            limits.add(
                "gpu_memory_utilization",
                share,
                stated_by(flag, own, default),
            );
        }
        limits
    }

    fn add(&mut self, name: &'static str, value: impl Into<LimitValue>, from: StatedBy) {
        let value = value.into();
        self.0.insert(name, Limit { value, from });
    }
}

/// Who states a limit: a flag, the experiment, or else somebody.
fn stated_by<T>(flag: Option<T>, experiment: Option<T>, otherwise: StatedBy) -> StatedBy {
    match (flag, experiment) {
        (Some(_), _) => StatedBy::Flag,
        (None, Some(_)) => StatedBy::Experiment,
        (None, None) => otherwise,
    }
}

impl From<u32> for LimitValue {
    fn from(count: u32) -> Self {
        Self::Count(count.into())
    }
}

impl From<u64> for LimitValue {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<f64> for LimitValue {
    fn from(share: f64) -> Self {
        Self::Share(share)
    }
}

impl From<bool> for LimitValue {
    fn from(is_on: bool) -> Self {
        Self::Switch(is_on)
    }
}

impl fmt::Display for LimitValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => count.fmt(f),
            Self::Share(share) => share.fmt(f),
            Self::Switch(true) => f.write_str("on"),
            Self::Switch(false) => f.write_str("off"),
        }
    }
}

/// How many limits a line holds.
const PER_LINE: usize = 4;

impl fmt::Display for StatedLimits {
    /// Lines for each of those who stated limits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut label = "server";
        for from in StatedBy::ALL {
            let limits: Vec<String> = self
                .0
                .iter()
                .filter(|(_, limit)| limit.from == from)
                .map(|(name, limit)| format!("{name} {}", limit.value))
                .collect();
            let mut lines = limits.chunks(PER_LINE).peekable();
            while let Some(line) = lines.next() {
                let line = line.join(", ");
                match lines.peek() {
                    Some(_) => writeln!(f, "{label:<11}  {line},")?,
                    None => writeln!(f, "{label:<11}  {line} ({})", from.words())?,
                }
                label = "";
            }
        }
        Ok(())
    }
}
