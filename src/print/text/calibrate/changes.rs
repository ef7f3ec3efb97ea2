//! What verdicts say should be different, and what to write into a levels file for it.

use crate::assess::calibrate::{Advice, Calibration};
use crate::level::Level;
use crate::print::table::{hanging, label, name, paragraph};
use crate::rules::Model;
use crate::wording::{count, grouped};

/// Longer texts are not repeated.
const LONGEST: usize = 300;

/// The changes, or that there are none.
pub(super) fn in_words(model: &Model, report: &Calibration, width: usize) -> String {
    if !super::enough(model, report.count) {
        let fewest = count(u64::from(model.enough().interactions.get()), "moment");
        return paragraph(&format!("There is too little data: nothing is concluded from fewer than {fewest}."), width);
    }
    let advice = report.advice(model);
    if advice.is_empty() {
        return paragraph("No signal and no lasts of a level is clearly out of place.", width);
    }
    let mut text = "\nTo change, by what recipients say:\n".to_owned();
    let mut file = File::default();
    for one in &advice {
        text.push_str(&hanging("- ", &sentence(model, one), width));
        file.note(model, one);
    }
    text + &file.in_words(width)
}

fn sentence(model: &Model, advice: &Advice) -> String {
    match advice {
        Advice::Move { signal, from, to, said, of } => {
            let stays = if is_reserved(model, signal) { " The rules use it, so it cannot move." } else { "" };
            let needs = if model.level(*to).needs_value && stays.is_empty() {
                " There it counts only where value was created."
            } else {
                ""
            };
            format!(
                "{} is on {}; of {} that it decides alone, recipients call {} {}.{stays}{needs}",
                name(signal),
                label(model, *from),
                count(*of, "moment"),
                grouped(*said),
                label(model, *to),
            )
        }
        Advice::Lasts { level, rule, heard, at_least } => {
            let least = if *at_least { "at least " } else { "" };
            let heard = deliveries(*heard);
            format!(
                "{} lasts {} by the rules; by what recipients say, {least}{heard}.",
                label(model, *level),
                deliveries(*rule)
            )
        }
    }
}

fn deliveries(number: u32) -> String {
    if number == 1 { "1 delivery".to_owned() } else { format!("{} deliveries", grouped(u64::from(number))) }
}

fn is_reserved(model: &Model, signal: &str) -> bool {
    let reserved = model.reserved();
    let uses = [reserved.omitted, reserved.preferred_way, reserved.preference_missed];
    model.signal(signal).is_some_and(|id| uses.contains(&id))
}

/// What a levels file has to say: one entry a level, as each may stand in a file once only.
#[derive(Default)]
struct File {
    lasts: [Option<u32>; 6],
    signals: [Vec<(String, String)>; 6],
    /// Signals that the levels file in force names already.
    named: Vec<(String, Level)>,
}

impl File {
    fn note(&mut self, model: &Model, advice: &Advice) {
        match advice {
            Advice::Lasts { level, heard, .. } => self.lasts[level.index()] = Some(*heard),
            Advice::Move { signal, from, to, .. } if !is_reserved(model, signal) => {
                let means = model.signal(signal).map(|id| model.signals()[id.index()].means.clone());
                let means = means.unwrap_or_default();
                let shipped = Model::shipped();
                let as_shipped = shipped.signal(signal).map(|id| &shipped.signals()[id.index()]);
                if as_shipped.is_none_or(|rule| rule.level != *from || rule.means != means) {
                    self.named.push((signal.clone(), *from));
                }
                self.signals[to.index()].push((signal.clone(), means));
            }
            Advice::Move { .. } => {}
        }
    }

    fn in_words(&self, width: usize) -> String {
        let mut lines = Vec::new();
        for level in Level::ALL {
            let (lasts, signals) = (self.lasts[level.index()], &self.signals[level.index()]);
            if lasts.is_none() && signals.is_empty() {
                continue;
            }
            lines.push("[[levels]]".to_owned());
            lines.push(format!("name = \"{level}\""));
            lines.extend(lasts.map(|lasts| format!("lasts = {lasts}")));
            if !signals.is_empty() {
                lines.push("[levels.signals]".to_owned());
            }
            for (signal, means) in signals {
                lines.extend(entry(signal, means, width.saturating_sub(INDENT.len())));
            }
        }
        if lines.is_empty() {
            return String::new();
        }
        let mut text = paragraph(
            "In a levels file (--levels FILE) that is, where an entry of the same name takes these keys:",
            width,
        );
        for line in lines {
            text.push_str(&format!("{INDENT}{line}\n"));
        }
        for (signal, level) in &self.named {
            let line = format!("Take {} out from under {level} in your levels file.", name(signal));
            text.push_str(&paragraph(&line, width));
        }
        text
    }
}

const INDENT: &str = "    ";

/// A signal with its text as TOML; a text that is longer than a line is broken where TOML joins it again.
fn entry(signal: &str, means: &str, width: usize) -> Vec<String> {
    let bare = signal.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character));
    let key = if bare { signal.to_owned() } else { format!("\"{}\"", escaped(signal)) };
    let means = escaped(means);
    if key.chars().count() > LONGEST || means.chars().count() > LONGEST {
        return vec![format!("{} = \"…\"", name(&key))];
    }
    let line = format!("{key} = \"{means}\"");
    if line.chars().count() <= width {
        return vec![line];
    }
    let broken = hanging("", &means, width.saturating_sub(4));
    let parts: Vec<&str> = broken.lines().collect();
    let last = parts.len().saturating_sub(1);
    let part = |(index, part): (usize, &&str)| format!("{part}{}", if index == last { "\"\"\"" } else { " \\" });
    std::iter::once(format!("{key} = \"\"\"\\")).chain(parts.iter().enumerate().map(part)).collect()
}

/// A text between the quotes of TOML, with nothing in it that cannot be seen.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        let mut bytes = [0; 4];
        let shown = crate::printable(character.encode_utf8(&mut bytes));
        match character {
            '"' | '\\' => escaped.extend(['\\', character]),
            _ if shown.chars().eq([character]) => escaped.push(character),
            _ => escaped.push_str(&format!("\\U{:08x}", u32::from(character))),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_written_is_read_as_it_was() {
        for (signal, means) in [
            ("late", "it came later than agreed"),
            ("a.b", "a \"quoted\" \\ text,\nof two lines and \u{202e}turned"),
            ("minimum-violated", "something anyone may rightly expect was denied: safety, honesty, dignity"),
            (
                "ä",
                "a very long text that does not fit into one line of eighty characters, and not into two, so that it \
                   is broken more than once, with \"quotes\" and a \\ in it",
            ),
        ] {
            let lines = entry(signal, means, 70);
            assert!(lines.iter().all(|line| line.chars().count() <= 70), "{lines:?}");
            let text = format!("[[levels]]\nname = 'expected'\n[levels.signals]\n    {}\n", lines.join("\n    "));
            let model = Model::with_overlay(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            let id = model.signal(signal).expect("the signal");
            assert_eq!(model.signals()[id.index()].means, means, "{text}");
        }
        assert_eq!(entry("late", &"long ".repeat(100), 70), ["late = \"…\""]);
    }
}
