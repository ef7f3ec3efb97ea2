//! What the environment decides: the rules file, the zone, the width, the colour.
#![expect(clippy::disallowed_methods, reason = "the environment, the machine and the terminal are asked here")]

use std::ffi::OsString;
use std::fs::File;
use std::io::{IsTerminal, Read};
use std::num::NonZeroUsize;
use std::path::Path;

use anyhow::{Result, anyhow};
use serveup::print::OutputStyle;
use serveup::{Instant, Model, Moment, MomentError, Period, Window, Zone};

use crate::args::{Bounds, Color, Format, MOST_THREADS, Print};

/// The effective rules: the shipped ones, and the overlay if there is one.
pub(crate) fn model(overlay: Option<&Path>) -> Result<Model> {
    match overlay.filter(|path| !path.as_os_str().is_empty()) {
        None => Ok(Model::shipped()),
        Some(path) => {
            let text = read_text(path, "levels file", 4096)?;
            Model::with_overlay(&text).map_err(|error| anyhow!("{}:{error}", path.display()))
        }
    }
}

/// Reads a whole file that configures a run, like a levels file or a map. People write it by hand,
/// so its size is limited (in KiB).
pub(crate) fn read_text(path: &Path, thing: &str, longest: u64) -> Result<String> {
    let name = path.display();
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take((longest << 10) + 1).read_to_end(&mut bytes));
    read.map_err(|error| anyhow!("{name}: cannot read the {thing}: {error}"))?;
    if bytes.len() as u64 > longest << 10 {
        return Err(anyhow!("{name}: the {thing} is too long; keep it under {longest} KiB"));
    }
    let text = String::from_utf8(bytes).map_err(|_| anyhow!("{name}: the {thing} is not UTF-8; save it as UTF-8"))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// How many threads work: as many as asked for, else as there are cores.
pub(crate) fn threads(asked: Option<NonZeroUsize>) -> usize {
    asked.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get).min(MOST_THREADS)
}

/// The zone named, if one was.
pub(crate) fn zone(name: Option<&str>) -> Result<Option<Zone>> {
    name.map(|name| Zone::named(name).map_err(|error| anyhow!("--timezone: {error}"))).transpose()
}

/// What the text of a flag covers: an instant, or a period of the calendar.
pub(crate) struct Span {
    /// Its first instant.
    pub(crate) start: Instant,
    /// The first instant after a period; an instant itself.
    pub(crate) end: Instant,
    /// Its last instant.
    pub(crate) last: Instant,
}

/// Reads an instant, a date, or another period (`2026-02`, `2026-Q1`, `2026`, `2026-W05`).
pub(crate) fn span(flag: &str, text: &str, zone: Option<&Zone>) -> Result<Span> {
    let period = |start, end: Instant| {
        let last = Instant::from_micros(end.micros() - 1).unwrap_or(Instant::LAST);
        Span { start, end, last }
    };
    let utc = Zone::UTC;
    let calendar = zone.unwrap_or(&utc);
    let unread = |error: &MomentError| {
        let periods = ", or a period like 2026-02, 2026-Q1, 2026-W05 or 2026";
        let periods = if *error == MomentError::Form { periods } else { "" };
        anyhow!("{flag}: {}{periods}", error.about(text))
    };
    match (Moment::parse(text, zone), Period::read(text)) {
        (Ok(Moment::Point(instant)), _) => Ok(Span { start: instant, end: instant, last: instant }),
        (Ok(Moment::Day { start, end }), _) => Ok(period(start, end)),
        (Err(MomentError::Form), Ok(named)) => {
            Ok(period(named.start(calendar).map_err(|error| unread(&error))?, named.end(calendar)))
        }
        (Err(error), _) => Err(unread(&error)),
    }
}

/// The part of time that is reported.
pub(crate) fn window(bounds: &Bounds, zone: Option<&Zone>) -> Result<Window> {
    let read = |flag: &str, text: &Option<String>| text.as_deref().map(|text| span(flag, text, zone)).transpose();
    let since = read("--since", &bounds.since)?.map(|span| span.start);
    // until a date means through its end, until an instant means before it
    let until = read("--until", &bounds.until)?.map(|span| span.end);
    if let (Some(since), Some(until)) = (since, until)
        && since >= until
    {
        return Err(anyhow!("--since is not before --until; there is nothing between them"));
    }
    Ok(Window { since, until })
}

/// How results are to look.
///
/// Decides once: the format by the flag, then the ending of the output, then the terminal; colour by the flag, then `NO_COLOR`, then the terminal,
/// which has none if it is dumb.
///
/// # Errors
/// An ending of the output that stands for what is not written.
pub(crate) fn style(print: &Print) -> Result<OutputStyle> {
    if let (None, Some(output)) = (print.format, print.output.as_deref()) {
        Format::check_ending(output)?;
    }
    let to_terminal = print.output.is_none() && stdout_is_terminal();
    let by_ending = || print.output.as_deref().and_then(Format::by_ending);
    let otherwise = if to_terminal { Format::Table } else { Format::Tsv };
    let format = print.format.or_else(by_ending).unwrap_or(otherwise);
    let color = match print.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => to_terminal && !no_color() && !dumb_terminal(),
    };
    // a terminal of unknown size reports 0
    let known = comfy_table::Table::new().width().filter(|&width| to_terminal && width > 0);
    // the flag outranks NO_COLOR, which the styling of tables would heed by itself
    crossterm::style::force_color_output(color);
    let (header, escape_formulas) = (!print.no_header, print.escape_formulas);
    let width = known.unwrap_or(80).clamp(40, 200);
    Ok(OutputStyle { format: format.into(), header, escape_formulas, color, width })
}

/// Whether standard input is a terminal.
pub(crate) fn stdin_is_terminal() -> bool {
    std::io::stdin().is_terminal()
}

/// Whether standard output is a terminal.
pub(crate) fn stdout_is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Whether standard error is a terminal.
pub(crate) fn stderr_is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

fn no_color() -> bool {
    variable("NO_COLOR").is_some()
}

/// Whether the terminal can do no more than print one line after the other.
fn dumb_terminal() -> bool {
    variable("TERM").is_some_and(|term| term == "dumb")
}

/// Whether this levels file is the one that the environment names.
pub(crate) fn levels_by_variable(levels: Option<&Path>) -> bool {
    levels.is_some() && levels == variable("SERVEUP_LEVELS").as_deref().map(Path::new)
}

/// A variable that is set, and not to nothing.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
