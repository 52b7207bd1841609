//! Disability pension (uføretrygd), graded or full.
//!
//! Onset by sex and age is that of the whole population
//! (`external/derived_disability_prevalence_onset_age_sex_2019.csv`) times a ratio by profession
//! (`disability.onset_ratio`); most of it comes from long sick leave (`disability.status`, since
//! three of four new recipients come from work assessment allowance). The graded keep working in
//! a smaller position; full pension ends the career and turns into old-age pension at 67.
//!
//! State touched: disability, status, band.

use super::life::{Turn, Witness};
use super::predictor::{Lookup, Predictor, logit};
use super::reference::Reference;
use crate::dice::{Decision, sample::threshold};
use crate::parameters::ModelData;
use crate::parameters::policy::Transition;
use crate::population::rates;
use crate::words::{Band, Disability, Problem, Status};

/// Age at which a disability pension becomes an old-age pension.
pub const PENSION_AGE: u8 = 67;

/// Compiled disability.
#[derive(Clone, Debug)]
pub struct Onset {
    /// Beginning, or increase from graded to full.
    pub beginning: Predictor,
    /// Threshold of being graded rather than full.
    graded: u32,
}

/// Compiles the step.
///
/// # Errors
/// A [`Problem`] if a parameter or table is missing.
pub fn compile(data: &ModelData, reference: &Reference, lookup: &Lookup) -> Result<Onset, Problem> {
    let p = &data.parameters;
    let rates = rates::disability(&data.folder)?;
    let ratios = data
        .classification
        .professions
        .iter()
        .map(|profession| p.value("disability.onset_ratio", &[&profession.id]))
        .collect::<Result<Vec<f64>, Problem>>()?;
    let mut beginning = Predictor::read(data, "disability");
    let rate = |profession: usize, sex: usize, age: usize| {
        let ratio = ratios.get(profession).copied().unwrap_or(1.0);
        if age < usize::from(PENSION_AGE) {
            rates.onset[sex][age] * ratio
        } else {
            0.0
        }
    };
    beginning.add_age(lookup.professions, |profession, sex, age| {
        logit(rate(profession, sex.index(), age))
    });
    // The terms shift the mean; bring it back to what the rates and ratios say.
    for (number, _) in data.classification.professions.iter().enumerate() {
        let people = reference.of_profession(number);
        if people.is_empty() {
            continue;
        }
        let target = people
            .iter()
            .map(|(person, scene)| rate(number, person.sex.index(), scene.age))
            .sum::<f64>()
            / people.len() as f64;
        beginning.meet_profession(&people, &data.classification, number, target);
    }
    let graded = threshold(p.value("disability.graded_share_of_new", &[])?);
    Ok(Onset { beginning, graded })
}

/// Step 6: a pension may begin, or grow from graded to full; at 67 it becomes old-age pension.
#[inline(always)]
pub fn apply<W: Witness>(turn: &mut Turn<'_, W>) {
    let rules = turn.rules;
    let age = turn.person.age(turn.year);
    if turn.person.status == Status::DisabilityPension {
        if age >= PENSION_AGE {
            turn.become_status(Status::OldAgePension);
        }
        return;
    }
    let exposed = matches!(
        turn.person.status,
        Status::Working | Status::SickLeave | Status::OutsideWork
    );
    if !exposed
        || !turn.decide_under(
            Decision::Disability,
            &rules.disability.beginning,
            turn.policy(Transition::Disability),
        )
    {
        return;
    }
    let was_graded = turn.person.disability == Disability::Half;
    let graded = !was_graded
        && turn.person.status != Status::OutsideWork
        && turn.decide(Decision::DisabilityGrade, rules.disability.graded);
    if graded {
        turn.person.disability = Disability::Half;
        turn.person.band = turn.person.band.min(Band::From50);
        // Back at work in the smaller position.
        if turn.person.status == Status::SickLeave {
            turn.become_status(Status::Working);
        }
    } else {
        turn.person.disability = Disability::Full;
        turn.person.programme = 0;
        turn.become_status(Status::DisabilityPension);
    }
}
