//! `serveup decay FILE…`: every act on the escalator, and when it will rest.

use anyhow::{Result, anyhow};
use serveup::assess::decay::{Act, Acts, ActsFold};
use serveup::{Level, Model, Moment, Zone};
use unicode_width::UnicodeWidthStr;

use super::assessed::{Assessed, Opened};
use crate::args::{DecayArgs, Format};
use crate::exit::Exit;
use crate::messages::{count, note};
use crate::output::Output;
use crate::render;
use crate::render::table::{Column, columns, label, middle_out, paragraph, shortened, shown};
use crate::settings::{self, Look};

pub(crate) fn run(args: &DecayArgs) -> Result<Exit> {
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let look = Look::new(&args.print);
    let opened = Opened::new(&model, &args.files, &args.reads, true)?;
    let zone = opened.zone.clone();
    let (_, report) = read_acts(opened, args.as_of.as_deref(), args.reads.quiet)?;
    let mut output = Output::open(args.print.output.as_deref())?;
    if look.format == Format::Table {
        output.put(table(&model, &report, &zone, look).as_bytes())?;
        output.finish()?;
    } else {
        render::document(look, output, &report, &report.acts, &Act::blank())?;
    }
    Ok(Exit::Done)
}

/// Reads all records, up to an instant or a date if one is named, and gathers the acts on the
/// escalator. Tells which were left out.
pub(super) fn read_acts<'m>(mut opened: Opened<'m>, named: Option<&str>, quiet: bool) -> Result<(Assessed<'m>, Acts)> {
    let since = opened.window.since();
    let as_of = named.map(|text| as_of(text, &opened.zone)).transpose()?;
    if let Some(as_of) = as_of {
        opened.window = opened.window.not_after(as_of);
    }
    let assessed = opened.read()?;
    let mut fold = ActsFold::default();
    assessed.in_time_order(|entry| fold.take(entry));
    if as_of.is_some() && assessed.timed() == Some(false) {
        return Err(anyhow!("--as-of needs `at`, and the records have none"));
    }
    let acts = fold.finish(assessed.assessor(), as_of.or(assessed.latest()), since);
    if acts.forgotten > 0 {
        let forgotten = count(acts.forgotten, "act");
        note(quiet, &format!("{forgotten} left out: longer ago than the rules remember"));
    }
    Ok((assessed, acts))
}

/// An instant, or the end of a date: its last microsecond.
fn as_of(text: &str, zone: &Zone) -> Result<serveup::Instant> {
    let moment = Moment::parse(text, Some(zone));
    let moment = moment.map_err(|error| anyhow!("--as-of: found \"{}\"; allowed: {error}", shown(text)))?;
    Ok(match moment {
        Moment::Point(instant) => instant,
        Moment::Day { start, end } => serveup::Instant::from_micros(end.micros() - 1).unwrap_or(start),
    })
}

fn table(model: &Model, report: &Acts, zone: &Zone, look: Look) -> String {
    let width = usize::from(look.width);
    if report.acts.is_empty() {
        let from = label(model, model.escalator().from);
        return format!("no act is on the escalator: none has been {from} or better\n");
    }
    let label = |level: Level| format!("{} {}", level.rank(), label(model, level));
    let widest =
        |of: fn(&Act) -> Level| report.acts.iter().map(|act| label(of(act)).width()).max().unwrap_or(0).min(16);
    let (next, missed) = (widest(|act| act.standing), widest(|act| act.if_missed).max("if missed".len()));
    let rests = |act: &Act| match act.rests_on {
        Some(at) => at.to_minute(zone).get(..10).unwrap_or_default().to_owned(),
        None => "-".to_owned(),
    };
    let rhythm = |act: &Act| {
        let late = if act.overdue == Some(true) { " !" } else { "" };
        act.usual_gap_days.map_or_else(|| "-".to_owned(), |days| format!("{}{late}", short_days(days)))
    };
    let rhythms = report.acts.iter().map(|act| rhythm(act).width()).max().unwrap_or(0).clamp(5, 9);
    let rest = width.saturating_sub(next + missed + 4 + 10 + rhythms + 6 * 2);
    let longest = |text: fn(&Act) -> &str| report.acts.iter().map(|act| shown(text(act)).width()).max().unwrap_or(0);
    let who = longest(|act| &act.recipient).clamp(3, (rest * 2 / 5).max(3));
    let act = longest(|act| &act.action).clamp(3, rest.saturating_sub(who).max(3));
    let of = |text: &dyn Fn(&Act) -> String| report.acts.iter().map(text).collect::<Vec<_>>().into_iter();
    let table = [
        Column::new("who", who, of(&|row| middle_out(&row.recipient, who))),
        Column::new("act", act, of(&|row| shortened(&row.action, act))),
        Column::new("next", next, of(&|row| label(row.standing))),
        Column::new("left", 4, of(&|row| format!("{:>4}", row.left))),
        Column::new("rests on", 10, of(&rests)),
        Column::new("if missed", missed, of(&|row| label(row.if_missed))),
        Column::new("every", rhythms, of(&rhythm)),
    ];
    let mut text = columns(look, &table);
    text.push('\n');
    let overdue = report.acts.iter().filter(|act| act.overdue == Some(true)).count() as u64;
    let overdue = if overdue > 0 { format!(", {overdue} overdue (!)") } else { String::new() };
    let end = format!(
        "{} on the escalator{overdue}. By the rule, not a forecast: \"next\" is what the next delivery will be worth, \
         \"left\" how many more are above where it rests, at its usual rhythm on that date.",
        count(report.acts.len() as u64, "act")
    );
    text.push_str(&paragraph(&end, width));
    text
}

/// `7 d`, `0.5 d`.
fn short_days(days: f64) -> String {
    if (days - days.round()).abs() < 0.05 { format!("{days:.0} d") } else { format!("{days:.1} d") }
}
