//! Reads measured runs from files: made by hand, by every layout of the client, and real.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a fixture that cannot be written or read ends the test; skipped tests say so"
)]

mod bounds;
mod damaged_files;
mod experiment;
mod hostile_files;
mod profiles;
mod report_choice;
mod requests;
mod shared_sweep;
mod shown_errors;
mod splits;
mod stated_figures;
mod versions;
