//! The escalator drawn as stairs: on each step the acts at that level, and an arrow down to where
//! they will be next.

use crate::Level;
use crate::assess::decay::Act;
use maud::{Markup, html};

use super::words::{count, text as word};
use super::{Page, drawing, text};
use crate::print::table::shown;

/// The height of a step.
const RISE: u64 = 58;

/// Room above the highest step for the acts on it.
const ROOM: u64 = 40;

/// How many acts are in a row, and how many are drawn at most: their number is beside them.
const ROW: usize = 3;
pub(super) const DRAWN: usize = 6;

/// How many steps are above a level.
const fn above(level: Level) -> u64 {
    (Level::Unbelievable.rank() - level.rank()) as u64
}

/// Where the step with this number begins: each is a sixth of the width.
fn edge(steps: u64) -> String {
    format!("{:.3}%", drawing::per_cent(steps, 6, 100.0))
}

/// The height of a step.
const fn height(level: Level) -> u64 {
    above(level) * RISE + ROOM
}

pub(super) fn drawn(page: Page<'_>, acts: &[Act]) -> Markup {
    let standing = |level: Level| acts.iter().filter(|act| act.stands_on == level).count();
    let steps: Vec<(Level, usize)> = Level::ALL.into_iter().rev().map(|level| (level, standing(level))).collect();
    let told = steps.iter().filter(|(_, here)| *here > 0);
    let told = told.map(|(level, here)| {
        page.model.page().fill_for("stairs_step", *here as u64, &[("level", &drawing::label(page.model, *level))])
    });
    let told = told.collect::<Vec<_>>().join(", ");
    let told = page.model.page().fill("stairs_told", &[("steps", &told)]);
    let bottom = ROOM + 6 * RISE;
    html! {
        svg.stairs width="100%" height=(bottom) role="img" aria-label=(told) {
            @for &(level, _) in &steps {
                rect.body x=(edge(above(level))) y=(height(level)) width=(edge(1)) height=(bottom - height(level)) {}
                rect class=(text::class(level)) x=(edge(above(level))) y=(height(level)) width=(edge(1)) height="9" {}
            }
            @for &(level, here) in &steps {
                (words(page, level, here))
                (standing_on(level, here))
                (falls(page, acts, level, here))
            }
        }
    }
}

/// What a step is: beside it where the air is free, below it where the stairs are.
fn words(page: Page<'_>, level: Level, here: usize) -> Markup {
    let (x, y, anchor, shift) = if level > Level::BASELINE {
        (edge(above(level) + 1), height(level) + 4, "start", 34)
    } else {
        (edge(above(level) + 1), height(level) + 28, "end", -8)
    };
    html! {
        svg x=(x) y=(y) overflow="visible" {
            text.label x=(shift) y="0" text-anchor=(anchor) { @if level > Level::BASELINE { "◂ " } tspan.rank { (level.rank()) } " " (shown(page.model.label(level))) }
            text.count x=(shift) y="17" text-anchor=(anchor) { (if here == 0 { word(page.model, "no_act_here").to_owned() } else { count(page.model, "acts", here as u64) }) }
        }
    }
}

/// The acts on a step, a dot for each.
fn standing_on(level: Level, here: usize) -> Markup {
    let place = |dot: usize| ((dot % ROW) * 15 + 11, 25 - (dot / ROW) * 15);
    html! {
        svg x=(edge(above(level))) y=(height(level) - 34) overflow="visible" {
            @for (x, y) in (0..here.min(DRAWN)).map(place) { circle class=(text::class(level)) cx=(x) cy=(y) r="6" {} }
        }
    }
}

/// The arrows from a step down to where its acts will be next.
fn falls(page: Page<'_>, acts: &[Act], from: Level, here: usize) -> Markup {
    let to = |to: Level| acts.iter().filter(|act| act.stands_on == from && act.standing == to).count();
    html! {
        @for level in Level::ALL.into_iter().filter(|level| *level < from) {
            @let many = to(level);
            @let down = (above(level) - above(from)) * RISE;
            @if many > 0 {
                svg x=(edge(above(level))) y=(height(from)) overflow="visible" {
                    path.fall d={ "M-9 -9C12 -9 16 2 16 " (down - 36) "M10.5 " (down - 43) "L16 " (down - 35) "L21.5 " (down - 43) } {}
                    @if many < here { text.count x="26" y=(down - 36) { (page.model.page().number(many as u64)) } }
                }
            }
        }
    }
}
