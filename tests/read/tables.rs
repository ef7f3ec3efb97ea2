//! Tables as people keep them.

use crate::harness::serveup;
use crate::refused;

#[track_caller]
fn rated(flags: &str, content: impl AsRef<[u8]>, wanted: &[&str], note: &str) {
    let line = format!("rate in -f json {flags}");
    serveup(&line).file("in", content).columns("recipient point level", wanted).stderr(note).run();
}

const TWO: [&str; 2] = ["a p basic", "b p expected"];

#[test]
fn names_of_columns_are_matched_without_regard_to_case_and_blanks() {
    rated("", " Recipient ,POINT,Signals ,\nа,p,late,\n".replace('а', "a"), &["a p basic"], "");
    let who = "ID,Name,Prefers.channel,Values\na,A,phone,time;money\n";
    let run = serveup("rate in -f json --recipients who").file("in", "recipient,point,Served.channel\na,p,phone\n");
    run.file("who", who).columns("recipient level", &["a desired"]).run();
    refused(
        "",
        "recipient,point,POINT\na,p,p\n",
        "in:1:1: header: point: found the same column twice; allowed: each column once",
    );
}

#[test]
fn blank_rows_and_columns_are_nothing() {
    rated("", "recipient,point,signals,,\n\na,p,late,,\n,,,,\n , ,\nb,p,,,\n,,\n\n", &TWO, "");
    rated("", "recipient,point,signals\na,p,late,,\nb,p,, \n", &TWO, "");
    let note = "note: 1 record has an unknown field \"column 4\"; nothing reads it\n";
    rated("", "recipient,point,signals,\na,p,late,x\nb,p,,\n", &TWO, note);
    refused(
        "",
        "recipient,point,signals\na,p,late,,x\n",
        "in:2:11: record 1: found 5 cells; allowed: 3, as in the header",
    );
}

#[test]
fn a_first_line_may_name_the_separator() {
    rated("", "sep=;\r\nrecipient;point;signals\r\na;p;late\r\nb;p;\r\n", &TWO, "");
    rated("", "sep=^\nrecipient^point^signals\na^p^late\nb^p^\n", &TWO, "");
    rated("--delimiter ^", "recipient^point^signals\na^p^late\nb^p^\n", &TWO, "");
    refused(
        "",
        "sep=;\nrecipient;point;signals\na;p\n",
        "in:3:4: record 1: found 2 cells; allowed: 3, as in the header",
    );
}

#[test]
fn a_header_that_comes_again_is_skipped() {
    let joined = "recipient,point,signals\na,p,late\n Recipient,point,signals\nb,p,\nrecipient,point,signals,\n";
    rated("", joined, &TWO, "note: in: the header comes again, 2 times; skipped\n");
    let other = "recipient,point,signals\na,p,late\npoint,recipient\np,b\n";
    let told =
        "in:3:1: header: found another header; allowed: one table; put each table into a file, or a sheet, of its own";
    refused("", other, told);
    let run =
        serveup("import in --map m.jq").file("in", "a,b\n1,2\na,b\n3,4\n").file("m.jq", "{recipient: .a, point: .b}");
    let run = run.stdout("{\"recipient\":\"1\",\"point\":\"2\"}\n{\"recipient\":\"3\",\"point\":\"4\"}\n");
    run.stderr_has("note: in: the header comes again, 1 time; skipped\n").stderr_has("read 2 rows: 2 mapped").run();
}

#[test]
fn a_title_is_called_what_it_is() {
    let table = "recipient,point,signals\na,p,late\nb,p,\n";
    let told = |place: &str, line: u64| {
        let skip = line - 1;
        format!(
            "in:{place}: found \"Moments of March, 2026\", which looks like a title; the header stands in line {line}, so say --skip {skip}"
        )
    };
    refused("", format!("Moments of March, 2026\n{table}"), &told("1:1", 2));
    refused("", format!("\n\nMoments of March, 2026\n\n{table}"), &told("3:1", 5));
    rated("--skip 4", format!("\n\nMoments of March, 2026\n\n{table}"), &TWO, "");
    // what skips all of it is not taken for a file without records
    for (skip, lines) in [(9, "9 lines"), (3, "3 lines")] {
        let run = serveup(&format!("rate in --skip {skip}")).file("in", "a\nrecipient,point\nx,y\n").status(2);
        run.stderr(format!("serveup: in: nothing follows the {lines} that --skip leaves out\n")).run();
    }
    serveup("rate in --skip -1").file("in", "").status(2).stderr_has("invalid value '-1' for '--skip <N>'").run();
    rated("--skip 1", format!("Moments \"of March\n{table}"), &TWO, "");
    // places count what was skipped
    refused(
        "--skip 1",
        "A title\nrecipient,point\na\n",
        "in:3:2: record 1: found 1 cell; allowed: 2, as in the header",
    );
    let run = serveup("import in --map m.jq").file("in", "A title\n\na,b,c\n1,2,3\n").file("m.jq", ".").status(2);
    run.stderr(
        "serveup: in:1:1: found \"A title\", which looks like a title; the header stands in line 3, so say --skip 2\n",
    )
    .run();
}

#[test]
fn a_name_that_is_nearly_a_field_is_told_in_every_run() {
    let note = "note: 1 record has an unknown field \"signal\"; did you mean \"signals\"? nothing reads it\n";
    rated("", "recipient,point,signal\nb,p,late\n", &["b p expected"], note);
    let note = "note: 1 record has an unknown field \"Point\"; did you mean \"point\"? nothing reads it\n";
    rated("", r#"{"recipient":"b","point":"p","Point":"q"}"#, &["b p expected"], note);
    let note = "note: 1 record has an unknown field \"mood\"; nothing reads it\n";
    rated("", "recipient,point,mood\nb,p,fine\n", &["b p expected"], note);
    let told = "in:1:1: header: recipient: found no such column; allowed: a column of that name; is it \"recipent\"?";
    refused("", "recipent,point\nb,p\n", told);
}

#[test]
fn a_value_may_have_its_amount_in_its_text() {
    let same = |text: &str| {
        let record = format!(r#"{{"recipient":"a","point":"p","signals":["on-time"],"value":[{text}]}}"#);
        serveup("journey in -f json").file("in", record).any_stdout().run().stdout
    };
    assert_eq!(same(r#""money=12.50 EUR","time""#), same(r#"{"kind":"money","amount":12.50,"unit":"EUR"},"time""#));
    let table = "recipient,point,signals,value\na,p,on-time,money=12.50 EUR;time\n";
    let ran = serveup("journey in -f json").file("in", table).any_stdout().run();
    assert_eq!(ran.stdout, same(r#""money=12.50 EUR","time""#));
    assert_eq!(same(r#""time = 3""#), same(r#"{"kind":"time","amount":3}"#));
    let told = "in:2:5: record 1: value[0]: found \"mony\" (did you mean \"money\"?)";
    serveup("rate in").file("in", "recipient,point,value\na,p,mony=3\n").status(2).stderr_has(told).run();
    let told = "in:2:5: record 1: value[0].amount: found \"lots\"; allowed: a number";
    serveup("rate in").file("in", "recipient,point,value\na,p,money=lots\n").status(2).stderr_has(told).run();
}

#[test]
fn an_encoding_can_be_named_for_records() {
    let latin = b"recipient,point,said\ncaf\xe9,p,\n";
    let run = serveup("rate in -f json --encoding latin1").file("in", latin);
    run.columns("recipient", &["café"]).run();
    refused(
        "",
        latin,
        "in:2:1: record 1: not UTF-8; save the file as UTF-8, or name its encoding, like --encoding latin1",
    );
    refused(
        "--encoding klingon",
        latin,
        "--encoding: found \"klingon\"; allowed: a name like utf-8, latin1 or utf-16le",
    );
    let utf_16: Vec<u8> = "recipient,point\na,p\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused("", &utf_16, "in: looks like UTF-16, or is no text; name its encoding, like --encoding utf-16le");
    serveup("rate in -f json --encoding utf-16le").file("in", utf_16).columns("recipient", &["a"]).run();
    // what is rejected is kept as UTF-8, and says so
    let run = serveup("rate in -f json --encoding latin1 --keep-going --rejects bad");
    let ran = run.file("in", b"recipient,point,verdict\na,p,\ncaf\xe9,p,x\n").any_stdout().stderr_has("rejected").run();
    assert_eq!(ran.read("bad"), "\u{feff}recipient,point,verdict\ncafé,p,x\n");
    ran.then("rate bad -f json --keep-going").status(2).any_stdout().stderr_has("rejected 1").run();
}

#[test]
fn flags_for_files_need_files() {
    for flag in ["--sheet x", "--skip 1", "--delimiter ;", "--encoding latin1"] {
        let name = flag.split(' ').next().expect("a flag");
        let run = serveup(&format!("check p --signal late {flag}")).status(2);
        run.stderr_has(&format!("{name} is for records")).run();
    }
    refused("--sheet x", "recipient,point\na,p\n", "in: --sheet is for workbooks; leave it out");
}

#[test]
fn what_people_type_is_told_with_what_to_write() {
    let table = |cells: &str| format!("recipient,point,signals,value\na,p,{cells}\n");
    let told = "in:2:5: record 1: signals[0]: found \"Late, Chased\"; separate several by ; like late; chased";
    refused("", table("\"Late, Chased\","), told);
    let told = "in:2:6: record 1: value[0].amount: found \"12,50\"; write 12.50";
    refused("", table(",\"money=12,50 EUR\""), told);
    let list = r#"{"recipient":"a","point":"p","signals":["late, chased"]}"#;
    let told = "in:1:41: record 1: signals[0]: found \"late, chased\"; write each as a text of its own: [\"late\", \"chased\"]";
    refused("", list, told);
}
