# Jira Service Management issues, as the REST API gives them: whole answers {"issues": [...]}, or one issue a line.
#
#   serveup import --from jira issues.json | serveup rate -
#
# Get them with GET /rest/api/3/search/jql?fields=*all (or /rest/api/2/search), with expand=names if the service
# levels have names of their own, and properties=request.channel.type for the channel. The satisfaction of a
# request may be joined in as `feedback`, its comments (/rest/servicedeskapi/request/KEY/comment) as `comments`.
# Times have their offset, as +0100 or as milliseconds.
#
# first-reply        when somebody of the desk first answered in public
# resolution         when the request was resolved; or, still open and overdue, when it was due
# first-resolution   the resolution before it, if the request was reopened: it failed
# survey             a rating that the last resolution cannot have been given for
#
# Promises      the fields of service levels: "Time to first response", "Time to resolution" and what sounds like
#               it. Only their mark counts, `breached`: they run by a calendar of their own. The first cycle is
#               that of the first reply, the last one that of the resolution. Other service levels ("Time to close
#               after resolution", "Time to review") are the desk's own and say nothing. A due date (`duedate`) is
#               a day, kept by anything on it.
# Never answered   Jira stops the clock of the first response when a request is resolved, too. With comments and
#               none of them public and the desk's, nobody answered: "unresolved", and "late" if the mark says so.
#               Without comments a clock that stopped together with the resolution is unknown, but for a breach.
# Overdue       still open: "late" once a service level is breached or its breachTime has passed (paused, only the
#               mark counts), "promise-broken" once the due date has.
# Chased        two public comments of the customer in a row. Nobody's app or automation answers anybody.
# Reopened      the clock of the resolution has a cycle for each: the first one failed, "incomplete".
# Unresolved    a resolution "Won't Do", "Won't Fix" or "Cannot Reproduce".
# Ratings       1 and 2 say basic or below, 3 expected, 4 expected or above, 5 desired or above. No answer is no
#               verdict. When it was given is known with expand=names ("Satisfaction date"); else, of a request that
#               was reopened, nobody knows which resolution it is about.
# Behalf        created by somebody else than the reporter (a call, the counter): no first reply is expected.
# Unknown       whether the desk wrote first.
# Left out      open and not overdue ("open"), resolutions "Duplicate" ("duplicate") and "Canceled" ("canceled"),
#               and what somebody reported who works on it, too ("opened by staff").
#
# Known from    the models of jira.js (SlaInformation…Cycle) and Atlassian's documentation of
#               /rest/servicedeskapi/request/KEY/sla; issues in the tests of public connectors.

def text: if . then "\(.)" else . end;

def when($so; $signal): if $so then $signal else empty end;

# A time is a text, or an object of the same time in several forms. Records have a colon in their offsets.
def time:
  if . >= {} then (if .epochMillis then .epochMillis | instant("%s%3f") else .iso8601 // .jira | time end)
  elif . and length > 10 and .[-3:-2] != ":" and .[-1:] != "Z" then instant("%Y-%m-%dT%H:%M:%S%.f%z")
  else . end;

# People have an accountId in the cloud; on a server of one's own a key, and a name that may change.
def person:
  if . then .accountId // .key // .name // (.emailAddress | if . then ascii_downcase else . end) | text
  else . end;

# Clocks that one act stops differ by moments.
def together($one; $other): hours($one; $other) * 60 | . > -1 and . < 1;

# The public comments, oldest first; null if there are none in the export, or if it does not say what is public.
# What an app writes is no answer.
def messages($reporter):
  (.comments.values? // .fields.comment.comments?) as $comments
  | if $comments == null then null
    else
      [$comments[]
       | select(.author.accountType != "app")
       | {
           at: (.created | time),
           customer: (.author.accountType == "customer" or ($reporter and (.author | person) == $reporter)),
           public: (if has("jsdPublic") then .jsdPublic elif has("public") then .public else null end)
         }
       | select(.customer or .public != false)]
      | if any(.[]; .public == null and (.customer | not)) then null
        else sort_by(hours("1970-01-01T00:00:00Z"; .at)) end
    end;

# Walks through the messages. When was the first answer? Did the customer have to write again before an answer
# came, and was that before the first one or later?
def talk:
  reduce .[] as $message ({waiting: true};
    if $message.customer
    then (if .waiting and .answered_at then .chased_later = true
          elif .waiting then .chased_first = true
          else . end)
      | .waiting = true
    else (if .waiting and .answered_at == null then .answered_at = $message.at else . end)
      | .waiting = false
    end);

# Whether a cycle under way is late as of now. Paused, its breachTime moves on.
def overdue:
  .breached == true
  or (.paused != true and .breachTime and $as_of and hours(.breachTime | time; $as_of) > 0);

# How the first reply stands to its target; nothing if there is none. Jira may have stopped the clock for another
# reason, before the reply came: then only the time of the breach can tell.
def reply_target($at):
  if . == null then empty
  elif .stopTime and (together(.stopTime | time; $at) or hours($at; .stopTime | time) > 0)
  then if .breached then "late" elif .breached == false then "on-time" else empty end
  elif .breachTime then if hours(.breachTime | time; $at) > 0 then "late" else "on-time" end
  elif .breached then "late"
  else empty end;

# Of several promises one that was missed decides: "late" never stands beside "on-time".
def timely(facts):
  [facts] | if any(.[]; . == "late") then "late" elif length > 0 then "on-time" else empty end;

def request:
  column("key") as $key
  | .fields as $fields
  | (.names // {}) as $names
  | ($fields.reporter | person) as $reporter
  | ($fields.creator | person) as $creator
  | ($fields.resolution.name // "" | ascii_downcase) as $resolution
  | ($fields.status.name // "" | ascii_downcase) as $status

  | if ($fields.project.projectTypeKey // "service_desk") != "service_desk" then left_out("no service desk")
    elif $fields.issuetype.subtask == true then left_out("subtask")
    elif $resolution == "duplicate" then left_out("duplicate")
    elif any($resolution, $status; . == "canceled" or . == "cancelled") then left_out("canceled")
    elif $reporter and $reporter == ($fields.assignee | person) then left_out("opened by staff")
    else
      ($fields.status.statusCategory.key == "done" or $fields.resolution) as $resolved
      | (if $resolved then $fields.resolutiondate // $fields.statuscategorychangedate else null end) as $resolved_at

      # The service levels, and the rating, are fields with numbers that differ from account to account.
      | [$fields | to_entries[] | select(.value >= {} and (.value | has("completedCycles") or has("ongoingCycle")))
         | .value + {called: (.value.name // $names[.key] // "" | ascii_downcase)}] as $levels
      | first(($levels[] | select(.called | test("first (response|reply)|initial response"))), null) as $reply
      | first(($levels[] | select(.called | test("resol") and (test("after resol") | not))), null) as $solution
      | (.feedback // first(($fields[] | select(. >= {} and (.rating | type == "number"))), null)) as $rating
      | (first(($names | to_entries[] | select(.value == "Satisfaction date") | .key), null) as $name
         | if $name == null then null else $fields[$name] end) as $rated_at

      | ($reply.completedCycles[0] // $reply.ongoingCycle) as $reply_cycle
      | $solution.completedCycles[0] as $first
      | $solution.ongoingCycle as $running

      # Solved in vain: the clock of the resolution had stopped before.
      | ($first.stopTime | time) as $first_at
      | ($first_at
         and (($resolved | not)
              or ($resolved_at and hours($first_at; $resolved_at) > 0
                  and (together($first_at; $resolved_at) | not)))) as $in_vain

      | ($solution.completedCycles // [] | if $in_vain and length == 1 then null else .[-1] end) as $last

      # Two thank-yous after the end chase nobody.
      | messages($reporter) as $messages
      | ($messages // [] | map(select($resolved_at == null or hours(.at; $resolved_at) >= -0.02)) | talk) as $talk
      | ($messages
         and (if .comments.values? != null then .comments.isLastPage != false
              else ($fields.comment.total // 0) <= ($fields.comment.comments | length) end)) as $whole
      | ($creator and $creator != $reporter and $fields.creator.accountType != "app") as $on_behalf

      | (if $talk.answered_at then $talk.answered_at
         elif $whole or $reply_cycle.stopTime == null then null
         elif $resolved_at and $reply_cycle.breached != true
              and together($reply_cycle.stopTime | time; $resolved_at) then null
         else $reply_cycle.stopTime | time end) as $replied_at

      | ($rating.rating | if . == null then null else verdict(5) end) as $verdict
      | ($rating.comment | if type == "object" then .body else . end) as $said
      | ($verdict and $resolved
         and (if $rated_at == null or $resolved_at == null then $in_vain | not
              else hours($resolved_at; $rated_at) >= -0.02 end)) as $judges

      | ($resolution | . == "won't do" or . == "won't fix" or . == "cannot reproduce") as $unsolved
      | ($running and ($running | overdue)) as $overdue
      | ($fields.duedate and $as_of and days_between($fields.duedate; $as_of) > 0) as $broken

      | ($reporter // "unknown reporter of \($key)") as $recipient
      | (.properties["request.channel.type"]? | if type == "object" then .value else . end) as $channel
      | (if $fields.reporter.accountType == "customer" then "external" else null end) as $relation
      | ($fields.assignee | person) as $provider
      | $fields.project.key as $team
      | def moment($point; $id; $at; $signals; $recovers; $verdict; $said): {
          id: "\($key)-\($id)", at: ($at | time), recipient: $recipient, journey: "support", transaction: "request",
          point: $point, signals: $signals, verdict: $verdict, channel: $channel,
          stage: (if $point == "first-reply" then null else "end" end), relation: $relation,
          provider: $provider, team: $team, said: $said, recovers: $recovers
        };

        [
          (if $on_behalf then empty
           elif $replied_at then
             moment("first-reply"; "first-reply"; $replied_at;
               [($reply_cycle | reply_target($replied_at)), when($talk.chased_first; "chased")]; null; null; null)
           elif $resolved and $whole then
             moment("first-reply"; "first-reply"; $resolved_at // $fields.updated;
               [($reply_cycle
                 | if . == null then empty
                   elif .breached or (.breachTime and $resolved_at
                                      and hours(.breachTime | time; $resolved_at) > 0) then "late"
                   else empty end),
                when($talk.chased_first; "chased"), "unresolved"]; null; null; null)
           elif ($resolved | not) and $reply.ongoingCycle and ($reply.ongoingCycle | overdue) then
             moment("first-reply"; "first-reply"; ($reply.ongoingCycle.breachTime | time) // $as_of // $fields.created;
               ["late", when($talk.chased_first; "chased")]; null; null; null)
           else empty end),

          (select($in_vain)
           | moment("resolution"; "first-resolution"; $first_at;
               [when($first.breached == true; "late"), "incomplete"]; null; null; null)),

          (if $resolved then
             moment("resolution"; "resolution"; $resolved_at // $fields.updated;
               [
                 (timely(
                    (if $running then when($running.breached == true; "late")
                     elif $last.breached == true then "late"
                     elif $last.breached == false then "on-time"
                     else empty end),
                    (days_between($fields.duedate; $resolved_at)
                     | if . == null then empty elif . > 0 then "late" else "on-time" end))
                  | select(. == "late" or ($unsolved | not))),
                 when($talk.chased_later; "chased"),
                 when($unsolved; "unresolved")
               ];
               if $in_vain then "\($key)-first-resolution" else null end;
               if $judges then $verdict else null end; if $judges then $said else null end)
           elif $overdue or $broken then
             moment("resolution"; "resolution";
               if $overdue then ($running.breachTime | time) // $as_of // $fields.created else $fields.duedate end;
               [when($overdue; "late"), when($broken; "promise-broken")]; null; null; null)
           else empty end),

          (select($verdict and ($judges | not))
           | moment("survey"; "survey"; $rated_at // $fields.updated; []; null; $verdict; $said))
        ]
        | if length > 0 then .[] else left_out("open") end
    end;

# Of many in one answer, a request that is left out takes none of the others with it.
def answer:
  .names as $names
  | [.issues[] | .names = (.names // $names)
     | try request catch (if type == "object" and .left_out then . else error end)]
  | map(select(.left_out | not)) as $given
  | if $given != [] then $given[] else left_out(.[0].message // "empty answer") end;


if . >= {} and has("issues") then answer else request end
