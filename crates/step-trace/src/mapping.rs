//! Which column of a file is which field.

use std::collections::{BTreeMap, BTreeSet};

use crate::field::Field;

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
}

/// Which column is which field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mapping {
    sources: BTreeMap<Field, Source>,
}

impl Mapping {
    /// States where a field comes from, in place of what was stated before.
    pub fn set(&mut self, field: Field, source: Source) {
        self.sources.insert(field, source);
    }

    /// Where a field comes from.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&Source> {
        self.sources.get(&field)
    }

    /// Fields that are needed and come from nowhere.
    pub fn missing(&self) -> impl Iterator<Item = Field> {
        Field::REQUIRED
            .into_iter()
            .filter(|field| self.get(*field).is_none())
    }

    /// Every mapped field with its source.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Field, &Source)> {
        self.sources.iter().map(|(field, source)| (*field, source))
    }

    /// The columns that are read.
    pub(crate) fn columns(&self) -> BTreeSet<&str> {
        self.sources
            .values()
            .filter_map(Source::column_name)
            .collect()
    }
}
