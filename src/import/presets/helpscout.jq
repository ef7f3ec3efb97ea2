# Help Scout conversations and satisfaction ratings, as its Mailbox API 2.0 gives them.
#
#   serveup import --from helpscout conversations.json ratings.json | serveup rate -
#
# Get the conversations with what was said (GET /v2/conversations?status=all&embed=threads): pages of the API are
# read as they come, one a line or one after the other, and so are single conversations and lists of them. Ratings
# come from GET /v2/reports/happiness/ratings or /v2/ratings/ID. Times are UTC. Names as data pipelines write them
# (created_at for createdAt) are read, too, and FreeScout, whose API has the same shape.
#
# first-reply   when a user first answered; where nobody ever did, when the conversation was closed
# resolution    when it was last closed; before it the one that failed, if it was reopened
# survey        a rating: it comes as a row of its own, which does not tell when the conversation was closed
#
# Promises      Help Scout exports no targets: nothing is ever "on-time" or "late" here.
# Never         closed without an answer: "unresolved", if the threads are there to show it. Only then: `threads` is a
#  answered     number without ?embed=threads, and an empty list beside a higher number was not asked for, either.
# Chased        two messages of the customer in a row; the first reply that never came keeps it, too. Thank-yous after
#               the end chase nobody.
# Reopened      the customer wrote after it was closed, and was answered again: the first closing failed, "incomplete".
#               A message after the end that needed no answer, such as a thank-you, reopens nothing.
# Still open    and unanswered: nothing, for nothing was promised. (`customerWaitingSince` is no promise.)
# Outbound      a user wrote first: left out; if the customer answered, it is a case from that message on.
# Automatic     what workflows and Help Scout itself write (user 1) is no reply, nor is a note, a draft, a message held
#               for review.
# Opened by     a user for themselves: left out. On behalf of a customer (a phone conversation, a customer's message that
#  staff        a user put in): no first reply, the resolution stands.
# Ratings       three steps: great says expected or above, okay expected, not good basic or below. "unknown" is silence.
# Left out      spam, deleted, drafts. Merged conversations are not in the API any more: their threads are in the other.
#
# Shape: tests/Payloads of helpscout/helpscout-api-php, schemas of singer-io/tap-helpscout, and the pages on ratings and
# the happiness report of developer.helpscout.com.

def text: if . == null then null else "\(.)" end;

def when($so; $signal): if $so then $signal else empty end;

# Data pipelines write created_at where the API writes createdAt.
def camel_case:
  if type == "object" then with_entries(.key |= (.[:1] + (.[1:] | gsub("_(?<letter>[a-z])"; .letter | ascii_upcase))) | .value |= camel_case)
  elif type == "array" then map(camel_case)
  else . end;

# The API says that times are UTC, and leaves the Z out of those of ratings.
def utc: if . == null or test("[Zz]$|[+-][0-9]{2}:?[0-9]{2}$") then . else . + "Z" end;

# Nobody is null, or a person with id 0.
def person: if type != "object" then null elif (.id // 0) != 0 then .id | text elif .email then .email | ascii_downcase | gsub("^\\s+|\\s+$"; "") else null end;

# Help Scout itself, which closes and writes for workflows.
def automatic: .source.type == "workflow" or .source.type == "workflows" or .createdBy.id == 1;

# What was said in public, oldest first. A call is a message of both; a customer's message that a user put in is one
# of the customer.
def messages:
  map(select((.state // "published") == "published" and (.createdAt != null))
      | (if .type == "customer" then "customer"
         elif .type == "message" or .type == "reply" then "staff"
         elif .type == "phone" then "call"
         elif .type == "chat" or .type == "beaconchat" then (if .createdBy.type == "customer" then "customer" else "staff" end)
         else null end) as $by
      | select($by != null and ($by == "customer" or (automatic | not)))
      | {at: .createdAt, by: $by})
  | sort_by(.at);

# Walks through the messages. When was the first answer? Did the customer have to write again before an answer
# came, and was that before the first one or later? A message of yours that opens it all answers nobody.
def talk:
  reduce .[] as $message ({};
    if $message.by == "customer"
    then (if .waiting and .answered_at then .chased_later = true
          elif .waiting then .chased_first = true
          else . end)
      | .waiting = true
    else (if .waiting and .answered_at == null then .answered_at = $message.at else . end)
      | .waiting = false
    end);

# When it was closed, oldest first: a thread has the status it brought about.
def closings: map(select(.status == "closed" and .createdAt != null) | .createdAt) | sort;

def survey($conversation; $id; $step; $at; $recipient): {
  id: "\($conversation)-survey-\($id)", at: ($at | utc), recipient: $recipient,
  journey: "support", transaction: "conversation", point: "survey", stage: "end", relation: "external",
  verdict: ($step | verdict(3))
};

# 1 great, 2 okay, 3 not good.
def from_report:
  (.ratingId | if . == 1 or . == 2 or . == 3 then 4 - . else null end) as $step
  | if $step == null then left_out("no rating")
    else survey(.conversationId // column("id"); .threadid // .threadId; $step; .ratingCreatedAt; .ratingCustomerId | text)
      + {provider: (.ratingUserId | text), channel: .type, said: .ratingComments}
    end;

def from_rating:
  (.rating | ascii_downcase | known("unknown")
   | lookup("rating"; {great: 3, okay: 2, ok: 2, not_good: 1, "not good": 1, "not-good": 1, bad: 1})) as $step
  | if $step == null then left_out("no rating")
    else survey(.conversationId // .ticketId; column("id"); $step; .modifiedAt // .createdAt; .customer | person)
      + {provider: (.user | person), team: (.mailboxId // .mailbox.id | text), said: .comments}
    end;

def conversation:
  column("id") as $id
  | (column("status") | lookup("status"; {
      active: "open", open: "open", pending: "open", closed: "closed", spam: "spam"})) as $status
  | (.state // "published") as $state
  | if $status == "spam" then left_out("spam")
    elif $state == "deleted" then left_out("deleted")
    elif $state == "draft" or .isDraft == true then left_out("draft")
    else
      (.primaryCustomer // .customer) as $customer
      | (._embedded.threads // .threads | if type == "array" then . else [] end) as $threads
      | ($threads | messages) as $messages
      # Who opened it: for a customer's message that a user put in, the user.
      | (.createdBy.type == "user" or (.createdBy.type == null and .source.via == "user")) as $by_staff
      | (first($messages[] | select(.by == "customer")) // null) as $asked
      | (if $messages == [] then null else $messages[0].by end) as $opens_with
      | ($by_staff and $opens_with != "customer" and $opens_with != "call" and .type != "phone") as $outbound
      | ($by_staff and ($outbound | not)) as $on_behalf
      | ($by_staff and $customer.email != null and .createdBy.email != null
         and ($customer.email | ascii_downcase) == (.createdBy.email | ascii_downcase)) as $for_themselves
      | if $for_themselves then left_out("opened by staff")
        elif $outbound and $asked == null then left_out("outbound")
        else
          ($status == "closed") as $closed
          | ($threads | closings) as $closings
          | (if $closed then .closedAt // $closings[-1] // .userUpdatedAt // .createdAt else null end) as $closed_at

          # It came back if the customer wrote after a closing and was answered again.
          | (first($messages[] | select(.by == "customer" and $closings != [] and hours($closings[0]; .at) > 0)) // null) as $again
          | (if $again != null and any($messages[]; .by != "customer" and hours($again.at; .at) >= 0)
             then last($closings[] | select(hours(.; $again.at) > 0))
             else null end) as $failed_at
          | ($failed_at != null and ($closed_at == null or hours($failed_at; $closed_at) > 0)) as $in_vain

          # Two thank-yous after the end chase nobody.
          | ($messages | map(select($closed_at == null or hours(.at; $closed_at) >= 0)) | talk) as $talk
          | ($closed and $talk.answered_at == null and $asked != null) as $never
          | {
              recipient: ($customer | person // "unknown customer of \($id)"),
              journey: "support", transaction: "conversation", channel: .type, relation: "external",
              provider: (if .assignee.type == "team" then null else .assignee | person end),
              team: (.mailboxId // .mailbox.id | text)
            } as $common
          | if ($closed | not) and $talk.answered_at == null and ($in_vain | not) then left_out("open")
            elif ($closed | not) and $on_behalf and ($in_vain | not) then left_out("open")
            else
              (select($on_behalf | not)
               | select($talk.answered_at != null or $never)
               | $common + {
                   id: "\($id)-first-reply", at: ($talk.answered_at // $closed_at), point: "first-reply",
                   signals: [when($never; "unresolved"), when($talk.chased_first; "chased")]
                 }),

              (select($in_vain)
               | $common + {
                   id: "\($id)-first-resolution", at: $failed_at, point: "resolution", stage: "end",
                   signals: ["incomplete"]
                 }),

              (select($closed)
               | $common + {
                   id: "\($id)-resolution", at: $closed_at, point: "resolution", stage: "end",
                   signals: [when($talk.chased_later or ($on_behalf and $talk.chased_first); "chased")],
                   recovers: (if $in_vain then "\($id)-first-resolution" else null end)
                 })
            end
        end
    end;

def row:
  if has("ratingId") then from_report
  elif (.rating | type) == "string" then from_rating
  else conversation end;

# A row that is left out leaves the others of its page alone.
def unless_left_out(f): try f catch if type == "object" and .left_out then {left_out: .message} else error end;

def each(f):
  if . == [] then left_out("empty page")
  else
    [.[] | unless_left_out(f)]
    | map(select(has("left_out") | not)) as $given
    | if $given == [] then left_out(.[0].left_out) else $given[] end
  end;


if has("created_at") or has("rating_id") then camel_case else . end
| if has("_embedded") and (._embedded | has("conversations")) then ._embedded.conversations | each(row)
  elif has("results") then .results | each(row)
  elif has("_embedded") and has("page") then error("a page without conversations: ask for those, with embed=threads")
  elif has("page") and has("_links") then left_out("empty page")
  else row end
