//! The answers to Freshdesk's surveys.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::super::talk::one_id;
use super::super::{Id, Object, Text, Time, Unusual};

/// The ratings that were joined into a ticket: one, or a list of them.
pub(super) struct Ratings<'t>(pub(super) Vec<Object<Joined<'t>>>);

/// One of them, as it is written.
#[derive(Deserialize, PartialEq)]
pub(super) struct Joined<'t> {
    #[serde(borrow)]
    id: Id<'t>,
    #[serde(borrow)]
    ratings: Option<Answers<'t>>,
    #[serde(borrow)]
    feedback: Option<Text<'t>>,
    #[serde(borrow)]
    created_at: Option<Time<'t>>,
    #[serde(borrow)]
    updated_at: Option<Time<'t>>,
}

/// The answers to the questions of a survey.
#[derive(PartialEq)]
pub(super) struct Answers<'t>(Vec<Object<Answer<'t>>>);

/// An answer, as data pipelines write it. The API keys answers by their questions.
#[derive(Deserialize, PartialEq)]
struct Answer<'t> {
    #[serde(borrow)]
    question: Text<'t>,
    #[serde(borrow)]
    value: Option<Id<'t>>,
}

/// A rating that says something.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Rating<'a, 't> {
    joined: &'a Joined<'t>,
    /// What it says.
    pub(super) verdict: Option<&'static str>,
}

impl Answers<'_> {
    /// What they say: the answer to the question that every survey has, else to the only one.
    pub(super) fn verdict(&self) -> Result<Option<&'static str>, Unusual> {
        let Self(answers) = self;
        let mut questions: Vec<&str> = answers.iter().map(|answer| answer.question.0.as_ref()).collect();
        questions.sort_unstable();
        questions.dedup();
        if questions.len() < answers.len() {
            // of two answers to one question the last counts
            return Err(Unusual::Odd);
        }
        let default = answers.iter().find(|answer| answer.question.0 == "default_question");
        let only = if let [only] = answers.as_slice() { Some(only) } else { None };
        let Some(Id(value)) = default.or(only).and_then(|answer| answer.value.as_ref()) else { return Ok(None) };
        Ok(Some(match value.as_ref() {
            "103" | "102" | "101" => "expected-or-above",
            "100" => "expected",
            "-101" | "-102" | "-103" => "basic-or-below",
            _ => return Err(Unusual::Odd),
        }))
    }
}

impl<'a, 't> Rating<'a, 't> {
    /// The rating, if it says something.
    pub(super) fn of(joined: &'a Joined<'t>) -> Result<Option<Self>, Unusual> {
        let verdict = joined.ratings.as_ref().map_or(Ok(None), Answers::verdict)?;
        Ok(verdict.is_some().then_some(Self { joined, verdict }))
    }

    pub(super) fn id(self) -> Result<Cow<'t, str>, Unusual> {
        one_id(Some(&self.joined.id))?.ok_or(Unusual::Odd)
    }

    pub(super) fn answered_at(self) -> Option<&'a Time<'t>> {
        self.joined.updated_at.as_ref().or(self.joined.created_at.as_ref())
    }

    pub(super) fn said(self) -> Option<Cow<'t, str>> {
        self.joined.feedback.as_ref().map(|Text(said)| said.clone())
    }
}

impl<'de: 't, 't> Deserialize<'de> for Ratings<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;
        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Ratings<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a rating, or a list of them")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                Ok(Ratings(vec![Object::deserialize(MapAccessDeserializer::new(map))?]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(Ratings)
            }
        }
        deserializer.deserialize_any(OneOrMore)
    }
}

impl<'de: 't, 't> Deserialize<'de> for Answers<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyedOrListed;
        impl<'de> Visitor<'de> for KeyedOrListed {
            type Value = Answers<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("answers by their questions, or a list of them")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut answers = Vec::new();
                while let Some((question, value)) = map.next_entry()? {
                    answers.push(Object(Answer { question, value }));
                }
                Ok(Answers(answers))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(Answers)
            }
        }
        deserializer.deserialize_any(KeyedOrListed)
    }
}
