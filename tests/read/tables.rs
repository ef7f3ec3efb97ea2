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
    refused("", "recipient,point,POINT\na,p,p\n", "in:1:1: header: point: is given twice; keep one");
}

#[test]
fn blank_rows_and_columns_are_nothing() {
    rated("", "recipient,point,signals,,\n\na,p,late,,\n,,,,\n , ,\nb,p,,,\n,,\n\n", &TWO, "");
    rated("", "recipient,point,signals\na,p,late,,\nb,p,, \n", &TWO, "");
    let note = "note: unknown field \"column 4\" in 1 record is ignored\n";
    rated("", "recipient,point,signals,\na,p,late,x\nb,p,,\n", &TWO, note);
    refused(
        "",
        "recipient,point,signals\na,p,late,,x\n",
        "in:2:11: record 1: has 5 cells, but the header has 3; quote cells that contain the separator",
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
        "in:3:4: record 1: has 2 cells, but the header has 3; add the missing ones",
    );
}

#[test]
fn a_header_that_comes_again_is_skipped() {
    let joined = "recipient,point,signals\na,p,late\n Recipient,point,signals\nb,p,\nrecipient,point,signals,\n";
    rated("", joined, &TWO, "note: in: the header is repeated 2 times; the repeats are skipped\n");
    let other = "recipient,point,signals\na,p,late\npoint,recipient\np,b\n";
    let told = "in:3:1: header: a second table starts here; put it into its own file or sheet";
    refused("", other, told);
    let run =
        serveup("import in --map m.jq").file("in", "a,b\n1,2\na,b\n3,4\n").file("m.jq", "{recipient: .a, point: .b}");
    let run = run.stdout("{\"recipient\":\"1\",\"point\":\"2\"}\n{\"recipient\":\"3\",\"point\":\"4\"}\n");
    run.stderr_has("note: in: the header is repeated 1 time; the repeats are skipped\n")
        .stderr_has("read 2 rows: 2 mapped")
        .run();
}

#[test]
fn a_title_is_called_what_it_is() {
    let table = "recipient,point,signals\na,p,late\nb,p,\n";
    let told = |place: &str, line: u64| {
        let skip = line - 1;
        format!(
            "in:{place}: \"Moments of March, 2026\" looks like a title, the header is in line {line}; add --skip {skip}"
        )
    };
    refused("", format!("Moments of March, 2026\n{table}"), &told("1:1", 2));
    refused("", format!("\n\nMoments of March, 2026\n\n{table}"), &told("3:1", 5));
    rated("--skip 4", format!("\n\nMoments of March, 2026\n\n{table}"), &TWO, "");
    // what skips all of it is not taken for a file without records
    for (skip, lines) in [(9, "9 lines"), (3, "3 lines")] {
        let run = serveup(&format!("rate in --skip {skip}")).file("in", "a\nrecipient,point\nx,y\n").status(2);
        run.stderr(format!("serveup: in: nothing is left after the {lines} of --skip; use a smaller number\n")).run();
    }
    serveup("rate in --skip -1").file("in", "").status(2).stderr_has("invalid value '-1' for '--skip <N>'").run();
    rated("--skip 1", format!("Moments \"of March\n{table}"), &TWO, "");
    // places count what was skipped
    refused(
        "--skip 1",
        "A title\nrecipient,point\na\n",
        "in:3:2: record 1: has 1 cell, but the header has 2; add the missing ones",
    );
    let run = serveup("import in --map m.jq").file("in", "A title\n\na,b,c\n1,2,3\n").file("m.jq", ".").status(2);
    run.stderr("serveup: in:1:1: \"A title\" looks like a title, the header is in line 3; add --skip 2\n").run();
}

#[test]
fn a_name_that_is_nearly_a_field_is_told_in_every_run() {
    let note = "note: unknown field \"signal\" in 1 record is ignored; did you mean \"signals\"?\n";
    rated("", "recipient,point,signal\nb,p,late\n", &["b p expected"], note);
    let note = "note: unknown field \"Point\" in 1 record is ignored; did you mean \"point\"?\n";
    rated("", r#"{"recipient":"b","point":"p","Point":"q"}"#, &["b p expected"], note);
    let note = "note: unknown field \"mood\" in 1 record is ignored\n";
    rated("", "recipient,point,mood\nb,p,fine\n", &["b p expected"], note);
    let told = "in:1:1: header: recipient: there is no such column; rename \"recipent\" to recipient";
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
    let told = "in:2:5: record 1: value[0]: unknown value \"mony\"; did you mean \"money\"?";
    serveup("rate in").file("in", "recipient,point,value\na,p,mony=3\n").status(2).stderr_has(told).run();
    let told = "in:2:5: record 1: value[0].amount: cannot use \"lots\"; write a number";
    serveup("rate in").file("in", "recipient,point,value\na,p,money=lots\n").status(2).stderr_has(told).run();
}

#[test]
fn an_encoding_can_be_named_for_records() {
    let latin = b"recipient,point,said\ncaf\xe9,p,\n";
    let run = serveup("rate in -f json --encoding latin1").file("in", latin);
    run.columns("recipient", &["café"]).run();
    // what a crash leaves behind, alone, in quotes, and behind many rows that are read in chunks
    let zeros = "in:3:1: record 2: holds zero bytes, so the file is damaged; get it again";
    refused("", b"recipient,point\nada,p\n\0\0\0\0ada,p\n", zeros);
    refused("", b"recipient,point\nada,p\n\"\0ada\",p\n", zeros);
    let mut long = b"recipient,point\n".to_vec();
    long.extend(b"ada,p\n".repeat(100_000));
    long.extend(b"ada,p\0\n");
    let far = "in:100002:5: record 100001: holds zero bytes, so the file is damaged; get it again";
    refused("", &long, far);
    refused("", latin, "in:2:1: record 1: is not UTF-8; save the file as UTF-8, or add its --encoding, like latin1");
    refused(
        "--encoding klingon",
        latin,
        "--encoding: unknown encoding \"klingon\"; write a name like utf-8, latin1 or utf-16le",
    );
    let utf_16: Vec<u8> = "recipient,point\na,p\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused("", &utf_16, "in: is not text, or in another encoding; if it is text, add its --encoding, like utf-16le");
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
        run.stderr_has(&format!("{name} needs records")).run();
    }
    refused("--sheet x", "recipient,point\na,p\n", "in: is not a workbook; leave --sheet out");
}

#[test]
fn what_people_type_is_told_with_what_to_write() {
    let table = |cells: &str| format!("recipient,point,signals,value\na,p,{cells}\n");
    let told =
        "in:2:5: record 1: signals[0]: unknown signal \"Late, Chased\"; separate several with ; like late; chased";
    refused("", table("\"Late, Chased\","), told);
    let told = "in:2:6: record 1: value[0].amount: cannot use \"12,50\"; write 12.50";
    refused("", table(",\"money=12,50 EUR\""), told);
    let list = r#"{"recipient":"a","point":"p","signals":["late, chased"]}"#;
    let told =
        "in:1:41: record 1: signals[0]: unknown signal \"late, chased\"; write each on its own: [\"late\", \"chased\"]";
    refused("", list, told);
}
