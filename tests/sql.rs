//! The text of the query: quoted so that nothing in a levels file can change
//! it, and free of what the rules leave off. What it computes is compared on
//! real engines in `tests/engines`.

use serveup::Model;
use serveup::assess::Dimension;
use serveup::sql::{Dialect, TableName, TableNameError, ddl, journey_query, query};

const BOTH: [Dialect; 2] = [Dialect::DuckDb, Dialect::Spark];

fn table(name: &str, dialect: Dialect) -> TableName {
    TableName::new(name, dialect).expect("a name")
}

/// The query by a levels file, without recipients.
fn by(levels: &str, dialect: Dialect) -> String {
    let model = Model::with_overlay(levels).expect("good rules");
    query(&model, dialect, &table("interactions", dialect), None)
}

/// The same with recipients.
fn with_people(levels: &str, dialect: Dialect) -> String {
    let model = Model::with_overlay(levels).expect("good rules");
    query(&model, dialect, &table("interactions", dialect), Some(&table("recipients", dialect)))
}

/// The roll-up by a levels file, with recipients.
fn journey(levels: &str, dialect: Dialect, by: &[Dimension]) -> String {
    let model = Model::with_overlay(levels).expect("good rules");
    journey_query(&model, dialect, &table("interactions", dialect), Some(&table("recipients", dialect)), by)
}

/// The names of the steps.
fn steps(query: &str) -> Vec<&str> {
    let opens = |line: &&str| line.ends_with("AS (") && !line.starts_with(' ');
    query.lines().filter(opens).filter_map(|line| line.split(' ').next()).collect()
}

const SHIPPED: [&str; 10] =
    ["moments", "noted", "facts", "weighed", "histories", "lives", "tales", "lived", "decided", "rated"];

#[test]
fn what_the_rules_leave_off_is_not_in_the_query() {
    for dialect in BOTH {
        let plain = by("", dialect);
        assert_eq!(steps(&plain), SHIPPED);
        for absent in [
            "market",
            "episode",
            "prefers",
            "served",
            "journey",
            "channel",
            "kind",
            "r.",
            "wish",
            "recipients",
            "declined",
        ] {
            let used = plain.lines().filter(|line| !line.trim_start().starts_with("--") && line.contains(absent));
            let used: Vec<_> = used.collect();
            assert!(used.is_empty(), "{absent}: {used:?}");
        }
        // each rule brings its own steps
        let market = by("[[market]]\nact = 'gift'\nsince = 2020-01-01\nlevel = 'basic'\n", dialect);
        assert!(steps(&market).contains(&"market") && steps(&market).contains(&"marketed"));
        assert!(market.contains("AS known_as"), "a market row may name a path");
        let memory = by("[escalator]\nmemory_days = 3\n", dialect);
        assert!(steps(&memory).contains(&"gaps") && memory.contains("> 259200000000 "));
        let point = by("[escalator]\nunnamed = 'point'\n", dialect);
        assert!(point.contains("i.journey") && !point.contains("known_as"));
        assert!(plain.contains("UNION ALL") && !point.contains("UNION ALL"), "where every moment has an act");
        let people = with_people("", dialect);
        assert!(steps(&people).contains(&"compared") && steps(&people).contains(&"categories"));
        assert_eq!(steps(&people)[..3], ["statements", "stated", "moments"]);
        assert!(people.contains(" AS declined"), "only who has wishes can decline");
        let verdicts = serveup::Verdict::NAMES.iter().all(|name| plain.matches(&format!("'{name}'")).count() >= 2);
        assert!(verdicts, "of every verdict the lowest and the highest level it allows");
    }
}

/// A journey laid out.
const PLANNED: &str = "[[journey]]\nname = 'trip'\npath = ['desk', \"o'stay/desk\"]\n";

#[test]
fn a_roll_up_carries_what_it_is_asked_for() {
    let roll_up =
        ["items", "measures", "sums", "amounts", "heard", "voices", "counted", "spread", "reaches", "intervals"];
    for dialect in BOTH {
        for dimension in Dimension::ALL {
            let text = journey("", dialect, std::slice::from_ref(&dimension));
            let made = steps(&text);
            assert_eq!(made[made.len() - roll_up.len()..], roll_up);
            let key = match &dimension {
                Dimension::Recipient => "recipient".to_owned(),
                other => format!("by_{other}"),
            };
            assert!(text.contains(&format!("GROUP BY {key}")), "{text}");
            for other in Dimension::ALL.into_iter().filter(|other| *other != dimension) {
                assert!(!text.contains(&format!("by_{other}")), "{other} is not asked for: {text}");
            }
        }
        let tag = |key: &str| Dimension::Tag(serveup::Tag::new(key).expect("a tag"));
        let text = journey("", dialect, &[tag("region"), Dimension::Team, tag("o'clock")]);
        let (asked, named) = match dialect {
            Dialect::DuckDb => ("nullif(i.tags['o''clock'], '') AS by_tag_3", "'tags.o''clock': g.by_tag_3"),
            Dialect::Spark => (r"nullif(i.tags['o\'clock'], '') AS by_tag_3", r"'tags.o\'clock', g.by_tag_3"),
        };
        for part in ["GROUP BY by_tag_1, by_team, by_tag_3", "nullif(i.tags['region'], '') AS by_tag_1", asked, named] {
            assert!(text.contains(part), "{part}: {text}");
        }
        // steps of a plan stand first where groups are parts of a path
        let (path, channel) = ([Dimension::Point], [Dimension::Point, Dimension::Channel]);
        let plan = journey(PLANNED, dialect, &path);
        let stay = if dialect == Dialect::DuckDb { "'trip/o''stay/desk'" } else { r"'trip/o\'stay/desk'" };
        assert!(plan.contains(&format!("(0, 'trip/desk'),\n    (1, {stay})")), "{plan}");
        assert!(plan.contains("USING (by_point)") && plan.contains("ORDER BY place NULLS LAST, seen"));
        assert!(!journey(PLANNED, dialect, &channel).contains("planned"));
        // ratings by themselves carry none of it
        let rating = by(PLANNED, dialect);
        assert!(!["claimed", "value_marks", "by_", "planned"].iter().any(|part| rating.contains(part)), "{rating}");
    }
}

#[test]
fn value_is_looked_at_only_where_a_level_needs_it() {
    let levels = "[[levels]]\nname = 'surprising'\nneeds_value = false\n[[levels]]\nname = 'unbelievable'\nneeds_value = false\n";
    for dialect in BOTH {
        let people = with_people(levels, dialect);
        assert!(
            !people.contains("value_counts") && !people.contains("kinds") && !people.contains("values"),
            "{people}"
        );
        assert!(people.contains("compared"), "preferences still are");
    }
}

#[test]
fn a_level_without_signals_is_left_out() {
    let moved = "[[levels]]\nname = 'basic'\n[levels.signals]\npromise-broken = 'm'\nminimum-violated = 'm'\nunresolved = 'm'\n";
    for dialect in BOTH {
        let text = by(moved, dialect);
        assert!(!text.lines().any(|line| line.contains("noted") && line.trim_end().ends_with("THEN 1")), "{text}");
    }
}

#[test]
fn names_from_levels_files_are_quoted() {
    let levels = r#"
[[levels]]
name = "desired"
[levels.signals]
"it's" = "m"
'back\slash' = "m"
'${HOME}' = "m"
'\u0041$' = "m"
[[market]]
act = "two\nlines\u0000'"
since = 2020-01-01
level = "basic"
"#;
    let duckdb = by(levels, Dialect::DuckDb);
    assert!(duckdb.contains(r"'it''s', 'back\slash', '${HOME}', '\u0041$'"), "{duckdb}");
    assert!(duckdb.contains("(('two' || chr(10) || 'lines' || chr(0) || '''')"), "{duckdb}");
    let spark = by(levels, Dialect::Spark);
    assert!(spark.contains(r"'it\'s', 'back\\slash', '\u0024{HOME}', '\\u0041$'"), "{spark}");
    assert!(spark.contains(r"('two\u000alines\u0000\'', TIMESTAMP"), "{spark}");
}

#[test]
fn tables_are_quoted_and_refused_where_that_is_not_safe() {
    for (name, duckdb, spark) in [
        ("interactions", r#""interactions""#, "`interactions`"),
        ("lake.service.moments", r#""lake"."service"."moments""#, "`lake`.`service`.`moments`"),
        (r#"we"ird`"#, r#""we""ird`""#, r#"`we"ird```"#),
        ("x; DROP TABLE y --", r#""x; DROP TABLE y --""#, "`x; DROP TABLE y --`"),
        ("日本 $", r#""日本 $""#, "`日本 $`"),
    ] {
        assert_eq!(table(name, Dialect::DuckDb).to_string(), duckdb);
        assert_eq!(table(name, Dialect::Spark).to_string(), spark);
    }
    for dialect in BOTH {
        for name in ["", " ", ".", "a.", ".a", "a..b", "a. .b"] {
            assert_eq!(TableName::new(name, dialect), Err(TableNameError::Empty), "{name:?}");
        }
        for name in ["a\nb", "a\0b", "a\u{202e}b"] {
            assert_eq!(TableName::new(name, dialect), Err(TableNameError::Control), "{name:?}");
        }
    }
    assert_eq!(TableName::new("a${b}", Dialect::Spark), Err(TableNameError::Variable));
    assert!(TableName::new("a${b}", Dialect::DuckDb).is_ok());
}

#[test]
fn the_query_can_stand_in_another_statement() {
    for dialect in BOTH {
        let text = with_people("[escalator]\nmemory_days = 1\nunnamed = 'point'\n", dialect);
        assert!(text.ends_with("\nORDER BY seq\n"));
        let report = journey(PLANNED, dialect, &[Dimension::Point, Dimension::Stage]);
        // some tools split statements at any semicolon, and count quotes in comments
        assert!(!text.contains(';') && !report.contains(';'));
        for comment in text.lines().chain(report.lines()).chain(ddl(dialect, &table("i", dialect), None).lines()) {
            assert!(!comment.starts_with("--") || !comment.contains(['\'', '"', '`', ';']), "{comment}");
            assert!(!comment.ends_with(' '), "{comment:?}");
        }
    }
}

#[test]
fn the_slide_adds_up_how_long_levels_last() {
    let levels =
        "[[levels]]\nname = 'surprising'\nlasts = 4294967295\n[[levels]]\nname = 'desired'\nlasts = 4294967295\n";
    let text = by(levels, Dialect::DuckDb);
    let from = |held: &str| {
        let start = format!("WHEN {held} THEN CASE WHEN x.n");
        text.lines().map(str::trim).find(|line| line.starts_with(&start)).unwrap_or_default()
    };
    assert_eq!(
        from("6"),
        "WHEN 6 THEN CASE WHEN x.n < 1 THEN 6 WHEN x.n < 4294967296 THEN 5 \
         WHEN x.n < 8589934591 THEN 4 WHEN x.n < 8589934592 THEN 3 ELSE 2 END"
    );
    assert_eq!(from("3"), "WHEN 3 THEN CASE WHEN x.n < 1 THEN 3 ELSE 2 END");
}

#[test]
fn the_tables_have_a_column_for_every_field() {
    for dialect in BOTH {
        let text = ddl(dialect, &table("i", dialect), Some(&table("r", dialect)));
        let quote = if dialect == Dialect::DuckDb { '"' } else { '`' };
        for field in
            serveup::Field::ALL.map(serveup::Field::name).into_iter().chain(["seq", "since", "prefers", "values"])
        {
            assert!(text.contains(&format!("\n  {quote}{field}{quote} ")), "{field} in {text}");
        }
        assert!(!ddl(dialect, &table("i", dialect), None).contains("prefers"));
        let (at, wishes) = match dialect {
            Dialect::DuckDb => ("TIMESTAMPTZ", "MAP(VARCHAR, VARCHAR[])"),
            Dialect::Spark => ("TIMESTAMP", "MAP<STRING, ARRAY<STRING>>"),
        };
        assert!(text.contains(&format!("{quote}since{quote} {at},\n  {quote}prefers{quote} {wishes},")), "{text}");
    }
}
