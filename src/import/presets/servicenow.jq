# ServiceNow incidents: the list export as CSV, the public event log of the same columns, or the REST body.
#
#   serveup import --from servicenow --timezone Europe/Lisbon incidents.csv | serveup rate -
#
# As a map of your own it needs what the preset brings along: --map my.jq --last-by number
#
# Get the file from the address of the incident list, .../incident_list.do?CSV, so that the columns have their
# field names, or from GET /api/now/table/incident: whole bodies {"result": [...]}, or an incident a line; with
# either kind of values. Raw values (a state that is a number) have their times in UTC; display values, and CSV,
# in the zone of the user who exports, which --timezone must name. A date with slashes is read day first, as in
# the event log. An event log has several rows for each number, and made_sla changes along the way: only the
# last row is the outcome, and only that is read.
#
# resolution         when the incident was resolved; or, still open and overdue, when it was due
# first-resolution   when it was reopened, where `reopened_time` tells that: the resolution before it failed
#
# Promises      made_sla true is "on-time", false is "late"; without that column has_breached (from task_sla)
#               says the opposite; without either sla_due against the time resolved. Where the export has
#               sla_due and it is empty, there was no promise to keep: made_sla is true then, too, and means
#               nothing. A due_date is a promise of its own.
# Overdue       still open: "late" once made_sla is false or sla_due has passed (on hold its clock stands still,
#               so that only the mark counts), "promise-broken" once due_date has.
# Reopened      without reopened_time only how often is known: then the one resolution carries "incomplete".
# Unresolved    a close code "Not Solved ..." or "No resolution provided"; on-time is not said beside it.
# Unknown       the first reply, ratings, whether they had to chase. (sys_mod_count counts changes, not that.)
# Left out      open and not overdue ("open"), canceled ("canceled"), closed as a duplicate ("duplicate"), without
#               a state ("no state"), tasks of another class ("no incident"), and what somebody opened for
#               themselves and works on ("opened by staff").
# Recipients    colleagues. Where no caller is recorded, each incident counts as somebody else.
#
# Known from    the event log of 141,712 rows (UCI Machine Learning Repository 498); bodies of the Table API in
#               the fixtures of demisto/content, syndicalt/sn-scripts and ansible-collections/servicenow.itsm.

def when($so; $signal): if $so then $signal else empty end;

# A missing value is a question mark in the event log, an empty cell in the product. A spreadsheet puts an
# apostrophe before what could be a formula.
def plain: known("?") | if . >= "'" and . < "(" and test("^'[-+=@]") then .[1:] else . end;

# A reference is an object: its `value` is an id, its `display_value` what people read. (Everything that is no
# object is less than one.)
def cell($name): .[$name] | if . < {} then . else .value // .display_value end | plain;

def shown($name): .[$name] | if . < {} then . else .display_value // .value end | plain;

def lower: if . then ascii_downcase else . end;

# One person has one id: 11 and 11.0 are the same, and an address in capitals, too.
def person:
  if . >= "" then
    if contains("@") then ascii_downcase elif endswith(".0") and test("^[0-9]+\\.0$") then .[:-2] else . end
  elif . then (if . == floor then floor else . end | tostring)
  else . end;

def time($name; $utc):
  cell($name)
  | if . then
      instant(["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"])
      | if $utc and length > 10 then . + "Z" else . end
    else . end;

def flag($name):
  cell($name)
  | if . == "true" then true
    elif . == "false" then false
    elif . >= "" then
      ascii_downcase
      | lookup($name; {"true": true, "false": false, "yes": true, "no": false, "1": true, "0": false})
    elif . then lookup($name; {"true": true, "1": true, "0": false})
    else . end;

# How far past a date something is, in hours; of a date without a time of day, past the end of that day.
def past($due; $at):
  if ($due and $at) | not then null
  elif ($due | length) == 10 then days_between($due; $at)
  else hours($due; $at) end;

def kept: if . then if . > 0 then "late" else "on-time" end else empty end;

# Of several promises one that was missed decides: "late" never stands beside "on-time".
def timely(facts):
  [facts] | if any(.[]; . == "late") then "late" elif length > 0 then "on-time" else empty end;

# The names are those of the product and of the event log; raw values are numbers. Accounts add names of their
# own: then `active` decides.
def stage($state):
  if $state == "Closed" or $state == "Resolved" or $state == "7" or $state == "6" then "resolved"
  elif $state == "Active" or $state == "New" or $state == "In Progress" then "open"
  elif $state == "" then "unknown"
  else
    {"New": "open", "In Progress": "open", "On Hold": "held", "Active": "open", "-100": "open",
     "Awaiting User Info": "held", "Awaiting Problem": "held", "Awaiting Vendor": "held",
     "Awaiting Evidence": "held", "Resolved": "resolved", "Closed": "resolved", "Canceled": "canceled",
     "1": "open", "2": "open", "3": "held", "6": "resolved", "7": "resolved", "8": "canceled"} as $stages
    | if $stages[$state] then $stages[$state]
      elif flag("active") then "open"
      elif flag("active") == false and (cell("resolved_at") // cell("closed_at")) then "resolved"
      else $state | lookup("state"; $stages) end
  end;

def incident:
  (column("number") as $there | cell("number")) as $number
  | if (cell("sys_class_name") // "incident" | ascii_downcase) != "incident" then left_out("no incident") else . end
  | (if has("state") then .state else column("incident_state") end
     | if . < {} then . else .value // .display_value end
     | plain // "" | tostring) as $state
  | stage($state) as $stage
  | (cell("caller_id") | person) as $caller
  | (cell("close_code") // cell("closed_code") // "" | ascii_downcase) as $code

  | if $stage == "canceled" then left_out("canceled")
    elif $stage == "unknown" then left_out("no state")
    elif $code == "duplicate" then left_out("duplicate")
    elif $caller and $caller == (cell("assigned_to") | person) then left_out("opened by staff")
    else
      # A number that is not negative is a raw value.
      ($state >= "0" and $state < ":") as $utc
      | ($stage == "resolved") as $resolved
      | (if $resolved then time("resolved_at"; $utc) else null end) as $resolved_at
      | time("reopened_time"; $utc) as $reopened_at
      | (if cell("sla_due") == "UNKNOWN" then null else time("sla_due"; $utc) end) as $sla_due
      | time("due_date"; $utc) as $due
      | flag("made_sla") as $made_sla
      | (if $made_sla then "on-time"
         elif $made_sla == false then "late"
         else flag("has_breached") | if . then "late" elif . == false then "on-time" else . end end) as $mark

      | ($reopened_at and (if $resolved then $resolved_at and hours($reopened_at; $resolved_at) > 0 else true end))
        as $in_vain
      | ($caller // "unknown caller of \($number)") as $recipient
      | (shown("category") | if . then ascii_downcase | split(" ") - [""] | join("-") else . end) as $category
      | (shown("contact_type") | lower) as $channel
      | shown("assignment_group") as $team
      | shown(if $resolved then "resolved_by" else "assigned_to" end) as $provider
      | def moment($id; $at; $signals; $recovers): {
          id: $id, at: $at, recipient: $recipient, journey: "it-support", transaction: $category,
          point: "resolution", signals: $signals, channel: $channel, stage: "end", relation: "internal",
          provider: $provider, team: $team, recovers: $recovers
        };

        if $in_vain then moment("\($number)-first-resolution"; $reopened_at; ["incomplete"]; null) else empty end,

        if $resolved then
          ($code == "no resolution provided" or ($code | startswith("not solved"))) as $unsolved
          | moment($number; $resolved_at // time("opened_at"; $utc);
              [
                (timely(
                   if $mark == "late" then "late"
                   elif has("sla_due") and ($sla_due | not) then empty
                   else $mark // (past($sla_due; $resolved_at) | kept) end,
                   (past($due; $resolved_at) | kept))
                 | select(. == "late" or ($unsolved | not))),
                when(($in_vain | not) and ($reopened_at or (cell("reopen_count") // 0 | tonumber) > 0); "incomplete"),
                when($unsolved; "unresolved")
              ];
              if $in_vain then "\($number)-first-resolution" else null end)
        else
          # Is the promise of the service level broken, is that of the due date? On hold the clock stands still.
          (past($sla_due; $as_of) > 0) as $sla_passed
          | ($mark == "late" or ($stage == "open" and $sla_passed)) as $overdue
          | (past($due; $as_of) > 0) as $broken
          | ([if $overdue and $sla_passed then $sla_due else empty end, if $broken then $due else empty end] | min)
            as $was_due
          | if $overdue or $broken then
              moment($number; $was_due // $as_of // time("opened_at"; $utc);
                [when($overdue; "late"), when($broken; "promise-broken")]; null)
            elif $in_vain then empty
            else left_out("open") end
        end
    end;

def number_at($place): (if type == "object" then shown("number") else null end) // "at \($place)";

# An answer of the API, as one row: an incident that is left out leaves the others alone. Of one that comes twice in
# it the last counts, as in a table.
def answer:
  .result | if type == "array" then . else [.] end
  | . as $all
  | (reduce range(length) as $place ({}; .[$all[$place] | number_at($place)] = $place)) as $last
  | if . == [] then left_out("empty page")
    else
      range(length) as $place
      | $all[$place]
      | apart(if $last[number_at($place)] == $place then incident else left_out("superseded") end)
    end;


if . >= {} and has("result") and (has("number") | not) then answer else incident end
