//! Tests of the model through its public interface.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "what tests share is test code, though no test function"
)]

mod closed_forms;
mod golden;
mod lookups;
mod properties;
mod published;
mod published_setting;
mod rejections;
mod shared_data;
mod small_tables;
