//! A model ready to run: data read, base population synthesised, rules compiled.

use crate::dice::Key;
use crate::engine::further_education::begin_under_way;
use crate::engine::{Conditions, Rules};
use crate::parameters::ModelData;
use crate::population::newcomers::{Intake, Newcomers};
use crate::population::{Synthesis, synthesise};
use crate::words::{Problem, Year};

/// Everything that all runs share.
#[derive(Debug)]
pub struct Model {
    /// The data folder's content.
    pub data: ModelData,
    /// The base population.
    pub base: Synthesis,
    /// The compiled rules.
    pub rules: Rules,
}

impl Model {
    /// Builds the model for a base year and scale, as it is without anything changed.
    ///
    /// # Errors
    /// The first [`Problem`] in the data folder.
    pub fn build(data: ModelData, base_year: Year, scale: f64) -> Result<Model, Problem> {
        Model::build_under(data, base_year, scale, &Conditions::default())
    }

    /// Builds the model for a base year and scale under conditions: closure, need, levers.
    ///
    /// # Errors
    /// The first [`Problem`] in the data folder, or in names that the conditions give.
    pub fn build_under(
        data: ModelData,
        base_year: Year,
        scale: f64,
        conditions: &Conditions,
    ) -> Result<Model, Problem> {
        let described = data.parameters.find("base_population.year", &[])?;
        if described.value != f64::from(base_year) {
            return Err(Problem::in_file(
                &described.origin.0,
                "the data describe another base year",
            )
            .at(described.origin.1)
            .about("start", base_year.to_string())
            .mend(format!("let the run start in {}", described.value)));
        }
        let levers = &conditions.levers;
        levers
            .check(&data)
            .map_err(|fault| fault.problem("the run"))?;
        let newcomers = Newcomers::compile(&data)?;
        let intake = Intake::compile(&data, base_year, scale, levers)?;
        let mut base = synthesise(&data, &newcomers, &intake, base_year, scale)?;
        let rules = Rules::compile(&data, &base, newcomers, intake, levers)?;
        let mut stay = Vec::new();
        for programme in &data.classification.programmes {
            let completion = data
                .parameters
                .value("study.completion", &[&programme.id])?;
            let on_time = data
                .parameters
                .value("study.on_time_share", &[&programme.id])?;
            let years = programme.years.max(1);
            stay.push((
                years,
                completion.powf(1.0 / f64::from(years)),
                1.0 - on_time,
            ));
        }
        let key = Key::new(u64::from(base_year), 0);
        begin_under_way(&rules, &mut base.population, key, base_year, |p| stay[p]);
        Ok(Model { data, base, rules })
    }
}
