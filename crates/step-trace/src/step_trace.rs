//! The steps of a trace.

/// The times of one step, or of several that are summed up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Times {
    /// How many there are, at least one.
    pub count: u32,
    /// Their sum.
    pub sum_us: f64,
    /// The sum of their squares, in square microseconds.
    pub squared_sum: f64,
}

impl Times {
    /// One time.
    #[must_use]
    pub fn one(us: f64) -> Self {
        Self {
            count: 1,
            sum_us: us,
            squared_sum: us * us,
        }
    }

    /// Their mean.
    #[must_use]
    pub fn mean_us(&self) -> f64 {
        self.sum_us / f64::from(self.count)
    }
}

/// One step of the engine, or all those that a row of the file sums up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeasuredStep {
    /// Its row in the file, from 1.
    pub row: usize,
    /// How many steps the row stands for, each with the requests and tokens below.
    pub steps: u32,
    /// The engine's number of the step; none where the row sums steps up.
    pub step_id: Option<i64>,
    /// When it started.
    pub start_ns: Option<i64>,
    /// How long it took, as the engine says.
    pub duration: Option<Times>,
    /// From its start to the start of the step of the next number; none where that step or a start was not recorded.
    pub interval: Option<Times>,
    /// Requests that processed prompt tokens.
    pub prefill_requests: u32,
    /// Prompt tokens that were processed.
    pub prefill_tokens: u32,
    /// Tokens in the context of the prefill requests, summed, where that is recorded.
    pub prefill_context_tokens: Option<u32>,
    /// Requests that produced tokens.
    pub decode_requests: u32,
    /// Tokens that were produced.
    pub decode_tokens: u32,
    /// KV lengths of the decode requests, summed, where that is recorded.
    pub decode_kv_tokens: Option<u32>,
    /// Tokens in the KV cache of all running requests.
    pub kv_tokens: Option<f64>,
    /// The number of the workload in [`StepTrace::workloads`].
    pub(crate) workload: Option<u32>,
}

/// One server under one load.
#[derive(Debug, Clone, PartialEq)]
pub struct Experiment {
    /// Its name.
    pub name: String,
    /// The model that was served, where the trace says it.
    pub model: Option<String>,
    /// Over how many GPUs each layer was split, where the trace says it.
    pub tensor_parallel: Option<u32>,
    /// Its steps, in the order of their numbers; sums of steps in the order of the file.
    pub steps: Vec<MeasuredStep>,
}

/// A trace. Nothing in it depends on the order of the rows but their own numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct StepTrace {
    /// The experiments in the order of their names; at least one, each with at least one step.
    pub experiments: Vec<Experiment>,
    /// Rows that the mapping leaves out.
    pub left_out: usize,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    pub(crate) workloads: Vec<String>,
}

impl StepTrace {
    /// How many rows there are: single steps, or sums of steps.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.experiments
            .iter()
            .map(|experiment| experiment.steps.len())
            .sum()
    }

    /// The load of a step, where the trace says it.
    #[must_use]
    pub fn workload(&self, step: &MeasuredStep) -> Option<&str> {
        let index = step.workload?;
        self.workloads.get(index as usize).map(String::as_str)
    }
}
