//! `stabil extend`: more draws or seeds of a run that was made, without doing any of it again; and
//! with nothing added, what is left of one that ended early.

use super::keeping::Place;
use super::run::{Job, begin, carry, prepared};
use super::{CliError, tell};
use crate::runs::kept::Sheet;
use crate::runs::plan::COMMAND_LINE;
use crate::tallies::measures;
use crate::words::Problem;
use clap::Args;
use std::path::PathBuf;
use std::time::Instant;

/// Lines of help.
pub(super) const EXTEND_EXAMPLES: &str = "\
Examples:
  stabil extend runs/out/uncertainty --draws +100   a hundred draws more
  stabil extend runs/out/baseline --seeds +20       twenty seeds more
  stabil extend runs/out/baseline                   what is left of a run that ended early";

/// Arguments of `stabil extend`.
#[derive(Clone, Debug, Args)]
pub struct ExtendArguments {
    /// Results folder of the run
    #[arg(value_name = "OUT")]
    pub folder: PathBuf,
    /// Draws to add, as +N
    #[arg(long, value_name = "+N", value_parser = added, allow_hyphen_values = true)]
    pub draws: Option<u32>,
    /// Seeds to add to each draw, as +N
    #[arg(long, value_name = "+N", value_parser = added, allow_hyphen_values = true)]
    pub seeds: Option<u32>,
    /// Threads to use [default: one to each core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = super::values::threads)]
    pub threads: Option<usize>,
    /// Show no progress and no messages but errors; the table is still printed
    #[arg(long, short)]
    pub quiet: bool,
}

/// A number to add: `+100`.
fn added(text: &str) -> Result<u32, String> {
    let wrong =
        || "must be a plus sign and a whole number greater than 0, such as +100".to_string();
    let number = text.strip_prefix('+').ok_or_else(wrong)?;
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    let number: u32 = number.parse().map_err(|_| wrong())?;
    (digits && number > 0).then_some(number).ok_or_else(wrong)
}

/// Carries out `stabil extend`.
///
/// # Errors
/// A [`CliError`]: a folder without units, another program or other data than it was made with, or
/// more draws than there are.
pub fn extend(arguments: &ExtendArguments) -> Result<u8, CliError> {
    let started = Instant::now();
    let folder = &arguments.folder;
    let old = Sheet::needed(folder)?;
    if let Some(shard) = old.shard {
        let message = format!("this is shard {shard}, and a run is extended as a whole");
        return Err(Problem::in_file(&folder.display().to_string(), message)
            .mend("merge the shards with --keep-units, and extend what comes of it")
            .into());
    }
    if arguments.draws.is_some() && old.draws == 0 {
        let message = "the run is at the centre of the fit and has no draws to add to";
        return Err(Problem::in_file(COMMAND_LINE, message)
            .about("--draws", format!("+{}", arguments.draws.unwrap_or(0)))
            .mend("add seeds (--seeds +N), or make a new run with --draws")
            .into());
    }
    let mut overrides = old.overrides.clone();
    let more = |now: u32, by: Option<u32>| by.map(|by| now.saturating_add(by));
    overrides.draws = more(old.draws, arguments.draws).or(overrides.draws);
    overrides.seeds = more(old.seeds, arguments.seeds).or(overrides.seeds);
    overrides.threads = arguments.threads;
    let wanted = Sheet {
        overrides: overrides.clone(),
        ..old.clone()
    };
    let (plan, data) = wanted.plan(None)?;
    plan.check_against(&data, &measures::ids())?;
    let sheet = Sheet::of(&plan, &data, &overrides, None)?;
    let grown = Sheet {
        draws: sheet.draws,
        seeds: sheet.seeds,
        ..old
    };
    grown.agree(&sheet, folder)?;
    if !arguments.quiet {
        tell(&format!(
            "{}: {} draws of {} seeds in all",
            folder.display(),
            sheet.draws.max(1),
            sheet.seeds
        ));
    }
    let ensemble = prepared(&plan, data, arguments.quiet)?;
    begin(folder, &sheet, true)?;
    carry(&Job {
        plan: &plan,
        ensemble: &ensemble,
        sheet: &sheet,
        folder,
        place: Place::Own,
        wish: None,
        quiet: arguments.quiet,
        drops: false,
        prints: true,
        started,
    })
}
