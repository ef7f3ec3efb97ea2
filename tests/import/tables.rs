//! Tables: what separates their cells, how they are written, and everything that is wrong with real ones.

use crate::harness::{Serveup, lines, serveup};
use crate::through::{SHOWS, all, counts, import, refused, sees, shown};

/// The rows of `a,b\n1,2\n3,\n`, as a map sees them.
const SMALL: [&str; 2] = [r#"{"a":"1","b":"2"}"#, r#"{"a":"3","b":""}"#];

// ── What separates the cells ────────────────────────────────────────────────

#[test]
fn the_separator_is_guessed_or_given() {
    for (name, separator) in [(",", ","), (";", ";"), ("tab", "\t"), ("\\t", "\t"), ("|", "|")] {
        let table = ["a,b", "1,2", "3,"].map(|line| line.replace(',', separator));
        sees("", lines(&table), &SMALL);
        sees(&format!("--delimiter {name}"), lines(&table), &SMALL);
    }
    // others are not guessed, for too many texts hold them
    sees("", "a:b\n1:2\n", &[r#"{"a:b":"1:2"}"#]);
    sees("--delimiter :", "a:b\n1:2\n3:\n", &SMALL);
}

#[test]
fn the_guess_is_what_gives_every_row_the_cells_of_the_header() {
    // more commas than semicolons, but no two rows have as many
    sees("", "a;b\nx, y, z;1\np, q;2\n", &[r#"{"a":"x, y, z","b":"1"}"#, r#"{"a":"p, q","b":"2"}"#]);
    sees("", "name, first;city\nx;y\n", &[r#"{"name, first":"x","city":"y"}"#]);
    // what stands in quotes separates nothing
    sees("", "\"a;x;y\",b\n\"1;;\",2\n", &[r#"{"a;x;y":"1;;","b":"2"}"#]);
    // each fits every row: the one that makes more of them
    sees("", "a,b;c;d\n1,2;3;4\n", &[r#"{"a,b":"1,2","c":"3","d":"4"}"#]);
    // one column needs none
    sees("", "a\n1\n\n2\n", &[r#"{"a":"1"}"#, r#"{"a":"2"}"#]);
}

#[test]
fn a_separator_that_is_none_is_refused() {
    for wrong in ["ab", "\"", "é", ""] {
        let run = import("--delimiter", SHOWS, "a\n").arg(wrong).status(2);
        let told =
            format!("serveup: --delimiter: cannot use \"{wrong}\"; write one character like ; or the word tab\n");
        run.stderr(told).run();
    }
}

#[test]
fn files_of_several_separators_are_one_stream() {
    let map = "{recipient: .a, point: .b, said: \"\\($row.file) \\($row.line) \\($row.number)\"}";
    let run = serveup("import --map m.jq one two none").file("m.jq", map).file("none", " \n");
    // the second has its columns in another order, and a row that starts on line 4
    let run = run.file("one", "a,b\n1,x\n2,y\n").file("two", "\n\nb;a\nz;3\n");
    let rows = [("1", "x", "one 2 1"), ("2", "y", "one 3 2"), ("3", "z", "two 4 1")];
    let row = |(a, b, said)| format!("{{\"recipient\":\"{a}\",\"point\":\"{b}\",\"said\":\"{said}\"}}");
    run.stdout(lines(rows.map(row))).stderr(format!("note: none: no records found\n{}", all(3))).run();
}

// ── How they are written ────────────────────────────────────────────────────

#[test]
fn a_mark_and_mixed_line_ends() {
    sees("", "\u{feff}a,b\r\n1,2\n3,\r\n", &SMALL);
    sees("", "\u{feff}\"a\",b\n1,2\r\n3,\n", &SMALL);
    // the last line needs no end
    sees("", "a,b\r\n1,2\r\n3,", &SMALL);
}

#[test]
fn quotes_hold_separators_line_breaks_and_quotes() {
    let table = "a,b\n\"x, \"\"y\"\"\r\n\nz\",1\n5\" pipe,2\n\"\",3\n";
    let rows = [r#"{"a":"x, \"y\"\r\n\nz","b":"1"}"#, r#"{"a":"5\" pipe","b":"2"}"#, r#"{"a":"","b":"3"}"#];
    sees("", table, &rows);
    // lines are counted inside of quotes too: 2-4, 5, 6
    let map = r#"{recipient: "r", point: "p", said: "\($row.line)"}"#;
    import("-q", map, table).stdout(shown(["2", "5", "6"])).run();
    refused("", SHOWS, format!("{table}4\n"), "in:7:2: row 4: has 1 cell, but the header has 2; add the missing ones");
}

#[test]
fn blank_lines_and_rows_without_anything_are_no_rows() {
    let table = "\n \na,b\n\n1,2\n,\n \t,  \n\"\",\"\"\n\r\n3,\n\n\n";
    import("", SHOWS, table).stdout(shown(SMALL)).stderr(all(2)).run();
    // not even one of a single blank cell, or of too many
    import("", SHOWS, "a,b\n1,2\n \n,,,\n3,\n").stdout(shown(SMALL)).stderr(all(2)).run();
}

#[test]
fn a_header_alone_has_no_rows() {
    let told = format!("note: there is a header, but no row below it\n{}", counts(0, 0, 0, 0, 0));
    import("", SHOWS, "a,b\n").stderr(told).run();
    // as it is where the encoding named is another
    import("--encoding utf-16le", SHOWS, "a,b\n1,2\n")
        .stderr_has("note: there is a header, but no row below it\n")
        .run();
}

#[test]
fn an_open_quote_in_the_header_swallows_no_rows() {
    let open =
        "serveup: in:1:3: header: this quote is never closed; close it, or copy the file again if it was cut short\n";
    import("", SHOWS, "a,\"b\n1,2\n3,4\n").status(2).stderr(open).run();
    import("", SHOWS, "a,\"b\"x\n1,2\n")
        .status(2)
        .stderr_has("in:1:3: header: there is text after a closing quote")
        .run();
}

#[test]
fn an_open_quote_is_told_where_it_opens_also_in_a_row_of_several_lines() {
    let open = "in:4:4: row 2: this quote is never closed";
    import("", SHOWS, "a,b\n1,2\n\"x\ny\",\"z\n3,\n").status(2).stderr_has(open).run();
}

#[test]
fn a_row_is_no_trailer_for_want_of_cells() {
    // two columns, the second of them empty: a row
    import("--trailer", SHOWS, "a,b\n1,2\n3,\n").stdout(shown(SMALL)).stderr(all(2)).run();
    // three, and only the first filled: what spreadsheets make of a total
    let three = shown([r#"{"a":"1","b":"2","c":"3"}"#]);
    import("--trailer", SHOWS, "a,b,c\n1,2,3\nTotal,,\n").stdout(three).stderr(with_trailer(&all(1))).run();
    // an open quote is a fault, whatever stands there
    import("--trailer", SHOWS, "a,b\n1,2\n\"Tot").status(2).stderr_has("in:3:1: row 2: this quote is").run();
}

#[test]
fn nothing_at_all_is_no_failure() {
    for nothing in ["", " \n\t\r\n", "\u{feff}", "\u{feff}\n"] {
        import("", SHOWS, nothing).stderr(format!("note: in: no records found\n{}", all(0))).run();
        let run = serveup("import --map m.jq").file("m.jq", SHOWS).stdin(nothing);
        run.stderr(format!("note: stdin: no records found\n{}", all(0))).run();
    }
    let run = serveup("import --map m.jq a b").file("m.jq", SHOWS).file("a", "").file("b", "\n");
    run.stderr(format!("note: a: no records found\nnote: b: no records found\n{}", all(0))).run();
}

#[test]
fn very_wide_and_very_long() {
    let names: Vec<String> = (0..3000).map(|column| format!("c{column}")).collect();
    let long = "y".repeat(3_000_000);
    let mut cells = vec!["x"; 3000];
    cells[2999] = &long;
    let map = r#"{recipient: "r", point: "p", said: "\(length) \(.c2999 | length) \(.c0)"}"#;
    let table = format!("{}\n{}\n", names.join(","), cells.join(","));
    import("-q", map, table).stdout(shown(["3000 3000000 x"])).run();
}

// ── Names of columns ────────────────────────────────────────────────────────

#[test]
fn names_that_come_twice_or_are_missing_are_told_and_kept_apart() {
    let note = "note: in: there is a second column \"Variant\"; in maps it is \"Variant_2\"; \
                there is a second column \"Variant\"; in maps it is \"Variant_3\"; \
                column 4 has no name; in maps it is \"column_4\"; column 6 has no name; in maps it is \"column_6\"\n";
    let run = || import("", SHOWS, "Variant, Variant ,Variant,,x, \n1,2,3,4,5,6\n");
    let row = r#"{"Variant":"1","Variant_2":"2","Variant_3":"3","column_4":"4","x":"5","column_6":"6"}"#;
    run().stdout(shown([row])).stderr(note.to_owned() + &all(1)).run();
    run().arg("-q").stdout(shown([row])).run();
    // a name that is written already stays with its column
    sees("", "a,a,a_2\n1,2,3\n", &[r#"{"a":"1","a_3":"2","a_2":"3"}"#]);
}

#[test]
fn blanks_around_names_are_no_part_of_them() {
    import("", SHOWS, "\" a \", b\n1,2\n3,\n").stdout(shown(SMALL)).stderr(all(2)).run();
}

#[test]
fn a_column_that_must_be_there_is_asked_for_by_name() {
    // the fault is the header's, not the row's
    let map = r#"{recipient: column("who"), point: "p"}"#;
    let told = "in:1:1: row 1: m.jq: there is no column \"who\"; there are: Who, b";
    let near = "note: in: there is no column \"who\"; did you mean \"Who\"?\n";
    import("", map, "Who,b\n1,2\n").status(2).stderr(format!("{near}serveup: {told}\n")).run();
    refused("-q", map, "Who,b\n1,2\n", told);
    // a column that may be missing is told as well, where one is nearly called so
    let map = r#"{recipient: "r", point: "p", said: .remarks}"#;
    let near = "note: in: there is no column \"remarks\"; did you mean \"Remark\"?\n";
    let run = import("", map, "Remark,b\n1,2\n").stdout("{\"recipient\":\"r\",\"point\":\"p\"}\n");
    run.stderr(near.to_owned() + &all(1)).run();
}

// ── Rows that do not fit ────────────────────────────────────────────────────

#[test]
fn a_row_with_other_cells_than_the_header_is_an_error_at_its_place() {
    // too few: where the missing cell would stand; too many: where the first of them stands
    let table = "a,b\n1,2\n5\nx,y,z\n3,\n";
    refused("", SHOWS, table, "in:3:2: row 2: has 1 cell, but the header has 2; add the missing ones");
    let said = "rejected: in:3:2: row 2: has 1 cell, but the header has 2; add the missing ones\n\
                rejected: in:4:5: row 3: has 3 cells, but the header has 2; quote cells that contain the separator\n";
    import("--keep-going", SHOWS, table).stdout(shown(SMALL)).stderr(said.to_owned() + &counts(4, 2, 2, 2, 0)).run();
    refused("", SHOWS, "a;b;c\n1;2\n", "in:2:4: row 1: has 2 cells, but the header has 3; add the missing ones");
    // where it may be a trailer, the flag for that is told
    let told =
        "in:2:6: row 1: has 1 cell, but the header has 3; add the missing ones; if this is a footer, add --trailer";
    refused("", SHOWS, "a,b,c\nTotal\n", told);
}

#[test]
fn a_last_row_cut_in_the_middle_is_an_error_at_its_place() {
    let cut = "in:4:2: row 3: has 1 cell, but the header has 2; add the missing ones";
    let open = "in:4:3: row 3: this quote is never closed; close it, or copy the file again if it was cut short";
    for (end, fault) in [("4", cut), ("4,\"x", open), ("4,\"x\n", open), ("4,\"x, y\"\"", open), ("4,\"", open)] {
        let table = format!("a,b\n1,2\n3,\n{end}");
        refused("", SHOWS, &table, fault);
        let run = import("--keep-going", SHOWS, &table).stdout(shown(SMALL));
        run.stderr(format!("rejected: {fault}\n{}", counts(3, 2, 2, 1, 0))).run();
    }
    // a file that ends behind the separator has its last cell, which is empty
    sees("", "a,b\n1,2\n3,", &SMALL);
}

#[test]
fn a_stray_quote_swallows_no_rows() {
    let table = "a,b\nx,\"y\n1,2\nx,\"y\"z\n3,\nx,\"y\n";
    let behind = "there is text after a closing quote; put quotes around the whole cell, and double those inside";
    // the quote of line 2 is closed by the one that opens on line 4; both lines are wrong, the one between is not
    let said = format!(
        "rejected: in:2:3: row 1: {behind}\nrejected: in:4:3: row 3: {behind}\n\
         rejected: in:6:3: row 5: this quote is never closed; close it, or copy the file again if it was cut short\n{}",
        counts(5, 2, 2, 3, 0)
    );
    let run = import("--keep-going --rejects bad", SHOWS, table).stdout(shown(SMALL)).stderr(said);
    assert_eq!(run.run().read("bad"), "a,b\nx,\"y\nx,\"y\"z\nx,\"y\n");
}

#[test]
fn an_open_quote_takes_no_more_than_the_lines_of_its_row() {
    // the row of lines 3 and 4 has a second cell that is never closed; each of its lines is refused
    let table = "a,b\n1,2\n\"x\ny\",\"z\n3,\n";
    let run = import("--keep-going --rejects bad", SHOWS, table).stdout(shown(SMALL));
    let ran = run.stderr_has("this quote is never closed").stderr_has(&counts(4, 2, 2, 2, 0)).run();
    assert_eq!(ran.read("bad"), "a,b\n\"x\ny\",\"z\n");
}

// ── A trailer ───────────────────────────────────────────────────────────────

/// The line of counts with one trailer line.
fn with_trailer(counts: &str) -> String {
    format!("{}; beside them 1 trailer line\n", counts.trim_end())
}

#[test]
fn a_trailer_is_a_row_unless_it_is_asked_for() {
    for trailer in ["Total: 2 rows", "\"Reporting period, from 1 to 2\"", "\"in\nlines\"", "Total\r\n", "Total\n\n \n"]
    {
        let table = format!("a,b\n1,2\n3,\n\n{trailer}");
        let run = || import("", SHOWS, &table);
        run().status(2).stderr_has(": row 3: has ").stderr_has("the header has 2; ").run();
        run().arg("--trailer").stdout(shown(SMALL)).stderr(with_trailer(&all(2))).run();
    }
}

#[test]
fn only_the_last_line_may_be_a_trailer() {
    let run = |table: &str| import("--trailer", SHOWS, table);
    run("a,b\n1,2\nTotal\n3,\n").status(2).stderr_has("in:3:6: row 2: has 1 cell").run();
    run("a,b\n1,2\nTotal\nTotal\n").status(2).stderr_has("in:3:6: row 2: has 1 cell").run();
    // a row with two filled cells is a row
    run("a,b\n1,2\n3,4\n").stdout(shown([SMALL[0], r#"{"a":"3","b":"4"}"#])).stderr(all(2)).run();
    // in a table of one column the last row is one like the others
    run("a\n1\n2\n").stdout(shown([r#"{"a":"1"}"#, r#"{"a":"2"}"#])).stderr(all(2)).run();
    // of each file
    let run = serveup("import --trailer --map m.jq x y").file("m.jq", SHOWS);
    let run = run.file("x", "a,b\n1,2\nTotal\n").file("y", "a,b\n3,\nTotal\n");
    run.stdout(shown(SMALL)).stderr(with_trailer(&all(2)).replace("1 trailer line", "2 trailer lines")).run();
}

// ── Encodings ───────────────────────────────────────────────────────────────

const CAFE: &str = "a,b\n1,café €\n";
const CAFE_ROW: [&str; 1] = [r#"{"a":"1","b":"café €"}"#];

fn utf_16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[test]
fn an_encoding_is_given_by_name() {
    // of the names that browsers know, latin1 is the one with a euro sign
    let latin = [b"a,b\n1,caf\xe9 \x80\n".as_slice()].concat();
    for name in ["latin1", "ISO-8859-1", "windows-1252"] {
        sees(&format!("--encoding {name}"), &latin, &CAFE_ROW);
    }
    sees("--encoding utf-8", CAFE, &CAFE_ROW);
    sees("--encoding utf-16le", utf_16(CAFE, false), &CAFE_ROW);
    sees("--encoding utf-16be", utf_16(CAFE, true), &CAFE_ROW);
    sees("--encoding shift_jis", b"a,b\n1,\x82\xa0\n", &[r#"{"a":"1","b":"あ"}"#]);
    refused(
        "--encoding klingon",
        SHOWS,
        CAFE,
        "--encoding: unknown encoding \"klingon\"; write a name like utf-8, latin1 or utf-16le",
    );
}

#[test]
fn utf_16_is_known_by_its_mark() {
    for big in [false, true] {
        let marked = utf_16(&format!("\u{feff}{CAFE}"), big);
        sees("", &marked, &CAFE_ROW);
        let run = serveup("import --map m.jq -q -").file("m.jq", SHOWS).stdin(&marked);
        run.stdout(shown(CAFE_ROW)).run();
        // the mark knows better than the flag
        sees("--encoding latin1", &marked, &CAFE_ROW);
        sees("--encoding latin1", format!("\u{feff}{CAFE}"), &CAFE_ROW);
        // JSON too
        sees("", utf_16("\u{feff}[{\"a\":\"é\"}]", big), &[r#"{"a":"é"}"#]);
        // without it nothing is guessed
        let told = "in: is not text, or in another encoding; if it is text, add its --encoding, like utf-16le";
        refused("", SHOWS, utf_16(CAFE, big), told);
    }
}

#[test]
fn places_are_counted_in_characters_of_what_was_decoded() {
    let run = |flags: &str, content: &[u8]| import(flags, SHOWS, content).status(2);
    let told = "serveup: in:2:5: row 1: has 1 cell, but the header has 2; add the missing ones\n";
    run("", "a,b\ncafé\n".as_bytes()).stderr(told).run();
    run("--encoding latin1", b"a,b\ncaf\xe9\n").stderr(told).run();
    run("", &utf_16("\u{feff}a,b\ncafé\n", false)).stderr(told).run();
}

#[test]
fn what_is_not_utf_8_is_an_error_where_it_stands() {
    let told = |place: &str| {
        format!("in:{place}: row 2: is not UTF-8; save the file as UTF-8, or add its --encoding, like latin1")
    };
    refused("", SHOWS, b"a,b\n1,2\nzwei,\xe9\n", &told("3:6"));
    // the other rows go through
    let run = import("--keep-going --rejects bad", SHOWS, b"a,b\n1,2\n\xe9,2\n3,\n");
    let said = format!("rejected: {}\n{}", told("3:1"), counts(3, 2, 2, 1, 0));
    let folder = run.stdout(shown(SMALL)).stderr(said).run().folder;
    // kept byte for byte
    assert_eq!(std::fs::read(folder.path().join("bad")).expect("a file"), b"a,b\n\xe9,2\n");
}

#[test]
fn a_header_that_is_not_utf_8_is_an_error_where_it_stands() {
    let header = b"a,caf\xe9\n1,2\n";
    refused(
        "",
        SHOWS,
        header,
        "in:1:6: header: is not UTF-8; save the file as UTF-8, or add its --encoding, like latin1",
    );
    sees("--encoding latin1", header, &[r#"{"a":"1","café":"2"}"#]);
}

#[test]
fn characters_that_were_lost_are_counts() {
    // 0x82 begins a character of two bytes, and no line end can be its second
    let note = "note: 1 row contains \u{fffd}, the sign of a lost character; check --encoding\n";
    let run = import("--encoding shift_jis", SHOWS, b"a,b\n1,2\n3,\x82\n");
    let rows = [SMALL[0], "{\"a\":\"3\",\"b\":\"\u{fffd}\"}"];
    run.stdout(shown(rows)).stderr(note.to_owned() + &all(2)).run();
}

#[test]
fn what_is_no_text_is_refused_with_the_way_out() {
    let sheet = b"PK\x03\x04\x14\x00\x06\x00\x08\x00rest of it";
    refused(
        "",
        SHOWS,
        sheet,
        "in: is a workbook or an archive that is cut short or damaged; copy or download it again",
    );
    refused(
        "",
        SHOWS,
        b"\x1f\x8b\x08\x00\x00\x00",
        "in: is cut short: its gzip data stops at byte 6; copy or download it again",
    );
    refused("", SHOWS, b"\x7fELF\x02\x01\x01\x00\x00", "in: is a program; name a file with records");
    let told = "in: is not text, or in another encoding; if it is text, add its --encoding, like utf-16le";
    refused("", SHOWS, b"a\x00b\x00", told);
}

// ── Words that stand for nothing ────────────────────────────────────────────

#[test]
fn what_only_stands_for_nothing_is_text_until_the_map_says_otherwise() {
    let table = lines(["a,b", "1,?", "2,N/A", "3, n/a ", "4,", "5, - ", "6,none"]);
    let said = |map: &str, texts: [&str; 6]| {
        let line = |text: &str| if text.is_empty() { String::new() } else { format!(",\"said\":\"{text}\"") };
        let expected = texts.map(|text| format!("{{\"recipient\":\"r\",\"point\":\"p\"{}}}", line(text)));
        import("-q", &format!("{{recipient: \"r\", point: \"p\", said: ({map})}}"), &table)
            .stdout(lines(expected))
            .run();
    };
    said(".b | if . == \"\" then null else . end", ["?", "N/A", " n/a ", "", " - ", "none"]);
    said(".b | known", ["?", "", "", "", "-", "none"]);
    said(".b | known(\"?\")", ["", "", "", "", "-", "none"]);
    said(".b | known([\"?\", \"-\", \"none\"])", [""; 6]);
}

// ── Files ───────────────────────────────────────────────────────────────────

#[test]
fn what_is_no_file_is_counts() {
    let run = |line: &str| -> Serveup { serveup(line).file("m.jq", SHOWS).file("in", "a\n1\n").status(2) };
    run("import --map m.jq nowhere").stderr("serveup: nowhere: no such file\n").run();
    run("import --map m.jq in nowhere").stderr("serveup: nowhere: no such file\n").run();
    run("import --map m.jq - -").stderr("serveup: standard input is named twice; name it once\n").run();
    run("import --map m.jq .").stderr("serveup: .: is a directory; name the files in it\n").run();
    run("import --map nowhere.jq in").stderr_has("serveup: nowhere.jq: cannot read the map: ").run();
    run("import in")
        .stderr("serveup: nothing says how to read the export; add --from PRESET, --map FILE.jq or --jq EXPR, or --inspect to see its columns\n")
        .run();
    run("import in --from zendeks").stderr_has("'zendesk'").run();
    run("import in --from zendesk --map m.jq").stderr_has("cannot be used with").run();
    run("import in --map m.jq -f csv")
        .stderr("serveup: -f is for --inspect; interactions are always printed as JSON lines, so leave it out\n")
        .run();
}
