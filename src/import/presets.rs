//! Maps that come with the program, for the exports of common help desks.

use super::latest::Times;
use super::typed::{self, Typed};

/// Times without an offset.
const PLAIN: &[&str] = &["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"];

/// Times of `ServiceNow`; those with slashes are of its public event log.
const SERVICENOW: &[&str] = &["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M"];

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
    /// The mapper that says the same as the map, where there is one.
    pub(super) typed: Option<Typed>,
}

impl Preset {
    /// How many there are.
    pub const COUNT: usize = 14;

    /// All of them, with those of one desk together.
    pub const ALL: [Self; Self::COUNT] = [
        Self::plain("zendesk", include_str!("presets/zendesk.jq"))
            .timed(&["created_at", "updated_at"])
            .typed(typed::ZENDESK),
        Self::plain("zendesk-csv", include_str!("presets/zendesk-csv.jq"))
            .timed(&["Created at", "Updated at"])
            .typed(typed::ZENDESK_CSV),
        Self::plain("intercom", include_str!("presets/intercom.jq"))
            .timed(&["created_at", "updated_at"])
            .typed(typed::INTERCOM),
        Self::plain("freshdesk", include_str!("presets/freshdesk.jq"))
            .timed(&["created_at", "updated_at"])
            .typed(typed::FRESHDESK),
        Self::plain("freshdesk-csv", include_str!("presets/freshdesk-csv.jq")).timed(&[
            "Created time",
            "Created Time",
            "Last update time",
            "Last updated time",
        ]),
        Self { trailer: true, ..Self::plain("chatwoot-csat", include_str!("presets/chatwoot-csat.jq")) }
            .typed(typed::CHATWOOT_CSAT),
        Self {
            last_by: Some("number"),
            times: Times {
                names: &["sys_updated_on", "sys_updated_at", "closed_at", "resolved_at", "opened_at"],
                formats: SERVICENOW,
            },
            ..Self::plain("servicenow", include_str!("presets/servicenow.jq")).typed(typed::SERVICENOW)
        },
        Self {
            times: Times { names: &["sys_updated_on", "end_time", "start_time"], formats: SERVICENOW },
            ..Self::plain("servicenow-sla", include_str!("presets/servicenow-sla.jq"))
        },
        Self {
            times: Times { names: &["updated", "resolutiondate", "created"], formats: &["%Y-%m-%dT%H:%M:%S%.f%z"] },
            ..Self::plain("jira", include_str!("presets/jira.jq"))
        },
        Self {
            trailer: true,
            times: Times { names: &["updated_at", "created_at", "Updated At", "Created At"], formats: PLAIN },
            ..Self::plain("zammad", include_str!("presets/zammad.jq"))
        },
        Self {
            times: Times { names: &["Last Updated", "Closed Date", "Date Created"], formats: PLAIN },
            ..Self::plain("osticket", include_str!("presets/osticket.jq"))
        },
        Self::plain("helpscout", include_str!("presets/helpscout.jq")).timed(&[
            "createdAt",
            "closedAt",
            "userUpdatedAt",
            "created_at",
            "closed_at",
            "user_updated_at",
        ]),
        Self::plain("hubspot", include_str!("presets/hubspot.jq")).timed(&[
            "createdate",
            "closed_date",
            "hs_lastmodifieddate",
            "createdAt",
            "updatedAt",
        ]),
        Self::plain("salesforce", include_str!("presets/salesforce.jq")).timed(&[
            "CreatedDate",
            "ClosedDate",
            "LastModifiedDate",
            "CREATEDDATE",
            "CLOSEDDATE",
            "LASTMODIFIEDDATE",
        ]),
    ];

    /// The same with the members, or columns, that hold its times.
    const fn timed(self, names: &'static [&'static str]) -> Self {
        Self { times: Times { names, ..self.times }, ..self }
    }

    /// The same with a mapper beside its map.
    const fn typed(self, typed: Typed) -> Self {
        Self { typed: Some(typed), ..self }
    }

    const fn plain(name: &'static str, text: &'static str) -> Self {
        Self { name, text, last_by: None, trailer: false, times: Times { names: &[], formats: &[] }, typed: None }
    }

    /// The preset of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        static PRESETS: [Preset; Preset::COUNT] = Preset::ALL;
        PRESETS.iter().find(|preset| preset.name == name)
    }
}
