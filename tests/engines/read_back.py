"""Reads every format back with other programs: read_back.py CASES

Each folder in CASES holds what one command printed as out.json, out.jsonl, out.csv, out.tsv and out.md, and case.json:
where in the document the rows are (null where it has none), which columns are left to JSON, and whether the Markdown has only some. Read are they by Python's csv
and json, by jq and by DuckDB, and each must give the values of the JSON. What differs is printed, and the status is 1.
"""

import csv
import itertools
import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb

csv.field_size_limit(1 << 30)

# lists of objects for which there is no room in a cell
LEFT_TO_JSON = {"series", "next.slid", "next.missed_preferences", "worst_moments", "latest_moments"}
UNESCAPED = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
WRONG = []


def wrong(what, *details):
    WRONG.append(f"{what}: " + "; ".join(repr(detail)[:300] for detail in details))


class Number(str):
    """A number as its digits are written."""


def exact(text):
    return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=refuse)


def refuse(name):
    raise ValueError(f"{name} is no JSON")


def text_of(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, Number) else str(value)


def same_cell(cell, wanted):
    """Texts are the same to the byte, and numbers to the digit."""
    return Decimal(cell) == Decimal(wanted) if isinstance(wanted, Number) and cell else cell == wanted


def in_words(item):
    if not isinstance(item, dict):
        return text_of(item)
    unit = "" if item.get("unit") is None else f" {item['unit']}"
    keys = set(item)
    if {"kind", "unit", "amount"} <= keys:
        return f"{item['kind']}={item['amount']}{unit}"
    if {"unit", "amount", "per_bounce"} <= keys:
        return f"{item['amount']}{unit}"
    if {"action", "count", "bounced"} <= keys:
        return f"{item['action']} {item['bounced']}/{item['count']}"
    if {"signal", "count"} <= keys:
        return f"{item['signal']}={item['count']}"
    if {"kind", "recipients"} <= keys:
        return f"{item['kind']}={item['recipients']}"
    raise ValueError(f"no words for {item}")


def flat(row):
    """A row as dotted names with cells."""
    cells = {}

    def add(path, value):
        if isinstance(value, dict):
            for name, part in value.items():
                inner = f"{path}.{name}" if path else name
                if inner not in LEFT_TO_JSON:
                    add(inner, part)
        elif isinstance(value, list):
            cells[path] = ";".join(map(in_words, value))
        else:
            cells[path] = text_of(value)

    add("", row)
    return cells


def number(text):
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def compare(what, names, rows, expected, same=same_cell):
    """Rows of cells beside the flat rows of the JSON."""
    if len(rows) != len(expected):
        return wrong(what, f"{len(rows)} rows instead of {len(expected)}")
    if len(set(names)) != len(names):
        return wrong(what, "a column twice", names)
    if expected and set(names) != set(expected[0]):
        return wrong(what, "other columns", sorted(set(names) ^ set(expected[0])))
    for place, (row, wanted) in enumerate(zip(rows, expected)):
        if len(row) != len(names):
            return wrong(what, f"row {place} has {len(row)} cells", row)
        for name, cell in zip(names, row):
            if not same(cell, wanted[name]):
                return wrong(what, f"row {place}, {name}", cell, wanted[name])


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        names, *rows = csv.reader(file, strict=True)
    return names, rows


def read_tsv(path):
    plain = lambda cell: re.sub(r"\\(.)", lambda escape: UNESCAPED[escape[1]], cell)
    # lines end in \n alone, whatever else ends lines elsewhere
    lines = path.read_bytes().decode("utf-8").split("\n")
    assert lines.pop() == "", "the last line has no end"
    names, *rows = [[plain(cell) for cell in line.split("\t")] for line in lines]
    # that is what a reader of tab-separated values makes of it, too
    with path.open(encoding="utf-8", newline="\n") as file:
        read = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True))
    if [[plain(cell) for cell in row] for row in read] != [names, *rows]:
        wrong(path, "Python's csv splits the lines otherwise")
    return names, rows


def read_md(path):
    lines = path.read_text(encoding="utf-8").split("\n")
    assert lines.pop() == "", "the last line has no end"
    rows = []
    for line in lines:
        parts = re.split(r"(?<!\\)\|", line)
        assert parts[0] == parts[-1] == "", line
        rows.append([span(part) for part in parts[1:-1]])
    names, rule, *rows = rows
    assert all(part == "---" for part in rule), rule
    return names, rows


def span(cell):
    """A cell of Markdown: words as they are, code without its backticks, pipes without what keeps them."""
    def code(match):
        inner = match[2]
        blank = inner.startswith(" ") and inner.endswith(" ") and inner.strip(" ")
        return inner[1:-1] if blank else inner

    return re.sub(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", code, cell[1:-1]).replace("\\|", "|")


def same_in_md(shown, cell):
    if isinstance(cell, Number):
        return abs(float(shown) - float(cell)) <= 0.000500001
    # what cannot be seen is shown as an escape
    visible = cell.isprintable() and "\\u{" not in shown
    return not visible or " ".join(shown.split()) == " ".join(cell.split())


def same_typed(value, cell):
    """A value of an engine that has guessed types, as text."""
    if value is None or value == cell:
        return (value or "") == cell
    if number(value) is not None:
        return number(value) == number(cell)
    # an instant
    return re.match(r"\d{4}-\d\d-\d\d", cell) is not None and value[:10] == cell[:10]


def duckdb_rows(query, path):
    answer = duckdb.sql(query.replace("FILE", "'" + str(path).replace("'", "''") + "'"))
    return answer.columns, answer.fetchall()


def same_text(value, cell):
    return same_cell(value or "", cell)


def jq(program, path):
    run = subprocess.run(["jq", "-c", program, str(path)], capture_output=True, check=True)
    return [json.loads(line) for line in run.stdout.decode("utf-8").split("\n") if line]


def dig(document, path):
    for part in path:
        document = document[part]
    return document


def case(folder):
    about = json.loads((folder / "case.json").read_text())
    path = lambda ending: folder / f"out.{ending}"
    lines = path("jsonl").read_bytes().decode("utf-8").split("\n")
    assert lines.pop() == "", "the last line has no end"
    rows = [exact(line) for line in lines]
    plain = [json.loads(line) for line in lines]
    document = exact(path("json").read_text(encoding="utf-8"))
    what = folder.name
    if about["rows"] is not None:
        found = dig(document, about["rows"])
        if (found if isinstance(found, list) else [found]) != rows:
            wrong(f"{what}, json", "other rows than in jsonl")
    # jq reads numbers as doubles, as others do
    if jq(".", path("jsonl")) != plain:
        wrong(f"{what}, jsonl", "jq reads otherwise")
    if jq(".", path("json")) != [json.loads(path("json").read_text(encoding="utf-8"))]:
        wrong(f"{what}, json", "jq reads otherwise")
    objects, count = "SELECT json::VARCHAR FROM read_{}_objects(FILE)", "SELECT count(*) FROM read_json(FILE)"
    read = [json.loads(row[0]) for row in duckdb_rows(objects.format("ndjson"), path("jsonl"))[1]]
    if read != plain:
        wrong(f"{what}, jsonl", "DuckDB reads otherwise")
    for ending in ["jsonl", "json"]:
        many = duckdb_rows(count, path(ending))[1][0][0]
        wanted = len(rows) if ending == "jsonl" else len(document) if isinstance(document, list) else 1
        if many != wanted:
            wrong(f"{what}, {ending}", f"DuckDB finds {many} rows, not {wanted}")

    expected = [flat(row) for row in rows]
    for row, name in itertools.product(expected, about["left_out"]):
        del row[name]
    for ending, reader in [("csv", read_csv), ("tsv", read_tsv)]:
        compare(f"{what}, {ending} by Python", *reader(path(ending)), expected)
    names, shown = read_md(path("md"))
    some = [{name: row[name] for name in names if name in row} for row in expected]
    if expected and len(names) != len(expected[0]) and not about["brief"]:
        wrong(f"{what}, md", "columns are missing", sorted(set(expected[0]) - set(names)))
    compare(f"{what}, md", names, shown, some, same_in_md)

    # DuckDB: cells as texts, and with the types that it guesses by itself
    texts = "SELECT * FROM read_csv(FILE, header = true, all_varchar = true, auto_detect = false, columns = {}, {})"
    names = list(expected[0]) if expected else []
    names = [name for name in read_csv(path("csv"))[0] if name in names]
    columns = "{" + ", ".join("'" + name.replace("'", "''") + "': 'VARCHAR'" for name in names) + "}"
    texts = texts.replace("all_varchar = true, ", "")
    quoted = "delim = ',', quote = '\"', escape = '\"'"
    compare(f"{what}, csv by DuckDB", *duckdb_rows(texts.format(columns, quoted), path("csv")), expected, same_text)
    bare = "delim = '\\t', quote = '', escape = ''".replace("\\t", "\t")
    names, cells = duckdb_rows(texts.format(columns, bare), path("tsv"))
    cells = [[re.sub(r"\\(.)", lambda escape: UNESCAPED[escape[1]], cell or "") for cell in row] for row in cells]
    compare(f"{what}, tsv by DuckDB", names, cells, expected, same_text)
    guessed = "SELECT COLUMNS(*)::VARCHAR FROM read_csv(FILE, sample_size = -1)"
    compare(f"{what}, csv by DuckDB alone", *duckdb_rows(guessed, path("csv")), expected, same_typed)
    return len(rows)


def main():
    duckdb.sql("SET TimeZone = 'UTC'")
    (cases,) = sys.argv[1:]
    rows = {}
    for folder in sorted(Path(cases).iterdir()):
        try:
            rows[folder.name] = case(folder)
        except Exception as error:
            wrong(folder.name, type(error).__name__, str(error))
    for line in WRONG:
        print(line)
    print(json.dumps(rows), file=sys.stderr)
    sys.exit(bool(WRONG))


main()
