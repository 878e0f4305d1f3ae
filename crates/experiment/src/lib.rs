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

mod audit;
mod axes;
mod axis_problem;
mod batch_plan;
mod canonical_json;
mod cells;
mod check;
mod check_outcome;
mod criteria;
mod derivation;
mod engine;
mod error;
mod explanation;
mod frame;
mod hypothesis;
mod inputs;
mod interval;
mod keys_markdown;
mod load_options;
mod lock;
mod lock_file;
mod measured;
mod outcome;
mod outcome_summary;
mod output_files;
mod picture_problem;
mod picture_rows;
mod pictures;
mod probe;
mod progress;
mod project;
mod published;
mod query;
mod query_bounds;
mod record_writer;
mod recorded_lock;
mod remarks;
mod replay;
mod replay_setting;
mod report;
mod result_pairs;
mod result_record;
mod result_set;
mod result_table;
mod results_diff;
mod row_matching;
mod row_order;
mod run;
mod scaffold;
mod schema;
mod serve_plan;
mod setting;
mod sha256_hex;
mod shortened;
mod spec;
mod sweep;
mod table;
mod threshold;
mod trace_plan;
mod traces;
mod undrawn;
mod verdict;
mod verdict_rule;
mod yaml;

pub use audit::{Agreement, Audit, AuditRow};
pub use bootstrap::{Bounds, Interval};
pub use check_outcome::CheckOutcome;
pub use criteria::{Criteria, Section};
pub use error::ExperimentError;
pub use explanation::{ExplainedCheck, Explanation, LockedCriteria, ReadTable, TableQuery};
pub use hypothesis::Hypothesis;
pub use interval::CheckInterval;
pub use keys_markdown::keys_markdown;
pub use load_options::LoadOptions;
pub use lock::{ChangedCriteria, Lock, LockError, LockPlan, LockState, Locked, NewLock};
pub use measured::OWN_GROUND_TRUTH;
pub use outcome::{Drift, FINDINGS_FILE, Outcome, OutputFile, Staleness};
pub use outcome_summary::OutcomeSummary;
pub use probe::{ColumnDoc, ColumnKind, ProbeDoc, probe_docs};
pub use progress::{Progress, ProgressObserver};
pub use project::{HypothesisFolder, Project};
pub use published::{ComparedValue, Comparison, Difference};
pub use record_writer::RecordWriter;
pub use remarks::Defect;
pub use replay::{
    ArrivalSource, Host, LengthsFrom, MAX_REQUESTS, ReplayOptions, ReplayProblem, Replayed,
    ServerOverrides, UnknownArrivals, replay, server_of,
};
pub use result_set::ResultSet;
pub use results_diff::{
    Absence, ChangedValue, CheckChange, DiffRemark, MovedValue, Part, ResultsDiff, Side, Unmatched,
    ValuePlace, VerdictChange,
};
pub use scaffold::{Example, create_hypothesis};
pub use schema::{columns_markdown, hypothesis_schema, record_columns_markdown};
pub use sha256_hex::Sha256Hex;
pub use spec::{Family, Kind, Role};
pub use table::{Column, Table, Value, Values};
pub use threshold::Threshold;
pub use verdict::Verdict;
pub use verdict_rule::VerdictRule;
