//! What is written of an outcome, and read again.

mod audit;
mod diff;
mod findings_folder;
mod outcome;
mod outcome_summary;
mod output_files;
mod record_writer;
mod result_record;

pub use audit::{Agreement, Audit, AuditRow};
pub use diff::{
    Absence, ChangedValue, CheckChange, DiffRemark, MovedValue, Part, ResultSet, ResultsDiff, Side,
    Unmatched, ValuePlace, VerdictChange,
};
pub use findings_folder::OutputFile;
pub(crate) use findings_folder::claim_findings;
pub use outcome::{Drift, Outcome, Staleness};
pub use outcome_summary::OutcomeSummary;
pub(crate) use output_files::output_files;
pub use record_writer::RecordWriter;
pub(crate) use result_record::RECORD_COLUMNS;
