//! `serveup decay` on records: every act on the escalator, worked with a calendar.

use serde_json::{Value, json};

use crate::figures::assert_same;
use crate::formats::assert_formats_agree;
use crate::harness::{Serveup, example};
use crate::told::{EXAMPLES, document, document_of, list, over_example, over_records};

/// The acts as one line each: recipient, action, then these fields.
#[track_caller]
fn acts(run: Serveup, fields: &str) -> Vec<String> {
    acts_of(&document(run), fields)
}

fn acts_of(report: &Value, fields: &str) -> Vec<String> {
    let cell = |value: &Value| if value.is_null() { "-".to_owned() } else { crate::harness::cell(value) };
    let names = || ["recipient", "action"].into_iter().chain(fields.split_whitespace());
    let line = |act: &Value| names().map(|name| cell(&act[name])).collect::<Vec<_>>().join(" ");
    list(report, "acts").iter().map(line).collect()
}

#[test]
fn the_agency_is_as_worked_by_hand() {
    let report = document(over_example("decay", "agency.json"));
    let expected = json!({"acts": [
        // given on 2, 9 and 16 February at eight: gaps of 7 and 7 days. Surprising once, then worth 5 4 3, so the
        // fourth is worth 2, where it rests: none left. At rest with the next, 16 + 7 = 23 February.
        // Basic is owed, so missing it is criminal. From 16 February to the last record, 27 March at nine, it is
        // 12 + 27 days and an hour, over 2 · 7
        {
            "recipient": "volt", "action": "real-time-report", "peak": "surprising", "delivered": 3,
            "last_at": "2026-02-16T08:00:00Z", "standing": "basic", "left": 0, "rests_on": "2026-02-23T08:00:00Z",
            "if_missed": "criminal", "usual_gap_days": 7.0, "overdue": true,
        },
        // 11 and 25 February, 11 March at ten in the evening: 14 and 14 days. Unbelievable by verdict and facts,
        // worth 6 5 4, so the fourth is worth 3 and only the fifth 2: one left. 11 March + 2 · 14 = 8 April.
        // Expected is owed: one below is basic. 15 days and 11 hours are not over 2 · 14
        {
            "recipient": "quill", "action": "night-watch", "peak": "unbelievable", "delivered": 3,
            "last_at": "2026-03-11T22:00:00Z", "standing": "expected", "left": 1, "rests_on": "2026-04-08T22:00:00Z",
            "if_missed": "basic", "usual_gap_days": 14.0, "overdue": false,
        },
        // 20 February, 6 and 20 March at two in the afternoon: 14 and 14 days. Surprising, then on their word
        // surprising anew, then desired; the next is expected, the one after basic: one left.
        // 20 March + 2 · 14 = 17 April
        {
            "recipient": "harbour", "action": "template-choice", "peak": "surprising", "delivered": 3,
            "last_at": "2026-03-20T14:00:00Z", "standing": "expected", "left": 1, "rests_on": "2026-04-17T14:00:00Z",
            "if_missed": "basic", "usual_gap_days": 14.0, "overdue": false,
        },
    ]});
    assert_same(&report, &expected, "agency.json");
    // the report meant nothing to harbour and quill, and the reviews, calls and invoices never were a surprise
    assert_eq!(list(&report, "acts").len(), 3);
}

#[test]
fn the_escalator_example_is_as_worked_by_hand() {
    let expected = json!({"acts": [
        // e01 to e05, five Mondays from 5 January to 2 February: 7 days each; e06 was omitted, so it was not given.
        // Surprising 5 4 3 2 2: at rest, none left, 2 + 7 = 9 February. Basic is owed, missed it is criminal.
        // From 2 February to 2 November it is over 2 · 7 days
        {
            "recipient": "acme", "action": "handwritten-note", "peak": "surprising", "delivered": 5,
            "last_at": "2026-02-02T00:00:00Z", "standing": "basic", "left": 0, "rests_on": "2026-02-09T00:00:00Z",
            "if_missed": "criminal", "usual_gap_days": 7.0, "overdue": true,
        },
        // e07 to e12, six Mondays from 16 February to 23 March. Unbelievable 6 5 4 3 2 2: at rest. 23 + 7 = 30 March
        {
            "recipient": "zenith", "action": "handwritten-note", "peak": "unbelievable", "delivered": 6,
            "last_at": "2026-03-23T00:00:00Z", "standing": "basic", "left": 0, "rests_on": "2026-03-30T00:00:00Z",
            "if_missed": "criminal", "usual_gap_days": 7.0, "overdue": true,
        },
        // e13 to e16: 30 March, 6 and 13 April, 2 November: gaps of 7, 7 and 203 days, the one in the middle is 7.
        // Surprising 5 4 3 2: at rest. 2 + 7 = 9 November. It was given at the very last record: not overdue
        {
            "recipient": "acme", "action": "plant-cuttings", "peak": "surprising", "delivered": 4,
            "last_at": "2026-11-02T00:00:00Z", "standing": "basic", "left": 0, "rests_on": "2026-11-09T00:00:00Z",
            "if_missed": "criminal", "usual_gap_days": 7.0, "overdue": false,
        },
    ]});
    for name in ["escalator.jsonl", "escalator.csv"] {
        let report = document(over_example("decay", name));
        assert_same(&report, &expected, name);
        assert_eq!(list(&report, "acts").len(), 3);
    }
}

#[test]
fn overdue_is_more_than_two_usual_gaps_as_of_an_instant() {
    // quill's night watch: 11 March at ten in the evening + 28 days is 8 April at ten
    let overdue = |as_of: &str| {
        let mut acts = acts(over_example(&format!("decay --as-of {as_of}"), "agency.json"), "overdue");
        acts.retain(|act| act.starts_with("quill"));
        acts.remove(0)
    };
    assert_eq!(overdue("2026-04-08T22:00:00Z"), "quill night-watch false");
    assert_eq!(overdue("2026-04-08T22:00:00.000001Z"), "quill night-watch true");
    assert_eq!(overdue("2026-04-09T00:00:00+02:00"), "quill night-watch false");
    assert_eq!(overdue("2026-04-07"), "quill night-watch false");
    assert_eq!(overdue("2026-04-10"), "quill night-watch true");
    // only what is overdue depends on it, as long as no market and no memory has a say
    let of = |flags: &str| {
        let fields = "peak delivered last_at standing left rests_on if_missed usual_gap_days";
        acts(over_example(&format!("decay {flags}"), "agency.json"), fields)
    };
    assert_eq!(of("--as-of 2027-01-01"), of(""));
    // of what came after it nobody knows
    for as_of in ["2026-02-10", "2026-02-25", "2026-03-10T12:00:00Z"] {
        let fields = "peak delivered last_at standing left rests_on if_missed usual_gap_days overdue";
        let run = |flags: &str| acts(over_example(&format!("decay --as-of {as_of} {flags}"), "agency.json"), fields);
        assert_eq!(run(""), run(&format!("--until {as_of}")), "{as_of}");
    }
    for (as_of, said) in
        [("soon", "--as-of: cannot read \"soon\""), ("2026-02-30", "--as-of: cannot read \"2026-02-30\"")]
    {
        over_example(&format!("decay --as-of {as_of}"), "agency.json").status(2).stderr_has(said).run();
    }
}

#[test]
fn under_two_gaps_there_is_no_usual_one() {
    let records = "\
recipient,at,point,action,signals,value
a,2026-01-05,p,once,unexpected,time
b,2026-01-05,p,twice,unexpected,time
b,2026-01-12,p,twice,on-time,
c,2026-01-05,p,thrice,unexpected,time
c,2026-01-12,p,thrice,on-time,
c,2026-01-19,p,thrice,on-time,
d,2026-01-05,p,missed,unexpected,time
d,2026-01-12,p,missed,on-time,
d,2026-01-19,p,missed,omitted,
d,2026-01-26,p,missed,promise-broken,
";
    // what is omitted or criminal is not given: d has one gap, and after the lapse expected is still owed
    let expected = [
        "c thrice 3 2026-01-19T00:00:00Z basic 0 2026-01-26T00:00:00Z 7.0 false",
        "b twice 2 2026-01-12T00:00:00Z expected 1 - - -",
        "d missed 2 2026-01-12T00:00:00Z expected 1 - - -",
        "a once 1 2026-01-05T00:00:00Z desired 2 - - -",
    ];
    let fields = "delivered last_at standing left rests_on usual_gap_days overdue";
    let found = acts(over_records("decay", records), fields);
    // 26 January at midnight, the time of the last record, is a week after the third delivery of c
    assert_eq!(found, expected);
}

#[test]
fn the_usual_gap_is_the_lower_median_in_days() {
    let records = "\
recipient,at,point,action,signals,value
a,2026-01-01T00:00:00Z,p,even,unexpected,time
a,2026-01-04T00:00:00Z,p,even,on-time,
a,2026-01-14T00:00:00Z,p,even,on-time,
b,2026-01-01T00:00:00Z,p,odd,unexpected,time
b,2026-01-11T00:00:00Z,p,odd,on-time,
b,2026-01-12T12:00:00Z,p,odd,on-time,
b,2026-01-12T18:00:00Z,p,odd,on-time,
";
    // a: 3 and 10 days, the lower one is 3; two more above rest would be 0: 5 4 3, the next is 2. 14 + 3 = 17 January
    // b: 10, 1.5 and 0.25 days, in the middle 1.5; at rest. 12 January 18:00 + 36 hours = 14 January 06:00
    let expected = ["b odd 1.5 0 2026-01-14T06:00:00Z", "a even 3.0 0 2026-01-17T00:00:00Z"];
    assert_eq!(acts(over_records("decay", records), "usual_gap_days left rests_on"), expected);
    // the order of the input does not matter
    let mut lines: Vec<&str> = records.lines().collect();
    lines[1..].reverse();
    let backward = lines.join("\n");
    assert_eq!(acts(over_records("decay", &backward), "usual_gap_days left rests_on"), expected);
}

#[test]
fn all_at_one_time_is_a_gap_of_nothing() {
    let one = "a,2026-01-05,p,note,unexpected,time\n";
    let records = format!("recipient,at,point,action,signals,value\n{one}{one}{one}");
    let fields = "usual_gap_days left rests_on overdue";
    assert_eq!(acts(over_records("decay", &records), fields), ["a note 0.0 0 2026-01-05T00:00:00Z false"]);
}

#[test]
fn without_times_there_are_no_dates() {
    let records = "\
recipient,point,action,signals,value
a,p,note,unexpected,time
a,p,note,on-time,
a,p,note,on-time,
b,p,cake,astonishing,time
c,p,tea,unexpected,time
";
    // a: 5 4 3, the next rests; b: 6, then 5 4 3 above rest; c: 5, then 4 3
    let expected = [
        "a note 3 - basic 0 - criminal - -",
        "c tea 1 - desired 2 - expected - -",
        "b cake 1 - surprising 3 - expected - -",
    ];
    let fields = "delivered last_at standing left rests_on if_missed usual_gap_days overdue";
    assert_eq!(acts(over_records("decay", records), fields), expected);
    let run = over_records("decay --as-of 2026-01-01", records);
    run.status(2).stderr_has("--as-of needs `at`").run();
    let run = over_records("decay --since 2026-01-01", records);
    run.status(2).stderr_has("need `at`").run();
}

#[test]
fn no_records_are_no_acts_even_as_of_a_day() {
    for flags in ["", "--as-of 2026-01-01", "--since 2026-01-01", "--until 2026-01-01"] {
        let report = document(over_records(&format!("decay {flags}"), "[]"));
        assert_eq!(report, json!({"acts": []}), "{flags}");
    }
    // and so where all of them are later than asked for
    let report = document(over_example("decay --until 2020-01-01 --as-of 2026-01-01", "agency.json"));
    assert_eq!(report, json!({"acts": []}));
}

#[test]
fn the_soonest_to_rest_comes_first_and_what_has_no_date_last() {
    let mut records = String::from("recipient,at,point,action,signals,value\n");
    // given three times, each with another rhythm; and twice, which is no rhythm
    for (act, first, days) in [("slow", 1, 9), ("quick", 10, 1), ("steady", 4, 4)] {
        for time in 0..3 {
            let day = first + time * days;
            records.push_str(&format!("a,2026-01-{day:02},p,{act},unexpected,time\n"));
        }
    }
    records.push_str("a,2026-01-20,p,astonishing-once,astonishing,time\na,2026-01-21,p,once,unexpected,time\n");
    // last on the 19th, 12th and 12th of January; at rest with the next, 9, 1 and 4 days later
    let expected = [
        "a quick 2026-01-13T00:00:00Z 0",
        "a steady 2026-01-16T00:00:00Z 0",
        "a slow 2026-01-28T00:00:00Z 0",
        "a once - 2",
        "a astonishing-once - 3",
    ];
    assert_eq!(acts(over_records("decay", &records), "rests_on left"), expected);
    // the help desk as well, where many acts have no date
    let report = document(over_example("decay", "helpdesk.jsonl"));
    let order: Vec<(bool, &str, u64)> = list(&report, "acts")
        .iter()
        .map(|act| {
            let date = act["rests_on"].as_str();
            (
                date.is_none(),
                date.unwrap_or_default(),
                if date.is_some() { 0 } else { act["left"].as_u64().expect("a number") },
            )
        })
        .collect();
    assert!(order.is_sorted(), "{order:?}");
    assert!(order.first().is_some_and(|act| !act.0) && order.last().is_some_and(|act| act.0));
}

#[test]
fn a_level_that_lasts_longer_has_more_left() {
    // given once: surprising; then desired twice and expected three times before it rests
    let rules = "[[levels]]\nname = \"desired\"\nlasts = 2\n[[levels]]\nname = \"expected\"\nlasts = 3\n";
    let run = |records: &str| over_records("decay --levels rules.toml", records).file("rules.toml", rules);
    let given = |times: usize| {
        let mut records = String::from("recipient,at,point,action,signals,value\n");
        for day in 1..=times {
            records.push_str(&format!("a,2026-01-{day:02},p,note,unexpected,time\n"));
        }
        acts(run(&records), "standing left rests_on").remove(0)
    };
    assert_eq!(given(1), "a note desired 5 -");
    // 3 January + (3 + 1) · 1 day: the deliveries of the 4th, 5th and 6th are expected, that of the 7th is basic
    assert_eq!(given(3), "a note expected 3 2026-01-07T00:00:00Z");
    assert_eq!(given(5), "a note expected 1 2026-01-07T00:00:00Z");
    assert_eq!(given(6), "a note basic 0 2026-01-07T00:00:00Z");
    assert_eq!(given(7), "a note basic 0 2026-01-08T00:00:00Z");
}

#[test]
fn the_recipients_word_sets_the_act_anew() {
    let records = "\
recipient,at,point,action,signals,value,verdict
a,2026-01-01,p,call,on-time,,surprising
b,2026-01-01,p,note,unexpected,time,
b,2026-01-08,p,note,on-time,,
b,2026-01-15,p,note,on-time,,unbelievable
c,2026-01-01,p,card,unexpected,time,
c,2026-01-08,p,card,on-time,,expected
";
    // a: nothing noted was a lift, but the word was: 5, then 4 3 are left
    // b: 5 4, then 6 on their word: 5 4 3 are left, 15 + 4 · 7 days = 12 February
    // c: their word puts it down to expected, done once since: at rest
    let expected = [
        "b note unbelievable surprising 3 2026-02-12T00:00:00Z expected",
        "c card surprising basic 0 - criminal",
        "a call surprising desired 2 - expected",
    ];
    assert_eq!(acts(over_records("decay", records), "peak standing left rests_on if_missed"), expected);
}

#[test]
fn a_market_lowers_what_the_next_is_worth_and_raises_what_a_miss_costs() {
    let fields = "standing left rests_on if_missed";
    let under = |level: &str, flags: &str| {
        let rules = format!("[[market]]\nact = \"gift-of-socks\"\nsince = 2026-03-20\nlevel = \"{level}\"\n");
        let run = over_example(&format!("decay --levels rules.toml {flags}"), "shop.json").file("rules.toml", rules);
        let mut acts = acts(run, fields);
        acts.retain(|act| act.starts_with("mara"));
        acts.remove(0)
    };
    // by itself: surprising once, so desired now and two left; missing what is desired is still expected
    assert_eq!(under("unbelievable", ""), "mara gift-of-socks desired 2 - expected");
    // everyone takes it as expected: the next two are expected and then it rests; a miss is one below
    assert_eq!(under("expected", ""), "mara gift-of-socks expected 2 - basic");
    // as basic: none is above where it rests any more, and a miss is criminal
    assert_eq!(under("basic", ""), "mara gift-of-socks basic 0 - criminal");
    // as of a day before the market moved it is as it was
    assert_eq!(under("basic", "--as-of 2026-03-19"), "mara gift-of-socks desired 2 - expected");
    assert_eq!(under("basic", "--until 2026-03-19"), "mara gift-of-socks desired 2 - expected");
    // with a rhythm: at rest already, so the very next is at rest: 20 March + 14 days = 3 April
    let rules = "[[market]]\nact = \"template-choice\"\nsince = 2026-03-21\nlevel = \"basic\"\n";
    let run = over_example("decay --levels rules.toml", "agency.json").file("rules.toml", rules);
    let found = acts(run, fields);
    assert!(found.contains(&"harbour template-choice basic 0 2026-04-03T14:00:00Z criminal".to_owned()), "{found:?}");
}

#[test]
fn what_is_forgotten_is_on_no_escalator() {
    let memory = example("memory.toml").display().to_string();
    let run = |flags: &str| {
        over_example("decay", "escalator.jsonl").arg("--levels").arg(memory.clone()).arg("-f").arg("json").arg(flags)
    };
    // 90 days before 2 November lie 2 February and 23 March: both notes are forgotten. The cuttings were, too, so
    // those of November were a surprise anew, of which 4 3 are left: 2 November + 3 · 7 days = 23 November
    let expected = "acme plant-cuttings surprising 4 desired 2 2026-11-23T00:00:00Z expected 7.0 false";
    let fields = "peak delivered standing left rests_on if_missed usual_gap_days overdue";
    let ran = run("--color=never").any_stdout().stderr_has("2 acts left out").run();
    assert_eq!(acts_of(&document_of(&ran), fields), [expected]);
    // on 13 April 70 and 21 days have passed: all is remembered, and only the cuttings have some left:
    // 30 March, 6 and 13 April, 5 4 3, the next rests
    let remembered = [
        "acme handwritten-note surprising 5 basic 0 2026-02-09T00:00:00Z criminal 7.0 true",
        "zenith handwritten-note unbelievable 6 basic 0 2026-03-30T00:00:00Z criminal 7.0 true",
        "acme plant-cuttings surprising 3 basic 0 2026-04-20T00:00:00Z criminal 7.0 false",
    ];
    let ran = run("--until=2026-04-30").any_stdout().run();
    assert_eq!(acts_of(&document_of(&ran), fields), remembered);
    // more than 90 days, and not 90: 2 February + 90 days = 3 May
    let known = |as_of: &str| run("--until=2026-04-30").arg(format!("--as-of={as_of}")).any_stdout();
    assert_eq!(acts_of(&document_of(&known("2026-05-03T00:00:00Z").run()), "").len(), 3);
    let ran = known("2026-05-03T00:00:01Z").stderr_has("1 act left out").run();
    assert_eq!(acts_of(&document_of(&ran), ""), ["zenith handwritten-note", "acme plant-cuttings"]);
}

#[test]
fn the_point_may_stand_for_an_act_without_a_name() {
    let records = "recipient,journey,point,signals,value\na,care,thanks,unexpected,time\na,care,thanks,on-time,\n";
    let rules = "[escalator]\nunnamed = \"point\"\n";
    let run = || over_records("decay", records).file("rules.toml", rules);
    assert_eq!(acts(run(), "left"), Vec::<String>::new());
    assert_eq!(acts(run().arg("--levels").arg("rules.toml"), "delivered left"), ["a care/thanks 2 1"]);
}

#[test]
fn a_window_shows_the_acts_given_in_it_as_of_its_end() {
    let fields = "delivered last_at standing overdue";
    // after 15 March only harbour's templates were given again, though their first two count
    assert_eq!(
        acts(over_example("decay --since 2026-03-15", "agency.json"), fields),
        ["harbour template-choice 3 2026-03-20T14:00:00Z expected false"]
    );
    // through 25 February nobody knows of what came later: volt's report rests, the watch was given twice,
    // the templates once; as of 25 February at ten in the evening the report is 9 days old
    assert_eq!(
        acts(over_example("decay --until 2026-02-25", "agency.json"), fields),
        [
            "volt real-time-report 3 2026-02-16T08:00:00Z basic false",
            "quill night-watch 2 2026-02-25T22:00:00Z desired -",
            "harbour template-choice 1 2026-02-20T14:00:00Z desired -",
        ]
    );
    // before an instant, and not through it
    assert_eq!(
        acts(over_example("decay --until 2026-02-16T08:00:00Z", "agency.json"), "delivered")[0],
        "volt real-time-report 2"
    );
}

#[test]
fn a_date_beyond_the_calendar_is_none() {
    let records = "\
recipient,at,point,action,signals,value
a,0001-01-01,p,note,unexpected,time
a,4000-01-01,p,note,unexpected,time
a,9999-12-30,p,note,unexpected,time
";
    let found = acts(over_records("decay", records), "left rests_on overdue");
    assert_eq!(found, ["a note 0 - false"]);
}

#[test]
fn every_format_carries_the_acts() {
    for name in EXAMPLES {
        assert_formats_agree(|| over_example("decay", name), |document| list(document, "acts").to_vec());
    }
    let undated = "recipient,point,action,signals,value\n\"a\tb\",p,\"x;y\",unexpected,time\n";
    assert_formats_agree(|| over_records("decay", undated), |document| list(document, "acts").to_vec());
}

#[test]
fn flags_of_a_projection_and_records_exclude_each_other() {
    for flags in ["--level surprising", "--deliveries 3", "--from 2026-01-05 --every 7d"] {
        over_example(&format!("decay {flags}"), "agency.json").status(2).stderr_has("cannot be used with").run();
    }
    crate::harness::serveup("decay --as-of 2026-01-05").status(2).stderr_has("FILE").run();
}
