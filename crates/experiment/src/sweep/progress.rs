//! How far a computation is, for those who wait for it.

/// Something that was begun or done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'p> {
    /// The sweep of a run begins.
    Sweep {
        /// The run.
        run: &'p str,
        /// Its cells, or its rows where a cell has many.
        cells: u64,
    },
    /// So many tables begin, side by side.
    Tables(u64),
    /// So many checks begin, with their intervals.
    Checks(u64),
    /// So many cells, tables or checks more of what began last are done.
    Done(u64),
}

/// Who is told. It is called from all threads that compute, about once for thousands of cells, and changes no result.
pub trait ProgressObserver: Sync {
    /// Is told what was begun or done.
    fn notice(&self, progress: Progress<'_>);
}

/// Is told nothing.
impl ProgressObserver for () {
    fn notice(&self, _: Progress<'_>) {}
}
