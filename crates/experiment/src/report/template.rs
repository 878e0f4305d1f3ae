//! Templates: tera with functions that read tables and checks, and errors that show their place.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostic::{Diagnostic, SourceText};
use tera::{Context, Kwargs, State, Tera, TeraResult, Value as TeraValue};

use super::template_problem::{diagnose, unknown};
use crate::table::{OwnedValue, PublishedTable, ShownTable, Value, Values, number, parse_number};

/// What templates may ask for, beside their context.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) tables: BTreeMap<String, ShownTable>,
    /// What each check observed, as a value and as shown.
    pub(crate) observed: BTreeMap<String, (OwnedValue, String)>,
    /// Published values, by table.
    pub(crate) published: BTreeMap<String, PublishedTable>,
    /// The interval of each check that has one, as a sentence has it.
    pub(crate) intervals: BTreeMap<String, String>,
}

/// Renders one template.
///
/// # Errors
///
/// The template does not parse, asks for something that is not there, or calls a function wrongly; the error shows
/// the place.
pub(super) fn render(
    template: &SourceText,
    context: &Context,
    facts: &Arc<Facts>,
) -> Result<String, Diagnostic> {
    let mut tera = parse(template)?;
    register(&mut tera, facts);
    let name = template.path().display().to_string();
    tera.render(&name, context)
        .map_err(|error| diagnose(template, &error))
}

/// Checks that a template parses.
pub(crate) fn check_syntax(template: &SourceText) -> Result<(), Diagnostic> {
    parse(template).map(|_| ())
}

fn parse(template: &SourceText) -> Result<Tera, Diagnostic> {
    let mut tera = Tera::new();
    // Findings are Markdown: nothing is to be turned into HTML entities.
    tera.autoescape_on(Vec::<&str>::new());
    // Functions and filters must be known when a template is added.
    register(&mut tera, &Arc::new(Facts::default()));
    let name = template.path().display().to_string();
    tera.add_raw_template(&name, template.text())
        .map_err(|error| diagnose(template, &error))?;
    Ok(tera)
}

fn register(tera: &mut Tera, facts: &Arc<Facts>) {
    let known = Arc::clone(facts);
    tera.register_function(
        "cell",
        move |arguments: Kwargs, _: &State| -> TeraResult<TeraValue> {
            let found = find_cell(&known, &arguments)?;
            let value = OwnedValue::of(found.value)
                .ok_or_else(|| tera::Error::message("the cell is empty"))?;
            Ok(value.into_tera())
        },
    );
    let known = Arc::clone(facts);
    tera.register_function(
        "show",
        move |arguments: Kwargs, _: &State| -> TeraResult<TeraValue> {
            let found = find_cell(&known, &arguments)?;
            if found.value == Value::Null {
                return Err(tera::Error::message("the cell is empty"));
            }
            Ok(TeraValue::from(found.shown.show(found.column, found.row)))
        },
    );
    let known = Arc::clone(facts);
    tera.register_function(
        "observed",
        move |arguments: Kwargs, _: &State| -> TeraResult<TeraValue> {
            let id = arguments.must_get::<&str>("check")?;
            let (_, shown) = known.observed.get(id).ok_or_else(|| {
                let ids = known.observed.keys().map(String::as_str);
                unknown(&format!("there is no check `{id}`"), "checks", id, ids)
            })?;
            Ok(TeraValue::from(shown.clone()))
        },
    );
    let known = Arc::clone(facts);
    tera.register_function(
        "published_value",
        move |arguments: Kwargs, _: &State| -> TeraResult<TeraValue> {
            published_cell(&known, &arguments).map(TeraValue::from)
        },
    );
    let known = Arc::clone(facts);
    tera.register_function(
        "interval",
        move |arguments: Kwargs, _: &State| -> TeraResult<TeraValue> {
            let id = arguments.must_get::<&str>("check")?;
            let range = known.intervals.get(id).ok_or_else(|| {
                let ids = known.intervals.keys().map(String::as_str);
                let message = format!("there is no check `{id}` with an interval");
                unknown(&message, "checks with one", id, ids)
            })?;
            Ok(TeraValue::from(range.clone()))
        },
    );
    tera.register_filter(
        "fixed",
        |number: f64, arguments: Kwargs, _: &State| -> TeraResult<TeraValue> {
            let digits = arguments.must_get::<u8>("digits")?;
            Ok(TeraValue::from(number::fixed(number, digits)))
        },
    );
}

/// A cell that a template asked for.
struct FoundCell<'f> {
    shown: &'f ShownTable,
    column: &'f str,
    row: usize,
    value: Value<'f>,
}

/// The one row of a table that the other arguments name, and a column of it.
fn find_cell<'f>(facts: &'f Facts, arguments: &Kwargs) -> TeraResult<FoundCell<'f>> {
    let name = arguments.must_get::<&str>("table")?;
    let column = arguments.must_get::<&str>("column")?;
    let shown = facts.tables.get(name).ok_or_else(|| {
        let names = facts.tables.keys().map(String::as_str);
        unknown(
            &format!("there is no table `{name}`"),
            "tables",
            name,
            names,
        )
    })?;
    let table = &shown.table;
    let names = || table.columns().iter().map(|column| column.name.as_str());
    let unknown_column = |column: &str| {
        let message = format!("table `{name}` has no column `{column}`");
        unknown(&message, "its columns", column, names())
    };
    let column = table.column(column).ok_or_else(|| unknown_column(column))?;
    let mut rows: Vec<usize> = (0..table.rows()).collect();
    let mut wanted = Vec::new();
    // What could have been asked for where nothing fits.
    let mut offered = (String::new(), Vec::new());
    for (key, value) in arguments.iter() {
        let key = key.to_string();
        if key == "table" || key == "column" {
            continue;
        }
        let filter = &table
            .column(&key)
            .ok_or_else(|| unknown_column(&key))?
            .values;
        if !rows.is_empty() {
            offered = (key.clone(), values_of(filter, &rows));
        }
        rows.retain(|row| is_same(filter.at(*row), value));
        wanted.push(format!("{key} = {value}"));
    }
    match rows.as_slice() {
        [row] => Ok(FoundCell {
            shown,
            column: &column.name,
            row: *row,
            value: column.values.at(*row),
        }),
        found => {
            let of = if wanted.is_empty() {
                String::new()
            } else {
                format!(" for {}", wanted.join(", "))
            };
            let message = format!(
                "table `{name}` has {} rows{of}, and one is needed",
                found.len()
            );
            let (key, values) = offered;
            Err(if found.is_empty() && !values.is_empty() {
                let what = format!("values of `{key}` there");
                unknown(&message, &what, "", values.iter().map(String::as_str))
            } else {
                unknown(&message, "columns to name a row by", "", names())
            })
        }
    }
}

/// Most values that a message lists.
const OFFERED: usize = 20;

/// The different values of some rows, in their order, as a template has them.
fn values_of(values: &Values, rows: &[usize]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for row in rows {
        let shown = match values.at(*row) {
            Value::Null => continue,
            Value::Int(number) => number.to_string(),
            Value::Float(number) => number.to_string(),
            Value::Text(word) => word.to_owned(),
            Value::Bool(truth) => truth.to_string(),
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
            wanted.as_number().map(|number| number.as_float()) == ours.as_f64()
                && ours.as_f64().is_some()
        }
    }
}

/// A published value, as it was printed.
fn published_cell(facts: &Facts, arguments: &Kwargs) -> TeraResult<String> {
    let name = arguments.must_get::<&str>("table")?;
    let column = arguments.must_get::<&str>("column")?;
    let table = facts.published.get(name).ok_or_else(|| {
        let names = facts.published.keys().map(String::as_str);
        let message = format!("nothing was published for a table `{name}`");
        unknown(&message, "published tables", name, names)
    })?;
    let names: Vec<&str> = table.columns.iter().map(|one| one.name.as_str()).collect();
    let column = names.iter().position(|one| *one == column).ok_or_else(|| {
        let message = format!("no column `{column}` was published for table `{name}`");
        unknown(&message, "published columns", column, names.iter().copied())
    })?;
    let mut rows: Vec<_> = table.rows.iter().collect();
    let mut offered: Vec<&str> = Vec::new();
    for (key, value) in arguments.iter() {
        let key = key.to_string();
        if key == "table" || key == "column" {
            continue;
        }
        let at = table
            .key
            .iter()
            .position(|one| *one == key)
            .ok_or_else(|| {
                let message = format!("`{key}` is no key of what was published for table `{name}`");
                unknown(
                    &message,
                    "its key",
                    &key,
                    table.key.iter().map(String::as_str),
                )
            })?;
        if !rows.is_empty() {
            let keys = rows.iter().map(|row| row.key[at].as_str());
            offered = keys.take(OFFERED).collect();
        }
        rows.retain(|row| is_same_text(&row.key[at], value));
    }
    let [row] = rows.as_slice() else {
        let message = format!(
            "{} rows of what was published for table `{name}` fit, and one is needed",
            rows.len()
        );
        return Err(if rows.is_empty() && !offered.is_empty() {
            unknown(&message, "published there", "", offered)
        } else {
            let key = table.key.iter().map(String::as_str);
            unknown(&message, "columns to name a row by", "", key)
        });
    };
    row.values[column]
        .clone()
        .ok_or_else(|| tera::Error::message("this value was not published"))
}

/// Whether a published key is what a template asks for; numbers agree by value.
fn is_same_text(printed: &str, wanted: &TeraValue) -> bool {
    match wanted.as_number() {
        Some(number) => parse_number(printed) == Some(number.as_float()),
        None => wanted.as_str() == Some(printed),
    }
}
