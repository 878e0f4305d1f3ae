//! Which columns of a run are worth keeping.

use std::collections::BTreeSet;

/// Which columns of a run are worth keeping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Some SQL selects everything.
    All,
    /// Names that stand anywhere in the SQL.
    Named(BTreeSet<String>),
}

impl Kept {
    /// These and others.
    pub(super) fn with(&self, more: &[&str]) -> Self {
        match self {
            Self::All => Self::All,
            Self::Named(names) => {
                let more = more.iter().map(|name| (*name).to_owned());
                Self::Named(names.iter().cloned().chain(more).collect())
            }
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names.contains(name),
        }
    }
}
