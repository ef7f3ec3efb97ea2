//! `serveup check POINT FILE…`: one perception point as recorded.

use anyhow::Result;
use serveup::assess::point::meant;
use serveup::print::text::{self, shown};
use serveup::{Keeps, Rating};

use super::reading::Input;
use crate::args::CheckArgs;
use crate::exit::Exit;
use crate::gates::{Gate, require_of_group};
use crate::printing;
use crate::settings::{self, style};

pub(crate) fn run(args: &CheckArgs) -> Result<Exit> {
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let style = style(&args.print)?;
    let wording = printing::wording(style.format);
    let input = Input::open(&model, &args.files, &args.reads)?;
    let (mut settled, _) = input.settle(Keeps::ALL)?;
    let paths = settled.paths()?;
    let path = meant(&args.point, &paths)?;
    let mut gate = Gate::new(&args.gate);
    let asked = gate.asked();
    let find = |rating: &Rating<'_>| asked.finding(&rating.assessment).map(|finding| (finding, named(rating)));
    let find = asked.is_asked().then_some(find);
    let point = settled.point(path, wording, find, |found| {
        gate.pass(1);
        if let Some((finding, named)) = found {
            gate.find(finding, None, |finding| format!("{named}: {finding}"));
        }
    })?;
    let in_words = || text::check::point(&model, path, &point, style);
    printing::report(&args.print, style, in_words, &point, std::slice::from_ref(&point), &point)?;
    Ok(gate.exit().and(require_of_group(&model, &args.share, &point.group)))
}

/// How a moment is named: by its id, or by when and who it was.
fn named(rating: &Rating<'_>) -> String {
    let outline = &rating.outline;
    let text = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(shown);
    text(&outline.id).unwrap_or_else(|| {
        let words = [text(&outline.at), text(&outline.recipient)];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    })
}
