# Chatwoot customer satisfaction, from the CSV download of its report, or the list its API gives.
#
#   serveup import --from chatwoot-csat csat.csv | serveup rate -
#
# As a map of your own it needs what the preset brings along: --map my.jq --trailer
#
# Get the file in Reports > CSAT > Download. Its headers are in the language of the account, so the cells are
# read by their order. Times are UTC. Blank lines between rows and the last line, "Reporting period ...", are
# no rows. A workbook has the period above its header: --skip 2.
#
# resolution    Chatwoot asks once a conversation is resolved, so the answer judges the resolution; the file
#               has only the time of the answer. Resolved again it is rated again: two rows, two moments.
#
# Ratings       1 and 2 say basic or below, 3 expected, 4 expected or above, 5 desired or above. The file has no
#               facts beside them, so each moment gets the level of its answer nearest to expected.
# Unknown       promises, reopenings, the first reply, whether they had to chase, the channel, bots, who wrote
#               first. And everybody who did not answer: the file lists answers only, so it tells of those who
#               answered.
# Recipients    by e-mail, whatever its case, else by phone. A visitor who left neither is only known within the
#               conversation, so each of those conversations counts as somebody else.
# Apostrophes   the download puts one before + - = @, so that no spreadsheet takes a phone number for a formula.

# A cell as it was before it was made safe for spreadsheets.
def cell:
  known
  | if type == "string" and startswith("'") and (.[1:2] | . == "+" or . == "-" or . == "=" or . == "@")
    then .[1:] | known else . end;

def answer($conversation; $key; $at; $mail; $phone; $provider; $rating; $comment):
  {
    id: "conversation-\($conversation // "unknown")-\($key)", $at,
    recipient: (($mail | if . == null then null else ascii_downcase end) // $phone
                // "visitor of conversation \($conversation // "in row \($row.number)")"),
    journey: "support", transaction: "conversation", point: "resolution", stage: "end", relation: "external",
    $provider, verdict: (if $rating == null then null else $rating | verdict(5) end), said: $comment
  };

# The API names what the download has in order. Its times are seconds since 1970.
def listed:
  .conversation_id as $conversation
  | (.contact.email | cell) as $mail
  | (.contact.phone_number | cell) as $phone
  | answer($conversation; "answer-\(.id)"; .created_at | instant("%s"); $mail; $phone;
           .assigned_agent | if . == null then null else "\(.name) (\(.email))" end; .rating;
           .feedback_message | known);

def downloaded:
  [.[] | cell]
  | if length < 8 then error("a row of \(length) cells; the report has eight columns, or nine") else . end
  | . as [$agent, $rating, $comment, $name, $mail, $phone, $link, $recorded]

  # The link ends in the number of the conversation. The number of the row makes the id unique.
  | ($link | if . == null then null else split("/")[-1] end) as $conversation
  | answer($conversation; "row-\($row.number)";
           $recorded | instant(["%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S",
                                "%Y-%m-%dT%H:%M:%S"]; "UTC");
           $mail; $phone; $agent; $rating; $comment);


if has("feedback_message") and has("conversation_id") then listed else downloaded end
