//! The work: one run is one seed over all years; many runs side by side on all cores.

use super::model::Model;
use crate::dice::Key;
use crate::engine::{Rules, Walk};
use crate::tallies::{Durations, Ledger, Plan as OutputPlan, RunValues};
use crate::words::Year;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The result of one run.
#[derive(Debug)]
pub struct Run {
    /// The values of all output cells.
    pub values: RunValues,
    /// Durations of single lives.
    pub durations: Durations,
    /// People lived through, summed over years.
    pub person_years: u64,
}

/// How far the work has come, and whether to stop.
#[derive(Debug, Default)]
pub struct Progress {
    /// Simulated years finished, over all runs.
    pub years: AtomicU64,
    /// Set to stop at the next year's end.
    pub stop: AtomicBool,
}

/// What looks on while a run goes through the years, and changes nothing in it.
pub trait Onlooker {
    /// The census of a year has been taken, that of the base year included.
    fn census(&mut self, year: Year, rules: &Rules, walk: &Walk, ledger: &Ledger);
}

/// Nobody looks on.
impl Onlooker for () {
    fn census(&mut self, _: Year, _: &Rules, _: &Walk, _: &Ledger) {}
}

/// The dice of a run: what everything that is thrown in it depends on, besides person, year and
/// decision. Scenarios and variants have those of the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dice {
    /// The seed.
    pub seed: u64,
    /// The number of the draw of the parameters, 0 for the centre.
    pub draw: u64,
}

impl Dice {
    /// What the run shares with others in which more than chance is the same: the number of the
    /// draw, or the seed where there is only the centre. Sizes of policies' effects and costs,
    /// which are parameters too, go with it.
    pub fn cluster(self) -> u64 {
        match self.draw {
            0 => self.seed,
            draw => draw,
        }
    }
}

/// Simulates one seed from the base year to `until`; `None` if stopped on the way.
pub(super) fn simulate(
    model: &Model,
    outputs: &OutputPlan,
    (dice, until): (Dice, Year),
    progress: &Progress,
    walk: &mut Walk,
    onlooker: &mut impl Onlooker,
) -> Option<Run> {
    if progress.stop.load(Ordering::Relaxed) {
        return None;
    }
    let base_year = model.base.year;
    let years = usize::from(until - base_year);
    let key = Key::new(dice.seed, dice.draw);
    walk.begin(&model.base.population, base_year, key);
    // Without policies there is nothing to draw; a walk used again forgets those of another run.
    walk.draw_effects(&model.rules, Some(dice.cluster()));
    let zones = model.data.zones.len();
    let mut ledger = Ledger::open(&model.rules, zones, &walk.population, base_year, years);
    let mut values = Vec::with_capacity(outputs.layout.cells.len() * (years + 1));
    let mut history = outputs.history();
    outputs.end_year(&ledger, base_year, &mut history);
    outputs.fill(&ledger, &history, base_year, &mut values);
    onlooker.census(base_year, &model.rules, walk, &ledger);
    let mut person_years = 0;
    for year in base_year + 1..=until {
        if progress.stop.load(Ordering::Relaxed) {
            return None;
        }
        person_years += walk.population.present() as u64;
        ledger.begin_year();
        walk.next(model.rules_in(year), &mut ledger);
        ledger.end_year();
        outputs.end_year(&ledger, year, &mut history);
        outputs.fill(&ledger, &history, year, &mut values);
        onlooker.census(year, model.rules_in(year), walk, &ledger);
        progress.years.fetch_add(1, Ordering::Relaxed);
    }
    let values = RunValues {
        seed: dice.seed,
        values,
    };
    Some(Run {
        values,
        durations: ledger.durations,
        person_years,
    })
}

/// Simulates these seeds side by side and gives the runs that were finished, in the order of
/// seeds. The result does not depend on the number of threads.
pub fn ensemble(
    model: &Model,
    outputs: &OutputPlan,
    seeds: std::ops::Range<u64>,
    until: Year,
    progress: &Progress,
) -> Vec<Run> {
    seeds
        .into_par_iter()
        // Memory that one thread uses again for every run.
        .map_init(Walk::default, |walk, seed| {
            let dice = Dice { seed, draw: 0 };
            simulate(model, outputs, (dice, until), progress, walk, &mut ())
        })
        .flatten()
        .collect()
}
