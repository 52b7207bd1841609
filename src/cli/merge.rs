//! `stabil merge`: the results of a run out of its shards, in any order.

use super::keeping::{Place, refuse_occupied};
use super::run::{Job, begin, carry, prepared};
use super::{CliError, tell};
use crate::runs::ensemble::Ensemble;
use crate::runs::kept::{self, Gathered, Sheet};
use crate::runs::units::{Shard, Unit};
use crate::store::{put_whole, unit_files};
use crate::words::Problem;
use clap::Args;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Lines of help.
pub(super) const MERGE_EXAMPLES: &str = "\
Examples:
  stabil merge shards/* --out merged      all shards in a folder, in any order
  stabil merge a b c --out abc --force    over older results";

/// Shards that are named one by one where they are missing.
const TOLD: usize = 12;

/// Arguments of `stabil merge`.
#[derive(Clone, Debug, Args)]
pub struct MergeArguments {
    /// Folders of the shards of one run, all of them, in any order
    #[arg(value_name = "OUT", required = true)]
    pub shards: Vec<PathBuf>,
    /// Folder for the results [default: runs/out/NAME, after the name of the run]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The data folder.
    #[command(flatten)]
    pub data: super::arguments::DataChoice,
    /// Copy the units into the results folder, so that the run can be extended
    #[arg(long)]
    pub keep_units: bool,
    /// Threads to use [default: one to each core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = super::values::threads)]
    pub threads: Option<usize>,
    /// Show no progress and no messages but errors; the table is still printed
    #[arg(long, short)]
    pub quiet: bool,
    /// Replace results that are already in the folder
    #[arg(long)]
    pub force: bool,
}

/// Carries out `stabil merge`.
///
/// # Errors
/// A [`CliError`]: shards of different runs, shards that overlap or are missing, units that are
/// missing or damaged, or results that cannot be written.
pub fn merge(arguments: &MergeArguments) -> Result<u8, CliError> {
    let started = Instant::now();
    let shards = &arguments.shards;
    let first = agreed(shards)?;
    let mut whole = Sheet {
        shard: None,
        ..first.clone()
    };
    whole.overrides.threads = arguments.threads;
    let data = match arguments.data.is_given() {
        true => Some(arguments.data.folder()?),
        false => None,
    };
    let (plan, data) = whole.plan(data)?;
    let sheet = Sheet {
        run_file: whole.run_file.clone(),
        ..Sheet::of(&plan, &data, &whole.overrides, None)?
    };
    Sheet {
        overrides: sheet.overrides.clone(),
        data_folder: sheet.data_folder.clone(),
        ..whole
    }
    .agree(&sheet, &shards[0])?;
    let out = arguments.out.clone();
    let folder = out.unwrap_or_else(|| PathBuf::from("runs/out").join(&plan.name));
    refuse_own(&folder, shards)?;
    refuse_occupied(&folder, arguments.force)?;
    let ensemble = prepared(&plan, data, arguments.quiet)?;
    complete(shards, &sheet, &ensemble)?;
    begin(&folder, &sheet, false)?;
    if arguments.keep_units {
        copy(shards, &folder)?;
    }
    let code = carry(&Job {
        plan: &plan,
        ensemble: &ensemble,
        sheet: &sheet,
        folder: &folder,
        place: match arguments.keep_units {
            true => Place::Own,
            false => Place::Shards(shards),
        },
        wish: None,
        quiet: arguments.quiet,
        drops: !arguments.keep_units,
        prints: true,
        started,
    });
    if code.is_err() && !arguments.keep_units {
        kept::clear(&folder)?;
    }
    code
}

/// The sheet of the first shard, if all shards are of one run, each another part of it, and none
/// is missing.
fn agreed(shards: &[PathBuf]) -> Result<Sheet, CliError> {
    let mut first: Option<(Sheet, &Path)> = None;
    let mut seen: BTreeMap<Shard, &Path> = BTreeMap::new();
    for folder in shards {
        let sheet = Sheet::needed(folder)?;
        let named = folder.display().to_string();
        let Some(shard) = sheet.shard else {
            let message = "this is a whole run and no shard of one";
            return Err(Problem::in_file(&named, message)
                .mend("name folders that were made with --shard")
                .into());
        };
        if let Some(other) = seen.insert(shard, folder) {
            let message = format!("this is shard {shard}, and so is {}", other.display());
            return Err(Problem::in_file(&named, message)
                .mend("name one of the two")
                .into());
        }
        match &first {
            None => first = Some((sheet, folder)),
            Some((own, other)) => {
                let mut told = own.differences(&Sheet {
                    shard: own.shard,
                    ..sheet.clone()
                });
                let of = |sheet: &Sheet| sheet.shard.map_or(0, |shard| shard.of);
                if of(own) != of(&sheet) {
                    told.push(format!("number of shards: {}, now {}", of(own), of(&sheet)));
                }
                if !told.is_empty() {
                    let message = format!(
                        "the shard is of another run than {}, which differs in:\n  {}",
                        other.display(),
                        told.join("\n  ")
                    );
                    return Err(Problem::in_file(&named, message)
                        .mend("merge shards of one run")
                        .into());
                }
            }
        }
    }
    let Some((sheet, _)) = first else {
        return Err(Problem::in_file("merge", "no shard was named").into());
    };
    let of = sheet.shard.map_or(0, |shard| shard.of);
    let missing: Vec<String> = (1..=of)
        .map(|number| Shard { number, of })
        .filter(|shard| !seen.contains_key(shard))
        .map(|shard| shard.to_string())
        .collect();
    if !missing.is_empty() {
        let message = format!(
            "{} of {of} shards are not among the folders: {}{}",
            missing.len(),
            missing[..missing.len().min(TOLD)].join(", "),
            if missing.len() > TOLD { ", ..." } else { "" }
        );
        return Err(Problem::in_file("merge", message)
            .mend("run them with --shard, and name all folders")
            .into());
    }
    Ok(sheet)
}

/// Refuses a results folder that is one of the shards.
fn refuse_own(folder: &Path, shards: &[PathBuf]) -> Result<(), CliError> {
    let real = |path: &Path| path.canonicalize().unwrap_or(path.to_path_buf());
    if !shards.iter().any(|shard| real(shard) == real(folder)) {
        return Ok(());
    }
    let message = "this is one of the shards, and cannot take the results as well";
    Err(Problem::in_file(&folder.display().to_string(), message)
        .mend("name another folder with --out DIR")
        .into())
}

/// Refuses shards of which units are missing or damaged, and units in a shard not their own.
fn complete(shards: &[PathBuf], sheet: &Sheet, ensemble: &Ensemble) -> Result<(), CliError> {
    let mut all: BTreeMap<u32, Vec<Unit>> = BTreeMap::new();
    let mut faults = Vec::new();
    for folder in shards {
        let Some(shard) = Sheet::needed(folder)?.shard else {
            continue;
        };
        let units = all
            .entry(shard.of)
            .or_insert_with(|| ensemble.extent().units(shard.of));
        let units = shard.own(units.clone())?;
        let mut own = Gathered::default();
        own.add(folder, (sheet.made.origin(), ensemble.shape()), None)?;
        let left = own.missing(&units, folder)?;
        if let Some(unit) = left.first() {
            let damaged = match own.damaged.first() {
                Some(trouble) => format!(" ({trouble})"),
                None => String::new(),
            };
            faults.push(format!(
                "shard {shard} in {}: {} of {} units are missing, the first: {unit}{damaged}",
                folder.display(),
                left.len(),
                units.len()
            ));
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    let message = format!("not all work is done:\n  {}", faults.join("\n  "));
    Err(Problem::in_file("merge", message)
        .mend("run these shards again with --resume")
        .into())
}

/// Copies the units of shards into a results folder.
fn copy(shards: &[PathBuf], folder: &Path) -> Result<(), CliError> {
    let to = folder.join(kept::FOLDER);
    for shard in shards {
        for path in unit_files(&shard.join(kept::FOLDER))? {
            let bytes = std::fs::read(&path).map_err(|error| CliError::io(&path, error))?;
            put_whole(&to.join(path.file_name().unwrap_or_default()), &bytes)?;
        }
    }
    tell(&format!("units are copied to {}", to.display()));
    Ok(())
}
