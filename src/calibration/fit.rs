//! The fit (tilpasningen): from the prior cloud to the posterior one, in steps that can be taken up
//! again where they were stopped.

use super::cloud;
use super::direct::{self, Estimate};
use super::experiment::Experiment;
use super::smoother::{Assimilation, assimilate};
use super::targets::Use;
use crate::engine::Walk;
use crate::words::Problem;
use nalgebra::DMatrix;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Other seeds that the chance of a point's runs is estimated from.
const CHANCE_SEEDS: u64 = 8;
/// Members tried between two times that the state is kept.
const CHUNK: usize = 32;
/// A target is in conflict with everything the prior allows when it lies this many standard
/// deviations (of cloud and error together) from the cloud's mean: three, the usual cut of
/// history matching (Craig et al. 1997; Vernon et al. 2010, Bayesian Analysis 5).
const IMPLAUSIBLE: f64 = 3.0;
/// A target is not seen when more than this share of the prior's members have no value for it.
const RARELY: f64 = 0.02;

/// How large a fit is made.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Points in the cloud.
    pub members: usize,
    /// Steps of the smoother.
    pub steps: usize,
    /// Simulated people per real one.
    pub scale: f64,
    /// Runs behind every point.
    pub seeds: u64,
    /// The seed of cloud and perturbations.
    pub seed: u32,
}

impl Settings {
    /// A fit of some minutes on two cores, to look at.
    pub const SMALL: Settings = Settings {
        members: 120,
        steps: 2,
        scale: 0.05,
        seeds: 1,
        seed: 1,
    };
    /// The fit that is committed with the data.
    pub const FULL: Settings = Settings {
        members: 400,
        steps: 3,
        scale: 0.1,
        seeds: 2,
        seed: 1,
    };

    /// How many points are tried in all.
    pub fn points(&self) -> u64 {
        (self.members * (self.steps + 1)) as u64
    }
}

/// How far a fit has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Hash of everything that the fit rests on; a state of another is not taken up.
    pub inputs: String,
    /// The settings.
    pub settings: Settings,
    /// The step that is being tried; as many as steps for the last look.
    step: usize,
    /// Scores: one row a member.
    scores: Vec<Vec<f64>>,
    /// The targets' values: one row a member, empty where not yet tried.
    values: Vec<Vec<f64>>,
    /// Standard error of each target's value from the chance of runs.
    chance: Vec<f64>,
    /// The values and scores of the prior cloud.
    prior: (Vec<Vec<f64>>, Vec<Vec<f64>>),
    /// Seconds of work so far, over sittings.
    pub seconds: f64,
}

/// A finished fit.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// Settings it was made with.
    pub settings: Settings,
    /// Hash of inputs.
    pub inputs: String,
    /// Seconds of work.
    pub seconds: f64,
    /// Scores of the prior cloud, and the targets' values there: one row a member.
    pub prior: Cloud,
    /// The same of the posterior cloud.
    pub posterior: Cloud,
    /// Standard error of each target's value from the chance of runs.
    pub chance: Vec<f64>,
    /// By target: does it conflict with all that the prior allows? Such a target was not fitted.
    pub conflicts: Vec<bool>,
    /// By target: do runs of this scale often have nobody to take its value from? Such a target
    /// was not fitted either.
    pub unseen: Vec<bool>,
    /// Parameters whose prior is a direct estimate.
    pub direct: Vec<Estimate>,
    /// Members left out because no model could be built or a value was not a number.
    pub left_out: usize,
}

/// Members with their scores and values.
#[derive(Clone, Debug, Default)]
pub struct Cloud {
    /// One row a member.
    pub scores: Vec<Vec<f64>>,
    /// One row a member.
    pub values: Vec<Vec<f64>>,
}

impl Cloud {
    /// The values of one target over the members; without those that have none.
    pub fn values_of(&self, target: usize) -> Vec<f64> {
        let values = self.values.iter().map(|row| row[target]);
        values.filter(|value| value.is_finite()).collect()
    }

    /// The scores of one free parameter over the members.
    pub fn scores_of(&self, direction: usize) -> Vec<f64> {
        self.scores.iter().map(|row| row[direction]).collect()
    }

    /// Without members that have no values, or for a target that is seen a value that is not a
    /// number.
    fn sound(scores: &[Vec<f64>], values: &[Vec<f64>], unseen: &[bool]) -> Cloud {
        let sound = |row: &[f64]| {
            let mut pairs = row.iter().zip(unseen);
            has_model(row) && pairs.all(|(value, unseen)| *unseen || value.is_finite())
        };
        let kept = scores
            .iter()
            .zip(values)
            .filter(|(_, values)| sound(values));
        let (scores, values) = kept.map(|(s, v)| (s.clone(), v.clone())).unzip();
        Cloud { scores, values }
    }
}

/// Watches a fit: counts the points tried, and can stop it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Points tried in this sitting and before, over all fits that this watches.
    pub points: AtomicU64,
    /// Set to stop after the points under way.
    pub stop: AtomicBool,
    /// The first complaint about a point at which no model can be built.
    pub complaint: Mutex<Option<Problem>>,
}

/// Why a fit did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum Unfinished {
    /// It was stopped; the state is kept.
    #[error("stopped")]
    Stopped,
    /// Nothing can be fitted.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// The state could not be kept.
    #[error("{0}")]
    Keeping(#[from] std::io::Error),
}

/// The hash of what a fit rests on: data, targets, directions, settings.
pub fn inputs(experiment: &Experiment, settings: &Settings) -> String {
    let mut hash = blake3::Hasher::new();
    for parameter in experiment.data.parameters.all() {
        let text = format!(
            "{} {} {:?}\n",
            parameter.name, parameter.value, parameter.distribution
        );
        hash.update(text.as_bytes());
    }
    hash.update(format!("{:?}{:?}", experiment.targets, experiment.free).as_bytes());
    hash.update(format!("{settings:?}").as_bytes());
    hash.finalize().to_hex()[..16].to_string()
}

/// Fits, from the beginning or from a kept state; `keep` is called with the state from time to
/// time. The result does not depend on the number of threads, nor on where it was stopped.
///
/// # Errors
/// [`Unfinished`].
pub fn fit(
    experiment: &Experiment,
    settings: Settings,
    kept: Option<State>,
    progress: &Progress,
    mut keep: impl FnMut(&State) -> std::io::Result<()>,
) -> Result<Fitted, Unfinished> {
    let inputs = inputs(experiment, &settings);
    let direct = direct::estimates(&experiment.data, &experiment.free)?;
    let mut state = match kept.filter(|state| state.inputs == inputs) {
        Some(state) => state,
        None => begin(experiment, settings, &inputs, &direct)?,
    };
    let mut began = std::time::Instant::now();
    let tried = state.values.iter().filter(|row| !row.is_empty()).count();
    let before = settings.members * state.step + tried;
    progress.points.fetch_add(before as u64, Ordering::Relaxed);
    loop {
        try_members(experiment, &mut state, progress, |state| {
            state.seconds += began.elapsed().as_secs_f64();
            began = std::time::Instant::now();
            keep(state)
        })?;
        if state.step == 0 {
            state.prior = (state.values.clone(), state.scores.clone());
        }
        if state.step == settings.steps {
            break;
        }
        let left_out = state.scores.len();
        state.scores = moved(experiment, &state)?;
        let left_out = left_out - state.scores.len();
        // Members left out will not be tried in any of the steps that are left.
        let never = left_out * (settings.steps - state.step);
        progress.points.fetch_add(never as u64, Ordering::Relaxed);
        state.values = vec![Vec::new(); state.scores.len()];
        state.step += 1;
    }
    let unseen = unseen(&state);
    let prior = Cloud::sound(&state.prior.1, &state.prior.0, &unseen);
    let posterior = Cloud::sound(&state.scores, &state.values, &unseen);
    let conflicts = conflicts(experiment, &prior, &state.chance);
    Ok(Fitted {
        settings,
        inputs,
        seconds: state.seconds,
        left_out: settings.members - posterior.scores.len(),
        prior,
        posterior,
        chance: state.chance,
        conflicts,
        unseen,
        direct,
    })
}

fn begin(
    experiment: &Experiment,
    settings: Settings,
    inputs: &str,
    direct: &[Estimate],
) -> Result<State, Problem> {
    let directions = experiment.free.len();
    let cloud = cloud::prior(directions, settings.members, settings.seed, direct);
    let members = cloud.column_iter();
    Ok(State {
        inputs: inputs.to_string(),
        settings,
        step: 0,
        scores: members.map(|m| m.iter().copied().collect()).collect(),
        values: vec![Vec::new(); settings.members],
        chance: experiment.chance(&vec![0.0; directions], CHANCE_SEEDS)?,
        prior: (Vec::new(), Vec::new()),
        seconds: 0.0,
    })
}

/// Tries the members that have not been tried, some at a time on all cores.
fn try_members(
    experiment: &Experiment,
    state: &mut State,
    progress: &Progress,
    mut keep: impl FnMut(&mut State) -> std::io::Result<()>,
) -> Result<(), Unfinished> {
    let left: Vec<usize> = (0..state.scores.len())
        .filter(|member| state.values[*member].is_empty())
        .collect();
    for chunk in left.chunks(CHUNK) {
        let found: Vec<(usize, Vec<f64>)> = chunk
            .par_iter()
            .map_init(Walk::default, |walk, member| {
                if progress.stop.load(Ordering::Relaxed) {
                    return (*member, Vec::new());
                }
                // Where no model can be built nothing is known of the values.
                let unknown = || vec![f64::NAN; experiment.targets.all.len()];
                let values = experiment.values(&state.scores[*member], walk);
                progress.points.fetch_add(1, Ordering::Relaxed);
                let values = values.unwrap_or_else(|problem| {
                    if let Ok(mut first) = progress.complaint.lock() {
                        first.get_or_insert(problem);
                    }
                    unknown()
                });
                (*member, values)
            })
            .collect();
        for (member, values) in found {
            state.values[member] = values;
        }
        keep(state)?;
        if progress.stop.load(Ordering::Relaxed) {
            return Err(Unfinished::Stopped);
        }
    }
    Ok(())
}

/// The members' scores after the smoother's step on what has been tried.
fn moved(experiment: &Experiment, state: &State) -> Result<Vec<Vec<f64>>, Problem> {
    let settings = state.settings;
    let unseen = unseen(state);
    let sound = Cloud::sound(&state.scores, &state.values, &unseen);
    let prior = Cloud::sound(&state.prior.1, &state.prior.0, &unseen);
    let conflict = conflicts(experiment, &prior, &state.chance);
    let targets = &experiment.targets.all;
    let fitted: Vec<usize> = (0..targets.len())
        .filter(|t| targets[*t].used == Use::Fit && !conflict[*t] && !unseen[*t])
        .collect();
    let members = sound.scores.len();
    let error = |target: usize| targets[target].error.total().hypot(state.chance[target]);
    let by = |rows: &[usize], of: &dyn Fn(usize, usize) -> f64| {
        DMatrix::from_fn(rows.len(), members, |row, member| of(rows[row], member))
    };
    let values = by(&fitted, &|t, m| sound.values[m][t] / error(t));
    let wanted = by(&fitted, &|t, m| {
        targets[t].value_for(sound.values[m][t]) / error(t)
    });
    let scores = DMatrix::from_fn(experiment.free.len(), members, |row, member| {
        sound.scores[member][row]
    });
    let noise = cloud::noise(fitted.len(), members, settings.seed, state.step);
    let after = assimilate(&Assimilation {
        scores: &scores,
        values: &values,
        wanted: &wanted,
        noise: &noise,
        inflation: settings.steps as f64,
    });
    let Some(after) = after else {
        let file = experiment.data.folder.name(super::targets::FILE);
        return Err(Problem::in_file(
            &file,
            "too few members have values for all targets to fit anything",
        )
        .mend("fit with more members, or look for a target that is not a number"));
    };
    Ok(after
        .column_iter()
        .map(|m| m.iter().copied().collect())
        .collect())
}

/// Do these values come from a model? Where none can be built there is no number at all.
fn has_model(values: &[f64]) -> bool {
    values.iter().any(|value| value.is_finite())
}

/// By target: has it no value in some of the runs that its chance is estimated from, or at more
/// than a few points of the prior? Leaving out every member that happens to have nobody who, say,
/// left for a disability pension would leave hardly any at small scales, and those not at random.
fn unseen(state: &State) -> Vec<bool> {
    let rows: Vec<&Vec<f64>> = state.prior.0.iter().filter(|row| has_model(row)).collect();
    let of_target = |target: usize| {
        let without = rows.iter().filter(|row| !row[target].is_finite()).count();
        !state.chance[target].is_finite() || without as f64 > RARELY * rows.len() as f64
    };
    (0..state.chance.len()).map(of_target).collect()
}

/// By target: is it out of reach of all that the prior allows?
fn conflicts(experiment: &Experiment, prior: &Cloud, chance: &[f64]) -> Vec<bool> {
    let of_target = |number: usize| {
        let target = &experiment.targets.all[number];
        let values = prior.values_of(number);
        let count = values.len().max(2) as f64;
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (count - 1.0);
        let error = target.error.total().hypot(chance[number]);
        let apart = (target.value_for(mean) - mean).abs();
        apart > IMPLAUSIBLE * (variance + error * error).sqrt()
    };
    (0..experiment.targets.all.len()).map(of_target).collect()
}
