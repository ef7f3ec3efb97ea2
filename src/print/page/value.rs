//! The value that was created, by category, with what was measured.

use crate::Category;
use crate::assess::journey::Sum;
use maud::{Markup, html};

use super::drawing::stacked;
use super::text::{figure, left_out, name, number, percent};
use super::words::{say_for, text as word};
use super::{LISTED, Page};
use crate::print::table::shown;
use crate::{Model, PageTexts};

pub(super) fn section(page: Page<'_>) -> Markup {
    let (model, total) = (page.model, &page.report.journey.total);
    if total.valued.known == 0 {
        return html! { p { (word(model, "no_value_known")) } };
    }
    let share = figure("journey.total.valued.share", total.valued.share, percent(model, total.valued.share));
    html! {
        p {
            (say_for(model, "value_intro", total.count, &[
                ("known", number(model, "journey.total.valued.known", total.valued.known)),
                ("share", html! { strong { (share) } }),
            ]))
        }
        ul.value {
            // a short page does without bars of nothing
            @for category in Category::ALL.into_iter().filter(|of| !page.is_short() || total.value.0[of.index()] > 0) { (row(page, category)) }
        }
        @if total.amounts.is_empty() { p { (word(model, "no_amount")) } }
        @else {
            h3 { (word(model, "amounts")) }
            ul.amounts { @for (place, sum) in total.amounts.iter().enumerate().take(LISTED) { (amount(model, place, sum)) } }
            (left_out(model, "amounts_left_out", total.amounts.len(), LISTED))
        }
    }
}

fn row(page: Page<'_>, category: Category) -> Markup {
    let (model, total) = (page.model, &page.report.journey.total);
    let created = total.value.0[category.index()];
    let rule = model.category(category);
    let told = model.page().fill_for("value_told", total.valued.known, &[("created", &model.page().number(created))]);
    let moments = number(model, format_args!("journey.total.value.{}", category.name()), created);
    html! {
        li {
            div.rung { b { bdi { (shown(&rule.label)) } } span.aside { bdi { (shown(&rule.means)) } } }
            div.met {
                (stacked(&[("created", created)], total.valued.known, &told))
                p.aside { (say_for(model, "moments", created, &[("n", moments)])) }
            }
        }
    }
}

fn amount(model: &Model, place: usize, sum: &Sum) -> Markup {
    let is = format!("journey.total.amounts.{place}.amount");
    let digits = sum.amount.0.normalize().to_string();
    html! {
        li {
            b { (figure(is, sum.amount, grouped(model.page(), &digits))) }
            @if let Some(unit) = &sum.unit { " " (name(model, unit)) }
            span.aside { " " (name(model, &sum.kind)) }
        }
    }
}

/// Exact digits with the thousands apart.
fn grouped(texts: &PageTexts, digits: &str) -> String {
    let (sign, rest) = digits.strip_prefix('-').map_or(("", digits), |rest| ("−", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(whole, fraction)| (whole, Some(fraction)));
    let whole = whole.parse::<u64>().map_or_else(|_| whole.to_owned(), |whole| texts.number(whole));
    let fraction = fraction.map(|fraction| texts.decimal(&format!(".{fraction}"))).unwrap_or_default();
    format!("{sign}{whole}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_every_digit() {
        let grouped = |digits| grouped(PageTexts::shipped(), digits);
        assert_eq!(grouped("1234567.00001"), "1,234,567.00001");
        assert_eq!(grouped("-12"), "−12");
        assert_eq!(grouped("123456789012345678901234"), "123456789012345678901234");
    }
}
