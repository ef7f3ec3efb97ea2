"""Runs queries on a real engine: run_engine.py duckdb|spark EXAMPLES CASES

EXAMPLES is the folder of what the documentation shows for loading; it is used as
it stands. Each folder in CASES holds interactions.jsonl, recipients.jsonl where
anybody is known, and queries named ENGINE*.sql; the answer to each is written
beside it as .tsv, in the way `serveup rate -f tsv` writes, and that to a query
with nested columns as .jsonl, a row a line.
"""

import json
import os
import sys
from pathlib import Path

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def cell(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).translate(ESCAPES)


def exact(decimal):
    """A decimal with all its digits."""
    return format(decimal, "f")


def nested(value):
    """A row of Spark within a row, and what is in it, as plain dictionaries and lists."""
    if hasattr(value, "asDict"):
        value = value.asDict()
    if isinstance(value, dict):
        return {name: nested(part) for name, part in value.items()}
    return [nested(part) for part in value] if isinstance(value, list) else value


def duckdb_engine(examples):
    import duckdb

    load = (examples / "load_duckdb.sql").read_text()

    def run(queries):
        connection = duckdb.connect()
        connection.execute("SET threads = 2")
        Path("recipients.jsonl").touch()
        connection.execute(load)
        for query in queries:
            answer = connection.execute(query.read_text())
            yield query, [column[0] for column in answer.description], answer.fetchall()

    return run


def spark_engine(examples):
    sys.path.insert(0, str(examples))
    import rate_spark

    settings = {
        "spark.master": "local[2]",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.memory": "2g",
        "spark.log.level": "ERROR",
    }
    spark = rate_spark.session(**settings)

    def run(queries):
        folder = Path.cwd()
        recipients = folder / "recipients.jsonl"
        known = str(recipients) if recipients.exists() else None
        rate_spark.load(spark, str(folder / "interactions.jsonl"), known)
        for query in queries:
            answer = spark.sql(query.read_text())
            yield query, answer.columns, answer.collect()

    return run


def main():
    engine, examples, cases = sys.argv[1], Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve()
    run = {"duckdb": duckdb_engine, "spark": spark_engine}[engine](examples)
    for case in sorted(path for path in cases.iterdir() if path.is_dir()):
        os.chdir(case)
        for query, columns, rows in run(sorted(case.glob(f"{engine}*.sql"))):
            if "key" in columns:
                lines = [json.dumps(dict(zip(columns, map(nested, row))), default=exact) + "\n" for row in rows]
                query.with_suffix(".jsonl").write_text("".join(lines), newline="\n")
                continue
            lines = ["\t".join(map(cell, row)) for row in [columns, *rows]]
            query.with_suffix(".tsv").write_text("\n".join(lines) + "\n", newline="\n")


if __name__ == "__main__":
    main()
