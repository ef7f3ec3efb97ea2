# Zendesk tickets, from the CSV export. (The JSON export says more; `zendesk` reads that.)
#
#   serveup import --from zendesk-csv --timezone Europe/Berlin tickets.csv | serveup rate -
#
# Get the file in the Admin Center: Account > Tools > Reports > CSV export. Its times have no offset: they are
# in the zone of the account, which --timezone must name. Import the file as it comes: a spreadsheet that
# opens and saves it rounds the ids and turns the dates around.
#
# first-reply   "First reply time in minutes" after "Created at", or in seconds where the minutes are empty; or
#               when the ticket ended without one
# resolution    when the ticket was last solved; before it the one that failed, if it was reopened; or the due
#               date of a task that is still open when it has passed
# survey        the rating of a ticket that was reopened: nothing says which of its ends that followed
#
# Never answered  The replies are shown, there is none, and the ticket is over: first-reply is "unresolved".
#               Chats and calls show no replies, so theirs stay unknown. So do those of which the file has the
#               minutes within business hours only.
# Promises      only a due date is one here, and only tasks have it: solved by then is "on-time", after it
#               "late"; still open after it "promise-broken", as of --as-of, or the latest time in the file.
#               Targets of service level policies are not in this file, so most tickets say nothing.
# Reopened      the resolution failed: "incomplete". Where first and full resolution time differ, the first is
#               a record of its own, recovered by the last one, or by none while the ticket is still open.
# Ratings       Good says expected or above, Bad says basic or below; 1 to 5 (newer surveys): 5 says desired or
#               above, 4 expected or above, 3 expected, 1 and 2 basic or below. How far below or above is for the
#               facts to say. Offered and Not Offered are silence, and silence is no verdict.
# Opened by staff  for a customer (the submitter is another than the requester): no first reply, the resolution
#               stands. Whether the company wrote first cannot be told, but for outgoing calls.
# Unknown       whether they had to chase, what they wrote, why they rated so, and when; what answered
#               automatically.
# Left out      deleted, merged (tag closed_by_merge), spam (tag spam), sample tickets, outgoing calls, requests
#               of the staff's own, and open tickets of which nothing is due.
# People        11 and 11.0 are one person; e-mail addresses are the same in capitals. The apostrophe that keeps
#               a spreadsheet from reading '+49 or '=x as a formula is taken away.

# An empty cell is written as a dash.
def cell($name):
  .[$name] | known
  | if . == null then null
    elif startswith("'") and (.[1:2] | . == "+" or . == "-" or . == "=" or . == "@") then .[1:] | known("-")
    elif . == "-" then null
    else . end;

def when($so; $signal): if $so then $signal else empty end;

# Files that programs put together from the API have times of UTC as it writes them.
def time($name): cell($name)
  | if . != null and endswith("Z") then . else instant(["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]) end;

def number($name): cell($name) | if . == null then null else tonumber end;

# Units are how many make an hour. Of minutes those count that the clock on the wall counts, which is how long
# the customer waited. (The columns "within business hours" count less.)
def after($created_at; $name; $units):
  number($name) | if . == null then null else . / $units as $hours | $created_at | later($hours) end;

# 10300612345678 becomes 1.03006E+13 in a spreadsheet, and many people become one.
def id($name):
  column($name) | known("-")
  | if . == null then null
    elif test("E[+][0-9]+$")
    then error("\($name) \(.) was rounded by a spreadsheet: export the file again and import it as it comes")
    else rtrimstr(".0") end;

# A due date without a time of day is kept by anything on that day.
def kept($due; $solved_at):
  if $due == null or $solved_at == null then empty
  elif ($due | length) == 10 then (if days_between($due; $solved_at) > 0 then "late" else "on-time" end)
  elif hours($due; $solved_at) > 0 then "late"
  else "on-time" end;

def verdict_given:
  cell("Satisfaction Score")
  | if . == null or . == "Offered" or . == "Not Offered" or . == "offered" or . == "unoffered" then null
    elif . == "Good" or . == "good" then "expected-or-above"
    elif . == "Bad" or . == "bad" then "basic-or-below"
    elif test("^[0-9]+$") then verdict(5)
    else lookup("Satisfaction Score"; {Good: 1, Bad: 1, Offered: 1, "Not Offered": 1, "1 to 5": 1}) end;

def is_over: column("Status") | known | ascii_downcase
  | if . == "solved" or . == "closed" then true
    elif . == "new" or . == "open" or . == "pending" or . == "hold" or . == "on-hold" then false
    else lookup("Status"; {new: 1, open: 1, pending: 1, hold: 1, "on-hold": 1, solved: 1, closed: 1, deleted: 1}) end;

# Why a ticket is no service to a customer.
def no_service($via; $requester; $assignee):
  (.Tags | if . == null then [] else split(" ") | map(split(",")[]) end) as $tags
  | if "\(.Status)" | ascii_downcase == "deleted" then "deleted"
    elif any($tags[]; . == "closed_by_merge") then "merged"
    elif any($tags[]; . == "spam") then "spam"
    elif $via | startswith("sample") then "test"
    elif $via | contains("outgoing") or contains("outbound") then "outbound"
    elif $requester != null and $requester == $assignee then "opened by staff"
    else null end;

# Channels where people speak or chat.
def is_live: contains("phone") or contains("voice") or contains("call") or contains("chat") or contains("messag");


id("Id") as $id
| (cell("Via") // "" | ascii_downcase) as $via
| cell("Requester") as $requester
| cell("Assignee") as $assignee
| no_service($via; $requester; $assignee) as $why
| if $why != null then left_out($why) else . end
| is_over as $over
| time("Created at") as $created_at
| after($created_at; "First resolution time in minutes"; 60) as $first_solved_at
| (if $over
   then time("Solved at") // after($created_at; "Full resolution time in minutes"; 60)
   else null end) as $solved_at

# Reopened: is it known when it was solved in vain?
| ((number("Reopens") // 0) > 0) as $reopened
| number("First resolution time in minutes") as $first
| number("Full resolution time in minutes") as $full
| ($reopened and $first_solved_at != null
   and (($over | not) or ($full != null and $first < $full))) as $in_vain

| cell("Submitter") as $submitter
| ($submitter != null and $requester != null and $submitter != $requester) as $for_customer
| (if $for_customer then null
   else after($created_at; "First reply time in minutes"; 60)
        // after($created_at; "First reply time in seconds"; 3600) end) as $replied_at

# Is it shown that nobody answered?
| ($over and $replied_at == null and ($for_customer or ($via | is_live) | not)
   and has("First reply time in minutes") and (number("Replies") // 0) == 0
   and cell("First reply time in minutes within business hours") == null) as $silent

| verdict_given as $verdict
| cell("Due date") as $due
| (if $due != null and ($due | length) == 10 then $due | instant("%Y-%m-%d") else time("Due date") end) as $due
| (($over | not) and $due != null and $as_of != null and kept($due; $as_of) == "late") as $broken

| {
    recipient: (id("Requester id") // (cell("Requester email") | if . == null then null else ascii_downcase end)),
    journey: "support", transaction: "ticket", channel: cell("Via"), relation: "external",
    provider: $assignee, team: cell("Group")
  } as $ticket

| [
    (select($replied_at != null)
     | $ticket + {id: "\($id)-first-reply", at: $replied_at, point: "first-reply"}),

    # Without any time of the solution the time the ticket began is the only one that is certain.
    (select($silent)
     | $ticket + {
         id: "\($id)-first-reply", at: ($solved_at // $created_at), point: "first-reply", signals: ["unresolved"]
       }),

    (select($in_vain)
     | $ticket + {
         id: "\($id)-first-resolution", at: $first_solved_at, point: "resolution", stage: "end",
         signals: ["incomplete"]
       }),

    (select($over)
     | $ticket + {
         id: "\($id)-resolution", at: ($solved_at // $created_at), point: "resolution", stage: "end",
         signals: [kept($due; $solved_at), when($reopened and ($in_vain | not); "incomplete")],
         recovers: (if $in_vain then "\($id)-first-resolution" else null end),
         verdict: (if $reopened then null else $verdict end)
       }),

    (select($broken)
     | $ticket + {
         id: "\($id)-resolution", at: $due, point: "resolution", stage: "end", signals: ["promise-broken"]
       }),

    (select($verdict != null and ($reopened or ($over | not)))
     | $ticket + {
         id: "\($id)-survey", at: time("Updated at"), point: "survey", stage: "end", verdict: $verdict
       })
  ]
| if . == [] then left_out("open") else .[] end
