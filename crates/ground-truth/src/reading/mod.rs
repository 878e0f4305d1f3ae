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

pub(crate) use folder::names;
pub(crate) use run::{Examined, examine};
pub(crate) use yaml_file::{ReadYaml, YAML_BOUNDS, read_tree, yaml_error};
