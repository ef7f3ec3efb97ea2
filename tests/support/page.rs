//! What the page of `serveup report` is held against.

use std::process::Command;

use serde_json::Value;

/// A figure of the page: where it stands in which json document, and its value.
pub(crate) type Figure = (String, String);

/// Records whose every text tries to be more than text. The names are told from
/// others by their beginning.
pub(crate) const ATTACK: &str = include_str!("attack.json");

/// Runs the program with these arguments and takes what it prints as json.
#[track_caller]
fn document(args: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_serveup"))
        .args(args)
        .args(["-q", "-f", "json"])
        .env_remove("SERVEUP_LEVELS")
        .output()
        .expect("serveup");
    // what cannot be told over time has no document, and no figures
    serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
}

/// The json documents of all commands whose figures the page shows, for the same input and flags.
pub(crate) struct Documents(Vec<(&'static str, Value)>);

impl Documents {
    /// Asks every command; `recovery` and `uplift` get flags of their own.
    #[track_caller]
    pub(crate) fn of(file: &str, shared: &[&str], recovery: &[&str], uplift: &[&str]) -> Self {
        let ask = |command: &[&str]| document(&[command, &[file], shared].concat());
        Self(vec![
            ("journey", ask(&["journey"])),
            ("recipients", ask(&["journey", "--by", "recipient"])),
            ("recovery", ask(&[&["recovery", "--by", "point"], recovery].concat())),
            ("moves", ask(&[&["uplift", "--by", "recipient"], uplift].concat())),
            ("decay", ask(&["decay"])),
            ("uplift", ask(&[&["uplift"], uplift].concat())),
        ])
    }

    /// A document by the name the page gives it.
    pub(crate) fn named(&self, name: &str) -> &Value {
        self.0.iter().find(|(known, _)| *known == name).map_or(&Value::Null, |(_, document)| document)
    }

    /// The value at a path like `journey.groups.3.sound.share`.
    fn at(&self, path: &str) -> Option<&Value> {
        let (name, rest) = path.split_once('.')?;
        rest.split('.').try_fold(self.named(name), |value, part| {
            part.parse::<usize>().ok().and_then(|place| value.get(place)).or_else(|| value.get(part))
        })
    }

    /// Compares the figures of a page; how many there were of each document.
    /// Those of all points together have no document of their own.
    #[track_caller]
    pub(crate) fn compare(&self, page: &str, figures: &[Figure]) -> Vec<(&'static str, usize)> {
        for (is, value) in figures.iter().filter(|(is, _)| !is.starts_with("together.")) {
            let other = self.at(is).unwrap_or_else(|| panic!("{page}: {is} is in no document"));
            let same = match other {
                Value::Null => value.is_empty(),
                Value::String(text) => text == value,
                Value::Number(number) => match (value.parse::<f64>(), number.as_f64()) {
                    // reading a json number may cost its last digit
                    (Ok(told), Some(known)) => (told - known).abs() <= 2.0 * f64::EPSILON * known.abs(),
                    _ => false,
                },
                _ => false,
            };
            assert!(same, "{page}: {is} is {value} and should be {other}");
        }
        let count = |name: &str| figures.iter().filter(|(is, _)| is.split('.').next() == Some(name)).count();
        self.0.iter().map(|(name, _)| (*name, count(name))).collect()
    }
}
