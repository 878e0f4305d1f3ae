//! Hypotheses about the roofline model as data: a YAML file is checked, swept, turned into tables by SQL, decided by
//! its checks and written up as findings.
//!
//! ```text
//! hypothesis.yaml -> check -> sweep (rayon) -> tables (polars SQL) -> checks -> verdict -> FINDINGS.md (tera)
//! ```
//!
//! A [`Project`] finds the folders, [`Hypothesis::load`] reads and checks one, [`Hypothesis::run`] computes an
//! [`Outcome`] in memory, and [`Outcome::write`] puts its files on disk. Outcomes are the same bytes on any number
//! of threads.
//!
//! This crate never prints, never reads a clock, and holds no formula of the model: arithmetic between the model's
//! numbers and a verdict is the SQL of the hypothesis.

mod check;
mod decide;
mod explanation;
mod format;
mod hypothesis;
mod lock;
mod project;
mod reference;
mod report;
mod results;
mod sweep;
mod table;

pub use bootstrap::{Bounds, Interval};
pub use decide::{
    CheckInterval, CheckOutcome, Closeness, ComparedValue, Comparison, Difference, Reproduction,
    UsedTolerance, VerdictRule,
};
pub use explanation::{ExplainedCheck, Explanation, LockedCriteria, ReadTable, TableQuery};
pub use format::{Family, Kind, Limit, Role, Verdict};
pub use hypothesis::Hypothesis;
pub use lock::{
    ChangedCriteria, Criteria, Lock, LockError, LockPlan, LockState, Locked, NewLock, Section,
};
pub use project::{
    Example, ExperimentError, FINDINGS_FILE, HypothesisFolder, LoadOptions, OWN_GROUND_TRUTH,
    PassedOver, Project, Sha256Hex, Warning, WarningKind, create_hypothesis,
};
pub use reference::{columns_markdown, hypothesis_schema, keys_markdown, record_columns_markdown};
pub use report::Defect;
pub use results::{
    Absence, Agreement, Audit, AuditRow, ChangedValue, CheckChange, DiffRemark, Drift, MovedValue,
    Outcome, OutcomeSummary, OutputFile, Part, RecordWriter, ResultSet, ResultsDiff, Side,
    Staleness, Unmatched, ValuePlace, VerdictChange,
};
pub use sweep::{Progress, ProgressObserver};
pub use table::{Column, ColumnKind, Table, Threshold, Value, Values};
