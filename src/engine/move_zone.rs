//! Moving to another zone (flytting).
//!
//! Probability by age from the gross internal migration rates
//! (`external/ssb_internal_migration_rates_age_2010.csv`): between counties, and part of the
//! moves between municipalities of a county, since zones split counties by centrality. People in
//! the zone of their upbringing and the long-settled move less. Destination: the zone of
//! upbringing with a share of its own (who leaves often returns,
//! `external/ssb_stay_return_by_centrality.csv`), else by a table of origins and destinations
//! fitted (iterative proportional fitting) so that the net flows by centrality and age are those
//! of `external/derived_net_migration_centrality_age_sex.csv`.
//!
//! Somebody with a job takes one in the same sector in the new zone: the employer changes.
//!
//! State touched: zone, clock of the job.

use super::first_job::{Jobs, NEARNESS, nearness};
use super::life::{Turn, Witness};
use super::predictor::{IMPOSSIBLE, Lookup, Predictor, Scene, logit};
use super::reference::{Reference, chance};
use crate::dice::Decision;
use crate::dice::sample::{cumulative, threshold};
use crate::parameters::ModelData;
use crate::parameters::policy::{Choice, Transition};
use crate::population::Person;
use crate::population::columns::NO_ZONE;
use crate::population::ipf::{self, Margin};
use crate::words::age::{age_class, class_label};
use crate::words::{Problem, Status};

/// Age groups with their own destinations: under 30, 30-44, 45 and over.
const AGE_GROUPS: usize = 3;
const AGE_GROUP_IDS: [&str; AGE_GROUPS] = ["under_30", "30_44", "45_plus"];

fn age_group(age: usize) -> usize {
    match age {
        0..30 => 0,
        30..45 => 1,
        _ => 2,
    }
}

/// Compiled moving.
#[derive(Clone, Debug)]
pub struct MoveZone {
    /// Moving at all.
    pub moving: Predictor,
    /// Threshold of moving home, by age group, for those who live elsewhere.
    home: [u32; AGE_GROUPS],
    /// Destinations by age group and zone of departure.
    target: Vec<Vec<u32>>,
    zones: usize,
}

/// Compiles the step.
///
/// # Errors
/// A [`Problem`] if a parameter is missing.
pub fn compile(
    data: &ModelData,
    reference: &Reference,
    lookup: &Lookup,
    jobs: &Jobs,
) -> Result<MoveZone, Problem> {
    let p = &data.parameters;
    let zones = data.zones.len();
    // A scheme may have no two zones in one area or region; the names are known all the same.
    for near in NEARNESS {
        p.log_ratio("move_zone.nearness", &[near]);
    }
    let mut moving = Predictor::read(data, "move_zone");
    let mut rate = Vec::new();
    for age in super::predictor::all_ages() {
        rate.push(p.value("move_zone.rate", &[&class_label(age_class(age))])?);
    }
    let first = usize::from(*super::predictor::all_ages().start());
    let of_age = |age: usize| if age < first { 0.0 } else { rate[age - first] };
    moving.add_age(lookup.professions, |_, _, age| logit(of_age(age)));
    let people = reference.everybody();
    if zones < 2 {
        moving.add_age(lookup.professions, |_, _, _| IMPOSSIBLE);
    } else if !people.is_empty() {
        let ratio = p.value("move_zone.ratio", &[])?;
        let mean = people.iter().map(|(_, s)| of_age(s.age)).sum::<f64>() / people.len() as f64;
        moving.meet_overall(&people, (mean * ratio).max(1e-6));
    }
    let mut home = [0.0; AGE_GROUPS];
    for (share, id) in home.iter_mut().zip(AGE_GROUP_IDS) {
        *share = p.value("move_zone.home_share", &[id])?;
    }
    let movers: Vec<Mover> = people.iter().map(|who| Mover::of(&moving, who)).collect();
    let mut target = Vec::new();
    for (group, home_share) in home.iter().enumerate() {
        let fitted = fit(data, &movers, jobs, group, *home_share)?;
        for from in 0..zones {
            target.push(cumulative(&fitted[from * zones..(from + 1) * zones]));
        }
    }
    Ok(MoveZone {
        moving,
        home: home.map(threshold),
        target,
        zones,
    })
}

/// Somebody who may move: what the tables of moves are fitted on.
struct Mover {
    group: usize,
    zone: usize,
    /// The zone of upbringing of those who live elsewhere.
    home: Option<usize>,
    chance: f64,
}

impl Mover {
    fn of(moving: &Predictor, (person, scene): &(Person, Scene)) -> Mover {
        let elsewhere = person.origin != NO_ZONE && person.origin != person.zone;
        Mover {
            group: age_group(scene.age),
            zone: usize::from(person.zone),
            home: elsewhere.then_some(usize::from(person.origin)),
            chance: chance(moving.eta(person, scene)),
        }
    }
}

/// The table of moves by zone of departure and arrival for an age group.
fn fit(
    data: &ModelData,
    movers: &[Mover],
    jobs: &Jobs,
    group: usize,
    home_share: f64,
) -> Result<Vec<f64>, Problem> {
    let zones = data.zones.len();
    let mut living = vec![0.0; zones];
    let mut leaving = vec![0.0; zones];
    let mut homecoming = vec![0.0; zones];
    // Those who live away from home, by the zone they live in.
    let mut away = vec![0.0; zones];
    for mover in movers.iter().filter(|mover| mover.group == group) {
        living[mover.zone] += 1.0;
        if let Some(home) = mover.home {
            homecoming[home] += mover.chance * home_share;
            leaving[mover.zone] += mover.chance * (1.0 - home_share);
            away[mover.zone] += mover.chance;
        } else {
            leaving[mover.zone] += mover.chance;
        }
    }
    let out: f64 = leaving.iter().sum();
    let mut arriving = Vec::new();
    for zone in 0..zones {
        let id = data.zones.groups[data.zones.zones[zone].group].id.as_str();
        let net = data
            .parameters
            .value("move_zone.net_rate", &[id, AGE_GROUP_IDS[group]])?;
        // All who leave are replaced, give or take the net rate; those who come home count.
        let wanted =
            leaving[zone] + living[zone] * net + away[zone] * home_share - homecoming[zone];
        arriving.push(wanted.max(0.2 * leaving[zone]).max(1e-9));
    }
    let sum: f64 = arriving.iter().sum();
    arriving.iter_mut().for_each(|a| *a *= out / sum);
    let size = zones * zones;
    let mut cells: Vec<f64> = (0..size)
        .map(|c| {
            let (from, to) = (c / zones, c % zones);
            if from == to {
                0.0
            } else {
                jobs.in_zone(to).max(1e-9) * nearness(data, from, to)
            }
        })
        .collect();
    let margins = [
        Margin {
            name: "arrivals".into(),
            bin: (0..size).map(|c| (c % zones) as u32).collect(),
            target: arriving,
        },
        Margin {
            name: "departures".into(),
            bin: (0..size).map(|c| (c / zones) as u32).collect(),
            target: leaving.iter().map(|l| l.max(1e-9)).collect(),
        },
    ];
    ipf::fit(&mut cells, &margins, 1e-4, 100);
    Ok(cells)
}

/// Step 9: anybody in the country may move, except students, who live where they study.
#[inline(always)]
pub fn apply<W: Witness>(turn: &mut Turn<'_, W>) {
    let rules = turn.rules;
    let settled = matches!(
        turn.person.status,
        Status::Working | Status::OutsideWork | Status::SickLeave
    );
    if !settled || turn.person.programme != 0 {
        return;
    }
    if !turn.decide_under(
        Decision::MoveZone,
        &rules.move_zone.moving,
        turn.policy(Transition::MoveZone),
    ) {
        return;
    }
    let table = &rules.move_zone;
    let group = age_group(turn.scene.age);
    let person = &turn.person;
    let elsewhere = person.origin != NO_ZONE && person.origin != person.zone;
    let from = usize::from(person.zone);
    let origin = turn.person.origin;
    let row = &table.target[group * table.zones + from];
    let tilt = turn.tilt(Choice::MoveZoneTo);
    let home = match &tilt {
        None => table.home[group],
        Some(tilt) => tilt.first_of_two(table.home[group], usize::from(origin), row),
    };
    let to = if elsewhere && turn.decide(Decision::HomeZone, home) {
        origin
    } else {
        let factor = tilt.map(|tilt| move |zone| tilt.factor(zone));
        turn.choose_tilted(Decision::TargetZone, row, factor) as u8
    };
    turn.person.zone = to;
    turn.person.job_since = turn.now();
}
