//! The second half of the query: the state of each act, and the level that follows (sections 4 and
//! 5 of the model).
//!
//! What a moment is worth depends on the state that the moments before left behind, and what it leaves behind on
//! what it was worth: whether an open verdict moved it. So every act with a recipient is gone through moment by
//! moment, as the ledger does.

use super::facts::select;
use super::{Steps, rank};
use crate::level::Level;
use crate::rules::MarketRow;

impl Steps<'_> {
    /// From the evidence to the level of every moment.
    pub(super) fn ledger(&mut self) {
        if self.market() {
            self.market_rows();
        }
        if self.model.escalator().memory.is_some() {
            self.episodes();
        }
        let before = self.last;
        self.histories();
        self.lives();
        self.lived(before);
        self.rated();
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
        let history = "PARTITION BY recipient, act ORDER BY happened_at, seq";
        let last = format!(
            "max(CASE WHEN delivered THEN happened_at END) OVER ({history}\n    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last_delivery"
        );
        let body = select(&["*".to_owned(), last], &format!("FROM {}", self.last));
        self.step("gaps", "Section 4: forgetting. When was the act last delivered to this recipient?", &body);
        let gap = self.dialect.micros("last_delivery", "happened_at");
        let episode = format!(
            "count(CASE WHEN {gap} > {} THEN 1 END)\n    OVER ({history} ROWS UNBOUNDED PRECEDING) AS episode",
            memory.micros()
        );
        let about = format!(
            "Section 4: after a gap of more than {} times 24 hours (here in microseconds) an act is new again,\n\
             so its history falls into episodes.",
            memory.get()
        );
        self.step("episodes", &about, &select(&["*".to_owned(), episode], "FROM gaps"));
    }

    /// What is known of a moment by itself.
    fn facts_of_a_moment(&self) -> Vec<String> {
        let mut facts = [
            "seq",
            "id",
            "evidence",
            "lift",
            "delivered",
            "lapsed",
            "preference_missed",
            "remarked",
            "lowest",
            "highest",
        ]
        .map(str::to_owned)
        .to_vec();
        facts.extend(self.people.then(|| "declined".to_owned()));
        facts.extend(self.market().then(|| "market".to_owned()));
        facts.extend(self.asked());
        facts
    }

    fn histories(&mut self) {
        let mut fields = vec!["happened_at".to_owned()];
        fields.extend(self.facts_of_a_moment());
        let fields: Vec<_> = fields.iter().map(|field| (field.as_str(), field.as_str())).collect();
        let moments = self.dialect.sorted(&self.dialect.gathered(&self.dialect.record(&fields)));
        let episode = if self.model.escalator().memory.is_some() { ", episode" } else { "" };
        let named = if self.path_rides() { "" } else { "WHERE act IS NOT NULL\n" };
        let alike = self.dialect.together("len(moments)");
        let from = format!("FROM {}\n{named}GROUP BY recipient, act{episode}{alike}", self.last);
        let about = "Section 4: the history of each act with each recipient, in time order, and where times are equal in that\n\
                     of the input: the first fields of a moment are what it is sorted by.";
        self.step("histories", about, &select(&[format!("{} AS moments", moments.replace('\n', "\n  "))], &from));
    }

    fn lives(&mut self) {
        let (dialect, baseline) = (self.dialect, rank(Level::BASELINE));
        let (rank, none) = (baseline.to_string(), "CAST(NULL AS INT)");
        let assessed = dialect.record(&[
            ("act", "was.act"),
            ("delivered", "moment.delivered"),
            ("lift", "moment.lift"),
            ("lowest", "moment.lowest"),
            ("highest", "moment.highest"),
            ("assessed", &on_lines(&self.assessed("moment.", true))),
        ]);
        let said = format!(
            "CASE WHEN x.delivered THEN coalesce(\n  {},\n  CASE WHEN x.lift > x.act.peak THEN x.lift END)\nEND",
            decided("x.").replace('\n', "\n  ")
        );
        let spoken = dialect.record(&[
            ("act", "x.act"),
            ("delivered", "x.delivered"),
            ("lift", "x.lift"),
            ("assessed", "x.assessed"),
            ("anew", &on_lines(&said)),
        ]);
        let updated = dialect.record(&[
            ("own", "x.act.own"),
            ("best", "x.act.peak"),
            ("assessed", "x.assessed"),
            ("peak", "greatest(x.act.peak, CASE WHEN x.delivered THEN x.lift END, x.anew)"),
            ("held", &format!("CASE WHEN x.anew >= {baseline} THEN x.anew ELSE x.act.held END")),
            ("n", &format!("CASE WHEN x.anew >= {baseline} THEN 1 WHEN x.delivered THEN x.act.n + 1 ELSE x.act.n END")),
        ]);
        let slides =
            Level::ALL.into_iter().filter(|level| *level >= Level::BASELINE).rev().map(|held| self.slide(held));
        let own = format!(
            "CASE WHEN x.n > 0 AND x.peak >= {} THEN\n  CASE x.held\n{}\n  END\nEND",
            self.model.escalator().from.rank(),
            slides.collect::<Vec<_>>().join("\n")
        );
        let stands = dialect.record(&[
            ("peak", "x.peak"),
            ("held", "x.held"),
            ("n", "x.n"),
            ("own", &on_lines(&own)),
            ("before", "x.own"),
            ("best", "x.best"),
            ("assessed", "x.assessed"),
        ]);
        let act = format!("\n  {}", dialect.steps(&assessed, "x", &[&spoken, &updated, &stands]).replace('\n', "\n  "));
        let digits =
            |act: &str| format!("coalesce({act}.before, 0), {act}.best, {act}.assessed, coalesce({act}.own, 0)");
        let told = format!("concat(was.told, ' ', {})", digits("was.act"));
        let made = dialect.record(&[("act", &act), ("told", &format!("\n  {told}"))]);
        let first = dialect.record(&[
            ("peak", &rank),
            ("held", &rank),
            ("n", "0"),
            ("own", none),
            ("before", none),
            ("best", &rank),
            ("assessed", &rank),
        ]);
        let first = dialect.record(&[("act", &first), ("told", "''")]);
        let fold = dialect.fold("moments", &first, ["was", "moment"], &format!("    {}", made.replace('\n', "\n    ")));
        let columns = ["moments".to_owned(), format!("{} AS life", fold.replace('\n', "\n  "))];
        let about = "Section 4: each act moment by moment, each on the state that those before left behind: the peak, the level held,\n\
                     the deliveries n since, and the own standing. The steps of a moment:\n\
                     what it is assessed as: lapse, repeat, or the evidence (least and greatest pass over what is not there)\n\
                     what is new about a delivery: the level that a verdict decided, else a lift above the peak\n\
                     the state after it, where held is set anew by what is expected or better\n\
                     the slide: from held, each level lasts so many deliveries, then the one below, for acts that once\n\
                     reached the level from which acts ride\n\
                     What is told of each moment is four digits: own standing, peak, assessed, own standing after, with 0 for none.\n\
                     They are one text until the end, and told a moment later, for lists are copied at every step.";
        self.step("lives", about, &select(&columns, "FROM histories"));
        let told = format!("split(concat(life.told, ' ', {}), ' ') AS told", digits("life.act"));
        let about = "Section 4: what was told of each moment, without what came before the first.";
        let told = format!("{} AS told", dialect.after_first(&told.replace(" AS told", ""), 2));
        self.step("tales", about, &select(&["moments".to_owned(), told], "FROM lives"));
    }

    /// What a moment is worth, or the market if that is lower; with the state before, if there is any.
    fn assessed(&self, moment: &str, state: bool) -> String {
        let (market, owed) = (format!("{moment}market"), format!("{moment}market - 1"));
        let all = |one: String, others: [Option<&str>; 2]| {
            let others: Vec<_> = others.into_iter().flatten().collect();
            if others.is_empty() { one } else { format!("least({one}, {})", others.join(", ")) }
        };
        let before = format!("coalesce(was.act.own, CASE WHEN was.act.n > 0 THEN {} END) - 1", rank(Level::BASELINE));
        let (evidence, before) = (format!("{moment}evidence"), state.then_some(before.as_str()));
        let (market, owed) = (self.market().then_some(market.as_str()), self.market().then_some(owed.as_str()));
        let mut cases = Vec::new();
        if self.people {
            cases.push(format!("WHEN {moment}declined THEN {evidence}"));
        }
        if state || self.market() {
            cases.push(format!("WHEN {moment}lapsed THEN greatest(1, {})", all(evidence.clone(), [before, owed])));
        }
        if state {
            let missed = format!("CASE WHEN {moment}preference_missed THEN {evidence} END");
            let worth = all("was.act.own".to_owned(), [Some(&missed), market]);
            cases.push(format!("WHEN was.act.own IS NOT NULL AND {moment}lift <= was.act.peak THEN {worth}"));
        }
        let otherwise = all(evidence, [market, None]);
        if cases.is_empty() || otherwise.ends_with("evidence") && !state {
            return otherwise;
        }
        format!("CASE\n  {}\n  ELSE {otherwise}\nEND", cases.join("\n  "))
    }

    fn lived(&mut self, before: &str) {
        let mut facts = self.facts_of_a_moment();
        facts.extend(self.grouped().then(|| "happened_at".to_owned()));
        let mut columns: Vec<_> = facts.iter().map(|fact| format!("moment.{fact}")).collect();
        let digit = |place: u8| format!("CAST(substr(digits, {place}, 1) AS INT)");
        columns.extend([
            format!("nullif({}, 0) AS own", digit(1)),
            format!("{} AS peak", digit(2)),
            format!("{} AS assessed", digit(3)),
            format!("nullif({}, 0) AS own_after", digit(4)),
        ]);
        let from = self.dialect.side_by_side([("moments", "moment"), ("told", "digits")], "tales");
        let mut body = select(&columns, &from);
        let mut about = "Section 4: every moment with what was told of it.".to_owned();
        if !self.path_rides() {
            let mut columns: Vec<_> = facts.clone();
            columns.extend(["CAST(NULL AS INT)".to_owned(), rank(Level::BASELINE).to_string()]);
            columns.extend([self.assessed("", false).replace('\n', "\n  "), "CAST(NULL AS INT)".to_owned()]);
            let others = select(&columns, &format!("FROM {before}\nWHERE act IS NULL"));
            body = format!("{body}\nUNION ALL\n{others}");
            about.push_str(" Without an act there is no state.");
        }
        self.step("lived", &about, &body);
    }

    /// The slide from one level, by the deliveries since it was held.
    fn slide(&self, held: Level) -> String {
        let (mut level, mut deliveries, mut cases) = (held, 0_u64, String::new());
        while let Some(lasts) = self.model.level(level).lasts {
            deliveries += u64::from(lasts.get());
            cases.push_str(&format!("WHEN x.n < {deliveries} THEN {} ", rank(level)));
            level = level.below();
        }
        if cases.is_empty() {
            format!("    WHEN {} THEN {}", rank(held), rank(level))
        } else {
            format!("    WHEN {} THEN CASE {cases}ELSE {} END", rank(held), rank(level))
        }
    }

    /// The lower of own standing and market, where a market row applies.
    fn lower(&self, own: &str) -> String {
        if self.market() { format!("least({own}, market)") } else { own.to_owned() }
    }

    fn rated(&mut self) {
        let repeat = if self.market() {
            "WHEN own IS NOT NULL AND lift <= peak AND NOT (preference_missed AND evidence < own)\n      \
             THEN CASE WHEN assessed < own THEN 'market' ELSE 'repeat' END\n    \
             WHEN assessed < evidence THEN 'market'"
        } else {
            "WHEN own IS NOT NULL AND lift <= peak AND NOT (preference_missed AND evidence < own) THEN 'repeat'"
        };
        let columns = [
            "*".to_owned(),
            format!("{} AS decided", decided("").replace('\n', "\n  ")),
            format!("{} AS standing", self.lower("own")),
            format!("{} AS next", self.lower("own_after")),
            format!(
                "CASE\n    WHEN lapsed THEN CASE WHEN assessed < evidence THEN 'lapse' ELSE 'facts' END\n    \
                 {repeat}\n    ELSE 'facts'\n  END AS rule"
            ),
        ];
        let about = "Section 4: the level that a verdict decided. Section 5: the rule that decided without it.";
        self.step("decided", about, &select(&columns, "FROM lived"));
        let mut columns = [
            "seq",
            "id",
            "coalesce(decided, assessed) AS level",
            "assessed",
            "evidence",
            "standing",
            "next",
            "CASE\n    WHEN decided IS NOT NULL THEN 'verdict'\n    \
             WHEN NOT remarked AND standing IS NULL THEN CASE WHEN lowest IS NULL THEN 'unremarked' ELSE 'verdict' END\n    \
             ELSE rule\n  END AS reason",
            "CASE\n    WHEN decided IS NOT NULL THEN decided <= 2\n    WHEN highest <= 2 THEN TRUE\n    \
             ELSE evidence <= 2 OR rule = 'lapse'\n  END AS failure",
        ]
        .map(str::to_owned)
        .to_vec();
        columns.extend(self.asked().into_iter().chain(self.grouped().then(|| "happened_at".to_owned())));
        let about = "Section 4: the verdict outranks every computation. Section 5: reason and failure.";
        self.step("rated", about, &select(&columns, "FROM decided"));
    }
}

/// The level that a verdict decided, if one did: the assessed level moved into what it allows.
fn decided(moment: &str) -> String {
    let [lowest, highest, assessed] = ["lowest", "highest", "assessed"].map(|name| format!("{moment}{name}"));
    format!(
        "CASE WHEN {lowest} = {highest} OR {assessed} < {lowest} OR {assessed} > {highest}\n  \
         THEN greatest({lowest}, least({highest}, {assessed}))\nEND"
    )
}

/// On lines of its own, among others.
fn on_lines(text: &str) -> String {
    format!("\n  {}", text.replace('\n', "\n  "))
}
