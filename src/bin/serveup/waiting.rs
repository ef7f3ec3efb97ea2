//! Streams that block, even if another process made them non-blocking.

use std::io::{self, Read, Write};
#[cfg(unix)]
use std::os::fd::AsFd;

/// A stream whose reads and writes wait until there is something to read, or room.
#[derive(Debug)]
pub(crate) struct Waiting<S>(pub(crate) S);

/// Whether a read would give something at once, be it that there is nothing more.
#[cfg(unix)]
pub(crate) fn has_bytes(stream: &impl AsFd) -> bool {
    use rustix::event::{PollFd, PollFlags, poll};
    let at_once = rustix::event::Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut [PollFd::new(stream, PollFlags::IN)], Some(&at_once)).is_ok_and(|ready| ready > 0)
}

#[cfg(unix)]
impl<S: AsFd> Waiting<S> {
    /// Does something with the stream, again and again until it can be done.
    fn until_ready<T>(
        &mut self,
        wanted: rustix::event::PollFlags,
        mut act: impl FnMut(&mut S) -> io::Result<T>,
    ) -> io::Result<T> {
        use rustix::event::{PollFd, poll};
        loop {
            match act(&mut self.0) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                other => return other,
            }
            match poll(&mut [PollFd::new(&self.0, wanted)], None) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

#[cfg(unix)]
impl<S: Read + AsFd> Read for Waiting<S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.until_ready(rustix::event::PollFlags::IN, |stream| stream.read(into))
    }
}

#[cfg(unix)]
impl<S: Write + AsFd> Write for Waiting<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.until_ready(rustix::event::PollFlags::OUT, |stream| stream.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.until_ready(rustix::event::PollFlags::OUT, Write::flush)
    }
}

#[cfg(not(unix))]
impl<S: Read> Read for Waiting<S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into)
    }
}

#[cfg(not(unix))]
impl<S: Write> Write for Waiting<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
