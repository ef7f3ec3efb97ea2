//! What the tests of `import` share: runs through a map, and the lines that tell what became of the rows.

use serde_json::{Value, json};

use crate::harness::{Serveup, serveup};

/// A map that shows a row as maps see it, in `said`.
pub(crate) const SHOWS: &str = r#"{recipient: "r", point: "p", said: tojson}"#;

/// An import of the file `in` through the map `m.jq`.
pub(crate) fn import(flags: &str, map: &str, content: impl AsRef<[u8]>) -> Serveup {
    serveup(&format!("import --map m.jq in {flags}")).file("m.jq", map).file("in", content)
}

/// What [`SHOWS`] gives for rows that maps see so.
pub(crate) fn shown<S: AsRef<str>>(rows: impl IntoIterator<Item = S>) -> String {
    let line = |row: S| format!("{{\"recipient\":\"r\",\"point\":\"p\",\"said\":{}}}\n", json!(row.as_ref()));
    rows.into_iter().map(line).collect()
}

/// Maps see the rows of this file so, and nothing is said of it.
#[track_caller]
pub(crate) fn sees(flags: &str, content: impl AsRef<[u8]>, rows: &[&str]) {
    import(flags, SHOWS, content).arg("-q").stdout(shown(rows)).run();
}

/// The file is refused with this message, and nothing leaves.
#[track_caller]
pub(crate) fn refused(flags: &str, map: &str, content: impl AsRef<[u8]>, message: &str) {
    import(flags, map, content).status(2).stderr(format!("serveup: {message}\n")).run();
}

fn plural(number: u64, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// The line of counts, for numbers below a thousand.
pub(crate) fn counts(read: u64, mapped: u64, interactions: u64, rejected: u64, dropped: u64) -> String {
    format!(
        "read {}: {mapped} mapped to {}, {rejected} rejected, {dropped} dropped by the map\n",
        plural(read, "row"),
        plural(interactions, "interaction"),
    )
}

/// The line of counts where every row gave one interaction.
pub(crate) fn all(rows: u64) -> String {
    counts(rows, rows, rows, 0, 0)
}

/// The line of counts with what a later row of the same case stands for.
pub(crate) fn superseded(counts: &str, older: u64) -> String {
    format!("{}, {older} superseded by another row of the case\n", counts.trim_end())
}

/// The numbers in a line of counts, in the order they stand there: read, mapped, interactions, rejected, dropped, …
#[track_caller]
pub(crate) fn numbers(line: &str) -> Vec<u64> {
    let numbers = line.split(' ').map(|word| word.trim_end_matches([',', ';']).replace(',', ""));
    numbers.filter_map(|word| word.parse().ok()).collect()
}

/// JSON lines as values.
#[track_caller]
pub(crate) fn values(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}
