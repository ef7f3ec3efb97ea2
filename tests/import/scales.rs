//! What an answer on a scale says of a level, step by step.

use serde_json::{Value, json};

use crate::functions::{fails, gives};

#[test]
fn verdicts_of_scales() {
    // by the rule: below the middle basic-or-below (b), the middle of an odd scale expected (m), above it
    // expected-or-above (e); only the top of five and more steps is desired-or-above (d)
    for (steps, words) in [
        (2, "be"),
        (3, "bme"),
        (4, "bbee"),
        (5, "bbmed"),
        (6, "bbbeed"),
        (7, "bbbmeed"),
        (8, "bbbbeeed"),
        (9, "bbbbmeeed"),
        (10, "bbbbbeeeed"),
        (11, "bbbbbmeeeed"),
    ] {
        let cases: Vec<(String, Value)> = (1..=steps)
            .zip(words.chars())
            .flat_map(|(step, word)| {
                let verdict = match word {
                    'b' => "basic-or-below",
                    'm' => "expected",
                    'e' => "expected-or-above",
                    _ => "desired-or-above",
                };
                [
                    format!("{step} | verdict({steps})"),
                    format!("\" {step} \" | verdict({steps})"),
                    format!("verdict({step}; {steps})"),
                ]
                .map(|expression| (expression, json!(verdict)))
            })
            .collect();
        let cases: Vec<(&str, Value)> =
            cases.iter().map(|(expression, verdict)| (expression.as_str(), verdict.clone())).collect();
        gives("", &cases);
        let above = steps + 1;
        for wrong in ["0".to_owned(), above.to_string(), "1.5".to_owned(), "-1".to_owned()] {
            let message = format!("rating: cannot use \"{wrong}\"; the scale has the whole numbers from 1 to {steps}");
            fails("", &format!("{wrong} | verdict({steps})"), 1, &message);
            fails("", &format!("verdict({wrong}; {steps})"), 1, &message);
        }
    }
    gives(
        "",
        &[
            (".nil | verdict(5)", Value::Null),
            ("verdict(.nil; 5)", Value::Null),
            ("\"5.0\" | verdict(5)", json!("desired-or-above")),
            // the number of steps may be a cell, too
            ("verdict(.number; \"7\")", json!("desired-or-above")),
            // a scale from 0 to 10 has eleven steps
            ("verdict(5 + 1; 11)", json!("expected")),
            ("100 | verdict(100)", json!("desired-or-above")),
        ],
    );
    // a blank is no rating, and no reason to lose the row
    for wrong in ["", " ", "good", "5/5", "N/A", "inf", "true"] {
        fails(
            "",
            &format!("\"{wrong}\" | verdict(5)"),
            1,
            &format!("rating: cannot use \"{wrong}\"; the scale has the whole numbers from 1 to 5"),
        );
    }
    for steps in ["1", "0", "-5", "2.5", "5e9", "null", "\"\"", "\"five\""] {
        fails(
            "",
            &format!("1 | verdict({steps})"),
            1,
            "verdict: pass it the number of steps of the scale, two or more",
        );
    }
    fails("", "true | verdict(5)", 1, "rating: cannot use \"true\"; the scale has the whole numbers from 1 to 5");
}
