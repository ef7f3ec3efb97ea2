//! What to write instead, where names and amounts are written as people and other programs write them.

use crate::error::Allowed;
use crate::value::exact;
use crate::{Found, Problem};

/// Where a name or an amount stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a cell of a table, where lists are joined by `;`.
    Cell,
    /// In a list of JSON.
    List,
}

impl Place {
    /// The same problem with what to write instead, where that is plain.
    pub(super) fn advise(self, problem: Problem) -> Problem {
        let sentence = match &problem.allowed {
            Allowed::Names { what, names } => {
                let advice = problem.name.as_deref().and_then(|name| self.of_several(name, names));
                advice.map(|advice| format!("unknown {what} {}; {advice}", problem.found))
            }
            Allowed::Words(_) if problem.field.ends_with(".amount") => {
                let found = problem.found.to_string();
                let amount = found.strip_prefix('"').and_then(|found| found.strip_suffix('"')).and_then(of_amount);
                amount.map(|amount| format!("cannot use {found}; {amount}"))
            }
            _ => None,
        };
        match sentence {
            Some(sentence) => Problem::advice(problem.field, problem.found, sentence),
            None => problem,
        }
    }

    /// Several names in the place of one: `late, chased`, or `[late]` as databases write lists.
    fn of_several(self, text: &str, names: &[String]) -> Option<String> {
        let inner = text.trim().strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        let parts = inner.unwrap_or(text).split([',', '/', '+']).map(|part| part.trim().trim_matches(['"', '\'']));
        let known = |part: &str| names.iter().find(|name| name.eq_ignore_ascii_case(part)).map(String::as_str);
        let parts: Vec<&str> = parts.map(known).collect::<Option<_>>()?;
        match (self, parts.as_slice()) {
            (_, [_]) if inner.is_none() => None,
            (Self::Cell, [only]) => Some(format!("write it without brackets: {only}")),
            (Self::Cell, parts) => Some(format!("separate several with ; like {}", parts.join("; "))),
            (Self::List, parts) => {
                let quoted: Vec<_> = parts.iter().map(|part| Found::text(part).to_string()).collect();
                Some(format!("write each on its own: [{}]", quoted.join(", ")))
            }
        }
    }
}

/// An amount with a decimal comma, with separators between thousands, or with its unit beside it.
fn of_amount(text: &str) -> Option<String> {
    let core = text.trim_matches(|char: char| !char.is_ascii_digit());
    let digits: String = core.chars().filter(char::is_ascii_digit).collect();
    let separators: Vec<char> = core.chars().filter(|char| !char.is_ascii_digit()).collect();
    let unit: Vec<char> = text.replacen(core, "", 1).trim().chars().collect();
    let is_unit = match unit.as_slice() {
        [only] => !only.is_ascii() || *only == '$',
        unit => unit.iter().all(|char| char.is_alphabetic()),
    };
    if !is_unit || !separators.iter().all(|char| matches!(char, ',' | '.' | '\'')) {
        return None;
    }
    let behind = separators.last().and_then(|last| core.rsplit_once(*last)).map_or(0, |(_, fraction)| fraction.len());
    let (whole, fraction) = digits.split_at_checked(digits.len().checked_sub(behind)?)?;
    let point = format!("{whole}.{fraction}");
    let written = match separators.as_slice() {
        [] => digits,
        [',' | '\''] if behind == 3 => format!("{digits} or {point}"),
        [first, rest @ ..] if !rest.is_empty() && rest.iter().all(|char| char == first) => digits,
        _ => point,
    };
    exact(written.split(' ').next()?)?;
    let unit = if unit.is_empty() { "" } else { " and then the unit, with a blank between" };
    Some(format!("write {written}{unit}"))
}

#[cfg(test)]
mod tests {
    use super::{Place, of_amount};
    use crate::{Found, Problem};

    #[test]
    fn amounts_are_advised_where_they_are_plain() {
        let advised = |text| of_amount(text).unwrap_or_default();
        assert_eq!(advised("12,50"), "write 12.50");
        assert_eq!(advised("1.250,50"), "write 1250.50");
        assert_eq!(advised("1'250.50"), "write 1250.50");
        assert_eq!(advised("1,250"), "write 1250 or 1.250");
        assert_eq!(advised("1.250.000"), "write 1250000");
        assert_eq!(advised("12.50EUR"), "write 12.50 and then the unit, with a blank between");
        assert_eq!(advised("€12"), "write 12 and then the unit, with a blank between");
        for text in ["", "lots", "-3", "+1", "1e", "1_000", "-1,5", "1e9,5", "2 x 3", "1,", "1234567890123456,5"] {
            assert_eq!(of_amount(text), None, "{text}");
        }
    }

    #[test]
    fn several_names_in_one_are_told_apart() {
        let problem = |text: &str| Problem::name("signals[0]", "signal", text, ["late", "chased"]);
        let advised = |place: Place, text: &str| place.advise(problem(text)).to_string();
        let cell = |text: &str| advised(Place::Cell, text);
        assert_eq!(
            cell("Late, chased"),
            "signals[0]: unknown signal \"Late, chased\"; separate several with ; like late; chased"
        );
        assert_eq!(cell("[late]"), "signals[0]: unknown signal \"[late]\"; write it without brackets: late");
        assert_eq!(
            cell("['late', 'chased']"),
            "signals[0]: unknown signal \"['late', 'chased']\"; separate several with ; like late; chased"
        );
        let list = "signals[0]: unknown signal \"late,chased\"; write each on its own: [\"late\", \"chased\"]";
        assert_eq!(advised(Place::List, "late,chased"), list);
        for text in ["late, odd", "lat", "Late", "", ",", "[]"] {
            assert_eq!(cell(text), problem(text).to_string());
        }
        let other = Problem::form("value[0].amount", Found::text("lots"), "a number");
        assert_eq!(Place::Cell.advise(other.clone()), other);
        let other = Problem::form("value[0].amount", Found::thing("1"), "nothing");
        assert_eq!(Place::List.advise(other.clone()), other);
    }
}
