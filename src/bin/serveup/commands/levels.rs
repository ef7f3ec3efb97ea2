//! `serveup levels`: the rules in force, in words; or whether a file is good.

use anyhow::{Result, anyhow};
use serveup::EffectiveRules;
use serveup::print::text;

use crate::args::LevelsArgs;
use crate::exit::Exit;
use crate::output::write_text;
use crate::printing;
use crate::settings::{self, style};

pub(crate) fn run(args: &LevelsArgs) -> Result<Exit> {
    if let Some(path) = &args.check {
        settings::model(Some(path))?;
        write_text(None, format!("{}: good\n", path.display()).as_bytes())?;
        return Ok(Exit::Done);
    }
    let model = settings::model(args.rules.levels.as_deref())?;
    if args.page {
        write_text(args.print.output.as_deref(), model.page().to_toml().as_bytes())?;
        return Ok(Exit::Done);
    }
    let style = style(&args.print)?;
    if let Some(word) = &args.word {
        let meanings = model.meanings(word).map_err(|error| anyhow!("{error}"))?;
        let in_words = || text::levels::meanings(&model, &meanings, usize::from(style.width));
        printing::report(&args.print, style, in_words, &meanings, &meanings, &meanings[0])?;
        return Ok(Exit::Done);
    }
    let rules = EffectiveRules::of(&model);
    let in_words = || text::levels::in_words(&model, usize::from(style.width));
    printing::report(&args.print, style, in_words, &rules, &rules.levels, &rules.levels[5])?;
    Ok(Exit::Done)
}
