//! What a word of the rules means.

use serde::Serialize;

use super::{Model, Rung};
use crate::error::UnknownName;
use crate::level::Level;
use crate::value::Category;

/// What a name of the rules stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum WordKind {
    /// A level.
    Level,
    /// A signal, which speaks for a level.
    Signal,
    /// A category of value.
    Category,
    /// A kind of value, which belongs to a category.
    Kind,
    /// A response to a failure.
    Response,
}

impl WordKind {
    /// The name in words.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Level => "a level",
            Self::Signal => "a signal",
            Self::Category => "a category of value",
            Self::Kind => "a kind of value",
            Self::Response => "a response to a failure",
        }
    }
}

/// What one name of the rules means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Meaning {
    /// The name.
    pub word: String,
    /// What it stands for.
    pub is: WordKind,
    /// What people read in place of the name, where the rules give that.
    pub label: Option<String>,
    /// The level it is, or speaks for.
    pub level: Option<Level>,
    /// The category it is, or belongs to.
    pub category: Option<Category>,
    /// What it says.
    pub means: String,
}

impl Model {
    /// What a word means: the name of a level, a signal, a category or kind of value, or a response, or one of their labels.
    /// A name may stand for several, such as a signal and a kind.
    ///
    /// ```
    /// use serveup::{Level, Model};
    ///
    /// let model = Model::shipped();
    /// let late = &model.meanings("late")?[0];
    /// assert_eq!((late.level, late.is.in_words()), (Some(Level::Basic), "a signal"));
    /// assert!(model.meanings("lat").unwrap_err().to_string().contains("did you mean \"late\"?"));
    /// # Ok::<(), serveup::UnknownName>(())
    /// ```
    ///
    /// # Errors
    /// A word that the rules do not have.
    pub fn meanings(&self, word: &str) -> Result<Vec<Meaning>, UnknownName> {
        let all = || self.all_meanings();
        let found: Vec<_> = all().filter(|meaning| meaning.word == word).collect();
        if !found.is_empty() {
            return Ok(found);
        }
        let lower = word.to_lowercase();
        let labelled = |meaning: &Meaning| meaning.label.as_ref().is_some_and(|label| label.to_lowercase() == lower);
        let found: Vec<_> = all().filter(|meaning| meaning.word == lower || labelled(meaning)).collect();
        if !found.is_empty() {
            return Ok(found);
        }
        let names: Vec<String> = all().map(|meaning| meaning.word).collect();
        Err(UnknownName::new("word", word, &names.iter().map(String::as_str).collect::<Vec<_>>()))
    }

    fn all_meanings(&self) -> impl Iterator<Item = Meaning> {
        let levels = Level::ALL.into_iter().map(|level| {
            let rule = self.level(level);
            let label = Some(rule.label.clone());
            let (word, means) = (level.name().to_owned(), rule.means.clone());
            Meaning { word, is: WordKind::Level, label, level: Some(level), category: None, means }
        });
        let signals = self.signals().iter().map(|signal| Meaning {
            word: signal.name.clone(),
            is: WordKind::Signal,
            label: None,
            level: Some(signal.level),
            category: None,
            means: signal.means.clone(),
        });
        let categories = Category::ALL.into_iter().map(|category| {
            let rule = self.category(category);
            let label = Some(rule.label.clone());
            let (word, means) = (category.name().to_owned(), rule.means.clone());
            Meaning { word, is: WordKind::Category, label, level: None, category: Some(category), means }
        });
        let kinds = self.kinds().iter().map(|kind| Meaning {
            word: kind.name.clone(),
            is: WordKind::Kind,
            label: None,
            level: None,
            category: Some(kind.category),
            means: kind.means.clone(),
        });
        let rungs = Rung::ALL.into_iter().map(|rung| {
            let rule = self.rung(rung);
            let label = Some(rule.label.clone());
            let (word, means) = (rung.name().to_owned(), rule.means.clone());
            Meaning { word, is: WordKind::Response, label, level: None, category: None, means }
        });
        levels.chain(signals).chain(categories).chain(kinds).chain(rungs)
    }
}
