//! `rooflab export`: what the files say, and what is refused.

use std::fs;
use std::fs::File;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use serde_json::{Value, json};

use crate::test_project::TestProject;

const FILE: &str = "hypotheses/H7-longer/hypothesis.yaml";

/// The published values: one agrees, one differs for a known reason, and ours has no row for the last.
fn project() -> TestProject {
    let project = TestProject::with_published("64,3875\n4096,4380\n9,1\n");
    project.edit(
        FILE,
        "    times: {key: [kv_len]}\n",
        "    times:
      key: [kv_len]
      differences:
        - {row: {kv_len: 4096}, column: step_us, why: A slip of the pen.}
        - {row: {kv_len: 9}, column: step_us, why: Nobody asked for it.}
",
    );
    project.edit(
        FILE,
        "checks:\n",
        "  words:
    title: Other kinds
    sql: SELECT regime, kv_len > 64 AS is_long, CASE WHEN kv_len > 64 THEN step_us * 1.0 / 2 END AS half FROM steps
  nothing:
    title: No rows
    sql: SELECT kv_len FROM steps WHERE kv_len < 0
checks:
",
    );
    project
}

/// The records of an NDJSON file, without what is null.
fn records(project: &TestProject, file: &str) -> Vec<Value> {
    let text = project.read(file);
    let lines = text.lines().map(|line| {
        let record: Value = serde_json::from_str(line).unwrap();
        let filled = record.as_object().unwrap().iter();
        filled
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    });
    lines.map(Value::Object).collect()
}

fn parquet_rows(project: &TestProject, file: &str) -> (Vec<String>, Vec<Row>) {
    let reader = SerializedFileReader::new(File::open(project.path().join(file)).unwrap()).unwrap();
    let schema = reader.metadata().file_metadata().schema_descr();
    let names = schema
        .columns()
        .iter()
        .map(|column| column.name().to_owned());
    let names = names.collect();
    let rows = reader.get_row_iter(None).unwrap().map(Result::unwrap);
    (names, rows.collect())
}

fn json_of(row: &Row) -> Value {
    let cells = row.get_column_iter().map(|(name, field)| {
        let value = match field {
            Field::Null => Value::Null,
            Field::Bool(truth) => json!(truth),
            Field::Long(integer) => json!(integer),
            Field::Double(number) => json!(number),
            Field::Str(words) => json!(words),
            other => panic!("{name} is {other:?}"),
        };
        (name.clone(), value)
    });
    Value::Object(cells.collect())
}

#[test]
fn one_file_has_verdicts_checks_and_values_beside_what_was_published() {
    let project = project();
    assert_eq!(
        project.run(&["export", "--out", "all.ndjson"]).success(),
        "all.ndjson: 1 hypothesis, 3 tables, 18 records\n"
    );
    let all = records(&project, "all.ndjson");
    assert_eq!(
        all.len(),
        18,
        "verdict, check, 3x2 and 3x3 cells, and a row that ours lacks"
    );
    assert_eq!(
        all[0],
        json!({
            "hypothesis": "H7", "verdict": "confirmed", "record": "verdict",
            "claim": "Longer contexts take longer", "value_kind": "text", "value_text": "confirmed",
            "published": "confirmed", "reproduced": true,
        })
    );
    assert_eq!(
        all[1],
        json!({
            "hypothesis": "H7", "verdict": "confirmed", "record": "check", "check_id": "grows",
            "role": "acceptance", "claim": "The longest context takes longest.", "holds": true,
            "value_kind": "integer", "value_number": 1017.0, "value_integer": 1017,
            "value_text": "1017 us more",
        })
    );
    assert_eq!(
        all[5],
        json!({
            "hypothesis": "H7", "verdict": "confirmed", "record": "value", "table_name": "times",
            "row_index": 1, "column_name": "step_us", "value_kind": "integer", "value_number": 4379.0,
            "value_integer": 4379, "published": "4380", "published_number": 4380.0,
            "published_key": "{\"kv_len\":\"4096\"}", "reproduced": false, "equal_digits": false, "why": "A slip of the pen.",
        })
    );
    assert_eq!(
        all[8],
        json!({
            "hypothesis": "H7", "verdict": "confirmed", "record": "value", "table_name": "times",
            "column_name": "step_us", "value_kind": "integer", "published": "1", "published_number": 1.0,
            "published_key": "{\"kv_len\":\"9\"}", "reproduced": false, "equal_digits": false, "why": "Nobody asked for it.",
        })
    );
    let words: Vec<_> = all[9..15]
        .iter()
        .map(|record| {
            let value = ["value_text", "value_bool", "value_number"];
            let value = value.iter().find_map(|name| record.get(name));
            (record["value_kind"].as_str().unwrap(), value.cloned())
        })
        .collect();
    assert_eq!(
        words,
        [
            ("text", Some(json!("memory"))),
            ("true/false", Some(json!(false))),
            ("number", None),
            ("text", Some(json!("memory"))),
            ("true/false", Some(json!(true))),
            ("number", Some(json!(2189.5))),
        ]
    );
    assert_eq!(
        project.files("hypotheses").len(),
        2,
        "the project is as it was"
    );
}

#[test]
fn every_format_has_the_same_records() {
    let project = project();
    for file in ["all.ndjson", "all.csv", "all.parquet", "other.txt"] {
        let format: &[&str] = if file == "other.txt" {
            &["--format", "csv"]
        } else {
            &[]
        };
        project
            .run(&[&["export", "--out", file], format].concat())
            .success();
    }
    assert_eq!(project.read("other.txt"), project.read("all.csv"));
    let (names, rows) = parquet_rows(&project, "all.parquet");
    let csv = project.read("all.csv");
    assert_eq!(csv.lines().next().unwrap(), names.join(","));
    let lines = project.read("all.ndjson");
    assert_eq!(rows.len(), lines.lines().count());
    for (row, line) in rows.iter().zip(lines.lines()) {
        let expected: Value = serde_json::from_str(line).unwrap();
        assert_eq!(json_of(row), expected);
    }
}

#[test]
fn a_folder_has_each_table_in_its_own_columns() {
    let project = project();
    project.run(&["run"]);
    assert_eq!(
        project
            .run(&["export", "--out", "csv/", "--format", "csv"])
            .success(),
        "csv/: 1 hypothesis, 3 files\n"
    );
    for table in ["times", "words", "nothing"] {
        assert_eq!(
            project.read(&format!("csv/H7/{table}.csv")),
            project.read(&format!("hypotheses/H7-longer/results/{table}.csv"))
        );
    }
    fs::create_dir(project.path().join("there")).unwrap();
    project.run(&["export", "h7", "--out", "there"]).success();
    let (names, rows) = parquet_rows(&project, "there/H7/words.parquet");
    assert_eq!(names, ["regime", "is_long", "half"]);
    let rows: Vec<Value> = rows.iter().map(json_of).collect();
    assert_eq!(
        rows[0],
        json!({"regime": "memory", "is_long": false, "half": null})
    );
    assert_eq!(
        rows[1],
        json!({"regime": "memory", "is_long": true, "half": 2189.5})
    );
    let (names, rows) = parquet_rows(&project, "there/H7/nothing.parquet");
    assert_eq!((names, rows.len()), (vec!["kv_len".to_owned()], 0));
}

#[test]
fn only_the_tables_that_are_named() {
    let project = project();
    let other = project
        .read(FILE)
        .replace("id: H7", "id: H9")
        .replace("published:\n  verdict: confirmed\n", "");
    let other = &other[..other.find("  source:").unwrap()];
    project.write("hypotheses/H9-other/hypothesis.yaml", other);
    project
        .run(&[
            "export",
            "--tables",
            "H7.words,h9-other.times",
            "--out",
            "out/",
            "--format",
            "ndjson",
        ])
        .success();
    let files = project.files("out").into_iter();
    let names: Vec<String> = files
        .map(|(path, _)| {
            path.strip_prefix(project.path())
                .unwrap()
                .display()
                .to_string()
        })
        .collect();
    assert_eq!(names, ["out/H7/words.ndjson", "out/H9/times.ndjson"]);
    assert_eq!(
        project.read("out/H9/times.ndjson"),
        "{\"kv_len\":64,\"step_us\":3875}\n{\"kv_len\":4096,\"step_us\":4379}\n{\"kv_len\":8192,\"step_us\":4892}\n"
    );
    assert_eq!(
        project
            .run(&["export", "--tables", "H9.times", "--out", "some.ndjson"])
            .success(),
        "some.ndjson: 1 hypothesis, 1 table, 8 records\n"
    );
}

#[test]
fn what_cannot_be_exported_is_refused_and_nothing_is_written() {
    let project = project();
    fs::create_dir(project.path().join("folder.csv")).unwrap();
    for (arguments, error) in [
        (
            &["--out", "x.csv", "--tables", "H7.time"][..],
            "error: hypothesis H7 has no table `time` (did you mean `times`? its tables: times, words, nothing)\n",
        ),
        (
            &["--out", "x.csv", "--tables", "H8.times"],
            "error: hypothesis `H8` not found (did you mean `H7`? known hypotheses: H7)\n",
        ),
        (
            &["--out", "x.csv", "H99"],
            "error: hypothesis `H99` not found (known hypotheses: H7)\n",
        ),
        (
            &["--out", "results.json"],
            "error: --out: the ending of `results.json` names no format (known endings: .parquet, .ndjson, .jsonl, .csv; \
             or say the --format; a folder ends in /)\n",
        ),
        (
            &["--out", "folder.csv"],
            "error: folder.csv: is a folder, expected the name of a file to write\n",
        ),
        (
            &["--out", "missing/x.csv"],
            "error: missing/x.csv: cannot be written: No such file or directory",
        ),
        (
            &["--out", "hypotheses/H7-longer/hypothesis.yaml/"],
            "error: hypotheses/H7-longer/hypothesis.yaml/: lies in `hypotheses` of a rooflab project, which holds what results are computed from",
        ),
        (
            &[
                "--out",
                "hypotheses/H7-longer/hypothesis.yaml",
                "--format",
                "csv",
            ],
            "error: hypotheses/H7-longer/hypothesis.yaml: lies in `hypotheses` of a rooflab project, which holds",
        ),
        (
            &["--out", "bench_data/new/"],
            "error: bench_data/new/: lies in `bench_data` of a rooflab project, which holds",
        ),
        (
            &["H7", "--out", "x.csv", "--ground-truth", "sweeps"],
            "error: --ground-truth changes nothing for H7: no run of it simulates measured runs\n",
        ),
    ] {
        let answer = project.run(&[&["export"], arguments].concat()).rejected();
        assert!(answer.starts_with(error), "{arguments:?}: {answer}");
    }
    let other = project.read(FILE).replace("id: H7", "id: H9");
    project.write(
        "hypotheses/H9-other/hypothesis.yaml",
        &other[..other.find("published:").unwrap()],
    );
    assert_eq!(
        project
            .run(&["export", "H9", "--tables", "H7.times", "--out", "x.csv"])
            .rejected(),
        "error: --tables: H7.times is of none of the hypotheses H9\n"
    );
    assert!(!project.path().join("x.csv").exists());
}

#[test]
fn a_hypothesis_that_fails_leaves_what_was_there() {
    let project = project();
    project.edit(
        FILE,
        "AS observed FROM times",
        "AS observed FROM times WHERE kv_len < 0",
    );
    project.write("all.parquet", "old");
    for arguments in [
        ["export", "--out", "all.parquet", "--force"],
        ["export", "--out", "tables/", "--force"],
    ] {
        let error = project.run(&arguments).rejected();
        assert!(error.contains("grows"), "{error}");
    }
    assert_eq!(project.read("all.parquet"), "old");
    assert!(project.files("tables").is_empty());
}
