use crate::badge::Badge;

/// All hypotheses side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// How many verdicts and values hold, in a sentence.
    pub totals: String,
    /// A row for each hypothesis, in order.
    pub entries: Vec<AuditEntry>,
}

/// A row of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// The id of the hypothesis.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The name of its folder.
    pub folder: String,
    /// What the claim is about.
    pub family: String,
    /// The verdict of its checks.
    pub verdict: Badge,
    /// The verdict that was published.
    pub published_verdict: Option<Badge>,
    /// How the two compare.
    pub agreement: Badge,
    /// How many published values are reproduced, in words that begin with the number.
    pub values: String,
    /// Why verdict or values differ: a line of Markdown with links from its folder.
    pub why: Option<String>,
    /// What is wrong with the published findings.
    pub defects: Vec<AuditDefect>,
}

/// Something that is wrong with what was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditDefect {
    /// Its name.
    pub id: String,
    /// What is wrong: a line of Markdown with links from the folder of the hypothesis.
    pub what: String,
}
