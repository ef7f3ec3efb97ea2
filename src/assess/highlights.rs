//! The worst and the latest moments at each perception point, with their reasons.

use crate::level::Level;
use crate::rating::why::RatedMoment;

/// One moment, as shown to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// The record's id.
    pub id: Option<String>,
    /// When it happened, as written.
    pub at: Option<String>,
    /// The person served.
    pub recipient: String,
    /// Who served.
    pub provider: Option<String>,
    /// The act.
    pub action: Option<String>,
    /// Its level.
    pub level: Level,
    /// Whether its act has only slid.
    pub slid: bool,
    /// Whether something went wrong.
    pub failure: bool,
    /// Whether it counts in shares.
    pub remarked: bool,
    /// Why it has its level, in lines a person can check by hand.
    pub why: Vec<String>,
    /// What the recipient said.
    pub said: Option<String>,
}

impl Highlight {
    pub(crate) fn of(moment: &RatedMoment<'_, '_>) -> Self {
        let interaction = moment.interaction;
        let owned = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(str::to_owned);
        Self {
            id: owned(&interaction.id),
            at: interaction.at.as_ref().map(|at| at.text.clone().into_owned()),
            recipient: interaction.recipient.clone().into_owned(),
            provider: owned(&interaction.provider),
            action: owned(&interaction.action),
            level: moment.assessment.level,
            slid: moment.assessment.reason.slid(),
            failure: moment.assessment.failure,
            remarked: moment.remarked(),
            why: moment.why_on_page(),
            said: owned(&interaction.said),
        }
    }
}

/// The moments of one point that are worth showing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Highlights {
    /// The worst remarked moments, worst and then latest first.
    pub worst: Vec<Highlight>,
    /// The latest moments, latest first.
    pub latest: Vec<Highlight>,
}
