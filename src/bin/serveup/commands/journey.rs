//! `serveup journey`: how each point of the journey, or any other group, is lived.

use anyhow::Result;
use serveup::assess::journey::{Group, Journey, JourneyBook, JourneyFold, JourneyNotes};
use serveup::assess::loyalty::LoyaltyFold;
use serveup::assess::{Dimension, Key};
use serveup::{Instant, Interaction, Model, NameId};
use unicode_width::UnicodeWidthStr;

use super::assessed::{Assessed, Keeper, Opened, help_without_input};
use crate::args::{Format, JourneyArgs, Of, RequireArgs, Sort};
use crate::crowd::{self, Then};
use crate::exit::Exit;
use crate::input::Noter;
use crate::messages::{LISTED, count, grouped, say};
use crate::output::Output;
use crate::render;
use crate::render::bars::{LEGEND, diverging, percent, short_of};
use crate::render::table::{Column, columns, key_in, label, name, paragraph, shortened};
use crate::settings::{self, Look, Part, Window};

pub(crate) fn run(args: &JourneyArgs) -> Result<Exit> {
    help_without_input("journey", &args.files)?;
    let model = settings::model(args.reads.rules.levels.as_deref())?;
    let look = Look::new(&args.print);
    let by = args.by.dimensions();
    // records may be taken back, or asked again how loyal they are
    let again = by == [Dimension::Recipient] || args.reads.strict && args.reads.keep_going;
    let opened = Opened::new(&model, &args.files, &args.reads, again)?;
    let mut journey = roll_up(opened, &model, by.clone())?;
    if let Some(order) = args.sort {
        sort(&mut journey.groups, order);
    }
    let mut output = Output::open(args.print.output.as_deref())?;
    if look.format == Format::Table {
        output.put(table(&model, &journey, look).as_bytes())?;
        output.finish()?;
    } else {
        let blank = Group::blank(&model, &by);
        render::document(look, output, &journey, &journey.groups, &blank)?;
    }
    Ok(require(&model, &args.gate, &journey))
}

/// More groups than several threads count each for itself.
const MANY_GROUPS: usize = 1 << 16;

fn roll_up(opened: Opened<'_>, model: &Model, by: Vec<Dimension>) -> Result<Journey> {
    if by == [Dimension::Recipient] {
        let loyalty = LoyaltyFold::new(model, opened.zone.clone());
        return roll_up_again(opened.read()?, model, by, Some(loyalty));
    }
    let mut keeping = Keeping { model, book: JourneyBook::new(by.clone()), by };
    let assessed = opened.read_and_keep(&mut keeping)?;
    let Keeping { mut book, by, .. } = keeping;
    if assessed.took_back() {
        return roll_up_again(assessed, model, by, None);
    }
    let levels = assessed.levels();
    let mut counted = Vec::new();
    let count = |places: std::ops::Range<usize>| {
        let first = places.start;
        book.count((first..).zip(levels.from(first).take(places.len())).map(|(index, (_, level))| (index, level)))
    };
    // each thread counts every group for itself, which many groups are not worth
    let threads = if book.groups() > MANY_GROUPS { 1 } else { assessed.threads() };
    let mut stretches = levels.stretches(threads);
    crowd::in_order(
        threads,
        || Ok(stretches.next()),
        count,
        |levels| {
            counted.push(levels);
            Ok(Then::GoOn)
        },
    )?;
    for levels in &counted {
        book.settle(levels);
    }
    Ok(book.finish(model)?)
}

/// Rolls up what is read a second time; with how loyal each recipient is served, if that is asked for.
fn roll_up_again(
    assessed: Assessed<'_>,
    model: &Model,
    by: Vec<Dimension>,
    mut loyalty: Option<LoyaltyFold>,
) -> Result<Journey> {
    let mut fold = JourneyFold::new(by);
    assessed.moments(|moment, when, part| {
        if part == Part::Reported {
            fold.take(moment, when)?;
        }
        // an open failure counts whenever it was: what came before is part of how they are served
        loyalty.as_mut().map_or(Ok(()), |loyalty| Ok(loyalty.take(moment, when)?))
    })?;
    let loyalty = loyalty.map(LoyaltyFold::finish);
    Ok(fold.finish(model, |recipient| loyalty.as_ref()?.get(recipient).copied()))
}

/// Keeps what is known of the moments before their levels are.
struct Keeping<'m> {
    model: &'m Model,
    by: Vec<Dimension>,
    book: JourneyBook,
}

/// Notes what is known of some moments.
struct Noting<'m> {
    model: &'m Model,
    by: Vec<Dimension>,
    window: Window,
}

impl Noter for Noting<'_> {
    type Notes = JourneyNotes;

    fn begin(&self) -> JourneyNotes {
        JourneyNotes::new(self.by.clone())
    }

    fn note(&self, notes: &mut JourneyNotes, interaction: &Interaction<'_>, at: Option<Instant>, _: bool) {
        if self.window.part(at) == Part::Reported {
            notes.note(self.model, interaction, at);
        } else {
            notes.pass();
        }
    }
}

impl<'m> Keeper for Keeping<'m> {
    type Noter = Noting<'m>;

    fn noter(&self, window: Window) -> Noting<'m> {
        Noting { model: self.model, by: self.by.clone(), window }
    }

    fn keep(&mut self, notes: JourneyNotes, recipients: &[NameId]) -> Result<()> {
        self.book.add(self.model, notes, recipients);
        Ok(())
    }
}

fn sort(groups: &mut [Group], order: Sort) {
    let words = |group: &Group| group.key.as_ref().map(Key::in_words);
    match order {
        Sort::Name => groups.sort_by_key(words),
        Sort::Count => groups.sort_by_key(|group| std::cmp::Reverse(group.count)),
        Sort::Worst => groups.sort_by(|one, other| {
            // a group without remarked moments has no share, and comes last
            let shares = |group: &Group| [group.sound.share, group.top_half.share].map(|share| share.unwrap_or(2.0));
            shares(one).partial_cmp(&shares(other)).unwrap_or(std::cmp::Ordering::Equal)
        }),
    }
}

/// Holds the lower bound of every group's share against what is required.
fn require(model: &Model, args: &RequireArgs, journey: &Journey) -> Exit {
    let Some(required) = args.require else { return Exit::Done };
    let enough = model.enough();
    let fewest = args.min_count.unwrap_or_else(|| u64::from(enough.interactions.get()));
    let fewest_recipients = args.min_recipients.unwrap_or_else(|| u64::from(enough.recipients.get()));
    let name = match args.of {
        Of::Sound => "sound",
        Of::TopHalf => "in the top half",
    };
    let (mut findings, mut too_few) = (0, 0);
    for group in &journey.groups {
        let of = match args.of {
            Of::Sound => group.sound,
            Of::TopHalf => group.top_half,
        };
        let key = group.key.as_ref().map(|key| key_in(&key.parts(), 80)).unwrap_or_default();
        let enough = group.remarked() >= fewest && group.recipients >= fewest_recipients;
        match of.low.filter(|_| enough) {
            None => too_few += 1,
            Some(low) if low < required => {
                findings += 1;
                if findings <= LISTED {
                    let (low, required) = short_of(low, required);
                    say(&format!("gate: {key}: at least {low} {name}, {required} required"));
                }
            }
            Some(_) => {}
        }
    }
    if findings > LISTED {
        say(&format!("gate: and {} more", count(findings - LISTED, "group")));
    }
    if findings > 0 {
        return Exit::GateBroken;
    }
    if too_few > 0 || journey.groups.is_empty() {
        let what = if journey.groups.is_empty() {
            "there is no group".to_owned()
        } else {
            format!(
                "{} under {fewest} remarked interactions or {fewest_recipients} recipients",
                count(too_few, "group")
            )
        };
        say(&format!("gate: too little to say: {what}"));
        return Exit::TooLittle;
    }
    Exit::Done
}

fn table(model: &Model, journey: &Journey, look: Look) -> String {
    let width = usize::from(look.width);
    if journey.groups.is_empty() {
        return "no interactions to report\n".to_owned();
    }
    let loyalty = journey.groups.iter().any(|group| group.loyalty.is_some());
    let parts = |group: &Group| group.key.as_ref().map_or_else(|| vec!["all".to_owned()], Key::parts);
    let longest = journey.groups.iter().map(|group| key_in(&parts(group), usize::MAX).width()).max().unwrap_or(0);
    let by = journey.by.iter().map(|dimension| dimension.name()).collect::<Vec<_>>().join(", ");
    let labels = serveup::Level::ALL.map(|level| label(model, level).width());
    // on a narrow terminal the bar shows the middle well enough
    let median = if width < 72 { 0 } else { labels.into_iter().max().unwrap_or(6).clamp(6, 14) + 2 };
    let counts = grouped(journey.total.count).len().max(5);
    let fixed = counts + median + 5 + 5 + if loyalty { 9 + 2 } else { 0 } + 4 * 2;
    let rest = width.saturating_sub(fixed).max(20);
    let key = longest.max(by.width()).clamp(4, (rest / 2).max(10));
    let bar = (rest - key.min(rest)).clamp(9, 61);
    let rows = || journey.groups.iter().chain([&journey.total]);
    let middle =
        |group: &Group| group.median.map_or_else(|| "-".to_owned(), |level| shortened(model.label(level), median));
    let mut table = vec![
        Column::new(&by, key, rows().map(|group| key_in(&parts(group), key))),
        Column::new("count", counts, rows().map(|group| format!("{:>counts$}", grouped(group.count)))),
        Column::new("bottom half │ top half", bar, rows().map(|group| diverging(&group.levels.0, bar / 2))),
        Column::new("median", median.saturating_sub(2), rows().map(middle)),
        Column::new("sound", 5, rows().map(|group| format!("{:>5}", percent(group.sound.share)))),
        Column::new("top", 5, rows().map(|group| format!("{:>5}", percent(group.top_half.share)))),
    ];
    if loyalty {
        let loyal = |group: &Group| group.loyalty.map(|loyalty| loyalty.to_string()).unwrap_or_default();
        table.push(Column::new("loyalty", 9, rows().map(loyal)));
    }
    if median == 0 {
        table.remove(3);
    }
    let mut text = columns(look, &table);
    text.push('\n');
    text.push_str(&paragraph(LEGEND, width));
    text.push_str(&paragraph(&last_line(&journey.total), width));
    text
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
    let value = match total.valued.share {
        Some(share) => {
            format!("; {} of the {} that say so created value", percent(Some(share)), grouped(total.valued.known))
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
    format!("{}{value}{sums}", parts.join(", "))
}
