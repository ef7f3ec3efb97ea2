//! `serveup check POINT FILE…`: one perception point as recorded.

use std::collections::BTreeSet;

use anyhow::Result;
use serveup::assess::point::{PointError, PointFold, meant};
use serveup::print::text::{self, shown};
use serveup::{Keeps, Rating, Scope, SessionError};

use super::reading::Input;
use crate::args::CheckArgs;
use crate::exit::Exit;
use crate::gates::Gate;
use crate::printing;
use crate::settings::{self, style};

pub(crate) fn run(args: &CheckArgs) -> Result<Exit> {
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let style = style(&args.print)?;
    let wording = printing::wording(style.format);
    let input = Input::open(&model, &args.files, &args.reads)?;
    let mut fold = PointFold::new(wording, input.zone.clone());
    let (mut settled, _) = input.settle(Keeps::ALL)?;
    let mut paths = BTreeSet::new();
    settled.paths(|path| {
        if !paths.contains(path) {
            paths.insert(path.to_owned());
        }
    })?;
    let path = meant(&args.point, &paths)?;
    let mut gate = Gate::new(&args.gate);
    settled.moments(|moment, when, scope| {
        if scope != Scope::Reported || moment.interaction.path() != path {
            return Ok(());
        }
        if gate.asked().is_asked() {
            let rating = Rating::of(moment, wording);
            gate.consider(&rating.assessment, |finding| named(&rating, finding));
        }
        Ok::<_, Stopped>(fold.take(moment, when)?)
    })?;
    let point = fold.finish(&model, path);
    let in_words = || text::check::point(&model, path, &point, style);
    printing::report(&args.print, style, in_words, &point, std::slice::from_ref(&point), &point)?;
    Ok(gate.exit())
}

/// Why a point cannot be shown.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
enum Stopped {
    Session(#[from] SessionError),
    Point(#[from] PointError),
}

/// What is printed about one moment: its id, or when and who it was.
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
