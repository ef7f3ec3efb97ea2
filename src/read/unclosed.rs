//! What is still open where the syntax of JSON lines breaks.
//!
//! A bracket that is never closed makes the lines behind it parts of its value, as far as they
//! could be that. They are records of their own nevertheless, to be read one by one, and each of
//! them may leave a bracket open too. Whatever was open where the first of them broke breaks at
//! the same place for the same reason, and need not be read as far as there again.

use memchr::memchr;

use super::record_error::RecordError;

/// Objects opened at the start of a line that are still open where something broke.
#[derive(Default)]
pub(super) struct Unclosed {
    /// Where in the source they start, in order.
    starts: Vec<u64>,
    fault: Option<RecordError>,
}

impl Unclosed {
    /// What the bytes in front of a fault leave open; they are JSON so far, and start at this place in the source.
    pub(super) fn before(bytes: &[u8], from: u64, fault: &RecordError) -> Self {
        if memchr(b'\n', bytes).is_none() {
            return Self::default();
        }
        // each with how many brackets are open in it and around it
        let mut open: Vec<(u32, u32)> = Vec::new();
        let (mut depth, mut text, mut escaped, mut before) = (0_u32, false, false, b' ');
        for (at, &byte) in (0_u32..).zip(bytes) {
            if text {
                (escaped, text) = (byte == b'\\' && !escaped, byte != b'"' || escaped);
            } else {
                match byte {
                    b'"' => text = true,
                    b'{' | b'[' => {
                        depth += 1;
                        if byte == b'{' && before == b'\n' {
                            open.push((at, depth));
                        }
                    }
                    b'}' | b']' => {
                        open.pop_if(|(_, inside)| *inside == depth);
                        depth = depth.saturating_sub(1);
                    }
                    _ => {}
                }
            }
            before = byte;
        }
        let starts = open.into_iter().map(|(at, _)| from + u64::from(at)).collect();
        Self { starts, fault: Some(fault.clone()) }
    }

    /// What is wrong with the object that starts there, if that is known.
    pub(super) fn at(&self, offset: u64) -> Option<RecordError> {
        self.starts.binary_search(&offset).ok().and_then(|_| self.fault.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::Unclosed;
    use crate::read::record_error::{Position, RecordError};

    #[test]
    fn what_is_open_is_found_between_what_is_closed_and_what_stands_in_texts() {
        let starts = |text: &str| Unclosed::before(text.as_bytes(), 100, &RecordError::new(Position::START, "")).starts;
        assert_eq!(starts("{\"a\":[\n{\"a\":[\n{\"b\":1},\n{\"c\":"), [107, 123]);
        assert_eq!(starts("[\n{\"a\":\"}\\\"}{\",\n\"b\":\n {\"c\":\n{}"), [102]);
        assert_eq!(starts("{\"a\":["), [0; 0]);
    }
}
