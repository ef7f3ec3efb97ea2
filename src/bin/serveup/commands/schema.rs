//! `serveup schema`: what goes in and what comes out, as JSON Schema.

use anyhow::{Result, anyhow};
use clap::ValueEnum;
use serde_json::Value;
use serveup::assess::calibrate::{Calibration, Cell};
use serveup::assess::decay::{Act, Acts, Delivery, Projection};
use serveup::assess::journey::{Group, Journey};
use serveup::assess::next_steps::NextSteps;
use serveup::assess::point::Point;
use serveup::assess::recovery::{Item, RecoveryReport, Strategy};
use serveup::assess::uplift::{Uplift, UpliftGroup};
use serveup::import::{Inspection, InspectionRow};
use serveup::print::text::next::Step;
use serveup::schema::{interaction, levels_file, printed, recipient, records};
use serveup::{EffectiveRules, ExplainedRating, LevelRow, Meaning, Rating};

use crate::args::{SchemaArgs, What};
use crate::exit::Exit;
use crate::output::write_text;
use crate::settings;

pub(crate) fn run(args: &SchemaArgs) -> Result<Exit> {
    let model = settings::model(args.rules.levels.as_deref())?;
    let schema = match (args.what, args.row) {
        (What::Interaction, false) => interaction(&model),
        (What::Recipient, false) => recipient(&model),
        (What::Records, false) => records(&model),
        (What::Levels, false) => levels_file(),
        (what, row) => result(what, row).ok_or_else(|| {
            let name = what.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
            anyhow!("--row is for results, and {name} is input; leave it out")
        })?,
    };
    let mut text = serde_json::to_vec_pretty(&schema)?;
    text.push(b'\n');
    write_text(args.output.as_deref(), &text)?;
    Ok(Exit::Done)
}

/// The schema of something that is printed: the whole document or one row of it.
fn result(what: What, row: bool) -> Option<Value> {
    const RECORDED: &str = "Output of serveup check for a recorded point";
    Some(match (what, row) {
        (What::Interaction | What::Recipient | What::Records | What::Levels, _) => return None,
        (What::Rating, _) => printed::<Rating<'_>>("A row of serveup rate"),
        (What::Check, _) => printed::<ExplainedRating<'_>>("Output of serveup check for a moment described by flags"),
        (What::CheckPoint, _) => printed::<Point>(RECORDED),
        (What::Decay, false) => printed::<Projection>("Output of serveup decay without files"),
        (What::Decay, true) => printed::<Delivery>("A row of serveup decay without files"),
        (What::DecayActs, false) => printed::<Acts>("Output of serveup decay with files"),
        (What::DecayActs, true) => printed::<Act>("A row of serveup decay with files"),
        (What::Journey, false) => printed::<Journey>("Output of serveup journey"),
        (What::Journey, true) => printed::<Group>("A row of serveup journey"),
        (What::Uplift, false) => printed::<Uplift>("Output of serveup uplift"),
        (What::Uplift, true) => printed::<UpliftGroup>("A row of serveup uplift"),
        (What::Recovery, false) => printed::<RecoveryReport>("Output of serveup recovery"),
        (What::Recovery, true) => printed::<Item>("A row of serveup recovery"),
        (What::RecoveryBy, false) => printed::<RecoveryReport>("Output of serveup recovery with --by"),
        (What::RecoveryBy, true) => printed::<Strategy>("A row of serveup recovery with --by"),
        (What::Next, false) => printed::<Vec<NextSteps>>("Output of serveup next"),
        (What::Next, true) => printed::<Step<'_>>("A row of serveup next"),
        (What::Calibrate, false) => printed::<Calibration>("Output of serveup calibrate"),
        (What::Calibrate, true) => printed::<Cell>("A row of serveup calibrate"),
        (What::Inspection, false) => printed::<Inspection>("Output of serveup import --inspect"),
        (What::Inspection, true) => printed::<InspectionRow<'_>>("A row of serveup import --inspect"),
        (What::Word, false) => printed::<Vec<Meaning>>("Output of serveup levels with a word"),
        (What::Word, true) => printed::<Meaning>("A row of serveup levels with a word"),
        (What::Rules, false) => printed::<EffectiveRules>("Output of serveup levels"),
        (What::Rules, true) => printed::<LevelRow>("A row of serveup levels"),
    })
}
