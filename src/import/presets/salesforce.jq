# Salesforce cases and case milestones: results of a query by its REST API or the sf command, or CSV with API names.
#
#   serveup import --from salesforce cases.json | serveup rate -
#
# Best is a query that brings along what belongs to a case, for then it shows what was promised and what was said:
#
#   SELECT Id, CaseNumber, ContactId, ContactEmail, AccountId, OwnerId, Origin, Status, IsClosed, IsClosedOnCreate,
#     IsDeleted, MasterRecordId, CreatedDate, ClosedDate, MilestoneStatus, LastModifiedDate, CreatedBy.Email,
#     (SELECT MilestoneType.Name, StartDate, TargetDate, CompletionDate, IsCompleted, IsViolated FROM CaseMilestones),
#     (SELECT Incoming, MessageDate, Status FROM EmailMessages),
#     (SELECT Field, OldValue, NewValue, CreatedDate FROM Histories) FROM Case
#
# CSV of the Data Loader, of sf data query or of the weekly export does, too: column names with or without capitals, as
# the API names them, `Contact.Email` for what a query reaches. (A report's CSV has labels in the user's language, and is
# not read.) Rows of CaseMilestone may come as a file of their own, instead of the cases. Times have their offset; those
# of the weekly export have none, and need --timezone.
#
# first-reply   when a first-response milestone was completed, else the first mail out; where nobody ever answered, when
#               the case was closed
# resolution    when the case was closed; before it the one that failed, if it was reopened
#
# Promises      milestones: violated is "late", completed and not violated "on-time". Those whose name speaks of a
#               response, reply or contact are about the first reply, of a resolution or closing about the resolution; a
#               violated one of any other kind, or a later response, counts against the resolution. Without the
#               milestones the case's own MilestoneStatus says it for the resolution, as it does not tell which:
#               Compliant, Open Violation, Closed Violation. Blank: nothing was promised. Targets count business hours;
#               no time is compared with calendar minutes.
# Escalated     IsEscalated says nothing here: a person may set it as well as a missed deadline.
# Never         closed, and no mail ever went out: "unresolved", "late" if a first-response milestone was violated. Only
#  answered     if the mails are in the query, for a case that came by mail or from the web. A milestone that nobody
#               completed does not prove that nobody answered: administrators must have it completed.
# Chased        two mails of the customer in a row, if the mails are there.
# Still open    a milestone that is violated, or whose target lies before the export's latest time: "late", at its target.
# Reopened      a history of Status from Closed back: the resolution failed, "incomplete". Unknown without Histories.
# Outbound      the first mail is yours: left out; if the customer answered, it is a case from that mail on.
# Opened by     on the phone, or closed when created: on behalf of a customer; no first reply, the resolution stands. For
#  staff        themselves, where CreatedBy.Email is the contact's: left out.
# Ratings       none: Salesforce has no field for them.
# Left out      deleted cases, merged ones (MasterRecordId). Spam is not marked.
#
# Shape: objects Case and CaseMilestone in the object reference of developer.salesforce.com, and query results as the
# tests of several clients have them.

def text: if . == null then null else "\(.)" end;

def when($so; $signal): if $so then $signal else empty end;

# Names with or without capitals; what a query reaches is a name with a dot (CSV) or an object (JSON).
def small:
  if type == "object" then with_entries(.key |= ascii_downcase | .value |= small)
  elif type == "array" then map(small)
  else . end;

def cell($name): .[$name] | known;

def reached($object; $name): cell("\($object).\($name)") // (cell($object) | if type == "object" then cell($name) else null end);

# 2024-03-04T09:00:00.000+0000 lacks the colon that other programs write; the bulk API gives milliseconds.
def time($name):
  cell($name)
  | if . == null then null
    elif type == "number" then instant("%s%3f")
    else sub("(?<hours>[+-][0-9]{2})(?<minutes>[0-9]{2})$"; "\(.hours):\(.minutes)") end;

def yes($name): cell($name) | . == true or (type == "string" and (ascii_downcase == "true" or . == "1"));

# Ids of 15 and of 18 characters are of one record: the last three only say which letters are capitals.
def short: if . != null and length == 18 and test("^[A-Za-z0-9]*$") then .[:15] else . end;

def id($name): cell($name) | text | short;

def small_letters: if . == null then null else ascii_downcase end;

# A query inside a query gives null for no rows.
def list($name): cell($name) | if type == "object" then cell("records") // [] elif type == "array" then . else [] end;

def address: (cell("contactemail") // reached("contact"; "email") // cell("suppliedemail")) | small_letters;

def person: id("contactid") // (reached("contact"; "id") | short) // address // id("accountid");

# The id of a queue begins with 00G.
def owner($queue): id("ownerid") | if . == null or startswith("00G") == $queue then . else null end;

# What it was promised for, by its name.
def kind:
  (reached("milestonetype"; "name") // "") | ascii_downcase
  | if test("next|subsequent|update") then "later"
    elif test("respon|repl|contact|acknowledg") then "first-reply"
    elif test("resol|clos|solution|solve|fix") then "resolution"
    else "other" end;

def milestone: {
  kind: kind, begun: time("startdate"), due: time("targetdate"), done: time("completiondate"),
  over: (yes("iscompleted") or time("completiondate") != null), broken: yes("isviolated")
};

# How one came out, by the end of the case or the latest time of the export; nothing if it is neither over nor due.
def outcome($until):
  if .broken then "late"
  elif .over then "on-time"
  elif .due != null and $until != null and hours(.due; $until) > 0 then "late"
  else empty end;

def timely(facts):
  [facts] | if any(.[]; . == "late") then "late" elif length > 0 then "on-time" else empty end;

# The mails, oldest first, without drafts.
def messages:
  map(select((cell("status") | text) != "5") | {at: (time("messagedate") // time("createddate")), customer: yes("incoming")}
      | select(.at != null))
  | sort_by(.at);

# Walks through the messages. When was the first answer? Did the customer have to write again before an answer
# came, and was that before the first one or later? A mail of yours that opens it all answers nobody.
def talk:
  reduce .[] as $message ({};
    if $message.customer
    then (if .waiting and .answered_at then .chased_later = true
          elif .waiting then .chased_first = true
          else . end)
      | .waiting = true
    else (if .waiting and .answered_at == null then .answered_at = $message.at else . end)
      | .waiting = false
    end);

# A row of CaseMilestone.
def milestone_row:
  (reached("case"; "casenumber") // id("caseid")) as $number
  | milestone as $milestone
  | ([$milestone | outcome($as_of)][0] // null) as $outcome
  | ($milestone.kind == "first-reply" or $milestone.kind == "resolution") as $known
  | if yes("isdeleted") then left_out("deleted")
    elif $outcome == null then left_out("open")
    else {
      id: "\($number)-\(if $known then $milestone.kind else id("id") end)",
      at: ($milestone.done // $milestone.due // time("createddate")),
      recipient: ((cell("case") | if type == "object" then person else null end) // (cell("case.contactid") | short)
                  // "unknown contact of \($number)"),
      journey: "support", transaction: "case", point: (if $known then $milestone.kind else "milestone" end),
      stage: (if $milestone.kind == "resolution" then "end" else null end), relation: "external", signals: [$outcome]
    }
    end;

# When the status went from closed back to another.
def reopenings:
  [list("histories")[]
   | select(cell("field") == "Status" and (cell("oldvalue") // "" | test("^closed"; "i"))
            and (cell("newvalue") // "" | test("^closed"; "i") | not))
   | time("createddate")];

def case:
  (cell("casenumber") // id("id") // error("no CaseNumber and no Id: put one of them into the query")) as $number
  | time("createddate") as $created_at
  # Which statuses are closed is up to the account; the flag knows.
  | (if cell("isclosed") != null then yes("isclosed")
     elif has("closeddate") then time("closeddate") != null
     else (cell("status") // error("no IsClosed, ClosedDate or Status: put one of them into the query") | ascii_downcase) == "closed" end) as $closed
  | (if $closed then time("closeddate") // $created_at else null end) as $closed_at
  | ($closed_at // $as_of) as $until
  | (cell("origin") | small_letters) as $origin
  | ($origin == "phone" or yes("isclosedoncreate")) as $on_behalf

  | (list("emailmessages") | messages) as $mails
  | ($mails != [] and ($mails[0].customer | not)) as $company_first
  | any($mails[]; .customer) as $customer_wrote
  # Two thank-yous after the end chase nobody.
  | ($mails | map(select($closed_at == null or hours(.at; $closed_at) >= 0)) | talk) as $talk

  | [list("casemilestones")[] | select(yes("isdeleted") | not) | milestone] as $milestones
  | ([$milestones[] | select(.kind == "first-reply")] | sort_by(.begun // .due)) as $responses
  | [$milestones[] | select(.kind == "resolution")] as $resolutions
  | ([$milestones[] | select(.kind == "later" or .kind == "other")] + $responses[1:]) as $others
  | ($responses[0].done // $talk.answered_at) as $replied_at
  | ([$responses[:1][] | outcome($until)][0] // null) as $response

  | (if $milestones != [] then null
     else cell("milestonestatus") | lookup("MilestoneStatus"; {
       "Compliant": "on-time", "Open Violation": "late", "Closed Violation": "late"}) end) as $status
  | (reopenings | sort | last) as $reopened_at
  | ($reopened_at != null and (($closed | not) or hours($reopened_at; $closed_at) > 0)) as $in_vain
  | ($closed and $replied_at == null and has("emailmessages") and ($origin == "email" or $origin == "web")
     and all($mails[]; .customer)) as $never
  | (($closed | not) and $replied_at == null and $response == "late") as $reply_overdue
  | (($closed | not)
     and (any($resolutions[]; (.over | not) and any(outcome($until); . == "late"))
          or ($milestones == [] and cell("milestonestatus") == "Open Violation"))) as $close_overdue

  | {
      recipient: (person // "unknown contact of \($number)"), journey: "support", transaction: "case",
      channel: $origin, relation: "external", provider: owner(false), team: owner(true)
    } as $common
  | if yes("isdeleted") then left_out("deleted")
    elif cell("masterrecordid") != null then left_out("merged")
    elif address != null and (reached("createdby"; "email") | small_letters) == address then left_out("opened by staff")
    elif $company_first and ($customer_wrote | not) then left_out("outbound")
    elif ($closed or $in_vain or $close_overdue or (($on_behalf | not) and ($replied_at != null or $reply_overdue))) | not
    then left_out("open")
    else
      (select(($on_behalf | not) and ($replied_at != null or $never or $reply_overdue))
       | $common + {
           id: "\($number)-first-reply", point: "first-reply",
           at: ($replied_at // $closed_at // $responses[0].due // $as_of // $created_at),
           signals: [
             ($response // empty | select($replied_at != null or . == "late")), when($never; "unresolved"),
             when($talk.chased_first; "chased")
           ]
         }),

      (select($in_vain)
       | $common + {
           id: "\($number)-first-resolution", at: $reopened_at, point: "resolution", stage: "end", signals: ["incomplete"]
         }),

      (select($closed)
       | $common + {
           id: "\($number)-resolution", at: $closed_at, point: "resolution", stage: "end",
           signals: [
             # Closed by then is kept, also where nobody had the milestone completed.
             timely(($resolutions[] | .over = (.over or (.due != null and hours(.due; $closed_at) <= 0)) | outcome($until)),
                    ($others[] | outcome($until) | select(. == "late")), ($status // empty)),
             when($reopened_at != null and ($in_vain | not); "incomplete"),
             when($talk.chased_later; "chased")
           ],
           recovers: (if $in_vain then "\($number)-first-resolution" else null end)
         }),

      (select($close_overdue)
       | $common + {
           id: "\($number)-resolution", at: ($resolutions[0].due // $as_of // $created_at), point: "resolution",
           stage: "end", signals: ["late"], recovers: (if $in_vain then "\($number)-first-resolution" else null end)
         })
    end;

# A row that is left out leaves the others of its page alone.
def unless_left_out(f): try f catch if type == "object" and .left_out then {left_out: .message} else error end;

def each(f):
  if . == [] then left_out("empty page")
  else
    [.[] | unless_left_out(f)]
    | map(select(has("left_out") | not)) as $given
    | if $given == [] then left_out(.[0].left_out) else $given[] end
  end;

def row: small | if has("caseid") and (has("isviolated") or has("targetdate")) then milestone_row else case end;


# The sf command prints a result with the records in it.
if (.result | type) == "object" and (.result | has("records")) then .result else . end
| if has("records") then .records | each(row) else row end
