# Freshdesk tickets, as its API gives them: a JSON array, one ticket a line, or pages of search results. Ratings
# are read, too.
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
# Promises      "on-time" needs a due date (fr_due_by, due_by) and the time it was kept. After it, or escalated,
#               is "late". A next reply that was escalated counts against the resolution. Due dates are points
#               in time, business hours already in them, so they compare with any other time.
# Unanswered    resolved or closed, and nobody ever replied: "unresolved", and "late" if a reply was due. Without
#               `stats` and `conversations` nobody knows.
# Overdue       still open and escalated, or with status 2 past its due date as of the export: "late", at the due
#               date. While a ticket waits for the customer or a third party its due dates do not count.
# Automatic     messages with `auto_response` are neither replies nor questions.
# Outbound      source 10: the case begins with the customer's first message, and the due dates, which count from
#               yours, promise nothing.
# Phone, chat   source 3: whoever called was answered there and then, so there is no first reply. Source 7: what
#               was said in the chat is not in the ticket, so no reply there does not mean none.
# Reopened      the resolution failed: "incomplete". When that was first resolved is overwritten; that it had
#               failed was known at `reopened_at`, so there stands a record of its own, recovered by the
#               resolution, or by none while the ticket is still open.
# Ratings       100 is neutral: expected. Above it is expected or above, for the same 103 is the best of seven
#               steps and of three, and the row does not say how many there were. Below it is basic or below.
# Chased        two public messages of the customer in a row. Unknown without conversations.
# Left out      spam, deleted, merged (by the note that Freshdesk leaves, in English, in the conversation),
#               outbound without an answer, opened by staff (the requester is the agent who works on it), and
#               open while nothing is known or due yet. Samples are not marked.

def when($so; $signal): if $so then $signal else empty end;

# 11, "11", " 11 " and 11.0 are one id.
def one_id:
  if . == null then null
  else "\(.)" | trim | if endswith(".0") then .[:-2] else . end | if . == "" then null else . end end;

# Accounts may add channels of their own.
def channel:
  if . == 1 then "email" elif . == 2 then "portal" elif . == 3 then "phone" elif . == 7 then "chat"
  elif . == 9 then "widget" elif . == 10 then "outbound-email" elif . == 5 then "twitter"
  elif . == 6 then "facebook" elif . == 12 then "bot" elif . == 13 then "whatsapp"
  elif . == null then null else "source-\(.)" end;

# The answer to the question that every survey has; else to the only one. Several questions, none of them for
# the whole: no verdict. The API keys answers by their question, data pipelines make a list of them.
def overall:
  .ratings
  | (if type == "array" then map({key: .question, value: .value}) | from_entries else . // {} end)
  | if has("default_question") then .default_question elif length == 1 then .[] else null end;

def verdict_given:
  overall
  | if . == null then null
    else lookup("rating"; {
      "103": "expected-or-above", "102": "expected-or-above", "101": "expected-or-above", "100": "expected",
      "-101": "basic-or-below", "-102": "basic-or-below", "-103": "basic-or-below"}) end;

def answered_at: .updated_at // .created_at;

# A rating as a row of its own.
def rating: {
  id: "\(.ticket_id | one_id)-survey-\(.id | one_id)", at: answered_at, recipient: (column("user_id") | one_id),
  journey: "support", transaction: "ticket", point: "survey", stage: "end", relation: "external",
  provider: (.agent_id | one_id), team: (.group_id | one_id), verdict: verdict_given, said: .feedback
};

# The ratings joined into a ticket, oldest first.
def ratings:
  [(.satisfaction_rating, .satisfaction_ratings) | (if type == "array" then .[] else . end)
   | select(type == "object" and verdict_given != null)]
  | if length > 1 then sort_by(answered_at) else . end;

# The public messages up to the end, oldest first: the ticket itself (yours, if it went out by mail), then the
# conversation without notes, answers to a survey (6), mails forwarded to somebody else (8) and what no person
# wrote. Two thank-yous after the end chase nobody.
def messages($outbound; $ended_at):
  [{at: .created_at, customer: ($outbound | not)},
   (.conversations[]
    | select(.incoming != null and .private != true and .auto_response != true
             and .source != 6 and .source != 8)
    | {at: .created_at, customer: .incoming})]
  | map(select($ended_at == null or hours(.at; $ended_at) >= 0))
  | sort_by(.at);

# Walks through the messages. When was the first answer? Did the customer have to write again before an answer
# came, and was that before the first one or later? Nobody waits before the customer has written.
def talk:
  reduce .[] as $message ({};
    if $message.customer
    then (if .waiting and .answered_at then .chased_later = true
          elif .waiting then .chased_first = true
          else . end)
      | .waiting = true
    elif .waiting then (if .answered_at then . else .answered_at = $message.at end) | .waiting = false
    else . end);

# The time of a reply, unless it is that of an automatic one.
def by_person($conversations):
  . as $time
  | if $time == null or any($conversations[]?; .auto_response == true and .created_at == $time)
    then null else $time end;

# How a due date came out; nothing if there was none. The date moves while a ticket waits for the customer, so
# an escalation counts even where the date, as it now stands, was met.
def promise($due; $done; $escalated):
  if $escalated then "late"
  elif $due == null or $done == null then empty
  elif hours($due; $done) > 0 then "late"
  else "on-time" end;

# Of several promises one that was missed decides: "late" never stands beside "on-time".
def timely(facts):
  [facts] | if any(.[]; . == "late") then "late" elif length > 0 then "on-time" else empty end;

def past($due): $due != null and $as_of != null and hours($due; $as_of) > 0;

# Since when a promise of an open ticket has been broken.
def broken_at($due): $due // $as_of // .updated_at // .created_at;

def ticket:
  (column("id") | one_id) as $id
  | ((column("requester_id") | one_id) // "unknown requester of \($id)") as $recipient
  | (.responder_id | one_id) as $provider
  | (.group_id | one_id) as $team
  | (.source | channel) as $channel
  | .stats as $stats
  | .conversations as $conversations

  # 4 is resolved, 5 is closed. Whatever other numbers accounts add, the ticket is still under way.
  | column("status") as $status
  | (if $status | type == "number" then $status == 4 or $status == 5
     else error("status: cannot use \"\($status)\"; it should be a number like 4") end) as $over
  | (if $over then $stats.resolved_at // $stats.closed_at else null end) as $ended_at
  | $stats.reopened_at as $reopened_at
  | ($reopened_at != null
     and (($over | not) or ($ended_at != null and hours($reopened_at; $ended_at) > 0))) as $in_vain

  | (.source == 10) as $outbound
  | (if $conversations == null then {} else messages($outbound; $ended_at) | talk end) as $talk
  | (if $outbound | not then true
     elif $conversations != null then $talk.waiting != null
     else $stats.requester_responded_at as $asked_at
       | $asked_at != null and ($ended_at == null or hours($asked_at; $ended_at) >= 0) end) as $asked

  | (if $outbound then {} else {fr_due_by, fr_escalated, due_by, is_escalated} end) as $promised
  | ($promised.fr_due_by) as $reply_due
  | ($promised.due_by) as $due

  # Is it known whether, and when, somebody replied? To a mail of yours the times alone do not say.
  | (if $outbound then $talk.answered_at
     else ($stats.first_responded_at | by_person($conversations)) // $talk.answered_at end) as $replied_at
  | ($conversations != null
     or ($outbound | not) and ($stats | type == "object" and has("first_responded_at"))) as $shown
  | ($replied_at == null and $shown and .source != 7
     and ($outbound or ($stats.agent_responded_at | by_person($conversations)) == null)) as $unanswered

  | (if .source == 3 then null
     elif $replied_at != null
     then {at: $replied_at, signals: [promise($reply_due; $replied_at; $promised.fr_escalated),
                                      when($talk.chased_first; "chased")]}
     elif $over and $unanswered
     then {at: ($ended_at // .created_at),
           signals: [when($reply_due != null or $promised.fr_escalated; "late"), "unresolved",
                     when($talk.chased_first; "chased")]}
     elif $promised.fr_escalated or ($status == 2 and $unanswered and past($reply_due))
     then {at: broken_at($reply_due), signals: ["late", when($talk.chased_first; "chased")]}
     else null end) as $reply

  # The last word counts, if it was spoken after the resolution.
  | ratings as $ratings
  | [$ratings[-1:][]
     | select($over and ($ended_at == null or hours($ended_at; answered_at) >= 0))] as $judging

  | (if $over
     then {
       # Without its times the time the ticket began is the only one that is certain.
       at: ($ended_at // .created_at),
       signals: [
         timely(promise($due; $ended_at; $promised.is_escalated), when(.nr_escalated; "late")),
         when($reopened_at != null and ($in_vain | not); "incomplete"),
         when($talk.chased_later; "chased")
       ],
       recovers: (if $in_vain then "\($id)-first-resolution" else null end)
     }
     elif $promised.is_escalated or ($status == 2 and past($due))
     then {at: broken_at($due), signals: ["late", when($talk.chased_later; "chased")]}
     else null end) as $resolution

  | [
      (select($asked and $reply != null)
       | {
           id: "\($id)-first-reply", at: $reply.at, $recipient, journey: "support", transaction: "ticket",
           point: "first-reply", signals: $reply.signals, $channel, relation: "external", $provider, $team
         }),

      (select($asked and $in_vain)
       | {
           id: "\($id)-first-resolution", at: $reopened_at, $recipient, journey: "support",
           transaction: "ticket", point: "resolution", signals: ["incomplete"], $channel, stage: "end",
           relation: "external", $provider, $team
         }),

      (select($asked and $resolution != null)
       | ($judging[0] // {}) as $word
       | {
           id: "\($id)-resolution", at: $resolution.at, $recipient, journey: "support", transaction: "ticket",
           point: "resolution", signals: $resolution.signals, $channel, stage: "end", relation: "external",
           $provider, $team, verdict: ($word | verdict_given), said: $word.feedback,
           recovers: $resolution.recovers
         }),

      ((if $asked then $ratings - $judging else $ratings end)[]
       | {
           id: "\($id)-survey-\(.id | one_id)", at: answered_at, $recipient, journey: "support",
           transaction: "ticket", point: "survey", $channel, stage: "end", relation: "external", $provider,
           $team, verdict: verdict_given, said: .feedback
         })
    ]
  | if length > 0 then .[] elif $asked then left_out("open") else left_out("outbound") end;

# The note at the end of a ticket that lives on in another one.
def is_merge: .body_text | type == "string" and startswith("This ticket is closed and merged into ticket");

def either:
  if has("ticket_id") and has("ratings") then rating
  elif .spam then left_out("spam")
  elif .deleted then left_out("deleted")
  elif any(.conversations[]?; is_merge) then left_out("merged")
  elif (.requester_id | one_id) as $requester
       | $requester != null and $requester == (.responder_id | one_id) then left_out("opened by staff")
  else ticket end;

# A page of the API, as one row: a case that is left out leaves the others alone.
def page($cases): if $cases == [] then left_out("empty page") else $cases[] | apart(either) end;


if has("results") and (has("id") | not) then page(.results) else either end
