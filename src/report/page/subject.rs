//! What a page is about: the published files of one results folder.

use super::cells::Cells;
use super::names::Names;
use super::rows::{
    self, Acceptable, Cost, Driver, Duration, Effect, Reached, Retention, Split, Worth,
};
use crate::evidence::{DataFolder, Facts};
use crate::picture::Both;
use crate::runs::scenario::BASE;
use crate::tallies::ALL;
use crate::words::{Problem, Year};
use serde_json::Value;
use std::path::Path;

/// The files of a folder as far as the page needs them. Those that the run did not write are `None`.
#[derive(Debug)]
pub struct Subject {
    /// `manifest.json`.
    pub manifest: Value,
    /// `bands.csv`.
    pub bands: Cells,
    /// `differences.csv`.
    pub differences: Option<Cells>,
    /// `effects.csv`.
    pub effects: Option<Vec<Effect>>,
    /// `policies.csv`.
    pub costs: Option<Vec<Cost>>,
    /// `reached.csv`.
    pub reached: Option<Vec<Reached>>,
    /// `acceptability.csv`.
    pub acceptable: Option<Vec<Acceptable>>,
    /// `retention.csv`.
    pub retention: Option<Vec<Retention>>,
    /// `uncertainty.csv`.
    pub splits: Option<Vec<Split>>,
    /// `drivers.csv`.
    pub drivers: Option<Vec<Driver>>,
    /// `value_of_information.csv`.
    pub worth: Option<Vec<Worth>>,
    /// `durations.csv`.
    pub durations: Option<Vec<Duration>>,
    /// Names for readers.
    pub names: Names,
    /// The facts, if the run was made with those of this program.
    pub facts: Option<Facts>,
}

impl Subject {
    /// Reads a results folder.
    ///
    /// # Errors
    /// A [`Problem`] if the folder is not that of a finished run, or a file is not as it should be.
    pub fn read(folder: &Path) -> Result<Subject, Problem> {
        let path = folder.join("manifest.json");
        let named = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|error| {
            Problem::in_file(
                &named,
                format!("this is not the results folder of a run: {error}"),
            )
            .mend("carry out a run: stabil run --out DIR, then: stabil report DIR")
        })?;
        let manifest: Value = serde_json::from_str(&text)
            .map_err(|error| Problem::in_file(&named, error.to_string()).at(error.line()))?;
        let differences = folder.join("differences.csv").is_file();
        let differences = differences.then(|| Cells::read(folder, "differences.csv"));
        Ok(Subject {
            bands: Cells::read(folder, "bands.csv")?,
            differences: differences.transpose()?,
            effects: rows::read(folder, "effects.csv", |row: &Effect| row.sector == ALL)?,
            costs: rows::read(folder, "policies.csv", |_| true)?,
            reached: rows::read(folder, "reached.csv", |_| true)?,
            acceptable: rows::read(folder, "acceptability.csv", |_| true)?,
            retention: rows::read(folder, "retention.csv", |_| true)?,
            splits: rows::read(folder, "uncertainty.csv", Split::is_wanted)?,
            drivers: rows::read(folder, "drivers.csv", |_| true)?,
            worth: rows::read(folder, "value_of_information.csv", |_| true)?,
            durations: rows::read(folder, "durations.csv", |_| true)?,
            names: Names::read(folder)?,
            facts: facts(&manifest)?,
            manifest,
        })
    }

    /// A text of the manifest; empty if it has none.
    pub fn text(&self, pointer: &str) -> &str {
        let found = self.manifest.pointer(pointer);
        found.and_then(Value::as_str).unwrap_or_default()
    }

    /// A list of the manifest.
    pub fn list(&self, pointer: &str) -> &[Value] {
        let found = self.manifest.pointer(pointer).and_then(Value::as_array);
        found.map_or(&[], Vec::as_slice)
    }

    /// The base's name in the files.
    pub fn base(&self) -> &str {
        match self.list("/settings/scenarios").is_empty() {
            true => self.text("/run"),
            false => BASE,
        }
    }

    /// The scenarios beside the base, as the files name them.
    pub fn scenarios(&self) -> Vec<&str> {
        let scenarios = self.list("/settings/scenarios").iter();
        scenarios.filter_map(|own| own["name"].as_str()).collect()
    }

    /// A scenario's title.
    pub fn scenario(&self, name: &str) -> Both {
        let mut all = self.list("/settings/scenarios").iter();
        let found = all.find(|own| own["name"].as_str() == Some(name));
        match found.map(|own| [&own["title_nb"], &own["title_en"]].map(Value::as_str)) {
            Some([Some(nb), Some(en)]) if !nb.is_empty() && !en.is_empty() => Both::new(nb, en),
            _ if name == BASE => Both::new("Dagens praksis", "Present practice"),
            _ => Both::same(name),
        }
    }

    /// The run's title.
    pub fn title(&self) -> Both {
        let [nb, en] = ["/settings/title_nb", "/settings/title_en"].map(|key| self.text(key));
        match nb.is_empty() || en.is_empty() {
            true => Both::same(self.text("/run")),
            false => Both::new(nb, en),
        }
    }

    /// How many draws of the parameters the run holds; one or none is their centre.
    pub fn draws(&self) -> usize {
        self.list("/draws").len()
    }

    /// Do the bands hold more than chance?
    pub fn has_draws(&self) -> bool {
        self.draws() > 1
    }

    /// The last year.
    pub fn last(&self) -> Option<Year> {
        self.bands.years.last().copied()
    }

    /// The professions, largest need (else supply) in the last year first.
    pub fn by_size(&self) -> Vec<&str> {
        let Some(last) = self.last() else {
            return Vec::new();
        };
        let size = |id: &str| {
            let of = |measure| self.bands.at(self.base(), last, measure, id, ALL);
            let found = of("need_fte").or_else(|| of("supply_fte"));
            found.map_or(0.0, |summary| summary.mean)
        };
        let own = self.bands.professions.iter().map(String::as_str);
        let mut own: Vec<&str> = own.filter(|id| *id != ALL).collect();
        own.sort_by(|a, b| size(b).total_cmp(&size(a)));
        own
    }

    /// The mean need in a year: of the file, else supply less the gap, which has the same mean.
    pub fn need(&self, scenario: &str, year: Year, profession: &str, zone: &str) -> Option<f64> {
        let of = |measure| self.bands.at(scenario, year, measure, profession, zone);
        let told = of("need_fte").map(|summary| summary.mean);
        told.or_else(|| Some(of("supply_fte")?.mean - of("gap_fte")?.mean))
    }
}

/// The program's facts, if the manifest says that the run used the same.
fn facts(manifest: &Value) -> Result<Option<Facts>, Problem> {
    const FILE: &str = "evidence/facts.csv";
    let own = DataFolder::Embedded.read_bytes(FILE)?;
    let own = blake3::hash(&own).to_hex().to_string();
    match manifest["data"][FILE].as_str() == Some(own.as_str()) {
        true => Facts::read(&DataFolder::Embedded).map(Some),
        false => Ok(None),
    }
}
