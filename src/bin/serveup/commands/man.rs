//! `serveup man`: the manual, a page a command, made of the help.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::args::{Args, ManArgs};
use crate::exit::Exit;
use crate::output::{Output, make_folder, write_text};

pub(crate) fn run(args: &ManArgs) -> Result<Exit> {
    let mut program = Args::command().disable_help_subcommand(true);
    program.build();
    let everywhere: Vec<Section> =
        sections(&program).into_iter().filter(|(title, _)| EVERYWHERE.contains(&title.as_str())).collect();
    if let Some(folder) = &args.into {
        make_folder(folder)?;
        let mut listed = String::new();
        for command in std::iter::once(&program).chain(program.get_subcommands()) {
            let path = path_in(folder, command);
            let mut output = Output::open(Some(&path))?;
            output.put(&page(command, &everywhere)?)?;
            output.finish_beside()?;
            listed.push_str(&format!("{}\n", path.display()));
        }
        return print(listed.as_bytes());
    }
    let command = match &args.command {
        None => &program,
        Some(name) => program.find_subcommand(name).ok_or_else(|| {
            let names: Vec<&str> = program.get_subcommands().map(Command::get_name).collect();
            anyhow!("man: unknown command {}; write one of: {}", serveup::Found::text(name), names.join(", "))
        })?,
    };
    print(&page(command, &everywhere)?)
}

/// The files that all pages are written to in a folder.
pub(crate) fn paths_in(folder: &Path) -> Vec<PathBuf> {
    let mut program = Args::command().disable_help_subcommand(true);
    program.build();
    std::iter::once(&program).chain(program.get_subcommands()).map(|command| path_in(folder, command)).collect()
}

fn path_in(folder: &Path, command: &Command) -> PathBuf {
    folder.join(Man::new(command.clone()).get_filename())
}

fn print(text: &[u8]) -> Result<Exit> {
    write_text(None, text)?;
    Ok(Exit::Done)
}

/// The parts of the help of the program that apply to every command.
const EVERYWHERE: [&str; 2] = ["Exit status", "Environment"];

/// A part of the help with its title.
type Section = (String, String);

/// The titled parts of what is below the flags in a help text; what has no title is a note.
fn sections(command: &Command) -> Vec<Section> {
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let section = |part: &str| match part.split_once('\n') {
        Some((title, body)) if title.ends_with(':') && body.starts_with(' ') => {
            (title.trim_end_matches(':').to_owned(), body.to_owned())
        }
        _ => ("Notes".to_owned(), part.to_owned()),
    };
    text.split("\n\n").filter(|part| !part.is_empty()).map(section).collect()
}

/// The page of a command.
fn page(command: &Command, everywhere: &[Section]) -> Result<Vec<u8>> {
    // the usage of the help is shorter than all flags in a row
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").to_owned();
    let man = Man::new(command.clone().override_usage(usage))
        .source(concat!("serveup ", env!("CARGO_PKG_VERSION")))
        .manual("serveup");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let mut own = sections(command);
    own.extend(everywhere.iter().filter(|section| !own.contains(section)).cloned().collect::<Vec<_>>());
    for (title, body) in own {
        let mut roff = Roff::new();
        roff.control("SH", [title.to_uppercase().as_str()]);
        roff.control("nf", []);
        for line in body.lines() {
            roff.text([roman(line)]);
        }
        roff.control("fi", []);
        roff.to_writer(&mut page)?;
    }
    Ok(page)
}
