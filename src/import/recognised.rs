//! Which preset reads an export, told from the names in its first rows, where that is unmistakable.

use jaq_json::Val;
use jaq_json::read::parse_single;

use super::map::Map;
use super::marks::{AROUND, MARKS, Marks, RECORDS};
use super::members::{self, Names, ROWS};
use super::presets::Preset;
use super::rows::{Rows, Step};
use crate::read::form::Form;
use crate::read::{Result, Source};

/// How much of a JSON text is looked at.
const LOOKED_AT: usize = 1 << 16;

/// What a source holds, as far as its first rows tell.
#[derive(Debug)]
pub enum Recognised {
    /// The export that this preset reads.
    Export(&'static Preset),
    /// Exports of two kinds, one behind the other.
    Mixed(&'static Preset, &'static Preset),
    /// Records of the program's own.
    Records,
    /// None of these, or several of them as well; these names were looked at.
    Unknown(Vec<String>),
    /// Nothing.
    Empty,
}

/// What one row may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Export(&'static str),
    Records,
}

impl Recognised {
    /// Looks at the first rows of a source, which is given back as it was.
    ///
    /// # Errors
    /// What cannot be read, or is in no form that is read.
    pub fn of(source: Source, form: &Form) -> Result<(Self, Source)> {
        let (source, replay) = source.twice();
        let recognised = look(source, form, LOOKED_AT)?;
        Ok((recognised, replay.source()?))
    }

    /// The preset that reads the source, if that is unmistakable. What cannot be read is told when it is read.
    ///
    /// # Errors
    /// What cannot be read again.
    pub fn preset_of(source: Source, form: &Form) -> Result<(Option<&'static Preset>, Source)> {
        let (first, replay) = source.twice();
        let preset = match look(first, form, LOOKED_AT) {
            Ok(Self::Export(preset)) => Some(preset),
            _ => None,
        };
        Ok((preset, replay.source()?))
    }

    /// The other preset, if the rows are unmistakably those of another; and whether this map makes something of the
    /// first ones all the same, which it does not where the first one is an error, or all are left out.
    ///
    /// # Errors
    /// What cannot be read again.
    pub fn misread(
        source: Source,
        form: &Form,
        preset: &Preset,
        map: &Map,
    ) -> Result<(Option<(&'static Preset, bool)>, Source)> {
        // a sheet is long to take apart, and a wrong one is told by its first row
        let (is_workbook, source) = source.may_be_workbook()?;
        if is_workbook {
            return Ok((None, source));
        }
        let (first, replay) = source.twice();
        // what is in no form that is read is told when it is read
        let other = match look(first, form, 1) {
            Ok(Self::Export(other)) if other.name != preset.name => Some(other),
            _ => None,
        };
        let source = replay.source()?;
        let Some(other) = other else { return Ok((None, source)) };
        let (first, replay) = source.twice();
        let reads = reads_first_rows(first, form, map);
        Ok((Some((other, reads)), replay.source()?))
    }
}

impl Preset {
    /// What it reads, as messages call it.
    #[must_use]
    pub fn title(&self) -> &'static str {
        Marks::of(self).map_or(self.name, |marks| marks.title)
    }
}

/// Looks at the first rows: at so many bytes if there are, and those that are at hand.
fn look(source: Source, form: &Form, wanted: usize) -> Result<Recognised> {
    let mut rows = Rows::open(source.opened(form)?, form)?;
    if rows.is_empty() {
        return Ok(Recognised::Empty);
    }
    if let Some(start) = rows.json_start(wanted)? {
        return Ok(of_rows(&members::of_rows(start.get(..LOOKED_AT).unwrap_or(start)), &form.at.join(".")));
    }
    if is_chatwoot(&mut rows)?
        && let Some(preset) = Preset::named("chatwoot-csat")
    {
        return Ok(Recognised::Export(preset));
    }
    let columns = rows.columns().unwrap_or_default();
    Ok(of_rows(&[columns.iter().cloned().collect()], ""))
}

/// What rows with these names are; `at` is the way to the rows, if it is known.
fn of_rows(rows: &[Names], at: &str) -> Recognised {
    let mut kinds = rows.iter().filter_map(|names| kind(names, at));
    let Some(first) = kinds.next() else { return Recognised::Unknown(shown(rows)) };
    let other = kinds.find(|kind| *kind != first);
    let preset = |kind| match kind {
        Kind::Export(name) => Preset::named(name),
        Kind::Records => None,
    };
    match (preset(first), other.map(preset)) {
        (Some(preset), None) => Recognised::Export(preset),
        (Some(one), Some(Some(other))) => Recognised::Mixed(one, other),
        (None, None) => Recognised::Records,
        (_, Some(_)) => Recognised::Unknown(shown(rows)),
    }
}

/// What a row with these names is, if that is unmistakable: that of whose marks the most are there.
fn kind(names: &Names, at: &str) -> Option<Kind> {
    if RECORDS.iter().any(|marks| marks.iter().all(|mark| names.contains(*mark))) {
        return Some(Kind::Records);
    }
    let there = |marks: &&&[&str]| {
        let ways = ["", at].into_iter().chain(AROUND);
        ways.into_iter().any(|way| marks.iter().all(|mark| has(names, way, mark)))
    };
    let known = MARKS.iter().filter_map(|marks| marks.preset().map(|preset| (preset.name, marks)));
    let counts = known
        .filter_map(|(name, marks)| Some((marks.names.iter().filter(there).map(|names| names.len()).max()?, name)));
    let counts: Vec<_> = counts.collect();
    let most = counts.iter().map(|(count, _)| *count).max()?;
    match counts.iter().filter(|(count, _)| *count == most).collect::<Vec<_>>().as_slice() {
        [(_, name)] => Some(Kind::Export(name)),
        _ => None,
    }
}

fn has(names: &Names, way: &str, mark: &str) -> bool {
    if way.is_empty() { names.contains(mark) } else { names.contains(&format!("{way}.{mark}")) }
}

/// The names at the top of the rows.
fn shown(rows: &[Names]) -> Vec<String> {
    let names: Names = rows.iter().flatten().filter(|name| !name.contains('.')).cloned().collect();
    names.into_iter().collect()
}

/// Whether these are rows of Chatwoot's report, whose columns are named in the language of the account: the second
/// of eight or nine cells is a rating, the seventh the address of a conversation, the eighth a time of UTC.
fn is_chatwoot(rows: &mut Rows) -> Result<bool> {
    if !rows.columns().is_some_and(|columns| columns.len() == 8 || columns.len() == 9) {
        return Ok(false);
    }
    for _ in 0..ROWS {
        if !matches!(rows.next()?, Step::Row) {
            return Ok(false);
        }
        let cell = |index| rows.cell(index).unwrap_or_default().trim_ascii();
        let link = cell(6);
        let is_conversation = memchr::memmem::find(link, b"/conversations/").is_some();
        if is_conversation {
            return Ok(matches!(cell(1), [b'1'..=b'5']) && cell(7).ends_with(b" UTC"));
        }
    }
    Ok(false)
}

/// Whether the map makes something of one of the first rows, and an error of none before it.
fn reads_first_rows(source: Source, form: &Form, map: &Map) -> bool {
    let Ok(mut rows) = source.opened(form).and_then(|source| Rows::open(source, form)) else { return false };
    let Ok(compiled) = map.compiled() else { return false };
    for _ in 0..ROWS {
        if !matches!(rows.next(), Ok(Step::Row)) {
            return false;
        }
        let Some(row) = value_of(&rows) else { return false };
        let mut given = false;
        let take = |_| {
            given = true;
            Ok(())
        };
        match compiled.run(map, [&row, &Val::Null, &Val::Null], take) {
            Ok(()) if given => return true,
            Ok(()) => {}
            Err(failure) if failure.left_out => {}
            Err(_) => return false,
        }
    }
    false
}

/// The current row as a map sees it; `None` if it cannot be read.
fn value_of(rows: &Rows) -> Option<Val> {
    if rows.fault().is_some() {
        return None;
    }
    let Some(columns) = rows.columns() else { return parse_single(rows.raw()).ok() };
    let cell = |(index, name): (usize, &String)| {
        let text = std::str::from_utf8(rows.cell(index)?).ok()?;
        Some((Val::utf8_str(name.clone()), Val::utf8_str(text.to_owned())))
    };
    Some(Val::obj(columns.iter().enumerate().map(cell).collect::<Option<_>>()?))
}

#[cfg(test)]
mod tests {
    use super::{Recognised, of_rows};
    use crate::import::members;

    fn told(text: &str) -> String {
        match of_rows(&members::of_rows(text.as_bytes()), "") {
            Recognised::Export(preset) => preset.name.to_owned(),
            Recognised::Mixed(one, other) => format!("{} and {}", one.name, other.name),
            Recognised::Records => "records".to_owned(),
            Recognised::Unknown(names) => format!("none of {}", names.join(",")),
            Recognised::Empty => "nothing".to_owned(),
        }
    }

    #[test]
    fn exports_are_told_by_their_names() {
        assert_eq!(told(r#"{"requester_id":1,"via":{"channel":"web"}}"#), "zendesk");
        assert_eq!(told(r#"{"tickets":[{"requester_id":1,"via":{"channel":"web"}}],"next_page":null}"#), "zendesk");
        assert_eq!(told(r#"[{"requester_id":1,"responder_id":2}]"#), "freshdesk");
        assert_eq!(told(r#"{"totalSize":1,"records":[{"CaseNumber":"1","CreatedDate":"x"}]}"#), "salesforce");
        assert_eq!(told(r#"{"recipient":"a","point":"b","requester_id":1,"responder_id":2}"#), "records");
        assert_eq!(told(r#"{"interactions":[{"recipient":"a","point":"b"}]}"#), "records");
    }

    #[test]
    fn what_may_be_several_is_none() {
        let both = r#"{"requester_id":1,"responder_id":2,"metric_set":{}}"#;
        assert_eq!(told(both), "none of metric_set,requester_id,responder_id");
        let behind = "{\"requester_id\":1,\"responder_id\":2}\n{\"requester_id\":1,\"via\":{\"channel\":1}}";
        assert_eq!(told(behind), "freshdesk and zendesk");
        assert_eq!(told(r#"{"id":1,"status":"closed"}"#), "none of id,status");
    }
}
