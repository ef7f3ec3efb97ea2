# Zammad tickets: the Excel file of a report, as it is or saved as CSV, or what the REST API gives.
#
#   serveup import --from zammad --skip 2 --timezone Europe/Berlin tickets.xlsx | serveup rate -
#   serveup import --from zammad tickets.json | serveup rate -
#
# The file comes from Reporting, or from Time Accounting: its first line is a title, which --skip 2 steps over, its
# last line names the zone of its times, which --timezone must say. The API: GET /api/v1/tickets?expand=true, a
# list, or full=true, {"assets": {"Ticket": ...}}; its times are UTC. Better still, join into each ticket its
# `articles` (GET /api/v1/ticket_articles/by_ticket/ID).
#
# first-reply        when an agent first answered in public (a mail, a call, a chat; not a note)
# resolution         when the ticket was closed, or, still open and overdue, when it was due
# first-resolution   the closing before it, if the ticket was reopened: it failed
#
# Promises      "First Response Diff In Min" and "Close Diff In Min" are the target less what it took, in minutes
#               of the calendar of the service level: below zero is "late", else "on-time"; without a target they
#               are empty, and nothing is said. The one of the closing is about the first closing. "Update Diff In
#               Min" below zero, a later answer that was due, makes the resolution "late".
# Never answered   closed, and neither First Response At nor Last Contact Agent At is given: "unresolved". Zammad
#               clears the due times of what is closed, so that "late" is said only where one has been left.
# Overdue       still new or open, and First Response Escalation At, or Close Escalation At, has passed: "late".
# Reopened      Closed At is the first closing. It failed if the ticket is open now, or if last_close_at (newer
#               versions; not in the Excel file) is later.
# Chased        two messages of the customer in a row; only with `articles`. What the system sends is no answer.
# Outbound      a mail or a call of an agent began it: left out, unless the customer wrote back; that is where the
#               case begins then, and its first reply is known only from `articles`.
# Behalf        a call that came in, or a ticket that an agent noted down: no first reply is expected.
# Unknown       ratings; of Excel files whether it was reopened and closed again.
# Left out      open and not overdue ("open"), states merged ("merged") and removed ("deleted"), "outbound", what the
#               system opened ("automatic"), the ticket every new system starts with ("test"), and what somebody
#               opened for themselves and works on ("opened by staff").
#
# Known from    zammad/zammad: lib/excel_sheet.rb and excel_sheet/ticket.rb (columns), lib/escalation.rb (what the
#               minutes are and their sign), sets_close_time.rb, observer/ticket/first_response.rb, and db/seeds
#               (states, kinds of articles, the first ticket).

def when($so; $signal): if $so then $signal else empty end;

# A spreadsheet puts an apostrophe before what could be a formula.
def plain: known("-") | if . >= "'" and . < "(" and test("^'[-+=@]") then .[1:] else . end;

def member($name): .[$name];

# A member of the API's ticket, or a column of the file.
def field($member; $column): if has("#") then .[$column] else .[$member] end | plain;

# expand=true gives names; other answers give objects, or ids alone.
def name_of($name): .[$name] | if . < {} then . else .name // .login // .email end | plain;

def number($member; $column): field($member; $column) | if type == "string" then tonumber else . end;

def time($member; $column):
  field($member; $column)
  | if (. // "T") | contains("T") then . else instant(["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]) end;

# One person has one id: 11 and 11.0 are the same, and an address in capitals, too.
def person:
  if . >= "" then
    if contains("@") then ascii_downcase elif endswith(".0") and test("^[0-9]+\\.0$") then .[:-2] else . end
  elif . then (if . == floor then floor else . end | tostring)
  else . end;

# The states of a new system; others belong to the account, and a map of one's own can name them.
def stage:
  (if has("#") then .State | plain
   else name_of("state")
     // (member("state_id") | if . == 2 then "open" elif . == 4 then "closed" else
           {"1": "new", "3": "pending reminder", "5": "merged", "6": "removed", "7": "pending close"}["\(.)"] // . end)
   end) as $state
  | if $state == "closed" then "closed"
    elif $state == "open" or $state == "new" then "open"
    else $state | lookup("state"; {
      "new": "open", "open": "open", "pending reminder": "pending", "pending close": "pending", "closed": "closed",
      "merged": "merged", "removed": "removed"})
    end;

# Who wrote first, and how.
def sender:
  if has("#") then .Sender | plain
  else name_of("create_article_sender")
    // (member("create_article_sender_id")
        | if . == 2 then "Customer" elif . == 1 then "Agent" elif . == 3 then "System" else null end)
  end;

def channel:
  if has("#") then .["Create Channel"] | plain
  else name_of("create_article_type")
    // (member("create_article_type_id")
        | if . == 1 then "email" elif . == null then null else
            {"2": "sms", "3": "chat", "4": "fax", "5": "phone", "6": "twitter status", "7": "twitter direct-message",
             "8": "facebook feed post", "9": "facebook feed comment", "10": "note", "11": "web",
             "12": "telegram personal-message", "13": "facebook direct-message", "14": "whatsapp message"}["\(.)"]
          end)
  end;

# The public messages, oldest first; null where the export has none, or not all of them.
def messages:
  (member("articles") // member("article")) as $articles
  | if ($articles | type) != "array" or ($articles | length) < (member("article_count") // 0) then null
    else
      [$articles[]
       | (name_of("sender")
          // (member("sender_id") | if . == 1 then "Agent" elif . == 2 then "Customer" else null end)) as $sender
       | (name_of("type") // (member("type_id") | if . == 10 then "note" else null end)) as $type
       | select($sender == "Customer" or ($sender == "Agent" and .internal != true and $type != "note"))
       | {at: member("created_at"), theirs: ($sender == "Customer")}]
      | sort_by(.at)
    end;

# Walks through the messages. When was the first answer? Did the customer have to write again before an answer
# came, and was that before the first one or later? A message of an agent that opens it all answers nobody.
def talk:
  reduce .[] as $message ({};
    if $message.theirs
    then (if .waiting and .answered_at then .chased_later = true
          elif .waiting then .chased_first = true
          else . end)
      | .waiting = true
    else (if .waiting and .answered_at == null then .answered_at = $message.at else . end)
      | .waiting = false
    end);

def mark: if . == null then empty elif . < 0 then "late" else "on-time" end;

# Of several promises one that was missed decides: "late" never stands beside "on-time".
def timely(facts):
  [facts] | if any(.[]; . == "late") then "late" elif length > 0 then "on-time" else empty end;

def passed: . and $as_of and hours(.; $as_of) > 0;

def ticket:
  field("number"; "#") as $number
  | if $number == null then error("no number: is this a ticket?") else . end
  | stage as $stage
  | (if has("#") then .Customer else member("customer_id") // name_of("customer") end | plain | person) as $customer
  | (if has("#") then .Owner else member("owner_id") // name_of("owner") end | plain | person) as $owner
  | sender as $sender
  | channel as $channel
  | messages as $messages
  | ($sender == "Agent" and $channel != "note" and $channel != "web") as $outbound
  | (if $outbound | not then time("created_at"; "Created At") // time("created_at"; "Created at")
     elif $messages then first(($messages[] | select(.theirs) | .at), null)
     else time("last_contact_customer_at"; "Last Contact Customer At") end) as $asked_at

  | if $stage == "merged" then left_out("merged")
    elif $stage == "removed" then left_out("deleted")
    elif field("title"; "Title") == "Welcome to Zammad!" then left_out("test")
    elif $sender == "System" then left_out("automatic")
    elif $customer and $customer == $owner then left_out("opened by staff")
    elif $outbound and $asked_at == null then left_out("outbound")
    else
      ($stage == "closed") as $closed
      | (time("close_at"; "Closed At") // time("close_at"; "Closed at")) as $first_closed_at
      | (if $closed then time("last_close_at"; "Last Close At") // $first_closed_at else null end) as $closed_at
      | ($first_closed_at
         and (($closed | not) or hours($first_closed_at; $closed_at) * 60 >= 1)) as $in_vain

      # Two thank-yous after the end chase nobody.
      | ($messages // [] | map(select($closed_at == null or hours(.at; $closed_at) >= 0)) | talk) as $talk
      | time("first_response_at"; "First Response At") as $response_at
      | time("first_response_escalation_at"; "First Response Escalation At") as $response_due
      | time("close_escalation_at"; "Close Escalation At") as $close_due
      | (if $messages then $talk.answered_at elif $outbound then null else $response_at end) as $replied_at
      # Of tickets that were imported into Zammad the first response is not known, but the last one may be.
      | ($channel != "phone" and ($sender != "Agent" or $outbound)
         and (if $messages then true
              else ($outbound | not) and has(if has("#") then "First Response At" else "first_response_at" end)
                and (field("last_contact_agent_at"; "Last Contact Agent At") | not) end))
        as $shows_replies
      | number("close_diff_in_min"; "Close Diff In Min") as $close_diff

      | ($customer // "unknown customer of \($number)") as $recipient
      | (if $owner == "1" or $owner == null then null else $owner end) as $provider
      | (if has("#") then .Group else name_of("group") // member("group_id") end
         | plain | if . == null then null else "\(.)" end) as $team
      | def moment($point; $id; $at; $signals; $recovers): {
          id: "\($number)-\($id)", at: $at, recipient: $recipient, journey: "support", transaction: "ticket",
          point: $point, signals: $signals, channel: $channel,
          stage: (if $point == "first-reply" then null else "end" end), relation: "external",
          provider: $provider, team: $team, recovers: $recovers
        };

        [
          (if $replied_at and $channel != "phone" then
             moment("first-reply"; "first-reply"; $replied_at;
               [(number("first_response_diff_in_min"; "First Response Diff In Min") | select($outbound | not) | mark),
                when($talk.chased_first; "chased")]; null)
           elif $closed and $shows_replies then
             moment("first-reply"; "first-reply"; $closed_at // $asked_at;
               [when($response_due and $closed_at and hours($response_due; $closed_at) > 0; "late"),
                when($talk.chased_first; "chased"), "unresolved"]; null)
           elif $stage == "open" and $shows_replies and ($response_due | passed) then
             moment("first-reply"; "first-reply"; $response_due;
               ["late", when($talk.chased_first; "chased")]; null)
           else empty end),

          (select($in_vain)
           | moment("resolution"; "first-resolution"; $first_closed_at;
               [when($close_diff and $close_diff < 0; "late"), "incomplete"]; null)),

          (if $closed then
             moment("resolution"; "resolution"; $closed_at // $asked_at;
               [timely(
                  (select($in_vain | not) | $close_diff | mark),
                  (number("update_diff_in_min"; "Update Diff In Min") | mark | select(. == "late"))),
                when($talk.chased_later; "chased")];
               if $in_vain then "\($number)-first-resolution" else null end)
           elif $stage == "open" and ($close_due | passed) then
             moment("resolution"; "resolution"; $close_due; ["late"]; null)
           else empty end)
        ]
        | if length > 0 then .[] else left_out("open") end
    end;

# An answer of the API, as one row: a ticket that is left out leaves the others alone.
def answer:
  [.assets.Ticket[]?, (.tickets[]? | objects), (.ticket // empty)]
  | if . == [] then left_out("empty page") else .[] | apart(ticket) end;


if . >= {} and (has("assets") or has("tickets") or has("ticket")) and (has("number") | not)
then answer else ticket end
