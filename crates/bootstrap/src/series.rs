use random_stream::RandomStream;

use crate::sums::Sums;

/// Rows in their order, to draw resamples from.
///
/// Rows are drawn one by one, or in blocks of neighbours that may begin at any row but the last few: the moving-block
/// bootstrap (Künsch 1989, doi:10.1214/aos/1176347265). The last block is cut so that a resample has as many rows as
/// there are. Blocks keep the likeness of neighbours, but the first and last rows come up less often than others.
pub(crate) struct Series<S: Sums> {
    rows: Vec<S::Row>,
    /// The sums over the first 0, 1, 2 ... rows, where rows are drawn in blocks.
    running: Vec<S>,
    total: S,
    block: usize,
}

impl<S: Sums> Series<S> {
    /// Rows that are drawn in blocks of `block`, at least 1.
    pub(crate) fn new(rows: Vec<S::Row>, block: usize) -> Self {
        let mut total = S::default();
        let mut running = Vec::new();
        if block > 1 {
            running.reserve(rows.len() + 1);
            running.push(total);
        }
        for row in &rows {
            total.add(*row);
            if block > 1 {
                running.push(total);
            }
        }
        Self {
            rows,
            running,
            total,
            block,
        }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The sums over all rows.
    pub(crate) fn total(&self) -> S {
        self.total
    }

    /// The sums over a resample of as many rows.
    pub(crate) fn resample(&self, stream: &mut RandomStream) -> S {
        let mut sums = S::default();
        if self.block <= 1 {
            let rows = choices(self.rows.len());
            for _ in 0..self.rows.len() {
                sums.add(self.rows[stream.index(rows) as usize]);
            }
        } else {
            let block = self.block.min(self.rows.len());
            let starts = choices(self.rows.len() - block + 1);
            let mut missing = self.rows.len();
            while missing > 0 {
                let length = block.min(missing);
                let start = stream.index(starts) as usize;
                let part = self.running[start + length].minus(self.running[start]);
                sums = sums.plus(part);
                missing -= length;
            }
        }
        sums
    }

    /// The sums over all rows but one, or but one of the blocks that the rows fall into from the first row on, for each;
    /// with the number of rows that are left.
    pub(crate) fn without_each(&self) -> impl Iterator<Item = (S, usize)> {
        self.rows.chunks(self.block).map(|left_out| {
            let mut sums = S::default();
            for row in left_out {
                sums.add(*row);
            }
            (self.total.minus(sums), self.rows.len() - left_out.len())
        })
    }
}

/// As many rows as random numbers can tell apart; a table has fewer.
fn choices(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}
