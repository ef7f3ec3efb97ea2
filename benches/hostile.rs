//! How long input takes that is made to be slow to read, at one size and at twice that size:
//! `cargo bench --bench hostile [-- PROGRAM] [WORD]`, with another program in place of the one just built, or only
//! the inputs whose name holds the word. It prints figures and asserts nothing about time: where the
//! time grows with the size, twice the size takes about twice as long.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a benchmark reads a clock and prints figures")]

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A run that takes longer is ended.
const LONGEST: Duration = Duration::from_secs(20);

/// Input that is made to be slow.
struct Attack {
    name: &'static str,
    /// What the program is called with; `FILE` stands for the input, `LEVELS` and `MAP` for what goes with it.
    args: &'static str,
    size: usize,
    make: fn(usize) -> Vec<u8>,
    beside: fn(usize) -> String,
}

/// Nothing stands beside the input.
const ALONE: fn(usize) -> String = |_| String::new();

const RATE: &str = "rate --quiet --keep-going -f tsv FILE";
const IMPORT: &str = "import --quiet --keep-going --map MAP FILE";

/// What is left of every input is one good record.
const GOOD: &str = "{\"recipient\":\"r\",\"point\":\"p\"}\n";

const fn attack(name: &'static str, args: &'static str, size: usize, make: fn(usize) -> Vec<u8>) -> Attack {
    Attack { name, args, size, make, beside: ALONE }
}

const fn mapped(name: &'static str, size: usize, make: fn(usize) -> Vec<u8>, beside: fn(usize) -> String) -> Attack {
    Attack { name, args: IMPORT, size, make, beside }
}

/// The same line again and again, behind a first one.
fn lines(first: &str, line: &str, count: usize) -> Vec<u8> {
    (first.to_owned() + &line.repeat(count)).into_bytes()
}

/// A record with some more in it.
fn with(fields: &str) -> Vec<u8> {
    format!("{{\"recipient\":\"r\",\"point\":\"p\",{fields}}}\n").into_bytes()
}

/// Something for every number, joined by commas.
fn listed(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

/// A record for every number.
fn each(count: usize, fields: impl Fn(usize) -> String) -> Vec<u8> {
    (0..count).flat_map(|number| with(&fields(number))).collect()
}

/// A moment in 2026 for every number.
fn at(number: usize) -> String {
    let (day, hour) = (number / 24, number % 24);
    format!("\"at\":\"2026-{:02}-{:02}T{hour:02}:00:00Z\"", 1 + day / 28 % 12, 1 + day % 28)
}

/// A table of `rate` with so many columns that mean nothing.
fn wide(columns: usize) -> String {
    format!("recipient,point,{}\n", listed(columns, |column| format!("c{column}")))
}

#[rustfmt::skip]
const ATTACKS: &[Attack] = &[
    // brackets and quotes that are never closed, on every line
    attack("[ on every line", RATE, 200_000, |n| lines(GOOD, "[\n", n)),
    attack("{ on every line", RATE, 200_000, |n| lines(GOOD, "{\n", n)),
    attack("{\"a\":[ on every line", RATE, 50_000, |n| lines(GOOD, "{\"a\":[\n", n)),
    attack("{\"a\": on every line", RATE, 50_000, |n| lines(GOOD, "{\"a\":\n", n)),
    attack("{\"a\":[ on every line, then }", RATE, 50_000, |n| [lines(GOOD, "{\"a\":[\n", n), b"}\n".to_vec()].concat()),
    attack("[ and a record on every line", RATE, 100_000, |n| lines(GOOD, "[\n{\"recipient\":\"r\",\"point\":\"p\"},\n", n)),
    attack("nested lines around no UTF-8", RATE, 10_000, |n| [lines(GOOD, "{\"a\":\n", n), b"\"\xFF\"".to_vec(), "}".repeat(n).into_bytes()].concat()),
    attack("\" on every line of JSON", RATE, 200_000, |n| lines(GOOD, "{\"\n", n)),
    attack("[ on every row", IMPORT, 200_000, |n| lines(GOOD, "[\n", n)),
    attack("{\"a\":[ on every row", IMPORT, 50_000, |n| lines(GOOD, "{\"a\":[\n", n)),
    attack("\" on every line of CSV", RATE, 200_000, |n| lines("recipient,point\nr,p\n", "\"\n", n)),
    attack("p\"q,\"r on every line of CSV", RATE, 50_000, |n| lines("recipient,point\nr,p\n", "p\"q,\"r\n", n)),
    attack("b\",\"c on every line of CSV", RATE, 50_000, |n| lines("recipient,point\nr,p\n", "b\",\"c\n", n)),
    attack("p\"q,\"r on every row of CSV", IMPORT, 50_000, |n| lines("recipient,point\nr,p\n", "p\"q,\"r\n", n)),
    // much of one thing in one record or document
    attack("unknown keys of a document", RATE, 40_000, |n| format!("{{{},\"interactions\":[{}]}}", listed(n, |key| format!("\"k{key}\":1")), GOOD.trim_end()).into_bytes()),
    attack("unknown fields of a record", RATE, 100_000, |n| with(&listed(n, |key| format!("\"k{key}\":1")))),
    attack("one unknown field again and again", RATE, 200_000, |n| with(&listed(n, |_| "\"k\":1".to_owned()))),
    attack("one field again and again", RATE, 200_000, |n| with(&listed(n, |_| "\"id\":1".to_owned()))),
    attack("a long list of signals", RATE, 200_000, |n| with(&format!("\"signals\":[{}]", listed(n, |_| "\"late\"".to_owned())))),
    attack("a long list of values", RATE, 200_000, |n| with(&format!("\"value\":[{}]", listed(n, |_| "\"time\"".to_owned())))),
    attack("a long list of amounts", RATE, 100_000, |n| with(&format!("\"value\":[{}]", listed(n, |unit| format!("{{\"kind\":\"time\",\"amount\":1,\"unit\":\"u{unit}\"}}"))))),
    attack("amounts in journey", "journey --quiet -f json FILE", 100_000, |n| with(&format!("\"value\":[{}]", listed(n, |unit| format!("{{\"kind\":\"time\",\"amount\":1,\"unit\":\"u{unit}\"}}"))))),
    attack("a thousand keys of served", RATE, 200, |n| each(n, |_| format!("\"served\":{{{}}}", listed(1000, |key| format!("\"k{key}\":\"v\""))))),
    attack("an array of numbers in one line", RATE, 500_000, |n| format!("[{}]", listed(n, |_| "1".to_owned())).into_bytes()),
    attack("bad records in one line", RATE, 200_000, |n| format!("[{}]", listed(n, |_| "{\"point\":\"\"}".to_owned())).into_bytes()),
    attack("nested brackets", RATE, 5_000_000, |n| with(&format!("\"x\":{}{}", "[".repeat(n), "]".repeat(n)))),
    attack("a number of many digits", RATE, 5_000_000, |n| with(&format!("\"id\":{}", "1".repeat(n)))),
    attack("escapes in one text", RATE, 2_000_000, |n| with(&format!("\"said\":\"{}\"", "\\u0041".repeat(n)))),
    attack("one long text", RATE, 20_000_000, |n| with(&format!("\"said\":\"{}\"", "a".repeat(n)))),
    attack("a long id again and again", RATE, 100, |n| each(n, |_| format!("\"id\":\"{}\"", "a".repeat(100_000)))),
    attack("a long unknown signal", RATE, 5_000_000, |n| with(&format!("\"signals\":[\"{}\"]", "a".repeat(n)))),
    attack("an unknown signal in every record", RATE, 50_000, |n| each(n, |number| format!("\"signals\":[\"lat{number}\"]"))),
    attack("blanks before all", RATE, 15_000_000, |n| [b" ".repeat(n), GOOD.into()].concat()),
    attack("blank lines", RATE, 10_000_000, |n| lines(GOOD, "\n", n)),
    attack("blank lines of CSV", RATE, 10_000_000, |n| lines("recipient,point\nr,p\n", "\n", n)),
    attack("short rows under many columns", RATE, 50_000, |n| lines(&wide(n), "x\n", n)),
    attack("one wide row", RATE, 500_000, |n| lines(&wide(n), &format!("r,p,{}\n", ",".repeat(n - 1)), 1)),
    attack("many commas in a row", RATE, 5_000_000, |n| lines("recipient,point\nr,p\n", &",".repeat(n), 1)),
    attack("many columns", "import --quiet --keep-going --map MAP FILE", 8_000, |n| lines(&wide(n), &format!("r,p,{}\n", ",".repeat(n - 1)), 50)),
    // many different names, and what is counted by them
    attack("recipients, paths and acts", "rate --quiet -f tsv FILE", 100_000, |n| each(n, |number| format!("\"journey\":\"j{number}\",\"action\":\"a{number}\""))),
    attack("groups of a journey", "journey --quiet --by point -f json FILE", 50_000, |n| each(n, |number| format!("\"journey\":\"j{number}\",\"signals\":[\"late\"]"))),
    attack("groups of a journey by ten", "journey --quiet --by recipient,journey,transaction,channel,stage,relation,provider,team,action,point -f json FILE", 20_000, |n| each(n, |number| format!("\"channel\":\"v{number}\",\"team\":\"t{number}\",\"signals\":[\"late\"]"))),
    attack("table of long texts", "journey --quiet FILE", 200, |n| each(n, |number| format!("\"journey\":\"{number}{}\",\"signals\":[\"late\"]", "w ".repeat(5_000)))),
    attack("recoveries of one failure", "recovery --quiet -f json FILE", 50_000, |n| [with("\"id\":\"f\",\"signals\":[\"late\"]"), each(n, |_| "\"recovers\":\"f\",\"signals\":[\"unexpected\"]".to_owned())].concat()),
    attack("recoveries in a chain", "recovery --quiet -f json FILE", 50_000, |n| each(n, |number| format!("\"id\":\"f{}\",\"recovers\":\"f{number}\",\"signals\":[\"late\"]", number + 1))),
    attack("recoveries of nothing", "recovery --quiet --strict --keep-going -f json FILE", 50_000, |n| [with("\"id\":\"f\""), each(n, |number| format!("\"recovers\":\"g{number}\""))].concat()),
    attack("uplift by groups", "uplift --quiet --period month --by journey -f json FILE", 10_000, |n| each(n, |number| format!("{},\"journey\":\"j{}\",\"signals\":[\"late\"]", at(number), number / 3))),
    attack("a report of many points", "report --quiet FILE", 10_000, |n| each(n, |number| format!("{},\"journey\":\"j{number}\",\"action\":\"a{number}\",\"signals\":[\"late\"]", at(number)))),
    attack("acts on the escalator", "decay --quiet -f json FILE", 50_000, |n| each(n, |number| format!("\"action\":\"a{number}\",\"signals\":[\"unexpected\"],\"value\":[\"felt-good\"]"))),
    attack("one act again and again", "decay --quiet -f json FILE", 100_000, |n| each(n, |_| "\"action\":\"a\",\"signals\":[\"unexpected\"],\"value\":[\"felt-good\"]".to_owned())),
    attack("recipients of a document", RATE, 100_000, |n| format!("{{\"recipients\":[{}],\"interactions\":[{}]}}", listed(n, |id| format!("{{\"id\":\"r{id}\",\"prefers\":{{\"channel\":\"email\"}}}}")), GOOD.trim_end()).into_bytes()),
    attack("ids from the last to the first", RATE, 200_000, |n| each(n, |number| format!("\"id\":\"{:08}\"", n - number))),
    // a levels file
    Attack { name: "market rows of one act", args: "rate --quiet --levels LEVELS -f tsv FILE", size: 20_000, make: |n| each(n, |_| format!("{},\"action\":\"a\"", at(0))), beside: |n| market(n, |_| 0) },
    Attack { name: "market rows of many acts", args: "rate --quiet --levels LEVELS -f tsv FILE", size: 20_000, make: |n| each(n / 100, |_| format!("{},\"action\":\"a\"", at(0))), beside: |n| market(n, |row| row) },
    // exports and maps
    attack("cases of --last-by", "import --quiet --keep-going --map MAP --last-by id FILE", 50_000, |n| each(n, |number| format!("\"id\":\"{number}\""))),
    attack("keys of an export", "import --quiet --inspect FILE", 50_000, |n| with(&listed(n, |key| format!("\"k{key}\":1")))),
    attack("spaces after a table", "import --quiet --keep-going --trailer --map MAP FILE", 10_000_000, |n| lines("recipient,point\nr,p\nTotal,\n", " ", n)),
    attack("blanks in another encoding", "import --quiet --map MAP --encoding latin1 FILE", 15_000_000, |n| [b" ".repeat(n), GOOD.into()].concat()),
    mapped("gsub", 50_000, |n| with(&format!("\"t\":\"{}\"", "a".repeat(n))), |_| "{recipient: (.t | gsub(\"a\"; \"b\")), point: \"p\"}".to_owned()),
    mapped("gsub of nothing", 20_000, |n| with(&format!("\"t\":\"{}\"", "a".repeat(n))), |_| "{recipient: (.t | gsub(\"\"; \"b\")), point: \"p\"}".to_owned()),
    mapped("test with a greedy pattern", 20_000, |n| with(&format!("\"t\":\"{}\"", "a".repeat(n))), |_| "{recipient: (.t | test(\"(a+)+b\") | tostring), point: \"p\"}".to_owned()),
    mapped("matches that run to the end", 5_000, |n| with(&format!("\"t\":\"{}\"", "a".repeat(n))), |_| "{recipient: ([.t | match(\"a.*b|a\"; \"g\")] | length | tostring), point: \"p\"}".to_owned()),
    mapped("last of a range", 1_000, |_| GOOD.into(), |_| "{recipient: (last(range(1e9)) | tostring), point: \"p\"}".to_owned()),
    mapped("a list of a range", 1_000, |_| GOOD.into(), |_| "{recipient: ([range(1e9)] | length | tostring), point: \"p\"}".to_owned()),
    mapped("a list of repeats", 1_000, |_| GOOD.into(), |_| "{recipient: ([limit(1e9; repeat(1))] | length | tostring), point: \"p\"}".to_owned()),
    mapped("a text times a billion", 1_000, |_| GOOD.into(), |_| "{recipient: (\"x\" * 1e9 | length | tostring), point: \"p\"}".to_owned()),
    mapped("a text doubled forty times", 1_000, |_| GOOD.into(), |_| "{recipient: (reduce range(40) as $x (\"x\"; . + .) | length | tostring), point: \"p\"}".to_owned()),
    mapped("an object with itself in it", 1_000, |_| GOOD.into(), |_| "{recipient: (reduce range(40) as $x ([1]; [., .]) | tostring), point: \"p\"}".to_owned()),
    mapped("a list of a far place", 1_000, |_| GOOD.into(), |_| "{recipient: ([] | .[1000000000] = 1 | length | tostring), point: \"p\"}".to_owned()),
    mapped("combinations", 1_000, |_| GOOD.into(), |_| "{recipient: ([[range(10)] | combinations(9)] | length | tostring), point: \"p\"}".to_owned()),
];

/// Rows of a market.
fn market(count: usize, act: impl Fn(usize) -> usize) -> String {
    (0..count).fold(String::new(), |mut text, row| {
        let (act, day) = (act(row), row);
        let (year, month, day) = (1900 + day / 336, 1 + day / 28 % 12, 1 + day % 28);
        let _ = writeln!(text, "[[market]]\nact = \"a{act}\"\nsince = {year}-{month:02}-{day:02}\nlevel = \"basic\"");
        text
    })
}

/// A map that takes rows as they are.
const PLAIN: &str = "{recipient: (.recipient // \"r\"), point: (.point // \"p\")}";

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<_> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let program = words.iter().find(|word| Path::new(word).is_absolute());
    let program = program.map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_serveup")), PathBuf::from);
    let wanted = words.iter().find(|word| !Path::new(word).is_absolute());
    println!("{:34}  {:>9}  {:>8}  {:>9}  {:>8}  {:>7}  status", "input", "MB", "seconds", "at twice", "MB/s", "times");
    for attack in ATTACKS.iter().filter(|attack| wanted.is_none_or(|word| attack.name.contains(word.as_str()))) {
        let once = run(&program, attack, attack.size)?;
        // what takes too long is not made to take longer
        let twice = if once.time.is_some() {
            run(&program, attack, attack.size * 2)?
        } else {
            Ran { status: String::new(), ..once }
        };
        let seconds = |ran: &Ran| ran.time.map_or_else(|| "over 20".to_owned(), |time| format!("{time:.3}"));
        let speed = twice.time.map_or_else(String::new, |time| format!("{:.2}", twice.megabytes / time));
        let times = once.time.zip(twice.time).map_or_else(String::new, |(once, twice)| format!("{:.1}", twice / once));
        let (name, megabytes, status) = (attack.name, once.megabytes, &once.status);
        let (once, twice) = (seconds(&once), seconds(&twice));
        println!("{name:34}  {megabytes:>9.3}  {once:>8}  {twice:>9}  {speed:>8}  {times:>7}  {status}");
    }
    Ok(())
}

struct Ran {
    megabytes: f64,
    /// Nothing where it was ended.
    time: Option<f64>,
    status: String,
}

/// The least of three runs where they are short, as a busy machine makes some of them longer.
fn run(program: &Path, attack: &Attack, size: usize) -> Result<Ran, Box<dyn Error>> {
    let mut least = run_once(program, attack, size)?;
    for _ in 0..2 {
        if least.time.is_some_and(|time| time < 1.0) {
            let again = run_once(program, attack, size)?;
            if again.time < least.time {
                least = again;
            }
        }
    }
    Ok(least)
}

fn run_once(program: &Path, attack: &Attack, size: usize) -> Result<Ran, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    // two runs of this at a time are not in each other's way
    let own = |end: &str| folder.join(format!("hostile-{}{end}", std::process::id()));
    let [file, levels, map] = ["", ".toml", ".jq"].map(own);
    let (bytes, beside) = ((attack.make)(size), (attack.beside)(size));
    #[expect(clippy::cast_precision_loss, reason = "a figure of three digits")]
    let megabytes = (bytes.len() + beside.len()) as f64 / 1e6;
    std::fs::write(&file, bytes)?;
    std::fs::write(&levels, &beside)?;
    std::fs::write(&map, if beside.is_empty() { PLAIN } else { &beside })?;
    let mut command = Command::new(program);
    for word in attack.args.split(' ') {
        match word {
            "FILE" => command.arg(&file),
            "LEVELS" => command.arg(&levels),
            "MAP" => command.arg(&map),
            word => command.arg(word),
        };
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let mut child = command.spawn()?;
    loop {
        if let Some(status) = child.try_wait()? {
            let status = status.code().map_or_else(|| status.to_string(), |code| code.to_string());
            return Ok(Ran { megabytes, time: Some(start.elapsed().as_secs_f64()), status });
        }
        if start.elapsed() > LONGEST {
            child.kill()?;
            child.wait()?;
            return Ok(Ran { megabytes, time: None, status: "ended".to_owned() });
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
