//! Random numbers of the simulator and of the bootstrap: a seed means the same numbers in every version, on every
//! machine and thread.
//!
//! The crate takes no entropy from the system: who wants random numbers gives a seed.

mod random_stream;

pub use random_stream::RandomStream;
