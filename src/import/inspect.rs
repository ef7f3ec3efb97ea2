//! How much is known: of the columns of an export, and of the interactions a
//! map makes of them; and what that means for the ratings.

use std::collections::HashMap;

use crate::read::{Recorded, Result};
use crate::{Field, Interaction, Level, Model, Verdict};
use jaq_json::Val;
use serde::Serialize;

use super::counts::Counts;
use super::row_sink::RowSink;
use super::sandbox::text_of;

/// How many columns are counted separately; JSON may have any number of keys.
const COLUMNS: usize = 500;

/// How many different texts of a column are shown.
const VALUES: usize = 8;

/// How long they may be.
const LONGEST: usize = 40;

/// How deep objects in a row are opened to look for columns.
const DEPTH: usize = 4;

/// What is known.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Inspection {
    /// Rows that count: without those that a later row of the same case supersedes.
    pub rows: u64,
    /// Rows that gave interactions.
    pub mapped: u64,
    /// Rows for which the map gave nothing.
    pub dropped: u64,
    /// Interactions that came of them; absent without a map.
    pub interactions: Option<u64>,
    /// The columns of the source.
    pub columns: Vec<ColumnRow>,
    /// The fields of the interactions.
    pub fields: Vec<FieldRow>,
    /// The signals of the rules.
    pub signals: Vec<SignalRow>,
    /// What stays unknown, and what that means for the rating: one sentence each.
    pub unknown: Vec<String>,
}

/// A column of the source, or a key of its JSON, with its path.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ColumnRow {
    /// The name, or the path of a key.
    pub column: String,
    /// In how many rows something stands there.
    pub filled: u64,
    /// The first that stands there.
    pub example: Option<String>,
    /// What stands there how often, most often first, where that is little.
    pub values: Vec<ValueRow>,
    /// Whether there were more different texts than are told.
    #[serde(skip)]
    many: bool,
}

/// A text that stands in a column again and again.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ValueRow {
    /// The text.
    pub value: String,
    /// How often it occurs.
    pub count: u64,
}

/// A field of the interactions.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldRow {
    /// Its name.
    pub field: &'static str,
    /// In how many interactions it is known.
    pub known: u64,
}

/// A signal of the rules.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignalRow {
    /// Its name.
    pub signal: String,
    /// Its level.
    pub level: Level,
    /// In how many interactions it is noted.
    pub known: u64,
}

/// Counts what is known while rows go by.
pub struct Inspector<'m> {
    model: &'m Model,
    places: HashMap<String, usize>,
    columns: Vec<ColumnRow>,
    fields: [u64; 20],
    /// By the place of the signal in the rules.
    signals: Vec<u64>,
    unremarked: u64,
    open_verdicts: u64,
}

impl<'m> Inspector<'m> {
    /// Nothing is counted yet.
    #[must_use]
    pub fn new(model: &'m Model) -> Self {
        let (places, columns, signals) = (HashMap::new(), Vec::new(), vec![0; model.signals().len()]);
        Self { model, places, columns, fields: [0; 20], signals, unremarked: 0, open_verdicts: 0 }
    }

    /// Counts what stands in a column, opening objects up.
    fn column(&mut self, path: String, value: &Val, depth: usize) {
        if let (Val::Obj(members), true) = (value, depth < DEPTH) {
            for (key, value) in members.iter() {
                self.column(format!("{path}.{}", text_of(key)), value, depth + 1);
            }
            return;
        }
        if let Some(column) = self.slot(path).filter(|_| is_filled(value)) {
            column.take(&text_of(value));
        }
    }

    /// The column of that name, as long as there are not too many.
    fn slot(&mut self, path: String) -> Option<&mut ColumnRow> {
        let place = match self.places.get(&path) {
            Some(&place) => place,
            None if self.columns.len() < COLUMNS => {
                self.places.insert(path.clone(), self.columns.len());
                let (values, many) = (Vec::new(), false);
                self.columns.push(ColumnRow { column: path, filled: 0, example: None, values, many });
                self.columns.len() - 1
            }
            None => return None,
        };
        self.columns.get_mut(place)
    }

    /// Everything that was counted.
    pub fn finish(mut self, counts: &Counts, mapped: bool) -> Inspection {
        self.columns.iter_mut().for_each(ColumnRow::settle);
        let known = |field: Field| self.fields[field as usize];
        let signals = self.model.signals().iter().zip(&self.signals);
        let signals: Vec<_> = signals
            .map(|(signal, &known)| SignalRow { signal: signal.name.clone(), level: signal.level, known })
            .collect();
        let unknown = if mapped && counts.interactions > 0 {
            meaning(counts.interactions, [self.unremarked, self.open_verdicts], known, &signals)
        } else {
            Vec::new()
        };
        let fields =
            Field::ALL.into_iter().map(|field| FieldRow { field: field.name(), known: known(field) }).collect();
        Inspection {
            rows: counts.read - counts.superseded,
            mapped: counts.mapped,
            dropped: counts.dropped,
            interactions: mapped.then_some(counts.interactions),
            columns: self.columns,
            fields: if mapped { fields } else { Vec::new() },
            signals: if mapped { signals } else { Vec::new() },
            unknown,
        }
    }
}

impl ColumnRow {
    fn take(&mut self, text: &str) {
        self.filled += 1;
        self.example.get_or_insert_with(|| text.to_owned());
        if self.many {
            return;
        }
        if let Some(known) = self.values.iter_mut().find(|known| known.value == text) {
            known.count += 1;
        } else if self.values.len() < VALUES && text.len() <= LONGEST {
            self.values.push(ValueRow { value: text.to_owned(), count: 1 });
        } else {
            self.many = true;
        }
    }

    /// Keeps the texts only where they are informative: few, and some of them repeated.
    fn settle(&mut self) {
        if self.many || self.filled < 2 * self.values.len() as u64 {
            self.values.clear();
        }
        self.values.sort_by_key(|known| std::cmp::Reverse(known.count));
    }
}

impl RowSink for Inspector<'_> {
    fn columns(&mut self, columns: &[String]) {
        for column in columns {
            self.slot(column.clone());
        }
    }

    fn wants_rows(&self) -> bool {
        true
    }

    fn row(&mut self, row: &Val) {
        match row {
            Val::Obj(members) => members.iter().for_each(|(key, value)| self.column(text_of(key), value, 1)),
            other => self.column("(the row)".to_owned(), other, DEPTH),
        }
    }

    fn mapped(&mut self, _: &Recorded<'_>, interactions: &[Interaction<'_>], _: &[String]) -> Result<()> {
        for interaction in interactions {
            for field in Field::ALL {
                self.fields[field as usize] += u64::from(has(interaction, field));
            }
            for signal in interaction.signals.iter() {
                self.signals[signal.index()] += 1;
            }
            let noted = [Field::Signals, Field::Value, Field::Verdict].into_iter().any(|field| has(interaction, field));
            self.unremarked += u64::from(!noted);
            self.open_verdicts += u64::from(interaction.verdict.is_some_and(Verdict::is_open));
        }
        Ok(())
    }
}

/// Whether the text is informative: no blank, no N/A.
fn is_filled(value: &Val) -> bool {
    match value {
        Val::Null => false,
        Val::TStr(text) => {
            let text = text.trim_ascii();
            !text.is_empty() && !text.eq_ignore_ascii_case(b"n/a")
        }
        Val::Arr(items) => !items.is_empty(),
        Val::Obj(members) => !members.is_empty(),
        _ => true,
    }
}

/// Whether a field of an interaction is given.
fn has(interaction: &Interaction<'_>, field: Field) -> bool {
    match field {
        Field::Id => interaction.id.is_some(),
        Field::At => interaction.at.is_some(),
        Field::Recipient | Field::Point => true,
        Field::Journey => interaction.journey.is_some(),
        Field::Transaction => interaction.transaction.is_some(),
        Field::Action => interaction.action.is_some(),
        Field::Signals => !interaction.signals.is_empty(),
        Field::Value => interaction.value.is_some(),
        Field::Served => interaction.served().any(|(key, _)| key != "channel"),
        Field::Channel => interaction.channel.is_some(),
        Field::Stage => interaction.stage.is_some(),
        Field::Relation => interaction.relation.is_some(),
        Field::Provider => interaction.provider.is_some(),
        Field::Team => interaction.team.is_some(),
        Field::Verdict => interaction.verdict.is_some(),
        Field::Claimed => interaction.claimed.is_some(),
        Field::Said => interaction.said.is_some(),
        Field::Recovers => interaction.recovers.is_some(),
        Field::Response => interaction.response.is_some(),
    }
}

/// What stays unknown, and what that means, the weightiest first.
fn meaning(
    interactions: u64,
    [unremarked, open_verdicts]: [u64; 2],
    known: impl Fn(Field) -> u64,
    signals: &[SignalRow],
) -> Vec<String> {
    let mut told = Vec::new();
    let never = |wanted: fn(Level) -> bool| {
        let names = signals.iter().filter(|row| row.known == 0 && wanted(row.level)).map(|row| row.signal.as_str());
        names.filter(|name| !DERIVED.contains(name)).collect::<Vec<_>>().join(", ")
    };
    if unremarked > 0 {
        let (is, they) = if unremarked == 1 { ("has", "it stays") } else { ("have", "they stay") };
        told.push(format!(
            "{unremarked} of {interactions} {is} no signal, value or verdict; unless the recipient's preferences \
             or an earlier act have a say, {they} out of every share"
        ));
    }
    let shortfalls = never(|level| level < Level::BASELINE);
    if !shortfalls.is_empty() {
        told.push(format!("no signal ever says {shortfalls}; moments that were so will look better than they were"));
    }
    let lifts = never(|level| level > Level::BASELINE);
    if !lifts.is_empty() {
        told.push(format!("no signal ever says {lifts}; delight of that kind is not seen"));
    }
    if open_verdicts > 0 {
        let is = if open_verdicts == 1 { "is an answer" } else { "are answers" };
        let verdicts = known(Field::Verdict);
        let plural = if verdicts == 1 { "" } else { "s" };
        told.push(format!(
            "{open_verdicts} of {verdicts} verdict{plural} {is} on a scale, like basic-or-below; how far below or above, only \
             signals can say"
        ));
    }
    let absent = [
        (Field::At, "no time: records count in file order, and nothing is told over time"),
        (Field::Verdict, "no verdict: nothing tells whether the facts agree with the recipients"),
        (Field::Action, "no action: the escalator sees no repeats, so nothing fades"),
        (Field::Value, "no value: a surprise counts only where it is known to be valued, so none can count"),
        (Field::Recovers, "no recovery is named: name them, or let `recovery --link-within DAYS` assume them"),
    ];
    told.extend(absent.into_iter().filter(|(field, _)| known(*field) == 0).map(|(_, means)| means.to_owned()));
    if known(Field::Served) + known(Field::Channel) == 0 {
        told.push("neither served nor channel: preferences can be neither met nor missed".to_owned());
    }
    told
}

/// Signals that the rules add by themselves.
const DERIVED: [&str; 2] = ["preferred-way", "preference-missed"];

/// A column, field or signal: a row in tsv, csv and jsonl.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "they are the columns of the same names")]
pub struct InspectionRow<'a> {
    pub what: &'static str,
    pub name: &'a str,
    pub known: u64,
    pub of: u64,
    pub example: Option<&'a str>,
}

impl InspectionRow<'_> {
    /// One with nothing in it: for the names of its columns.
    pub const BLANK: Self = Self { what: "column", name: "", known: 0, of: 0, example: None };
}

impl Inspection {
    /// Its columns, fields and signals as rows.
    #[must_use]
    pub fn rows(&self) -> Vec<InspectionRow<'_>> {
        let interactions = self.interactions.unwrap_or(0);
        let columns = self.columns.iter().map(|ColumnRow { column, filled, example, .. }| InspectionRow {
            what: "column",
            name: column,
            known: *filled,
            of: self.rows,
            example: example.as_deref(),
        });
        let fields = self.fields.iter().map(|FieldRow { field, known }| InspectionRow {
            what: "field",
            name: field,
            known: *known,
            of: interactions,
            example: None,
        });
        let signals = self.signals.iter().map(|SignalRow { signal, known, .. }| InspectionRow {
            what: "signal",
            name: signal,
            known: *known,
            of: interactions,
            example: None,
        });
        columns.chain(fields).chain(signals).collect()
    }
}
