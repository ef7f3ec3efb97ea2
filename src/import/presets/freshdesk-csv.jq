# Freshdesk tickets, from the CSV or Excel export of its ticket list.
#
#   serveup import --from freshdesk-csv tickets.csv --timezone Europe/Berlin | serveup rate -
#
# Get the file in Tickets > Export, with all columns, and of the contact at least Contact ID or Email: without
# them each ticket counts as somebody else's. Times are by the clock of the help desk without saying which:
# --timezone says it. The account's language must be English. One row is one ticket as it stands now; of exports
# joined into one file the last row counts (--last-by "Ticket ID").
#
# first-reply   when an agent first answered (Initial response time)
# resolution    when the ticket was resolved (Resolved time, else Closed time)
# survey        the last answer to a survey; neither its time nor what it judges is told, so it stands for itself
#
# Promises      Freshdesk's own marks decide: "Within SLA" is "on-time", "SLA Violated" is "late"; a violation
#               among the later replies (Every response status) counts against the resolution. The hours in the
#               file are business hours and are never compared with anything.
# Unanswered    resolved or closed, and no agent ever replied: "unresolved"; whether a reply was due is not told.
# Overdue       still open past its due date as of the export: the resolution is "late" at that time. Due on a
#               day without a time, the whole day is in time. While a ticket waits (any status but Open) its due
#               date does not count, and until when a first reply was due is not told.
# Chased        only where nobody ever answered: two or more customer interactions. Else their order is unknown.
# Phone, chat   whoever called was answered there and then, so there is no first reply. What was said in a chat is
#               not in the ticket, so no reply there does not mean none.
# Ratings       the words of the usual surveys: better than neutral is expected or above, for the file does not
#               show how many steps there were; neutral is expected, worse is basic or below. Words of the
#               account's own are no verdict; they are shown.
# Unknown       reopenings, automatic replies (Freshdesk does not count them), who opened it, merged tickets.
# Left out      outbound mails (their case cannot be told from them), and open while nothing is due or known.
#               Spam and deleted tickets are not in the export.

def when($so; $signal): if $so then $signal else empty end;

# A cell as it was before it was made safe for spreadsheets.
def plain:
  known(["-", "--"])
  | if . != null and startswith("'") and (.[1:2] | . == "+" or . == "-" or . == "=" or . == "@")
    then .[1:] else . end;

# The first of the columns that has something in it: some are written in two ways.
def cell($names): first(.[$names[]] | plain | values) // null;

# 11, " 11 " and 11.0 are one id.
def one_id: if . != null and endswith(".0") then .[:-2] else . end;

def time: instant(["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"]);

def whole: if . == null then null else tonumber end;

# The words of the mark are known in English only.
def mark($what):
  if . == null then null
  else ascii_downcase | lookup($what; {"within sla": "on-time", "sla violated": "late"}) end;

def channel:
  if . == null then null
  else ascii_downcase | if . == "feedback widget" then "widget" else gsub(" "; "-") end end;

# The usual words, of the surveys of today and of before.
def verdict_given:
  if . == null then null
  else ascii_downcase | {
    "extremely happy": "expected-or-above", "very happy": "expected-or-above", "happy": "expected-or-above",
    "neutral": "expected", "unhappy": "basic-or-below", "very unhappy": "basic-or-below",
    "extremely unhappy": "basic-or-below", "awesome": "expected-or-above", "just okay": "expected",
    "not good": "basic-or-below"}[.] end;

def past($due):
  $due != null and $as_of != null
  and (if $due | length == 10 then days_between($due; $as_of) > 0 else hours($due; $as_of) > 0 end);

(column("Ticket ID") | plain | one_id) as $id
| (column("Status") | plain | if . == null then error("Status is empty") else ascii_downcase end) as $status
| ($status == "resolved" or $status == "closed") as $over
| (cell(["Source"]) | channel) as $channel

| if $channel == "outbound-email" then left_out("outbound")
  else
    (cell(["Created time", "Created Time"]) | time) as $created_at
    | (if $over then (cell(["Resolved time", "Resolved Time"]) // cell(["Closed time", "Closed Time"])) | time
       else null end) as $ended_at
    | (cell(["Initial response time", "Initial Response Time"]) | time) as $replied_at
    | (cell(["Due by Time"]) | time) as $due
    | (cell(["First response status", "First Response Status"]) | mark("First response status")) as $reply_mark
    | (cell(["Resolution status", "Resolution Status"]) | mark("Resolution status")) as $mark
    | (cell(["Every response status"]) | mark("Every response status")) as $later_mark
    | (cell(["Agent interactions"]) | whole) as $replies
    | (cell(["Customer interactions"]) | whole) as $messages
    | cell(["Survey results", "Survey Result"]) as $answer
    | ((cell(["Contact ID"]) | one_id)
       // (cell(["Email", "Requester Email"]) | if . == null then null else ascii_downcase end)
       // cell(["Work phone", "Mobile phone"]) // cell(["Full name", "Requester Name"])
       // "unknown requester of \($id)") as $recipient
    | cell(["Agent"]) as $provider
    | cell(["Group"]) as $team

    # No time of a reply is no reply, if the column is there; an interaction of an agent may be one.
    | ($replied_at == null and $reply_mark == null and ($replies // 0) == 0 and $channel != "chat"
       and ($replies != null or has("Initial response time") or has("Initial Response Time"))) as $unanswered

    | (if $channel == "phone" then null
       elif $replied_at != null or $reply_mark != null
       # Without its time the time the ticket began is the only one that is certain.
       then {at: ($replied_at // $created_at), signals: [$reply_mark | values]}
       elif $over and $unanswered
       then {at: ($ended_at // $created_at), signals: ["unresolved", when(($messages // 0) >= 2; "chased")]}
       else null end) as $reply

    | [
        (select($reply != null)
         | {
             id: "\($id)-first-reply", at: $reply.at, $recipient, journey: "support", transaction: "ticket",
             point: "first-reply", signals: $reply.signals, $channel, relation: "external", $provider, $team
           }),

        (select($over or ($status == "open" and past($due)))
         | {
             id: "\($id)-resolution", at: (if $over then $ended_at // $created_at else $due end), $recipient,
             journey: "support", transaction: "ticket", point: "resolution",
             signals: [
               if ($over | not) or $later_mark == "late" then "late" else ($mark | values) end
             ],
             $channel, stage: "end", relation: "external", $provider, $team
           }),

        (select($answer != null)
         | {
             id: "\($id)-survey", at: ($ended_at // $created_at), $recipient, journey: "support",
             transaction: "ticket", point: "survey", $channel, stage: "end", relation: "external", $provider,
             $team, verdict: ($answer | verdict_given),
             said: (if $answer | verdict_given == null then $answer else null end)
           })
      ]
    | if length > 0 then .[] else left_out("open") end
  end
