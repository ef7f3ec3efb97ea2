//! What is packed comes back.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;
use crate::{Draft, Model, Reading};

fn interactions() -> impl Strategy<Value = Vec<Vec<(Field, &'static str)>>> {
    let texts = select(vec![
        "a",
        "",
        "日本語",
        "a \\ and a\ttab",
        "a text of more than one hundred and twenty-eight bytes, so that its length takes two of them: 0123456789 0123456789 0123456789 012",
    ]);
    let text = (select(TEXTS.to_vec()).prop_filter("times apart", |&field| field != Field::At), texts).boxed();
    let of =
        |field: Field, values: &[&'static str]| select(values.to_vec()).prop_map(move |value| (field, value)).boxed();
    let member = prop_oneof![
        5 => text,
        1 => of(Field::At, &["2026-01-05", "0001-01-01", "2026-01-05T10:00:00.123456+02:00"]),
        1 => of(Field::Stage, &["beginning", "end"]),
        1 => of(Field::Relation, &["internal", "external"]),
        1 => of(Field::Verdict, &["criminal", "unbelievable"]),
        1 => of(Field::Claimed, &["basic", "desired"]),
        1 => of(Field::Response, &["blame", "responsibility"]),
        1 => of(Field::Signals, &["late", "story-told", "promise-broken"]),
        1 => of(Field::Value, &["", "money", "emotional"]),
        1 => of(Field::Served, &["channel", "pace"]),
        1 => of(Field::Tags, &["region", "the \"tier\"", "日本語"]),
    ];
    prop::collection::vec(prop::collection::vec(member, 0..12), 0..6)
}

fn drafted<'t>(reading: &Reading<'_>, members: &[(Field, &'t str)]) -> Interaction<'t> {
    let mut draft = Draft::default();
    for (field, name) in [(Field::Recipient, "acme"), (Field::Point, "p")].iter().chain(members) {
        let _ = match field {
            Field::Signals => draft.signal(reading, 0, name),
            Field::Value if name.is_empty() => {
                draft.value_known();
                Ok(())
            }
            Field::Value => draft.value(reading, 0, name).and_then(|value| match *name {
                "money" => draft.amount(reading, 0, value, "12.50", members.len().is_multiple_of(2).then_some("EUR")),
                _ => Ok(()),
            }),
            Field::Served => draft.served(Cow::Borrowed(name), "slow".into()),
            Field::Tags => draft.tag(Cow::Borrowed(name), "a \\ and\ta tab".into()),
            _ => draft.plain_text(reading, *field, name),
        };
    }
    draft.finish().expect("a recipient and a point")
}

proptest! {
    #[test]
    fn what_is_set_aside_comes_back(members in interactions(), plain in any::<bool>(), places in prop::collection::vec(prop::option::of((1_u64..1 << 40, 1_u64..300)), 6)) {
        let model = Model::shipped();
        let reading = Reading::from(&model);
        let interactions: Vec<_> = members.iter().map(|members| drafted(&reading, members)).collect();
        let mut pack = Pack::default();
        for (interaction, place) in interactions.iter().zip(&places) {
            let position = place.map(|(line, column)| Position { line, column, is_cell: line % 2 == 0 });
            pack.push(interaction, Fields::ALL, position, plain);
            pack.skip();
        }
        let mut back = pack.iter();
        for (interaction, place) in interactions.iter().zip(&places) {
            let packed = back.next().flatten().expect("a record");
            prop_assert_eq!(packed.interaction(interaction.at.as_ref().map(|at| at.instant)), Some(interaction.clone()));
            prop_assert_eq!(packed.outline(), Some(interaction.outline()));
            prop_assert_eq!(packed.signals(), Some(interaction.signals));
            prop_assert_eq!(packed.position(), place.map(|(line, column)| Position { line, column, is_cell: line % 2 == 0 }));
            prop_assert_eq!(packed.is_plain(), plain);
            prop_assert!(back.next().is_some_and(|skipped| skipped.is_none()));
        }
        prop_assert!(back.next().is_none());
    }

    #[test]
    fn only_the_fields_asked_for_are_kept(members in interactions(), fields in subsequence(Field::ALL.to_vec(), 0..20)) {
        let model = Model::shipped();
        let reading = Reading::from(&model);
        let asked = Fields::of(&fields);
        for members in &members {
            let mut pack = Pack::default();
            pack.push(&drafted(&reading, members), asked, None, false);
            let kept: Vec<_> = members.iter().filter(|(field, _)| fields.contains(field)).copied().collect();
            let mut expected = drafted(&reading, &kept);
            for (field, text) in [(Field::Recipient, &mut expected.recipient), (Field::Point, &mut expected.point)] {
                if !fields.contains(&field) {
                    *text = Cow::Borrowed("");
                }
            }
            if expected.value.is_some() {
                // its amount has a unit or none by how many members there were
                expected.value = drafted(&reading, members).value;
            }
            let packed = pack.iter().next().flatten().expect("a record");
            prop_assert_eq!(packed.interaction(expected.at.as_ref().map(|at| at.instant)), Some(expected.clone()));
        }
    }

    #[test]
    fn other_bytes_are_no_panic(data in prop::collection::vec(any::<u8>(), 0..200), texts in ".{0,40}") {
        let pack = Pack { data, texts };
        for packed in pack.iter().flatten() {
            let _ = (packed.interaction(None), packed.outline(), packed.position(), packed.signals());
        }
    }
}
