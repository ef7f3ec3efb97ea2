//! Levels files that use every rule, each with the records to rate by it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serveup::Model;
use serveup::sql::{TableName, query};

use crate::engine::Engine;
use crate::generate::{people, records};
use crate::splitmix::SplitMix64;

/// One levels file, and how its records are.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) levels: &'static str,
    pub(crate) timed: bool,
    pub(crate) people: bool,
}

const RECORDS: usize = 27_000;

/// Everything at once: names of all kinds, moved signals, own kinds, market, memory, unnamed acts.
pub(crate) const EVERYTHING: Case = Case { name: "everything", levels: EVERY_RULE, timed: true, people: true };

const EVERY_RULE: &str = r#"
[[levels]]
name = "criminal"
[levels.signals]
"it's" = "an apostrophe"
'back\slash' = "a backslash"
[[levels]]
name = "basic"
needs_value = true
[levels.signals]
"`tick`" = "backticks"
'say"so"' = "quotes"
forewarned = "moved down"
[[levels]]
name = "expected"
lasts = 2
[levels.signals]
'--no' = "a comment"
late = "moved up"
[[levels]]
name = "desired"
[levels.signals]
'${HOME}' = "a variable"
"naïve🎁" = "other writing"
[[levels]]
name = "surprising"
lasts = 3
[levels.signals]
'\u0041' = "an escape that is none"
'per%cent_' = "a pattern"
[[levels]]
name = "unbelievable"
needs_value = false
[levels.signals]
'/*star*/' = "another comment"
unresolved = "moved all the way"
[[value]]
category = "emotional"
[value.kinds]
"d'or" = "an apostrophe"
'\n' = "a backslash"
[escalator]
from = "desired"
unnamed = "point"
memory_days = 2
[[market]]
act = "gift"
since = 2026-02-20
level = "basic"
[[market]]
act = "gift"
since = 2026-02-25
level = "surprising"
[[market]]
act = "trip/desk"
since = 2026-02-18
level = "desired"
[[market]]
act = "o'hara"
since = 2026-02-21
level = "expected"
[[market]]
act = "tab\tand\nline"
since = 0001-01-01
level = "expected"
[[market]]
act = "nul\u0000l"
since = 2026-02-19
level = "basic"
[[market]]
act = '${HOME}'
since = 2026-02-19
level = "basic"
[[market]]
act = '\u0041 -- no comment'
since = 2026-02-19
level = "basic"
"#;

/// All levels files; together over 200,000 records.
pub(crate) const CASES: [Case; 8] = [
    EVERYTHING,
    Case { name: "shipped", levels: "", timed: true, people: true },
    Case { name: "shipped-no-times", levels: "", timed: false, people: true },
    Case { name: "shipped-nobody-known", levels: "", timed: true, people: false },
    Case {
        name: "market-by-path",
        levels: "[escalator]\nfrom = 'expected'\n[[market]]\nact = 'trip/desk'\nsince = 2026-02-20\nlevel = 'expected'\n\
                 [[market]]\nact = 'gift'\nsince = '2026-02-24'\nlevel = 'basic'\n[[market]]\nact = 'desk'\n\
                 since = 9999-12-30\nlevel = 'basic'\n[[levels]]\nname = 'expected'\nneeds_value = true\n\
                 [[levels]]\nname = 'criminal'\nneeds_value = true\n",
        timed: true,
        people: true,
    },
    Case {
        name: "all-ride-and-are-forgotten",
        levels: "[escalator]\nfrom = 'criminal'\nmemory_days = 1\n[[levels]]\nname = 'desired'\nlasts = 4\n\
                 needs_value = true\n[[levels]]\nname = 'unbelievable'\nlasts = 2\n",
        timed: true,
        people: true,
    },
    Case {
        name: "no-value-needed-no-times",
        levels: "[escalator]\nunnamed = 'point'\nmemory_days = 1\n[[market]]\nact = 'gift'\nsince = 2026-02-20\n\
                 level = 'basic'\n[[levels]]\nname = 'surprising'\nneeds_value = false\n[[levels]]\n\
                 name = 'unbelievable'\nneeds_value = false\n",
        timed: false,
        people: true,
    },
    Case {
        name: "long-memories",
        levels: "[escalator]\nfrom = 'unbelievable'\nmemory_days = 4294967295\n[[levels]]\nname = 'unbelievable'\n\
                 lasts = 4294967295\n[[levels]]\nname = 'expected'\nlasts = 4294967295\n",
        timed: true,
        people: false,
    },
];

impl Case {
    pub(crate) fn model(&self) -> Model {
        Model::with_overlay(self.levels).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// Lays out the records and the program's own ratings in a folder of this name.
    pub(crate) fn lay_out(&self, cases: &Path, count: Option<usize>) -> PathBuf {
        let (model, folder, count) = (self.model(), cases.join(self.name), count.unwrap_or(RECORDS));
        fs::create_dir_all(&folder).expect("a folder");
        let mut chance = SplitMix64::new(u64::try_from(self.name.len() + count).expect("a seed"));
        let write = |name: &str, text: String| fs::write(folder.join(name), text).expect("a file");
        write("levels.toml", self.levels.to_owned());
        write("interactions.jsonl", records(&model, &mut chance, count, self.timed));
        let mut rate = Command::new(env!("CARGO_BIN_EXE_serveup"));
        rate.args(["rate", "interactions.jsonl", "--levels", "levels.toml", "-f", "tsv", "--quiet"]);
        if self.people {
            write("recipients.jsonl", people(&model, &mut chance, count / 60 + 1, self.timed));
            rate.args(["--recipients", "recipients.jsonl"]);
        }
        let output = rate.current_dir(&folder).output().expect("serveup");
        assert!(output.status.success(), "{}: {}", self.name, String::from_utf8_lossy(&output.stderr));
        write("program.tsv", String::from_utf8(output.stdout).expect("text"));
        folder
    }

    /// The query for an engine.
    pub(crate) fn query(&self, engine: Engine) -> String {
        let table = |name| TableName::new(name, engine.dialect()).expect("a name");
        query(
            &self.model(),
            engine.dialect(),
            &table("interactions"),
            self.people.then(|| table("recipients")).as_ref(),
        )
    }
}

/// The columns of a query's answer.
pub(crate) const COLUMNS: &str = "id\tlevel\trank\tassessed\tevidence\tstanding\tnext\treason\tfailure";

/// The program's ratings, cut down to the columns that a query gives.
pub(crate) fn by_the_program(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("program.tsv")).expect("ratings");
    let header: Vec<&str> = text.lines().next().expect("a header").split('\t').collect();
    let place = |name| header.iter().position(|column| *column == name).expect("a column");
    let places: Vec<usize> = COLUMNS.split('\t').map(place).collect();
    let line = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        places.iter().map(|&place| cells[place]).collect::<Vec<_>>().join("\t")
    };
    text.split_terminator('\n').map(line).collect()
}

/// What an engine answered to a query of a case.
pub(crate) fn answer(folder: &Path, query: &str) -> Vec<String> {
    let text = fs::read_to_string(folder.join(query).with_extension("tsv")).expect("an answer");
    text.split_terminator('\n').map(str::to_owned).collect()
}
