//! The escalator as a library call: how an act that starts out unbelievable
//! fades when it is done every week, and what leaving it out would be.
//!
//! ```sh
//! cargo run --example project_decay
//! ```
#![allow(clippy::print_stdout, reason = "an example shows what it computes")]

use std::error::Error;
use std::num::NonZeroU32;

use serveup::assess::decay::{Rhythm, project};
use serveup::{Instant, Level, Model, Zone};

const DELIVERIES: NonZeroU32 = NonZeroU32::new(6).expect("six is not zero");

fn main() -> Result<(), Box<dyn Error>> {
    let model = Model::shipped();
    let weekly = Rhythm { from: Instant::parse("2026-01-05", None)?, every: "7d".parse()?, zone: Zone::UTC };
    let projection = project(&model, Level::Unbelievable, DELIVERIES, Some(&weekly))?;

    println!("done again and again, by the rule (not a forecast):");
    println!();
    println!("   {:16}  {:12}  if left out instead", "when", "level");
    for row in projection.deliveries {
        let when = row.at.map_or_else(String::new, |at| at.to_minute(&Zone::UTC));
        println!("{}  {when:16}  {:12}  {}", row.delivery, row.level, row.if_missed);
    }
    Ok(())
}
