//! `--inspect`: how much is known of the columns and of the interactions, and what stays unknown.

use serde_json::{Value, json};
use serveup::{Level, Model};

use crate::harness::{Ran, lines, serveup};
use crate::through::{counts, import};

/// Three rows; of the five columns one has no name, and one says nothing.
const TABLE: &str = "who,t,at,,note\na,late,2026-01-05,,\nb,N/A,2026-01-06,,x y\nc,,2026-01-07,,  \n";

const MAP: &str = r#"{recipient: .who, point: "p", at, signals: [.t | known | select(.)]}"#;

fn document(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).expect("a JSON document")
}

/// The names in a list of rows of which something is known, with how many there are.
fn known(rows: &Value, name: &str) -> Vec<String> {
    let rows = rows.as_array().expect("a list").iter().filter(|row| row["known"] != 0);
    rows.map(|row| format!("{} {}", row[name].as_str().expect("a name"), row["known"])).collect()
}

#[test]
fn the_columns_of_a_table() {
    // N/A and blanks fill nothing
    let columns = json!([
        {"column": "who", "filled": 3, "example": "a", "values": []},
        {"column": "t", "filled": 1, "example": "late", "values": []},
        {"column": "at", "filled": 3, "example": "2026-01-05", "values": []},
        {"column": "column_4", "filled": 0, "example": null, "values": []},
        {"column": "note", "filled": 1, "example": "x y", "values": []},
    ]);
    let whole = json!({
        "rows": 3, "mapped": 0, "dropped": 0, "left_out": [], "interactions": null, "first_at": null, "last_at": null,
        "columns": columns, "fields": [], "signals": [], "points": [], "can_say": [], "unknown": [], "preset": null,
    });
    let note = "note: in: column 4 has no name; in maps it is \"column_4\"\n";
    let run = |flags: &str| serveup(&format!("import --inspect in {flags}")).file("in", TABLE);
    run("-f json").json(whole.clone()).stderr(note).run();
    run("-f json -q").json(whole).run();
    let rows = "column\twho\t3\t3\ta\ncolumn\tt\t1\t3\tlate\ncolumn\tat\t3\t3\t2026-01-05\n\
                column\tcolumn_4\t0\t3\t\ncolumn\tnote\t1\t3\tx y\n";
    let header = "what\tname\tknown\tof\texample\n";
    run("-q").stdout(format!("{header}{rows}")).run();
    run("-q -f tsv --no-header").stdout(rows).run();
    run("-q -f csv").stdout(format!("{header}{rows}").replace('\t', ",")).run();
    let first = "{\"what\":\"column\",\"name\":\"who\",\"known\":3,\"of\":3,\"example\":\"a\"}\n";
    run("-q -f jsonl").stdout_has(first).run();
    assert_eq!(run("-q -o out").run().read("out"), format!("{header}{rows}"));
    // by a pipe
    serveup("import --inspect -q").stdin(TABLE).stdout(format!("{header}{rows}")).run();
}

#[test]
fn the_columns_of_json() {
    // objects are opened; lists are values, and empty ones say nothing
    let rows = r#"{"id": 1, "who": {"name": "a", "mail": null}, "tags": ["x"], "none": []}
{"id": "n/a", "who": {"name": " "}, "tags": [], "new": {"deep": {"er": {"than": {"that": 1}}}}}
7
"#;
    let columns = json!([
        {"column": "id", "filled": 1, "example": "1", "values": []},
        {"column": "who.name", "filled": 1, "example": "a", "values": []},
        {"column": "who.mail", "filled": 0, "example": null, "values": []},
        {"column": "tags", "filled": 1, "example": "[\"x\"]", "values": []},
        {"column": "none", "filled": 0, "example": null, "values": []},
        {"column": "new.deep.er.than", "filled": 1, "example": "{\"that\":1}", "values": []},
        {"column": "(the row)", "filled": 1, "example": "7", "values": []},
    ]);
    let ran = serveup("import --inspect in -f json").file("in", rows).any_stdout().run();
    assert_eq!(document(&ran)["columns"], columns);
    assert_eq!(document(&ran)["rows"], 3);
    let object = format!("{{\"rows\": [{}]}}", rows.trim_end().replace('\n', ","));
    let ran = serveup("import --inspect --at rows in -f json").file("in", object).any_stdout().run();
    assert_eq!(document(&ran)["columns"], columns);
}

#[test]
fn texts_that_come_again_and_again_are_counted() {
    // as many as twice their kinds, the most frequent first, of equals the earlier
    let table = "status,who,few,long\nopen,a,x,LONG\nclosed,b,,LONG\nclosed,c,y,LONG\nN/A,d,,LONG\n\
                 hold,e,y,LONG\nclosed,f,,LONG\nopen,g,,LONG\n"
        .replace("LONG", &"l".repeat(41));
    let ran = serveup("import --inspect in -f json").file("in", &table).any_stdout().run();
    let values = |column: usize| document(&ran)["columns"][column]["values"].clone();
    assert_eq!(
        values(0),
        json!([{"value": "closed", "count": 3}, {"value": "open", "count": 2}, {"value": "hold", "count": 1}])
    );
    // each but once; three texts of two kinds; texts that are too long
    assert_eq!([values(1), values(2), values(3)], [json!([]), json!([]), json!([])]);
    let ran = serveup("import --inspect in -f table").file("in", &table).stdout_has("closed 3, open 2, hold 1\n").run();
    assert!(ran.stdout.contains("few       43 %  x\n"), "{}", ran.stdout);
    // up to eight kinds
    for kinds in [8, 9] {
        let rows = (0..kinds * 2).map(|row| format!("k{}", row % kinds));
        let ran = serveup("import --inspect in -f json").file("in", lines(std::iter::once("k".to_owned()).chain(rows)));
        let told = document(&ran.any_stdout().run())["columns"][0]["values"].as_array().expect("a list").len();
        assert_eq!(told, if kinds == 8 { 8 } else { 0 });
    }
}

#[test]
fn columns_are_there_also_where_no_row_is() {
    let ran = serveup("import --inspect in -f json").file("in", "who,t\n").any_stdout();
    let ran = ran.stderr("note: there is a header, but no row below it\n").run();
    let columns = ["who", "t"].map(|name| json!({"column": name, "filled": 0, "example": null, "values": []}));
    assert_eq!([&document(&ran)["rows"], &document(&ran)["columns"]], [&json!(0), &json!(columns)]);
}

#[test]
fn what_is_known_of_the_interactions() {
    let ran = import("--inspect -q -f json", MAP, TABLE).any_stdout().run();
    let document = document(&ran);
    assert_eq!([&document["rows"], &document["mapped"], &document["dropped"], &document["interactions"]], [3, 3, 0, 3]);
    assert_eq!(known(&document["fields"], "field"), ["at 3", "recipient 3", "point 3", "signals 1"]);
    assert_eq!(known(&document["signals"], "signal"), ["late 1"]);
    // every field and every signal is there, known or not
    assert_eq!(document["fields"].as_array().expect("a list").len(), 22);
    let late = json!({"signal": "late", "level": "basic", "known": 1});
    assert!(document["signals"].as_array().expect("a list").contains(&late));
    // the same as rows
    let ran = import("--inspect -q", MAP, TABLE).any_stdout().run();
    for row in [
        "column\tt\t1\t3\tlate",
        "field\tat\t3\t3\t",
        "field\tverdict\t0\t3\t",
        "signal\tlate\t1\t3\t",
        "signal\tomitted\t0\t3\t",
    ] {
        assert!(ran.stdout.lines().any(|line| line == row), "{row} in {}", ran.stdout);
    }
}

#[test]
fn several_interactions_of_a_row_and_none() {
    let map =
        format!("{MAP} | select(.recipient != \"b\") | ., (. + {{point: \"q\", signals: [\"late\", \"chased\"]}})");
    let ran = import("--inspect -q -f json", &map, TABLE).any_stdout().run();
    let document = document(&ran);
    // a and c give two each; of a the first is late, and so is the second of both
    assert_eq!([&document["rows"], &document["mapped"], &document["dropped"], &document["interactions"]], [3, 2, 1, 4]);
    assert_eq!(known(&document["fields"], "field"), ["at 4", "recipient 4", "point 4", "signals 3"]);
    assert_eq!(known(&document["signals"], "signal"), ["late 3", "chased 2"]);
    // columns are those of all rows
    assert_eq!(document["columns"][0], json!({"column": "who", "filled": 3, "example": "a", "values": []}));
}

#[test]
fn every_field_is_known_where_it_is_given() {
    let record = r#"{"id":"1","at":"2026-01-05","recipient":"a","journey":"j","transaction":"t","point":"p",
        "action":"x","signals":["unexpected"],"value":["time"],"served":{"cadence":"weekly"},"channel":"mail",
        "stage":"end","relation":"external","provider":"b","team":"c","verdict":"basic","claimed":"desired","said":"hm",
        "recovers":"0","response":"blame"}"#;
    let ran = import("--inspect -f json", ".", record).any_stdout().run();
    let document = document(&ran);
    assert_eq!(known(&document["fields"], "field").len(), 20);
    let [shortfalls, lifts] = never_said(&["unexpected"]);
    assert_eq!(sentences(&document), [NO_PROMISE, &shortfalls, &lifts]);
    // an empty list, text or object says nothing; but that no value was created is known
    let hollow = r#"{"recipient":"a","point":"p","signals":[],"value":[],"served":{},"said":"","team":null}"#;
    let ran = import("--inspect -f json", ".", hollow).any_stdout().run();
    assert_eq!(known(&self::document(&ran)["fields"], "field"), ["recipient 1", "point 1", "value 1"]);
}

fn sentences(document: &Value) -> Vec<&str> {
    document["unknown"].as_array().expect("a list").iter().map(|line| line.as_str().expect("a text")).collect()
}

const NO_PROMISE: &str = "no promise is known (no signal says on-time, as-agreed, late or promise-broken): nothing can \
                          be on time or late";
const FAULTS_ONLY: &str = "promises are noted only where they were late or broken; note those that were kept as on-time \
                           or as-agreed, or every share is of faults only";
const NO_RATING: &str = "no rating by the recipient (verdict): whether they agree with the facts stays unknown";

/// What is said where of all shortfalls and lifts only some signals are ever noted.
fn never_said(noted: &[&str]) -> [String; 2] {
    let [shortfalls, lifts] = [&Level::ALL[..2], &Level::ALL[3..]].map(|levels| {
        // the way they prefer is compared, and need not be said
        signals_of(levels, &[noted, &["preferred-way"]].concat())
    });
    [
        format!("no signal ever says {shortfalls}; moments that were so will look better than they were"),
        format!("no signal ever says {lifts}; delight of that kind is not seen"),
    ]
}

#[test]
fn what_stays_unknown_is_told_with_what_it_means() {
    let ran = import("--inspect -q -f json", MAP, TABLE).any_stdout().run();
    let document = document(&ran);
    let [shortfalls, lifts] = never_said(&["late"]);
    assert_eq!(
        sentences(&document),
        [
            "2 of 3 have no signal, value or verdict; unless the recipient's preferences or an earlier act decide, \
             they stay out of every share",
            FAULTS_ONLY,
            &shortfalls,
            &lifts,
            NO_RATING,
            "no action: the escalator sees no repeats, so nothing fades",
            "no value: a surprise counts only where it is known to be valued, so none can count",
            "no recovery is named: name them, or let `recovery --link-within DAYS` assume them",
            "neither served nor channel: preferences can be neither met nor missed",
        ]
    );
    // without a time, with a channel and one interaction without remark
    let map = r#"
        {recipient: .who, point: "p", channel: "mail",
         verdict: (if .t == "late" then "basic" elif .who == "b" then "expected" else null end)}"#;
    let ran = import("--inspect -q -f json", map, TABLE).any_stdout().run();
    let document = self::document(&ran);
    let said = sentences(&document);
    assert_eq!(
        said[0],
        "1 of 3 has no signal, value or verdict; unless the recipient's preferences or an earlier act decide, \
         it stays out of every share"
    );
    assert!(said.contains(&"no time: records count in file order, and nothing is told over time"));
    assert!(!said.iter().any(|line| line.starts_with("no rating") || line.starts_with("neither")), "{said:?}");
    assert!(!said.iter().any(|line| line.contains("verdicts")), "{said:?}");
    // a: basic-or-below, b: expected, the middle, c: none
    let map = r#"{recipient: .who, point: "p", verdict: verdict({a: 1, b: 2}[.who]; 3)}"#;
    let ran = import("--inspect -q -f json", map, TABLE).any_stdout().run();
    let open = |of: &str| format!("{of} on a scale, like basic-or-below; how far below or above, only signals can say");
    let document = self::document(&ran);
    assert!(sentences(&document).contains(&&*open("1 of 2 verdicts is an answer")), "{document}");
    let map = r#"{recipient: .who, point: "p", verdict: verdict({a: 1, b: 2, c: 4}[.who]; 4)}"#;
    let ran = import("--inspect -q -f json", map, TABLE).any_stdout().run();
    let document = self::document(&ran);
    assert!(sentences(&document).contains(&&*open("3 of 3 verdicts are answers")), "{document}");
    // where there is no interaction nothing can be said of them
    let ran = import("--inspect -q -f json", "empty", TABLE).any_stdout().run();
    assert_eq!(self::document(&ran)["unknown"], json!([]));
}

#[test]
fn a_table_for_people() {
    let columns = "3 rows with 5 columns\n\n\
                   column    filled  for example\n\
                   who        100 %  a\n\
                   t           33 %  late\n\
                   at         100 %  2026-01-05\n\
                   column_4     0 %  -\n\
                   note        33 %  x y\n\n";
    let without = "A map makes interactions of these rows: --from PRESET, or --map FILE.jq.\n";
    serveup("import --inspect -q in -f table").file("in", TABLE).stdout(format!("{columns}{without}")).run();
    let ran = import("--inspect -q -f table", MAP, TABLE).stdout_has(columns).run();
    let (_, rest) = ran.stdout.split_once(columns).expect("columns first");
    let start = "3 interactions from 3 rows, 0 dropped by the map\n\
                 from 2026-01-05 to 2026-01-07\n\n\
                 field                 known  share\n\
                 at                        3  100 %\n\
                 recipient                 3  100 %\n\
                 point                     3  100 %\n\
                 signals                   1   33 %\n\n\
                 signal                noted  share\n\
                 late                      1   33 %\n\n\
                 point                 interactions  with promise  with rating  unresolved\n\
                 p                                3             1            0           0\n\n\
                 What a rating of this can say:\n\
                 - 1 of 3 interactions says how a promise came out: 0 kept, 1 late or broken\n\n\
                 What stays unknown, and what that means:\n\
                 - 2 of 3 have no signal, value or verdict; unless the recipient's preferences or\n  an earlier";
    assert!(rest.starts_with(start), "{rest}");
    assert!(rest.lines().all(|line| line.chars().count() <= 80), "{rest}");
    // sentences are whole, only broken into lines
    assert!(rest.split_whitespace().collect::<Vec<_>>().join(" ").contains(&never_said(&["late"])[0]), "{rest}");
}

#[test]
fn examples_move_no_cursor_and_fit_their_line() {
    let table = format!("a\u{1b}[2J,b\n\u{1b}[31mred,{}\n", "long ".repeat(100));
    let ran = serveup("import --inspect in -f table").file("in", table).stdout_has("red").run();
    assert!(!ran.stdout.contains('\u{1b}'), "{:?}", ran.stdout);
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ran.stdout);
}

#[test]
fn what_cannot_be_taken_is_told_here_too() {
    let ragged = "who,t\na,late\nb\nc,\n";
    let fault = "in:3:2: row 2: has 1 cell, but the header has 2; add the missing ones";
    let run =
        |flags: &str| import(&format!("--inspect {flags}"), r#"{recipient: .who, point: "p", signals: [.t]}"#, ragged);
    run("").status(2).stderr(format!("serveup: {fault}\n")).run();
    serveup("import --inspect in").file("in", ragged).status(2).stderr(format!("serveup: {fault}\n")).run();
    // the empty text of the third row is no signal; the second row is one, but could not be looked at
    let ran = run("--keep-going -f json")
        .any_stdout()
        .stderr_has(&format!("rejected: {fault}\n"))
        .stderr_has(&counts(3, 1, 1, 2, 0))
        .run();
    let document = document(&ran);
    assert_eq!([&document["rows"], &document["mapped"], &document["interactions"]], [3, 1, 1]);
    assert_eq!(document["columns"][0], json!({"column": "who", "filled": 2, "example": "a", "values": []}));
}

#[test]
fn only_the_last_row_of_a_case_is_looked_at() {
    let ran = serveup("import --inspect --last-by c in -f json").file("in", "c,t\n1,a\n1,\n2,b\n").any_stdout().run();
    assert_eq!(document(&ran)["columns"][1], json!({"column": "t", "filled": 1, "example": "b", "values": []}));
}

#[test]
fn very_many_keys_are_not_all_listed() {
    let rows = (0..2000).map(|key| format!("{{\"k{key}\":1}}"));
    let ran = serveup("import --inspect in --no-header").file("in", lines(rows)).any_stdout().run();
    assert_eq!(ran.stdout.lines().count(), 500);
}

/// The signals of some levels but for those named, as messages list them; which
/// these are, `tests/levels_file.rs` holds by hand.
fn signals_of(levels: &[Level], but: &[&str]) -> String {
    let model = Model::shipped();
    let signals = model.signals().iter().filter(|signal| levels.contains(&signal.level));
    let names = signals.map(|signal| signal.name.as_str()).filter(|name| !but.contains(name));
    names.collect::<Vec<_>>().join(", ")
}
