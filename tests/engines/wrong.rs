//! The comparison can fail: a rule changed in the text of a query is noticed.

use std::fs;

use crate::cases::{EVERYTHING, answer, by_the_program};
use crate::engine::Engine;
use crate::fresh;

/// What stands in the query, and what someone could have written instead.
const MISTAKES: [(&str, &str); 52] = [
    ("WHEN x.delivered THEN x.act.n + 1", "WHEN TRUE THEN x.act.n + 1"),
    ("THEN 3 END) - 1", "THEN 3 END)"),
    ("moment.market - 1", "moment.market"),
    ("THEN least(was.act.own, CASE", "THEN greatest(was.act.own, CASE"),
    ("x.lift > x.act.peak", "x.lift >= x.act.peak"),
    ("x.anew >= 3", "x.anew >= 4"),
    ("CASE WHEN x.anew >= 3 THEN x.anew ELSE", "CASE WHEN TRUE THEN coalesce(x.anew, x.act.held) ELSE"),
    ("moment.lift <= was.act.peak", "moment.lift < was.act.peak"),
    ("END, x.anew)", "END)"),
    ("x.peak >= 4", "x.peak >= 5"),
    ("x.n < 1 THEN 6", "x.n < 2 THEN 6"),
    ("GROUP BY recipient, act,", "GROUP BY recipient,"),
    ("happened_at := happened_at, seq", "seq"),
    ("happened_at := happened_at, seq", "happened_at := happened_at, place := -seq, seq"),
    (" > 172800000000 THEN", " >= 172800000000 THEN"),
    ("max(CASE WHEN delivered THEN happened_at END)", "max(happened_at)"),
    ("happened_at >= since", "happened_at > since"),
    ("happened_at < until", "happened_at <= until"),
    ("assessed < own THEN 'market'", "assessed <= own THEN 'market'"),
    ("WHEN assessed < evidence THEN 'market'", "WHEN FALSE THEN 'market'"),
    ("least(own_after, market)", "own_after"),
    ("WHEN was.act.n > 0 THEN 3", "WHEN was.act.n > 0 THEN 4"),
    ("CASE WHEN moment.preference_missed THEN moment.evidence END", "NULL"),
    ("NOT (preference_missed AND evidence < own)", "NOT preference_missed"),
    (" OR created IS NOT NULL) AS remarked", ") AS remarked"),
    ("WHEN NOT remarked AND standing IS NULL", "WHEN NOT remarked"),
    ("coalesce(shortfall, lift) > 1", "coalesce(shortfall, lift) > 0"),
    ("(NOT omitted AND coalesce", "(coalesce"),
    ("WHEN list_contains(noted, 'omitted') AND NOT (", "WHEN FALSE AND NOT ("),
    ("WHEN wish = 'channel' THEN channel END", "WHEN FALSE THEN channel END"),
    ("\n        OR list_has_any(kinds, valued_categories)", ""),
    ("\n        OR list_has_any(categories, valued)", ""),
    ("evidence <= 2 OR rule = 'lapse'", "evidence <= 2"),
    // open verdicts
    ("x.lowest = x.highest OR x.assessed < x.lowest OR", "x.lowest = x.highest OR"),
    (" OR x.assessed > x.highest", ""),
    ("WHEN x.lowest = x.highest OR", "WHEN"),
    ("WHEN x.lowest = x.highest OR", "WHEN x.lowest IS NOT NULL OR"),
    ("WHEN lowest = highest OR", "WHEN"),
    ("WHEN lowest = highest OR", "WHEN lowest IS NOT NULL OR"),
    ("decided <= 2", "evidence <= 2"),
    ("WHEN highest <= 2 THEN TRUE", "WHEN highest <= 1 THEN TRUE"),
    ("CASE WHEN lowest IS NULL THEN 'unremarked' ELSE 'verdict' END", "'unremarked'"),
    // declined acts
    ("AND met AND NOT missed) AS declined", "AND NOT missed) AS declined"),
    ("WHEN moment.declined THEN", "WHEN FALSE THEN"),
    (" AND NOT (list_contains(noted, 'omitted') AND met AND NOT missed) THEN 3", " THEN 3"),
    // wishes in time
    ("stated.since <= i", "stated.since < i"),
    ("< stated.until", "<= stated.until"),
    ("map_concat(older, newer)", "newer"),
    ("map_concat(older, newer)", "map_concat(newer, older)"),
    ("since NULLS FIRST", "since NULLS LAST"),
    (" IGNORE NULLS", ""),
    ("len([way FOR way IN entry.value IF way <> ''])", "len(entry.value)"),
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
