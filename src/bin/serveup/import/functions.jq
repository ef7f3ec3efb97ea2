# What maps have beside jq's own functions. `instant`, `later`, `hours`, `days`
# and `known` are part of the program; these are written in jq itself.

# The cell of a column without which the map makes no sense.
def column($name):
  if type == "object" and has($name) then .[$name]
  else error({
    no_column: true,
    message: "no column \"\($name)\"; the row has: \(if type == "object" then keys_unsorted | join(", ") else type end)"
  }) end;

# The entry of a table for a text. `$what` is what the text says, for the error.
def lookup($what; $table):
  if . == null then null
  else tostring as $key
  | if $table | has($key) then $table[$key]
    else error({
      found: $key,
      message: "\($what): found \"\($key)\"; allowed: \($table | keys_unsorted | join(", "))"
    }) end
  end;

# The verdict that a rating from 1 to $steps is. A scale stops at "satisfied":
# only the top step of five or more is desired, and none is higher.
def verdict($steps):
  if . == null then null
  else . as $rating
  | (try tonumber catch null)
  | if type == "number" and . >= 1 and . <= $steps and . == floor then
      if . == $steps and $steps >= 5 then "desired"
      elif . < ($steps + 1) / 2 then "basic"
      else "expected" end
    else error({
      found: ($rating | tostring),
      message: "rating: found \"\($rating | tostring)\"; allowed: 1 to \($steps)"
    }) end
  end;
