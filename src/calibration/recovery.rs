//! Parameter recovery (gjenfinning av parametre) and simulation-based calibration: is the fit's
//! uncertainty right?
//!
//! A truth is drawn from the prior, the targets are given the values that the model has there,
//! with errors as large as the targets', and the fit is made as if nothing were known. Over many
//! truths the 90 % intervals must cover the truth about 90 % of the time, and the rank of the
//! truth among the posterior draws must be uniform (Talts et al. 2018; Säilynoja et al. 2022).

use super::cloud;
use super::experiment::Experiment;
use super::fit::{Fitted, Progress, Settings, Unfinished, fit};
use super::targets::Use;
use crate::bands::quantile::quantile;
use crate::dice::Key;
use crate::engine::Walk;
use crate::words::Problem;
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// Classes that ranks are counted in.
pub const CLASSES: usize = 10;
/// A free parameter is informed by the targets when they take away at least this much of its
/// standard deviation on average.
const INFORMED: f64 = 0.15;
/// Seeds behind a truth begin here, far from those behind the points of a fit.
const TRUE_SEED: u64 = 1_000_000;

/// What came of one truth.
#[derive(Clone, Debug, PartialEq)]
pub struct Replicate {
    /// By free parameter: share of posterior draws below the truth.
    pub rank: Vec<f64>,
    /// By free parameter: is the truth inside the central 90 %?
    pub covered: Vec<bool>,
    /// By free parameter: standard deviation of the posterior over that of the prior.
    pub width: Vec<f64>,
}

/// What came of all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Recovery {
    /// Names of the free parameters.
    pub names: Vec<String>,
    /// One a truth.
    pub replicates: Vec<Replicate>,
}

impl Recovery {
    /// The share of 90 % intervals that cover the truth, over the free parameters that `counts`.
    fn coverage_of(&self, counts: impl Fn(usize) -> bool) -> f64 {
        let own: Vec<usize> = (0..self.names.len()).filter(|d| counts(*d)).collect();
        let hits = self
            .replicates
            .iter()
            .flat_map(|r| own.iter().map(|d| r.covered[*d]));
        let (mut covered, mut all) = (0.0, 0.0);
        for hit in hits {
            all += 1.0;
            covered += f64::from(u8::from(hit));
        }
        covered / all
    }

    /// The share of 90 % intervals that cover the truth.
    pub fn coverage(&self) -> f64 {
        self.coverage_of(|_| true)
    }

    /// The same over the free parameters that the targets inform; those that they do not keep
    /// their prior, which covers by itself.
    pub fn coverage_informed(&self) -> f64 {
        self.coverage_of(|direction| self.width(direction) < 1.0 - INFORMED)
    }

    /// How many free parameters the targets inform.
    pub fn informed(&self) -> usize {
        let directions = 0..self.names.len();
        directions
            .filter(|d| self.width(*d) < 1.0 - INFORMED)
            .count()
    }

    /// Mean posterior standard deviation of a free parameter over that of its prior.
    pub fn width(&self, direction: usize) -> f64 {
        let sum: f64 = self.replicates.iter().map(|r| r.width[direction]).sum();
        sum / self.replicates.len() as f64
    }

    /// How many ranks of informed free parameters fell into each of [`CLASSES`] equal classes.
    pub fn ranks(&self) -> [usize; CLASSES] {
        let mut counts = [0; CLASSES];
        for replicate in &self.replicates {
            for (direction, rank) in replicate.rank.iter().enumerate() {
                if self.width(direction) < 1.0 - INFORMED {
                    counts[((rank * CLASSES as f64) as usize).min(CLASSES - 1)] += 1;
                }
            }
        }
        counts
    }

    /// Probability of ranks at least as uneven if they are uniform (chi-square; 1 if nothing is
    /// informed).
    pub fn uniformity(&self) -> f64 {
        let counts = self.ranks();
        let all: usize = counts.iter().sum();
        if all == 0 {
            return 1.0;
        }
        let expected = all as f64 / CLASSES as f64;
        let statistic: f64 = counts
            .iter()
            .map(|count| (*count as f64 - expected).powi(2) / expected)
            .sum();
        ChiSquared::new((CLASSES - 1) as f64).map_or(1.0, |chi| 1.0 - chi.cdf(statistic))
    }
}

/// Recovers so many truths.
///
/// # Errors
/// As [`fit`].
pub fn recover(
    experiment: &Experiment,
    settings: Settings,
    truths: usize,
    progress: &Progress,
) -> Result<Recovery, Unfinished> {
    let directions = experiment.free.len();
    let names = experiment.free.all.iter().map(|f| f.name.clone()).collect();
    // One design for all truths, so that they cover the prior evenly.
    let drawn = cloud::prior(directions, truths, settings.seed ^ 0x5eed, &[]);
    let mut walk = Walk::default();
    let mut replicates = Vec::new();
    for number in 0..truths {
        let truth: Vec<f64> = drawn.column(number).iter().copied().collect();
        let known = observed(experiment, &truth, settings.seed, number, &mut walk)?;
        let own = Settings {
            seed: settings.seed + 1 + number as u32,
            ..settings
        };
        let fitted = fit(&known, own, None, progress, |_| Ok(()))?;
        replicates.push(judged(&truth, &fitted));
    }
    Ok(Recovery { names, replicates })
}

/// The experiment with targets as they would be observed in a world of this truth.
fn observed(
    experiment: &Experiment,
    truth: &[f64],
    seed: u32,
    number: usize,
    walk: &mut Walk,
) -> Result<Experiment, Problem> {
    let model = experiment.model(truth)?;
    let key = Key::new(TRUE_SEED + number as u64, 0);
    let values = experiment.survey().take(&model, key, walk);
    let noise = cloud::noise(values.len(), 1, seed ^ 0x0b5e, number);
    let mut known = experiment.clone();
    for ((target, value), noise) in known.targets.all.iter_mut().zip(values).zip(noise.iter()) {
        target.value = value + noise * target.error.total();
        target.bound = None;
        target.used = Use::Fit;
    }
    Ok(known)
}

fn judged(truth: &[f64], fitted: &Fitted) -> Replicate {
    let mut replicate = Replicate {
        rank: Vec::new(),
        covered: Vec::new(),
        width: Vec::new(),
    };
    let spread = |draws: &[f64]| {
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        (draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / draws.len() as f64).sqrt()
    };
    for (direction, truth) in truth.iter().enumerate() {
        let mut draws = fitted.posterior.scores_of(direction);
        draws.sort_by(f64::total_cmp);
        let below = draws.iter().filter(|draw| *draw < truth).count();
        replicate.rank.push(below as f64 / draws.len() as f64);
        let inside = quantile(&draws, 0.05)..=quantile(&draws, 0.95);
        replicate.covered.push(inside.contains(truth));
        let prior = spread(&fitted.prior.scores_of(direction));
        replicate.width.push(spread(&draws) / prior);
    }
    replicate
}
