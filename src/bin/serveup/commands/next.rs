//! `serveup next`: what to do next for each recipient.

use anyhow::Result;
use serveup::Keeps;
use serveup::assess::loyalty::Loyalty;
use serveup::print::text::next::{Kind, Step, steps};
use serveup::print::{Chunk, Document, InParts, text};

use super::decay_acts::read_until;
use super::reading::{Input, help_without_input};
use crate::args::NextArgs;
use crate::exit::Exit;
use crate::memory::leave;
use crate::printing::{self, TOGETHER};
use crate::settings::{self, style};

/// For how many people a thread says what to do at a time: each of them has about ten steps.
const FOR_SOME: usize = TOGETHER / 8;

pub(crate) fn run(args: &NextArgs) -> Result<Exit> {
    help_without_input("next", &args.files)?;
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let style = style(&args.print)?;
    let input = Input::open(&model, &args.files, &args.reads)?;
    let (mut settled, as_of) = read_until(input, args.reads.as_of.as_deref(), Keeps::ALL)?;
    let named = &args.recipients_named;
    let people = settled.next_steps(as_of, named)?;
    let in_words = || text::next::in_words(&model, &people, style, !named.is_empty());
    let threads = settings::threads(args.reads.threads);
    let parts = printing::parts(people.len(), FOR_SOME);
    let rows = |some, chunk: &mut Chunk| {
        people.part(some).try_for_each(|person| printing::each(steps(&model, &person), chunk))
    };
    let blank = Step::blank("", None, Loyalty::Unknown, Kind::None);
    let document: Document<'_, (), _> = Document::List(&people);
    let rows = InParts { parts, rows, sample: &blank };
    printing::long_report(&args.print, style, threads, in_words, &document, rows)?;
    leave(people);
    leave(settled);
    Ok(Exit::Done)
}
