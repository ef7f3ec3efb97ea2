//! The functions that maps have beside jq's own.

use std::cmp::Ordering;

use crate::{Found, Instant, Moment, MomentError, Verdict, Zone};
use jaq_core::load::{self, parse::Def};
use jaq_core::native::{Filter, Fun, bome, run, v};
use jaq_core::{Cv, Error, Exn, RunPtr, ValR};
use jaq_json::read::parse_many;
use jaq_json::{Map, Val};
use jiff::civil::Date;

use super::sandbox::{Ground, text_of};
use crate::moment::{Parsed, Reader};
use crate::read::object::too_deep;

/// How they are written.
const WRITTEN: [&str; 12] = [
    "apart(f)",
    "column($name)",
    "day or day($zone)",
    "days($from; $to)",
    "days_between($from; $to)",
    "hours($from; $to)",
    "instant($formats) or instant($formats; $zone)",
    "known or known($words)",
    "later($hours)",
    "left_out($why)",
    "lookup($what; $table)",
    "verdict($steps) or verdict($step; $steps)",
];

/// Their names.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    WRITTEN.into_iter().filter_map(|written| written.split(['(', ' ']).next())
}

/// How the one of that name is written.
pub(super) fn written(name: &str) -> Option<&'static str> {
    names().zip(WRITTEN).find_map(|(known, written)| (known == name).then_some(written))
}

/// Functions of the interpreter that are defined anew: they would call themselves as deep as values nest, go
/// on without a step that is counted, or take for an error what jq leaves as it is.
pub(super) const REPLACED: [&str; 4] = ["fromjson", "ltrimstr", "range", "rtrimstr"];

/// `sub`, on which `gsub` is built, as in jq, but for texts that are joined in one go: added to one
/// another they are copied again for every match.
const SUB: &str = "def sub(re; f; flags):
  def handle: if isarray then capture_of_match | f end;
  [split_matches(re; flags)[] | [handle]] | joined // reduce .[] as $x (\"\"; . + $x[]);";

/// What maps have beside the definitions of the interpreter, and what these lack of jq.
const OURS: &str = include_str!("functions/ours.jq");

/// The definitions that maps have beside jq's.
pub(super) fn defs() -> Vec<Def<&'static str>> {
    load::parse(OURS, |parser| parser.defs()).unwrap_or_default()
}

/// A definition of jq's, or its replacement.
pub(super) fn in_place_of(def: Def<&'static str>) -> Def<&'static str> {
    let sub = || load::parse(SUB, |parser| parser.defs())?.pop();
    if def.name == "sub" && def.args.len() == 3 { sub().unwrap_or(def) } else { def }
}

/// All of them, for the compiler of maps.
pub(super) fn funs() -> impl Iterator<Item = Fun<Ground>> {
    let functions: [Filter<RunPtr<Ground>>; 20] = [
        ("range", v(3), |mut cv| {
            let (by, to, from) = (cv.0.pop_var(), cv.0.pop_var(), cv.0.pop_var());
            let bounds = cv.0.data().bounds;
            Box::new(range(from, to, by).inspect(|_| bounds.step()).map(|value| value.map_err(Exn::from)))
        }),
        ("ltrimstr", v(1), |mut cv| {
            let start = cv.0.pop_var();
            bome(Ok(without(cv.1, &start, <[u8]>::strip_prefix)))
        }),
        ("rtrimstr", v(1), |mut cv| {
            let end = cv.0.pop_var();
            bome(Ok(without(cv.1, &end, <[u8]>::strip_suffix)))
        }),
        ("joined", v(0), |cv| bome(Ok(joined(&cv.1)))),
        ("column", v(1), |mut cv| {
            let name = cv.0.pop_var();
            bome(column(&cv.1, &name))
        }),
        ("lookup", v(2), |mut cv| {
            let (table, what) = (cv.0.pop_var(), cv.0.pop_var());
            bome(lookup(&cv.1, &what, &table))
        }),
        ("left_out", v(1), |mut cv| {
            let why = cv.0.pop_var();
            bome(Err(raised(text_of(&why), "left_out", Val::Bool(true))))
        }),
        ("verdict", v(1), |mut cv| {
            let steps = cv.0.pop_var();
            bome(verdict(&cv.1, &steps))
        }),
        ("verdict", v(2), |mut cv| {
            let (steps, step) = (cv.0.pop_var(), cv.0.pop_var());
            bome(verdict(&step, &steps))
        }),
        ("fromjson", v(0), |cv| bome(from_json(&cv.1))),
        ("known", v(0), |cv| bome(Ok(known(cv.1, &Val::Null)))),
        ("known", v(1), |mut cv| {
            let words = cv.0.pop_var();
            bome(Ok(known(cv.1, &words)))
        }),
        ("instant", v(1), |mut cv| {
            let formats = cv.0.pop_var();
            bome(instant(&cv.1, &formats, None))
        }),
        ("instant", v(2), |mut cv| {
            let (zone, formats) = (cv.0.pop_var(), cv.0.pop_var());
            bome(named_zone(&zone).and_then(|zone| instant(&cv.1, &formats, Some(&zone))))
        }),
        ("day", v(0), |cv| bome(day(&cv.1, cv.0.data().zone))),
        ("day", v(1), |mut cv| {
            let zone = cv.0.pop_var();
            bome(named_zone(&zone).and_then(|zone| day(&cv.1, Some(&zone))))
        }),
        ("days_between", v(2), |cv| bome(days_between(cv))),
        ("later", v(1), |mut cv| {
            let hours = cv.0.pop_var();
            bome(later(&cv.1, &hours, cv.0.data().zone))
        }),
        ("hours", v(2), |cv| bome(between(cv, 3_600_000_000.0))),
        ("days", v(2), |cv| bome(between(cv, 86_400_000_000.0))),
    ];
    functions.into_iter().map(run::<Ground>)
}

/// The numbers from one on in steps, and whatever else can be added up and compared, as jq has it.
fn range(from: Val, to: Val, by: Val) -> impl Iterator<Item = ValR<Val>> {
    let step = by.cmp(&Val::from(0_usize));
    std::iter::successors(Some(Ok(from)), move |last| Some(last.clone().ok()? + by.clone())).take_while(
        move |value: &ValR<Val>| {
            value.as_ref().map_or(true, |value| match step {
                Ordering::Greater => *value < to,
                Ordering::Less => *value > to,
                Ordering::Equal => *value != to,
            })
        },
    )
}

/// A text without what it begins or ends with; as it is where it does not, or where one of both is no text.
fn without(value: Val, part: &Val, strip: impl for<'t> Fn(&'t [u8], &[u8]) -> Option<&'t [u8]>) -> Val {
    let (Val::TStr(text), Val::TStr(part)) = (&value, part) else { return value };
    strip(text, part).filter(|_| !part.is_empty()).map(|rest| Val::utf8_str(rest.to_vec())).unwrap_or(value)
}

/// A list of lists of one text each as one text; null if it is anything else.
fn joined(lists: &Val) -> Val {
    let mut whole = Vec::new();
    let Val::Arr(lists) = lists else { return Val::Null };
    for list in lists.iter() {
        match list {
            Val::Arr(list) if let [Val::TStr(text)] = list.as_slice() => whole.extend_from_slice(text),
            _ => return Val::Null,
        }
    }
    Val::utf8_str(whole)
}

/// The value that a text is the JSON of. In place of the interpreter's own, which calls itself as deep as values nest.
fn from_json(text: &Val) -> ValR<Val> {
    let (Val::TStr(bytes) | Val::BStr(bytes)) = text else {
        return Err(wanting(text, format!("fromjson: cannot read {text}; pass it text")));
    };
    if too_deep(bytes) {
        return Err(wanting(text, "fromjson: the text is nested deeper than 128 levels; flatten it".to_owned()));
    }
    let flawed = |error| wanting(text, format!("fromjson: {} is not JSON: {error}", Found::text(&text_of(text))));
    let values = parse_many(bytes).map(|value| value.map_err(flawed)).collect::<Result<Vec<_>, _>>()?;
    // none at all would drop the row without a word
    <[Val; 1]>::try_from(values)
        .map(|[value]| value)
        .map_err(|_| wanting(text, format!("fromjson: {} is not one value; pass it one", Found::text(&text_of(text)))))
}

/// An error that says which text of the row is wrong.
fn wanting(found: &Val, message: String) -> Error<Val> {
    raised(message, "found", Val::utf8_str(text_of(found)))
}

/// An error with something beside its message, as [`Failure`](super::map::Failure) reads it.
fn raised(message: String, name: &'static str, value: Val) -> Error<Val> {
    let members = [("message", Val::utf8_str(message)), (name, value)];
    Error::new(Val::obj(members.into_iter().map(|(name, value)| (Val::utf8_str(name), value)).collect::<Map>()))
}

/// The names of the members of an object.
fn members_of(members: &Map) -> String {
    members.keys().map(text_of).collect::<Vec<_>>().join(", ")
}

/// The cell of a column without which a map makes no sense.
fn column(row: &Val, name: &Val) -> ValR<Val> {
    let there = match row {
        Val::Obj(members) => match members.get(name) {
            Some(cell) => return Ok(cell.clone()),
            None if members.is_empty() => "the row is empty".to_owned(),
            None => format!("there are: {}", members_of(members)),
        },
        _ => "the row is not an object".to_owned(),
    };
    let message = format!("there is no column {}; {there}", Found::text(&text_of(name)));
    Err(raised(message, "no_column", Val::Bool(true)))
}

/// The entry of a table for a text; `what` is what the text says, for the error.
fn lookup(key: &Val, what: &Val, table: &Val) -> ValR<Val> {
    let Val::Obj(entries) = table else { return Err(Error::str("lookup: pass it an object to look in")) };
    let entry = match key {
        Val::Null => return Ok(Val::Null),
        Val::TStr(_) => entries.get(key),
        other => entries.get(&Val::utf8_str(other.to_string())),
    };
    entry.cloned().ok_or_else(|| {
        let found = Found::text(&text_of(key));
        wanting(key, format!("{}: the map does not know {found}, only {}", text_of(what), members_of(entries)))
    })
}

/// The verdict that an answer on a scale from 1 to `steps` is; null stays null.
fn verdict(step: &Val, steps: &Val) -> ValR<Val> {
    let Some(steps) = whole(steps).filter(|&steps| steps >= 2) else {
        return Err(Error::str("verdict: pass it the number of steps of the scale, two or more"));
    };
    if matches!(step, Val::Null) {
        return Ok(Val::Null);
    }
    let verdict = whole(step).and_then(|step| Verdict::on_scale(step, steps));
    verdict.map(|verdict| Val::utf8_str(verdict.name())).ok_or_else(|| {
        let found = Found::text(&text_of(step));
        wanting(step, format!("rating: cannot use {found}; the scale has the whole numbers from 1 to {steps}"))
    })
}

/// A whole number, also as a text and with a decimal point: `4`, `" 4 "`, `4.0`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a whole number in range")]
fn whole(value: &Val) -> Option<u32> {
    let number = text_of(value).trim().parse::<f64>().ok()?;
    let is_whole = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
    is_whole.then_some(number as u32)
}

/// Null for what means "not given": nothing, blanks, N/A, and the words given. Texts are trimmed.
fn known(value: Val, words: &Val) -> Val {
    let Val::TStr(text) = &value else { return value };
    let Ok(text) = std::str::from_utf8(text) else { return value };
    let trimmed = text.trim();
    let is = |word: &Val| matches!(word, Val::TStr(word) if word.as_ref().as_ref() == trimmed.as_bytes());
    let named = match words {
        Val::Arr(words) => words.iter().any(is),
        word => is(word),
    };
    if trimmed.is_empty() || trimmed.eq_ignore_ascii_case("n/a") || named {
        return Val::Null;
    }
    if trimmed.len() == text.len() { value.clone() } else { Val::utf8_str(trimmed.to_owned()) }
}

fn named_zone(name: &Val) -> Result<Zone, Error<Val>> {
    let name = text_of(name);
    Zone::named(&name).map_err(Error::str)
}

/// A text read by the first of some formats that it fits.
fn instant(text: &Val, formats: &Val, zone: Option<&Zone>) -> ValR<Val> {
    let written = match text {
        Val::Null => return Ok(Val::Null),
        Val::TStr(_) | Val::Num(_) => text_of(text),
        other => return Err(wanting(other, format!("cannot read {other} as a time; pass it text"))),
    };
    let formats: Vec<String> = match formats {
        Val::Arr(formats) => formats.iter().map(text_of).collect(),
        format => vec![text_of(format)],
    };
    if let Some(format) = formats.iter().find(|format| !format.contains('%')) {
        let format = Found::text(format);
        return Err(Error::str(format!("instant: cannot use the format {format}; write one like \"%d.%m.%Y %H:%M\"")));
    }
    let moment = formats.iter().find_map(|format| Parsed::by(format, &written).ok()).map(|read| read.to_string());
    let Some(moment) = moment else {
        let tried = formats.join(" or ");
        return Err(wanting(
            text,
            format!("cannot read \"{written}\" as a time with {tried}; add its format to instant"),
        ));
    };
    match zone {
        None => Ok(Val::utf8_str(moment)),
        Some(zone) => {
            in_zone(&moment, zone).map(Val::utf8_str).map_err(|error| wanting(text, error.told(&written, Reader::Map)))
        }
    }
}

/// A date or a date-time without offset, in a zone: with its offset there. What has one already stays as it is.
pub(super) fn in_zone(moment: &str, zone: &Zone) -> Result<String, MomentError> {
    match Moment::parse(moment, None) {
        Ok(Moment::Point(_)) => Ok(moment.to_owned()),
        Ok(Moment::Day { .. }) | Err(MomentError::NoOffset) => {
            Instant::parse(moment, Some(zone)).map(|instant| instant.to_offset(zone))
        }
        Err(error) => Err(error),
    }
}

/// Reads an instant, or a date or date-time in the zone (UTC if none is named); null stays null.
fn moment(value: &Val, zone: Option<&Zone>) -> Result<Option<Instant>, Error<Val>> {
    match value {
        Val::Null => Ok(None),
        Val::TStr(_) => Instant::parse(&text_of(value), Some(zone.unwrap_or(&Zone::UTC)))
            .map(Some)
            .map_err(|error| wanting(value, error.told(&text_of(value), Reader::Map))),
        other => Err(wanting(other, format!("cannot read {other} as a time; pass it text"))),
    }
}

/// The calendar day of a date or an instant; null stays null.
///
/// An instant is on the day that the clocks of the zone show, or where none is named those it was
/// written by. A date-time without offset is on the day that is written.
fn day_of(value: &Val, zone: Option<&Zone>) -> Result<Option<Date>, Error<Val>> {
    let text = match value {
        Val::Null => return Ok(None),
        Val::TStr(_) => text_of(value),
        other => return Err(wanting(other, format!("cannot read {other} as a time; pass it text"))),
    };
    let written = match (Moment::parse(&text, None), zone) {
        (Ok(Moment::Point(instant)), Some(zone)) => return Ok(Some(instant.date(zone))),
        (Ok(_) | Err(MomentError::NoOffset), _) => text.get(..10).and_then(|date| date.parse().ok()),
        (Err(error), _) => return Err(wanting(value, error.told(&text, Reader::Map))),
    };
    written.map(Some).ok_or_else(|| wanting(value, MomentError::Form.told(&text, Reader::Map)))
}

/// The calendar day, as dates are written.
fn day(value: &Val, zone: Option<&Zone>) -> ValR<Val> {
    Ok(day_of(value, zone)?.map_or(Val::Null, |day| Val::utf8_str(day.to_string())))
}

/// The whole calendar days from one day to another; null where either is.
fn days_between(mut cv: Cv<'_, Ground>) -> ValR<Val> {
    let (to, from) = (cv.0.pop_var(), cv.0.pop_var());
    let zone = cv.0.data().zone;
    Ok(match (day_of(&from, zone)?, day_of(&to, zone)?) {
        (Some(from), Some(to)) => from.until(to).map_or(Val::Null, |span| Val::from(span.get_days() as isize)),
        _ => Val::Null,
    })
}

/// The time from one moment to another, in units of this many microseconds; null where either is.
fn between(mut cv: Cv<'_, Ground>, unit: f64) -> ValR<Val> {
    let (to, from) = (cv.0.pop_var(), cv.0.pop_var());
    let zone = cv.0.data().zone;
    Ok(match (moment(&from, zone)?, moment(&to, zone)?) {
        #[expect(clippy::cast_precision_loss, reason = "microseconds of the years 1 to 9999 lose less than a second")]
        (Some(from), Some(to)) => Val::from(to.micros_since(from) as f64 / unit),
        _ => Val::Null,
    })
}

/// The instant this many hours later; null where either is.
fn later(value: &Val, hours: &Val, zone: Option<&Zone>) -> ValR<Val> {
    let Some(from) = moment(value, zone)? else { return Ok(Val::Null) };
    let hours = match hours {
        Val::Null => return Ok(Val::Null),
        Val::Num(hours) => hours.to_string().parse::<f64>().ok().filter(|hours| hours.is_finite()),
        _ => None,
    };
    let far = || wanting(value, format!("\"{}\" and this many hours are outside the years 1 to 9999", text_of(value)));
    let hours = hours.ok_or_else(|| Error::str("later: pass it a number of hours"))?;
    #[expect(clippy::cast_possible_truncation, reason = "what is out of range saturates, and is refused then")]
    let micros = from.micros().saturating_add((hours * 3_600_000_000.0).round() as i64);
    let after = Instant::from_micros(micros).map_err(|_| far())?;
    Ok(Val::utf8_str(match (Moment::parse(&text_of(value), None), zone) {
        (Ok(Moment::Point(_)), _) => after.to_string(),
        (_, Some(zone)) => after.to_offset(zone),
        // what had no offset has none afterwards, so that nothing is made up
        (_, None) => after.to_civil(&Zone::UTC),
    }))
}
