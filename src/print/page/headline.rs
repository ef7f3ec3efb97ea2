//! The headline: the result in words, and where to look first.

use crate::assess::decay::Act;
use crate::assess::journey::Group;
use crate::assess::uplift::{Direction, UpliftGroup};
use crate::print::bars;
use crate::stats::Estimate;
use maud::{Markup, html};

use super::point::{path_of, weakest_of};
use super::text::{count, day, difference, estimate, figure, grouped, level, level_figure, name, number, path};
use super::{Page, drawing, next};

pub(super) fn section(page: Page<'_>) -> Markup {
    let total = &page.report.journey.total;
    if total.count == 0 {
        return html! { p.headline { "There are no moments to report." } };
    }
    html! {
        p.headline {
            (number("journey.total.count", total.count)) (if total.count == 1 { " moment" } else { " moments" })
            " of " (number("journey.total.recipients", total.recipients))
            (if total.recipients == 1 { " recipient" } else { " recipients" })
            (when(page)) ". "
            (shares(total))
            " " (direction(page)) (points(page))
        }
        (lines(total))
        (first(page))
    }
}

/// How many moments the page is about, and of which time.
pub(super) fn span(page: Page<'_>) -> Markup {
    let total = &page.report.journey.total;
    html! { (count(total.count, "moment")) " of " (count(total.recipients, "recipient")) (when(page)) "." }
}

/// The periods of the moments.
fn when(page: Page<'_>) -> Markup {
    let series = page.report.together.as_ref().ok().and_then(|all| all.groups.first()).map(|group| &group.series);
    let Some((first, last)) = series.and_then(|series| series.first().zip(series.last())) else { return html! {} };
    html! {
        @if first.period == last.period { " in " (first.period.to_string()) }
        @else { " from " (first.period.to_string()) " to " (last.period.to_string()) }
    }
}

fn shares(total: &Group) -> Markup {
    if total.remarked() == 0 {
        return html! { "Nothing was noted of any of them, so nothing can be said about them." };
    }
    let of = if total.unremarked > 0 {
        html! {
            "Something was noted of " (grouped(total.remarked())) " of them (of "
            (number("journey.total.unremarked", total.unremarked)) ", nothing). Of these, "
        }
    } else {
        html! { "Of them, " }
    };
    html! {
        (of)
        strong { (estimate("journey.total.top_half", total.top_half)) }
        " were in the top half (served the way people like it, or better), and "
        strong { (estimate("journey.total.sound", total.sound)) }
        " were sound (not a failure)."
        @if let Some(like) = bars::counts_like("moment", total.remarked(), total.heard, total.sound) {
            " Moments of one recipient are alike: for the share that is sound, " (like) "."
        }
    }
}

/// Up or down, all points together.
fn direction(page: Page<'_>) -> Markup {
    let group = match &page.report.together {
        Err(error) => return html! { "Whether service is improving cannot be said: " (error.to_string()) "." },
        Ok(all) => all.groups.first(),
    };
    let Some(group) = group else { return html! {} };
    let words = match group.direction {
        Direction::Uplifting => "Service is improving",
        Direction::Slipping => "Service is getting worse",
        Direction::Steady => "Service is steady: no change beyond chance",
        Direction::TooFew => "There is too little data to say whether service is improving",
    };
    html! {
        strong class={ "going " (group.direction.name()) } { (words) }
        (change(page, group))
        "."
    }
}

/// How many points go up or down, where any does.
fn points(page: Page<'_>) -> Markup {
    let Ok(uplift) = &page.report.over_time else { return html! {} };
    let of = |direction| uplift.groups.iter().filter(|group| group.direction == direction).count() as u64;
    let (up, down) = (of(Direction::Uplifting), of(Direction::Slipping));
    html! {
        @if up + down > 0 {
            " Of " (count(uplift.compared, "point")) " with enough data to compare, " a href="#over-time" { (grouped(up)) " improved and " (grouped(down)) " got worse" } "."
        }
    }
}

/// What changed between the last two periods that are finished.
fn change(page: Page<'_>, group: &UpliftGroup) -> Markup {
    let (Some(from), Some(to)) = (group.change.from, group.change.to) else {
        return html! {
            @if group.series.len() < 2 { ": all moments lie in one period" } @else { ": no two periods are over yet" }
        };
    };
    let (from, to) = (from.to_string(), to.to_string());
    if group.direction == Direction::TooFew {
        let enough = page.model.enough();
        let moments = count(u64::from(enough.interactions.get()), "moment");
        let recipients = count(u64::from(enough.recipients.get()), "recipient");
        return html! { ": " (from) " and " (to) " would each need at least " (moments) " of " (recipients) };
    }
    html! {
        ". From " (from) " to " (to) ", in percentage points: sound "
        (difference("together.groups.0.change.sound", group.change.sound))
        "; top half "
        (difference("together.groups.0.change.top_half", group.change.top_half))
    }
}

/// The two shares as lines.
fn lines(total: &Group) -> Markup {
    let line = |title: &str, what: &str, share: Estimate| {
        let told = format!("{title}: {}", bars::estimate(share));
        html! {
            div {
                dt { (title) span.aside { (what) } }
                dd { (drawing::share_line(share, &told)) }
            }
        }
    };
    html! {
        @if total.remarked() > 0 {
            dl.lines {
                (line("sound", "nothing went wrong", total.sound))
                (line("top half", "desired or better", total.top_half))
            }
            p.hint { "The dot is the share, the band its 95 % interval; the line goes from 0 to 100 %." }
        }
    }
}

/// Where to look first.
fn first(page: Page<'_>) -> Markup {
    html! {
        h3 { "Where to look first" }
        dl.first {
            div { dt { "Weakest point of the whole time" } dd { (weakest(page)) } }
            @if let Some(fell) = fell_most(page) { div { dt { "Got worse most" } dd { (fell) } } }
            div { dt { "Next act to become routine" } dd { (runs_out(page)) } }
            div { dt { "Open failures" } dd { (open(page)) } }
            div { dt { "To do next" } dd { (next::first(page)) } }
        }
    }
}

fn weakest(page: Page<'_>) -> Markup {
    let Some((place, group, sure)) = weakest_of(page) else { return html! { "Nothing was noted at any point." } };
    let is = format!("journey.groups.{place}");
    html! {
        (page.points.link(&path_of(group))) ": "
        (estimate(&format!("{is}.sound"), group.sound)) " sound, "
        (estimate(&format!("{is}.top_half"), group.top_half)) " in the top half, of "
        (number(format!("{is}.count"), group.count)) (if group.count == 1 { " moment" } else { " moments" })
        @if !sure { span.aside { " (too little data to be sure)" } }
    }
}

/// The point whose share of what is sound fell most between the last two periods, of those that go down.
fn fell_most(page: Page<'_>) -> Option<Markup> {
    let uplift = page.report.over_time.as_ref().ok()?;
    let slipping = uplift.groups.iter().enumerate().filter(|(_, group)| group.direction == Direction::Slipping);
    let fall = |group: &UpliftGroup| group.change.sound.diff.unwrap_or(0.0);
    let (place, group) = slipping.min_by(|(_, one), (_, other)| fall(one).total_cmp(&fall(other)))?;
    let point = group.key.0.first().and_then(|(_, path)| path.as_deref()).unwrap_or_default();
    let is = format!("uplift.groups.{place}.change");
    let (from, to) = (group.change.from?.to_string(), group.change.to?.to_string());
    Some(html! {
        (page.points.link(point)) ": from " (from) " to " (to) " sound "
        (difference(&format!("{is}.sound"), group.change.sound)) "; top half "
        (difference(&format!("{is}.top_half"), group.change.top_half)) ". " a href="#over-time" { "See it over time" } "."
    })
}

/// The act that comes to rest first.
fn runs_out(page: Page<'_>) -> Markup {
    let acts = &page.report.acts.acts;
    let running = acts.iter().enumerate().find(|(_, act)| act.left > 0);
    let Some((place, act)) = running else {
        return if acts.is_empty() {
            let from = page.model.escalator().from;
            html! { "No act is on the escalator: none has been " (level(page.model, from)) " or better." }
        } else {
            html! { "Every act has become routine: none delights any more. " a href="#escalator" { "See the acts" } "." }
        };
    };
    let is = format!("decay.acts.{place}");
    html! {
        a href="#escalator" { (name(&act.action)) } " with " (page.who(&act.recipient)) ": the next time it is only "
        (figure(format_args!("{is}.standing"), act.standing, level(page.model, act.standing)))
        @if let Some(rests) = act.rests_on {
            ", and on " (figure(format_args!("{is}.rests_on"), rests, page.date(rests))) " it becomes routine"
        }
        @else { "; after " (number(format!("{is}.left"), act.left)) " more it becomes routine" }
        @if act.declined { "; they prefer it left out" }
        @else { "; leaving it out would be " (level_figure(page.model, format_args!("{is}.if_missed"), act.if_missed)) }
        "." (overdue(page, acts))
    }
}

/// The acts that are overdue, of which missing the first would cost most.
fn overdue(page: Page<'_>, acts: &[Act]) -> Markup {
    let late = || acts.iter().enumerate().filter(|(_, act)| act.overdue == Some(true));
    let Some((place, act)) = late().min_by_key(|(_, act)| act.if_missed) else { return html! {} };
    let is = format!("decay.acts.{place}");
    html! {
        " Already overdue: " (count(late().count() as u64, "act")) ", first " (name(&act.action)) " with "
        (page.who(&act.recipient)) "; leaving it out is "
        (level_figure(page.model, format_args!("{is}.if_missed"), act.if_missed)) "."
    }
}

fn open(page: Page<'_>) -> Markup {
    let recovery = &page.report.recovery;
    if recovery.failures == 0 {
        return html! { "Nothing failed." };
    }
    if recovery.open == 0 {
        return html! { "None of " (count(recovery.failures, "failure")) "." };
    }
    html! {
        (number("recovery.open", recovery.open)) " of "
        (number("recovery.failures", recovery.failures)) (if recovery.failures == 1 { " failure" } else { " failures" })
        @if let Some(worst) = recovery.items.first() {
            ", the worst: "
            (figure("recovery.items.0.level", worst.level, level(page.model, worst.level)))
            " for " (page.who(&worst.recipient)) " at " (path(&worst.point))
            @if worst.at.is_some() { " on " (day(worst.at.as_deref())) }
        }
        ". " a href="#failures" { "See the failures" } "."
    }
}
