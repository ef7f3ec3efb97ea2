//! How rows of an export become interactions.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser};
use serveup::import::{Case, Preset};
use serveup::read::Form;

use super::form::FormArgs;

/// How rows of an export become interactions.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Exports")]
pub(crate) struct ExportArgs {
    /// Read an export of this kind; auto recognises the kind
    #[arg(long, value_name = "PRESET", value_parser = PossibleValuesParser::new(names()), conflicts_with_all = ["map", "jq"])]
    pub(crate) from: Option<String>,
    /// Read an export with a map of your own: a jq program that turns a row into interactions (docs/maps.md)
    #[arg(long, value_name = "FILE.jq", conflicts_with = "jq")]
    pub(crate) map: Option<PathBuf>,
    /// Read an export with this jq program
    #[arg(long, value_name = "EXPR", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) jq: Option<String>,
    /// Key under which a JSON object holds the list of rows, like data.tickets
    #[arg(long, value_name = "KEY", value_parser = NonEmptyStringValueParser::new(), conflicts_with = "delimiter")]
    pub(crate) at: Option<String>,
    /// Of several rows with the same text in COLUMN, use the last
    #[arg(long, value_name = "COLUMN", conflicts_with = "first_by")]
    pub(crate) last_by: Option<String>,
    /// Of several rows with the same text in COLUMN, use the first
    #[arg(long, value_name = "COLUMN")]
    pub(crate) first_by: Option<String>,
    /// Ignore a last line that has only a first cell, like a total or a footer
    #[arg(long)]
    pub(crate) trailer: bool,
}

/// In place of a preset: whichever the rows are seen to be of.
pub(crate) const AUTO: &str = "auto";

/// What `--from` takes.
fn names() -> impl Iterator<Item = &'static str> {
    Preset::ALL.map(|preset| preset.name).into_iter().chain([AUTO])
}

impl ExportArgs {
    /// The preset that is named; none is, where it is to be recognised.
    pub(crate) fn preset(&self) -> Result<Option<&'static Preset>> {
        let Some(name) = self.from.as_deref().filter(|_| !self.is_auto()) else { return Ok(None) };
        let named = Preset::named(name).ok_or_else(|| {
            let presets = names().collect::<Vec<_>>().join(", ");
            anyhow!("--from: unknown preset \"{name}\"; write one of: {presets}")
        });
        named.map(Some)
    }

    /// Whether the preset is to be recognised by the rows.
    pub(crate) fn is_auto(&self) -> bool {
        self.from.as_deref() == Some(AUTO)
    }

    /// Whether there is a map, and so rows of an export are read.
    pub(crate) const fn has_map(&self) -> bool {
        self.from.is_some() || self.map.is_some() || self.jq.is_some()
    }

    /// The first flag given; `--from` last.
    pub(crate) fn given(&self) -> Option<&'static str> {
        let given = [(self.map.is_some(), "--map"), (self.jq.is_some(), "--jq")];
        let given = given.into_iter().find(|(given, _)| *given).map(|(_, flag)| flag);
        given.or_else(|| self.beside_map()).or_else(|| self.from.as_ref().map(|_| "--from"))
    }

    /// The first flag given that means something only beside a map.
    pub(crate) fn beside_map(&self) -> Option<&'static str> {
        let given = [
            (self.at.is_some(), "--at"),
            (self.last_by.is_some(), "--last-by"),
            (self.first_by.is_some(), "--first-by"),
            (self.trailer, "--trailer"),
        ];
        given.into_iter().find(|(given, _)| *given).map(|(_, flag)| flag)
    }

    /// What the flags, and the preset, say about the form of the sources.
    pub(crate) fn form(&self, form: &FormArgs, preset: Option<&Preset>) -> Result<Form> {
        Ok(Form {
            at: self.at.iter().flat_map(|path| path.trim_start_matches('.').split('.')).map(str::to_owned).collect(),
            trailer: self.trailer || preset.is_some_and(|preset| preset.trailer),
            ..form.form()?
        })
    }

    /// Which of several rows of one case counts, by the flags or the preset.
    pub(crate) fn case(&self, preset: Option<&Preset>) -> Option<Case> {
        let by = |column: &str, first, asked| Case { column: column.to_owned(), first, asked };
        let asked = match (&self.last_by, &self.first_by) {
            (Some(column), _) => Some(by(column, false, true)),
            (None, Some(column)) => Some(by(column, true, true)),
            (None, None) => None,
        };
        asked.or_else(|| preset?.last_by.map(|column| by(column, false, false)))
    }
}
