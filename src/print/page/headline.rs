//! The headline: the result in words, and where to look first.

use crate::assess::decay::Act;
use crate::assess::journey::Group;
use crate::assess::loyalty::Loyalty;
use crate::assess::moves::Move;
use crate::assess::uplift::{Direction, UpliftError, UpliftGroup};
use crate::print::bars;
use crate::stats::Estimate;
use crate::{Level, Model};
use maud::{Markup, html};

use super::point::{Lately, lately, least, path_of, weakest_of};
use super::text::{day, difference, estimate, estimate_in_words, figure, level, level_figure, name, number, path};
use super::words::{Value, count, say, say_for, text as word, value};
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
            " " (direction(page))
        }
        (lines(page, total))
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
    say(model, if total.unremarked > 0 { "noted_of_some" } else { "noted_of_all" }, &values)
}

/// How many independent moments those noted count like, for the foot of the page.
pub(super) fn alike(page: Page<'_>) -> Option<Markup> {
    let (model, total) = (page.model, &page.report.journey.total);
    let like = bars::effective(total.remarked(), total.sound)?;
    let values = [
        ("moments", value(count(model, "moments", total.remarked()))),
        ("of_recipients", value(count(model, "of_recipients", total.heard))),
        ("like", value(count(model, "independent", like))),
    ];
    Some(say(model, "alike", &values))
}

/// Why nothing can be said over time.
pub(super) fn unknown(model: &Model, error: UpliftError) -> &str {
    word(model, if error == UpliftError::NoTimes { "no_times" } else { "no_periods" })
}

/// Up or down, all points together, and how many points moved.
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
    let class = format!("going {}", group.direction.name());
    let moved = points(page);
    match moved {
        // what moved at single points may cancel out in the whole
        Some((points, moved)) if group.direction == Direction::Steady => {
            let what = say_for(model, "unchanged_but", points, &[("moved", moved)]);
            change(model, group, html! { strong class=(class) { (what) } })
        }
        moved => html! {
            (change(model, group, html! { strong class=(class) { (word(model, key)) } }))
            @if let (Some((_, moved)), Ok(uplift)) = (moved, &page.report.over_time) {
                " " (say(model, "points_moved", &[
                    ("points", value(count(model, "points_compared", uplift.compared))),
                    ("moved", moved),
                ]))
            }
        },
    }
}

/// How many points go up or down, and how many each way; where any does.
fn points(page: Page<'_>) -> Option<(u64, Markup)> {
    let uplift = page.report.over_time.as_ref().ok()?;
    let model = page.model;
    let of = |direction| uplift.groups.iter().filter(|group| group.direction == direction).count() as u64;
    let (up, down) = (of(Direction::Uplifting), of(Direction::Slipping));
    let number = |number| value(model.page().number(number));
    let moved = say(model, "points_moved_link", &[("up", number(up)), ("down", number(down))]);
    (up + down > 0).then(|| (up + down, html! { a href="#over-time" { (moved) } }))
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
fn lines(page: Page<'_>, total: &Group) -> Markup {
    let model = page.model;
    let together = page.report.together.as_ref().ok().and_then(|together| together.groups.first());
    let compared = together.is_some_and(|group| group.change.to.is_some() && group.direction != Direction::TooFew);
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
            p.hint {
                (word(model, "lines_hint")) " " (word(model, "interval_means"))
                @if compared { " " (word(model, "chance_means")) }
            }
        }
    }
}

/// Where to look first: what changed, and then how things stand.
fn first(page: Page<'_>) -> Markup {
    let head = |key: &'static str| word(page.model, key);
    html! {
        h3 { (head("look_first")) }
        dl.first {
            @if let Some(fell) = moved_most(page, Direction::Slipping) { div { dt { (head("fell_most")) } dd { (fell) } } }
            @if let Some(rose) = moved_most(page, Direction::Uplifting) { div { dt { (head("rose_most")) } dd { (rose) } } }
            div { dt { (head("weakest")) } dd { (weakest(page)) } }
            div { dt { (head("open_failures")) } dd { (open(page)) } }
            div { dt { (head("at_risk")) } dd { (at_risk(page)) } }
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
        @if let Some(then) = weakest_then(page, &path_of(group)) { ". " (then) }
    }
}

/// How the weakest point of the whole time was in the last finished period, and which was the weakest then.
fn weakest_then(page: Page<'_>, weakest: &str) -> Option<Markup> {
    let model = page.model;
    let told = lately(page);
    let sound = |told: &Lately<'_>| {
        let (place, number) = told.place;
        estimate(model, &format!("uplift.groups.{place}.series.{number}.sound"), told.then.sound)
    };
    let then = told.iter().find(|told| told.path == weakest)?;
    let period = ("period", value(then.then.period.to_string()));
    let least = least(&told)?;
    if least.path == weakest {
        return Some(say(model, "weakest_too", &[period, ("sound", sound(then))]));
    }
    let values =
        [period, ("sound", sound(then)), ("point", page.points.link(model, least.path)), ("least", sound(&least))];
    Some(say(model, "weakest_then", &values))
}

/// The path of the point of a group.
fn point_of(group: &UpliftGroup) -> &str {
    group.key.0.first().and_then(|(_, path)| path.as_deref()).unwrap_or_default()
}

/// The point that moved most between the last two periods, of those that go this way.
fn moved_most(page: Page<'_>, direction: Direction) -> Option<Markup> {
    let model = page.model;
    let uplift = page.report.over_time.as_ref().ok()?;
    let moved = uplift.groups.iter().enumerate().filter(|(_, group)| group.direction == direction);
    // going up, either share may have risen
    let by = |group: &UpliftGroup| {
        let [sound, top_half] = [group.change.sound, group.change.top_half].map(|share| share.diff.unwrap_or(0.0));
        if direction == Direction::Slipping { -sound } else { sound.max(top_half) }
    };
    let (place, group) = moved.min_by(|(_, one), (_, other)| by(other).total_cmp(&by(one)))?;
    let point = point_of(group);
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

/// The act that becomes routine first, in the order of the acts: it may be with its very next delivery.
fn runs_out(page: Page<'_>) -> Markup {
    let model = page.model;
    let acts = &page.report.acts.acts;
    let running = acts.iter().enumerate().find(|(_, act)| !act.is_routine());
    let Some((place, act)) = running else {
        return if acts.is_empty() {
            say(model, "no_act", &[("level", level(model, model.escalator().from))])
        } else {
            say(model, "all_routine", &[("see", link(model, "#escalator", "see_acts"))])
        };
    };
    let is = format!("decay.acts.{place}");
    let values = [
        ("act", act_with(page, act, html! { a href="#escalator" { (name(model, &act.action)) } })),
        ("next", figure(format_args!("{is}.standing"), act.standing, level(model, act.standing))),
        ("advice", advice(model, &is, act)),
    ];
    let day = act.rests_on.map(|rests| ("day", figure(format_args!("{is}.rests_on"), rests, page.date(rests))));
    let values = |more: &[Value<'static>]| [values.as_slice(), more].concat();
    let told = match (day, act.due()) {
        (Some(day), _) if act.left == 0 => say(model, "act_runs_out_on", &values(&[day])),
        (Some(day), Some(due)) => say(model, "act_runs_on", &values(&[day, ("due", value(page.date(due)))])),
        _ if act.left == 0 => say(model, "act_runs_out", &values(&[])),
        _ => {
            let left = number(model, format!("{is}.left"), act.left);
            say_for(model, "act_runs_after", act.left, &values(&[("n", left)]))
        }
    };
    html! { (told) (overdue(page, acts)) }
}

/// What to do about an act that is about to become routine.
fn advice(model: &Model, is: &str, act: &Act) -> Markup {
    let Some(missed) = act.if_missed else { return value(word(model, "prefer_left_out")) };
    let key = if missed < Level::Expected { "if_left_out_fails" } else { "if_left_out" };
    let missed = figure(format_args!("{is}.if_missed"), missed, level(model, missed));
    say(model, "keep_and_add", &[("missed", say(model, key, &[("level", missed)]))])
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

/// The failures that stand, and the worst of them.
fn open(page: Page<'_>) -> Markup {
    let (model, recovery) = (page.model, &page.report.recovery);
    if recovery.failures == 0 {
        return html! { (word(model, "nothing_failed")) };
    }
    let failures = number(model, "recovery.failures", recovery.failures);
    let Some((place, worst)) = &recovery.worst else {
        return say_for(model, "none_open", recovery.failures, &[]);
    };
    let stand = [
        ("of_failures", say_for(model, "of_failures", recovery.failures, &[("n", failures)])),
        ("open", number(model, "recovery.open", recovery.open)),
        ("attempted", number(model, "recovery.attempted", recovery.attempted)),
    ];
    let is = format!("recovery.items.{place}.level");
    let key = if worst.at.is_some() { "open_of_day" } else { "open_of" };
    say(
        model,
        key,
        &[
            ("stand", say_for(model, "failures_stand", recovery.standing(), &stand)),
            ("level", figure(is, worst.level, level(model, worst.level))),
            ("recipient", page.who(&worst.recipient)),
            ("point", path(model, &worst.point)),
            ("day", day(worst.at.as_deref())),
            ("see", link(model, "#failures", "see_failures")),
        ],
    )
}

/// How many recipients are at risk, and how many were at the end of the period before, where that is known.
fn at_risk(page: Page<'_>) -> Markup {
    let model = page.model;
    let groups = &page.report.recipients.groups;
    let at_risk = groups.iter().filter(|group| group.loyalty == Some(Loyalty::AtRisk)).count() as u64;
    if at_risk == 0 && before(page).is_none() {
        return html! { (word(model, "nobody_at_risk")) };
    }
    let values = [
        ("of_recipients", value(count(model, "of_recipients", groups.len() as u64))),
        ("see", link(model, "#at-risk", "see_at_risk")),
    ];
    match before(page) {
        Some((period, before)) => {
            let before = [("period", value(period)), ("before", value(model.page().number(before)))];
            say_for(model, "at_risk_before", at_risk, &[values.as_slice(), &before].concat())
        }
        None => say_for(model, "at_risk_now", at_risk, &values),
    }
}

/// The period before the one that the records end in, and how many were at risk at its end.
fn before(page: Page<'_>) -> Option<(String, u64)> {
    let moves = page.report.moves.as_ref()?;
    let series = &page.report.together.as_ref().ok()?.groups.first()?.series;
    // where the last period is over, it is the later of the two that are compared
    let over = series.last()?.finished;
    let period = if over { moves.from } else { moves.to };
    let then = |way: &Move| if over { way.from } else { Some(way.to) };
    let at_risk = moves.moves.iter().filter(|way| then(way) == Some(Loyalty::AtRisk));
    Some((period?.to_string(), at_risk.map(|way| way.count).sum()))
}
