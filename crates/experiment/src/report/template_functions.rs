//! The functions of templates: they read tables, checks and published values.

use std::collections::BTreeMap;

use tera::{Kwargs, Value as TeraValue};

use crate::format::{FIGURE_COLUMN, FIGURES_TABLE, VALUE_COLUMN};
use crate::table::{PublishedTable, ShownTable, Value, Values, parse_number};

/// What templates may ask for, beside their context.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) tables: BTreeMap<String, ShownTable>,
    /// What each check observed, as shown.
    pub(crate) observed: BTreeMap<String, String>,
    /// Published values, by table.
    pub(crate) published: BTreeMap<String, PublishedTable>,
    /// The interval of each check that has one, as a sentence has it.
    pub(crate) intervals: BTreeMap<String, String>,
}

/// What a function was asked for, and what there is of the kind.
#[derive(Debug)]
pub(super) struct Choices {
    pub(super) what: String,
    pub(super) given: String,
    pub(super) known: Vec<String>,
}

/// Why a function has no value.
pub(super) enum Refusal {
    /// It is called wrongly, or there is nothing to show.
    Call(tera::Error),
    /// Something is named that is not there.
    Unknown { message: String, choices: Choices },
    /// A row or a value is named that the data at hand do not have: the words go on, with `shown` in its place.
    Absent { shown: String, message: String },
}

impl From<tera::Error> for Refusal {
    fn from(error: tera::Error) -> Self {
        Self::Call(error)
    }
}

/// A function over the facts.
type Function = fn(&Facts, &Kwargs) -> Result<TeraValue, Refusal>;

/// How a function of a cell is called.
const OF_CELL: &str = "(table=\"...\", column=\"...\", key=value ...)";

/// How a function of a check is called.
const OF_CHECK: &str = "(check=\"...\")";

/// The functions by name, with their arguments.
pub(super) const FUNCTIONS: [(&str, &str, Function); 5] = [
    ("cell", OF_CELL, cell),
    ("interval", OF_CHECK, interval),
    ("observed", OF_CHECK, observed),
    ("published_value", OF_CELL, published_value),
    ("show", OF_CELL, show),
];

fn unknown<'c>(
    message: impl Into<String>,
    what: impl Into<String>,
    given: &str,
    choices: impl IntoIterator<Item = &'c str>,
) -> Refusal {
    Refusal::Unknown {
        message: message.into(),
        choices: Choices {
            what: what.into(),
            given: given.to_owned(),
            known: choices.into_iter().map(str::to_owned).collect(),
        },
    }
}

/// An entry of a map, or the refusal that lists the names in it.
fn named<'m, T>(
    map: &'m BTreeMap<String, T>,
    name: &str,
    what: &str,
    message: String,
) -> Result<&'m T, Refusal> {
    let names = map.keys().map(String::as_str);
    map.get(name)
        .ok_or_else(|| unknown(message, what, name, names))
}

fn cell(facts: &Facts, arguments: &Kwargs) -> Result<TeraValue, Refusal> {
    let found = find_cell(facts, arguments)?;
    Ok(TeraValue::from_serializable(&found.value))
}

fn show(facts: &Facts, arguments: &Kwargs) -> Result<TeraValue, Refusal> {
    let found = find_cell(facts, arguments)?;
    Ok(TeraValue::from(found.shown.show(found.column, found.row)))
}

fn observed(facts: &Facts, arguments: &Kwargs) -> Result<TeraValue, Refusal> {
    let id = arguments.must_get::<&str>("check")?;
    let message = format!("there is no check `{id}`");
    let shown = named(&facts.observed, id, "checks", message)?;
    Ok(TeraValue::from(shown.clone()))
}

fn interval(facts: &Facts, arguments: &Kwargs) -> Result<TeraValue, Refusal> {
    let id = arguments.must_get::<&str>("check")?;
    let message = format!("there is no check `{id}` with an interval");
    let range = named(&facts.intervals, id, "checks with one", message)?;
    Ok(TeraValue::from(range.clone()))
}

/// A cell that a template asked for.
struct FoundCell<'f> {
    shown: &'f ShownTable,
    column: &'f str,
    row: usize,
    value: Value<'f>,
}

/// The table and the column that are asked for. A figure that is named alone is one of the file's figures.
fn table_and_column(arguments: &Kwargs) -> Result<(&str, &str), Refusal> {
    if figure_alone(arguments)?.is_some() {
        return Ok((FIGURES_TABLE, VALUE_COLUMN));
    }
    let table = arguments.must_get::<&str>("table")?;
    Ok((table, arguments.must_get::<&str>("column")?))
}

/// The figure of the file that is asked for, where no table is.
fn figure_alone(arguments: &Kwargs) -> Result<Option<&str>, Refusal> {
    let figure = arguments.get::<&str>(FIGURE_COLUMN)?;
    Ok(figure.filter(|_| !arguments.iter().any(|(key, _)| key.to_string() == "table")))
}

/// The one row of a table that the other arguments name, and a column of it.
fn find_cell<'f>(facts: &'f Facts, arguments: &Kwargs) -> Result<FoundCell<'f>, Refusal> {
    let (name, column) = table_and_column(arguments)?;
    let message = format!("there is no table `{name}`");
    let shown = named(&facts.tables, name, "tables", message)?;
    let table = &shown.table;
    let names = || table.columns().iter().map(|column| column.name.as_str());
    let find = |column: &str| {
        table.column(column).ok_or_else(|| {
            let message = format!("table `{name}` has no column `{column}`");
            unknown(message, "its columns", column, names())
        })
    };
    let column = find(column)?;
    let (rows, last) = chosen(table.rows(), arguments, find, |column, row, value| {
        is_same(column.values.at(row), value)
    })?;
    if let [row] = *rows {
        let value = column.values.at(row);
        if value == Value::Null {
            let of = with_keys(arguments);
            let column = &column.name;
            return Err(Refusal::Absent {
                shown: format!("*(no {column}{of})*"),
                message: format!("table `{name}` has no `{column}`{of}"),
            });
        }
        return Ok(FoundCell {
            shown,
            column: &column.name,
            row,
            value,
        });
    }
    let of = with_keys(arguments);
    if rows.is_empty() {
        // The file names its figures, whatever the data at hand.
        if let Some(figure) = figure_alone(arguments)? {
            let figures = find(FIGURE_COLUMN)?;
            let known = (0..table.rows()).filter_map(|row| figures.values.at(row).as_text());
            let message = format!("there is no figure `{figure}`");
            return Err(unknown(message, "figures", figure, known));
        }
        let offered = last.map(|last| (last.key, values_of(&last.column.values, &last.rows)));
        let offered = offered.filter(|(_, values)| !values.is_empty());
        let offered = offered.map_or_else(String::new, |(key, values)| {
            format!(" (`{key}` there: {})", values.join(", "))
        });
        return Err(Refusal::Absent {
            shown: format!("*(no row{of})*"),
            message: format!("table `{name}` has no row{of}{offered}"),
        });
    }
    let found = rows.len();
    let message = format!("table `{name}` has {found} rows{of}, and one is needed");
    Err(unknown(message, "columns to name a row by", "", names()))
}

/// The row that the other arguments name, in words.
fn with_keys(arguments: &Kwargs) -> String {
    let wanted: Vec<String> = keys(arguments)
        .map(|(key, value)| format!("{key} = {value}"))
        .collect();
    if wanted.is_empty() {
        String::new()
    } else {
        format!(" for {}", wanted.join(", "))
    }
}

/// The arguments that name a row.
fn keys(arguments: &Kwargs) -> impl Iterator<Item = (String, &TeraValue)> {
    let all = arguments
        .iter()
        .map(|(key, value)| (key.to_string(), value));
    all.filter(|(key, _)| key != "table" && key != "column")
}

/// The argument that took the last rows, and the rows that there were before it.
struct LastKey<C> {
    key: String,
    column: C,
    rows: Vec<usize>,
}

/// The rows that all arguments leave.
fn chosen<C>(
    rows: usize,
    arguments: &Kwargs,
    find: impl Fn(&str) -> Result<C, Refusal>,
    is_same: impl Fn(&C, usize, &TeraValue) -> bool,
) -> Result<(Vec<usize>, Option<LastKey<C>>), Refusal> {
    let mut left: Vec<usize> = (0..rows).collect();
    let mut last = None;
    for (key, value) in keys(arguments) {
        let column = find(&key)?;
        let (fit, _) = left.iter().partition(|row| is_same(&column, **row, value));
        let rows = std::mem::replace(&mut left, fit);
        if !rows.is_empty() {
            last = Some(LastKey { key, column, rows });
        }
    }
    Ok((left, last))
}

/// Most values that a message lists.
const OFFERED: usize = 20;

/// The different values of some rows, in their order, as a template has them.
fn values_of(values: &Values, rows: &[usize]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for row in rows {
        let shown = match values.at(*row) {
            Value::Null => continue,
            // As templates write it: 1.0 as 1.
            Value::Float(number) => number.to_string(),
            other => other.to_string(),
        };
        if all.len() == OFFERED {
            all.push("...".to_owned());
            break;
        }
        if !all.contains(&shown) {
            all.push(shown);
        }
    }
    all
}

fn is_same(ours: Value<'_>, wanted: &TeraValue) -> bool {
    match ours {
        Value::Null => false,
        Value::Text(text) => wanted.as_str() == Some(text),
        Value::Bool(truth) => wanted.as_bool() == Some(truth),
        Value::Int(_) | Value::Float(_) => {
            let wanted = wanted.as_number();
            wanted.is_some() && wanted.map(|number| number.as_float()) == ours.as_f64()
        }
    }
}

/// A published value, as it was printed.
fn published_value(facts: &Facts, arguments: &Kwargs) -> Result<TeraValue, Refusal> {
    let (name, column) = table_and_column(arguments)?;
    let message = format!("nothing was published for a table `{name}`");
    let table = named(&facts.published, name, "published tables", message)?;
    let names = || table.columns.iter().map(|one| one.name.as_str());
    let column = names().position(|one| one == column).ok_or_else(|| {
        let message = format!("no column `{column}` was published for table `{name}`");
        unknown(message, "published columns", column, names())
    })?;
    let of_key = || table.key.iter().map(String::as_str);
    let find = |key: &str| {
        of_key().position(|one| one == key).ok_or_else(|| {
            let message = format!("`{key}` is no key of what was published for table `{name}`");
            unknown(message, "its key", key, of_key())
        })
    };
    let key_of = |row: usize, at: usize| table.rows[row].key[at].as_str();
    let (rows, last) = chosen(table.rows.len(), arguments, find, |at, row, value| {
        is_same_text(key_of(row, *at), value)
    })?;
    let [row] = rows.as_slice() else {
        let message = format!(
            "{} rows of what was published for table `{name}` fit, and one is needed",
            rows.len()
        );
        return Err(match last.filter(|_| rows.is_empty()) {
            Some(last) => {
                let offered = last.rows.iter().take(OFFERED);
                let offered = offered.map(|row| key_of(*row, last.column));
                unknown(message, "published there", "", offered)
            }
            None => unknown(message, "columns to name a row by", "", of_key()),
        });
    };
    let value = table.rows[*row].values[column].clone();
    let missing = || tera::Error::message("this value was not published");
    Ok(TeraValue::from(value.ok_or_else(missing)?))
}

/// Whether a published key is what a template asks for; numbers agree by value.
fn is_same_text(printed: &str, wanted: &TeraValue) -> bool {
    match wanted.as_number() {
        Some(number) => parse_number(printed) == Some(number.as_float()),
        None => wanted.as_str() == Some(printed),
    }
}
