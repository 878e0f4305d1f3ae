//! Counts the cells of a run whose figures rest on what was not measured, or on what cannot be.

use std::sync::atomic::{AtomicUsize, Ordering};

use replay::Replayed;
use roofline::{Batch, Found};
use serving::{KvMemory, kv_blocks_for};

use super::run::Run;
use crate::project::{Warning, WarningKind};

/// Answers of MFU look-ups that are no measured row, nor between two of them.
const UNMEASURED: [(Found, &str); 4] = [
    (Found::OTHER_SHAPE, "of another shape"),
    (Found::CLAMPED, "clamped to the end of the table"),
    (Found::FALLBACK_ROW, "from a fallback row"),
    (
        Found::OTHER_TENSOR_PARALLEL,
        "of another tensor parallel degree",
    ),
];

/// The GPUs of a cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gpus {
    pub(super) tensor_parallel: u32,
    /// Tokens whose keys and values fit beside the weights when the whole memory is used; none where there is no telling.
    pub(super) kv_tokens: Option<u64>,
}

impl Gpus {
    /// Those of a host.
    pub(super) fn of(host: &replay::Host<'_>) -> Self {
        #[expect(
            clippy::cast_precision_loss,
            reason = "the memory of a GPU is far below 2^53 bytes"
        )]
        let memory = KvMemory {
            bytes_per_gpu: host.gpu_memory_bytes as f64,
            utilization: 1.0,
            tensor_parallel: host.tensor_parallel,
            block_size_tokens: 1,
        };
        let kv_tokens = match kv_blocks_for(&memory, host.config) {
            Ok(tokens) if tokens < u64::from(serving::ServerConfig::MAX_KV_BLOCKS) => Some(tokens),
            Err(serving::InvalidKvMemory::NoRoom { .. }) => Some(0),
            // As many as a server can have, or a GPU whose memory is not known.
            Ok(_) | Err(serving::InvalidKvMemory::OutOfBounds { .. }) => None,
        };
        Self {
            tensor_parallel: host.tensor_parallel,
            kv_tokens,
        }
    }

    fn hold(self, tokens: u64) -> bool {
        self.kv_tokens.is_none_or(|most| tokens <= most)
    }
}

/// How many cells are in doubt, by the reason.
#[derive(Debug, Default)]
pub(super) struct Doubts {
    unmeasured: AtomicUsize,
    /// In the order of [`UNMEASURED`].
    by_answer: [AtomicUsize; UNMEASURED.len()],
    beyond_memory: AtomicUsize,
    several_gpus: AtomicUsize,
}

impl Doubts {
    /// Counts a cell that computes a step.
    pub(super) fn note_step(&self, gpus: Gpus, batch: &Batch, found: Found) {
        let prompts = batch.prefill().iter();
        let prompts: u64 = prompts
            .map(|prompt| u64::from(prompt.cached) + u64::from(prompt.new))
            .sum();
        let tokens = prompts + batch.decode_kv_tokens();
        self.note(gpus, found, gpus.hold(tokens));
    }

    /// Counts a cell that simulates a server.
    pub(super) fn note_server(&self, gpus: Gpus, replayed: &Replayed) {
        let server = replayed.server.spec();
        let tokens = server
            .kv_blocks
            .saturating_mul(server.block_size_tokens.into());
        self.note(gpus, replayed.found, gpus.hold(tokens));
    }

    fn note(&self, gpus: Gpus, found: Found, fits: bool) {
        let add = |counter: &AtomicUsize, is_one: bool| {
            if is_one {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        };
        let mut is_unmeasured = false;
        for ((answer, _), counter) in UNMEASURED.iter().zip(&self.by_answer) {
            let is_so = found.contains(*answer);
            is_unmeasured |= is_so;
            add(counter, is_so);
        }
        add(&self.unmeasured, is_unmeasured);
        add(&self.beyond_memory, !fits);
        add(&self.several_gpus, gpus.tensor_parallel > 1);
    }

    /// The counts of a run once all its cells are computed.
    pub(super) fn of_run(self, run: &Run) -> RunDoubts {
        let count = AtomicUsize::into_inner;
        RunDoubts {
            run: run.name.clone(),
            cells: run.axes.cells(),
            unmeasured: count(self.unmeasured),
            by_answer: self.by_answer.map(count),
            beyond_memory: count(self.beyond_memory),
            several_gpus: count(self.several_gpus),
        }
    }
}

/// How many cells of a run are in doubt, by the reason.
#[derive(Debug)]
pub(crate) struct RunDoubts {
    run: String,
    cells: usize,
    unmeasured: usize,
    by_answer: [usize; UNMEASURED.len()],
    beyond_memory: usize,
    several_gpus: usize,
}

/// What is to be said of the cells of all runs.
pub(crate) fn warnings_of(runs: &[RunDoubts]) -> Vec<Warning> {
    let answers = UNMEASURED
        .iter()
        .enumerate()
        .filter_map(|(index, (_, words))| {
            let cells: usize = runs.iter().map(|run| run.by_answer[index]).sum();
            (cells > 0).then(|| format!("{words} in {cells}"))
        });
    let answers = answers.collect::<Vec<_>>().join(", ");
    [
        warning_of(runs, WarningKind::UnmeasuredLookups, |run| run.unmeasured, |cells| {
            format!("{cells} use MFU look-ups that were not measured ({answers})")
        }),
        warning_of(runs, WarningKind::Memory, |run| run.beyond_memory, |cells| {
            format!("{cells} have weights and a KV cache that do not fit into the memory of the GPUs")
        }),
        warning_of(runs, WarningKind::Communication, |run| run.several_gpus, |cells| {
            format!("{cells} have tensor parallel above 1, and the model leaves out communication between GPUs")
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The warning about some cells of some runs.
fn warning_of(
    runs: &[RunDoubts],
    kind: WarningKind,
    count: impl Fn(&RunDoubts) -> usize,
    words: impl FnOnce(&str) -> String,
) -> Option<Warning> {
    let concerned = || runs.iter().filter(|run| count(run) > 0);
    let cells: usize = concerned().map(&count).sum();
    let all: usize = concerned().map(|run| run.cells).sum();
    let names: Vec<String> = concerned().map(|run| format!("`{}`", run.run)).collect();
    let of = if names.len() == 1 { "run" } else { "runs" };
    let what = words(&format!(
        "{cells} of {all} cells of the {of} {}",
        names.join(", ")
    ));
    (cells > 0).then(|| Warning::of_cells(kind, cells, what))
}
