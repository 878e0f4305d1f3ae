use std::fmt;
use std::path::PathBuf;

use request_metrics::Metric;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::benchmark::ExclusionReason;
use crate::plain_number::PlainNumber;
use diagnostic::Quoted;

/// Something about the files of a run that its user should know.
///
/// Serialises as `file`, `place` and `message`.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// The file.
    pub file: PathBuf,
    /// The field in the file, where there is one: `benchmarks[2].requests.successful[17]`.
    pub place: Option<String>,
    /// What it is.
    pub kind: WarningKind,
}

/// What a warning is about.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum WarningKind {
    /// Something follows the report in its file, such as a line of the tool that copied it.
    TrailingText {
        /// Its first characters.
        start: String,
    },
    /// No request of a benchmark was successful: it has no figures.
    NoSuccess,
    /// Requests are in no figure.
    Excluded {
        /// Why.
        reason: ExclusionReason,
        /// How many.
        count: usize,
        /// Successful requests that the report lists.
        listed: usize,
    },
    /// The report lists a part of the successful requests.
    Sampled {
        /// Successful requests that it lists.
        listed: u64,
        /// Successful requests that it counts.
        successful: u64,
    },
    /// The report lists more successful requests than it counts.
    MoreListed {
        /// Successful requests that it lists.
        listed: u64,
        /// Successful requests that it counts.
        successful: u64,
    },
    /// A mean that the report states is not that of its requests.
    DifferentMean {
        /// What it is the mean of.
        figure: Figure,
        /// The mean of the requests.
        recomputed: f64,
        /// The mean that the report states.
        stated: f64,
    },
    /// The report counts requests without a first token as if it had come after 0 ms.
    MissingCountedAsZero {
        /// Requests without a first token, where the report lists them.
        count: Option<usize>,
        /// The mean that the report states, in milliseconds.
        stated_ms: f64,
    },
    /// A figure of the report cannot be used.
    UnusableFigure {
        /// The figure.
        value: f64,
        /// The largest that can be used, in the same unit; the smallest is 0.
        most: f64,
    },
    /// Two files contradict each other, or two parts of one.
    Contradiction {
        /// What this file says.
        here: String,
        /// The other file.
        other_file: PathBuf,
        /// The field in the other file.
        other_place: String,
        /// What the other file says.
        there: String,
    },
    /// A key that nothing is known of.
    UnknownKey {
        /// The known key that looks most like it, where one comes close.
        nearest: Option<&'static str>,
    },
    /// Prompts start with one of several prefixes: what they share is not known, and no lengths are taken from here.
    SeveralPrefixes {
        /// How many prefixes there are.
        prefixes: u64,
    },
    /// A value of the report's own record of what its client was told cannot be used.
    NotTaken {
        /// What is wrong with it, a fragment that follows the field.
        reason: String,
    },
    /// Two figures of a distribution contradict each other.
    OutOfOrder {
        /// The name of the figure that is to be the smaller.
        lower: &'static str,
        /// Its value.
        lower_value: f64,
        /// The name of the other.
        upper: &'static str,
        /// Its value.
        upper_value: f64,
    },
    /// A description of the data that cannot be read, and so was compared with nothing.
    UnknownData {
        /// What it is.
        found: String,
    },
}

/// What a mean is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// A latency, in milliseconds.
    Latency(Metric),
    /// Prompt length in tokens.
    PromptTokens,
    /// Output length in tokens.
    OutputTokens,
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Latency(metric) => f.write_str(metric.key()),
            Self::PromptTokens => f.write_str("prompt tokens"),
            Self::OutputTokens => f.write_str("output tokens"),
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file.display())?;
        if let Some(place) = &self.place {
            write!(f, "`{place}`: ")?;
        }
        self.kind.fmt(f)
    }
}

impl fmt::Display for WarningKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TrailingText { start } => {
                write!(f, "text after the report was left out: {}", Quoted(start))
            }
            Self::NoSuccess => f.write_str("no successful request, so no figures"),
            Self::Excluded {
                reason,
                count,
                listed,
            } => write!(
                f,
                "{count} of {listed} requests excluded from all figures, this one first: {reason}"
            ),
            Self::Sampled { listed, successful } => write!(
                f,
                "{listed} of {successful} successful requests are listed: figures are the report's own where it states them"
            ),
            Self::MoreListed { listed, successful } => write!(
                f,
                "{listed} successful requests are listed, but {successful} counted"
            ),
            Self::DifferentMean {
                figure,
                recomputed,
                stated,
            } => write!(
                f,
                "mean {figure} is {recomputed:.4} over the listed requests, but the report states {stated:.4}"
            ),
            Self::MissingCountedAsZero { count, stated_ms } => {
                match count {
                    Some(count) => write!(f, "{count} requests without a first token count")?,
                    None => f.write_str("requests without a first token seem to count")?,
                }
                write!(f, " as 0 ms in the stated mean of {stated_ms:.4} ms")
            }
            Self::UnusableFigure { value, most } => write!(
                f,
                "{} is no such figure (expected 0 to {}): left out",
                PlainNumber(*value),
                PlainNumber(*most)
            ),
            Self::Contradiction {
                here,
                other_file,
                other_place,
                there,
            } => write!(
                f,
                "{here} contradicts {}: `{other_place}`: {there}",
                other_file.display()
            ),
            Self::UnknownKey { nearest: None } => f.write_str("unknown key, not read"),
            Self::UnknownKey {
                nearest: Some(nearest),
            } => write!(f, "unknown key, not read (did you mean `{nearest}`?)"),
            Self::SeveralPrefixes { prefixes } => write!(
                f,
                "prompts start with one of {prefixes} prefixes: what they share is not known, and no lengths are taken from here"
            ),
            Self::NotTaken { reason } => write!(f, "{reason}: not taken from the report"),
            Self::OutOfOrder {
                lower,
                lower_value,
                upper,
                upper_value,
            } => write!(
                f,
                "{lower} is {}, above {upper}, which is {}",
                PlainNumber(*lower_value),
                PlainNumber(*upper_value)
            ),
            Self::UnknownData { found } => write!(
                f,
                "no description of synthetic data, compared with nothing: {found}"
            ),
        }
    }
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Warning", 3)?;
        fields.serialize_field("file", &self.file.display().to_string())?;
        fields.serialize_field("place", &self.place)?;
        fields.serialize_field("message", &self.kind.to_string())?;
        fields.end()
    }
}
