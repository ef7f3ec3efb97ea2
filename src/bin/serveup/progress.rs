//! How far the work has come, on a terminal's standard error and nowhere else.
//!
//! Work that is done within a second shows nothing.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::messages::{grouped, keep_below};

/// How long work may take before it shows how far it has come.
const PATIENCE: Duration = Duration::from_secs(1);

/// How far some work has come.
struct Progress {
    /// `None` where nobody could see it; on a dumb terminal the bar hides by itself.
    begun: Option<Instant>,
    what: &'static str,
    /// How many bytes there are in all, where that is known.
    total: Option<u64>,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Work that goes over bytes and counts things, like `records`.
    #[expect(clippy::disallowed_methods, reason = "the one place where time is taken, and only to show how it passes")]
    fn new(what: &'static str, total: Option<u64>, quiet: bool) -> Self {
        let begun = (!quiet && std::io::stderr().is_terminal()).then(Instant::now);
        Self { begun, what, total, bar: None }
    }

    /// Says that so many bytes and so many things are done.
    fn at(&mut self, bytes: u64, things: u64) {
        let Some(elapsed) = self.begun.map(|begun| begun.elapsed()).filter(|&elapsed| elapsed >= PATIENCE) else {
            return;
        };
        let total = self.total;
        let bar = self.bar.get_or_insert_with(|| begin(total));
        bar.set_message(in_words(self.what, bytes, things, total, elapsed));
        bar.set_position(bytes);
    }
}

/// Shows a line with nothing done.
fn begin(total: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
    let template = if total.is_some() { "{bar:16} {msg}" } else { "{msg}" };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("█▌░"));
    }
    keep_below(Some(bar.clone()));
    bar
}

/// `3,100,000 records, 480 MB/s, 4 s left`.
fn in_words(what: &str, bytes: u64, things: u64, total: Option<u64>, elapsed: Duration) -> String {
    let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    let speed = bytes / millis / 1000;
    let mut words = format!("{} {what}, {} MB/s", grouped(things), grouped(speed));
    if let Some(left) = total.and_then(|total| total.checked_sub(bytes)).filter(|_| bytes > 0) {
        let seconds = u128::from(left) * u128::from(millis) / u128::from(bytes) / 1000;
        words.push_str(&format!(", {seconds} s left"));
    }
    words
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
            keep_below(None);
        }
    }
}

/// How far sources have been read, one after the other.
pub(crate) struct Passed {
    progress: Progress,
    /// The bytes of the sources before the current one.
    before: u64,
    calls: u32,
}

impl Passed {
    /// Sources of these sizes, as far as they are known. `prints` says that rows are printed
    /// meanwhile: then nothing is shown if they go to a terminal.
    pub(crate) fn over(
        what: &'static str,
        sizes: impl Iterator<Item = Option<u64>>,
        prints: bool,
        quiet: bool,
    ) -> Self {
        let hidden = quiet || prints && std::io::stdout().is_terminal();
        Self { progress: Progress::new(what, sizes.sum(), hidden), before: 0, calls: 0 }
    }

    /// Says now and then how far the current source has been read.
    pub(crate) fn at(&mut self, offset: u64, things: u64) {
        self.calls = self.calls.wrapping_add(1);
        if self.calls.is_multiple_of(1024) {
            self.far(offset, things);
        }
    }

    /// Says how far the current source has been read.
    pub(crate) fn far(&mut self, offset: u64, things: u64) {
        self.progress.at(self.before + offset, things);
    }

    /// Goes on to the next source.
    pub(crate) const fn pass(&mut self, length: u64) {
        self.before += length;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::in_words;

    #[test]
    fn it_tells_how_fast_and_how_much_longer() {
        let at = |bytes, total| in_words("records", bytes, 3_100_000, total, Duration::from_secs(2));
        // 600 MB in 2 s are 300 MB/s; the other 1,200 MB take twice as long
        assert_eq!(at(600_000_000, Some(1_800_000_000)), "3,100,000 records, 300 MB/s, 4 s left");
        assert_eq!(at(600_000_000, None), "3,100,000 records, 300 MB/s");
        // a file that has grown since, or of which nothing is read yet
        assert_eq!(at(600_000_000, Some(5)), "3,100,000 records, 300 MB/s");
        assert_eq!(at(0, Some(5)), "3,100,000 records, 0 MB/s");
    }
}
