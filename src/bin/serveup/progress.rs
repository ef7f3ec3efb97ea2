//! How far the work has come, on a terminal's standard error and nowhere else.
//!
//! Work that is done within a second shows nothing.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use serveup::wording::grouped;

use crate::messages::keep_below;
use crate::settings;

/// How long work may take before it shows how far it has come.
const PATIENCE: Duration = Duration::from_secs(1);

/// How far some work has come.
pub(crate) struct Progress {
    /// `None` where nobody could see it; on a dumb terminal the bar hides by itself.
    begun: Option<Instant>,
    what: &'static str,
    /// How many bytes there are in all, where that is known.
    total: Option<u64>,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Work that goes over bytes and counts things, like `records`.
    #[expect(clippy::disallowed_methods, reason = "the one place where a clock is read, and only to show the speed")]
    pub(crate) fn new(what: &'static str, total: Option<u64>, quiet: bool) -> Self {
        let begun = (!quiet && settings::stderr_is_terminal()).then(Instant::now);
        Self { begun, what, total, bar: None }
    }

    /// The same where rows are printed meanwhile: nothing is shown if they go to a terminal.
    pub(crate) fn beside_rows(what: &'static str, total: Option<u64>, quiet: bool) -> Self {
        Self::new(what, total, quiet || settings::stdout_is_terminal())
    }

    /// Says that so many bytes and so many things are done.
    pub(crate) fn at(&mut self, bytes: u64, things: u64) {
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
