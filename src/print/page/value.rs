//! The value that was created, by category, with what was measured.

use crate::Category;
use crate::assess::journey::Sum;
use maud::{Markup, html};

use super::drawing::stacked;
use super::text::{count, figure, name, number, percent};
use super::{LISTED, Page, left_out};
use crate::print::table::shown;

pub(super) fn section(page: Page<'_>) -> Markup {
    let total = &page.report.journey.total;
    if total.valued.known == 0 {
        return html! { p { "No record says whether value was created." } };
    }
    html! {
        p {
            "Action that created no value for the person served was not service. Of "
            (number("journey.total.valued.known", total.valued.known)) " of " (count(total.count, "moment"))
            " it is known whether value was created: "
            strong { (figure("journey.total.valued.share", total.valued.share, percent(total.valued.share))) }
            " of them created some. A moment may create value of several categories. A short bar is a kind of value that is seldom created."
        }
        ul.value {
            // a short page does without bars of nothing
            @for category in Category::ALL.into_iter().filter(|of| !page.is_short() || total.value.0[of.index()] > 0) { (row(page, category)) }
        }
        @if total.amounts.is_empty() { p { "No amount was given." } }
        @else {
            h3 { "Amounts" }
            ul.amounts { @for (place, sum) in total.amounts.iter().enumerate().take(LISTED) { (amount(place, sum)) } }
            (left_out(total.amounts.len(), LISTED, "amount", "by kind and unit"))
        }
    }
}

fn row(page: Page<'_>, category: Category) -> Markup {
    let total = &page.report.journey.total;
    let created = total.value.0[category.index()];
    let rule = page.model.category(category);
    let told = format!("{created} of {} moments of which this is known", total.valued.known);
    html! {
        li {
            div.rung { b { bdi { (shown(&rule.label)) } } span.aside { bdi { (shown(&rule.means)) } } }
            div.met {
                (stacked(&[("created", created)], total.valued.known, &told))
                p.aside { (number(format_args!("journey.total.value.{}", category.name()), created)) (if created == 1 { " moment" } else { " moments" }) }
            }
        }
    }
}

fn amount(place: usize, sum: &Sum) -> Markup {
    let is = format!("journey.total.amounts.{place}.amount");
    let digits = sum.amount.0.normalize().to_string();
    html! {
        li {
            b { (figure(is, sum.amount, grouped(&digits))) }
            @if let Some(unit) = &sum.unit { " " (name(unit)) }
            span.aside { " " (name(&sum.kind)) }
        }
    }
}

/// Exact digits with commas between the thousands.
fn grouped(digits: &str) -> String {
    let (sign, rest) = digits.strip_prefix('-').map_or(("", digits), |rest| ("−", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(whole, fraction)| (whole, Some(fraction)));
    let whole = whole.parse::<u64>().map_or_else(|_| whole.to_owned(), crate::wording::grouped);
    let fraction = fraction.map(|fraction| format!(".{fraction}")).unwrap_or_default();
    format!("{sign}{whole}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn amounts_keep_every_digit() {
        assert_eq!(grouped("1234567.00001"), "1,234,567.00001");
        assert_eq!(grouped("-12"), "−12");
        assert_eq!(grouped("123456789012345678901234"), "123456789012345678901234");
    }
}
