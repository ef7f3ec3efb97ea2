//! What next: what would take the service up, most worthwhile first.

use crate::assess::uplift::Uplift;
use maud::{Markup, html};

use super::Page;
use super::point::{path_of, step_up as step_of, weakest_of};
use super::text::{count, figure, number, path, saying};
use crate::print::text::next::{Action, actions};

/// How many things to do are listed.
const ACTIONS: usize = 15;

/// One thing to do at one point.
struct Todo<'a> {
    place: usize,
    point: &'a str,
    action: Action,
}

/// Everything there is to do, over all points, most frequent first.
fn todos<'a>(page: Page<'a>, uplift: &'a Uplift) -> Vec<Todo<'a>> {
    let of = |(place, group): (usize, &'a crate::assess::uplift::UpliftGroup)| {
        let point = group.key.0.first().and_then(|(_, path)| path.as_deref()).unwrap_or_default();
        actions(page.model, &group.next).into_iter().map(move |action| Todo { place, point, action })
    };
    let mut todos: Vec<Todo<'_>> = uplift.groups.iter().enumerate().flat_map(of).collect();
    // of what is asked for as often, what went wrong comes first
    let lists = ["shortfalls", "missed_preferences", "slid", "uncreated_value"];
    let rank = |todo: &Todo<'_>| lists.iter().position(|list| *list == todo.action.from.0);
    todos.sort_by_key(|todo| (std::cmp::Reverse(todo.action.count), rank(todo)));
    todos
}

pub(super) fn section(page: Page<'_>) -> Markup {
    let open = page.report.recovery.open;
    let todos = page.report.over_time.as_ref().map(|uplift| todos(page, uplift));
    html! {
        ol.todo {
            @if open > 0 { li { (put_right(page)) } }
            @if let Ok(todos) = &todos { @for todo in todos.iter().take(ACTIONS) { li { (told(page, todo)) } } }
            (step_up(page))
        }
        @match &todos {
            Ok(todos) => {
                @if todos.is_empty() && open == 0 { p { "No point has shortfalls, and no act is about to slide." } }
                @let rest = todos.len().saturating_sub(ACTIONS) as u64;
                @if rest > 0 { p.left-out { "The most frequent are listed; " (count(rest, "more step")) " left out." } }
                p.hint { "Fixes and preferences come from the last period, acts and value from the whole time. The number counts the moments or recipients concerned." }
            },
            Err(error) => { p { "Shortfalls, and acts that are about to slide, cannot be listed: " (error.to_string()) "." } },
        }
    }
}

/// The first thing to do, for the headline.
pub(super) fn first(page: Page<'_>) -> Markup {
    if page.report.recovery.open > 0 {
        return put_right(page);
    }
    let todos = page.report.over_time.as_ref().map(|uplift| todos(page, uplift)).unwrap_or_default();
    match todos.first() {
        Some(todo) => told(page, todo),
        None => match weakest_of(page) {
            Some((_, group, _)) => step_of(page, group),
            None => html! { "Record what was observed; without it nothing can be said." },
        },
    }
}

fn put_right(page: Page<'_>) -> Markup {
    let open = page.report.recovery.open;
    html! {
        "Put right what is still open: " a href="#failures" { (number("recovery.open", open)) (if open == 1 { " failure" } else { " failures" }) }
        ", the worst and oldest first."
    }
}

fn told(page: Page<'_>, todo: &Todo<'_>) -> Markup {
    let Todo { place, point, action } = todo;
    let (list, row) = action.from;
    let field = if matches!(list, "slid" | "uncreated_value") { "recipients" } else { "count" };
    html! {
        span.times { (figure(format_args!("uplift.groups.{place}.next.{list}.{row}.{field}"), action.count, format_args!("{}×", crate::wording::grouped(action.count)))) }
        " At " (page.points.link(point)) ": " (saying(&action.words)) "."
    }
}

/// What takes the weakest point a step up.
fn step_up(page: Page<'_>) -> Markup {
    html! {
        @if let Some((_, group, _)) = weakest_of(page) {
            @if let Some(median) = group.median {
                li {
                    "At the weakest point, " (path(&path_of(group))) ", to step up from " (super::text::level(page.model, median)) ": "
                    bdi { (crate::print::table::shown(&page.model.level(median).step_up)) }
                }
            }
        }
    }
}
