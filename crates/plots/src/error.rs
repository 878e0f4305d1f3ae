use std::fmt;

/// What a chart is made of, where it can be too much or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Series of points or bars.
    Series,
    /// Points of all series together.
    Points,
    /// Categories of an axis.
    Categories,
    /// Lines at a fixed value of one axis.
    ReferenceLines,
    /// Bands about the diagonal.
    Bands,
    /// Values of a heatmap.
    Cells,
    /// Compute roofs.
    ComputeRoofs,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Series => "series",
            Self::Points => "points",
            Self::Categories => "categories",
            Self::ReferenceLines => "reference lines of one axis",
            Self::Bands => "bands",
            Self::Cells => "cells with a value",
            Self::ComputeRoofs => "compute roofs",
        })
    }
}

/// Why a chart cannot be drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PlotError {
    /// There is nothing to draw.
    #[error("chart has no {part}")]
    Empty {
        /// What is missing.
        part: Part,
    },
    /// More than can be read or told apart.
    #[error("chart has {count} {part}, more than the {limit} that can be drawn legibly")]
    TooMany {
        /// What there is too much of.
        part: Part,
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Not a number, or infinite.
    #[error("{place} is {value}, not a finite number")]
    NotFinite {
        /// Series, point and coordinate.
        place: String,
        /// What stands there.
        value: f64,
    },
    /// Beyond what axes can show.
    #[error(
        "{place} is {value:e}, beyond the range of an axis (valid: magnitudes up to {limit:e})"
    )]
    OutOfRange {
        /// Series, point and coordinate.
        place: String,
        /// What stands there.
        value: f64,
        /// The largest magnitude.
        limit: f64,
    },
    /// Zero or less on a logarithmic axis, or too little for one.
    #[error(
        "{place} is {shown}, and a log scale needs values above 0 (from {limit:e} on)",
        shown = crate::number::plain(*value)
    )]
    NotPositive {
        /// Series, point and coordinate.
        place: String,
        /// What stands there.
        value: f64,
        /// The smallest number on a logarithmic axis.
        limit: f64,
    },
    /// A point of a categorical axis that is at none of the categories.
    #[error(
        "{place} is {value}, not the index of a category (valid: whole numbers from 0 to {last})"
    )]
    NoSuchCategory {
        /// Series and point.
        place: String,
        /// What stands there.
        value: f64,
        /// The last index.
        last: usize,
    },
    /// As many values as categories are needed.
    #[error("{place} has {found} values where {expected} are needed")]
    WrongLength {
        /// Series or heatmap.
        place: String,
        /// Values there.
        found: usize,
        /// Values needed.
        expected: usize,
    },
    /// Bars on a logarithmic axis, on which they have no foot.
    #[error(
        "bars start at zero, which a logarithmic axis does not have (valid scales: linear, linear from zero)"
    )]
    LogBars,
    /// A band that is none.
    #[error("band of {percent} % is not one about a diagonal (valid: above 0, below 100)")]
    BandOutOfRange {
        /// Its half width.
        percent: f64,
    },
    /// Shares of a total that is zero, or of values below zero.
    #[error(
        "series `{series}` has no shares: its values are not all zero or more with a finite total above zero"
    )]
    NoShares {
        /// Name of the series.
        series: String,
    },
}
