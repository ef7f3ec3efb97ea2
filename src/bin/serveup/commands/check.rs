//! `serveup check POINT`: one moment described by flags.

use std::borrow::Cow;

use anyhow::{Context, Result, anyhow, bail};
use serveup::print::text::shown;
use serveup::print::{path_end, text};
use serveup::{Draft, ExplainedRating, Field, Interaction, Problem, Reading, RecipientDraft, Recipients, Session};

use super::check_point;
use super::reading::refuse_records;
use crate::args::CheckArgs;
use crate::exit::Exit;
use crate::gates::Gate;
use crate::printing;
use crate::settings::{self, style};
use crate::sources;

/// Nobody in particular: the recipient of a moment that is only described.
const SOMEONE: &str = "someone";

pub(crate) fn run(args: &CheckArgs) -> Result<Exit> {
    if !args.files.is_empty() {
        return check_point::run(args);
    }
    if sources::is_file(&args.point) {
        let name = shown(&args.point);
        bail!("{name}: is a file; name the point before it, like serveup check delivery/packaging {name}");
    }
    refuse_records(args.reads.for_records().or(args.share.require.map(|_| "--require")))?;
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let style = style(&args.print)?;
    let reading = Reading::from(&model);
    let moment = described(args, &reading, Part::This).map_err(|problem| in_flags(&problem))?;
    let before = described(args, &reading, Part::Before).map_err(|problem| in_flags(&problem))?;
    let recipients = recipients(args).map_err(|problem| in_flags(&problem))?;
    let mut session = Session::of(&model, recipients);
    session.repeat(&before, args.repeat.get() - 1)?;
    let wording = printing::wording(style.format);
    let mut rating = session.rate(&moment, Some(wording))?.context("no window leaves it out")?;
    rating.outline.recipient = None;
    let mut gate = Gate::new(&args.gate);
    gate.consider(&rating.assessment, None, |finding| format!("{}: {finding}", path_end(&args.point, 80)));
    let row = ExplainedRating::new(&model, rating);
    let in_words = || text::check::moment(&model, &row.rating, style);
    printing::report(&args.print, style, in_words, &row, std::slice::from_ref(&row), &row)?;
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

/// A problem of a record, worded for the flag it came from.
fn in_flags(problem: &Problem) -> anyhow::Error {
    let text = problem.to_string();
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
