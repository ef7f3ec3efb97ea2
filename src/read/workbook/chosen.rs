//! Which sheets of a workbook are read.

use calamine::{Sheet, SheetType, SheetVisible};

use crate::error::{Found, nearest};
use crate::record::sheets::{EXPLAINING, RECIPIENTS};

/// What is wanted of a source, where it is a workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// One sheet: the one asked for, or the first.
    Rows,
    /// Records: the same, and the people served, where they have a sheet.
    Records,
    /// The people served: their sheet, or else the first.
    Recipients,
}

/// The names of sheets that are read, and of others.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) sheet: String,
    /// The sheet of the people served, where it is read beside the first.
    pub(super) recipients: Option<String>,
    /// What else there is to be read: sheets that can be seen, but for those that explain a
    /// workbook to fill in.
    pub(super) others: Vec<String>,
}

impl Chosen {
    /// The sheet asked for, or else the first that can be seen; the one with the people served; and the others.
    pub(super) fn of(sheets: &[Sheet], asked: Option<&str>, wanted: Wanted) -> Result<Self, String> {
        let is_table = |sheet: &&Sheet| sheet.typ == SheetType::WorkSheet;
        let tables = || sheets.iter().filter(is_table);
        let seen = || tables().filter(|sheet| sheet.visible == SheetVisible::Visible);
        let named = |name: &str| tables().find(|sheet| is_named(sheet, name));
        let quoted = |names: Vec<&str>| names.into_iter().map(|name| Found::text(name).to_string()).collect::<Vec<_>>();
        let chosen = match asked {
            None => {
                let recipients = named(RECIPIENTS).filter(|_| wanted == Wanted::Recipients);
                let first = || seen().next().or_else(|| tables().next());
                recipients.or_else(first).ok_or("is a workbook without sheets; save it again with one")?
            }
            Some(asked) => tables().find(|sheet| sheet.name == asked).or_else(|| named(asked)).ok_or_else(|| {
                let there = quoted(tables().map(|sheet| sheet.name.as_str()).collect()).join(", ");
                let near = nearest(asked, tables().map(|sheet| sheet.name.as_str()));
                let advice = near.map_or_else(
                    || format!("there are: {there}"),
                    |near| format!("did you mean {}?", Found::text(near)),
                );
                format!("has no sheet {}; {advice}", Found::text(asked))
            })?,
        };
        let recipients = named(RECIPIENTS).filter(|sheet| wanted == Wanted::Records && sheet.name != chosen.name);
        let is_to_fill_in = EXPLAINING.iter().all(|name| named(name).is_some());
        let is_known = |sheet: &Sheet| {
            sheet.name == chosen.name
                || recipients.is_some_and(|recipients| sheet.name == recipients.name)
                || (is_to_fill_in && EXPLAINING.iter().any(|name| is_named(sheet, name)))
        };
        Ok(Self {
            sheet: chosen.name.clone(),
            recipients: recipients.map(|sheet| sheet.name.clone()),
            others: seen().filter(|sheet| !is_known(sheet)).map(|sheet| sheet.name.clone()).collect(),
        })
    }
}

/// Whether a sheet has a name, however its letters are written.
fn is_named(sheet: &Sheet, name: &str) -> bool {
    sheet.name.trim().to_lowercase() == name.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(names: &[&str], asked: Option<&str>, wanted: Wanted) -> (String, Option<String>, Vec<String>) {
        let sheet =
            |name: &&str| Sheet { name: (*name).to_owned(), typ: SheetType::WorkSheet, visible: SheetVisible::Visible };
        let sheets: Vec<_> = names.iter().map(sheet).collect();
        let Chosen { sheet, recipients, others } = Chosen::of(&sheets, asked, wanted).expect("a sheet");
        (sheet, recipients, others)
    }

    #[test]
    fn the_people_served_are_read_beside_the_records() {
        let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let names = ["May", " Recipients", "levels"];
        let people = Some(" Recipients".to_owned());
        let read = |asked| chosen(&names, asked, Wanted::Records);
        assert_eq!(read(None), ("May".to_owned(), people.clone(), own(&["levels"])));
        assert_eq!(read(Some("LEVELS")), ("levels".to_owned(), people, own(&["May"])));
        assert_eq!(read(Some("recipients")), (" Recipients".to_owned(), None, own(&["May", "levels"])));
        let others = own(&[" Recipients", "levels"]);
        assert_eq!(chosen(&names, None, Wanted::Rows), ("May".to_owned(), None, others));
        let others = own(&["May", "levels"]);
        assert_eq!(chosen(&names, None, Wanted::Recipients), (" Recipients".to_owned(), None, others));
        assert_eq!(chosen(&["May"], None, Wanted::Recipients), ("May".to_owned(), None, Vec::new()));
    }

    #[test]
    fn sheets_that_explain_are_no_others_where_all_are_there() {
        let names = ["interactions", "recipients", "levels", "signals", "value", "response", "fields", "2025"];
        assert_eq!(chosen(&names, None, Wanted::Records).2, ["2025"]);
        assert_eq!(chosen(&names[..6], None, Wanted::Records).2, ["levels", "signals", "value", "response"]);
    }
}
