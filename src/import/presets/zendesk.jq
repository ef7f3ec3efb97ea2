# Zendesk tickets, from the JSON export or the API, and its surveys.
#
#   serveup import --from zendesk tickets.jsonl | serveup rate -
#
# Get the file in the Admin Center: Account > Tools > Reports > JSON export, one ticket a line, with or without
# the {"ticket": ...} around it. Pages of the API do as well, as they come: {"tickets": [...], "next_page": ...}
# with what is loaded beside them (users, metric_sets, comments, metric_events), and pages of survey_responses
# or satisfaction_ratings. A ticket may also bring its own `metric_set`, `comments`, `metric_events` and `slas`.
#
# first-reply   when the first public answer was given, or was due, or the ticket ended without one
# resolution    when the ticket was last solved; before it the one that failed, if it was reopened
# survey        a rating given before that: it cannot judge what had not happened yet; and every survey response
#
# Never answered  The replies are shown (metric set, comments, metric events), there is none, and the ticket is
#               over: first-reply is "unresolved", and "late" if it had a target. "chased" if they wrote again.
# Overdue       Still open when the target of the first reply, or one of the solution, has passed: "late". A due
#               date of a task that has passed is "promise-broken". As of --as-of, or the latest time in the file.
# Promises      "on-time" needs a target (metric events) or a due date; without one nothing is said. A target
#               missed is "late", and so is the reason "took too long". A target missed between first reply
#               and solution (for the next reply, the next update) counts against the resolution. Whether a target
#               was missed is what the breach says; only targets in calendar hours are counted out, and only
#               where no clock was paused.
# Reopened      the resolution failed: "incomplete". If the metric set tells when the ticket was first solved,
#               that is a record of its own, recovered by the last one, or by none while it is still open.
#               A rating of a reopened ticket without a time is a record of its own.
# Ratings       good says expected or above, bad says basic or below: how far is for the facts to say, so a bad
#               rating does not soften what was never resolved. Offered or unoffered is silence, and silence is
#               no verdict. Survey responses have two, three or five steps: the best of five says desired or
#               above, the best of fewer expected or above, neutral is expected. The reasons "took too long",
#               "not resolved" and "attitude" become signals; the account's own reasons do not.
# Chased        two public messages of the customer in a row. Unknown without comments: a ticket over 1 MB
#               comes without them. What a trigger, an automation or the system writes answers nobody.
# Opened by staff  for a customer (a call, an internal note first): no first reply, the resolution stands.
#               In writing, so that the company wrote first: outbound, or, once the customer answers, a case
#               that begins with that. Through the API nobody can tell: as for a call.
# Left out      deleted, merged (tag closed_by_merge), spam (tag spam), sample tickets, outbound, requests of
#               the staff's own, surveys without an answer, and open tickets of which nothing is due.
# People        11, "11" and 11.0 are one person; e-mail addresses are the same in capitals.

def person:
  if type == "number" then "\(.)" | rtrimstr(".0")
  elif type == "string" then known
    | if . == null then null elif contains("@") then ascii_downcase else rtrimstr(".0") end
  elif . == null then null
  else "\(.)" end;

def minutes_later($minutes): if $minutes == null then null else later($minutes / 60) end;

def when($so; $signal): if $so then $signal else empty end;

def within($begin; $end): $begin != null and $end != null and hours($begin; $end) >= 0;

# The API names people and groups by id, the export may spell them out.
def id_of($name): (.["\($name)_id"] // (.[$name] | if type == "object" then .id else null end)) | person;

def requester: .requester | if type == "object" then (.id // .email) else null end;

# Whether the channel is one where people speak or chat: answers may be in no comment, and in no metric.
def is_live: contains("phone") or contains("voice") or contains("chat") or contains("messaging");

def is_call: contains("phone") or contains("voice");

# The reasons that Zendesk offers, by code or by text. Accounts may have codes of their own for the same texts.
def signal_of($code; $text):
  if $code == "5" or $text == "The issue took too long to resolve" then "late"
  elif $code == "6" or $text == "The issue was not resolved" then "unresolved"
  elif $code == "8" or $text == "The agent's attitude is unsatisfactory" then "impolite"
  else empty end;

# Verdicts and said ----------------------------------------------------------------------------------------

def score: known(["offered", "unoffered"])
  | if . == null then null
    elif . == "good" then "expected-or-above"
    elif . == "bad" then "basic-or-below"
    else lookup("satisfaction score"; {good: 1, bad: 1, offered: 1, unoffered: 1}) end;

# A rating on its own, as /satisfaction_ratings gives it.
def rating:
  (.score | score) as $verdict
  | if $verdict == null then left_out("unanswered")
    else {
      id: "\(.ticket_id)-survey-\(.id)", at: (.updated_at // .created_at),
      recipient: (column("requester_id") | person),
      journey: "support", transaction: "ticket", point: "survey",
      signals: [signal_of("\(.reason_id)"; .reason)],
      stage: "end", relation: "external", provider: id_of("assignee"), team: id_of("group"),
      verdict: $verdict, said: .comment
    } end;

# What a rating on a scale says. How many steps it had is in the question, if the question has its options.
# Zendesk has scales of two, three and five: a 4 or 5 is of five, and so is a 3 that is not good.
def step($rating; $category; $steps):
  if $steps != null then verdict($rating; $steps)
  elif $rating > 3 then verdict($rating; 5)
  elif $rating == 3 and $category != null and $category != "good" then "expected"
  elif $category == null then (if $rating == 1 then "basic-or-below" else null end)
  elif $category == "good" then "expected-or-above"
  elif $category == "neutral" then "expected"
  else ($category | lookup("rating_category"; {good: null, neutral: null, bad: "basic-or-below"})) end;

# A survey response. A ticket may have several, one after each solution.
def survey_response:
  first(.answers[]? | select(.rating != null)) as $answer
  | first((.subjects[]? | select("\(.type)" | endswith("ticket")) | .id),
          (.subject_zrns[]? | select(contains(":ticket:")) | split(":")[-1]), null) as $ticket
  | (column("id") | tostring) as $id
  | {
      id: (if $ticket == null then "survey-\($id)" else "\($ticket)-survey-\($id)" end),
      at: ($answer.updated_at // $answer.created_at),
      recipient: ((.responder_id | person) // "unknown responder of \($id)"),
      journey: "support", transaction: "ticket", point: "survey",
      signals: [
        .answers[]? | .question.options as $options | .selections[]? | .option_id as $chosen
        | $options[]? | select(.id == $chosen) | signal_of(""; .label.value)
      ],
      stage: "end", relation: "external",
      verdict: step($answer.rating | tonumber; $answer.rating_category; [$answer.question.options[]?.rating] | max),
      said: first((.answers[]? | .value, .comment | known | select(type == "string")), null)
    };

def survey:
  if any(.answers[]?; .rating != null) then first(survey_response) else left_out("unanswered") end;

# Promises -------------------------------------------------------------------------------------------------

# The API gives the events of a ticket as an object with a list for each metric, the export of events gives
# one list. A breach that is deleted never came.
def events: [.metric_events | (if type == "object" then .[] else . end) | .[]? | select(.deleted | not)];

def has_target: .type == "apply_sla" and .sla.target != null;

def of_first_reply: .metric == "reply_time" and .instance_id == 1;

def of_solution:
  .metric == "resolution_time" or .metric == "requester_wait_time" or .metric == "agent_work_time";

# Of next replies and updates: a breach makes the solution late; that they were kept does not make it on time.
def between:
  .metric == "reply_time" or .metric == "periodic_update_time" or .metric == "pausable_update_time";

# What the events say, in words.
def marks:
  map((if of_first_reply then "reply " elif of_solution then "solution " elif between then "between " else "" end)
      + (if has_target then "target" else .type end));

# How a target came out, by its marks; nothing if there was none.
def outcome($marks; $of):
  if $marks == [] then empty
  elif $marks | index($of + " breach") then "late"
  elif $marks | index($of + " target") then "on-time"
  else empty end;

# Since when a target of a ticket still open has been missed: the time of the breach. Or the target counted
# out, if it is one of calendar hours, and its clock is never paused.
def overdue_since(of; $created_at):
  . as $events
  | ([.[] | select(of and has_target)][-1] | if . == null then null
     elif .sla.business_hours == false and (.metric == "reply_time" or .metric == "resolution_time")
     then . as $applied
       | first($events[] | select(.type == "activate" and .metric == $applied.metric
                                  and .instance_id == $applied.instance_id) | .time) // $created_at
       | later($applied.sla.target / 60)
     else null end) as $due
  | ($events[] | select(of and .type == "breach") | .time // $due // $as_of // $created_at
     | select($as_of == null or within(.; $as_of))),
    ($due | select(within(.; $as_of)));

# The same by the targets loaded beside an open ticket (include=slas): their clocks run while they are active.
def active_target(of): .slas.policy_metrics[]? | select(.stage == "active" and of);

def breached(of): active_target(of) | .breach_at | select(within(.; $as_of));

# A due date without a time of day is kept by anything on that day.
def is_day: length == 10;

def kept($solved_at):
  if . == null or $solved_at == null then empty
  elif is_day then (if days_between(.; $solved_at) > 0 then "late" else "on-time" end)
  elif hours(.; $solved_at) > 0 then "late"
  else "on-time" end;

def is_broken: . != null and $as_of != null and kept($as_of) == "late";

# Of several promises one that was missed decides: "late" never stands beside "on-time".
def timely(facts):
  [facts] | if any(.[]; . == "late") then "late" elif length > 0 then "on-time" else empty end;

# The talk -------------------------------------------------------------------------------------------------

# All messages, oldest first: when, and by whom, "c" for the customer (people in copy of the mails write for them,
# too), "a" for an agent, "b" for what was sent automatically, "n" for an internal note.
def messages(role):
  [.comments[]? | {
     at: .created_at,
     by: ((.author_id | person) as $author
          | if .public | not then "n"
            elif .via.channel == "rule" or $author == "-1" then "b"
            elif $author | role == "end-user" then "c"
            else "a" end)
   }]
  | sort_by(.at);

# Those of people, until the end: two thank-yous after it chase nobody.
def talk_until($end):
  map(select(.by == "c" or .by == "a"))
  | if $end == null or . == [] or within(.[-1].at; $end) then . else map(select(within(.at; $end))) end;

# When was the first answer to the customer? Did they have to write again before it came, and later? An agent who
# opens the ticket answers nobody.
def talk:
  (map(.by) | add // "" | split("a") | map(length)) as $turns
  | ([$turns[] > 0] | index(true)) as $first
  | if $first == null then {}
    else {
      answered_at: .[$first + $turns[$first]].at,
      chased_first: ($turns[$first] > 1),
      chased_later: any($turns[$first + 1:][]; . > 1)
    } end;

# Who began: the customer; the staff, for the customer ("behalf"); or the company, in writing ("outbound").
def began($requester; role; $first):
  id_of("submitter") as $submitter
  | (.via.channel // "") as $channel
  | if $submitter == $requester
       or (if $first == null then $submitter == null or ($submitter | role) == "end-user" else $first == "c" end)
    then "customer"
    elif $first == null or $first == "n" or ($channel | is_call) or $channel == "api"
    then "behalf"
    else "outbound" end;

# The ticket -----------------------------------------------------------------------------------------------

def is_over: column("status")
  | if . == "solved" or . == "closed" then true
    elif . == "new" or . == "open" or . == "pending" or . == "hold" then false
    else lookup("status"; {new: 1, open: 1, pending: 1, hold: 1, solved: 1, closed: 1, deleted: 1}) end;

# Why a ticket is no service to a customer.
def no_service($requester; role):
  (.via.channel // "") as $channel
  | first(
      (.tags[]? | if . == "closed_by_merge" then "merged" elif . == "spam" then "spam" else empty end),
      when($channel | startswith("sample"); "test"),
      when(.via.source.rel == "outbound" or ($channel | endswith("outbound")); "outbound"),
      when($channel == "side_conversation" or ($requester | role) != "end-user"
           or ($requester != null and $requester == id_of("assignee")); "opened by staff"),
      null);

# All that a ticket gives.
def moments($id; $requester; role):
  is_over as $over
  | .created_at as $created_at
  | .metric_set as $metrics
  | events as $events
  | ($events | marks) as $marks
  | messages(role) as $messages
  | began($requester; role; first($messages[].by | select(. != "b")) // null) as $began
  | (.via.channel // "" | is_live) as $live

  | (if $over
     then $metrics.solved_at // ($created_at | minutes_later($metrics.full_resolution_time_in_minutes.calendar))
     else null end) as $solved_at

  # Reopened: is it known when it was solved in vain? The metric set counts whole minutes.
  | (($metrics.reopens // 0) > 0) as $reopened
  | (if $reopened then $created_at | minutes_later($metrics.first_resolution_time_in_minutes.calendar)
     else null end) as $first_solved_at
  | ($first_solved_at != null
     and (($over | not) or ($solved_at != null and hours($first_solved_at; $solved_at) * 60 >= 1))) as $in_vain

  | ($messages | talk_until($solved_at) | talk) as $talk
  | if $began == "outbound" and $talk == {} then left_out("outbound") else . end
  | any($messages[]; .by == "b") as $automatic

  # Messaging has seconds and no minutes. Neither knows an automatic answer from another.
  | (if $began == "behalf" then null
     elif $began == "outbound" or $automatic then $talk.answered_at
     else ($created_at | minutes_later($metrics.reply_time_in_minutes.calendar))
          // ($metrics.reply_time_in_seconds.calendar as $seconds
              | if $seconds == null then null else ($created_at | minutes_later($seconds / 60)) end)
          // $talk.answered_at
          // first($events[] | select(of_first_reply and .type == "fulfill") | .time)
          // null
     end) as $replied_at

  # Is it shown that nobody answered?
  | ($replied_at == null and $began != "behalf"
     and if $live or .from_messaging_channel == true
         then $metrics.reply_time_in_seconds != null and ($metrics.replies // 0) == 0
         elif $automatic or $began == "outbound" then $talk != {}
         else ($metrics.replies // 0) == 0 and $metrics.reply_time_in_minutes.business == null
              and ($talk != {} or $metrics.replies != null or $metrics.reply_time_in_minutes != null
                   or any($marks[]; . == "reply activate" or . == "reply breach")
                   or any(active_target(.metric == "first_reply_time"); true))
         end) as $silent

  | (.satisfaction_rating.score | score) as $verdict
  | (.satisfaction_rating.updated_at // .satisfaction_rating.created_at) as $rated_at
  | (if $verdict == null then [] else [.satisfaction_rating | signal_of("\(.reason_id)"; .reason)] end) as $reasons
  | ($over and (if $rated_at == null or $solved_at == null then $reopened | not
                else within($solved_at; $rated_at) end)) as $judges

  | {
      recipient: $requester, journey: "support", transaction: "ticket", channel: .via.channel,
      relation: "external", provider: id_of("assignee"), team: id_of("group")
    } as $ticket

  | (if $replied_at != null
     then {at: $replied_at, signals: [outcome($marks; "reply")]}
     elif $silent and $over
     then {at: ($solved_at // $created_at), signals: [outcome($marks; "reply") | "late"]}
     elif $silent
     then first(($events | overdue_since(of_first_reply; $created_at)),
                breached(.metric == "first_reply_time"), null)
          | if . == null then null else {at: ., signals: ["late"]} end
     else null end) as $reply
  | ($reply // empty
     | $ticket + {
         id: "\($id)-first-reply", at, point: "first-reply",
         signals: (.signals + [
           when($talk.chased_first; "chased"),
           when($silent and $over; "unresolved")
         ])
       }),

    (select($in_vain)
     | $ticket + {
         id: "\($id)-first-resolution", at: $first_solved_at, point: "resolution", stage: "end",
         signals: ["incomplete"]
       }),

    (select($over)
     | (if $judges then $reasons else [] end) as $reasons
     | $ticket + {
         # Without a metric set the time the ticket began is the only one that is certain.
         id: "\($id)-resolution", at: ($solved_at // $created_at), point: "resolution", stage: "end",
         signals: [
           timely(outcome($marks; "solution"),
                  (outcome($marks; "between") | select(. == "late")),
                  (.due_at | kept($solved_at)),
                  ($reasons[] | select(. == "late"))),
           when($reopened and ($in_vain | not); "incomplete"),
           when($talk.chased_later or ($talk.chased_first and $began == "behalf"); "chased"),
           ($reasons[] | select(. != "late"))
         ],
         recovers: (if $in_vain then "\($id)-first-resolution" else null end)
       }
     + (if $verdict != null and $judges
        then {verdict: $verdict, said: .satisfaction_rating.comment}
        else {} end)),

    (select($over | not)
     | first(($events | overdue_since(of_solution; $created_at)),
             breached(.metric == "total_resolution_time" or .metric == "requester_wait_time"
                      or .metric == "agent_work_time"), null) as $late_since
     | (.due_at | is_broken) as $broken
     | select($late_since != null or $broken)
     | $ticket + {
         id: "\($id)-resolution", at: ([$late_since, (.due_at | select($broken))] | map(select(. != null)) | min),
         point: "resolution", stage: "end",
         signals: [when($late_since != null; "late"), when($broken; "promise-broken")]
       }),

    (select($verdict != null and ($judges | not))
     | $ticket + {
         id: "\($id)-survey", at: ($rated_at // .updated_at), point: "survey", stage: "end", signals: $reasons,
         verdict: $verdict, said: .satisfaction_rating.comment
       });

# A ticket, with what is known of people: $users tells the role of each.
def ticket($users):
  (column("id") | person) as $id
  | if .status == "deleted" then left_out("deleted")
    else (requester // column("requester_id") | person) as $requester
      | ({"\($requester)": (.requester | if type == "object" then .role else null end // "end-user")}
         + ((.email_cc_ids // []) | map({"\(person)": "end-user"}) | add)) as $customers
      | def role: "\(.)" as $who | $users[$who] // $customers[$who];
        no_service($requester; role) as $why
      | if $why != null then left_out($why)
        else [moments($id; $requester; role)]
          | if . == [] then left_out("open") else .[] end
        end
    end;

# A page ---------------------------------------------------------------------------------------------------

def by_ticket(rows): reduce rows as $each ({}; .["\($each.ticket_id)"] += [$each]);

# A page of the API: its tickets, joined with what is loaded beside them. A ticket that comes twice counts as it
# came last. A survey response says more than the good or bad that the ticket keeps of it. What is left out of a
# page leaves the rest of it alone.
def page:
  (reduce .users[]? as $user ({}; .["\($user.id)"] = $user.role)) as $users
  | by_ticket(.metric_sets[]?, .ticket_metrics[]?) as $metrics
  | by_ticket(.metric_events[]?, .ticket_metric_events[]?) as $events
  | by_ticket(.comments[]?) as $comments
  | [.survey_responses[]?, (.survey_response // empty) | apart(survey)] as $surveys
  | (reduce ($surveys[] | select(.id)) as $survey ({}; .[$survey.id | split("-survey-")[0]] = true)) as $surveyed
  | def all:
      $surveys[],
      (.satisfaction_ratings[]? | apart(rating)),
      ((reduce ((.ticket // empty), .tickets[]?, (.results[]? | select(.result_type == "ticket")))
          as $ticket ({}; .["\($ticket.id)"] = $ticket))[]
       | "\(.id)" as $id
       | .metric_set = (.metric_set // $metrics[$id][0])
       | .metric_events = (.metric_events // $events[$id])
       | .comments = (.comments // $comments[$id])
       | if $surveyed[$id] then .satisfaction_rating = null else . end
       | apart(ticket($users)));
    if isempty(all) then left_out("empty page") else all end;


if .status then ticket({})
elif .tickets or .results or .ticket or .survey_responses or .survey_response or .satisfaction_ratings then
  if length == 1 and .ticket then .ticket | ticket({}) else page end
elif .answers then survey
elif .score then rating
else ticket({}) end
