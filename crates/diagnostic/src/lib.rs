//! Errors of input files that show the file's own lines.
//!
//! A [`Diagnostic`] is one problem: a message, the place in the file, what to do next. It is made from a [`SourceText`],
//! or from one line of a file that is not kept. A [`Reporter`] goes with a file that is being checked and keeps what is
//! found. [`parse_yaml`] makes a problem of whatever is wrong with a YAML file, [`parse_yaml_with_slips`] several, and [`json_place`], [`yaml_place`] and
//! [`csv_cells`] find what a message names. [`nearest`] finds the name that was perhaps meant. What to do about what the
//! parsers of YAML and JSON say is known here alone.
//!
//! The crate reads no file and prints nothing. Whatever a text holds, a message stays readable: long lines are cut around
//! the place, and nothing that a file holds reaches a terminal as a control sequence.

mod csv_cells;
mod diagnostic;
mod diagnostics;
mod excerpt;
mod field_path;
mod json_place;
mod json_problem;
mod nearest;
mod quoted;
mod reporter;
mod source_text;
mod words;
mod yaml;
mod yaml_place;

pub use csv_cells::csv_cells;
pub use diagnostic::Diagnostic;
pub use diagnostics::Diagnostics;
pub use json_place::json_place;
pub use json_problem::{json_next_step, json_reason};
pub use nearest::nearest;
pub use quoted::{Quoted, shown, steers};
pub use reporter::Reporter;
pub use source_text::SourceText;
pub use words::find_words;
pub use yaml::{YamlBounds, parse_yaml, parse_yaml_with_slips, yaml_problem, yaml_reason};
pub use yaml_place::yaml_place;
