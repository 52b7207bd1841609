//! The folder `units` of a results folder: what is done of a run, one file to a unit, and
//! `plan.json`, which says what run it is of. From it a run that ended early goes on, a run that
//! ended is extended, and shards are merged. Under disclosure control, which units have not gone
//! through, it is marked.

use super::ensemble::Part;
use super::made::Made;
use super::plan::COMMAND_LINE;
use super::units::{Coverage, Shard, Unit};
use super::{Overrides, Plan};
use crate::evidence::DataFolder;
use crate::parameters::ModelData;
use crate::store::{self, Origin, Piece, Shape, Trouble};
use crate::words::Problem;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The folder of units in a results folder.
pub const FOLDER: &str = "units";
/// The file that says what run the units are of.
pub const SHEET: &str = "plan.json";

/// The file that says, under disclosure control, that units are not to leave a secure zone.
pub const NOTICE: &str = "UNSCREENED.txt";
/// The file that keeps units out of a repository under disclosure control.
const IGNORED: &str = ".gitignore";
/// What the notice says.
const NOTICE_TEXT: &str = "\
These units of work hold figures as they are, before disclosure control. They must not leave the
secure zone. They are here because the run is not whole yet, or is a shard; they go when the run ends
whole, or with this folder. The files of the results folder itself are screened.

Disse arbeidsenhetene holder tall slik de er, før avsløringskontroll. De skal ikke ut av sikker sone.
De ligger her fordi kjøringen ikke er hel ennå, eller er en skår; de fjernes når kjøringen er hel,
eller med denne mappa. Filene i selve resultatmappa har vært gjennom avsløringskontroll.
";

/// Marks the folder of units as what must not leave a secure zone.
///
/// # Errors
/// [`Trouble`] if the marks cannot be written.
pub fn mark(folder: &Path) -> Result<(), Trouble> {
    let units = folder.join(FOLDER);
    store::put_whole(&units.join(NOTICE), NOTICE_TEXT.as_bytes())?;
    store::put_whole(&units.join(IGNORED), b"*\n")
}

/// What run the units of a folder are of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// What the units depend on.
    pub made: Made,
    /// Where the run file came from.
    pub run_file: String,
    /// Its text.
    pub run_text: String,
    /// Settings given beside it.
    pub overrides: Overrides,
    /// The data folder; none for the embedded one.
    pub data_folder: Option<PathBuf>,
    /// How many draws there are to be.
    pub draws: u32,
    /// How many seeds, in each draw.
    pub seeds: u32,
    /// Which shard of the run this is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shard: Option<Shard>,
}

impl Sheet {
    /// The sheet of a plan on these data.
    ///
    /// # Errors
    /// As [`Made::of`].
    pub fn of(
        plan: &Plan,
        data: &ModelData,
        overrides: &Overrides,
        shard: Option<Shard>,
    ) -> Result<Sheet, Problem> {
        let data_folder = match &data.folder {
            DataFolder::Embedded => None,
            DataFolder::Disk(path) => Some(std::path::absolute(path).unwrap_or(path.clone())),
        };
        Ok(Sheet {
            made: Made::of(plan, data)?,
            run_file: plan.file.clone(),
            run_text: plan.text.clone(),
            overrides: overrides.clone(),
            data_folder,
            draws: plan.draws,
            seeds: plan.seeds,
            shard,
        })
    }

    /// The plan and the data of the sheet.
    ///
    /// # Errors
    /// A [`Problem`] if the data are no longer there or the run is no longer allowed.
    pub fn plan(&self, data: Option<DataFolder>) -> Result<(Plan, ModelData), Problem> {
        let plan = Plan::of_text(&self.run_file, &self.run_text)?.with(&self.overrides)?;
        let recorded = match &self.data_folder {
            None => DataFolder::Embedded,
            Some(path) => DataFolder::Disk(path.clone()),
        };
        let data = plan.read_data(data.unwrap_or(recorded))?;
        Ok((plan, data))
    }

    /// What differs from another, a line each.
    pub fn differences(&self, now: &Sheet) -> Vec<String> {
        let mut told = Vec::new();
        let shard = |of: &Sheet| of.shard.map_or("none".to_string(), |own| own.to_string());
        for (what, before, now) in [
            ("draws", self.draws.to_string(), now.draws.to_string()),
            ("seeds", self.seeds.to_string(), now.seeds.to_string()),
            ("shard", shard(self), shard(now)),
        ] {
            if before != now {
                told.push(format!("{what}: {before}, now {now}"));
            }
        }
        told.extend(self.made.differences(&now.made));
        told
    }

    /// Refuses units of another run.
    ///
    /// # Errors
    /// A [`Problem`] that tells what differs.
    pub fn agree(&self, now: &Sheet, folder: &Path) -> Result<(), Problem> {
        let told = self.differences(now);
        if told.is_empty() {
            return Ok(());
        }
        let file = folder.join(FOLDER).display().to_string();
        let message = format!(
            "the units there are of a run that differs in:\n  {}",
            told.join("\n  ")
        );
        let grows = self.made == now.made && self.shard == now.shard;
        Err(Problem::in_file(&file, message).mend(match grows {
            true => format!(
                "give what it was, or add to it: stabil extend {} --draws +N",
                folder.display()
            ),
            false => "give what it was, or begin anew with --force or in another folder".into(),
        }))
    }

    /// Reads the sheet of a results folder; none where no units are kept.
    ///
    /// # Errors
    /// A [`Problem`] if it cannot be read.
    pub fn read(folder: &Path) -> Result<Option<Sheet>, Problem> {
        let path = folder.join(FOLDER).join(SHEET);
        let named = path.display().to_string();
        if !path.exists() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(&path)
            .map_err(|error| Problem::in_file(&named, error.to_string()))?;
        let sheet = serde_json::from_str(&text).map_err(|error| {
            Problem::in_file(&named, format!("it cannot be read: {error}"))
                .at(error.line())
                .mend("it is of another version, or damaged; begin anew with --force")
        })?;
        Ok(Some(sheet))
    }

    /// Reads the sheet of a folder that must have one.
    ///
    /// # Errors
    /// A [`Problem`] if no units are kept there, or it cannot be read.
    pub fn needed(folder: &Path) -> Result<Sheet, Problem> {
        Sheet::read(folder)?.ok_or_else(|| {
            let message = "no units of work are kept in this folder";
            Problem::in_file(COMMAND_LINE, message)
                .about("OUT", folder.display().to_string())
                .mend("name the results folder of a run that kept them (no --drop-units)")
        })
    }

    /// Writes the sheet, making the folder of units if need be.
    ///
    /// # Errors
    /// [`Trouble`] if it cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), Trouble> {
        let units = folder.join(FOLDER);
        std::fs::create_dir_all(&units).map_err(|error| Trouble::at(&units, error))?;
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        store::put_whole(&units.join(SHEET), text.as_bytes())
    }
}

/// Units that are kept.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The units.
    pub pieces: Vec<Piece>,
    /// Which runs they are.
    pub parts: Vec<Part>,
    /// The same, to see what is missing.
    pub coverage: Coverage,
    /// What is wrong with files that were damaged.
    pub damaged: Vec<Trouble>,
}

/// Why units cannot be gathered.
#[derive(Debug, thiserror::Error)]
pub enum Ungathered {
    /// They do not belong together.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// A file cannot be read.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

impl Gathered {
    /// Adds the units of a results folder, all read and checked. Damaged files are left out and
    /// told. `watch` is the position of a value to look at.
    ///
    /// # Errors
    /// [`Ungathered`] for a unit of another run, seeds that are there twice, or a folder or file
    /// that cannot be read.
    pub fn add(
        &mut self,
        folder: &Path,
        (origin, shape): (Origin, Shape),
        watch: Option<usize>,
    ) -> Result<(), Ungathered> {
        for path in store::unit_files(&folder.join(FOLDER))? {
            let named = path.display().to_string();
            let opened = Piece::open(&path).and_then(|piece| piece.check().map(|()| piece));
            let piece = match opened {
                Ok(piece) => piece,
                Err(trouble) if trouble.is_damage() => {
                    self.damaged.push(trouble);
                    continue;
                }
                Err(trouble) => return Err(trouble.into()),
            };
            let is_own = piece.origin().is_some_and(|(own, _)| own == origin);
            if !is_own || piece.shape() != shape {
                let message = "the unit is of another run than the others (program, settings or \
                               data); see plan.json beside it";
                let hint = "take the file away, or begin anew";
                return Err(Problem::in_file(&named, message).mend(hint).into());
            }
            let label = &piece.label;
            let at = (label.draw as usize, label.variant as usize);
            if let Some(seed) = self.coverage.add(at, label.seeds.iter().copied()) {
                let other = self.holder(at, seed).unwrap_or_default();
                let message = format!(
                    "seed {seed} of draw {} under variant {} is there twice: here and in {other}",
                    at.0 + 1,
                    at.1 + 1
                );
                let hint = "take one of the two away";
                return Err(Problem::in_file(&named, message).mend(hint).into());
            }
            self.parts.push(Part {
                variant: at.1,
                draw: at.0,
                seeds: label.seeds.clone(),
                watched: match watch {
                    Some(at) => piece.in_base(at)?,
                    None => Vec::new(),
                },
            });
            self.pieces.push(piece);
        }
        Ok(())
    }

    /// The file that holds a seed.
    fn holder(&self, (draw, variant): (usize, usize), seed: u64) -> Option<String> {
        let holds = |piece: &&Piece| {
            let own = &piece.label;
            let is_here = (own.draw as usize, own.variant as usize) == (draw, variant);
            is_here && own.seeds.contains(&seed)
        };
        let (_, path) = self.pieces.iter().find(holds)?.origin()?;
        Some(path.display().to_string())
    }

    /// Removes the files that were damaged, so that their units can be done again.
    ///
    /// # Errors
    /// [`Trouble`] if one cannot be removed.
    pub fn remove_damaged(&self) -> Result<(), Trouble> {
        self.damaged.iter().try_for_each(|trouble| {
            let path = &trouble.path;
            std::fs::remove_file(path).map_err(|error| Trouble::at(path, error))
        })
    }

    /// What is missing of these units; refuses units that are none of them.
    ///
    /// # Errors
    /// A [`Problem`] about a unit that does not belong here.
    pub fn missing(&self, units: &[Unit], folder: &Path) -> Result<Vec<Unit>, Problem> {
        if let Some((draw, variant, seed)) = self.coverage.beyond(units) {
            let named = folder.join(FOLDER).display().to_string();
            let message = format!(
                "seed {seed} of draw {} under variant {} is there, and is no part of this run",
                draw + 1,
                variant + 1
            );
            return Err(Problem::in_file(&named, message)
                .mend("take its file away, or begin anew with --force"));
        }
        Ok(self.coverage.missing(units))
    }
}

/// Removes the units of a results folder with their sheet.
///
/// # Errors
/// [`Trouble`] if a file cannot be removed.
pub fn clear(folder: &Path) -> Result<(), Trouble> {
    let units = folder.join(FOLDER);
    if !units.is_dir() {
        return Ok(());
    }
    let mut files = store::unit_files(&units)?;
    // The marks go after what they warn of.
    let beside = [SHEET, IGNORED, NOTICE].map(|name| units.join(name));
    files.extend(beside.into_iter().filter(|path| path.is_file()));
    for path in files {
        std::fs::remove_file(&path).map_err(|error| Trouble::at(&path, error))?;
    }
    // A folder with files of the user's own stays.
    let _ = std::fs::remove_dir(&units);
    Ok(())
}
