//! `journey` as a table.

use std::collections::BTreeSet;
use std::ops::Range;

use unicode_width::UnicodeWidthStr;

use crate::assess::journey::{Group, Journey};
use crate::assess::{Dimension, Key};
use crate::level::Level;
use crate::print::OutputStyle;
use crate::print::bars::{LEGEND, counts_like, diverging, percent};
use crate::print::table::{
    Column, columns, hidden_columns, key_in, label, name, paragraph, shortened, widest, width_of,
};
use crate::rules::Model;
use crate::wording::{count, grouped};

/// How often providers claimed a higher level than it was, of how many claims.
const TOO_HIGH: &str = "overclaim";

/// How many moments the bar and the shares are of, where anywhere that is less than nine of ten.
const REMARKED: &str = "remarked";

/// Where there is too little data.
const FEW: &str = "little";

/// From how many characters a line has room for that.
const ROOM_FOR_CLAIMS: usize = 92;

/// How each group is experienced, with the counts of all of them; drawn up by several threads.
#[must_use]
pub fn table(model: &Model, journey: &Journey, style: OutputStyle, threads: usize) -> String {
    let width = usize::from(style.width);
    if journey.groups.is_empty() {
        return "no interactions to report\n".to_owned();
    }
    // below the groups stands what they are together
    let count_of_rows = journey.groups.len() + 1;
    let row = |place: usize| journey.groups.get(place).unwrap_or(&journey.total);
    let rows = |places: Range<usize>| places.map(row);
    let all = || rows(0..count_of_rows);
    let most = |width: &(dyn Fn(&Group) -> usize + Sync)| widest(threads, count_of_rows, |place| width(row(place)));
    let loyalty = journey.groups.iter().any(|group| group.loyalty.is_some());
    let parts = |group: &Group| group.key.as_ref().map_or_else(|| vec!["all".to_owned()], Key::parts);
    // the last one has no key
    let longest = most(&|group| group.key.as_ref().map_or(0, |key| width_of(&key_in(&key.parts(), usize::MAX))));
    let by = journey.by.iter().map(Dimension::name).collect::<Vec<_>>().join(", ");
    let medians: BTreeSet<Level> = all().filter_map(|group| group.median).collect();
    let medians = medians.into_iter().map(|level| label(model, level).width());
    // on a narrow terminal the bar shows the middle well enough
    let median = if width < 72 { 0 } else { medians.max().unwrap_or(0).clamp(6, 14) + 2 };
    let counts = grouped(journey.total.count).len().max(5);
    // on a narrow terminal the last line has them, and there is no room beside the loyalty of recipients
    let claims = journey.total.claims.count > 0 && width >= ROOM_FOR_CLAIMS && !loyalty;
    let claimed = |group: &Group| match group.claims.count {
        0 => String::new(),
        count => format!("{} of {}", grouped(group.claims.above), grouped(count)),
    };
    let too_high = most(&|group| claimed(group).len()).max(TOO_HIGH.len());
    // a bar of one remarked moment among many of which nothing was noted does not look like all of them
    let silent = journey.groups.iter().any(|group| group.unremarked * 10 > group.count);
    let remarked = if silent { counts.max(REMARKED.len()) } else { 0 };
    let is_few = |group: &Group| group.remarked() > 0 && !group.enough;
    let few = if all().any(is_few) { FEW.len() } else { 0 };
    let fixed = counts + median + 5 + if loyalty { 9 + 2 } else { 0 } + 3 * 2;
    let fixed = fixed
        + [if claims { too_high } else { 0 }, remarked, few]
            .iter()
            .filter(|width| **width > 0)
            .map(|width| width + 2)
            .sum::<usize>();
    // where a terminal is too narrow for all of them, the bar shows the top half well enough, too
    let top = if width < fixed + LEAST + 5 + 2 { 0 } else { 5 + 2 };
    let rest = width.saturating_sub(fixed + top).max(LEAST);
    let key = longest.max(by.width()).clamp(4, (rest / 2).max(8));
    // two halves and the line between them: a bar of nothing has blanks on both sides, which are not wrapped
    let bar = (rest - key.min(rest)).clamp(9, 61);
    let bar = bar - usize::from(bar.is_multiple_of(2));
    let middle =
        |group: &Group| group.median.map_or_else(|| "-".to_owned(), |level| shortened(model.label(level), median));
    let mut table = vec![
        Column::<Group>::new(&by, key, |group| key_in(&parts(group), key)),
        Column::<Group>::new("count", counts, |group| format!("{:>counts$}", grouped(group.count))),
        Column::<Group>::new(&heading(bar / 2), bar, |group| diverging(&group.levels.0, bar / 2, !is_few(group))),
        Column::<Group>::new("median", median.saturating_sub(2), |group| middle(group)),
        Column::<Group>::new("sound", 5, |group| format!("{:>5}", percent(group.sound.share))),
        Column::<Group>::new("top", 5, |group| format!("{:>5}", percent(group.top_half.share))),
    ];
    if claims {
        table.push(Column::<Group>::new(TOO_HIGH, too_high, |group| format!("{:>too_high$}", claimed(group))));
    }
    if loyalty {
        let loyal = |group: &Group| group.loyalty.map(|of| super::next::loyalty(of).to_owned()).unwrap_or_default();
        table.push(Column::<Group>::new("loyalty", 9, loyal));
    }
    if few > 0 {
        table.push(Column::<Group>::new("", few, |group| if is_few(group) { FEW } else { "" }.to_owned()));
    }
    if top == 0 {
        table.remove(5);
    }
    if median == 0 {
        table.remove(3);
    }
    if remarked > 0 {
        table.insert(
            2,
            Column::<Group>::new(REMARKED, remarked, |group| format!("{:>remarked$}", grouped(group.remarked()))),
        );
    }
    let mut text = columns(style, threads, count_of_rows, rows, &table);
    text.push('\n');
    text.push_str(&paragraph(LEGEND, width));
    let wide_enough = claims || loyalty || journey.total.claims.count == 0;
    let hidden = [(median == 0, "median"), (top == 0, "top"), (!wide_enough, TOO_HIGH)];
    text.push_str(&hidden_columns(&hidden, width));
    if few > 0 {
        let enough = model.enough();
        let remarked = count(u64::from(enough.interactions.get()), "remarked interaction");
        let recipients = count(u64::from(enough.recipients.get()), "recipient");
        let words = format!("{FEW} (hatched): too little data, fewer than {remarked} or {recipients}");
        text.push_str(&paragraph(&words, width));
    }
    text.push_str(&paragraph(&last_line(&journey.total), width));
    text
}

/// The least room for the key and the bar.
const LEAST: usize = 17;

/// What is on the two sides of the bars, with the line between them above theirs.
fn heading(half: usize) -> String {
    let (bottom, top) = if half > "bottom half".len() { ("bottom half ", " top half") } else { ("bottom ", " top") };
    if half < bottom.len() { format!("{:>half$}│", "") } else { format!("{bottom:>half$}│{top}") }
}

/// How many amounts the last line sums up, each of another kind or unit.
const SUMS: usize = 6;

/// The counts of all groups together.
fn last_line(total: &Group) -> String {
    let mut parts = vec![
        count(total.count, "interaction"),
        count(total.recipients, "recipient"),
        count(total.failures, "failure"),
        format!("{} slid", grouped(total.slid)),
    ];
    if total.unremarked > 0 {
        parts.push(format!("{} unremarked", grouped(total.unremarked)));
    }
    let claims = total.claims;
    if claims.count > 0 {
        let (above, equal, below) = (grouped(claims.above), grouped(claims.equal), grouped(claims.below));
        parts.push(format!("{} ({above} too high, {equal} equal, {below} too low)", count(claims.count, "claim")));
    }
    let like = counts_like("remarked interaction", total.remarked(), total.heard, total.sound);
    let like = like.map(|like| format!("; {like}")).unwrap_or_default();
    let value = match total.valued.share {
        Some(share) => {
            format!("; of {} with known value, {} created some", grouped(total.valued.known), percent(Some(share)))
        }
        None => String::new(),
    };
    let sums = total.amounts.iter().take(SUMS).map(|sum| {
        let unit = sum.unit.as_deref().map(|unit| format!(" {}", shortened(unit, 20))).unwrap_or_default();
        format!("{} {}{unit}", name(&sum.kind), sum.amount.0.normalize())
    });
    let sums = sums.collect::<Vec<_>>().join(", ");
    let sums = if sums.is_empty() { sums } else { format!("; {sums}") };
    let sums = match total.amounts.len().saturating_sub(SUMS) {
        0 => sums,
        more => format!("{sums} and {} more", count(more as u64, "amount")),
    };
    format!("{}{like}{value}{sums}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::Dimension;
    use crate::print::Format;
    use crate::{Record, Session};

    #[test]
    fn claims_have_a_column_where_there_is_room() {
        let model = Model::shipped();
        let mut session = Session::new(&model);
        for claimed in [Some("desired"), Some("expected"), None] {
            let record = Record { claimed: claimed.map(str::to_owned), ..Record::new("acme", "desk") };
            session.add(&record.check(&model).expect("an interaction")).expect("room");
        }
        let journey = session.settle().and_then(|mut settled| settled.journey(Dimension::Point)).expect("a journey");
        let shown = |width| {
            let style =
                OutputStyle { format: Format::Table, header: true, escape_formulas: false, color: false, width };
            table(&model, &journey, style, 2)
        };
        assert!(shown(100).contains("overclaim") && shown(100).contains("1 of 2"), "{}", shown(100));
        assert!(!shown(80).contains("1 of 2"), "{}", shown(80));
        assert!(shown(80).contains("not shown at this width: overclaim\n"), "{}", shown(80));
        let words = shown(80).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("2 claims (1 too high, 1 equal, 0 too low)"), "{words}");
        for width in [60, 80, 100, 120] {
            assert!(shown(width).lines().all(|line| line.chars().count() <= usize::from(width)), "{}", shown(width));
            // the line between the halves goes on through the heading
            let places: Vec<_> =
                shown(width).lines().take(3).map(|line| line.chars().position(|of| of == '│')).collect();
            assert!(places.iter().all(|place| place.is_some() && *place == places[0]), "{}", shown(width));
        }
    }
}
