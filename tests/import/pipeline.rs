//! From an export to ratings: what `import` lets through is what `rate` takes, and says the same.

use std::process::Stdio;

use crate::harness::{BINARY, example, lines, serveup};
use crate::through::{all, counts, import, refused, values};

const ROWS: &str =
    "who,day,what,stars\nacme,05.01.2026 09:30,late,1\nbeta,06.01.2026 10:00,,5\nacme,05.01.2026 11:00,on-time,\n";

const MAP: &str = r#"
{
  id: "r\($row.number)", recipient: .who, point: "visit", at: (.day | instant("%d.%m.%Y %H:%M")),
  signals: [.what | known | select(.)], verdict: (.stars | known | verdict(5))
}"#;

#[test]
fn import_and_rate() {
    let ran = import("--timezone Europe/Berlin -o out", MAP, ROWS).stderr(all(3)).run();
    // late is basic, which 1 of 5 leaves there; 5 of 5 alone is desired; no rating, but on time
    let rows = [
        "r1 2026-01-05T09:30:00+01:00 acme basic",
        "r2 2026-01-06T10:00:00+01:00 beta desired",
        "r3 2026-01-05T11:00:00+01:00 acme expected",
    ];
    ran.then("rate out -f json").columns("id at recipient level", &rows).run();
}

#[test]
fn by_a_pipe_as_it_is_typed() {
    let run = import("-q --timezone Europe/Berlin", MAP, ROWS);
    let mut import = run.command().stdout(Stdio::piped()).spawn().expect("the program starts");
    let lines = import.stdout.take().expect("a pipe");
    let rate =
        std::process::Command::new(BINARY).args(["rate", "-", "-f", "json"]).stdin(lines).output().expect("it ends");
    assert!(import.wait().expect("an end").success() && rate.status.success());
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&rate.stdout).expect("rows");
    let levels: Vec<_> = rows.iter().map(|row| row["level"].as_str().expect("a level")).collect();
    assert_eq!(levels, ["basic", "desired", "expected"]);
}

#[test]
fn an_import_that_fails_leaves_nothing_to_rate() {
    let run = import("--timezone UTC", MAP, format!("{ROWS}acme,13.13.2026 09:30,,\n")).status(2);
    let told = "serveup: in:5:6: row 4: m.jq: cannot read \"13.13.2026 09:30\" as a time with %d.%m.%Y %H:%M; add its format to instant\n";
    let ran = run.stderr(told).run();
    ran.then("rate - -f json").stdin(ran.stdout.clone()).stdout("[]\n").stderr("note: stdin: no records found\n").run();
}

// ── Times ───────────────────────────────────────────────────────────────────

/// Dates and times without offset, with their offset in Berlin.
const TIMES: [(&str, &str); 7] = [
    ("2026-01-05", "2026-01-05T00:00:00+01:00"),
    ("2026-07-05", "2026-07-05T00:00:00+02:00"),
    ("2026-01-05T09:30:00", "2026-01-05T09:30:00+01:00"),
    ("2026-01-05 09:30:00", "2026-01-05T09:30:00+01:00"),
    // the hour that is left out in March, and the one that comes twice in October: its first
    ("2026-03-29T02:30:00", "2026-03-29T03:30:00+02:00"),
    ("2026-10-25T02:30:00", "2026-10-25T02:30:00+02:00"),
    // before there were zones the offset had seconds, which RFC 3339 cannot say: 53:28 east of Greenwich
    ("1890-01-01T00:53:28", "1890-01-01T00:00:00Z"),
];

#[test]
fn with_a_zone_times_say_for_themselves_when_they_are() {
    let record = |at: &str| format!("{{\"at\":\"{at}\",\"recipient\":\"a\",\"point\":\"p\"}}");
    let written = lines(TIMES.map(|(at, _)| record(at)));
    let ran = import("-q --timezone Europe/Berlin -o out", ".", &written).run();
    assert_eq!(ran.read("out"), lines(TIMES.map(|(_, at)| record(at))));
    // in the same order of time as `rate` has them in that zone
    let projected = |file: &str, flags: &str| {
        let line = format!("rate {file} -f json --since 2026-03-29T01:30:00Z --until 2026-10-25T00:30:00Z {flags}");
        ran.then(&line).any_stdout().run().rows().len()
    };
    // at 03:30 and the start of a day in July; the end is not in it
    assert_eq!((projected("in", "--timezone Europe/Berlin"), projected("out", "")), (2, 2));
    for time in ["2026-01-04T23:00:00Z", "2026-07-04T22:00:00Z", "2026-01-05T08:30:00Z", "2026-10-25T00:30:00Z"] {
        for bound in ["--since", "--until"] {
            let rows = |file: &str, zone: &str| {
                ran.then(&format!("rate {file} -f json {bound} {time} {zone}")).any_stdout().run().rows().len()
            };
            assert_eq!(rows("in", "--timezone Europe/Berlin"), rows("out", ""), "{bound} {time}");
        }
    }
    // and the zone changes nothing any more
    let other = ran.then("rate out -f json --timezone Asia/Tokyo").any_stdout().run().stdout;
    ran.then("rate out -f json").stdout(other).run();
}

#[test]
fn ratings_are_those_of_the_zone() {
    // a gift that fades: in Berlin the second is later than the third, which has an offset
    let record = |at: &str| {
        format!(
            "{{\"recipient\":\"a\",\"point\":\"p\",\"at\":\"{at}\",\"action\":\"gift\",\
             \"signals\":[\"unexpected\"],\"value\":[\"time\"]}}"
        )
    };
    let records = lines(["2026-01-05", "2026-07-01T10:00:00", "2026-07-01T08:30:00+01:00", "2026-07-03"].map(record));
    let ran = import("-q --timezone Europe/Berlin -o out", ".", &records).run();
    let columns = |file: &str, zone: &str| {
        let rows = ran.then(&format!("rate {file} -f json {zone}")).any_stdout().run().rows();
        rows.iter().map(|row| format!("{} {} {}", row["level"], row["standing"], row["reason"])).collect::<Vec<_>>()
    };
    assert_eq!(columns("out", ""), columns("in", "--timezone Europe/Berlin"));
    assert_eq!(columns("out", "").len(), 4);
}

#[test]
fn what_has_an_offset_stays_as_it_is() {
    let record = |at: &str| format!("{{\"at\":\"{at}\",\"recipient\":\"a\",\"point\":\"p\"}}");
    let records = lines(["2026-01-05T09:30:00Z", "2026-01-05T09:30:00.5+05:30", "2026-01-05t09:30:00z"].map(record));
    import("-q --timezone Europe/Berlin", ".", &records).stdout(&records).run();
    import("-q", ".", &records).stdout(&records).run();
    // without a zone a date is let through, as `rate` lets it
    let dates = lines(["2026-01-05", "2026-01-06"].map(record));
    import("-q", ".", &dates).stdout(&dates).run();
}

#[test]
fn a_time_without_zone_is_refused_where_it_stands() {
    let told = "has no offset; add one like +01:00, or name the zone with --timezone Europe/Berlin";
    let map = r#"{recipient: .who, point: "p", at: .day}"#;
    let table = "who,day\na,2026-01-05\nb,2026-01-05T09:30:00\n";
    refused("", map, table, &format!("in:3:3: row 2: m.jq: at: \"2026-01-05T09:30:00\" {told}"));
    let zone = "--timezone: unknown time zone \"Berln\"; did you mean Europe/Berlin?";
    refused("--timezone Berln", map, table, zone);
}

#[test]
fn how_to_read_a_time_is_told_where_it_was_not() {
    let refused = |at: &str, hint: &str| {
        let told = format!("in:2:1: row 1: m.jq: at: cannot read \"{at}\" as a date; {hint}");
        refused("", r#"{recipient: "r", point: "p", at: .day}"#, format!("day\n{at}\n"), &told);
    };
    refused("05.01.2026", "write 2026-01-05, or add --date-format '%d.%m.%Y'; in the map, instant(\"%d.%m.%Y\")");
    refused(
        "1/5/2026 9:30",
        "the day or the month may come first: add --date-format '%d/%m/%Y %H:%M' or '%m/%d/%Y %H:%M'; \
         in the map, instant(\"%d/%m/%Y %H:%M\") or instant(\"%m/%d/%Y %H:%M\")",
    );
    refused("1735689600", "it looks like seconds since 1970: add --date-format '%s'; in the map, instant(\"%s\")");
    refused(
        "yesterday",
        "write it like 2026-01-05 or 2026-01-05 09:30Z, or name its form with --date-format '%d/%m/%Y %H:%M'",
    );
    refused("2026-02-30", "there is no such day or time, so correct it");
}

#[test]
fn all_interactions_have_a_time_or_none() {
    let map = r#"{recipient: .who, point: "p", at: (.day | known)}"#;
    let nothing = "at: is missing here, but the records before have it; write it in all records or in none";
    let instant = "at: is given here, but not in the records before; write it in all records or in none";
    refused("", map, "who,day\na,2026-01-05\nb,\n", &format!("in:3:1: row 2: m.jq: {nothing}"));
    refused("", map, "who,day\na,\nb,2026-01-05\n", &format!("in:3:1: row 2: m.jq: {instant}"));
    // the first decides
    let run = import("--keep-going", map, "who,day\na,\nb,2026-01-05\nc,\n");
    let run = run.stdout("{\"recipient\":\"a\",\"point\":\"p\"}\n{\"recipient\":\"c\",\"point\":\"p\"}\n");
    run.stderr(format!("rejected: in:3:1: row 2: m.jq: {instant}\n{}", counts(3, 2, 2, 1, 0))).run();
    // of those that are taken: the first row is not, for its second interaction
    let both = format!("{map}, (select(.who == \"a\") | {{recipient: .who}})");
    let run = import("--keep-going", &both, "who,day\na,\nb,2026-01-05\nc,2026-01-06\n");
    run.any_stdout().stderr_has(&counts(3, 2, 2, 1, 0)).run();
    // within a row
    let both = format!("{map}, {{recipient: .who, point: \"q\"}}");
    refused("", &both, "who,day\na,2026-01-05\n", &format!("in:2:1: row 1: m.jq: interaction 2: {nothing}"));
    // across files
    let run = serveup("import --map m.jq in more").file("m.jq", map).file("in", "who,day\na,2026-01-05\n");
    run.file("more", "who,day\nb,\n").status(2).stderr(format!("serveup: more:2:1: row 1: m.jq: {nothing}\n")).run();
}

// ── The same checks ─────────────────────────────────────────────────────────

#[test]
fn unknown_fields_are_notes_or_errors() {
    let map = r#"{recipient: .who, point: "p", mood: .what, weather: 1}, {recipient: .who, point: "q", mood: 1}"#;
    let table = "who,what\na,good\nb,\n";
    let notes = "note: unknown field \"mood\" in 4 interactions is ignored\n\
                 note: unknown field \"weather\" in 2 interactions is ignored\n";
    let ran = import("-o out", map, table).stderr(notes.to_owned() + &counts(2, 2, 4, 0, 0)).run();
    import("-q", map, table).any_stdout().run();
    // they leave with the rest, and `rate` says the same of them
    ran.then("rate out -f json").any_stdout().stderr(notes.replace("interactions", "records")).run();
    let told = "in:2:1: row 1: m.jq: interaction 1: mood: unknown field \"mood\"; `serveup schema interaction` \
                lists the fields";
    refused("--strict", map, table, told);
    let map = r#"{recipient: "r", point: "p", Signals: []}"#;
    import("--strict", map, table).status(2).stderr_has("unknown field \"Signals\"; did you mean \"signals\"?").run();
    let map = format!("select(.who == \"a\") | {map}, (select(.who == \"b\") | {{recipient: .who, point: \"p\"}})");
    import("--strict --keep-going", &map, table).status(0).any_stdout().stderr_has(&counts(2, 0, 0, 1, 1)).run();
}

#[test]
fn what_rate_refuses_import_refuses_in_the_same_words() {
    for fields in [
        r#""point":"p""#,
        r#""recipient":"a""#,
        r#""recipient":"","point":"p""#,
        r#""recipient":[1],"point":"p""#,
        r#""recipient":"a","point":"p","at":"yesterday""#,
        r#""recipient":"a","point":"p","at":"2026-02-30""#,
        r#""recipient":"a","point":"p","at":"2026-01-05T09:30:00""#,
        r#""recipient":"a","point":"p","at":1735689600"#,
        r#""recipient":"a","point":"p","signals":["Late"]"#,
        r#""recipient":"a","point":"p","signals":"late""#,
        r#""recipient":"a","point":"p","signals":[["late"]]"#,
        r#""recipient":"a","point":"p","value":["joy"]"#,
        r#""recipient":"a","point":"p","value":[{"kind":"money","amount":"much"}]"#,
        r#""recipient":"a","point":"p","value":[{"kind":"money","unit":"EUR"}]"#,
        r#""recipient":"a","point":"p","value":[{"kind":"money","amount":1,"currency":"EUR"}]"#,
        r#""recipient":"a","point":"p","served":{"channel":["mail"]}"#,
        r#""recipient":"a","point":"p","served":["mail"]"#,
        r#""recipient":"a","point":"p","stage":"start""#,
        r#""recipient":"a","point":"p","relation":"extern""#,
        r#""recipient":"a","point":"p","verdict":"Basic""#,
        r#""recipient":"a","point":"p","claimed":"best""#,
        r#""recipient":"a","point":"p","response":"blamed""#,
        r#""recipient":"a","point":"p","said":{"x":1}"#,
        r#""recipient":"a","point":"p","team":true"#,
    ] {
        let record = format!("{{{fields}}}\n");
        let run =
            |line: &str| serveup(line).file("in", &record).file("m.jq", ".").status(2).stderr_has("serveup: in:1:");
        let message = |said: &str| said.split_once(" 1: ").expect("a message").1.to_owned();
        let rate = message(&run("rate in").run().stderr);
        let import = message(&run("import --map m.jq in").run().stderr);
        // import may say more, which is how a map would do better
        assert!(import.starts_with(&format!("m.jq: {}", rate.trim_end())), "{record}: {import}");
    }
}

#[test]
fn good_records_go_through_as_they_are() {
    for name in ["shop.json", "helpdesk.jsonl", "agency.json"] {
        let content = std::fs::read_to_string(example(name)).expect("an example");
        // of a document the interactions are the rows
        let document = content.trim_start().starts_with('{') && content.contains("\"interactions\"");
        let at = if document { "--at interactions" } else { "" };
        let ran = import(&format!("-q -o out {at}"), ".", &content).run();
        let rated = |file: &str| ran.then(&format!("rate {file} -f json --quiet")).any_stdout().run().stdout;
        let recipients: serde_json::Value = serde_json::from_str(&content).unwrap_or_default();
        if recipients["recipients"].is_null() {
            assert_eq!(rated("out"), rated("in"), "{name}");
        }
        assert!(!values(&ran.read("out")).is_empty(), "{name}");
    }
}

#[test]
fn an_id_that_comes_twice_is_found_by_rate() {
    // import holds nothing of the rows that have passed, so that memory stays the same
    let map = r#"{id: .n, recipient: .who, point: "p"}"#;
    let ran = import("-q -o out", map, "n,who\n1,a\n1,b\n").run();
    ran.then("rate out").status(2).stderr_has("out:2:1: record 2 (id \"1\"): id: \"1\" was already used").run();
}
