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
        let by = |wanted: bool, stated: bool, otherwise: StatedBy| match (wanted, stated) {
            (true, _) => StatedBy::Flag,
            (false, true) => StatedBy::Experiment,
            (false, false) => otherwise,
        };
        let context_by = match longest_context {
            Some(_) => StatedBy::Model,
            None => StatedBy::Default,
        };
        let count = |value: u32| LimitValue::Count(value.into());
        let mut limits = vec![
            (
                "max_num_batched_tokens",
                count(spec.max_num_batched_tokens),
                by(
                    wanted.max_num_batched_tokens.is_some(),
                    stated.max_num_batched_tokens.is_some(),
                    StatedBy::Default,
                ),
            ),
            (
                "max_num_seqs",
                count(spec.max_num_seqs),
                by(
                    wanted.max_num_seqs.is_some(),
                    stated.max_num_seqs.is_some(),
                    StatedBy::Default,
                ),
            ),
            (
                "max_model_len",
                count(spec.max_model_len),
                by(
                    wanted.max_model_len.is_some(),
                    stated.max_model_len.is_some(),
                    context_by,
                ),
            ),
            (
                "block_size",
                count(spec.block_size_tokens),
                by(
                    wanted.block_size.is_some(),
                    stated.block_size.is_some(),
                    StatedBy::Default,
                ),
            ),
            (
                "chunked_prefill",
                LimitValue::Switch(spec.chunked_prefill),
                by(
                    wanted.chunked_prefill.is_some(),
                    stated.enable_chunked_prefill.is_some(),
                    StatedBy::Default,
                ),
            ),
            (
                "prefix_caching",
                LimitValue::Switch(spec.prefix_caching),
                by(
                    wanted.prefix_caching.is_some(),
                    stated.enable_prefix_caching.is_some(),
                    StatedBy::Default,
                ),
            ),
        ];
        let blocks_by = by(
            wanted.kv_blocks.is_some(),
            stated.num_gpu_blocks.is_some(),
            StatedBy::Memory,
        );
        limits.push(("kv_blocks", LimitValue::Count(spec.kv_blocks), blocks_by));
        // Where the blocks are stated, the share of the memory decides nothing.
        if blocks_by == StatedBy::Memory {
            let share = wanted
                .gpu_memory_utilization
                .or(stated.gpu_memory_utilization)
                .unwrap_or(DEFAULT_MEMORY_UTILIZATION);
            limits.push((
                "gpu_memory_utilization",
                LimitValue::Share(share),
                by(
                    wanted.gpu_memory_utilization.is_some(),
                    stated.gpu_memory_utilization.is_some(),
                    StatedBy::Default,
                ),
            ));
        }
        Self(
            limits
                .into_iter()
                .map(|(name, value, from)| (name, Limit { value, from }))
                .collect(),
        )
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
