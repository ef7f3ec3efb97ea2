# Chatwoot customer satisfaction, from the CSV download of its report.
#
#   serveup import --from chatwoot-csat csat.csv | serveup rate -
#
# As a map of your own it needs what the preset brings along: --map my.jq --trailer
#
# Get the file in Reports > CSAT > Download. Its headers are in the language of the account, so the cells are
# read by their order. Times are UTC. Blank lines between rows and the last line, "Reporting period ...", are
# no rows.
#
# resolution    Chatwoot asks once a conversation is resolved, so the answer judges the resolution; the file
#               has only the time of the answer.
#
# Ratings       1 and 2 say basic or below, 3 expected, 4 expected or above, 5 desired or above. The file has no
#               facts beside them, so each moment gets the level of its answer nearest to expected.
# Unknown       promises, reopenings, the first reply, whether they had to chase, the channel. And everybody
#               who did not answer: the file lists answers only, so it tells of those who answered.
# Recipients    by e-mail, else by phone. A visitor who left neither is only known within the conversation, so
#               each of those conversations counts as somebody else.

[.[] | known]
| if length < 8 then error("a row of \(length) cells; the report has eight columns, or nine") else . end
| . as [$agent, $rating, $comment, $name, $mail, $phone, $link, $recorded]

# The link ends in the number of the conversation. One that is resolved again is rated again, so the number of
# the row makes the id unique.
| ($link | if . == null then null else split("/")[-1] end) as $conversation
| {
    id: "conversation-\($conversation // "unknown")-row-\($row.number)",
    at: ($recorded | instant("%Y-%m-%d %H:%M:%S UTC"; "UTC")),
    recipient: ($mail // $phone // "visitor of conversation \($conversation // "in row \($row.number)")"),
    journey: "support", transaction: "conversation", point: "resolution", stage: "end", relation: "external",
    provider: $agent, verdict: ($rating | verdict(5)), said: $comment
  }
