# HubSpot tickets and survey responses, as its CRM API gives them: pages of it, a list, or one object a line.
#
#   serveup import --from hubspot tickets.json feedback.json | serveup rate -
#
# Get the tickets with the contacts they are of (GET /crm/v3/objects/tickets?associations=contacts&properties=...) and
# these properties, as far as the account has them: createdate, closed_date, hs_last_closed_date, hs_is_closed,
# hs_ticket_reopened_at, hs_first_agent_message_sent_at, first_agent_reply_date, time_to_first_agent_reply,
# hs_last_message_sent_at, hs_last_message_received_at, hs_num_times_contacted, the status and the due date of the SLAs
# (hs_time_to_first_response_sla_status, ..._sla_at, hs_time_to_next_response_sla_status, hs_time_to_close_sla_status,
# ..._sla_at), hs_sla_pause_status, source_type, hs_object_source, hs_outbound_ticket, hs_help_desk_onboarding_ticket,
# hubspot_owner_id, hubspot_team_id, hs_all_associated_contact_emails, hs_feedback_last_ces_rating and its date and
# comment. Survey responses are the objects feedback_submissions, with all hs_ properties. Times are UTC.
#
# first-reply   when an agent first answered; where nobody ever did, when the ticket was closed
# resolution    when the ticket was last closed; before it the one that failed, if it was reopened
# survey        a survey response, and a rating on the ticket given before it was closed
#
# Promises      the SLA status decides: completed on time is "on-time", completed late or overdue "late". Without it
#               the due date does. Both count operating hours already, so no time is compared with calendar minutes. A
#               next response that came late, or is overdue, counts against the resolution.
# Never         closed, and no agent ever answered: "unresolved", "late" where a first response was due. Only if the
#  answered     export shows replies of the ticket's channel: first_agent_reply_date is about email alone, so for a chat
#               hs_first_agent_message_sent_at must be there; and not where a call or mail was logged.
# Still open    overdue, or a due date before the export's latest time: "late", at the due date. Not while SLAs pause.
# Reopened      the resolution failed: "incomplete". When it was first closed is overwritten; that it had failed was
#               known at hs_ticket_reopened_at. (HubSpot counts a thank-you after the end as a reopening, too.)
# Outbound      hs_outbound_ticket: left out; if the customer answered, the resolution stands, the first reply is unknown.
# Opened by     hand in the CRM, by import or on the phone: on behalf of a customer; no first reply, the resolution
#  staff        stands. Whether a contact is a colleague is not in the export.
# Ratings       HubSpot sorts every answer into three groups (detractor, passive, promoter), whatever the scale: they say
#               basic or below, expected, expected or above. Without the group a CSAT answer of 0, 1, 2 is read so. On the
#               ticket itself, the effort score is one of seven steps: 1 to 3 basic or below, 4 expected, 5 and 6 expected
#               or above, 7 desired or above.
# Chased        unknown: the API has no messages in the ticket.
# Left out      archived tickets (deleted, or merged into another), test tickets of the help desk's introduction. Spam is
#               not marked on tickets.
#
# Shape: the list of ticket properties in hairsolutionsco/automations_hub, the SLA codes as given there, the pages on
# survey responses of developers.hubspot.com; units and codes as several clients read them.

def text: if . == null then null else "\(.)" end;

def when($so; $signal): if $so then $signal else empty end;

def cell($name): .[$name] | known;

# Times are RFC 3339, in older exports milliseconds since 1970.
def time($name):
  cell($name)
  | if . == null then null
    elif type == "number" or test("^[0-9]+$") then instant("%s%3f")
    else . end;

def number($name): cell($name) | if type == "string" then tonumber else . end;

def yes($name): cell($name) | . == true or . == "true";

def after_creation($name):
  number($name) as $milliseconds
  | time("createdate") | later(if $milliseconds == null then null else $milliseconds / 3600000 end);

# Of several people the first is the one it was opened for.
def contact:
  (.associations.contacts | if type == "object" then .results else . end | if type == "array" then .[0] else null end)
  // (.contacts | if type == "array" then .[0] else null end)
  | if type == "object" then .id // .toObjectId else . end
  | text;

def email($name): cell($name) | if . == null then null else split(";")[0] | ascii_downcase | gsub("^\\s+|\\s+$"; "") end;

# How a promise came out once it is over; nothing if there was none.
def outcome($status; $due; $done):
  if $status == "3" then "on-time"
  elif $status == "4" or $status == "1" then "late"
  elif $due != null and $done != null then (if hours($due; $done) > 0 then "late" else "on-time" end)
  else empty end;

# Whether what has not come yet is overdue.
def overdue($status; $due; $paused):
  $status == "1" or $status == "4"
  or ($due != null and $as_of != null and ($paused | not) and $status != "3" and hours($due; $as_of) > 0);

# Of several promises one that was missed decides: "late" never stands beside "on-time".
def timely(facts):
  [facts] | if any(.[]; . == "late") then "late" elif length > 0 then "on-time" else empty end;

def channel: if . == null then null else ascii_downcase end;

def group:
  (cell("hs_response_group") | if . == null then null else ascii_upcase end
   | lookup("hs_response_group"; {DETRACTOR: 1, PASSIVE: 2, PROMOTER: 3}))
  // (if cell("hs_survey_type") == "CSAT" then number("hs_value") | if . == 0 or . == 1 or . == 2 then . + 1 else null end
      else null end);

def response:
  column("id") as $id
  | contact as $contact
  | .archived as $archived
  | time("createdAt") as $known_since
  | .properties
  | group as $step
  | if $archived == true then left_out("deleted")
    elif $step == null then left_out("no rating")
    else {
      id: "survey-\($id)", at: (time("hs_submission_timestamp") // time("hs_createdate") // $known_since),
      recipient: ($contact // cell("hs_contact_id") // email("hs_contact_email_rollup") // "unknown contact of survey \($id)" | text),
      journey: "support", transaction: "ticket", point: "survey", stage: "end", relation: "external",
      channel: (cell("hs_survey_channel") | channel), verdict: ($step | verdict(3)), said: cell("hs_content")
    }
    end;

def ticket:
  column("id") as $id
  | contact as $contact
  | .archived as $archived
  | time("createdAt") as $known_since
  | column("properties")
  | if $archived == true then left_out("deleted")
    elif (cell("hs_help_desk_onboarding_ticket") | . != null and . != "false") then left_out("test")
    else
      (time("createdate") // $known_since // error("no property createdate: ask the API for it")) as $created_at
      | (time("closed_date") // time("hs_last_closed_date") // after_creation("time_to_close")) as $last_closed_at
      | time("hs_ticket_reopened_at") as $reopened_at
      | (if cell("hs_is_closed") != null then yes("hs_is_closed")
         else time("closed_date") != null and ($reopened_at == null or hours($reopened_at; time("closed_date")) >= 0) end) as $closed
      | (if $closed then $last_closed_at // $created_at else null end) as $closed_at
      | ($reopened_at != null and (($closed | not) or hours($reopened_at; $closed_at) > 0)) as $in_vain

      | cell("source_type") as $source
      | (yes("hs_outbound_ticket")) as $outbound
      | ([time("hs_last_message_received_at"), time("last_reply_date")]
         | any(.[]; . != null and hours($created_at; .) > 0)) as $customer_wrote
      | (($outbound and $customer_wrote) or $source == "PHONE" or yes("hs_was_imported")
         or ((cell("hs_object_source") // "") | test("^(CRM_UI|IMPORT|BATCH_UPDATE|MOBILE)"))) as $on_behalf

      | ((cell("hs_time_to_first_response_sla_status") | text) // null) as $reply_status
      | time("hs_time_to_first_response_sla_at") as $reply_due
      | (cell("hs_time_to_close_sla_status") | text) as $close_status
      | time("hs_time_to_close_sla_at") as $close_due
      | (cell("hs_time_to_next_response_sla_status") | text) as $next_status
      | (cell("hs_sla_pause_status") == "paused") as $paused

      | (time("hs_first_agent_message_sent_at") // time("first_agent_reply_date") // after_creation("time_to_first_agent_reply")) as $replied_at
      # Answered in time, or late, says the status, but not when.
      | ($replied_at != null or $reply_status == "3" or $reply_status == "4") as $answered
      | ((has("hs_first_agent_message_sent_at")
          or ((has("first_agent_reply_date") or has("time_to_first_agent_reply"))
              and ($source == "EMAIL" or $source == "FORM")))
         and time("hs_last_message_sent_at") == null
         and (number("hs_num_times_contacted") // 0) == 0) as $shows_none
      | ($closed and ($answered | not) and $shows_none) as $never
      | (($closed | not) and ($answered | not) and overdue($reply_status; $reply_due; $paused)) as $reply_overdue
      | (($closed | not) and overdue($close_status; $close_due; $paused)) as $close_overdue

      | number("hs_feedback_last_ces_rating") as $effort
      | (time("hs_feedback_last_survey_date") // null) as $rated_at
      | {verdict: ($effort | verdict(7)), said: cell("hs_feedback_last_ces_follow_up")} as $rating
      | ($effort != null and $closed and ($rated_at == null or hours($closed_at; $rated_at) >= 0)) as $judges

      | {
          recipient: ($contact // email("hs_all_associated_contact_emails") // "unknown contact of \($id)"),
          journey: "support", transaction: "ticket", channel: ($source | channel), relation: "external",
          provider: (cell("hubspot_owner_id") | text), team: (cell("hubspot_team_id") | text)
        } as $common
      | if $outbound and ($customer_wrote | not) then left_out("outbound")
        elif ($closed or $in_vain or $close_overdue or $effort != null
              or (($on_behalf | not) and ($answered or $reply_overdue))) | not then left_out("open")
        else
          (select(($on_behalf | not) and ($answered or $never or $reply_overdue))
           | $common + {
               id: "\($id)-first-reply", point: "first-reply",
               at: (if $answered then $replied_at // $reply_due // $closed_at // $created_at
                    elif $never then $closed_at
                    else $reply_due // $as_of // $created_at end),
               signals: [
                 if $answered then outcome($reply_status; $reply_due; $replied_at)
                 # A target there was, and nothing ever came: it must have been missed, unless it was closed before.
                 elif $never then when($reply_status == "1" or ($reply_due != null and hours($reply_due; $closed_at) > 0); "late")
                 else "late" end,
                 when($never; "unresolved")
               ]
             }),

          (select($in_vain)
           | $common + {
               id: "\($id)-first-resolution", at: $reopened_at, point: "resolution", stage: "end", signals: ["incomplete"]
             }),

          (select($closed)
           | $common + {
               id: "\($id)-resolution", at: $closed_at, point: "resolution", stage: "end",
               signals: [
                 timely(outcome($close_status; $close_due; $closed_at), when($next_status == "1" or $next_status == "4"; "late")),
                 when($reopened_at != null and ($in_vain | not); "incomplete")
               ],
               recovers: (if $in_vain then "\($id)-first-resolution" else null end)
             } + (if $judges then $rating else {} end)),

          (select($close_overdue)
           | $common + {
               id: "\($id)-resolution", at: ($close_due // $as_of // $created_at), point: "resolution", stage: "end",
               signals: ["late"], recovers: (if $in_vain then "\($id)-first-resolution" else null end)
             }),

          (select($effort != null and ($judges | not))
           | $common + $rating + {
               id: "\($id)-survey", at: ($rated_at // $closed_at // $created_at), point: "survey", stage: "end"
             })
        end
    end;

def row:
  if (.properties | type) == "object" and (.properties | has("hs_survey_type") or has("hs_response_group") or has("hs_survey_id"))
  then response else ticket end;


# A row that is left out leaves the others of its page alone.
def unless_left_out(f): try f catch if type == "object" and .left_out then {left_out: .message} else error end;

def each(f):
  if . == [] then left_out("empty page")
  else
    [.[] | unless_left_out(f)]
    | map(select(has("left_out") | not)) as $given
    | if $given == [] then left_out(.[0].left_out) else $given[] end
  end;


if has("results") then .results | each(row) else row end
