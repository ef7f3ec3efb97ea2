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
use serveup::{EffectiveRules, ExplainedRating, LevelRow, Rating};

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
            anyhow!("--row: {name} is read, not printed; leave the flag out")
        })?,
    };
    let mut text = serde_json::to_vec_pretty(&schema)?;
    text.push(b'\n');
    write_text(args.output.as_deref(), &text)?;
    Ok(Exit::Done)
}

/// The schema of something that is printed: the whole document or one row of it.
fn result(what: What, row: bool) -> Option<Value> {
    const RECORDED: &str = "What serveup check prints for a recorded point";
    Some(match (what, row) {
        (What::Interaction | What::Recipient | What::Records | What::Levels, _) => return None,
        (What::Rating, _) => printed::<Rating<'_>>("A row of serveup rate"),
        (What::Check, _) => printed::<ExplainedRating<'_>>("What serveup check prints for a moment described by flags"),
        (What::CheckPoint, _) => printed::<Point>(RECORDED),
        (What::Decay, false) => printed::<Projection>("What serveup decay prints without files"),
        (What::Decay, true) => printed::<Delivery>("A row of serveup decay without files"),
        (What::DecayActs, false) => printed::<Acts>("What serveup decay prints with files"),
        (What::DecayActs, true) => printed::<Act>("A row of serveup decay with files"),
        (What::Journey, false) => printed::<Journey>("What serveup journey prints"),
        (What::Journey, true) => printed::<Group>("A row of serveup journey"),
        (What::Uplift, false) => printed::<Uplift>("What serveup uplift prints"),
        (What::Uplift, true) => printed::<UpliftGroup>("A row of serveup uplift"),
        (What::Recovery, false) => printed::<RecoveryReport>("What serveup recovery prints"),
        (What::Recovery, true) => printed::<Item>("A row of serveup recovery"),
        (What::RecoveryBy, false) => printed::<RecoveryReport>("What serveup recovery prints with --by"),
        (What::RecoveryBy, true) => printed::<Strategy>("A row of serveup recovery with --by"),
        (What::Next, false) => printed::<Vec<NextSteps>>("What serveup next prints"),
        (What::Next, true) => printed::<Step<'_>>("A row of serveup next"),
        (What::Calibrate, false) => printed::<Calibration>("What serveup calibrate prints"),
        (What::Calibrate, true) => printed::<Cell>("A row of serveup calibrate"),
        (What::Inspection, false) => printed::<Inspection>("What serveup import --inspect prints"),
        (What::Inspection, true) => printed::<InspectionRow<'_>>("A row of serveup import --inspect"),
        (What::Rules, false) => printed::<EffectiveRules>("What serveup levels prints"),
        (What::Rules, true) => printed::<LevelRow>("A row of serveup levels"),
    })
}
