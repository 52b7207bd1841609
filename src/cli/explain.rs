//! `stabil explain person ID`: one simulated life, year by year.

use super::arguments::PersonArguments;
use super::{CliError, print};
use crate::runs::{Plan, life_story};
use crate::tallies::measures;
use crate::words::Problem;

/// Carries out `stabil explain person`.
///
/// # Errors
/// A [`CliError`] for bad input, or if nobody has the identity in that run.
pub fn explain(arguments: &PersonArguments) -> Result<u8, CliError> {
    let plan = Plan::find(&arguments.run)?.with(&arguments.overrides())?;
    let data = plan.read_data(arguments.data.folder()?)?;
    plan.check_against(&data, &measures::ids())?;
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

/// An identity as it is typed: STREAM-YEAR-NUMBER.
fn identity_text(id: u64) -> String {
    format!("{}-{}-{}", id >> 48, id >> 32 & 0xFFFF, id & 0xFFFF_FFFF)
}
