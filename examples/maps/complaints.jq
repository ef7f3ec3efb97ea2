# Complaints about companies, from the table that a public authority publishes.
#
#   serveup import --map complaints.jq complaints.csv | serveup rate -
#
# One row is one complaint: the authority sends it to the company, which has a deadline to answer. Each row
# gives one record, the answer.
#
# at            the day the complaint was sent to the company. The table has no date of the answer; this is
#               the last date before it, and the deadline runs from here.
# recipient     the table names no person, so each complaint counts as somebody else: "complaint 17" is the
#               17th row. Nothing is linked that the table does not link, and loyalty cannot be told. (Rows
#               are counted within a file: for a table in several parts, add `$row.file`.)
# promise       the deadline is a promise to the customer. Kept is "on-time", expected and no more; missed is
#               "late". So is "Untimely response": the table does not say that no answer ever came.
# dispute       disputed is "unresolved": the answer did not give them what they needed. Not disputed is
#               "as-agreed": they were asked and let it stand, which is no praise. Blank: they were not asked.
# In progress   no answer yet, so nothing is known of it, even where the first sign of life came in time.

column("Company response to consumer") as $response
| (.["Timely response?"] | known | lookup("Timely response?"; {Yes: "on-time", No: "late"})) as $deadline
| (.["Consumer disputed?"] | known
   | lookup("Consumer disputed?"; {Yes: "unresolved", No: "as-agreed"})) as $dispute
| {
    id: "complaint-\($row.number)",
    at: ((column("Date sent to company") | known) // .["Date received"] | instant("%m/%d/%Y")),
    recipient: "complaint \($row.number)",
    journey: "complaint",
    transaction: (column("Product") | known),
    point: "answer",
    channel: (.["Submitted via"] | known),
    stage: "end",
    relation: "external",
    provider: (column("Company") | known),
    signals: (if $response == "In progress" then [] else [$deadline, $dispute | select(. != null)] end)
  }
