//! The README and the pages under docs/ are true: every command in them is run
//! as shown, and prints what they show. `SERVEUP_BLESS=1 cargo test --test readme` writes the outputs anew.
#![allow(clippy::disallowed_methods, reason = "the test reads and blesses the README")]

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A command after `$ ` and what is to come after it.
struct Transcript<'a> {
    command: &'a str,
    output: String,
}

/// The fenced blocks of a language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    let mut rest = text;
    let mut blocks = Vec::new();
    while let Some((_, from)) = rest.split_once(fence.as_str()) {
        let (block, after) = from.split_once("```").expect("the block is closed");
        blocks.push(block);
        rest = after;
    }
    blocks
}

fn transcripts(block: &str) -> Vec<Transcript<'_>> {
    let mut transcripts: Vec<Transcript<'_>> = Vec::new();
    for line in block.lines() {
        match line.strip_prefix("$ ") {
            Some(command) => transcripts.push(Transcript { command, output: String::new() }),
            None => {
                let last = transcripts.last_mut().expect("a block starts with a command");
                last.output.push_str(line);
                last.output.push('\n');
            }
        }
    }
    transcripts
}

/// Runs a line as a shell would, in a copy of the examples, with the built binary on the path.
fn run(command: &str) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_serveup")).parent().expect("a folder").display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let link = folder.path().join("examples");
    std::os::unix::fs::symlink(Path::new(ROOT).join("examples"), link).expect("a link to the examples");
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {command}; }} 2>&1")])
        .current_dir(folder.path())
        .env("PATH", format!("{binary}:{path}"))
        .env_remove("SERVEUP_LEVELS")
        .output()
        .expect("a shell");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn every_transcript_is_true() {
    assert!(check_transcripts("README.md") >= 5, "the README shows what each command prints");
}

#[test]
fn the_page_about_maps_is_true() {
    assert!(check_transcripts("docs/maps.md") >= 5, "the page shows each step");
}

#[test]
fn the_page_about_presets_is_true() {
    assert!(check_transcripts("docs/presets.md") >= 1, "the page shows what a preset does");
}

#[test]
fn the_page_about_the_report_is_true() {
    assert!(check_transcripts("docs/report.md") >= 1, "the page shows where a figure comes from");
}

#[test]
fn the_page_about_formats_is_true() {
    assert!(check_transcripts("docs/formats.md") >= 1, "the page shows what is escaped");
}

#[test]
fn what_the_talks_ask_is_answered_as_shown() {
    assert!(check_transcripts("docs/model.md") >= 10, "each question has its command");
}

#[test]
fn the_page_about_the_house_is_true() {
    assert!(check_transcripts("docs/architecture.md") >= 1, "the page shows a signal of one's own");
}

/// The files and tests that the page names are there, and so is what its recipes change.
#[test]
fn the_page_about_the_house_leads_somewhere() {
    let read = |name: &str| std::fs::read_to_string(Path::new(ROOT).join(name));
    let page = read("docs/architecture.md").expect("the page");
    let words = page.split('`').skip(1).step_by(2);
    let paths = words.filter(|word| word.contains('/') && !word.contains([' ', '*']));
    for path in paths {
        let made = path.ends_with("/signals.rs") || path.contains("/freshsales.");
        assert!(made || Path::new(ROOT).join(path).exists(), "{path}");
    }
    for test in page.split("--test ").skip(1) {
        let name = test.split(|character: char| !character.is_alphanumeric() && character != '_').next().unwrap_or("");
        let there = [format!("tests/{name}.rs"), format!("tests/{name}/main.rs")];
        assert!(there.iter().any(|file| Path::new(ROOT).join(file).exists()), "{name}");
    }
    let mut files = 0;
    for block in blocks(&page, "diff") {
        let indent = block.lines().next().map_or(0, |line| line.len() - line.trim_start().len());
        for changed in block.split("--- ").skip(1) {
            let (name, change) = changed.split_once('\n').expect("a file and what changes in it");
            let kept = change.lines().filter_map(|line| line.get(indent..)).filter(|line| !line.starts_with('+'));
            let kept: String = kept.filter_map(|line| line.get(1..)).map(|line| format!("{line}\n")).collect();
            assert!(read(name).expect(name).contains(&kept), "{name} has not\n{kept}");
            files += 1;
        }
    }
    assert!(files >= 8, "{files} changes were looked for");
}

/// The table of rooms is in the order in which files of the library use each other. The last rooms use none of their
/// kind but where the page says so.
#[test]
fn a_room_uses_only_what_stands_above_it() {
    let page = std::fs::read_to_string(Path::new(ROOT).join("docs/architecture.md")).expect("the page");
    let rows = page.lines().skip_while(|line| !line.starts_with("| room |")).take_while(|line| line.starts_with('|'));
    let files = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    let rooms: Vec<&str> = files.filter_map(|path| path.strip_prefix("src/")?.strip_suffix(".rs")).collect();
    let modules = |text: &str| {
        let declared = text.lines().filter_map(|line| {
            let line = line.strip_prefix("pub ").unwrap_or(line);
            line.strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned)
        });
        declared.collect::<BTreeSet<_>>()
    };
    let root = std::fs::read_to_string(Path::new(ROOT).join("src/lib.rs")).expect("the root");
    assert_eq!(modules(&root), rooms.iter().map(|&room| room.to_owned()).collect(), "each module has its place");

    let exported = exported(&root);
    let last: Vec<&str> = rooms.iter().copied().skip_while(|&room| room != "session").skip(1).collect();
    let mut uses = 0;
    for (place, &room) in rooms.iter().enumerate() {
        for file in sources(room) {
            let text = std::fs::read_to_string(&file).expect("a source file");
            for name in used(&text) {
                let other = exported.get(name.as_str()).map_or(name.as_str(), String::as_str);
                if other == room {
                    continue;
                }
                let above = rooms[..place].contains(&other);
                let apart = last.contains(&room) && last.contains(&other);
                let said =
                    page.split_whitespace().collect::<Vec<_>>().join(" ").contains(&format!("`{room}` uses `{other}`"));
                assert!(above && (!apart || said), "{room} uses {other}: `crate::{name}` in {}", file.display());
                uses += 1;
            }
        }
    }
    assert!(uses >= 200, "{uses} uses were looked at");
}

/// The room of each item that the root of the library exports.
fn exported(root: &str) -> HashMap<&str, String> {
    let mut exported = HashMap::new();
    for line in root.split("pub use ").skip(1) {
        let (path, rest) = line.split_once("::").expect("a room");
        let items = rest.split_once(';').expect("a whole export").0;
        let words = items.split(|character: char| !character.is_alphanumeric() && character != '_');
        exported.extend(words.map(|word| (word, path.to_owned())));
    }
    exported
}

/// The source files of a room.
fn sources(room: &str) -> Vec<PathBuf> {
    fn within(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("an entry").path());
        let found = entries.flat_map(|path| if path.is_dir() { within(&path) } else { vec![path] });
        found.filter(|path| path.extension().is_some_and(|ending| ending == "rs")).collect()
    }
    let source = Path::new(ROOT).join("src");
    let mut files = within(&source.join(room));
    files.push(source.join(format!("{room}.rs")));
    files
}

/// The names behind `crate::` in a file: rooms, or items that the root exports. Comments and tests may use what they like.
fn used(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let uncommented = code.lines().map(|line| line.find("//").map_or(line, |comment| &line[..comment]));
    // lists may break
    let code = uncommented.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
    let names = code.split("crate::").skip(1).flat_map(|rest| {
        let list = rest.strip_prefix('{').map(|list| list.split('}').next().unwrap_or_default());
        let names = list.unwrap_or(rest).split(',').take(if list.is_some() { usize::MAX } else { 1 });
        names.map(|name| {
            name.trim_start().split(|character: char| !character.is_alphanumeric() && character != '_').next()
        })
    });
    names.flatten().filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Runs every transcript of a page; how many there were.
fn check_transcripts(page: &str) -> usize {
    let file = Path::new(ROOT).join(page);
    let mut readme = std::fs::read_to_string(&file).expect("the page");
    let bless = std::env::var_os("SERVEUP_BLESS").is_some();
    let mut shown = 0;
    for block in blocks(&readme.clone(), "console") {
        let mut fresh = String::new();
        for transcript in transcripts(block) {
            let output = run(transcript.command);
            fresh.push_str(&format!("$ {}\n{output}", transcript.command));
            shown += 1;
            if !bless {
                assert_eq!(output, transcript.output, "$ {}", transcript.command);
            }
        }
        readme = readme.replace(block, &fresh);
    }
    if bless {
        std::fs::write(&file, readme).expect("the page");
    }
    shown
}

#[test]
fn the_two_commands_are_the_first_and_ci_runs_the_second() {
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.md")).expect("the README");
    let commands = blocks(&readme, "sh");
    assert_eq!(commands[0], "cargo run --release -- rate examples/data/shop.json --format table\n");
    let ci = std::fs::read_to_string(Path::new(ROOT).join(".ci/run")).expect("the gate");
    assert!(ci.lines().any(|line| line == commands[1].trim_end()), "{}", commands[1]);
    assert!(readme.lines().count() < 300);
}

#[test]
fn records_and_fields_in_the_readme_are_accepted() {
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.md")).expect("the README");
    for record in blocks(&readme, "json") {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("record.json");
        std::fs::write(&file, record).expect("a file");
        let output = Command::new(env!("CARGO_BIN_EXE_serveup")).arg("rate").arg(&file).output().expect("serveup");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
    for field in serveup::Field::ALL {
        assert!(readme.contains(&format!("`{}`", field.name())), "the README explains `{}`", field.name());
    }
}
