//! Rates tickets of a help desk, as they come in lines of JSON, from a struct of its own.

use std::error::Error;
use std::io;

use serde::Deserialize;
use serveup::{Model, Record, rate_all};

/// A ticket, as this help desk has it.
#[derive(Deserialize)]
struct Ticket {
    number: u32,
    customer: String,
    closed: String,
    minutes_late: i32,
    apologized: bool,
}

impl From<Ticket> for Record {
    fn from(ticket: Ticket) -> Self {
        let mut signals = vec![if ticket.minutes_late > 0 { "late" } else { "on-time" }];
        if ticket.apologized {
            signals.push("as-hoped");
        }
        Self {
            id: Some(ticket.number.to_string()),
            at: Some(ticket.closed),
            signals: signals.into_iter().map(String::from).collect(),
            ..Self::new(ticket.customer, "ticket")
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let tickets = io::stdin().lines().map(|line| Ok(serde_json::from_str::<Ticket>(&line?)?));
    let records = tickets.map(|ticket| ticket.map(Record::from)).collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    for rating in rate_all(&Model::shipped(), &records)? {
        println!("{}", serde_json::to_string(&rating)?);
    }
    Ok(())
}
