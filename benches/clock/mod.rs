//! The clock of the benches: processor time of the thread, which others at work on the machine
//! disturb far less than time on the wall.
//!
//! Linux alone tells it without unsafe code; elsewhere it is time on the wall.

use std::fs;
use std::sync::LazyLock;
use std::time::Instant;

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Seconds of this thread so far, from a beginning that means nothing.
pub fn seconds() -> f64 {
    processor().unwrap_or_else(|| START.elapsed().as_secs_f64())
}

/// What is told, in words.
pub fn kind() -> &'static str {
    match processor() {
        Some(_) => "processor time",
        None => "time on the wall",
    }
}

fn processor() -> Option<f64> {
    // The system brings its account up to date when a thread offers to wait.
    std::thread::yield_now();
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    // A system without this account writes nothing but zeros.
    (nanoseconds > 0.0).then_some(nanoseconds * 1e-9)
}
