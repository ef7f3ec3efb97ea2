//! From the facts of one moment to the level they speak for (section 3 of the model).

use crate::level::Level;
use crate::rating::recipients::{KnownRecipient, Wish};
use crate::record::interaction::Interaction;
use crate::rules::Model;
use crate::signal::{SignalId, SignalSet};
use crate::value::Created;

/// Whether value opens the way for signals that need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Value was created that this recipient wants.
    Open,
    /// Nobody noted whether value was created.
    Unknown,
    /// It is on record that none was created.
    NoneCreated,
    /// Value was created, but none that this recipient says they value.
    NotTheirs,
}

/// How the way they were served compares with the way they prefer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preference {
    /// Nothing to compare.
    NotCompared,
    /// All that could be compared was as they prefer.
    Met,
    /// Something was different.
    Missed,
}

/// What the facts of one moment say, before the history of the act is considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Evidence {
    /// The level the facts speak for: the lowest shortfall, else the lift.
    pub level: Level,
    /// The highest lift that counts, else the baseline.
    pub lift: Level,
    /// The signals recorded, and the one the preferences added.
    pub signals: SignalSet,
    /// Those of them that count for nothing because they need value.
    pub shut_out: SignalSet,
    /// Why, if any are shut out.
    pub gate: Gate,
    /// How preferences compared.
    pub preference: Preference,
    /// Whether the act was left out this time.
    pub omitted: bool,
    /// Whether a preference is noted as missed, by comparison or by signal.
    pub preference_missed: bool,
    /// Whether anything was observed at all: a signal, a compared preference or value.
    pub noted: bool,
}

impl Evidence {
    /// Weighs the facts of one interaction. `recipient` is what is known of the
    /// person served, if anything is.
    #[must_use]
    pub fn weigh(model: &Model, interaction: &Interaction<'_>, recipient: Option<KnownRecipient<'_>>) -> Self {
        let preference = recipient.map_or(Preference::NotCompared, |recipient| compare(interaction, recipient));
        let reserved = model.reserved();
        let signals = match preference {
            Preference::NotCompared => interaction.signals,
            Preference::Met => interaction.signals.with(reserved.preferred_way),
            Preference::Missed => interaction.signals.with(reserved.preference_missed),
        };
        let gate = gate(model, interaction.value.as_ref(), recipient);
        let noted = !signals.is_empty() || interaction.value.is_some();
        Self { noted, ..Self::judge(model, signals, gate, preference) }
    }

    /// Whether the act was left out because this recipient likes it so: it was compared, and met every
    /// preference compared ("some don't want a review").
    #[must_use]
    pub const fn declined(&self) -> bool {
        self.omitted && matches!(self.preference, Preference::Met)
    }

    /// The shortfalls that count, lowest level first.
    pub fn shortfalls(&self, model: &Model) -> impl Iterator<Item = SignalId> {
        let counting = self.signals.minus(self.shut_out);
        let below = Level::ALL[..Level::BASELINE.index()].iter();
        below.flat_map(move |&level| counting.and(model.signals_of(level)).iter())
    }

    /// What a set of signals says behind a gate, whatever their origin; `preference` is how preferences compared.
    pub(crate) fn judge(model: &Model, signals: SignalSet, gate: Gate, preference: Preference) -> Self {
        let shut_out = match gate {
            Gate::Open => SignalSet::EMPTY,
            _ => signals.and(model.signals_needing_value()),
        };
        let counting = signals.minus(shut_out);
        let reserved = model.reserved();
        let omitted = signals.contains(reserved.omitted);
        let speaks = |level: &Level| !counting.and(model.signals_of(*level)).is_empty();
        let lift = match Level::ALL[Level::BASELINE.index() + 1..].iter().rfind(|level| speaks(level)) {
            Some(&lift) if !omitted || preference == Preference::Met => lift,
            _ => Level::BASELINE,
        };
        let shortfall = Level::ALL[..Level::BASELINE.index()].iter().find(|level| speaks(level)).copied();
        Self {
            level: shortfall.unwrap_or(lift),
            lift,
            signals,
            shut_out,
            gate,
            preference,
            omitted,
            preference_missed: signals.contains(reserved.preference_missed),
            noted: !signals.is_empty(),
        }
    }
}

/// Compares, for the keys both name, how it was done with how they like it: exact text.
fn compare(interaction: &Interaction<'_>, recipient: KnownRecipient<'_>) -> Preference {
    let mut compared = Preference::NotCompared;
    for (wish, got) in compared_wishes(interaction, recipient) {
        if !wish.is_met_by(got) {
            return Preference::Missed;
        }
        compared = Preference::Met;
    }
    compared
}

/// The wishes in force that can be compared with how they were served, each with that (section 3 of the model).
pub fn compared_wishes<'a>(
    interaction: &'a Interaction<'_>,
    recipient: KnownRecipient<'a>,
) -> impl Iterator<Item = (Wish<'a>, &'a str)> {
    recipient.wishes().filter_map(|wish| {
        let (_, got) = interaction.served().find(|(served, _)| *served == wish.key)?;
        Some((wish, got))
    })
}

/// Those of them that were missed.
pub fn missed<'a>(
    interaction: &'a Interaction<'_>,
    recipient: KnownRecipient<'a>,
) -> impl Iterator<Item = (Wish<'a>, &'a str)> {
    compared_wishes(interaction, recipient).filter(|(wish, got)| !wish.is_met_by(got))
}

fn gate(model: &Model, value: Option<&Created>, recipient: Option<KnownRecipient<'_>>) -> Gate {
    let Some(created) = value else { return Gate::Unknown };
    if created.named.is_empty() {
        return Gate::NoneCreated;
    }
    match recipient {
        Some(recipient) if !recipient.values().is_empty() => {
            if model.with_kinds(created.named).meets(model.with_kinds(recipient.values())) {
                Gate::Open
            } else {
                Gate::NotTheirs
            }
        }
        _ => Gate::Open,
    }
}
