//! The headline: the result in words, and where to look first.

use crate::Model;
use crate::assess::decay::Act;
use crate::assess::journey::Group;
use crate::assess::uplift::{Direction, UpliftError, UpliftGroup};
use crate::print::bars;
use crate::stats::Estimate;
use maud::{Markup, html};

use super::point::{path_of, weakest_of};
use super::text::{day, difference, estimate, estimate_in_words, figure, level, level_figure, name, number, path};
use super::words::{count, say, say_for, text as word, value};
use super::{Page, drawing, next};

pub(super) fn section(page: Page<'_>) -> Markup {
    let total = &page.report.journey.total;
    if total.count == 0 {
        return html! { p.headline { (word(page.model, "no_moments")) } };
    }
    let moments = number(page.model, "journey.total.count", total.count);
    let recipients = number(page.model, "journey.total.recipients", total.recipients);
    html! {
        p.headline {
            (spanning(page, moments, recipients))
            " " (shares(page.model, total))
            " " (direction(page)) (points(page))
        }
        (lines(page.model, total))
        (first(page))
    }
}

/// How many moments the page is about, and of which time.
pub(super) fn span(page: Page<'_>) -> Markup {
    let (total, number) = (&page.report.journey.total, |number| value(page.model.page().number(number)));
    spanning(page, number(total.count), number(total.recipients))
}

fn spanning(page: Page<'_>, moments: Markup, recipients: Markup) -> Markup {
    let (model, total) = (page.model, &page.report.journey.total);
    say(
        model,
        "span",
        &[
            ("moments", say_for(model, "moments", total.count, &[("n", moments)])),
            ("of_recipients", say_for(model, "of_recipients", total.recipients, &[("n", recipients)])),
            ("when", when(page)),
        ],
    )
}

/// The periods of the moments.
fn when(page: Page<'_>) -> Markup {
    let series = page.report.together.as_ref().ok().and_then(|all| all.groups.first()).map(|group| &group.series);
    let Some((first, last)) = series.and_then(|series| series.first().zip(series.last())) else { return html! {} };
    let (from, to) = (value(first.period.to_string()), value(last.period.to_string()));
    if first.period == last.period {
        say(page.model, "when_one", &[("period", from)])
    } else {
        say(page.model, "when_more", &[("from", from), ("to", to)])
    }
}

fn shares(model: &Model, total: &Group) -> Markup {
    if total.remarked() == 0 {
        return html! { (word(model, "nothing_noted_at_all")) };
    }
    let share = |is, share| html! { strong { (estimate(model, is, share)) } };
    let values = [
        ("top_half", share("journey.total.top_half", total.top_half)),
        ("sound", share("journey.total.sound", total.sound)),
        ("noted", value(model.page().number(total.remarked()))),
        ("unremarked", number(model, "journey.total.unremarked", total.unremarked)),
    ];
    html! {
        (say(model, if total.unremarked > 0 { "noted_of_some" } else { "noted_of_all" }, &values))
        @if let Some(like) = bars::effective(total.remarked(), total.sound) {
            " " (say(model, "alike", &[
                ("moments", value(count(model, "moments", total.remarked()))),
                ("of_recipients", value(count(model, "of_recipients", total.heard))),
                ("like", value(count(model, "independent", like))),
            ]))
        }
    }
}

/// Why nothing can be said over time.
pub(super) fn unknown(model: &Model, error: UpliftError) -> &str {
    word(model, if error == UpliftError::NoTimes { "no_times" } else { "no_periods" })
}

/// Up or down, all points together.
fn direction(page: Page<'_>) -> Markup {
    let model = page.model;
    let group = match &page.report.together {
        Err(error) => return say(model, "cannot_say", &[("why", value(unknown(model, *error)))]),
        Ok(all) => all.groups.first(),
    };
    let Some(group) = group else { return html! {} };
    let key = match group.direction {
        Direction::Uplifting => "improving",
        Direction::Slipping => "worsening",
        Direction::Steady => "unchanged",
        Direction::TooFew => "cannot_tell",
    };
    let what = html! { strong class={ "going " (group.direction.name()) } { (word(model, key)) } };
    change(model, group, what)
}

/// How many points go up or down, where any does.
fn points(page: Page<'_>) -> Markup {
    let Ok(uplift) = &page.report.over_time else { return html! {} };
    let model = page.model;
    let of = |direction| uplift.groups.iter().filter(|group| group.direction == direction).count() as u64;
    let (up, down) = (of(Direction::Uplifting), of(Direction::Slipping));
    let number = |number| value(model.page().number(number));
    let moved = say(model, "points_moved_link", &[("up", number(up)), ("down", number(down))]);
    html! {
        @if up + down > 0 {
            " " (say(model, "points_moved", &[
                ("points", value(count(model, "points_compared", uplift.compared))),
                ("moved", html! { a href="#over-time" { (moved) } }),
            ]))
        }
    }
}

/// What changed between the last two periods that are finished.
fn change(model: &Model, group: &UpliftGroup, what: Markup) -> Markup {
    let (Some(from), Some(to)) = (group.change.from, group.change.to) else {
        let key = if group.series.len() < 2 { "one_period" } else { "none_finished" };
        return say(model, key, &[("what", what)]);
    };
    let (from, to) = (value(from.to_string()), value(to.to_string()));
    if group.direction == Direction::TooFew {
        let enough = model.enough();
        let moments = value(count(model, "moments", u64::from(enough.interactions.get())));
        let recipients = value(count(model, "of_recipients", u64::from(enough.recipients.get())));
        let values = [("what", what), ("from", from), ("to", to), ("moments", moments), ("of_recipients", recipients)];
        return say(model, "each_needs", &values);
    }
    let sound = difference(model, "together.groups.0.change.sound", group.change.sound);
    let top_half = difference(model, "together.groups.0.change.top_half", group.change.top_half);
    say(model, "changed", &[("what", what), ("from", from), ("to", to), ("sound", sound), ("top_half", top_half)])
}

/// The two shares as lines.
fn lines(model: &Model, total: &Group) -> Markup {
    let line = |what: &str, means: &str, share: Estimate| {
        let what = word(model, what);
        let told = model.page().fill("share_told", &[("what", what), ("share", &estimate_in_words(model, share))]);
        html! {
            div {
                dt { (what) span.aside { (word(model, means)) } }
                dd { (drawing::share_line(share, &told)) }
            }
        }
    };
    html! {
        @if total.remarked() > 0 {
            dl.lines {
                (line("sound", "sound_means", total.sound))
                (line("top_half", "top_half_means", total.top_half))
            }
            p.hint { (word(model, "lines_hint")) }
        }
    }
}

/// Where to look first: what changed, and then how things stand.
fn first(page: Page<'_>) -> Markup {
    let head = |key: &'static str| word(page.model, key);
    html! {
        h3 { (head("look_first")) }
        dl.first {
            @if let Some(fell) = fell_most(page) { div { dt { (head("fell_most")) } dd { (fell) } } }
            div { dt { (head("weakest")) } dd { (weakest(page)) } }
            div { dt { (head("open_failures")) } dd { (open(page)) } }
            div { dt { (head("routine_next")) } dd { (runs_out(page)) } }
            div { dt { (head("do_next")) } dd { (next::first(page)) } }
        }
    }
}

fn weakest(page: Page<'_>) -> Markup {
    let model = page.model;
    let Some((place, group, sure)) = weakest_of(page) else { return html! { (word(model, "noted_nowhere")) } };
    let is = format!("journey.groups.{place}");
    let moments = number(model, format!("{is}.count"), group.count);
    html! {
        (say(model, "weakest_is", &[
            ("point", page.points.link(model, &path_of(group))),
            ("sound", estimate(model, &format!("{is}.sound"), group.sound)),
            ("top_half", estimate(model, &format!("{is}.top_half"), group.top_half)),
            ("moments", say_for(model, "moments", group.count, &[("n", moments)])),
        ]))
        @if !sure { span.aside { " " (word(model, "unsure")) } }
    }
}

/// The point whose share of what is sound fell most between the last two periods, of those that go down.
fn fell_most(page: Page<'_>) -> Option<Markup> {
    let model = page.model;
    let uplift = page.report.over_time.as_ref().ok()?;
    let slipping = uplift.groups.iter().enumerate().filter(|(_, group)| group.direction == Direction::Slipping);
    let fall = |group: &UpliftGroup| group.change.sound.diff.unwrap_or(0.0);
    let (place, group) = slipping.min_by(|(_, one), (_, other)| fall(one).total_cmp(&fall(other)))?;
    let point = group.key.0.first().and_then(|(_, path)| path.as_deref()).unwrap_or_default();
    let is = format!("uplift.groups.{place}.change");
    Some(say(
        model,
        "fell_most_is",
        &[
            ("point", page.points.link(model, point)),
            ("from", value(group.change.from?.to_string())),
            ("to", value(group.change.to?.to_string())),
            ("sound", difference(model, &format!("{is}.sound"), group.change.sound)),
            ("top_half", difference(model, &format!("{is}.top_half"), group.change.top_half)),
            ("see", link(model, "#over-time", "see_over_time")),
        ],
    ))
}

/// A link to a section.
fn link(model: &Model, to: &str, key: &str) -> Markup {
    html! { a href=(to) { (word(model, key)) } }
}

/// The act that comes to rest first.
fn runs_out(page: Page<'_>) -> Markup {
    let model = page.model;
    let acts = &page.report.acts.acts;
    let running = acts.iter().enumerate().find(|(_, act)| act.left > 0);
    let Some((place, act)) = running else {
        return if acts.is_empty() {
            say(model, "no_act", &[("level", level(model, model.escalator().from))])
        } else {
            say(model, "all_routine", &[("see", link(model, "#escalator", "see_acts"))])
        };
    };
    let is = format!("decay.acts.{place}");
    let missed = if act.declined {
        value(word(model, "prefer_left_out"))
    } else {
        say(model, "if_left_out", &[("level", level_figure(model, format_args!("{is}.if_missed"), act.if_missed))])
    };
    let values = [
        ("act", act_with(page, act, html! { a href="#escalator" { (name(model, &act.action)) } })),
        ("next", figure(format_args!("{is}.standing"), act.standing, level(model, act.standing))),
        ("missed", missed),
    ];
    html! {
        @if let Some(rests) = act.rests_on {
            @let day = figure(format_args!("{is}.rests_on"), rests, page.date(rests));
            (say(model, "act_runs_on", &[values.as_slice(), &[("day", day)]].concat()))
        } @else {
            @let left = number(model, format!("{is}.left"), act.left);
            (say_for(model, "act_runs_after", act.left, &[values.as_slice(), &[("n", left)]].concat()))
        }
        (overdue(page, acts))
    }
}

fn act_with(page: Page<'_>, act: &Act, named: Markup) -> Markup {
    say(page.model, "act_with", &[("act", named), ("recipient", page.who(&act.recipient))])
}

/// The acts that are overdue, of which missing the first would cost most.
fn overdue(page: Page<'_>, acts: &[Act]) -> Markup {
    let model = page.model;
    let late = || acts.iter().enumerate().filter(|(_, act)| act.overdue == Some(true));
    let Some((place, act)) = late().min_by_key(|(_, act)| act.if_missed) else { return html! {} };
    let missed = level_figure(model, format_args!("decay.acts.{place}.if_missed"), act.if_missed);
    let first = act_with(page, act, name(model, &act.action));
    html! { " " (say_for(model, "overdue_acts", late().count() as u64, &[("first", first), ("level", missed)])) }
}

fn open(page: Page<'_>) -> Markup {
    let (model, recovery) = (page.model, &page.report.recovery);
    if recovery.failures == 0 {
        return html! { (word(model, "nothing_failed")) };
    }
    let failures = number(model, "recovery.failures", recovery.failures);
    let Some(worst) = recovery.items.first().filter(|_| recovery.open > 0) else {
        return say_for(model, "none_open", recovery.failures, &[]);
    };
    let key = if worst.at.is_some() { "open_of_day" } else { "open_of" };
    say(
        model,
        key,
        &[
            ("open", number(model, "recovery.open", recovery.open)),
            ("of_failures", say_for(model, "of_failures", recovery.failures, &[("n", failures)])),
            ("level", figure("recovery.items.0.level", worst.level, level(model, worst.level))),
            ("recipient", page.who(&worst.recipient)),
            ("point", path(model, &worst.point)),
            ("day", day(worst.at.as_deref())),
            ("see", link(model, "#failures", "see_failures")),
        ],
    )
}
