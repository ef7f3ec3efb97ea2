//! What is compressed by gzip or zstd: read as what it holds, and nothing of it is passed over.

use crate::harness::serveup;
use crate::{data, refused};

/// A gzip of these bytes that stores them as they are.
fn stored(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("bytes");
    encoder.finish().expect("gzip")
}

#[test]
fn what_is_cut_short_goes_on_or_is_damaged() {
    for (name, packing) in [("gzip.jsonl.gz", "gzip"), ("zstd.jsonl.zst", "zstd")] {
        let whole = data(name);
        let length = whole.len();
        let told = "; copy or download it again";
        refused(
            "--timezone UTC",
            &whole[..200],
            &format!("in: is cut short: its {packing} data stops at byte 200{told}"),
        );
        let longer = [whole.as_slice(), b"more"].concat();
        let told = "but the file goes on; cut the rest off, or copy the file again";
        refused("--timezone UTC", &longer, &format!("in: its {packing} data ends at byte {length}, {told}"));
        let mut damaged = whole.clone();
        damaged[length - 4] ^= 0xFF;
        let run = serveup("rate in --timezone UTC").file("in", &damaged).status(2);
        run.stderr_has(&format!("serveup: in: is damaged: its {packing} data cannot be unpacked near byte ")).run();
        // nothing is left out for what keeps going: where the stream ends, nobody knows what is missing
        let run = serveup("rate in --keep-going --timezone UTC").file("in", &whole[..200]).status(2).any_stdout();
        run.stderr_has("is cut short").run();
    }
}

#[test]
fn compressed_twice_is_once_too_often() {
    let twice = stored(&data("gzip.jsonl.gz"));
    refused("", twice, "in: is compressed twice; unpack it once with `gzip -d` and name the result");
    let twice = stored(&data("zstd.jsonl.zst"));
    refused("", twice, "in: is compressed twice; unpack it once with `zstd -d` and name the result");
}

#[test]
fn nothing_compressed_is_nothing() {
    let run = serveup("rate in -f json").file("in", stored(b"")).stdout("[]\n");
    run.stderr("note: in: no records found\n").run();
}

#[test]
fn a_bomb_meets_the_bound_of_a_record() {
    let bomb = stored(&[b"{\"recipient\":\"".as_slice(), &vec![b'a'; 80 << 20]].concat());
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    serveup("rate in").file("in", bomb).status(2).stderr_has("is longer than 64 MiB").run();
}

#[test]
fn recipients_and_exports_may_be_compressed() {
    let who = stored(br#"{"id":"a","prefers":{"channel":"email"}}"#);
    let records = stored(br#"{"recipient":"a","point":"p","served":{"channel":"email"}}"#);
    let run = serveup("rate in -f json --recipients who").file("in", &records).file("who", who);
    run.columns("recipient level", &["a desired"]).run();
    let run = serveup("import in --map m.jq --quiet").file("in", records).file("m.jq", ".");
    run.stdout("{\"recipient\":\"a\",\"point\":\"p\",\"served\":{\"channel\":\"email\"}}\n").run();
}

#[test]
fn a_document_is_read_twice_where_it_is_compressed_too() {
    let document = br#"{"interactions":[{"recipient":"a","point":"p","served":{"channel":"email"}}],
        "recipients":[{"id":"a","prefers":{"channel":"email"}}]}"#;
    let packed = stored(document);
    serveup("rate in -f json").file("in", &packed).columns("recipient level", &["a desired"]).run();
    serveup("rate -f json").stdin(packed).columns("recipient level", &["a desired"]).run();
}
