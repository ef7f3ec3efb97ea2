//! What marks the exports of each preset: names of columns, or of members, that no other export has together.

use super::presets::Preset;

/// How an export is known by the names in it.
pub(super) struct Marks {
    /// The preset that reads it.
    preset: &'static str,
    /// What it is, as messages call it.
    pub(super) title: &'static str,
    /// The names: all of one of these lists are there. Of a member inside another the way to it, joined by
    /// dots; lists add nothing to the way.
    pub(super) names: &'static [&'static [&'static str]],
}

impl Marks {
    /// The preset that reads it, if the program has it.
    pub(super) fn preset(&self) -> Option<&'static Preset> {
        Preset::named(self.preset)
    }

    /// Those of a preset.
    pub(super) fn of(preset: &Preset) -> Option<&'static Self> {
        MARKS.iter().find(|marks| marks.preset == preset.name)
    }
}

/// Objects that exports wrap their rows in, by the way to the rows.
pub(super) const AROUND: [&str; 10] = [
    "ticket",
    "tickets",
    "result",
    "results",
    "records",
    "result.records",
    "issues",
    "_embedded.conversations",
    "conversations",
    "assets.Ticket",
];

/// Those of records of the program's own.
pub(super) const RECORDS: [&[&str]; 2] = [&["recipient", "point"], &["interactions.recipient", "interactions.point"]];

const fn marks(preset: &'static str, title: &'static str, names: &'static [&'static [&'static str]]) -> Marks {
    Marks { preset, title, names }
}

/// Those of all presets.
pub(super) const MARKS: [Marks; 14] = [
    marks(
        "zendesk",
        "Zendesk's JSON",
        &[
            &["requester_id", "submitter_id", "via.channel"],
            &["requester_id", "via.channel"],
            &["requester.id", "via.channel"],
            &["requester_id", "metric_set"],
            &["requester_id", "metric_events"],
            &["metric_set.reply_time_in_minutes", "status"],
            &["satisfaction_rating.score", "requester_id"],
            &["survey_responses.answers", "survey_responses.subjects"],
            &["responder_id", "subjects.zrn"],
            &["satisfaction_ratings.score", "satisfaction_ratings.requester_id"],
        ],
    ),
    marks(
        "zendesk-csv",
        "Zendesk's CSV",
        &[
            &["Summation column", "Requester id"],
            &["Id", "Requester id", "Satisfaction Score"],
            &["Id", "Requester id", "Solved at"],
            &["Id", "Requester id", "First reply time in minutes"],
            &["Id", "Requester email", "Created at", "Via"],
        ],
    ),
    marks(
        "intercom",
        "Intercom's conversations",
        &[
            &["source.delivered_as", "conversation_parts"],
            &["source.author.type", "statistics"],
            &["source.author", "conversation_parts"],
            &["admin_assignee_id", "contacts", "state"],
            &["statistics.first_contact_reply_at"],
            &["statistics.last_close_at"],
            &["sla_applied.sla_status"],
            &["conversation_rating.remark"],
        ],
    ),
    marks(
        "freshdesk",
        "Freshdesk's JSON",
        &[
            &["requester_id", "responder_id"],
            &["requester_id", "fr_due_by"],
            &["requester_id", "fr_escalated"],
            &["requester_id", "stats.agent_responded_at"],
            &["requester_id", "stats.first_responded_at"],
            &["requester_id", "stats.resolved_at"],
            &["survey_id", "ticket_id", "ratings"],
        ],
    ),
    marks(
        "freshdesk-csv",
        "Freshdesk's CSV",
        &[
            &["Ticket ID", "Resolution status", "First response status"],
            &["Ticket ID", "Initial response time"],
            &["Ticket ID", "Due by Time"],
            &["Ticket ID", "Survey results", "Created time"],
            &["Ticket ID", "Agent interactions", "Customer interactions"],
        ],
    ),
    // the names of its columns are translated: how it is known else, stands with what is seen
    marks(
        "chatwoot-csat",
        "Chatwoot's satisfaction report",
        &[&["Agent Name", "Rating", "Feedback Comment", "Link to the conversation"]],
    ),
    marks(
        "servicenow",
        "ServiceNow's incidents",
        &[
            &["number", "caller_id", "incident_state"],
            &["number", "incident_state"],
            &["number", "caller_id"],
            &["number", "made_sla"],
            &["number", "sys_id", "opened_at"],
            &["number", "resolved_at", "opened_at"],
        ],
    ),
    marks(
        "servicenow-sla",
        "ServiceNow's task_sla",
        &[
            &["task", "has_breached", "stage"],
            &["task", "has_breached"],
            &["task", "planned_end_time"],
            &["task", "business_percentage"],
        ],
    ),
    marks(
        "jira",
        "Jira's issues",
        &[
            &["key", "fields.issuetype"],
            &["key", "fields.resolutiondate"],
            &["key", "fields.reporter"],
            &["key", "fields.project"],
        ],
    ),
    marks(
        "zammad",
        "Zammad's tickets",
        &[
            &["Create Channel", "Closed At"],
            &["First Response Diff In Min"],
            &["Close Diff In Min"],
            &["customer_id", "create_article_type_id"],
            &["customer_id", "create_article_sender_id"],
            &["customer", "create_article_type"],
            &["customer_id", "close_escalation_at"],
            &["customer_id", "first_response_escalation_at"],
        ],
    ),
    marks(
        "osticket",
        "osTicket's tickets",
        &[
            &["Ticket Number", "Current Status"],
            &["Ticket Number", "SLA Due Date"],
            &["Ticket Number", "Closed Date"],
            &["Ticket Number", "Thread Count"],
            &["Ticket Number", "Date Created"],
        ],
    ),
    marks(
        "helpscout",
        "Help Scout's conversations",
        &[
            &["primaryCustomer", "mailboxId", "userUpdatedAt"],
            &["primaryCustomer", "mailboxId"],
            &["customerWaitingSince", "mailboxId"],
            &["_embedded.threads", "mailboxId"],
            &["primary_customer", "mailbox_id"],
            &["ratingId", "ratingCustomerId"],
            &["conversationId", "threadId", "rating"],
            &["ticketId", "threadId", "rating"],
        ],
    ),
    marks(
        "hubspot",
        "HubSpot's tickets",
        &[
            &["properties.hs_pipeline_stage", "properties.hs_pipeline"],
            &["properties.hs_ticket_priority"],
            &["properties.hs_ticket_id"],
            &["properties.createdate", "properties.closed_date"],
            &["properties.hs_time_to_close_sla_status"],
            &["properties.hs_time_to_first_response_sla_status"],
            &["properties.hs_pipeline_stage", "properties.createdate"],
            &["properties.hs_survey_type"],
            &["properties.hs_survey_id"],
        ],
    ),
    marks(
        "salesforce",
        "Salesforce's cases",
        &[
            &["CaseNumber", "CreatedDate"],
            &["CaseNumber", "IsClosed"],
            &["CaseNumber", "attributes.type"],
            &["CASENUMBER", "CREATEDDATE"],
            &["CASENUMBER", "ISCLOSED"],
            &["CaseId", "IsViolated"],
            &["CASEID", "ISVIOLATED"],
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::{MARKS, Marks};
    use crate::import::Preset;

    #[test]
    fn every_preset_has_marks() {
        for preset in Preset::ALL {
            assert!(Marks::of(&preset).is_some(), "{} has marks, by which it is recognised", preset.name);
        }
    }

    #[test]
    fn no_export_has_the_marks_of_another() {
        for (index, one) in MARKS.iter().enumerate() {
            for other in &MARKS[index + 1..] {
                let same = one.names.iter().find(|names| other.names.contains(names));
                assert!(same.is_none(), "{} and {}: {same:?}", one.title, other.title);
            }
        }
    }
}
