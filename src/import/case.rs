//! Of several rows per case, the one that counts: the last in file order, or the first.

use std::borrow::Cow;

use hashbrown::HashMap;
use hashbrown::hash_map::EntryRef;

use crate::Found;
use jaq_json::Val;
use jaq_json::read::parse_single;

use super::latest::Latest;
use super::mapper::list_inside;
use super::rows::{Rows, Step};
use super::sandbox::text_of;
use super::table_rows::LookingAhead;
use crate::read::{Error, ErrorKind, Result};

/// Which of several rows of one case counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The column that names the case.
    pub column: String,
    /// Whether its first row counts, and not its last.
    pub first: bool,
    /// Whether somebody asked for that. What a preset brings along may find no case: a row may be a whole answer
    /// of an API.
    pub asked: bool,
}

/// Rows in whose place another of the same case counts.
pub(super) struct Superseded(Vec<bool>);

impl Superseded {
    /// Reads all rows to see which one counts of its case. Rows without a case are cases of their own.
    /// `latest` sees every row on the way.
    pub(super) fn survey(
        case: &Case,
        sources: &mut [Rows],
        mut latest: Option<&mut Latest>,
        threads: usize,
    ) -> Result<Self> {
        let Case { column, first, asked } = case;
        let which = if *first { "first" } else { "last" };
        let (mut superseded, mut list) = (Vec::new(), None);
        let mut known: HashMap<String, usize, foldhash::fast::RandomState> = HashMap::default();
        let mut take = |superseded: &mut Vec<bool>, case: Option<&str>| {
            let row = superseded.len();
            superseded.push(false);
            if let Some(case) = case {
                match known.entry_ref(case) {
                    EntryRef::Vacant(entry) => drop(entry.insert(row)),
                    EntryRef::Occupied(_) if *first => superseded[row] = true,
                    EntryRef::Occupied(mut entry) => superseded[entry.insert(row)] = true,
                }
            }
        };
        for rows in &mut *sources {
            let index = rows.columns().and_then(|columns| columns.iter().position(|name| name == column));
            if let (Some(columns), None) = (rows.columns(), index) {
                let column = Found::text(column);
                let there = columns.join(", ");
                let place =
                    rows.header_position().map_or_else(|| rows.name().to_owned(), |at| at.in_source(rows.name()));
                let message = format!(
                    "{place}: there is no column {column}, by which the {which} row is used; there are: {there}"
                );
                return Err(Error::new(ErrorKind::Header, message));
            }
            let mut ahead = LookingAhead::new(threads, index);
            loop {
                let filled = |case: &str| take(&mut superseded, Some(case).filter(|case| !case.is_empty()));
                ahead.look(rows, latest.as_deref_mut(), filled)?;
                let case = match rows.next()? {
                    Step::End => break,
                    Step::Trailer => continue,
                    Step::RecordError(_) => None,
                    Step::Broken(_) => {
                        rows.skip_broken(|_| Ok(()))?;
                        None
                    }
                    Step::Row => {
                        if let Some(latest) = &mut latest {
                            latest.row(rows);
                        }
                        case_of(rows, column, index)
                    }
                };
                if superseded.is_empty() && case.is_none() && rows.columns().is_none() {
                    list = parse_single(rows.raw()).ok().and_then(|row| list_inside(&row, 1));
                }
                take(&mut superseded, case.as_deref());
            }
        }
        if *asked && known.is_empty() && !superseded.is_empty() && sources.iter().all(|rows| rows.columns().is_none()) {
            let column = Found::text(column);
            let message =
                format!("no row has {column}, by which the {which} row is used; --inspect lists what there is");
            let message = match list {
                Some(list) => format!("{message}; if the rows are in a list inside, add --at {list}"),
                None => message,
            };
            return Err(Error::new(ErrorKind::Form, message));
        }
        Ok(Self(superseded))
    }

    /// Whether another row counts in place of the row of this number, counted from 0 over all sources.
    pub(super) fn has(&self, row: usize) -> bool {
        self.0.get(row).copied().unwrap_or(false)
    }
}

/// What names the case in the current row, if anything does; of a table the cell of this index.
fn case_of<'r>(rows: &'r Rows, column: &str, index: Option<usize>) -> Option<Cow<'r, str>> {
    if rows.fault().is_some() {
        return None;
    }
    let case = match index {
        Some(index) => String::from_utf8_lossy(rows.cell(index)?),
        None => Cow::Owned(member_of(&parse_single(rows.raw()).ok()?, column)?),
    };
    let case = match case {
        Cow::Borrowed(case) => Cow::Borrowed(case.trim()),
        Cow::Owned(case) => Cow::Owned(case.trim().to_owned()),
    };
    Some(case).filter(|case| !case.is_empty())
}

/// The text of a member of a row. A name that the row does not have may be the way to one inside it, joined
/// by dots.
fn member_of(row: &Val, name: &str) -> Option<String> {
    let Val::Obj(members) = row else { return None };
    let member = |name: &str| members.get(&Val::utf8_str(name.to_owned()));
    match member(name) {
        Some(Val::Null) => None,
        Some(case) => Some(text_of(case)),
        None => {
            let (name, inside) = name.split_once('.')?;
            member_of(member(name)?, inside)
        }
    }
}
