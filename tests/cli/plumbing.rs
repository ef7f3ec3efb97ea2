//! What connects the program with shells and manuals: `completions` and `man`.

use std::process::Command;

use crate::harness::serveup;

const SHELLS: [&str; 5] = ["bash", "zsh", "fish", "powershell", "elvish"];

/// What bash offers for the last of these words, asked as bash itself asks.
fn offered(words: &[&str]) -> Vec<String> {
    let script = serveup("completions bash").any_stdout().run().stdout;
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let (last, before) = (words[words.len() - 1], words[words.len() - 2]);
    let asked = format!(
        "{script}\nCOMP_WORDS=({}); COMP_CWORD={}\n_serveup serveup '{last}' '{before}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"",
        quoted.join(" "),
        words.len() - 1
    );
    let output = Command::new("bash").args(["-c", &asked]).output().expect("bash");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn names_complete_as_far_as_they_are_typed() {
    for (words, names) in [
        (&["serveup", "up"][..], &["uplift"][..]),
        (&["serveup", "rate", "--fail-below", "des"], &["desired"]),
        (&["serveup", "check", "desk", "--signal", "un"], &["unresolved", "unexplained", "unwelcome", "unexpected"]),
        (&["serveup", "check", "desk", "--value", "felt"], &["felt-good"]),
        (&["serveup", "check", "desk", "--verdict", "b"], &["basic", "basic-or-below", "basic-or-above"]),
        (&["serveup", "import", "--from", "zen"], &["zendesk", "zendesk-csv"]),
        (&["serveup", "decay", "--lev"], &["--level", "--levels"]),
        (&["serveup", "schema", "in"], &["interaction", "inspection"]),
        (&["serveup", "journey", "--format", "j"], &["json", "jsonl"]),
    ] {
        assert_eq!(offered(words), names, "{words:?}");
    }
}

#[test]
fn every_shell_gets_levels_signals_kinds_and_presets() {
    for shell in SHELLS {
        let script = serveup(&format!("completions {shell}")).any_stdout().run().stdout;
        let flags = ["calibrate", "fail-below", "keep-going"];
        // two shells complete commands and flags, and leave the values of flags to those who type
        let values = ["unbelievable", "chatwoot-csat", "promise-broken", "felt-good"];
        let values = values.into_iter().filter(|_| !["powershell", "elvish"].contains(&shell));
        for name in flags.into_iter().chain(values) {
            assert!(script.contains(name), "{shell}: {name}");
        }
    }
}

#[test]
fn a_script_can_go_into_a_file_and_other_shells_are_refused() {
    let ran = serveup("completions zsh -o _serveup").run();
    assert!(ran.read("_serveup").starts_with("#compdef serveup\n"));
    serveup("completions csh").status(2).stderr_has("[possible values: bash, elvish, fish, powershell, zsh]").run();
}

#[test]
fn any_signal_may_still_be_given_and_a_wrong_one_is_told_as_before() {
    serveup("check desk --signal lat")
        .status(2)
        .stderr_has("--signal: unknown signal \"lat\"; did you mean \"late\"?")
        .run();
    let own = "[[levels]]\nname = 'desired'\n[levels.signals]\nhandwritten-card = 'by hand'\n";
    let run = serveup("check desk --signal handwritten-card --levels own.toml -f tsv --no-header");
    run.file("own.toml", own).stdout_has("\tdesired\t").run();
}

/// The commands that the help lists.
fn commands() -> Vec<String> {
    let help = serveup("--help").any_stdout().run().stdout;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    listed.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn every_command_has_a_page_with_its_flags_examples_and_the_exit_statuses() {
    for command in commands() {
        let page = serveup(&format!("man {command}")).any_stdout().run().stdout;
        assert!(page.contains(&format!(".TH serveup-{command} 1")), "{page}");
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "\"EXIT STATUS\"", "ENVIRONMENT"] {
            assert_eq!(page.lines().filter(|line| *line == format!(".SH {section}")).count(), 1, "{section} in {page}");
        }
        let usage = format!("serveup {command}").replace('-', "\\-");
        assert!(page.contains(&usage), "{usage} in {page}");
        // no line of it is taken for a request of the typesetter
        let requests = [".TH", ".SH", ".ie", ".el", ".TP", ".RS", ".RE", ".IP", ".nf", ".fi", ".br", ".PP"];
        let odd = |line: &&str| line.starts_with('.') && !requests.iter().any(|request| line.starts_with(request));
        assert_eq!(page.lines().find(odd), None, "{page}");
    }
    let page = serveup("man").any_stdout().run().stdout;
    for part in [".TH serveup 1", ".SH SUBCOMMANDS", "serveup\\-rate(1)", ".SH WORDS", "SERVEUP_LEVELS", "130"] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[test]
fn all_pages_go_into_a_folder() {
    let ran = serveup("man --into man1").any_stdout().run();
    let pages: Vec<String> = commands().iter().map(|command| format!("man1/serveup-{command}.1")).collect();
    assert_eq!(ran.stdout.lines().collect::<Vec<_>>(), [vec!["man1/serveup.1".to_owned()], pages].concat());
    assert_eq!(ran.read("man1/serveup-rate.1"), serveup("man rate").any_stdout().run().stdout);
    let said = "serveup: file/man1: cannot create the folder: ";
    serveup("man --into file/man1").file("file", "").status(2).stderr_has(said).run();
}

#[test]
fn a_page_of_nothing_is_refused() {
    let allowed = commands().join(", ");
    serveup("man rat")
        .status(2)
        .stderr(format!("serveup: man: unknown command \"rat\"; write one of: {allowed}\n"))
        .run();
    serveup("man rate --into man1").status(2).stderr_has("cannot be used with").run();
}
