//! Maps: what they may hold, what they must not see, and where they are wrong.

use serde_json::json;

use crate::functions::gives;
use crate::harness::{BINARY, lines, serveup};
use crate::through::{SHOWS, all, counts, import, refused, shown, values};

const TABLE: &str = "who,what\na,late\nb,\n";

// ── Maps that cannot be read ────────────────────────────────────────────────

/// The map is refused with its place, whatever the rows are.
#[track_caller]
fn miswritten(map: &str, message: &str) {
    refused("", map, TABLE, &format!("m.jq:{message}"));
}

#[test]
fn what_is_no_program_is_told_where() {
    let expression = "expected an expression, like .name or {recipient: .customer, point: \"pick-up\"}, found";
    miswritten("", &format!("1:1: {expression} the end"));
    miswritten("# nothing yet\n", &format!("1:14: {expression} the end"));
    miswritten("{recipient: .who\n", "1:1: { is never closed; close it");
    miswritten("# a map\n{\n  recipient: (.who,\n", "3:14: ( is never closed; close it");
    let quotes = "write texts in \"double quotes\", and a name with blanks or signs as .[\"picked up\"]";
    miswritten("{recipient: .who, point: 'p'}", &format!("1:26: cannot read \"'p'}}\" as jq; {quotes}"));
    miswritten("{recipient: .who, point: [", "1:26: [ is never closed; close it");
    miswritten("{recipient: \"who}", "1:13: \" is never closed; close it");
    miswritten(".who |\n  | .what", &format!("2:3: {expression} \"|\""));
    miswritten("%", &format!("1:1: {expression} \"%\""));
    miswritten("\"\\q\"", "1:3: expected string escape sequence, found \"q\"\"");
    // columns count characters
    miswritten("\"é\" | %", &format!("1:7: {expression} \"%\""));
    // a mark at the start is no part of it
    miswritten("\u{feff}%", &format!("1:1: {expression} \"%\""));
}

#[test]
fn unknown_names_are_told_where() {
    miswritten("{recipient: .who, point: place}", "1:26: unknown filter \"place\"");
    miswritten("{\n  recipient: .who | knwon\n}", "2:21: unknown filter \"knwon\"; did you mean \"known\"?");
    miswritten(".what | verdct(5)", "1:9: unknown filter \"verdct\" with 1 argument; did you mean \"verdict\"?");
    miswritten(".what | known(1; 2)", "1:9: unknown filter \"known\" with 2 arguments; write known or known($words)");
    let verdict = "write verdict($steps) or verdict($step; $steps)";
    miswritten(".stars | verdict", &format!("1:10: unknown filter \"verdict\"; {verdict}"));
    miswritten("verdict(1; 2; 3)", &format!("1:1: unknown filter \"verdict\" with 3 arguments; {verdict}"));
    miswritten("verdit(.stars; 5)", "1:1: unknown filter \"verdit\" with 2 arguments; did you mean \"verdict\"?");
    miswritten("def f: 1; f(2)", "1:11: unknown filter \"f\" with 1 argument");
    miswritten(".what as $x | $y", "1:15: unknown variable \"$y\"");
    miswritten("break $out", "1:7: unknown label \"$out\"");
    miswritten("dates::day", "1:1: unknown module \"dates\"");
}

#[test]
fn brackets_without_end_are_refused() {
    let nested = |depth: usize| format!("{}{}{}", "[".repeat(depth), 1, "]".repeat(depth));
    let map = |depth: usize| format!("{{recipient: \"r\", point: \"p\", said: ({} | tojson)}}", nested(depth));
    // the braces and the parenthesis are two of them
    import("-q", &map(198), "a\n1\n").stdout(shown([nested(198)])).run();
    let column = "{recipient: \"r\", point: \"p\", said: (".len() + 199;
    let told = "is nested deeper than 200 brackets; flatten it";
    refused("", &map(199), "a\n1\n", &format!("m.jq:1:{column}: {told}"));
    refused("", &"(".repeat(200_000), "a\n1\n", &format!("m.jq:1:201: {told}"));
}

#[test]
fn maps_are_utf_8() {
    let run = serveup("import --map m.jq in").file("m.jq", b"\"caf\xe9\"").file("in", TABLE).status(2);
    run.stderr("serveup: m.jq: the map is not UTF-8; save it as UTF-8\n").run();
}

#[test]
fn a_map_is_read_before_the_rows_are() {
    // also where there are none
    serveup("import --map m.jq nowhere").file("m.jq", "%").status(2).stderr_has("serveup: m.jq:1:1: expected").run();
}

// ── What maps must not see ──────────────────────────────────────────────────

#[test]
fn nothing_beyond_the_row_is_offered() {
    for (name, told) in [
        ("now", "filter \"now\""),
        ("env", "filter \"env\""),
        ("input", "filter \"input\""),
        ("inputs", "filter \"inputs\""),
        ("debug", "filter \"debug\""),
        ("debug(1)", "filter \"debug\" with 1 argument"),
        ("stderr", "filter \"stderr\""),
        ("halt", "filter \"halt\""),
        ("halt_error", "filter \"halt_error\""),
        ("halt_error(1)", "filter \"halt_error\" with 1 argument"),
        ("localtime", "filter \"localtime\""),
        ("strflocaltime(\"%Y\")", "filter \"strflocaltime\" with 1 argument"),
        ("$ENV", "variable \"$ENV\""),
        ("$__prog_args", "variable \"$__prog_args\""),
    ] {
        let beyond = "a map can read nothing but its row: no environment, files, further inputs or clock";
        miswritten(&format!("{{said: {name}}}"), &format!("1:8: unknown {told}; {beyond}"));
    }
    for name in ["input_filename", "input_line_number", "get_search_list", "modulemeta"] {
        import("", name, TABLE).status(2).stderr_has(&format!("serveup: m.jq:1:1: unknown filter \"{name}\"")).run();
    }
}

#[test]
fn other_files_are_not_read() {
    let told = "a map cannot import or include other files; write it all in one file";
    for (map, column) in [
        ("import \"other\" as other; other::f", 9),
        ("include \"other\"; f", 10),
        ("import \"other\" as $other; $other", 9),
        ("import \"m\" as m; 1", 9),
    ] {
        let run = import("", map, TABLE).file("other.jq", "def f: 1;").file("other.json", "1").status(2);
        run.stderr(format!("serveup: m.jq:1:{column}: {told}\n")).run();
    }
}

#[test]
fn what_is_defined_in_the_map_is_its_own() {
    // a function of its own may have any name
    let map = "def now: \"then\"; def known: \"ours\"; {recipient: \"r\", point: \"p\", said: (now + (.who | known))}";
    import("-q", map, TABLE).stdout(shown(["thenours", "thenours"])).run();
}

#[test]
fn a_row_knows_where_it_stands_and_nothing_of_the_others() {
    let map = r#"{recipient: "r", point: "p", said: ($row | tojson)}"#;
    let run = serveup("import --map m.jq -q x y").file("m.jq", map).file("x", "a\n1\n\n2\n").file("y", "[3,\n4]");
    let said = [
        r#"{"file":"x","line":2,"number":1}"#,
        r#"{"file":"x","line":4,"number":2}"#,
        r#"{"file":"y","line":1,"number":1}"#,
        r#"{"file":"y","line":2,"number":2}"#,
    ];
    run.stdout(shown(said)).run();
}

// ── Rows a map cannot take ──────────────────────────────────────────────────

#[test]
fn errors_of_the_map_have_the_place_of_the_row() {
    for (map, message) in [
        (".who | error", "a"),
        ("error(\"no such thing\")", "no such thing"),
        ("error({message: \"mine\", code: 3})", "mine"),
        ("error({code: 3})", "{\"code\":3}"),
        (".who + 1", "cannot calculate \"a\" + 1"),
        ("{recipient: .who, point: \"p\"}, error(\"after\")", "after"),
    ] {
        refused("", map, TABLE, &format!("in:2:1: row 1: m.jq: {message}"));
    }
    // nothing in a message moves a cursor, and it stays on its line
    refused("", "error(\"a\\u001b[31m\\nb\")", TABLE, "in:2:1: row 1: m.jq: a\\u{1b}[31m\\u{a}b");
    let ran = import("", "error(\"x\" * 5000)", TABLE).status(2).stderr_has("xxx…").run();
    assert!(ran.stderr.len() < 400, "{}", ran.stderr);
}

/// What is said of a list beside that it is no interaction.
const LIST: &str = "; .[] returns the elements of a list";

#[test]
fn what_is_no_interaction_is_refused() {
    for (given, more) in [("1", ""), ("null", ""), ("true", ""), ("[]", LIST), ("[{}]", LIST)] {
        let allowed = "return objects, or empty";
        let told = format!("in:2:1: row 1: m.jq: returned \"{given}\"; {allowed}{more}");
        refused("", given, TABLE, &told);
    }
    import("", ".who", TABLE).status(2).stderr_has("in:2:1: row 1: m.jq: returned \"").run();
    let allowed = "what JSON can hold: no bytes, no infinity, text as keys";
    for value in ["infinite", "nan", "-infinite"] {
        let map = format!("{{recipient: \"r\", point: \"p\", said: {value}}}");
        import("", &map, TABLE)
            .status(2)
            .stderr_has("in:2:1: row 1: m.jq: interaction: cannot use")
            .stderr_has(allowed)
            .run();
    }
    refused("", "{}", TABLE, "in:2:1: row 1: m.jq: recipient: is missing; write who was served");
    refused(
        "",
        "{recipient: .who}",
        TABLE,
        "in:2:1: row 1: m.jq: point: is missing; write where it happened, like pick-up",
    );
}

#[test]
fn wrong_values_are_told_where_they_stand_in_the_row() {
    let table = "who,signal,level\na,late,basic\nb, lat ,basic\nc,late,grand\n";
    let levels = "criminal, basic, expected, desired, surprising, unbelievable, LEVEL-or-below or LEVEL-or-above";
    let map = r#"{recipient: .who, point: "p", signals: [.signal | known], verdict: .level}"#;
    // the second cell of line 3; the third of line 4
    let signal = "in:3:3: row 2: m.jq: signals[0]: unknown signal \"lat\"; did you mean \"late\"?";
    let level = format!("in:4:8: row 3: m.jq: verdict: unknown verdict \"grand\"; write {levels}");
    refused("", map, table, signal);
    let run = import("--keep-going", map, table)
        .stdout("{\"recipient\":\"a\",\"point\":\"p\",\"signals\":[\"late\"],\"verdict\":\"basic\"}\n");
    run.stderr(format!("rejected: {signal}\nrejected: {level}\n{}", counts(3, 1, 1, 2, 0))).run();
    // of JSON it is the value: {"v":"grand"} has it in column 6
    let map = r#"{recipient: "r", point: "p", verdict: .v}"#;
    refused(
        "",
        map,
        r#"{"v":"grand"}"#,
        &format!("in:1:6: row 1: m.jq: verdict: unknown verdict \"grand\"; write {levels}"),
    );
    // what the map made up itself stands nowhere in the row
    let map = r#"{recipient: "r", point: "p", verdict: "grand"}"#;
    refused("", map, "a\n1\n", &format!("in:2:1: row 1: m.jq: verdict: unknown verdict \"grand\"; write {levels}"));
}

#[test]
fn what_the_functions_find_wanting_is_told_where_it_stands() {
    let table = "who,day,status,stars\na,5.1.2026,open,5\n\"b\nc\",2026-01-05,opened,6\n";
    let stop = |map: &str, message: &str| {
        refused("", &format!("{{recipient: .who, point: \"p\", at: ({map} | null)}}"), table, message);
    };
    // the second row begins on line 3 and its other cells stand on line 4: c",2026…
    let told = "cannot read \"2026-01-05\" as a time with %d.%m.%Y; add its format to instant";
    stop(".day | instant(\"%d.%m.%Y\")", &format!("in:4:4: row 2: m.jq: {told}"));
    stop(
        ".status | lookup(\"status\"; {open: 1})",
        "in:4:15: row 2: m.jq: status: the map does not know \"opened\", only open",
    );
    stop(
        ".stars | known | verdict(5)",
        "in:4:22: row 2: m.jq: rating: cannot use \"6\"; the scale has the whole numbers from 1 to 5",
    );
    let told = "cannot read \"5.1.2026\" as a date; write 2026-01-05, or read it with instant(\"%d.%m.%Y\")";
    stop("hours(.day; null)", &format!("in:2:3: row 1: m.jq: {told}"));
}

// ── Several interactions, and none ──────────────────────────────────────────

#[test]
fn a_row_gives_any_number_of_interactions() {
    let map = r#"{recipient: .who, point: "one"}, (select(.what != "") | {recipient: .who, point: "two"})"#;
    let out = [("a", "one"), ("a", "two"), ("b", "one")];
    let out = out.map(|(who, point)| format!("{{\"recipient\":\"{who}\",\"point\":\"{point}\"}}"));
    import("", map, TABLE).stdout(lines(&out)).stderr(counts(2, 2, 3, 0, 0)).run();
    // a list of them is none: it has to be opened
    import("-q", &format!("[{map}] | .[]"), TABLE).stdout(lines(&out)).run();
    let map = "range(1000) | {recipient: \"r\", point: \"p\", said: tostring}";
    let said: Vec<String> = (0..1000).map(|number| number.to_string()).collect();
    import("-q", map, "a\n1\n").stdout(shown(&said)).run();
}

#[test]
fn a_row_that_gives_without_end_is_refused() {
    let told = "in:2:1: row 1: m.jq: returned more than 100,000 interactions for one row; check that it ends";
    refused("", r#"repeat({recipient: "r", point: "p"})"#, "a\n1\n", told);
}

#[test]
fn a_list_that_may_hold_the_rows_is_told() {
    let map = r#"{recipient: column("who"), point: "p"}"#;
    let told = |there: &str, at: &str| {
        let hint = format!("if the rows are in a list inside, add --at {at}");
        format!("in:1:1: row 1: m.jq: there is no column \"who\"; there are: {there}; {hint}")
    };
    refused("", map, r#"{"next":null,"tickets":[{"who":"a"}]}"#, &told("next, tickets", "tickets"));
    refused("", map, r#"{"data":{"tickets":[{"who":"a"}]}}"#, &told("data", "data.tickets"));
    let run = import("", r#"{recipient: .who, point: "p"}"#, r#"{"tickets":[{"who":"a"}]}"#).status(2);
    let run = run.stderr_has("recipient: is missing").stderr_has("add --at tickets\n");
    run.run();
    // lists of texts are no rows
    refused("", map, r#"{"tags":["a"]}"#, "in:1:1: row 1: m.jq: there is no column \"who\"; there are: tags");
}

#[test]
fn rows_that_give_nothing_are_counted_as_dropped() {
    let map = r#"select(.what != "") | {recipient: .who, point: "p"}"#;
    import("", map, TABLE).stdout("{\"recipient\":\"a\",\"point\":\"p\"}\n").stderr(counts(2, 1, 1, 0, 1)).run();
    // all of them, too: that is what the map says
    import("", "empty", TABLE).stderr(counts(2, 0, 0, 0, 2)).run();
}

#[test]
fn of_a_row_all_interactions_go_or_none() {
    let map = r#"{recipient: .who, point: "p"}, {recipient: .who, point: "p", stage: .what}"#;
    let stages = "write beginning, middle or end";
    let told = format!("in:2:3: row 1: m.jq: interaction 2: stage: unknown stage \"late\"; {stages}");
    refused("", map, TABLE, &told);
    // an empty text is as good as none
    let out = "{\"recipient\":\"b\",\"point\":\"p\"}\n{\"recipient\":\"b\",\"point\":\"p\",\"stage\":\"\"}\n";
    let run = import("--keep-going", map, TABLE).stdout(out);
    run.stderr(format!("rejected: {told}\n{}", counts(2, 1, 2, 1, 0))).run();
}

#[test]
fn what_is_not_given_does_not_leave() {
    let map = r#"{recipient: .who, point: "p", said: null, signals: [], at: null, served: {x: null}, mood: null}"#;
    let out = ["a", "b"]
        .map(|who| format!("{{\"recipient\":\"{who}\",\"point\":\"p\",\"signals\":[],\"served\":{{\"x\":null}}}}"));
    import("", map, TABLE).stdout(lines(out)).stderr(all(2)).run();
}

#[test]
fn a_map_that_calls_itself_comes_to_its_end() {
    let map = r#"
        def down: if . > 0 then . - 1 | down else . end;
        {recipient: "r", point: "p", said: (100000 | down | tostring)}"#;
    import("-q", map, "a\n1\n").stdout(shown(["0"])).run();
    // 5000 × 5001 / 2
    let map = r#"
        def sum: if . == 0 then 0 else . + (. - 1 | sum) end;
        {recipient: "r", point: "p", said: (5000 | sum | tostring)}"#;
    import("-q", map, "a\n1\n").stdout(shown(["12502500"])).run();
}

#[test]
fn a_map_is_shown_as_it_is() {
    let map = "# mine\n.who  # é\n";
    serveup("import --show-map --map m.jq").file("m.jq", map).stdout(map).run();
    let ran = serveup("import --show-map --map m.jq -o out").file("m.jq", map).run();
    assert_eq!(ran.read("out"), map);
    serveup("import --show-map").status(2).stderr("serveup: --show-map: name the map, like --from zendesk\n").run();
    serveup("import --show-map --map m.jq in").file("m.jq", map).status(2).stderr_has("cannot be used with").run();
}

#[test]
fn signals_of_rules_of_your_own_are_known() {
    let rules = "[[levels]]\nname = 'desired'\n[levels.signals]\nflowers = 'there were flowers'\n";
    let map = r#"{recipient: .who, point: "p", signals: ["flowers"]}"#;
    import("", map, TABLE).status(2).stderr_has("signals[0]: unknown signal \"flowers\"").run();
    let out = ["a", "b"].map(|who| format!("{{\"recipient\":\"{who}\",\"point\":\"p\",\"signals\":[\"flowers\"]}}"));
    import("--levels l.toml", map, TABLE).file("l.toml", rules).stdout(lines(&out)).stderr(all(2)).run();
    let run = import("", map, TABLE).file("l.toml", rules).env("SERVEUP_LEVELS", "l.toml");
    run.stdout(lines(out)).stderr(all(2)).run();
}

#[test]
fn jq_is_at_hand() {
    let map = r#"
        .a | [splits(", *")] | map(ascii_downcase | ltrimstr("x")) | sort
        | {recipient: "r", point: "p", said: join("+")}"#;
    import("-q", map, "a\n\"B, xa,C\"\n").stdout(shown(["a+b+c"])).run();
    let map = r#"{recipient: "r", point: "p", said: (.a | tonumber | todate)}"#;
    // seconds since 1970
    import("-q", map, "a\n1735689600\n").stdout(shown(["2025-01-01T00:00:00Z"])).run();
    let map = r#"{recipient: "r", point: "p", said: (.a | capture("^(?<x>.*) \\((?<zone>[^)]+)\\)$").zone)}"#;
    import("-q", map, "a\nUpdated at (America/New_York)\n").stdout(shown(["America/New_York"])).run();
    // order of keys as in the table
    import("-q", SHOWS, "z,a,m\n1,2,3\n").stdout(shown([r#"{"z":"1","a":"2","m":"3"}"#])).run();
}

#[test]
fn an_open_bracket_inside_a_closed_one_is_told_where_it_opens() {
    let told = "serveup: m.jq:2:13: ( is never closed; close it\n";
    import("", "{\n recipient: (.who,\n point: \"p\"\n}", "who\na\n").status(2).stderr(told).run();
}

// ── What the page about maps says beside its transcripts ────────────────────

/// The recipe that joins two exports runs as it is written, where jq is at hand.
#[test]
fn two_exports_are_joined_as_the_page_says() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/maps.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let recipe = page.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the recipe");
    if !std::process::Command::new("jq").arg("--version").output().is_ok_and(|ran| ran.status.success()) {
        eprintln!("not run: jq is not there");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in [
        (
            "tickets.jsonl",
            "{\"id\": 7, \"who\": \"ada\"}\n{\"id\": 8, \"who\": \"ben\"}\n{\"id\": 9, \"who\": \"cem\"}\n",
        ),
        (
            "ratings.jsonl",
            "{\"ticket\": 9, \"rated\": 5}\n{\"ticket\": \"7\", \"rated\": 4}\n{\"ticket\": 7, \"rated\": 1}\n",
        ),
        ("joined.jq", "{id: \"\\(.id)\", recipient: .who, point: \"visit\", verdict: (.rated | verdict(5))}"),
    ] {
        std::fs::write(folder.path().join(name), content).expect("a file");
    }
    let binary = std::path::Path::new(BINARY).parent().expect("its folder").display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &recipe.replace("rate --map", "rate -q -f jsonl --map")]).current_dir(folder.path());
    let ran = shell.env("PATH", format!("{binary}:{path}")).env_remove("SERVEUP_LEVELS").output().expect("a shell");
    let levels: Vec<_> = values(&String::from_utf8(ran.stdout).expect("text"))
        .iter()
        .map(|row| format!("{} {}", row["id"].as_str().unwrap_or("?"), row["level"].as_str().unwrap_or("?")))
        .collect();
    // the last of two ratings counts, and whoever gave none said nothing
    assert_eq!(levels, ["7 basic", "8 expected", "9 desired"], "{}", String::from_utf8_lossy(&ran.stderr));
}

/// What is different from jq is different as the page says.
#[test]
fn what_differs_from_jq_differs_as_the_page_says() {
    gives(
        "",
        &[
            ("4 / 2 | tostring", json!("2.0")),
            ("5.5 % 2", json!(1.5)),
            ("[1, 2, 3] | .[length / 2 | floor]", json!(2)),
            ("1e3, 12345678901234567890 | [tostring] | .[0] | select(startswith(\"1e\"))", json!("1e3")),
            ("12345678901234567890 | tostring", json!("12345678901234567890")),
            ("[reduce (1, 2) as $n (0; . + $n, . * 2)] | length", json!(4)),
            ("[reduce (1, 2) as $n (0; empty)]", json!([])),
            ("\"Ü\" | test(\"ü\"; \"i\")", json!(false)),
            ("\"ü\" | test(\"\\\\w\")", json!(false)),
            ("{} | .[0]", json!(null)),
            ("{a: null} | .a = {b: 1}", json!({"a": {"b": 1}})),
            ("(.nil // \"\")[:9]", json!("")),
        ],
    );
    for (wrong, message) in [
        (".who | null[:9]", "cannot use null as rangeable (array or string)"),
        (".nil.a.b = 1", "cannot use null as iterable (array or object)"),
        ("[1, 2, 3] | .[4 / 2]", "cannot index [1,2,3] with 2.0"),
        ("\"a\" | test([\"b\", \"i\"])", "cannot use [\"b\",\"i\"] as string"),
    ] {
        import("", wrong, TABLE).status(2).stderr_has(message).run();
    }
    for lacking in ["@csv", "@tsv", "@base32", "tostream", "dateadd(\"seconds\"; 1)", "$__loc__"] {
        import("", lacking, TABLE).status(2).stderr_has("unknown").run();
    }
}
