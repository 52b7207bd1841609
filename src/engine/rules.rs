//! The rules of a run: every process compiled from parameters and base population, once.

use super::bounds::Bounds;
use super::closure::Conditions;
use super::first_job::{FirstJob, Jobs};
use super::inflow::Inflow;
use super::leave_job::{LeaveJob, OtherExits};
use super::market::Market;
use super::policy::{self, Policies};
use super::predictor::{Expit, Lookup, Predictor};
use super::queue::Queue;
use super::reference::Reference;
use super::{
    death, disability, emigration, first_job, further_education, inflow, leave_job, move_zone,
    position, queue, retirement, sick_leave, study,
};
use crate::parameters::{ModelData, Scope};
use crate::population::Synthesis;
use crate::population::newcomers::{Intake, Newcomers};
use crate::words::{Problem, Sector};

/// Age under which hospital turnover figures are counted (nou_turnover_0113: under 62).
pub const HOSPITAL_AGE_CUT: usize = 62;

/// Everything the engine needs, compiled.
#[derive(Clone, Debug)]
pub struct Rules {
    /// From predictor to threshold.
    pub expit: Expit,
    /// From bytes to zone group and profession.
    pub lookup: Lookup,
    /// Is a grade's holder followed whatever happens (true), or only while in health care? One
    /// more entry for people without a profession.
    pub followed_always: Vec<bool>,
    /// The sector a grade is held in, if only one; one more entry for no profession.
    pub only_sector: Vec<Option<Sector>>,
    /// Step 1.
    pub death: Predictor,
    /// Step 2.
    pub emigration: emigration::Emigration,
    /// Step 3.
    pub study: study::Study,
    /// Step 4.
    pub first_job: FirstJob,
    /// Step 5.
    pub sick_leave: sick_leave::SickLeave,
    /// Step 6.
    pub disability: disability::Onset,
    /// Step 7.
    pub retirement: Predictor,
    /// Step 8.
    pub leave_job: LeaveJob,
    /// Step 9.
    pub move_zone: move_zone::MoveZone,
    /// Step 10.
    pub position: position::Position,
    /// Step 11.
    pub further_education: further_education::FurtherEducation,
    /// Step 13.
    pub queues: Vec<Queue>,
    /// Step 14.
    pub inflow: Inflow,
    /// The policies of the scenario.
    pub policies: Policies,
    /// The labour market, under the vacancy closure.
    pub market: Option<Market>,
    /// The quick test.
    pub bounds: Option<Bounds>,
}

impl Rules {
    /// Compiles the rules on a base population, with the labour market that `market` makes of the
    /// compiled positions, and refuses parameters that nothing has used.
    ///
    /// # Errors
    /// The first [`Problem`] in the parameters.
    pub fn compile(
        data: &ModelData,
        base: &Synthesis,
        newcomers: Newcomers,
        intake: Intake,
        conditions: &Conditions,
        market: impl FnOnce(&position::Position) -> Result<Option<Market>, Problem>,
    ) -> Result<Rules, Problem> {
        let levers = &conditions.levers;
        let lookup = Lookup::compile(data);
        let reference = Reference::take(&base.population, base.year, &lookup);
        let jobs = Jobs::count(&reference, &lookup, data.zones.len());
        let death = death::compile(data, &lookup)?;
        let emigration = emigration::compile(data, &reference)?;
        let disability = disability::compile(data, &reference, &lookup)?;
        let retirement = retirement::compile(data, &lookup)?;
        let move_zone = move_zone::compile(data, &reference, &lookup, &jobs)?;
        let graded = data
            .parameters
            .value("disability.graded_share_of_new", &[])?;
        let other_exits = |profession: usize, sector: Sector| {
            let means = |predictor: &Predictor| {
                reference.means(predictor, profession, sector, HOSPITAL_AGE_CUT)
            };
            let [death, emigration] = [&death, &emigration.leaving].map(means);
            let disability = means(&disability.beginning);
            let early = |at: usize| death[at] + emigration[at] + (1.0 - graded) * disability[at];
            OtherExits {
                early: early(0),
                early_under_cut: early(1),
                retirement: means(&retirement)[0],
                moves: means(&move_zone.moving)[0],
            }
        };
        // Each is asked for several times, and every time would go through all people.
        let all = (0..lookup.professions).flat_map(|p| Sector::ALL.iter().map(move |s| (p, *s)));
        let exits: Vec<OtherExits> = all.map(|(p, s)| other_exits(p, s)).collect();
        let others = |profession: usize, sector: Sector| exits[profession * 4 + sector.index()];
        let gone_for_good = |profession: usize, sector: Sector| {
            let exits = others(profession, sector);
            exits.early + exits.retirement
        };
        let leave_job = leave_job::compile(data, &reference, &jobs, others)?;
        let position = position::compile(data, &reference)?;
        let lists = &data.classification;
        let mut rules = Rules {
            expit: Expit::default(),
            followed_always: lists
                .grades
                .iter()
                .map(|g| lists.professions[g.profession].scope == Scope::Educated)
                .chain([true])
                .collect(),
            only_sector: lists
                .grades
                .iter()
                .map(|g| g.sector)
                .chain([None])
                .collect(),
            study: study::compile(data)?,
            first_job: first_job::compile(data, &jobs, gone_for_good)?,
            sick_leave: sick_leave::compile(data, &reference)?,
            policies: policy::compile(data, conditions, &lookup, base.scale)?,
            market: market(&position)?,
            position,
            further_education: further_education::compile(data, &reference, base.scale)?,
            queues: queue::compile(data, &jobs, base.year, base.scale, levers)?,
            inflow: inflow::compile(data, newcomers, intake, (base.year, base.scale), levers)?,
            bounds: None,
            lookup,
            death,
            emigration,
            disability,
            retirement,
            leave_job,
            move_zone,
        };
        rules.bounds = Some(Bounds::compile(&rules));
        data.parameters.refuse_unknown()?;
        Ok(rules)
    }
}
