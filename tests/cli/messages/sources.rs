//! The texts in the sources of the program that say what is wrong and what to do.

use std::path::Path;

/// How short a part of a message is too short to be told from others.
const SHORT: usize = 12;

/// A message in the sources: a text with `; ` in it, which stands between what is wrong and what to do.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Message {
    pub(super) file: String,
    /// All of it, with … for what depends on the input.
    pub(super) whole: String,
    /// The longest part of it that does not depend on the input.
    pub(super) fixed: String,
}

/// The messages in the sources.
pub(super) fn messages(project: &Path) -> Vec<Message> {
    let mut found = Vec::new();
    walk(&project.join("src"), &mut |path| {
        let name = path.strip_prefix(project).unwrap_or(path).display().to_string();
        if [
            "src/sql",
            "src/stats",
            "src/print",
            "src/template",
            "src/import/inspect",
            "src/import/counts.rs",
            "src/import/functions.rs",
            "src/bin/serveup/args",
        ]
        .iter()
        .any(|other| name.starts_with(other))
        {
            return;
        }
        let text = std::fs::read_to_string(path).expect("a source");
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let code: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .fold(String::new(), |code, line| code + line + "\n");
        // sentences say what a field means, and `$` begins a name of jq
        let is_sentence = |text: &str| text.starts_with(char::is_uppercase) && text.ends_with('.');
        let is_other = |text: &str| {
            is_sentence(text)
                || text.contains("($")
                || text.starts_with("  ")
                || ["whether", "allocator"].iter().any(|word| text.contains(word))
        };
        let said = literals(&code).into_iter().filter(|literal| literal.contains("; ") && !is_other(literal));
        found.extend(said.filter_map(|literal| Message::of(&name, &literal)));
    });
    found.sort();
    found.dedup();
    found
}

fn walk(folder: &Path, each: &mut impl FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(&path, each);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            each(&path);
        }
    }
}

/// The string literals of some code, without their escapes.
fn literals(code: &str) -> Vec<String> {
    let (mut literals, mut chars) = (Vec::new(), code.chars().peekable());
    while let Some(char) = chars.next() {
        match char {
            '\'' if chars.peek() == Some(&'"') => drop(chars.next()),
            '\'' if chars.peek() == Some(&'\\') => drop((chars.next(), chars.next())),
            '"' => {
                let mut literal = String::new();
                while let Some(char) = chars.next() {
                    match (char, chars.peek().copied()) {
                        ('"', _) => break,
                        ('\\', Some('\n')) => while chars.next_if(|char| char.is_whitespace()).is_some() {},
                        ('\\', Some('u')) => {
                            let code: String = chars.by_ref().skip(2).take_while(|char| *char != '}').collect();
                            literal.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
                        }
                        ('\\', Some(escaped)) => {
                            literal.push(if escaped == 'n' { '\n' } else { escaped });
                            chars.next();
                        }
                        _ => literal.push(char),
                    }
                }
                literals.push(literal);
            }
            _ => {}
        }
    }
    literals
}

impl Message {
    /// What a format string says, where enough of it stands as it is.
    fn of(file: &str, literal: &str) -> Option<Self> {
        let literal = literal.replace("{{", "\u{1}").replace("}}", "\u{2}").replace('\n', " ");
        let parts: Vec<&str> =
            literal.split('{').map(|part| part.split_once('}').map_or(part, |(_, after)| after)).collect();
        let braces = |text: &str| text.replace('\u{1}', "{").replace('\u{2}', "}");
        let fixed = parts.iter().max_by_key(|part| part.len()).filter(|part| part.len() >= SHORT)?;
        Some(Self { file: file.to_owned(), whole: braces(&parts.join("…")), fixed: braces(fixed) })
    }
}
