//! What the parts of a rating cost by themselves: `cargo bench --bench micro`.
#![allow(missing_docs, reason = "the macros of the benchmark write functions without any")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use serveup::escalator::slide;
use serveup::evidence::Evidence;
use serveup::{Draft, Field, Instant, Interaction, Level, Model, Reading, Session};

/// How many moments a session is asked to settle at a time.
const MOMENTS: usize = 10_000;

/// The fields of a usual record into a checked interaction.
fn interaction<'t>(reading: &Reading<'_>, recipient: &'t str, at: &'t str) -> Option<Interaction<'t>> {
    let mut draft = Draft::default();
    let texts = [
        (Field::At, at),
        (Field::Recipient, recipient),
        (Field::Journey, "purchase"),
        (Field::Transaction, "delivery"),
        (Field::Point, "parcel"),
        (Field::Action, "handwritten-note"),
        (Field::Channel, "email"),
    ];
    for (field, text) in texts {
        draft.plain_text(reading, field, text).ok()?;
    }
    for (place, signal) in ["unexpected", "late"].into_iter().enumerate() {
        draft.signal(reading, place, signal).ok()?;
    }
    draft.value(reading, 0, "felt-good").ok()?;
    draft.finish().ok()
}

fn parts(criterion: &mut Criterion) {
    let model = Model::shipped();
    let reading = Reading::from(&model);
    let at = "2026-03-06T16:00:00+01:00";

    criterion.bench_function("parse: an instant", |bench| bench.iter(|| Instant::parse(black_box(at), None)));
    criterion.bench_function("parse: fields into an interaction", |bench| {
        bench.iter(|| interaction(&reading, black_box("mara"), at).is_some());
    });
    if let Some(moment) = interaction(&reading, "mara", at) {
        criterion.bench_function("evidence: facts of a moment", |bench| {
            bench.iter(|| Evidence::weigh(&model, black_box(&moment), None));
        });
    }
    criterion.bench_function("slide: six deliveries", |bench| {
        bench.iter(|| (0..6).map(|done| slide(&model, black_box(Level::Unbelievable), done)).min());
    });

    let recipients: Vec<String> = (0..MOMENTS).map(|number| format!("C{:05}", number * 7919 % 4001)).collect();
    let moments: Vec<_> = recipients.iter().filter_map(|recipient| interaction(&reading, recipient, at)).collect();
    criterion.bench_function("session: add and settle 10,000 moments", |bench| {
        bench.iter_batched(
            || Session::new(&model),
            |mut session| {
                moments.iter().try_for_each(|moment| session.add(moment)).and_then(|()| session.settle()).is_ok()
            },
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, parts);
criterion_main!(benches);
