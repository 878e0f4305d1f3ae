//! From the files of an experiment to a measured run.

mod aggregates;
mod benchmarks;
mod contradictions;
mod data_description;
mod exp_config;
mod findings;
mod folder;
mod instructions;
mod literal;
mod profile_file;
mod recorded_lengths;
mod requests;
mod run;
mod strategies;
mod yaml_file;

pub(crate) use findings::Findings;
pub(crate) use folder::{names, only_one};
pub(crate) use run::{Examined, examine};
pub(crate) use yaml_file::read_tree;
