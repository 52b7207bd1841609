//! The manifest of a run: what it was made from, by what, and how long it took.

use crate::disclosure::Screened;
use crate::parameters::ModelData;
use crate::runs::Overrides;
use crate::runs::calibrated::Calibrated;
use crate::runs::manual::Overridden;
use crate::runs::precision::Precision;
use crate::words::Problem;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What a results folder says of itself, as `manifest.json`.
#[derive(Debug, Serialize)]
pub struct Manifest {
    /// Name of the program.
    pub program: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The commit that it was built from.
    pub commit: &'static str,
    /// Name of the run.
    pub run: String,
    /// Where the run file came from, and its BLAKE3 hash.
    pub run_file: String,
    /// BLAKE3 hash of the run file's text.
    pub run_file_hash: String,
    /// The run file's text, from which the results can be made again.
    pub run_text: String,
    /// Settings given beside it, as flags.
    pub flags: Overrides,
    /// The data folder; none for the embedded one.
    pub data_folder: Option<PathBuf>,
    /// All settings, defaults filled in.
    pub settings: serde_json::Value,
    /// The numbers of the parameter draws that are in the results: 0 is the centre of the fit, else
    /// 1 and the position in the posterior.
    pub draws: Vec<u64>,
    /// The seeds of each draw.
    pub seeds: Vec<u64>,
    /// The structural variants that all draws and seeds are simulated under; none: as the run is.
    pub variants: Vec<String>,
    /// Runs in the results, those of scenarios included.
    pub runs: usize,
    /// Were all runs completed that were wanted?
    pub complete: bool,
    /// What became of the precision that was wished for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// What the fit to the targets brought into the run. The factors are those of the centre; of a
    /// run with draws, in which each has its own, none are told.
    pub calibrated: Calibrated,
    /// Parameters set by hand: by whom, when and why.
    pub overrides: Vec<Overridden>,
    /// BLAKE3 hashes of the data files.
    pub data: BTreeMap<String, String>,
    /// Rows of the microdata, rounded, where there are any: nothing else of them is told but the
    /// file's hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub microdata_rows: Option<usize>,
    /// What disclosure control did, where it was in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disclosure: Option<Screened>,
    /// BLAKE3 hashes of the results.
    pub results: BTreeMap<String, String>,
    /// Operating system and processor family.
    pub machine: String,
    /// Threads used.
    pub threads: usize,
    /// Wall time of reading, synthesis and compilation, in seconds.
    pub seconds_preparing: f64,
    /// Wall time of the simulation, in seconds.
    pub seconds_simulating: f64,
    /// Person-years simulated.
    pub person_years: u64,
    /// Person-years per second of wall time, all threads together.
    pub person_years_per_second: f64,
}

impl Manifest {
    /// Hashes of the data folder.
    ///
    /// # Errors
    /// A [`Problem`] if a file can no longer be read.
    pub fn data_hashes(data: &ModelData) -> Result<BTreeMap<String, String>, Problem> {
        data.folder.hashes()
    }

    /// The manifest as JSON, one key a line.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}
