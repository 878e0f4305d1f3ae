use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use crate::source_file_record::lossy;

/// Something about the files of a run that its user should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// The file.
    #[serde(serialize_with = "lossy")]
    pub file: PathBuf,
    /// The field in the file, where there is one: `benchmarks[2].requests.successful[17]`.
    pub place: Option<String>,
    /// What it is.
    pub message: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file.display())?;
        if let Some(place) = &self.place {
            write!(f, "`{place}`: ")?;
        }
        f.write_str(&self.message)
    }
}
