//! The comparison can fail: a rule changed in the text of a query is noticed.

use std::fs;

use crate::cases::{EVERYTHING, answer, by_the_program};
use crate::engine::Engine;
use crate::fresh;

/// What stands in the query, and what someone could have written instead.
const MISTAKES: [(&str, &str); 32] = [
    ("count(CASE WHEN delivered THEN 1 END) OVER before", "count(*) OVER before"),
    ("owed - 1", "owed"),
    ("verdict IS NULL AND lift > peak", "lift > peak"),
    ("WHEN verdict >= 3 THEN verdict", "WHEN verdict >= 4 THEN verdict"),
    ("lift <= peak", "lift < peak"),
    ("greatest(lift, verdict) END) OVER before", "lift END) OVER before"),
    ("peak_after >= 4", "peak_after >= 5"),
    ("peak_after >= 4", "peak >= 4"),
    ("since_held < 1 THEN 6", "since_held < 2 THEN 6"),
    ("WHEN delivered THEN 1 ELSE 0 END - setting", "WHEN delivered THEN 0 ELSE 0 END - setting"),
    ("deliveries * 10 + anew", "anew"),
    ("PARTITION BY recipient, act,", "PARTITION BY recipient,"),
    ("ORDER BY happened_at, seq ROWS", "ORDER BY seq ROWS"),
    ("ORDER BY happened_at, seq ROWS", "ORDER BY happened_at, seq DESC ROWS"),
    (" > 172800000000 THEN", " >= 172800000000 THEN"),
    ("max(CASE WHEN delivered THEN happened_at END)", "max(happened_at)"),
    ("happened_at >= since", "happened_at > since"),
    ("happened_at < until", "happened_at <= until"),
    ("market < worth", "market <= worth"),
    ("least(own_after, market)", "own_after"),
    ("WHEN deliveries > 0 THEN 3", "WHEN deliveries > 0 THEN 4"),
    ("WHEN repeated AND preference_missed THEN least(evidence, own)\n", "\n"),
    ("NOT (preference_missed AND evidence < own)", "NOT preference_missed"),
    (" OR created IS NOT NULL) AS remarked", ") AS remarked"),
    ("WHEN NOT remarked AND standing IS NULL", "WHEN NOT remarked"),
    ("coalesce(shortfall, lift) > 1", "coalesce(shortfall, lift) > 0"),
    ("AND NOT omitted AND", "AND"),
    ("WHEN list_contains(noted, 'omitted') THEN 3", "WHEN FALSE THEN 3"),
    ("WHEN wish = 'channel' THEN channel END", "WHEN FALSE THEN channel END"),
    ("\n        OR list_has_any(kinds, valued_categories)", ""),
    ("\n        OR list_has_any(categories, valued)", ""),
    ("verdict <= 2, evidence <= 2 OR rule = 'lapse'", "verdict <= 2, evidence <= 2"),
];

#[test]
fn a_wrong_rule_in_the_query_is_caught() {
    if !Engine::DuckDb.there() {
        return;
    }
    let all = fresh("mistakes");
    let folder = EVERYTHING.lay_out(&all, Some(6000));
    let query = EVERYTHING.query(Engine::DuckDb);
    let name = |number: usize| format!("duckdb-{number:02}");
    let write = |name: &str, text: &str| fs::write(folder.join(name).with_extension("sql"), text).expect("a query");
    write("duckdb", &query);
    for (number, (right, wrong)) in MISTAKES.into_iter().enumerate() {
        let mistaken = query.replace(right, wrong);
        assert!(mistaken != query, "the query has {right}");
        write(&name(number), &mistaken);
    }
    Engine::DuckDb.run(&all);
    let program = by_the_program(&folder);
    assert!(program == answer(&folder, "duckdb"), "without a mistake they agree");
    let unnoticed: Vec<_> = (0..MISTAKES.len())
        .filter(|&number| program == answer(&folder, &name(number)))
        .map(|number| MISTAKES[number])
        .collect();
    assert!(unnoticed.is_empty(), "{unnoticed:#?}");
}
