//! Lines of a table in Markdown, in which every text stays a text.
//!
//! Words and numbers stand as they are. A text with anything in it that Markdown, or those who show it, could take for
//! more (emphasis, HTML, links, mentions, references to issues, emoji) stands as code, where nothing is taken for
//! anything: a backslash would not do, for mentions and references are looked for once the backslashes are gone. Only a
//! pipe ends a cell in code, too, so pipes stand outside.

use crate::printable::printable;

/// Adds the line of these cells.
pub(super) fn line<'a>(bytes: &mut Vec<u8>, cells: impl Iterator<Item = &'a [u8]>) {
    bytes.push(b'|');
    for cell in cells {
        bytes.push(b' ');
        self::cell(bytes, &String::from_utf8_lossy(cell));
        bytes.extend_from_slice(b" |");
    }
    bytes.push(b'\n');
}

/// Adds the line between the names of this many columns and what is in them.
pub(super) fn rule(bytes: &mut Vec<u8>, columns: usize) {
    bytes.push(b'|');
    bytes.extend_from_slice(&b" --- |".repeat(columns));
    bytes.push(b'\n');
}

fn cell(bytes: &mut Vec<u8>, text: &str) {
    let text = printable(text);
    if is_bare(&text) {
        bytes.extend_from_slice(text.as_bytes());
        return;
    }
    for (index, part) in text.split('|').enumerate() {
        if index > 0 {
            bytes.extend_from_slice(b"\\|");
        }
        code(bytes, part);
    }
}

/// Adds a text without pipes as code, in more backticks than it has in a row.
fn code(bytes: &mut Vec<u8>, text: &str) {
    if text.chars().all(|character| character == ' ') {
        bytes.extend_from_slice(text.as_bytes());
        return;
    }
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // one blank at either end belongs to the fence, where both are there
    let blank = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    bytes.extend_from_slice([&fence, blank, text, blank, &fence].concat().as_bytes());
}

/// Whether a text is nothing but words and numbers, with what ends a part of a sentence.
fn is_bare(text: &str) -> bool {
    text.is_empty() || text.split(' ').all(|word| is_word(word) || is_number(word))
}

/// Letters, at most joined by hyphens and apostrophes, with at most one mark behind them.
fn is_word(word: &str) -> bool {
    let word = word.strip_suffix([',', ';', '.', '?', '!']).unwrap_or(word);
    // seven letters of a hexadecimal number may be those of a commit
    let hash = word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let letters = |part: &str| !part.is_empty() && part.chars().all(char::is_alphabetic);
    !hash && word.split(['-', '\'']).all(letters)
}

/// A number, a date or a time.
fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    let inside = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'.' | b':' | b'T' | b'Z');
    let ends_in_digit = digits.trim_end_matches('Z').ends_with(|last: char| last.is_ascii_digit());
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let numeral = digits.starts_with(|first: char| first.is_ascii_digit()) && ends_in_digit;
    // digits alone may be those of a commit, too, unless there is a mark among them
    let hash = plain && !digits.contains('.') && digits.len() >= 7;
    numeral && !hash && word.len() < 40 && digits.bytes().all(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lined(cells: &[&str]) -> String {
        let mut bytes = Vec::new();
        line(&mut bytes, cells.iter().map(|cell| cell.as_bytes()));
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn words_and_numbers_are_bare_and_all_else_is_code() {
        assert_eq!(lined(&["basic", "", "0.25", "on-time"]), "| basic |  | 0.25 | on-time |\n");
        assert_eq!(lined(&["2026-01-05T09:30:00Z", "-3"]), "| 2026-01-05T09:30:00Z | -3 |\n");
        for text in ["You said Monday, 3 days ago.", "Zoë's", "日本語", "isn't it?"] {
            assert_eq!(lined(&[text]), format!("| {text} |\n"));
        }
        for text in [
            "@acme",
            "#12",
            "<b>",
            "*a*",
            "_a_",
            "near_miss",
            "[a](b)",
            "www.a.b",
            "https://a.b",
            "a@b.c",
            ":smile:",
            "GH-12",
            "deadbeef",
            "1234567",
            "- a",
            "-",
            "1)",
            "1.",
            "a..",
            "&amp;",
            "~~a~~",
            "$a$",
            "!",
        ] {
            assert_eq!(lined(&[text]), format!("| `{text}` |\n"));
        }
        assert_eq!(lined(&["a|b\\|`c`"]), "| `a`\\|`b\\`\\|`` `c` `` |\n");
        assert_eq!(lined(&["a\nb", "é\\", " a"]), "| `a\\u{a}b` | `é\\` | `  a ` |\n");
    }

    #[test]
    fn no_text_ends_its_cell() {
        let parts = ["|", "\\", "`", "``", " ", "a", "\n", "<", "é"];
        for first in parts {
            for second in parts {
                for third in parts {
                    let text = [first, second, third].concat();
                    let made = lined(&[&text, "end"]);
                    // as GitHub finds cells: a backslash takes the character behind it along
                    let (mut bars, mut escaped) = (0, false);
                    for character in made.chars() {
                        bars += usize::from(character == '|' && !escaped);
                        escaped = character == '\\' && !escaped;
                    }
                    assert_eq!((bars, made.matches('\n').count()), (3, 1), "{text:?} {made:?}");
                }
            }
        }
    }
}
