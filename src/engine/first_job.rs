//! The first job (første jobb): zone, sector and position of those who qualify, arrive, return
//! or re-enter.
//!
//! Zone: somebody who studied in the zone of upbringing mostly stays; others go home, stay where
//! they studied, or go elsewhere, with the track of the education making the difference
//! (policy_effects_0011, policy_effects_0012, literature_effects_0041, literature_effects_0042).
//! "Elsewhere" is drawn in proportion to jobs, own county and region preferred; a rural placement
//! or curriculum raises the odds of a rural zone. Sector: newcomers take the posts that fall vacant when
//! people leave working life, and the new ones (`first_job.post_growth`, observed 2015-2021), in
//! proportion to the profession's jobs in the zone; `first_job.sector_tilt` adds what newly
//! qualified choose. People with experience take jobs as they stand.
//!
//! State touched: status, zone, sector, band, clocks of status and job, first zone and sector.

use super::life::{Turn, Witness};
use super::position;
use super::predictor::Lookup;
use super::reference::Reference;
use crate::dice::Decision;
use crate::dice::sample::{ALWAYS, cumulative, probability, threshold};
use crate::parameters::ModelData;
use crate::parameters::policy::Choice;
use crate::population::columns::NO_ZONE;
use crate::words::{Problem, Sector, Status, Track};

/// Where somebody comes from who takes a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// Qualified after full-time study.
    Study,
    /// Qualified for another profession beside a job.
    BesideJob,
    /// Home from abroad, or arrived with an education from there.
    Abroad,
    /// Back from outside work.
    Return,
    /// Hired without a health education, or from a queue for posts.
    Outside,
}

/// Least share of a sector's posts that newcomers are taken to fill in a year, where posts vanish
/// faster than people leave them.
const LEAST_OPENINGS: f64 = 0.002;

/// Number of choices of a sector row: the sectors, and staying outside work.
const CHOICES: usize = 5;

/// Compiled rows.
#[derive(Clone, Debug)]
pub struct FirstJob {
    /// Sectors by grade and zone for people new in the profession; the last choice is none.
    first: Vec<[u32; CHOICES]>,
    /// Sectors by grade and zone for people who have worked before.
    again: Vec<[u32; CHOICES]>,
    /// Zones by zone of departure (the last row: from abroad), without and with rural exposure.
    elsewhere: [Vec<Vec<u32>>; 2],
    /// Thresholds by track: staying, for those who studied at home.
    stay_home: [u32; 4],
    /// Cumulative by track, for those who studied away: home, study zone, elsewhere.
    away: [[u32; 3]; 4],
    /// Threshold of going to the zone of upbringing on return from abroad.
    home_from_abroad: u32,
    zones: usize,
}

/// How many people of each profession work in each sector and zone in the base year.
#[derive(Clone, Debug)]
pub struct Jobs {
    counts: Vec<f64>,
    zones: usize,
}

impl Jobs {
    /// Counts them in the reference people.
    pub fn count(reference: &Reference, lookup: &Lookup, zones: usize) -> Jobs {
        let mut counts = vec![0.0; lookup.professions * 4 * zones];
        for profession in 0..lookup.professions {
            for sector in Sector::ALL {
                let people = reference.of(profession, *sector);
                let each = reference.count(profession, *sector) / people.len().max(1) as f64;
                for (person, _) in people {
                    let zone = usize::from(person.zone).min(zones - 1);
                    counts[(profession * 4 + sector.index()) * zones + zone] += each;
                }
            }
        }
        Jobs { counts, zones }
    }

    /// People of a profession in a sector in a zone, smoothed with a little of the national
    /// share, so that a small zone's chance composition does not close a sector for ever.
    pub fn of(&self, profession: usize, sector: Sector, zone: usize) -> f64 {
        let start = (profession * 4 + sector.index()) * self.zones;
        let national: f64 = self.counts[start..start + self.zones].iter().sum();
        self.counts[start + zone] + 1e-3 * national
    }

    /// People of a profession in a sector in the whole country.
    pub fn national(&self, profession: usize, sector: Sector) -> f64 {
        let start = (profession * 4 + sector.index()) * self.zones;
        self.counts[start..start + self.zones].iter().sum()
    }

    /// All health jobs in a zone.
    pub fn in_zone(&self, zone: usize) -> f64 {
        (0..self.counts.len() / self.zones)
            .filter(|row| row % 4 != Sector::OtherSectors.index())
            .map(|row| self.counts[row * self.zones + zone])
            .sum()
    }
}

/// Compiles the step.
///
/// # Errors
/// A [`Problem`] if a parameter is missing.
///
/// `gone_for_good(profession, sector)` is the yearly share whose posts fall vacant because they
/// leave working life.
pub fn compile(
    data: &ModelData,
    jobs: &Jobs,
    gone_for_good: impl Fn(usize, Sector) -> f64,
) -> Result<FirstJob, Problem> {
    let p = &data.parameters;
    let lists = &data.classification;
    let zones = data.zones.len();
    let mut first = Vec::new();
    let mut again = Vec::new();
    for grade in &lists.grades {
        let profession = lists.professions[grade.profession].id.as_str();
        let none = p.value("first_job.outside_share", &[&grade.id])?;
        let mut openings = [0.0; 4];
        let mut tilt = [0.0; 4];
        for sector in Sector::ALL {
            let keys = [profession, sector.id()];
            // Newcomers take the posts that fall vacant or are new; moves between sectors balance
            // by themselves.
            let growth = p.value("first_job.post_growth", &keys)?;
            let vacated = gone_for_good(grade.profession, *sector);
            openings[sector.index()] = (vacated + growth).max(LEAST_OPENINGS);
            tilt[sector.index()] = p.log_ratio("first_job.sector_tilt", &keys).exp();
        }
        for zone in 0..zones {
            let mut fresh = [0.0; CHOICES];
            let mut seasoned = [0.0; CHOICES];
            for sector in Sector::ALL {
                let held = grade.sector.is_none_or(|only| only == *sector);
                let weight = if held {
                    jobs.of(grade.profession, *sector, zone).max(1e-9)
                } else {
                    0.0
                };
                let index = sector.index();
                fresh[index] = weight * openings[index] * tilt[index];
                seasoned[index] = weight;
            }
            let total: f64 = fresh.iter().sum();
            fresh[4] = total * none / (1.0 - none);
            first.push(row(&fresh));
            again.push(row(&seasoned));
        }
    }
    let mut stay_home = [0; 4];
    let mut away = [[0; 3]; 4];
    for track in Track::ALL {
        stay_home[track.index()] = threshold(p.value("first_job.stay_home", &[track.id()])?);
        let home = p.value("first_job.go_home", &[track.id()])?;
        let stay = p.value("first_job.stay_at_study", &[track.id()])?;
        let weights = [home, stay, (1.0 - home - stay).max(0.0)];
        away[track.index()].copy_from_slice(&cumulative(&weights));
    }
    let rural_odds = p.log_ratio("first_job.rural_exposure", &[]).exp();
    let elsewhere = [1.0, rural_odds].map(|odds| {
        (0..=zones)
            .map(|from| {
                let weights: Vec<f64> = (0..zones)
                    .map(|to| {
                        // Who goes elsewhere goes away; who comes from abroad can go anywhere.
                        if to == from && zones > 1 {
                            return 0.0;
                        }
                        let near = if from < zones {
                            nearness(data, from, to)
                        } else {
                            1.0
                        };
                        let rural = data.zones.zones[to].group + 1 == data.zones.groups.len();
                        jobs.in_zone(to) * near * if rural { odds } else { 1.0 }
                    })
                    .collect();
                cumulative(&weights)
            })
            .collect()
    });
    let home_from_abroad = threshold(p.value("first_job.home_from_abroad", &[])?);
    Ok(FirstJob {
        first,
        again,
        elsewhere,
        stay_home,
        away,
        home_from_abroad,
        zones,
    })
}

fn row(weights: &[f64; CHOICES]) -> [u32; CHOICES] {
    let mut row = [0; CHOICES];
    row.copy_from_slice(&cumulative(weights));
    row
}

/// The probabilities of a cumulative row's choices.
fn shares(row: &[u32; CHOICES]) -> [f64; CHOICES] {
    let mut below = 0.0;
    row.map(|entry| {
        let end = if entry == ALWAYS {
            1.0
        } else {
            probability(entry)
        };
        let share = end - below;
        below = end;
        share
    })
}

impl FirstJob {
    /// The probabilities of each sector, and of staying outside work, for people of a grade who are
    /// new in the profession and take a job in a zone.
    pub fn of_newcomers(&self, grade: usize, zone: usize) -> [f64; 5] {
        shares(&self.first[grade * self.zones + zone])
    }

    /// The same rows with newcomers' sectors multiplied by the exponentials of these numbers, in the
    /// order of sectors. In every row as many as before stay outside work: the numbers act among
    /// those who take a job.
    pub fn tilted(&self, log_factors: [f64; 4]) -> FirstJob {
        let mut tilted = self.clone();
        for entry in &mut tilted.first {
            let before = shares(entry);
            let mut after = before;
            for (weight, log_factor) in after.iter_mut().zip(log_factors) {
                *weight *= log_factor.exp();
            }
            let jobs = |row: &[f64; CHOICES]| row[..4].iter().sum::<f64>();
            let total = jobs(&after);
            if total > 0.0 {
                let level = jobs(&before) / total;
                after[..4].iter_mut().for_each(|weight| *weight *= level);
                *entry = row(&after);
            }
        }
        tilted
    }
}

/// How near a zone can be: the keys of `move_zone.nearness`.
pub const NEARNESS: [&str; 3] = ["same_area", "same_region", "elsewhere"];

/// How much likelier a zone is as a destination for being in the same county or region
/// (parameter `move_zone.nearness`).
pub fn nearness(data: &ModelData, from: usize, to: usize) -> f64 {
    let (from, to) = (&data.zones.zones[from], &data.zones.zones[to]);
    let [same_area, same_region, elsewhere] = NEARNESS;
    let near = if from.area == to.area {
        same_area
    } else if from.region == to.region {
        same_region
    } else {
        elsewhere
    };
    data.parameters
        .log_ratio("move_zone.nearness", &[near])
        .exp()
}

/// Step 4: the person takes a job, or stays outside work for now.
pub fn take<W: Witness>(turn: &mut Turn<'_, W>, from: From) {
    let rules = turn.rules;
    let jobs = &rules.first_job;
    turn.person.zone = zone(turn, from, jobs);
    let cell = usize::from(turn.person.grade) * jobs.zones + usize::from(turn.person.zone);
    let new = matches!(from, From::Study) || turn.person.first_zone == NO_ZONE;
    let row = match from {
        _ if new => &jobs.first[cell],
        From::Return => {
            let (grade, zone) = (turn.person.grade, turn.person.zone);
            rules.leave_job.back(usize::from(grade), usize::from(zone))
        }
        _ => &jobs.again[cell],
    };
    let tilt = turn.tilt(Choice::FirstSector);
    let factor = tilt.map(|tilt| move |sector| tilt.factor(sector));
    let choice = turn.choose_tilted(Decision::FirstSector, row, factor);
    let now = turn.now();
    if choice < 4 {
        let sector = Sector::of_number(choice as u8);
        if from != From::BesideJob || sector != turn.person.sector {
            turn.person.job_since = now;
        }
        turn.person.sector = sector;
        if turn.person.status != Status::Working {
            turn.become_status(Status::Working);
        }
        position::new_band(turn, Decision::FirstBand);
    } else if turn.person.status != Status::OutsideWork {
        turn.become_status(Status::OutsideWork);
    }
    if new || turn.qualified {
        turn.person.first_zone = turn.person.zone;
        turn.person.first_sector = turn.person.sector;
    }
}

fn zone<W: Witness>(turn: &mut Turn<'_, W>, from: From, jobs: &FirstJob) -> u8 {
    let tilt = turn.tilt(Choice::FirstZone);
    let factor = tilt.map(|tilt| move |zone| tilt.factor(zone));
    let person = &turn.person;
    let exposed = usize::from(person.placement || person.curriculum);
    let track = person.track.index();
    let (here, origin) = (person.zone, person.origin);
    match from {
        From::Outside | From::Return | From::BesideJob => here,
        From::Abroad => {
            let native = origin != NO_ZONE;
            let row = &jobs.elsewhere[exposed][jobs.zones];
            let home = match &tilt {
                None => jobs.home_from_abroad,
                Some(tilt) => tilt.first_of_two(jobs.home_from_abroad, usize::from(origin), row),
            };
            if native && turn.decide(Decision::HomeZone, home) {
                return origin;
            }
            turn.choose_tilted(Decision::FirstZone, row, factor) as u8
        }
        From::Study => {
            let row = &jobs.elsewhere[exposed][usize::from(here)];
            let stays = if origin == here || origin == NO_ZONE {
                let stay = match &tilt {
                    None => jobs.stay_home[track],
                    Some(tilt) => tilt.first_of_two(jobs.stay_home[track], usize::from(here), row),
                };
                usize::from(!turn.decide(Decision::HomeZone, stay))
            } else {
                let of_places = tilt.map(|tilt| {
                    let [home, stay] = [origin, here].map(|z| tilt.factor(usize::from(z)));
                    let factors = [home, stay, tilt.mean(row)];
                    move |choice: usize| factors[choice]
                });
                let choice = turn.choose_tilted(Decision::HomeZone, &jobs.away[track], of_places);
                match choice {
                    0 => return origin,
                    1 => 0,
                    _ => 1,
                }
            };
            if stays == 0 {
                here
            } else {
                turn.choose_tilted(Decision::FirstZone, row, factor) as u8
            }
        }
    }
}
