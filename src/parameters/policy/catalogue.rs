//! All policies of a data folder, and how the published catalogues of measures map to them.

use super::Policy;
use super::check::policy;
use super::place::Place;
use super::raw::{RawFile, RawPolicy};
use crate::evidence::folder::read_text;
use crate::parameters::ModelData;
use crate::parameters::table::toml_problem;
use crate::words::Problem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The folder of policy files in a data folder.
pub const FOLDER: &str = "policies";
/// The file that maps the rows of published catalogues to policies.
pub const MAP: &str = "policies/catalogue.csv";

/// A row of the published catalogues.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Row {
    /// Its name there.
    pub row: String,
    /// The policy that carries it out; empty if there is none.
    pub policy: String,
    /// Why there is none, or what was done.
    pub reason: String,
}

/// The policies of a data folder.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// In the order of files and entries.
    pub policies: Vec<Policy>,
    /// The rows of published catalogues; empty if the folder maps none.
    pub rows: Vec<Row>,
}

/// A file as it was read.
struct Source {
    name: String,
    text: String,
    raw: RawFile,
}

impl Source {
    fn of(name: String, text: String) -> Result<Source, Problem> {
        let raw = toml::from_str(&text).map_err(|error| toml_problem(&name, &text, &error))?;
        Ok(Source { name, text, raw })
    }
}

impl Catalogue {
    /// Reads the policies of a data folder, and those of a user's own files.
    ///
    /// # Errors
    /// The first [`Problem`]: syntax, an identifier used twice, a policy like one that is not
    /// there, or what [`policy`] complains of.
    pub fn read(data: &ModelData, own: &[impl AsRef<Path>]) -> Result<Catalogue, Problem> {
        let mut sources = Vec::new();
        for path in data.folder.list(FOLDER, ".toml")? {
            sources.push(Source::of(
                data.folder.name(&path),
                data.folder.read(&path)?,
            )?);
        }
        for path in own {
            let named = path.as_ref().display().to_string();
            let text = read_text(path.as_ref(), &named)?;
            sources.push(Source::of(named, text)?);
        }
        let policies = policies(&sources, data)?;
        let mut rows = Vec::new();
        if data.folder.has(MAP) {
            let text = data.folder.read(MAP)?;
            for row in csv::Reader::from_reader(text.as_bytes()).deserialize() {
                rows.push(row.map_err(|error| {
                    let line = error.position().map_or(0, csv::Position::line);
                    Problem::in_file(&data.folder.name(MAP), error.to_string())
                        .at(line as usize)
                        .mend("the columns are row,policy,reason")
                })?);
            }
        }
        Ok(Catalogue { policies, rows })
    }

    /// The policy with an identifier.
    pub fn find(&self, id: &str) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.id == id)
    }

    /// All identifiers.
    pub fn ids(&self) -> impl Iterator<Item = &str> + Clone {
        self.policies.iter().map(|policy| policy.id.as_str())
    }
}

fn policies(sources: &[Source], data: &ModelData) -> Result<Vec<Policy>, Problem> {
    let mut by_id: BTreeMap<&str, &RawPolicy> = BTreeMap::new();
    for source in sources {
        for raw in &source.raw.policy {
            let place = Place::new(&source.name, &source.text, &raw.id);
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            if raw.id.is_empty() || !raw.id.chars().all(is_plain) {
                return Err(place
                    .complaint(("", 0), "id", &raw.id, "not an identifier")
                    .mend("use small letters, digits and _"));
            }
            if by_id.insert(&raw.id, raw).is_some() {
                return Err(place
                    .complaint(("", 0), "id", &raw.id, "another policy has this identifier")
                    .at(place.last_line())
                    .mend("give each its own"));
            }
        }
    }
    let mut all = Vec::new();
    for source in sources {
        for raw in &source.raw.policy {
            let place = Place::new(&source.name, &source.text, &raw.id);
            let full = match &raw.like {
                None => raw.clone(),
                Some(like) => {
                    let base = by_id.get(like.as_str()).filter(|base| base.like.is_none());
                    let base = base.ok_or_else(|| {
                        place
                            .complaint(("", 0), "like", like, "no policy of its own has this name")
                            .nearest(like, by_id.keys().copied())
                    })?;
                    raw.clone().over(base)
                }
            };
            all.push(policy(&full, place, data)?);
        }
    }
    Ok(all)
}
