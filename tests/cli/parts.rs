//! Files in the making: what a run leaves that is killed, who removes it, and what the finished
//! file takes over from the one it replaces.

use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::process::Stdio;
use std::time::{Duration, Instant};
use std::{env, thread};

use crate::harness::{NOBODY, Ran, Serveup, is_root, lines, names_in, serveup, skipped};

const RECORD: &str = r#"{"recipient":"a","point":"p","at":"2026-01-05","signals":["late"]}"#;

fn parts(run: &Serveup) -> Vec<String> {
    names_in(&run.path("")).into_iter().filter(|name| name.contains(".serveup-")).collect()
}

#[test]
fn a_run_killed_at_any_moment_leaves_the_older_file_or_the_new_one() {
    // more of them by SERVEUP_KILLS=500
    let kills: u32 = env::var("SERVEUP_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(40);
    let records = if env::var_os("SERVEUP_KILLS").is_some() { 50_000 } else { 5_000 };
    let run = serveup("rate in -o out").file("in", lines(vec![RECORD; records])).file("few", RECORD);
    let start = || run.command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a start");
    let begun = Instant::now();
    assert!(start().wait().expect("an end").success());
    let whole_run = begun.elapsed();
    let new = fs::read_to_string(run.path("out")).expect("text");
    let (mut older, mut newer, mut left) = (0, 0, 0);
    for kill in 0..kills {
        fs::write(run.path("out"), "older\n").expect("a file");
        let mut process = start();
        // the moments are spread evenly, in a jumbled order, over somewhat more than a run takes
        let moment = whole_run.mul_f64((f64::from(kill) * 0.618_033_988_75).fract() * 1.2);
        thread::sleep(moment);
        process.kill().expect("it may be killed");
        process.wait().expect("an end");
        match fs::read_to_string(run.path("out")).expect("text") {
            out if out == "older\n" => older += 1,
            out if out == new => newer += 1,
            out => panic!("after {moment:?}: neither the older file nor the new one, but {} bytes", out.len()),
        }
        if !parts(&run).is_empty() {
            left += 1;
            assert_eq!(parts(&run).len(), 1, "after {moment:?}");
            let next = run.program().args(["rate", "few", "-o", "out"]).current_dir(run.path("")).status();
            assert!(next.expect("a start").success());
        }
        assert_eq!(names_in(&run.path("")), ["few", "in", "out"], "after {moment:?}");
    }
    assert!(older > 0 && left > 0, "{older} of {kills} older, {left} left something");
    eprintln!("{kills} kills: {older} older, {newer} new, {left} left a part that the next run removed");
}

#[test]
fn what_a_live_run_is_writing_is_let_be() {
    let run = serveup("rate - -o out").file("in", lines([RECORD; 3]));
    // what is no part of this output is nobody's to remove
    let others =
        [".out.serveup-abc.part", ".out.serveup-abcdef.pdf", ".other.serveup-abcdef.part", ".serveup-abcdef.part"];
    let run = others.iter().fold(run, |run, name| run.file(name, "kept"));
    let run = run.file(".out.serveup-dead01.part", "left by a run that was killed");
    let mut first = run.start();
    let mut stdin = first.stdin.take().expect("a pipe");
    writeln!(stdin, "{RECORD}").expect("it reads");
    let begun = Instant::now();
    while parts(&run).len() != others.len() + 1 || parts(&run).iter().any(|name| name.contains("dead01")) {
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", parts(&run));
        thread::sleep(Duration::from_millis(2));
    }
    let left = parts(&run);
    let second = run.program().args(["rate", "in", "-o", "out"]).current_dir(run.path("")).status();
    assert!(second.expect("a start").success());
    assert_eq!(parts(&run), left);
    assert_eq!(fs::read_to_string(run.path("out")).expect("text").lines().count(), 4);
    writeln!(stdin, "{RECORD}").expect("it reads");
    drop(stdin);
    assert!(first.wait().expect("an end").success());
    assert_eq!(fs::read_to_string(run.path("out")).expect("text").lines().count(), 3);
    assert_eq!(parts(&run).len(), others.len());
}

#[test]
fn names_may_be_as_long_as_the_disk_allows() {
    for name in ["n".repeat(255), "é".repeat(127), "n".repeat(234), "ab".repeat(50)] {
        let part = |random: &str| {
            let known = if name.starts_with('é') { "é".repeat(50) } else { name[..name.len().min(100)].to_owned() };
            format!(".{known}.serveup-{random}.part")
        };
        let ran = serveup("rate in").arg("-o").arg(&name).file("in", RECORD).file(&part("abcdef"), "left").run();
        let mut names = ["in".to_owned(), name.clone()];
        names.sort();
        assert_eq!(ran.names(), names);
        assert!(ran.read(&name).starts_with("id\t"));
    }
}

/// Owner, group and permissions of the file that came out.
fn looks(ran: &Ran) -> (u32, u32, u32) {
    let metadata = fs::metadata(ran.folder.path().join("out")).expect("a file");
    (metadata.uid(), metadata.gid(), metadata.permissions().mode() & 0o777)
}

#[test]
fn permissions_of_an_older_file_are_kept_past_the_mask() {
    for mode in [0o666, 0o664, 0o600, 0o444] {
        let run = serveup("rate in -o out").file("in", RECORD).file("out", "older");
        fs::set_permissions(run.path("out"), Permissions::from_mode(mode)).expect("permissions");
        assert_eq!(looks(&run.run()).2, mode);
    }
}

#[test]
fn owner_and_group_of_an_older_file_are_kept_where_that_is_allowed() {
    if !is_root() {
        return skipped("only root may give files away");
    }
    let run = || serveup("rate in -o out").file("in", RECORD).file("out", "older");
    let given = run();
    chown(given.path("out"), Some(NOBODY), Some(NOBODY)).expect("root may");
    fs::set_permissions(given.path("out"), Permissions::from_mode(0o640)).expect("permissions");
    assert_eq!(looks(&given.run()), (NOBODY, NOBODY, 0o640));
    // who may not give it away keeps it, and its own group gets no more than all others
    let Some(run) = run().by_nobody() else { return };
    fs::set_permissions(run.path(""), Permissions::from_mode(0o777)).expect("permissions");
    fs::set_permissions(run.path("out"), Permissions::from_mode(0o664)).expect("permissions");
    assert_eq!(looks(&run.run()), (NOBODY, NOBODY, 0o644));
}
