//! Shares as people see them: diverging bars, sparklines, percentages.

use serveup::Level;
use serveup::stats::{Distribution, Estimate};

/// One character per level: denser the further from the middle.
const FILL: [char; 6] = ['█', '▓', '░', '░', '▓', '█'];

/// How the bars are read.
pub(crate) const LEGEND: &str = "█ criminal ▓ basic ░ expected │ ░ desired ▓ surprising █ unbelievable";

/// A bar around a middle line: the bottom half to the left, the top half to the
/// right, `half` characters on either side for the whole.
pub(crate) fn diverging(levels: &Distribution, half: usize) -> String {
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
        cells.into_iter().flat_map(|(level, cells)| std::iter::repeat_n(FILL[level.index()], cells)).collect()
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
    share.map_or_else(|| "-".to_owned(), |share| format!("{:.0} %", share * 100.0))
}

/// `82 % (71 to 90)`.
pub(crate) fn estimate(estimate: Estimate) -> String {
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => {
            format!("{} ({:.0} to {:.0})", percent(estimate.share), low * 100.0, high * 100.0)
        }
        _ => "-".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_grow_from_the_middle() {
        assert_eq!(diverging(&Distribution([1, 1, 2, 2, 1, 1]), 8), "    █▓░░│░░▓█    ");
        assert_eq!(diverging(&Distribution([0, 0, 0, 4, 0, 0]), 4), "    │░░░░");
        assert_eq!(diverging(&Distribution::default(), 4), "    │    ");
        // three thirds of a half that has four cells: two of them share what is left
        assert_eq!(
            diverging(&Distribution([1, 1, 1, 0, 0, 0]), 4).chars().filter(|cell| FILL.contains(cell)).count(),
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
}
