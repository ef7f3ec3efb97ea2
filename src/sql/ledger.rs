//! The second half of the query: what each act stood on, and the level that
//! follows (sections 4 and 5 of the model).
//!
//! The state the ledger keeps for an act is found by windows over its history:
//! the peak is a running maximum, the deliveries a running count, and where
//! `held` was last set is a running maximum too, because the count only grows.

use super::facts::select;
use super::{Steps, rank};
use crate::level::Level;
use crate::rules::MarketRow;

/// From the first moment of an act up to and including this one.
const SO_FAR: &str = "ROWS UNBOUNDED PRECEDING";
/// Only what came before.
const BEFORE: &str = "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING";

impl Steps<'_> {
    /// From the evidence to the level of every moment.
    pub(super) fn ledger(&mut self) {
        if self.market() {
            self.market_rows();
        }
        if self.model.escalator().memory.is_some() {
            self.episodes();
        }
        self.peaks();
        self.held();
        self.next();
        self.standing();
        self.worth();
        self.rated();
    }

    /// The history that the state of an act depends on, in time order.
    fn remembered(&self) -> String {
        history(if self.model.escalator().memory.is_some() { ", episode" } else { "" })
    }

    fn market_rows(&mut self) {
        let mut rows: Vec<&MarketRow> = self.model.market_rows().iter().collect();
        rows.sort_by(|one, other| (&one.act, one.since).cmp(&(&other.act, other.since)));
        let values = rows.iter().enumerate().map(|(index, row)| {
            let until = rows.get(index + 1).filter(|newer| newer.act == row.act);
            let until = until.map_or("NULL".to_owned(), |newer| self.dialect.midnight(newer.since));
            let (act, since) = (self.dialect.text(&row.act), self.dialect.midnight(row.since));
            format!("({act}, {since}, {until}, {})", rank(row.level))
        });
        let values = format!("VALUES\n  {}", values.collect::<Vec<_>>().join(",\n  "));
        let before = self.last;
        let about =
            "Section 4: the market. From a date (midnight UTC) until a newer one everyone takes the act as that level.";
        self.step("market (known_as, since, until, market)", about, &values);
        let named = if self.path_rides() { "act" } else { "known_as" };
        let columns = [format!("{before}.*"), "market.market".to_owned()];
        let from = format!(
            "FROM {before}\nLEFT JOIN market ON market.known_as = {before}.{named} AND happened_at >= since\n  \
             AND (until IS NULL OR happened_at < until)"
        );
        self.step(
            "marketed",
            "Section 4: what everyone takes the act, else the path, as by then.",
            &select(&columns, &from),
        );
    }

    fn episodes(&mut self) {
        let Some(memory) = self.model.escalator().memory else { return };
        let history = history("");
        let last =
            format!("max(CASE WHEN delivered THEN happened_at END) OVER ({history}\n    {BEFORE}) AS last_delivery");
        let body = select(&["*".to_owned(), last], &format!("FROM {}", self.last));
        self.step("gaps", "Section 4: forgetting. When was the act last delivered to this recipient?", &body);
        let gap = self.dialect.micros("last_delivery", "happened_at");
        let episode = format!(
            "count(CASE WHEN {gap} > {} THEN 1 END)\n    OVER ({history} {SO_FAR}) AS episode",
            memory.micros()
        );
        let about = format!(
            "Section 4: after a gap of more than {} times 24 hours (here in microseconds) an act is new again,\n\
             so its history falls into episodes.",
            memory.get()
        );
        self.step("episodes", &about, &select(&["*".to_owned(), episode], "FROM gaps"));
    }

    fn peaks(&mut self) {
        let baseline = rank(Level::BASELINE);
        let columns = [
            "*".to_owned(),
            format!(
                "coalesce(max(CASE WHEN delivered THEN greatest(lift, verdict) END) OVER before, {baseline}) AS peak"
            ),
            "count(CASE WHEN delivered THEN 1 END) OVER before AS deliveries".to_owned(),
        ];
        let from = format!("FROM {}\nWINDOW before AS ({} {BEFORE})", self.last, self.remembered());
        let about = "Section 4: the best the act had been before, and how often it had been delivered.";
        self.step("peaks", about, &select(&columns, &from));
    }

    fn held(&mut self) {
        let baseline = rank(Level::BASELINE);
        let anew = format!(
            "CASE\n    WHEN NOT delivered THEN NULL\n    WHEN verdict >= {baseline} THEN verdict\n    \
             WHEN verdict IS NULL AND lift > peak THEN lift\n  END AS anew"
        );
        let about = "Section 4: a delivery sets held anew to a verdict of expected or better, or without a verdict\n\
                     to a lift above the peak.";
        self.step("settings", about, &select(&["*".to_owned(), anew], "FROM peaks"));
        let columns =
            ["*".to_owned(), format!("coalesce(max(deliveries * 10 + anew) OVER so_far, {baseline}) AS setting")];
        let from = format!("FROM settings\nWINDOW so_far AS ({} {SO_FAR})", self.remembered());
        let about = "Section 4: where held was last set, as deliveries before it * 10 + rank: deliveries only grow,\n\
                     so the greatest is the latest.";
        self.step("held", about, &select(&columns, &from));
    }

    fn next(&mut self) {
        let columns = [
            "*".to_owned(),
            "setting % 10 AS held".to_owned(),
            format!(
                "deliveries + CASE WHEN delivered THEN 1 ELSE 0 END - {} AS since_held",
                self.dialect.whole("setting", "10")
            ),
            "CASE WHEN delivered THEN greatest(peak, lift, verdict) ELSE peak END AS peak_after".to_owned(),
            "(delivered OR deliveries > 0) AS ever_delivered".to_owned(),
        ];
        let about = "Section 4: the state after the moment: held, the deliveries since, the peak.";
        self.step("footings", about, &select(&columns, "FROM held"));
        let slides =
            Level::ALL.into_iter().filter(|level| *level >= Level::BASELINE).rev().map(|held| self.slide(held));
        let own = format!(
            "CASE WHEN ever_delivered AND peak_after >= {} THEN\n    CASE held\n{}\n    END\n  END AS own_after",
            rank(self.model.escalator().from),
            slides.collect::<Vec<_>>().join("\n")
        );
        let about = "Section 4: the slide. From held, each level lasts so many deliveries, then the one below.\n\
                     Only acts ride that once reached the level from which acts do.";
        self.step("slides", about, &select(&["*".to_owned(), own], "FROM footings"));
    }

    /// The slide from one level, by the deliveries since it was held.
    fn slide(&self, held: Level) -> String {
        let (mut level, mut deliveries, mut cases) = (held, 0_u64, String::new());
        while let Some(lasts) = self.model.level(level).lasts {
            deliveries += u64::from(lasts.get());
            cases.push_str(&format!("WHEN since_held < {deliveries} THEN {} ", rank(level)));
            level = level.below();
        }
        if cases.is_empty() {
            format!("      WHEN {} THEN {}", rank(held), rank(level))
        } else {
            format!("      WHEN {} THEN CASE {cases}ELSE {} END", rank(held), rank(level))
        }
    }

    /// The lower of own standing and market, where the market has a say.
    fn lower(&self, own: &str) -> String {
        if self.market() { format!("least({own}, market)") } else { own.to_owned() }
    }

    fn standing(&mut self) {
        let columns = ["*".to_owned(), format!("lag(own_after) OVER ({}) AS own", self.remembered())];
        let about = "Section 4: own standing is what the moment before left behind.";
        self.step("standings", about, &select(&columns, "FROM slides"));
    }

    fn worth(&mut self) {
        let baseline = rank(Level::BASELINE);
        let owed = self.lower(&format!("coalesce(own, CASE WHEN deliveries > 0 THEN {baseline} END)"));
        let columns = [
            "*".to_owned(),
            format!("(omitted OR evidence < {baseline}) AS lapsed"),
            format!("{owed} AS owed"),
            "(own IS NOT NULL AND lift <= peak) AS repeated".to_owned(),
        ];
        let about = "Section 4: what is owed if the act lapses, and whether it is a repeat.";
        self.step("rules", about, &select(&columns, "FROM standings"));
        let worth = "CASE\n    \
                     WHEN lapsed AND owed IS NULL THEN evidence\n    \
                     WHEN lapsed THEN greatest(1, least(evidence, owed - 1))\n    \
                     WHEN repeated AND preference_missed THEN least(evidence, own)\n    \
                     WHEN repeated THEN own\n    \
                     ELSE evidence\n  END AS worth";
        let about = "Section 4: lapse, repeat, or the evidence.";
        self.step("worths", about, &select(&["*".to_owned(), worth.to_owned()], "FROM rules"));
    }

    fn rated(&mut self) {
        let market = if self.market() { "\n    WHEN market < worth THEN 'market'" } else { "" };
        let rule = format!(
            "CASE{market}\n    WHEN lapsed THEN CASE WHEN worth < evidence THEN 'lapse' ELSE 'facts' END\n    \
             WHEN repeated AND NOT (preference_missed AND evidence < own) THEN 'repeat'\n    ELSE 'facts'\n  END AS rule"
        );
        let columns = [
            "*".to_owned(),
            format!("{} AS assessed", self.lower("worth")),
            format!("{} AS standing", self.lower("own")),
            format!("{} AS next", self.lower("own_after")),
            rule,
        ];
        let about = if self.market() {
            "Section 4: the lower of worth and market. Section 5: the rule that decided."
        } else {
            "Section 5: the rule that decided."
        };
        self.step("decided", about, &select(&columns, "FROM worths"));
        let columns = [
            "seq",
            "id",
            "coalesce(verdict, assessed) AS level",
            "assessed",
            "evidence",
            "standing",
            "next",
            "CASE\n    WHEN verdict IS NOT NULL THEN 'verdict'\n    \
             WHEN NOT remarked AND standing IS NULL THEN 'unremarked'\n    ELSE rule\n  END AS reason",
            "coalesce(verdict <= 2, evidence <= 2 OR rule = 'lapse') AS failure",
        ]
        .map(str::to_owned);
        let about = "Section 4: the verdict outranks every computation. Section 5: reason and failure.";
        self.step("rated", about, &select(&columns, "FROM decided"));
    }
}

/// A window over all that happened to an act with a recipient, without its frame.
fn history(and: &str) -> String {
    format!("PARTITION BY recipient, act{and} ORDER BY happened_at, seq")
}
