//! Documents among JSON values: what tells them from records, and how to step over what is not wanted of them.

use memchr::memchr2;

use super::Result;
use super::blocks::Blocks;
use super::object::{self, Lookup, Read};

/// The keys that lead to the lists of a document.
pub(crate) const LISTS: [&str; 2] = ["interactions", "recipients"];

/// Whether the object in view is a document: the first key that means anything says it, be it one
/// of a document or one of a record, which `field` knows.
pub(super) fn is_document(blocks: &mut Blocks, field: Lookup) -> Result<bool> {
    loop {
        let (decided, whole) = first_telling_key(blocks.window().get(1..).unwrap_or_default(), field);
        match decided {
            Some(document) => return Ok(document),
            None if whole => return Ok(false),
            None => {
                if !blocks.much_more()? {
                    return Ok(false);
                }
            }
        }
    }
}

/// Walks over the members of an object from behind its brace. Gives back what
/// the first key that means anything says, and whether the walk ended for
/// another reason than that the bytes ran out.
fn first_telling_key(bytes: &[u8], field: Lookup) -> (Option<bool>, bool) {
    let mut at = 0;
    let skip = |at: usize, byte: u8| {
        let space = bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        match bytes.get(at + space) {
            Some(&found) if found == byte => Ok(at + space + 1),
            Some(_) => Err(true),
            None => Err(false),
        }
    };
    loop {
        let mut keys = serde_json::Deserializer::from_slice(&bytes[at..]).into_iter::<String>();
        match keys.next() {
            Some(Ok(key)) => {
                if LISTS.contains(&key.as_str()) {
                    return (Some(true), true);
                }
                if field(key.as_bytes()).is_some() {
                    return (Some(false), true);
                }
            }
            Some(Err(error)) => return (None, !error.is_eof()),
            None => return (None, false),
        }
        at += keys.byte_offset();
        at = match skip(at, b':') {
            Ok(at) => at,
            Err(whole) => return (None, whole),
        };
        match object::read_value(&bytes[at..]) {
            Read::Whole(end) => at += end,
            Read::Short(_) => return (None, false),
            Read::Broken(_) => return (None, true),
        }
        at = match skip(at, b',') {
            Ok(at) => at,
            Err(whole) => return (None, whole),
        };
    }
}

/// Steps over the list or object that starts here, however long it is, by its brackets alone.
/// False if the source ends before it does.
pub(super) fn skip_nested(blocks: &mut Blocks) -> Result<bool> {
    let (mut depth, mut in_text) = (0_u64, false);
    loop {
        let window = blocks.window();
        let mut at = 0;
        while at < window.len() {
            if in_text {
                match memchr2(b'"', b'\\', &window[at..]).map(|end| at + end) {
                    None => at = window.len(),
                    // the byte behind a backslash is looked at together with it
                    Some(end) if window[end] == b'\\' && end + 1 == window.len() && !blocks.ended() => {
                        at = end;
                        break;
                    }
                    Some(end) if window[end] == b'\\' => at = (end + 2).min(window.len()),
                    Some(end) => (at, in_text) = (end + 1, false),
                }
                continue;
            }
            match window[at] {
                b'"' => in_text = true,
                b'[' | b'{' => depth += 1,
                b']' | b'}' if depth <= 1 => {
                    blocks.advance(at + 1);
                    return Ok(true);
                }
                b']' | b'}' => depth -= 1,
                _ => {}
            }
            at += 1;
        }
        blocks.advance(at);
        if !blocks.more()? && blocks.window().is_empty() {
            return Ok(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::source::Source;

    /// A source that comes byte by byte.
    struct Slowly(Vec<u8>, usize);

    impl std::io::Read for Slowly {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let Some(&byte) = self.0.get(self.1) else { return Ok(0) };
            into[0] = byte;
            self.1 += 1;
            Ok(1)
        }
    }

    #[test]
    fn what_is_nested_ends_with_its_bracket_however_its_bytes_come() {
        let rest = |text: &str| {
            let mut blocks = Blocks::new(Source::new("in", Slowly(text.as_bytes().to_vec(), 0)));
            let whole = skip_nested(&mut blocks).expect("bytes");
            while blocks.more().expect("bytes") {}
            whole.then(|| String::from_utf8_lossy(blocks.window()).into_owned())
        };
        assert_eq!(rest(r#"[{"a":"]\"}"},[]],1"#).as_deref(), Some(",1"));
        assert_eq!(rest(r#"{"a\\":"\\","b":[1]}"#).as_deref(), Some(""));
        assert_eq!((rest("[[1]"), rest(r#"["]"#), rest(r#"["\"#)), (None, None, None));
    }
}
