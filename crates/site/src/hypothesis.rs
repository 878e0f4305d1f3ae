use crate::badge::Badge;

/// A hypothesis with what it came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hypothesis {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The name of its folder below `hypotheses`.
    pub folder: String,
    /// What the claim is about.
    pub family: String,
    /// Where its numbers come from.
    pub kind: String,
    /// When it was stated.
    pub date: String,
    /// The verdict of its checks.
    pub verdict: Badge,
    /// The verdict that was published.
    pub published_verdict: Option<Badge>,
    /// How many published values are reproduced, in words.
    pub values: String,
    /// How its criteria relate to those that were locked.
    pub lock: CriteriaLock,
    /// Its findings, in Markdown with links from its folder.
    pub findings: String,
    /// Its result files: tables (`.csv`), pictures (`.svg`) and others, which lie beside its page.
    pub files: Vec<HypothesisFile>,
}

/// The criteria of a hypothesis and their last lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriteriaLock {
    /// Whether the criteria are those that were locked last.
    pub state: Badge,
    /// What is known of that lock.
    pub record: LockRecord,
}

/// The last lock of criteria.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockRecord {
    /// There was none.
    Never,
    /// There was one, and it is gone.
    Lost {
        /// The SHA-256 of what it locked.
        sha256: String,
    },
    /// It is there.
    Last {
        /// Its day.
        date: String,
        /// Why it was made.
        because: Option<String>,
        /// What was locked.
        sections: Vec<LockedSection>,
    },
}

/// A part of the criteria.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedSection {
    /// Its key in the file.
    pub name: String,
    /// The SHA-256 of what was locked.
    pub sha256: String,
    /// Whether it is another by now.
    pub changed: bool,
}

/// A file of a hypothesis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HypothesisFile {
    /// Its path below the folder, with `/`.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl HypothesisFile {
    /// Whether its name ends so.
    pub(crate) fn is_kind(&self, kind: &str) -> bool {
        let ending = self.path.rsplit_once('.').map(|(_, ending)| ending);
        ending.is_some_and(|ending| ending.eq_ignore_ascii_case(kind))
    }

    /// The name without folders and ending.
    pub(crate) fn name(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.rsplit_once('.').map_or(name, |(name, _)| name)
    }
}
