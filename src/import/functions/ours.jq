# What maps have beside the definitions of the interpreter: one function of our own, and those of jq that it lacks
# or has otherwise.

# Within it what is left out leaves the rest of the row alone, and is counted.
def apart(f): try f catch
  (if type == "object" and .left_out == true then {left_out: .message} else error end);

# As jq has them.
def IN(s): any(s == .; .);
def IN(source; s): any(source == s; .);
def INDEX(stream; f): reduce stream as $entry ({}; .[$entry | f | tostring] = $entry);
def INDEX(f): INDEX(.[]; f);
def ascii: [.] | implode;
def leaf_paths: paths(scalars);
def toarray: if isarray then . else [.] end;
def trimstr($text): ltrimstr($text) | rtrimstr($text);

# Null between separators is nothing, and not the text "null".
def join($separator):
  [.[] | [$separator], [if . == null then "" else tostring end]][1:]
  | if . == [] then "" else joined // error("join: pass it text to put between the others") end;

# Entries may call their keys and values by other names, and keys are texts.
def from_entries:
  reduce .[] as $entry ({};
    .[$entry
      | if .key == null then .k // .name // .Name // .K // .Key else .key end
      | if isstring then . else tojson end]
    = ($entry | if has("value") then .value elif has("v") then .v else .Value end));

# The last goes first, so that the others stay where they were found; what is not there needs no deleting.
def delpaths($paths):
  reduce ($paths | sort | reverse[]) as $path (.;
    if getpath($path[:-1]) == null then . else getpath($path) |= empty end);
def del(f): delpaths([path(f)]);
