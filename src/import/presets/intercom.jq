# Intercom conversations, as its API gives them: a JSON array, or one conversation a line.
#
#   serveup import --from intercom conversations.jsonl | serveup rate -
#
# Fetch them one by one (GET /conversations/ID): lists and searches leave out the parts, which hold what was
# said. Times are seconds since 1970, so no zone is needed.
#
# first-reply   when a teammate, or the AI agent, first answered
# resolution    when the conversation was last closed; before it the one that failed, if it was reopened
# survey        a rating given before that: it cannot judge what had not happened yet
#
# Promises      only where a service level was applied: hit is "on-time", missed "late", both for the
#               resolution, because Intercom does not tell which target it was. Active and cancelled say
#               nothing: a target that passed in silence reads active until a teammate answers.
# Reopened      the resolution failed: "incomplete". Where the first and the last close differ, the first is a
#               record of its own, recovered by the last one, or by none while the conversation is still open.
#               (Intercom counts a thank-you after the end as a reopening, too.)
# Ratings       1 and 2 say basic or below, 3 expected, 4 expected or above, 5 desired or above: how far below
#               or above is for the facts to say. Asked and not answered is silence, no verdict.
# Chased        two messages of the customer in a row. Notes are not public, and an automatic "we will be back
#               soon" is no answer; what the AI agent writes is one. Unknown without the parts.
# Left out      conversations not closed (but for their first reply), and messages of yours nobody replied to.

def text: if . == null then null else "\(.)" end;

def when($so; $signal): if $so then $signal else empty end;

def time: if . == null then null else todate end;

# Nobody assigned is null in some versions of the API, 0 in others.
def assigned: if . == 0 then null else text end;

# The API wraps lists in an object; data pipelines unpack them.
def list($name): if type == "object" then .[$name] else . end // [];

def record($point): {
  journey: "support", transaction: "conversation", point: $point,
  # Who wrote first stands in where no contact is named.
  recipient: ((.contacts | list("contacts") | .[0].id) // .source.author.id | text),
  channel: .source.type, relation: "external",
  provider: (.admin_assignee_id | assigned), team: (.team_assignee_id | assigned)
};

# What was said in public, oldest first: the message it began with, then the parts with a text in them. A bot
# that is not the AI agent only says that somebody will answer.
def messages:
  [(.source | .created_at = null),
   (.conversation_parts | list("conversation_parts") | .[]
    | select((.body // "") != "" and ("\(.part_type)" | test("note") | not)))
   | select(.author.type != "bot" or .author.from_ai_agent)
   | {at: .created_at, customer: (.author.type == "user" or .author.type == "lead")}]
  | sort_by(.at);

# Walks through the messages. When was the first answer? Did the customer have to write again before an answer
# came, and was that before the first one or later? A message of yours that opens it all answers nobody.
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

def service_level:
  .sla_applied.sla_status | known(["active", "cancelled"])
  | if . == null then empty else lookup("sla_status"; {hit: "on-time", missed: "late"}) end;


column("id") as $id
| (column("state") | lookup("state"; {open: "open", snoozed: "open", closed: "closed"})) as $state
| ($state == "closed") as $closed
| .statistics as $times

# A message to many that nobody replied to is no request, and closing it serves nobody.
| select((.source.author.type == "admin" or .source.author.type == "bot") and $times != null
         and $times.first_contact_reply_at == null | not)

| (if $closed then $times.last_close_at else null end) as $closed_at
| (($times.count_reopens // 0) > 0) as $reopened
| ($reopened and $times.first_close_at != null
   and (($closed | not) or ($closed_at != null and $times.first_close_at < $closed_at))) as $in_vain

# Two thank-yous after the end chase nobody.
| (messages | map(select($closed_at == null or .at == null or .at <= $closed_at)) | talk) as $talk
| ($talk.answered_at // $times.first_admin_reply_at) as $replied_at

# `created_at` of a rating is when it was asked for, `updated_at` when it was last given.
| (.conversation_rating | .updated_at // .created_at) as $rated_at
| {verdict: (.conversation_rating.rating | verdict(5)), said: .conversation_rating.remark} as $rating
| ($rating.verdict != null and $closed
   and ($closed_at == null or $rated_at == null or $rated_at >= $closed_at)) as $judges

| (select($replied_at != null)
   | record("first-reply") + {
       id: "\($id)-first-reply", at: ($replied_at | time), signals: [when($talk.chased_first; "chased")]
     }),

  (select($in_vain)
   | record("resolution") + {
       id: "\($id)-first-resolution", at: ($times.first_close_at | time), stage: "end",
       signals: ["incomplete"]
     }),

  (select($closed)
   | record("resolution") + {
       # Without statistics the time it began is the only one that is certain.
       id: "\($id)-resolution", at: ($closed_at // .created_at | time), stage: "end",
       signals: [
         service_level,
         when($reopened and ($in_vain | not); "incomplete"),
         when($talk.chased_later; "chased")
       ],
       recovers: (if $in_vain then "\($id)-first-resolution" else null end)
     } + (if $judges then $rating else {} end)),

  (select($rating.verdict != null and ($judges | not))
   | record("survey") + $rating + {
       id: "\($id)-survey", at: ($rated_at // .updated_at | time), stage: "end"
     })
