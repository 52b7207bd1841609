//! Base and scenarios side by side (parvise kjøringer): every seed lives through the base and then
//! through each scenario, with the same dice and on the same draw of the parameters.

use super::account::{Account, Clerk};
use super::beside::{all_follow, simulate_beside};
use super::calibrated::{Calibrated, Fit, View};
use super::design::Design;
use super::questions::asked;
use super::work::{Dice, Progress, Run, simulate};
use super::{Model, Plan};
use crate::engine::{Conditions, Walk};
use crate::parameters::ModelData;
use crate::tallies::Plan as OutputPlan;
use crate::words::Problem;
use rayon::prelude::*;

/// The models of a plan: that of the base, and one for each scenario.
#[derive(Debug)]
pub struct Pairing {
    /// The base.
    pub base: Model,
    /// The outputs of the base.
    pub outputs: OutputPlan,
    /// Each scenario with its outputs, which have the layout of the base.
    pub scenarios: Vec<(Model, OutputPlan)>,
    /// The conditions of each scenario.
    pub conditions: Vec<Conditions>,
    /// What is looked at beside the outputs.
    pub design: Design,
    /// Are base and scenarios simulated in one walk, so that only those live again whom a scenario
    /// can have changed? It makes no difference but for time.
    pub together: bool,
}

/// A run with its account.
#[derive(Debug)]
pub struct Counted {
    /// The run.
    pub run: Run,
    /// What was kept beside its output cells.
    pub account: Account,
}

/// What one seed gave.
#[derive(Debug)]
pub struct Pair {
    /// The seed and the number of the draw.
    pub dice: Dice,
    /// The base.
    pub base: Counted,
    /// The scenarios, in the order of the run file.
    pub scenarios: Vec<Counted>,
}

fn outputs(plan: &Plan, model: &Model) -> Result<OutputPlan, Problem> {
    Ok(OutputPlan::new(
        &model.data,
        plan.scale,
        &plan.breakdowns,
        &plan.measures,
        plan.years().collect(),
        asked(plan, model)?,
    ))
}

impl Pairing {
    /// Builds the models of a plan at the centre of the posterior, all on the same data, parameters
    /// and alignment factors, and says what the posterior brought into them.
    ///
    /// # Errors
    /// A [`Problem`] in the data, in a policy, or at the line of a scenario.
    pub fn prepare(plan: &Plan, data: ModelData) -> Result<(Pairing, Calibrated), Problem> {
        let fit = Fit::read(&data, plan.parameters)?.with(&plan.manual);
        Pairing::under(plan, &data, &fit, View::CENTRE)
    }

    /// The same under a view of the world; the data are as they were read.
    ///
    /// # Errors
    /// As [`Pairing::prepare`].
    pub fn under(
        plan: &Plan,
        data: &ModelData,
        fit: &Fit,
        view: View,
    ) -> Result<(Pairing, Calibrated), Problem> {
        let conditions = plan.scenario_conditions(data)?;
        let design = Design::of(plan, data, &conditions);
        let build = |own: &Conditions| -> Result<(Model, OutputPlan, Calibrated), Problem> {
            let when = (plan.start, plan.scale);
            let (model, calibrated) = fit.model(data.clone(), when, own, view)?;
            let outputs = outputs(plan, &model)?;
            Ok((model, outputs, calibrated))
        };
        let scenarios: Result<Vec<(Model, OutputPlan)>, Problem> = conditions
            .par_iter()
            .map(|own| build(own).map(|(model, outputs, _)| (model, outputs)))
            .collect();
        let scenarios = scenarios?;
        let (base, outputs, calibrated) = build(&plan.conditions)?;
        let pairing = Pairing {
            together: !scenarios.is_empty() && all_follow(&base, &scenarios),
            base,
            outputs,
            scenarios,
            conditions,
            design,
        };
        Ok((pairing, calibrated))
    }

    /// Simulated years that one seed takes, over base and scenarios.
    pub fn years_per_seed(&self) -> u64 {
        u64::from(self.design.until - self.design.start) * (1 + self.scenarios.len() as u64)
    }

    /// Simulates these seeds side by side, at the centre of the posterior, and gives those that were
    /// finished, in their order. The result does not depend on the number of threads.
    pub fn simulate(&self, seeds: std::ops::Range<u64>, progress: &Progress) -> Vec<Pair> {
        seeds
            .into_par_iter()
            .map_init(Walk::default, |walk, seed| {
                self.pair(Dice { seed, draw: 0 }, progress, walk)
            })
            .flatten()
            .collect()
    }

    /// Simulates the base and the scenarios with the same dice; nothing if stopped on the way.
    pub fn pair(&self, dice: Dice, progress: &Progress, walk: &mut Walk) -> Option<Pair> {
        let design = &self.design;
        if self.together {
            let base = (&self.base, &self.outputs);
            let (base, scenarios) =
                simulate_beside(base, &self.scenarios, design, dice, progress, walk)?;
            return Some(Pair {
                dice,
                base,
                scenarios,
            });
        }
        let when = (dice, design.until);
        let mut clerk = Clerk::of_base(design);
        let run = simulate(&self.base, &self.outputs, when, progress, walk, &mut clerk)?;
        let base = Counted {
            run,
            account: clerk.account,
        };
        let rosters = clerk.rosters;
        let arms = design.scenarios.iter().zip(&self.scenarios);
        let scenarios: Option<Vec<Counted>> = arms
            .map(|(arm, (model, outputs))| {
                let mut clerk = Clerk::of_arm(design, arm, &rosters);
                let run = simulate(model, outputs, when, progress, walk, &mut clerk)?;
                Some(Counted {
                    run,
                    account: clerk.account,
                })
            })
            .collect();
        Some(Pair {
            dice,
            base,
            scenarios: scenarios?,
        })
    }
}
