//! Bytes that are made on a thread of their own, ahead of who reads them: what is compressed is unpacked beside the scan.

use std::io::{self, Read};
use std::panic;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

/// How much is made at once, and how many of these may wait to be read.
const BLOCK: usize = if cfg!(debug_assertions) { 1 << 10 } else { 1 << 18 };
const WAITING: usize = 2;

/// Bytes that a thread reads ahead.
pub(super) struct Ahead {
    /// Nothing more comes where there is none.
    made: Option<Receiver<io::Result<Block>>>,
    /// Blocks that have been read, to be filled again.
    spent: Sender<Block>,
    block: Block,
    /// How much of the block has been read.
    used: usize,
    thread: Option<JoinHandle<()>>,
    /// Whether the thread is waited for when no more is wanted.
    joins: bool,
}

/// Bytes, of which so many at the start count.
#[derive(Default)]
struct Block {
    bytes: Vec<u8>,
    length: usize,
}

impl Ahead {
    /// Reads these bytes ahead; gives them back where the system has no more threads. `joins` says that nothing else may
    /// read what they are made of before the thread is done with it, and that it never has to wait long.
    pub(super) fn of<R: Read + Send + 'static>(bytes: R, joins: bool) -> Result<Self, Option<R>> {
        let (sender, made) = sync_channel(WAITING);
        let (spent, spares) = channel();
        let slot = Arc::new(Mutex::new(Some(bytes)));
        let taken = Arc::clone(&slot);
        let work = move || {
            if let Some(bytes) = take(&taken) {
                make(bytes, joins, &sender, &spares);
            }
        };
        match Builder::new().spawn(work) {
            Ok(thread) => {
                Ok(Self { made: Some(made), spent, block: Block::default(), used: 0, thread: Some(thread), joins })
            }
            Err(_) => Err(take(&slot)),
        }
    }
}

fn take<R>(slot: &Mutex<Option<R>>) -> Option<R> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Makes blocks until there are no more or nobody wants them, and fills them where more need not be waited for. The last
/// one is empty, or an error.
fn make(mut bytes: impl Read, fills: bool, made: &SyncSender<io::Result<Block>>, spares: &Receiver<Block>) {
    loop {
        let mut block = spares.try_recv().unwrap_or_default();
        block.bytes.resize(BLOCK, 0);
        block.length = 0;
        let mut last = None;
        while last.is_none() && block.length < BLOCK {
            match bytes.read(&mut block.bytes[block.length..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => last = Some(Err(error)),
                Ok(0) => last = Some(Ok(Block::default())),
                Ok(length) => {
                    block.length += length;
                    if !fills {
                        break;
                    }
                }
            }
        }
        // what was made before the end comes before it
        if block.length > 0 && made.send(Ok(block)).is_err() {
            return;
        }
        if let Some(last) = last {
            let _ = made.send(last);
            return;
        }
    }
}

impl Read for Ahead {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.used == self.block.length && !into.is_empty() {
            let Some(made) = &self.made else { return Ok(0) };
            match made.recv() {
                Ok(Ok(block)) if block.length > 0 => {
                    let spent = std::mem::replace(&mut self.block, block);
                    self.used = 0;
                    let _ = self.spent.send(spent);
                }
                Ok(last) => {
                    self.made = None;
                    return last.map(|_| 0);
                }
                // it ended without a word, which it does only where it panicked
                Err(_) => {
                    self.made = None;
                    if let Some(Err(payload)) = self.thread.take().map(JoinHandle::join) {
                        panic::resume_unwind(payload);
                    }
                }
            }
        }
        let count = into.len().min(self.block.length - self.used);
        into[..count].copy_from_slice(&self.block.bytes[self.used..self.used + count]);
        self.used += count;
        Ok(count)
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        // then what it makes is not wanted, and it ends
        self.made = None;
        if self.joins {
            let _ = self.thread.take().map(JoinHandle::join);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives few bytes at a time, then an error where one is asked for; says when it is dropped.
    struct Slowly {
        left: usize,
        fails: bool,
        dropped: Sender<()>,
    }

    impl Read for Slowly {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            if self.left == 0 && self.fails {
                return Err(io::Error::other("broken off"));
            }
            let count = into.len().min(self.left).min(700);
            into[..count].fill(b'x');
            self.left -= count;
            Ok(count)
        }
    }

    impl Drop for Slowly {
        fn drop(&mut self) {
            let _ = self.dropped.send(());
        }
    }

    fn ahead(left: usize, fails: bool, joins: bool) -> (Ahead, Receiver<()>) {
        let (dropped, told) = channel();
        (Ahead::of(Slowly { left, fails, dropped }, joins).ok().expect("a thread"), told)
    }

    #[test]
    fn all_bytes_come_in_order_and_then_the_error() {
        for left in [0, 1, 700, 5_000, 1_000_000] {
            let mut bytes = Vec::new();
            assert_eq!(ahead(left, false, true).0.read_to_end(&mut bytes).expect("bytes"), left);
            let mut failing = ahead(left, true, false).0;
            let mut some = [0; 99];
            let mut count = 0;
            let error = loop {
                match failing.read(&mut some) {
                    Ok(read) => count += read,
                    Err(error) => break error,
                }
                assert!(count <= left);
            };
            assert_eq!((count, error.to_string().as_str()), (left, "broken off"));
            assert_eq!(failing.read(&mut some).expect("nothing more"), 0);
        }
    }

    #[test]
    fn no_thread_is_left_where_reading_stops_early() {
        for joins in [false, true] {
            let (mut reader, told) = ahead(1_000_000, false, joins);
            let mut some = [0; 99];
            assert_eq!(reader.read(&mut some).expect("bytes"), 99);
            drop(reader);
            if joins {
                told.try_recv().expect("it is done with the bytes");
            } else {
                told.recv().expect("it will be done with the bytes");
            }
        }
    }

    #[test]
    fn a_panic_of_the_thread_is_one_of_the_reader() {
        struct Panics;
        impl Read for Panics {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                panic::resume_unwind(Box::new("no more"));
            }
        }
        let mut reader = Ahead::of(Panics, true).ok().expect("a thread");
        let caught = panic::catch_unwind(panic::AssertUnwindSafe(|| reader.read(&mut [0; 9]).is_ok()));
        assert!(caught.is_err());
    }
}
