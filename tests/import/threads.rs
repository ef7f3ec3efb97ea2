//! Rows are mapped on several threads: the same bytes for any number of them, and an error far behind names its place
//! before anything has left.

use std::fmt::Write as _;
use std::thread;

use crate::harness::{Serveup, serveup};

/// An export, the name of its file, and how it is read.
struct Export {
    line: &'static str,
    file: &'static str,
    content: String,
    /// The error of row 70,000.
    told: &'static str,
}

const MAP: &str = r#"select(.what != "") | {id: "\($row.number)", recipient: .who, point: "desk", signals: [.what]}"#;

/// Three of them: by a preset with a mapper in Rust, by a map of one's own, and a table. One row of `every` gives something, and the row
/// of the number `wrong` is in error.
fn exports(rows: u32, every: u32, wrong: u32) -> [Export; 3] {
    let (mut tickets, mut lines, mut table) = (String::new(), String::new(), "who,what\n".to_owned());
    for row in 1..=rows {
        let (who, time) = (row % 50, format!("2026-01-05T{:02}:{:02}:00Z", row / 60 % 24, row % 60));
        let gives = row.is_multiple_of(every);
        let status = if gives { "closed" } else { "deleted" };
        let (time, what) = match (row == wrong, gives) {
            (true, _) => ("yesterday", "lat"),
            (false, true) => (&*time, ["late", "on-time"][row as usize / 2 % 2]),
            (false, false) => (&*time, ""),
        };
        let score = ["good", "bad", "offered"][row as usize % 3];
        let _ = writeln!(
            tickets,
            r#"{{"id":{row},"requester_id":{who},"status":"{status}","via":{{"channel":"web"}},"created_at":"{time}","updated_at":"{time}","satisfaction_rating":{{"score":"{score}"}}}}"#
        );
        let _ = writeln!(lines, r#"{{"who":"c{who}","what":"{what}"}}"#);
        let _ = writeln!(table, "c{who},{what}");
    }
    [
        Export {
            line: "import --from zendesk -q --as-of 2026-02",
            file: "in.jsonl",
            content: tickets,
            told: ":70000:85: row 70000: zendesk: at: cannot read \"yesterday\"",
        },
        Export {
            line: "import --map m.jq -q",
            file: "in.jsonl",
            content: lines,
            told: ":70000:20: row 70000: m.jq: signals[0]: unknown signal \"lat\"; did you mean \"late\"?",
        },
        Export {
            line: "import --map m.jq -q",
            file: "in.csv",
            content: table,
            // there is a header before it
            told: ":70001:4: row 70000: m.jq: signals[0]: unknown signal \"lat\"; did you mean \"late\"?",
        },
    ]
}

impl Export {
    fn read(&self, flags: &str, by_pipe: bool) -> Serveup {
        let file = if by_pipe { "-" } else { self.file };
        let run = serveup(&format!("{} {file} {flags}", self.line)).file("m.jq", MAP);
        if by_pipe { run.stdin(&self.content) } else { run.file(self.file, &self.content) }
    }
}

#[test]
fn an_error_far_behind_names_its_place_and_nothing_has_left() {
    let exports = exports(70_001, 10, 70_000);
    // each number of threads by a file and by a pipe, each export in both ways, half of them with -o
    let one = |index: usize, threads: u32, by_pipe: bool| {
        let turn = index + usize::from(by_pipe);
        let export = &exports[turn % exports.len()];
        let to = if turn.is_multiple_of(2) { "-o out.jsonl" } else { "" };
        let told = format!("serveup: {}{}", if by_pipe { "stdin" } else { export.file }, export.told);
        // standard output stays empty
        let run = export.read(&format!("--threads {threads} {to}"), by_pipe).status(2).stderr_has(&told);
        let ran = run.run();
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
        assert!(!ran.names().iter().any(|name| name.starts_with("out")), "{:?}", ran.names());
    };
    thread::scope(|scope| {
        for by_pipe in [false, true] {
            scope.spawn(move || {
                [1, 2, 7].into_iter().enumerate().for_each(|(index, threads)| one(index, threads, by_pipe));
            });
        }
    });
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    for export in exports(6_000, 1, 0) {
        let run =
            |threads: u32, by_pipe| export.read(&format!("--threads {threads}"), by_pipe).any_stdout().run().stdout;
        let one = run(1, false);
        assert!(one.lines().count() >= 4_000, "{}: {}", export.line, one.lines().count());
        for (threads, by_pipe) in [(2, false), (2, true), (7, true), (64, false)] {
            assert!(run(threads, by_pipe) == one, "{} with {threads} threads", export.line);
        }
    }
}
