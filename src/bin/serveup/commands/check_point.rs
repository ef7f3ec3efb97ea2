//! `serveup check POINT FILE…`: one perception point as recorded.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, anyhow};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serveup::assess::journey::{Group, JourneyFold};
use serveup::assess::uplift::{Direction, UpliftFold};
use serveup::assess::{Dimension, Key};
use serveup::{Calendar, Found, Interaction, Level, Model, Rating, Speech};

use super::assessed::Opened;
use crate::args::{CheckArgs, Format};
use crate::exit::Exit;
use crate::gate::Gate;
use crate::messages::{count, grouped};
use crate::output::Output;
use crate::render;
use crate::render::bars::{LEGEND, diverging, estimate};
use crate::render::table::{hanging, label, middle_out, path_end, shown};
use crate::settings::{self, Look, Part};

/// How many of the worst and of the latest moments are shown.
const SHOWN: usize = 5;

/// How many points an error lists.
const LISTED: usize = 12;

pub(crate) fn run(args: &CheckArgs) -> Result<Exit> {
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let look = Look::new(&args.print);
    let speech = if look.format == Format::Table { Speech::Labels } else { Speech::Names };
    let opened = Opened::new(&model, &args.files, &args.reads, true)?;
    let mut uplift = UpliftFold::new(Calendar::Month, opened.zone.clone(), vec![Dimension::Point]);
    let mut paths = BTreeSet::new();
    let mut seen = |interaction: &Interaction<'_>| {
        let path = interaction.path();
        if !paths.contains(path.as_ref()) {
            paths.insert(path.into_owned());
        }
    };
    let assessed = opened.read_and_watch(&mut seen)?;
    let path = meant(&args.point, &paths)?;
    let mut journey = JourneyFold::new(vec![Dimension::Point]);
    let (mut worst, mut latest) = (First(BTreeMap::new()), First(BTreeMap::new()));
    let mut gate = Gate::new(&args.gate);
    assessed.moments(|moment, when, part| {
        if part != Part::Reported || moment.interaction.path() != path {
            return Ok(());
        }
        let rating = Rating::of(moment, speech);
        gate.consider(&rating, |finding| named(&rating, &finding));
        journey.take(moment, when)?;
        if when.at.is_some() {
            uplift.take(moment, when)?;
        }
        let row = || Ok(Shown { row: to_raw_value(&rating)?, line: line(&model, &rating) });
        if moment.remarked() {
            worst.offer((rating.assessment.level, Reverse(when)), row)?;
        }
        latest.offer(Reverse(when), row)
    })?;
    let journey = journey.finish(&model, |_| None);
    let key = Key(vec![(Dimension::Point, Some(path.to_owned()))]);
    let blank = Group { key: Some(key), ..Group::blank(&model, &[Dimension::Point]) };
    let group = journey.groups.first().unwrap_or(&blank);
    let direction =
        uplift.finish(&model, None).ok().and_then(|uplift| uplift.groups.first().map(|group| group.direction));
    let mut output = Output::open(args.print.output.as_deref())?;
    if look.format == Format::Table {
        let moments = [("worst", worst.lines()), ("latest", latest.lines())];
        output.put(in_words(&model, path, group, direction, &moments, look).as_bytes())?;
        output.finish()?;
    } else {
        let checked = Checked {
            group,
            worst_moments: worst.rows(),
            latest_moments: latest.rows(),
            direction: direction.map(Direction::name),
            step_up: group.median.map(|level| model.level(level).step_up.as_str()),
        };
        render::document(look, output, &checked, std::slice::from_ref(&checked), &checked)?;
    }
    Ok(gate.exit())
}

/// The path a name means: the path itself, or its last part if only one ends
/// so. Where nothing is recorded any name will do.
fn meant<'p>(point: &'p str, paths: &'p BTreeSet<String>) -> Result<&'p str> {
    if let Some(path) = paths.get(point) {
        return Ok(path);
    }
    if paths.is_empty() {
        return Ok(point);
    }
    let ending: Vec<&String> = paths.iter().filter(|path| path.rsplit('/').next() == Some(point)).collect();
    let listed = |paths: &mut dyn Iterator<Item = &String>, all: usize| {
        let shown: Vec<_> = paths.take(LISTED).map(|path| path_end(path, 60)).collect();
        let more = if all > LISTED { format!(" and {} more", all - LISTED) } else { String::new() };
        format!("{}{more}", shown.join(", "))
    };
    match ending.as_slice() {
        [only] => Ok(only),
        [] => Err(anyhow!("point: found {}; allowed: {}", Found::text(point), listed(&mut paths.iter(), paths.len()))),
        several => {
            let found = Found::text(point);
            let all = several.len();
            Err(anyhow!(
                "point: found {found}, which is the end of {all} paths; allowed: {}",
                listed(&mut several.iter().copied(), all)
            ))
        }
    }
}

/// A moment as a row and as a line for people.
struct Shown {
    row: Box<RawValue>,
    line: String,
}

/// The first few moments by some order.
struct First<K>(BTreeMap<K, Shown>);

impl<K: Ord> First<K> {
    fn offer(&mut self, key: K, row: impl FnOnce() -> Result<Shown>) -> Result<()> {
        if self.0.len() >= SHOWN {
            if self.0.last_key_value().is_some_and(|(last, _)| *last < key) {
                return Ok(());
            }
            self.0.pop_last();
        }
        self.0.insert(key, row()?);
        Ok(())
    }

    fn rows(&self) -> Vec<Box<RawValue>> {
        self.0.values().map(|shown| shown.row.clone()).collect()
    }

    fn lines(&self) -> Vec<&str> {
        self.0.values().map(|shown| shown.line.as_str()).collect()
    }
}

/// A `journey` group with its worst and latest moments.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Checked<'a> {
    #[serde(flatten)]
    group: &'a Group,
    #[schemars(with = "Vec<Rating<'static>>")]
    worst_moments: Vec<Box<RawValue>>,
    #[schemars(with = "Vec<Rating<'static>>")]
    latest_moments: Vec<Box<RawValue>>,
    #[schemars(with = "Option<Direction>")]
    direction: Option<&'static str>,
    step_up: Option<&'a str>,
}

/// What is said about one moment: its id, or when and who it was.
fn named(rating: &Rating<'_>, what: &str) -> String {
    let outline = &rating.outline;
    let text = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(shown);
    match text(&outline.id) {
        Some(id) => format!("{id}: {what}"),
        None => {
            let words = [text(&outline.at), text(&outline.recipient)];
            format!("{}: {what}", words.into_iter().flatten().collect::<Vec<_>>().join(" "))
        }
    }
}

fn line(model: &Model, rating: &Rating<'_>) -> String {
    let label = label(model, rating.assessment.level);
    let slid = if rating.assessment.reason.slid() { ", slid" } else { "" };
    let why = rating.details.as_ref().map(|details| details.why.join(" · ")).unwrap_or_default();
    let when = rating.outline.at.as_deref().map(|at| shown(at.get(..10).unwrap_or(at)) + " ").unwrap_or_default();
    let who = rating.outline.recipient.as_deref().map(|who| middle_out(who, 40)).unwrap_or_default();
    format!("{when}{who}: {label}{slid} · {}", shown(&why))
}

fn in_words(
    model: &Model,
    path: &str,
    group: &Group,
    direction: Option<Direction>,
    moments: &[(&str, Vec<&str>)],
    look: Look,
) -> String {
    let width = usize::from(look.width);
    let label = |level: Option<Level>| level.map_or_else(|| "-".to_owned(), |level| label(model, level));
    let counts = format!("{} of {}", count(group.count, "interaction"), count(group.recipients, "recipient"));
    let mut text = hanging(&format!("{}: ", path_end(path, width / 2)), &counts, width);
    text.push('\n');
    if group.count == 0 {
        text.push_str("  none of them in the time asked for\n");
        return text;
    }
    let half = (width.saturating_sub(13) / 2).min(30);
    text.push_str(&format!("  {}\n", diverging(&group.levels.0, half)));
    text.push_str(&hanging("  ", LEGEND, width));
    text.push('\n');
    let levels = Level::ALL.into_iter().filter(|level| group.levels.0.0[level.index()] > 0);
    let levels = levels.map(|level| format!("{} {}", grouped(group.levels.0.0[level.index()]), label(Some(level))));
    let levels = levels.collect::<Vec<_>>().join(", ");
    let mut lines = vec![
        ("levels", if levels.is_empty() { "nothing was noted".to_owned() } else { levels }),
        ("middle", format!("{}; half of them from {} to {}", label(group.median), label(group.q1), label(group.q3))),
        ("sound", format!("{}; {}", estimate(group.sound), count(group.failures, "failure"))),
        ("top half", estimate(group.top_half)),
    ];
    let asides = [(group.slid, "only slid"), (group.lapses, "lapsed"), (group.unremarked, "unremarked")];
    let asides =
        asides.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{} {what}", grouped(*number)));
    let asides = asides.collect::<Vec<_>>().join(", ");
    if !asides.is_empty() {
        lines.push(("of them", asides));
    }
    if let Some(direction) = direction {
        lines.push(("going", format!("{}, month by month", direction.name())));
    }
    for (head, line) in lines {
        text.push_str(&hanging(&format!("  {head:<9} "), &line, width));
    }
    for (head, lines) in moments {
        let mut head = format!("  {head:<9} ");
        for line in lines {
            text.push_str(&hanging(&head, line, width));
            head = " ".repeat(12);
        }
    }
    if let Some(median) = group.median {
        text.push_str(&hanging("  step up   ", &shown(&model.level(median).step_up), width));
    }
    text
}
