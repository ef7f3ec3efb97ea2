//! The names of members at the start of a JSON text, which may be cut off anywhere.

use std::collections::BTreeSet;

/// The names in a row, each with the way to it, joined by dots. Lists add nothing to the way.
pub(super) type Names = BTreeSet<String>;

/// How many rows are looked at.
pub(super) const ROWS: usize = 20;

/// How deep members may stand in others to be looked at.
const DEEPEST: usize = 8;

/// How many names of a row are kept.
const MOST: usize = 4096;

/// An object or a list that is open.
struct Open {
    object: bool,
    /// How long the way was before it.
    before: usize,
}

/// The names in each of the first rows: objects that are part of no other object.
pub(super) fn of_rows(text: &[u8]) -> Vec<Names> {
    let (mut rows, mut names) = (Vec::new(), Names::new());
    let (mut open, mut way): (Vec<Open>, String) = (Vec::new(), String::new());
    // the key whose value comes next, and whether the next text is a key
    let (mut key, mut key_next) = (None, false);
    let mut left = text;
    while let Some((&byte, behind)) = left.split_first() {
        left = behind;
        match byte {
            b'"' => {
                let Some((written, behind)) = text_of(left) else { break };
                left = behind;
                if key_next {
                    key_next = false;
                    if open.len() <= DEEPEST && names.len() < MOST {
                        names.insert(joined(&way, written));
                    }
                    key = Some(written.to_owned());
                }
            }
            b'{' | b'[' => {
                let object = byte == b'{';
                open.push(Open { object, before: way.len() });
                if let Some(key) = key.take().filter(|_| open.len() <= DEEPEST) {
                    way = joined(&way, &key);
                }
                key_next = object;
            }
            b'}' | b']' => {
                let Some(closed) = open.pop() else { break };
                way.truncate(closed.before);
                (key, key_next) = (None, false);
                if closed.object && open.iter().all(|open| !open.object) {
                    rows.push(std::mem::take(&mut names));
                    if rows.len() == ROWS {
                        return rows;
                    }
                }
            }
            b',' => {
                key = None;
                key_next = open.last().is_some_and(|open| open.object);
            }
            _ => {}
        }
    }
    if !names.is_empty() {
        rows.push(names);
    }
    rows
}

fn joined(way: &str, name: &str) -> String {
    if way.is_empty() { name.to_owned() } else { format!("{way}.{name}") }
}

/// A text from behind its first quote, as it is written, and what is behind it; `None` if it does not end here.
fn text_of(text: &[u8]) -> Option<(&str, &[u8])> {
    let mut from = 0;
    loop {
        let found = from + memchr::memchr2(b'"', b'\\', text.get(from..)?)?;
        if text[found] == b'"' {
            // what is no UTF-8 is no name that anybody looks for
            return Some((std::str::from_utf8(&text[..found]).unwrap_or_default(), &text[found + 1..]));
        }
        from = found + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::of_rows;

    fn named(text: &str) -> Vec<String> {
        of_rows(text.as_bytes()).iter().map(|names| names.iter().cloned().collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn each_row_has_its_names() {
        assert_eq!(named(r#"[{"a":{"b":[{"c":1},{"d":"{\"e\":1}"}]}},{"f":[]}]"#), ["a a.b a.b.c a.b.d", "f"]);
        assert_eq!(named("{\"a\":1}\n{\"b\":\"a\",\"c\":null}\n"), ["a", "b c"]);
        assert_eq!(named(r#"{"results":[{"id":1},{"at":2}]}"#), ["results results.at results.id"]);
    }

    #[test]
    fn a_text_may_end_anywhere() {
        let whole = r#"{"via":{"channel":"web \\"},"tags":["a","b"],"ü":{"x":[[{"y":1}]]}}"#;
        for (end, _) in whole.char_indices() {
            let cut = named(&whole[..end]);
            assert!(
                cut.len() <= 1
                    && cut
                        .iter()
                        .flat_map(|names| names.split(' '))
                        .all(|name| { ["via", "via.channel", "tags", "ü", "ü.x", "ü.x.y"].contains(&name) }),
                "{end}: {cut:?}"
            );
        }
        for odd in ["", "]", "}}}", "[[[", "\"", "{\"a\"", ",,,{", "nonsense", "\u{0}\"\\", "{\"a\":}"] {
            named(odd);
        }
        assert!(named(&"[{\"a\":".repeat(100_000)).len() <= 1);
    }
}
