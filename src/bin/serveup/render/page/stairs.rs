//! The escalator drawn as stairs: on each step the acts that stand there, and
//! an arrow down to where they will be next.

use maud::{Markup, html};
use serveup::Level;
use serveup::assess::decay::Act;

use super::{Page, drawing, text};

/// The height of a step.
const RISE: u64 = 62;

/// How far a step lies behind the one above, in percent of the width.
const RUN: u64 = 13;

/// How many acts are drawn on a step before the rest is a number.
const DRAWN: usize = 8;

/// How many steps lie above a level.
const fn above(level: Level) -> u64 {
    (Level::Unbelievable.rank() - level.rank()) as u64
}

pub(super) fn drawn(page: Page<'_>, acts: &[Act]) -> Markup {
    let height = RISE * 6 + 24;
    let steps = Level::ALL.into_iter().rev().map(|level| {
        let here = acts.iter().filter(|act| act.stands_on == level).count();
        (level, here)
    });
    let steps: Vec<(Level, usize)> = steps.collect();
    let told = steps
        .iter()
        .filter(|(_, here)| *here > 0)
        .map(|(level, here)| format!("{} on {}", text::count(*here as u64, "act"), drawing::label(page.model, *level)))
        .collect::<Vec<_>>()
        .join(", ");
    html! {
        svg.stairs width="100%" height=(height) role="img" aria-label={ "Stairs that lead down: " (told) } {
            @for &(level, here) in &steps { (step(page, level, here)) }
            @for &(level, _) in &steps { (falls(acts, level)) }
        }
    }
}

fn step(page: Page<'_>, level: Level, here: usize) -> Markup {
    let (x, y) = (above(level) * RUN, above(level) * RISE + 22);
    html! {
        svg x={ (x) "%" } y=(y) width={ (100 - x) "%" } height=(RISE) {
            rect class={ "tread " (drawing::class(level)) } y="0" width="100%" height="7" {}
            text.label x="10" y="28" { tspan.rank { (level.rank()) } " " (crate::render::table::shown(page.model.label(level))) }
            text.count x="10" y="46" { (if here == 0 { "no act".to_owned() } else { text::count(here as u64, "act") }) }
        }
        svg x={ (x) "%" } y=(y - 22) width={ (100 - x) "%" } height="24" {
            @for place in 0..here.min(DRAWN) {
                circle class={ "act " (drawing::class(level)) } cx=(20 + place * 15) cy="14" r="6" {}
            }
            @if here > DRAWN { text.count x=(20 + DRAWN * 15 - 4) y="18" { "+" (text::grouped((here - DRAWN) as u64)) } }
        }
    }
}

/// The arrows from a step down to where its acts will be next.
fn falls(acts: &[Act], from: Level) -> Markup {
    let to = |to: Level| acts.iter().filter(|act| act.stands_on == from && act.standing == to).count() as u64;
    html! {
        @for level in Level::ALL {
            @let many = to(level);
            @if many > 0 && level < from {
                @let down = (above(level) - above(from)) * RISE;
                @let y = above(from) * RISE + 22;
                svg x={ (above(level) * RUN) "%" } y=(y) width="60" height=(down) overflow="visible" {
                    path.fall d={ "M-16 7V" (down - 8) "Q-16 " (down - 2) " -8 " (down - 2) "H-3M-8 " (down - 7) "L-2 " (down - 2) "L-8 " (down + 3) } {}
                    text.count x="-24" y=(down - 8) text-anchor="end" { (text::grouped(many)) }
                }
            }
        }
    }
}
