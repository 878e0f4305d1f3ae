//! Templates: tera with functions that read tables and checks, and errors that show their place.

use std::collections::BTreeMap;
use std::sync::Arc;

use diagnostic::{Diagnostic, SourceText};
use tera::{Context, Kwargs, State, Tera, TeraResult, Value as TeraValue};

use super::template_problem::{diagnose, unknown};
use crate::table::{PublishedTable, ShownTable, Value, Values, number, parse_number};

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

type Answer = fn(&Facts, &Kwargs) -> TeraResult<TeraValue>;

/// The functions of templates.
const FUNCTIONS: [(&str, Answer); 5] = [
    ("cell", |facts, arguments| {
        let found = find_cell(facts, arguments)?;
        Ok(TeraValue::from_serializable(&found.value))
    }),
    ("show", |facts, arguments| {
        let found = find_cell(facts, arguments)?;
        Ok(found.shown.show(found.column, found.row).into())
    }),
    ("observed", |facts, arguments| {
        let unknown_check = |id: &str| format!("there is no check `{id}`");
        of_check(&facts.observed, arguments, "checks", unknown_check)
    }),
    ("published_value", |facts, arguments| {
        published_cell(facts, arguments).map(TeraValue::from)
    }),
    ("interval", |facts, arguments| {
        let unknown_check = |id: &str| format!("there is no check `{id}` with an interval");
        of_check(
            &facts.intervals,
            arguments,
            "checks with one",
            unknown_check,
        )
    }),
];

fn register(tera: &mut Tera, facts: &Arc<Facts>) {
    for (name, answer) in FUNCTIONS {
        let known = Arc::clone(facts);
        tera.register_function(
            name,
            move |arguments: Kwargs, _: &State| -> TeraResult<TeraValue> {
                answer(&known, &arguments)
            },
        );
    }
    tera.register_filter(
        "fixed",
        |number: f64, arguments: Kwargs, _: &State| -> TeraResult<TeraValue> {
            let digits = arguments.must_get::<u8>("digits")?;
            Ok(TeraValue::from(number::fixed(number, digits)))
        },
    );
}

/// What is known of the check that the arguments name.
fn of_check(
    by_check: &BTreeMap<String, String>,
    arguments: &Kwargs,
    what: &str,
    unknown_check: fn(&str) -> String,
) -> TeraResult<TeraValue> {
    let id = arguments.must_get::<&str>("check")?;
    if let Some(words) = by_check.get(id) {
        Ok(TeraValue::from(words.clone()))
    } else {
        let ids = by_check.keys().map(String::as_str);
        Err(unknown(&unknown_check(id), what, id, ids))
    }
}

/// The arguments that tell rows apart: all but those for table and column.
fn keys(arguments: &Kwargs) -> impl Iterator<Item = (String, &TeraValue)> {
    arguments
        .iter()
        .map(|(key, value)| (key.to_string(), value))
        .filter(|(key, _)| key != "table" && key != "column")
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
        let message = format!("there is no table `{name}`");
        unknown(&message, "tables", name, names)
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
    for (key, value) in keys(arguments) {
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
    let [row] = *rows else {
        let of = if wanted.is_empty() {
            String::new()
        } else {
            format!(" for {}", wanted.join(", "))
        };
        let found = rows.len();
        let message = format!("table `{name}` has {found} rows{of}, and one is needed");
        let (key, values) = offered;
        return Err(if rows.is_empty() && !values.is_empty() {
            let what = format!("values of `{key}` there");
            unknown(&message, &what, "", values.iter().map(String::as_str))
        } else {
            unknown(&message, "columns to name a row by", "", names())
        });
    };
    match column.values.at(row) {
        Value::Null => Err(tera::Error::message("the cell is empty")),
        value => Ok(FoundCell {
            shown,
            column: &column.name,
            row,
            value,
        }),
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
    for (key, value) in keys(arguments) {
        let at = table
            .key
            .iter()
            .position(|one| *one == key)
            .ok_or_else(|| {
                let message = format!("`{key}` is no key of what was published for table `{name}`");
                let known = table.key.iter().map(String::as_str);
                unknown(&message, "its key", &key, known)
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
