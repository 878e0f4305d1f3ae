//! The limits of the simulated server, and who stated each.

use std::collections::BTreeMap;
use std::fmt;

use ground_truth::ServerLimits;
use replay::Replayed;
use serde::Serialize;
use serving::DEFAULT_MEMORY_UTILIZATION;
use settings::{Given, GivenSettings, SERVER, Setting, Setup};

use super::host_choice::StatedBy;

/// Every limit by its name.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub(super) struct StatedLimits(BTreeMap<&'static str, Limit>);

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Limit {
    value: Given,
    from: StatedBy,
}

impl StatedLimits {
    /// The limits that were simulated.
    pub(super) fn new(
        replayed: &Replayed,
        stated: &ServerLimits,
        wanted: &ServerLimits,
        longest_context: Option<u32>,
    ) -> Self {
        let spec = replayed.server.spec();
        let limits = wanted.or(stated);
        let share = limits.gpu_memory_utilization;
        let simulated = ServerLimits {
            max_num_batched_tokens: Some(spec.max_num_batched_tokens),
            max_num_seqs: Some(spec.max_num_seqs),
            max_model_len: Some(spec.max_model_len),
            block_size: Some(spec.block_size_tokens),
            enable_chunked_prefill: Some(spec.chunked_prefill),
            enable_prefix_caching: Some(spec.prefix_caching),
            num_gpu_blocks: Some(spec.kv_blocks),
            // Where the blocks are stated, the share of the memory decides nothing.
            gpu_memory_utilization: match limits.num_gpu_blocks {
                Some(_) => None,
                None => share.or(Some(DEFAULT_MEMORY_UTILIZATION)),
            },
        };
        let [simulated, wanted, stated] = [&simulated, wanted, stated].map(values);
        let limit = |(setting, value): (Setting, Given)| {
            let from = match setting.key() {
                _ if wanted.contains_key(&setting) => StatedBy::Flag,
                _ if stated.contains_key(&setting) => StatedBy::Experiment,
                "max_model_len" if longest_context.is_some() => StatedBy::Model,
                "kv_blocks" => StatedBy::Memory,
                _ => StatedBy::Default,
            };
            (setting.key(), Limit { value, from })
        };
        Self(simulated.into_iter().map(limit).collect())
    }
}

/// The limits as settings.
fn values(limits: &ServerLimits) -> GivenSettings {
    let mut setup = Setup::default();
    setup.replay.server = limits.clone();
    let mut values = Setting::values(&setup);
    values.retain(|setting, _| setting.section() == SERVER);
    values
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Given::Switch(true) => f.write_str("on"),
            Given::Switch(false) => f.write_str("off"),
            Given::Whole(_) | Given::Number(_) | Given::Word(_) => self.value.fmt(f),
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
                .map(|(name, limit)| format!("{name} {limit}"))
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
