# ServiceNow incidents, as CSV: the list export of the product, or the public event log of the same columns.
#
#   serveup import --from servicenow --timezone Europe/Lisbon incidents.csv | serveup rate -
#
# As a map of your own it needs what the preset brings along: --map my.jq --last-by number
#
# Get the file from the address of the incident list, .../incident_list.do?CSV, so that the columns have their
# field names. Times have no offset: they are in the zone of the user who exports, which --timezone must name.
# A date with slashes is read day first, as in the event log. An event log has several rows for each number,
# and made_sla changes along the way: only the last row is the outcome, and only that is read.
#
# resolution    when the incident was resolved
#
# Promises      made_sla true is "on-time", false is "late"; without that column has_breached (from task_sla)
#               says the opposite. Where the export has sla_due and it is empty, there was no promise to keep:
#               made_sla is true then, too, and means nothing.
# Reopened      only how often is known, not when: the one resolution carries "incomplete".
# Unknown       the first reply, ratings, whether they had to chase. (sys_mod_count counts changes, not that.)
# Left out      incidents under way, and canceled ones.
# Recipients    colleagues. Where no caller is recorded, each incident counts as somebody else.

# A missing value is a question mark in the event log, an empty cell in the product.
def cell($name): .[$name] | known("?");

def when($so; $signal): if $so then $signal else empty end;

def time($name):
  cell($name) | instant(["%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M"]);

def lower: if . == null then null else ascii_downcase end;

# With a column of due dates an empty one says that nothing had been promised.
def promised: (has("sla_due") | not) or (.sla_due | known(["?", "UNKNOWN"])) != null;

def kept:
  (cell("made_sla") | lower | lookup("made_sla"; {"true": "on-time", "false": "late"}))
  // (cell("has_breached") | lower | lookup("has_breached"; {"true": "late", "false": "on-time"}));


(column("number") | known("?")) as $number

# Newer instances write `state`. The names are those of the product and of the event log; a raw export has
# numbers.
| (if has("state") then cell("state") else column("incident_state") | known("?") end
   | lookup("state"; {
       "New": "open", "In Progress": "open", "On Hold": "open", "Active": "open", "-100": "open",
       "Awaiting User Info": "open", "Awaiting Problem": "open", "Awaiting Vendor": "open",
       "Awaiting Evidence": "open", "Resolved": "resolved", "Closed": "resolved", "Canceled": "canceled",
       "1": "open", "2": "open", "3": "open", "6": "resolved", "7": "resolved", "8": "canceled"})) as $state
| select($state == "resolved")
| promised as $promised
| {
    id: $number,
    at: (time("resolved_at") // time("opened_at")),
    recipient: (cell("caller_id") // "unknown caller of \($number)"),
    journey: "it-support",
    transaction: (cell("category") | lower | if . == null then null else gsub("\\s+"; "-") end),
    point: "resolution",
    channel: (cell("contact_type") | lower),
    stage: "end", relation: "internal",
    team: cell("assignment_group"), provider: cell("resolved_by"),
    signals: [
      (kept | select(. == "late" or (. == "on-time" and $promised))),
      when((cell("reopen_count") // "0" | tonumber) > 0; "incomplete")
    ]
  }
