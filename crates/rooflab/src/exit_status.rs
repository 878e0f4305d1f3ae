//! What a command tells the shell.

use std::process::ExitCode;

use experiment::ExperimentError;
use table_file::TableFileError;

/// How a command ended. Of several endings the later one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ExitStatus {
    /// 0: everything was done, and what was checked is in order.
    Fine,
    /// 1: a finding drifted from what its hypothesis declares, a generated file is stale, results differ, or a strict check
    /// has warnings.
    Drifted,
    /// 2: arguments, input files, folders or streams that cannot be used.
    Rejected,
    /// 3: a bug in rooflab.
    Internal,
}

impl ExitStatus {
    /// The number that the shell sees.
    pub(crate) const fn code(self) -> u8 {
        self as u8
    }

    /// How work ended of which so many pieces failed.
    pub(crate) const fn of_failed(pieces: usize) -> Self {
        if pieces == 0 {
            Self::Fine
        } else {
            Self::Rejected
        }
    }

    /// The ending that an error stands for: our own data that does not serialise is a bug, all else came from outside.
    pub(crate) fn of_error(error: &anyhow::Error) -> Self {
        let is_bug = error.chain().any(|cause| {
            cause.is::<serde_json::Error>()
                || cause
                    .downcast_ref::<TableFileError>()
                    .is_some_and(TableFileError::is_of_the_table)
                || matches!(
                    cause.downcast_ref::<ExperimentError>(),
                    Some(ExperimentError::TableFile { .. } | ExperimentError::Summary(_))
                )
        });
        if is_bug {
            Self::Internal
        } else {
            Self::Rejected
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worse_ending_counts() {
        assert_eq!(
            ExitStatus::Drifted.max(ExitStatus::Fine),
            ExitStatus::Drifted
        );
        assert_eq!(
            ExitStatus::Drifted.max(ExitStatus::Rejected),
            ExitStatus::Rejected
        );
        assert_eq!(
            ExitStatus::Internal.max(ExitStatus::Rejected),
            ExitStatus::Internal
        );
    }

    #[test]
    fn what_does_not_serialise_is_a_bug() {
        let unserialisable = serde_json::from_str::<u8>("x").unwrap_err();
        let bug = anyhow::Error::new(unserialisable).context("a report");
        assert_eq!(ExitStatus::of_error(&bug), ExitStatus::Internal);
        let input = anyhow::Error::new(std::io::Error::other("disk is full"));
        assert_eq!(ExitStatus::of_error(&input), ExitStatus::Rejected);
    }
}
