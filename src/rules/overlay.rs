//! Levels files laid over each other, and checked into a [`Model`].

use std::num::NonZeroU32;
use std::ops::Range;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use toml::Spanned;

use super::page::PageTexts;
use super::plan::{JourneyPlan, Step};
use super::written::{
    File, Names, Written, WrittenCategory, WrittenEscalator, WrittenJourney, WrittenLevel, WrittenMarket, WrittenRung,
};
use super::{
    CategoryRule, Enough, EscalatorRule, KindRule, Lasts, LevelRule, MarketRow, Model, Reserved, Rung, RungRule,
    SignalRule, Unnamed,
};
use crate::error::{Found, Problem, RuleError};
use crate::level::Level;
use crate::moment::{Days, Instant};
use crate::names::Lexicon;
use crate::signal::{SignalId, SignalSet};
use crate::value::{Category, ValueId, ValueSet};

/// Remembers where each name stood in one file, to refuse the second.
struct Once<'a> {
    file: File<'a>,
    seen: HashMap<String, Range<usize>, FixedState>,
}

impl<'a> Once<'a> {
    fn new(file: File<'a>) -> Self {
        Self { file, seen: HashMap::default() }
    }

    fn note(&mut self, what: &str, name: &str, span: Range<usize>) -> Result<(), RuleError> {
        if let Some(first) = self.seen.get(name) {
            let line = self.file.line(first);
            let name = Found::text(name);
            return Err(self
                .file
                .error(&span, format!("{what} {name} is given twice, here and on line {line}; keep one")));
        }
        self.seen.insert(name.to_owned(), span);
        Ok(())
    }
}

/// What is known of a level before all files are read.
#[derive(Default, Clone)]
struct OpenLevel {
    label: Option<String>,
    means: Option<String>,
    step_up: Option<String>,
    lasts: Option<Lasts>,
    needs_value: bool,
}

/// Rules under construction: files are laid over each other, then checked.
#[derive(Default)]
pub(super) struct Rules {
    levels: [OpenLevel; 6],
    signals: Vec<SignalRule>,
    categories: [(Option<String>, Option<String>); 4],
    kinds: Vec<KindRule>,
    from: Option<Level>,
    unnamed: Option<Unnamed>,
    memory: Option<Days>,
    market: Vec<MarketRow>,
    rungs: [(Option<String>, Option<String>, bool); 4],
    journeys: Vec<JourneyPlan>,
    recent: Option<NonZeroU32>,
    interactions: Option<NonZeroU32>,
    recipients: Option<NonZeroU32>,
    page: PageTexts,
}

impl Rules {
    /// Lays the text of one file over what is there: entries are matched by name.
    pub(super) fn lay_over(&mut self, text: &str) -> Result<(), RuleError> {
        let file = File(text);
        let written: Written = toml::from_str(text).map_err(|error| {
            let reason = error.message().lines().collect::<Vec<_>>().join(", ");
            file.error(&error.span().unwrap_or(0..0), reason)
        })?;
        self.lay_levels(file, written.levels)?;
        self.lay_value(file, written.value)?;
        self.lay_escalator(file, &written.escalator)?;
        self.lay_market(file, &written.market)?;
        self.lay_rungs(file, written.response)?;
        self.lay_journeys(file, &written.journey)?;
        self.page.lay_over(file, written.page)?;
        let positive = |key, number: Option<&Spanned<i64>>| number.map(|number| file.positive(key, number)).transpose();
        self.recent = positive("recent", written.loyalty.recent.as_ref())?.or(self.recent);
        self.interactions = positive("interactions", written.enough.interactions.as_ref())?.or(self.interactions);
        self.recipients = positive("recipients", written.enough.recipients.as_ref())?.or(self.recipients);
        Ok(())
    }

    fn lay_levels(&mut self, file: File<'_>, levels: Vec<WrittenLevel>) -> Result<(), RuleError> {
        let (mut names, mut signals) = (Once::new(file), Once::new(file));
        for written in levels {
            let level = file.level("name", &written.name)?;
            names.note("level", level.name(), written.name.span())?;
            let open = &mut self.levels[level.index()];
            if let Some(label) = &written.label {
                open.label = Some(file.label(label)?);
            }
            if let Some(lasts) = &written.lasts {
                if level <= Level::Basic {
                    let reason =
                        format!("lasts: acts rest on {level} for good; leave it out, or use it from expected up");
                    return Err(file.error(&lasts.span(), reason));
                }
                open.lasts = Some(Lasts(file.positive("lasts", lasts)?));
            }
            open.means = written.means.or(open.means.take());
            open.step_up = written.step_up.or(open.step_up.take());
            open.needs_value = written.needs_value.unwrap_or(open.needs_value);
            for (name, means) in in_file_order(written.signals) {
                signals.note("signal", name.get_ref(), name.span())?;
                self.lay_signal(file, &name, level, means)?;
            }
        }
        Ok(())
    }

    fn lay_signal(
        &mut self,
        file: File<'_>,
        written: &Spanned<String>,
        level: Level,
        means: String,
    ) -> Result<(), RuleError> {
        let name = file.name("signal", written)?;
        if let Some((_, stays)) = Reserved::LEVELS.into_iter().find(|(reserved, _)| *reserved == name)
            && stays != level
        {
            let reason =
                format!("signal \"{name}\" cannot move to {level}, because the rules use it; leave it on {stays}");
            return Err(file.error(&written.span(), reason));
        }
        if let Some(known) = self.signals.iter_mut().find(|signal| signal.name == name) {
            (known.level, known.means) = (level, means);
        } else if self.signals.len() == SignalId::MAX {
            let reason = format!("signal \"{name}\" is one too many; keep {} in all", SignalId::MAX);
            return Err(file.error(&written.span(), reason));
        } else {
            self.signals.push(SignalRule { name, means, level });
        }
        Ok(())
    }

    fn lay_value(&mut self, file: File<'_>, categories: Vec<WrittenCategory>) -> Result<(), RuleError> {
        let (mut names, mut kinds) = (Once::new(file), Once::new(file));
        for written in categories {
            let category = file.entry("category", "category", &written.category, &Category::ALL, &Category::NAMES)?;
            names.note("category", category.name(), written.category.span())?;
            let open = &mut self.categories[category.index()];
            if let Some(label) = &written.label {
                open.0 = Some(file.label(label)?);
            }
            open.1 = written.means.or(open.1.take());
            for (name, means) in in_file_order(written.kinds) {
                kinds.note("kind", name.get_ref(), name.span())?;
                self.lay_kind(file, &name, category, means)?;
            }
        }
        Ok(())
    }

    fn lay_kind(
        &mut self,
        file: File<'_>,
        written: &Spanned<String>,
        category: Category,
        means: String,
    ) -> Result<(), RuleError> {
        let name = file.name("kind", written)?;
        if Category::NAMES.contains(&name.as_str()) {
            return Err(
                file.error(&written.span(), format!("kind \"{name}\" has the name of a category; choose another"))
            );
        }
        let full = self.kinds.len() == ValueId::MAX_KINDS;
        match self.kinds.iter_mut().find(|kind| kind.name == name) {
            Some(known) if known.category == category => known.means = means,
            Some(known) => {
                let reason = format!("kind \"{name}\" is already {}; keep it in one category", known.category);
                return Err(file.error(&written.span(), reason));
            }
            None if full => {
                let reason = format!("kind \"{name}\" is one too many; keep {} in all", ValueId::MAX_KINDS);
                return Err(file.error(&written.span(), reason));
            }
            None => self.kinds.push(KindRule { name, means, category }),
        }
        Ok(())
    }

    fn lay_escalator(&mut self, file: File<'_>, written: &WrittenEscalator) -> Result<(), RuleError> {
        if let Some(from) = &written.from {
            self.from = Some(file.level("from", from)?);
        }
        if let Some(unnamed) = &written.unnamed {
            let both = [Unnamed::Off, Unnamed::Point];
            self.unnamed = Some(file.entry("unnamed", "setting", unnamed, &both, &["off", "point"])?);
        }
        if let Some(days) = &written.memory_days {
            self.memory = Some(Days::new(file.positive("memory_days", days)?));
        }
        Ok(())
    }

    fn lay_market(&mut self, file: File<'_>, rows: &[WrittenMarket]) -> Result<(), RuleError> {
        let mut once = Once::new(file);
        for written in rows {
            let act = written.act.get_ref();
            if act.is_empty() {
                return Err(file.error(&written.act.span(), "act: is empty; write the name of an act"));
            }
            let date = match written.since.get_ref() {
                toml::Value::Datetime(date) => date.to_string(),
                toml::Value::String(text) => text.clone(),
                toml::Value::Integer(number) => number.to_string(),
                other => other.type_str().to_owned(),
            };
            let since =
                Instant::parse(&date, None).ok().filter(|_| date.len() == "2026-01-05".len()).ok_or_else(|| {
                    let problem = Problem::form("since", Found::text(&date), "a date like 2026-01-05");
                    file.error(&written.since.span(), problem.to_string())
                })?;
            let level = file.level("level", &written.level)?;
            if level < Level::Basic {
                let reason = "level: a market never makes an act criminal; write basic or better";
                return Err(file.error(&written.level.span(), reason));
            }
            once.note("market row", &format!("{act} since {date}"), written.act.span())?;
            self.market.push(MarketRow { act: act.clone(), since, level });
        }
        Ok(())
    }

    fn lay_rungs(&mut self, file: File<'_>, rungs: Vec<WrittenRung>) -> Result<(), RuleError> {
        let mut once = Once::new(file);
        for written in rungs {
            let rung = file.entry("rung", "rung", &written.rung, &Rung::ALL, &Rung::NAMES)?;
            once.note("rung", rung.name(), written.rung.span())?;
            let open = &mut self.rungs[rung as usize];
            if let Some(label) = &written.label {
                open.0 = Some(file.label(label)?);
            }
            open.1 = written.means.or(open.1.take());
            open.2 = written.helps.unwrap_or(open.2);
        }
        Ok(())
    }

    fn lay_journeys(&mut self, file: File<'_>, journeys: &[WrittenJourney]) -> Result<(), RuleError> {
        let mut names = Once::new(file);
        for written in journeys {
            let name = written.name.get_ref();
            if name.is_empty() {
                return Err(
                    file.error(&written.name.span(), "name: is empty; write what the records call this journey")
                );
            }
            names.note("journey", name, written.name.span())?;
            if written.path.get_ref().is_empty() {
                let reason = "path: is empty; write one step or more, like \"purchase/pick-up\"";
                return Err(file.error(&written.path.span(), reason));
            }
            let (mut steps, mut once) = (Vec::new(), Once::new(file));
            for written in written.path.get_ref() {
                let step = Step::new(name, written.get_ref()).ok_or_else(|| {
                    let allowed = "transaction/point or point, like purchase/pick-up";
                    let problem = Problem::form("path", Found::text(written.get_ref()), allowed);
                    file.error(&written.span(), problem.to_string())
                })?;
                once.note("step", written.get_ref(), written.span())?;
                steps.push(step);
            }
            let plan = JourneyPlan { name: name.clone(), steps };
            match self.journeys.iter_mut().find(|known| known.name == *name) {
                Some(known) => *known = plan,
                None => self.journeys.push(plan),
            }
        }
        Ok(())
    }

    /// The finished model; only a base file that leaves something out can fail here.
    pub(super) fn check(self) -> Result<Model, RuleError> {
        let missing = |what: &str| RuleError { line: 1, column: 1, reason: format!("{what} is missing; add it") };
        let need = |text: Option<String>, what: &str| text.ok_or_else(|| missing(what));
        let mut levels = Vec::new();
        for (open, level) in self.levels.into_iter().zip(Level::ALL) {
            levels.push(LevelRule {
                label: need(open.label, &format!("label of level {level}"))?,
                means: need(open.means, &format!("means of level {level}"))?,
                step_up: need(open.step_up, &format!("step_up of level {level}"))?,
                lasts: open.lasts,
                needs_value: open.needs_value,
            });
        }
        let mut categories = Vec::new();
        for ((label, means), category) in self.categories.into_iter().zip(Category::ALL) {
            let what = format!("label or means of category {category}");
            categories.push(CategoryRule { label: need(label, &what)?, means: need(means, &what)? });
        }
        let mut rungs = Vec::new();
        for ((label, means, helps), rung) in self.rungs.into_iter().zip(Rung::ALL) {
            let what = format!("label or means of rung {rung}");
            rungs.push(RungRule { label: need(label, &what)?, means: need(means, &what)?, helps });
        }
        let (signal_ids, of_level) = index_signals(&self.signals);
        let needing_value = Level::ALL
            .iter()
            .zip(&levels)
            .filter(|(_, rule)| rule.needs_value)
            .fold(SignalSet::EMPTY, |set, (level, _)| of_level[level.index()].iter().fold(set, SignalSet::with));
        let reserved = |name: &str| signal_ids.get(name).ok_or_else(|| missing(&format!("signal {name}")));
        let reserved = Reserved {
            omitted: reserved("omitted")?,
            preferred_way: reserved("preferred-way")?,
            preference_missed: reserved("preference-missed")?,
        };
        let (value_ids, kinds_of) = index_kinds(&self.kinds);
        Ok(Model {
            levels: levels.try_into().map_err(|_: Vec<_>| missing("a level"))?,
            signals: self.signals,
            signal_ids,
            of_level,
            needing_value,
            reserved,
            categories: categories.try_into().map_err(|_: Vec<_>| missing("a category"))?,
            kinds: self.kinds,
            value_ids,
            kinds_of,
            escalator: EscalatorRule {
                from: self.from.ok_or_else(|| missing("escalator.from"))?,
                unnamed: self.unnamed.ok_or_else(|| missing("escalator.unnamed"))?,
                memory: self.memory,
            },
            market: index_market(&self.market),
            market_rows: self.market,
            journeys: self.journeys,
            rungs: rungs.try_into().map_err(|_: Vec<_>| missing("a rung"))?,
            recent: self.recent.ok_or_else(|| missing("loyalty.recent"))?,
            enough: Enough {
                interactions: self.interactions.ok_or_else(|| missing("enough.interactions"))?,
                recipients: self.recipients.ok_or_else(|| missing("enough.recipients"))?,
            },
            page: self.page,
        })
    }
}

/// A table's entries as the file lists them.
fn in_file_order(names: Names) -> Vec<(Spanned<String>, String)> {
    let mut entries: Vec<_> = names.into_iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

fn index_signals(signals: &[SignalRule]) -> (Lexicon<SignalId>, [SignalSet; 6]) {
    let ids = || signals.iter().enumerate().filter_map(|(index, signal)| Some((signal, SignalId::new(index)?)));
    let mut of_level = [SignalSet::EMPTY; 6];
    for (signal, id) in ids() {
        of_level[signal.level.index()].insert(id);
    }
    (Lexicon::new(ids().map(|(signal, id)| (signal.name.as_str(), id))), of_level)
}

fn index_kinds(kinds: &[KindRule]) -> (Lexicon<ValueId>, [ValueSet; 4]) {
    let ids = || kinds.iter().enumerate().filter_map(|(index, kind)| Some((kind, ValueId::kind(index)?)));
    let mut kinds_of = [ValueSet::EMPTY; 4];
    for (kind, id) in ids() {
        kinds_of[kind.category.index()].insert(id);
    }
    let categories = Category::ALL.into_iter().map(|category| (category.name(), ValueId::category(category)));
    (Lexicon::new(categories.chain(ids().map(|(kind, id)| (kind.name.as_str(), id)))), kinds_of)
}

fn index_market(rows: &[MarketRow]) -> HashMap<String, Vec<(Instant, Level)>, FixedState> {
    let mut market: HashMap<String, Vec<(Instant, Level)>, FixedState> = HashMap::default();
    for row in rows {
        market.entry(row.act.clone()).or_default().push((row.since, row.level));
    }
    for rows in market.values_mut() {
        rows.sort_by_key(|&(since, _)| since);
    }
    market
}
