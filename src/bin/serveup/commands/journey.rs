//! `serveup journey`: how each point of the journey, or any other group, is experienced.

use anyhow::Result;
use serveup::assess::Key;
use serveup::assess::journey::{BriefGroup, Group, Journey, OffPlan};
use serveup::print::text::{self, shown};
use serveup::print::{Chunk, Document, Format, InParts};
use serveup::wording::count;
use serveup::{Keeps, Model};

use super::reading::{Input, help_without_input};
use crate::args::{JourneyArgs, Sort};
use crate::exit::Exit;
use crate::gates::require;
use crate::memory::leave;
use crate::messages::note;
use crate::printing::{self, TOGETHER};
use crate::settings::{self, style};

pub(crate) fn run(args: &JourneyArgs) -> Result<Exit> {
    help_without_input("journey", &args.files)?;
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let style = style(&args.print)?;
    let by = args.by.dimensions();
    let input = Input::open(&model, &args.files, &args.reads)?;
    let counted = Keeps::journey(&by);
    let keeps = if input.takes_back { Keeps { tags: counted.tags, ..Keeps::ALL } } else { counted };
    let (mut settled, _) = input.settle(keeps)?;
    let mut journey = settled.journey(by.clone())?;
    tell_off_plan(&model, &journey, args.reads.quiet);
    if let Some(order) = args.sort {
        sort(&mut journey.groups, order);
    }
    let blank = Group::blank(&model, &by);
    let threads = settings::threads(args.reads.threads);
    let in_words = || text::journey::table(&model, &journey, style, threads);
    let shell = journey.without_groups();
    let document = Document::With(&shell, "groups", &journey.groups);
    let parts = journey.groups.chunks(TOGETHER);
    if style.format == Format::Md {
        let brief = |groups: &[Group], chunk: &mut Chunk| printing::each(groups.iter().map(BriefGroup::from), chunk);
        let rows = InParts { parts, rows: brief, sample: &BriefGroup::from(&blank) };
        printing::long_report(&args.print, style, threads, in_words, &document, rows)?;
    } else {
        let rows = InParts { parts, rows: printing::each, sample: &blank };
        printing::long_report(&args.print, style, threads, in_words, &document, rows)?;
    }
    let exit = require(&model, &args.gate, &journey)?;
    leave((settled, journey));
    Ok(exit)
}

/// How many points are named in a note.
const NAMED: usize = 5;

/// Prints where journeys laid out and what is recorded of them differ.
pub(super) fn tell_off_plan(model: &Model, journey: &Journey, quiet: bool) {
    for OffPlan { journey, unknown, empty, steps } in journey.off_plan(model) {
        if !unknown.is_empty() {
            let (number, are) = (count(unknown.len() as u64, "point"), if unknown.len() == 1 { "is" } else { "are" });
            let names: Vec<String> = unknown.iter().take(NAMED).map(|point| shown(point)).collect();
            let more = match unknown.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let names = names.join(", ");
            note(
                quiet,
                &format!("{number} of journey {} {are} not in the levels file: {names}{more}", shown(&journey)),
            );
        }
        if empty > 0 {
            let steps = count(steps as u64, "point");
            note(quiet, &format!("nothing is recorded at {empty} of the {steps} of journey {}", shown(&journey)));
        }
    }
}

fn sort(groups: &mut [Group], order: Sort) {
    let words = |group: &Group| group.key.as_ref().map(Key::in_words);
    match order {
        Sort::Name => groups.sort_by_cached_key(words),
        Sort::Count => groups.sort_by_key(|group| std::cmp::Reverse(group.count)),
        Sort::Worst => groups.sort_by(|one, other| {
            // a group without remarked moments has no share, and comes last
            let shares = |group: &Group| [group.sound.share, group.top_half.share].map(|share| share.unwrap_or(2.0));
            shares(one).partial_cmp(&shares(other)).unwrap_or(std::cmp::Ordering::Equal)
        }),
    }
}
