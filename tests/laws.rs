//! Laws of rating: what must hold for every list of records and every levels
//! file, whatever the levels come out as.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::io::Cursor;
use std::num::NonZeroU32;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use serveup::assess::decay;
use serveup::escalator::slide;
use serveup::{
    Instant, Keeps, Level, LevelWording, Model, Recipients, Record, SHIPPED, Session, SessionError, Verdict, Window,
};
use support::generate::{self, LIFTS, Overlay, SHORTFALLS, distinct};
use support::{rate, rate_in, rate_in_time_order};

/// What a levels file, the people and the records of one case are.
type Case = (Overlay, Vec<Value>, Vec<Value>);

fn case() -> impl Strategy<Value = Case> {
    let overlay = prop_oneof![Just(Overlay::default()), generate::overlay()];
    (overlay, generate::people(), generate::records())
}

fn model(overlay: &Overlay) -> Model {
    Model::with_overlay(&overlay.text()).unwrap()
}

fn level(row: &Value, field: &str) -> Level {
    row[field].as_str().unwrap().parse().unwrap()
}

fn add_signal(record: &mut Value, signal: &str) {
    record["signals"].as_array_mut().unwrap().push(signal.into());
}

/// The rows without some of their fields.
fn without(rows: &[Value], fields: &[&str]) -> Vec<Value> {
    let mut rows = rows.to_vec();
    for row in &mut rows {
        row.as_object_mut().unwrap().retain(|field, _| !fields.contains(&field.as_str()));
    }
    rows
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

#[test]
fn laying_an_empty_file_or_the_shipped_one_over_the_shipped_one_changes_nothing() {
    let shipped = Model::shipped();
    assert_eq!(Model::with_overlay("").unwrap(), shipped);
    assert_eq!(Model::with_overlay("# nothing\n\n[escalator]\n").unwrap(), shipped);
    assert_eq!(Model::with_overlay(SHIPPED).unwrap(), shipped);
    assert_eq!(Model::with_overlay(&SHIPPED.replace('\n', "\r\n")).unwrap(), shipped);
}

#[test]
fn laying_any_one_entry_of_the_shipped_file_over_it_changes_nothing() {
    let file: toml::Table = SHIPPED.parse().unwrap();
    let shipped = Model::shipped();
    let mut entries = 0;
    for (key, value) in &file {
        let parts = value.as_array().map_or(vec![value.clone()], |list| {
            list.iter().map(|entry| toml::Value::Array(vec![entry.clone()])).collect()
        });
        for part in parts {
            // JSON strings and objects of scalars are TOML inline values
            let text = inline(&toml::Value::Table([(key.clone(), part)].into_iter().collect()));
            assert_eq!(Model::with_overlay(&text).unwrap(), shipped, "{text}");
            entries += 1;
        }
    }
    assert_eq!(entries, 6 + 4 + 1 + 4 + 1 + 1, "six levels, four categories, four rungs, three tables");
}

/// A value as TOML text; at the top, `key = value` lines.
fn inline(value: &toml::Value) -> String {
    fn written(value: &toml::Value) -> String {
        match value {
            toml::Value::Table(table) => {
                let pairs: Vec<_> = table.iter().map(|(key, value)| format!("{key:?} = {}", written(value))).collect();
                format!("{{ {} }}", pairs.join(", "))
            }
            toml::Value::Array(list) => format!("[{}]", list.iter().map(written).collect::<Vec<_>>().join(", ")),
            toml::Value::String(text) => format!("{text:?}"),
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(truth) => truth.to_string(),
            other => panic!("the shipped file has no {}", other.type_str()),
        }
    }
    let table = value.as_table().unwrap();
    table.iter().map(|(key, value)| format!("{key} = {}\n", written(value))).collect::<Vec<_>>().concat()
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn records_in_any_order_are_rated_as_one_by_one_in_time_order((overlay, people, records) in case()) {
        let model = model(&overlay);
        prop_assert_eq!(rate_in_time_order(&model, &people, &records), rate(&model, &people, &records));
    }

    #[test]
    fn sliding_never_goes_up_and_starts_where_it_is_held(overlay in generate::overlay()) {
        let model = model(&overlay);
        for held in Level::ALL {
            prop_assert_eq!(slide(&model, held, 0), held);
            let mut before = held;
            for deliveries in 1..20 {
                let now = slide(&model, held, deliveries);
                prop_assert!(now == before || now == before.below(), "{held} after {deliveries}: {before}, then {now}");
                prop_assert!(now >= Level::Basic || held == Level::Criminal, "doing it never makes it criminal");
                before = now;
            }
            prop_assert_eq!(before, held.min(Level::Basic), "in the end it rests");
        }
    }

    #[test]
    fn the_same_done_again_never_rates_higher_than_the_time_before(
        overlay in generate::overlay(),
        people in generate::people(),
        record in generate::record(),
    ) {
        // a memory that forgets makes things new, a second market row may raise what a first one lowered, and wishes
        // that are learned later change what is preferred
        let people: Vec<Value> = people.into_iter().filter(|person| person["since"].is_null()).collect();
        let mut overlay = Overlay { memory_days: None, ..overlay };
        overlay.market.dedup_by_key(|(act, _, _)| *act);
        let rows = rate(&model(&overlay), &people, &distinct(vec![record; 12]));
        for pair in rows.windows(2) {
            let (before, now) = (level(&pair[0], "level"), level(&pair[1], "level"));
            prop_assert!(now <= before, "{before}, then {now}\n{}\n{}", pair[0], pair[1]);
        }
    }

    #[test]
    fn a_projection_says_what_rating_the_deliveries_gives(overlay in generate::overlay(), start in select(&Level::ALL[..])) {
        let model = model(&Overlay { memory_days: None, market: Vec::new(), needs_value: [None; 6], ..overlay });
        let signal = ["promise-broken", "late", "as-agreed", "as-hoped", "unexpected", "astonishing"][start.index()];
        let record = json!({"recipient": "ann", "point": "desk", "action": "gift", "signals": [signal], "value": ["time"]});
        let mut omitted = record.clone();
        omitted["signals"] = json!(["omitted"]);
        let projection = decay::project(&model, start, NonZeroU32::new(9).unwrap(), None).unwrap();
        for row in &projection.deliveries {
            let mut records = vec![record.clone(); row.delivery as usize];
            let rows = rate(&model, &[], &records);
            prop_assert_eq!(level(rows.last().unwrap(), "level"), row.level);
            records.pop();
            records.push(omitted.clone());
            let rows = rate(&model, &[], &records);
            prop_assert_eq!(level(rows.last().unwrap(), "level"), row.if_missed);
        }
        prop_assert_eq!(projection.deliveries.len(), 9);
    }

    #[test]
    fn the_order_of_the_input_is_nothing_where_times_differ(
        (overlay, people, records) in case(),
        keys in prop::collection::vec(any::<u32>(), 12),
    ) {
        let model = model(&overlay);
        let records = distinct(records);
        let mut shuffled: Vec<_> = records.iter().cloned().zip(keys).collect();
        shuffled.sort_by_key(|(_, key)| *key);
        let shuffled: Vec<_> = shuffled.into_iter().map(|(record, _)| record).collect();
        let mut rows = rate(&model, &people, &shuffled);
        rows.sort_by_key(|row| row["at"].as_str().unwrap().to_owned());
        prop_assert_eq!(rows, rate(&model, &people, &records));
    }

    #[test]
    fn as_agreed_beside_anything_changes_no_level((overlay, people, records) in case(), which in any::<Index>()) {
        let model = model(&overlay);
        let place = which.index(records.len());
        let mut added = records.clone();
        add_signal(&mut added[place], "as-agreed");
        let (before, after) = (rate(&model, &people, &records), rate(&model, &people, &added));
        let (reason, now) = (&before[place]["reason"], &after[place]["reason"]);
        // where nothing else spoke, an answer on a scale that moves nothing is the reason
        let spoken_alone = reason == "verdict" && now == "facts";
        if reason == "unremarked" || spoken_alone {
            prop_assert_eq!(now, "facts");
            prop_assert_eq!(without(&before, &["reason", "why", "near_miss"]), without(&after, &["reason", "why", "near_miss"]));
        } else {
            prop_assert_eq!(without(&before, &["why"]), without(&after, &["why"]));
        }
    }

    #[test]
    fn a_shortfall_more_never_raises_a_moment(
        (overlay, people, records) in case(),
        which in any::<Index>(),
        shortfall in select(&SHORTFALLS[..]),
    ) {
        let model = model(&overlay);
        let place = which.index(records.len());
        let mut added = records.clone();
        add_signal(&mut added[place], shortfall);
        let (before, after) = (rate(&model, &people, &records), rate(&model, &people, &added));
        for field in ["level", "assessed", "evidence"] {
            prop_assert!(level(&after[place], field) <= level(&before[place], field), "{}\n{}", before[place], after[place]);
        }
    }

    #[test]
    fn a_lift_more_never_lowers_a_moment(
        (overlay, people, records) in case(),
        which in any::<Index>(),
        lift in select(&LIFTS[..]),
    ) {
        let model = model(&overlay);
        let place = which.index(records.len());
        let mut added = records.clone();
        add_signal(&mut added[place], lift);
        let (before, after) = (rate(&model, &people, &records), rate(&model, &people, &added));
        for field in ["level", "assessed", "evidence"] {
            prop_assert!(level(&after[place], field) >= level(&before[place], field), "{}\n{}", before[place], after[place]);
        }
    }

    #[test]
    fn a_verdict_always_wins_and_changes_nothing_else_of_its_moment_or_before(
        (overlay, people, records) in case(),
        which in any::<Index>(),
        verdict in select(&Level::ALL[..]),
    ) {
        let model = model(&overlay);
        let records = distinct(records);
        let place = which.index(records.len());
        let mut spoken = records.clone();
        spoken[place]["verdict"] = verdict.name().into();
        let (before, after) = (rate(&model, &people, &records), rate(&model, &people, &spoken));
        let row = &after[place];
        prop_assert_eq!(level(row, "level"), verdict);
        prop_assert_eq!(&row["reason"], "verdict");
        prop_assert_eq!(row["failure"].as_bool().unwrap(), verdict <= Level::Basic);
        for field in ["assessed", "evidence", "standing"] {
            prop_assert_eq!(&row[field], &before[place][field], "{}", field);
        }
        prop_assert_eq!(&after[..place], &before[..place]);
    }

    #[test]
    fn an_open_verdict_never_leaves_its_bounds_and_moves_no_further_than_it_must(
        (overlay, people, records) in case(),
        which in any::<Index>(),
        verdict in select(&Verdict::ALL[6..]),
    ) {
        let model = model(&overlay);
        let records = distinct(records);
        let place = which.index(records.len());
        let (mut spoken, mut silent) = (records.clone(), records);
        spoken[place]["verdict"] = verdict.name().into();
        silent[place].as_object_mut().unwrap().remove("verdict");
        let (before, after) = (rate(&model, &people, &silent), rate(&model, &people, &spoken));
        let row = &after[place];
        for field in ["assessed", "evidence", "standing"] {
            prop_assert_eq!(&row[field], &before[place][field], "{}", field);
        }
        prop_assert!(verdict.allows(level(row, "level")), "{row}");
        prop_assert_eq!(level(row, "level"), verdict.moved(level(row, "assessed")));
        prop_assert_eq!(&after[..place], &before[..place]);
        // what it allows already it does not touch, now or later
        if verdict.allows(level(row, "assessed")) {
            prop_assert_eq!(&row["next"], &before[place]["next"]);
            prop_assert_eq!(without(&after[place + 1..], &[]), without(&before[place + 1..], &[]));
            prop_assert!(row["failure"] == before[place]["failure"] || verdict.highest() <= Level::Basic, "{row}");
        }
    }

    #[test]
    fn a_wish_stated_again_changes_nothing((overlay, people, records) in case(), which in any::<Index>(), day in 16u8..29) {
        if !people.is_empty() {
            let model = model(&overlay);
            let mut stated = people.clone();
            let mut again = people[which.index(people.len())].clone();
            let since = format!("2026-02-{day:02}");
            // only the newest can be said again later
            let later = |person: &Value| {
                let newer = person["since"].as_str() > again["since"].as_str();
                person["id"] == again["id"] && (newer || person["since"].as_str() >= Some(&since))
            };
            if !people.iter().any(later) {
                again["since"] = since.into();
                stated.insert(0, again);
                prop_assert_eq!(
                    without(&rate(&model, &stated, &records), &["why"]),
                    without(&rate(&model, &people, &records), &["why"])
                );
            }
        }
    }

    #[test]
    fn what_is_declined_is_what_its_evidence_says((overlay, people, records) in case()) {
        let model = model(&overlay);
        for (record, row) in records.iter().zip(rate(&model, &people, &records)) {
            let declined = support::texts(&row["why"]).any(|line| line.starts_with("left out, as they like it"));
            if declined {
                prop_assert!(support::texts(&record["signals"]).any(|signal| signal == "omitted"), "{row}");
                prop_assert_eq!(&row["assessed"], &row["evidence"]);
                prop_assert!(row["reason"] != "lapse" && row["reason"] != "market" && row["reason"] != "repeat", "{row}");
            }
        }
    }

    #[test]
    fn a_claim_changes_no_rating((overlay, people, records) in case(), claim in select(&Level::ALL[..])) {
        let model = model(&overlay);
        let mut claimed = records.clone();
        for record in &mut claimed {
            record["claimed"] = claim.name().into();
        }
        let rows = rate(&model, &people, &claimed);
        for row in &rows {
            let gap = i64::from(claim.rank()) - i64::from(level(row, "level").rank());
            prop_assert_eq!(row["gap"].as_i64(), Some(gap));
        }
        prop_assert_eq!(without(&rows, &["claimed", "gap"]), without(&rate(&model, &people, &records), &["claimed", "gap"]));
    }

    #[test]
    fn what_recipients_are_called_changes_nothing((overlay, people, records) in case()) {
        let model = model(&overlay);
        let new_name = |old: &Value| match old.as_str().unwrap() {
            "ann" => "cy",
            "bob" => "a b;c\n",
            "cy" => "ann",
            other => panic!("{other}"),
        };
        let (mut renamed_people, mut renamed) = (people.clone(), records.clone());
        for person in &mut renamed_people {
            person["id"] = new_name(&person["id"]).into();
        }
        for record in &mut renamed {
            record["recipient"] = new_name(&record["recipient"]).into();
        }
        let rows = rate(&model, &renamed_people, &renamed);
        prop_assert_eq!(without(&rows, &["recipient"]), without(&rate(&model, &people, &records), &["recipient"]));
    }

    #[test]
    fn recipients_are_rated_each_for_themselves((overlay, people, records) in case()) {
        let model = model(&overlay);
        let rows = rate(&model, &people, &records);
        for who in ["ann", "bob", "cy"] {
            let alone: Vec<_> = records.iter().filter(|record| record["recipient"] == who).cloned().collect();
            let rows: Vec<_> = rows.iter().filter(|row| row["recipient"] == who).cloned().collect();
            prop_assert_eq!(rate(&model, &people, &alone), rows);
        }
    }

    #[test]
    fn labels_change_no_row_and_explaining_changes_no_rating((overlay, people, records) in case()) {
        let plain = model(&overlay);
        let labels = Level::ALL.map(|level| format!("name = '{level}'\n"));
        let text = labels.iter().fold(overlay.text(), |text, name| text.replace(name, &format!("{name}label = 'Ωx'\n")));
        let labelled = Model::with_overlay(&text).unwrap();
        prop_assert_eq!(labelled.label(Level::Basic), "Ωx");
        let rows = rate(&plain, &people, &records);
        prop_assert_eq!(&rate(&labelled, &people, &records), &rows);
        let brief = rate_in(&labelled, &people, &records, None);
        prop_assert_eq!(brief, without(&rows, &["value", "near_miss", "why"]));
        let spoken = rate_in(&plain, &people, &records, Some(LevelWording::Labels));
        prop_assert_eq!(spoken, rows, "the shipped labels are the names");
    }

    #[test]
    fn a_label_stands_in_a_sentence_as_a_name_in_quotes((overlay, people, records) in case()) {
        let labels = Level::ALL.map(|level| format!("name = '{level}'\n"));
        let labelled = |text: &str, name: &String| text.replace(name, &format!("{name}label = 'Ω{}'\n", &name[8..9]));
        let text = labels.iter().fold(overlay.text(), |text, name| labelled(&text, name));
        let rows = rate(&model(&overlay), &people, &records);
        let spoken = rate_in(&Model::with_overlay(&text).unwrap(), &people, &records, Some(LevelWording::Labels));
        for (row, spoken) in rows.iter().zip(&spoken) {
            for (line, spoken) in support::texts(&row["why"]).zip(support::texts(&spoken["why"])) {
                // back from the labels to the names, and nothing else has changed
                let named = |line: String, level: &str| line.replace(&format!("\"Ω{}\"", &level[..1]), level);
                let back = Level::NAMES.into_iter().fold(spoken.to_owned(), named);
                prop_assert!(!back.contains('Ω'), "{spoken}");
                prop_assert_eq!(back, line);
            }
        }
    }

    #[test]
    fn why_is_five_lines_at_most_and_the_near_miss_is_higher((overlay, people, records) in case()) {
        let model = model(&overlay);
        for row in rate(&model, &people, &records) {
            let why: Vec<_> = support::texts(&row["why"]).collect();
            prop_assert!((1..=5).contains(&why.len()), "{} lines in {row}", why.len());
            prop_assert!(why.iter().all(|line| !line.is_empty() && !line.contains([';', '\n'])), "{row}");
            match row["near_miss"].as_str() {
                Some(near_miss) => {
                    let higher: Level = near_miss.rsplit(' ').next().unwrap().parse().unwrap();
                    prop_assert!(higher > level(&row, "level"), "{row}");
                    let told = why.last().unwrap().strip_prefix("one step short: ") == Some(near_miss);
                    // five lines that happened leave no room for what might have
                    prop_assert!(told || why.len() == 5 && why[0].contains("'s answer says "), "{row}");
                    prop_assert!(!why[0].starts_with("the recipient called it"), "{row}");
                    prop_assert!(row["reason"] != "unremarked", "{row}");
                }
                None => prop_assert!(!why.iter().any(|line| line.contains("one step short")), "{row}"),
            }
        }
    }

    #[test]
    fn a_near_miss_comes_true((overlay, people, records) in case()) {
        let rows = rate(&model(&overlay), &people, &records);
        // what an open verdict leaves behind hangs on the market of its own moment, and a near miss lets stand what was
        // before: without the market at all the act may have stood elsewhere
        let open = |place: usize| {
            records[place]["verdict"].as_str().is_some_and(|name| name.parse::<Verdict>().unwrap().is_open())
        };
        let act = |place: usize| {
            let row = &rows[place];
            (&row["recipient"], row["action"].as_str().or(row["point"].as_str()))
        };
        let at = |place: usize| (records[place]["at"].as_str().map(|at| Instant::parse(at, None).unwrap()), place);
        let heard_before =
            |place: usize| (0..rows.len()).any(|other| at(other) < at(place) && act(other) == act(place) && open(other));
        for (place, row) in rows.iter().enumerate() {
            let Some(near_miss) = row["near_miss"].as_str() else { continue };
            let Some((change, promised)) = near_miss.rsplit_once(" it would have been ") else {
                prop_assert!(near_miss.starts_with("one time fewer and it would still have been "), "{row}");
                continue;
            };
            let (mut overlay, mut changed) = (overlay.clone(), records.clone());
            let record = &mut changed[place];
            let drop_signal = |record: &mut Value, name: &str| {
                record["signals"].as_array_mut().unwrap().retain(|signal| signal != name);
            };
            let words: Vec<_> = change.split(' ').collect();
            match words[..] {
                ["without", signal] => drop_signal(record, signal),
                ["with", "value", ..] => {
                    let time = |text: &Value| text.as_str().map(|text| Instant::parse(text, None).unwrap());
                    let at = time(&record["at"]);
                    let counts = |person: &&Value| {
                        let since = time(&person["since"]);
                        person["id"] == record["recipient"]
                            && (since.is_none() || at.is_some_and(|at| since <= Some(at)))
                    };
                    let mut stated: Vec<&Value> = people.iter().filter(counts).collect();
                    stated.sort_by_key(|person| time(&person["since"]));
                    let wanted = stated.iter().rev().find_map(|person| support::texts(&person["values"]).next());
                    record["value"] = json!([wanted.unwrap_or("time")]);
                }
                ["with", key, wanted, ..] => {
                    record["served"][key] = wanted.trim_matches('"').into();
                    drop_signal(record, "preference-missed");
                }
                ["had", "it", "been", "done"] => drop_signal(record, "omitted"),
                ["before", "everyone", "took", "it", "so"] if heard_before(place) => continue,
                ["before", "everyone", "took", "it", "so"] => overlay.market.clear(),
                ["new", "to", "them"] => {
                    let alone = rate(&model(&overlay), &people, &records[place..=place]);
                    prop_assert_eq!(&alone[0]["level"], promised, "{}", row);
                    continue;
                }
                _ => panic!("{near_miss}"),
            }
            let then = rate(&model(&overlay), &people, &changed);
            prop_assert_eq!(&then[place]["level"], promised, "{}\n{}", row, then[place]);
        }
    }

    #[test]
    fn a_preferred_value_cannot_break_a_line_of_why(wanted in "[a;\n\r\t ]{1,4}", got in "[b;\n\r\t ]{1,4}") {
        prop_assert_eq!(broken_lines(&Model::shipped(), "channel", &wanted, &got), Vec::<String>::new());
    }

    #[test]
    fn a_preferred_key_cannot_break_a_line_of_why(key in "[a;\n\r\t ]{1,4}") {
        prop_assert_eq!(broken_lines(&Model::shipped(), &key, "email", "phone"), Vec::<String>::new());
    }

    #[test]
    fn a_label_cannot_break_a_line_of_why(label in "[a;\n\r\t]{0,3}a") {
        let overlay = format!("[[levels]]\nname = 'desired'\nlabel = {label:?}\n");
        // a label that cannot stand in a line may be refused instead
        if let Ok(model) = Model::with_overlay(&overlay) {
            prop_assert_eq!(broken_lines(&model, "channel", "email", "phone"), Vec::<String>::new());
        }
    }
}

/// The lines of why, of a moment that missed one preference, which a list joined by `;` or a row could not hold.
fn broken_lines(model: &Model, key: &str, wanted: &str, got: &str) -> Vec<String> {
    let people = [json!({"id": "ann", "prefers": {(key): wanted}})];
    let records = [json!({"recipient": "ann", "point": "desk", "served": {(key): got}})];
    let row = &rate_in(model, &people, &records, Some(LevelWording::Labels))[0];
    let lines = support::texts(&row["why"]).map(str::to_owned).filter(|line| line.contains([';', '\n', '\r']));
    lines.collect()
}

#[test]
fn a_report_of_what_was_not_kept_is_an_error_and_never_an_empty_one() {
    use serveup::assess::Dimension::{Channel, Point};

    let model = Model::shipped();
    let record: Record =
        serde_json::from_value(json!({"recipient": "ann", "point": "desk", "signals": ["late"]})).unwrap();
    let settled = |keeps| {
        let (known, spool) = (Recipients::default(), Cursor::new(Vec::new()));
        let mut session = Session::with(&model, known, Window::default(), keeps, spool);
        session.add(&record.check(&model).unwrap()).unwrap();
        session.settle().unwrap()
    };
    let not_kept = |report: Result<usize, SessionError>| matches!(report, Err(SessionError::NotKept));
    let mut counted = settled(Keeps::journey(&[Point]));
    assert_eq!(counted.journey(Point).unwrap().groups.len(), 1);
    // it was counted for one report
    assert!(not_kept(counted.journey(Point).map(|journey| journey.groups.len())));
    assert!(not_kept(counted.journey(Channel).map(|journey| journey.groups.len())));
    assert!(not_kept(counted.recovery(None, &[]).map(|(_, failed)| failed.len())));
    assert!(not_kept(counted.calibrate().map(|report| report.signals.len())));
    let mut all = settled(Keeps::ALL);
    assert_eq!(
        [all.journey(Point), all.journey(Point), all.journey(Channel)].map(|one| one.unwrap().groups.len()),
        [1; 3]
    );
    assert_eq!(all.recovery(None, &[]).unwrap().1.len(), 1);
}
