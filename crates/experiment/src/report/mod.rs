//! Words and pictures of a finding.

mod data_context;
mod deciding;
mod design;
mod findings;
mod inline;
mod interval_words;
mod locks;
mod markdown;
mod narrative;
mod pictures;
mod remarks;
mod reproducing;
mod run_words;
mod shortened;
mod template;
mod template_budget;
mod template_functions;
mod template_problem;

pub(crate) use findings::{FindingsInput, render_findings, row_words};
pub(crate) use locks::CriteriaContext;
pub(crate) use markdown::words_table as markdown_table;
pub(crate) use pictures::{Picture, draw};
pub use remarks::Defect;
pub(crate) use remarks::{Remarks, check_remarks};
pub(crate) use reproducing::inputs_text;
pub(crate) use shortened::shortened;
pub(crate) use template::check_syntax;
pub(crate) use template_functions::Facts;
