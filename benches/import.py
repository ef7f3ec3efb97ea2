"""Exports of help desks read by serveup, DuckDB and jq, in one run on one machine.

    python3 -m pip install --target target/engines duckdb==2.0.0
    python3 benches/exports.py target/exports          # makes the exports
    python3 benches/import.py target/exports [PROGRAM ...]

Each works on a file in turn, three rounds of it, with two threads; jq has one. serveup imports, and reads for
`journey`; other programs that are named, like an older one, do the same. DuckDB reads the fields that the preset
reads, makes of each case its first reply and its resolution with signals and verdict, and counts them by point:
no rule of a level, no escalator, no check of ids. jq maps the fields of a resolution. Prints medians of seconds.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
sys.path.insert(0, str(TARGET / "engines"))

ROUNDS = 3
EXPORTS = {
    "zendesk": "zendesk.jsonl",
    "intercom": "intercom.jsonl",
    "freshdesk": "freshdesk.jsonl",
    "servicenow": "servicenow.csv",
    "zendesk-csv": "zendesk.csv",
}
CASES = {
    "zendesk": """
SELECT id::VARCHAR AS id, requester_id::VARCHAR AS recipient, via.channel AS channel, assignee_id::VARCHAR AS provider, group_id::VARCHAR AS team,
  list_filter(comments, lambda c: c.public AND c.author_id <> requester_id)[1].created_at AS replied_at,
  CASE WHEN status IN ('solved', 'closed') THEN coalesce(metric_set.solved_at, created_at) END AS resolved_at,
  list_contains(list_transform(list_filter(metric_events, lambda e: e.metric = 'reply_time'), lambda e: e.type), 'breach') AS reply_late,
  len(list_filter(metric_events, lambda e: e.type = 'apply_sla')) > 0 AS reply_due, FALSE AS late, FALSE AS due,
  len(list_filter(comments, lambda c, i: c.author_id = requester_id AND comments[i - 1].author_id = requester_id)) > 0 AS chased,
  metric_set.reopens > 0 AS reopened,
  CASE satisfaction_rating.score WHEN 'good' THEN 'expected-or-above' WHEN 'bad' THEN 'basic-or-below' END AS verdict, satisfaction_rating.comment AS said
FROM read_json('{file}', format = 'newline_delimited', columns = {{
  id: 'BIGINT', requester_id: 'BIGINT', submitter_id: 'BIGINT', via: 'STRUCT(channel VARCHAR)', group_id: 'BIGINT', assignee_id: 'BIGINT', status: 'VARCHAR',
  created_at: 'TIMESTAMPTZ', updated_at: 'TIMESTAMPTZ', tags: 'VARCHAR[]',
  metric_set: 'STRUCT(solved_at TIMESTAMPTZ, reopens INT, reply_time_in_minutes STRUCT(calendar INT, business INT))',
  satisfaction_rating: 'STRUCT(score VARCHAR, comment VARCHAR)',
  metric_events: 'STRUCT(metric VARCHAR, type VARCHAR, instance_id INT, "time" TIMESTAMPTZ, sla STRUCT(target INT, business_hours BOOLEAN))[]',
  comments: 'STRUCT(author_id BIGINT, public BOOLEAN, created_at TIMESTAMPTZ, via STRUCT(channel VARCHAR))[]'}})""",
    "intercom": """
SELECT id, contacts.contacts[1].id AS recipient, source.type AS channel, admin_assignee_id::VARCHAR AS provider, team_assignee_id AS team,
  to_timestamp(list_filter(conversation_parts.conversation_parts, lambda p: p.author.type = 'admin')[1].created_at) AS replied_at,
  CASE WHEN state = 'closed' THEN to_timestamp(statistics.last_close_at) END AS resolved_at,
  FALSE AS reply_late, FALSE AS reply_due, sla_applied.sla_status = 'missed' AS late, sla_applied.sla_status IN ('hit', 'missed') AS due,
  len(list_filter(conversation_parts.conversation_parts, lambda p, i: p.author.type = 'user' AND conversation_parts.conversation_parts[i - 1].author.type = 'user')) > 0 AS chased,
  statistics.count_reopens > 0 AS reopened,
  CASE WHEN conversation_rating.rating < 3 THEN 'basic-or-below' WHEN conversation_rating.rating = 3 THEN 'expected' WHEN conversation_rating.rating = 4 THEN 'expected-or-above' WHEN conversation_rating.rating = 5 THEN 'desired-or-above' END AS verdict,
  conversation_rating.remark AS said
FROM read_json('{file}', format = 'newline_delimited', columns = {{
  id: 'VARCHAR', created_at: 'BIGINT', updated_at: 'BIGINT', contacts: 'STRUCT(contacts STRUCT(id VARCHAR)[])', source: 'STRUCT(type VARCHAR, delivered_as VARCHAR, author STRUCT(type VARCHAR, id VARCHAR))',
  state: 'VARCHAR', admin_assignee_id: 'BIGINT', team_assignee_id: 'VARCHAR', sla_applied: 'STRUCT(sla_status VARCHAR)',
  conversation_rating: 'STRUCT(rating INT, remark VARCHAR, created_at BIGINT, updated_at BIGINT)',
  statistics: 'STRUCT(last_close_at BIGINT, first_admin_reply_at BIGINT, first_close_at BIGINT, first_contact_reply_at BIGINT, count_reopens INT)',
  conversation_parts: 'STRUCT(conversation_parts STRUCT(part_type VARCHAR, body VARCHAR, created_at BIGINT, author STRUCT(type VARCHAR))[])'}})""",
    "freshdesk": """
SELECT id::VARCHAR AS id, requester_id::VARCHAR AS recipient, source::VARCHAR AS channel, responder_id::VARCHAR AS provider, group_id::VARCHAR AS team,
  stats.first_responded_at AS replied_at, CASE WHEN status IN (4, 5) THEN coalesce(stats.resolved_at, stats.closed_at) END AS resolved_at,
  fr_escalated OR stats.first_responded_at > fr_due_by AS reply_late, fr_due_by IS NOT NULL AS reply_due,
  is_escalated OR stats.resolved_at > due_by AS late, due_by IS NOT NULL AS due,
  len(list_filter(conversations, lambda c, i: c.incoming AND conversations[i - 1].incoming)) > 0 AS chased,
  stats.reopened_at IS NOT NULL AS reopened, NULL AS verdict, NULL AS said
FROM read_json('{file}', format = 'newline_delimited', columns = {{
  id: 'BIGINT', requester_id: 'BIGINT', source: 'INT', responder_id: 'BIGINT', group_id: 'BIGINT', status: 'INT', spam: 'BOOLEAN', deleted: 'BOOLEAN',
  due_by: 'TIMESTAMPTZ', fr_due_by: 'TIMESTAMPTZ', is_escalated: 'BOOLEAN', fr_escalated: 'BOOLEAN', nr_escalated: 'BOOLEAN', created_at: 'TIMESTAMPTZ', updated_at: 'TIMESTAMPTZ',
  stats: 'STRUCT(first_responded_at TIMESTAMPTZ, resolved_at TIMESTAMPTZ, closed_at TIMESTAMPTZ, reopened_at TIMESTAMPTZ)',
  conversations: 'STRUCT(incoming BOOLEAN, private BOOLEAN, source INT, created_at TIMESTAMPTZ)[]'}})""",
    "servicenow": """
SELECT number AS id, caller_id AS recipient, contact_type AS channel, assigned_to AS provider, assignment_group AS team, NULL AS replied_at,
  CASE WHEN incident_state IN ('Resolved', 'Closed') THEN strptime(resolved_at, '%d/%m/%Y %H:%M') END AS resolved_at, FALSE AS reply_late, FALSE AS reply_due,
  made_sla = 'false' AS late, made_sla IN ('true', 'false') AS due, FALSE AS chased, reopen_count <> '0' AS reopened, NULL AS verdict, NULL AS said
FROM read_csv('{file}', header = true, all_varchar = true, strict_mode = false)
QUALIFY row_number() OVER (PARTITION BY number ORDER BY sys_mod_count DESC) = 1""",
    "zendesk-csv": """
SELECT "Id" AS id, "Requester id" AS recipient, "Via" AS channel, "Assignee" AS provider, "Group" AS team,
  strptime("Created at", '%Y-%m-%d %H:%M') + to_minutes("First reply time in minutes"::INT) AS replied_at,
  CASE WHEN "Status" IN ('Solved', 'Closed') THEN strptime("Solved at", '%Y-%m-%d %H:%M') END AS resolved_at, FALSE AS reply_late, FALSE AS reply_due,
  FALSE AS late, FALSE AS due, FALSE AS chased, "Reopens" <> '0' AS reopened,
  CASE "Satisfaction Score" WHEN 'Good' THEN 'expected-or-above' WHEN 'Bad' THEN 'basic-or-below' END AS verdict, NULL AS said
FROM read_csv('{file}', header = true, all_varchar = true)""",
}
INTERACTIONS = """
CREATE OR REPLACE TEMP TABLE interactions AS
WITH cases AS MATERIALIZED ({cases})
SELECT id || '-first-reply' AS id, replied_at AS happened_at, recipient, 'first-reply' AS point, channel, provider, team,
  list_filter([CASE WHEN reply_late THEN 'late' WHEN reply_due THEN 'on-time' END, CASE WHEN chased THEN 'chased' END], lambda s: s IS NOT NULL) AS signals, NULL AS verdict, NULL AS said
FROM cases WHERE replied_at IS NOT NULL
UNION ALL
SELECT id || '-resolution', resolved_at, recipient, 'resolution', channel, provider, team,
  list_filter([CASE WHEN late THEN 'late' WHEN due THEN 'on-time' END, CASE WHEN reopened THEN 'incomplete' END], lambda s: s IS NOT NULL), verdict, said
FROM cases WHERE resolved_at IS NOT NULL"""
JQ = {
    "zendesk": 'select(.status == "solved" or .status == "closed") | {id: "\\(.id)-resolution", at: (.metric_set.solved_at // .created_at), recipient: "\\(.requester_id)", point: "resolution", channel: .via.channel, signals: (if .metric_set.reopens > 0 then ["incomplete"] else [] end)}',
    "intercom": 'select(.state == "closed") | {id: "\\(.id)-resolution", at: (.statistics.last_close_at | todate), recipient: .contacts.contacts[0].id, point: "resolution", channel: .source.type, signals: (if .statistics.count_reopens > 0 then ["incomplete"] else [] end)}',
    "freshdesk": 'select(.status == 4 or .status == 5) | {id: "\\(.id)-resolution", at: .stats.resolved_at, recipient: "\\(.requester_id)", point: "resolution", channel: .source, signals: (if .is_escalated then ["late"] else ["on-time"] end)}',
}


def timed(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def duckdb_command(preset, file):
    code = f"""
import sys; sys.path.insert(0, {str(TARGET / 'engines')!r})
import duckdb
database = duckdb.connect(); database.execute("SET threads = 2")
database.execute({INTERACTIONS.format(cases=CASES[preset].format(file=file))!r})
print(database.execute("SELECT point, count(*), count(DISTINCT recipient) FROM interactions GROUP BY point").fetchall(), file=sys.stderr)"""
    return [sys.executable, "-c", code]


def serveup_run(program, words, file):
    command = [program, *words, str(file), "-q", "--timezone", "UTC"]
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="of exports, as exports.py makes it")
    parser.add_argument("programs", nargs="*", default=[str(TARGET / "release" / "serveup")])
    options = parser.parse_args()
    folder, programs = options.folder, options.programs
    print("| export | MB | " + " | ".join(f"{Path(p).name} import | journey --from" for p in programs) + " | DuckDB | jq |")
    for preset, name in EXPORTS.items():
        file = folder / name
        runs = []
        for program in programs:
            runs.append(serveup_run(program, ["import", "--from", preset], file))
            runs.append(serveup_run(program, ["journey", "-f", "json", "--from", preset], file))
        runs.append(lambda: subprocess.run(duckdb_command(preset, file), check=True, stderr=subprocess.DEVNULL))
        if preset in JQ and shutil.which("jq"):
            runs.append(lambda: subprocess.run(["jq", "-c", JQ[preset], str(file)], check=True, stdout=subprocess.DEVNULL))
        seconds = [[] for _ in runs]
        for _ in range(ROUNDS):
            for place, run in enumerate(runs):
                if len(seconds[place]) < ROUNDS and not (seconds[place] and seconds[place][0] > 20):
                    seconds[place].append(timed(run))
        cells = [f"{statistics.median(times):.2f}" for times in seconds]
        cells += ["-"] * (2 * len(programs) + 2 - len(cells))
        print(f"| {preset} | {file.stat().st_size / 1e6:.0f} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
