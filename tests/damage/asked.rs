//! What is asked of the program in one case: a command with flags, and the files it is given.

use crate::bytes::{Corpus, WORDS, damage};
use crate::splitmix::SplitMix64;

/// A command line and its files.
pub(crate) struct Asked {
    pub(crate) args: Vec<String>,
    /// Name and content.
    pub(crate) files: Vec<(&'static str, Vec<u8>)>,
    /// Which of them is standard input.
    pub(crate) stdin: Option<&'static str>,
}

const COMMANDS: [&str; 27] = [
    "rate",
    "rate",
    "rate",
    "rate",
    "rate",
    "check",
    "check",
    "decay",
    "decay",
    "journey",
    "journey",
    "uplift",
    "recovery",
    "next",
    "calibrate",
    "report",
    "import",
    "import",
    "import",
    "import",
    "init",
    "levels",
    "levels",
    "sql",
    "schema",
    "completions",
    "man",
];

const DIMENSIONS: [&str; 10] =
    ["point", "recipient", "transaction", "journey", "channel", "stage", "relation", "provider", "team", "action"];

/// Times to look from, some of them no times.
const WHEN: [&str; 12] = [
    "2026-Q1",
    "9999",
    "0000-W01",
    "2026-01-15",
    "2026-02-01T00:00:00Z",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59.999999Z",
    "2016-12-31T23:59:60-23:59",
    "2026-01-15T12:00",
    "1969-12-31",
    "never",
];

/// Formats of dates, and one that is none.
const FORMATS: [&str; 5] = ["%d.%m.%Y", "%s", "%s%3f", "%m/%d/%y %I:%M %p", "%H"];

const ZONES: [&str; 5] = ["Europe/Berlin", "Pacific/Apia", "America/Sao_Paulo", "UTC", "Nowhere/Town"];

/// Draws up a command line.
struct Drawing<'c> {
    chance: SplitMix64,
    corpus: &'c Corpus,
    asked: Asked,
}

impl Asked {
    /// The case of this number.
    pub(crate) fn of(case: u64, corpus: &Corpus) -> Self {
        let asked = Self { args: Vec::new(), files: Vec::new(), stdin: None };
        let mut drawing = Drawing { chance: SplitMix64::new(case), corpus, asked };
        drawing.draw();
        drawing.asked
    }
}

impl Drawing<'_> {
    fn arg(&mut self, arg: impl Into<String>) {
        // no argument of a process can hold a zero byte
        self.asked.args.push(arg.into().replace('\0', "0"));
    }

    /// A flag, so many times in a hundred.
    fn maybe(&mut self, percent: usize, flag: &str) -> bool {
        let given = self.chance.chance(percent);
        if given {
            self.arg(flag);
        }
        given
    }

    /// A flag with one of these values, or now and then with something else.
    fn maybe_with(&mut self, percent: usize, flag: &str, values: &[&str]) {
        if self.maybe(percent, flag) {
            let values = if self.chance.chance(3) { &WORDS } else { values };
            let value = self.chance.pick(values);
            self.arg(value);
        }
    }

    /// One of these words, so many times in a hundred.
    fn maybe_arg(&mut self, percent: usize, words: &[&str]) {
        if self.chance.chance(percent) {
            let word = self.chance.pick(words);
            self.arg(word);
        }
    }

    /// A file; three times in four its content gets damaged.
    fn file(&mut self, name: &'static str, mut content: Vec<u8>) {
        if self.chance.chance(75) {
            damage(&mut content, &mut self.chance, &self.corpus.records);
        }
        self.asked.files.push((name, content));
    }

    fn one_of(&mut self, contents: &[Vec<u8>]) -> Vec<u8> {
        contents[self.chance.below(contents.len())].clone()
    }

    fn draw(&mut self) {
        let command = self.chance.pick(&COMMANDS);
        self.arg(command);
        match command {
            "import" => self.import(),
            "levels" => {
                let content = self.one_of(&self.corpus.levels);
                self.file("rules", content);
                let check = self.chance.chance(50);
                self.arg(if check { "--check" } else { "--levels" });
                self.arg("rules");
                if !check {
                    self.print(true);
                }
            }
            "sql" => {
                let dialect = self.chance.pick(&["duckdb", "spark"]);
                self.arg("--dialect");
                self.arg(dialect);
                self.rules(100);
                self.maybe_with(40, "--table", &["a", "a.b.c", "\"", "`", "a b"]);
                self.maybe_with(40, "--recipients-table", &["people", "a.people"]);
                self.maybe(20, "--ddl");
                self.output(20);
            }
            "init" => {
                let file = self.chance.pick(&["out.xlsx", "out.csv", "out"]);
                self.arg(file);
                self.rules(90);
            }
            "schema" => {
                let what =
                    self.chance.pick(&["interaction", "recipient", "records", "levels", "rating", "journey", ""]);
                self.arg(what);
                self.maybe(30, "--row");
                self.rules(60);
                self.output(20);
            }
            "completions" => {
                let shell = self.chance.pick(&["bash", "zsh", "fish", "powershell", "elvish", "csh"]);
                self.arg(shell);
                self.output(20);
            }
            "man" => self.maybe_arg(80, &["rate", "check", "man", "help", "", "\u{7}"]),
            _ => self.reading(command),
        }
    }

    fn reading(&mut self, command: &str) {
        let described = matches!(command, "check" | "decay") && self.chance.chance(30);
        if command == "check" {
            let point = self.chance.pick(&["resolution", "thank-you", "care/thank-you", "p", "fitting", "a/b", ""]);
            self.arg(point);
        }
        match command {
            "rate" => {
                self.maybe(40, "--why");
                self.maybe(25, "--in-order");
                self.moments_gate();
            }
            "check" => {
                if described {
                    self.moment();
                }
                self.moments_gate();
            }
            "decay" if described => {
                self.maybe_with(50, "--level", &WORDS[..6]);
                self.maybe_with(50, "--deliveries", &["1", "20", "10000"]);
                if self.maybe(50, "--from") {
                    let from = self.chance.pick(&WHEN);
                    self.arg(from);
                    self.maybe_with(90, "--every", &["7d", "1mo", "1000y", "36h", "1s", "9999999d"]);
                }
            }
            "decay" => self.maybe_with(30, "--as-of", &WHEN),
            "journey" => {
                self.by(60);
                self.maybe_with(40, "--sort", &["worst", "name", "count"]);
                if self.maybe(40, "--require") {
                    let share = self.chance.pick(&["90%", "0.5", "0", "100%", "NaN", "2"]);
                    self.arg(share);
                    self.maybe_with(30, "--of", &["sound", "top-half"]);
                    self.maybe_with(30, "--min-count", &["0", "1", "18446744073709551615"]);
                    self.maybe_with(30, "--min-recipients", &["0", "1"]);
                }
            }
            "uplift" => {
                self.by(60);
                self.maybe_with(70, "--period", &["day", "week", "month", "quarter", "year"]);
                self.maybe_with(
                    30,
                    "--compare",
                    &["2026-01..2026-02", "2026-W01..2026-W05", "0001..9999", "..", "2026"],
                );
            }
            "recovery" => self.maybe_with(50, "--link-within", &["1", "14", "4294967295"]),
            "report" => {
                self.maybe(40, "--anonymous");
                self.maybe_with(30, "--period", &["day", "week", "month", "quarter", "year"]);
                self.maybe_with(30, "--link-within", &["1", "14", "4294967295"]);
                self.maybe_with(30, "--as-of", &WHEN);
            }
            _ => {}
        }
        if !described {
            self.records();
        }
        self.rules(25);
        if command == "report" {
            self.output(50);
        } else {
            self.print(false);
        }
    }

    fn moments_gate(&mut self) {
        self.maybe_with(20, "--fail-below", &WORDS[..6]);
        self.maybe(20, "--fail-on-failure");
    }

    fn moment(&mut self) {
        for _ in 0..self.chance.below(4) {
            self.maybe_with(80, "--signal", &WORDS[6..13]);
            self.maybe_with(50, "--value", &WORDS[13..16]);
            self.maybe_with(30, "--prefers", &["channel=email", "a=b", "=", "a="]);
            self.maybe_with(30, "--served", &["channel=email", "a=c", "channel=phone"]);
        }
        self.maybe_with(30, "--verdict", &WORDS[..6]);
        self.maybe_with(30, "--claimed", &WORDS[..6]);
        self.maybe(20, "--omitted");
        self.maybe_with(40, "--repeat", &["1", "3", "100000", "0"]);
    }

    fn by(&mut self, percent: usize) {
        if self.maybe(percent, "--by") {
            let some: Vec<_> = (0..=self.chance.below(3)).map(|_| self.chance.pick(&DIMENSIONS)).collect();
            self.arg(some.join(","));
        }
    }

    fn records(&mut self) {
        match self.chance.below(10) {
            0 | 1 => self.export(),
            mapped => {
                let content = self.one_of(&self.corpus.records);
                self.file("records", content);
                if mapped == 2 {
                    self.maybe_with(100, "--jq", &[".", ".[]?", "empty", "{recipient, point}", ".interactions[]?"]);
                }
                self.source("records", 30);
            }
        }
        self.maybe_with(10, "--sheet", &["Moments", "notes", "recipients", ""]);
        self.maybe_with(10, "--skip", &["1", "2", "1000000000"]);
        self.maybe_with(5, "--delimiter", &[";", "tab", ",", "|", "\""]);
        self.maybe_with(5, "--encoding", &["latin1", "utf-16le", "shift_jis", "utf-8", "windows-1252"]);
        if self.chance.chance(15) {
            let content = self.one_of(&self.corpus.records);
            self.file("more", content);
            self.arg("more");
        }
        if self.maybe(25, "--recipients") {
            self.arg("people");
            let content = self.one_of(&self.corpus.people);
            self.file("people", content);
        }
        self.maybe_with(25, "--timezone", &ZONES);
        self.maybe_with(15, "--date-format", &FORMATS);
        self.maybe_with(15, "--since", &WHEN);
        self.maybe_with(15, "--until", &WHEN);
        self.keep_going();
        self.maybe_with(50, "--threads", &["1", "2", "3"]);
    }

    fn keep_going(&mut self) {
        if self.maybe(75, "--keep-going") && self.maybe(50, "--rejects") {
            self.arg("rejects");
        }
        self.maybe(10, "--strict");
        self.maybe(20, "--quiet");
    }

    fn rules(&mut self, percent: usize) {
        if self.maybe(percent, "--levels") {
            self.arg("rules");
            let content = self.one_of(&self.corpus.levels);
            self.file("rules", content);
        }
    }

    fn print(&mut self, named: bool) {
        self.maybe_with(80, "--format", &["table", "tsv", "csv", "json", "jsonl"]);
        self.maybe_with(20, "--color", &["always", "never", "auto"]);
        self.maybe(20, "--no-header");
        self.output(if named { 10 } else { 25 });
    }

    fn output(&mut self, percent: usize) {
        if self.maybe(percent, "-o") {
            self.arg("out");
        }
    }

    /// A file, or standard input so many times in a hundred.
    fn source(&mut self, name: &'static str, percent: usize) {
        if self.chance.chance(percent) {
            self.asked.stdin = Some(name);
            self.arg("-");
        } else {
            self.arg(name);
        }
    }

    /// An export, and what reads it.
    fn export(&mut self) {
        if self.chance.chance(40) {
            let (map, table) = &self.corpus.maps[self.chance.below(self.corpus.maps.len())];
            // one of the two is damaged at least
            if self.chance.chance(50) {
                self.file("map", map.clone());
            } else {
                self.asked.files.push(("map", map.clone()));
            }
            self.file("export", table.clone());
            self.arg("--map");
            self.arg("map");
        } else {
            let (preset, export) = &self.corpus.exports[self.chance.below(self.corpus.exports.len())];
            self.file("export", export.clone());
            self.arg("--from");
            self.arg(*preset);
        }
        self.source("export", 20);
    }

    fn import(&mut self) {
        self.export();
        self.maybe(15, "--inspect");
        self.maybe_with(15, "--last-by", &["id", "order_id", "order", "Ticket ID"]);
        self.maybe_with(10, "--at", &["tickets", "data.rows"]);
        self.maybe_with(15, "--encoding", &["latin1", "utf-16le", "shift_jis", "utf-8", "windows-1252"]);
        self.maybe_with(15, "--delimiter", &[";", "tab", ",", "|", "\""]);
        self.maybe(20, "--trailer");
        self.maybe_with(60, "--timezone", &ZONES[..4]);
        self.keep_going();
        self.rules(15);
        self.maybe_with(10, "--format", &["jsonl", "json", "csv"]);
        self.output(25);
    }
}
