//! Findings as Markdown: numbers, tables, the design as run, templates.

mod data_context;
mod design;
mod findings;
mod inline;
mod interval_words;
mod locks;
mod markdown;
mod number;
mod reproducing;
mod run_words;
mod template;
mod template_problem;

pub(crate) use findings::{FindingsInput, render_findings};
pub(crate) use inline::{check_inline, render_inline};
pub(crate) use locks::CriteriaContext;
pub(crate) use markdown::words_table as markdown_table;
pub(crate) use number::show as show_number;
pub(crate) use template::{Facts, OwnedValue, ShownTable, check_syntax};
