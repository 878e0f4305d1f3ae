//! The bootstrap interval of a check.

use bootstrap::ResamplingSpec;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_yaml::Spanned;

/// A bootstrap interval to be shown beside what a check observes. It decides nothing.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Interval")]
pub(crate) struct IntervalSpec {
    /// The table or run whose rows are drawn anew.
    #[schemars(with = "String")]
    pub(crate) table: Spanned<String>,
    /// The statistic of these rows.
    pub(crate) of: StatisticSpec,
    /// Rows that follow one another and are drawn together, where neighbours in time resemble each other; 1 where absent.
    #[schemars(with = "Option<u32>")]
    pub(crate) block: Option<Spanned<u32>>,
    /// The share of samples whose interval is to hold the true value; 0.95 where absent.
    #[schemars(with = "Option<f64>")]
    pub(crate) level: Option<Spanned<f64>>,
    /// How many resamples are drawn; 10000 where absent.
    #[schemars(with = "Option<u32>")]
    pub(crate) resamples: Option<Spanned<u32>>,
    /// What the random numbers come from; 42 where absent.
    pub(crate) seed: Option<u64>,
}

/// A statistic of rows.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Statistic")]
pub(crate) enum StatisticSpec {
    /// The mean of a column.
    Mean(#[schemars(with = "String")] Spanned<String>),
    /// The mean of the first column less the second, row by row.
    Difference(#[schemars(with = "[String; 2]")] [Spanned<String>; 2]),
    /// Pearson's correlation of two columns.
    Correlation(#[schemars(with = "[String; 2]")] [Spanned<String>; 2]),
    /// The mean of a column in one group of rows less that in another, each group drawn from on its own.
    DifferenceOfGroups(GroupsSpec),
}

/// Two groups of rows.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Groups")]
pub(crate) struct GroupsSpec {
    /// The column of numbers.
    #[schemars(with = "String")]
    pub(crate) column: Spanned<String>,
    /// The column of words that tells which group a row is in; rows of other words are in neither.
    #[schemars(with = "String")]
    pub(crate) by: Spanned<String>,
    /// The words: the mean of the first less that of the second.
    #[schemars(with = "[String; 2]")]
    pub(crate) groups: [Spanned<String>; 2],
}

impl IntervalSpec {
    /// How resamples are drawn, with what the file leaves out.
    pub(crate) fn resampling(&self) -> ResamplingSpec {
        let default = ResamplingSpec::default();
        let block = self
            .block
            .as_ref()
            .and_then(|block| usize::try_from(block.value).ok());
        ResamplingSpec {
            level: self
                .level
                .as_ref()
                .map_or(default.level, |level| level.value),
            resamples: self
                .resamples
                .as_ref()
                .map_or(default.resamples, |resamples| resamples.value),
            block: block.unwrap_or(default.block),
            seed: self.seed.unwrap_or(default.seed),
        }
    }
}

impl StatisticSpec {
    /// The columns of numbers.
    pub(crate) fn numbers(&self) -> Vec<&Spanned<String>> {
        match self {
            Self::Mean(column) => vec![column],
            Self::Difference(columns) | Self::Correlation(columns) => columns.iter().collect(),
            Self::DifferenceOfGroups(groups) => vec![&groups.column],
        }
    }

    /// Every column.
    pub(crate) fn columns(&self) -> Vec<&Spanned<String>> {
        let by = match self {
            Self::Mean(_) | Self::Difference(_) | Self::Correlation(_) => None,
            Self::DifferenceOfGroups(groups) => Some(&groups.by),
        };
        self.numbers().into_iter().chain(by).collect()
    }
}
