//! What is known of the people served, at any time, and how that compares (section 3.1 of the model).

use super::facts::select;
use super::{Steps, TableName};

/// From the first statement about someone up to and including this one.
const SO_FAR: &str = "PARTITION BY id ORDER BY since NULLS FIRST ROWS UNBOUNDED PRECEDING";

impl Steps<'_> {
    /// All that is in force from each statement on until the next.
    pub(super) fn stated(&mut self, recipients: &TableName) {
        let dialect = self.dialect;
        let mut columns = vec![
            "id AS known_id".to_owned(),
            "since".to_owned(),
            "lead(since) OVER (PARTITION BY id ORDER BY since NULLS FIRST) AS until".to_owned(),
            format!("{}\n    OVER ({SO_FAR}) AS said", dialect.gathered(&dialect.saying("prefers"))),
        ];
        if self.values_matter() {
            let values = dialect.name("values");
            let given = format!("CASE WHEN {} THEN {values} END", dialect.filled(&values));
            columns.push(format!("{}\n    OVER ({SO_FAR}) AS valued", dialect.newest(&given)));
        }
        let about = "Section 3.1: wishes are learned over time. All that had been said of someone by each statement,\n\
                     which counts until the next. Without a since it counts from the beginning.";
        self.step("statements", about, &select(&columns, &format!("FROM {recipients} AS r")));
        let overlaid = format!("    {}", dialect.overlaid("older", "newer"));
        let fold = dialect.fold("said", dialect.no_wishes(), ["older", "newer"], &overlaid);
        let columns = ["*".to_owned(), format!("{} AS prefers", fold.replace('\n', "\n  "))];
        let about = "Section 3.1: for each key the newest statement counts.";
        self.step("stated", about, &select(&columns, "FROM statements"));
    }

    /// Whether a statement is in force when an interaction happens.
    pub(super) fn in_force(&self) -> String {
        let at = format!("i.{}", self.dialect.name("at"));
        format!(
            "AND (stated.since IS NULL OR stated.since <= {at})\n  \
             AND ({at} IS NULL OR stated.until IS NULL OR {at} < stated.until)"
        )
    }

    /// What they wish for, compared with how it was done.
    pub(super) fn compared(&mut self) {
        let done = "coalesce(nullif(served[wish], ''), CASE WHEN wish = 'channel' THEN channel END)";
        let any = |not: &str| {
            let holds = format!("\n      {not}{}", self.dialect.holds_one("prefers[wish]", done));
            self.dialect.any_key("prefers", "wish", &holds)
        };
        let columns = ["*".to_owned(), format!("{} AS missed", any("NOT ")), format!("{} AS met", any(""))];
        let about = "Section 3.1: preferences. For the keys both name, was it done in a way they prefer?\n\
                     The channel counts as served unless served names one.";
        self.step("compared", about, &select(&columns, "FROM moments"));
    }
}
