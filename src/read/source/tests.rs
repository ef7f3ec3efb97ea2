use super::*;

fn all(mut source: Source) -> Vec<u8> {
    let (mut all, mut some) = (Vec::new(), [0; 7]);
    loop {
        match source.read(&mut some).expect("bytes") {
            0 => return all,
            count => all.extend_from_slice(&some[..count]),
        }
    }
}

#[test]
fn what_is_read_twice_is_the_same_however_much_was_read_first() {
    let bytes: Vec<u8> = (0..=255).cycle().take(3_000_000).collect();
    for first in [0, 1, 5_000, 2_000_000, 3_000_000] {
        for source in [
            Source::new("a pipe", Cursor::new(bytes.clone())),
            Source::seekable("a file", Cursor::new(bytes.clone()), 3_000_000),
        ] {
            let (mut source, again) = source.twice();
            let mut read = 0;
            while read < first {
                read += source.read(&mut [0; 999]).expect("bytes");
            }
            drop(source);
            assert!(all(again.source().expect("a source")) == bytes, "{first}");
        }
    }
}

#[test]
fn what_need_not_be_read_again_goes_on_where_it_was() {
    let (mut source, again) = Source::new("a pipe", Cursor::new(b"one two".to_vec())).twice();
    source.read(&mut [0; 4]).expect("bytes");
    again.forget();
    assert_eq!(all(source), b"two");
}

#[test]
fn a_mark_tells_utf_16_and_nothing_else_is_changed() {
    let decoded = |bytes: &[u8], encoding| {
        all(Source::new("a", Cursor::new(bytes.to_vec()))
            .opened(&Form { encoding, ..Form::UNKNOWN })
            .expect("a source"))
    };
    assert_eq!(decoded(b"\xFF\xFEh\0i\0", None), b"hi");
    assert_eq!(decoded(b"h\xE9", Some(encoding_rs::WINDOWS_1252)), "hé".as_bytes());
    assert_eq!(decoded(b"h", None), b"h");
    assert_eq!(decoded("\u{feff}é".as_bytes(), Some(encoding_rs::WINDOWS_1252)), "\u{feff}é".as_bytes());
}
