use thiserror::Error;

/// Fewest rows, or blocks of rows, of which resamples say anything.
pub(crate) const MIN_UNITS: usize = 3;

/// Most draws of one interval: seconds of computing. 10,000 resamples of 500,000 rows, or of more in blocks.
pub(crate) const MAX_DRAWS: u64 = 5_000_000_000;

/// Why there is no interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoInterval {
    /// Resamples of so few rows say nothing.
    #[error("an interval needs {MIN_UNITS} rows, and there are {rows}")]
    TooFewRows {
        /// The rows of the sample, or of the smaller group.
        rows: usize,
    },
    /// Resamples of so few blocks say nothing.
    #[error("an interval needs {MIN_UNITS} blocks, and {rows} rows have {blocks} of {block}")]
    TooFewBlocks {
        /// The rows of the sample.
        rows: usize,
        /// The rows of a block.
        block: usize,
        /// How many whole blocks there are.
        blocks: usize,
    },
    /// All resamples are alike.
    #[error("the rows do not differ")]
    NoSpread,
    /// Too many resamples have no statistic.
    #[error(
        "{undefined} of {resamples} resamples have no correlation, for want of rows that differ"
    )]
    Undefined {
        /// How many have none.
        undefined: usize,
        /// How many there are.
        resamples: u32,
    },
    /// Sums that overflow.
    #[error("the numbers are too large to be added")]
    TooLarge,
    /// More work than anybody waits for.
    #[error("the resamples are {draws} draws, of at most {MAX_DRAWS}")]
    TooManyDraws {
        /// The resamples times their rows or blocks.
        draws: u64,
    },
}
