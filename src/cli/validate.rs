//! `stabil validate`: the ladder climbed with a bar, its scorecard printed and kept.

use super::bar::with_bar;
use super::check::tell_unscreened;
use super::fit_arguments::ValidateArguments;
use super::{CHECK_FAILED, CliError, DONE, print, tell};
use crate::report::{put, scorecard};
use crate::validation::ladder::points_in_all;
use crate::validation::points::Progress;
use crate::validation::{Ladder, Settings, climb};
use std::io::Write;
use std::path::Path;
use std::time::Instant;

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
    tell_unscreened(&folder);
    let points = points_in_all(&folder, &settings)?;
    let out = &arguments.out;
    // Before the work, so that nobody waits for results that cannot be kept.
    let is_new = !out.exists();
    std::fs::create_dir_all(out).map_err(|error| CliError::io(out, error))?;
    let began = Instant::now();
    let progress = Progress::default();
    let climbed = with_bar(points, "draws tried", false, &progress.points, || {
        climb(folder, settings, &progress)
    });
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
