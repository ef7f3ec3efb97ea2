//! Interactions in, ratings out.
//!
//! Rating takes three steps, so that records may be read in any order: each interaction is
//! *entered* as it is read, the entries are *settled* in the time order of each act, and a *rating*
//! is made for each from the state of its act.

use std::borrow::Cow;
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashSet;

use crate::level::Level;
use crate::moment::Instant;
use crate::names::{NameId, Names, TooMany};
#[cfg(feature = "read")]
use crate::rating::entrants::Entrants;
use crate::rating::entry::{Entry, Weighed};
use crate::rating::escalator::{ActState, Assessment, Facts, Pace, Reason, assess};
use crate::rating::evidence::Evidence;
use crate::rating::ledger::{ActId, Ledger};
use crate::rating::recipients::Recipients;
use crate::rating::why::RatedMoment;
use crate::record::interaction::Interaction;
use crate::rules::{Model, Unnamed};

/// Rates interactions by a model, with what is known of the recipients.
#[derive(Clone, Debug)]
pub(crate) struct Assessor<'m> {
    scale: Weigher<'m>,
    /// Whom interactions serve.
    served: Names,
    ledger: Ledger,
}

/// What weighs an interaction by itself: the rules, and what is known of the
/// recipients. It changes nothing, so any number of threads can share it.
#[derive(Clone, Debug)]
pub(crate) struct Weigher<'m> {
    model: &'m Model,
    recipients: Arc<Recipients>,
    /// What the ledger hashes the names of recipients by.
    #[cfg_attr(not(feature = "read"), expect(dead_code, reason = "only what is read is prepared on any thread"))]
    hasher: RandomState,
}

impl<'m> Weigher<'m> {
    /// The rules it weighs by.
    #[must_use]
    pub(crate) const fn model(&self) -> &'m Model {
        self.model
    }

    /// What is known of the recipients.
    #[must_use]
    pub(crate) fn recipients(&self) -> &Recipients {
        &self.recipients
    }

    /// The interaction's time and facts.
    #[must_use]
    pub(crate) fn weigh(&self, interaction: &Interaction<'_>) -> Weighed {
        let (_, facts) = self.facts(interaction);
        let at = interaction.at.as_ref().map(|at| at.instant);
        Weighed { at: at.map_or(0, Instant::micros), facts, timed: at.is_some() }
    }

    /// Adds an interaction, as it was weighed, to those that are on their way into the ledger.
    #[cfg(feature = "read")]
    pub(crate) fn prepare(&self, entrants: &mut Entrants, weighed: Weighed, interaction: &Interaction<'_>) {
        entrants.push(weighed, &interaction.recipient, self.act(interaction).as_deref(), &self.hasher);
    }

    /// The name its act goes by; `None` where it has no act the escalator can see.
    #[must_use]
    pub(crate) fn act<'i>(&self, interaction: &'i Interaction<'_>) -> Option<Cow<'i, str>> {
        match (&interaction.action, self.model.escalator().unnamed) {
            (Some(action), _) => Some(Cow::Borrowed(action)),
            (None, Unnamed::Point) => Some(interaction.path()),
            (None, Unnamed::Off) => None,
        }
    }

    fn facts(&self, interaction: &Interaction<'_>) -> (Evidence, Facts) {
        let recipient = self.recipients.of_interaction(interaction);
        let evidence = Evidence::weigh(self.model, interaction, recipient);
        let market = interaction.at.as_ref().filter(|_| !self.model.market_rows().is_empty()).and_then(|at| {
            let act = interaction.action.as_deref().map_or_else(|| interaction.path(), Cow::Borrowed);
            self.model.market(&act, at.instant)
        });
        let facts = Facts::new(&evidence, interaction.verdict, market);
        (evidence, facts)
    }
}

impl<'m> Assessor<'m> {
    /// An assessor that has seen nothing yet.
    #[must_use]
    pub(crate) fn new(model: &'m Model, recipients: Recipients) -> Self {
        let hasher = RandomState::default();
        let served = Names::with_hasher(hasher.clone());
        Self { scale: Weigher { model, recipients: Arc::new(recipients), hasher }, served, ledger: Ledger::default() }
    }

    /// The rules it rates by.
    #[must_use]
    pub(crate) const fn model(&self) -> &'m Model {
        self.scale.model
    }

    /// What is known of the recipients.
    #[must_use]
    pub(crate) fn recipients(&self) -> &Recipients {
        &self.scale.recipients
    }

    /// What it weighs interactions with, to be shared.
    #[must_use]
    pub(crate) fn scale(&self) -> Weigher<'m> {
        self.scale.clone()
    }

    /// Enters an interaction, in the order of the input: weighs its facts and finds its act.
    /// To be settled before it has a level.
    ///
    /// # Errors
    /// More recipients or acts than there are numbers for. The same for all methods that enter.
    pub(crate) fn enter(&mut self, interaction: &Interaction<'_>) -> Result<Entry, TooMany> {
        let (weighed, act) = (self.scale.weigh(interaction), self.scale.act(interaction));
        let recipient = self.recipient(&interaction.recipient)?;
        self.enroll(weighed, recipient, act.as_deref())
    }

    /// An interaction's time and facts, and the name its act goes by.
    pub(crate) fn weigh<'i>(&self, interaction: &'i Interaction<'_>) -> (Weighed, Option<Cow<'i, str>>) {
        (self.scale.weigh(interaction), self.scale.act(interaction))
    }

    /// The number of a recipient; equal texts are one recipient.
    pub(crate) fn recipient(&mut self, recipient: &str) -> Result<NameId, TooMany> {
        Ok(self.served.add(recipient)?.0)
    }

    /// How many acts with a recipient there are numbers for.
    #[must_use]
    pub(crate) fn acts(&self) -> usize {
        self.ledger.len()
    }

    /// For whom an act is done, and the number of its name.
    #[must_use]
    pub(crate) fn act_of(&self, act: NameId) -> (NameId, NameId) {
        self.ledger.act_of(act)
    }

    /// The name of acts by the number of that.
    #[must_use]
    pub(crate) fn action_name(&self, action: NameId) -> &str {
        self.ledger.action_name(action)
    }

    /// What the next delivery of an entry's act will be worth, if that has slid by now or is about to.
    #[must_use]
    pub(crate) fn fading(&self, entry: &Entry, state: Option<ActState>) -> Option<Level> {
        let next = self.assessment(entry, state).next?;
        let after = state?.after(self.scale.model, entry.facts.facts());
        after.fades(self.scale.model, next).then_some(next)
    }

    /// Whether an entry made its act new, let it run down, or was a lapse.
    #[must_use]
    pub(crate) fn pace(&self, entry: &Entry, state: Option<ActState>) -> Pace {
        let (model, facts, assessment) = (self.scale.model, entry.facts.facts(), self.assessment(entry, state));
        let slid = |state: ActState| assessment.reason.slid() && facts.delivered() && state.runs_down(model);
        Pace {
            new: u64::from(state.is_some_and(|state| state.renewed(model, facts))),
            slid: u64::from(state.is_some_and(slid)),
            lapsed: u64::from(assessment.reason == Reason::Lapse),
        }
    }

    /// The name of a recipient.
    #[must_use]
    pub(crate) fn recipient_name(&self, recipient: NameId) -> &str {
        self.served.name(recipient)
    }

    /// How many different recipients there were.
    #[must_use]
    pub(crate) fn recipients_met(&self) -> usize {
        self.served.len()
    }

    /// Enters an interaction that has been weighed: finds its act.
    pub(crate) fn enroll(&mut self, weighed: Weighed, recipient: NameId, act: Option<&str>) -> Result<Entry, TooMany> {
        let act = act.map(|act| self.ledger.act(recipient, act)).transpose()?;
        Ok(weighed.entry(act))
    }

    /// Whom interactions serve, and the ledger of acts: two books that are kept beside each other.
    pub(crate) const fn books(&mut self) -> (&mut Names, &mut Ledger) {
        (&mut self.served, &mut self.ledger)
    }

    /// Settles an entry; to be called once for each, in time order or in that of the input. Returns
    /// the state of its act before it, `None` where it names no act. Where entries came late,
    /// [`Assessor::settle_late`] settles them again.
    pub(crate) fn settle(&mut self, entry: &Entry) -> Option<ActState> {
        Some(self.ledger.settle(self.scale.model, entry.act?, entry.at(), entry.facts.facts()))
    }

    /// Gives back what finds recipients and acts by their names, once no more are entered.
    pub(crate) fn close(&mut self) {
        self.served.close();
        self.ledger.close();
    }

    /// Forgets what has been settled, so that all can be settled again.
    pub(crate) fn forget(&mut self) {
        self.ledger.forget();
    }

    /// Settles the acts again of which an entry came after a later one, `late`, now in
    /// time order. `entries` are all, each with its state; `counts` says which
    /// of them, by their place, are to be settled at all.
    ///
    /// The state of an act depends only on its own moments, so nothing else changes when moments of
    /// others come late.
    pub(crate) fn settle_late(
        &mut self,
        late: &[ActId],
        entries: &[Entry],
        states: &mut [Option<ActState>],
        mut counts: impl FnMut(usize) -> bool,
    ) {
        if late.is_empty() {
            return;
        }
        self.ledger.forget_these(late);
        let late: HashSet<ActId, RandomState> = late.iter().copied().collect();
        let of_late_act = |entry: &Entry| entry.act.is_some_and(|act| late.contains(&act));
        let places = (0..entries.len()).filter(|&index| of_late_act(&entries[index]) && counts(index));
        // where times are equal, the place in the input decides
        let mut order: Vec<(i64, usize)> = places.map(|index| (entries[index].at, index)).collect();
        order.sort_unstable();
        for (_, index) in order {
            states[index] = self.settle(&entries[index]);
        }
    }

    /// The recipient and the act of a place in the ledger, and the state of the act now.
    #[must_use]
    pub(crate) fn act_at(&self, index: usize) -> Option<(&str, &str, ActState)> {
        let (recipient, act, state) = self.ledger.act_at(index)?;
        Some((self.served.name(recipient), act, state))
    }

    /// The level of an entry on the state it was settled on.
    #[must_use]
    pub(crate) fn assessment(&self, entry: &Entry, state: Option<ActState>) -> Assessment {
        assess(self.scale.model, entry.facts.facts(), state)
    }

    /// An interaction on the state it was settled on, with everything that led to its level.
    #[must_use]
    pub(crate) fn moment<'i>(&self, interaction: &'i Interaction<'i>, state: Option<ActState>) -> RatedMoment<'_, 'i> {
        let Weigher { model, recipients, .. } = &self.scale;
        let (evidence, facts) = self.scale.facts(interaction);
        RatedMoment {
            model,
            interaction,
            recipient: recipients.of_interaction(interaction),
            evidence,
            facts,
            state,
            assessment: assess(model, facts, state),
        }
    }
}
