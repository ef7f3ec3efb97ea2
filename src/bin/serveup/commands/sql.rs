//! `serveup sql`: the rules in force as one query for an engine.

use anyhow::{Result, anyhow, bail};
use serveup::assess::Dimension;
use serveup::sql::{Dialect, TableName, ddl, journey_query, query};

use crate::args::{DialectArg, ReportArg, SqlArgs, each_once};
use crate::exit::Exit;
use crate::output::write_text;
use crate::settings;

pub(crate) fn run(args: &SqlArgs) -> Result<Exit> {
    let dialect = match args.dialect {
        DialectArg::Duckdb => Dialect::DuckDb,
        DialectArg::Spark => Dialect::Spark,
    };
    let model = settings::model(args.rules.levels.as_deref())?;
    let interactions = table("--table", &args.table, dialect)?;
    let recipients = args.recipients_table.as_deref();
    let recipients = recipients.map(|name| table("--recipients-table", name, dialect)).transpose()?;
    let by = each_once(&args.by);
    let lower = |by: &Dimension| by.name().to_lowercase();
    if let Some(twin) = by.iter().enumerate().find(|(place, one)| by[..*place].iter().any(|by| lower(by) == lower(one)))
    {
        let name = serveup::Found::text(&twin.1.name());
        bail!("--by: {name} differs from another only in capitals, which engines do not tell apart; leave one out");
    }
    let text = if args.ddl {
        ddl(dialect, &interactions, recipients.as_ref())
    } else {
        match args.report {
            Some(ReportArg::Journey) => journey_query(&model, dialect, &interactions, recipients.as_ref(), &by),
            None => query(&model, dialect, &interactions, recipients.as_ref()),
        }
    };
    write_text(args.output.as_deref(), text.as_bytes())?;
    Ok(Exit::Done)
}

fn table(flag: &str, name: &str, dialect: Dialect) -> Result<TableName> {
    let shown = serveup::Found::text(name);
    TableName::new(name, dialect).map_err(|error| anyhow!("{flag}: cannot use {shown}; {error}"))
}
