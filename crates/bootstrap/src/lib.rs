//! Bootstrap intervals: how far an estimate over the rows of a table is to be trusted.
//!
//! The rows are drawn anew, with replacement, as many as there are, thousands of times; the statistic of each
//! *resample* is a *replicate*, and the replicates stand for the values that another sample might have given. An
//! interval of the level `1 - 2 α` goes
//!
//! - by *percentiles* from the share α of the sorted replicates to the share `1 - α`
//!   (Efron and Tibshirani 1993, *An Introduction to the Bootstrap*, section 13.3);
//! - *bias-corrected and accelerated* (BCa) between shares that are corrected for the bias of the replicates and for a
//!   spread that changes with the estimate (Efron 1987, *Better Bootstrap Confidence Intervals*,
//!   doi:10.1080/01621459.1987.10478410; Efron and Tibshirani 1993, section 14.3).
//!
//! [`interval`] takes a [`Sample`], which says the rows and the statistic, and a checked [`Resampling`]. Rows that belong
//! together, such as errors of two models on one measurement, stay together: that is the *paired* bootstrap. Rows in
//! order of time, which resemble their neighbours, are drawn in blocks.
//!
//! The crate reads no clock and no file, prints nothing and does not panic. A seed gives the same bytes on any number of
//! threads: each resample has a stream of random numbers of its own, and sums go in the order in which rows are drawn.

mod bca;
mod interval;
mod no_interval;
mod replication;
mod resampling;
mod sample;
mod series;
mod sums;

pub use interval::{Bounds, Interval, interval};
pub use no_interval::NoInterval;
pub use resampling::{InvalidResampling, Resampling, ResamplingSpec};
pub use sample::Sample;
