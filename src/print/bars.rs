//! Shares as people see them: diverging bars, sparklines, percentages.

use crate::Level;
use crate::stats::{Distribution, Estimate};
use crate::wording::count;

/// One character per level: denser the further from the middle.
const FILL: [char; 6] = ['█', '▓', '░', '░', '▓', '█'];

/// The same where there is too little to say how it is lived: hatched.
const HATCHED: [char; 6] = ['╳', '╱', '·', '·', '╱', '╳'];

/// How the bars are read.
pub(crate) const LEGEND: &str = "█ criminal ▓ basic ░ expected │ ░ desired ▓ surprising █ unbelievable";

/// A bar around a middle line: the bottom half to the left, the top half to the
/// right, `half` characters on either side for the whole. Hatched where that is not `enough` to say.
pub(crate) fn diverging(levels: &Distribution, half: usize, enough: bool) -> String {
    let fill = if enough { FILL } else { HATCHED };
    let total = levels.total();
    // cells by the largest remainder, so that a half is as long as its share
    let cells = |levels_of_half: &[Level]| -> Vec<(Level, usize)> {
        let count = |level: &Level| usize::try_from(levels.0[level.index()]).unwrap_or(usize::MAX);
        let total = usize::try_from(total).unwrap_or(usize::MAX).max(1);
        let sum: usize = levels_of_half.iter().map(count).sum();
        let wanted = (sum * half + total / 2) / total;
        let mut cells: Vec<_> = levels_of_half.iter().map(|level| (*level, count(level) * half / total)).collect();
        let mut missing = wanted.saturating_sub(cells.iter().map(|(_, cells)| cells).sum());
        let mut rest: Vec<usize> = (0..cells.len()).collect();
        rest.sort_by_key(|&index| std::cmp::Reverse(count(&cells[index].0) * half % total));
        for index in rest {
            if missing == 0 {
                break;
            }
            cells[index].1 += 1;
            missing -= 1;
        }
        cells
    };
    let draw = |cells: Vec<(Level, usize)>| -> String {
        cells.into_iter().flat_map(|(level, cells)| std::iter::repeat_n(fill[level.index()], cells)).collect()
    };
    let middle = Level::BASELINE.index() + 1;
    let bottom = draw(cells(&Level::ALL[..middle]));
    let top = draw(cells(&Level::ALL[middle..]));
    format!("{bottom:>half$}│{top:<half$}")
}

/// Shares over time, one character a period; `·` where there is none.
pub(crate) fn sparkline(shares: impl Iterator<Item = Option<f64>>) -> String {
    const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let step = |share: f64| STEPS.into_iter().rev().enumerate().find(|(below, _)| share * 8.0 >= 7.0 - to_f64(*below));
    shares.map(|share| share.map_or('·', |share| step(share).map_or(STEPS[0], |(_, step)| step))).collect()
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
const fn to_f64(number: usize) -> f64 {
    number as f64
}

/// `82 %`; `-` where there is nothing to share.
pub(crate) fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |share| format!("{} %", whole(share)))
}

/// A share in whole percent, without the sign. Only none at all is `0` and only all of them is `100`:
/// 249 of 250 are `>99`.
pub(crate) fn whole(share: f64) -> String {
    match format!("{:.0}", share * 100.0) {
        rounded if rounded == "100" && share < 1.0 => ">99".to_owned(),
        rounded if rounded == "0" && share > 0.0 => "<1".to_owned(),
        rounded => rounded,
    }
}

/// `+35`, `-7`, `+<1`: a difference of shares in percentage points. Only no difference is `0`.
#[must_use]
pub fn points(difference: f64) -> String {
    let sign = match difference {
        up if up > 0.0 => "+",
        down if down < 0.0 => "-",
        _ => "",
    };
    format!("{sign}{}", whole(difference.abs()))
}

/// A share that does not reach what is required, and what is required, in percent with as many decimals
/// as it takes to see the difference: 89.96 % does not look like 90.0 %.
#[must_use]
pub fn short_of(share: f64, required: f64) -> (String, String) {
    const MOST: usize = 12;
    let (share, required) = (share * 100.0, required * 100.0);
    let at = |decimals: usize| {
        let scale = 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
        let (found, wanted) = ((share * scale).round(), (required * scale).round());
        let exact = (wanted / scale - required).abs() < 1e-9;
        (exact && found < wanted).then(|| (format!("{share:.decimals$} %"), format!("{required:.decimals$} %")))
    };
    (1..=MOST).find_map(at).unwrap_or_else(|| (format!("{share} %"), format!("{required} %")))
}

/// `82 % (71 to 90)`.
pub(crate) fn estimate(estimate: Estimate) -> String {
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => {
            format!("{} ({} to {})", percent(estimate.share), whole(low), whole(high))
        }
        _ => "-".to_owned(),
    }
}

/// `147 interactions of 48 recipients count like 96 independent ones`: moments of one recipient are alike. `None` where all of them count.
pub(crate) fn counts_like(moments: &str, remarked: u64, recipients: u64, share: Estimate) -> Option<String> {
    let like = effective(remarked, share)?;
    Some(format!(
        "{} of {} count like {}",
        count(remarked, moments),
        count(recipients, "recipient"),
        count(like, "independent one")
    ))
}

/// How many moments of as many recipients so many say as much as, where that is fewer.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of interactions stay far below 2^53, and no effect is below 1"
)]
pub(crate) fn effective(remarked: u64, share: Estimate) -> Option<u64> {
    let like = (remarked as f64 / share.design_effect?).round().max(1.0) as u64;
    (like < remarked).then_some(like)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_grow_from_the_middle() {
        assert_eq!(diverging(&Distribution([1, 1, 2, 2, 1, 1]), 8, true), "    █▓░░│░░▓█    ");
        assert_eq!(diverging(&Distribution([0, 0, 0, 4, 0, 0]), 4, true), "    │░░░░");
        assert_eq!(diverging(&Distribution::default(), 4, true), "    │    ");
        // the same bar where there is too little to say
        assert_eq!(diverging(&Distribution([1, 1, 2, 2, 1, 1]), 8, false), "    ╳╱··│··╱╳    ");
        // three thirds of a half that has four cells: two of them share what is left
        assert_eq!(
            diverging(&Distribution([1, 1, 1, 0, 0, 0]), 4, true).chars().filter(|cell| FILL.contains(cell)).count(),
            4
        );
    }

    #[test]
    fn sparklines_show_gaps() {
        assert_eq!(sparkline([Some(0.0), None, Some(0.5), Some(1.0)].into_iter()), "▁·▅█");
    }

    #[test]
    fn percentages_are_whole() {
        assert_eq!(percent(Some(0.825)), "82 %");
        assert_eq!(percent(None), "-");
    }

    #[test]
    fn only_none_and_all_are_shown_as_such() {
        let of = |count: f64, all: f64| percent(Some(count / all));
        assert_eq!((of(0.0, 250.0), of(250.0, 250.0)), ("0 %".to_owned(), "100 %".to_owned()));
        assert_eq!((of(1.0, 250.0), of(249.0, 250.0)), ("<1 %".to_owned(), ">99 %".to_owned()));
        assert_eq!((of(1.0, 200.0), of(199.0, 200.0)), ("<1 %".to_owned(), ">99 %".to_owned()));
        assert_eq!((of(2.0, 200.0), of(198.0, 200.0)), ("1 %".to_owned(), "99 %".to_owned()));
        assert_eq!((of(1.0, 1e15), of(1e15 - 1.0, 1e15)), ("<1 %".to_owned(), ">99 %".to_owned()));
        let interval = Estimate { share: Some(0.996), low: Some(0.978), high: Some(0.9993), design_effect: Some(1.0) };
        assert_eq!(estimate(interval), ">99 % (98 to >99)");
    }

    #[test]
    fn moments_count_for_as_many_as_they_say() {
        let share = |design_effect| Estimate { design_effect, ..Estimate::default() };
        let like = |effect| counts_like("moment", 147, 48, share(effect));
        assert_eq!(like(Some(1.53)).as_deref(), Some("147 moments of 48 recipients count like 96 independent ones"));
        assert_eq!((like(Some(1.001)), like(None)), (None, None));
        assert_eq!(
            counts_like("moment", 3, 1, share(Some(9.0))).as_deref(),
            Some("3 moments of 1 recipient count like 1 independent one")
        );
    }

    #[test]
    fn only_no_difference_is_nothing() {
        let shown = [0.35, -0.07, 0.0, -0.0, 0.004, -0.004, 0.996, -0.996, 1.0, -1.0].map(points);
        assert_eq!(shown, ["+35", "-7", "0", "0", "+<1", "-<1", "+>99", "->99", "+100", "-100"]);
    }

    #[test]
    fn what_falls_short_looks_like_it() {
        let shown = |share, required| {
            let (share, required) = short_of(share, required);
            format!("{share} of {required}")
        };
        assert_eq!(shown(0.5, 0.9), "50.0 % of 90.0 %");
        assert_eq!(shown(0.8994, 0.9), "89.9 % of 90.0 %");
        assert_eq!(shown(0.8996, 0.9), "89.96 % of 90.00 %");
        assert_eq!(shown(0.899_999_9, 0.9), "89.99999 % of 90.00000 %");
        assert_eq!(shown(0.8996, 0.8999), "89.96 % of 89.99 %");
        assert_eq!(shown(0.899_61, 0.8999), "89.96 % of 89.99 %");
        assert_eq!(shown(0.0, 0.001), "0.0 % of 0.1 %");
        assert_eq!(shown(0.999_99, 1.0), "99.999 % of 100.000 %");
    }
}
