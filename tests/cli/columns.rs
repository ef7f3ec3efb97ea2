//! `rate --columns`: fields of the row and of the record, chosen and ordered, in every format.

use serde_json::{Value, json};

use crate::harness::{FORMATS, lines, serveup};

const RECORDS: &str = r#"{"id":"n1","at":"2026-01-05","recipient":"acme","journey":"care","transaction":"visit","point":"thanks","action":"note","signals":["unexpected","on-time"],"value":["felt-good"],"served":{"channel":"email","cadence":"weekly"},"team":"front","said":"a\tb, \"c\"","cost":"9.95 EUR","verdict":"surprising-or-above"}
{"id":"n2","at":"2026-01-06","recipient":"bolt","point":"parcel","signals":["late"],"channel":"phone","provider":"kim","stage":"end","relation":"external","claimed":"desired","response":"justify"}
{"id":"n3","at":"2026-01-07","recipient":"bolt","point":"parcel","recovers":"n2","signals":["as-hoped"]}
"#;

#[test]
fn columns_come_as_chosen_in_every_format() {
    let run = |format: &str| {
        serveup("rate in --columns team,id,level,served.cadence,said,served.channel,signals,cost -f").arg(format)
    };
    let rows = [
        "team\tid\tlevel\tserved.cadence\tsaid\tserved.channel\tsignals\tcost",
        "front\tn1\tsurprising\tweekly\ta\\tb, \"c\"\temail\ton-time;unexpected\t9.95 EUR",
        "\tn2\tbasic\t\t\tphone\tlate\t",
        "\tn3\tdesired\t\t\t\tas-hoped\t",
    ];
    run("tsv").file("in", RECORDS).stdout(lines(rows)).run();
    run("csv")
        .file("in", RECORDS)
        .stdout(lines([
            "team,id,level,served.cadence,said,served.channel,signals,cost",
            "front,n1,surprising,weekly,\"a\tb, \"\"c\"\"\",email,on-time;unexpected,9.95 EUR",
            ",n2,basic,,,phone,late,",
            ",n3,desired,,,,as-hoped,",
        ]))
        .run();
    let nothing = json!(null);
    let document = json!([
        {"team": "front", "id": "n1", "level": "surprising", "served": {"cadence": "weekly", "channel": "email"},
         "said": "a\tb, \"c\"", "signals": ["on-time", "unexpected"], "cost": "9.95 EUR"},
        {"team": null, "id": "n2", "level": "basic", "served": {"cadence": null, "channel": "phone"},
         "said": null, "signals": ["late"], "cost": nothing},
        {"team": null, "id": "n3", "level": "desired", "served": {"cadence": null, "channel": null},
         "said": null, "signals": ["as-hoped"], "cost": nothing},
    ]);
    run("json").file("in", RECORDS).json(document.clone()).run();
    let objects = run("jsonl").file("in", RECORDS).any_stdout().run().stdout;
    let objects: Vec<Value> = objects.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!(Value::from(objects), document);
    // members of an object come where the first of them was asked for
    let line = run("jsonl").file("in", RECORDS).any_stdout().run().stdout;
    assert!(line.starts_with(r#"{"team":"front","id":"n1","level":"surprising","served":{"cadence":"#), "{line}");
}

#[test]
fn every_column_there_is_has_what_the_record_says() {
    let names = "id,at,recipient,point,action,level,rank,assessed,evidence,standing,next,reason,failure,claimed,gap,\
                 value,near_miss,why,journey,transaction,signals,channel,stage,relation,provider,team,verdict,said,\
                 recovers,response,cost";
    let ran = serveup("rate in -f json --columns").arg(names).file("in", RECORDS).any_stdout().run();
    let rows: Vec<Value> = serde_json::from_str(&ran.stdout).expect("rows");
    // the fields of the row are those of the row
    let whole: Vec<Value> = serde_json::from_str(&ran.then("rate in -f json").any_stdout().run().stdout).expect("rows");
    let records: Vec<Value> = RECORDS.lines().map(|line| serde_json::from_str(line).expect("a record")).collect();
    for ((row, whole), record) in rows.iter().zip(&whole).zip(&records) {
        let row = row.as_object().expect("an object");
        assert_eq!(row.keys().map(String::as_str).collect::<Vec<_>>(), names.split(',').collect::<Vec<_>>());
        for (name, value) in whole.as_object().expect("an object") {
            assert_eq!(row[name], *value, "{name}");
        }
        for (name, value) in row.iter().skip(18).filter(|(name, _)| *name != "signals") {
            assert_eq!(value, record.get(name).unwrap_or(&Value::Null), "{name}");
        }
    }
    assert_eq!(rows[1]["signals"], json!(["late"]));
}

#[test]
fn a_column_named_twice_is_refused() {
    for (names, again) in [("id,id", "id"), ("id,level,said, id", "id"), ("served.a,tags.a,served.a", "served.a")] {
        let told = format!("serveup: --columns: {again} is named twice; name each column once\n");
        serveup("rate in -f tsv --columns").arg(names).file("in", RECORDS).status(2).stderr(told).run();
    }
    serveup("rate in -f csv --columns served.a,tags.a")
        .file("in", "[]")
        .stdout("served.a,tags.a\n")
        .stderr_has("note")
        .run();
}

#[test]
fn in_order_and_on_many_threads_columns_are_the_same() {
    let records: String = (0..5000)
        .map(|number| {
            let said = ["", "é|`*", "a\\nb"][number % 3];
            let served = ["{}", r#"{"cadence":"daily"}"#][number % 2];
            format!(
                "{{\"id\":\"i{number}\",\"recipient\":\"r{}\",\"point\":\"p\",\"team\":\"t{}\",\"said\":\"{said}\",\"served\":{served},\"signals\":[\"late\"]}}\n",
                number % 7,
                number % 5
            )
        })
        .collect();
    for format in FORMATS {
        for columns in ["id,team,said,served.cadence,failure", "near_miss,said,why,id"] {
            let run = |flags: &str| {
                let run = serveup(&format!("rate in -f {format} --columns {columns} --fail-on-failure {flags}"));
                let ran = run.file("in", &records).any_stdout().stderr_has("(id \"i0\")").status(1).run();
                (ran.stdout, ran.stderr)
            };
            let one = run("--threads 1");
            assert_eq!(run("--threads 4"), one, "{format} {columns}");
            assert_eq!(run("--threads 1 --in-order"), one, "{format} {columns}");
            assert_eq!(run("--threads 4 --in-order"), one, "{format} {columns}");
        }
    }
}

#[test]
fn the_columns_of_a_row_are_the_row() {
    // what the format prints, asked for by name, is byte for byte what it prints
    let brief = "id,at,recipient,point,action,level,rank,assessed,evidence,standing,next,reason,failure,claimed,gap";
    let full = format!("{brief},value,near_miss,why");
    for (flags, columns) in [
        ("-f tsv", brief),
        ("-f csv", brief),
        ("-f md", brief),
        ("-f tsv --no-header", brief),
        ("-f json", &full),
        ("-f jsonl", &full),
    ] {
        let ran = serveup(&format!("rate in {flags}")).file("in", RECORDS).any_stdout().run();
        ran.then(&format!("rate in {flags} --columns {columns}")).stdout(&ran.stdout).run();
    }
    let ran = serveup("rate in --why -f tsv").file("in", RECORDS).any_stdout().run();
    ran.then(&format!("rate in -f tsv --columns {full}")).stdout(&ran.stdout).run();
}

#[test]
fn an_unknown_column_is_an_error_that_names_the_nearest() {
    for (asked, near) in [
        ("teem", "did you mean \"team\"? "),
        ("ID", "did you mean \"id\"? "),
        ("near-mis", "did you mean \"near_miss\"? "),
        ("served", "did you mean \"served.KEY\"? "),
        ("served.", "did you mean \"served.KEY\"? "),
        ("zzz", ""),
    ] {
        let said = format!(
            "error: invalid value '{asked}' for '--columns <COLUMN>': {near}serveup rate --help lists the columns\n\n\
             For more information, try '--help'.\n"
        );
        serveup("rate in --columns").arg(format!("id,{asked}")).file("in", RECORDS).status(2).stderr(said).run();
    }
    // the help lists them all
    let help = serveup("rate --help").any_stdout().run().stdout;
    let words: Vec<&str> = help.split([' ', '\n', '.', ',', ';']).collect();
    for name in serveup::Column::names().map(|name| name.split('.').next().unwrap_or(name)) {
        assert!(words.contains(&name), "{name}");
    }
    // an explained row, or columns
    serveup("rate in --columns id --why").file("in", RECORDS).status(2).stderr_has("cannot be used with").run();
}

#[test]
fn where_there_is_no_row_the_columns_are_named() {
    serveup("rate in -f csv --columns said,id -q").file("in", "").stdout("said,id\n").run();
    serveup("rate in -f md --columns said,id -q").file("in", "").stdout("| said | id |\n| --- | --- |\n").run();
    serveup("rate in -f json --columns said,id -q").file("in", "").stdout("[]\n").run();
}
