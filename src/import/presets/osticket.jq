# osTicket tickets, as a queue exports them: CSV.
#
#   serveup import --from osticket --timezone Europe/London tickets.csv | serveup rate -
#
# Get the file with Export above a queue, with the columns that are ticked there: Ticket Number, From Email,
# Source, Current Status, SLA Due Date, SLA Plan, Due Date, Closed Date, Overdue, Merged, Answered, Thread Count
# and Reopen Count say the most. Its times have no offset: they are in the zone of the system, which --timezone
# must name. Column names are translated with the language of the agent who exports: have them in English.
#
# resolution    when the ticket was closed; or, still open and overdue, when it was due
# first-reply   only where there was none: osTicket does not export when anybody answered
#
# Promises      a due date (of the ticket itself, else of its SLA plan). osTicket clears the due dates that have
#               passed when a ticket is closed, and its overdue mark with them: so a due date that is still there
#               was kept, and a ticket with an SLA plan and no due date left was closed after it. Without a plan
#               and without a due date nothing is said.
# Never answered   closed, Answered is No, and the thread has the one message it began with: "unresolved". With
#               more in it, notes and messages count alike, and nobody knows.
# Overdue       still open, and marked overdue or past its due date: "late".
# Reopened      "incomplete", where Reopen Count is given; when is not known.
# Behalf        sources Phone and Other are typed in by an agent: no first reply is expected.
# Unknown       when the first reply came, who had to chase, ratings, who opened the ticket, what went out first.
# Left out      open and not overdue ("open"), status Deleted ("deleted"), and merged ones ("merged"): the export
#               marks the ticket that lives on and those that ended in it alike.
# Recipients    by e-mail address, else by name.
#
# Known from    osTicket/osTicket: CustomQueue::getExportableFields in include/class.queue.php, class.export.php,
#               Ticket::clearOverdue and setStatus in class.ticket.php, MergedField in class.search.php.

def when($so; $signal): if $so then $signal else empty end;

# A spreadsheet puts an apostrophe before what could be a formula.
def cell($name): .[$name] | known | if . >= "'" and . < "(" and test("^'[-+=@]") then .[1:] else . end;

def time($name): cell($name) | instant(["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"]);

# Older versions write 1 and 0.
def flag($name):
  cell($name)
  | if . == "No" then false
    elif . == "Yes" then true
    else lookup($name; {"Yes": true, "No": false, "1": true, "0": false, "true": true, "false": false}) end;

def count($name): cell($name) | if . == null then 0 else tonumber end;

# How far past a date something is, in hours; of a date without a time of day, past the end of that day.
def past($due; $at):
  if ($due and $at) | not then null
  elif ($due | length) == 10 then days_between($due; $at)
  else hours($due; $at) end;


(column("Ticket Number") | known) as $number
| if $number == null then error("no Ticket Number: is this a ticket?") else . end
| (cell("Current Status") // "" | ascii_downcase) as $status
| (column("Closed Date") as $there | time("Closed Date")) as $closed_at
| cell("From Email") as $email

| if $status == "deleted" then left_out("deleted")
  elif flag("Merged") == true then left_out("merged")
  elif $email == "feedback@osticket.com" then left_out("test")
  else
    # Accounts have states of their own; a time of closing is there only while a ticket is closed.
    ($status == "closed" or $status == "resolved" or $status == "archived"
     or ($status != "open" and $closed_at)) as $closed
    | (time("Due Date") // time("SLA Due Date")) as $due
    | (cell("Source") | if . == null then null else ascii_downcase end) as $source
    | past($due; if $closed then $closed_at else $as_of end) as $over
    | (($closed | not) and (flag("Overdue") == true or $over > 0)) as $overdue
    | (if $closed then $closed_at // time("Last Updated") // time("Date Created") else null end) as $ended_at
    | count("Reopen Count") as $reopened

    | ($email | if . == null then cell("From") // "unknown sender of \($number)" else ascii_downcase end) as $recipient
    | cell("Agent Assigned") as $provider
    | (cell("Department") // cell("Team Assigned")) as $team
    | def moment($point; $at; $signals): {
        id: "\($number)-\($point)", at: $at, recipient: $recipient, journey: "support", transaction: "ticket",
        point: $point, signals: $signals, channel: $source,
        stage: (if $point == "resolution" then "end" else null end), relation: "external",
        provider: $provider, team: $team
      };

      (select($closed and flag("Answered") == false and count("Thread Count") == 1
              and $source != "phone" and $source != "other")
       | moment("first-reply"; $ended_at; ["unresolved"])),

      if $closed then
        moment("resolution"; $ended_at;
          [
            if $over then if $over > 0 then "late" else "on-time" end
            elif $due == null and has("Due Date") and has("SLA Due Date") and cell("SLA Plan") != null then "late"
            else empty end,
            when($reopened > 0; "incomplete")
          ])
      elif $overdue then
        moment("resolution"; if $over > 0 then $due else $as_of // time("Last Updated") end; ["late"])
      else left_out("open") end
  end
