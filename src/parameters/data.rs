//! Everything read from a data folder, checked and ready for the rooms to the right.

use super::classification::Classification;
use super::microdata::{self, Microdata};
use super::table::Parameters;
use super::zones::Zones;
use crate::evidence::{DataFolder, Facts};
use crate::words::{Problem, Year};
use std::sync::Arc;

/// A whole data folder, read and checked.
#[derive(Clone, Debug)]
pub struct ModelData {
    /// Where it came from.
    pub folder: DataFolder,
    /// The facts.
    pub facts: Facts,
    /// The lists.
    pub classification: Classification,
    /// The zones of the chosen scheme.
    pub zones: Zones,
    /// The numbers.
    pub parameters: Parameters,
    /// People of the user's own, if the folder holds any.
    pub microdata: Option<Arc<Microdata>>,
}

impl ModelData {
    /// Reads a data folder with a zone scheme (`None`: the folder's default).
    ///
    /// # Errors
    /// The first [`Problem`] found in any file.
    pub fn read(folder: DataFolder, scheme: Option<&str>) -> Result<ModelData, Problem> {
        let facts = Facts::read(&folder)?;
        let classification = Classification::read(&folder)?;
        let zones = Zones::read(&folder, scheme)?;
        let parameters = Parameters::read(&folder, &facts)?;
        let microdata = match folder.microdata() {
            Some(_) => {
                let described = parameters.value("base_population.year", &[])?;
                let lists = microdata::Lists::of(&classification, &zones, described as Year);
                microdata::read(&folder, &lists)
                    .map_err(microdata::first)?
                    .map(Arc::new)
            }
            None => None,
        };
        Ok(ModelData {
            microdata,
            folder,
            facts,
            classification,
            zones,
            parameters,
        })
    }

    /// The same with the entries of another file of the folder laid over its parameters, e.g.
    /// `hindcast/from_2015.toml`: what was known when another year began.
    ///
    /// # Errors
    /// The first [`Problem`] found in any file, that one included.
    pub fn overlaid(
        folder: DataFolder,
        scheme: Option<&str>,
        overlay: &str,
    ) -> Result<ModelData, Problem> {
        let mut data = ModelData::read(folder, scheme)?;
        // They are of the folder's own base year.
        data.microdata = None;
        let text = data.folder.read(overlay)?;
        let file = data.folder.name(overlay);
        data.parameters
            .overlay(&text, &file, &data.facts, &data.folder)?;
        Ok(data)
    }
}
