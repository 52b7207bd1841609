//! `stabil explain person ID`: one simulated life, year by year; `stabil explain --changed
//! SCENARIO RUN`: lives that a scenario changed, beside what they are without it.

use super::explain_arguments::{
    ChangedArguments, ExplainArguments, ExplainCommand, PersonArguments,
};
use super::{CliError, print};
use crate::parameters::ModelData;
use crate::runs::two_lives::{self, Pair};
use crate::runs::{Plan, life_story};
use crate::tallies::measures;
use crate::words::Problem;

/// Carries out `stabil explain`.
///
/// # Errors
/// A [`CliError`] for bad input, or if nobody has the identity in that run.
pub fn explain(arguments: &ExplainArguments) -> Result<u8, CliError> {
    match &arguments.of {
        Some(ExplainCommand::Person(person)) => explain_person(person),
        None => explain_changed(&arguments.changed),
    }
}

fn explain_person(arguments: &PersonArguments) -> Result<u8, CliError> {
    let plan = Plan::find(&arguments.run)?.with(&arguments.overrides())?;
    let data = plan.read_data(arguments.data.folder()?)?;
    plan.check_against(&data, &measures::ids())?;
    refuse_screened(&plan, &data)?;
    let (model, _) = plan.prepare(data)?;
    match life_story::tell(&model, arguments.id, plan.first_seed, plan.until) {
        Some(story) => print(&story),
        None => Err(
            Problem::in_file("command line", "nobody has this identity in that run")
                .about("ID", identity_text(arguments.id))
                .mend(format!(
                    "people of the base population are 0-{}-NUMBER, from 0 upward",
                    plan.start
                ))
                .into(),
        ),
    }
}

fn explain_changed(arguments: &ChangedArguments) -> Result<u8, CliError> {
    let name = arguments.changed.clone().unwrap_or_default();
    let run = arguments.run.clone().unwrap_or_default();
    let plan = Plan::find(&run)?.with(&arguments.overrides())?;
    let of_name = |number: &usize| plan.scenarios[*number].name == name;
    let Some(number) = (0..plan.scenarios.len()).find(of_name) else {
        let names = plan.scenarios.iter().map(|scenario| scenario.name.as_str());
        let problem = if plan.scenarios.is_empty() {
            Problem::in_file(&plan.file, "the run has no scenarios")
                .mend("name a run with [[scenario]]s; see: stabil list runs")
        } else {
            Problem::in_file(&plan.file, "no scenario of the run has this name")
                .nearest(&name, names)
        };
        return Err(problem.about("--changed", name).into());
    };
    let data = plan.read_data(arguments.data.folder()?)?;
    plan.check_against(&data, &measures::ids())?;
    refuse_screened(&plan, &data)?;
    let conditions = plan.scenario_conditions(&data)?.swap_remove(number);
    let (scenario, _) = plan.prepare_under(data.clone(), &conditions)?;
    let (base, _) = plan.prepare(data)?;
    let pair = Pair {
        base: &base,
        scenario: &scenario,
        policies: &conditions.policies,
    };
    let count = usize::from(arguments.count);
    print(&two_lives::tell(&pair, plan.first_seed, plan.until, count))
}

/// Refuses single lives under disclosure control.
fn refuse_screened(plan: &Plan, data: &ModelData) -> Result<(), Problem> {
    let Some(rule) = plan.rule(data) else {
        return Ok(());
    };
    let message = "a single life is not told under disclosure control";
    Err(Problem::in_file(&plan.file, message)
        .about("disclosure.minimum", rule.minimum.to_string())
        .mend("inside a secure zone: [disclosure] minimum = 0 in a run file of your own"))
}

/// An identity as it is typed: STREAM-YEAR-NUMBER.
fn identity_text(id: u64) -> String {
    format!("{}-{}-{}", id >> 48, id >> 32 & 0xFFFF, id & 0xFFFF_FFFF)
}
