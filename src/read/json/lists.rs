//! How records are strung together, and which keys of a document lead to them.

/// How the records are strung together where the reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One object a line, or objects with white space between them; and between other values.
    Lines,
    /// `[…]`.
    Array,
    /// `{"recipients": […], "interactions": […]}`, or an object that holds the rows somewhere.
    Document,
}

/// What a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Interactions,
    Recipients,
    /// Rows of an export, which may be any value.
    Rows,
}

/// Which keys of a document lead to its lists.
#[cfg_attr(not(feature = "import"), expect(dead_code, reason = "only exports have rows"))]
pub(super) enum Lists {
    /// `interactions` and `recipients`.
    Ours,
    /// The rows of an export stand at the end of this path of keys.
    Rows(Vec<String>),
}

/// What a key of a document leads to.
pub(super) enum Leads {
    ToList(Section),
    Deeper,
    Nowhere,
}

impl Lists {
    pub(super) fn lead(&self, key: &str, depth: usize) -> Leads {
        match (self, key) {
            (Self::Ours, "interactions") => Leads::ToList(Section::Interactions),
            (Self::Ours, "recipients") => Leads::ToList(Section::Recipients),
            (Self::Rows(path), key) if path.get(depth).is_some_and(|step| step == key) => {
                if depth + 1 == path.len() {
                    Leads::ToList(Section::Rows)
                } else {
                    Leads::Deeper
                }
            }
            _ => Leads::Nowhere,
        }
    }
}
