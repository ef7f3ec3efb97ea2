//! Records as written, field by field, on their way to being checked.
//!
//! A [`Draft`] takes the fields of one record as they are in a JSON object, a CSV row or on a
//! command line, and returns an [`Interaction`] or the [`Problem`] with one of its fields. The
//! texts are borrowed wherever the source allows it.

use std::borrow::Cow;

use crate::error::{Found, Problem, nearest};
use crate::level::Level;
use crate::moment::{DateFormats, Instant, Reader, Zone};
use crate::printable::brief;
use crate::record::field::Field;
use crate::record::interaction::{At, Interaction, Recipient, Relation, Stage};
use crate::rules::{Model, Rung};
use crate::signal::SignalSet;
use crate::value::{Amount, Category, Quantity, ValueId, ValueSet};
use crate::verdict::Verdict;

/// What it takes to read a record: the rules with their names, a zone for civil times, and formats of dates.
#[derive(Clone, Debug)]
pub struct Reading<'m> {
    /// The rules in force.
    pub model: &'m Model,
    /// The zone for dates and for date-times without offset.
    pub zone: Option<Zone>,
    /// The formats of dates that are not written as RFC 3339 has it.
    pub formats: DateFormats,
}

/// The names of a model, no zone, and no formats of dates.
impl<'m> From<&'m Model> for Reading<'m> {
    fn from(model: &'m Model) -> Self {
        Self { model, zone: None, formats: DateFormats::default() }
    }
}

impl Reading<'_> {
    /// Reads a date (the start of that day) or an instant, in a form of RFC 3339 or else by the
    /// first of the formats that fits.
    ///
    /// # Errors
    /// What is wrong with the text in this field, and what would be read.
    pub fn instant(&self, field: &str, text: &str) -> Result<Instant, Problem> {
        let moment = self.formats.read(text, self.zone.as_ref()).map_err(|error| {
            Problem::advice(field, Found::text(text), error.told(text, Reader::Record(&self.formats)))
        })?;
        Ok(moment.start())
    }
}

impl<'m> From<&Reading<'m>> for Reading<'m> {
    fn from(reading: &Reading<'m>) -> Self {
        reading.clone()
    }
}

/// One record being read, field by field. A caller that has all fields fills in a
/// [`Record`](crate::Record) instead.
///
/// ```
/// use serveup::{Draft, Field, Model, Reading};
///
/// let model = Model::shipped();
/// let reading = Reading::from(&model);
/// let mut draft = Draft::default();
/// draft.text(&reading, Field::Recipient, "acme".into())?;
/// draft.text(&reading, Field::Point, "delivery".into())?;
/// draft.signal(&reading, 0, "late")?;
/// let interaction = draft.finish()?;
/// assert_eq!(interaction.path(), "delivery");
///
/// let problem = Draft::default().signal(&reading, 0, "lat").unwrap_err();
/// assert_eq!(problem.to_string(), "signals[0]: unknown signal \"lat\"; did you mean \"late\"?");
/// # Ok::<(), serveup::Problem>(())
/// ```
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// As far as it has come; what is required and still missing is empty.
    interaction: Interaction<'a>,
}

impl Default for Draft<'_> {
    fn default() -> Self {
        Self { interaction: Interaction::blank() }
    }
}

impl<'a> Draft<'a> {
    /// Takes a field of [`Shape::Text`](crate::Shape::Text); an empty text in an optional field means "not given".
    /// A field taken twice counts as taken last.
    ///
    /// # Errors
    /// An empty text in a required field, a text that is no instant, level, stage, relation or rung
    /// where one is due, or a field of another shape.
    pub fn text(&mut self, reading: &Reading<'_>, field: Field, text: Cow<'a, str>) -> Result<(), Problem> {
        match text {
            Cow::Borrowed(text) => self.text_from(reading, field, text, Cow::Borrowed),
            Cow::Owned(text) => self.text_from(reading, field, text, Cow::Owned),
        }
    }

    /// The same with a text that is in the source unchanged.
    pub fn plain_text(&mut self, reading: &Reading<'_>, field: Field, text: &'a str) -> Result<(), Problem> {
        self.text_from(reading, field, text, Cow::Borrowed)
    }

    fn text_from<T: AsRef<str>>(
        &mut self,
        reading: &Reading<'_>,
        field: Field,
        text: T,
        kept: impl Fn(T) -> Cow<'a, str>,
    ) -> Result<(), Problem> {
        if text.as_ref().is_empty() {
            return Self::blank(field, "empty");
        }
        let name = text.as_ref();
        match field {
            Field::Id => self.interaction.id = Some(kept(text)),
            Field::Recipient => self.interaction.recipient = kept(text),
            Field::Journey => self.interaction.journey = Some(kept(text)),
            Field::Transaction => self.interaction.transaction = Some(kept(text)),
            Field::Point => self.interaction.point = kept(text),
            Field::Action => self.interaction.action = Some(kept(text)),
            Field::Channel => self.interaction.channel = Some(kept(text)),
            Field::Provider => self.interaction.provider = Some(kept(text)),
            Field::Team => self.interaction.team = Some(kept(text)),
            Field::Said => self.interaction.said = Some(kept(text)),
            Field::Recovers => self.interaction.recovers = Some(kept(text)),
            Field::At => {
                let instant = reading.instant(field.name(), name)?;
                self.interaction.at = Some(At { text: kept(text), instant });
            }
            Field::Stage => self.interaction.stage = Some(one_of(field, "stage", name, &Stage::ALL, &Stage::NAMES)?),
            Field::Relation => {
                self.interaction.relation = Some(one_of(field, "relation", name, &Relation::ALL, &Relation::NAMES)?);
            }
            Field::Verdict => self.interaction.verdict = Some(name.parse().map_err(|_| no_verdict(name))?),
            Field::Claimed => {
                self.interaction.claimed = Some(one_of(field, "level", name, &Level::ALL, &Level::NAMES)?);
            }
            Field::Response => {
                self.interaction.response = Some(one_of(field, "response", name, &Rung::ALL, &Rung::NAMES)?);
            }
            Field::Cost => self.interaction.cost = Some(quantity(field.name(), name)?),
            Field::Served | Field::Tags => {
                let write = format!("it in a column of its own, like {}", field.column());
                return Err(Problem::form(field.name(), Found::text(name), write));
            }
            Field::Signals | Field::Value => {
                return Err(Problem::form(field.name(), Found::text(name), field.wanted()));
            }
        }
        Ok(())
    }

    /// Takes a field that starts there without content: fine where it is optional.
    pub fn blank(field: Field, found: &'static str) -> Result<(), Problem> {
        if field.required() {
            return Err(Problem::form(field.name(), Found::thing(found), field.wanted()));
        }
        Ok(())
    }

    /// Takes one signal, the `place`th of its list counted from 0.
    ///
    /// # Errors
    /// A name that the rules do not have; the problem lists those they have.
    pub fn signal(&mut self, reading: &Reading<'_>, place: usize, name: &str) -> Result<(), Problem> {
        let known = reading.model.signal(name);
        self.interaction.signals.insert(known.ok_or_else(|| {
            let names = reading.model.signals().iter().map(|signal| signal.name.as_str());
            Problem::name(format!("signals[{place}]"), "signal", name, names)
        })?);
        Ok(())
    }

    /// Marks that the record has a list of what was created, even if nothing is on it.
    pub fn value_known(&mut self) {
        self.interaction.value.get_or_insert_default();
    }

    /// Takes back what was created.
    #[cfg(feature = "read")]
    pub(crate) fn clear_value(&mut self) {
        self.interaction.value = None;
    }

    /// Takes one category or kind that was created, the `place`th of its list counted from 0, and
    /// returns what it is, for [`Draft::amount`].
    ///
    /// # Errors
    /// A name that the rules do not have; the problem lists those they have.
    pub fn value(&mut self, reading: &Reading<'_>, place: usize, name: &str) -> Result<ValueId, Problem> {
        let id = lookup_value(reading.model, || format!("value[{place}]"), name)?;
        self.interaction.value.get_or_insert_default().named.insert(id);
        Ok(id)
    }

    /// Takes the measured amount of the `place`th entry of `value`, in a unit of the source's own.
    ///
    /// # Errors
    /// An amount of what is not quantified, or one that is no number, below zero, or longer than 15 digits.
    pub fn amount(
        &mut self,
        reading: &Reading<'_>,
        place: usize,
        value: ValueId,
        amount: &str,
        unit: Option<&str>,
    ) -> Result<(), Problem> {
        let field = || format!("value[{place}].amount");
        let category = reading.model.category_of(value);
        if category != Category::Quantified {
            let advice = format!("{category} value has no amount, it is only counted; leave the amount out");
            return Err(Problem::advice(field(), Found::thing(brief(amount, 40)), advice));
        }
        let exact = crate::value::exact(amount).ok_or_else(|| {
            Problem::form(field(), Found::text(amount), "a number of at most 15 digits, zero or more")
        })?;
        let unit = unit.map(str::to_owned);
        self.interaction.value.get_or_insert_default().amounts.push(Amount { value, unit, amount: exact });
        Ok(())
    }

    /// Takes the `place`th entry of `value` with its amount, where it has one, be it in the text of
    /// its kind: `money=12.50 EUR`.
    ///
    /// # Errors
    /// As [`Draft::value`] and [`Draft::amount`]; a unit without an amount.
    pub fn measured(
        &mut self,
        reading: &Reading<'_>,
        place: usize,
        kind: &str,
        amount: Option<&str>,
        unit: Option<&str>,
    ) -> Result<(), Problem> {
        let written = kind.split_once('=').filter(|_| amount.or(unit).is_none() && reading.model.value(kind).is_none());
        let (kind, amount, unit) = written.map_or((kind, amount, unit), |(kind, measured)| {
            let measured = measured.trim();
            let (amount, unit) = measured.split_once(char::is_whitespace).unwrap_or((measured, ""));
            (kind.trim(), Some(amount), Some(unit.trim()).filter(|unit| !unit.is_empty()))
        });
        let value = self.value(reading, place, kind)?;
        match (amount, unit) {
            (Some(amount), unit) => self.amount(reading, place, value, amount, unit),
            (None, Some(_)) => Err(Problem::missing(format!("value[{place}].amount"), "how much, as there is a unit")),
            (None, None) => Ok(()),
        }
    }

    /// Takes one way in which the recipient was served. An empty value means "not given".
    ///
    /// # Errors
    /// The same key twice, or more than a thousand.
    pub fn served(&mut self, key: Cow<'a, str>, value: Cow<'a, str>) -> Result<(), Problem> {
        add_pair(&mut self.interaction.served, Field::Served, key, value)
    }

    /// Takes one dimension of the source's own, with its value. An empty value means "not given".
    ///
    /// # Errors
    /// No name, the same name twice, or more than a thousand.
    pub fn tag(&mut self, name: Cow<'a, str>, value: Cow<'a, str>) -> Result<(), Problem> {
        if name.is_empty() {
            let advice = "has a tag without a name; name it, like {\"region\": \"north\"}";
            return Err(Problem::advice(Field::Tags.name(), Found::thing("without a name"), advice.to_owned()));
        }
        add_pair(&mut self.interaction.tags, Field::Tags, name, value)
    }

    /// Takes a text by its key in a field of [`Shape::Pairs`](crate::Shape::Pairs): [`Draft::served`] or [`Draft::tag`].
    pub(crate) fn pair(&mut self, field: Field, key: Cow<'a, str>, value: Cow<'a, str>) -> Result<(), Problem> {
        if field == Field::Tags { self.tag(key, value) } else { self.served(key, value) }
    }

    /// Takes back what was taken by key in such a field.
    #[cfg(feature = "read")]
    pub(crate) fn clear_pairs(&mut self, field: Field) {
        let Interaction { served, tags, .. } = &mut self.interaction;
        if field == Field::Tags { tags.clear() } else { served.clear() }
    }

    /// The checked interaction.
    ///
    /// # Errors
    /// No recipient or no point.
    pub fn finish(mut self) -> Result<Interaction<'a>, Problem> {
        self.check()?;
        Ok(self.interaction)
    }

    /// The interaction so far, if it is one; borrows the draft.
    ///
    /// # Errors
    /// No recipient or no point.
    pub fn check(&mut self) -> Result<&Interaction<'a>, Problem> {
        let Interaction { recipient, point, served, tags, .. } = &mut self.interaction;
        served.retain(|(_, value)| !value.is_empty());
        tags.retain(|(_, value)| !value.is_empty());
        for (text, field) in [(&*recipient, Field::Recipient), (&*point, Field::Point)] {
            if text.is_empty() {
                return Err(Problem::missing(field.name(), field.wanted()));
            }
        }
        Ok(&self.interaction)
    }

    /// Takes everything back, for another record.
    pub fn clear(&mut self) {
        let Interaction {
            id,
            at,
            recipient,
            journey,
            transaction,
            point,
            action,
            signals,
            value,
            served,
            channel,
            stage,
            relation,
            provider,
            team,
            verdict,
            claimed,
            said,
            recovers,
            response,
            cost,
            tags,
        } = &mut self.interaction;
        for text in [id, journey, transaction, action, channel, provider, team, said, recovers] {
            *text = None;
        }
        for text in [recipient, point] {
            *text = Cow::Borrowed("");
        }
        served.clear();
        tags.clear();
        (*at, *value, *cost) = (None, None, None);
        (*stage, *relation, *verdict) = (None, None, None);
        (*claimed, *response, *signals) = (None, None, SignalSet::EMPTY);
    }
}

fn one_of<T: Copy>(
    field: Field,
    what: &'static str,
    text: &str,
    all: &[T],
    names: &[&'static str],
) -> Result<T, Problem> {
    let place = names.iter().position(|name| *name == text);
    place
        .and_then(|place| all.get(place).copied())
        .ok_or_else(|| Problem::name(field.name(), what, text, names.iter().copied()))
}

/// An amount with its unit, as a text.
fn quantity(field: &str, text: &str) -> Result<Quantity, Problem> {
    let allowed = "a number, zero or more, of at most 15 digits, with its unit behind it: 12.50 EUR";
    Quantity::parse(text).ok_or_else(|| Problem::form(field, Found::text(text), allowed))
}

/// A text that is no verdict: of the open ones, which are many, the nearest is named.
fn no_verdict(name: &str) -> Problem {
    let open = nearest(name, Verdict::NAMES.into_iter()).filter(|near| near.contains("-or-"));
    let forms = ["LEVEL-or-below", "LEVEL-or-above"];
    Problem::name(Field::Verdict.name(), "verdict", name, Level::NAMES.into_iter().chain(open).chain(forms))
}

fn lookup_value(model: &Model, field: impl Fn() -> String, name: &str) -> Result<ValueId, Problem> {
    model.value(name).ok_or_else(|| Problem::name(field(), "value", name, model.value_names()))
}

/// How many ways of serving a record may name, and how many tags.
pub(crate) const MOST_PAIRS: usize = 1000;

/// Adds a text by its key.
fn add_pair<'a>(
    pairs: &mut Vec<(Cow<'a, str>, Cow<'a, str>)>,
    field: Field,
    key: Cow<'a, str>,
    value: Cow<'a, str>,
) -> Result<(), Problem> {
    if pairs.iter().any(|(known, _)| *known == key) {
        return Err(Problem::twice(format!("{}.{key}", field.name())));
    }
    if pairs.len() == MOST_PAIRS {
        return Err(too_many_pairs(field.name()));
    }
    pairs.push((key, value));
    Ok(())
}

fn too_many_pairs(field: &str) -> Problem {
    let things = if field.contains('.') { "texts" } else { "keys" };
    let found = format!("more than {MOST_PAIRS} {things}");
    let advice = format!("has {found}; keep {MOST_PAIRS} at most");
    Problem::advice(field, Found::thing(found), advice)
}

/// What the id of a recipient is.
const WHO: &str = "what the records call this recipient";

/// One recipient being read, key by key.
#[derive(Clone, Debug, Default)]
pub struct RecipientDraft {
    id: Option<String>,
    name: Option<String>,
    since: Option<Instant>,
    prefers: Vec<(String, Vec<String>)>,
    values: ValueSet,
    worth: Option<Quantity>,
}

impl RecipientDraft {
    /// The keys a recipient may have.
    pub const KEYS: [&'static str; 6] = ["id", "name", "since", "prefers", "values", "worth"];

    /// What a key says, in a sentence; nothing of what is no key.
    #[must_use]
    pub fn means(key: &str) -> &'static str {
        match key {
            "id" => "What the records call this recipient; once per recipient, or again with another `since`.",
            "name" => "The name people use.",
            "since" => "When this starts to count: a date or an instant; without it, from the beginning.",
            "prefers" => {
                "How they like to be served, by key, such as channel: email; if there are several texts, any will do."
            }
            "values" => "The categories and kinds of value they want.",
            "worth" => "What one more purchase of theirs brings, with its unit, such as 80 EUR.",
            _ => "",
        }
    }

    /// Takes the id, which must not be empty.
    pub fn id(&mut self, id: &str) -> Result<(), Problem> {
        if id.is_empty() {
            return Err(Problem::form("id", Found::thing("empty"), WHO));
        }
        self.id = Some(id.to_owned());
        Ok(())
    }

    /// Takes the name; an empty one means "not given".
    pub fn name(&mut self, name: &str) {
        self.name = Some(name.to_owned()).filter(|name| !name.is_empty());
    }

    /// Takes from when on it counts; an empty text means "not given".
    ///
    /// # Errors
    /// What is no date and no instant.
    pub fn since(&mut self, reading: &Reading<'_>, since: &str) -> Result<(), Problem> {
        if !since.is_empty() {
            self.since = Some(reading.instant("since", since)?);
        }
        Ok(())
    }

    /// Takes one text that will do for a key, of which there may be several. An empty one means "not given".
    ///
    /// # Errors
    /// More than a thousand keys, or texts of a key.
    pub fn prefers(&mut self, key: &str, wanted: &str) -> Result<(), Problem> {
        let place = match self.prefers.iter().position(|(known, _)| known == key) {
            Some(place) => place,
            None => {
                self.prefers_key(key)?;
                self.prefers.len() - 1
            }
        };
        let texts = &mut self.prefers[place].1;
        if texts.len() == MOST_PAIRS {
            return Err(too_many_pairs(&format!("prefers.{key}")));
        }
        texts.extend(Some(wanted).filter(|wanted| !wanted.is_empty()).map(str::to_owned));
        Ok(())
    }

    /// Begins a key, whose texts follow.
    ///
    /// # Errors
    /// The same key twice, or more than a thousand.
    pub fn prefers_key(&mut self, key: &str) -> Result<(), Problem> {
        if self.prefers.iter().any(|(known, _)| known == key) {
            return Err(Problem::twice(format!("prefers.{key}")));
        }
        if self.prefers.len() == MOST_PAIRS {
            return Err(too_many_pairs("prefers"));
        }
        self.prefers.push((key.to_owned(), Vec::new()));
        Ok(())
    }

    /// Takes one category or kind they value, the `place`th of its list counted from 0.
    pub fn values(&mut self, model: &Model, place: usize, name: &str) -> Result<(), Problem> {
        self.values.insert(lookup_value(model, || format!("values[{place}]"), name)?);
        Ok(())
    }

    /// Takes what one more purchase of theirs brings, as a text; an empty one means "not given".
    ///
    /// # Errors
    /// What is no amount.
    pub fn worth(&mut self, worth: &str) -> Result<(), Problem> {
        if !worth.is_empty() {
            self.worth = Some(quantity("worth", worth)?);
        }
        Ok(())
    }

    /// The checked recipient.
    ///
    /// # Errors
    /// No id.
    pub fn finish(mut self) -> Result<Recipient, Problem> {
        self.prefers.retain(|(_, wanted)| !wanted.is_empty());
        let id = self.id.ok_or_else(|| Problem::missing("id", WHO))?;
        let Self { name, since, prefers, values, worth, .. } = self;
        Ok(Recipient { id, name, since, prefers, values, worth })
    }
}
