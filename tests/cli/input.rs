//! What is accepted: the same records in every form, one by one and in several files.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::process::Command;

use crate::harness::{lines, serveup};

/// The two records of every form, as rows of tsv.
const ROWS: &str = "\
1\t\tacme\tcare/thanks\tnote\tsurprising\t5\tsurprising\tsurprising\t\tdesired\tfacts\tfalse\t\t
2\t\tBolt, \"b\"\tparcel\t\tbasic\t2\tbasic\tbasic\t\t\tfacts\ttrue\texpected\t1
";

const FIRST: &str = r#"{"id":"1","recipient":"acme","journey":"care","point":"thanks","action":"note","signals":["unexpected"],"value":["time"],"served":{"cadence":"weekly"}}"#;
const SECOND: &str =
    r#"{"id":"2","recipient":"Bolt, \"b\"","point":"parcel","signals":["late","chased"],"claimed":"expected"}"#;

/// As jq prints an object.
const FIRST_PRETTY: &str = r#"{
  "id": "1",
  "recipient": "acme",
  "journey": "care",
  "point": "thanks",
  "action": "note",
  "signals": [
    "unexpected"
  ],
  "value": [
    "time"
  ],
  "served": {
    "cadence": "weekly"
  }
}"#;

const CSV: &str = r#"id,recipient,journey,point,action,signals,value,served.cadence,claimed
1,acme,care,thanks,note,unexpected,time,weekly,
2,"Bolt, ""b""",,parcel,,late;chased,,,expected
"#;

#[track_caller]
fn gives_the_rows(content: impl AsRef<[u8]>) {
    serveup("rate --no-header in").file("in", content.as_ref()).stdout(ROWS).run();
    // the same through a pipe, and told by nothing but the content
    serveup("rate --no-header").stdin(content.as_ref()).stdout(ROWS).run();
    serveup("rate --no-header --in-order -").stdin(content).stdout(ROWS).run();
}

#[test]
fn an_array() {
    gives_the_rows(format!("[{FIRST},{SECOND}]"));
    gives_the_rows(format!(" \n[ {FIRST_PRETTY} ,\r\n\t{SECOND}\n]\n\n"));
}

#[test]
fn a_document_with_its_keys_in_either_order() {
    gives_the_rows(format!(r#"{{"interactions":[{FIRST},{SECOND}]}}"#));
    gives_the_rows(format!(r#"{{"recipients":[],"interactions":[{FIRST},{SECOND}]}}"#));
    gives_the_rows(format!("{{ \"interactions\" : [ {FIRST}\n, {SECOND} ] ,\n\"recipients\" : [ ] }}"));
}

#[test]
fn recipients_of_a_document_count_wherever_they_stand() {
    let recipients = r#""recipients":[{"id":"acme","prefers":{"channel":"phone"}}]"#;
    let interactions = r#""interactions":[{"recipient":"acme","point":"p","channel":"phone"}]"#;
    for document in [format!("{{{recipients},{interactions}}}"), format!("{{{interactions},{recipients}}}")] {
        serveup("rate in -f json").file("in", &document).columns("level reason", &["desired facts"]).run();
        serveup("rate -f json").stdin(&document).columns("level reason", &["desired facts"]).run();
        serveup("rate -f json --in-order").stdin(document).columns("level reason", &["desired facts"]).run();
    }
}

#[test]
fn recipients_of_a_document_count_for_all_files() {
    let who = r#""recipients":[{"id":"acme","prefers":{"channel":"phone"}}]"#;
    for document in [format!(r#"{{"interactions":[],{who}}}"#), format!("{{{who}}}")] {
        let run = serveup("rate a b -f json").file("a", r#"{"recipient":"acme","point":"p","channel":"phone"}"#);
        run.file("b", document).columns("level", &["desired"]).run();
    }
}

#[test]
fn json_lines() {
    gives_the_rows(format!("{FIRST}\n{SECOND}\n"));
    gives_the_rows(format!("{FIRST}\n{SECOND}"));
    gives_the_rows(format!("{FIRST}\r\n{SECOND}\r\n"));
    gives_the_rows(format!("\n\n{FIRST}\n\n \n{SECOND}\n\n"));
}

#[test]
fn objects_separated_by_any_white_space() {
    gives_the_rows(format!("{FIRST} {SECOND}"));
    gives_the_rows(format!("  {FIRST}\t{SECOND}  \n"));
    gives_the_rows(format!("{FIRST_PRETTY}\n{SECOND}\n"));
}

#[test]
fn csv_with_a_header_of_field_names() {
    gives_the_rows(CSV);
    gives_the_rows(CSV.trim_end());
    gives_the_rows(CSV.replace('\n', "\r\n"));
    gives_the_rows(CSV.replace('\n', "\n\n"));
    gives_the_rows(format!("\n\n{}", CSV.replace('\n', "\r\n\r\n")));
    gives_the_rows(CSV.replace("note,unexpected,time", r#""note","unexpected","time""#));
}

#[test]
fn csv_as_spreadsheets_of_other_countries_write_it() {
    gives_the_rows(
        "id;recipient;journey;point;action;signals;value;served.cadence;claimed\r\n\
         1;acme;care;thanks;note;unexpected;time;weekly;\r\n\
         2;\"Bolt, \"\"b\"\"\";;parcel;;\"late;chased\";;;expected\r\n",
    );
    gives_the_rows(
        "id\trecipient\tjourney\tpoint\taction\tsignals\tvalue\tserved.cadence\tclaimed\n\
         1\tacme\tcare\tthanks\tnote\tunexpected\ttime\tweekly\t\n\
         2\t\"Bolt, \"\"b\"\"\"\t\tparcel\t\tlate;chased\t\t\texpected\n",
    );
}

#[test]
fn a_byte_order_mark_is_tolerated() {
    for content in [format!("[{FIRST},{SECOND}]"), format!("{FIRST}\n{SECOND}\n"), CSV.to_owned()] {
        gives_the_rows(format!("\u{feff}{content}"));
    }
}

#[test]
fn a_first_key_that_means_nothing_does_not_mislead() {
    let unknown = r#""schema":{"interactions":[1,{"recipient":[]}]},"#;
    let lines = format!("{}\n{SECOND}", FIRST.replacen('{', &format!("{{{unknown}"), 1));
    serveup("rate --no-header --quiet in").file("in", lines).stdout(ROWS).run();
    let document = format!(r#"{{{unknown}"interactions":[{FIRST},{SECOND}]}}"#);
    serveup("rate --no-header --quiet in").file("in", document).stdout(ROWS).run();
}

#[test]
fn several_files_are_one_stream() {
    // a repeat in another file, of another form, is a repeat
    let ran = serveup("rate -f json a b - c")
        .file("a", r#"{"recipient":"acme","point":"p","action":"note","signals":["unexpected"],"value":["time"]}"#)
        .file("b", r#"[{"recipient":"acme","point":"p","action":"note"}]"#)
        .stdin("recipient,point,action\nacme,p,note\n")
        .file("c", r#"{"interactions":[{"recipient":"acme","point":"p","action":"note"}]}"#);
    ran.columns("level", &["surprising", "desired", "expected", "basic"]).run();
}

#[test]
fn an_empty_file_among_others_is_told() {
    let ran = serveup("rate -f json a b").file("a", " \n").file("b", r#"{"recipient":"acme","point":"p"}"#);
    let ran = ran.columns("recipient", &["acme"]).stderr("note: a: no records found\n").run();
    ran.then("rate -f json a b --quiet").columns("recipient", &["acme"]).run();
}

#[test]
fn standard_input_can_be_named_once() {
    serveup("rate - -").stdin(FIRST).status(2).stderr("serveup: standard input is named twice; name it once\n").run();
}

#[test]
fn a_named_pipe_is_read_like_a_file() {
    let run = serveup("rate --no-header pipe").stdout(ROWS);
    let pipe = run.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let writer = std::thread::spawn(move || fs::write(pipe, format!("{FIRST}\n{SECOND}\n")));
    run.run();
    writer.join().expect("the writer ends").expect("all is written");
}

#[test]
fn a_pipe_longer_than_memory_wants_to_hold_is_read_twice() {
    // longer than several blocks, with a record across each border
    let record =
        |number: usize| format!(r#"{{"id":"{number}","recipient":"acme","point":"p","said":"{}"}}"#, "x".repeat(700));
    let content = lines((0..6000).map(record));
    let ran = serveup("rate --no-header").stdin(&content).any_stdout().run();
    assert_eq!(ran.stdout.lines().count(), 6000);
    assert_eq!(ran.stdout, ran.then("rate --no-header in").file("in", content).any_stdout().run().stdout);
}

#[test]
fn a_file_that_changes_meanwhile_is_refused() {
    let run = serveup("rate a pipe").file("a", FIRST);
    let (a, pipe) = (run.path("a"), run.path("pipe"));
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let writer = std::thread::spawn(move || {
        // the program opens the files in turn; when it comes to the pipe, it has seen the file as it was
        let mut pipe = OpenOptions::new().write(true).open(pipe).expect("a pipe");
        OpenOptions::new().append(true).open(a).expect("a file").write_all(b"\n").expect("written");
        pipe.write_all(SECOND.as_bytes()).expect("written");
    });
    let said = "serveup: a: changed while it was read; run again when nothing writes to it\n";
    run.status(2).stderr(said).run();
    writer.join().expect("the writer ends");
}

#[test]
fn numbers_are_texts_kept_as_written() {
    let record = r#"{"id":12345678901234567890123,"recipient":1.50,"point":1e400,"action":-0}"#;
    let rows = ["12345678901234567890123 1.50 1e400 -0"];
    serveup("rate in -f json").file("in", record).columns("id recipient point action", &rows).run();
    // a number and the same digits as text are the same text
    let records = "{\"id\":7,\"recipient\":1,\"point\":\"p\"}\n{\"id\":\"7\",\"recipient\":\"1\",\"point\":\"p\"}\n";
    serveup("rate in").file("in", records).status(2).stderr_has("id: \"7\" was already used on line 1").run();
}

#[test]
fn numbers_in_preferences_are_texts_too() {
    let document = r#"{"recipients":[{"id":1.0,"prefers":{"rings":3}}],"interactions":[
        {"recipient":1.0,"point":"p","served":{"rings":3}},
        {"recipient":"1.0","point":"p","served":{"rings":"3"}},
        {"recipient":1.0,"point":"p","served":{"rings":3.0}}]}"#;
    serveup("rate in -f json").file("in", document).columns("level", &["desired", "desired", "expected"]).run();
}

#[test]
fn an_optional_field_without_content_is_not_given() {
    let fields = [
        "id",
        "at",
        "journey",
        "transaction",
        "action",
        "signals",
        "served",
        "channel",
        "stage",
        "relation",
        "provider",
        "team",
        "verdict",
        "claimed",
        "said",
        "recovers",
        "response",
    ];
    let mut records: Vec<String> = Vec::new();
    for field in fields {
        for nothing in ["null", "\"\"", "[]", "{}", "[ ]", "{\n}"] {
            records.push(format!(r#"{{"recipient":"acme","point":"p","{field}":{nothing}}}"#));
        }
    }
    for nothing in ["null", "\"\""] {
        records.push(format!(r#"{{"recipient":"acme","point":"p","value":{nothing}}}"#));
    }
    // and a member of `served` may be without content
    records.push(r#"{"recipient":"acme","point":"p","served":{"a":null,"b":""}}"#.to_owned());
    let rows = vec!["- - acme p - expected unremarked -"; records.len()];
    let ran = serveup("rate in -f json").file("in", lines(records));
    let ran = ran.columns("id at recipient point action level reason value", &rows).run();
    let csv = "recipient,point,id,at,journey,action,signals,value,served.a,channel,stage,verdict,response\nacme,p,,,,,,,,,,,\n";
    ran.then("rate csv -f json").file("csv", csv).columns("level reason value", &["expected unremarked -"]).run();
}

#[test]
fn an_empty_list_of_value_says_that_there_was_none() {
    // absent: unknown; []: none. Neither lets a surprise count, and `why` says which.
    let record = |value: &str| format!(r#"{{"recipient":"acme","point":"p","signals":["unexpected"]{value}}}"#);
    let records = lines([record(""), record(r#","value":[]"#)]);
    let rows = [
        "- expected noted: unexpected (surprising);does not count: unexpected, for no value was recorded;\
         one step short: with value on record it would have been surprising",
        " expected noted: unexpected (surprising);does not count: unexpected, for it created no value;\
         one step short: with value created it would have been surprising",
    ];
    // that none was created is an observation; nothing at all is not
    serveup("rate in -f json --quiet").file("in", &records).columns("value level why", &rows).run();
    let csv = "recipient,point,value\nacme,p,\nacme,p,[]\n";
    let rows = ["- unremarked", " facts"];
    serveup("rate in -f json").file("in", csv).columns("value reason", &rows).run();
}

#[test]
fn value_in_csv_may_carry_amounts() {
    let csv = "recipient,point,value\nacme,p,\"felt-good; {\"\"kind\"\":\"\"money\"\",\"\"amount\"\":9.95,\"\"unit\"\":\"\"EUR\"\"}\"\n";
    serveup("rate in -f json").file("in", csv).columns("value", &["quantified;emotional"]).run();
}

#[test]
fn escapes_in_keys_and_texts_are_read() {
    let record = r#"{"reci\u0070ient":"\u00e9\ud83d\ude00\/","p\u006fint":"a\"b\\c","\u0061ction":"note","sign\u0061ls":["l\u0061te"],"served":{"c\u0068annel":"em\u0061il"}}"#;
    let document = format!(
        r#"{{"\u0069nteractions":[{record}],"recip\u0069ents":[{{"i\u0064":"é😀/","prefers":{{"channel":"email"}}}}]}}"#
    );
    let rows = [
        "é😀/ a\"b\\c note basic noted: late (basic);served the way they prefer: channel \"email\";preferred-way does not make up for \
                 late;one step short: without late it would have been desired",
    ];
    serveup("rate in -f json").file("in", document).columns("recipient point action level why", &rows).run();
}

#[test]
fn texts_are_compared_byte_for_byte() {
    // a letter with an accent, in one character and in two; a capital; a blank
    let names = ["\u{e9}", "e\u{301}", "E\u{301}", "\u{e9} "];
    let record = |name: &&str| {
        format!(r#"{{"recipient":"{name}","point":"p","action":"a","signals":["unexpected"],"value":["time"]}}"#)
    };
    let records = lines(names.iter().map(record));
    serveup("rate in -f json").file("in", records).columns("level", &["surprising"; 4]).run();
}

#[test]
fn recipients_may_stand_in_a_file_of_their_own() {
    let records = r#"{"recipient":"acme","point":"p","channel":"phone"}
{"recipient":"bolt","point":"p","channel":"phone"}
{"recipient":"carl","point":"p","channel":"phone"}
"#;
    let acme = r#"{"id":"acme","name":"Acme & Co","prefers":{"channel":"phone"},"values":["time"]}"#;
    let bolt = r#"{"id":"bolt","prefers":{"channel":"email"},"values":[],"name":null}"#;
    let rows = ["acme desired facts", "bolt expected facts", "carl expected unremarked"];
    for recipients in [format!("[{acme},{bolt}]"), format!("{acme}\n{bolt}\n"), format!("\u{feff}{acme} {bolt}")] {
        let run = serveup("rate in --recipients who -f json").file("in", records).file("who", recipients);
        run.columns("recipient level reason", &rows).run();
    }
    // beside those of a document
    let document = format!(r#"{{"recipients":[{bolt}],"interactions":[{}]}}"#, records.trim_end().replace('\n', ","));
    let run = serveup("rate in --recipients who -f json").file("in", document).file("who", acme);
    run.columns("recipient level reason", &rows).run();
}

#[test]
fn what_rate_prints_as_csv_is_itself_csv_with_field_names() {
    let path = crate::harness::example("agency.json").display().to_string();
    let ran = serveup("rate -f csv --why").arg(path).any_stdout().run();
    let again = ran.then("rate again -f csv --no-header --quiet").file("again", &ran.stdout).any_stdout().run();
    // which moment it was comes through; levels, which are results, are not read
    let moments = |text: &str| -> Vec<String> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let rows = reader.records().map(|row| row.expect("a row").iter().take(5).collect::<Vec<_>>().join(","));
        rows.collect()
    };
    assert_eq!(moments(&again.stdout), moments(&ran.stdout)[1..]);
}
