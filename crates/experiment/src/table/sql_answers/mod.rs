//! What SQL gives, beside what `DuckDB` gives: `answers.csv` has a row for each trap that engines fall into.
//!
//! `tests/sql/check_answers.py` computes the column of `DuckDB` anew.

use super::{Engine, Value, to_table};

/// The rows that the queries of the table read as `t`.
const TABLE: &str = include_str!("tables.sql");

const ANSWERS: &str = include_str!("answers.csv");

fn shown(value: Value<'_>) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Int(number) => number.to_string(),
        // Twelve digits: the last ones of sums differ between engines.
        Value::Float(number) => format!("{number:.11e}").parse::<f64>().unwrap().to_string(),
        Value::Text(_) | Value::Bool(_) => value.to_string(),
    }
}

/// The rows of an answer, or the error.
fn answer(engine: &Engine, sql: &str) -> String {
    if let Err(problem) = super::analyse(sql) {
        return format!("error: {problem}");
    }
    let answer = engine.run(sql).and_then(|frame| to_table(&frame));
    let table = match answer {
        Ok(table) => table,
        Err(problem) => return format!("error: {problem}"),
    };
    let row = |row: usize| {
        let columns = table.columns().iter();
        let values: Vec<String> = columns.map(|one| shown(one.values.at(row))).collect();
        values.join(", ")
    };
    let rows: Vec<String> = (0..table.rows()).map(row).collect();
    rows.join("; ")
}

#[test]
fn sql_answers_as_the_table_says() {
    let mut engine = Engine::default();
    engine.register("t", engine.run(TABLE).unwrap());
    let mut reader = csv::Reader::from_reader(ANSWERS.as_bytes());
    let mut wrong = Vec::new();
    let mut kinds = std::collections::BTreeMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        let (sql, ours) = (&record[0], answer(&engine, &record[0]));
        *kinds.entry(record[3].to_owned()).or_insert(0) += 1;
        if ours != record[2] {
            wrong.push(format!("{sql}\n  {ours}\n  {}", &record[2]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let kinds: Vec<String> = kinds.into_keys().collect();
    assert_eq!(kinds, ["different", "error", "same"]);
}
