//! The forms in which dates are read, and what is said of others.

use crate::harness::{example, serveup};

/// Two moments of a spreadsheet, day first.
const DAY_FIRST: &str = "id,at,recipient,point\na,28/02/2026 14:00,acme,p\nb,01/03/2026 09:00,acme,p\n";

#[test]
fn instants_are_read_in_the_forms_of_databases_and_spreadsheets() {
    // each is half past nine in UTC, and comes back as it was written
    let forms = [
        "2026-01-05T09:30Z",
        "2026-01-05 09:30:00+00",
        "2026-01-05 09:30 UTC",
        "2026-01-05 10:30:00 +01:00",
        "2026-01-05T06:00:00-0330",
        "2026-01-05T10:30+01:00",
    ];
    for at in forms {
        let record = format!(r#"{{"id":"x","at":"{at}","recipient":"acme","point":"p"}}"#);
        for (flags, inside) in [
            ("--since 2026-01-05T09:30:00Z", true),
            ("--since 2026-01-05T09:30:00.000001Z", false),
            ("--until 2026-01-05T09:30Z", false),
        ] {
            let run = serveup(&format!("rate in -f tsv --no-header {flags}")).file("in", &record);
            let rows = run.any_stdout().run().stdout;
            assert_eq!(rows.starts_with(&format!("x\t{at}\t")), inside, "{at} {flags}");
        }
    }
}

#[test]
fn a_format_reads_dates_and_the_zone_their_clocks() {
    let run = |flags: &str| {
        serveup("rate in -f json --date-format")
            .arg("%d/%m/%Y %H:%M")
            .arg("--timezone")
            .arg("W. Europe Standard Time")
            .arg(format!("--since={flags}"))
            .file("in", DAY_FIRST)
    };
    // 14:00 in Berlin is 13:00 in UTC
    let both = ["a 28/02/2026 14:00", "b 01/03/2026 09:00"];
    run("2026-02-28T13:00:00Z").columns("id at", &both).run();
    run("2026-02-28T13:00:01Z").columns("id at", &both[1..]).run();
    run("2026-03").columns("id at", &both[1..]).run();
}

#[test]
fn tables_show_the_day_as_it_was_written() {
    let records = "at,recipient,point,signals\n1/2/2026 14:00,acme,p,late\n2/2/2026 9:00,acme,p,late\n";
    let run = |command: &str, rows: &[&str]| {
        let run = serveup(&format!("{command} in -q -f table --timezone UTC --date-format")).arg("%d/%m/%Y %H:%M");
        let run = rows.iter().fold(run.file("in", records), |run, row| run.stdout_has(row));
        run.run();
    };
    run("rate", &["\n1/2/2026    acme  p", "\n2/2/2026    acme  p"]);
    run("recovery", &["  1/2/2026    acme  p"]);
    run("check p", &["2/2/2026 acme: basic"]);
}

#[test]
fn of_several_formats_the_first_that_fits_counts() {
    let records = "id,at,recipient,point\na,01/02/2026,acme,p\nb,02/28/2026,acme,p\nc,2026-02-03,acme,p\n";
    let run = |formats: [&str; 2], since: &str| {
        let run = serveup("rate in -f json --since").arg(since).file("in", records);
        formats.into_iter().fold(run, |run, format| run.arg("--date-format").arg(format))
    };
    // day first it is the first of February; there is no month 28
    let day_first = ["%d/%m/%Y", "%m/%d/%Y"];
    run(day_first, "2026-02-01").columns("id", &["a", "b", "c"]).run();
    run(day_first, "2026-02-02").columns("id", &["b", "c"]).run();
    // month first it is the second of January
    let month_first = ["%m/%d/%Y", "%d/%m/%Y"];
    run(month_first, "2026-01-02").columns("id", &["a", "b", "c"]).run();
    run(month_first, "2026-01-03").columns("id", &["b", "c"]).run();
}

#[test]
fn formats_read_seconds_zones_and_every_way_in() {
    let one = |format: &str, at: &str, since: &str, rows: &[&str]| {
        let record = format!(r#"[{{"id":"x","at":{at},"recipient":"acme","point":"p"}}]"#);
        let run = serveup("rate in -f json --date-format").arg(format).arg("--since").arg(since);
        run.file("in", record).columns("id", rows).run();
    };
    // 20454 days after 1970
    one("%s", "1767225600", "2026-01-01T00:00:00Z", &["x"]);
    one("%s", "1767225600", "2026-01-01T00:00:01Z", &[]);
    one("%s%3f", "\"1767225600500\"", "2026-01-01T00:00:00.5Z", &["x"]);
    one("%s%3f", "\"1767225600500\"", "2026-01-01T00:00:00.501Z", &[]);
    // the offset in the text: 14:00 there is 19:00 in UTC
    one("%d.%m.%Y %H:%M %z", "\"01.02.2026 14:00 -0500\"", "2026-02-01T19:00:00Z", &["x"]);
    one("%d.%m.%Y %H:%M %z", "\"01.02.2026 14:00 -0500\"", "2026-02-01T19:00:01Z", &[]);
    one("%a, %d %b %Y %H:%M:%S GMT", "\"Sun, 01 Feb 2026 14:00:00 GMT\"", "2026-02-01T14:00:00Z", &["x"]);
    // two digits of the year: 69 and later are of the last century
    one("%d.%m.%y", "\"01.02.68\"", "2068-02-01", &["x"]);
    one("%d.%m.%y", "\"01.02.69\"", "1970", &[]);
}

#[test]
fn every_command_that_reads_takes_formats() {
    let commands =
        ["rate", "check p", "decay", "journey", "uplift", "recovery", "next", "calibrate", "report -o page.html"];
    for command in commands {
        let run = serveup(&format!("{command} in --timezone UTC -q --date-format")).arg("%d/%m/%Y %H:%M");
        run.file("in", DAY_FIRST).any_stdout().run();
        let told = "serveup: in:2:3: record 1 (id \"a\"): at: cannot read \"28/02/2026 14:00\" as a date";
        let run = serveup(&format!("{command} in -q")).file("in", DAY_FIRST).status(2);
        run.stderr_has(told).stderr_has("add --date-format '%d/%m/%Y %H:%M'\n").run();
    }
}

#[test]
fn an_import_gives_dates_as_records_have_them() {
    let map = "{recipient: .recipient, point: .point, at: .at}";
    let line = |at: &str| format!("{{\"at\":\"{at}\",\"recipient\":\"acme\",\"point\":\"p\"}}\n");
    let import = |flags: &str| {
        let run = serveup(&format!("import in --map m.jq -q {flags} --date-format")).arg("%d/%m/%Y %H:%M");
        run.file("m.jq", map).file("in", DAY_FIRST)
    };
    let berlin = line("2026-02-28T14:00:00+01:00") + &line("2026-03-01T09:00:00+01:00");
    import("--timezone Europe/Berlin").stdout(berlin).run();
    let told = "serveup: in:2:3: row 1: m.jq: at: \"28/02/2026 14:00\" has no offset; \
                add one like +01:00, or name the zone with --timezone Europe/Berlin\n";
    import("").status(2).stderr(told).run();
}

#[test]
fn what_no_format_reads_is_refused_with_what_would() {
    let run =
        serveup("rate in --date-format %d/%m/%Y --date-format %F").file("in", "at,recipient,point\n28.02.2026,a,p\n");
    let told = "serveup: in:2:1: record 1: at: cannot read \"28.02.2026\" as a date (nor with '%d/%m/%Y' or '%F'); \
                write 2026-02-28, or add --date-format '%d.%m.%Y'\n";
    run.status(2).stderr(told).run();
}

#[test]
fn a_format_that_cannot_be_used_is_refused_before_anything_is_read() {
    for (format, told) in [
        ("DD/MM/YYYY", "write its parts with percent signs, like %d/%m/%Y %H:%M"),
        ("%H:%M", "add what names a day and its year, like %d/%m/%Y"),
        ("%d.%m.", "add what names a day and its year, like %d/%m/%Y"),
        ("%d/%m/%Y %I:%M", "add %p to tell morning from afternoon, or use %H"),
        ("%d/%m/%Y %Z", "%Z is ambiguous (CET and IST name several zones); use %z, %:z or %Q, or --timezone"),
        ("%K", "found unrecognized specifier directive `K`"),
    ] {
        let error = format!("error: invalid value '{format}' for '--date-format <FORMAT>': cannot read dates with");
        for line in ["rate missing --date-format", "import missing --inspect --date-format"] {
            serveup(line).arg(format).status(2).stderr_has(&format!("{error} \"{format}\"; {told}\n")).run();
        }
    }
    let told = "serveup: --date-format needs records; name a file of interactions\n";
    serveup("decay --date-format %F").status(2).stderr(told).run();
}

#[test]
fn bounds_may_be_periods_of_the_calendar() {
    // a moment every Monday noon from 2025-12-29, the first day of the first ISO week of 2026, to 2026-04-06
    let days = ["2025-12-29", "2026-01-26", "2026-02-02", "2026-02-23", "2026-03-30", "2026-04-06"];
    let records: String = days
        .iter()
        .map(|day| format!("{{\"id\":\"{day}\",\"at\":\"{day}T12:00:00Z\",\"recipient\":\"acme\",\"point\":\"p\"}}\n"))
        .collect();
    let run = |flags: &str, rows: &[&str]| {
        serveup(&format!("rate in -f json {flags}")).file("in", &records).columns("id", rows).run();
    };
    run("--since 2026", &days[1..]);
    run("--until 2025", &days[..1]);
    run("--since 2026-W01 --until 2026-W05", &days[..2]);
    run("--since 2026-02 --until 2026-02", &days[2..4]);
    run("--since 2026-Q1 --until 2026-Q1", &days[1..5]);
    run("--since 2026-Q2", &days[5..]);
    run("--since 2026-W14", &days[4..]);
    run("--until 2026-02-02", &days[..3]);
    let told = "serveup: --since is not before --until; there is nothing between them\n";
    serveup("rate in --since 2026-02 --until 2026-01").file("in", &records).status(2).stderr(told).run();
    for (period, flag) in [("2026-13", "--since"), ("2026-Q5", "--until"), ("2026-W54", "--since")] {
        let told = format!(
            "serveup: {flag}: cannot read \"{period}\" as a date; write it like 2026-01-05 or 2026-01-05 09:30Z, or a period like 2026-02, 2026-Q1, 2026-W05 or 2026\n"
        );
        serveup(&format!("rate in {flag} {period}")).file("in", &records).status(2).stderr(told).run();
    }
}

#[test]
fn periods_begin_and_end_by_the_clocks_of_the_zone() {
    // half past eleven in the evening of January in UTC is February in Berlin
    let record = r#"{"id":"x","at":"2026-01-31T23:30:00Z","recipient":"acme","point":"p"}"#;
    let run = |flags: &str, rows: &[&str]| {
        serveup(&format!("rate in -f json {flags}")).file("in", record).columns("id", rows).run();
    };
    run("--until 2026-01", &["x"]);
    run("--until 2026-01 --timezone Europe/Berlin", &[]);
    run("--since 2026-02", &[]);
    run("--since 2026-02 --timezone Europe/Berlin", &["x"]);
    // what Rails calls Berlin
    run("--since 2026-02 --timezone Berlin", &["x"]);
}

#[test]
fn decay_is_told_as_of_the_end_of_a_period() {
    let helpdesk = example("helpdesk.jsonl");
    let of = |as_of: &str| {
        let run = serveup("decay -q -f json --as-of").arg(as_of).arg(helpdesk.to_str().expect("a path"));
        run.any_stdout().run().stdout
    };
    let february = of("2026-02");
    assert_eq!(february, of("2026-02-28"));
    assert_eq!(february, of("2026-02-28T23:59:59.999999Z"));
    assert_eq!(of("2026-Q1"), of("2026-03-31"));
    assert_ne!(february, of("2026-Q1"));
}
