//! Old-age pension and AFP (alderspensjon, avtalefestet pensjon).
//!
//! Yearly probability by profession and single age (`retirement.probability`), with the special
//! age limit of 65 and the 85-year rule from 62 for nurses and nursing associates
//! (nou_turnover_0148, nou_turnover_0150, nou_turnover_0151), set so that nurses' mean exit age
//! to old-age pension is 64.4 (nou_turnover_0154). Other terms: `retirement.*`.
//!
//! State touched: status.

use super::life::{Turn, Witness};
use super::predictor::{Lookup, Predictor, logit};
use crate::dice::Decision;
use crate::parameters::ModelData;
use crate::parameters::policy::Transition;
use crate::population::rates::{AGES, FIRST_PENSION_AGE, retirement_probability};
use crate::words::{Problem, Status};

/// Compiles the predictor.
///
/// # Errors
/// A [`Problem`] if a probability is missing.
pub fn compile(data: &ModelData, lookup: &Lookup) -> Result<Predictor, Problem> {
    let mut table = Vec::new();
    for profession in &data.classification.professions {
        let row = (0..AGES)
            .map(|age| retirement_probability(data, &profession.id, age))
            .collect::<Result<Vec<f64>, Problem>>()?;
        table.push(row);
    }
    let mut predictor = Predictor::read(data, "retirement");
    predictor.add_age(lookup.professions, |profession, _, age| {
        logit(table.get(profession).map_or(0.0, |row| row[age]))
    });
    Ok(predictor)
}

/// Step 7: people at work, on sick leave or outside work may take their pension.
#[inline(always)]
pub fn apply<W: Witness>(turn: &mut Turn<'_, W>) {
    let rules = turn.rules;
    let can = matches!(
        turn.person.status,
        Status::Working | Status::SickLeave | Status::OutsideWork
    );
    if !can || usize::from(turn.person.age(turn.year)) < FIRST_PENSION_AGE {
        return;
    }
    if turn.decide_under(
        Decision::Retirement,
        &rules.retirement,
        turn.policy(Transition::Retirement),
    ) {
        turn.person.programme = 0;
        turn.become_status(Status::OldAgePension);
    }
}
