"""serveup beside DuckDB on the same records: every reading command, in one run on one machine.

    python3 -m pip install --target target/engines duckdb==2.0.0 polars
    python3 benches/compare.py [RECORDS ...]      # 1000000 10000000 if none are named; prints the table of docs/speed.md
    python3 benches/compare.py --check 3000       # compares the answers, and measures nothing

For each number of records it makes a file, lets each program work on it in turn, several rounds of it, checks that the
answers are equal, and prints one table of medians. DuckDB answers the same question by its best query on top of the
rating of `serveup sql`: types stated on loading, ids checked (answers.py). With exports of help desks, made by
exports.py in a folder that is named by `--exports`, it reads these, too.
"""

import argparse
import importlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
ENGINES = TARGET / "engines"
POINT = "support/outage/repair"
RATED = ["id", "level", "rank", "assessed", "evidence", "standing", "next", "reason", "failure"]

# the programs that pack records
PACKERS = {"jsonl.gz": "gzip", "jsonl.zst": "zstd"}
# name, what is asked of serveup, of which file, what of DuckDB and by what, and how answers are held against each other
JOBS = [
    ("journey", ["journey", "-f", "jsonl"], "jsonl", "journey", "point", "groups"),
    ("journey --by recipient", ["journey", "-f", "jsonl", "--by", "recipient"], "jsonl", "journey", "recipient", "groups"),
    ("journey --by channel,stage", ["journey", "-f", "jsonl", "--by", "channel,stage"], "jsonl", "journey", "channel,stage", "groups"),
    ("journey, CSV", ["journey", "-f", "jsonl"], "csv", "journey", "point", "groups"),
    ("journey, gzip", ["journey", "-f", "jsonl"], "jsonl.gz", "journey", "point", "groups"),
    ("journey, zstd", ["journey", "-f", "jsonl"], "jsonl.zst", "journey", "point", "groups"),
    ("rate -f tsv", ["rate", "-f", "tsv"], "jsonl", "tsv", "-", "ratings"),
    ("rate -f csv", ["rate", "-f", "csv"], "jsonl", "csv", "-", "csv"),
    ("rate -f jsonl", ["rate", "-f", "jsonl"], "jsonl", "jsonl", "-", "rows"),
    ("rate -f table", ["rate", "-f", "table"], "jsonl", None, "-", None),
    ("rate -f tsv --in-order", ["rate", "-f", "tsv", "--in-order"], "sorted.jsonl", "tsv", "-", "ratings"),
    ("rate --fail-below expected", ["rate", "-f", "tsv", "--fail-below", "expected"], "jsonl", "gate", "-", "ratings"),
    (f"check {POINT}", ["check", POINT, "-f", "json"], "jsonl", "check", "-", "check"),
    ("decay", ["decay", "-f", "json"], "jsonl", "decay", "-", "decay"),
    ("uplift", ["uplift", "-f", "json"], "jsonl", "uplift", "-", "uplift"),
    ("recovery", ["recovery", "-f", "json"], "jsonl", "recovery", "-", "recovery"),
    ("calibrate", ["calibrate", "-f", "json"], "jsonl", "calibrate", "-", "calibrate"),
    ("report", ["report"], "jsonl", None, "-", None),
]


def measured(command, out=None, env=None, good=(0,)):
    """Runs a command: seconds, seconds of processors and peak memory in megabytes."""
    begun = time.perf_counter()
    with open(out or os.devnull, "w") as to:
        process = subprocess.Popen([str(word) for word in command], stdout=to, stderr=subprocess.PIPE, env=env)
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in good:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}: {said.decode()[-2000:]}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def serveup_command(options, words, file, out, threads):
    command = [options.program, *words, file, "--quiet", "--threads", threads]
    return [*command, "-o", f"{out}.html"] if words == ["report"] else command


def duckdb_command(options, question, by, file, out, form="windows"):
    here = Path(__file__).resolve().parent
    return [sys.executable, here / "answers.py", question, by, file, out, options.threads, form, options.program]


def environment():
    return os.environ | {"PYTHONPATH": os.environ.get("PYTHONPATH", str(ENGINES)), "PYTHONDONTWRITEBYTECODE": "1"}


def compare(records, options, figures):
    """Works through all jobs on so many records, and keeps what each took."""
    asked = [job for job in JOBS if not options.only or any(job[0].startswith(only) for only in options.only)]
    for job in [job for job in asked if not shutil.which(PACKERS.get(job[2], "sh"))]:
        print(f"NOT COMPARED: {job[0]}: {PACKERS[job[2]]} is not installed", file=sys.stderr)
        asked.remove(job)
    files = {kind: make(records, kind, options) for kind in dict.fromkeys(job[2] for job in asked)}
    rounds = 1 if options.check else options.rounds or (3 if records <= 1_000_000 else 1)
    for name, words, kind, question, by, how in asked:
        label = re.sub(r"\W+", "-", name)
        ours, theirs = options.work / f"{label}.serveup", options.work / f"{label}.duckdb"
        runs = {"2": serveup_command(options, words, files[kind], ours, options.threads)}
        if not options.check and records <= 1_000_000:
            runs["1"] = serveup_command(options, words, files[kind], ours, 1)
        if question:
            runs["duckdb"] = duckdb_command(options, question, by, files[kind], theirs)
        times = {run: [] for run in runs}
        if not options.check:
            measured(["cat", files[kind]])
        for _ in range(rounds):
            for run, command in runs.items():
                # what was written before is on the disk
                os.sync()
                good = (0, 1) if "--fail-below" in words else (0,)
                times[run].append(measured(command, None if run == "duckdb" else ours, environment(), good))
        if how:
            # in a process of its own: what is read here would count as memory of what is started from here
            with ProcessPoolExecutor(1) as apart:
                told = apart.submit(CHECKS[how], ours, theirs).result()
            print(f"{records:,} {name}: equal: {told}", file=sys.stderr, flush=True)
        column = 1 if options.cpu else 0
        median = {run: statistics.median(time[column] for time in took) for run, took in times.items()}
        figures[name, records] = median | {"memory": max(memory for *_, memory in times["2"])}
        figures[name, records]["their memory"] = max((memory for *_, memory in times.get("duckdb", [])), default=None)
    if not options.check and not options.only:
        for name, command, env in floors(options, files["jsonl"]):
            figures[name, records] = {"2": statistics.median(measured(command, None, env)[1 if options.cpu else 0] for _ in range(rounds))}


def floors(options, file):
    """Reading alone: the bytes checked as JSON, and the same fields parsed by Polars."""
    if options.bare:
        yield "bare pass over the JSON", [options.bare, file, options.threads], None
    code = "import sys, polars; polars.scan_ndjson(sys.argv[1], schema={n: polars.String for n in sys.argv[2].split()} | {'signals': polars.List(polars.String)}, ignore_errors=True).collect()"
    texts = "id at recipient journey transaction point action channel verdict"
    yield "Polars, parsing only", [sys.executable, "-c", code, file, texts], environment() | {"POLARS_MAX_THREADS": str(options.threads)}


def make(records, kind, options):
    """The file of so many records of a kind, made where it is not there."""
    plain, path = options.work / f"{records}.jsonl", options.work / f"{records}.{kind}"
    if not plain.exists():
        with open(plain, "w") as to:
            subprocess.run([options.generate, str(records)], stdout=to, check=True)
    if path.exists():
        return path
    # in processes of their own, whose memory does not count as that of what is measured
    steps = {
        "csv": [sys.executable, __file__, "--make", "csv", plain, path],
        "sorted.jsonl": [sys.executable, __file__, "--make", "sorted", plain, path],
        "jsonl.gz": ["gzip", "-kf", plain],
        "jsonl.zst": ["zstd", "-qkf", plain],
    }
    subprocess.run(steps[kind], check=True)
    return path


def in_time_order(file, to):
    """The same records by time, equal times in the order of the file."""
    at = re.compile(rb'"at":"([^"]*)"')
    with open(file, "rb") as lines:
        sorted_lines = sorted(lines, key=lambda line: at.search(line).group(1))
    with open(to, "wb") as out:
        out.writelines(sorted_lines)


def as_table(file, to):
    """The same records as a table: lists joined, amounts as texts."""
    import csv

    plain = "id at recipient journey transaction point action signals value verdict recovers response channel said provider team claimed stage relation".split()
    with open(file) as lines, open(to, "w", newline="") as out:
        rows = csv.DictWriter(out, [*plain, "served.cadence", "served.channel"])
        rows.writeheader()
        for line in lines:
            record = json.loads(line)
            record |= {f"served.{key}": way for key, way in record.pop("served", {}).items()}
            for name in ("signals", "value"):
                texts = [one if isinstance(one, str) else f"{one['kind']}={one['amount']} {one['unit']}" for one in record.get(name, [])]
                record[name] = ";".join(texts)
            rows.writerow(record)


def lines_of(path):
    with open(path) as lines:
        for line in lines:
            yield json.loads(line)


def same(ours, theirs, what):
    """Stops where they differ; numbers may by what rounding does."""
    if isinstance(ours, dict):
        for name in theirs:
            same(ours.get(name), theirs[name], f"{what}.{name}")
    elif isinstance(ours, (list, tuple)):
        if len(ours) != len(theirs):
            sys.exit(f"{what}: {len(ours)} in serveup, {len(theirs)} in DuckDB")
        for place, (one, other) in enumerate(zip(ours, theirs)):
            same(one, other, f"{what}[{place}]")
    elif isinstance(ours, float) or isinstance(theirs, float):
        if theirs is None or ours is None or abs(float(ours) - float(theirs)) > 1e-9:
            sys.exit(f"{what}: {ours} in serveup, {theirs} in DuckDB")
    elif ours != theirs:
        sys.exit(f"{what}: {ours} in serveup, {theirs} in DuckDB")


def in_turn(ours, theirs, called):
    """Compares line by line; how many lines there were. `called` says what a line is called, by its number and itself."""
    count = 0
    for one, other in zip(lines_of(ours), lines_of(theirs), strict=True):
        same(one, other, called(count, one))
        count += 1
    return count


def of_groups(ours, theirs):
    count = in_turn(ours, theirs, lambda _, group: f"group {group['key']}")
    return f"{count:,} groups in every figure"


def of_ratings(ours, theirs, between="\t"):
    count = 0
    with open(ours) as ours, open(theirs) as theirs:
        header = next(ours).rstrip("\n").split(between)
        places = [header.index(name) for name in RATED]
        same(RATED, next(theirs).rstrip("\n").split(between), "columns")
        for one, other in zip(ours, theirs, strict=True):
            cells = one.rstrip("\n").split(between)
            if [cells[place] for place in places] != other.rstrip("\n").split(between):
                sys.exit(f"row {count} differs: serveup {one!r}, DuckDB {other!r}")
            count += 1
    return f"{count:,} ratings in {len(RATED)} columns"


def of_csv(ours, theirs):
    return of_ratings(ours, theirs, ",")


def of_rows(ours, theirs):
    count = in_turn(ours, theirs, lambda number, _: f"row {number}")
    return f"{count:,} ratings in {len(RATED)} columns"


def of_check(ours, theirs):
    ours, theirs = json.loads(ours.read_text()), json.loads(theirs.read_text())
    same([ours["count"], ours["recipients"], ours["failures"], *ours["levels"].values()], theirs["group"][0], "group")
    for moments in ("worst", "latest"):
        same([row["id"] for row in ours[f"{moments}_moments"]], [row[0] for row in theirs[moments]], moments)
    return "the group, its worst and its latest moments"


def of_decay(ours, theirs):
    def row(act):
        return {name: act[name][:19] if name == "rests_on" and act[name] else act[name] for name in act if name != "declined"}

    def place(act):
        return act["recipient"], act["action"]

    ours, theirs = map(row, json.loads(ours.read_text())["acts"]), map(row, lines_of(theirs))
    ours, theirs = sorted(ours, key=place), sorted(theirs, key=place)
    same(ours, theirs, "acts")
    return f"{len(ours):,} acts in {len(ours[0]) if ours else 0} columns"


def of_uplift(ours, theirs):
    ours, theirs = json.loads(ours.read_text()), json.loads(theirs.read_text())
    series, shortfalls, slid = [], [], []
    for group in ours["groups"]:
        path = group["key"]["point"]
        for point in group["series"]:
            row = [path, *(point[name] for name in ("period", "count", "recipients", "unremarked", "median"))]
            row += [point["top_half"]["share"], point["sound"]["share"]]
            bounds = [point[share][bound] for share in ("top_half", "sound") for bound in ("low", "high")]
            if point["count"]:
                series.append(row + bounds)
        slid += [[path, act["action"], act["next"], act["recipients"]] for act in group["next"]["slid"]]
        shortfalls += [[path, row["signal"], row["count"]] for row in group["next"]["shortfalls"]]
    levels = ["criminal", "basic", "expected", "desired", "surprising", "unbelievable"]
    slid = sorted([path, act, levels.index(level) + 1, count] for path, act, level, count in slid)
    same(sorted(series, key=lambda row: row[:2]), theirs["series"], "series")
    same(slid, sorted(theirs["slid"]), "slid")
    same(sorted(shortfalls), theirs["shortfalls"], "shortfalls")
    return f"{len(series)} points with intervals, {len(shortfalls)} shortfalls, {len(slid)} acts"


def of_recovery(ours, theirs):
    report, count = json.loads(ours.read_text()), 0
    for item, row in zip(report["items"], lines_of(theirs), strict=True):
        same(item, row, f"failure {count}")
        count += 1
    rungs, names = json.loads(theirs.with_suffix(".rungs").read_text()), ["open", "attempted", "put_right", "bounced"]
    counted = [[row["response"], name.replace("_", "-"), row[name]] for row in report["by_response"] for name in names if row[name]]
    same(sorted(counted, key=str), sorted([row[:3] for row in rungs], key=str), "by response")
    return f"{count:,} failures in {len(row) if count else 0} columns"


def of_calibrate(ours, theirs):
    ours, theirs = json.loads(ours.read_text()), json.loads(theirs.read_text())
    for table in ("evidence", "assessed"):
        matrix = enumerate(ours[table]["matrix"], 1)
        cells = [[verdict, facts, count] for verdict, row in matrix for facts, count in enumerate(row, 1) if count]
        same(cells, theirs[table], table)
    signals = [[row["signal"], rank, count] for row in ours["signals"] for rank, count in enumerate(row["verdicts"].values(), 1) if count]
    same(sorted(signals), theirs["signals"], "signals")
    levels = list(ours["signals"][0]["verdicts"]) if signals else []
    trial = [
        [levels.index(row["since"]) + 1, row["deliveries"], rank, count]
        for row in ours["escalator"]
        for rank, count in enumerate(row["verdicts"].values(), 1)
        if count
    ]
    same(sorted(trial), theirs["escalator"], "escalator")
    same([ours["evidence"]["kappa"]], theirs["kappa"][0], "kappa")
    return f"{ours['count']:,} verdicts, two tables, {len(ours['signals'])} signals, {len(ours['escalator'])} rows of the trial"


CHECKS = {
    "groups": of_groups,
    "ratings": of_ratings,
    "csv": of_csv,
    "rows": of_rows,
    "check": of_check,
    "decay": of_decay,
    "uplift": of_uplift,
    "recovery": of_recovery,
    "calibrate": of_calibrate,
}


def exports(folder, options, figures):
    """Exports of help desks, read for `journey`; DuckDB makes of each case its moments, and no levels."""
    theirs = importlib.import_module("import")
    for preset, name in theirs.EXPORTS.items():
        file = folder / name
        command = [options.program, "journey", "-f", "json", "--from", preset, file, "--quiet", "--timezone", "UTC", "--threads"]
        runs = {"2": [*command, options.threads], "1": [*command, 1], "duckdb": theirs.duckdb_command(preset, file)}
        took = {run: [measured(words, None, environment()) for _ in range(options.rounds or 3)] for run, words in runs.items()}
        column = 1 if options.cpu else 0
        median = {run: statistics.median(time[column] for time in times) for run, times in took.items()}
        label = f"journey --from {preset}, {file.stat().st_size / 1e6:,.0f} MB"
        figures[label, options.records[0]] = median | {"memory": max(memory for *_, memory in took["2"])}


def show(figures, sizes, options):
    """One table in Markdown: the first size in full, the others beside it."""
    first = sizes[0]
    base = figures["journey", first]["2"] if ("journey", first) in figures else None
    print(f"\n{first:,} records; medians of {'processor time' if options.cpu else 'seconds'}\n")
    head = ["command", "seconds", "times journey", "1 thread", "1 thread / 2", "DuckDB", "DuckDB / serveup", "peak MB"]
    for size in sizes[1:]:
        head += [f"{size / 1e6:g} million", "a million, times", "DuckDB / serveup", "peak MB"]
    print("| " + " | ".join(head) + " |\n| --- |" + " ---: |" * (len(head) - 1))
    for name in dict.fromkeys(name for name, _ in figures):
        it = figures.get((name, first), {})
        two = it.get("2")

        def ratio(one, other):
            return f"{one / other:.1f}" if one and other else ""

        def number(value, form="{:.2f}"):
            return form.format(value) if value is not None else ""

        row = [name, number(two), ratio(two, base), number(it.get("1")), ratio(it.get("1"), two)]
        row += [number(it.get("duckdb")), ratio(it.get("duckdb"), two), number(it.get("memory"), "{:,.0f}")]
        for size in sizes[1:]:
            big = figures.get((name, size), {})
            each = big.get("2") and two and big["2"] / size / (two / first)
            row += [number(big.get("2")), number(each), ratio(big.get("duckdb"), big.get("2")), number(big.get("memory"), "{:,.0f}")]
        print("| " + " | ".join(row) + " |")
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
    asked = "import duckdb, polars; print(duckdb.__version__, polars.__version__)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, env=environment())
    if told.returncode:
        sys.exit(f"DuckDB and Polars are missing; install them as this file says at its top\n{told.stderr}")
    duckdb, polars = told.stdout.split()
    print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores: DuckDB {duckdb}, Polars {polars}")


def main():
    if sys.argv[1:2] == ["--make"]:
        return {"csv": as_table, "sorted": in_time_order}[sys.argv[2]](*sys.argv[3:])
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("records", nargs="*", type=int, default=[1_000_000, 10_000_000])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, help="how often each works (3, at ten million once)")
    parser.add_argument("--only", action="append", help="only commands that begin with this, like 'journey'")
    parser.add_argument("--cpu", action="store_true", help="seconds of all processors, which are steadier on a busy machine")
    parser.add_argument("--check", action="store_true", help="only compare the answers")
    parser.add_argument("--exports", type=Path, help="a folder of exports, as exports.py makes it")
    parser.add_argument("--work", type=Path, default=TARGET / "compare", help="a folder for records and answers")
    parser.add_argument("--program", type=Path, help="the serveup to measure; built if it is not named")
    parser.add_argument("--bare", type=Path, help="the program of the bare pass; left out where only --program is named")
    parser.add_argument("--generate", type=Path, help="the program that makes records; built if it is not named")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    if options.check:
        build = TARGET / "debug"
    else:
        build = TARGET / "release"
        if not options.program:
            options.bare = built()
        versions()
    options.program = options.program or build / "serveup"
    options.generate = options.generate or build / "examples/generate"
    figures = {}
    for records in options.records:
        compare(records, options, figures)
    if options.exports:
        exports(options.exports, options, figures)
    if not options.check:
        show(figures, options.records, options)


if __name__ == "__main__":
    main()
