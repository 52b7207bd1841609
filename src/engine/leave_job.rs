//! Leaving the job (slutte i jobben), with its destination; and re-entry from outside work.
//!
//! Published turnover counts everybody who is gone a year later, for whatever reason, and each
//! definition counts another set (nou_turnover_0089 broad, nou_turnover_0090 narrow,
//! nou_turnover_0106 hospital external). The probability of leaving is therefore what remains of
//! the published figure once the model's own deaths, emigrations, pensions and moves are taken
//! off, profession by profession, on the base population; the share that stays in the sector with
//! another employer is the difference between broad and narrow.
//!
//! Where the others go is not published (gross flows between sectors): the flows between sectors
//! and outside work are those of largest entropy, given how many leave each, with which the base
//! year is in balance (iterative proportional fitting with an empty diagonal); within a zone they
//! follow the jobs there are. Those who come back from outside work take up the same flows: they
//! go where others left for outside work, not where most jobs are.
//!
//! State touched: sector, status, clocks of job and status, band.

use super::first_job::{self, Jobs};
use super::life::{Turn, Witness};
use super::position;
use super::predictor::{Predictor, grades_of};
use super::reference::Reference;
use crate::dice::Decision;
use crate::dice::sample::{cumulative, probability};
use crate::parameters::policy::Transition;
use crate::parameters::{ModelData, Scope};
use crate::population::ipf::{self, Margin};
use crate::words::{Problem, Sector, Status};

/// Number of places people leave and go to: the four sectors, and outside work.
const PLACES: usize = 5;
/// The place outside work.
const OUTSIDE: usize = 4;

/// Compiled leaving.
#[derive(Clone, Debug)]
pub struct LeaveJob {
    /// Leaving the employer.
    pub leaving: Predictor,
    /// Re-entry from outside work.
    pub reentry: Predictor,
    /// Destinations by profession, sector left and zone.
    destination: Vec<[u32; PLACES]>,
    /// Sectors of those who come back from outside work, by grade and zone; nobody takes the last
    /// choice. They fill what others left: the flows from outside work are in balance with the
    /// flows to it, sector by sector, as far as the leaving allows.
    back: Vec<[u32; PLACES]>,
    zones: usize,
}

/// The yearly shares that the model's other processes take from a profession in a sector.
#[derive(Clone, Copy, Debug, Default)]
pub struct OtherExits {
    /// Deaths, emigrations, full disability pensions.
    pub early: f64,
    /// The same among people under the hospital figures' age cut.
    pub early_under_cut: f64,
    /// Old-age pensions.
    pub retirement: f64,
    /// Moves to another zone.
    pub moves: f64,
}

impl LeaveJob {
    /// The share of those leaving their employer in a sector and zone who stay in the sector.
    pub fn same_sector(&self, profession: usize, sector: Sector, zone: usize) -> f64 {
        let from = sector.index();
        let row = &self.destination[(profession * 4 + from) * self.zones + zone];
        let below = from.checked_sub(1).map_or(0, |before| row[before]);
        probability(row[from]) - probability(below)
    }
}

/// What leaves a profession's jobs in a sector: probability, and share staying in the sector.
#[derive(Clone, Copy, Debug)]
struct Leaving {
    probability: f64,
    same_sector: f64,
}

/// Least yearly probability of leaving, where other exits use up the published turnover.
const LEAST: f64 = 0.005;

/// Compiles the step; `others(profession, sector)` gives what other processes take.
///
/// # Errors
/// A [`Problem`] if a parameter is missing.
pub fn compile(
    data: &ModelData,
    reference: &Reference,
    jobs: &Jobs,
    others: impl Fn(usize, Sector) -> OtherExits,
) -> Result<LeaveJob, Problem> {
    let lists = &data.classification;
    let zones = data.zones.len();
    let mut leaving = Predictor::read(data, "leave_job");
    let mut reentry = Predictor::read(data, "reentry");
    let mut destination = Vec::new();
    let mut back = vec![[0; PLACES]; lists.grades.len() * zones];
    for (profession, about) in lists.professions.iter().enumerate() {
        let grades = grades_of(lists, profession);
        let mut rates = Vec::new();
        for sector in Sector::ALL {
            let rate = rate(data, &about.id, *sector, others(profession, *sector))?;
            let people = reference.of(profession, *sector);
            let at_work: Vec<_> = people
                .iter()
                .filter(|(p, _)| p.status == Status::Working)
                .copied()
                .collect();
            // Those on sick leave do not leave; the others make up for them.
            let target = rate.probability * people.len() as f64 / at_work.len().max(1) as f64;
            leaving.meet(&at_work, &grades, *sector, target.min(0.95));
            rates.push(rate);
            for grade in &grades {
                let back = data.parameters.value("reentry.probability", &[&about.id])?;
                reentry.add_base(*grade, *sector, super::predictor::logit(back));
            }
        }
        let flows = flows(data, &about.id, about.scope, profession, jobs, &rates)?;
        for grade in &grades {
            let held = lists.grades[*grade].sector;
            for zone in 0..zones {
                back[grade * zones + zone] =
                    row_back(&flows[OUTSIDE], profession, held, zone, jobs);
            }
        }
        for sector in 0..4 {
            for zone in 0..zones {
                destination.push(row(&flows, &rates, profession, sector, zone, jobs));
            }
        }
    }
    Ok(LeaveJob {
        leaving,
        reentry,
        destination,
        back,
        zones,
    })
}

fn rate(
    data: &ModelData,
    profession: &str,
    sector: Sector,
    other: OtherExits,
) -> Result<Leaving, Problem> {
    let p = &data.parameters;
    let leaving = |out: f64, same: f64| Leaving {
        probability: out + same,
        same_sector: same / (out + same),
    };
    Ok(match sector {
        Sector::Municipal => {
            let narrow = p.value("leave_job.municipal_narrow", &[profession])?;
            let broad = p.value("leave_job.municipal_broad", &[profession])?;
            let out = (narrow - other.early - other.retirement).max(LEAST);
            leaving(out, (broad - narrow - other.moves).max(LEAST))
        }
        Sector::Hospital => {
            // The published figures leave out those near pension.
            let external = p.value("leave_job.hospital_external", &[profession])?;
            let all = (external - other.early_under_cut - other.moves).max(2.0 * LEAST);
            let same = p.value("leave_job.same_sector_share", &[sector.id()])?;
            leaving(all * (1.0 - same), all * same)
        }
        _ => {
            let all = p.value("leave_job.probability", &[profession, sector.id()])?;
            let same = p.value("leave_job.same_sector_share", &[sector.id()])?;
            leaving(all * (1.0 - same), all * same)
        }
    })
}

/// Shares of a profession's leavers from each place to each other place (diagonal zero).
fn flows(
    data: &ModelData,
    id: &str,
    scope: Scope,
    profession: usize,
    jobs: &Jobs,
    rates: &[Leaving],
) -> Result<[[f64; PLACES]; PLACES], Problem> {
    let mut leavers = [0.0; PLACES];
    for sector in Sector::ALL {
        let rate = rates[sector.index()];
        leavers[sector.index()] =
            jobs.national(profession, *sector) * rate.probability * (1.0 - rate.same_sector);
    }
    let employed: f64 = leavers[..4].iter().sum();
    // People outside work return as fast as others join them.
    let outside = data
        .parameters
        .value("leave_job.outside_work_share", &[id])?;
    leavers[OUTSIDE] = employed * outside;
    let size = PLACES * PLACES;
    let mut cells: Vec<f64> = (0..size)
        .map(|c| {
            let (from, to) = (c / PLACES, c % PLACES);
            if from == to {
                0.0
            } else {
                leavers[from] * leavers[to]
            }
        })
        .collect();
    let margin = |name: &str, bin: fn(usize) -> usize| Margin {
        name: name.into(),
        bin: (0..size).map(|c| bin(c) as u32).collect(),
        target: leavers.to_vec(),
    };
    if scope == Scope::Educated {
        let margins = [margin("to", |c| c % PLACES), margin("from", |c| c / PLACES)];
        ipf::fit(&mut cells, &margins, 1e-6, 200);
    } else {
        // People followed only while employed in health care leave it for good, apart from
        // those who change sector within it.
        for (cell, flow) in cells.iter_mut().enumerate() {
            let health = |place: usize| place < Sector::OtherSectors.index();
            if health(cell / PLACES) && cell % PLACES == OUTSIDE {
                *flow = (1.0 - outside) * leavers[cell / PLACES];
            } else if health(cell / PLACES) && health(cell % PLACES) && *flow > 0.0 {
                *flow = outside * leavers[cell / PLACES];
            } else {
                *flow = 0.0;
            }
        }
    }
    let mut shares = [[0.0; PLACES]; PLACES];
    for from in 0..PLACES {
        let sum: f64 = cells[from * PLACES..(from + 1) * PLACES].iter().sum();
        for to in 0..PLACES {
            shares[from][to] = if sum > 0.0 {
                cells[from * PLACES + to] / sum
            } else {
                0.0
            };
        }
    }
    Ok(shares)
}

/// Destinations of those who leave a sector in a zone: the national flows, by the zone's jobs.
fn row(
    flows: &[[f64; PLACES]; PLACES],
    rates: &[Leaving],
    profession: usize,
    from: usize,
    zone: usize,
    jobs: &Jobs,
) -> [u32; PLACES] {
    let mut weights = [0.0; PLACES];
    for to in Sector::ALL {
        let national = jobs.national(profession, *to);
        if to.index() != from && national > 0.0 {
            weights[to.index()] =
                flows[from][to.index()] * jobs.of(profession, *to, zone) / national;
        }
    }
    // The zone's jobs decide between sectors; how many go outside work, the national flows.
    let within: f64 = weights[..4].iter().sum();
    let to_sectors: f64 = flows[from][..4].iter().sum();
    for weight in &mut weights[..4] {
        *weight *= to_sectors / within.max(1e-300);
    }
    weights[OUTSIDE] = flows[from][OUTSIDE];
    if weights.iter().sum::<f64>() <= 0.0 {
        weights[OUTSIDE] = 1.0;
    }
    let total: f64 = weights.iter().sum();
    let same = rates[from].same_sector;
    for weight in &mut weights {
        *weight *= (1.0 - same) / total;
    }
    weights[from] = same;
    let mut row = [0; PLACES];
    row.copy_from_slice(&cumulative(&weights));
    row
}

/// Sectors of those who come back from outside work in a zone: the national flows, by the zone's
/// jobs; where no flow leads back (people followed only while employed), the jobs as they stand.
fn row_back(
    flows: &[f64; PLACES],
    profession: usize,
    held: Option<Sector>,
    zone: usize,
    jobs: &Jobs,
) -> [u32; PLACES] {
    let weights_by = |flow: &dyn Fn(Sector) -> f64| {
        let mut weights = [0.0; PLACES];
        for sector in Sector::ALL {
            let national = jobs.national(profession, *sector);
            if held.is_none_or(|only| only == *sector) && national > 0.0 {
                weights[sector.index()] =
                    flow(*sector) * jobs.of(profession, *sector, zone) / national;
            }
        }
        weights
    };
    let mut weights = weights_by(&|sector| flows[sector.index()]);
    if weights.iter().sum::<f64>() <= 0.0 {
        weights = weights_by(&|sector| jobs.national(profession, sector));
    }
    if weights.iter().sum::<f64>() <= 0.0 {
        weights[held.unwrap_or(Sector::Municipal).index()] = 1.0;
    }
    let mut row = [0; PLACES];
    row.copy_from_slice(&cumulative(&weights));
    row
}

impl LeaveJob {
    /// Sectors of those of a grade who come back from outside work in a zone, cumulative.
    pub fn back(&self, grade: usize, zone: usize) -> &[u32; PLACES] {
        &self.back[grade * self.zones + zone]
    }
}

/// Step 8: people at work may leave for another employer, sector, or outside work; people outside
/// work may take a job again.
#[inline(always)]
pub fn apply<W: Witness>(turn: &mut Turn<'_, W>) {
    let rules = turn.rules;
    let status = turn.person.status;
    if status == Status::OutsideWork && turn.person.status_since != turn.now() {
        let eta = rules.leave_job.reentry.eta(turn.person, &turn.scene)
            + turn.policy(Transition::Reentry);
        if turn.decide(Decision::Return, rules.expit.threshold(eta)) {
            first_job::take(turn, first_job::From::Return);
        }
        return;
    }
    let bound_by_study = turn.person.programme != 0;
    if status != Status::Working
        || bound_by_study
        || !turn.decide_under(
            Decision::LeaveJob,
            &rules.leave_job.leaving,
            turn.strain.leaving + turn.policy(Transition::LeaveJob),
        )
    {
        return;
    }
    let table = &rules.leave_job;
    let cell = (turn.scene.profession * 4 + turn.person.sector.index()) * table.zones
        + usize::from(turn.person.zone);
    let choice = turn.choose(Decision::Destination, &table.destination[cell]);
    turn.person.job_since = turn.now();
    if choice == OUTSIDE {
        turn.become_status(Status::OutsideWork);
    } else {
        turn.person.sector = Sector::of_number(choice as u8);
        position::new_band(turn, Decision::NewBand);
    }
}
