# ServiceNow's table of targets, task_sla: what became of each target of each incident. CSV or the REST body.
#
#   serveup import --from servicenow-sla --timezone Europe/Lisbon task_sla.csv | serveup rate -
#
# Get it with GET /api/now/table/task_sla, whole bodies {"result": [...]} or a row a line, and name the fields:
# sysparm_fields=sys_id,task,task.caller_id,task.assignment_group,sla,sla.target,stage,has_breached,start_time,
# end_time,planned_end_time,business_percentage. Without task.caller_id each task counts as somebody else. The
# view incident_sla, with columns like taskslatable_stage and inc_caller_id, is read as well. Raw
# values have their times in UTC; display values, and CSV, in the zone of the user who exports, which --timezone
# must name. (Incidents themselves: `servicenow`. Of the two take one, or what came late counts twice.)
#
# A task has several rows, one for each target, and each is a moment of its own: none stands for the others.
#
# first-reply   a target for the response: sla.target is "response", or its name speaks of one
# resolution    a target for the resolution, likewise
# target        any other
#
# Promises      has_breached true is "late", false, once the target is completed, "on-time". It is counted by
#               the target's own calendar, so no minutes are compared: where has_breached is missing,
#               business_percentage decides (100 and above is late), and percentage never does.
# Overdue       under way and breached, or planned_end_time has passed: "late", at planned_end_time. Paused, the
#               clock stands still, so that only the mark counts.
# Unknown       what was answered, ratings, who had to chase: a response target ends with whatever the account
#               lets it end with, often when somebody takes the task on.
# Left out      targets under way ("open") and canceled ones ("canceled"): another target took their place.
#
# Known from    the rows of task_sla in the tests of several public clients of the Table API, and the calculation
#               (SLACalculatorNG) as published in jacebenson/sn.

def plain: known("?") | if . >= "'" and . < "(" and test("^'[-+=@]") then .[1:] else . end;

# A reference is an object: its `value` is an id, its `display_value` what people read. (Everything that is no
# object is less than one.)
def cell($name): .[$name] | if . < {} then . else .value // .display_value end | plain;

def shown($name): .[$name] | if . < {} then . else .display_value // .value end | plain;

def lower: if type == "string" then ascii_downcase else . end;

# One person has one id: 11 and 11.0 are the same, and an address in capitals, too.
def person:
  if . >= "" then
    if contains("@") then ascii_downcase elif endswith(".0") and test("^[0-9]+\\.0$") then .[:-2] else . end
  elif . then (if . == floor then floor else . end | tostring)
  else . end;

def time($name; $utc):
  cell($name)
  | instant(["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M"])
  | if $utc and . != null then . + "Z" else . end;

def flag($name):
  cell($name)
  | if . == true or . == "true" then true
    elif . == false or . == "false" then false
    else lower | lookup($name; {"true": true, "false": false, "1": true, "0": false, "yes": true, "no": false}) end;

# Raw stages are in_progress, their names In Progress.
def stage:
  (column("stage") | if type == "object" then .value // .display_value else . end | plain | lower) as $stage
  | if $stage == "completed" or $stage == "achieved" then "completed"
    elif $stage == "in_progress" or $stage == "in progress" then "running"
    else $stage | lookup("stage"; {
      "in_progress": "running", "in progress": "running", "paused": "paused", "completed": "completed",
      "achieved": "completed", "breached": "breached", "cancelled": "canceled", "canceled": "canceled"})
    end;

# "78 %" and 78.5 are shares, too.
def share($name):
  cell($name)
  | if type == "string" then gsub("[%, ]"; "") | if . == "" then null else tonumber end else . end;

def point($target; $name):
  if $target == "response" then "first-reply"
  elif $target == "resolution" then "resolution"
  elif $name | test("respon|reply|acknowledg|reaction") then "first-reply"
  elif $name | test("resol|restor|fix|complet|fulfil|clos") then "resolution"
  else "target" end;

# Whether it is a raw value: an id.
def raw($name):
  .[$name] | if . >= {} then has("value") else . >= "" and length == 32 and test("^[0-9a-f]+$") end;

def target:
  stage as $stage
  | (shown("task") // cell("task.number")) as $task
  | if $task | not then error("no task: a target belongs to one")
    elif $stage == "canceled" then left_out("canceled")
    elif $stage == null then left_out("no stage")
    else
      (raw("task") or raw("sla") or raw("task.caller_id")) as $utc
      | time("end_time"; $utc) as $ended_at
      | time("planned_end_time"; $utc) as $due
      # An older instance sets the stage itself to breached; whether it is over, the time of its end tells.
      | ($stage == "completed" or ($stage == "breached" and $ended_at)) as $over
      | share("business_percentage") as $spent
      | (flag("has_breached")
         | if . == null and $stage == "breached" then true
           elif . == null and $spent then $spent >= 100
           else . end) as $breached
      | ($stage == "running" and $due and $as_of and hours($due; $as_of) > 0) as $passed

      | if ($over | not) and $breached != true and ($passed | not) then left_out("open")
        else
          (shown("sla") // shown("sla.name") // "" | tostring) as $name
          | point(shown("sla.target") | lower; $name | ascii_downcase) as $point
          | {
              id: "\($task)-\($point)-\(cell("sys_id") // (if $name == "" then $due else $name end))",
              at: ((if $over then $ended_at // $due else $due // $as_of end) // time("start_time"; $utc)),
              recipient: (cell("task.caller_id") | person // "unknown caller of \($task)"),
              journey: "it-support",
              transaction: (shown("task.category")
                            | if . then ascii_downcase | split(" ") - [""] | join("-") else . end),
              point: $point,
              signals: [
                if $breached == true or $passed then "late" elif $breached == false then "on-time" else empty end
              ],
              channel: (shown("task.contact_type") | lower),
              stage: (if $point == "resolution" then "end" else null end),
              relation: "internal",
              provider: shown("task.assigned_to"),
              team: (shown("task.assignment_group") // shown("task.assignment_group.name"))
            }
        end
    end;

# The view incident_sla joins targets with their incidents, and names the columns of both with a prefix.
def row:
  if . >= {} and has("taskslatable_stage") then
    with_entries(.key |= (ltrimstr("taskslatable_") | if startswith("inc_") then "task." + .[4:] else . end))
  else . end
  | target;

# An answer of the API, as one row: a target that is left out leaves the others alone.
def answer:
  .result | if type == "array" then . else [.] end
  | if . == [] then left_out("empty page") else .[] | apart(row) end;


if . >= {} and has("result") and (has("stage") | not) then answer else row end
