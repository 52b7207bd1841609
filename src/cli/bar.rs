//! Progress bar (framdriftslinje) of long work, with the rate and the time left.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Pause between two looks at how far the work has come.
const PAUSE: Duration = Duration::from_millis(100);

/// Works with a bar on standard error that follows `done` up to `total`; none is drawn when that
/// is not a terminal, or when it is to be quiet. `what` says what is counted: "draws tried".
pub fn with_bar<T>(
    total: u64,
    what: &str,
    quiet: bool,
    done: &AtomicU64,
    work: impl FnOnce() -> T,
) -> T {
    let target = match quiet {
        true => ProgressDrawTarget::hidden(),
        false => ProgressDrawTarget::stderr(),
    };
    let style = format!("{{bar:30}} {{pos}}/{{len}} {what}, {{per_sec}}, {{eta}} left");
    let style =
        ProgressStyle::with_template(&style).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::with_draw_target(Some(total), target).with_style(style);
    let is_over = AtomicBool::new(false);
    let result = std::thread::scope(|scope| {
        let shown = scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                bar.set_position(done.load(Ordering::Relaxed));
                std::thread::park_timeout(PAUSE);
            }
        });
        let result = work();
        is_over.store(true, Ordering::Relaxed);
        shown.thread().unpark();
        result
    });
    bar.finish_and_clear();
    result
}
