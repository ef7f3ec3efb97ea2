//! What is asked of the program in one case.

use crate::input::{Input, Layout};
use crate::splitmix::SplitMix64;

/// A command line without its input.
pub(crate) struct Asked {
    pub(crate) args: Vec<String>,
    /// Whether standard input need not be named.
    pub(crate) may_be_bare: bool,
    /// Whether it can be said with how many threads.
    pub(crate) threads: bool,
    /// The map that `--map` names.
    pub(crate) map: String,
}

const COMMANDS: [&str; 20] = [
    "rate",
    "rate",
    "rate",
    "rate",
    "rate",
    "rate",
    "rate",
    "journey",
    "journey",
    "journey",
    "uplift",
    "recovery",
    "recovery",
    "calibrate",
    "report",
    "report",
    "decay",
    "check",
    "import",
    "import",
];

/// Inputs longer than this are long.
pub(crate) const LONG: usize = 1 << 17;

/// From the cells of a table to interactions.
const OF_A_TABLE: &str = r#"def names: known | if . then split(";") else null end;
{
  id: .id | known, at: .at | known, recipient: .recipient | known, point: .point | known, action: .action | known,
  signals: .signals | names, value: .value | names, said: .said | known, recovers: .recovers | known
} | with_entries(select(.value != null))
"#;

impl Asked {
    pub(crate) fn draw(chance: &mut SplitMix64, input: &Input) -> Self {
        let mut asked = Self { args: Vec::new(), may_be_bare: false, threads: true, map: ".\n".to_owned() };
        let command = match chance.pick(&COMMANDS) {
            _ if input.layout.is_export() => "import",
            // maps take their time, and nothing is cut into pieces for them
            "import" if input.bytes.len() > LONG => "rate",
            command => command,
        };
        asked.arg(command);
        match command {
            "import" => asked.import(chance, input),
            _ => asked.reading(command, chance),
        }
        if asked.maybe(65, "--keep-going", chance) {
            asked.maybe_with(50, "--rejects", &["rejects"], chance);
        }
        asked.maybe(15, "--strict", chance);
        asked.maybe(10, "--quiet", chance);
        asked
    }

    /// Whether a flag or word was given.
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.args.iter().any(|arg| arg == flag)
    }

    /// The format asked for.
    pub(crate) fn format(&self) -> &str {
        self.args.iter().skip_while(|arg| *arg != "-f").nth(1).map_or("tsv", String::as_str)
    }

    /// Whether the columns of a table are as wide as the rows that came in together need.
    pub(crate) fn widths_may_differ(&self) -> bool {
        self.has("--in-order") && self.format() == "table"
    }

    fn arg(&mut self, arg: &str) {
        self.args.push(arg.to_owned());
    }

    /// A flag, so many times in a hundred.
    fn maybe(&mut self, percent: usize, flag: &str, chance: &mut SplitMix64) -> bool {
        let given = chance.chance(percent);
        if given {
            self.arg(flag);
        }
        given
    }

    fn maybe_with(&mut self, percent: usize, flag: &str, values: &[&str], chance: &mut SplitMix64) {
        if self.maybe(percent, flag, chance) {
            self.arg(chance.pick(values));
        }
    }

    fn reading(&mut self, command: &str, chance: &mut SplitMix64) {
        self.may_be_bare = matches!(command, "rate" | "journey" | "uplift");
        match command {
            "rate" => {
                self.maybe(15, "--why", chance);
                self.maybe(15, "--in-order", chance);
                self.maybe_with(7, "--fail-below", &["expected", "desired"], chance);
                self.maybe(7, "--fail-on-failure", chance);
            }
            "journey" => {
                self.maybe_with(50, "--by", &["recipient", "point", "channel,stage", "action,team"], chance);
                self.maybe_with(40, "--require", &["90%", "0.1"], chance);
            }
            "uplift" => self.maybe_with(60, "--period", &["day", "week", "month"], chance),
            "recovery" => self.maybe_with(40, "--link-within", &["1", "14"], chance),
            "check" => {
                self.arg(chance.pick(&["p0", "p1", "p2", "p0", "nowhere"]));
                self.maybe(20, "--fail-on-failure", chance);
            }
            "decay" => self.maybe_with(30, "--as-of", &["2026-02-01", "2027-01-01"], chance),
            "report" => self.maybe_with(60, "-o", &["out"], chance),
            _ => {}
        }
        self.maybe_with(15, "--recipients", &["../people"], chance);
        self.maybe_with(5, "--since", &["2026-01-06"], chance);
        if command != "report" {
            self.maybe_with(50, "-f", &["csv", "json", "jsonl", "table", "tsv"], chance);
            self.maybe_with(10, "-o", &["out"], chance);
        }
    }

    fn import(&mut self, chance: &mut SplitMix64, input: &Input) {
        self.threads = false;
        let inspect = self.maybe(25, "--inspect", chance);
        let by = match input.layout {
            Layout::Zendesk if chance.chance(80) => {
                self.arg("--from");
                self.arg("zendesk");
                ["ticket"]
            }
            Layout::ServiceNow if chance.chance(80) => {
                self.arg("--from");
                self.arg("servicenow");
                ["number"]
            }
            _ => {
                if !inspect || chance.chance(50) {
                    self.arg("--map");
                    self.arg("../map.jq");
                }
                ["id"]
            }
        };
        if input.layout.delimiter().is_some() {
            OF_A_TABLE.clone_into(&mut self.map);
        }
        self.maybe_with(25, "--last-by", &by, chance);
        self.maybe_with(30, "--timezone", &["Europe/Berlin"], chance);
        self.maybe_with(10, "-o", &["out"], chance);
    }
}
