//! What is known of the people served: checked like records.

use crate::errors::{PAIRS, VALUE_LIST};
use crate::harness::serveup;

#[test]
fn recipients_are_checked_like_records() {
    let moment = r#"{"recipient":"a","point":"p"}"#;
    let there = "id: \"a\" is there already; give one of the two a `since`, or keep one";
    for (recipient, message) in [
        (r#"{"id":^null}"#, "id: is null; write text"),
        (r#"{"id":^""}"#, "id: is empty; write what the records call this recipient"),
        (r#"{"id":^[]}"#, "id: is an empty list; write text"),
        (r#"^{"name":"A"}"#, "id: is missing; write what the records call this recipient"),
        (r#"{"id":"a","id":^"b"}"#, "id: is given twice; keep one"),
        (r#"{"id":"a","prefers":^["x"]}"#, &format!("prefers: is a list; write {PAIRS}")),
        (r#"{"id":"a","prefers":{"x":^{"y":1}}}"#, "prefers.x: is an object; write text, or a list of texts"),
        (r#"{"id":"a","prefers":{"x":["b",^["c"]]}}"#, "prefers.x[1]: is a list; write a name as text"),
        (r#"{"id":"a","since":^["2026-01-01"]}"#, "since: is a list; write a date like 2026-01-05"),
        (
            r#"{"id":"a","since":^"01.02.2026"}"#,
            "since: cannot read \"01.02.2026\" as a date; write 2026-02-01, or add --date-format '%d.%m.%Y'",
        ),
        (r#"{"id":"a","prefers":{"x":1,"x":^2}}"#, "prefers.x: is given twice; keep one"),
        (r#"{"id":"a","values":^"time"}"#, &format!("values: is text; write {VALUE_LIST}")),
        (r#"{"id":"a","values":[^"tim"]}"#, "values[0]: unknown value \"tim\"; did you mean \"time\"?"),
        (r#"{"id":"a"},^{"id":"a"}"#, there),
        (
            r#"{"id":"a","since":"2026-01-01"},^{"id":"a","since":"2026-01-01T00:00:00Z"}"#,
            "id: \"a\" is there already with the same `since`; keep one",
        ),
    ] {
        let number = recipient.matches("},").count() + 1;
        let said = |place: &str, before: &str| {
            let column = before.chars().count() + recipient.find('^').expect("a mark") + 1;
            format!("serveup: {place}:1:{column}: recipient {number}: {message}\n")
        };
        let recipient = recipient.replace('^', "");
        let run = serveup("rate in --recipients who").file("in", moment).file("who", format!("[{recipient}]"));
        run.status(2).stderr(said("who", "[")).run();
        let before = r#"{"recipients":["#;
        let document = format!(r#"{before}{recipient}],"interactions":[{moment}]}}"#);
        serveup("rate in").file("in", document).status(2).stderr(said("in", before)).run();
    }
}

#[test]
fn the_same_recipient_in_two_places() {
    let document = r#"{"recipients":[{"id":"a"}],"interactions":[]}"#;
    let said =
        "serveup: in:1:16: recipient 1: id: \"a\" is there already; give one of the two a `since`, or keep one\n";
    let run = serveup("rate in --recipients who").file("in", document).file("who", r#"{"id":"a"}"#);
    run.status(2).stderr(said).run();
}

#[test]
fn a_file_of_recipients_is_json_or_a_table() {
    for (content, said) in [
        ("", "who: no recipients found"),
        (
            "name\nA\n",
            "who:1:1: \"name\" is neither JSON nor a header with the column id; write recipients as JSON, or add that column",
        ),
    ] {
        let run = serveup("rate in --recipients who").file("in", "[]").file("who", content);
        run.status(2).stderr(format!("serveup: {said}\n")).run();
    }
    let said = "serveup: nowhere: no such file\n";
    serveup("rate in --recipients nowhere").file("in", "[]").status(2).stderr(said).run();
}

#[test]
fn fields_of_recipients_that_mean_nothing_are_told() {
    // a misspelt `prefers` would quietly change levels
    let document = r#"{"recipients":[{"id":"a","prefer":{"x":"y"}}],"interactions":[{"recipient":"a","point":"p"}]}"#;
    let run = serveup("rate in -f json").file("in", document).columns("level", &["expected"]);
    run.stderr_has("unknown field \"prefer\"").run();
    serveup("rate in --strict").file("in", document).status(2).stderr_has("\"prefer\"").run();
}

#[test]
fn wishes_are_learned_over_time() {
    let who = "id;since;prefers.channel\nacme;;email\nacme;2026-02-01;phone;\n".replace("phone;\n", "phone\n");
    let moments = "id,at,recipient,point,channel\n1,2026-01-15,acme,desk,email\n2,2026-02-15,acme,desk,email\n3,2026-02-15,acme,desk,phone\n";
    let run = serveup("rate in -f json --recipients who").file("in", moments).file("who", &who);
    let rows = [
        "1 desired served the way they prefer: channel \"email\"",
        "2 expected they prefer channel \"phone\" (since 2026-02-01), got \"email\";one step short: with channel \"phone\" it would have been desired",
        "3 desired served the way they prefer: channel \"phone\" (since 2026-02-01)",
    ];
    run.columns("id level why", &rows).run();
    // a zone decides when the day begins
    let run = serveup("rate in -f json --recipients who --timezone Asia/Tokyo");
    let moment = "id,at,recipient,point,channel\n1,2026-01-31T15:00:00Z,acme,desk,phone\n2,2026-01-31T14:59:59Z,acme,desk,phone\n";
    run.file("in", moment).file("who", &who).columns("id level", &["1 desired", "2 expected"]).run();
    // without a time only what counts from the beginning, which is said
    let told = "note: the records have no `at`, so preferences with `since` are ignored\n";
    for line in ["rate in -f json --recipients who", "rate in -f json --in-order --recipients who"] {
        let untimed = "id,recipient,point,channel\n1,acme,desk,email\n2,acme,desk,phone\n";
        let run = serveup(line).file("in", untimed).file("who", &who);
        run.columns("id level", &["1 desired", "2 expected"]).stderr(told).run();
    }
}

#[test]
fn a_key_may_name_several_texts() {
    let moments = "id,recipient,point,channel\n1,a,p,email\n2,a,p,app\n3,a,p,phone\n";
    let rows = ["1 desired", "2 desired", "3 expected"];
    for who in [
        r#"{"id":"a","prefers":{"channel":["email","app"]}}"#,
        "id,prefers.channel\na,email; app\n",
        r#"[{"id":"a","prefers":{"channel":["email","","app"]}}]"#,
    ] {
        let run = serveup("rate in -f json --recipients who").file("in", moments).file("who", who);
        run.columns("id level", &rows).run();
    }
}
