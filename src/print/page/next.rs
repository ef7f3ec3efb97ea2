//! What next: what would take the service up, most worthwhile first.

use crate::assess::uplift::Uplift;
use maud::{Markup, html};

use super::Page;
use super::headline::unknown;
use super::point::{lately, least, path_of, step_up as step_of, weakest_of};
use super::text::{figure, level, number, path, saying};
use super::words::{count, say, say_for, text as word, value};
use crate::print::table::shown;
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
        actions(page.model, page.model.page(), &group.next).into_iter().map(move |action| Todo { place, point, action })
    };
    let mut todos: Vec<Todo<'_>> = uplift.groups.iter().enumerate().flat_map(of).collect();
    // of what is asked for as often, what went wrong comes first
    let lists = ["shortfalls", "missed_preferences", "slid", "uncreated_value"];
    let rank = |todo: &Todo<'_>| lists.iter().position(|list| *list == todo.action.from.0);
    todos.sort_by_key(|todo| (std::cmp::Reverse(todo.action.count), rank(todo)));
    todos
}

pub(super) fn section(page: Page<'_>) -> Markup {
    let model = page.model;
    let standing = page.report.recovery.standing();
    let todos = page.report.over_time.as_ref().map(|uplift| todos(page, uplift));
    html! {
        ol.todo {
            @if standing > 0 { li { (recover(page)) } }
            @if let Ok(todos) = &todos { @for todo in todos.iter().take(ACTIONS) { li { (told(page, todo)) } } }
            (step_up(page))
        }
        @match &todos {
            Ok(todos) => {
                @if todos.is_empty() && standing == 0 { p { (word(model, "nothing_to_do")) } }
                @let rest = todos.len().saturating_sub(ACTIONS) as u64;
                @if rest > 0 { p.left-out { (count(model, "more_steps", rest)) } }
                @if !todos.is_empty() { p.hint { (word(model, "next_hint")) } }
            },
            Err(error) => { p { (say(model, "next_unknown", &[("why", value(unknown(model, **error)))])) } },
        }
    }
}

/// The first thing to do, for the headline.
pub(super) fn first(page: Page<'_>) -> Markup {
    if page.report.recovery.standing() > 0 {
        return recover(page);
    }
    let todos = page.report.over_time.as_ref().map(|uplift| todos(page, uplift)).unwrap_or_default();
    match todos.first() {
        Some(todo) => told(page, todo),
        None => match weakest_of(page) {
            Some((_, group, _)) => step_of(page, group),
            None => html! { (word(page.model, "record_more")) },
        },
    }
}

/// To recover the failures that stand.
fn recover(page: Page<'_>) -> Markup {
    let (model, recovery) = (page.model, &page.report.recovery);
    let failures = say_for(model, "failures_that_stand", recovery.standing(), &[]);
    let values = [
        ("failures", html! { a href="#failures" { (failures) } }),
        ("open", number(model, "recovery.open", recovery.open)),
        ("attempted", number(model, "recovery.attempted", recovery.attempted)),
    ];
    say_for(model, "recover_standing", recovery.standing(), &values)
}

fn told(page: Page<'_>, todo: &Todo<'_>) -> Markup {
    let (model, Todo { place, point, action }) = (page.model, todo);
    let (list, row) = action.from;
    let field = if matches!(list, "slid" | "uncreated_value") { "recipients" } else { "count" };
    let times = model.page().fill("times_sign", &[("n", &model.page().number(action.count))]);
    html! {
        span.times { (figure(format_args!("uplift.groups.{place}.next.{list}.{row}.{field}"), action.count, times)) } " "
        (say(model, "at_point", &[("point", page.points.link(model, point)), ("what", saying(model, &action.words))]))
    }
}

/// What takes the weakest point a step up: that of the last finished period where one can be told, for what was weak
/// before may be well by now.
fn step_up(page: Page<'_>) -> Markup {
    let model = page.model;
    let values = |point: &str, median| {
        let how = html! { bdi { (shown(&model.level(median).step_up)) } };
        [("point", path(model, point)), ("level", level(model, median)), ("how", how)]
    };
    let lately = least(&lately(page)).and_then(|told| Some((told.path, told.then.period, told.then.median?)));
    html! {
        @if let Some((point, period, median)) = lately {
            @let [point, level, how] = values(point, median);
            li { (say(model, "weakest_then_step_up", &[("period", value(period.to_string())), point, level, how])) }
        } @else if let Some((_, group, _)) = weakest_of(page) {
            @if let Some(median) = group.median { li { (say(model, "weakest_step_up", &values(&path_of(group), median))) } }
        }
    }
}
