//! The two sets that are compared.

/// One of the two sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The older.
    Before,
    /// The newer.
    After,
}
