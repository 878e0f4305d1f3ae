//! The limits of the simulated server, and who stated each.

use std::collections::BTreeMap;
use std::fmt;

use experiment::{Replayed, ServerOverrides};
use ground_truth::ServerLimits;
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
        // Each with whether a flag and whether the experiment states it, and who does where neither does.
        let mut limits = BTreeMap::new();
        let mut add = |name, value, by_flag: bool, by_experiment: bool, otherwise| {
            let from = match (by_flag, by_experiment) {
                (true, _) => StatedBy::Flag,
                (false, true) => StatedBy::Experiment,
                (false, false) => otherwise,
            };
            limits.insert(name, Limit { value, from });
            from
        };
        let default = StatedBy::Default;
        let (w, s) = (wanted, stated);
        let (flag, own) = (
            w.max_num_batched_tokens.is_some(),
            s.max_num_batched_tokens.is_some(),
        );
        add(
            "max_num_batched_tokens",
            spec.max_num_batched_tokens.into(),
            flag,
            own,
            default,
        );
        let (flag, own) = (w.max_num_seqs.is_some(), s.max_num_seqs.is_some());
        add("max_num_seqs", spec.max_num_seqs.into(), flag, own, default);
        let (flag, own) = (w.max_model_len.is_some(), s.max_model_len.is_some());
        add(
            "max_model_len",
            spec.max_model_len.into(),
            flag,
            own,
            context_by,
        );
        let (flag, own) = (w.block_size.is_some(), s.block_size.is_some());
        add(
            "block_size",
            spec.block_size_tokens.into(),
            flag,
            own,
            default,
        );
        let (flag, own) = (
            w.chunked_prefill.is_some(),
            s.enable_chunked_prefill.is_some(),
        );
        add(
            "chunked_prefill",
            LimitValue::Switch(spec.chunked_prefill),
            flag,
            own,
            default,
        );
        let (flag, own) = (
            w.prefix_caching.is_some(),
            s.enable_prefix_caching.is_some(),
        );
        add(
            "prefix_caching",
            LimitValue::Switch(spec.prefix_caching),
            flag,
            own,
            default,
        );
        let (flag, own) = (w.kv_blocks.is_some(), s.num_gpu_blocks.is_some());
        let blocks = LimitValue::Count(spec.kv_blocks);
        // Where the blocks are stated, the share of the memory decides nothing.
        if add("kv_blocks", blocks, flag, own, StatedBy::Memory) == StatedBy::Memory {
            let (flag, own) = (w.gpu_memory_utilization, s.gpu_memory_utilization);
            let share = flag.or(own).unwrap_or(DEFAULT_MEMORY_UTILIZATION);
            let share = LimitValue::Share(share);
            add(
                "gpu_memory_utilization",
                share,
                flag.is_some(),
                own.is_some(),
                default,
            );
        }
        Self(limits)
    }
}

impl From<u32> for LimitValue {
    fn from(count: u32) -> Self {
        Self::Count(count.into())
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
