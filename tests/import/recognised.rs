//! `--from auto` takes an export for what it is, or for nothing; and a wrong preset is noticed.

use std::io::Cursor;
use std::path::Path;

use serde_json::Value;
use serveup::import::Recognised;
use serveup::read::{Form, Source};

use crate::harness::{lines, serveup};
use crate::truth;

/// What a text is taken for.
fn seen(text: impl Into<Vec<u8>>) -> String {
    match Recognised::of(Source::new("in", Cursor::new(text.into())), &Form::UNKNOWN) {
        Ok((Recognised::Export(preset), _)) => preset.name.to_owned(),
        Ok((Recognised::Mixed(one, other), _)) => format!("{} and {}", one.name, other.name),
        Ok((Recognised::Records, _)) => "records".to_owned(),
        Ok((Recognised::Unknown(_), _)) => "none".to_owned(),
        Ok((Recognised::Empty, _)) => "nothing".to_owned(),
        Err(error) => format!("error: {error}"),
    }
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import")
}

fn data(file: &str) -> Vec<u8> {
    std::fs::read(folder().join("data").join(file)).expect("an export")
}

#[test]
fn every_export_is_taken_for_what_it_is() {
    let cases = std::fs::read_to_string(folder().join("presets.json")).expect("the cases");
    let cases: Vec<Value> = serde_json::from_str(&cases).expect("cases");
    for case in cases {
        let (file, preset) = (case["file"].as_str().expect("a file"), case["preset"].as_str().expect("a preset"));
        assert_eq!(seen(data(file)), preset, "{file}");
    }
    assert_eq!(seen(data("stars.csv")), "none");
}

#[test]
fn every_row_is_taken_for_what_it_is_or_for_nothing() {
    let mut known = 0;
    let mut all = 0;
    for (preset, cases) in truth::cases() {
        for case in cases {
            let seen = seen(case.export());
            assert!(
                seen == preset || seen == "none" || seen.starts_with("error: "),
                "{preset}: {}: {seen}",
                case.export()
            );
            known += usize::from(seen == preset);
            all += 1;
        }
    }
    assert!(known * 2 > all, "{known} of {all} were recognised");
}

#[test]
fn what_is_no_export_is_taken_for_none() {
    for (text, wanted) in [
        ("", "nothing"),
        (" \n\n", "nothing"),
        ("{}", "none"),
        ("[]", "none"),
        ("[1,2,3]", "none"),
        ("{\"requester_id\":1,\"via\":{\"cha", "none"),
        ("{\"via\":\"requester_id via.channel\"}", "none"),
        ("{\"note\":{\"requester_id\":1,\"via\":{\"channel\":1}}}", "none"),
        ("a;b\n1;2\n", "none"),
        ("Id,Requester id\n1,2\n", "none"),
        ("recipient,point\na,b\n", "records"),
        ("{\"recipients\":[],\"interactions\":[{\"recipient\":\"a\",\"point\":\"b\"}]}", "records"),
    ] {
        assert_eq!(seen(text), wanted, "{text}");
    }
    let deep = "{\"a\":".repeat(50_000);
    assert_eq!(seen(deep), "none");
    let wide = format!("{{{}}}", (0..20_000).map(|n| format!("\"k{n}\":0")).collect::<Vec<_>>().join(","));
    assert_eq!(seen(wide), "none");
    assert!(!seen(b"\xff\xfe\x00\x01\"\\\xff".to_vec()).is_empty());
}

#[test]
fn two_kinds_in_one_file_are_named() {
    let mixed =
        lines(["{\"requester_id\":1,\"responder_id\":2}", "{\"key\":1,\"requester_id\":1,\"via\":{\"channel\":1}}"]);
    assert_eq!(seen(mixed.clone()), "freshdesk and zendesk");
    serveup("import --from auto in")
        .file("in", mixed)
        .status(2)
        .stderr(
            "serveup: in: looks like Freshdesk's JSON, and further down like Zendesk's JSON; split the file and read the parts one by one\n",
        )
        .run();
}

#[test]
fn auto_says_what_it_takes_an_export_for() {
    let told = "note: in: recognised as HubSpot's tickets (--from hubspot)\nnote: read 8 rows: 6 mapped to 10 interactions, \
                0 rejected, 2 dropped by the map (1 open, 1 outbound)\n";
    serveup("rate --from auto in -f tsv -o out").file("in", data("hubspot.json")).stderr(told).run();
    serveup("rate --from auto in -f tsv -o out -q").file("in", data("hubspot.json")).run();
    for command in [
        "journey",
        "check support/ticket/resolution",
        "uplift",
        "recovery",
        "calibrate",
        "decay",
        "report -o page.html",
    ] {
        let run = serveup(&format!("{command} --from auto in")).file("in", data("hubspot.json"));
        let told = run.any_stdout().any_stderr().run().stderr;
        assert!(told.contains("recognised as HubSpot's tickets"), "{command}: {told}");
    }
}

#[test]
fn pipes_and_what_is_packed_are_recognised_too() {
    let run = serveup("import --from auto -o out").stdin(data("zendesk.jsonl")).any_stderr().run();
    assert!(run.stderr.starts_with("note: stdin: recognised as Zendesk's JSON (--from zendesk)\n"), "{}", run.stderr);
    assert_eq!(run.read("out").lines().count(), 22);
    let run = serveup("import --from auto --timezone UTC -o out").stdin(data("zendesk.csv")).any_stderr().run();
    assert_eq!(run.read("out").lines().count(), 24);
}

#[test]
fn several_files_are_of_one_kind() {
    let run = serveup("import --from auto a b empty -o out")
        .file("a", data("freshdesk.json"))
        .file("b", data("freshdesk-ratings.json"))
        .file("empty", "")
        .any_stderr()
        .run();
    assert!(run.stderr.contains("note: b: recognised as Freshdesk's JSON (--from freshdesk)\n"), "{}", run.stderr);
    serveup("import --from auto a b")
        .file("a", data("freshdesk.json"))
        .file("b", data("intercom.jsonl"))
        .status(2)
        .stderr(
            "note: a: recognised as Freshdesk's JSON (--from freshdesk)\nserveup: a looks like Freshdesk's JSON, and b like \
             Intercom's conversations; read them one by one\n",
        )
        .run();
}

#[test]
fn what_is_not_recognised_is_an_error_that_lists_the_presets() {
    let run = serveup("import --from auto in").file("in", "order,stars\n1,5\n").status(2).any_stderr().run();
    assert!(
        run.stderr.starts_with(
            "serveup: in: is not an export serveup recognises (it has order, stars); name its kind with --from (zendesk, "
        ),
        "{}",
        run.stderr
    );
    let records = "serveup: in: these are interactions already, not an export; leave --from out\n";
    serveup("rate --from auto in").file("in", "recipient,point\na,b\n").status(2).stderr(records).run();
}

#[test]
fn a_wrong_preset_is_noticed_before_anything_leaves() {
    for (preset, file, told) in [
        ("zendesk", "zendesk.csv", "Zendesk's CSV; try --from zendesk-csv"),
        ("zendesk-csv", "zendesk.jsonl", "Zendesk's JSON; try --from zendesk"),
        ("freshdesk", "hubspot.json", "HubSpot's tickets; try --from hubspot"),
        ("servicenow", "chatwoot-csat-de.csv", "Chatwoot's satisfaction report; try --from chatwoot-csat"),
        ("chatwoot-csat", "salesforce.csv", "Salesforce's cases; try --from salesforce"),
        ("helpscout", "intercom.jsonl", "Intercom's conversations; try --from intercom"),
    ] {
        let told = format!("serveup: in: looks like {told}\n");
        for command in ["import", "import --keep-going", "rate -f tsv"] {
            serveup(&format!("{command} --from {preset} in"))
                .file("in", data(file))
                .status(2)
                .stderr(told.as_str())
                .run();
        }
    }
}

#[test]
fn what_the_preset_reads_is_never_refused() {
    // it has the marks of another export, and everything this one needs
    let row = r#"{"id":1,"status":"closed","createdAt":"2024-03-04T09:00:00Z","closedAt":"2024-03-04T12:00:00Z","primaryCustomer":{"id":1},"requester_id":1,"responder_id":2,"fr_due_by":null}"#;
    serveup("import --from helpscout in -q -o out").file("in", row).run();
    // the first row is left out, and the next one is read
    let spam = r#"{"id":2,"status":"spam","requester_id":1,"responder_id":2}"#;
    serveup("import --from helpscout in -q -o out").file("in", lines([spam, row])).run();
    // of no export unmistakably: the preset says what it wants
    let run = serveup("import --from salesforce in").file("in", "{\"a\":1}").status(2).any_stderr().run();
    assert!(run.stderr.contains("no CaseNumber and no Id"), "{}", run.stderr);
}
