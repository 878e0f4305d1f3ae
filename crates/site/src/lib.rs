//! Findings as a static site: plain data in, a list of files out.
//!
//! ```text
//! Site { audit, hypotheses, ground truth, model grid } -> Vec<SiteFile>: pages, pictures, tables, style sheet, scripts
//! ```
//!
//! The site is for a browser that opens it from a disk: nothing is asked of a network, and pages say by their content
//! security policy that nothing may be. Without scripts everything can be read; with them tables sort and filter, and the
//! page of the model has sliders.
//!
//! Every text that comes in is hostile: it is escaped wherever it goes, HTML in Markdown is shown as text, links lead to
//! pages of the site or to http and https, and a picture with anything but shapes and words is an image file, which runs
//! nothing.
//!
//! This crate reads and writes no files, has no clock, and computes nothing: what it shows is what it was given. Equal
//! data are equal bytes.

mod assets;
mod audit;
mod badge;
mod data_table;
mod error;
mod escape;
mod ground_truth;
mod ground_truth_pages;
mod html;
mod hypothesis;
mod hypothesis_page;
mod index_page;
mod layout;
mod link_map;
mod markdown;
mod model_grid;
mod model_page;
mod number;
mod picture;
mod site;
mod site_file;
mod slug;

pub use audit::{Audit, AuditDefect, AuditEntry};
pub use badge::{Badge, Tone};
pub use error::SiteError;
pub use ground_truth::{Experiment, GroundTruth, MeasuredLoad, MetricComparison, MetricErrors};
pub use hypothesis::{CriteriaLock, Hypothesis, HypothesisFile, LockRecord, LockedSection};
pub use model_grid::{GridCell, GridSetting, ModelGrid, Work};
pub use site::Site;
pub use site_file::SiteFile;
