//! Long sick leave (langtidssykefravær): certified and under way on 1 December.
//!
//! What is published is the share of agreed days lost (nou_worktime_0282 to nou_worktime_0292);
//! `sick_leave.prevalence` is the part of it that lies in long absences at the census. The yearly
//! probability of a beginning follows from the prevalence and the probability of being back a
//! year later (`sick_leave.return_probability`, an assumption). The job is kept meanwhile: FTE
//! are agreed FTE, long absences included, as in the national projection.
//!
//! State touched: status.

use super::life::{Turn, Witness};
use super::predictor::{Predictor, grades_of};
use super::reference::Reference;
use crate::dice::{Decision, sample::threshold};
use crate::parameters::ModelData;
use crate::parameters::policy::Transition;
use crate::words::{Problem, Sector, Status};

/// Compiled sick leave.
#[derive(Clone, Debug)]
pub struct SickLeave {
    /// Beginning.
    pub beginning: Predictor,
    /// Threshold of being back at work a year later.
    returning: u32,
}

impl SickLeave {
    /// Threshold of being back at work a year later.
    pub fn returning(&self) -> u32 {
        self.returning
    }
}

/// Compiles the step.
///
/// # Errors
/// A [`Problem`] if a parameter is missing.
pub fn compile(data: &ModelData, reference: &Reference) -> Result<SickLeave, Problem> {
    let p = &data.parameters;
    let back = p.value("sick_leave.return_probability", &[])?;
    let mut beginning = Predictor::read(data, "sick_leave");
    for (number, profession) in data.classification.professions.iter().enumerate() {
        let grades = grades_of(&data.classification, number);
        for sector in Sector::ALL {
            let prevalence = p.value("sick_leave.prevalence", &[&profession.id, sector.id()])?;
            // In balance, those who begin replace those who return, of those not away already.
            let target = prevalence * back / (1.0 - prevalence);
            beginning.meet(reference.of(number, *sector), &grades, *sector, target);
        }
    }
    Ok(SickLeave {
        beginning,
        returning: threshold(back),
    })
}

/// Step 5: people at work may fall ill for long; people away may come back.
#[inline(always)]
pub fn apply<W: Witness>(turn: &mut Turn<'_, W>) {
    let rules = turn.rules;
    let status = turn.person.status;
    if status == Status::Working {
        let strain = turn.strain.sick_leave + turn.policy(Transition::SickLeave);
        if turn.decide_under(Decision::SickLeave, &rules.sick_leave.beginning, strain) {
            turn.become_status(Status::SickLeave);
        }
    } else if status == Status::SickLeave
        && turn.decide(Decision::Return, rules.sick_leave.returning)
    {
        turn.become_status(Status::Working);
    }
}
