//! Tests of the simulation through its public interface.
#![expect(
    clippy::unwrap_used,
    reason = "what tests share is test code, though no test function"
)]

mod chunks;
mod clients;
mod closed_forms;
mod errors;
mod kv_memory;
mod length_profiles;
mod preemption;
mod prefix_cache;
mod properties;
mod queues;
mod recorded_batches;
mod rejections;
mod roofline_steps;
mod threads;
mod workload;
