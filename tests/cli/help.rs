//! The help: it names every flag, and every flag it names is known here.

use std::collections::BTreeSet;

use crate::harness::{FORMATS, serveup};

const READING: &str = "--levels --recipients --sheet --skip --delimiter --encoding --from --map --jq --at --last-by --first-by --trailer --timezone --date-format --as-of --since --until --keep-going \
     --rejects --strict --threads --quiet";
const PRINTING: &str = "--format --color --no-header --escape-formulas --output";
const GATES: &str = "--fail-below --fail-on-failure";

/// Every command with its own flags and whether it reads records, prints and has gates, by the contract.
const COMMANDS: [(&str, &str, &[&str]); 16] = [
    ("rate", "--why --columns --in-order --baseline --only-new", &[READING, PRINTING, GATES]),
    (
        "check",
        "--signal --value --prefers --served --verdict --claimed --omitted --repeat --require --of --min-count --min-recipients",
        &[READING, PRINTING, GATES],
    ),
    ("decay", "--level --deliveries --every", &[READING, PRINTING]),
    ("journey", "--by --sort --require --of --min-count --min-recipients", &[READING, PRINTING]),
    ("uplift", "--period --compare --return-within --series --by --fail-on-slipping", &[READING, PRINTING]),
    ("recovery", "--link-within --by --require --of --min-count --min-recipients", &[READING, PRINTING]),
    ("next", "--for", &[READING, PRINTING]),
    ("calibrate", "", &[READING, PRINTING]),
    ("report", "--title --anonymous --period --link-within --output", &[READING]),
    (
        "import",
        "--from --map --jq --show-map --inspect --last-by --first-by --at --sheet --skip --encoding --delimiter --trailer --levels --timezone --date-format \
         --as-of --keep-going --rejects --strict --threads --quiet",
        &[PRINTING],
    ),
    ("sql", "--dialect --table --recipients-table --ddl --report --by --levels --output", &[]),
    ("init", "--levels", &[]),
    ("levels", "--check --page --levels", &[PRINTING]),
    ("schema", "--row --levels --output", &[]),
    ("completions", "--output", &[]),
    ("man", "--into", &[]),
];

/// All flags of a command, by the contract.
fn flags(own: &str, shared: &[&str]) -> BTreeSet<String> {
    let all = format!("{own} {} --help", shared.join(" "));
    all.split_whitespace().map(str::to_owned).collect()
}

/// The flags that a help text lists.
fn listed(help: &str) -> BTreeSet<String> {
    let lists = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let flag = |line: &str| line.split([' ', ',']).find(|word| word.starts_with("--")).map(str::to_owned);
    lists.filter_map(flag).collect()
}

#[test]
fn every_flag_is_in_the_help_of_its_command() {
    for (command, own, shared) in COMMANDS {
        for line in [format!("{command} --help"), format!("{command} -h"), format!("help {command}")] {
            let help = serveup(&line).any_stdout().run().stdout;
            assert_eq!(listed(&help), flags(own, shared), "{line}");
            assert!(help.contains(&format!("Usage: serveup {command}")), "{help}");
        }
        // the long help shows how it is used
        let help = serveup(&format!("{command} --help")).any_stdout().run().stdout;
        assert!(help.contains(&format!("Examples:\n  serveup {command}")), "{help}");
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
    }
}

#[test]
fn the_help_names_every_command_and_exit_status() {
    for line in ["--help", "-h", "help"] {
        let help = serveup(line).any_stdout().run().stdout;
        let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
        let listed: Vec<&str> = listed.filter_map(|line| line.split_whitespace().next()).collect();
        // whoever adds a command adds it here
        assert_eq!(listed, COMMANDS.map(|(command, ..)| command).into_iter().chain(["help"]).collect::<Vec<_>>());
        for status in ["0", "1", "2", "3", "130"] {
            assert!(help.contains(&format!("\n  {status:<4} ")), "{status} in {help}");
        }
    }
}

#[test]
fn the_examples_in_the_help_run() {
    // as they stand, from the top of the project; what reads other files or other programs is left out
    let help = serveup("--help").any_stdout().run().stdout;
    let examples: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("  serveup ")).collect();
    assert!(examples.len() >= 5, "{help}");
    let mut run = 0;
    for command in COMMANDS.map(|(command, ..)| command).into_iter().chain([""]) {
        let help = serveup(command).arg("--help").any_stdout().run().stdout;
        for example in help.lines().filter_map(|line| line.strip_prefix("  serveup ")) {
            let others = ["|", "init ", "interactions.xlsx", "interactions.jsonl", "my-levels.toml", "export.csv"];
            if others.iter().any(|other| example.contains(other)) {
                continue;
            }
            // where it goes is the shell's business
            let mut words = example.split_whitespace().take_while(|word| *word != ">");
            let first = serveup(words.next().expect("a command"));
            let data = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/");
            let whole = words.fold(first, |run, word| run.arg(word.replacen("examples/", data, 1)));
            let ran = whole.any_stdout().any_stderr().run();
            assert!(!ran.stdout.is_empty(), "{example}");
            run += 1;
        }
    }
    assert!(run >= 10);
}

#[test]
fn without_a_command_the_help_comes_and_the_status_is_two() {
    serveup("").status(2).stderr_has("Usage: serveup <COMMAND>").stderr_has("Exit status:").run();
}

#[test]
fn the_version_is_that_of_the_package() {
    for line in ["--version", "-V"] {
        serveup(line).stdout(format!("serveup {}\n", env!("CARGO_PKG_VERSION"))).run();
    }
}

#[test]
fn usage_errors_have_status_two_and_print_nothing() {
    let formats = format!("[possible values: {}]", FORMATS.join(", "));
    for (line, said) in [
        ("grade", "unrecognized subcommand 'grade'"),
        ("rat in", "a similar subcommand exists: 'rate'"),
        ("--fast", "unexpected argument '--fast'"),
        ("rate in --fast", "unexpected argument '--fast'"),
        ("rate in --formatt json", "a similar argument exists: '--format'"),
        ("rate in -f yaml", formats.as_str()),
        ("rate in -f JSON", formats.as_str()),
        ("rate in --color sometimes", "[possible values: auto, always, never]"),
        ("rate in -f", "a value is required for '--format <FORMAT>'"),
        ("rate in -f json -f tsv", "cannot be used multiple times"),
        ("rate in --since", "a value is required for '--since <WHEN>'"),
        ("check", "<POINT>"),
        ("levels --check", "a value is required for '--check <FILE>'"),
    ] {
        serveup(line).file("in", "[]").status(2).stderr_has(said).run();
    }
}
