//! Tags: dimensions of one's own, from every form of file to every command that groups or prints by them.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::harness::{lines, serveup};
use crate::refused;

/// Worked by hand: ada and dan are in the north, ben in the south, cleo nowhere, and dan's tier is not given.
const LINES: &str = r#"{"id":"a","recipient":"ada","point":"desk","signals":["late"],"tags":{"region":"north","tier":7}}
{"id":"b","recipient":"ben","point":"desk","signals":["late"],"tags":{"tier":"7","region":"south"}}
{"id":"c","recipient":"cleo","point":"desk","signals":["as-hoped"]}
{"id":"d","recipient":"dan","point":"desk","signals":["as-hoped"],"tags":{"region":"north","tier":null}}
"#;

const TABLE: &str = "id,recipient,point,signals,Tags.region,tags.tier\n\
                     a,ada,desk,late,north,7\nb,ben,desk,late,south,7\nc,cleo,desk,as-hoped,,\nd,dan,desk,as-hoped,north,\n";

/// The groups by region, in order of first appearance: key, moments, failures.
const BY_REGION: [(&str, u64, u64); 3] = [("north", 2, 1), ("south", 1, 1), ("", 1, 0)];

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0..).zip(TABLE.lines()) {
        for (column, cell) in (0..).zip(line.split(',')).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row, column, cell).expect("a cell");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

fn packed(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).expect("bytes");
    packed.finish().expect("bytes")
}

fn by_region(document: &Value) -> Vec<(String, u64, u64)> {
    let groups = document["groups"].as_array().expect("groups").iter();
    let of = |group: &Value| {
        let key = group["key"]["tags.region"].as_str().unwrap_or_default().to_owned();
        let number = |name: &str| group[name].as_u64().expect("a number");
        (key, number("count"), number("failures"))
    };
    groups.map(of).collect()
}

#[test]
fn they_are_read_from_every_form_of_file_and_from_a_pipe() {
    let array = format!("[{}]", LINES.trim_end().replace('\n', ","));
    let forms: [(&str, Vec<u8>); 9] = [
        ("lines", LINES.into()),
        ("array", array.clone().into()),
        ("document", format!("{{\"recipients\":[],\"interactions\":{array}}}").into()),
        ("objects over several lines", LINES.replace(",\"", ",\n  \"").into()),
        ("csv", TABLE.into()),
        ("semicolons", TABLE.replace(',', ";").into()),
        ("tabs", TABLE.replace(',', "\t").into()),
        ("workbook", workbook()),
        ("packed", packed(LINES)),
    ];
    let expected = BY_REGION.map(|(key, count, failures)| (key.to_owned(), count, failures)).to_vec();
    let rows = lines(["id\ttags.region\ttags.tier", "a\tnorth\t7", "b\tsouth\t7", "c\t\t", "d\tnorth\t"]);
    for (form, content) in forms {
        let ran = serveup("journey in --by tags.region -f json").file("in", &content).any_stdout().run();
        let document: Value = serde_json::from_str(&ran.stdout).expect("a document");
        assert_eq!(by_region(&document), expected, "{form}");
        assert_eq!(document["by"], json!(["tags.region"]), "{form}");
        assert!(document["groups"][2]["key"]["tags.region"].is_null(), "{form}");
        ran.then("rate in --columns id,tags.region,tags.tier -f tsv").stdout(rows.clone()).run();
        let piped = serveup("rate - --columns id,tags.region,tags.tier -f tsv").stdin(&content);
        piped.stdout(rows.clone()).run();
    }
}

#[test]
fn they_come_from_a_map_and_from_the_table_to_fill_in() {
    let map = r#"{recipient: .who, point: "desk", tags: {region: .land, tier: .tier}}"#;
    let run = serveup("journey in --by tags.region,tags.tier -f tsv -q --jq").arg(map);
    let ran = run.file("in", "who,land,tier\nada,north,7\nben,,\n").any_stdout().run();
    let keys: Vec<_> = ran.stdout.lines().map(|line| line.split('\t').take(3).collect::<Vec<_>>().join("|")).collect();
    assert_eq!(keys, ["key.tags.region|key.tags.tier|count", "north|7|1", "||1"]);
    let ran = serveup("init moments.xlsx").run();
    ran.then("journey moments.xlsx --by tags.region -f jsonl")
        .stdout_has("{\"tags.region\":\"north\"},\"count\":3")
        .run();
}

#[test]
fn every_command_groups_by_them_also_beside_others() {
    let timed: String = (0..8).fold(String::new(), |mut text, number| {
        let (month, region) = (1 + number / 4, ["north", "south"][number % 2]);
        let signal = ["late", "on-time", "on-time", "late"][number % 4];
        let _ = writeln!(
            text,
            "{{\"at\":\"2026-0{month}-05\",\"recipient\":\"r{number}\",\"point\":\"desk\",\"signals\":[\"{signal}\"],\"tags\":{{\"region\":\"{region}\"}}}}"
        );
        text
    });
    let ran = serveup("recovery in --by tags.region,signal -f json").file("in", &timed).any_stdout().run();
    let document: Value = serde_json::from_str(&ran.stdout).expect("a document");
    let key = |region: &str| json!({"tags.region": region, "signal": "late"});
    // late are the first and the last of each four: one in the north, one in the south, in both months
    let by: Vec<_> =
        document["by"].as_array().expect("groups").iter().map(|group| (&group["key"], &group["count"])).collect();
    assert_eq!(by, [(&key("north"), &json!(2)), (&key("south"), &json!(2))]);
    let ran = ran.then("uplift in --by tags.region --compare 2026-01..2026-02 -f json").any_stdout().any_stderr().run();
    let document: Value = serde_json::from_str(&ran.stdout).expect("a document");
    let series =
        |group: &Value| group["series"].as_array().expect("periods").iter().map(|row| row["count"].clone()).collect();
    let counts: Vec<(Value, Vec<Value>)> = document["groups"]
        .as_array()
        .expect("groups")
        .iter()
        .map(|group| (group["key"]["tags.region"].clone(), series(group)))
        .collect();
    let twice = vec![json!(2), json!(2)];
    assert_eq!(counts, [(json!("north"), twice.clone()), (json!("south"), twice)]);
    // a gate goes by the same groups
    let told =
        "gate: north: at least 6.1 % sound, 90.0 % required\ngate: south: at least 6.1 % sound, 90.0 % required\n";
    let gate = "journey in --by tags.region --require 90% --min-count 1 --min-recipients 1 -f md";
    ran.then(gate).status(1).any_stdout().stderr(told).run();
}

#[test]
fn rows_have_them_as_columns_in_every_format() {
    let run =
        |format: &str| serveup("rate in --columns tags.tier,id,tags.region,level -f").arg(format).file("in", LINES);
    run("tsv")
        .stdout(lines([
            "tags.tier\tid\ttags.region\tlevel",
            "7\ta\tnorth\tbasic",
            "7\tb\tsouth\tbasic",
            "\tc\t\tdesired",
            "\td\tnorth\tdesired",
        ]))
        .run();
    run("csv").stdout_has("tags.tier,id,tags.region,level\n7,a,north,basic\n").run();
    run("md")
        .stdout_has("| `tags.tier` | id | `tags.region` | level |\n")
        .stdout_has("| 7 | a | north | basic |\n")
        .run();
    run("table").stdout_has("7").stdout_has("north").run();
    run("json")
        .json(json!([
            {"tags": {"tier": "7", "region": "north"}, "id": "a", "level": "basic"},
            {"tags": {"tier": "7", "region": "south"}, "id": "b", "level": "basic"},
            {"tags": {"tier": null, "region": null}, "id": "c", "level": "desired"},
            {"tags": {"tier": null, "region": "north"}, "id": "d", "level": "desired"},
        ]))
        .run();
    run("jsonl")
        .stdout_has("{\"tags\":{\"tier\":\"7\",\"region\":\"south\"},\"id\":\"b\",\"level\":\"basic\"}\n")
        .run();
    let in_order = serveup("rate in --in-order --columns id,tags.region -f csv").file("in", LINES);
    in_order.stdout("id,tags.region\na,north\nb,south\nc,\nd,north\n").run();
}

#[test]
fn one_that_no_record_has_is_named_with_those_there_are() {
    let near = "note: no record has \"tags.regoin\"; did you mean \"tags.region\"?\n";
    let far = "note: no record has \"tags.mood\"; there are \"tags.region\", \"tags.tier\"\n";
    let none = "note: no record has \"tags.mood\"; add them to the records, like \"tags\": {\"region\": \"north\"}\n";
    for command in [
        "journey in -f tsv --by",
        "recovery in -f tsv --by",
        "rate in -f tsv --columns",
        "rate in -f tsv --in-order --columns",
        "journey in -f tsv --strict --keep-going --by",
    ] {
        let count = if command.contains("keep-going") { "accepted 4 of 4 records, rejected 0\n" } else { "" };
        let run = |tag: &str, content: &str| serveup(command).arg(tag).file("in", content).any_stdout();
        run("tags.regoin", LINES).stderr(format!("{count}{near}")).run();
        run("tags.region,tags.mood", LINES).stderr(format!("{count}{far}")).run();
        run("tags.mood", LINES).arg("-q").stderr(count).run();
        let plain = "{\"recipient\":\"ada\",\"point\":\"desk\"}\n".repeat(4);
        run("tags.mood", &plain).stderr(format!("{count}{none}")).run();
    }
    // where there are no records, nothing is said of what they have
    serveup("journey in -f tsv --by tags.mood")
        .file("in", "[]")
        .any_stdout()
        .stderr("note: in: no records found\n")
        .run();
}

#[test]
fn names_are_told_on_the_command_line() {
    for flags in ["journey in --by tags.", "sql --dialect duckdb --report journey --by tags.", "recovery in --by tags."]
    {
        serveup(flags).status(2).stderr_has("action, tags.NAME]").run();
    }
    serveup("rate in --columns tags.").status(2).stderr_has("did you mean \"tags.NAME\"?").run();
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let record = |tags: &str| format!("{{\"recipient\":\"ada\",\"point\":\"desk\",\"tags\":{tags}}}\n");
    for (tags, column, told) in [
        (r#"["north"]"#, 42, "tags: is a list; write an object of texts, like {\"region\": \"north\"}"),
        (r#""north""#, 42, "tags: is text; write an object of texts, like {\"region\": \"north\"}"),
        (r#"{"region":["north"]}"#, 52, "tags.region: is a list; write text"),
        (r#"{"region":{"a":"b"}}"#, 52, "tags.region: is an object; write text"),
        (r#"{"vip":true}"#, 49, "tags.vip: is true or false; write text"),
        (r#"{"":"north"}"#, 46, "tags: has a tag without a name; name it, like {\"region\": \"north\"}"),
        (r#"{"a":"b","a":"c"}"#, 55, "tags.a: is given twice; keep one"),
    ] {
        refused("", record(tags), &format!("in:1:{column}: record 1: {told}"));
        // also where it stands among records that are scanned ahead
        let among = LINES.repeat(20).replace("\"id\":", "\"mood\":") + &record(tags);
        let ran = serveup("rate in -q -f tsv").file("in", among).status(2);
        ran.stderr(format!("serveup: in:81:{column}: record 81: {told}\n")).run();
    }
    refused("", "recipient,point,tags.a,Tags.a\nada,desk,b,c\n", "in:2:12: record 1: tags.a: is given twice; keep one");
    refused("", "recipient,point,tags.a,tags.a\nada,desk,b,c\n", "in:1:1: header: tags.a: is given twice; keep one");
    for (header, told) in [("tags", "tags"), ("tags.", "tags.")] {
        let run = serveup("rate in -f tsv --columns id").file("in", format!("recipient,point,{header}\nada,desk,b\n"));
        let note =
            format!("note: unknown field \"{told}\" in 1 record is ignored; name its columns like tags.region\n");
        run.any_stdout().stderr(note).run();
    }
    let most: Vec<_> = (0..1001).map(|number| format!("\"t{number}\":\"x\"")).collect();
    let too_many = format!("{{{}}}", most.join(","));
    let ran = serveup("rate in -f tsv").file("in", record(&too_many)).status(2);
    ran.stderr_has("record 1: tags: has more than 1000 keys; keep 1000 at most").run();
}

#[test]
fn threads_change_nothing() {
    let records: String = (0..8000).fold(String::new(), |mut text, number| {
        let tags = match number % 5 {
            0 => String::new(),
            1 => format!(",\"tags\":{{\"region\":\"r{}\",\"tier\":{}}}", number % 7, number % 3),
            2 => format!(",\"tags\":{{\"region\":\"日本 \\\"{}\\\"\"}}", number % 11),
            3 => ",\"tags\":{}".to_owned(),
            _ => format!(",\"tags\":{{\"t{number}\":\"x\",\"region\":\"r1\"}}"),
        };
        let _ = writeln!(
            text,
            "{{\"recipient\":\"c{}\",\"point\":\"p\",\"signals\":[\"{}\"]{tags}}}",
            number % 50,
            ["late", "on-time"][number % 2]
        );
        text
    });
    for line in [
        "journey in --by tags.region,tags.tier -f json",
        "recovery in --by tags.region -f json",
        "rate in --columns tags.region,tags.t4,level -f csv",
        "rate in --in-order --columns tags.region,tags.t4,level -f csv",
        "journey in --by tags.t9 -f tsv",
        "journey in --by tags.zzz -f tsv",
    ] {
        let run = |threads: u32| {
            let run = serveup(&format!("{line} --threads {threads}")).file("in", &records);
            let ran = run.any_stdout().any_stderr().run();
            (ran.stdout, ran.stderr)
        };
        let one = run(1);
        for threads in [2, 7, 64] {
            assert_eq!(run(threads), one, "{line} on {threads} threads");
        }
    }
}
