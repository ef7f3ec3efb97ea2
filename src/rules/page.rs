//! The texts of the report page: shipped in English, replaced by the `[page]` of a levels file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use toml::{Spanned, Value};

use super::written::{File, Written};
use crate::error::{Found, Problem, RuleError, nearest};
use crate::printable::brief;

/// The texts of the report page shipped with the program, commented for whoever translates them.
pub const PAGE_TEXTS: &str = include_str!("../../page.toml");

/// Texts that say how numbers are written, and the language: no sentences.
const LANG: &str = "lang";
const SEPARATORS: [&str; 2] = ["thousands", "decimal"];

/// One text: a form for the number one, where the text has one, and a form for all else.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Text {
    one: Option<String>,
    other: String,
}

/// The shipped texts.
static ENGLISH: LazyLock<BTreeMap<String, Text>> = LazyLock::new(|| {
    let written = toml::from_str::<Written>(PAGE_TEXTS).map(|written| written.page).unwrap_or_default();
    let entries = written.into_iter();
    entries.filter_map(|(key, value)| Some((key.into_inner(), text(value.get_ref())?))).collect()
});

/// A text as it is written: plain, or a table of its two forms; `None` where it is something else.
fn text(value: &Value) -> Option<Text> {
    match value {
        Value::String(other) => Some(Text { one: None, other: other.clone() }),
        Value::Table(forms) if forms.len() == 2 => {
            let form = |name| forms.get(name).and_then(Value::as_str).map(str::to_owned);
            Some(Text { one: Some(form("one")?), other: form("other")? })
        }
        _ => None,
    }
}

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextPart<'t> {
    /// Stands as it is.
    Literal(&'t str),
    /// A value of this name stands here.
    Placeholder(&'t str),
}

/// The parts of a text: `{name}` is where a value stands.
pub(crate) fn text_parts(text: &str) -> impl Iterator<Item = TextPart<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(inside) = rest.strip_prefix('{') {
            let (name, after) = inside.split_once('}').unwrap_or((inside, ""));
            rest = after;
            return Some(TextPart::Placeholder(name));
        }
        let (literal, after) = rest.split_at(rest.find('{').unwrap_or(rest.len()));
        rest = after;
        Some(TextPart::Literal(literal))
    })
}

/// The names of the values in a text, in its order.
fn placeholders(text: &str) -> Vec<&str> {
    let name = |part| match part {
        TextPart::Placeholder(name) => Some(name),
        TextPart::Literal(_) => None,
    };
    text_parts(text).filter_map(name).collect()
}

/// The texts of the report page in force.
///
/// ```
/// use serveup::Model;
///
/// let german = Model::with_overlay("[page]\nmoments = { one = \"ein Moment\", other = \"{n} Momente\" }\n")?;
/// let page = german.page();
/// assert_eq!(page.count("moments", 1), "ein Moment");
/// assert_eq!(page.count("moments", 1234), "1,234 Momente");
/// assert_eq!(page.count("acts", 2), "2 acts");
/// # Ok::<(), serveup::RuleError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageTexts {
    /// Those of the levels file; where it has none, the shipped one stands.
    own: BTreeMap<String, Text>,
}

impl PageTexts {
    /// The shipped texts.
    #[must_use]
    pub const fn shipped() -> &'static Self {
        static SHIPPED: PageTexts = PageTexts { own: BTreeMap::new() };
        &SHIPPED
    }

    /// The keys of all texts, in alphabetical order.
    pub fn keys() -> impl Iterator<Item = &'static str> {
        ENGLISH.keys().map(String::as_str)
    }

    /// Whether the text of a key has a form for the number one.
    #[must_use]
    pub fn has_two_forms(key: &str) -> bool {
        ENGLISH.get(key).is_some_and(|text| text.one.is_some())
    }

    fn of(&self, key: &str) -> Option<&Text> {
        self.own.get(key).or_else(|| ENGLISH.get(key))
    }

    /// A text; its own key where there is no such text.
    #[must_use]
    pub fn get<'t>(&'t self, key: &'t str) -> &'t str {
        self.of(key).map_or(key, |text| &text.other)
    }

    /// The form of a text for a number.
    #[must_use]
    pub fn form<'t>(&'t self, key: &'t str, number: u64) -> &'t str {
        match self.of(key) {
            Some(Text { one: Some(one), .. }) if number == 1 => one,
            Some(text) => &text.other,
            None => key,
        }
    }

    /// A text with its values.
    #[must_use]
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        filled(self.get(key), values)
    }

    /// The form of a text for a number, with the number as `{n}` and its other values.
    #[must_use]
    pub fn fill_for(&self, key: &str, number: u64, values: &[(&str, &str)]) -> String {
        let digits = self.number(number);
        filled(self.form(key, number), &[&[("n", digits.as_str())], values].concat())
    }

    /// A number of things.
    #[must_use]
    pub fn count(&self, key: &str, number: u64) -> String {
        self.fill_for(key, number, &[])
    }

    /// A whole number with its thousands apart, as the language writes it.
    #[must_use]
    pub fn number(&self, number: u64) -> String {
        let grouped = crate::wording::grouped(number);
        match self.get("thousands") {
            "," => grouped,
            other => grouped.replace(',', other),
        }
    }

    /// Digits with a point as the language writes them.
    #[must_use]
    pub fn decimal(&self, digits: &str) -> String {
        digits.replace('.', self.get("decimal"))
    }

    /// The texts in force as a levels file, with the comments of the shipped one: to translate, or to
    /// see what is not translated yet.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut file = String::new();
        for line in PAGE_TEXTS.lines() {
            let own = line.split_once(" = ").and_then(|(key, _)| Some((key, self.own.get(key)?)));
            match own {
                None => file.push_str(line),
                Some((key, Text { one: None, other })) => file.push_str(&format!("{key} = {}", quoted(other))),
                Some((key, Text { one: Some(one), other })) => {
                    file.push_str(&format!("{key} = {{ one = {}, other = {} }}", quoted(one), quoted(other)));
                }
            }
            file.push('\n');
        }
        file
    }

    /// Lays the texts of a levels file over what is there.
    pub(super) fn lay_over(
        &mut self,
        file: File<'_>,
        written: BTreeMap<Spanned<String>, Spanned<Value>>,
    ) -> Result<(), RuleError> {
        let mut entries: Vec<_> = written.into_iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let last = entries.iter().rev().find(|(key, _)| SEPARATORS.contains(&key.get_ref().as_str()));
        let last = last.map(|(_, value)| value.span());
        for (key, value) in entries {
            let Some(english) = ENGLISH.get(key.get_ref()) else {
                let advice = match nearest(key.get_ref(), Self::keys()) {
                    Some(near) => format!("did you mean \"{near}\"?"),
                    None => "`serveup levels --page` lists them".to_owned(),
                };
                let reason = format!("page: unknown text {}; {advice}", Found::text(key.get_ref()));
                return Err(file.error(&key.span(), reason));
            };
            let key = key.into_inner();
            let text = checked(&key, english, value.get_ref()).map_err(|reason| file.error(&value.span(), reason))?;
            self.own.insert(key, text);
        }
        match last {
            Some(span) if self.get("thousands") == self.get("decimal") => {
                let same = Found::text(self.get("decimal"));
                let reason = format!("page: thousands and decimal are both {same}; give each a sign of its own");
                Err(file.error(&span, reason))
            }
            _ => Ok(()),
        }
    }
}

/// A text of a levels file that may stand for a shipped one; or what is wrong with it.
fn checked(key: &str, english: &Text, value: &Value) -> Result<Text, String> {
    let field = || format!("page.{key}");
    let text = text(value).ok_or_else(|| {
        let found = match value {
            Value::Table(_) => Found::thing("a table of other keys"),
            Value::Integer(_) | Value::Float(_) => Found::thing("a number"),
            Value::Boolean(_) => Found::thing("true or false"),
            Value::Array(_) => Found::thing("a list"),
            Value::String(_) | Value::Datetime(_) => Found::thing("a date"),
        };
        let forms = "a text, or a table with the texts `one` and `other`";
        Problem::form(field(), found, if english.one.is_some() { forms } else { "a text" }).to_string()
    })?;
    if text.one.is_some() && english.one.is_none() {
        return Err(
            Problem::form(field(), Found::thing("a table"), "one text; it does not depend on a number").to_string()
        );
    }
    let forms = || text.one.iter().chain([&text.other]);
    if let Some(form) = forms().find(|form| form.chars().any(char::is_control)) {
        return Err(Problem::form(field(), Found::text(form), "one line of text").to_string());
    }
    if key == LANG {
        let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let first = text.other.split('-').next().unwrap_or_default();
        let right =
            text.other.split('-').all(part) && first.len() > 1 && first.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !right {
            return Err(Problem::form(field(), Found::text(&text.other), "a language tag like de or pt-BR").to_string());
        }
    } else if SEPARATORS.contains(&key) {
        let (length, empty) = (text.other.chars().count(), key == "thousands");
        if length > 1 || length == 0 && !empty || text.other.chars().any(char::is_alphanumeric) {
            return Err(Problem::form(field(), Found::text(&text.other), "one sign like . or a blank").to_string());
        }
    } else if text.other.trim().is_empty() {
        return Err(Problem::form(field(), Found::text(&text.other), "what the page is to say").to_string());
    }
    for (number, form) in text.one.iter().map(|one| ("one", one)).chain([("other", &text.other)]) {
        values_are_right(english, number == "one", form).map_err(|wrong| format!("page.{key}: {wrong}"))?;
    }
    Ok(text)
}

/// Whether a form has the values of the shipped text, all of them and no others.
fn values_are_right(english: &Text, one: bool, form: &str) -> Result<(), String> {
    let allowed = placeholders(&english.other);
    let braced = |name: &&str| format!("{{{name}}}");
    let list = || {
        let mut names: Vec<String> = Vec::new();
        for name in allowed.iter().map(braced) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(", ")
    };
    if form.rfind('{') > form.rfind('}') {
        return Err("a { is not closed; write }".to_owned());
    }
    let found = placeholders(form);
    if let Some(wrong) = found.iter().find(|name| !allowed.contains(name)) {
        let wrong = brief(wrong, 40);
        return Err(match list() {
            none if none.is_empty() => format!("unknown placeholder {{{wrong}}}; write this text without any"),
            names => format!("unknown placeholder {{{wrong}}}; write {names}"),
        });
    }
    // a number that is one may be said in a word
    match allowed.iter().find(|name| !(found.contains(name) || one && **name == "n")) {
        Some(missing) => Err(format!("placeholder {{{missing}}} is missing; write {}", list())),
        None => Ok(()),
    }
}

/// The values in their places; a value that is not given leaves its placeholder.
fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    for part in text_parts(text) {
        match part {
            TextPart::Literal(literal) => filled.push_str(literal),
            TextPart::Placeholder(name) => match values.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => filled.push_str(value),
                None => filled.push_str(&format!("{{{name}}}")),
            },
        }
    }
    filled
}

/// A text in TOML.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The schema of `[page]`: a member for each text.
#[cfg(feature = "schema")]
pub(super) fn schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let one = |(key, text): (&String, &Text)| {
        let says = &text.other;
        let member = match (key.as_str(), &text.one) {
            (LANG, _) => serde_json::json!({"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"}),
            ("thousands", _) => serde_json::json!({"type": "string", "maxLength": 1}),
            ("decimal", _) => serde_json::json!({"type": "string", "minLength": 1, "maxLength": 1}),
            (_, None) => serde_json::json!({"type": "string", "minLength": 1, "description": says}),
            (_, Some(_)) => serde_json::json!({"description": says, "anyOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "properties": {"one": {"type": "string", "minLength": 1}, "other": {"type": "string", "minLength": 1}},
                    "required": ["one", "other"],
                    "additionalProperties": false,
                },
            ]}),
        };
        (key.clone(), member)
    };
    let members: serde_json::Map<String, serde_json::Value> = ENGLISH.iter().map(one).collect();
    schemars::json_schema!({"type": "object", "properties": members, "additionalProperties": false})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Model;

    #[test]
    fn every_shipped_text_is_read_and_can_be_laid_over_itself() {
        let lines = PAGE_TEXTS.lines().filter(|line| !line.starts_with('#') && line.contains(" = "));
        assert_eq!(ENGLISH.len(), lines.count(), "each text is on a line of its own");
        assert!(ENGLISH.len() > 200);
        let same = Model::with_overlay(PAGE_TEXTS).expect("the shipped texts");
        assert!(PageTexts::keys().all(|key| same.page().of(key) == ENGLISH.get(key)));
        let both = ENGLISH.iter().filter_map(|(key, text)| Some((key, text.one.as_ref()?, &text.other)));
        for (key, one, other) in both {
            assert!(placeholders(other).iter().any(|name| *name != "n" || one != other), "{key}");
        }
    }

    #[test]
    fn the_texts_in_force_are_a_levels_file() {
        let own =
            "[page]\ntitle = \"Wie \\\"Gäste\\\" uns\\\\erleben\"\nmoments = { one = \"einer\", other = \"{n}\" }\n";
        let model = Model::with_overlay(own).expect("texts");
        let written = model.page().to_toml();
        assert_eq!(Model::with_overlay(&written).expect(&written).page().get("title"), model.page().get("title"));
        assert!(written.contains("moments = { one = \"einer\", other = \"{n}\" }\n"));
        assert_eq!(PageTexts::shipped().to_toml(), PAGE_TEXTS);
    }

    #[test]
    fn a_text_has_the_values_of_the_shipped_one() {
        let error = |text: &str| {
            Model::with_overlay(&format!("[page]\n{text}\n")).map_or_else(|error| error.reason, |_| "good".to_owned())
        };
        for (text, said) in [
            ("titel = 'x'", "page: unknown text \"titel\"; did you mean \"title\"?"),
            ("quux = 'x'", "page: unknown text \"quux\"; `serveup levels --page` lists them"),
            ("title = 5", "page.title: is a number; write a text"),
            (
                "title = { one = 'x', other = 'y' }",
                "page.title: is a table; write one text; it does not depend on a number",
            ),
            (
                "moments = { many = 'x', other = 'y' }",
                "page.moments: is a table of other keys; write a text, or a table with the texts `one` and `other`",
            ),
            ("title = 'x {n}'", "page.title: unknown placeholder {n}; write this text without any"),
            (
                "open_of = '{offen} von {failures}'",
                "page.open_of: unknown placeholder {offen}; write {stand}, {level}, {recipient}, {point}, {see}",
            ),
            ("percent = 'Prozent'", "page.percent: placeholder {n} is missing; write {n}"),
            (
                "moments = { one = 'ein Moment', other = 'Momente' }",
                "page.moments: placeholder {n} is missing; write {n}",
            ),
            ("moments = { one = 'ein Moment', other = '{n} Momente' }", "good"),
            ("moments = '{n} Momente'", "good"),
            ("percent = '{n'", "page.percent: a { is not closed; write }"),
            ("thousands = '.'", "page: thousands and decimal are both \".\"; give each a sign of its own"),
            ("title = ' '", "page.title: cannot use \" \"; write what the page is to say"),
            ("title = \"a\\nb\"", "page.title: cannot use \"a\\u{a}b\"; write one line of text"),
            ("lang = 'Deutsch!'", "page.lang: cannot use \"Deutsch!\"; write a language tag like de or pt-BR"),
            ("lang = 'de-AT'", "good"),
            ("decimal = ''", "page.decimal: cannot use \"\"; write one sign like . or a blank"),
            ("thousands = ''", "good"),
            ("thousands = 'x'", "page.thousands: cannot use \"x\"; write one sign like . or a blank"),
        ] {
            assert_eq!(error(text), said, "{text}");
        }
    }

    #[test]
    fn numbers_are_written_as_the_language_does() {
        let model = Model::with_overlay("[page]\nthousands = \".\"\ndecimal = \",\"\n").expect("texts");
        assert_eq!((model.page().number(1_234_567), model.page().decimal("0.8")), ("1.234.567".into(), "0,8".into()));
        assert_eq!(PageTexts::shipped().number(1234), "1,234");
        assert_eq!(PageTexts::shipped().fill("title", &[]), "How recipients experience this service");
        assert_eq!(filled("{a} and {b}", &[("a", "one")]), "one and {b}");
    }
}
