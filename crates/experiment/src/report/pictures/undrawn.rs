//! Plots of which there is no picture, since no row has anything to draw.

use std::fmt;

use diagnostic::nearest;
use serde_yaml::Spanned;

use super::picture_rows::PictureRows;
use crate::format::{OrderedMap, PlotSpec, Scalar};

/// Most values of a column that are listed.
const MOST_LISTED: usize = 12;

/// Why a plot of a table that has rows shows none of them. Data may be absent, so that it is no error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Undrawn {
    /// No row has the value that `only` asks for.
    UnknownValue {
        column: String,
        wanted: String,
        /// The value that was probably meant.
        near: Option<String>,
        /// What the column has instead, each once.
        known: Vec<String>,
    },
    /// Each value of `only` is there, but not in one row.
    UnknownRow { wanted: String },
    /// Columns of which none has a value.
    EmptyColumns { columns: Vec<String> },
    /// No row has a value of both.
    NeverBoth { x: String, y: Vec<String> },
}

/// The columns of numbers that a plot takes.
struct Needed<'p> {
    x: Option<&'p Spanned<String>>,
    /// Of which one is enough.
    y: &'p [Spanned<String>],
    others: Vec<&'p Spanned<String>>,
}

impl Undrawn {
    /// Why nothing of `rows`, which are those of `only`, is drawn, where nothing is.
    pub(crate) fn of(plot: &PlotSpec, rows: &PictureRows<'_>) -> Option<Self> {
        if rows.is_empty() {
            return Some(Self::by_only(plot.head().only, rows));
        }
        let needed = needed(plot, rows);
        let has_value = |column: &Spanned<String>, row| rows.number(&column.value, row).is_some();
        let single = needed.x.into_iter().chain(needed.others.iter().copied());
        let alternatives = single.map(std::slice::from_ref).chain([needed.y]);
        for columns in alternatives {
            let is_given = |row| columns.iter().any(|column| has_value(column, row));
            if !rows.iter().any(is_given) {
                let columns = columns.iter().map(|column| column.value.clone()).collect();
                return Some(Self::EmptyColumns { columns });
            }
        }
        let x = needed.x?;
        let is_point =
            |row| has_value(x, row) && needed.y.iter().any(|column| has_value(column, row));
        (!rows.iter().any(is_point)).then(|| Self::NeverBoth {
            x: x.value.clone(),
            y: needed.y.iter().map(|column| column.value.clone()).collect(),
        })
    }

    fn by_only(only: &OrderedMap<Scalar>, rows: &PictureRows<'_>) -> Self {
        for (column, wanted) in only.iter() {
            if !rows.has(&column.value, wanted) {
                let known = rows.known(&column.value);
                let names: Vec<&str> = known.iter().map(String::as_str).collect();
                // Words are mistyped; another number is another value.
                let near = wanted
                    .as_value()
                    .as_text()
                    .and_then(|text| nearest(text, names.iter().copied()));
                return Self::UnknownValue {
                    column: column.value.clone(),
                    wanted: wanted.to_string(),
                    near: near.map(str::to_owned),
                    known,
                };
            }
        }
        let wanted = only.iter();
        let wanted: Vec<String> = wanted
            .map(|(column, wanted)| format!("{}: {wanted}", column.value))
            .collect();
        Self::UnknownRow {
            wanted: wanted.join(", "),
        }
    }
}

fn needed<'p>(plot: &'p PlotSpec, rows: &PictureRows<'_>) -> Needed<'p> {
    match plot {
        PlotSpec::Line(curves) | PlotSpec::Scatter(curves) => Needed {
            x: (!rows.is_of_words(&curves.x.value)).then_some(&curves.x),
            y: &curves.y,
            others: Vec::new(),
        },
        PlotSpec::Bar(curves) => Needed {
            x: None,
            y: &curves.y,
            others: Vec::new(),
        },
        PlotSpec::Heatmap(heatmap) => Needed {
            x: None,
            y: std::slice::from_ref(&heatmap.value),
            others: Vec::new(),
        },
        PlotSpec::PredictedMeasured(agreement) => Needed {
            x: Some(&agreement.measured),
            y: &agreement.predicted,
            others: Vec::new(),
        },
        PlotSpec::Roofline(roofline) => Needed {
            x: Some(&roofline.intensity),
            y: std::slice::from_ref(&roofline.flops_per_s),
            others: std::iter::once(&roofline.bandwidth)
                .chain(&roofline.peaks)
                .collect(),
        },
    }
}

impl fmt::Display for Undrawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownValue {
                column,
                wanted,
                near,
                known,
            } => {
                write!(f, "no row has {column} = {wanted}, which `only` asks for (")?;
                if let Some(near) = near {
                    write!(f, "did you mean {near}? ")?;
                }
                let (listed, left_out) = known.split_at(known.len().min(MOST_LISTED));
                match (listed, left_out.len()) {
                    ([], _) => f.write_str("it has no value in any row)"),
                    (listed, 0) => write!(f, "its values: {})", listed.join(", ")),
                    (listed, more) => {
                        write!(f, "its values: {} and {more} more)", listed.join(", "))
                    }
                }
            }
            Self::UnknownRow { wanted } => {
                write!(f, "no row has all that `only` asks for together: {wanted}")
            }
            Self::EmptyColumns { columns } => {
                let all = columns.join(", ");
                match columns.as_slice() {
                    [_] => write!(f, "column {all} has no value in any row"),
                    _ => write!(f, "columns {all} have no value in any row"),
                }
            }
            Self::NeverBoth { x, y } => {
                write!(f, "no row has a value of both {x} and {}", y.join(" or "))
            }
        }
    }
}
