//! The statistics once more, written out as in a textbook and not as in the
//! program, and values compared as far as doubles can be.

use serde_json::{Value, json};

/// The six levels, lowest first.
pub(crate) const LEVELS: [&str; 6] = ["criminal", "basic", "expected", "desired", "surprising", "unbelievable"];

/// The rank of a level, from 1.
#[track_caller]
pub(crate) fn rank(level: &Value) -> u64 {
    let place = LEVELS.iter().position(|name| level == name);
    place.unwrap_or_else(|| panic!("{level} is no level")) as u64 + 1
}

/// The 97.5 % point of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

#[expect(clippy::cast_precision_loss, reason = "the counts of examples are small")]
pub(crate) fn float(count: u64) -> f64 {
    count as f64
}

/// A share with both bounds of its Wilson interval:
/// (2k + z² ± z √(z² + 4k(1 − k/n))) / 2(n + z²).
pub(crate) fn bounds(count: u64, of: u64) -> Option<(f64, f64, f64)> {
    if of == 0 {
        return None;
    }
    let (k, n) = (float(count), float(of));
    let root = Z * (Z * Z + 4.0 * k * (1.0 - k / n)).sqrt();
    let bound = |sign: f64| (2.0 * k + Z * Z + sign * root) / (2.0 * (n + Z * Z));
    Some((k / n, bound(-1.0), bound(1.0)))
}

/// The same as the reports print it; all null where there is nothing to share.
pub(crate) fn wilson(count: u64, of: u64) -> Value {
    match bounds(count, of) {
        Some((share, low, high)) => json!({"share": share, "low": low, "high": high}),
        None => json!({"share": null, "low": null, "high": null}),
    }
}

/// The difference of a later share and an earlier one, each as how many of how
/// many, with Newcombe's interval from the two Wilson intervals.
pub(crate) fn newcombe(later: (u64, u64), earlier: (u64, u64)) -> Value {
    let (Some((p1, l1, u1)), Some((p2, l2, u2))) = (bounds(later.0, later.1), bounds(earlier.0, earlier.1)) else {
        return json!({"diff": null, "low": null, "high": null});
    };
    let diff = p1 - p2;
    let low = diff - ((p1 - l1).powi(2) + (u2 - p2).powi(2)).sqrt();
    let high = diff + ((u1 - p1).powi(2) + (p2 - l2).powi(2)).sqrt();
    json!({"diff": diff, "low": low, "high": high})
}

/// The level with sorted number ceil(quarters / 4 · n), by counting up to it.
pub(crate) fn quartile(ranks: &[u64], quarters: usize) -> Value {
    let mut sorted = ranks.to_vec();
    sorted.sort_unstable();
    let number = (1..=sorted.len()).find(|number| 4 * number >= quarters * sorted.len());
    number.map_or(Value::Null, |number| named(sorted[number - 1]))
}

/// The name of a rank.
pub(crate) fn named(rank: u64) -> Value {
    usize::try_from(rank).ok().and_then(|rank| LEVELS.get(rank.checked_sub(1)?)).map_or(Value::Null, |name| json!(name))
}

/// The value in the middle, the lower of two.
pub(crate) fn lower_median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len().div_ceil(2).checked_sub(1)?;
    Some(sorted[middle])
}

/// Cohen's kappa with quadratic weights, by proportions:
/// (observed − by chance) / (1 − by chance), each cell worth 1 − (i − j)² / 25.
pub(crate) fn kappa(matrix: &[[u64; 6]; 6]) -> Option<f64> {
    let n = float(matrix.iter().flatten().sum());
    let of_verdict = |i: usize| float(matrix[i].iter().sum()) / n;
    let of_facts = |j: usize| float(matrix.iter().map(|row| row[j]).sum()) / n;
    let cells = || (0..6_usize).flat_map(|i| (0..6_usize).map(move |j| (i, j)));
    let worth = |i: usize, j: usize| 1.0 - float(i.abs_diff(j).pow(2) as u64) / 25.0;
    let observed: f64 = cells().map(|(i, j)| worth(i, j) * float(matrix[i][j]) / n).sum();
    let by_chance: f64 = cells().map(|(i, j)| worth(i, j) * of_verdict(i) * of_facts(j)).sum();
    ((1.0 - by_chance).abs() > 1e-12).then(|| (observed - by_chance) / (1.0 - by_chance))
}

/// Whether two numbers are the same but for the last digits of a double.
pub(crate) fn near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-12 * one.abs().max(other.abs()).max(1.0)
}

/// Holds what a report says against what it should say. Fields that are not
/// expected may stand beside those that are; numbers may differ in the last digits.
#[track_caller]
pub(crate) fn assert_same(found: &Value, expected: &Value, what: &str) {
    if let Some(difference) = difference(found, expected) {
        panic!("{what}{difference}\nfound {found:#}\nexpected {expected:#}");
    }
}

/// Whether two values are the same but for the last digits of doubles.
pub(crate) fn same(one: &Value, other: &Value) -> bool {
    difference(one, other).is_none() && difference(other, one).is_none()
}

fn difference(found: &Value, expected: &Value) -> Option<String> {
    let plainly = || Some(format!(": {found} instead of {expected}"));
    match (found, expected) {
        (Value::Object(fields), Value::Object(wanted)) => wanted.iter().find_map(|(name, wanted)| {
            let Some(found) = fields.get(name) else { return Some(format!(".{name} is not there")) };
            difference(found, wanted).map(|rest| format!(".{name}{rest}"))
        }),
        (Value::Array(items), Value::Array(wanted)) if items.len() == wanted.len() => {
            let mut pairs = items.iter().zip(wanted).enumerate();
            pairs.find_map(|(place, (found, wanted))| difference(found, wanted).map(|rest| format!("[{place}]{rest}")))
        }
        (Value::Number(one), Value::Number(other)) => match (one.as_f64(), other.as_f64()) {
            (Some(one), Some(other)) if near(one, other) => None,
            _ => plainly(),
        },
        _ if found == expected => None,
        _ => plainly(),
    }
}

#[test]
fn the_textbook_agrees_with_what_was_published() {
    // Newcombe 1998, Statistics in Medicine 17: 81 of 263 in table I, method 3; 56 of 70 less 48 of 80 in table II, method 10
    let (_, low, high) = bounds(81, 263).expect("a share");
    assert!((low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5, "{low} to {high}");
    let difference = newcombe((56, 70), (48, 80));
    let [low, high] = ["low", "high"].map(|bound| difference[bound].as_f64().expect("a number"));
    assert!((low - 0.0524).abs() < 5e-5 && (high - 0.3339).abs() < 5e-5, "{low} to {high}");
    // ceil(¼ · 8), ceil(½ · 8), ceil(¾ · 8) are the second, fourth and sixth of these
    let eight = [6, 1, 2, 4, 2, 3, 4, 3];
    assert_eq!([1, 2, 3].map(|quarters| quartile(&eight, quarters)), ["basic", "expected", "desired"]);
    assert_eq!(lower_median(&[4.0, 1.0, 3.0, 2.0]), Some(2.0));
}
