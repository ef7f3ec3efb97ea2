//! The roll-up of `journey` on top of the rating: how each group is experienced (section 7 of the model).

use super::facts::select;
use super::{Steps, rank};
use crate::assess::Dimension;
use crate::assess::journey::planned;
use crate::level::Level;
use crate::record::interaction::Stage;
use crate::stats::{EXPANDS_FROM, T_EXPANSION, Z, t_quantile};
use crate::value::Category;

/// What is added up of each recipient and of each group, with the condition under which a moment counts.
const COUNTS: [(&str, &str); 20] = [
    ("unremarked", "reason = 'unremarked'"),
    ("failures", "failure"),
    ("slid", "reason IN ('repeat', 'market')"),
    ("lapses", "reason = 'lapse'"),
    ("criminal", "level = 1 AND reason <> 'unremarked'"),
    ("basic", "level = 2 AND reason <> 'unremarked'"),
    ("expected", "level = 3 AND reason <> 'unremarked'"),
    ("desired", "level = 4 AND reason <> 'unremarked'"),
    ("surprising", "level = 5 AND reason <> 'unremarked'"),
    ("unbelievable", "level = 6 AND reason <> 'unremarked'"),
    ("known", "(value_marks & 1) > 0"),
    ("created", "(value_marks & 2) > 0"),
    ("quantified", "(value_marks & 4) > 0"),
    ("emotional", "(value_marks & 8) > 0"),
    ("relational", "(value_marks & 16) > 0"),
    ("existential", "(value_marks & 32) > 0"),
    ("claims", "claimed IS NOT NULL"),
    ("above", "claimed > level"),
    ("equal", "claimed = level"),
    ("below", "claimed < level"),
];

/// The two shares, each with the moments of a recipient that have it.
const SHARES: [(&str, &str); 2] =
    [("top_half", "desired + surprising + unbelievable"), ("sound", "remarked - failures")];

impl Steps<'_> {
    /// Whether moments are rolled up in groups.
    pub(super) fn grouped(&self) -> bool {
        !self.by.is_empty()
    }

    /// The columns that say in which group a moment is.
    fn keys(&self) -> Vec<String> {
        self.by.iter().enumerate().map(|(place, dimension)| key(place, dimension)).collect()
    }

    /// What a roll-up asks of a record beside what its level is made of: its columns in the first step.
    pub(super) fn asked_of_a_record(&self, path: &str) -> Vec<String> {
        if !self.grouped() {
            return Vec::new();
        }
        let column = |(place, dimension): (usize, &Dimension)| match dimension {
            Dimension::Recipient => None,
            Dimension::Point => Some(format!("{path} AS by_point")),
            Dimension::Tag(tag) => {
                Some(format!("nullif(i.tags[{}], '') AS {}", self.dialect.text(tag.key()), key(place, dimension)))
            }
            _ => Some(format!("nullif(i.{}, '') AS {}", dimension.name(), key(place, dimension))),
        };
        let claimed =
            Level::ALL.map(|level| format!("\n    WHEN {} THEN {}", self.dialect.text(level.name()), rank(level)));
        let keys = self.by.iter().enumerate().filter_map(column);
        keys.chain([format!("CASE i.claimed{}\n  END AS claimed", claimed.concat())]).collect()
    }

    /// What of it goes through the rating, by name.
    pub(super) fn asked(&self) -> Vec<String> {
        if !self.grouped() {
            return Vec::new();
        }
        let mut asked = vec!["recipient".to_owned()];
        asked.extend(self.keys().into_iter().filter(|key| *key != "recipient"));
        asked.extend(["claimed", "value_marks"].map(str::to_owned));
        asked
    }

    /// What a moment says about value, as bits: that it says anything, that some was created, and of each category.
    pub(super) fn value_marks(&self) -> String {
        let dialect = self.dialect;
        let (any, mut bit) = (dialect.filled("created"), 2);
        let categories = Category::ALL.map(|category| {
            bit *= 2;
            format!("\n    + CASE WHEN {} THEN {bit} ELSE 0 END", dialect.holds("categories", category.name()))
        });
        format!(
            "CASE WHEN created IS NULL THEN 0 ELSE 1\n    + CASE WHEN {any} THEN 2 ELSE 0 END{}\n  END AS value_marks",
            categories.concat()
        )
    }

    /// The roll-up, from the level of every moment.
    pub(super) fn roll_up(mut self) -> String {
        self.amounts();
        self.heard();
        self.counted();
        self.intervals();
        let planned = self.planned();
        self.groups(planned)
    }

    /// Section 6: what was measured, added up by kind and unit.
    fn amounts(&mut self) {
        let (dialect, rated) = (self.dialect, self.last);
        let keys_of_moments = self.keys();
        let keys = keys_of_moments.join(", ");
        let object = "item LIKE '{%'";
        let written = self.names_with_a_sign("item").map_or(String::new(), |named| format!(" AND NOT {named}"));
        let columns: Vec<_> = keys_of_moments.iter().map(String::as_str).chain(["item"]).collect();
        let from = dialect.unfolded("created", "item", &columns, "categories");
        let body = format!("SELECT\n  *\n{from}\nWHERE {object} OR item LIKE '%=%'{written}");
        self.step("items", "Section 6: value with an amount, be it an object or a text like money=12.50 EUR.", &body);
        let part = |group| dialect.part("item", "^[^=]*=\\s*(\\S+)\\s*(.*?)\\s*$", group);
        let amount = format!("CASE WHEN {object} THEN {} ELSE {} END", dialect.member("item", "amount"), part(1));
        let unit = format!("CASE WHEN {object} THEN {} ELSE {} END", dialect.member("item", "unit"), part(2));
        let mut columns: Vec<_> = self.keys();
        let place = self.model.value_names().enumerate();
        let place: String =
            place.map(|(place, name)| format!("\n    WHEN {} THEN {place}", dialect.text(name))).collect();
        columns.extend([
            format!("{} AS kind", self.kind_of("item")),
            format!("nullif({unit}, '') AS unit"),
            format!("CAST({amount} AS DECIMAL(38, 15)) AS amount"),
        ]);
        self.step("measures", "Section 6: each amount with its kind and unit.", &select(&columns, "FROM items"));
        let body = format!(
            "SELECT\n  {keys}, kind, unit, sum(amount) AS amount\nFROM measures\nWHERE amount IS NOT NULL\n\
             GROUP BY {keys}, kind, unit"
        );
        self.step("sums", "Section 6: amounts add up by kind and unit.", &body);
        let fields = [
            ("place", format!("CASE kind{place}\n  END")),
            ("named", "CASE WHEN unit IS NULL THEN 0 ELSE 1 END".to_owned()),
            ("unit", "coalesce(unit, '')".to_owned()),
            ("kind", "kind".to_owned()),
            ("amount", "amount".to_owned()),
        ];
        let sorted = dialect.sorted(&dialect.gathered(&dialect.object(&fields)));
        let shown = dialect.object(&[
            ("kind", "x.kind".to_owned()),
            ("unit", "CASE WHEN x.named = 1 THEN x.unit END".to_owned()),
            ("amount", "x.amount".to_owned()),
        ]);
        let amounts = dialect.each(&sorted, "x", &shown);
        let body =
            format!("SELECT\n  {keys},\n  {} AS amounts\nFROM sums\nGROUP BY {keys}", amounts.replace('\n', "\n  "));
        self.step(
            "amounts",
            "Section 6: the sums of a group in one list, in the order of the rules, then by unit.",
            &body,
        );
        self.last = rated;
    }

    /// Who spoke: the moments of each recipient in each group.
    fn heard(&mut self) {
        let mut keys = self.keys();
        keys.retain(|key| *key != "recipient");
        keys.push("recipient".to_owned());
        let seen = self.dialect.object(&[("happened_at", "happened_at".to_owned()), ("seq", "seq".to_owned())]);
        let mut columns: Vec<_> = keys.clone();
        columns.extend([format!("min({seen}) AS seen"), "count(*) AS moments".to_owned()]);
        columns.extend(COUNTS.map(|(name, holds)| format!("count(CASE WHEN {holds} THEN 1 END) AS {name}")));
        let from = format!("FROM {}\nGROUP BY {}", self.last, keys.join(", "));
        self.step(
            "heard",
            "Section 7: who spoke. The moments of each recipient in each group, counted.",
            &select(&columns, &from),
        );
        let mut columns = vec!["*".to_owned(), "moments - unremarked AS remarked".to_owned()];
        columns.extend(SHARES.map(|(share, sum)| format!("{sum} AS {share}")));
        let about = "Section 7: shares are of the moments of which anything was noted: top_half is desired or better,\n\
                     sound what is no failure.";
        self.step("voices", about, &select(&columns, "FROM heard"));
    }

    /// The groups, counted.
    fn counted(&mut self) {
        let mut columns: Vec<_> = self.keys();
        columns.extend(["min(seen) AS seen".to_owned(), "count(*) AS recipients".to_owned()]);
        let names = ["moments", "remarked"].into_iter().chain(COUNTS.map(|(name, _)| name));
        let sums = names.chain(SHARES.map(|(share, _)| share));
        columns.extend(sums.map(|name| format!("CAST(sum({name}) AS BIGINT) AS {name}")));
        columns.push("count(CASE WHEN remarked > 0 THEN 1 END) AS speakers".to_owned());
        columns.push("sum(remarked * remarked) AS n2".to_owned());
        for (share, _) in SHARES {
            columns.push(format!("sum(remarked * {share}) AS {share}_nx"));
            columns.push(format!("sum({share} * {share}) AS {share}_x2"));
        }
        let from = format!("FROM voices\nGROUP BY {}", self.keys().join(", "));
        let about = "Section 7: the groups. Of n moments and x that have it of each recipient, n2, nx and x2 are the sums of\n\
                     n times n, n times x, and x times x.";
        self.step("counted", about, &select(&columns, &from));
    }

    /// The 95 % intervals of the shares, which know who spoke.
    fn intervals(&mut self) {
        let dialect = self.dialect;
        let wide = |count: &str| format!("CAST({count} AS {})", dialect.wide());
        let effect = |share: &str| {
            let (n, x) = (wide("remarked"), wide(share));
            let residuals = format!("{n} * {n} * {share}_x2 - 2 * {n} * {x} * {share}_nx + {x} * {x} * n2");
            let chance = format!("(CAST(remarked AS DOUBLE) * {share} * (remarked - {share}))");
            format!(
                "CASE\n    WHEN remarked = 0 THEN NULL\n    WHEN speakers < 2 THEN 1e0\n    \
                 WHEN {share} IN (0, remarked) THEN CAST(n2 AS DOUBLE) / remarked\n    \
                 ELSE greatest(1e0, least(CAST(remarked AS DOUBLE), CAST(speakers AS DOUBLE) / (speakers - 1)\n      \
                 * (CAST({residuals} AS DOUBLE)\n      / {chance})))\n  END AS {share}_effect"
            )
        };
        let first: Vec<_> = (1..EXPANDS_FROM).map(|degrees| format!("{:e}", t_quantile(degrees))).collect();
        let first: Vec<_> = first.chunks(8).map(|line| line.join(", ")).collect();
        let of_few = dialect.number_of(&format!("\n      {}", first.join(",\n      ")), "speakers - 1");
        let terms = T_EXPANSION.iter().rev().map(|term| format!("{term:e}"));
        let of_many = terms.reduce(|sum, term| format!("({sum}) / (speakers - 1) + {term}")).unwrap_or_default();
        let mut columns = vec!["*".to_owned()];
        columns
            .extend(SHARES.map(|(share, _)| format!("CAST({share} AS DOUBLE) / nullif(remarked, 0) AS {share}_share")));
        columns.extend(SHARES.map(|(share, _)| effect(share)));
        columns.push(format!(
            "CASE\n    WHEN speakers < 2 THEN {Z:e}\n    WHEN speakers <= {EXPANDS_FROM} THEN {of_few}\n    \
             ELSE {of_many}\n  END AS t"
        ));
        let about = "Section 7: by how much moments of the same recipients say less than as many of different ones (Rao and Scott\n\
                     1992), and the 97.5 % point of the t distribution with a degree of freedom less than recipients who spoke:\n\
                     from a table, beyond it by the expansion of Fisher and Cornish, to 1e-9.";
        self.step("spread", about, &select(&columns, "FROM counted"));
        let mut columns = vec!["*".to_owned()];
        columns.extend(SHARES.map(|(share, _)| format!("t * t * {share}_effect / nullif(remarked, 0) AS {share}_u")));
        let about = "Section 7: the square of t for each moment that they count like.";
        self.step("reaches", about, &select(&columns, "FROM spread"));
        let mut columns = vec!["*".to_owned()];
        for (share, _) in SHARES {
            let (p, u) = (format!("{share}_share"), format!("{share}_u"));
            let reach = format!("sqrt({u} * {p} * (1 - {p}) + {u} * {u} / 4)");
            columns.push(format!(
                "CASE WHEN {share} = 0 THEN {p} ELSE greatest(0e0, least({p}, ({p} + {u} / 2 - {reach}) / (1 + {u}))) END AS {share}_low"
            ));
            columns.push(format!(
                "CASE WHEN {share} = remarked THEN {p} ELSE least(1e0, greatest({p}, ({p} + {u} / 2 + {reach}) / (1 + {u}))) END AS {share}_high"
            ));
        }
        let about = "Section 7: the intervals (Wilson 1927, without continuity correction).";
        self.step("intervals", about, &select(&columns, "FROM reaches"));
    }

    /// The groups of the journeys laid out in the rules, in their order; whether there are any.
    fn planned(&mut self) -> bool {
        let planned = planned(self.model, self.by);
        let row = |(place, key): (usize, &crate::assess::Key)| {
            let parts = key.0.iter().map(|(_, value)| self.dialect.text(value.as_deref().unwrap_or_default()));
            format!("({place}, {})", parts.collect::<Vec<_>>().join(", "))
        };
        let rows: Vec<_> = planned.iter().enumerate().map(row).collect();
        if rows.is_empty() {
            return false;
        }
        let named = format!("planned (place, {})", self.keys().join(", "));
        let about = "The steps of the journeys that the rules lay out, also those of which nothing is recorded.";
        self.named_step(&named, about, &format!("VALUES\n  {}", rows.join(",\n  ")));
        true
    }

    /// The last words: the groups as `journey` shows them.
    fn groups(self, planned: bool) -> String {
        let dialect = self.dialect;
        let count = |name: &str| if planned { format!("coalesce({name}, 0)") } else { name.to_owned() };
        let fields =
            |names: &[&'static str]| dialect.object(&names.iter().map(|&name| (name, count(name))).collect::<Vec<_>>());
        let keys = self.keys();
        let names: Vec<_> = self.by.iter().map(Dimension::name).collect();
        let key: Vec<_> = names.iter().zip(&keys).map(|(name, key)| (&**name, format!("g.{key}"))).collect();
        let quartile = |quarters: u64| {
            let mut below = Vec::new();
            let levels = Level::NAMES.map(|level| {
                below.push(level);
                format!("\n    WHEN 4 * ({}) >= {quarters} * remarked THEN '{level}'", below.join(" + "))
            });
            format!("CASE\n    WHEN remarked = 0 THEN NULL{}\n  END", levels.concat())
        };
        let worst = Level::NAMES.map(|level| format!("\n    WHEN {level} > 0 THEN '{level}'"));
        let share = |share: &str| {
            let part = |part: &'static str, column: &str| (part, format!("{share}_{column}"));
            let parts = [("share", "share"), ("low", "low"), ("high", "high"), ("design_effect", "effect")];
            dialect.object(&parts.map(|(name, column)| part(name, column)))
        };
        let valued = [("known", count("known")), ("share", "CAST(created AS DOUBLE) / nullif(known, 0)".to_owned())];
        let enough = self.model.enough();
        let claims = ["above", "equal", "below"].map(|name| (name, count(name)));
        let claims = [("count", count("claims"))].into_iter().chain(claims).collect::<Vec<_>>();
        let columns = [
            format!("{} AS key", dialect.object(&key)),
            format!("{} AS {}", count("moments"), dialect.name("count")),
            count("recipients") + " AS recipients",
            count("unremarked") + " AS unremarked",
            count("failures") + " AS failures",
            count("slid") + " AS slid",
            count("lapses") + " AS lapses",
            format!("{} AS levels", fields(&Level::NAMES)),
            format!("{} AS median", quartile(2)),
            format!("{} AS q1", quartile(1)),
            format!("{} AS q3", quartile(3)),
            format!("CASE{}\n  END AS worst", worst.concat()),
            format!(
                "({} >= {} AND {} >= {}) AS enough",
                count("remarked"),
                enough.interactions,
                count("speakers"),
                enough.recipients
            ),
            share("top_half") + " AS top_half",
            share("sound") + " AS sound",
            format!("{} AS valued", dialect.object(&valued)),
            format!("{} AS {}", fields(&Category::NAMES), dialect.name("value")),
            format!("coalesce(amounts, {}) AS amounts", dialect.no_amounts()),
            format!("{} AS claims", dialect.object(&claims)),
        ];
        let alike = |one: &str, other: &str| {
            let same = keys.iter().map(|key| format!("{one}.{key} IS NOT DISTINCT FROM {other}.{key}"));
            same.collect::<Vec<_>>().join(" AND ")
        };
        let mut from = "FROM intervals AS g".to_owned();
        if planned {
            let join = format!("intervals FULL OUTER JOIN planned USING ({})", keys.join(", "));
            from = format!("FROM (\n  SELECT * FROM {join}\n) AS g");
        }
        let mut order = Vec::new();
        order.extend(planned.then(|| "place NULLS LAST".to_owned()));
        if self.by.first() == Some(&Dimension::Stage) {
            let stages = Stage::NAMES.iter().enumerate();
            let places: String = stages.map(|(place, stage)| format!(" WHEN '{stage}' THEN {place}")).collect();
            order.push(format!("CASE g.by_stage{places} ELSE {} END", Stage::NAMES.len()));
        }
        order.push("seen".to_owned());
        let from = format!("{from}\nLEFT JOIN amounts ON {}\nORDER BY {}", alike("g", "amounts"), order.join(", "));
        format!("{}\n\n{}\n", self.text, select(&columns, &from))
    }
}

/// The column that holds the dimension at a place among those asked for.
fn key(place: usize, dimension: &Dimension) -> String {
    match dimension {
        Dimension::Recipient => "recipient".to_owned(),
        Dimension::Tag(_) => format!("by_tag_{}", place + 1),
        _ => format!("by_{}", dimension.name()),
    }
}
