//! `stabil validate`: the ladder climbed with a bar, its scorecard printed and kept.

use super::fit_arguments::ValidateArguments;
use super::{CHECK_FAILED, CliError, DONE, print, tell};
use crate::report::{put, scorecard};
use crate::validation::ladder::points_in_all;
use crate::validation::points::Progress;
use crate::validation::{Ladder, Settings, climb};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Carries out `stabil validate`.
///
/// # Errors
/// A [`CliError`]: bad input, or a folder that cannot be written to.
pub fn validate(arguments: &ValidateArguments) -> Result<u8, CliError> {
    let settings = Settings {
        draws: arguments.draws,
        scale: arguments.scale,
    };
    let folder = arguments.data.folder()?;
    let points = points_in_all(&folder, &settings)?;
    let out = &arguments.out;
    // Before the work, so that nobody waits for results that cannot be kept.
    let is_new = !out.exists();
    std::fs::create_dir_all(out).map_err(|error| CliError::io(out, error))?;
    let began = Instant::now();
    let progress = Progress::default();
    let climbed = with_bar(points, &progress, || climb(folder, settings, &progress));
    if climbed.is_err() && is_new {
        // An empty folder stays behind at worst.
        let _ = std::fs::remove_dir(out);
    }
    let ladder = climbed?;
    write(out, &ladder)?;
    print(&scorecard::page(&ladder))?;
    tell(&format!(
        "validated in {:.0} s; results in {}",
        began.elapsed().as_secs_f64(),
        out.display()
    ));
    Ok(if ladder.failed() == 0 {
        DONE
    } else {
        CHECK_FAILED
    })
}

/// Works with a bar of points tried on standard error; none when that is not a terminal.
fn with_bar<T>(points: u64, progress: &Progress, work: impl FnOnce() -> T) -> T {
    let bar = ProgressBar::with_draw_target(Some(points), ProgressDrawTarget::stderr());
    let style = "{bar:30} {pos}/{len} draws tried, {eta} left";
    bar.set_style(
        ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let done = AtomicBool::new(false);
    let result = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                bar.set_position(progress.points.load(Ordering::Relaxed));
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        let result = work();
        done.store(true, Ordering::Relaxed);
        result
    });
    bar.finish_and_clear();
    result
}

fn write(folder: &Path, ladder: &Ladder) -> Result<(), CliError> {
    let keep = |name: &str, fill: &mut dyn FnMut(&mut dyn Write) -> std::io::Result<()>| {
        put(folder, name, |to| fill(to)).map_err(|error| CliError::io(folder.join(name), error))
    };
    keep("scorecard.csv", &mut |to| scorecard::write_csv(ladder, to))?;
    keep("scorecard.json", &mut |to| {
        scorecard::write_json(ladder, to)
    })?;
    keep("scorecard.md", &mut |to| {
        to.write_all(scorecard::markdown(ladder).as_bytes())
    })
}
