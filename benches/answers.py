"""What DuckDB answers to the questions of serveup: answers.py QUESTION BY FILE OUT THREADS FORM PROGRAM

Every question stands on the rating that `serveup sql` of the PROGRAM writes. FORM says how acts are followed:
`fold` as it is written, or `windows`, which is sooner and as good for records without open verdicts (windows.sql).
Ids are checked as serveup checks them. The answer goes to OUT, as ratings or as JSON.
"""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TEXTS = "id recipient journey transaction point action channel stage verdict claimed recovers response".split()
LEVELS = ["criminal", "basic", "expected", "desired", "surprising", "unbelievable"]
NAMES = str(LEVELS)
COLUMNS = ", ".join(
    ["id"]
    + [f"{NAMES}[level] AS level", "level AS rank"]
    + [f"{NAMES}[{name}] AS {name}" for name in ("assessed", "evidence", "standing", "next")]
    + ["reason", "failure"]
)


def table(file):
    """The records as a table: types stated, lists of a CSV taken apart."""
    if ".csv" in Path(file).name:
        columns = [f'"{name}"' for name in TEXTS] + ['CAST("at" AS TIMESTAMPTZ) AS "at"']
        columns += [f"string_split({name}, ';') AS {name}" for name in ("signals", '"value"')]
        return f"SELECT row_number() OVER () AS seq, {', '.join(columns)} FROM read_csv('{file}', all_varchar = true, header = true)"
    columns = [f"\"{name}\": 'VARCHAR'" for name in TEXTS] + ["\"at\": 'TIMESTAMPTZ'", "signals: 'VARCHAR[]'", "\"value\": 'VARCHAR[]'"]
    packed = {".gz": "gzip", ".zst": "zstd"}.get(Path(file).suffix, "none")
    return (
        f"SELECT row_number() OVER () AS seq, * FROM read_json('{file}', format = 'newline_delimited', "
        f"compression = '{packed}', columns = {{{', '.join(columns)}}})"
    )


def replaced(text, old, new):
    if text.count(old) != 1:
        sys.exit(f"the query is not as expected: {old!r} stands in it {text.count(old)} times")
    return text.replace(old, new)


def in_form(query, form):
    """The query with acts followed by windows, if so asked."""
    if form == "fold":
        return query
    begin = query.index("-- Section 4: the history of each act")
    end = query.index("\n)", query.index("\nrated AS ("))
    return query[:begin] + (HERE / "windows.sql").read_text().rstrip().removesuffix("\n)") + query[end:]


def rated(query, form, columns, fields=()):
    """The query for these columns of rated moments. Fields of records that are none are handed through, which windows do."""
    assert form == "windows" or not fields
    path = "concat_ws('/', nullif(i.journey, ''), nullif(i.\"transaction\", ''), i.point) AS path"
    handed = [path, *(f"i.{field}" for field in fields)]
    query = replaced(query, "    i.recipient,\n", "    i.recipient,\n    " + ",\n    ".join(handed) + ",\n")
    query = in_form(query, form)
    return query[: query.rindex("\nSELECT")] + f"\nSELECT {columns} FROM rated"


# a share with its interval: the design effect of moments of the same recipients, and t as the query of serveup has it
MACROS = """
CREATE MACRO effect(n, x, n2, nx, x2, m) AS
  CASE WHEN m < 2 THEN 1e0 WHEN x IN (0, n) THEN n2::DOUBLE / n ELSE greatest(1e0, least(n::DOUBLE,
    m::DOUBLE / (m - 1) * (n::HUGEINT * n * x2 - 2::HUGEINT * n * x * nx + x::HUGEINT * x * n2)::DOUBLE / (n::DOUBLE * x * (n - x)))) END;
CREATE MACRO t_of(m) AS {t};
CREATE MACRO unit(n, x, n2, nx, x2, m) AS t_of(m) * t_of(m) * effect(n, x, n2, nx, x2, m) / n;
CREATE MACRO low(n, x, u) AS CASE WHEN n = 0 THEN NULL WHEN x = 0 THEN 0e0 ELSE
  (x / n + u / 2 - sqrt(u * (x / n) * (1 - x / n) + u * u / 4)) / (1 + u) END;
CREATE MACRO high(n, x, u) AS CASE WHEN n = 0 THEN NULL WHEN x = n THEN 1e0 ELSE
  (x / n + u / 2 + sqrt(u * (x / n) * (1 - x / n) + u * u / 4)) / (1 + u) END
"""

# by point and month, with who spoke; the shortfalls of the last finished month; acts that have slid or are about to
UPLIFT = """
WITH voices AS (
  SELECT path, date_trunc('month', happened_at) AS month, recipient, count(*) AS moments,
    count(*) FILTER (reason <> 'unremarked') AS n, {levels},
    count(*) FILTER (level >= 4 AND reason <> 'unremarked') AS top, count(*) FILTER (reason <> 'unremarked' AND NOT failure) AS sound
  FROM ratings GROUP BY ALL
), cells AS (
  SELECT path, month, sum(moments)::BIGINT AS moments, count(*) AS recipients, count(*) FILTER (n > 0) AS m, sum(n)::BIGINT AS n, {sums},
    sum(top)::BIGINT AS top, sum(sound)::BIGINT AS sound, sum(n * n) AS n2, sum(n * top) AS top_nx, sum(top * top) AS top_x2,
    sum(n * sound) AS sound_nx, sum(sound * sound) AS sound_x2
  FROM voices GROUP BY ALL
)
SELECT path, strftime(month, '%Y-%m'), moments, recipients, moments - n, {median}, top / nullif(n, 0), sound / nullif(n, 0),
  low(n, top, unit(n, top, n2, top_nx, top_x2, m)), high(n, top, unit(n, top, n2, top_nx, top_x2, m)),
  low(n, sound, unit(n, sound, n2, sound_nx, sound_x2, m)), high(n, sound, unit(n, sound, n2, sound_nx, sound_x2, m))
FROM cells ORDER BY ALL"""
SHORTFALLS = """
WITH span AS (
  SELECT max(happened_at) AS latest, date_trunc('month', min(happened_at)) AS begun, date_trunc('month', max(happened_at)) AS ended FROM ratings
), finished AS (
  -- the last month is finished from its last tenth on
  SELECT *, CASE WHEN epoch(latest - ended) * 10 >= epoch(ended + INTERVAL 1 MONTH - ended) * 9 THEN ended ELSE ended - INTERVAL 1 MONTH END AS month FROM span
), compared AS (
  -- where there are no two that are finished, the last month
  SELECT CASE WHEN month > begun THEN month ELSE ended END AS month FROM finished
)
SELECT path, signal, count(*)
FROM (SELECT path, unnest(list_distinct(noted)) AS signal FROM ratings, compared WHERE date_trunc('month', happened_at) = compared.month)
WHERE signal IN ({shortfalls}) GROUP BY ALL ORDER BY ALL"""
SLID = """
SELECT path, act, next, count(*) FROM (
  SELECT path, act, recipient, arg_max({{'next': next, 'held': held, 'since': since_held}}, {{'at': happened_at, 'seq': seq}}) AS last
  FROM ratings WHERE act IS NOT NULL GROUP BY ALL
) AS states, LATERAL (SELECT last.next AS next)
WHERE next IS NOT NULL AND (next < last.held OR greatest(2, last.held - last.since - 1) < next)
GROUP BY ALL ORDER BY ALL"""
# every failure with what became of it, open first, worst and oldest first
RECOVERY = """
WITH recoveries AS (
  SELECT f.seq, min(r.happened_at) AS first_at,
    arg_max(r.level, {{'at': r.happened_at, 'seq': r.seq}}) FILTER (r.reason <> 'unremarked') AS recovered_to,
    arg_max(r.response, {{'at': r.happened_at, 'seq': r.seq}}) AS response
  FROM ratings AS f JOIN ratings AS r ON r.recovers = f.id AND f.failure
    AND (r.happened_at > f.happened_at OR r.happened_at = f.happened_at AND r.seq > f.seq)
  GROUP BY f.seq
), items AS (
  SELECT id, happened_at, ratings.seq AS place, recipient, path, level, recovered_to,
    CASE WHEN recoveries.seq IS NULL THEN 0 WHEN recovered_to > 3 THEN 3 WHEN recovered_to = 3 THEN 2 ELSE 1 END AS status,
    epoch_us(first_at) - epoch_us(happened_at) AS micros, coalesce(ratings.response, recoveries.response) AS response
  FROM ratings LEFT JOIN recoveries USING (seq) WHERE failure
)
SELECT id, strftime(happened_at, '%Y-%m-%dT%H:%M:%SZ') AS "at", recipient, path AS point, {names}[level] AS level,
  ['open', 'attempted', 'put-right', 'bounced'][status + 1] AS status, {names}[recovered_to] AS recovered_to,
  recovered_to - level AS bounce, micros / 3.6e9 AS hours, response
FROM items ORDER BY status, items.level, happened_at, place"""
RUNGS = "SELECT response, status, count(*), quantile_disc(hours, 0.5) FROM items GROUP BY ALL ORDER BY ALL"
CALIBRATE = {
    "evidence": "SELECT verdict, evidence, count(*) FROM said GROUP BY ALL ORDER BY ALL",
    "assessed": "SELECT verdict, assessed, count(*) FROM said GROUP BY ALL ORDER BY ALL",
    "signals": "SELECT signal, verdict, count(*) FROM (SELECT unnest(list_distinct(noted)) AS signal, verdict FROM said) GROUP BY ALL ORDER BY ALL",
    "escalator": "SELECT held_before, since_before, verdict, count(*) FROM said WHERE rule = 'repeat' GROUP BY ALL ORDER BY ALL",
    "kappa": """
WITH pairs AS (SELECT verdict, evidence, count(*) AS n FROM said GROUP BY ALL),
  firsts AS (SELECT verdict, sum(n) AS n FROM pairs GROUP BY ALL), seconds AS (SELECT evidence, sum(n) AS n FROM pairs GROUP BY ALL)
SELECT 1 - (SELECT sum((verdict - evidence) ** 2 * n) FROM pairs)
  / (SELECT sum((verdict - evidence) ** 2 * f.n * s.n) / (SELECT sum(n) FROM pairs) FROM firsts AS f, seconds AS s)""",
}
# where each act stands, soonest to rest first
DECAY = """
WITH deliveries AS (
  SELECT recipient, act, happened_at, seq, delivered,
    epoch_us(happened_at) - epoch_us(lag(happened_at) OVER (PARTITION BY recipient, act, delivered ORDER BY happened_at, seq)) AS gap,
    own_after, peak_after, held, since_held
  FROM ratings WHERE act IS NOT NULL
), acts AS (
  SELECT recipient, act, count(*) FILTER (delivered) AS delivered, max(happened_at) FILTER (delivered) AS last_at,
    arg_max({{'own': own_after, 'peak': peak_after, 'left': greatest(0, held - 2 - since_held)}}, {{'at': happened_at, 'seq': seq}}) AS state,
    CASE WHEN count(*) FILTER (delivered) > 2 THEN quantile_disc(gap, 0.5) FILTER (delivered) END AS gap
  FROM deliveries GROUP BY ALL
)
SELECT recipient, act AS action, {names}[state.peak] AS peak, delivered, strftime(last_at, '%Y-%m-%dT%H:%M:%SZ') AS last_at,
  {names}[state.own] AS standing, state.left AS "left", strftime(last_at + to_microseconds((state.left + 1) * gap), '%Y-%m-%dT%H:%M:%S') AS rests_on,
  {names}[greatest(1, least(3, state.own - 1))] AS if_missed, gap / 86400e6 AS usual_gap_days,
  (SELECT max(happened_at) FROM ratings) > last_at + to_microseconds(2 * gap) AS overdue
FROM acts WHERE state.own IS NOT NULL
ORDER BY rests_on NULLS LAST, state.left, recipient, act"""


def nested_median():
    """The lower median of six counts, by name."""
    cases, below = [], []
    for place, level in enumerate(LEVELS):
        below.append(f"l{place + 1}")
        cases.append(f"WHEN 2 * ({' + '.join(below)}) >= n THEN '{level}'")
    return f"CASE WHEN n = 0 THEN NULL {' '.join(cases)} END"


def main():
    question, by, file, out, threads, form, program = sys.argv[1:]
    import duckdb

    def written(*options):
        command = [program, "sql", "--dialect", "duckdb", *options]
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout

    base = duckdb.connect()
    base.execute(f"SET threads = {threads}")
    base.execute("SET TimeZone = 'UTC'")
    base.execute(f"CREATE VIEW interactions AS {table(file)}")
    query = written(*(["--report", "journey", "--by", by] if question == "journey" else []))
    if question == "uplift":
        report = written("--report", "journey")
        begin = report.index("CASE\n      WHEN speakers < 2 THEN")
        t = report[begin : report.index(" AS t\n")].replace("speakers", "m")
        base.execute(MACROS.replace("{t}", t))

    def keep(columns, fields=()):
        base.execute(f"CREATE TEMP TABLE ratings AS {rated(query, form, columns, fields)}")
        if base.execute("SELECT count(id) - count(DISTINCT id) FROM ratings").fetchone() != (0,):
            sys.exit("an id comes twice")

    def rows(text):
        return base.execute(text).fetchall()

    if question == "journey":
        # the query sums up by itself; ids are asked for beside it
        base.execute(f"CREATE TEMP TABLE groups AS {in_form(query, form)}")
        if base.execute("SELECT count(id) - count(DISTINCT id) FROM interactions").fetchone() != (0,):
            sys.exit("an id comes twice")
        base.execute(f"COPY groups TO '{out}' (FORMAT json)")
        return
    if question in ("tsv", "csv", "jsonl", "gate"):
        keep("seq, id, level, assessed, evidence, standing, next, reason, failure")
        to = {"tsv": "(DELIMITER '\t')", "csv": "(FORMAT csv)", "jsonl": "(FORMAT json)", "gate": "(DELIMITER '\t')"}[question]
        base.execute(f"COPY (SELECT {COLUMNS} FROM ratings ORDER BY seq) TO '{out}' {to}")
        if question == "gate":
            print(rows("SELECT count(*) FROM ratings WHERE level < 3 AND reason NOT IN ('repeat', 'market')"))
        return
    if question == "check":
        keep("seq, id, happened_at, recipient, path, level, reason, failure")
        at = "FROM ratings WHERE path = 'support/outage/repair'"
        levels = ", ".join(f"count(*) FILTER (level = {rank} AND reason <> 'unremarked')" for rank in range(1, 7))
        answer = {
            "group": rows(f"SELECT count(*), count(DISTINCT recipient), count(*) FILTER (failure), {levels} {at}"),
            "worst": rows(f"SELECT id {at} AND reason <> 'unremarked' ORDER BY level, happened_at DESC, seq DESC LIMIT 5"),
            "latest": rows(f"SELECT id {at} ORDER BY happened_at DESC, seq DESC LIMIT 5"),
        }
    elif question == "uplift":
        keep("seq, id, happened_at, recipient, path, act, level, reason, failure, noted, next, held, since_held", ("action",))
        counts = [f"count(*) FILTER (level = {rank} AND reason <> 'unremarked') AS l{rank}" for rank in range(1, 7)]
        sums = [f"sum(l{rank})::BIGINT AS l{rank}" for rank in range(1, 7)]
        shortfalls = "'promise-broken', 'minimum-violated', 'unresolved', 'late', 'incomplete', 'inaccurate', 'impolite', 'unexplained', 'chased', 'unwelcome', 'hard-to-use'"
        answer = {
            "series": rows(UPLIFT.format(levels=", ".join(counts), sums=", ".join(sums), median=nested_median())),
            "shortfalls": rows(SHORTFALLS.format(shortfalls=shortfalls)),
            "slid": rows(SLID.format()),
        }
    elif question == "recovery":
        keep("seq, id, happened_at, recipient, path, level, reason, failure, recovers, response", ("recovers", "response"))
        base.execute(f"CREATE TEMP TABLE items AS {RECOVERY.format(names=NAMES)}")
        base.execute(f"COPY items TO '{out}' (FORMAT json)")
        Path(out).with_suffix(".rungs").write_text(json.dumps(rows(RUNGS)))
        return
    elif question == "calibrate":
        keep("id, verdict, evidence, assessed, noted, standing, remarked, rule, held_before, since_before")
        base.execute("CREATE TEMP VIEW said AS SELECT * FROM ratings WHERE verdict IS NOT NULL AND (remarked OR standing IS NOT NULL)")
        answer = {name: rows(text) for name, text in CALIBRATE.items()}
    elif question == "decay":
        keep("seq, id, recipient, act, happened_at, delivered, own_after, peak_after, held, since_held")
        base.execute(f"COPY ({DECAY.format(names=NAMES)}) TO '{out}' (FORMAT json)")
        return
    else:
        sys.exit(f"no such question: {question}")
    Path(out).write_text(json.dumps(answer))


if __name__ == "__main__":
    main()
