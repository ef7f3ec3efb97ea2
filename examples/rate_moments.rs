//! Rating as a library call: rules with a signal of your own, a few records,
//! and for each its level, the rule that decided, and why.
//!
//! ```sh
//! cargo run --example rate_moments
//! ```
#![allow(clippy::print_stdout, reason = "an example shows what it computes")]

use std::error::Error;

use serveup::{Model, RecipientRecord, Recipients, Record, Session};

/// What differs from the shipped rules: one more signal of a surprise.
const OVERLAY: &str = r#"
[[levels]]
name = "surprising"
[levels.signals]
handwritten-card = "a card written by hand came with it"
"#;

const ACME: &str = r#"{"id": "acme", "prefers": {"channel": "phone"}, "values": ["emotional"]}"#;

const RECORDS: &str = r#"[
  {"recipient": "acme", "point": "delivery", "channel": "post", "action": "card",
   "signals": ["handwritten-card"], "value": ["felt-good"]},
  {"recipient": "acme", "point": "delivery", "channel": "post", "action": "card",
   "signals": ["handwritten-card"], "value": ["felt-good"]},
  {"recipient": "acme", "point": "delivery", "channel": "post", "action": "card",
   "signals": ["late", "handwritten-card"], "value": ["felt-good"]},
  {"recipient": "acme", "point": "delivery", "channel": "post", "action": "voucher",
   "signals": ["unexpected"], "value": ["money"]},
  {"recipient": "acme", "point": "question", "channel": "phone", "signals": ["on-time"]},
  {"recipient": "acme", "point": "question", "channel": "email"}
]"#;

fn main() -> Result<(), Box<dyn Error>> {
    let model = Model::with_overlay(OVERLAY)?;
    let acme: RecipientRecord = serde_json::from_str(ACME)?;
    let records: Vec<Record> = serde_json::from_str(RECORDS)?;

    let session = Session::of(&model, Recipients::of(&model, &[acme])?);
    for rating in session.rate_all(&records)? {
        let act = rating.outline.action.as_deref().map_or_else(String::new, |act| format!(", {act}"));
        let level = model.label(rating.assessment.level);
        println!("{}{act}: {level} ({})", rating.outline.point, rating.assessment.reason);
        for line in rating.details.into_iter().flat_map(|details| details.why) {
            println!("    {line}");
        }
    }
    Ok(())
}
