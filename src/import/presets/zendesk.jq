# Zendesk tickets, from the JSON export: one ticket a line, with or without the {"ticket": ...} around it.
#
#   serveup import --from zendesk tickets.jsonl | serveup rate -
#
# Get the file in the Admin Center: Account > Tools > Reports > JSON export. Its times are UTC. Tickets from
# the API do as well; put into each of them its `metric_set` (times, reopens), its `comments`, and where you
# have targets its `metric_events`.
#
# first-reply   when the first public answer was given
# resolution    when the ticket was last solved; before it the one that failed, if it was reopened
# survey        a rating given before that: it cannot judge what had not happened yet
#
# Promises      "on-time" needs a target (metric events) or a due date; without one nothing is said. A target
#               missed is "late", and so is the reason "took too long". A target missed between first reply
#               and solution (for the next reply, the next update) counts against the resolution.
# Reopened      the resolution failed: "incomplete". If the metric set tells when the ticket was first solved,
#               that is a record of its own, recovered by the last one, or by none while it is still open.
# Ratings       good says expected or above, bad says basic or below: how far is for the facts to say, so a bad
#               rating does not soften what was never resolved. Offered or unoffered is silence, and silence is
#               no verdict. The reasons 5, 6 and 8 become signals; the account's own reasons do not.
# Chased        two public messages of the customer in a row. Unknown without comments: a ticket over 1 MB
#               comes without them.
# Left out      tickets not solved (but for their first reply), deleted ones, and the end of merged ones.

def text: if . == null then null else "\(.)" end;

def when($so; $signal): if $so then $signal else empty end;

def minutes_later($minutes): later(if $minutes == null then null else $minutes / 60 end);

# The API names people and groups by id, the export may spell them out.
def requester: if .requester | type == "object" then .requester.id else column("requester_id") end;

def id_of($name): .["\($name)_id"] // (.[$name] | if type == "object" then .id else null end);

# What all records of a ticket have in common.
def record($point): {
  journey: "support", transaction: "ticket", point: $point,
  recipient: (requester | text), channel: .via.channel, relation: "external",
  provider: (id_of("assignee") | text), team: (id_of("group") | text)
};

# The public messages, oldest first. People in copy of the mails write for the customer, too.
def messages:
  ([requester] + (.email_cc_ids // [])) as $customers
  | [.comments[]? | select(.public) | .author_id as $author
     | {at: .created_at, customer: any($customers[]; . == $author)}]
  | sort_by(.at);

# Walks through the messages. When was the first answer? Did the customer have to write again before an answer
# came, and was that before the first one or later? An agent who opens the ticket answers nobody.
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

# How a target came out, by its events; nothing if there was none. The API gives the events of a ticket as an
# object with a list for each metric, the export of events gives one list.
def outcome(of):
  [.metric_events | (if type == "object" then .[] else . end) | .[]? | select(of and (.deleted | not))]
  | if any(.[]; .type == "breach") then "late"
    elif any(.[]; .type == "apply_sla" and .sla.target != null) then "on-time"
    else empty end;

def reply_target: outcome(.metric == "reply_time" and .instance_id == 1);

def solution_target:
  outcome(.metric == "resolution_time" or .metric == "requester_wait_time" or .metric == "agent_work_time");

# A breach of these makes it late; that they were kept does not make the solution on time.
def between_target:
  outcome((.metric == "reply_time" and .instance_id > 1)
          or .metric == "periodic_update_time" or .metric == "pausable_update_time")
  | select(. == "late");

def due($solved_at):
  hours(.due_at; $solved_at) | if . == null then empty elif . > 0 then "late" else "on-time" end;

# Of several promises one that was missed decides: "late" never stands beside "on-time".
def timely(facts):
  [facts] | if any(.[]; . == "late") then "late" elif length > 0 then "on-time" else empty end;

def reason: {"5": "late", "6": "unresolved", "8": "impolite"}["\(.satisfaction_rating.reason_id)"] // empty;


(.ticket // .)
| column("id") as $id
| (column("status") | lookup("status"; {
    new: "open", open: "open", pending: "open", hold: "open", solved: "solved", closed: "solved",
    deleted: "deleted"})) as $status
| select($status != "deleted")

# A merged ticket is closed because it lives on in another one; nothing was solved here.
| ($status == "solved" and (any(.tags[]?; . == "closed_by_merge") | not)) as $solved

| .metric_set as $metrics
| (.created_at | minutes_later($metrics.reply_time_in_minutes.calendar)) as $replied_at
| (.created_at | minutes_later($metrics.first_resolution_time_in_minutes.calendar)) as $first_solved_at
| (if $solved
   then $metrics.solved_at // (.created_at | minutes_later($metrics.full_resolution_time_in_minutes.calendar))
   else null end) as $solved_at

# Reopened: is it known when it was solved in vain? The metric set counts whole minutes.
| (($metrics.reopens // 0) > 0) as $reopened
| ($reopened and $first_solved_at != null
   and (($solved | not)
        or ($solved_at != null and hours($first_solved_at; $solved_at) * 60 >= 1))) as $in_vain

# Two thank-yous after the end chase nobody.
| (messages | map(select($solved_at == null or hours(.at; $solved_at) >= 0)) | talk) as $talk

| (.satisfaction_rating.score | known(["offered", "unoffered"])
   | lookup("satisfaction score"; {good: "expected-or-above", bad: "basic-or-below"})) as $verdict
| (.satisfaction_rating.updated_at // .satisfaction_rating.created_at) as $rated_at
| {verdict: $verdict, said: .satisfaction_rating.comment} as $rating
| ($verdict != null and $solved
   and ($solved_at == null or $rated_at == null or hours($solved_at; $rated_at) >= 0)) as $judges

| (select($replied_at != null or $talk.answered_at != null)
   | record("first-reply") + {
       id: "\($id)-first-reply", at: ($replied_at // $talk.answered_at),
       signals: [reply_target, when($talk.chased_first; "chased")]
     }),

  (select($in_vain)
   | record("resolution") + {
       id: "\($id)-first-resolution", at: $first_solved_at, stage: "end", signals: ["incomplete"]
     }),

  (select($solved)
   | [when($judges; reason)] as $reasons
   | record("resolution") + {
       # Without a metric set the time the ticket began is the only one that is certain.
       id: "\($id)-resolution", at: ($solved_at // .created_at), stage: "end",
       signals: [
         timely(solution_target, between_target, due($solved_at), ($reasons[] | select(. == "late"))),
         when($reopened and ($in_vain | not); "incomplete"),
         when($talk.chased_later; "chased"),
         ($reasons[] | select(. != "late"))
       ],
       recovers: (if $in_vain then "\($id)-first-resolution" else null end)
     } + (if $judges then $rating else {} end)),

  (select($verdict != null and ($judges | not))
   | record("survey") + $rating + {
       id: "\($id)-survey", at: ($rated_at // .updated_at), stage: "end", signals: [reason]
     })
