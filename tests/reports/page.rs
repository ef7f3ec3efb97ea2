//! The page of `report`, byte by byte: no browser is needed for what is told here.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use base64::Engine;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::figures::newcombe;
use crate::harness::{example, serveup};
use crate::page_read::{asks_for_nothing, between, figures, text_of};
use crate::paged::{ATTACK, Documents};
use crate::told::{Told, said, told_example};

const EXAMPLES: [&str; 4] = ["shop.json", "agency.json", "escalator.jsonl", "helpdesk.jsonl"];

/// The page of a file.
#[track_caller]
fn page_of(file: &str, flags: &[&str]) -> String {
    let run = flags.iter().fold(serveup("report -q").arg(file), |run, flag| run.arg(*flag));
    run.any_stdout().run().stdout
}

#[track_caller]
fn page_of_example(name: &str, flags: &[&str]) -> String {
    page_of(&example(name).display().to_string(), flags)
}

/// A page of records that lie in a file of their own.
#[track_caller]
fn page_of_records(records: &str, flags: &str) -> String {
    serveup(&format!("report -q in {flags}")).file("in", records).any_stdout().run().stdout
}

#[test]
fn every_figure_is_that_of_the_matching_command() {
    let cases: [(&[&str], &[&str], &[&str]); 4] = [
        (&[], &[], &[]),
        (&["--since", "2026-02-01"], &[], &[]),
        (&["--until", "2026-03-20", "--timezone", "Europe/Berlin"], &["--link-within", "14"], &["--period", "week"]),
        (&["--levels"], &[], &["--period", "quarter"]),
    ];
    let mut compared = 0;
    for name in EXAMPLES {
        for (shared, recovery, uplift) in cases {
            let memory = example("memory.toml").display().to_string();
            let mut shared = shared.to_vec();
            if shared == ["--levels"] {
                shared.push(&memory);
            }
            let file = example(name).display().to_string();
            let page = page_of(&file, &[shared.as_slice(), recovery, uplift].concat());
            let counts = Documents::of(&file, &shared, recovery, uplift).compare(name, &figures(&page));
            compared += counts.iter().map(|(_, count)| count).sum::<usize>();
            if name == "helpdesk.jsonl" {
                // of who moved there is a figure for each way
                assert!(
                    counts.iter().all(|(name, count)| *count > 10 || *name == "moves" && *count > 2),
                    "{name}: {counts:?}"
                );
            }
        }
    }
    assert!(compared > 5000, "{compared}");
}

#[test]
fn as_of_a_day_the_figures_are_those_of_decay_as_of_that_day() {
    let file = example("helpdesk.jsonl").display().to_string();
    let page = page_of(&file, &["--as-of", "2026-05-31"]);
    let mut told = figures(&page);
    let documents = Documents::of(&file, &["--until", "2026-05-31"], &[], &[]);
    let as_of = serveup("decay -q -f json --as-of 2026-05-31").arg(&file).any_stdout().run().stdout;
    let as_of: Value = serde_json::from_str(&as_of).expect("json");
    let overdue = as_of["acts"].as_array().expect("acts").iter().filter(|act| act["overdue"] == true).count();
    assert_eq!(text_of(&page).matches("overdue").count() > 0, overdue > 0);
    told.retain(|(is, _)| !is.starts_with("decay."));
    documents.compare("as of", &told);
}

/// Up or down, all points together, has no document: it is worked out from the
/// counts of the two months compared.
#[test]
fn the_headline_compares_the_last_two_periods() {
    let file = example("helpdesk.jsonl").display().to_string();
    let told = told_example("helpdesk.jsonl");
    let month = |month: &str| -> Vec<&Told> {
        told.iter().filter(|moment| moment.record["at"].as_str().is_some_and(|at| at.starts_with(month))).collect()
    };
    let (before, now) = (month("2026-05"), month("2026-06"));
    let sound = |moments: &[&Told]| said(moments, |moment| !moment.failed());
    let top = |moments: &[&Told]| said(moments, |moment| moment.rank() >= 4);
    let page = page_of(&file, &[]);
    assert!(text_of(&page).contains("Overall no change beyond chance, but 2 points moved: 1 improved and 1 got worse. From 2026-05 to 2026-06: sound "));
    let figures = figures(&page);
    for (share, changed) in
        [("sound", newcombe(&sound(&now), &sound(&before))), ("top_half", newcombe(&top(&now), &top(&before)))]
    {
        for part in ["diff", "low", "high"] {
            let is = format!("together.groups.0.change.{share}.{part}");
            let (_, told) = figures.iter().find(|(known, _)| *known == is).expect("the headline says so");
            let told: f64 = told.parse().expect("a number");
            assert!((told - changed[part].as_f64().expect("a number")).abs() < 1e-12, "{is}: {told} and {changed}");
        }
    }
}

/// An act stands on the level that its last delivery was worth, as `rate` has
/// it, and the arrow leads to what `rate` says is next.
#[test]
fn acts_stand_where_their_last_delivery_was() {
    let mut compared = 0;
    for name in EXAMPLES {
        let rows = serveup("rate -q -f json").arg(example(name).display().to_string()).any_stdout().run().rows();
        let page = page_of_example(name, &["--as-of", "2027-01-01", "--anonymous"]);
        let mut recipients: Vec<&Value> = Vec::new();
        for row in &rows {
            if !recipients.contains(&&row["recipient"]) {
                recipients.push(&row["recipient"]);
            }
        }
        let section = between(&page, "<section id=\"escalator\"", "</section>");
        for row in section.split("<tr>").skip(2) {
            let cells: Vec<String> = row.split("<td").map(|cell| text_of(&format!("<td{cell}"))).collect();
            let level = |cell: &str| cell.trim().split(' ').nth(1).expect("a label").to_owned();
            let number: usize = cells[1].rsplit(' ').next().expect("a number").parse().expect("a number");
            let act = |row: &&Value| {
                row["action"] == *cells[0].trim()
                    && &row["recipient"] == recipients[number - 1]
                    && row["next"] != Value::Null
            };
            let of_act: Vec<&Value> = rows.iter().filter(act).collect();
            let last = of_act.iter().rfind(|row| row["evidence"] != "criminal" && row["reason"] != "lapse");
            let Some(last) = last.filter(|row| row["reason"] == "repeat" || row["reason"] == "facts") else { continue };
            assert_eq!(
                (level(&cells[2]), level(&cells[3])),
                (level_of(last, "level"), level_of(last, "next")),
                "{name}: {cells:?}"
            );
            compared += 1;
        }
    }
    assert!(compared > 15, "{compared}");
}

fn level_of(row: &Value, field: &str) -> String {
    row[field].as_str().expect("a level").to_owned()
}

#[test]
fn the_same_records_give_the_same_bytes() {
    for name in EXAMPLES {
        let page = page_of_example(name, &[]);
        assert_eq!(page, page_of_example(name, &["--threads", "3"]), "{name}");
        let content = std::fs::read(example(name)).expect("the example");
        assert_eq!(page, serveup("report -q").stdin(&content).any_stdout().run().stdout, "{name}");
        let ran = serveup("report -q in -o page.html").file("in", content).run();
        assert_eq!(
            (page, ran.names()),
            (ran.read("page.html"), vec!["in".to_owned(), "page.html".to_owned()]),
            "{name}"
        );
    }
}

#[test]
fn a_page_asks_for_nothing_and_leads_nowhere_else() {
    for name in EXAMPLES {
        let page = page_of_example(name, &[]);
        asks_for_nothing(&page);
        assert!(!page.contains("http:") && !page.contains("https:"), "{name}");
        assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\""), "{name}");
    }
}

#[test]
fn the_policy_names_the_style_and_the_script_and_nothing_else() {
    let page = page_of_example("shop.json", &[]);
    let hash = |text: &str| base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text));
    let (style, script) = (between(&page, "<style>", "</style>"), between(&page, "<script>", "</script>"));
    let policy = format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; \
         script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">",
        hash(style),
        hash(script)
    );
    assert!(page.contains(&policy), "{policy}");
    // before anything it could forbid
    assert!(page.find(&policy) < page.find("<style>"));
}

#[test]
fn an_attack_is_text() {
    let page = page_of_records(ATTACK, "");
    asks_for_nothing(&page);
    let text = text_of(&page);
    for shown in [
        "<script>window.hit=1</script>",
        "EVIL\" onmouseover=\"window.hit=2",
        "</svg><script>window.hit=5</script>",
        "javascript:window.hit=7",
        "</script><script>window.hit=8</script>",
        "<i onclick=window.hit=9>EUR</i>",
        "{{7*7}} ${7*7} <%= 7*7 %> <!-- </details> -->",
        "&lt;script&gt;window.hit=13&lt;/script&gt;",
        "<style>*{display:none}</style>",
        "\\u{202e}evil\\u{202c}\\u{2066}twin\\u{2069}\\u{200b}zero",
        "a\\u{0}b\\u{1b}[31mc\\u{2028}d\\u{feff}e",
    ] {
        assert!(text.contains(shown), "{shown} is shown");
    }
    let hidden = |letter: &char| {
        letter.is_control() && *letter != '\n' || "\u{202e}\u{2066}\u{200b}\u{2028}\u{feff}".contains(*letter)
    };
    assert_eq!(page.chars().find(hidden), None);
}

#[test]
fn without_names_nobody_can_be_told() {
    let content = std::fs::read_to_string(example("agency.json")).expect("the example");
    let records: Value = serde_json::from_str(&content).expect("json");
    let page = page_of_records(&content, "--anonymous");
    let (mut recipients, mut providers, mut forbidden) = (Vec::new(), Vec::new(), BTreeSet::new());
    for record in records["interactions"].as_array().expect("a list") {
        for (field, met) in [("recipient", &mut recipients), ("provider", &mut providers)] {
            if let Some(name) = record[field].as_str().filter(|name| !met.contains(&(*name).to_owned())) {
                met.push(name.to_owned());
            }
        }
        forbidden.extend(["id", "said"].into_iter().filter_map(|field| record[field].as_str()).map(str::to_owned));
    }
    forbidden.extend(recipients.iter().chain(&providers).cloned());
    let known = records["recipients"].as_array().expect("a list");
    forbidden.extend(known.iter().filter_map(|known| known["name"].as_str()).map(str::to_owned));
    assert!(forbidden.len() > 20 && recipients.len() > 2 && providers.len() > 1, "{forbidden:?}");
    let told = text_of(&page);
    let said = page_of_records(&content, "");
    for name in &forbidden {
        // an id like a01 may be a part of something else; by itself it is not there
        let there = if name.len() < 4 { page.contains(&format!(">{name}<")) } else { told.contains(name.as_str()) };
        assert!(!there, "{name}");
    }
    assert!(
        forbidden.iter().any(|name| name.len() < 4 && said.contains(&format!(">{name}<"))),
        "the other page has ids"
    );
    assert!(recipients.iter().all(|name| said.contains(name.as_str())), "the other page names them");
    // in order of first appearance, wherever they stand
    let number = |name: &str| recipients.iter().position(|known| known == name).expect("known") + 1;
    let recovery = serveup("recovery -q -f json in").file("in", &content).any_stdout().run().stdout;
    let recovery: Value = serde_json::from_str(&recovery).expect("json");
    let failures = page.split_once("id=\"failures\"").expect("a section").1;
    let mut rest = failures;
    for item in recovery["items"].as_array().expect("items") {
        let alias = format!("<bdi>recipient {}</bdi>", number(item["recipient"].as_str().expect("a name")));
        rest = rest.split_once(&alias).unwrap_or_else(|| panic!("{alias} is next")).1;
    }
    assert!(page.contains("served by <bdi>provider 1</bdi>"));
    assert!(page.contains("Recipients and providers are numbered."));
}

#[test]
fn the_figures_of_a_page_without_names_are_the_same() {
    for name in EXAMPLES {
        assert_eq!(figures(&page_of_example(name, &[])), figures(&page_of_example(name, &["--anonymous"])), "{name}");
    }
}

#[test]
fn labels_of_another_language_are_on_the_page() {
    let german = "[[levels]]\nname = \"basic\"\nlabel = \"mäßig\"\nmeans = \"Nichts Besonderes.\"\n\
                  [[levels]]\nname = \"desired\"\nlabel = \"gewünscht\"\n\
                  [[value]]\ncategory = \"emotional\"\nlabel = \"Gefühl\"\n\
                  [[response]]\nrung = \"blame\"\nlabel = \"Schuld der anderen\"\n";
    let run = serveup("report -q --levels german.toml")
        .file("german.toml", german)
        .arg(example("helpdesk.jsonl").display().to_string());
    let page = run.any_stdout().run().stdout;
    let text = text_of(&page);
    for label in
        ["2 mäßig", "4 gewünscht", "Nichts Besonderes.", "Gefühl", "Schuld der anderen", "noted: late (\"mäßig\")"]
    {
        assert!(text.contains(label), "{label}");
    }
    assert!(!text.contains("2 basic") && !text.contains("4 desired") && !text.contains(">blame<"));
}

#[test]
fn the_headline_is_true_for_none_for_one_and_without_times() {
    let text = text_of(&page_of_records("[]", ""));
    assert!(text.contains("There are no moments to report."), "{text}");
    let one = r#"{"recipient":"a","point":"p","signals":["late"]}"#;
    let text = text_of(&page_of_records(one, ""));
    for said in [
        "1 moment of 1 recipient.",
        "Whether service is improving cannot be said: periods need `at`, but the records have none",
        "Nothing can be shown over time: periods need `at`",
        "1 of 1 failure still stands: 1 open, 0 attempted; the worst: 2 basic for a at p.",
        "No act is on the escalator: none has been 5 surprising or better.",
        "(too little data to be sure)",
        "No record says whether value was created.",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    let silent = r#"{"recipient":"a","point":"p","at":"2026-01-01"}"#;
    let text = text_of(&page_of_records(silent, ""));
    for said in [
        "1 moment of 1 recipient in 2026-01.",
        "Nothing was noted of any of them",
        "Nothing failed.",
        "all moments lie in one period",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    for records in ["[]", one, silent] {
        asks_for_nothing(&page_of_records(records, ""));
    }
}

#[test]
fn the_headline_says_where_to_look_first() {
    let text = text_of(&page_of_example("helpdesk.jsonl", &[]));
    for said in [
        // of all six months first-reply is least sound, yet in the last one resolution fell
        "Weakest point of the whole timesupport/request/first-reply: 59",
        "Got worse mostsupport/request/resolution: from 2026-05 to 2026-06 sound −49\u{a0}percentage points (−68 to −20), beyond chance",
        "Improved mostsupport/request/first-reply: from 2026-05 to 2026-06 ",
        "and the weakest was support/request/resolution: 43",
        // what was weak before is well by now, and the way up starts from the level of that period
        "At the weakest point of 2026-06, support/request/resolution, to step up from 2 basic: ",
        "77 of 121 failures still stand: 65 open, 12 attempted; the worst: 1 criminal for colleague-6 at",
        "24 of 48 recipients are at risk; at the end of 2026-05 it was 17. See who.",
        // the order of the table, where its very next delivery is routine, too
        "Next act to become routinespare-device with client-04: the next time, due on 2026-05-21, it becomes routine, and is \
         only 2 basic. Keep doing it (leaving it out would be a failure: 1 criminal), and add something new.",
        "Open, overdue and at risk: as of 2026-06-30.",
        "Already overdue: 2 acts, first spare-device",
        // the first thing to do is the first of the list of them
        "To do nextRecover the 77 failures that still stand: 65 open, 12 attempted; the worst and oldest first.",
        "getting worse: sound",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    // where nothing goes down, nothing fell
    assert!(!text_of(&page_of_example("shop.json", &[])).contains("Got worse most"));
}

/// A failure stands while it is open or only attempted; the worst that stands is named, whichever of the two it is.
#[test]
fn the_worst_failure_that_stands_comes_first() {
    let records = r#"{"id":"f1","at":"2026-01-01","recipient":"b","point":"p","signals":["promise-broken"]}
{"id":"f2","at":"2026-01-02","recipient":"b","point":"p","signals":["late"]}
{"id":"f3","at":"2026-01-03","recipient":"b","point":"p","signals":["late"],"recovers":"f1"}
"#;
    let page = page_of_records(records, "");
    let text = text_of(&page);
    for said in [
        "3 of 3 failures still stand: 2 open, 1 attempted; the worst: 1 criminal for b at p on 2026-01-01.",
        "1 of 1 recipient is at risk. See who.",
        "brecover f1 of 2026-01-01: criminal at p (promise-broken); attempted, but not put right",
        "Open, overdue and at risk: as of 2026-01-03.",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    assert!(!text_of(&page_of_records(records, "--anonymous")).contains(" for b at p"));
}

/// What the headline says of the act that becomes routine next: when it is due, and what to do.
#[test]
fn an_act_that_becomes_routine_is_kept_and_added_to() {
    let given = |times: &[&str], signal: &str| -> String {
        let record = |at: &&str| {
            format!(r#"{{{at}"recipient":"a","point":"p","action":"x","signals":["{signal}"],"value":["time"]}}"#)
        };
        times.iter().map(record).collect::<Vec<_>>().join("\n")
    };
    let weekly = [r#""at":"2026-01-01","#, r#""at":"2026-01-08","#, r#""at":"2026-01-15","#];
    for (records, said) in [
        (
            given(&weekly, "astonishing"),
            "x with a: the next time, due on 2026-01-22, it is only 3 expected; on 2026-01-29 it becomes routine. Keep doing \
             it (leaving it out would be a failure: 2 basic), and add something new.",
        ),
        (
            given(&weekly, "unexpected"),
            "x with a: the next time, due on 2026-01-22, it becomes routine, and is only 2 basic. Keep doing it (leaving it out \
             would be a failure: 1 criminal), and add something new.",
        ),
        (
            given(&[""], "unexpected"),
            "x with a: the next time it is only 4 desired; after 2 more times it becomes routine. Keep doing it (leaving it out \
             would be 3 expected), and add something new.",
        ),
        (given(&["", "", ""], "unexpected"), "x with a: the next time it becomes routine, and is only 2 basic. Keep"),
        (given(&[""; 4], "unexpected"), "Every act has become routine: none delights any more."),
    ] {
        let text = text_of(&page_of_records(&records, ""));
        assert!(text.contains(said), "{said} in {text}");
    }
}

#[test]
fn the_head_says_what_is_shown() {
    let one = r#"{"recipient":"a","point":"p","at":"2026-01-05","signals":["late"]}"#;
    let text = text_of(&page_of_records(one, "--since 2026-01 --until 2026-03"));
    assert!(text.contains("How recipients experience this service"), "{text}");
    assert!(
        text.contains("1 moment of 1 recipient in 2026-01. Shown: only moments from 2026-01, until 2026-03."),
        "{text}"
    );
    let page = page_of_records(one, "--title <b>Desk</b>");
    assert!(page.contains("<title>&lt;b&gt;Desk&lt;/b&gt;</title>") && page.contains("<h1>&lt;b&gt;Desk"), "{page}");
    assert!(!text_of(&page).contains("Shown: only"));
}

#[test]
fn a_page_of_little_data_is_short() {
    let moments = |number: usize| {
        let rows =
            (0..number).map(|number| format!("r{},p{},2026-0{}-05,late\n", number % 6, number / 6 % 4, number % 3 + 1));
        format!("recipient,point,at,signals\n{}", rows.collect::<String>())
    };
    let short = page_of_records(&moments(25), "");
    assert!(short.contains("There is too little data to compare periods") && !short.contains("class=\"multiple\""));
    assert!(short.contains("class=\"short\"") && short.contains("No record says how people responded."));
    assert!(!page_of_records(&moments(90), "").contains("class=\"short\""));
}

#[test]
fn what_was_left_out_is_counted() {
    let mut records = String::new();
    // 3,000 points and recipients, each with an act that delights, and a failure
    for number in 0..3000 {
        let (day, month) = (number % 28 + 1, number % 12 + 1);
        let at = format!("2025-{month:02}-{day:02}");
        let said = "x".repeat(2000);
        writeln!(records, r#"{{"id":"a{number}","at":"{at}","recipient":"r{number}","journey":"j","point":"point-{number:04}","action":"act-{number}","signals":["unexpected"],"value":["time",{{"kind":"money","amount":1,"unit":"u{number}"}}],"said":"{said}"}}"#).expect("a line");
        writeln!(records, r#"{{"id":"b{number}","at":"{at}","recipient":"r{number}","journey":"j","point":"point-{number:04}","signals":["late"]}}"#).expect("a line");
    }
    let page = page_of_records(&records, "");
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    asks_for_nothing(&page);
    let text = text_of(&page);
    for said in [
        "6,000 moments of 3,000 recipients",
        "and 2,960 more points, taken together",
        "5,920 moments; the 40 points with the most moments, or least sound, are shown",
        "The moments of 2,960 more points are left out.",
        "And 2,988 more acts on this step",
        "The first 100 are listed (soonest to become routine first); 2,900 more acts are left out.",
        "24 of 3,000 points are shown",
        "The first 100 are listed (open ones first, worst and oldest first); 2,900 more failures are left out.",
        "The first 100 are listed (most failures first); 2,900 more recipients are left out.",
        "The first 100 are listed (by kind and unit); 2,900 more amounts are left out.",
        " more steps left out.",
        "(1,700 characters more)",
    ] {
        assert!(text.contains(said), "{said}");
    }
}

#[test]
fn the_page_is_written_whole_or_not_at_all() {
    let bad = r#"{"recipient":"a"}"#;
    let ran = serveup("report in -o page.html")
        .file("in", bad)
        .file("page.html", "old")
        .status(2)
        .stderr_has("serveup: in:1:1:")
        .run();
    assert_eq!((ran.names(), ran.read("page.html")), (vec!["in".to_owned(), "page.html".to_owned()], "old".to_owned()));
    serveup("report in -o in").file("in", "[]").status(2).stderr_has("--output in would overwrite in, an input").run();
    serveup("report in -o nowhere/page.html").file("in", "[]").status(2).stderr_has("no such folder").run();
    let run = serveup("report in -o -").file("in", "[]").stdout_has("<!DOCTYPE html>");
    run.stderr("note: in: no records found\n").run();
    serveup("report in --as-of 2026-01-01")
        .file("in", r#"{"recipient":"a","point":"p"}"#)
        .status(2)
        .stderr_has("--as-of needs `at`")
        .run();
}
