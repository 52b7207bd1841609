//! What it would be worth to know groups of parameters (informasjonsverdi): by how much an output
//! would vary less, and, with scenarios, what choosing between them would gain.
//!
//! Groups are the processes (files of parameters) and the sources that parameters rest on; a
//! parameter that rests on two sources is in both groups, so groups of sources overlap.

use super::Spread;
use super::directions::Directions;
use super::draw_means::DrawMeans;
use crate::runs::effects::{STEP, STEPS};
use crate::uncertainty::benefits::Benefits;
use crate::uncertainty::evppi::evppi;
use crate::uncertainty::variance_reduction::variance_reduction;
use rayon::prelude::*;

/// Steps of the willingness to pay between two that a value is told at.
pub const EVERY: u32 = 5;
/// The seed of the simulated fits.
const SEED: u32 = 1;
/// Draws that a value is told of at least.
const DRAWS: usize = 10;

/// A group of parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// `process` or `source`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its columns among the free parameters.
    pub columns: Vec<usize>,
}

/// By how much an output would vary less if a group were known.
#[derive(Clone, Debug, PartialEq)]
pub struct Reduction {
    /// Position of the group.
    pub group: usize,
    /// Position of the output among the means of draws.
    pub output: usize,
    /// Fall of the standard deviation, in the unit of the output.
    pub sd: f64,
    /// Its standard error, by the first term of the root's series.
    pub se: f64,
    /// Standard deviations now and with the group known.
    pub now: f64,
    /// See `now`.
    pub known: f64,
}

/// What a decision between the base and the scenarios would gain if a group were known.
#[derive(Clone, Debug, PartialEq)]
pub struct Gain {
    /// Position of the group.
    pub group: usize,
    /// Willingness to pay for an FTE-year, NOK.
    pub worth: f64,
    /// Expected gain, NOK, less the estimated bias.
    pub value: f64,
    /// Its standard error.
    pub se: f64,
}

/// FTE-years gained where a scenario's policies act, and its cost, both discounted: by variant,
/// then by draw, then by seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Amounts {
    /// FTE-years.
    pub fte_years: Vec<f64>,
    /// NOK.
    pub costs: Vec<f64>,
}

/// The groups of parameters: by process, then by source.
pub fn groups(directions: &Directions) -> Vec<Group> {
    let by_process = directions.groups(|own| &own.processes);
    let by_source = directions.groups(|own| &own.sources);
    let named = |kind| {
        move |(name, columns): (&str, Vec<usize>)| Group {
            kind,
            name: name.to_string(),
            columns,
        }
    };
    let processes = by_process.into_iter().map(named("process"));
    let sources = by_source.into_iter().map(named("source"));
    processes.chain(sources).collect()
}

/// The reductions of the outputs at these positions among the means of draws.
pub fn reductions(
    directions: &Directions,
    groups: &[Group],
    spread: &Spread,
    outputs: &[usize],
) -> Vec<Reduction> {
    if spread.numbers.len() < DRAWS {
        return Vec::new();
    }
    let pairs: Vec<(usize, usize)> = outputs
        .iter()
        .flat_map(|output| (0..groups.len()).map(|group| (*output, group)))
        .collect();
    pairs
        .into_par_iter()
        .map(|(output, group)| {
            let scores = directions.columns(&groups[group].columns);
            reduction((output, &spread.draws[output]), (group, &scores))
        })
        .collect()
}

fn reduction(
    (at, output): (usize, &DrawMeans),
    (group, scores): (usize, &nalgebra::DMatrix<f64>),
) -> Reduction {
    let finite = |number: f64| if number.is_nan() { 0.0 } else { number };
    let (noise, others) = (finite(output.noise), finite(output.others));
    let found = variance_reduction(scores, &output.means, noise, others);
    // Where the draws are too few for the group's size nothing can be said.
    let told = |number: f64| match found.variance_se.is_finite() && found.sd_known > 0.0 {
        true => number,
        false => f64::NAN,
    };
    Reduction {
        group,
        output: at,
        sd: told(found.sd()),
        se: told(found.variance_se / (2.0 * found.sd_known)),
        now: found.sd_now,
        known: told(found.sd_known),
    }
}

/// The gains of choosing between the base and the scenarios, at steps of the willingness to pay.
/// `shape` is the number of variants, draws and seeds.
pub fn gains(
    directions: &Directions,
    groups: &[Group],
    scenarios: &[Amounts],
    shape: (usize, usize, usize),
) -> Vec<Gain> {
    let options = scenarios.len() + 1;
    let (variants, draws, seeds) = shape;
    let net = |worth: f64| {
        let mut values = Vec::with_capacity(variants * draws * seeds * options);
        for draw in 0..draws {
            for (variant, seed) in (0..variants).flat_map(|v| (0..seeds).map(move |s| (v, s))) {
                let at = (variant * draws + draw) * seeds + seed;
                values.push(0.0);
                values.extend(
                    scenarios
                        .iter()
                        .map(|own| worth * own.fte_years[at] - own.costs[at]),
                );
            }
        }
        Benefits::of_runs(&values, draws, variants * seeds, options)
    };
    let even = scenarios
        .iter()
        .all(|own| own.fte_years.len() == variants * draws * seeds);
    if scenarios.is_empty() || draws < DRAWS || !even {
        return Vec::new();
    }
    let steps: Vec<(f64, Benefits)> = (0..=STEPS / EVERY)
        .map(|step| f64::from(step * EVERY) * STEP)
        .filter_map(|worth| Some((worth, net(worth)?)))
        .collect();
    (0..groups.len())
        .into_par_iter()
        .flat_map_iter(|group| {
            let scores = directions.columns(&groups[group].columns);
            let of_step = |(worth, benefits): &(f64, Benefits)| {
                let found = evppi(&scores, benefits, SEED)?;
                Some(Gain {
                    group,
                    worth: *worth,
                    value: found.corrected(),
                    se: found.se,
                })
            };
            steps.iter().filter_map(of_step).collect::<Vec<Gain>>()
        })
        .collect()
}
