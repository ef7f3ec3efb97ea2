"""Exports of help desks, made up: what `import` and `--from` are measured on.

    python3 benches/exports.py FOLDER [TICKETS [ROWS]]      # 100000 tickets, 1000000 rows if none are named

Writes zendesk.jsonl, intercom.jsonl and freshdesk.jsonl with as many tickets (of about 1.7, 1.6 and 1.3 kB), and
servicenow.csv and zendesk.csv with as many rows, the same for the same numbers.
"""

import argparse
import csv
import json
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path

START = datetime(2026, 1, 5, tzinfo=timezone.utc)
WORDS = "the order has not come yet and nobody answers my calls could you please look at it thank you so much".split()


def iso(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def text(dice, words):
    # some texts have line breaks and quotes, as mails do
    return " ".join(dice.choices(WORDS, k=words)) + ("\n\n\"Kind regards\"" if dice.random() < 0.5 else "")


def times(dice):
    """When a case began, was first answered, and was resolved, if it was."""
    created = START + timedelta(minutes=dice.randrange(60 * 24 * 90))
    replied = created + timedelta(minutes=dice.choice([10, 30, 50, 90, 400]))
    resolved = replied + timedelta(hours=dice.choice([1, 5, 20, 50, 200])) if dice.random() < 0.9 else None
    return created, replied, resolved


def zendesk(dice, number):
    created, replied, resolved = times(dice)
    requester, agent = dice.randrange(20_000), dice.randrange(900_000, 900_050)
    comments = [(requester, created), (agent, replied)]
    if dice.random() < 0.3:
        comments += [(requester, replied + timedelta(hours=1)), (requester, replied + timedelta(hours=2))]
    if resolved:
        comments.append((agent, resolved))
    score = dice.choice(["offered", "unoffered", "unoffered", "good", "good", "bad"])
    breached = dice.random() < 0.2
    events = [{"id": number * 10 + 1, "metric": "reply_time", "instance_id": 1, "type": "apply_sla", "time": iso(created), "sla": {"target": 60, "business_hours": False, "policy": {"id": 1, "title": "usual"}}}]
    if breached:
        events.append({"id": number * 10 + 2, "metric": "reply_time", "instance_id": 1, "type": "breach", "time": iso(created)})
    minutes = int((replied - created).total_seconds() // 60)
    full = int((resolved - created).total_seconds() // 60) if resolved else None
    return {
        "id": number, "url": f"https://example.zendesk.com/api/v2/tickets/{number}.json", "external_id": None,
        "via": {"channel": dice.choice(["email", "web", "chat"]), "source": {"from": {}, "to": {}, "rel": None}},
        "created_at": iso(created), "updated_at": iso(resolved or replied), "type": "question",
        "subject": text(dice, 5), "description": text(dice, 12), "priority": "normal",
        "status": dice.choice(["solved", "closed"]) if resolved else "open", "requester_id": requester,
        "submitter_id": requester, "assignee_id": agent, "group_id": dice.randrange(10), "tags": ["shop", "order"],
        "satisfaction_rating": {"score": score, "comment": text(dice, 4) if score in ("good", "bad") else None},
        "metric_set": {
            "reopens": int(dice.random() < 0.1), "replies": 2, "solved_at": iso(resolved) if resolved else None,
            "reply_time_in_minutes": {"calendar": minutes, "business": minutes // 3},
            "full_resolution_time_in_minutes": {"calendar": full, "business": full // 3 if full else None},
        },
        "metric_events": events,
        "comments": [
            {"id": number * 100 + place, "author_id": author, "public": True, "created_at": iso(at), "body": text(dice, 8), "via": {"channel": "email"}}
            for place, (author, at) in enumerate(comments)
        ],
    }


def intercom(dice, number):
    created, replied, resolved = times(dice)
    seconds = lambda moment: int(moment.timestamp()) if moment else None
    parts = [("admin", replied)] + ([("user", replied + timedelta(hours=1))] if dice.random() < 0.3 else [])
    rated = resolved and dice.random() < 0.4
    return {
        "type": "conversation", "id": str(number), "created_at": seconds(created), "updated_at": seconds(resolved or replied),
        "open": not resolved, "state": "closed" if resolved else "open", "read": True, "priority": "not_priority",
        "admin_assignee_id": dice.randrange(50), "team_assignee_id": str(dice.randrange(10)),
        "source": {"type": "email", "id": str(number), "delivered_as": "customer_initiated", "subject": text(dice, 5), "body": text(dice, 20), "author": {"type": "user", "id": str(dice.randrange(20_000)), "name": "A B"}},
        "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": str(dice.randrange(20_000))}]},
        "sla_applied": {"type": "sla", "sla_name": "usual", "sla_status": dice.choice(["hit", "hit", "missed", "active"])},
        "conversation_rating": {"rating": dice.randrange(1, 6), "remark": text(dice, 4), "created_at": seconds(resolved), "updated_at": seconds(resolved)} if rated else None,
        "statistics": {
            "type": "conversation_statistics", "time_to_admin_reply": 600, "first_contact_reply_at": seconds(created),
            "first_admin_reply_at": seconds(replied), "first_close_at": seconds(resolved), "last_close_at": seconds(resolved),
            "count_reopens": 0, "count_assignments": 1, "count_conversation_parts": len(parts),
        },
        "conversation_parts": {"type": "conversation_part.list", "total_count": len(parts), "conversation_parts": [
            {"type": "conversation_part", "id": str(number * 10 + place), "part_type": "comment", "body": text(dice, 20), "created_at": seconds(at), "author": {"type": author, "id": "1", "name": "C D"}}
            for place, (author, at) in enumerate(parts)
        ]},
    }


def freshdesk(dice, number):
    created, replied, resolved = times(dice)
    late = dice.random() < 0.2
    messages = [(False, replied)] + ([(True, replied + timedelta(hours=1)), (True, replied + timedelta(hours=2))] if dice.random() < 0.3 else [])
    return {
        "id": number, "subject": text(dice, 5), "type": "Question", "status": 5 if resolved else 2, "priority": 1, "source": dice.choice([1, 2, 3, 7]),
        "requester_id": dice.randrange(20_000), "responder_id": dice.randrange(50), "company_id": None, "group_id": dice.randrange(10),
        "due_by": iso(created + timedelta(days=3)), "fr_due_by": iso(created + timedelta(hours=1)), "is_escalated": late, "fr_escalated": late, "nr_escalated": False,
        "created_at": iso(created), "updated_at": iso(resolved or replied), "tags": [], "custom_fields": {"cf_shop": "north"}, "spam": False, "deleted": False,
        "description_text": text(dice, 15),
        "stats": {"agent_responded_at": iso(replied), "requester_responded_at": None, "first_responded_at": iso(replied), "reopened_at": None, "resolved_at": iso(resolved) if resolved else None, "closed_at": iso(resolved) if resolved else None, "pending_since": None},
        "conversations": [
            {"id": number * 10 + place, "incoming": incoming, "private": False, "source": 0, "user_id": 1, "created_at": iso(at), "body_text": text(dice, 10)}
            for place, (incoming, at) in enumerate(messages)
        ],
    }


SERVICENOW = "number,incident_state,active,reassignment_count,reopen_count,sys_mod_count,made_sla,caller_id,opened_by,opened_at,sys_created_by,sys_created_at,sys_updated_by,sys_updated_at,contact_type,location,category,subcategory,u_symptom,cmdb_ci,impact,urgency,priority,assignment_group,assigned_to,knowledge,u_priority_confirmation,notify,problem_id,rfc,vendor,caused_by,closed_code,resolved_by,resolved_at,closed_at".split(",")


def servicenow(dice, row):
    number, step = divmod(row, 4)
    case = random.Random(number)
    opened = START + timedelta(minutes=case.randrange(60 * 24 * 90))
    resolved = opened + timedelta(hours=case.choice([1, 8, 40]))
    day = lambda moment: moment.strftime("%d/%m/%Y %H:%M")
    cells = dict.fromkeys(SERVICENOW, "?")
    cells.update({
        "number": f"INC{number:07}", "incident_state": ["New", "Active", "Resolved", "Closed"][step], "active": "false" if step == 3 else "true",
        "reassignment_count": step, "reopen_count": int(case.random() < 0.1), "sys_mod_count": step, "made_sla": "true" if case.random() < 0.8 or step < 3 else "false",
        "caller_id": f"Caller {case.randrange(5_000)}", "opened_by": f"Opened by {case.randrange(50)}", "opened_at": day(opened), "sys_updated_by": "Updated by 1",
        "sys_updated_at": day(resolved), "contact_type": "Phone", "location": "Location 143", "category": "Category 55", "subcategory": "Subcategory 170",
        "impact": "2 - Medium", "urgency": "2 - Medium", "priority": "3 - Moderate", "assignment_group": f"Group {case.randrange(60)}", "assigned_to": f"Resolver {case.randrange(90)}",
        "knowledge": "true", "u_priority_confirmation": "false", "notify": "Do Not Notify", "closed_code": "code 5", "resolved_by": "Resolved by 149", "resolved_at": day(resolved), "closed_at": day(resolved + timedelta(days=5)),
    })
    return [cells[column] for column in SERVICENOW]


ZENDESK = "Summation column,Id,Requester,Requester id,Requester external id,Requester email,Requester domain,Submitter,Assignee,Group,Subject,Tags,Status,Priority,Via,Ticket type,Created at,Updated at,Assigned at,Organization,Due date,Initially assigned at,Solved at,Resolution time,Satisfaction Score,Group stations,Assignee stations,Reopens,Replies,First reply time in minutes,First reply time in minutes within business hours,First resolution time in minutes,First resolution time in minutes within business hours,Full resolution time in minutes,Full resolution time in minutes within business hours,Agent wait time in minutes,Agent wait time in minutes within business hours,Requester wait time in minutes,Requester wait time in minutes within business hours,On hold time in minutes,On hold time in minutes within business hours".split(",")


def zendesk_csv(dice, row):
    created, replied, resolved = times(dice)
    day = lambda moment: moment.strftime("%Y-%m-%d %H:%M") if moment else ""
    minutes = int((replied - created).total_seconds() // 60)
    who = dice.randrange(20_000)
    cells = dict.fromkeys(ZENDESK, "")
    cells.update({
        "Summation column": 1, "Id": row + 1, "Requester": f"Person {who}", "Requester id": who, "Requester email": f"p{who}@example.com", "Requester domain": "example.com",
        "Submitter": f"Person {who}", "Assignee": f"Agent {dice.randrange(50)}", "Group": f"Group {dice.randrange(10)}", "Subject": "Where, \"please\", is it" if dice.random() < 0.2 else "Where is it", "Tags": "order shop",
        "Status": "Closed" if resolved else "Open", "Priority": "Normal", "Via": dice.choice(["Mail", "Web form", "Chat"]), "Ticket type": "Question", "Created at": day(created), "Updated at": day(resolved or replied),
        "Assigned at": day(created), "Initially assigned at": day(created), "Solved at": day(resolved), "Satisfaction Score": dice.choice(["Not Offered", "Offered", "Good", "Good", "Bad"]),
        "Group stations": 1, "Assignee stations": 1, "Reopens": int(dice.random() < 0.1), "Replies": 2, "First reply time in minutes": minutes, "First reply time in minutes within business hours": minutes // 3,
    })
    return [cells[column] for column in ZENDESK]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("tickets", nargs="?", type=int, default=100_000)
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    options = parser.parse_args()
    folder, tickets, rows = options.folder, options.tickets, options.rows
    folder.mkdir(parents=True, exist_ok=True)
    for name, ticket in [("zendesk", zendesk), ("intercom", intercom), ("freshdesk", freshdesk)]:
        dice = random.Random(7)
        with open(folder / f"{name}.jsonl", "w") as file:
            for number in range(1, tickets + 1):
                file.write(json.dumps(ticket(dice, number), separators=(",", ":")) + "\n")
    for name, header, row in [("servicenow", SERVICENOW, servicenow), ("zendesk", ZENDESK, zendesk_csv)]:
        dice = random.Random(7)
        with open(folder / f"{name}.csv", "w", newline="") as file:
            table = csv.writer(file)
            table.writerow(header)
            table.writerows(row(dice, number) for number in range(rows))


if __name__ == "__main__":
    main()
