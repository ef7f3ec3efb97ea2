//! `serveup calibrate`: verdicts against facts, and kappa against another program.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use serveup::stats::Agreement;

use crate::figures::{LEVELS, assert_same, float, kappa, plain_low, rank};
use crate::formats::assert_formats_agree;
use crate::told::{EXAMPLES, Told, document, list, over_example, over_records, told_example};

/// scikit-learn 1.9.1, `sklearn.metrics.cohen_kappa_score` with `weights="quadratic"`, of the verdicts of the help
/// desk and the evidence beside them.
const EVIDENCE_KAPPA: f64 = 0.795_339_805_825_242_8;
/// The same, and the assessed levels beside them.
const ASSESSED_KAPPA: f64 = 0.790_776_152_980_877_4;
/// The same, of [`BY_HAND`].
const BY_HAND_KAPPA: f64 = 0.711_309_523_809_523_8;
const BY_HAND: [[u64; 6]; 6] = [
    [3, 2, 1, 0, 0, 0],
    [1, 9, 4, 2, 0, 0],
    [0, 5, 20, 6, 1, 0],
    [0, 1, 7, 11, 3, 1],
    [0, 0, 2, 4, 6, 2],
    [1, 0, 0, 1, 2, 5],
];

#[track_caller]
fn assert_near(found: Option<f64>, wanted: f64) {
    assert!(found.is_some_and(|found| (found - wanted).abs() < 1e-9), "{found:?} is not {wanted}");
}

/// Position of a level in a table, from 0.
fn place(level: &Value) -> usize {
    usize::try_from(rank(level) - 1).expect("a place")
}

/// The moments with a verdict and a signal; none of these recipients says what they prefer.
fn judged(told: &[Told]) -> Vec<&Told> {
    let noted = |moment: &&Told| moment.record["signals"].as_array().is_some_and(|signals| !signals.is_empty());
    told.iter().filter(|moment| moment.record["verdict"].is_string()).filter(noted).collect()
}

/// Verdict against a column of the rows.
fn table(moments: &[&Told], column: &str) -> [[u64; 6]; 6] {
    let mut table = [[0; 6]; 6];
    for moment in moments {
        table[place(&moment.record["verdict"])][place(&moment.row[column])] += 1;
    }
    table
}

/// What a comparison should say of a table.
fn comparison(table: &[[u64; 6]; 6]) -> Value {
    let sum = |of: fn(usize, usize) -> bool| {
        let cells = (0..6).flat_map(|i| (0..6).map(move |j| (i, j))).filter(|&(i, j)| of(i, j));
        cells.map(|(i, j)| table[i][j]).sum::<u64>()
    };
    let all = sum(|_, _| true);
    let share = |count: u64| (all > 0).then(|| float(count) / float(all));
    json!({
        "matrix": table,
        "agreement": share(sum(|i, j| i == j)),
        "within_one": share(sum(|i, j| i.abs_diff(j) <= 1)),
        "kappa": kappa(table),
        // the facts say more than the recipient, and less
        "flatters": sum(|i, j| j > i),
        "undersells": sum(|i, j| j < i),
        "bands": bands(table),
    })
}

/// The three bands of a table: basic and below, expected, desired and above.
fn bands(table: &[[u64; 6]; 6]) -> Value {
    let band = [0, 0, 1, 2, 2, 2];
    let mut bands = [[0; 3]; 3];
    // a table of three is one of six with nothing in its other half
    let mut wide = [[0; 6]; 6];
    for (i, row) in table.iter().enumerate() {
        for (j, count) in row.iter().enumerate() {
            bands[band[i]][band[j]] += count;
            wide[band[i]][band[j]] += count;
        }
    }
    let all: u64 = bands.iter().flatten().sum();
    let same = bands[0][0] + bands[1][1] + bands[2][2];
    json!({
        "matrix": bands,
        "agreement": (all > 0).then(|| float(same) / float(all)),
        "kappa": (all > 0).then(|| kappa(&wide)).flatten(),
        "left_out": 0,
    })
}

#[test]
fn the_help_desk_has_the_kappa_of_another_program() {
    let report = document(over_example("calibrate", "helpdesk.jsonl"));
    assert_near(report["evidence"]["kappa"].as_f64(), EVIDENCE_KAPPA);
    assert_near(report["assessed"]["kappa"].as_f64(), ASSESSED_KAPPA);
}

#[test]
fn a_table_made_by_hand_has_the_kappa_of_another_program() {
    assert_near(Agreement(BY_HAND).kappa(), BY_HAND_KAPPA);
    assert_near(kappa(&BY_HAND), BY_HAND_KAPPA);
    // whoever is called first, they agree as much
    let mut turned = [[0; 6]; 6];
    for (i, row) in BY_HAND.iter().enumerate() {
        for (j, count) in row.iter().enumerate() {
            turned[j][i] = *count;
        }
    }
    assert_near(Agreement(turned).kappa(), BY_HAND_KAPPA);
    assert_near(Agreement(BY_HAND.map(|row| row.map(|count| count * 1000))).kappa(), BY_HAND_KAPPA);
}

#[test]
fn every_figure_of_the_help_desk_equals_one_recomputed_from_its_rows() {
    let told = told_example("helpdesk.jsonl");
    let judged = judged(&told);
    assert!(
        judged
            .iter()
            .all(|moment| moment.row["level"] == moment.record["verdict"] && moment.row["reason"] == "verdict")
    );
    let report = document(over_example("calibrate", "helpdesk.jsonl"));
    assert_eq!(report["count"], json!(judged.len()));
    for column in ["evidence", "assessed"] {
        let table = table(&judged, column);
        assert_eq!(table.iter().flatten().sum::<u64>(), judged.len() as u64);
        assert_same(&report[column], &comparison(&table), column);
    }
    assert_ne!(report["evidence"]["matrix"], report["assessed"]["matrix"], "the history makes a difference");
}

#[test]
fn each_signal_present_is_listed_with_all_verdicts_beside_it() {
    let model = serveup::Model::shipped();
    let told = told_example("helpdesk.jsonl");
    let mut expected: BTreeMap<String, [u64; 6]> = BTreeMap::new();
    for moment in judged(&told) {
        for signal in moment.record["signals"].as_array().expect("signals") {
            let counts = expected.entry(signal.as_str().expect("a name").to_owned()).or_default();
            counts[place(&moment.record["verdict"])] += 1;
        }
    }
    let report = document(over_example("calibrate", "helpdesk.jsonl"));
    let rows = list(&report, "signals");
    assert_eq!(rows.len(), expected.len(), "each once");
    for row in rows {
        let name = row["signal"].as_str().expect("a name");
        let counts = expected[name];
        let level = model.signals()[model.signal(name).expect("a signal").index()].level;
        let level = usize::from(level.rank()) - 1;
        let named: serde_json::Map<_, _> =
            LEVELS.iter().map(|level| (*level).to_owned()).zip(counts.map(Value::from)).collect();
        let wanted = json!({
            "level": LEVELS[level],
            "count": counts.iter().sum::<u64>(),
            "verdicts": named,
            "agrees": counts[level],
            "flatters": counts[..level].iter().sum::<u64>(),
            "undersells": counts[level + 1..].iter().sum::<u64>(),
        });
        assert_same(row, &wanted, name);
        let open = row["open"].as_object().expect("counts");
        assert!(open.len() == 8 && open.values().all(|count| *count == 0), "nobody gave an open verdict");
    }
    // the share on one side of the level, as far as it is sure: the lower bound never rises
    let out_of_place = |row: &Value| {
        let side = row["flatters"].as_u64().max(row["undersells"].as_u64()).expect("a number");
        plain_low(side, row["count"].as_u64().expect("a number")).max(0.0)
    };
    let found: Vec<f64> = rows.iter().map(out_of_place).collect();
    assert!(found.windows(2).all(|pair| pair[0] >= pair[1] - 1e-12), "most out of place first: {found:?}");
}

#[test]
fn the_agency_is_as_worked_by_hand() {
    // a09 unbelievable and unbelievable: agreed. a11 late, so basic, they said expected: undersold.
    // a14 preferred, so desired, they said basic: flattered. a18 as hoped, so desired, they said surprising: undersold.
    // The assessed levels are the same: a18 is worth desired by its standing, too
    let mut table = [[0; 6]; 6];
    for (verdict, facts) in [(6, 6), (3, 2), (2, 4), (5, 4)] {
        let (verdict, facts): (usize, usize) = (verdict, facts);
        table[verdict - 1][facts - 1] += 1;
    }
    // quadratic distances are 0 + 1 + 4 + 1 = 6; by chance, of verdicts 6 3 2 5 and facts 6 2 4 4:
    // (0+16+4+4 + 9+1+1+1 + 16+0+4+4 + 1+9+1+1) / 4 = (24 + 12 + 24 + 12) / 4 = 18; 1 − 6 / 18 = ⅔
    let expected = json!({
        "matrix": table, "agreement": 0.25, "within_one": 0.75, "kappa": 2.0 / 3.0, "flatters": 1, "undersells": 2,
    });
    let report = document(over_example("calibrate", "agency.json"));
    assert_eq!(report["count"], json!(4));
    assert_same(&report["evidence"], &expected, "evidence");
    assert_same(&report["assessed"], &expected, "assessed");
    // bands: both above; expected and below; below and above; both above. Distances 0 + 1 + 4 + 0 = 5; by chance, of
    // verdicts 2 1 0 2 and facts 2 0 2 2: (0+4+0+0 + 1+1+1+1 + 4+0+4+4 + 0+4+0+0) / 4 = 6; 1 − 5 / 6
    let bands = json!({
        "matrix": [[0, 0, 1], [1, 0, 0], [0, 0, 2]], "agreement": 0.5, "kappa": 1.0 / 6.0, "left_out": 0,
    });
    assert_same(&report["evidence"]["bands"], &bands, "bands");
    // preferred-way is of a11, a14 and a18, by comparison, and none of the three is called desired; the others are
    // of one moment each, in the order of the rules; astonishing is where it belongs
    let wanted = [
        ("preferred-way", "desired", 3, [0, 2, 1]),
        ("late", "basic", 1, [0, 0, 1]),
        ("on-time", "expected", 1, [0, 1, 0]),
        ("as-hoped", "desired", 1, [0, 0, 1]),
        ("astonishing", "unbelievable", 1, [1, 0, 0]),
    ];
    let signals = list(&report, "signals");
    assert_eq!(signals.len(), wanted.len(), "{signals:?}");
    for (row, (signal, level, count, [agrees, flatters, undersells])) in signals.iter().zip(wanted) {
        let wanted = json!({
            "signal": signal, "level": level, "count": count,
            "agrees": agrees, "flatters": flatters, "undersells": undersells,
        });
        assert_same(row, &wanted, signal);
    }
    let verdicts = json!({"basic": 1, "expected": 1, "surprising": 1, "desired": 0, "criminal": 0, "unbelievable": 0});
    assert_eq!(signals[0]["verdicts"], verdicts);
    // a18 alone repeats an act that has been surprising, once since: worth desired, and they say surprising
    let trial = json!([{
        "since": "surprising", "deliveries": 1, "rule": "desired", "count": 1, "as_low": 0,
        "verdicts": {"criminal": 0, "basic": 0, "expected": 0, "desired": 0, "surprising": 1, "unbelievable": 0},
    }]);
    assert_eq!(report["escalator"], trial);
}

#[test]
fn signals_compared_preferences_and_value_are_facts() {
    let records = r#"{
        "recipients": [{"id": "a", "prefers": {"channel": "phone"}}],
        "interactions": [
            {"recipient": "a", "point": "p", "channel": "phone", "verdict": "desired"},
            {"recipient": "a", "point": "p", "channel": "email", "verdict": "expected"},
            {"recipient": "a", "point": "p", "verdict": "basic"},
            {"recipient": "b", "point": "p", "channel": "phone", "verdict": "surprising"},
            {"recipient": "b", "point": "p", "value": ["time"], "verdict": "surprising"},
            {"recipient": "b", "point": "p", "signals": ["late"]},
            {"recipient": "b", "point": "p", "signals": ["late"], "claimed": "criminal"}
        ]
    }"#;
    // the first two compare with what a prefers: desired and desired, expected and expected; the next two have nothing
    // to compare; value alone is observed, and speaks for no more than expected; and a claim is no verdict
    let report = document(over_records("calibrate", records));
    let mut table = [[0; 6]; 6];
    (table[3][3], table[2][2], table[4][2]) = (1, 1, 1);
    assert_eq!(report["count"], json!(3));
    assert_same(&report["evidence"], &comparison(&table), "evidence");
    let signals: Vec<_> = list(&report, "signals").iter().map(|row| (&row["signal"], &row["agrees"])).collect();
    assert_eq!(signals, [(&json!("preference-missed"), &json!(1)), (&json!("preferred-way"), &json!(1))]);
}

#[test]
fn what_came_before_is_in_the_second_table_alone() {
    // the third time a surprise is expected by the rules and surprising by its facts; they say desired
    let records = "\
recipient,point,action,signals,value,verdict
a,p,note,unexpected,time,
a,p,note,unexpected,time,
a,p,note,unexpected,time,desired
";
    let report = document(over_records("calibrate", records));
    assert_eq!(report["evidence"]["matrix"][3], json!([0, 0, 0, 0, 1, 0]));
    assert_eq!(report["assessed"]["matrix"][3], json!([0, 0, 1, 0, 0, 0]));
    assert_same(
        &report["evidence"],
        &json!({"flatters": 1, "undersells": 0, "agreement": 0, "within_one": 1}),
        "facts",
    );
    assert_same(
        &report["assessed"],
        &json!({"flatters": 0, "undersells": 1, "agreement": 0, "within_one": 1}),
        "rules",
    );
}

#[test]
fn kappa_is_null_where_it_is_undefined() {
    let nothing = document(over_records("calibrate", "recipient,point,signals\na,p,late\n"));
    let none = json!({"agreement": null, "within_one": null, "kappa": null, "flatters": 0, "undersells": 0});
    assert_eq!(nothing["count"], json!(0));
    assert_same(&nothing["evidence"], &none, "no verdict");
    // all in one cell: chance leaves no room to disagree
    let same = "recipient,point,signals,verdict\na,p,on-time,expected\nb,p,on-time,expected\n";
    let same = document(over_records("calibrate", same));
    assert_same(&same["evidence"], &json!({"agreement": 1.0, "within_one": 1.0, "kappa": null}), "one cell");
    // all in one row: no better than chance
    let row = "recipient,point,signals,verdict\na,p,on-time,expected\nb,p,late,expected\n";
    let row = document(over_records("calibrate", row));
    assert_same(&row["evidence"], &json!({"agreement": 0.5, "within_one": 1.0, "kappa": 0.0}), "one row");
    // always one apart, and as far as can be
    let against = "recipient,point,signals,verdict\na,p,late,desired\nb,p,as-hoped,basic\n";
    let against = document(over_records("calibrate", against));
    assert_same(&against["evidence"], &json!({"agreement": 0.0, "within_one": 0.0, "kappa": -1.0}), "crossed");
}

/// The cells of both tables of a report: its rows, those of open verdicts after those of own words.
pub(crate) fn cells(report: &Value) -> Vec<Value> {
    let mut cells = Vec::new();
    for against in ["evidence", "assessed"] {
        let own = LEVELS.iter().zip(list(&report[against], "matrix"));
        let open = OPEN.iter().map(|verdict| (verdict, &report[against]["open"][verdict]));
        for (verdict, row) in own.chain(open) {
            for (facts, count) in LEVELS.iter().zip(row.as_array().expect("a row")) {
                cells.push(json!({"against": against, "verdict": verdict, "facts": facts, "count": count}));
            }
        }
    }
    cells
}

/// The open verdicts.
pub(crate) const OPEN: [&str; 8] = [
    "basic-or-below",
    "expected-or-below",
    "desired-or-below",
    "surprising-or-below",
    "basic-or-above",
    "expected-or-above",
    "desired-or-above",
    "surprising-or-above",
];

#[test]
fn rows_are_the_cells_of_both_tables() {
    for name in EXAMPLES {
        assert_formats_agree(|| over_example("calibrate", name), cells);
    }
}

#[test]
fn a_window_calibrates_its_part() {
    let verdicts = |flags: &str| document(over_example(&format!("calibrate {flags}"), "agency.json"))["count"].clone();
    // a09 is of 11 February, a11 of the 17th, a14 of the 24th, a18 of 6 March
    assert_eq!(verdicts("--since 2026-02-12"), json!(3));
    assert_eq!(verdicts("--since 2026-02-12 --until 2026-02-24"), json!(2));
    assert_eq!(verdicts("--until 2026-02-11"), json!(1));
    assert_eq!(verdicts("--since 2027-01-01"), json!(0));
}
