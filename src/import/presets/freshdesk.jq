# Freshdesk tickets, as its API gives them: a JSON array, or one ticket a line. Ratings are read, too.
#
#   serveup import --from freshdesk tickets.json ratings.json | serveup rate -
#
# Get the tickets with their times (GET /api/v2/tickets?include=stats) and the ratings (GET
# /api/v2/surveys/satisfaction_ratings). Better still, join into each ticket what belongs to it: its
# `conversations`, and its ratings as `satisfaction_rating` or `satisfaction_ratings` (then leave the file of
# ratings out, or they count twice). Times are UTC.
#
# first-reply   when an agent first answered
# resolution    when the ticket was resolved; before it the one that failed, if it was reopened
# survey        a rating that does not judge the resolution: given before it, or replaced by a later one; and
#               every rating that comes as a row of its own, for the row does not tell what it judges
#
# Promises      "on-time" needs a due date (fr_due_by, due_by). After it, or escalated, is "late". A next
#               reply that was escalated counts against the resolution.
# Reopened      the resolution failed: "incomplete". When that was first resolved is overwritten; that it had
#               failed was known at `reopened_at`, so there stands a record of its own, recovered by the
#               resolution, or by none while the ticket is still open.
# Ratings       seven steps, read in order; the distances between their numbers mean nothing. 103 says desired or
#               above, 102 and 101 expected or above, the neutral 100 expected, -101 to -103 basic or below: how
#               far below is for the facts to say. (In a survey of two or three choices 103 is plain happy, and
#               the row does not show that: then make it "expected-or-above".)
# Chased        two public messages of the customer in a row. Unknown without conversations.
# Left out      tickets that are neither resolved nor closed (but for their first reply), spam, deleted ones.

def text: if . == null then null else "\(.)" end;

def when($so; $signal): if $so then $signal else empty end;

# Accounts may add channels of their own.
def channel:
  if . == null then null else
    {"1": "email", "2": "portal", "3": "phone", "5": "twitter", "6": "facebook", "7": "chat", "9": "widget",
     "10": "outbound-email", "12": "bot", "13": "whatsapp"}["\(.)"] // "source-\(.)"
  end;

# The answer to the question that every survey has; else to the only one. Several questions, none of them for
# the whole: no verdict. The API keys answers by their question, data pipelines make a list of them.
def overall:
  .ratings
  | (if type == "array" then map({key: .question, value: .value}) | from_entries else . // {} end)
  | if has("default_question") then .default_question elif length == 1 then .[] else null end;

def verdict_given:
  overall | text | lookup("rating"; {
    "103": "desired-or-above", "102": "expected-or-above", "101": "expected-or-above", "100": "expected",
    "-101": "basic-or-below", "-102": "basic-or-below", "-103": "basic-or-below"});

def answered_at: .updated_at // .created_at;

# A rating as a row of its own.
def rating: {
  id: "\(.ticket_id)-survey-\(.id)", at: answered_at, recipient: (column("user_id") | text),
  journey: "support", transaction: "ticket", point: "survey", stage: "end", relation: "external",
  provider: (.agent_id | text), team: (.group_id | text), verdict: verdict_given, said: .feedback
};

# The ratings joined into a ticket, oldest first.
def ratings:
  [(.satisfaction_rating, .satisfaction_ratings) | (if type == "array" then .[] else . end)
   | select(type == "object" and verdict_given != null)]
  | sort_by(answered_at);

# The public messages, oldest first: the ticket itself (yours, if it went out by mail), then the conversation
# without notes, answers to a survey (6) and mails forwarded to somebody else (8).
def messages:
  [{at: .created_at, customer: (.source != 10)},
   (.conversations[]? | select(.private != true and .source != 6 and .source != 8)
    | {at: .created_at, customer: .incoming})]
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

# How a due date came out; nothing if there was none. The date moves while a ticket waits for the customer, so
# an escalation counts even where the date, as it now stands, was met.
def promise($due; $done; $escalated):
  hours($due; $done) as $over
  | if $escalated or ($over != null and $over > 0) then "late"
    elif $due != null and ($over != null or $escalated == false) then "on-time"
    else empty end;

# Of several promises one that was missed decides: "late" never stands beside "on-time".
def timely(facts):
  [facts] | if any(.[]; . == "late") then "late" elif length > 0 then "on-time" else empty end;

def ticket:
  column("id") as $id

  # 4 is resolved, 5 is closed. Whatever other numbers accounts add, the ticket is still under way.
  | (column("status")
     | if type == "number" then . else error("status: found \"\(.)\"; allowed: a number, like 4") end
     | . == 4 or . == 5) as $resolved
  | (if $resolved then .stats.resolved_at // .stats.closed_at else null end) as $resolved_at
  | .stats.reopened_at as $reopened_at
  | ($reopened_at != null
     and (($resolved | not) or ($resolved_at != null and hours($reopened_at; $resolved_at) > 0))) as $in_vain

  # Two thank-yous after the end chase nobody.
  | (messages | map(select($resolved_at == null or hours(.at; $resolved_at) >= 0)) | talk) as $talk
  | (.stats.first_responded_at // $talk.answered_at) as $replied_at

  # The last word counts, if it was spoken after the resolution.
  | ratings as $ratings
  | [$ratings[-1:][]
     | select($resolved and ($resolved_at == null or hours($resolved_at; answered_at) >= 0))] as $judging

  | {
      recipient: (column("requester_id") | text), journey: "support", transaction: "ticket",
      channel: (.source | channel), relation: "external", provider: (.responder_id | text),
      team: (.group_id | text)
    } as $common

  | (select($replied_at != null)
     | $common + {
         id: "\($id)-first-reply", at: $replied_at, point: "first-reply",
         signals: [promise(.fr_due_by; $replied_at; .fr_escalated), when($talk.chased_first; "chased")]
       }),

    (select($in_vain)
     | $common + {
         id: "\($id)-first-resolution", at: $reopened_at, point: "resolution", stage: "end",
         signals: ["incomplete"]
       }),

    (select($resolved)
     | $common + {
         # Without its times the time the ticket began is the only one that is certain.
         id: "\($id)-resolution", at: ($resolved_at // .created_at), point: "resolution", stage: "end",
         signals: [
           timely(promise(.due_by; $resolved_at; .is_escalated), when(.nr_escalated; "late")),
           when($reopened_at != null and ($in_vain | not); "incomplete"),
           when($talk.chased_later; "chased")
         ],
         recovers: (if $in_vain then "\($id)-first-resolution" else null end)
       } + ($judging[0] // {} | {verdict: verdict_given, said: .feedback})),

    (($ratings - $judging)[]
     | $common + {
         id: "\($id)-survey-\(.id)", at: answered_at, point: "survey", stage: "end",
         verdict: verdict_given, said: .feedback
       });


if has("ticket_id") and has("ratings") then rating
elif .spam or .deleted then empty
else ticket end
