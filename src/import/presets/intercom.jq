# Intercom conversations, as its API gives them: a JSON array, one conversation a line, or pages of its lists.
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
#               nothing: a target that passed in silence reads active until a teammate answers. The mark is
#               Intercom's own, so office hours are never compared with the clock.
# Unanswered    closed, and nobody ever replied: "unresolved". Known from the parts, if all are there, or from
#               the statistics, unless the AI agent took part, whose answers they leave out.
# Overdue       still open and missed: the resolution is "late", as of the export. Due dates are not shown.
# Automatic     what bots write is no reply, but for the AI agent (`from_ai_agent`).
# Calls         source.type phone_call: whoever called was answered there and then, so there is no first reply.
# Your messages messages to one or many (delivered_as admin_initiated, automated, campaigns_initiated,
#               operator_initiated): the case begins with the customer's first message.
# Reopened      the resolution failed: "incomplete". Where the first and the last close differ, the first is a
#               record of its own, recovered by the last one, or by none while the conversation is still open.
#               (Intercom counts a thank-you after the end as a reopening, too.)
# Ratings       1 and 2 say basic or below, 3 expected, 4 expected or above, 5 desired or above: how far below
#               or above is for the facts to say. Asked and not answered is silence, no verdict.
# Chased        two messages of the customer in a row. Notes are not public. Unknown without the parts.
# Left out      messages of yours nobody replied to (outbound, or proactive: automated or to many), and open
#               while nothing is known. Spam, merged and deleted conversations are not marked.

def when($so; $signal): if $so then $signal else empty end;

def time: if type == "number" then todate else instant("%s") end;

# 11, "11", " 11 " and 11.0 are one id.
def one_id:
  if . == null then null
  else "\(.)" | trim | if endswith(".0") then .[:-2] else . end | if . == "" then null else . end end;

# Nobody assigned is null in some versions of the API, 0 in others.
def assigned: one_id | if . == "0" then null else . end;

# The API wraps lists in an object; data pipelines unpack them.
def list($name): if type == "object" then .[$name] else . end // [];

def by_customer: .author.type | . == "user" or . == "lead" or . == "contact";

# What was said in public up to the end, oldest first: the message it began with, then the parts with a text in
# them. A bot that is not the AI agent only says that somebody will answer. Two thank-yous after the end chase
# nobody.
def messages($parts; $began_at; $ours; $closed_at):
  [(if $ours then empty else {at: $began_at, customer: true} end),
   ($parts[]
    | select((.body // "") != "" and ("\(.part_type)" | test("note") | not)
             and (.author.type != "bot" or .author.from_ai_agent)
             and ($closed_at == null or .created_at == null or .created_at <= $closed_at))
    | {at: .created_at, customer: by_customer})]
  | sort_by(.at);

# Walks through the messages. When was the first answer? Did the customer have to write again before an answer
# came, and was that before the first one or later? Nobody waits before the customer has written.
def talk:
  reduce .[] as $message ({};
    if $message.customer
    then (if .waiting and .answered_at then .chased_later = true
          elif .waiting then .chased_first = true
          else .asked_at = (.asked_at // $message.at) end)
      | .waiting = true
    elif .waiting then (if .answered_at then . else .answered_at = $message.at end) | .waiting = false
    else . end);

# Who wrote first: nothing if the customer did.
def first_word($source):
  $source.delivered_as as $how
  | if $how == "customer_initiated" then null
    elif $how == "admin_initiated" then "outbound"
    elif $how == "automated" or $how == "campaigns_initiated" or $how == "operator_initiated" then "proactive"
    else $source.author.type
      | if . == "bot" then "proactive" elif . == "admin" or . == "team" then "outbound" else null end
    end;

def service_level:
  .sla_applied.sla_status
  | if . == null then null
    else lookup("sla_status"; {hit: "on-time", missed: "late", active: null, cancelled: null}) end;

def conversation:
  (column("id") | one_id) as $id
  | (column("state")
     | if . == "closed" then true elif . == "open" or . == "snoozed" then false
       else lookup("state"; {open: false, snoozed: false, closed: true}) end) as $closed
  | .statistics as $times
  | (.source // .conversation_message) as $source
  | first_word($source) as $ours
  | (if $closed then $times.last_close_at else null end) as $closed_at
  | (.created_at
     | if . == null or type == "number" then .
       else error("created_at: cannot use \"\(.)\"; it should be seconds since 1970") end) as $began_at

  # At most 500 parts come along; with some of them missing the talk is not known.
  | (.conversation_parts | if . == null then null else list("conversation_parts") end) as $parts
  | ($parts != null
     and (.conversation_parts | type == "array" or (.total_count // 0) <= ($parts | length))) as $complete
  | (if $parts == null then {} else messages($parts; $began_at; $ours; $closed_at) | talk end) as $talk

  # Since when the customer has been waiting, and until when. A reply to one who had not written is none.
  | (if $ours then $talk.asked_at // $times.first_contact_reply_at // .first_contact_reply.created_at
     else $began_at end) as $asked_at
  | ([$talk.answered_at, ($times.first_admin_reply_at | select(. != null and $asked_at != null and . >= $asked_at))]
     | map(values) | min) as $replied_at
  | ($replied_at == null
     and ($complete
          or ($times | type == "object" and has("first_admin_reply_at")) and .ai_agent_participated != true)
     and ($times.time_to_admin_reply == null or $complete)) as $unanswered

  | (($times.count_reopens // 0) > 0) as $reopened
  | ($reopened and $times.first_close_at != null
     and (($closed | not) or ($closed_at != null and $times.first_close_at < $closed_at))) as $in_vain

  # `created_at` of a rating is when it was asked for, `updated_at` when it was last given.
  | .conversation_rating as $rating
  | ($rating.updated_at // $rating.created_at) as $rated_at
  | ($rating.rating | if . == null then null else verdict(5) end) as $verdict
  | ($verdict != null and $closed and $asked_at != null
     and ($closed_at == null or $rated_at == null or $rated_at >= $closed_at)) as $judges

  | service_level as $level
  | ((.contacts | list("contacts") | .[0].id | one_id)
     // (if $ours then null else $source.author.id | one_id end)
     // (.user.id | one_id) // "unknown contact of conversation \($id)") as $recipient
  | ($source.type) as $channel
  | ((.admin_assignee_id | assigned) // (.assignee | if .type == "admin" then .id | assigned else null end))
    as $provider
  | ((.team_assignee_id | assigned) // (.assignee | if .type == "team" then .id | assigned else null end)) as $team

  | (if $channel == "phone_call" then null
     elif $replied_at != null then {at: $replied_at, signals: [when($talk.chased_first; "chased")]}
     elif $closed and $unanswered
     then {at: ($closed_at // $began_at), signals: ["unresolved", when($talk.chased_first; "chased")]}
     else null end) as $reply

  | [
      (select($asked_at != null and $reply != null)
       | {
           id: "\($id)-first-reply", at: ($reply.at | time), $recipient, journey: "support",
           transaction: "conversation", point: "first-reply", signals: $reply.signals, $channel,
           relation: "external", $provider, $team
         }),

      (select($asked_at != null and $in_vain)
       | {
           id: "\($id)-first-resolution", at: ($times.first_close_at | time), $recipient, journey: "support",
           transaction: "conversation", point: "resolution", signals: ["incomplete"], $channel, stage: "end",
           relation: "external", $provider, $team
         }),

      (select($asked_at != null and ($closed or $level == "late"))
       | {
           # Without statistics the time it began is the only one that is certain.
           id: "\($id)-resolution",
           at: (if $closed then $closed_at // $began_at | time else $as_of // (.updated_at | time) end),
           $recipient, journey: "support", transaction: "conversation", point: "resolution",
           signals: [
             ($level | values),
             when($closed and $reopened and ($in_vain | not); "incomplete"),
             when($talk.chased_later; "chased")
           ],
           $channel, stage: "end", relation: "external", $provider, $team,
           verdict: (if $judges then $verdict else null end), said: (if $judges then $rating.remark else null end),
           recovers: (if $closed and $in_vain then "\($id)-first-resolution" else null end)
         }),

      (select($verdict != null and ($judges | not))
       | {
           id: "\($id)-survey", at: ($rated_at // .updated_at | time), $recipient, journey: "support",
           transaction: "conversation", point: "survey", $channel, stage: "end", relation: "external",
           $provider, $team, $verdict, said: $rating.remark
         })
    ]
  | if length > 0 then .[] elif $asked_at != null then left_out("open") else left_out($ours // "open") end;

# A page of the API, as one row: a case that is left out leaves the others alone.
def page($cases): if $cases == [] then left_out("empty page") else $cases[] | apart(conversation) end;


if has("conversations") and (has("id") | not) then page(.conversations) else conversation end
