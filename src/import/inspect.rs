//! How much is known: of the columns of an export, and of the interactions a
//! map makes of them. What that means for the ratings is in [`meaning`].

mod inspection;
mod meaning;

use std::collections::HashMap;

use crate::read::{Recorded, Result};
use crate::{Field, Interaction, Model, Verdict};
use jaq_json::Val;

use super::counts::Counts;
use super::presets::Preset;
use super::row_sink::RowSink;
use super::sandbox::text_of;
use crate::moment::Instant;
pub use inspection::{ColumnRow, FieldRow, Inspection, InspectionRow, LeftOutRow, PointRow, SignalRow, ValueRow};
use meaning::Known;

/// How many columns are counted separately; JSON may have any number of keys.
const COLUMNS: usize = 500;

/// How many different texts of a column are shown.
const VALUES: usize = 8;

/// How long they may be.
const LONGEST: usize = 40;

/// How many points are counted separately; they may be named by what stands in the rows.
const POINTS: usize = 50;

/// What the points beyond these are called.
const OTHER_POINTS: &str = "(other points)";

/// How deep objects in a row are opened to look for columns.
const DEPTH: usize = 4;

/// Counts what is known while rows go by.
pub struct Inspector<'m> {
    model: &'m Model,
    places: HashMap<String, usize>,
    columns: Vec<ColumnRow>,
    fields: [u64; Field::ALL.len()],
    /// By the place of the signal in the rules.
    signals: Vec<u64>,
    unremarked: u64,
    open_verdicts: u64,
    /// How many promises were kept, and how many were not.
    promises: [u64; 2],
    /// The earliest and the latest time.
    span: Option<[(Instant, String); 2]>,
    points: Vec<PointRow>,
}

impl<'m> Inspector<'m> {
    /// Nothing is counted yet.
    #[must_use]
    pub fn new(model: &'m Model) -> Self {
        Self {
            model,
            places: HashMap::new(),
            columns: Vec::new(),
            fields: [0; Field::ALL.len()],
            signals: vec![0; model.signals().len()],
            unremarked: 0,
            open_verdicts: 0,
            promises: [0; 2],
            span: None,
            points: Vec::new(),
        }
    }

    /// Counts what is known of one interaction.
    fn interaction(&mut self, interaction: &Interaction<'_>) {
        for field in Field::ALL {
            self.fields[field as usize] += u64::from(has(interaction, field));
        }
        for signal in interaction.signals.iter() {
            self.signals[signal.index()] += 1;
        }
        let noted = [Field::Signals, Field::Value, Field::Verdict].into_iter().any(|field| has(interaction, field));
        self.unremarked += u64::from(!noted);
        self.open_verdicts += u64::from(interaction.verdict.is_some_and(Verdict::is_open));
        let signals = self.model.signals();
        let says = |names: &[&str]| {
            interaction.signals.iter().any(|signal| names.contains(&signals[signal.index()].name.as_str()))
        };
        // of what was kept in part, the other part counts
        let is_failed = says(&meaning::FAILED);
        let is_kept = !is_failed && says(&meaning::KEPT);
        let is_unresolved = says(&[meaning::UNRESOLVED]);
        self.promises[0] += u64::from(is_kept);
        self.promises[1] += u64::from(is_failed);
        let point = self.point(&interaction.point);
        point.interactions += 1;
        point.promises += u64::from(is_kept || is_failed);
        point.ratings += u64::from(interaction.verdict.is_some());
        point.unresolved += u64::from(is_unresolved);
        if let Some(at) = &interaction.at {
            let this = || (at.instant, at.text.clone().into_owned());
            match &mut self.span {
                None => self.span = Some([this(), this()]),
                Some([first, _]) if at.instant < first.0 => *first = this(),
                Some([_, last]) if at.instant > last.0 => *last = this(),
                Some(_) => {}
            }
        }
    }

    /// The row of the point of that name, or of all others where there are too many.
    fn point(&mut self, name: &str) -> &mut PointRow {
        let place = |name: &str, points: &[PointRow]| points.iter().position(|row| row.point == name);
        let mut found = place(name, &self.points);
        if found.is_none() {
            let name = if self.points.len() < POINTS { name } else { OTHER_POINTS };
            found = place(name, &self.points);
            if found.is_none() {
                let point = name.to_owned();
                self.points.push(PointRow { point, interactions: 0, promises: 0, ratings: 0, unresolved: 0 });
            }
        }
        let last = self.points.len() - 1;
        &mut self.points[found.unwrap_or(last)]
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

    /// Everything that was counted. `preset` reads the export, where there is no map and that was recognised.
    pub fn finish(mut self, counts: &Counts, mapped: bool, preset: Option<&'static Preset>) -> Inspection {
        self.columns.iter_mut().for_each(ColumnRow::settle);
        self.points
            .sort_by(|one, other| other.interactions.cmp(&one.interactions).then_with(|| one.point.cmp(&other.point)));
        let signals = self.model.signals().iter().zip(&self.signals);
        let signals: Vec<_> = signals
            .map(|(signal, &known)| SignalRow { signal: signal.name.clone(), level: signal.level, known })
            .collect();
        let known = Known {
            interactions: counts.interactions,
            unremarked: self.unremarked,
            open_verdicts: self.open_verdicts,
            promises: self.promises,
            lasts: self.span.as_ref().map(|[first, last]| last.0.micros_since(first.0)),
            fields: &self.fields,
            signals: &signals,
            points: &self.points,
        };
        let (can_say, unknown) =
            if mapped && counts.interactions > 0 { (known.can_say(), known.unknown()) } else { Default::default() };
        let fields = Field::ALL.into_iter();
        let fields = fields.map(|field| FieldRow { field: field.name(), known: known.of(field) }).collect();
        let [first_at, last_at] = self.span.map_or([None, None], |span| span.map(|(_, text)| Some(text)));
        Inspection {
            rows: counts.read - counts.superseded,
            mapped: counts.mapped,
            dropped: counts.dropped,
            left_out: left_out(counts),
            interactions: mapped.then_some(counts.interactions),
            first_at,
            last_at,
            columns: self.columns,
            fields: if mapped { fields } else { Vec::new() },
            signals: if mapped { signals } else { Vec::new() },
            points: self.points,
            can_say,
            unknown,
            preset: preset.map(|preset| preset.name),
        }
    }
}

/// For which reasons rows, and cases within them, were left out; what was left out without one comes last.
fn left_out(counts: &Counts) -> Vec<LeftOutRow> {
    let names = counts.reasons.keys().chain(counts.parts.keys().filter(|why| !counts.reasons.contains_key(*why)));
    let of = |reasons: &std::collections::BTreeMap<String, u64>, why: &String| reasons.get(why).copied().unwrap_or(0);
    let row = |why: &String| {
        let (rows, cases) = (of(&counts.reasons, why), of(&counts.parts, why));
        LeftOutRow { reason: Some(why.clone()), rows, cases }
    };
    let mut left_out: Vec<_> = names.map(row).collect();
    left_out.sort_by_key(|row| std::cmp::Reverse(row.rows + row.cases));
    let unnamed = counts.dropped - counts.reasons.values().sum::<u64>();
    left_out.extend((unnamed > 0).then_some(LeftOutRow { reason: None, rows: unnamed, cases: 0 }));
    left_out
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
            self.interaction(interaction);
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
        Field::Cost => interaction.cost.is_some(),
        Field::Tags => interaction.tags().next().is_some(),
    }
}
