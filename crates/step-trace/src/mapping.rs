//! Which column of a file is which field.

use std::collections::{BTreeMap, BTreeSet};

use crate::cell::Reading;
use crate::field::{Field, FieldKind};

/// Where the values of a field come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A column as it is, times `scale`.
    Column {
        /// Its name in the file.
        name: String,
        /// What its numbers are multiplied with, for a file in other units.
        scale: f64,
    },
    /// A column of words, each of which stands for another; steps whose word stands for nothing are left out.
    Words {
        /// The column's name in the file.
        name: String,
        /// The words of the file with what they stand for.
        values: BTreeMap<String, Option<String>>,
    },
    /// The same number in every row.
    Constant(f64),
}

/// Why a field cannot come from a source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WrongSource(String);

impl Source {
    /// A column as it is.
    #[must_use]
    pub fn column(name: &str) -> Self {
        Self::Column {
            name: name.to_owned(),
            scale: 1.0,
        }
    }

    /// The column that is read.
    #[must_use]
    pub fn column_name(&self) -> Option<&str> {
        match self {
            Self::Column { name, .. } | Self::Words { name, .. } => Some(name),
            Self::Constant(_) => None,
        }
    }

    fn check(&self, field: Field) -> Result<(), WrongSource> {
        let (kind, words) = (field.kind(), field.kind().words());
        let is_text = kind == FieldKind::Text;
        let message = match self {
            Self::Column { scale, .. } if !scale.is_finite() || *scale <= 0.0 => {
                format!("the `scale` of `{field}` must be a finite number above 0")
            }
            Self::Column { scale, .. } if is_text && (scale - 1.0).abs() > 0.0 => {
                format!("`{field}` is text: it has no `scale`")
            }
            Self::Words { .. } if !is_text => format!("`{field}` is {words}: it has no `values`"),
            Self::Constant(_) if is_text => format!("`{field}` is text: it has no `constant`"),
            Self::Constant(number) if !kind.takes(*number) => {
                format!("`{field}` cannot be {number}: it is {words}")
            }
            _fitting => return Ok(()),
        };
        Err(WrongSource(message))
    }
}

/// Which column is which field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mapping {
    sources: BTreeMap<Field, Source>,
}

impl Mapping {
    /// States where a field comes from, in place of what was stated before.
    ///
    /// # Errors
    ///
    /// Words for a number, a number for words, or a number that the field cannot have.
    pub fn set(&mut self, field: Field, source: Source) -> Result<(), WrongSource> {
        source.check(field)?;
        self.sources.insert(field, source);
        Ok(())
    }

    /// Where a field comes from.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&Source> {
        self.sources.get(&field)
    }

    /// Whether a row sums steps up, in place of being one.
    #[must_use]
    pub fn sums_steps(&self) -> bool {
        let mut sums = Field::SUMS.into_iter().flatten();
        sums.any(|field| self.get(*field).is_some())
    }

    /// Fields that are needed and come from nowhere.
    pub fn missing(&self) -> impl Iterator<Item = Field> {
        let sums_steps = self.sums_steps();
        let required = Field::REQUIRED.into_iter();
        let of_rows = required.filter(move |field| !sums_steps || *field != Field::StepId);
        let is_needed = move |fields: &&[Field]| {
            let is_mapped = fields.iter().any(|field| self.get(*field).is_some());
            is_mapped || (sums_steps && fields.contains(&Field::Steps))
        };
        let of_sums = Field::SUMS.into_iter().filter(is_needed).flatten().copied();
        of_rows
            .chain(of_sums)
            .filter(|field| self.get(*field).is_none())
    }

    /// Fields of a single step beside those of rows that sum steps up.
    pub fn contradicting(&self) -> impl Iterator<Item = Field> {
        let sums_steps = self.sums_steps();
        Field::OF_ONE_STEP
            .into_iter()
            .filter(move |field| sums_steps && self.get(*field).is_some())
    }

    /// Every mapped field with its source.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Field, &Source)> {
        self.sources.iter().map(|(field, source)| (*field, source))
    }

    /// The columns that are read, with what they are read as.
    pub(crate) fn columns(&self) -> BTreeSet<(&str, Reading)> {
        self.iter()
            .filter_map(|(field, source)| Some((source.column_name()?, field.kind().reading())))
            .collect()
    }
}
