//! No file of the user is written over by a run that reads it, and no result by another of the
//! same run: refused before anything happens, with nothing changed on the disk.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;

use crate::harness::{Serveup, lines, serveup};

const RECORD: &str = r#"{"recipient":"a","point":"p","at":"2026-01-05","signals":["late"]}"#;

/// A folder with one of everything that is read, under several names.
fn laid_out() -> Serveup {
    let run = serveup("").file("in", lines([RECORD, RECORD, "{}"])).file("who", r#"{"id":"a"}"#).file("l.toml", "");
    let run = run.file("m.jq", "{recipient, point, at}").file("t", "recipient,point,at\na,p,2026-01-05\n,,\n");
    let run = run.file(".out.serveup-aB3dE6.part", lines([RECORD]));
    fs::hard_link(run.path("in"), run.path("hard")).expect("a link");
    symlink("in", run.path("soft")).expect("a link");
    fs::create_dir(run.path("sub")).expect("a folder");
    symlink("../new", run.path("sub/link")).expect("a link");
    symlink("sub", run.path("way")).expect("a link");
    run
}

/// Everything in a folder and its folders: where links lead, or what stands in a file, when it
/// was last changed, and which file it is.
fn seen(folder: &Path) -> BTreeMap<String, (Vec<u8>, i64, i64, u64)> {
    let mut seen = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let metadata = fs::symlink_metadata(&path).expect("metadata");
        if metadata.is_dir() {
            seen.extend(self::seen(&path));
            continue;
        }
        let content = match fs::read_link(&path) {
            Ok(target) => target.into_os_string().into_encoded_bytes(),
            Err(_) => fs::read(&path).expect("a file"),
        };
        let seen_now = (content, metadata.mtime(), metadata.mtime_nsec(), metadata.ino());
        seen.insert(path.display().to_string(), seen_now);
    }
    seen
}

/// Lines of shell, of which each is refused because what is written would be what is read.
const REFUSED: &[(&str, &str)] = &[
    // every way to spell a file
    ("serveup rate in -o in", "--output in would overwrite in, an input; name another file"),
    ("serveup rate in -o ./in", "--output ./in would overwrite in, an input; name another file"),
    ("serveup rate ./in -o sub/../in", "--output sub/../in would overwrite ./in, an input; name another file"),
    ("serveup rate in -o way/../in", "--output way/../in would overwrite in, an input; name another file"),
    ("serveup rate in -o hard", "--output hard would overwrite in, an input; name another file"),
    ("serveup rate soft -o hard", "--output hard would overwrite soft, an input; name another file"),
    ("serveup rate in -o soft", "--output soft would overwrite in, an input; name another file"),
    ("serveup rate \"$PWD/in\" -o in", "--output in would overwrite $PWD/in, an input; name another file"),
    ("serveup rate t in -o in", "--output in would overwrite in, an input; name another file"),
    // standard streams that are files
    ("serveup rate -o in < in", "--output in would overwrite the file on standard input; name another file"),
    ("serveup rate - -o in < soft", "--output in would overwrite the file on standard input; name another file"),
    ("serveup rate in >> in", "standard output would overwrite in, an input; name another file"),
    ("serveup rate in -o - >> in", "--output - would overwrite in, an input; name another file"),
    ("serveup rate in -o /dev/stdout >> in", "--output /dev/stdout would overwrite in, an input; name another file"),
    ("serveup import --map m.jq t >> t", "standard output would overwrite t, an input; name another file"),
    (
        "serveup levels --check l.toml >> l.toml",
        "standard output would overwrite l.toml, the file of --check; name another file",
    ),
    // rejects
    ("serveup rate in --keep-going --rejects hard", "--rejects hard would overwrite in, an input; name another file"),
    (
        "serveup rate in --keep-going --recipients who --rejects ./who",
        "--rejects ./who would overwrite who, the file of --recipients; name another file",
    ),
    (
        "serveup journey in --keep-going --levels l.toml --rejects l.toml",
        "--rejects l.toml would overwrite l.toml, the file of --levels; name another file",
    ),
    (
        "SERVEUP_LEVELS=l.toml serveup report in --keep-going --rejects ./l.toml",
        "--rejects ./l.toml would overwrite l.toml, the file of SERVEUP_LEVELS; name another file",
    ),
    (
        "serveup import --map m.jq --keep-going --rejects m.jq t",
        "--rejects m.jq would overwrite m.jq, the file of --map; name another file",
    ),
    (
        "serveup import --map m.jq --keep-going --rejects sub/../t t",
        "--rejects sub/../t would overwrite t, an input; name another file",
    ),
    // two results in one file, which is not there yet
    ("serveup rate in --keep-going -o x --rejects x", "--rejects x and --output x are the same file; name two files"),
    (
        "serveup rate in --keep-going -o x --rejects ./x",
        "--rejects ./x and --output x are the same file; name two files",
    ),
    (
        "serveup import --map m.jq --keep-going -o x --rejects way/../x t",
        "--rejects way/../x and --output x are the same file; name two files",
    ),
    (
        "serveup rate in --keep-going -o new --rejects sub/link",
        "--rejects sub/link and --output new are the same file; name two files",
    ),
    (
        "serveup report in --keep-going -o \"$PWD/x\" --rejects x",
        "--rejects x and --output $PWD/x are the same file; name two files",
    ),
    ("serveup rate in --keep-going --rejects -", "--rejects - and standard output are the same file; name two files"),
    (
        "serveup rate t --keep-going --rejects in >> in",
        "--rejects in and standard output are the same file; name two files",
    ),
    // every command that has an output
    (
        "serveup rate in --recipients who -o who",
        "--output who would overwrite who, the file of --recipients; name another file",
    ),
    ("serveup check p in -o in", "--output in would overwrite in, an input; name another file"),
    (
        "serveup check p --levels l.toml -o l.toml",
        "--output l.toml would overwrite l.toml, the file of --levels; name another file",
    ),
    ("serveup decay in -o in", "--output in would overwrite in, an input; name another file"),
    (
        "SERVEUP_LEVELS=l.toml serveup decay -o l.toml",
        "--output l.toml would overwrite l.toml, the file of SERVEUP_LEVELS; name another file",
    ),
    ("serveup journey in -o in", "--output in would overwrite in, an input; name another file"),
    ("serveup uplift in -o in", "--output in would overwrite in, an input; name another file"),
    ("serveup recovery in -o in", "--output in would overwrite in, an input; name another file"),
    ("serveup calibrate in -o in", "--output in would overwrite in, an input; name another file"),
    ("serveup report in -o in", "--output in would overwrite in, an input; name another file"),
    ("serveup import --map m.jq t -o t", "--output t would overwrite t, an input; name another file"),
    ("serveup import --inspect t -o t", "--output t would overwrite t, an input; name another file"),
    (
        "serveup import --map m.jq t --levels l.toml -o l.toml",
        "--output l.toml would overwrite l.toml, the file of --levels; name another file",
    ),
    (
        "serveup import --map m.jq --show-map -o m.jq",
        "--output m.jq would overwrite m.jq, the file of --map; name another file",
    ),
    (
        "serveup levels --levels l.toml -o l.toml",
        "--output l.toml would overwrite l.toml, the file of --levels; name another file",
    ),
    (
        "serveup sql --dialect duckdb --levels l.toml -o l.toml",
        "--output l.toml would overwrite l.toml, the file of --levels; name another file",
    ),
    (
        "serveup schema interaction --levels l.toml -o l.toml",
        "--output l.toml would overwrite l.toml, the file of --levels; name another file",
    ),
    (
        "mkdir -p man; cd man; serveup man --into . >> serveup.1",
        "--into ./serveup.1 and standard output are the same file; name two files",
    ),
    // what somebody wants to save of a run that was killed
    (
        "serveup rate .out.serveup-aB3dE6.part -o out",
        "--output out would remove .out.serveup-aB3dE6.part, an input, which looks like the rest of an interrupted run; rename it",
    ),
];

#[test]
fn no_output_is_an_input_or_another_output() {
    let run = laid_out();
    fs::create_dir(run.path("man")).expect("a folder");
    fs::write(run.path("man/serveup.1"), "older").expect("a file");
    let before = seen(&run.path(""));
    let folder = fs::canonicalize(run.path("")).expect("a folder").display().to_string();
    for (line, message) in REFUSED {
        let output = run.in_shell(line);
        let said = String::from_utf8_lossy(&output.stderr).replace(&folder, "$PWD");
        assert_eq!((output.status.code(), &*said), (Some(2), &*format!("serveup: {message}\n")), "{line}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{line}");
        assert_eq!(seen(&run.path("")), before, "{line}");
    }
}

#[test]
fn what_is_no_file_may_be_named_twice() {
    let run = laid_out();
    let before = seen(&run.path(""));
    for line in [
        "serveup rate in --keep-going -o /dev/null --rejects /dev/null",
        "serveup rate in --keep-going -o /dev/stdout --rejects /dev/stderr",
        "serveup rate in --keep-going --rejects /dev/null | serveup import --inspect - -o /dev/null",
        "serveup rate /dev/null in --keep-going -o /dev/null",
        "SERVEUP_LEVELS= serveup levels -o /dev/null",
        "serveup rate in --keep-going > /dev/null",
        "serveup rate --keep-going < in",
    ] {
        let output = run.in_shell(line);
        assert_eq!(output.status.code(), Some(0), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(seen(&run.path("")), before, "{line}");
    }
}

#[test]
fn other_files_are_written_as_ever() {
    let run = laid_out();
    for line in [
        "serveup rate in --keep-going -o x --rejects y",
        "serveup rate in --keep-going -o sub/x --rejects x",
        "serveup rate in --keep-going -o sub/link --rejects y",
        "serveup import --map m.jq t --keep-going >> x",
        "mkdir -p other; cp in other; serveup rate in --keep-going -o other/in",
        "serveup man --into man",
    ] {
        let output = run.in_shell(line);
        assert_eq!(output.status.code(), Some(0), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(fs::read_to_string(run.path("new")).expect("text").starts_with("id\t"));
}
