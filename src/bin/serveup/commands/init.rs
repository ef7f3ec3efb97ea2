//! `serveup init`: a table to fill in.

use std::path::Path;

use anyhow::{Result, bail};
use serveup::{printable, template};

use crate::args::InitArgs;
use crate::exit::Exit;
use crate::output::write_new;
use crate::settings;

pub(crate) fn run(args: &InitArgs) -> Result<Exit> {
    let model = settings::model(args.rules.levels.as_deref())?;
    let table = match ending(&args.file).as_deref() {
        Some("xlsx") => template::workbook(&model)?,
        Some("csv") => template::csv(),
        _ => {
            let name = args.file.to_string_lossy();
            bail!("{}: unknown kind of file; name one that ends in .xlsx (a workbook) or .csv", printable(&name));
        }
    };
    write_new(&args.file, &table)?;
    Ok(Exit::Done)
}

/// How the name of a file ends.
fn ending(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_ascii_lowercase())
}
