//! Rows of the smaller files of a results folder.

use crate::tallies::ALL;
use crate::words::{Problem, Year};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::path::Path;

/// A row of `effects.csv`.
#[derive(Clone, Debug, Deserialize)]
pub struct Effect {
    pub scenario: String,
    pub from: Option<Year>,
    pub until: Year,
    pub measure: String,
    pub zone: String,
    pub sector: String,
    pub mean: Option<f64>,
    pub p025: Option<f64>,
    pub p10: Option<f64>,
    pub p25: Option<f64>,
    pub p50: Option<f64>,
    pub p75: Option<f64>,
    pub p90: Option<f64>,
    pub p975: Option<f64>,
    pub p_positive: Option<f64>,
    pub note: String,
}

impl Effect {
    /// p025, p10, p25, p50, p75, p90, p975; NaN where there is no band.
    pub fn bands(&self) -> [f64; 7] {
        [
            self.p025, self.p10, self.p25, self.p50, self.p75, self.p90, self.p975,
        ]
        .map(or_nan)
    }
}

/// The number, or NaN.
pub fn or_nan(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::NAN)
}

/// A row of `policies.csv`.
#[derive(Clone, Debug, Deserialize)]
pub struct Cost {
    pub scenario: String,
    pub policy: String,
    pub year: Year,
    pub participants: Option<f64>,
    pub cost_mean: Option<f64>,
    pub cost_p025: Option<f64>,
    pub cost_p975: Option<f64>,
    pub cost_known: bool,
    pub price_year: Option<Year>,
}

/// A row of `reached.csv`.
#[derive(Clone, Debug, Deserialize)]
pub struct Reached {
    pub scenario: String,
    pub policy: String,
    pub year: Year,
    pub measure: String,
    pub mean: Option<f64>,
    pub p025: Option<f64>,
    pub p975: Option<f64>,
}

/// A row of `acceptability.csv`.
#[derive(Clone, Debug, Deserialize)]
pub struct Acceptable {
    pub scenario: String,
    pub zone: String,
    pub nok_per_fte_year: f64,
    pub probability: Option<f64>,
}

/// A row of `retention.csv`.
#[derive(Clone, Debug, Deserialize)]
pub struct Retention {
    pub scenario: String,
    pub study_place: String,
    pub track: String,
    pub profession: String,
    pub years_on: Year,
    pub measure: String,
    pub mean: Option<f64>,
    pub p025: Option<f64>,
    pub p50: Option<f64>,
    pub p975: Option<f64>,
}

/// A row of `uncertainty.csv`.
#[derive(Clone, Debug, Deserialize)]
pub struct Split {
    pub scenario: String,
    pub year: Year,
    pub profession: String,
    pub grade: String,
    pub sector: String,
    pub zone: String,
    pub from: String,
    pub measure: String,
    pub structural_share: Option<f64>,
    pub alignment_share: Option<f64>,
    pub parameter_share: Option<f64>,
    pub interaction_share: Option<f64>,
    pub stochastic_share: Option<f64>,
}

impl Split {
    /// Supply and need's balance, of all sectors, grades and origins together.
    pub fn is_wanted(&self) -> bool {
        let whole = [&self.grade, &self.sector, &self.from];
        whole.iter().all(|name| *name == ALL)
            && ["supply_fte", "gap_fte"].contains(&self.measure.as_str())
    }
}

/// A row of `drivers.csv`.
#[derive(Clone, Debug, Deserialize)]
pub struct Driver {
    pub scenario: String,
    pub year: Year,
    pub measure: String,
    pub profession: String,
    pub zone: String,
    pub rank: u32,
    pub parameter: String,
    pub grade: String,
    pub told: bool,
    pub share: Option<f64>,
    pub share_se: Option<f64>,
    pub effect: Option<f64>,
    pub facts: String,
    pub sources: String,
    pub reasoning: String,
}

/// A row of `value_of_information.csv`.
#[derive(Clone, Debug, Deserialize)]
pub struct Worth {
    pub kind: String,
    pub group: String,
    pub parameters: u32,
    pub quantity: String,
    pub measure: String,
    pub profession: String,
    pub zone: String,
    pub value: Option<f64>,
    pub se: Option<f64>,
    pub sd_now: Option<f64>,
}

/// A row of `durations.csv`.
#[derive(Clone, Debug, Deserialize)]
pub struct Duration {
    pub profession: String,
    pub measure: String,
    pub lives: u64,
    pub mean: Option<f64>,
    pub p25: Option<f64>,
    pub p50: Option<f64>,
    pub p75: Option<f64>,
}

/// The rows of a file that are wanted; `None` if the folder has no such file.
///
/// # Errors
/// A [`Problem`] if it cannot be read or is not such a file.
pub fn read<T: DeserializeOwned>(
    folder: &Path,
    name: &str,
    wanted: impl Fn(&T) -> bool,
) -> Result<Option<Vec<T>>, Problem> {
    let path = folder.join(name);
    if !path.is_file() {
        return Ok(None);
    }
    let named = path.display().to_string();
    let again = "carry out the run again: stabil run RUN --force";
    let reader = csv::Reader::from_path(&path)
        .map_err(|error| Problem::in_file(&named, error.to_string()).mend(again))?;
    let mut kept = Vec::new();
    for row in reader.into_deserialize() {
        let row: T = row.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            Problem::in_file(&named, error.to_string())
                .at(line as usize)
                .mend(again)
        })?;
        if wanted(&row) {
            kept.push(row);
        }
    }
    Ok(Some(kept))
}
