//! `serveup check POINT`: one moment described by flags.

use std::borrow::Cow;

use anyhow::{Context, Result, anyhow};
use serde::{Serialize, Serializer};
use serveup::{
    Assessor, Draft, Field, Half, Interaction, Model, Problem, Rating, Reading, RecipientDraft, Recipients, Speech,
};

use super::assessed::no_records_needed;
use super::check_point;
use crate::args::{CheckArgs, Format};
use crate::exit::Exit;
use crate::gate::Gate;
use crate::input::place::with_nearest;
use crate::output::Output;
use crate::render;
use crate::render::table::{hanging, label, path_end, shown};
use crate::settings::{self, Look};

/// Nobody in particular: the recipient of a moment that is only described.
const SOMEONE: &str = "someone";

pub(crate) fn run(args: &CheckArgs) -> Result<Exit> {
    if !args.files.is_empty() {
        return check_point::run(args);
    }
    no_records_needed(&args.reads)?;
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let look = Look::new(&args.print);
    let reading = Reading { model: &model, zone: None };
    let moment = described(args, &reading, Part::This).map_err(|problem| in_flags(&problem))?;
    let before = described(args, &reading, Part::Before).map_err(|problem| in_flags(&problem))?;
    let recipients = recipients(args).map_err(|problem| in_flags(&problem))?;
    let mut assessor = Assessor::new(&model, recipients);
    let entry = assessor.enter(&before)?;
    let mut rest = args.repeat.get() - 1;
    while rest > 0 {
        let footing = assessor.settle(&entry);
        rest -= 1;
        // an act at rest stays there: a million times more change only the count
        if rest > 1_000_000 && footing.is_some_and(|footing| footing.deliveries > 1_000_000) {
            rest %= 2;
        }
    }
    let entry = assessor.enter(&moment)?;
    let footing = assessor.settle(&entry);
    let speech = if look.format == Format::Table { Speech::Labels } else { Speech::Names };
    let mut rating = Rating::of(&assessor.moment(&moment, footing), speech);
    rating.outline.recipient = None;
    let mut gate = Gate::new(&args.gate);
    gate.consider(&rating, |finding| format!("{}: {finding}", path_end(&args.point, 80)));
    let output = Output::open(args.print.output.as_deref())?;
    if look.format == Format::Table {
        print(&model, &rating, look, output)?;
    } else {
        let row = Checked::new(&model, rating);
        let sample = std::slice::from_ref(&row);
        render::document(look, output, &row, sample, &row)?;
    }
    Ok(gate.exit())
}

/// Which of the moments is described.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    This,
    /// One of those before: alike, but without omission, verdict and claim.
    Before,
}

fn described<'a>(args: &'a CheckArgs, reading: &Reading<'_>, part: Part) -> Result<Interaction<'a>, Problem> {
    let mut draft = Draft::default();
    draft.text(reading, Field::Recipient, Cow::Borrowed(SOMEONE))?;
    draft.text(reading, Field::Point, Cow::Borrowed(&args.point))?;
    // the moment is an act named after its point, so that it can be repeated
    draft.text(reading, Field::Action, Cow::Borrowed(&args.point))?;
    for (place, signal) in args.signals.iter().enumerate() {
        if part == Part::This || signal != "omitted" {
            draft.signal(reading, place, signal)?;
        }
    }
    for (place, value) in args.values.iter().enumerate() {
        draft.value(reading, place, value)?;
    }
    for (key, text) in &args.served {
        draft.served(Cow::Borrowed(key), Cow::Borrowed(text))?;
    }
    if part == Part::This {
        if args.omitted {
            draft.signal(reading, args.signals.len(), "omitted")?;
        }
        if let Some(verdict) = args.verdict {
            draft.text(reading, Field::Verdict, Cow::Borrowed(verdict.name()))?;
        }
        if let Some(claimed) = args.claimed {
            draft.text(reading, Field::Claimed, Cow::Borrowed(claimed.name()))?;
        }
    }
    draft.finish()
}

fn recipients(args: &CheckArgs) -> Result<Recipients, Problem> {
    let mut recipients = Recipients::default();
    let mut someone = RecipientDraft::default();
    someone.id(SOMEONE)?;
    for (key, wanted) in &args.prefers {
        someone.prefers(key, wanted)?;
    }
    recipients.add(someone.finish()?)?;
    Ok(recipients)
}

/// A problem of a record, said of the flag it came from.
fn in_flags(problem: &Problem) -> anyhow::Error {
    let text = with_nearest(problem);
    let flag = match problem.field.split(['[', '.']).next() {
        Some("signals") => "--signal",
        Some("value") => "--value",
        Some("served") => "--served",
        Some("prefers") => "--prefers",
        _ => return anyhow!(text),
    };
    let rest = text.split_once(": ").map_or(text.as_str(), |(_, rest)| rest);
    anyhow!("{flag}: {rest}")
}

/// A rating with what its level means and what takes it up a step.
#[derive(schemars::JsonSchema)]
pub(super) struct Checked<'a> {
    #[schemars(flatten)]
    rating: Rating<'a>,
    /// The half of the scale its level lies in.
    half: Half,
    /// What the recipient lives through at that level.
    means: &'a str,
    /// What takes the next step up from there.
    step_up: &'a str,
}

impl<'a> Checked<'a> {
    fn new(model: &'a Model, rating: Rating<'a>) -> Self {
        let rule = model.level(rating.assessment.level);
        Self { half: rating.assessment.level.half(), means: &rule.means, step_up: &rule.step_up, rating }
    }
}

impl Serialize for Checked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = self.rating.open_row(serializer, 3)?;
        serde::ser::SerializeStruct::serialize_field(&mut row, "half", &self.half)?;
        serde::ser::SerializeStruct::serialize_field(&mut row, "means", self.means)?;
        serde::ser::SerializeStruct::serialize_field(&mut row, "step_up", self.step_up)?;
        serde::ser::SerializeStruct::end(row)
    }
}

fn print(model: &Model, rating: &Rating<'_>, look: Look, mut output: Output) -> Result<()> {
    let width = usize::from(look.width);
    let rule = model.level(rating.assessment.level);
    let label = |level: serveup::Level| label(model, level);
    let (rank, half) = (rating.assessment.level.rank(), rating.assessment.level.half().name());
    let slid = if rating.assessment.reason.slid() { ", only slid" } else { "" };
    let failure = if rating.assessment.failure { ", a failure" } else { "" };
    let mut text = hanging(
        &format!("{}: ", path_end(&rating.outline.point, width / 2)),
        &format!("{}{slid}{failure} (level {rank} of 6, {half} half)", label(rating.assessment.level)),
        width,
    );
    text.push('\n');
    text.push_str(&hanging("  means    ", &shown(&rule.means), width));
    let mut head = "  why      ";
    for line in rating.details.iter().flat_map(|details| &details.why) {
        text.push_str(&hanging(head, &shown(line), width));
        head = "           ";
    }
    if let Some(next) = rating.assessment.next {
        let line = format!("done as well again, it will be worth {}", label(next));
        text.push_str(&hanging("  next     ", &line, width));
    }
    if let (Some(claimed), Some(gap)) = (rating.outline.claimed, rating.gap()) {
        let opinion = match gap {
            0 => "and the provider sees it so".to_owned(),
            1.. => format!("{} too high", crate::messages::count(u64::from(gap.unsigned_abs()), "level")),
            _ => format!("{} too low", crate::messages::count(u64::from(gap.unsigned_abs()), "level")),
        };
        text.push_str(&hanging("  claimed  ", &format!("{}, {opinion}", label(claimed)), width));
    }
    text.push_str(&hanging("  step up  ", &shown(&rule.step_up), width));
    output.put(text.as_bytes()).context("printing")?;
    output.finish()
}
