//! The statistics once more, written out as in a textbook and not as in the
//! program, and values compared as far as doubles can be.

use std::collections::BTreeMap;

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

/// How likely Student's t is to be at most so far from 0 with so many degrees of freedom, by the finite sums of
/// Abramowitz & Stegun 1964, 26.7.3 and 26.7.4.
fn within(t: f64, degrees: u64) -> f64 {
    let angle = (t / float(degrees).sqrt()).atan();
    let (sin, cos) = angle.sin_cos();
    let (mut term, mut sum) = if degrees.is_multiple_of(2) { (1.0, 1.0) } else { (cos, cos) };
    let mut factor = if degrees.is_multiple_of(2) { 1 } else { 2 };
    while factor + 1 < degrees {
        term *= cos * cos * float(factor) / float(factor + 1);
        sum += term;
        factor += 2;
    }
    match degrees {
        1 => 2.0 / std::f64::consts::PI * angle,
        _ if degrees.is_multiple_of(2) => sin * sum,
        _ => 2.0 / std::f64::consts::PI * (angle + sin * sum),
    }
}

/// The 97.5 % point of Student's t, by halving.
fn quantile(degrees: u64) -> f64 {
    let (mut low, mut high) = (0.0, 1000.0);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if within(middle, degrees) < 0.95 { low = middle } else { high = middle }
    }
    low
}

/// Whose remarked moments they are, and which of them have it.
pub(crate) type Moments = Vec<(String, bool)>;

/// Of each recipient how many moments there are, and how many have it.
fn recipients(moments: &Moments) -> BTreeMap<&str, (u64, u64)> {
    let mut recipients = BTreeMap::new();
    for (recipient, has) in moments {
        let (n, x) = recipients.entry(recipient.as_str()).or_insert((0, 0));
        *n += 1;
        *x += u64::from(*has);
    }
    recipients
}

/// The share of some moments.
fn share(moments: &Moments) -> f64 {
    float(moments.iter().filter(|(_, has)| *has).count() as u64) / float(moments.len() as u64)
}

/// A share with both bounds of its interval and its design effect, step by step as section 7 of the model has it.
pub(crate) fn bounds(moments: &Moments) -> Option<(f64, f64, f64, f64)> {
    if moments.is_empty() {
        return None;
    }
    let recipients = recipients(moments);
    let (m, n, p) = (recipients.len() as u64, float(moments.len() as u64), share(moments));
    let squares = |of: fn(f64, f64, f64) -> f64| -> f64 {
        recipients.values().map(|&(n, x)| of(float(n), float(x), share(moments)).powi(2)).sum()
    };
    let v = float(m) / (float(m) - 1.0) * squares(|n, x, p| x - p * n) / (n * n);
    let effect = match m {
        1 => 1.0,
        _ if p == 0.0 || (p - 1.0).abs() < f64::EPSILON => squares(|n, _, _| n) / n,
        _ => v / (p * (1.0 - p) / n),
    };
    let effect = effect.clamp(1.0, n);
    let (low, high) = wilson(p, n / effect, if m == 1 { Z } else { quantile(m - 1) });
    Some((p, low, high, effect))
}

/// Wilson's interval: (2k + z² ± z √(z² + 4k(1 − k/n))) / 2(n + z²).
fn wilson(p: f64, n: f64, z: f64) -> (f64, f64) {
    let k = p * n;
    let root = z * (z * z + 4.0 * k * (1.0 - p)).sqrt();
    let bound = |sign: f64| (2.0 * k + z * z + sign * root) / (2.0 * (n + z * z));
    (bound(-1.0), bound(1.0))
}

/// The lower bound of so many of so many, all of different recipients.
pub(crate) fn plain_low(count: u64, of: u64) -> f64 {
    wilson(float(count) / float(of), float(of), Z).0
}

/// The same as the reports print it; all null where there is nothing to share.
pub(crate) fn estimate(moments: &Moments) -> Value {
    match bounds(moments) {
        Some((share, low, high, effect)) => json!({"share": share, "low": low, "high": high, "design_effect": effect}),
        None => json!({"share": null, "low": null, "high": null, "design_effect": null}),
    }
}

/// The difference of a later share and an earlier one, with Newcombe's interval from the two.
pub(crate) fn newcombe(later: &Moments, earlier: &Moments) -> Value {
    let (Some((p1, l1, u1, _)), Some((p2, l2, u2, _))) = (bounds(later), bounds(earlier)) else {
        return json!({"diff": null, "low": null, "high": null});
    };
    let diff = p1 - p2;
    let low = diff - ((p1 - l1).powi(2) + (u2 - p2).powi(2)).sqrt();
    let high = diff + ((u1 - p1).powi(2) + (p2 - l2).powi(2)).sqrt();
    json!({"diff": diff, "low": low, "high": high})
}

/// How likely chance alone makes two shares so different: the test of section 8 of the model, recipient by recipient.
pub(crate) fn p_value(later: &Moments, earlier: &Moments) -> f64 {
    let (n1, n2) = (float(earlier.len() as u64), float(later.len() as u64));
    let both: Moments = earlier.iter().chain(later).cloned().collect();
    let (pi, before, after) = (share(&both), recipients(earlier), recipients(later));
    let difference = share(later) - share(earlier);
    let z = |recipient: &&str| {
        let of = |moments: &BTreeMap<&str, (u64, u64)>| moments.get(recipient).copied().unwrap_or_default();
        let ((n_before, x_before), (n_after, x_after)) = (of(&before), of(&after));
        (float(x_after) - pi * float(n_after)) / n2 - (float(x_before) - pi * float(n_before)) / n1
    };
    let z: Vec<f64> = recipients(&both).keys().map(z).collect();
    let m = float(z.len() as u64);
    let mean = z.iter().sum::<f64>() / m;
    let v = m / (m - 1.0) * z.iter().map(|z| (z - mean).powi(2)).sum::<f64>();
    match (difference.abs() < 1e-15, v < 1e-25) {
        (true, _) => 1.0,
        (_, true) => 0.0,
        _ => 1.0 - within((difference / v.sqrt()).abs(), z.len() as u64 - 1),
    }
}

/// Of each p the least of p' · count / rank over all p' from it on (Benjamini & Hochberg 1995).
pub(crate) fn q_values(p: &[f64]) -> Vec<f64> {
    let all = float(p.len() as u64);
    let rank = |of: f64| float(p.iter().filter(|p| **p <= of).count() as u64);
    let least = |of: &f64| p.iter().filter(|p| *p >= of).map(|&p| p * all / rank(p)).fold(1.0, f64::min);
    p.iter().map(least).collect()
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
    // Newcombe 1998, Statistics in Medicine 17: 56 of 70 less 48 of 80 in table II, method 10; 8100 of 26300 by Wilson
    // there every moment is of someone else, and z takes the place of t: so nearly here, where there are many
    let of = |count: usize, of: usize| -> Moments { (0..of).map(|who| (who.to_string(), who < count)).collect() };
    let (_, low, high, _) = bounds(&of(8100, 26300)).expect("a share");
    assert!((low - 0.3024).abs() < 5e-4 && (high - 0.3136).abs() < 5e-4, "{low} to {high}");
    let difference = newcombe(&of(56, 70), &of(48, 80));
    let [low, high] = ["low", "high"].map(|bound| difference[bound].as_f64().expect("a number"));
    assert!((low - 0.0524).abs() < 5e-3 && (high - 0.3339).abs() < 5e-3, "{low} to {high}");
    // scipy 1.17.1: scipy.stats.t.ppf(0.975, 4), …(0.975, 47); scipy.stats.false_discovery_control
    for (degrees, t) in
        [(1, 12.706_204_736_174_7), (2, 4.302_652_729_749_46), (4, 2.776_445_105_197_79), (47, 2.011_740_513_729_73)]
    {
        assert!((quantile(degrees) - t).abs() < 1e-11, "{degrees}");
    }
    let q = q_values(&[0.01, 0.04, 0.02, 0.03, 0.8]);
    assert!(q.iter().zip([0.05, 0.05, 0.05, 0.05, 0.8]).all(|(q, expected)| (q - expected).abs() < 1e-12), "{q:?}");
    // ceil(¼ · 8), ceil(½ · 8), ceil(¾ · 8) are the second, fourth and sixth of these
    let eight = [6, 1, 2, 4, 2, 3, 4, 3];
    assert_eq!([1, 2, 3].map(|quarters| quartile(&eight, quarters)), ["basic", "expected", "desired"]);
    assert_eq!(lower_median(&[4.0, 1.0, 3.0, 2.0]), Some(2.0));
}
