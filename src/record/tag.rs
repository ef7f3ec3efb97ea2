//! Names of tags: dimensions of one's own.

use std::fmt;
use std::sync::Arc;

/// What stands before the name of a tag.
pub(crate) const TAGS: &str = "tags.";

/// A tag by its name, written like `tags.region` wherever a dimension or a column is named.
///
/// ```
/// use serveup::Tag;
///
/// let tag = Tag::new("region").expect("it has a name");
/// assert_eq!((tag.key(), tag.name()), ("region", "tags.region"));
/// assert_eq!(Tag::named("tags.region"), Some(tag));
/// assert!(Tag::new("").is_none() && Tag::named("tags.").is_none() && Tag::named("region").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag(Arc<str>);

impl Tag {
    /// The tag with this key; `None` if that is empty.
    #[must_use]
    pub fn new(key: &str) -> Option<Self> {
        (!key.is_empty()).then(|| Self(format!("{TAGS}{key}").into()))
    }

    /// The tag that is written like this: `tags.region`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::new(name.strip_prefix(TAGS)?)
    }

    /// Its key among the tags of a record: `region`.
    #[must_use]
    pub fn key(&self) -> &str {
        self.0.get(TAGS.len()..).unwrap_or_default()
    }

    /// Its name among dimensions and columns: `tags.region`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
