//! One year of a person's career.

use crate::chance::ContextChanceExt;
use crate::people::{Age, FteBand, PersonId, Sex, State, Tenure, Zone};
use ixa::prelude::*;
use yardstick::Parameters;

define_rng!(CareerRng);

const GRADUATION_TENURE: u8 = 2;
const RETIREMENT_AGE_OF_DISABLED: u8 = 67;

fn age_band(age: u8) -> usize {
    match age {
        ..30 => 0,
        30..40 => 1,
        40..50 => 2,
        50..60 => 3,
        _ => 4,
    }
}

fn tenure_band(tenure: u8) -> usize {
    match tenure {
        0..2 => 0,
        2..5 => 1,
        5..10 => 2,
        _ => 3,
    }
}

/// Lives one year of an active person.
pub fn live(context: &mut Context, parameters: &Parameters, person: PersonId, state: State) {
    let Age(age) = context.get_property(person);
    let sex: Sex = context.get_property(person);
    if context.sample_bool(CareerRng, parameters.death[sex as usize][usize::from(age)]) {
        context.set_property(person, State::Dead);
        return;
    }
    match state.sector() {
        Some(sector) => work(context, parameters, person, sector),
        None if state == State::Study => study(context, parameters, person),
        None if age >= RETIREMENT_AGE_OF_DISABLED => context.set_property(person, State::Retired),
        None => {}
    }
    context.set_property(person, Age(age + 1));
}

fn study(context: &mut Context, parameters: &Parameters, person: PersonId) {
    let Tenure(tenure) = context.get_property(person);
    if tenure < GRADUATION_TENURE {
        context.set_property(person, Tenure(tenure + 1));
        return;
    }
    let zone: Zone = context.get_property(person);
    let first_job = context.sample_category(CareerRng, &parameters.grad[zone as usize]);
    context.set_property(person, State::WORK[first_job / 2]);
    context.set_property(person, Zone::ALL[first_job % 2]);
    context.set_property(person, Tenure(0));
}

fn work(context: &mut Context, parameters: &Parameters, person: PersonId, sector: usize) {
    let Age(age) = context.get_property(person);
    if context.sample_bool(CareerRng, parameters.disab[usize::from(age)]) {
        context.set_property(person, State::Disability);
        context.set_property(person, Tenure(0));
        return;
    }
    if context.sample_bool(CareerRng, parameters.retire[usize::from(age)]) {
        context.set_property(person, State::Retired);
        return;
    }
    let band = age_band(age);
    let sex: Sex = context.get_property(person);
    let zone: Zone = context.get_property(person);
    let Tenure(tenure) = context.get_property(person);
    let FteBand(fte_band) = context.get_property(person);
    let moves = &parameters.sector_tr[sector][zone as usize][band][tenure_band(tenure)];
    let next = context.sample_category(CareerRng, moves);
    if context.sample_bool(CareerRng, parameters.zone_move[zone as usize][band]) {
        context.set_property(person, zone.other());
    }
    let changes = &parameters.fte_tr[sex as usize][band][usize::from(fte_band)];
    let new_band = context.sample_category(CareerRng, changes) as u8;
    if new_band != fte_band {
        context.set_property(person, FteBand(new_band));
    }
    if next == sector {
        context.set_property(person, Tenure(tenure + 1));
    } else {
        context.set_property(person, State::WORK[next]);
        context.set_property(person, Tenure(0));
    }
}
