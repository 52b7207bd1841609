//! Units that are kept: what is there when a run is taken up, and what is told of those that are
//! not done.

use super::run::Job;
use super::{CliError, DONE, INTERRUPTED, tell};
use crate::runs::batches::Outcome;
use crate::runs::ensemble::{Failure, Part};
use crate::runs::kept::{self, Gathered, Sheet};
use crate::runs::units::{Coverage, Unit};
use crate::store::{Piece, unit_files};
use crate::words::Problem;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Failures that are told one by one.
const TOLD: usize = 5;

/// Where units are that are done.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'a> {
    /// In the results folder, where those to come go too.
    Own,
    /// In these shards.
    Shards(&'a [PathBuf]),
    /// None is there, and none is kept; only draws of these numbers and these seeds are wanted.
    Nowhere(&'a BTreeSet<u64>, &'a BTreeSet<u64>),
}

/// What is there, and what is not.
pub(super) struct There {
    /// The units.
    pub pieces: Vec<Piece>,
    /// Which runs they are.
    pub parts: Vec<Part>,
    /// What is not there.
    pub missing: Vec<Unit>,
}

/// Are there units in the folder that can be taken up? Refuses those of another run.
pub(super) fn is_there(sheet: &Sheet, folder: &Path, quiet: bool) -> Result<bool, CliError> {
    let Some(there) = Sheet::read(folder)? else {
        // A start that was ended before it had done anything leaves an empty folder of units.
        let units = folder.join(kept::FOLDER);
        if units.is_dir() && unit_files(&units)?.is_empty() {
            kept::clear(folder)?;
        }
        if !quiet {
            tell(&format!(
                "{}: there is nothing to take up; begins from the beginning",
                folder.display()
            ));
        }
        return Ok(false);
    };
    there.agree(sheet, folder)?;
    Ok(true)
}

/// Refuses a folder that holds something, unless it is to be written over.
pub(super) fn refuse_occupied(folder: &Path, force: bool) -> Result<(), CliError> {
    let named = folder.display().to_string();
    if folder.exists() && !folder.is_dir() {
        return Err(
            Problem::in_file(&named, "the results need a folder, and this is a file")
                .mend("name another one with --out DIR")
                .into(),
        );
    }
    let occupied = folder.exists()
        && folder
            .read_dir()
            .map(|mut entries| entries.next().is_some())
            .unwrap_or(true);
    if occupied && !force {
        let go_on = match folder.join(kept::FOLDER).is_dir() {
            true => "go on where it ended with --resume, ",
            false => "",
        };
        return Err(Problem::in_file(
            &named,
            "the results folder is not empty; nothing was written",
        )
        .mend(format!(
            "{go_on}write over it with --force, or name another one with --out DIR"
        ))
        .into());
    }
    Ok(())
}

/// Gathers the units that are there.
pub(super) fn gathered(
    job: &Job<'_>,
    units: &[Unit],
    watch: Option<usize>,
) -> Result<There, CliError> {
    let mut own = Gathered::default();
    let made_by = (job.sheet.made.origin(), job.ensemble.shape());
    match job.place {
        Place::Own => own.add(job.folder, made_by, watch)?,
        Place::Shards(folders) => folders
            .iter()
            .try_for_each(|folder| own.add(folder, made_by, watch))?,
        Place::Nowhere(draws, seeds) => {
            let missing = own.coverage.missing(units);
            return Ok(There {
                pieces: Vec::new(),
                parts: Vec::new(),
                missing: chosen(job, missing, draws, seeds),
            });
        }
    }
    for trouble in &own.damaged {
        let done_again = match job.place {
            Place::Shards(_) => "do it again with --resume in its shard",
            _ => "its unit is done again",
        };
        tell(&format!("{trouble}; {done_again}"));
    }
    if matches!(job.place, Place::Own) {
        own.remove_damaged()?;
    }
    let missing = own.missing(units, job.folder)?;
    if !job.quiet && !own.parts.is_empty() {
        let seeds: usize = own.parts.iter().map(|part| part.seeds.len()).sum();
        tell(&format!(
            "{seeds} of {} runs are there",
            job.ensemble.pairs()
        ));
    }
    Ok(There {
        pieces: own.pieces,
        parts: own.parts,
        missing,
    })
}

/// What is of these draws and seeds.
fn chosen(
    job: &Job<'_>,
    units: Vec<Unit>,
    draws: &BTreeSet<u64>,
    seeds: &BTreeSet<u64>,
) -> Vec<Unit> {
    let mut unwanted = Coverage::default();
    for unit in &units {
        let of_draw = draws.contains(&job.ensemble.draws[unit.draw].number);
        let wanted = |seed: &u64| of_draw && seeds.contains(seed);
        let others = unit.seeds.clone().filter(|seed| !wanted(seed));
        unwanted.add((unit.draw, unit.variant), others);
    }
    unwanted.missing(&units)
}

/// Tells how a shard ended; gives the exit code.
pub(super) fn shard_done(
    job: &Job<'_>,
    outcome: &Outcome,
    simulated: Duration,
) -> Result<u8, CliError> {
    if !outcome.failures.is_empty() {
        return Err(failed(job, &outcome.failures));
    }
    let Some(shard) = job.sheet.shard else {
        return Ok(DONE);
    };
    let units = shard.own(job.ensemble.extent().units(shard.of))?;
    let mut own = Gathered::default();
    own.add(
        job.folder,
        (job.sheet.made.origin(), job.ensemble.shape()),
        None,
    )?;
    let left = own.missing(&units, job.folder)?.len();
    if left > 0 {
        tell(&format!(
            "interrupted: {left} of {} units of shard {shard} are left; go on with --resume",
            units.len()
        ));
        return Ok(INTERRUPTED);
    }
    if !job.quiet {
        tell(&format!(
            "shard {shard}: {} units in {:.1} s, in {}; merge all shards with: stabil merge DIR...",
            units.len(),
            simulated.as_secs_f64(),
            job.folder.join(kept::FOLDER).display()
        ));
    }
    Ok(DONE)
}

/// Tells units that could not be done one by one.
fn tell_failures(failures: &[Failure]) {
    for Failure { unit, told, .. } in failures.iter().take(TOLD) {
        tell(&format!("not done: {unit}: {told}"));
    }
    if failures.len() > TOLD {
        tell(&format!("and {} more", failures.len() - TOLD));
    }
}

/// The error about units that could not be done, where results were made of the others.
pub(super) fn failed(job: &Job<'_>, failures: &[Failure]) -> CliError {
    tell_failures(failures);
    CliError::Unfinished {
        folder: job.folder.to_path_buf(),
        failed: failures.len(),
        kept: number_kept(job),
    }
}

/// The error about work that could not be finished: nothing was made of it.
pub(super) fn unfinished(job: &Job<'_>, outcome: &Outcome) -> CliError {
    failed(job, &outcome.failures)
}

fn number_kept(job: &Job<'_>) -> usize {
    let files = unit_files(&job.folder.join(kept::FOLDER));
    files.map_or(0, |files| files.len())
}

/// Leaves no empty folder of units behind a run that ended with nothing.
pub(super) fn tidy(job: &Job<'_>) -> Result<(), CliError> {
    if matches!(job.place, Place::Own) && number_kept(job) == 0 {
        kept::clear(job.folder)?;
    }
    Ok(())
}
