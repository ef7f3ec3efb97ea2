//! Rating as a library call: rules with a signal of your own, a few moments,
//! and for each its level, the rule that decided, and why.
//!
//! ```sh
//! cargo run --example rate_moments
//! ```
#![allow(clippy::print_stdout, reason = "an example shows what it computes")]

use std::error::Error;

use serveup::{Assessor, Draft, Field, Interaction, Model, Problem, Reading, RecipientDraft, Recipients};

/// What differs from the shipped rules: one more signal of a surprise.
const OVERLAY: &str = r#"
[[levels]]
name = "surprising"
[levels.signals]
handwritten-card = "a card written by hand came with it"
"#;

/// A moment in time order: point, act, signals, value created, channel.
type Told = (&'static str, &'static str, &'static [&'static str], &'static [&'static str], &'static str);

const MOMENTS: [Told; 6] = [
    ("delivery", "card", &["handwritten-card"], &["felt-good"], "post"),
    ("delivery", "card", &["handwritten-card"], &["felt-good"], "post"),
    ("delivery", "card", &["late", "handwritten-card"], &["felt-good"], "post"),
    ("delivery", "voucher", &["unexpected"], &["money"], "post"),
    ("question", "", &["on-time"], &[], "phone"),
    ("question", "", &[], &[], "email"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let model = Model::with_overlay(OVERLAY)?;
    let reading = Reading { model: &model, zone: None };

    let mut acme = RecipientDraft::default();
    acme.id("acme")?;
    acme.prefers("channel", "phone")?;
    acme.values(&model, 0, "emotional")?;
    let mut recipients = Recipients::default();
    recipients.add(acme.finish()?)?;

    let mut assessor = Assessor::new(&model, recipients);
    for told in &MOMENTS {
        let interaction = interaction(&reading, told)?;
        let rating = assessor.rate(&interaction)?;
        let act = rating.outline.action.as_deref().map_or_else(String::new, |act| format!(", {act}"));
        println!(
            "{}{act}: {} ({})",
            rating.outline.point,
            model.label(rating.assessment.level),
            rating.assessment.reason
        );
        for line in rating.details.into_iter().flat_map(|details| details.why) {
            println!("    {line}");
        }
    }
    Ok(())
}

fn interaction(
    reading: &Reading<'_>,
    (point, act, signals, value, channel): &Told,
) -> Result<Interaction<'static>, Problem> {
    let mut draft = Draft::default();
    draft.text(reading, Field::Recipient, "acme".into())?;
    draft.text(reading, Field::Point, (*point).into())?;
    draft.text(reading, Field::Action, (*act).into())?;
    draft.text(reading, Field::Channel, (*channel).into())?;
    for (place, signal) in signals.iter().enumerate() {
        draft.signal(reading, place, signal)?;
    }
    for (place, kind) in value.iter().enumerate() {
        draft.value(reading, place, kind)?;
    }
    draft.finish()
}
