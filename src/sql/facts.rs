//! The first half of the query: what the facts of each moment say (section 3 of the model).

use std::fmt::Write as _;

use super::{Steps, TableName, rank};
use crate::level::Level;
use crate::signal::SignalId;
use crate::value::Category;
use crate::verdict::Verdict;

impl Steps<'_> {
    /// From the tables to the evidence of every moment.
    pub(super) fn facts(&mut self, interactions: &TableName, recipients: Option<&TableName>) {
        if let Some(recipients) = recipients {
            self.stated(recipients);
        }
        self.moments(interactions);
        if self.people {
            self.compared();
        }
        if self.values_matter() || self.grouped() {
            self.kinds();
        }
        self.noted();
        self.evidence();
    }

    /// Whether signals of any level need value, so that what was created matters.
    fn gated(&self) -> bool {
        !self.model.signals_needing_value().is_empty()
    }

    /// Whether what a recipient values is asked for.
    pub(super) fn values_matter(&self) -> bool {
        self.people && self.gated()
    }

    fn moments(&mut self, interactions: &TableName) {
        let dialect = self.dialect;
        let given = |field: &str| format!("nullif(i.{field}, '')");
        let path = "concat_ws('/', nullif(i.journey, ''), nullif(i.transaction, ''), i.point)";
        let action_or_path = format!("coalesce({}, {path})", given("action"));
        let mut columns = vec![
            "i.seq".to_owned(),
            format!("{} AS id", given("id")),
            format!("i.{} AS happened_at", dialect.name("at")),
            "i.recipient".to_owned(),
            format!("{} AS act", if self.path_rides() { action_or_path.clone() } else { given("action") }),
        ];
        if self.market() && !self.path_rides() {
            columns.push(format!("{action_or_path} AS known_as"));
        }
        columns.push(format!("{} AS lowest", self.verdict(Verdict::lowest)));
        columns.push(format!("{} AS highest", self.verdict(Verdict::highest)));
        columns.push(format!("coalesce(i.signals, {}) AS signals", dialect.list(&[])));
        columns.push(format!("i.{} AS created", dialect.name("value")));
        columns.extend(self.asked_of_a_record(path));
        let mut from = format!("FROM {interactions} AS i");
        if self.people {
            columns.push("i.served".to_owned());
            columns.push(format!("{} AS channel", given("channel")));
            columns.push("stated.prefers".to_owned());
            if self.values_matter() {
                columns.push("stated.valued".to_owned());
            }
            let _ = write!(from, "\nLEFT JOIN stated ON stated.known_id = i.recipient\n  {}", self.in_force());
        }
        let about = if self.path_rides() {
            "Section 1: the records. An empty text is not given. Without an action the path stands for the act.\n"
        } else {
            "Section 1: the records. An empty text is not given. Only named acts ride the escalator.\n"
        };
        let about = format!("{about}A verdict allows the levels from lowest to highest, an own word only one.");
        self.step("moments", &about, &select(&columns, &from));
    }

    /// The rank of a level that each verdict names.
    fn verdict(&self, of: impl Fn(Verdict) -> Level) -> String {
        let cases = Level::ALL.into_iter().filter_map(|level| {
            let names = Verdict::ALL.into_iter().filter(|verdict| of(*verdict) == level);
            let names: Vec<_> = names.map(|verdict| self.dialect.text(verdict.name())).collect();
            (!names.is_empty()).then(|| format!("\n    WHEN i.verdict IN ({}) THEN {}", names.join(", "), rank(level)))
        });
        format!("CASE{}\n  END", cases.collect::<String>())
    }

    /// Section 3.2: the kinds of value created, and the categories of these and of what they value.
    fn kinds(&mut self) {
        let dialect = self.dialect;
        let columns = ["*".to_owned(), format!("{} AS kinds", dialect.each("created", "item", &self.kind_of("item")))];
        let body = select(&columns, &format!("FROM {}", self.last));
        let about = "Section 3.2: the kinds and categories created. An object names its kind, and so does a text\n\
                     with an amount.";
        self.step("kinds", about, &body);
        let cases = Category::ALL.into_iter().filter_map(|category| {
            let kinds = self.model.kinds().iter().filter(|kind| kind.category == category);
            let kinds: Vec<_> = kinds.map(|kind| dialect.text(&kind.name)).collect();
            let category = dialect.text(category.name());
            (!kinds.is_empty()).then(|| format!("\n      WHEN item IN ({}) THEN {category}", kinds.join(", ")))
        });
        let category = format!("CASE{}\n      ELSE item END", cases.collect::<String>());
        let mut columns = vec!["*".to_owned(), format!("{} AS categories", dialect.each("kinds", "item", &category))];
        let mut about = "Section 6: the categories they belong to.";
        if self.values_matter() {
            columns.push(format!("{} AS valued_categories", dialect.each("valued", "item", &category)));
            about = "Section 6: the categories they belong to, and those of what the recipient values.";
        }
        self.step("categories", about, &select(&columns, "FROM kinds"));
    }

    /// The category or kind that an entry of `value` names: an object, a text like `money=12.50 EUR`, or the name alone.
    pub(super) fn kind_of(&self, item: &str) -> String {
        let dialect = self.dialect;
        let name = self.names_with_a_sign(item).map_or(String::new(), |named| format!(" WHEN {named} THEN {item}"));
        let [object, kind] = [dialect.member(item, "kind"), format!("trim(split_part({item}, '=', 1))")];
        format!("CASE WHEN {item} LIKE '{{%' THEN {object}{name} WHEN {item} LIKE '%=%' THEN {kind} ELSE {item} END")
    }

    /// Whether an entry is a name of the rules that has the sign in it which stands before an amount; `None` where no
    /// name has.
    pub(super) fn names_with_a_sign(&self, item: &str) -> Option<String> {
        let names = self.model.value_names().filter(|name| name.contains('='));
        let names: Vec<_> = names.map(|name| self.dialect.text(name)).collect();
        (!names.is_empty()).then(|| format!("{item} IN ({})", names.join(", ")))
    }

    /// What was noted: the signals with the one that preferences add, and whether value opens the gate.
    fn noted(&mut self) {
        let dialect = self.dialect;
        let mut columns = vec!["*".to_owned()];
        let mut about = Vec::new();
        if self.people {
            let missed = dialect.with("signals", "preference-missed");
            let met = dialect.with("signals", "preferred-way");
            columns.push(format!(
                "CASE\n    WHEN missed THEN {missed}\n    WHEN met THEN {met}\n    ELSE signals\n  END AS noted"
            ));
            about.push("Section 3.1: the signals, with the one that preferences add.");
        } else {
            columns.push("signals AS noted".to_owned());
        }
        if self.gated() {
            columns.push(format!("{} AS value_counts", self.gate()));
            about.push(if self.people {
                "Section 3.2: value opens the gate if it is of a kind they value, or they have not said what they value.\n\
                 A category on either side meets all its kinds."
            } else {
                "Section 3.2: any value opens the gate, for nobody has said what they value."
            });
        }
        if self.grouped() {
            columns.push(self.value_marks());
            about.push("Section 6: whether anything is known of value, whether some was created, and of which categories, bit by bit.");
        }
        if about.is_empty() {
            about.push("Section 3: the signals.");
        }
        let body = select(&columns, &format!("FROM {}", self.last));
        self.step("noted", &about.join("\n"), &body);
    }

    /// Whether value counts for this recipient.
    fn gate(&self) -> String {
        let dialect = self.dialect;
        if !self.people {
            return dialect.filled("created");
        }
        let meets = [("kinds", "valued"), ("categories", "valued"), ("kinds", "valued_categories")]
            .map(|(created, valued)| dialect.overlap(created, valued));
        let (says, any) = (dialect.filled("valued"), dialect.filled("created"));
        format!("CASE\n    WHEN {says} THEN {}\n    ELSE {any}\n  END", meets.join("\n      OR "))
    }

    /// Sections 3.3 to 3.5: lift and evidence.
    fn evidence(&mut self) {
        let dialect = self.dialect;
        let reserved = self.model.reserved();
        let holds = |id: SignalId| dialect.holds("noted", self.model.signal_name(id));
        let speaks = |level: Level| {
            let names = self.model.signals_of(level).iter().map(|id| self.model.signal_name(id));
            let names: Vec<_> = names.collect();
            let gate = if self.model.level(level).needs_value { "value_counts AND " } else { "" };
            (!names.is_empty()).then(|| {
                format!("\n    WHEN {gate}{} THEN {}", dialect.overlap("noted", &dialect.list(&names)), rank(level))
            })
        };
        let (below, above) = Level::ALL.split_at(Level::BASELINE.index());
        let lifts: String = above[1..].iter().rev().copied().filter_map(speaks).collect();
        let shortfalls: String = below.iter().copied().filter_map(speaks).collect();
        let (omitted, baseline) = (holds(reserved.omitted), rank(Level::BASELINE));
        let shortfall =
            if shortfalls.is_empty() { "CAST(NULL AS INT)".to_owned() } else { format!("CASE{shortfalls}\n  END") };
        let declined = if self.people { format!("({omitted} AND met AND NOT missed)") } else { String::new() };
        let undelivered = if self.people { format!("{omitted} AND NOT {declined}") } else { omitted.clone() };
        let mut columns = vec!["*".to_owned(), format!("{omitted} AS omitted")];
        if self.people {
            columns.push(format!("{declined} AS declined"));
        }
        columns.extend([
            format!("{} AS preference_missed", holds(reserved.preference_missed)),
            format!("({} OR created IS NOT NULL) AS remarked", dialect.filled("noted")),
            format!("CASE\n    WHEN {undelivered} THEN {baseline}{lifts}\n    ELSE {baseline}\n  END AS lift"),
            format!("{shortfall} AS shortfall"),
        ]);
        let about = if self.people {
            "Sections 3.3 and 3.4: lift is the highest level above expected that a signal speaks for, none if the act\n\
             was omitted, except where it was declined: that met every preference compared. Shortfall is the lowest level below."
        } else {
            "Sections 3.3 and 3.4: lift is the highest level above expected that a signal speaks for,\n\
             none if the act was omitted. Shortfall is the lowest level below it."
        };
        self.step("facts", about, &select(&columns, "FROM noted"));
        let columns = [
            "*".to_owned(),
            "coalesce(shortfall, lift) AS evidence".to_owned(),
            "(NOT omitted AND coalesce(shortfall, lift) > 1) AS delivered".to_owned(),
            format!("(omitted OR coalesce(shortfall, lift) < {baseline}) AS lapsed"),
        ];
        let about = "Section 3.4: shortfalls win. Section 4: an act was delivered if it was not omitted and not criminal.\n\
                     It lapsed if it was omitted or less than expected, and was not declined, which is asked first.";
        self.step("weighed", about, &select(&columns, "FROM facts"));
    }
}

/// A select of columns, each on its line.
pub(super) fn select(columns: &[String], from: &str) -> String {
    format!("SELECT\n  {}\n{from}", columns.join(",\n  "))
}
