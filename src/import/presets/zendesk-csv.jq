# Zendesk tickets, from the CSV export. (The JSON export says more; `zendesk` reads that.)
#
#   serveup import --from zendesk-csv --timezone Europe/Berlin tickets.csv | serveup rate -
#
# Get the file in the Admin Center: Account > Tools > Reports > CSV export. Its times have no offset: they are
# in the zone of the account, which --timezone must name. Import the file as it comes: a spreadsheet that
# opens and saves it rounds the ids and turns the dates around.
#
# first-reply   "First reply time in minutes" after "Created at"
# resolution    when the ticket was last solved; before it the one that failed, if it was reopened
#
# Promises      only a due date is one here, and only tasks have it: solved by then is "on-time", after it
#               "late". Targets of service level policies are not in this file, so most tickets say nothing.
# Reopened      the resolution failed: "incomplete". Where first and full resolution time differ, the first is
#               a record of its own, recovered by the last one, or by none while the ticket is still open.
# Ratings       Good says expected or above, Bad says basic or below; 1 to 5 (newer surveys): 5 says desired or
#               above, 4 expected or above, 3 expected, 1 and 2 basic or below. How far below or above is for the
#               facts to say. Offered and Not Offered are silence, and silence is no verdict.
# Unknown       whether they had to chase, what they wrote, why they rated so, and when: a rating given before
#               the last solution cannot be told apart here.
# Left out      tickets not solved (but for their first reply) and the end of merged ones.

# An empty cell is written as a dash.
def cell($name): .[$name] | known("-");

def when($so; $signal): if $so then $signal else empty end;

def time($name): cell($name) | instant(["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]);

# Minutes as the clock on the wall counts them, which is how long the customer waited. (The columns "within
# business hours" count less.)
def minutes($name): cell($name) | if . == null then null else tonumber end;

def minutes_after_creation($name):
  (minutes($name) | if . == null then null else . / 60 end) as $hours
  | time("Created at") | later($hours);

# 10300612345678 becomes 1.03006E+13 in a spreadsheet, and many people become one.
def id($name):
  column($name) | known("-")
  | if . != null and test("E[+][0-9]+$")
    then error("\($name) \(.) was rounded by a spreadsheet: export the file again and import it as it comes")
    else . end;

def record($point): {
  journey: "support", transaction: "ticket", point: $point,
  recipient: (id("Requester id") // cell("Requester email")), channel: cell("Via"), relation: "external",
  provider: cell("Assignee"), team: cell("Group")
};

# A due date without a time of day is kept through the end of that day.
def due($solved_at):
  (cell("Due date") | instant(["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"])) as $due
  | if $due == null or $solved_at == null then empty
    elif ($due | length) == 10 then (if $solved_at[0:10] > $due then "late" else "on-time" end)
    elif hours($due; $solved_at) > 0 then "late"
    else "on-time" end;

def verdict_given:
  cell("Satisfaction Score") | known(["Offered", "Not Offered"])
  | if . != null and test("^[0-9]+$")
    then verdict(5)
    else lookup("Satisfaction Score"; {Good: "expected-or-above", Bad: "basic-or-below"}) end;


id("Id") as $id
| (column("Status") | ascii_downcase | lookup("Status"; {
    new: "open", open: "open", pending: "open", hold: "open", "on-hold": "open", solved: "solved",
    closed: "solved"})) as $status

# A merged ticket is closed because it lives on in another one; nothing was solved here.
| ($status == "solved" and ("\(.Tags)" | test("\\bclosed_by_merge\\b") | not)) as $solved

| minutes_after_creation("First reply time in minutes") as $replied_at
| minutes_after_creation("First resolution time in minutes") as $first_solved_at
| (if $solved
   then time("Solved at") // minutes_after_creation("Full resolution time in minutes")
   else null end) as $solved_at

# Reopened: is it known when it was solved in vain?
| ((minutes("Reopens") // 0) > 0) as $reopened
| minutes("First resolution time in minutes") as $first
| minutes("Full resolution time in minutes") as $full
| ($reopened and $first_solved_at != null
   and (($solved | not) or ($full != null and $first < $full))) as $in_vain

| (select($replied_at != null)
   | record("first-reply") + {id: "\($id)-first-reply", at: $replied_at}),

  (select($in_vain)
   | record("resolution") + {
       id: "\($id)-first-resolution", at: $first_solved_at, stage: "end", signals: ["incomplete"]
     }),

  (select($solved)
   | record("resolution") + {
       id: "\($id)-resolution",
       # Without any time of the solution the time the ticket began is the only one that is certain.
       at: ($solved_at // time("Created at")), stage: "end",
       signals: [due($solved_at), when($reopened and ($in_vain | not); "incomplete")],
       recovers: (if $in_vain then "\($id)-first-resolution" else null end),
       verdict: verdict_given
     })
