//! Every row is mapped, rejected, dropped by the map or superseded, and counted as that; and nothing leaves of
//! a run that failed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::harness::{Serveup, full_disk, lines, serveup};
use crate::through::{SHOWS, all, counts, import, numbers, shown, superseded};

/// One interaction, two, none, or an error, as the row says.
const MAP: &str = r#"
{recipient: "r", point: "p", said: .t} as $one
| .k | lookup("k"; {one: [$one], two: [$one, $one], none: []}) | .[]
"#;

/// Six rows: one, two, none, a wrong word, a cell too few, one.
const MIXED: &str = "k,t\none,a\ntwo,b\nnone,c\nodd,d\none\n\none,e\n";

const MIXED_OUT: [&str; 4] = ["a", "b", "b", "e"];

const MIXED_TOLD: [&str; 2] = [
    "rejected: in:5:1: row 4: m.jq: k: the map does not know \"odd\", only one, two, none\n",
    "rejected: in:6:4: row 5: has 1 cell, but the header has 2; add the missing ones\n",
];

#[test]
fn the_counts_add_up() {
    let run = import("--keep-going", MAP, MIXED).stdout(shown(MIXED_OUT));
    let told = MIXED_TOLD.concat() + &counts(6, 3, 4, 2, 1);
    let ran = run.stderr(told).run();
    let of = numbers(ran.stderr.lines().last().expect("a line"));
    assert_eq!(of[0], of[1] + of[3] + of[4]);
    // of JSON in the same way
    let rows = r#"[{"k":"one","t":"a"},{"k":"two","t":"b"},{"k":"none"},{"k":"odd"},3,{"k":"one","t":"e"}]"#;
    let run = import("--keep-going", MAP, rows).stdout(shown(MIXED_OUT));
    let ran = run.stderr_has(&counts(6, 3, 4, 2, 1)).run();
    assert_eq!(ran.stderr.matches("rejected: in:").count(), 2);
}

#[test]
fn the_counts_are_of_all_files_together() {
    let run = serveup("import --map m.jq --keep-going --last-by t in more").file("m.jq", MAP).file("in", MIXED);
    // in the second file: the last of case a, which is dropped; and a wrong one without case
    let run = run.file("more", "t,k\na,none\n,odd\n").stdout(shown(["b", "b", "e"]));
    // read 8 = mapped 2 + rejected 3 + dropped 2 + superseded 1
    let ran = run.stderr_has(&superseded(&counts(8, 2, 3, 3, 2), 1)).run();
    assert!(ran.stderr.contains("rejected: more:3:2: row 2: m.jq: k: the map does not know \"odd\""), "{}", ran.stderr);
}

#[test]
fn counts_are_told_unless_told_not_to() {
    let good = "k,t\none,a\n";
    import("", MAP, good).stdout(shown(["a"])).stderr(all(1)).run();
    import("--quiet", MAP, good).stdout(shown(["a"])).run();
    import("-q", MAP, good).stdout(shown(["a"])).run();
    // where rows may be lost they are told always
    import("-q --keep-going", MAP, good).stdout(shown(["a"])).stderr(all(1)).run();
    let told = MIXED_TOLD.concat() + &counts(6, 3, 4, 2, 1);
    import("-q --keep-going", MAP, MIXED).stdout(shown(MIXED_OUT)).stderr(told).run();
}

#[test]
fn large_numbers_read_well() {
    let rows = format!("k,t\n{}", "two,a\n".repeat(1_234));
    let told = "read 1,234 rows: 1,234 mapped to 2,468 interactions, 0 rejected, 0 dropped by the map\n";
    import("", MAP, rows).any_stdout().stderr(told).run();
}

#[test]
fn after_twenty_rejects_the_rest_is_counted() {
    let bad = |number: usize| format!("k,t\none,a\n{}", "odd,b\n".repeat(number));
    for (number, rest) in [(20, None), (21, Some("rejected: 1 more row")), (1020, Some("rejected: 1,000 more rows"))] {
        let ran = import("--keep-going --rejects bad", MAP, bad(number)).stdout(shown(["a"])).stderr_has("read ").run();
        let said: Vec<&str> = ran.stderr.lines().collect();
        assert_eq!(said.iter().filter(|line| line.starts_with("rejected: in:")).count(), 20);
        assert_eq!(said.get(20).filter(|line| line.contains(" more row")).copied(), rest);
        assert_eq!(numbers(said.last().expect("a line"))[3], number as u64);
        // the file has them all, below the header
        assert_eq!(ran.read("bad").lines().count(), 1 + number);
    }
}

// ── Rejects ─────────────────────────────────────────────────────────────────

#[test]
fn rejects_replay_with_the_same_errors() {
    let ran = import("--keep-going --rejects bad", MAP, MIXED).stdout(shown(MIXED_OUT)).stderr_has("read 6 rows").run();
    assert_eq!(ran.read("bad"), "k,t\nodd,d\none\n");
    let told =
        MIXED_TOLD.concat().replace("in:5:1: row 4", "bad:2:1: row 1").replace("in:6:4: row 5", "bad:3:4: row 2");
    let told = told + &counts(2, 0, 0, 2, 0) + "serveup: every row was rejected\n";
    let ran = ran.then("import --map m.jq --keep-going --rejects worse bad").status(2).stderr(told).run();
    assert_eq!(ran.read("worse"), ran.read("bad"));
    // mended, they go through
    let mended = ran.read("bad").replace("odd", "two").replace("one\n", "one,f\n");
    ran.then("import --map m.jq -q mended").file("mended", mended).stdout(shown(["d", "d", "f"])).run();
}

#[test]
fn rejects_of_tables_stay_as_they_were() {
    // separators, quotes and line breaks of their own; the mark and blank lines around them are not theirs
    let table = "\u{feff}k;t\r\none;a\r\n\r\n\"odd\";\"x;\r\n\"\"y\"\"\"\r\n ;odd\r\nodd;\r\n";
    let ran =
        import("--keep-going --rejects bad", MAP, table).stdout(shown(["a"])).stderr_has(&counts(4, 1, 1, 3, 0)).run();
    assert_eq!(ran.read("bad"), "k;t\n\"odd\";\"x;\r\n\"\"y\"\"\"\n ;odd\nodd;\n");
    let again = ran.then("import --map m.jq --keep-going --rejects worse bad").status(2);
    let again = again
        .stderr_has("bad:2:1: row 1: m.jq: k: the map does not know \"odd\"")
        .stderr_has("every row was rejected")
        .run();
    assert_eq!(again.read("worse"), again.read("bad"));
}

#[test]
fn rejects_of_json_replay_as_lines() {
    let array = "[{\"k\":\"one\",\"t\":\"a\"},\n {\"k\":\"odd\",\n\"t\":\"b\"}, {\"k\":7}]";
    let ran =
        import("--keep-going --rejects bad", MAP, array).stdout(shown(["a"])).stderr_has(&counts(3, 1, 1, 2, 0)).run();
    assert_eq!(ran.read("bad"), "{\"k\":\"odd\",\n\"t\":\"b\"}\n{\"k\":7}\n");
    // the value stands in line 1, and in line 3 there is a 7 that is no text
    let again = ran.then("import --map m.jq --keep-going --rejects worse bad").status(2);
    let again = again
        .stderr_has("rejected: bad:1:6: row 1: m.jq: k: the map does not know \"odd\", only one, two, none\n")
        .stderr_has("row 2: m.jq: k: the map does not know \"7\", only one, two, none\n")
        .stderr_has(&counts(2, 0, 0, 2, 0))
        .run();
    assert_eq!(again.read("worse"), again.read("bad"));
}

#[test]
fn rejects_of_several_files_have_one_header() {
    let run = serveup("import --map m.jq --keep-going --rejects bad x y").file("m.jq", MAP);
    let run = run.file("x", "k,t\none,a\nodd,b\n").file("y", "k,t\r\nodd,c\r\n").stdout(shown(["a"]));
    let ran = run.stderr_has(&counts(3, 1, 1, 2, 0)).run();
    assert_eq!(ran.read("bad"), "k,t\nodd,b\nodd,c\n");
    // of another form they could not be replayed together
    let said =
        "serveup: z: --rejects cannot hold both tables and JSON, or different tables; run these files one by one\n";
    for other in ["t,k\na,one\n", "k;t\none;a\n", "[{\"k\":\"one\"}]"] {
        let run = ran.then("import --map m.jq --keep-going --rejects bad2 x z").file("z", other).status(2);
        let ran = run.any_stdout().stderr_has(said).run();
        assert!(!ran.names().contains(&"bad2".to_owned()));
    }
}

#[test]
fn rejects_of_another_encoding_replay_with_the_same_flags() {
    // what is kept is UTF-8, and a mark says so, which knows better than the flag
    for (flags, content) in [
        ("--encoding latin1", b"k,t\none,a\nodd,caf\xe9\n".to_vec()),
        ("--encoding utf-16le", "k,t\none,a\nodd,café\n".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("", "\u{feff}k,t\none,a\nodd,café\n".encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ] {
        let run = import(&format!("--keep-going --rejects bad {flags}"), MAP, content);
        let ran = run.stdout(shown(["a"])).stderr_has(&counts(2, 1, 1, 1, 0)).run();
        assert_eq!(ran.read("bad"), "\u{feff}k,t\nodd,café\n", "{flags}");
        let mended = ran.read("bad").replace("odd", "one");
        let run = ran.then(&format!("import --map m.jq -q mended {flags}")).file("mended", mended);
        run.stdout(shown(["café"])).run();
    }
}

#[test]
fn rejects_have_conditions() {
    let run = |flags: &str| import(flags, MAP, MIXED).status(2);
    run("--rejects bad").stderr_has("--keep-going").run();
    let ran = run("--keep-going --rejects in")
        .stderr("serveup: --rejects in would overwrite in, an input; name another file\n")
        .run();
    assert_eq!(ran.read("in"), MIXED);
    run("--keep-going --rejects x -o x")
        .stderr("serveup: --rejects x and --output x are the same file; name two files\n")
        .run();
    run("--keep-going --rejects no/bad").stderr("serveup: no/bad: no such folder\n").run();
    // none leaves an empty file
    let ran = import("--keep-going --rejects bad", MAP, "k,t\none,a\n").stdout(shown(["a"])).stderr(all(1)).run();
    assert_eq!(ran.read("bad"), "");
}

// ── Nothing leaves of a run that failed ─────────────────────────────────────

#[test]
fn a_row_that_fails_lets_nothing_out() {
    let told = "serveup: in:5:1: row 4: m.jq: k: the map does not know \"odd\", only one, two, none\n";
    import("", MAP, MIXED).status(2).stderr(told).run();
    import("-q", MAP, MIXED).status(2).stderr(told).run();
    serveup("import --map m.jq").file("m.jq", MAP).stdin(MIXED).status(2).stderr(told.replace("in:", "stdin:")).run();
    // nor of the files before it
    let run = serveup("import --map m.jq good in").file("m.jq", MAP).file("good", "k,t\none,a\n").file("in", MIXED);
    run.status(2).stderr(told).run();
}

#[test]
fn the_last_of_a_hundred_thousand_rows_fails() {
    let map = r#"{recipient: .a, point: "p", said: "some text, so that it is more than is held in memory"}"#;
    let table = |rows: usize| format!("a\n{}\"\n", "x\n".repeat(rows));
    let told = |row: usize| {
        let message = "this quote is never closed; close it, or copy the file again if it was cut short";
        format!("serveup: in:{}:1: row {row}: {message}\n", row + 1)
    };
    import("", map, table(100_000)).status(2).stderr(told(100_001)).run();
    let ran = import("-o out", map, table(1000)).status(2).stderr(told(1001)).run();
    assert_eq!(ran.names(), ["in", "m.jq"]);
}

#[test]
fn when_every_row_is_rejected_the_status_is_two() {
    let told = format!(
        "rejected: in:2:1: row 1: m.jq: k: the map does not know \"odd\", only one, two, none\n{}serveup: every row was rejected\n",
        counts(1, 0, 0, 1, 0)
    );
    let run = || import("--keep-going --rejects bad", MAP, "k,t\nodd,a\n").status(2);
    let ran = run().stderr(&told).run();
    assert_eq!(ran.read("bad"), "k,t\nodd,a\n");
    // no output then, and an older one stays
    let ran = run().arg("-o").arg("out").stderr(&told).run();
    assert_eq!(ran.names(), ["bad", "in", "m.jq"]);
    let ran = run().arg("-o").arg("out").file("out", "old").stderr(&told).run();
    assert_eq!(ran.read("out"), "old");
    // one that was dropped is taken care of
    let run = import("--keep-going", MAP, "k,t\nodd,a\nnone,b\n");
    run.stderr_has(&counts(2, 0, 0, 1, 1)).run();
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let good = "k,t\ntwo,a\n";
    let ran = import("-o out", MAP, good)
        .file("out", "older and longer than the new one".repeat(9))
        .stderr(all(1).replace("1 interaction", "2 interactions"))
        .run();
    assert_eq!(ran.read("out"), shown(["a", "a"]));
    assert_eq!(ran.names(), ["in", "m.jq", "out"]);
    for flags in ["-o out", "-o out --strict --timezone Nowhere", "-o out --delimiter ab", "-o out --encoding x"] {
        let ran = import(flags, MAP, MIXED).file("out", "old").status(2).stderr_has("serveup: ").run();
        assert_eq!(ran.read("out"), "old", "{flags}");
        assert_eq!(ran.names(), ["in", "m.jq", "out"], "{flags}");
    }
    import("-o no/out", MAP, good).status(2).stderr("serveup: no/out: no such folder\n").run();
    import("-o -", MAP, good).stdout(shown(["a", "a"])).stderr_has("read 1 row").run();
}

#[test]
fn a_full_disk_is_told() {
    for flags in ["", "--keep-going", "--inspect", "--inspect -f json"] {
        let Some(full) = full_disk() else { return };
        let run = import(flags, MAP, "k,t\none,a\n");
        let output = run.command().stdout(full).stderr(Stdio::piped()).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(2), "{flags}");
        let said = "serveup: stdout: cannot be written: no space left\n";
        assert_eq!(String::from_utf8_lossy(&output.stderr), said, "{flags}");
    }
    let said = "serveup: /dev/full: cannot be written: no space left\n";
    import("-o /dev/full", MAP, "k,t\none,a\n").status(2).stderr(said).run();
    let said = "serveup: cannot write the rejected records: /dev/full: cannot be written: no space left\n";
    import("--keep-going --rejects /dev/full", MAP, MIXED).status(2).any_stdout().stderr_has(said).run();
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let many = format!("k,t\n{}", "two,a\n".repeat(5_000));
    for flags in ["-q", "--keep-going", "--inspect -f json"] {
        let run: Serveup = import(flags, MAP, &many);
        let mut process = run.start();
        let mut stdout = BufReader::with_capacity(64, process.stdout.take().expect("a pipe"));
        stdout.read_line(&mut String::new()).expect("a line");
        drop(stdout);
        let output = process.wait_with_output().expect("an end");
        assert_eq!(output.status.code(), Some(0), "{flags}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.is_empty() || (said.starts_with("read ") && said.lines().count() == 1), "{said}");
    }
}

#[test]
fn an_input_is_not_written_over() {
    for (name, what) in [("in", "in, an input"), ("./in", "in, an input"), ("m.jq", "m.jq, the file of --map")] {
        let run = import(&format!("-o {name}"), SHOWS, "a\n1\n").status(2);
        let ran = run.stderr(format!("serveup: --output {name} would overwrite {what}; name another file\n")).run();
        assert_eq!((ran.read("in").as_str(), ran.read("m.jq").as_str()), ("a\n1\n", SHOWS));
    }
}

#[test]
fn a_file_without_read_permission_is_told() {
    use std::os::unix::fs::PermissionsExt;
    for file in ["in", "m.jq"] {
        let Some(run) = import("", SHOWS, "a\n1\n").by_nobody() else { return };
        fs::set_permissions(run.path(file), fs::Permissions::from_mode(0o000)).expect("permissions");
        let ran = run.status(2).stderr_has(&format!("serveup: {file}: ")).run();
        assert!(ran.stderr.to_lowercase().contains("permission denied"), "{}", ran.stderr);
    }
}

#[test]
fn counts_of_lines_are_the_lines() {
    // for every way of ending: as many lines leave as interactions are counted
    for table in [MIXED, "k,t\ntwo,a\n", "k,t\nnone,a\n"] {
        let ran = import("--keep-going", MAP, table).any_stdout().stderr_has("read ").run();
        let of = numbers(ran.stderr.lines().last().expect("a line"));
        assert_eq!(of[2], ran.stdout.lines().count() as u64);
        assert_eq!(lines(ran.stdout.lines()), ran.stdout);
    }
}
