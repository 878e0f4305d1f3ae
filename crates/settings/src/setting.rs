//! The table of settings.

use std::collections::BTreeMap;

use roofline::Hardware;
use serving::ServerConfig;

use crate::given::{Given, WrongValue};
use crate::section::{
    ASSUMPTIONS, FACTORS, HARDWARE, OVERHEAD, OVERRIDES, SECTIONS, SERVE, SERVER, SETUP,
};
use crate::setup::Setup;
use crate::slot::{Count, NOT_NEGATIVE, Numbers, POSITIVE, Slot, any_of};

/// Settings with a value, those that others replace first.
pub type GivenSettings = BTreeMap<Setting, Given>;

/// A row of the table.
struct Row {
    section: usize,
    path: &'static str,
    meaning: &'static [&'static str],
    flag: &'static [&'static str],
    slot: fn(&mut Setup) -> Slot<'_>,
}

/// Declares the settings, section by section: what each means in files, its path below the file's `setup` or below
/// `serve`, where its value is kept, and what its flag says of itself where it has one.
macro_rules! settings {
    (
        $(
            $section:ident {
                $(
                    $(#[doc = $meaning:literal])*
                    $path:literal => $slot:expr $(, flag $flag:expr)?;
                )+
            }
        )+
    ) => {
        static ROWS: &[Row] = &[
            $($(
                Row {
                    section: $section,
                    path: $path,
                    meaning: &[$($meaning),*],
                    flag: &[$($flag)?],
                    slot: $slot,
                },
            )+)+
        ];
    };
}

settings! {
    SETUP {
        /// Folder name below `model_configs`.
        "model" => |s| Slot::Folder { below: "model_configs", name: &mut s.model };
        /// Folder name below `bench_data`.
        "gpu" => |s| Slot::Folder { below: "bench_data", name: &mut s.gpu };
        /// Number of GPUs that split the model.
        "tensor_parallel" => |s| Slot::Count(&mut s.tensor_parallel, 1..=u64::MAX);
    }
    ASSUMPTIONS {
        "assumptions.preset" => |s| Slot::Choice(&mut s.preset),
            flag "Assumptions to start from";
        "assumptions.mfu_lookup" => |s| Slot::Choice(&mut s.assumptions.mfu_lookup),
            flag "How an MFU is found for sizes that were not measured";
        "assumptions.gemm_time" => |s| Slot::Choice(&mut s.assumptions.gemm_time),
            flag "What bounds the time of a GEMM";
        "assumptions.decode_attention_flops" => |s| Slot::Choice(&mut s.assumptions.decode_attention_flops),
            flag "KV length that decode attention FLOPs are charged for";
        "assumptions.decode_attention_mfu" => |s| Slot::Choice(&mut s.assumptions.decode_attention_mfu),
            flag "Where the MFU of decode attention is looked up";
        "assumptions.prefill_context" => |s| Slot::Choice(&mut s.assumptions.prefill_context),
            flag "Context length that prefill attention is charged for";
        "assumptions.mixed_batch" => |s| Slot::Choice(&mut s.assumptions.mixed_batch),
            flag "How the two phases of a batch combine";
        "assumptions.lm_head" => |s| Slot::Choice(&mut s.assumptions.lm_head),
            flag "Whether the projection to the vocabulary counts";
    }
    FACTORS {
        /// Share of the KV cache that is read where a request processes one new token.
        "assumptions.factors.kv_read_one_token"
            => |s| Slot::Number(&mut s.assumptions.factors.kv_read_one_token, NOT_NEGATIVE),
            flag "Share of cached KV bytes that is read by a request with one new token";
        /// Share of the KV cache that is read where a request processes several new tokens.
        "assumptions.factors.kv_read_many_tokens"
            => |s| Slot::Number(&mut s.assumptions.factors.kv_read_many_tokens, NOT_NEGATIVE),
            flag "Share of cached KV bytes that is read by a request with several new tokens";
        /// Activation traffic factor where a request processes one new token.
        "assumptions.factors.activation_one_token"
            => |s| Slot::Number(&mut s.assumptions.factors.activation_one_token, NOT_NEGATIVE),
            flag "Activation traffic factor of a request with one new token";
        /// Activation traffic factor where a request processes several new tokens.
        "assumptions.factors.activation_many_tokens"
            => |s| Slot::Number(&mut s.assumptions.factors.activation_many_tokens, NOT_NEGATIVE),
            flag "Activation traffic factor of a request with several new tokens";
        /// What full prefill attention FLOPs are divided by for the causal mask.
        "assumptions.factors.causal_divisor"
            => |s| Slot::Number(&mut s.assumptions.factors.causal_divisor, POSITIVE),
            flag "What prefill attention FLOPs are divided by for the causal mask";
    }
    HARDWARE {
        /// Peak dense throughput in TFLOP/s.
        "hardware.peak_tflops"
            => |s| Slot::OfGpu { tera: &mut s.peak_tflops, unit: "TFLOP/s", own: |gpu| gpu.peak_flops_per_s },
            flag "Peak dense TFLOP/s [default: the GPU's]";
        /// Peak memory bandwidth in TB/s.
        "hardware.bandwidth_tb_per_s"
            => |s| Slot::OfGpu { tera: &mut s.bandwidth_tb_per_s, unit: "TB/s", own: |gpu| gpu.bandwidth_bytes_per_s },
            flag "Peak memory bandwidth in TB/s [default: the GPU's]";
        /// Share of the peak bandwidth that is reached; 0 stands for all of it.
        "hardware.bandwidth_efficiency" => |s| Slot::Share(&mut s.bandwidth_efficiency, EFFICIENCY),
            flag "Share of the bandwidth that is reached [default: all]";
        /// Fixed time of each layer in microseconds, divided by tensor parallel.
        "hardware.per_layer_overhead_us" => |s| Slot::Number(&mut s.per_layer_overhead_us, NOT_NEGATIVE),
            flag "Microseconds that each layer takes beyond FLOPs and bytes [default: 0]";
    }
    OVERHEAD {
        /// Of a step that only decodes.
        "overhead.decode_us" => |s| Slot::Number(&mut s.replay.overheads.decode_us, MICROSECONDS),
            flag "Microseconds that a step takes besides its prediction where it only generates tokens";
        /// Of a step that only prefills.
        "overhead.prefill_us" => |s| Slot::Number(&mut s.replay.overheads.prefill_us, MICROSECONDS),
            flag "The same where it only computes prompts";
        /// Of a step that does both.
        "overhead.mixed_us" => |s| Slot::Number(&mut s.replay.overheads.mixed_us, MICROSECONDS),
            flag "The same where it does both";
    }
    SERVER {
        /// Most tokens of one step.
        "server.max_num_batched_tokens"
            => |s| count(&mut s.replay.server.max_num_batched_tokens, ServerConfig::MAX_TOKENS),
            flag "Most tokens of one step [default: that of the experiment, else that of `vllm serve`: 8192 on GPUs of 70 GiB and more but the A100, else 2048]";
        /// Most requests of one step.
        "server.max_num_seqs" => |s| count(&mut s.replay.server.max_num_seqs, ServerConfig::MAX_SEQS),
            flag "Most requests at once [default: that of the experiment, else that of `vllm serve`: 1024 on GPUs of 70 GiB and more but the A100, else 256]";
        /// Most tokens of one request, prompt and output.
        "server.max_model_len" => |s| count(&mut s.replay.server.max_model_len, ServerConfig::MAX_TOKENS),
            flag "Most tokens of a request, prompt and output [default: that of the experiment, else the model's longest context]";
        /// Tokens of one KV cache block.
        "server.block_size"
            => |s| count(&mut s.replay.server.block_size, ServerConfig::MAX_BLOCK_SIZE_TOKENS),
            flag "Tokens of a block of the KV cache [default: that of the experiment, else 16]";
        /// Blocks of the KV cache; from the memory of the GPUs where absent.
        "server.kv_blocks" => |s| count(&mut s.replay.server.num_gpu_blocks, ServerConfig::MAX_KV_BLOCKS),
            flag "Blocks of the KV cache [default: that of the experiment, else what fits beside the weights]";
        /// Share of the GPU memory that the server takes.
        "server.gpu_memory_utilization"
            => |s| Slot::Share(&mut s.replay.server.gpu_memory_utilization, UTILIZATION),
            flag "Share of the GPU memory for weights and KV cache [default: that of the experiment, else 0.9]";
        /// Whether prompts are split over steps.
        "server.chunked_prefill" => |s| Slot::Switch(&mut s.replay.server.enable_chunked_prefill);
        /// Whether the KV cache of shared prefixes is kept.
        "server.prefix_caching" => |s| Slot::Switch(&mut s.replay.server.enable_prefix_caching);
    }
    SERVE {
        "lengths" => |s| Slot::Choice(&mut s.replay.lengths),
            flag "How lengths are taken from their distribution: its quantiles, or independent draws";
        "arrivals" => |s| Slot::Choice(&mut s.replay.arrivals);
        "seed" => |s| Slot::Count(&mut s.replay.seed, 0..=u64::MAX),
            flag "Seed of lengths, their order and Poisson arrivals";
    }
}

/// A whole number from 1.
fn count(place: &mut dyn Count, most: u32) -> Slot<'_> {
    Slot::Count(place, 1..=most.into())
}

const EFFICIENCY: Numbers = Numbers {
    words: "a share from 0.000001 to 1, or 0 for all of it",
    hold: |share| share == 0.0 || (Hardware::LEAST_EFFICIENCY..=1.0).contains(&share),
};

const UTILIZATION: Numbers = Numbers {
    words: "a share from 0.01 to 1",
    hold: |share| (0.01..=1.0).contains(&share),
};

/// At most one minute: more is a slip of units.
const MICROSECONDS: Numbers = Numbers {
    words: "microseconds from 0 to 60000000",
    hold: |time| (0.0..=6e7).contains(&time),
};

/// One leaf of `setup` or of a `serve` run, by its place in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Setting(usize);

impl Setting {
    /// The model.
    pub const MODEL: Self = Self(0);
    /// The GPU.
    pub const GPU: Self = Self(1);
    /// How many GPUs split the model.
    pub const TENSOR_PARALLEL: Self = Self(2);
    /// The preset, which stands before what overrides it.
    pub const PRESET: Self = Self(3);

    /// The settings of a section, without those of sections below it.
    pub fn of_section(section: usize) -> impl Iterator<Item = Self> {
        (0..ROWS.len()).map(Self).filter(move |setting| {
            let own = setting.section();
            own == section || section == OVERRIDES && own == ASSUMPTIONS && *setting != Self::PRESET
        })
    }

    /// The settings of a section and of those below it.
    #[must_use]
    pub fn below(section: usize) -> Vec<Self> {
        let below = SECTIONS[section].below.iter();
        Self::of_section(section)
            .chain(below.flat_map(|section| Self::below(*section)))
            .collect()
    }

    /// All that a setup holds.
    #[must_use]
    pub fn values(setup: &Setup) -> GivenSettings {
        let mut setup = setup.clone();
        (0..ROWS.len())
            .map(Self)
            .filter_map(|setting| Some((setting, setting.slot(&mut setup).value()?)))
            .collect()
    }

    /// The settings of a simulation: those of a `serve` run beside its `setup`.
    pub fn of_simulation() -> impl Iterator<Item = Self> {
        [OVERHEAD, SERVER, SERVE]
            .into_iter()
            .flat_map(Self::of_section)
    }

    /// The section in which it stands.
    #[must_use]
    pub fn section(self) -> usize {
        self.row().section
    }

    fn row(self) -> &'static Row {
        &ROWS[self.0]
    }

    /// The path below `setup`, or below `serve`.
    #[must_use]
    pub fn path(self) -> &'static str {
        self.row().path
    }

    /// The last part of the path.
    #[must_use]
    pub fn key(self) -> &'static str {
        let path = self.path();
        path.rsplit_once('.').map_or(path, |(_, key)| key)
    }

    /// What it means in files.
    #[must_use]
    pub fn meaning(self) -> String {
        match self.slot(&mut Setup::default()) {
            Slot::Choice(choice) => format!("{}.", any_of(choice.names())),
            _ => self.row().meaning.concat().trim().to_owned(),
        }
    }

    /// What its flag says of itself, where it has one.
    #[must_use]
    pub fn flag(self) -> Option<&'static str> {
        self.row().flag.first().copied()
    }

    /// Where its value is kept.
    #[must_use]
    pub fn slot(self, setup: &mut Setup) -> Slot<'_> {
        (self.row().slot)(setup)
    }

    /// Whether it decides about the step model rather than about the simulation alone.
    #[must_use]
    pub fn is_of_setup(self) -> bool {
        self.section() <= HARDWARE
    }

    /// Whether a preset decides about it.
    #[must_use]
    pub fn is_of_preset(self) -> bool {
        matches!(self.section(), ASSUMPTIONS | FACTORS) && self != Self::PRESET
    }

    /// The words that a setting of the step model takes, or nothing where it takes a number or the name of a folder.
    #[must_use]
    pub fn choices(self) -> &'static [&'static str] {
        match self.slot(&mut Setup::default()) {
            Slot::Choice(choice) if self.is_of_setup() => choice.names(),
            _ => &[],
        }
    }

    /// Gives it a value that it takes. A preset replaces all assumptions, so that it is to be given before them.
    ///
    /// # Errors
    ///
    /// The value is of the wrong kind, or out of bounds; the text says what is expected.
    pub fn apply(self, setup: &mut Setup, value: &Given) -> Result<(), WrongValue> {
        if self.slot(setup).takes(value) && self.put(setup, value) {
            return Ok(());
        }
        // Choices of the step model are listed below the message.
        Err(WrongValue(if self.choices().is_empty() {
            self.slot(setup).expected()
        } else {
            "one of the choices".to_owned()
        }))
    }

    /// Gives it a value of its kind, in bounds or not. Others change nothing.
    pub fn put(self, setup: &mut Setup, value: &Given) -> bool {
        let is_put = self.slot(setup).put(value);
        if self == Self::PRESET {
            setup.assumptions = setup.preset.assumptions();
        }
        is_put
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_settings_are_those_of_the_table() {
        let named = [
            (Setting::MODEL, "model"),
            (Setting::GPU, "gpu"),
            (Setting::TENSOR_PARALLEL, "tensor_parallel"),
            (Setting::PRESET, "assumptions.preset"),
        ];
        for (setting, path) in named {
            assert_eq!(setting.path(), path);
        }
    }
}
