//! `serveup sql`: the rules as one query, from the levels file in force.

use serveup::Model;
use serveup::assess::Dimension;
use serveup::sql::{Dialect, TableName, ddl, journey_query, query};

use crate::harness::serveup;

fn table(name: &str, dialect: Dialect) -> TableName {
    TableName::new(name, dialect).expect("a name")
}

#[test]
fn the_query_is_that_of_the_library() {
    for (name, dialect) in [("duckdb", Dialect::DuckDb), ("spark", Dialect::Spark)] {
        let interactions = table("interactions", dialect);
        let shipped = query(&Model::shipped(), dialect, &interactions, None);
        serveup("sql --dialect").arg(name).stdout(shipped).run();
        let (lake, people) = (table("lake.service.moments", dialect), table("people", dialect));
        let levels = "[escalator]\nmemory_days = 7\n";
        let model = Model::with_overlay(levels).expect("good rules");
        let run = || serveup("sql --table lake.service.moments --recipients-table people --dialect").arg(name);
        let both = query(&model, dialect, &lake, Some(&people));
        run().file("my.toml", levels).arg("--levels").arg("my.toml").stdout(both.clone()).run();
        run().file("my.toml", levels).env("SERVEUP_LEVELS", "my.toml").stdout(both).run();
        run().arg("--ddl").stdout(ddl(dialect, &lake, Some(&people))).run();
    }
}

#[test]
fn the_report_is_that_of_the_library() {
    for (name, dialect) in [("duckdb", Dialect::DuckDb), ("spark", Dialect::Spark)] {
        let text =
            |by: &[Dimension]| journey_query(&Model::shipped(), dialect, &table("interactions", dialect), None, by);
        let run = |by: &str| serveup(&format!("sql --dialect {name} --report journey{by}"));
        run("").stdout(text(&[Dimension::Point])).run();
        // each once
        run(" --by stage,channel,stage").stdout(text(&[Dimension::Stage, Dimension::Channel])).run();
    }
}

#[test]
fn the_query_goes_to_a_file_whole() {
    let ran = serveup("sql --dialect duckdb -o rate.sql").run();
    let text = query(&Model::shipped(), Dialect::DuckDb, &table("interactions", Dialect::DuckDb), None);
    assert_eq!(ran.read("rate.sql"), text);
    assert_eq!(ran.names(), ["rate.sql"]);
    serveup("sql --dialect duckdb -o no/rate.sql").status(2).stderr("serveup: no/rate.sql: no such folder\n").run();
}

#[test]
fn what_cannot_be_asked_is_said() {
    let refused = |line: &str, said: &str| {
        serveup(line).status(2).stderr_has(said).run();
    };
    refused("sql", "--dialect <DIALECT>");
    refused("sql --dialect oracle", "[possible values: duckdb, spark]");
    refused("sql --dialect DuckDB", "[possible values: duckdb, spark]");
    refused("sql --dialect duckdb interactions.jsonl", "unexpected argument");
    refused("sql --dialect duckdb --report uplift", "[possible values: journey]");
    refused("sql --dialect duckdb --by channel", "--report <REPORT>");
    refused("sql --dialect duckdb --report journey --by moon", "[possible values: point, recipient, ");
    refused("sql --dialect duckdb --report journey --ddl", "cannot be used with");
    let whole = |flag: &str, name: &str, said: &str| {
        let run = serveup("sql --dialect spark").arg(flag).arg(name).status(2);
        run.stderr(format!("serveup: {flag}: {said}\n")).run();
    };
    let empty = "write a name, or names joined by dots, like lake.service.interactions";
    whole("--table", "a..b", &format!("cannot use \"a..b\"; {empty}"));
    whole("--recipients-table", "", &format!("cannot use \"\"; {empty}"));
    whole("--table", "a\nb", "cannot use \"a\\u{a}b\"; write a name without control characters and line breaks");
    whole("--table", "${x}", "cannot use \"${x}\"; write a name without ${, which Spark takes for a variable");
    let bad = serveup("sql --dialect duckdb --levels bad.toml").file("bad.toml", "[escalator]\nform = 1\n").status(2);
    bad.stderr_has("serveup: bad.toml:2:1: ").run();
}

#[test]
fn tags_that_differ_in_capitals_alone_are_one_to_an_engine() {
    let said = "serveup: --by: \"tags.Region\" differs from another only in capitals, which engines do not tell apart; \
                leave one out\n";
    for dialect in ["duckdb", "spark"] {
        let run = serveup(&format!("sql --dialect {dialect} --report journey --by tags.region,tags.Region")).status(2);
        run.stderr(said).run();
    }
    let run = serveup("sql --dialect spark --report journey --by").arg("tags.${env:HOME}").any_stdout().run();
    assert!(!run.stdout.contains("${"), "{}", run.stdout);
}
