//! Maps that come with the program, for the exports of common help desks.

use super::latest::Times;

/// A map for one kind of export.
#[derive(Debug)]
pub struct Preset {
    /// The name, as `--from` takes it.
    pub name: &'static str,
    /// The map, with its comments.
    pub text: &'static str,
    /// The column that names the case, where the export may have several rows per case.
    pub last_by: Option<&'static str>,
    /// Whether the export ends in a line that is no row.
    pub trailer: bool,
    /// Where its times stand: as of the latest, what is still open is judged.
    pub times: Times,
}

impl Preset {
    /// All presets, by name.
    pub const ALL: [Self; 6] = [
        Self::plain("zendesk", include_str!("presets/zendesk.jq")).timed(&["created_at", "updated_at"]),
        Self::plain("zendesk-csv", include_str!("presets/zendesk-csv.jq")).timed(&["Created at", "Updated at"]),
        Self::plain("intercom", include_str!("presets/intercom.jq")).timed(&["created_at", "updated_at"]),
        Self::plain("freshdesk", include_str!("presets/freshdesk.jq")).timed(&["created_at", "updated_at"]),
        Self { trailer: true, ..Self::plain("chatwoot-csat", include_str!("presets/chatwoot-csat.jq")) },
        Self { last_by: Some("number"), ..Self::plain("servicenow", include_str!("presets/servicenow.jq")) },
    ];

    /// The same with the members, or columns, that hold its times.
    const fn timed(self, names: &'static [&'static str]) -> Self {
        Self { times: Times { names, ..self.times }, ..self }
    }

    const fn plain(name: &'static str, text: &'static str) -> Self {
        Self { name, text, last_by: None, trailer: false, times: Times { names: &[], formats: &[] } }
    }

    /// The preset of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        static PRESETS: [Preset; 6] = Preset::ALL;
        PRESETS.iter().find(|preset| preset.name == name)
    }
}
