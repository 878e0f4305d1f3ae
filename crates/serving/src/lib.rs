//! Discrete-event simulation of one vLLM-like server.
//!
//! [`simulate`] sends [`Request`]s to a server as [`Arrivals`] say, asks a [`LatencyModel`] how long each step takes, and
//! tells when every request got its tokens: a [`Simulation`], with the metrics of the `request-metrics` crate.
//!
//! ```text
//! Arrivals ──> queue ──> scheduler ──> Batch ──> LatencyModel
//!                ^        │  ^                       │ step time
//!     preempted  └────────┘  └──── KV cache          v
//!                                          tokens, finished requests
//! ```
//!
//! ```
//! use request_metrics::Metric;
//! use serving::{Arrivals, Limits, LinearLatency, Request, ServerConfig, ServerSpec, simulate};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = ServerConfig::new(ServerSpec {
//!     max_num_batched_tokens: 2048,
//!     max_num_seqs: 256,
//!     max_model_len: 4096,
//!     block_size_tokens: 16,
//!     kv_blocks: 20_000,
//!     chunked_prefill: true,
//!     prefix_caching: true,
//! })?;
//! let requests = [Request { prompt_tokens: 500, shared_prefix: None, output_tokens: 101 }; 50];
//! // 5 ms a step and 20 us for each token of a prompt.
//! let latency = LinearLatency { fixed_us: 5000.0, prefill_token_us: 20.0, decode_request_us: 0.0 };
//! let synchronous = Arrivals::ClosedLoop { concurrency: 1 };
//! let simulation =
//!     simulate(&server, &requests, &synchronous, &latency, 42, &Limits::default(), &mut ())?;
//! let mean = |metric| simulation.distribution(metric).map(|distribution| distribution.mean);
//! assert_eq!(mean(Metric::Ttft), Some(15.0));
//! assert_eq!(mean(Metric::E2e), Some(515.0));
//! # Ok(())
//! # }
//! ```
//!
//! # What is modelled
//!
//! The scheduler of vLLM V1, as it is publicly documented:
//!
//! - Every step has a budget of `max_num_batched_tokens`. Running requests come first, in the order of their admission:
//!   one token for each that generates, as much as is left for one whose prompt is not complete. Then the queue is
//!   admitted, first come first served, while tokens, `max_num_seqs` and blocks allow. Prompts in chunks and tokens share
//!   steps. Without chunked prefill a prompt waits until it fits the rest of a step, and blocks those behind it.
//! - A step that completes a prompt gives the first token; each step after that gives one. A request ends with its last
//!   token, for which no keys and values are computed.
//! - Blocks are allocated for the tokens that a step computes. Where there is none, the request that was admitted last
//!   loses its blocks, goes to the front of the queue, and is computed again with what it had generated; in such a step
//!   nobody is admitted. The time of its tokens stays as it was.
//! - Full blocks of a shared prefix are found by later requests, those admitted to the same step included, as long as
//!   they are not given away; blocks that were used last go last (LRU). At least one token is computed.
//! - A request that can never be served is refused on arrival, for a [`RejectionReason`]; nothing waits for ever.
//!
//! Time is a whole number of nanoseconds, and events are ordered by time, then by the order of requests. What arrives at
//! the moment a step ends is seen by the next step.
//!
//! # What is not
//!
//! No network, no tokenizer and no time for scheduling: a client sees a token when its step ends, and the next step
//! begins at once. No swapping, no speculative decoding, no priorities, no parallel sampling, no adapters, no early stop:
//! the number of output tokens is given. Only shared prefixes are found in the cache, and after a preemption what is left
//! of a request's own blocks: not the prompt that happens to be the same, nor the answer that becomes part of a later
//! prompt. One server; nothing routes between several.
//!
//! The crate reads no clock and no file, prints nothing and does not panic. Equal arguments give equal results on every
//! run and thread, and seeds mean the same in every version.

mod arrival_queue;
mod arrivals;
mod block_pool;
mod kv_cache;
mod kv_memory;
mod latency_model;
mod length_profile;
mod length_sampling;
mod limits;
mod occupancy;
mod rejection;
mod request;
mod roofline_latency;
mod scheduler;
mod served_request;
mod server_config;
mod sim_time;
mod simulation;
mod simulation_error;
mod simulator;
mod step_record;
mod stream_purpose;
mod token_lengths;

pub use arrivals::Arrivals;
pub use kv_memory::{DEFAULT_MEMORY_UTILIZATION, InvalidKvMemory, KvMemory, kv_blocks_for};
pub use latency_model::{LatencyModel, LinearLatency};
pub use length_profile::LengthProfile;
pub use length_sampling::LengthSampling;
pub use limits::Limits;
pub use occupancy::Occupancy;
pub use rejection::{Rejection, RejectionReason};
pub use request::{Request, SharedPrefix};
pub use roofline_latency::{InvalidOverhead, RooflineLatency, StepKind, StepOverheads};
pub use served_request::ServedRequest;
pub use server_config::{InvalidServer, ServerConfig, ServerSpec};
pub use simulation::{PrefixCacheUse, Simulation, Throughput};
pub use simulation_error::SimulationError;
pub use simulator::simulate;
pub use step_record::{Observer, StepRecord};
pub use token_lengths::{InvalidTokenLengths, TokenLengthSpec, TokenLengths};
