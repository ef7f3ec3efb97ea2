//! Texts of any length: what people read stays short, whatever the texts of a record or a levels file.

use crate::harness::serveup;

const LONG: usize = 50_000;

/// Records with long texts wherever a record takes one; a lift that slid, a failure and what recovers it.
fn records(long: &str) -> String {
    let of = |id: usize, more: &str| {
        format!(
            "{{\"id\":\"{id}{long}\",\"at\":\"2026-0{id}-05\",\"recipient\":\"r{long}\",\"journey\":\"j{long}\",\
             \"transaction\":\"t{long}\",\"point\":\"p{long}\",\"team\":\"{long}\",\"provider\":\"{long}\",\
             \"said\":\"{long}\",\"served\":{{\"k{long}\":\"a{long}\"}},{more}}}\n"
        )
    };
    let act = format!("\"action\":\"a{long}\",\"signals\":[\"unexpected\"],\"claimed\":\"desired\"");
    [
        of(1, &format!("{act},\"value\":[{{\"kind\":\"long\",\"amount\":5,\"unit\":\"u{long}\"}},\"time\"]")),
        of(2, &format!("{act},\"value\":[{{\"kind\":\"money\",\"amount\":5,\"unit\":\"v{long}\"}}]")),
        of(3, "\"signals\":[\"late\",\"long\"],\"verdict\":\"expected\""),
        of(4, &format!("\"recovers\":\"3{long}\",\"response\":\"responsibility\",\"signals\":[\"late\"]")),
    ]
    .concat()
    .replace("\"long\"", &format!("\"{}\"", name()))
}

/// A signal and a kind of value of the levels file: names have no blanks.
fn name() -> String {
    "n".repeat(LONG)
}

fn people(long: &str) -> String {
    format!(
        "[{{\"id\":\"r{long}\",\"name\":\"{long}\",\"prefers\":{{\"k{long}\":\"b{long}\"}},\"values\":[\"time\",\"{}\",\"understood\"]}}]",
        name()
    )
}

fn rules(long: &str) -> String {
    let name = name();
    let level = |name: &str, signals: &str| {
        format!("[[levels]]\nname = '{name}'\nlabel = '{long}'\nmeans = '{long}'\nstep_up = '{long}'\n{signals}")
    };
    let levels = ["criminal", "basic", "expected", "desired", "surprising", "unbelievable"];
    let signals = format!("[levels.signals]\n'{name}' = '{long}'\n");
    let levels = levels.map(|name| level(name, if name == "basic" { &signals } else { "" })).concat();
    let value = format!(
        "[[value]]\ncategory = 'quantified'\nlabel = '{long}'\nmeans = '{long}'\nkinds = {{ '{name}' = '{long}' }}\n"
    );
    let response = format!("[[response]]\nrung = 'responsibility'\nlabel = '{long}'\nmeans = '{long}'\n");
    format!("{levels}{value}{response}[[market]]\nact = 'm{long}'\nsince = 2026-01-01\nlevel = 'expected'\n")
}

/// The longest line, and all of it.
fn assert_short(what: &str, text: &str, most: usize) {
    let longest = text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    assert!(longest <= 1100, "{what}: a line of {longest} characters: {}", text.chars().take(300).collect::<String>());
    assert!(text.len() <= most, "{what}: {} bytes", text.len());
}

#[test]
fn tables_and_messages_are_short_whatever_the_texts() {
    for long in ["x".repeat(LONG), "word ".repeat(LONG / 5)] {
        let run = |line: &str| {
            let run = serveup(&format!("{line} --recipients who --levels own.toml"));
            run.file("in", records(&long)).file("who", people(&long)).file("own.toml", rules(&long))
        };
        for (line, point) in [
            ("rate in -f table", false),
            ("rate in -f table --fail-below expected", false),
            ("check -f table", true),
            ("check p in -f table", false),
            ("decay in -f table", false),
            ("journey in -f table", false),
            ("journey in -f table --by recipient,team,point", false),
            ("journey in -f table --require 90% --min-count 1 --min-recipients 1", false),
            ("uplift in -f table", false),
            ("recovery in -f table", false),
            ("calibrate in -f table", false),
        ] {
            let run = if point { run(line).arg(format!("p{long}")).arg("in") } else { run(line) };
            let output = run.command().output().expect("the program runs");
            let (told, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert!(output.status.code().is_some_and(|code| code < 4), "{line}: {said}");
            assert!(told.is_empty() == (line == "check p in -f table"), "{line}: {said}");
            assert_short(line, &told, 16_000);
            assert_short(line, &said, 4_000);
        }
        for line in ["levels", "decay", "check p --signal late"] {
            let run = serveup(&format!("{line} -f table --levels own.toml")).file("own.toml", rules(&long));
            assert_short(line, &run.any_stdout().run().stdout, 30_000);
        }
    }
}

#[test]
fn many_amounts_are_summed_up_in_one_line_of_few() {
    let amounts = (0..200).map(|unit| format!("{{\"kind\":\"money\",\"amount\":1,\"unit\":\"u{unit:03}\"}}"));
    let amounts = amounts.collect::<Vec<_>>().join(",");
    serveup("journey in -f table")
        .file("in", format!("{{\"recipient\":\"a\",\"point\":\"p\",\"value\":[{amounts}]}}"))
        .stdout_has("u005 and 194 amounts more")
        .run();
}

#[test]
fn what_is_wrong_is_told_in_short_however_long_it_is() {
    let long = "x".repeat(200_000);
    for wrong in [
        format!("{{\"recipient\":\"a\",\"point\":\"p\",\"served\":{{\"{long}\":[1]}}}}"),
        format!("{{\"recipient\":\"a\",\"point\":\"p\",\"served\":{{\"{long}\":\"a\",\"{long}\":\"b\"}}}}"),
        format!("{{\"recipient\":\"a\",\"point\":\"p\",\"value\":[{{\"{long}\":1}}]}}"),
        format!("{{\"recipient\":\"a\",\"point\":\"p\",\"value\":[{{\"kind\":\"felt-good\",\"amount\":\"{long}\"}}]}}"),
        format!("{{\"recipient\":\"a\",\"point\":\"p\",\"{long}\":1,\"{long}\":1}}"),
        format!("{{\"recipient\":\"a\",\"point\":\"p\",\"at\":\"{long}\"}}"),
        format!("{{\"recipient\":\"a\",\"point\":\"p\",\"signals\":[\"{long}\"]}}"),
        format!("recipient,point,{long},{long}\na,p,1,2\n"),
        format!("{long}\n"),
    ] {
        let ran = serveup("rate in").file("in", &wrong).status(2).stderr_has("serveup: in").run();
        assert!(ran.stderr.len() < 1200, "{} bytes: {}", ran.stderr.len(), &ran.stderr[..200]);
    }
    for wrong in [
        format!("'{long}' = 1\n"),
        format!("[[levels]]\nname = '{long}'\n"),
        format!(
            "[[value]]\ncategory = 'emotional'\nkinds = {{ '{long}' = 'a' }}\n[[value]]\ncategory = 'relational'\nkinds = {{ '{long}' = 'a' }}\n"
        ),
    ] {
        let ran = serveup("levels --levels own.toml").file("own.toml", wrong).status(2).stderr_has("serveup: ").run();
        assert!(ran.stderr.len() < 1200, "{} bytes", ran.stderr.len());
    }
}
