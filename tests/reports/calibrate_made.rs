//! `serveup calibrate` over files that were made so that one rule is wrong: it says which, and what to write.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::figures::assert_same;
use crate::told::{document, list, over_records};

/// Lines of a table, one for each moment: a signal and a verdict, so many times, each of somebody else.
fn noted(moments: &[(&str, &str, usize)]) -> String {
    let mut records = "recipient,point,signals,value,verdict\n".to_owned();
    for (signals, verdict, times) in moments {
        for number in 0..*times {
            let _ = writeln!(records, "{signals}-{verdict}-{number},desk,{signals},time,{verdict}");
        }
    }
    records
}

/// A file in which every signal is where it belongs, but for one that most recipients call expected.
fn one_wrong(wrong: &str) -> String {
    let of = |signal: &'static str, level: &'static str| {
        let (level, other) = if signal == wrong { ("expected", "basic") } else { (level, "expected") };
        [(signal, level, 11), (signal, other, 1)]
    };
    let all = [of("late", "basic"), of("chased", "basic"), of("as-hoped", "desired"), of("unexpected", "surprising")];
    noted(&all.concat())
}

fn table(records: &str, flags: &str) -> String {
    over_records(&format!("calibrate -q -f table {flags}"), records).any_stdout().run().stdout
}

/// A text without its line breaks.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a table says to write into a levels file.
fn to_write(table: &str) -> String {
    table.lines().filter_map(|line| line.strip_prefix("    ")).map(|line| format!("{line}\n")).collect()
}

/// The table under the levels file that the first one asked for.
#[track_caller]
fn once_written(records: &str) -> String {
    let rules = to_write(&table(records, ""));
    assert!(rules.starts_with("[[levels]]\n"), "{rules}");
    let run = over_records("calibrate -q -f table --levels rules.toml", records).file("rules.toml", rules);
    run.any_stdout().run().stdout
}

const NOTHING: &str = "No signal and no lasts of a level is clearly out of place.";

#[test]
fn of_two_files_that_differ_in_one_wrong_signal_each_names_its_own() {
    for (wrong, right, means) in [
        ("late", "chased", "it came later than agreed or than is normal"),
        ("chased", "late", "they had to ask where it was"),
    ] {
        let records = one_wrong(wrong);
        let found = table(&records, "");
        // 12 moments have it and nothing else; 11 of them are called expected
        let says = format!("- {wrong} is on basic; of 12 moments that it decides alone, recipients call 11 expected. ");
        assert!(flat(&found).contains(&says), "{found}");
        let write = format!("[[levels]]\nname = \"expected\"\n[levels.signals]\n{wrong} = \"{means}\"\n");
        assert_eq!(to_write(&found), write, "{found}");
        assert!(!flat(&found).contains(&format!("- {right} ")), "{found}");
        // it is the first of the list, too: 11 of 12 above, where of the others 1 of 12 is
        let report = document(over_records("calibrate", &records));
        let wanted = json!({
            "signal": wrong, "level": "basic", "count": 12, "agrees": 1, "flatters": 0, "undersells": 11,
            "verdicts": {"criminal": 0, "basic": 1, "expected": 11, "desired": 0, "surprising": 0, "unbelievable": 0},
        });
        assert_same(&report["signals"][0], &wanted, wrong);
        // and with what is to be written, all is well
        let after = once_written(&records);
        assert!(flat(&after).contains(NOTHING), "{after}");
    }
}

#[test]
fn few_moments_are_called_few_and_nothing_is_concluded_from_them() {
    let nine = noted(&[("late", "expected", 9), ("as-hoped", "desired", 12)]);
    let found = table(&nine, "");
    assert!(flat(&found).contains(NOTHING) && to_write(&found).is_empty(), "{found}");
    let late = found.lines().find(|line| line.starts_with("  late")).expect("a line");
    assert!(late.ends_with("0 %  too little data"), "{late}");
    let found = table(&noted(&[("late", "expected", 9)]), "");
    assert!(
        flat(&found).contains("There is too little data: nothing is concluded from fewer than 10 moments."),
        "{found}"
    );
    assert!(flat(&found).contains("weighted kappa 0.000 (too little data)"), "{found}");
    // ten are enough
    let found = table(&noted(&[("late", "expected", 10)]), "");
    assert!(flat(&found).contains("of 10 moments that it decides alone, recipients call 10"), "{found}");
}

#[test]
fn a_signal_is_not_blamed_for_what_another_decides() {
    // on-time is there whenever something else goes wrong; impolite decides, and is right
    let found = table(&noted(&[("on-time;impolite", "basic", 12)]), "");
    assert!(flat(&found).contains(NOTHING), "{found}");
    assert!(
        flat(&found).contains("on-time") && flat(&found).contains("mostly below"),
        "it is shown all the same: {found}"
    );
    // where two always come together nobody can tell which one is wrong
    let found = table(&noted(&[("late;impolite", "expected", 12)]), "");
    assert!(flat(&found).contains(NOTHING) && found.matches("mostly above").count() == 2, "{found}");
}

#[test]
fn what_the_rules_use_stays_and_what_a_file_names_is_taken_out_there() {
    let found = table(&noted(&[("omitted", "basic", 12)]), "");
    assert!(flat(&found).contains("- omitted is on expected; of 12 moments"), "{found}");
    assert!(flat(&found).contains("The rules use it, so it cannot move.") && to_write(&found).is_empty(), "{found}");
    let own = "[[levels]]\nname = \"basic\"\n[levels.signals]\nslow = \"it took \\\"ages\\\"\"\n";
    let records = noted(&[("slow", "expected", 12)]);
    let run = over_records("calibrate -q -f table --levels own.toml", &records).file("own.toml", own);
    let found = run.any_stdout().run().stdout;
    assert!(flat(&found).contains("Take slow out from under basic in your levels file."), "{found}");
    assert!(to_write(&found).ends_with("slow = \"it took \\\"ages\\\"\"\n"), "{found}");
    // two for one level share its entry, for a file names a level once
    let found = table(&noted(&[("late", "expected", 12), ("chased", "expected", 12)]), "");
    assert_eq!(to_write(&found).matches("[[levels]]").count(), 1, "{found}");
    // there value is needed
    let found = table(&noted(&[("as-hoped", "surprising", 12)]), "");
    assert!(flat(&found).contains("There it counts only where value was created."), "{found}");
}

/// Gifts to so many people, each given so many times before the one that has a verdict.
fn gifts(groups: &[(usize, &str, usize)]) -> String {
    let mut records = "recipient,point,action,signals,value,verdict\n".to_owned();
    for (before, verdict, people) in groups {
        for number in 0..*people {
            for _ in 0..*before {
                let _ = writeln!(records, "{before}-{verdict}-{number},desk,gift,unexpected,time,");
            }
            let _ = writeln!(records, "{before}-{verdict}-{number},desk,gift,,,{verdict}");
        }
    }
    records
}

#[test]
fn a_delight_that_lasts_three_times_is_seen_to() {
    // by the rules a gift is surprising, then desired, expected, basic; these people say surprising the second and the
    // third time, and desired the fourth
    let records = gifts(&[(1, "surprising", 11), (1, "desired", 1), (2, "surprising", 12), (3, "desired", 12)]);
    let report = document(over_records("calibrate", &records));
    let row = |deliveries: u64, rule: &str, desired: u64, surprising: u64, as_low: u64| {
        json!({
            "since": "surprising", "deliveries": deliveries, "rule": rule, "count": 12, "as_low": as_low,
            "verdicts": {
                "criminal": 0, "basic": 0, "expected": 0, "desired": desired, "surprising": surprising, "unbelievable": 0,
            },
        })
    };
    let wanted = [row(1, "desired", 1, 11, 1), row(2, "expected", 0, 12, 0), row(3, "basic", 12, 0, 0)];
    assert_eq!(report["escalator"], json!(wanted));
    // these moments have no facts of their own: standing alone speaks for them
    assert_eq!((&report["count"], &report["signals"]), (&json!(36), &json!([])));
    let found = table(&records, "");
    let says = "- surprising lasts 1 delivery by the rules; by what recipients say, 3 deliveries. ";
    assert!(flat(&found).contains(says), "{found}");
    assert_eq!(to_write(&found), "[[levels]]\nname = \"surprising\"\nlasts = 3\n", "{found}");
    assert_eq!(found.matches("lasts longer").count(), 3, "{found}");
    // with that, the rule says what they say: surprising twice more, then desired
    let after = once_written(&records);
    assert!(flat(&after).contains(NOTHING) && after.matches("  fits").count() == 3, "{after}");
}

#[test]
fn what_is_known_of_lasts_is_no_more_than_was_asked() {
    // nobody was asked the fourth time: it is at least three
    let records = gifts(&[(1, "surprising", 12), (2, "surprising", 12)]);
    let found = table(&records, "");
    assert!(flat(&found).contains("by what recipients say, at least 3 deliveries."), "{found}");
    // it fades as the rules say
    let found = table(&gifts(&[(1, "desired", 12), (2, "expected", 12)]), "");
    assert!(flat(&found).contains(NOTHING) && found.matches("  fits").count() == 2, "{found}");
    // and sooner than a levels file says
    let records = gifts(&[(1, "desired", 12)]);
    let rules = "[[levels]]\nname = \"surprising\"\nlasts = 2\n";
    let run = over_records("calibrate -q -f table --levels rules.toml", &records).file("rules.toml", rules);
    let found = run.any_stdout().run().stdout;
    assert!(
        flat(&found).contains("- surprising lasts 2 deliveries by the rules; by what recipients say, 1 delivery."),
        "{found}"
    );
    assert!(flat(&found).contains("fades sooner"), "{found}");
    // where an act has come to rest, more times are one line
    let found = table(&gifts(&[(3, "basic", 6), (4, "basic", 6), (5, "expected", 1)]), "");
    assert!(flat(&found).contains("5 surprising, 3+") && flat(&found).contains("12 of 13 fits"), "{found}");
}

#[test]
fn only_flawless_repeats_are_on_trial() {
    let records = r#"{
        "recipients": [{"id": "d", "prefers": {"channel": "phone"}}],
        "interactions": [
            {"recipient": "a", "point": "p", "action": "gift", "signals": ["unexpected"], "value": ["time"]},
            {"recipient": "a", "point": "p", "action": "gift", "signals": ["late"], "verdict": "basic"},
            {"recipient": "b", "point": "p", "action": "gift", "signals": ["unexpected"], "value": ["time"]},
            {"recipient": "b", "point": "p", "action": "gift", "signals": ["omitted"], "verdict": "expected"},
            {"recipient": "c", "point": "p", "action": "gift", "signals": ["unexpected"], "value": ["time"]},
            {"recipient": "c", "point": "p", "action": "gift", "signals": ["astonishing"], "value": ["time"],
             "verdict": "unbelievable"},
            {"recipient": "d", "point": "p", "action": "gift", "signals": ["unexpected"], "value": ["time"]},
            {"recipient": "d", "point": "p", "action": "gift", "channel": "email", "verdict": "expected"},
            {"recipient": "e", "point": "p", "action": "gift", "signals": ["unexpected"], "value": ["time"],
             "verdict": "desired"},
            {"recipient": "e", "point": "p", "action": "gift", "verdict": "expected"},
            {"recipient": "e", "point": "p", "action": "gift", "verdict": "basic-or-below"},
            {"recipient": "f", "point": "p", "action": "report", "signals": ["as-agreed"], "verdict": "expected"},
            {"recipient": "f", "point": "p", "action": "report", "signals": ["as-agreed"], "verdict": "expected"}
        ]
    }"#;
    // a's second lapsed, b's was left out, c's is better than ever, d's missed a preference, f's report never rode.
    // e's first was called desired, so it is held there with one delivery: the second is worth expected, and called
    // so, which sets it to expected; the third is worth basic, and their answer is that or below
    let report = document(over_records("calibrate", records));
    let row = |since: &str, rule: &str, expected: u64| {
        json!({
            "since": since, "deliveries": 1, "rule": rule, "count": 1, "as_low": 1,
            "verdicts": {
                "criminal": 0, "basic": 0, "expected": expected, "desired": 0, "surprising": 0, "unbelievable": 0,
            },
        })
    };
    let rows = json!([row("desired", "expected", 1), row("expected", "basic", 0)]);
    assert_eq!(report["escalator"], rows);
    // with a market below its standing it is the market that decides
    let market = "[[market]]\nact = \"gift\"\nsince = 2020-01-01\nlevel = \"expected\"\n";
    let dated = |extra: &str, at: &str| {
        format!("{{\"recipient\": \"a\", \"point\": \"p\", \"action\": \"gift\", \"at\": \"{at}\"{extra}}}\n")
    };
    let gift = ", \"signals\": [\"unexpected\"], \"value\": [\"time\"]";
    let records = dated(gift, "2026-01-01") + &dated(", \"verdict\": \"expected\"", "2026-01-02");
    let run = || over_records("calibrate", &records);
    assert_eq!(list(&document(run()), "escalator").len(), 1, "worth desired by its standing");
    let under = document(run().arg("--levels").arg("rules.toml").file("rules.toml", market));
    assert_eq!((&under["escalator"], &under["count"]), (&json!([]), &json!(1)));
    assert_eq!(under["assessed"]["matrix"][2], json!([0, 0, 1, 0, 0, 0]), "the market speaks for it");
}

#[test]
fn open_verdicts_have_rows_of_their_own_and_count_in_the_band_they_lie_in() {
    // late is basic: allowed by basic-or-below, below expected-or-above and desired-or-above (undersold); as hoped is
    // desired: above basic-or-below (flattered), allowed by both others
    let of = |signal: &str, verdict: &str| format!("a,p,{signal},{verdict}\n");
    let verdicts = ["basic-or-below", "expected-or-above", "desired-or-above"];
    let mut records = "recipient,point,signals,verdict\n".to_owned();
    for signal in ["late", "as-hoped"] {
        records.extend(verdicts.map(|verdict| of(signal, verdict)));
    }
    records.push_str(&of("late", "basic"));
    let report = document(over_records("calibrate", &records));
    let six = |counts: [(usize, u64); 2]| {
        let mut row = [0; 6];
        for (level, count) in counts {
            row[level] = count;
        }
        json!(row)
    };
    let evidence = &report["evidence"];
    for verdict in verdicts {
        assert_eq!(evidence["open"][verdict], six([(1, 1), (3, 1)]), "{verdict}");
    }
    assert_eq!(evidence["open"]["surprising-or-above"], json!([0, 0, 0, 0, 0, 0]));
    assert_eq!(evidence["open"].as_object().map(serde_json::Map::len), Some(8));
    assert_eq!(evidence["matrix"][1], json!([0, 1, 0, 0, 0, 0]), "own words alone");
    let wanted = json!({
        "flatters": 1, "undersells": 2,
        // of the one own word
        "agreement": 1.0, "within_one": 1.0, "kappa": null,
        // basic and two times basic-or-below, with late, late and as hoped; desired-or-above with both. Apart:
        // 4 + 4 = 8; by chance, of verdicts 3 0 2 and facts 3 0 2: (3 · 2 + 2 · 3) · 4 / 5 = 9.6; 1 − 8 / 9.6
        "bands": {
            "matrix": [[2, 0, 1], [0, 0, 0], [1, 0, 1]], "agreement": 0.6, "kappa": 1.0 - 8.0 / 9.6, "left_out": 2,
        },
    });
    assert_same(evidence, &wanted, "evidence");
    let late = list(&report, "signals").iter().find(|row| row["signal"] == "late").expect("late");
    assert_same(late, &json!({"count": 4, "agrees": 2, "flatters": 0, "undersells": 2}), "late");
    assert_eq!(late["open"]["expected-or-above"], json!(1));
    let found = table(&records, "");
    for line in [
        "basic or below · 1 · 1 · ·",
        "2 open verdicts in no band",
        "in three bands (up to basic, expected, above): equal 60 %",
    ] {
        assert!(flat(&found).contains(line), "{line}\n{found}");
    }
    assert!(!flat(&found).contains("surprising or above"), "what nobody said is left out: {found}");
}

#[test]
fn what_people_read_fits_their_terminal() {
    let every = |table: String| assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    every(table(&one_wrong("late"), ""));
    every(table(&gifts(&[(1, "surprising", 12), (2, "surprising", 12), (3, "desired", 12)]), ""));
    // a text that is longer than a line is broken where TOML joins it again
    let records = noted(&[("minimum-violated", "basic", 12)]);
    every(table(&records, ""));
    assert!(flat(&once_written(&records)).contains(NOTHING));
    // many moments: 12,345 of one kind
    let many = noted(&[("late", "expected", 12_345), ("hard-to-use", "basic", 2)]);
    let found = table(&many, "");
    assert!(flat(&found).contains("12k"), "{found}");
    every(found);
    let nothing: Value = document(over_records("calibrate", "recipient,point\na,p\n"));
    assert_eq!((&nothing["signals"], &nothing["escalator"]), (&json!([]), &json!([])));
}
