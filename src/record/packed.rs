//! Interactions as bytes, set aside until their levels are known.
//!
//! A [`Pack`] holds some of them one after the other: what has no text in one
//! buffer, the texts in another, so that those can be checked as one text and
//! borrowed from. What is read back borrows from the pack and is the
//! interaction that was put in, as far as its fields were asked for.

mod fields;

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::level::Level;
use crate::moment::Instant;
use crate::record::field::Field;
use crate::record::interaction::{At, Interaction, InteractionRef, Relation, Stage};
use crate::record::position::Position;
use crate::rules::Rung;
use crate::signal::SignalSet;
use crate::value::{Amount, Created, Quantity, ValueId, ValueSet};
use crate::verdict::Verdict;

pub use fields::Fields;

/// Beside the bits of the fields: the position of the record is known.
const HAS_POSITION: u32 = 1 << 30;

/// That is a cell of a sheet.
const IS_CELL: u32 = 1 << 28;

/// No text of the record holds a quote, a backslash or a control character.
const IS_PLAIN: u32 = 1 << 31;

/// Something is set aside of the record, be it nothing that is given.
const IS_KEPT: u32 = 1 << 29;

/// Some interactions, one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pack {
    pub(crate) data: Vec<u8>,
    pub(crate) texts: String,
}

/// What comes before each record: its bits, and how long it is in either buffer.
const HEAD: usize = 12;

impl Pack {
    /// A pack with room for as much as a source of this many bytes usually gives.
    pub(crate) fn with_room_for(bytes: usize) -> Self {
        Self { data: Vec::with_capacity(bytes / 6), texts: String::with_capacity(bytes / 2) }
    }

    /// Sets these fields of an interaction aside, and where it is; `plain` says that no text of it
    /// holds a quote, a backslash or a control character.
    pub(crate) fn push(
        &mut self,
        interaction: &Interaction<'_>,
        fields: Fields,
        position: Option<Position>,
        plain: bool,
    ) {
        let (start, first) = (self.data.len(), self.texts.len());
        self.data.extend_from_slice(&[0; HEAD]);
        let mut bits = IS_KEPT | if plain { IS_PLAIN } else { 0 };
        if let Some(Position { line, column, is_cell }) = position {
            bits |= HAS_POSITION | if is_cell { IS_CELL } else { 0 };
            self.number(line);
            self.number(column);
        }
        for field in RANKS.into_iter().filter(|&field| fields.has(field)) {
            if let Some(rank) = rank_of(interaction, field) {
                bits |= Fields::bit(field);
                self.data.push(rank);
            }
        }
        // in the order of `TEXTS`
        let mut put = |pack: &mut Self, field, text: Option<&str>| {
            if let Some(text) = text.filter(|_| fields.has(field)) {
                bits |= Fields::bit(field);
                pack.text(text);
                if is_above(field) {
                    pack.texts.push('/');
                }
            }
        };
        put(self, Field::Id, interaction.id.as_deref());
        put(self, Field::At, interaction.at.as_ref().map(|at| &*at.text));
        put(self, Field::Recipient, Some(&interaction.recipient));
        put(self, Field::Journey, interaction.journey.as_deref());
        put(self, Field::Transaction, interaction.transaction.as_deref());
        put(self, Field::Point, Some(&interaction.point));
        put(self, Field::Action, interaction.action.as_deref());
        put(self, Field::Channel, interaction.channel.as_deref());
        put(self, Field::Provider, interaction.provider.as_deref());
        put(self, Field::Team, interaction.team.as_deref());
        put(self, Field::Said, interaction.said.as_deref());
        put(self, Field::Recovers, interaction.recovers.as_deref());
        if !interaction.signals.is_empty() && fields.has(Field::Signals) {
            bits |= Fields::bit(Field::Signals);
            self.data.extend_from_slice(&interaction.signals.bits().to_le_bytes());
        }
        if let Some(created) = interaction.value.as_ref().filter(|_| fields.has(Field::Value)) {
            bits |= Fields::bit(Field::Value);
            self.created(created);
        }
        if !interaction.served.is_empty() && fields.has(Field::Served) {
            bits |= Fields::bit(Field::Served);
            self.pairs(&interaction.served);
        }
        if let Some(Quantity { amount, unit }) = interaction.cost.as_ref().filter(|_| fields.has(Field::Cost)) {
            bits |= Fields::bit(Field::Cost);
            self.quantity(*amount, unit.as_deref());
        }
        if !interaction.tags.is_empty() && fields.has(Field::Tags) {
            bits |= Fields::bit(Field::Tags);
            self.pairs(&interaction.tags);
        }
        self.head(start, bits, first);
    }

    /// Marks the next record as not set aside.
    pub(crate) fn skip(&mut self) {
        let (start, first) = (self.data.len(), self.texts.len());
        self.data.extend_from_slice(&[0; HEAD]);
        self.head(start, 0, first);
    }

    /// Completes the record that starts at these places in the two buffers.
    fn head(&mut self, start: usize, bits: u32, first: usize) {
        // a record is far shorter than four gigabytes
        let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
        let (data, texts) = (length(self.data.len() - start - HEAD), length(self.texts.len() - first));
        self.data[start..start + HEAD].copy_from_slice([bits.to_le_bytes(), data, texts].as_flattened());
    }

    /// The records in order; `None` for one of which nothing is set aside.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Option<Packed<'_>>> {
        let mut rest = Reader { data: &self.data, texts: &self.texts };
        std::iter::from_fn(move || {
            let mut number = || Some(u32::from_le_bytes(rest.array()?));
            let (bits, data, texts) = (number()?, number()? as usize, number()? as usize);
            let reader = rest.split_off(data, texts)?;
            Some((bits & IS_KEPT != 0).then_some(Packed { bits, reader }))
        })
    }

    #[inline]
    fn number(&mut self, mut number: u64) {
        while number > 0x7f {
            self.data.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.data.push(number.to_le_bytes()[0]);
    }

    #[inline]
    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.texts.push_str(text);
    }

    fn pairs(&mut self, pairs: &[(Cow<'_, str>, Cow<'_, str>)]) {
        self.number(pairs.len() as u64);
        for (key, value) in pairs {
            self.text(key);
            self.text(value);
        }
    }

    fn created(&mut self, created: &Created) {
        self.data.extend_from_slice(&created.named.bits().to_le_bytes());
        self.number(created.amounts.len() as u64);
        for Amount { value, unit, amount } in &created.amounts {
            self.data.push(value.bits());
            self.quantity(*amount, unit.as_deref());
        }
    }

    fn quantity(&mut self, amount: Decimal, unit: Option<&str>) {
        self.data.extend_from_slice(&amount.serialize());
        self.data.push(u8::from(unit.is_some()));
        self.text(unit.unwrap_or_default());
    }
}

/// The texts of an interaction, in the order in which they are packed.
const TEXTS: [Field; 12] = [
    Field::Id,
    Field::At,
    Field::Recipient,
    Field::Journey,
    Field::Transaction,
    Field::Point,
    Field::Action,
    Field::Channel,
    Field::Provider,
    Field::Team,
    Field::Said,
    Field::Recovers,
];

/// Whether a text stands above the point in its path: a slash is packed behind it, so that the path lies there as one text.
const fn is_above(field: Field) -> bool {
    matches!(field, Field::Journey | Field::Transaction)
}

/// What has one of a few values, in the order in which it is packed.
const RANKS: [Field; 5] = [Field::Stage, Field::Relation, Field::Verdict, Field::Claimed, Field::Response];

fn rank_of(interaction: &Interaction<'_>, field: Field) -> Option<u8> {
    match field {
        Field::Stage => interaction.stage.map(|stage| stage as u8),
        Field::Relation => interaction.relation.map(|relation| relation as u8),
        Field::Verdict => interaction.verdict.and_then(|verdict| u8::try_from(verdict.index()).ok()),
        Field::Claimed => interaction.claimed.map(|level| level.rank() - 1),
        Field::Response => interaction.response.map(|rung| rung as u8),
        _ => None,
    }
}

/// One interaction that was set aside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packed<'p> {
    bits: u32,
    reader: Reader<'p>,
}

impl<'p> Packed<'p> {
    /// Whether no text of it holds a quote, a backslash or a control character.
    pub(crate) const fn is_plain(self) -> bool {
        self.bits & IS_PLAIN != 0
    }

    /// Whether a field was given.
    pub(crate) const fn has(self, field: Field) -> bool {
        self.bits & Fields::bit(field) != 0
    }

    /// Where the record is, if that was set aside.
    pub(crate) fn position(self) -> Option<Position> {
        let mut reader = self.reader;
        reader.position(self.bits)?
    }

    /// One of its texts, where that is given and was set aside.
    #[expect(
        clippy::option_option,
        reason = "outside: whether the bytes are what was written; inside: whether it is given"
    )]
    pub(crate) fn text(self, field: Field) -> Option<Option<&'p str>> {
        if self.bits & Fields::bit(field) == 0 {
            return Some(None);
        }
        let mut reader = self.reader;
        reader.position(self.bits)?;
        reader.ranks(self.bits)?;
        for before in TEXTS.into_iter().take_while(|before| *before != field) {
            reader.text_of(self.bits, before)?;
        }
        reader.text().map(Some)
    }

    /// What was noted of it.
    pub(crate) fn signals(self) -> Option<SignalSet> {
        if !self.has(Field::Signals) {
            return Some(SignalSet::EMPTY);
        }
        let mut reader = self.reader;
        reader.position(self.bits)?;
        reader.ranks(self.bits)?;
        for before in TEXTS {
            reader.text_of(self.bits, before)?;
        }
        Some(SignalSet::from_bits(u128::from_le_bytes(reader.array()?)))
    }

    /// What a row repeats of it.
    pub(crate) fn outline(self) -> Option<InteractionRef<'p>> {
        let (bits, mut reader) = (self.bits, self.reader);
        reader.position(bits)?;
        let [_, _, _, claimed, _] = reader.ranks(bits)?;
        let mut text = |field| reader.text_of(bits, field);
        let (id, at, recipient) = (text(Field::Id)?, text(Field::At)?, text(Field::Recipient)?);
        let rest = reader.texts;
        for field in [Field::Journey, Field::Transaction, Field::Point] {
            reader.text_of(bits, field)?;
        }
        // the parts of the path lie side by side
        let point = rest.get(..rest.len() - reader.texts.len())?;
        let action = reader.text_of(bits, Field::Action)?;
        let claimed = claimed.and_then(|rank| Level::ALL.get(usize::from(rank)).copied());
        let borrowed = |text: Option<&'p str>| text.map(Cow::Borrowed);
        Some(InteractionRef {
            id: borrowed(id),
            at: borrowed(at),
            recipient: borrowed(recipient),
            point: Cow::Borrowed(point),
            action: borrowed(action),
            claimed,
        })
    }

    /// The interaction, with the fields that were set aside; `at` is when it happened.
    pub(crate) fn interaction(self, at: Option<Instant>) -> Option<Interaction<'p>> {
        let (bits, mut reader) = (self.bits, self.reader);
        reader.position(bits)?;
        let [stage, relation, verdict, claimed, response] = reader.ranks(bits)?.map(|rank| rank.map(usize::from));
        let mut text = |field| Some(reader.text_of(bits, field)?.map(Cow::Borrowed));
        let mut interaction = Interaction::blank();
        interaction.id = text(Field::Id)?;
        interaction.at = text(Field::At)?.zip(at).map(|(text, instant)| At { text, instant });
        interaction.recipient = text(Field::Recipient)?.unwrap_or_default();
        interaction.journey = text(Field::Journey)?;
        interaction.transaction = text(Field::Transaction)?;
        interaction.point = text(Field::Point)?.unwrap_or_default();
        interaction.action = text(Field::Action)?;
        interaction.channel = text(Field::Channel)?;
        interaction.provider = text(Field::Provider)?;
        interaction.team = text(Field::Team)?;
        interaction.said = text(Field::Said)?;
        interaction.recovers = text(Field::Recovers)?;
        interaction.stage = stage.and_then(|rank| Stage::ALL.get(rank).copied());
        interaction.relation = relation.and_then(|rank| Relation::ALL.get(rank).copied());
        interaction.verdict = verdict.and_then(|index| Verdict::ALL.get(index).copied());
        interaction.claimed = claimed.and_then(|rank| Level::ALL.get(rank).copied());
        interaction.response = response.and_then(|rank| Rung::ALL.get(rank).copied());
        if bits & Fields::bit(Field::Signals) != 0 {
            interaction.signals = SignalSet::from_bits(u128::from_le_bytes(reader.array()?));
        }
        if bits & Fields::bit(Field::Value) != 0 {
            interaction.value = Some(reader.created()?);
        }
        if bits & Fields::bit(Field::Served) != 0 {
            interaction.served = reader.pairs()?;
        }
        if bits & Fields::bit(Field::Cost) != 0 {
            interaction.cost = Some(reader.quantity()?);
        }
        if bits & Fields::bit(Field::Tags) != 0 {
            interaction.tags = reader.pairs()?;
        }
        Some(interaction)
    }
}

/// What is left to read of a pack; every step gives `None` where the bytes are not what was written.
#[derive(Clone, Copy, Debug)]
struct Reader<'p> {
    data: &'p [u8],
    texts: &'p str,
}

#[expect(
    clippy::option_option,
    reason = "outside: whether the bytes are what was written; inside: whether it is given"
)]
impl<'p> Reader<'p> {
    /// Takes so much off either buffer.
    fn split_off(&mut self, data: usize, texts: usize) -> Option<Self> {
        let (own, rest) = self.data.split_at_checked(data)?;
        let (own_texts, rest_of_texts) = self.texts.split_at_checked(texts)?;
        (self.data, self.texts) = (rest, rest_of_texts);
        Some(Self { data: own, texts: own_texts })
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.data.split_first_chunk::<N>()?;
        self.data = rest;
        Some(*array)
    }

    #[inline]
    fn number(&mut self) -> Option<u64> {
        match self.data.split_first() {
            Some((&number @ ..0x80, rest)) => {
                self.data = rest;
                Some(number.into())
            }
            _ => self.long_number(),
        }
    }

    #[cold]
    fn long_number(&mut self) -> Option<u64> {
        let (mut number, mut shift) = (0_u64, 0);
        loop {
            let [byte] = self.array()?;
            number |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
            shift += 7;
        }
    }

    #[inline]
    fn text(&mut self) -> Option<&'p str> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.texts.split_at_checked(length)?;
        self.texts = rest;
        Some(text)
    }

    fn position(&mut self, bits: u32) -> Option<Option<Position>> {
        if bits & HAS_POSITION == 0 {
            return Some(None);
        }
        let (line, column) = (self.number()?, self.number()?);
        Some(Some(Position { line, column, is_cell: bits & IS_CELL != 0 }))
    }

    #[inline]
    fn text_of(&mut self, bits: u32, field: Field) -> Option<Option<&'p str>> {
        if bits & Fields::bit(field) == 0 {
            return Some(None);
        }
        let text = self.text()?;
        if is_above(field) {
            self.texts = self.texts.strip_prefix('/')?;
        }
        Some(Some(text))
    }

    /// What has one of a few values, in the order of [`RANKS`].
    fn ranks(&mut self, bits: u32) -> Option<[Option<u8>; RANKS.len()]> {
        let mut ranks = [None; RANKS.len()];
        if bits & Fields::of(&RANKS).0 == 0 {
            return Some(ranks);
        }
        for (rank, field) in ranks.iter_mut().zip(RANKS) {
            if bits & Fields::bit(field) != 0 {
                let [given] = self.array()?;
                *rank = Some(given);
            }
        }
        Some(ranks)
    }

    fn pairs(&mut self) -> Option<Vec<(Cow<'p, str>, Cow<'p, str>)>> {
        let mut pairs = Vec::new();
        for _ in 0..self.number()? {
            pairs.push((Cow::Borrowed(self.text()?), Cow::Borrowed(self.text()?)));
        }
        Some(pairs)
    }

    fn created(&mut self) -> Option<Created> {
        let named = ValueSet::from_bits(u128::from_le_bytes(self.array()?));
        let mut amounts = Vec::new();
        for _ in 0..self.number()? {
            let [value] = self.array()?;
            let Quantity { amount, unit } = self.quantity()?;
            amounts.push(Amount { value: ValueId::from_bits(value)?, unit, amount });
        }
        Some(Created { named, amounts })
    }

    fn quantity(&mut self) -> Option<Quantity> {
        let amount = Decimal::deserialize(self.array()?);
        let [has_unit] = self.array()?;
        let unit = self.text()?;
        Some(Quantity { amount, unit: (has_unit == 1).then(|| unit.to_owned()) })
    }
}

#[cfg(test)]
mod tests;
