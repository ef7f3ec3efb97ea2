"""serveup beside other programs on the same records, in one run on one machine.

    python3 -m pip install --target target/engines duckdb==2.0.0 polars
    python3 benches/compare.py [RECORDS ...]        # 100000 1000000 10000000 if none are named

For each number of records it makes a file, lets every program work on it in turn,
several rounds of it, checks that their answers are equal, and prints a table of
medians and of ratios to DuckDB. All work with two threads, or as many as
`--threads` says; jq has one, and is left out without `jq` on the path.

DuckDB does the same work as serveup: it reads the JSON lines with the types
stated, rates by the query that `serveup sql` writes, checks that no id comes
twice, and then writes all ratings to a file (`rate`), or counts interactions,
recipients and levels per point (`journey`). Polars only parses the same fields.
jq only weighs the facts of each moment by itself, without any escalator.
"""

import argparse
import itertools
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
ENGINES = TARGET / "engines"
LEVELS = ["criminal", "basic", "expected", "desired", "surprising", "unbelievable"]
COLUMNS = ["id", "level", "rank", "assessed", "evidence", "standing", "next", "reason", "failure"]

LOAD = """
CREATE VIEW interactions AS
SELECT row_number() OVER () AS seq, *
FROM read_json('{file}', format = 'newline_delimited', columns = {{
  id: 'VARCHAR', "at": 'TIMESTAMPTZ', recipient: 'VARCHAR',
  journey: 'VARCHAR', "transaction": 'VARCHAR', point: 'VARCHAR', action: 'VARCHAR',
  signals: 'VARCHAR[]', "value": 'VARCHAR[]', verdict: 'VARCHAR'
}})"""
PER_POINT = """
SELECT path, count(*), count(DISTINCT recipient), count(*) FILTER (reason = 'unremarked'), count(*) FILTER (failure),
  {levels}
FROM ratings GROUP BY path ORDER BY path"""

# the evidence of each moment by itself: shortfalls win, lifts that need value count only with value
FACTS = """
def any_of($names): any(.[]; . as $signal | any($names[]; . == $signal));
[inputs | (.signals // []) as $signals
  | if $signals | any_of(["promise-broken", "minimum-violated", "unresolved"]) then "criminal"
    elif $signals | any_of(["late", "incomplete", "inaccurate", "impolite", "unexplained", "chased", "unwelcome", "hard-to-use"]) then "basic"
    elif $signals | any_of(["omitted"]) then "expected"
    elif (.value // []) != [] and ($signals | any_of(["astonishing", "story-told"])) then "unbelievable"
    elif (.value // []) != [] and ($signals | any_of(["unexpected"])) then "surprising"
    elif $signals | any_of(["preferred-way", "as-hoped", "forewarned"]) then "desired"
    else "expected" end]
| group_by(.) | map({(.[0]): length}) | add"""


def duckdb_job(task, file, query, out, threads):
    """One task in DuckDB; run in a process of its own."""
    sys.path.insert(0, str(ENGINES))
    import duckdb

    base = duckdb.connect()
    base.execute(f"SET threads = {threads}")
    base.execute("SET TimeZone = 'UTC'")
    base.execute(LOAD.format(file=file))
    query = Path(query).read_text()
    if task == "journey":
        # the point and the recipient are handed through to the ratings
        path = "concat_ws('/', nullif(i.journey, ''), nullif(i.\"transaction\", ''), i.point) AS path"
        query = replaced(query, "    i.recipient,\n", f"    i.recipient,\n    {path},\n")
        query = replaced(query, "    seq,\n    id,\n", "    seq,\n    id,\n    recipient,\n    path,\n")
        query = query[: query.rindex("\nSELECT")] + "\nSELECT id, recipient, path, level, reason, failure FROM rated"
    base.execute(f"CREATE TEMP TABLE ratings AS {query}")
    if base.execute("SELECT count(id) - count(DISTINCT id) FROM ratings").fetchone() != (0,):
        sys.exit("an id comes twice")
    if task == "journey":
        levels = ", ".join(f"count(*) FILTER (level = {rank} AND reason <> 'unremarked')" for rank in range(1, 7))
        rows = base.execute(PER_POINT.format(levels=levels)).fetchall()
        Path(out).write_text(json.dumps(rows))
    else:
        base.execute(f"COPY ratings TO '{out}' (DELIMITER '\t')")


def replaced(text, old, new):
    if text.count(old) != 1:
        sys.exit(f"the query is not as expected: {old!r} stands in it {text.count(old)} times")
    return text.replace(old, new)


def polars_job(file, out):
    """Parses the same fields in Polars, and nothing else."""
    sys.path.insert(0, str(ENGINES))
    import polars

    texts = ["id", "at", "recipient", "journey", "transaction", "point", "action", "channel", "verdict"]
    schema = {name: polars.String for name in texts} | {"signals": polars.List(polars.String)}
    frame = polars.scan_ndjson(file, schema=schema, ignore_errors=True).collect()
    Path(out).write_text(str(frame.height))


def measured(command, env=None, out=None):
    """Runs a command: seconds and peak memory in megabytes."""
    begun = time.perf_counter()
    with open(out or os.devnull, "w") as to:
        process = subprocess.Popen(command, stdout=to, env=env)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return seconds, usage.ru_maxrss / 1024


def rows_of(file, columns):
    with open(file) as lines:
        header = next(lines).rstrip("\n").split("\t")
        places = [header.index(name) for name in columns]
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            yield [cells[place] for place in places]


def check(work, records):
    """Stops unless the programs gave equal answers. What was compared, in words."""
    pairs = itertools.zip_longest(rows_of(work / "rate.tsv", COLUMNS), rows_of(work / "duckdb.tsv", COLUMNS))
    evidence, count = dict.fromkeys(LEVELS, 0), 0
    for ours, theirs in pairs:
        count += 1
        if ours != theirs:
            sys.exit(f"row {count} differs: serveup {ours}, DuckDB {theirs}")
        evidence[ours[4]] += 1
    journey = json.loads((work / "journey.json").read_text())
    ours = sorted(
        [group["key"]["point"], group["count"], group["recipients"], group["unremarked"], group["failures"]]
        + [group["levels"][level] for level in LEVELS]
        for group in journey["groups"]
    )
    if ours != json.loads((work / "duckdb.json").read_text()):
        sys.exit("the points differ between serveup and DuckDB")
    told = [f"{count:,} ratings in {len(COLUMNS)} columns", f"{len(ours)} points"]
    if (work / "polars.txt").exists() and int((work / "polars.txt").read_text()) != records:
        sys.exit("Polars read another number of records")
    if (work / "jq.json").exists():
        facts = json.loads((work / "jq.json").read_text())
        if facts != {level: count for level, count in evidence.items() if count}:
            sys.exit(f"the facts differ: jq {facts}, serveup {evidence}")
        told.append("the evidence of jq")
    return ", ".join(told)


def compare(records, options):
    work = TARGET / "compare"
    work.mkdir(parents=True, exist_ok=True)
    for old in work.glob("*"):
        if old.suffix != ".jsonl":
            old.unlink()
    file = work / f"{records}.jsonl"
    if not file.exists():
        with open(file, "w") as to:
            subprocess.run([TARGET / "release/examples/generate", str(records)], stdout=to, check=True)
    serveup, threads = TARGET / "release/serveup", str(options.threads)
    query = work / "rate.sql"
    query.write_bytes(subprocess.run([serveup, "sql", "--dialect", "duckdb"], capture_output=True, check=True).stdout)
    this = [sys.executable, __file__, "--job"]
    reading = [file, "--quiet"]
    jobs = {
        "serveup rate -f tsv": ([serveup, "rate", "-f", "tsv", "--threads", threads, *reading], None, work / "rate.tsv"),
        "serveup rate, in order": ([serveup, "rate", "-f", "tsv", "--in-order", *reading], None, None),
        "serveup journey": ([serveup, "journey", "-f", "json", "--threads", threads, *reading], None, work / "journey.json"),
        "serveup journey, 1 thread": ([serveup, "journey", "-f", "json", "--threads", "1", *reading], None, None),
        "DuckDB, all ratings": ([*this, "rate", file, query, work / "duckdb.tsv", threads], None, None),
        "DuckDB, points": ([*this, "journey", file, query, work / "duckdb.json", threads], None, None),
        "Polars, parsing only": (
            [*this, "polars", file, work / "polars.txt"],
            os.environ | {"POLARS_MAX_THREADS": threads},
            None,
        ),
        "jq, facts only": (["jq", "-nc", FACTS, file], None, work / "jq.json"),
        "bare pass over the JSON": ([options.bare, file, threads], None, None),
    }
    # the generator puts one record in twenty late, which --in-order refuses
    sorted_file = work / f"{records}.sorted.jsonl"
    if not sorted_file.exists():
        # apart from this process, whose memory what it starts would seem to have
        subprocess.run([*this, "sort", file, sorted_file], check=True)
    jobs["serveup rate, in order"][0][-2] = sorted_file
    if options.no_jq or shutil.which("jq") is None:
        del jobs["jq, facts only"]
    for read in (file, sorted_file):
        measured(["cat", str(read)])
    rounds = options.rounds or {100_000: 5, 1_000_000: 5}.get(records, 1)
    figures = {name: [] for name in jobs}
    for turn in range(rounds):
        for name, (command, env, out) in jobs.items():
            if turn == 0 or not name.startswith("jq"):
                os.sync()
                figures[name].append(measured([str(word) for word in command], env, out))
    told = check(work, records)
    show(records, file.stat().st_size, rounds, figures, told)


def in_time_order(file, to):
    """The same records by time, equal times in the order of the file."""
    at = re.compile(rb'"at":"([^"]*)"')
    with open(file, "rb") as lines:
        sorted_lines = sorted(lines, key=lambda line: at.search(line).group(1))
    with open(to, "wb") as out:
        out.writelines(sorted_lines)


def show(records, size, rounds, figures, told):
    medians = {name: statistics.median(seconds for seconds, _ in runs) for name, runs in figures.items()}
    peaks = {name: max(memory for _, memory in runs) for name, runs in figures.items()}
    print(f"\n{records:,} records, {size / 1e6:,.0f} MB; medians of {rounds}; equal: {told}\n")
    print("| | seconds | times as fast as DuckDB | times the bare pass | peak memory, MB |")
    print("| --- | ---: | ---: | ---: | ---: |")
    bare = medians["bare pass over the JSON"]
    for name, seconds in medians.items():
        peer = "DuckDB, points" if "journey" in name else "DuckDB, all ratings"
        faster = f"{medians[peer] / seconds:.1f}" if name.startswith("serveup") else ""
        print(f"| {name} | {seconds:.2f} | {faster} | {seconds / bare:.1f} | {peaks[name]:,.0f} |")
    sys.stdout.flush()


def built():
    """Builds everything in Rust that is compared. The program of the bare pass."""
    cargo = ["cargo", "build", "--release", "--locked", "--quiet"]
    subprocess.run([*cargo, "--bins", "--example", "generate"], cwd=ROOT, check=True)
    command = ["cargo", "bench", "--locked", "--quiet", "--no-run", "--bench", "bare", "--message-format", "json"]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    artifacts = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    return next(it["executable"] for it in artifacts if it.get("executable") and it["target"]["name"] == "bare")


def versions():
    # in a process of its own: what is loaded here would count as memory of what is started from here
    asked = "import sys; sys.path.insert(0, sys.argv[1]); import duckdb, polars; print(duckdb.__version__, polars.__version__)"
    told = subprocess.run([sys.executable, "-c", asked, ENGINES], capture_output=True, text=True)
    if told.returncode:
        sys.exit(f"DuckDB and Polars are missing; install them as this file says at its top\n{told.stderr}")
    duckdb, polars = told.stdout.split()
    jq = subprocess.run(["jq", "--version"], capture_output=True, text=True).stdout.strip() if shutil.which("jq") else "no jq"
    today = time.strftime("%Y-%m-%d")
    print(f"{today}, {os.cpu_count()} cores: DuckDB {duckdb}, Polars {polars}, {jq}")


def main():
    if sys.argv[1:2] == ["--job"]:
        task, *rest = sys.argv[2:]
        jobs = {"polars": polars_job, "sort": in_time_order}
        return jobs[task](*rest) if task in jobs else duckdb_job(task, *rest)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("records", nargs="*", type=int, default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, help="how often each works (5, at ten million once)")
    parser.add_argument("--no-jq", action="store_true", help="leave jq out, which takes a minute for two million")
    options = parser.parse_args()
    options.bare = built()
    versions()
    for records in options.records:
        compare(records, options)


if __name__ == "__main__":
    main()
