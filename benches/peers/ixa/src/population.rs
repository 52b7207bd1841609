//! The initial population and each year's entrants.

use crate::chance::ContextChanceExt;
use crate::people::{Age, FteBand, Person, Sex, State, Tenure, Zone};
use ixa::prelude::*;
use yardstick::Parameters;

define_rng!(PopulationRng);

const FIRST_AGE: u8 = 20;

fn sex(context: &Context, parameters: &Parameters) -> Sex {
    if context.sample_bool(PopulationRng, parameters.p_female) {
        Sex::Female
    } else {
        Sex::Male
    }
}

fn zone(context: &Context, parameters: &Parameters) -> Zone {
    if context.sample_bool(PopulationRng, parameters.p_central) {
        Zone::Central
    } else {
        Zone::Rural
    }
}

/// Adds one of the initial population.
pub fn add_initial(context: &mut Context, parameters: &Parameters) -> Result<(), IxaError> {
    let years_over = context.sample_category(PopulationRng, &parameters.init_age);
    let sex = sex(context, parameters);
    let zone = zone(context, parameters);
    let state = match context.sample_category(PopulationRng, &parameters.init_state[years_over]) {
        0 => State::Study,
        5 => State::Disability,
        state => State::WORK[state - 1],
    };
    let fte_band = match state.sector() {
        Some(_) => context.sample_category(PopulationRng, &parameters.init_fte[sex as usize]) as u8,
        None => 3,
    };
    let tenures = match state {
        State::Study => 3,
        _ => years_over.min(20) as u8 + 1,
    };
    let tenure = context.sample_range(PopulationRng, 0..tenures);
    context.add_entity(with!(
        Person,
        Age(FIRST_AGE + years_over as u8),
        sex,
        state,
        zone,
        Tenure(tenure),
        FteBand(fte_band)
    ))?;
    Ok(())
}

/// Adds a new student.
pub fn add_entrant(context: &mut Context, parameters: &Parameters) -> Result<(), IxaError> {
    let years_over = context.sample_category(PopulationRng, &parameters.entrant_age);
    let sex = sex(context, parameters);
    let zone = zone(context, parameters);
    context.add_entity(with!(Person, Age(FIRST_AGE + years_over as u8), sex, zone))?;
    Ok(())
}
