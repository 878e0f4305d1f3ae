"""Computes with DuckDB what the committed table of SQL answers says that DuckDB gives, and compares.

    python tests/sql/check_answers.py [--write]

Rooflab's own column is checked by a Rust test. --write puts DuckDB's answers into the table.
"""

import csv
import decimal
import sys
from pathlib import Path

import duckdb

FOLDER = Path(__file__).resolve().parents[2] / "crates/experiment/src/table/sql_answers"


def shown(value):
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float, decimal.Decimal)):
        # Whole fractions and whole numbers read alike: the kind is another matter than the value.
        return format(float(value), ".12g")
    return str(value)


def answer(connection, sql):
    try:
        rows = connection.execute(sql).fetchall()
    except duckdb.Error as error:
        return "error: " + str(error).split("\n")[0].split(":")[0]
    return "; ".join(", ".join(shown(value) for value in row) for row in rows)


def main():
    connection = duckdb.connect()
    # Rooflab reads a number with a point as a fraction of 64 bits, and whole numbers have 64 bits.
    rows = (FOLDER / "tables.sql").read_text()
    connection.execute(
        "CREATE TABLE t AS SELECT k::BIGINT AS k, kv::BIGINT AS kv, x::DOUBLE AS x, w, big::BIGINT AS big"
        f" FROM ({rows})"
    )
    path = FOLDER / "answers.csv"
    with path.open(newline="") as file:
        table = list(csv.DictReader(file))
    wrong = 0
    for row in table:
        computed = answer(connection, row["sql"])
        if "--write" in sys.argv:
            row["duckdb"] = computed
        elif row["duckdb"] != computed:
            wrong += 1
            print(f"{row['sql']}\n  DuckDB gives  {computed}\n  the table has {row['duckdb']}")
        same = row["duckdb"] == row["rooflab"]
        if (row["kind"] == "same") != same:
            wrong += 1
            print(f"{row['sql']}\n  is called {row['kind']!r}: {row['duckdb']} and {row['rooflab']}")
    if "--write" in sys.argv:
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=table[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(table)
    print(f"{len(table)} queries, {wrong} wrong")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
