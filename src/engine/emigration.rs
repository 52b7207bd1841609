//! Emigration and return (utvandring og tilbakevending).
//!
//! The yearly probability of moving abroad depends on the country group of education and the
//! years since arrival or qualifying. Those who emigrate are remembered, and may come home; after
//! [`REMEMBERED_YEARS`] they are not expected back. No source gives rates by health profession,
//! so the base is that of all citizens (`external/ssb_migration_abroad_by_citizenship_2020.csv`)
//! and the country groups' odds are assumptions.
//!
//! State touched: status, and through the first job zone, sector and band on return.

use super::first_job;
use super::life::{Exit, Turn, Witness};
use super::predictor::Predictor;
use super::reference::Reference;
use crate::dice::{Decision, sample::threshold};
use crate::parameters::ModelData;
use crate::parameters::policy::Transition;
use crate::words::{Problem, Status};

/// Years abroad after which nobody is expected back.
pub const REMEMBERED_YEARS: u8 = 10;

/// Compiled emigration.
#[derive(Clone, Debug)]
pub struct Emigration {
    /// Moving abroad.
    pub leaving: Predictor,
    /// Threshold of coming home in a year, by country group of education.
    returning: Vec<u32>,
}

impl Emigration {
    /// The largest threshold of coming home in a year, of those educated abroad or of the others.
    pub fn most_returning(&self, from_abroad: bool) -> u32 {
        let groups = self.returning.iter().enumerate();
        let own = groups.filter(|(group, _)| (*group > 0) == from_abroad);
        own.map(|(_, threshold)| *threshold).max().unwrap_or(0)
    }
}

/// Compiles the step.
///
/// # Errors
/// A [`Problem`] if a parameter is missing.
pub fn compile(data: &ModelData, reference: &Reference) -> Result<Emigration, Problem> {
    let p = &data.parameters;
    let mut leaving = Predictor::read(data, "emigration");
    let home: Vec<_> = reference
        .everybody()
        .into_iter()
        .filter(|(p, _)| p.country == 0)
        .collect();
    leaving.meet_overall(&home, p.value("emigration.probability", &[])?);
    let returning = data
        .classification
        .country_groups
        .iter()
        .map(|group| {
            Ok(threshold(
                p.value("emigration.return_probability", &[&group.id])?,
            ))
        })
        .collect::<Result<_, Problem>>()?;
    Ok(Emigration { leaving, returning })
}

/// Step 2: people in the country may leave it; people abroad may return to a first job at home.
#[inline(always)]
pub fn apply<W: Witness>(turn: &mut Turn<'_, W>) {
    let rules = turn.rules;
    if turn.person.status == Status::Emigrated {
        let chance = rules.emigration.returning[usize::from(turn.person.country)];
        if turn.now().saturating_sub(turn.person.status_since) > REMEMBERED_YEARS {
            turn.end(Exit::Forgotten);
        } else if turn.decide(Decision::Return, chance) {
            first_job::take(turn, first_job::From::Abroad);
        }
        return;
    }
    // Students without a profession who go abroad are among those who do not complete.
    if usize::from(turn.person.grade) >= rules.lookup.grades {
        return;
    }
    if turn.decide_under(
        Decision::Emigration,
        &rules.emigration.leaving,
        turn.policy(Transition::Emigration),
    ) {
        turn.person.programme = 0;
        // A pensioner who moves abroad has no career to come back to.
        if matches!(
            turn.person.status,
            Status::OldAgePension | Status::DisabilityPension
        ) {
            turn.end(Exit::Abroad);
            return;
        }
        turn.become_status(Status::Emigrated);
    }
}
