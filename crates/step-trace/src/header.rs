//! The names of the columns of a file.

use diagnostic::nearest;

use crate::error::{Place, Problem};
use crate::mapping::Mapping;

/// Columns of a file up to which messages name them.
const MOST_NAMED: usize = 100;

/// Characters of a column name up to which messages show it.
const LONGEST_NAME: usize = 200;

/// The place of a column that is read, where it is there.
pub(crate) fn place_of(name: &str, header: &[String]) -> Result<Option<usize>, Problem> {
    let mut places = (0..header.len()).filter(|index| header[*index] == name);
    let place = places.next();
    if places.next().is_none() {
        return Ok(place);
    }
    let column = name.to_owned();
    let message = format!("column `{column}` stands twice");
    Err(Problem::new(Place::Header { column }, message))
}

/// Whether every column that the mapping names is in the header.
pub(crate) fn check(header: &[String], mapping: &Mapping) -> Result<(), Problem> {
    for (field, source) in mapping.iter() {
        let column = source.column_name();
        let Some(column) = column.filter(|column| !header.iter().any(|name| name == column)) else {
            continue;
        };
        let near = nearest(column, header.iter().map(String::as_str));
        let hint = near.map_or_else(String::new, |name| format!("did you mean `{name}`? "));
        let known = listed(header);
        let message = format!(
            "there is no column `{column}`, which `{field}` comes from ({hint}columns: {known})"
        );
        let column = column.to_owned();
        return Err(Problem::new(Place::Header { column }, message));
    }
    Ok(())
}

/// The columns of a file, as far as a message has room for them.
fn listed(header: &[String]) -> String {
    let printable = |one: char| if one.is_control() { '?' } else { one };
    let shown = header.iter().take(MOST_NAMED);
    let shown: Vec<String> = shown
        .map(|name| name.chars().take(LONGEST_NAME).map(printable).collect())
        .collect();
    let more = match header.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", shown.join(", "))
}

/// What is said of a file that has more rows than are read.
pub(crate) fn too_many_rows(limit: usize) -> Problem {
    Problem::of_file(format!("more than {limit} rows"))
}
