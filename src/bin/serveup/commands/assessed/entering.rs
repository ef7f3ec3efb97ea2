//! Records entered as they are read, by whoever reads them: each settled as far
//! as it can be before all are known, and noted by a command that needs more of it.

use anyhow::Result;
use serveup::escalator::Footing;
use serveup::{Assessor, Entry, Interaction, Model, NameId, Scale, Weighed};

use crate::input::{Ahead, Noter, Recorded, Taker, Texts};
use crate::messages::{count, note};
use crate::settings::{Part, Window};

/// Lifts the escalator cannot follow, because they name no act.
pub(crate) struct UnseenLifts {
    pub(super) quiet: bool,
    pub(super) count: u64,
}

impl UnseenLifts {
    /// Counts the entry if it is one.
    pub(crate) fn watch(&mut self, entry: &Entry, model: &Model) {
        self.count += u64::from(entry.lift_unseen(model));
    }

    /// Says how many there were.
    pub(crate) fn tell(&self) {
        if self.count > 0 {
            let name = if self.count == 1 { "names" } else { "name" };
            let lifts = count(self.count, "lift");
            note(self.quiet, &format!("{lifts} {name} no `action`; the escalator cannot see their repeats"));
        }
    }
}

/// Keeps what a command needs of records as they are read, so that they need not be read again.
pub(crate) trait Keeper: Send {
    /// What notes it, on any thread.
    type Noter: Noter;

    /// A noter to be shared.
    fn noter(&self, window: Window) -> Self::Noter;

    /// Keeps what was noted of the next records, with the numbers of their recipients.
    fn keep(&mut self, notes: <Self::Noter as Noter>::Notes, recipients: &[NameId]) -> Result<()>;
}

/// Keeps nothing.
impl Keeper for () {
    type Noter = ();

    fn noter(&self, _: Window) {}

    fn keep(&mut self, (): (), _: &[NameId]) -> Result<()> {
        Ok(())
    }
}

/// Someone who looks at every interaction as it is read.
pub(crate) type Seen<'s> = &'s mut (dyn FnMut(&Interaction<'_>) + Send);

/// Entries, each settled as far as it can be before all are known.
pub(super) struct Settling<'m> {
    pub(super) assessor: Assessor<'m>,
    pub(super) window: Window,
    pub(super) entries: Vec<Entry>,
    pub(super) footings: Vec<Option<Footing>>,
    pub(super) unseen: UnseenLifts,
}

impl Settling<'_> {
    /// Settles the entries that have come since.
    fn settle(&mut self) {
        for entry in &self.entries[self.footings.len()..] {
            self.unseen.watch(entry, self.assessor.model());
            let left_out = self.window.part(entry.at()) == Part::LeftOut;
            self.footings.push(if left_out { None } else { self.assessor.settle(entry) });
        }
    }
}

/// Enters records as they are read.
pub(super) struct Entering<'m, 's, 'k, K: Keeper> {
    pub(super) settling: Settling<'m>,
    pub(super) scale: Scale<'m>,
    pub(super) seen: Option<Seen<'s>>,
    pub(super) threads: usize,
    pub(super) noter: K::Noter,
    pub(super) keeper: &'k mut K,
    pub(super) aside: Aside<<K::Noter as Noter>::Notes>,
}

/// Records that came one by one, and that the keeper has not been given yet.
pub(super) struct Aside<N> {
    pub(super) notes: N,
    pub(super) recipients: Vec<NameId>,
}

impl<K: Keeper> Entering<'_, '_, '_, K> {
    /// How many records that come one by one are kept together.
    const MOST: usize = 4096;

    /// Hands over what was noted of records that came one by one.
    pub(super) fn keep_aside(&mut self) -> Result<()> {
        let Aside { notes, recipients } = &mut self.aside;
        if !recipients.is_empty() {
            self.keeper.keep(std::mem::replace(notes, self.noter.begin()), recipients)?;
            recipients.clear();
        }
        Ok(())
    }
}

impl<'m, K: Keeper> Taker<'m> for Entering<'m, '_, '_, K> {
    type Noter = K::Noter;

    fn ahead(&self) -> Option<Ahead<'m, K::Noter>> {
        let noter = || self.keeper.noter(self.settling.window);
        self.seen.is_none().then(|| Ahead { threads: self.threads, scale: self.scale.clone(), noter: noter() })
    }

    fn record(&mut self, _: &Recorded<'_>, interaction: &Interaction<'_>) -> Result<bool> {
        if let Some(seen) = &mut self.seen {
            seen(interaction);
        }
        let weighed = self.scale.weigh(interaction);
        self.noter.note(&mut self.aside.notes, interaction, weighed.at(), false);
        let Settling { assessor, entries, .. } = &mut self.settling;
        let recipient = assessor.recipient(&interaction.recipient)?;
        entries.push(assessor.enroll(weighed, recipient, self.scale.act(interaction).as_deref())?);
        self.settling.settle();
        self.aside.recipients.push(recipient);
        if self.aside.recipients.len() >= Self::MOST {
            self.keep_aside()?;
        }
        Ok(true)
    }

    fn scanned<'t>(
        &mut self,
        records: impl Iterator<Item = (Weighed, Texts<'t>)> + Clone,
        notes: <K::Noter as Noter>::Notes,
    ) -> Result<()> {
        self.keep_aside()?;
        let recipients = &mut self.aside.recipients;
        let moments = records.map(|(weighed, texts)| (weighed, texts.recipient, texts.act));
        self.settling.assessor.enroll_all(moments, &mut self.settling.entries, recipients)?;
        self.settling.settle();
        self.keeper.keep(notes, recipients)?;
        recipients.clear();
        Ok(())
    }
}
