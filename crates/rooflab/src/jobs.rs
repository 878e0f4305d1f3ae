//! How many threads sweeps use.

use anyhow::Context;
use clap::Args;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// More threads than any machine has cores for.
const MAX_JOBS: i64 = 1024;

/// The stack of one thread, reserved and not used until it is needed: SQL is analysed by recursion, one level for each
/// operator of a long sum.
const STACK_BYTES: usize = 64 << 20;

/// The option for it.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct JobsArgs {
    /// Threads that sweeps use [default: all cores]. Results are the same for any number
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MAX_JOBS))]
    jobs: Option<u16>,
}

impl JobsArgs {
    /// Starts the threads.
    pub(crate) fn pool(self) -> anyhow::Result<ThreadPool> {
        let builder = ThreadPoolBuilder::new().stack_size(STACK_BYTES);
        let builder = match self.jobs {
            Some(jobs) => builder.num_threads(jobs.into()),
            None => builder,
        };
        builder.build().context("cannot start the threads")
    }
}
