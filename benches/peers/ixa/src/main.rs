//! The career workload in ixa, the framework for agent-based models of the Centers for Disease
//! Control and Prevention: properties in ixa's columns, random numbers from its named generators, a
//! plan a year in its queue. Everybody's year is lived in one sweep: the rules have no event between
//! years, and a plan for every person and year would only add the queue's cost.

mod career;
mod chance;
mod people;
mod population;

use ixa::prelude::*;
use people::{FteBand, Person, PersonId, State, Zone};
use std::process::ExitCode;
use std::rc::Rc;
use yardstick::{Counts, Fte, Outcome, Parameters, Task};

/// What the yearly plans need and leave behind.
#[derive(Default)]
struct Careers {
    parameters: Option<Rc<Parameters>>,
    entrants: usize,
    /// ixa does not remove people; these are the ones still in the game.
    active: Vec<PersonId>,
    left: Counts,
    outcome: Outcome,
}

define_data_plugin!(CareersPlugin, Careers, Careers::default());

/// Sets the model up: the population, the first tables and a plan a year.
fn init(context: &mut Context, parameters: &Rc<Parameters>, task: Task) -> Result<(), IxaError> {
    context.init_random(task.seed);
    for _ in 0..task.people {
        population::add_initial(context, parameters)?;
    }
    let active = context.get_entity_iterator::<Person>().collect();
    let careers = context.get_data_mut(CareersPlugin);
    careers.parameters = Some(Rc::clone(parameters));
    careers.entrants = parameters.entrants(task.people);
    careers.active = active;
    tally(context, parameters);
    for year in 1..=task.years {
        context.add_plan(year as f64, advance);
    }
    Ok(())
}

/// One year of everybody.
fn advance(context: &mut Context) {
    let careers = context.get_data_mut(CareersPlugin);
    let Some(parameters) = careers.parameters.clone() else {
        return;
    };
    let entrants = careers.entrants;
    let mut active = std::mem::take(&mut careers.active);
    careers.outcome.person_years += active.len() as u64;
    active.retain(|person| {
        let state: State = context.get_property(*person);
        career::live(context, &parameters, *person, state);
        let state: State = context.get_property(*person);
        if !state.is_active() {
            let zone: Zone = context.get_property(*person);
            context.get_data_mut(CareersPlugin).left[state as usize][zone as usize] += 1;
        }
        state.is_active()
    });
    let before = context.get_entity_count::<Person>();
    for _ in 0..entrants {
        if let Err(error) = population::add_entrant(context, &parameters) {
            eprintln!("{error}");
            context.shutdown();
        }
    }
    active.extend(context.get_entity_iterator::<Person>().skip(before));
    context.get_data_mut(CareersPlugin).active = active;
    tally(context, &parameters);
}

/// Adds the tables of the year.
fn tally(context: &mut Context, parameters: &Parameters) {
    let careers = context.get_data(CareersPlugin);
    let mut counts = careers.left;
    let mut fte = Fte::default();
    for person in &careers.active {
        let state: State = context.get_property(*person);
        let zone: Zone = context.get_property(*person);
        counts[state as usize][zone as usize] += 1;
        if let Some(sector) = state.sector() {
            let FteBand(band) = context.get_property(*person);
            fte[sector][zone as usize] += parameters.fte_weight[usize::from(band)];
        }
    }
    let outcome = &mut context.get_data_mut(CareersPlugin).outcome;
    outcome.counts.push(counts);
    outcome.fte.push(fte);
}

fn simulate(parameters: &Rc<Parameters>, task: Task) -> Outcome {
    let mut context = Context::new();
    if let Err(error) = init(&mut context, parameters, task) {
        // An empty outcome cannot pass the check.
        eprintln!("{error}");
        return Outcome::default();
    }
    context.execute();
    std::mem::take(&mut context.get_data_mut(CareersPlugin).outcome)
}

fn main() -> ExitCode {
    yardstick::run("ixa", |parameters| Rc::new(parameters.clone()), simulate)
}
