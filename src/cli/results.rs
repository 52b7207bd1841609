//! The files of a results folder: which there are, and how they are written, each whole or not at
//! all, the manifest last.

use super::spread_files::Found;
use super::{CliError, report};
use crate::bands::{Bands, Differences};
use crate::report::{
    DIFFERENCE_COLUMNS, clear_parts, comparison, csv_file, datapackage::labels, difference_rows,
    durations_file, parquet_file, put,
};
use crate::runs::Pairing;
use crate::runs::effects::Told;
use crate::runs::paired::Pair;
use crate::tallies::Durations;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

/// The file that vouches for the others: a folder with a manifest is whole.
pub const MANIFEST: &str = "manifest.json";
/// Paired differences, the file that tells a comparison from another run.
pub const DIFFERENCES: &str = "differences.csv";
/// Effects and costs of scenarios.
pub const EFFECTS: &str = "effects.csv";
/// Who is reached.
pub const REACHED: &str = "reached.csv";

/// The files of every run, in the order of writing.
const FILES: [&str; 4] = ["bands.csv", "bands.parquet", "durations.csv", "labels.csv"];
/// The files that a run with scenarios has besides.
const COMPARISON: [&str; 7] = [
    DIFFERENCES,
    "differences.parquet",
    EFFECTS,
    "policies.csv",
    REACHED,
    "acceptability.csv",
    "retention.csv",
];

/// What a run has to tell.
#[derive(Debug)]
pub struct Results<'a> {
    /// The bands of the base and of each scenario.
    pub bands: &'a [Bands],
    /// Durations of single lives, in the base.
    pub durations: &'a Durations,
    /// The models.
    pub pairing: &'a Pairing,
    /// What each seed gave.
    pub pairs: &'a [Pair],
    /// Differences, by scenario.
    pub differences: &'a [Differences],
    /// Effects and costs, by scenario.
    pub told: &'a [Told],
    /// What the spread says.
    pub found: &'a Found,
    /// Has disclosure control gone over the tables? Files that it knows nothing of are not written.
    pub is_screened: bool,
    /// Names of base and scenarios.
    pub arms: &'a [String],
}

impl Results<'_> {
    /// Writes all files but the manifest and gives their hashes. Files of an earlier run that this
    /// one does not have are removed.
    ///
    /// # Errors
    /// A [`CliError`] for what cannot be written.
    pub fn write(&self, folder: &Path) -> Result<BTreeMap<String, String>, CliError> {
        // A manifest vouches for the files beside it: an old one goes before the first is replaced.
        remove(folder, MANIFEST)?;
        clear_parts(folder).map_err(|error| CliError::io(folder, error))?;
        report::forget(folder)?;
        let [csv, parquet, lives, labelled] = FILES;
        let bands: Vec<&Bands> = self.bands.iter().collect();
        write(folder, csv, |to| csv_file::write_csv(&bands, to).map(drop))?;
        write(folder, parquet, |to| {
            Ok(parquet_file::write_parquet(&bands, to).map(drop)?)
        })?;
        let (base, data) = (&self.bands[0].scenario, &self.pairing.base.data);
        write(folder, labelled, |to| labels::write(data, to))?;
        let mut names = vec![csv, parquet, labelled];
        if !self.is_screened {
            write(folder, lives, |to| {
                durations_file::write(self.durations, base, data, to)
            })?;
            names.push(lives);
        }
        if !self.pairing.scenarios.is_empty() {
            names.extend(self.write_comparison(folder)?);
        }
        for name in FILES.into_iter().chain(COMPARISON) {
            if !names.contains(&name) {
                remove(folder, name)?;
            }
        }
        let layout = &self.bands[0].layout;
        names.extend(self.found.write(folder, layout, self.arms)?);
        let hash = |name: &str| {
            let path = folder.join(name);
            let bytes = std::fs::read(&path).map_err(|error| CliError::io(&path, error))?;
            Ok((name.to_string(), blake3::hash(&bytes).to_hex().to_string()))
        };
        names.into_iter().map(hash).collect()
    }

    fn write_comparison(&self, folder: &Path) -> Result<Vec<&'static str>, CliError> {
        let (design, pairs, told) = (&self.pairing.design, self.pairs, self.told);
        let [
            csv,
            parquet,
            effects,
            policies,
            reached,
            accepted,
            retention,
        ] = COMPARISON;
        let rows = || difference_rows(self.differences);
        write(folder, csv, |to| {
            csv_file::write_rows(&DIFFERENCE_COLUMNS, rows(), to).map(drop)
        })?;
        write(folder, parquet, |to| {
            let name = "differences";
            Ok(parquet_file::write_rows(name, &DIFFERENCE_COLUMNS, rows(), to).map(drop)?)
        })?;
        if self.is_screened {
            return Ok(vec![csv, parquet]);
        }
        write(folder, effects, |to| comparison::effects(design, told, to))?;
        write(folder, policies, |to| {
            comparison::policies(design, told, to)
        })?;
        write(folder, reached, |to| comparison::reached(design, pairs, to))?;
        write(folder, accepted, |to| {
            comparison::acceptability(design, told, to)
        })?;
        write(folder, retention, |to| {
            comparison::retention(design, pairs, to)
        })?;
        Ok(COMPARISON.to_vec())
    }
}

/// Writes one file of a results folder.
///
/// # Errors
/// A [`CliError`] if it cannot be written; there is then no such file, or the older one.
pub fn write(
    folder: &Path,
    name: &str,
    fill: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
) -> Result<(), CliError> {
    put(folder, name, fill).map_err(|error| CliError::io(folder.join(name), error))
}

/// Removes a file of an earlier run, if it is there.
///
/// # Errors
/// A [`CliError`] if it cannot be removed.
pub fn remove(folder: &Path, name: &str) -> Result<(), CliError> {
    let old = folder.join(name);
    if old.exists() {
        std::fs::remove_file(&old).map_err(|error| CliError::io(&old, error))?;
    }
    Ok(())
}
