//! How sure the figures are, by simulation: made-up recipients who are more or less alike, and how often the 95 %
//! interval of a share contains the truth; periods in which nothing changed, or one point did, and how often that is
//! said.
//!
//! ```sh
//! cargo run --release --example how_sure
//! cargo run --release --example how_sure -- 10000 1000
//! ```
//!
//! The numbers are runs per share and runs per comparison of periods, 4000 and 400 if none are given. The same numbers
//! print the same table on every machine.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a program reads its arguments and prints; its counts are small"
)]

#[expect(dead_code, reason = "not all that load records need is needed here")]
mod splitmix;

use serveup::stats::{Clusters, Difference, Estimate, Pairs, Share, Z, false_discovery_rates, wilson};
use splitmix::SplitMix64;

/// How alike recipients are: the correlation of two moments of the same one, from 0, where it does not matter who is
/// served, to 1, where one moment tells all others of that recipient.
const ALIKE: [(&str, f64); 4] = [("no matter who", 0.0), ("alike", 0.1), ("unlike", 0.3), ("very unlike", 0.6)];

/// A recipient: what they have lived through so far makes more of it likely (an urn of Pólya, which makes the share of
/// each recipient a draw from a beta distribution).
#[derive(Clone, Default)]
struct Recipient {
    seen: [f64; 3],
}

impl Recipient {
    /// One moment more, by the shares of what there is: failed, neither, in the top half.
    fn live(&mut self, chance: &mut SplitMix64, shares: [f64; 3], alike: f64) -> usize {
        let stuck = if alike > 0.0 { (1.0 - alike) / alike } else { 1.0 };
        let weights: [f64; 3] = std::array::from_fn(|what| shares[what] * stuck + self.seen[what]);
        let mut left = unit(chance) * weights.iter().sum::<f64>();
        let what = weights.iter().position(|weight| {
            left -= weight;
            left < 0.0
        });
        let what = what.unwrap_or(2);
        self.seen[what] += if alike > 0.0 { 1.0 } else { 0.0 };
        what
    }
}

/// A number from 0 up to, but without, 1.
fn unit(chance: &mut SplitMix64) -> f64 {
    (chance.draw() >> 11) as f64 / (1_u64 << 53) as f64
}

fn main() {
    let mut runs = std::env::args().skip(1).map(|runs| runs.parse().unwrap_or(100));
    let (per_share, per_comparison) = (runs.next().unwrap_or(4000), runs.next().unwrap_or(400));

    for (numbers, most) in [("one to ten moments each", None), ("half of them one moment, one in fifty 50", Some(50))] {
        println!(
            "How many of 100 intervals contain the true share: plain Wilson, and with design effect and Student's t"
        );
        println!("Recipients with {numbers}");
        println!();
        println!("share  recipients  {}", ALIKE.map(|(alike, _)| format!("{alike:>14}")).join("  "));
        let mut all = Vec::new();
        for share in [0.75, 0.9, 0.97] {
            for recipients in [5, 10, 20, 50, 200] {
                let cells = ALIKE.map(|(_, alike)| coverage(share, alike, (recipients, most), per_share));
                all.extend(cells);
                let cells = cells.map(|(plain, ours)| format!("{:>14}", format!("{plain:.1}  {ours:5.1}")));
                println!("{share:<5}  {recipients:>10}  {}", cells.join("  "));
            }
        }
        let mean = |of: fn(&(f64, f64)) -> f64| all.iter().map(of).sum::<f64>() / all.len() as f64;
        println!("in the mean: {:.1} and {:.1}", mean(|(plain, _)| *plain), mean(|(_, ours)| *ours));
        println!();
    }
    println!("60 points, 60 moments of up to 30 recipients each in both of two periods: of 100 runs");
    println!();
    println!(
        "what changed                   how alike      any alarm: intervals  q <= 0.05   found: intervals  q <= 0.05"
    );
    for (what, fall) in [("nothing", 0.0), ("one point fell by 30 points", 0.3), ("one point fell by 40 points", 0.4)] {
        for (alike, how) in ALIKE {
            let [plain, ours, plain_found, found] = alarms(fall, how, per_comparison);
            println!("{what:<29}  {alike:<13}  {plain:>20.1}  {ours:>9.1}   {plain_found:>16.1}  {found:>9.1}");
        }
    }
}

/// How many of 100 intervals contain the share, plain and by recipients.
fn coverage(share: f64, alike: f64, recipients: (usize, Option<u64>), runs: u64) -> (f64, f64) {
    let mut chance = SplitMix64::new(7);
    let (mut plain, mut ours) = (0, 0);
    for _ in 0..runs {
        let (clusters, found) = loop {
            let drawn = group(&mut chance, share, alike, recipients);
            if drawn.1.of >= 10 {
                break drawn;
            }
        };
        let holds = |(low, high): (f64, f64)| u64::from(low <= share && share <= high);
        plain += holds(wilson(found.count as f64 / found.of as f64, found.of as f64, Z));
        let estimate = found.estimate(&clusters);
        ours += estimate.low.zip(estimate.high).map_or(0, holds);
    }
    let percent = |count: u64| 100.0 * count as f64 / runs as f64;
    (percent(plain), percent(ours))
}

/// Recipients with unequal numbers of moments: one to ten, each as likely; or half of them one, a third of them at
/// least three, and so on up to the most.
fn group(
    chance: &mut SplitMix64,
    share: f64,
    alike: f64,
    (recipients, most): (usize, Option<u64>),
) -> (Clusters, Share) {
    let (mut clusters, mut all) = (Clusters::default(), Share::default());
    for _ in 0..recipients {
        let mut recipient = Recipient::default();
        let draw = 1.0 - unit(chance);
        let reached = |moments: &u64| draw * (moments + 1) as f64 > 1.0;
        let moments = match most {
            Some(most) => (1..most).find(reached).unwrap_or(most),
            None => 1 + chance.below(10) as u64,
        };
        let live = |_: &u64| recipient.live(chance, [1.0 - share, share, 0.0], alike) > 0;
        let good = (0..moments).filter(live).count() as u64;
        clusters.add(moments, good);
        all = Share { count: all.count + good, of: all.of + moments };
    }
    (clusters, all)
}

/// The points of a comparison.
const POINTS: usize = 60;

/// Of 100 comparisons in which one point fell so far, how many call another point changed, and how many find the one
/// that fell: by the intervals of each difference alone, and by q.
fn alarms(fall: f64, alike: f64, runs: u64) -> [f64; 4] {
    let mut chance = SplitMix64::new(8);
    let mut counts = [0_u64; 4];
    for _ in 0..runs {
        let points: Vec<[Compared; 2]> =
            (0..POINTS).map(|point| compared(&mut chance, alike, if point == 0 { fall } else { 0.0 })).collect();
        let p: Vec<f64> = points.iter().flatten().map(|share| share.p).collect();
        let q = false_discovery_rates(&p);
        let by_q = |place: usize| q[2 * place] <= 0.05 || q[2 * place + 1] <= 0.05;
        let by_interval = |place: usize| points[place].iter().any(|share| excludes_zero(&share.plain));
        let unchanged = if fall > 0.0 { 1..POINTS } else { 0..POINTS };
        let lower = |place: usize| points[place].iter().any(|share| share.plain.diff.is_some_and(|diff| diff < 0.0));
        counts[0] += u64::from(unchanged.clone().any(by_interval));
        counts[1] += u64::from(unchanged.clone().any(by_q));
        counts[2] += u64::from(fall > 0.0 && by_interval(0) && lower(0));
        counts[3] += u64::from(fall > 0.0 && by_q(0) && lower(0));
    }
    counts.map(|count| 100.0 * count as f64 / runs as f64)
}

/// One share of a point in two periods.
struct Compared {
    plain: Difference,
    p: f64,
}

/// A point in two periods, in the second of which so large a share of all moments failed that would not have: its
/// shares sound and in the top half.
fn compared(chance: &mut SplitMix64, alike: f64, fall: f64) -> [Compared; 2] {
    const SHARES: [f64; 3] = [0.1, 0.5, 0.4];
    const RECIPIENTS: usize = 30;
    let mut recipients = vec![Recipient::default(); RECIPIENTS];
    // per recipient and period: moments, sound ones, those in the top half
    let mut counts = [[[0_u64; 3]; 2]; RECIPIENTS];
    for (period, later) in [false, true].into_iter().enumerate() {
        for _ in 0..60 {
            let who = chance.below(RECIPIENTS);
            let what = recipients[who].live(chance, SHARES, alike);
            let spoiled = later && what > 0 && unit(chance) * (SHARES[1] + SHARES[2]) < fall;
            let what = if spoiled { 0 } else { what };
            let count = &mut counts[who][period];
            for (count, more) in count.iter_mut().zip([true, what > 0, what > 1]) {
                *count += u64::from(more);
            }
        }
    }
    [1, 2].map(|share| {
        let mut pairs = Pairs::default();
        let mut totals = [Share::default(); 2];
        for periods in counts {
            pairs.add((periods[0][0], periods[0][share]), (periods[1][0], periods[1][share]));
            for (total, period) in totals.iter_mut().zip(periods) {
                *total = Share { count: total.count + period[share], of: total.of + period[0] };
            }
        }
        let [before, after] = totals;
        Compared { plain: plain(after).minus(&plain(before)), p: pairs.p_value(before, after).unwrap_or(1.0) }
    })
}

fn excludes_zero(difference: &Difference) -> bool {
    difference.high.is_some_and(|high| high < 0.0) || difference.low.is_some_and(|low| low > 0.0)
}

/// A share with Wilson's interval, as if every moment were of another recipient.
fn plain(share: Share) -> Estimate {
    let value = share.value().unwrap_or_default();
    let (low, high) = wilson(value, share.of as f64, Z);
    Estimate { share: Some(value), low: Some(low), high: Some(high), design_effect: Some(1.0) }
}
