"""Exports are what the committed CSV files say, as other libraries load them.

Runs the commands of docs/results.md, loads every file that they write, and compares each cell with hypotheses/*/results/*.csv
and the rest with outcome.json; then runs the examples of docs/results.md.

    python tests/interop/check_exports.py --rooflab target/release/rooflab --with duckdb

Any of duckdb, polars and pandas (which needs pyarrow) can be named.
"""

import argparse
import contextlib
import csv
import io
import json
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
GUIDE = PROJECT / "docs" / "results.md"
FOLDERS = {".parquet": "tables", ".ndjson": "tables-ndjson"}
TYPES = {"integer": int, "number": float, "text": str, "true/false": bool}


class DuckDb:
    @staticmethod
    def load(path):
        import duckdb

        # All lines are read for the types: a column may begin with many rows without a value.
        reader = "read_parquet(?)" if path.suffix == ".parquet" else "read_json(?, format='newline_delimited', sample_size=-1)"
        relation = duckdb.execute(f"SELECT * FROM {reader}", [str(path)])
        return [column[0] for column in relation.description], relation.fetchall()


class Polars:
    @staticmethod
    def load(path):
        import polars

        if path.suffix == ".parquet":
            frame = polars.read_parquet(path)
        else:
            frame = polars.read_ndjson(path, infer_schema_length=None)
        return frame.columns, frame.rows()


class Pandas:
    @staticmethod
    def load(path):
        import pandas

        if path.suffix == ".parquet":
            frame = pandas.read_parquet(path, dtype_backend="numpy_nullable")
        else:
            frame = pandas.read_json(path, lines=True, precise_float=True, dtype=False)
        columns = [[plain(value) for value in frame[name].tolist()] for name in frame.columns]
        return list(frame.columns), list(zip(*columns))


LIBRARIES = {"duckdb": DuckDb, "polars": Polars, "pandas": Pandas}


def plain(value):
    """A value of pandas as one of Python."""
    import pandas

    return None if pandas.isna(value) else value


def fail(text):
    sys.exit(f"check_exports: {text}")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE.read_text(), re.DOTALL | re.MULTILINE)


def export(rooflab, folder):
    """The commands of the guide, in a folder of its own."""
    commands = [line for line in "".join(blocks("sh")).splitlines() if line.startswith("rooflab export")]
    for command in commands:
        words = [str(rooflab), *shlex.split(command)[1:], "--root", str(PROJECT)]
        subprocess.run(words, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return commands


def committed_tables():
    for path in sorted(PROJECT.glob("hypotheses/*/results/*.csv")):
        # What was published stands in the records of the tables.
        if path.name == "published-values.csv":
            continue
        outcome = json.loads((path.parent / "outcome.json").read_text())
        with path.open(newline="") as file:
            header, *rows = csv.reader(file)
        yield outcome["id"], path.stem, header, rows


def agrees(text, value):
    """Whether a loaded value is a cell of a CSV file, to the last bit."""
    if value is None:
        return text == ""
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, (int, float)):
        return text != "" and float(text) == float(value)
    return text == value


def check_tables(load, folder, suffix, kinds):
    """Every table has the columns and cells of its CSV file; in Parquet the types too."""
    checked = 0
    for hypothesis, table, header, expected in committed_tables():
        path = folder / hypothesis / f"{table}{suffix}"
        if suffix == ".ndjson" and not expected:
            # Without rows there is no line, and no library can know the columns.
            if path.read_bytes():
                fail(f"{path} is not empty")
            continue
        columns, rows = load(path)
        if list(columns) != header or len(rows) != len(expected):
            fail(f"{path}: columns {columns} and {len(rows)} rows, expected {header} and {len(expected)}")
        for number, (row, cells) in enumerate(zip(rows, expected)):
            for column, value, text in zip(header, row, cells):
                kind = TYPES[kinds[hypothesis, table, column]]
                wrong_type = suffix == ".parquet" and value is not None and type(value) is not kind
                if wrong_type or not agrees(text, value):
                    fail(f"{path}: row {number}, `{column}` is {value!r}, expected {text!r} as {kind.__name__}")
                checked += 1
    return checked


def value_of(record):
    by_kind = {"integer": "value_integer", "number": "value_number", "text": "value_text", "true/false": "value_bool"}
    return record[by_kind[record["value_kind"]]]


def check_records(load, path):
    """The one file has every cell once, and what outcome.json says. Gives back the type of each column."""
    columns, rows = load(path)
    records = [dict(zip(columns, row)) for row in rows]
    documented = re.findall(r"^\| `(\w+)` \| ", GUIDE.read_text(), re.MULTILINE)
    if list(columns) != documented:
        fail(f"{path}: columns {columns}, documented are {documented}")
    kinds = {}
    values = {}
    for record in records:
        if record["record"] == "value" and record["row_index"] is not None:
            place = record["hypothesis"], record["table_name"], record["column_name"]
            kinds[place] = record["value_kind"]
            if values.setdefault((*place, int(record["row_index"])), record) is not record:
                fail(f"{path}: {place} stands twice")
    cells = 0
    for hypothesis, table, header, expected in committed_tables():
        for number, row in enumerate(expected):
            for column, text in zip(header, row):
                record = values.get((hypothesis, table, column, number))
                if record is None or not agrees(text, value_of(record)):
                    fail(f"{path}: {hypothesis}.{table}, row {number}, `{column}` is {record}, expected {text!r}")
                cells += 1
        for column in header:
            kinds.setdefault((hypothesis, table, column), "text")
    if cells != len(values):
        fail(f"{path}: {len(values)} values, expected {cells}")
    check_outcomes(path, records)
    return kinds, len(records)


def check_outcomes(path, records):
    expected = [json.loads(file.read_text()) for file in PROJECT.glob("hypotheses/*/results/outcome.json")]
    verdicts = {record["hypothesis"]: record for record in records if record["record"] == "verdict"}
    if verdicts.keys() != {outcome["id"] for outcome in expected}:
        fail(f"{path}: verdicts of {sorted(verdicts)}")
    for outcome in expected:
        own = [record for record in records if record["hypothesis"] == outcome["id"]]
        verdict = verdicts[outcome["id"]]
        if (verdict["value_text"], verdict["published"]) != (outcome["verdict"], outcome["published_verdict"]):
            fail(f"{path}: {verdict}")
        if any(record["verdict"] != outcome["verdict"] for record in own):
            fail(f"{path}: {outcome['id']} has more than one verdict")
        checks = [(r["check_id"], r["role"], r["holds"], r["value_number"], r["value_text"]) for r in own if r["record"] == "check"]
        wanted = [(c["id"], c["role"], c["holds"], c["value"], c["observed"]) for c in outcome["checks"]]
        if checks != wanted:
            fail(f"{path}: checks {checks}, expected {wanted}")
        compared = [record["reproduced"] for record in own if record["record"] == "value" and record["published"] is not None]
        counts = compared.count(True), compared.count(False)
        of = outcome["reproduction"]
        wanted = of["equal"] + of["within_tolerance"], of["different"] + of["needs_data"]
        if counts != wanted or len(compared) != sum(counts):
            fail(f"{path}: {outcome['id']} reproduces {counts}")


def run_examples(library, folder):
    """Each example prints something and raises nothing."""
    examples = [block for block in blocks("python") if re.search(rf"^import {library}\b", block, re.MULTILINE)]
    if not examples:
        fail(f"{GUIDE} has no example for {library}")
    for example in examples:
        printed = io.StringIO()
        with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
            exec(compile(example, str(GUIDE), "exec"), {})
        if not printed.getvalue().strip():
            fail(f"this example prints nothing:\n{example}")
    return len(examples)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rooflab", type=Path, required=True)
    parser.add_argument("--with", dest="libraries", action="append", choices=LIBRARIES, required=True)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for command in export(arguments.rooflab.resolve(), folder):
            print(command)
        for library in arguments.libraries:
            load = LIBRARIES[library].load
            for suffix, tables in FOLDERS.items():
                kinds, records = check_records(load, folder / f"results{suffix}")
                cells = check_tables(load, folder / tables, suffix, kinds)
                print(f"{library}, {suffix[1:]}: {records} records and {cells} cells of tables as committed")
            print(f"{library}: examples of docs/results.md that run: {run_examples(library, folder)}")


if __name__ == "__main__":
    main()
