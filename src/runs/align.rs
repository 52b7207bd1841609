//! Finds the factors of alignment (innretting) with which the base run meets what has been observed.
//!
//! Only ever on the base run, under the supply closure, without factors in use: what is found is
//! stored and used again in scenarios. A scenario aligned anew would meet the same series whatever
//! its policy does, and the policy would seem to do nothing.
//!
//! Year by year, over some seeds side by side, so that the factors are not one seed's noise; always
//! the same dice, in trials and when the year is lived:
//! 1. Leaving municipal jobs. A trial year without factors tells who comes as far as deciding on the
//!    job, with what probability of leaving the sector, and how many of the profession leave it by
//!    other ways (death, pension, moving abroad, study). Logit scaling makes the expected leavers
//!    what is left of the observed turnover once the others are taken off. What comes before leaving
//!    in the year's order is not moved by the factor, so one trial is enough.
//!    Retirement shares its random word with leaving, the two exclude each other: who retires has
//!    decided on the job as well.
//! 2. Growth of sectors. Newcomers are as many as they are; only between the sectors can they be
//!    moved, and so only the *difference* in growth, hospital minus municipal, can be met. A trial
//!    year with the factors of step 1 tells how many newcomers' jobs must change sector, given the
//!    FTE that newcomers have in each; multinomial scaling over newcomers' rows of the first job,
//!    weighted by newcomers, moves just those, between these two sectors, and no others.
//! 3. The year is lived with the factors found, and the next one follows.
//!
//! After the last year observed there are no factors: this is a nudge to what has been, not a
//! forecast. Turnover is met in expectation; growth in the mean of the seeds used.

use super::model::Model;
use super::observed::{GROWING, Series};
use crate::dice::sample::probability;
use crate::dice::{Decision, Key};
use crate::engine::alignment::{logit_scaling, multinomial_scaling};
use crate::engine::predictor::Scene;
use crate::engine::{Change, Entry, Exit, Factors, Observer, Rules, Walk};
use crate::population::Person;
use crate::population::columns::{NO_PROGRAMME, NO_ZONE};
use crate::tallies::Flow;
use crate::tallies::flow::FLOWS;
use crate::tallies::ledger::{AGE_CUTS, Ledger, Stock};
use crate::words::{Problem, Sector, Status, Year, year_byte};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The factors.
    pub factors: Factors,
    /// What could not be met; the nearest factors there are stand in for those that would.
    pub gaps: Vec<Gap>,
}

/// Something observed that no factor can reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// Year.
    pub year: Year,
    /// What it is: a profession's turnover, or the growth of sectors.
    pub what: String,
    /// How far off it stays, as a share of those whom the factor acts on.
    pub off: f64,
}

/// Finds the factors with which a model's base run meets the series, over the seeds 1 to `seeds`.
/// Factors that the model already uses are disregarded. The result does not depend on the number
/// of threads.
///
/// # Errors
/// A [`Problem`] under the vacancy closure, where sectors grow as posts do and not by where
/// newcomers wish to begin.
pub fn find_factors(model: &Model, series: &Series, seeds: u64) -> Result<Found, Problem> {
    if model.rules.market.is_some() {
        return Err(
            Problem::in_file("alignment", "factors are found in the base run alone")
                .about("closure", "vacancy")
                .mend("find them under closure = \"supply\" and use them where you like"),
        );
    }
    let mut found = Found::default();
    let start = model.base.year;
    let Some(last) = series.last().filter(|last| *last > start) else {
        return Ok(found);
    };
    let nobodys = BTreeMap::new();
    let mut lives: Vec<Life> = (1..=seeds.max(1))
        .into_par_iter()
        .map(|seed| Life::begin(model, seed, last))
        .collect();
    for year in start + 1..=last {
        let observed: BTreeMap<usize, f64> = series.turnover_in(year).collect();
        if !observed.is_empty() {
            let trials = try_year(&mut lives, &model.rules, year, &observed);
            scale_leaving(model, year, &observed, &trials, &mut found);
        }
        if let Some([municipal, hospital]) = series.sector_growth.get(&year) {
            let rules = model.rules.aligned(&model.data, &found.factors, year);
            let trials = try_year(&mut lives, &rules, year, &nobodys);
            balance_sectors(&rules, year, hospital - municipal, &trials, &mut found);
            // Once more with the factors found: those who were moved do not have the mean FTE.
            found
                .gaps
                .retain(|gap| gap.year != year || gap.what != GROWTH);
            let rules = model.rules.aligned(&model.data, &found.factors, year);
            let trials = try_year(&mut lives, &rules, year, &nobodys);
            balance_sectors(&rules, year, hospital - municipal, &trials, &mut found);
        }
        let rules = model.rules.aligned(&model.data, &found.factors, year);
        lives.par_iter_mut().for_each(|life| life.live(&rules));
    }
    Ok(found)
}

/// What a gap in the growth of sectors is called.
const GROWTH: &str = "growth of hospitals minus that of municipalities";

/// One seed's life through the years, and the memory that its trials use.
struct Life {
    key: Key,
    walk: Walk,
    ledger: Ledger,
    trial: Walk,
}

impl Life {
    fn begin(model: &Model, seed: u64, until: Year) -> Life {
        let (base, start) = (&model.base.population, model.base.year);
        let key = Key::new(seed, 0);
        let zones = model.data.zones.len();
        let years = usize::from(until - start);
        Life {
            key,
            walk: Walk::new(base, start, key),
            ledger: Ledger::open(&model.rules, zones, base, start, years),
            trial: Walk::default(),
        }
    }

    fn live(&mut self, rules: &Rules) {
        self.ledger.begin_year();
        self.walk.next(rules, &mut self.ledger);
        self.ledger.end_year();
    }
}

/// What a trial year of one seed tells.
struct Trial<'a> {
    rules: &'a Rules,
    key: Key,
    year: Year,
    /// The professions whose leaving is looked at, with their observed turnover.
    observed: &'a BTreeMap<usize, f64>,
    ledger: Ledger,
    /// Municipal staff who come as far as deciding on their job, by profession, zone and predictor
    /// of leaving.
    deciding: BTreeMap<(usize, u8, i32), i64>,
    /// Those of them who decided to leave and are gone from the sector, by profession.
    left: BTreeMap<usize, u32>,
    /// People new in their profession, by grade and zone.
    newcomers: BTreeMap<(u8, u8), u32>,
    /// Their jobs by sector: number, and FTE in thousandths.
    jobs: [(u32, u64); 4],
}

fn try_year<'a>(
    lives: &mut [Life],
    rules: &'a Rules,
    year: Year,
    observed: &'a BTreeMap<usize, f64>,
) -> Vec<Trial<'a>> {
    let one = |life: &mut Life| {
        let mut trial = Trial {
            rules,
            key: life.key,
            year,
            observed,
            ledger: life.ledger.clone(),
            deciding: BTreeMap::new(),
            left: BTreeMap::new(),
            newcomers: BTreeMap::new(),
            jobs: [(0, 0); 4],
        };
        trial.ledger.begin_year();
        let population = &life.walk.population;
        for person in population.people() {
            if let Some((cell, _)) = trial.leaving(&person) {
                *trial.deciding.entry(cell).or_default() += 1;
            }
        }
        life.trial.begin(population, year - 1, life.key);
        life.trial.next(rules, &mut trial);
        trial
    };
    lives.par_iter_mut().map(one).collect()
}

impl Trial<'_> {
    /// The cell of somebody at work who may decide to leave a municipal job this year, with the
    /// threshold of leaving.
    fn leaving(&self, person: &Person) -> Option<((usize, u8, i32), u32)> {
        let may = person.status == Status::Working
            && person.sector == Sector::Municipal
            && person.programme == NO_PROGRAMME;
        let lookup = &self.rules.lookup;
        let profession = usize::from(lookup.profession[usize::from(person.grade)]);
        (may && self.observed.contains_key(&profession)).then(|| {
            let scene = Scene::of(person, self.year, lookup);
            let eta = self.rules.leave_job.leaving.eta(person, &scene);
            let threshold = self.rules.expit.threshold(eta);
            ((profession, person.zone, eta), threshold)
        })
    }

    fn count_leaving(&mut self, change: &Change<'_>) {
        // What happens after the year's steps (posts given by lottery) is another matter.
        if change.counted == self.year {
            return;
        }
        let (before, after) = (change.before, change.after);
        // Who comes back from sick leave decides as one at work.
        let returns = before.status == Status::SickLeave;
        let as_working = Person {
            status: if returns {
                Status::Working
            } else {
                before.status
            },
            ..*before
        };
        let Some((cell, threshold)) = self.leaving(&as_working) else {
            return;
        };
        let end = match change.exit {
            Some(Exit::Scope(status)) => Some(status),
            Some(_) => None,
            None => Some(after.status),
        };
        // Death, moving abroad, illness and disability come before.
        let decides = match end {
            Some(Status::Working | Status::OutsideWork | Status::Education) => true,
            Some(Status::OldAgePension) => !returns,
            _ => false,
        };
        *self.deciding.entry(cell).or_default() += i64::from(decides) - i64::from(!returns);
        if !decides || end == Some(Status::OldAgePension) {
            return;
        }
        let word = self.key.word(Decision::LeaveJob, before.id, self.year);
        let leaves = Decision::LeaveJob.anchor().turn(word) < threshold;
        let stays = after.status.is_employed() && after.sector == Sector::Municipal;
        if leaves && !stays {
            *self.left.entry(cell.0).or_default() += 1;
        }
    }

    fn count_newcomer(&mut self, person: &Person) {
        *self
            .newcomers
            .entry((person.grade, person.zone))
            .or_default() += 1;
        if person.status.is_employed() {
            let (number, fte) = &mut self.jobs[person.sector.index()];
            *number += 1;
            *fte += u64::from(self.rules.position.fte[person.band.index()]);
        }
    }

    /// The profession's municipal staff of the year before, and how many have gone from the sector.
    fn gone(&self, profession: usize) -> (f64, f64) {
        let mut gone = (0.0, 0.0);
        for cell in self.cells(Sector::Municipal, move |own| own == profession) {
            let staff = &self.ledger.last_stock[cell * AGE_CUTS..(cell + 1) * AGE_CUTS];
            gone.0 += staff.iter().map(|s| f64::from(s.persons)).sum::<f64>();
            gone.1 += f64::from(self.ledger.flows[cell * FLOWS + Flow::MunicipalNarrow as usize]);
        }
        gone
    }

    /// Agreed FTE in a sector in a stock of the ledger, all professions.
    fn fte(&self, stock: &[Stock], sector: Sector) -> f64 {
        let of_cell = |cell: usize| &stock[cell * AGE_CUTS..(cell + 1) * AGE_CUTS];
        let cells = self.cells(sector, |_| true);
        let milli: i64 = cells.flat_map(of_cell).map(|s| s.milli_fte).sum();
        milli as f64 / 1000.0
    }

    /// The ledger's cells of a sector and of the professions that pass.
    fn cells<'b>(
        &'b self,
        sector: Sector,
        passes: impl Fn(usize) -> bool + 'b,
    ) -> impl Iterator<Item = usize> + 'b {
        let (ledger, lookup) = (&self.ledger, &self.rules.lookup);
        (0..lookup.grades)
            .filter(move |grade| passes(usize::from(lookup.profession[*grade])))
            .flat_map(move |grade| {
                (0..ledger.zones).map(move |zone| ledger.cell(grade, sector.index(), zone))
            })
    }
}

impl Observer for Trial<'_> {
    fn entered(&mut self, person: &Person, entry: Entry, year: Year) {
        self.ledger.entered(person, entry, year);
        if entry == Entry::Abroad {
            self.count_newcomer(person);
        }
    }

    fn changed(&mut self, change: &Change<'_>) {
        self.ledger.changed(change);
        self.count_leaving(change);
        let (before, after) = (change.before, change.after);
        let first = before.first_zone == NO_ZONE && after.first_zone != NO_ZONE;
        let studied = before.status == Status::Education
            && after.status != Status::Education
            && after.grade_since == year_byte(change.year);
        if change.counted < self.year && change.exit.is_none() && (first || studied) {
            self.count_newcomer(after);
        }
    }
}

/// Step 1: the factors on leaving municipal jobs, by profession.
fn scale_leaving(
    model: &Model,
    year: Year,
    observed: &BTreeMap<usize, f64>,
    trials: &[Trial<'_>],
    found: &mut Found,
) {
    let rules = &model.rules;
    for (profession, turnover) in observed {
        let (mut staff, mut others) = (0.0, 0.0);
        let mut deciding: BTreeMap<(u8, i32), i64> = BTreeMap::new();
        for trial in trials {
            let (all, gone) = trial.gone(*profession);
            let left = trial.left.get(profession).copied().unwrap_or_default();
            staff += all;
            others += gone - f64::from(left);
            let own = (*profession, 0, i32::MIN)..=(*profession, u8::MAX, i32::MAX);
            for ((_, zone, eta), people) in trial.deciding.range(own) {
                *deciding.entry((*zone, *eta)).or_default() += people;
            }
        }
        let leavers = deciding.iter().map(|((zone, eta), people)| {
            let leaves = probability(rules.expit.threshold(*eta));
            let place = usize::from(*zone);
            let same = rules
                .leave_job
                .same_sector(*profession, Sector::Municipal, place);
            (leaves, *people as f64 * (1.0 - same))
        });
        let about = &model.data.classification.professions[*profession].id;
        let scaled = logit_scaling(leavers, turnover * staff - others);
        found.factors.set_leaving(about, year, scaled.log_odds);
        if !scaled.is_met() {
            found.gaps.push(Gap {
                year,
                what: format!("narrow municipal turnover of {about}"),
                off: scaled.off,
            });
        }
    }
}

/// Step 2: the factors on the sector of newcomers' first job, from the difference in growth wanted,
/// hospital minus municipal.
fn balance_sectors(
    rules: &Rules,
    year: Year,
    wanted: f64,
    trials: &[Trial<'_>],
    found: &mut Found,
) {
    let mut newcomers: BTreeMap<(u8, u8), u32> = BTreeMap::new();
    let mut jobs = [(0.0, 0.0); 4];
    for trial in trials {
        for (cell, people) in &trial.newcomers {
            *newcomers.entry(*cell).or_default() += people;
        }
        for (sum, (number, milli)) in jobs.iter_mut().zip(trial.jobs) {
            sum.0 += f64::from(number);
            sum.1 += milli as f64 / 1000.0;
        }
    }
    // Growth in the trial, and what one newcomer more in a sector adds to it.
    let [municipal, hospital] = GROWING.map(|sector| {
        let sum = |stock: fn(&Ledger) -> &[Stock]| {
            let each = trials.iter().map(|t| t.fte(stock(&t.ledger), sector));
            each.sum::<f64>()
        };
        let before = sum(|ledger| &ledger.last_stock);
        let after = sum(|ledger| &ledger.stock);
        let (number, fte) = jobs[sector.index()];
        (after / before - 1.0, fte / number / before)
    });
    let moved = (wanted - (hospital.0 - municipal.0)) / (hospital.1 + municipal.1);
    let mut rows = Vec::new();
    let mut weights = Vec::new();
    let mut targets = vec![0.0; Sector::ALL.len()];
    for ((grade, zone), people) in &newcomers {
        let shares = rules
            .first_job
            .of_newcomers(usize::from(*grade), usize::from(*zone));
        let working: f64 = shares[..4].iter().sum();
        if working > 0.0 {
            let row: Vec<f64> = shares[..4].iter().map(|share| share / working).collect();
            let weight = f64::from(*people) * working;
            for (target, share) in targets.iter_mut().zip(&row) {
                *target += weight * share;
            }
            rows.push(row);
            weights.push(weight);
        }
    }
    let mut gap = |off: f64| {
        found.gaps.push(Gap {
            year,
            what: GROWTH.into(),
            off,
        });
    };
    // Without staff or newcomers in one of the two there is nothing to balance.
    if !moved.is_finite() {
        gap(1.0);
        return;
    }
    targets[Sector::Municipal.index()] -= moved;
    targets[Sector::Hospital.index()] += moved;
    let scaled = multinomial_scaling(&rows, &weights, &targets);
    if !scaled.is_met() {
        gap(scaled.off);
    }
    let before = found.factors.first_sector(year).unwrap_or_default();
    for sector in Sector::ALL {
        let log_odds = before[sector.index()] + scaled.log_odds[sector.index()];
        found.factors.set_first_sector(*sector, year, log_odds);
    }
}
