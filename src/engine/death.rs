//! Death (død).
//!
//! Yearly probability by sex and age from the national life table 2019-2021 (Human Mortality
//! Database, `external/life_table_2019_2021.csv`), lowered for people with a health education,
//! who live longer than the average of their age (`death.ratio`), and raised for people on
//! disability pension. No trend: to 2040 the ages that matter here lose about a tenth of a
//! per cent a year at most.
//!
//! State touched: status. Terms: those of every predictor (`death.*`).

use super::life::{Exit, Turn, Witness};
use super::predictor::{Lookup, Predictor, logit};
use crate::dice::Decision;
use crate::parameters::ModelData;
use crate::population::rates;
use crate::words::Problem;

/// Compiles the predictor.
///
/// # Errors
/// A [`Problem`] if the life table or the ratio is missing.
pub fn compile(data: &ModelData, lookup: &Lookup) -> Result<Predictor, Problem> {
    let mortality = rates::mortality(&data.folder)?;
    let ratio = data.parameters.value("death.ratio", &[])?;
    let mut predictor = Predictor::read(data, "death");
    predictor.add_age(lookup.professions, |_, sex, age| {
        logit(mortality[sex.index()][age] * ratio)
    });
    Ok(predictor)
}

/// Step 1: the person may die. The dead leave the model.
#[inline(always)]
pub fn apply<W: Witness>(turn: &mut Turn<'_, W>) {
    let rules = turn.rules;
    if turn.decide_by(Decision::Death, &rules.death) {
        turn.end(Exit::Death);
    }
}
