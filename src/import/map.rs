//! A map: a jq program from one source row to interactions.
//!
//! It sees its row and `$row`, and nothing else: no environment, files, further
//! inputs or clock.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::{Found, Zone, brief};
use jaq_core::load::lex;
use jaq_core::load::parse;
use jaq_core::load::{self, Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Vars, compile};
use jaq_json::Val;

use super::functions;
use super::mentioned::{meant, mentioned, wanted};
use super::presets::Preset;
use super::sandbox::{Bounds, Ground, Known, text_of};
use super::typed::Typed;
use crate::error::nearest;
use crate::read::{Error, ErrorKind, Result};

/// A map: the text of a program from a row to interactions. Each thread that runs it compiles it for itself.
#[derive(Clone, Debug)]
pub struct Map {
    name: String,
    text: Cow<'static, str>,
    zone: Option<Zone>,
    /// What runs it for one row, to bound what cannot be bounded from inside.
    around: Option<Around>,
    /// The mapper that says the same, where there is one.
    typed: Option<Typed>,
    /// Whether it is one's own: a preset names columns of several forms of an export.
    own: bool,
}

/// Runs what it is given, and may bound the time and memory that takes.
pub type Around = fn(&mut dyn FnMut());

/// Why a map gave nothing for a row.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What is wrong, in one line.
    pub(crate) message: String,
    /// The text of the row that was found wanting, as it is shown in messages.
    pub(crate) found: Option<String>,
    /// Whether it asked for a column that the source does not have.
    pub(crate) no_column: bool,
    /// Whether nothing is wrong, but the row is left out; the message says why.
    pub(crate) left_out: bool,
}

/// Functions of jq's library that reach beyond a row; maps do not get them.
const BEYOND: [&str; 12] = [
    "debug",
    "debug_empty",
    "env",
    "halt",
    "halt_error",
    "input",
    "inputs",
    "localtime",
    "now",
    "stderr",
    "stderr_empty",
    "strflocaltime",
];

/// How deep brackets may be nested in a map.
const DEEPEST: usize = 200;

impl Map {
    /// A map by its text. An error names the place in it.
    ///
    /// # Errors
    /// What is no map, with its place in the text.
    pub fn new(name: &str, text: &str, zone: Option<&Zone>) -> Result<Self> {
        Compiled::of(name, text)?;
        let text = Cow::Owned(text.to_owned());
        Ok(Self { name: name.to_owned(), text, zone: zone.cloned(), around: None, typed: None, own: true })
    }

    /// The map of a preset, with its mapper if it has one.
    #[must_use]
    pub fn of_preset(preset: &Preset, zone: Option<&Zone>) -> Self {
        let Preset { name, text, typed, .. } = *preset;
        let (name, text) = (name.to_owned(), Cow::Borrowed(text));
        Self { name, text, zone: zone.cloned(), around: None, typed, own: false }
    }

    /// The same map without a mapper beside it.
    #[must_use]
    pub fn by_itself(self) -> Self {
        Self { typed: None, ..self }
    }

    /// The same map, run for each row by `around`.
    #[must_use]
    pub fn within(self, around: Around) -> Self {
        Self { around: Some(around), ..self }
    }

    /// The name for messages.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The mapper that says the same, where there is one.
    pub(super) const fn typed(&self) -> Option<Typed> {
        self.typed
    }

    /// Whether it may ask where a row stands among the rows.
    pub(super) fn counts_rows(&self) -> bool {
        self.text.contains("$row")
    }

    /// The zone for times without offset.
    pub(super) const fn zone(&self) -> Option<&Zone> {
        self.zone.as_ref()
    }

    /// Names in its text that are no columns, but nearly: each with the column that may be meant.
    pub(crate) fn misspelt(&self, columns: &[String]) -> Vec<(String, String)> {
        if !self.own {
            return Vec::new();
        }
        let strange = mentioned(&self.text).into_iter().filter(|name| !columns.contains(name));
        strange.filter_map(|name| meant(&name, columns).map(str::to_owned).map(|meant| (name, meant))).collect()
    }

    /// The map as one thread runs it.
    pub(super) fn compiled(&self) -> Result<Compiled> {
        Compiled::of(&self.name, &self.text)
    }
}

/// A map compiled, for one thread.
pub(super) struct Compiled {
    filter: jaq_core::Filter<Ground>,
    /// The members of the row that it can come to see; `None` for all of them.
    pub(super) wanted: Option<BTreeSet<String>>,
}

impl Compiled {
    fn of(name: &str, text: &str) -> Result<Self> {
        let at = |part: &str, message: &str| {
            Error::new(ErrorKind::Map, format!("{name}:{}: {message}", position_in(text, part)))
        };
        if let Some(part) = too_deep(text) {
            return Err(at(part, "is nested deeper than 200 brackets; flatten it"));
        }
        let within = |name: &str| !BEYOND.contains(&name);
        let defs = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs()).map(functions::in_place_of);
        let defs = defs.chain(functions::defs());
        let funs = jaq_core::funs::<Ground>().chain(jaq_std::funs()).chain(jaq_json::funs());
        let funs = funs.filter(|(name, ..)| within(name) && !functions::REPLACED.contains(name));
        let funs = funs.chain(functions::funs());
        let arena = Arena::default();
        let loaded = Loader::new(defs.filter(|def| within(def.name))).load(&arena, File { code: text, path: () });
        let modules = loaded.map_err(|errors| {
            let (part, message) =
                errors.into_iter().map(|(_, error)| misread(error)).next().unwrap_or(("", String::new()));
            at(part, &message)
        })?;
        // data files that a map imports would be read beyond its row
        let beyond = load::import(&modules, |import| Err(import.path.to_string()));
        if let Err(errors) = beyond {
            let part = errors.into_iter().find_map(|(_, error)| match error {
                load::Error::Io(errors) => errors.into_iter().next().map(|(path, _)| path),
                load::Error::Lex(_) | load::Error::Parse(_) => None,
            });
            return Err(at(part.unwrap_or(""), NO_FILES));
        }
        let compiler = Compiler::default().with_funs(funs).with_global_vars(["$row", "$as_of"]);
        let filter = compiler.compile(modules).map_err(|errors| {
            let undefined = errors.into_iter().flat_map(|(_, errors)| errors).next();
            undefined.map_or_else(|| at("", "cannot be compiled"), |(name, what)| at(name, &unknown(name, &what)))
        })?;
        Ok(Self { filter, wanted: wanted(text) })
    }

    /// Passes everything that the map gives for a row to `take`. `place` is what it sees as `$row`, and `as_of` as
    /// `$as_of`.
    pub(super) fn run(
        &self,
        map: &Map,
        [row, place, as_of]: [&Val; 3],
        mut take: impl FnMut(Val) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut run = || {
            Bounds::within(|bounds| {
                let known = Known { lut: &self.filter.lut, zone: map.zone.as_ref(), bounds };
                let ctx = Ctx::<Ground>::new(known, Vars::new([place.clone(), as_of.clone()]));
                self.filter.id.run((ctx, row.clone())).try_for_each(|given| {
                    bounds.renew();
                    take(given.map_err(|exception| match exception.get_err() {
                        Ok(error) => Failure::of(&error.into_val()),
                        Err(_) => Failure::plain("stopped".to_owned()),
                    })?)
                })
            })
        };
        let mut ran = Ok(Ok(()));
        match map.around {
            Some(around) => around(&mut || ran = run()),
            None => ran = run(),
        }
        ran.unwrap_or_else(|bound| Err(Failure::plain(bound.message().to_owned())))
    }
}

impl Failure {
    /// Reads what a map, or one of its functions, raised as an error.
    fn of(error: &Val) -> Self {
        if let Val::Obj(object) = error {
            let member = |name: &str| object.get(&Val::utf8_str(name.to_owned()));
            if let Some(message) = member("message") {
                let found = member("found").map(|found| Found::text(&text_of(found)).to_string());
                let is = |name: &str| member(name).is_some();
                let (no_column, left_out) = (is("no_column"), is("left_out"));
                return Self { message: shown(message), found, no_column, left_out };
            }
        }
        Self::plain(shown(error))
    }
}

/// A value for a message: on one line, and not longer than a person reads.
fn shown(value: &Val) -> String {
    brief(&text_of(value), 300)
}

const NO_FILES: &str = "a map cannot import or include other files; write it all in one file";

/// What is wrong in the text of a map, and at which part of it.
fn misread(error: load::Error<&str>) -> (&str, String) {
    let expected = |expected: &str, found: &str| {
        let found = found.lines().next().unwrap_or_default();
        let found = if found.is_empty() { Found::thing("the end") } else { Found::text(found) };
        let expected = match expected {
            "nothing" => "the end of the map, a comma or |",
            "term" => "an expression, like .name or {recipient: .customer, point: \"pick-up\"}",
            "key" => "a name (with blanks or signs: .[\"picked up\"])",
            other => other,
        };
        format!("expected {expected}, found {found}")
    };
    match error {
        load::Error::Io(errors) => (errors.first().map_or("", |(path, _)| path), NO_FILES.to_owned()),
        load::Error::Lex(errors) => errors.into_iter().next().map_or(("", String::new()), |(wanted, found)| {
            match wanted {
                // reported where it opens
                lex::Expect::Delim(open) if found.trim().is_empty() || found.starts_with([')', ']', '}']) => {
                    (open, format!("{open} is never closed; close it"))
                }
                lex::Expect::Delim(_) => {
                    let write = "texts in \"double quotes\", and a name with blanks or signs as .[\"picked up\"]";
                    let line = Found::text(found.lines().next().unwrap_or_default());
                    (found, format!("cannot read {line} as jq; write {write}"))
                }
                wanted => (found, expected(wanted.as_str(), found)),
            }
        }),
        load::Error::Parse(errors) => {
            let first: Option<parse::Error<&str>> = errors.into_iter().next();
            first.map_or(("", String::new()), |(wanted, found)| (found, expected(wanted.as_str(), found)))
        }
    }
}

/// The message for a name that is not defined.
fn unknown(name: &str, what: &compile::Undefined) -> String {
    let beyond = BEYOND.contains(&name) || name == "$ENV" || name == "$__prog_args";
    let arguments = match what {
        compile::Undefined::Filter(0)
        | compile::Undefined::Var
        | compile::Undefined::Mod
        | compile::Undefined::Label => String::new(),
        compile::Undefined::Filter(1) => " with 1 argument".to_owned(),
        compile::Undefined::Filter(arity) => format!(" with {arity} arguments"),
        _ => String::new(),
    };
    let mut message = format!("unknown {} {}{arguments}", what.as_str(), Found::text(name));
    if beyond {
        message.push_str("; a map can read nothing but its row: no environment, files, further inputs or clock");
    } else if let Some(written) = functions::written(name) {
        message.push_str(&format!("; write {written}"));
    } else if let Some(nearest) = nearest(name, functions::names()) {
        message.push_str(&format!("; did you mean \"{nearest}\"?"));
    }
    message
}

/// Where a part of a text starts: `line:column`; its end, for a part from elsewhere.
fn position_in(text: &str, part: &str) -> String {
    let start = part.as_ptr().addr().checked_sub(text.as_ptr().addr());
    let start = start.filter(|&start| start <= text.len() && !part.is_empty()).unwrap_or(text.trim_end().len());
    let before = text.get(..start).unwrap_or(text);
    let line = 1 + before.matches('\n').count();
    let column = 1 + before.rsplit('\n').next().unwrap_or_default().chars().count();
    format!("{line}:{column}")
}

/// The part of a text from the bracket on that is nested too deep for a parser that calls itself.
fn too_deep(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return text.get(place..);
        }
    }
    None
}
