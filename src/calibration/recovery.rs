//! Parameter recovery (gjenfinning av parametre) and simulation-based calibration: is the fit's
//! uncertainty right?
//!
//! A truth is drawn from the prior, the targets are given the values that a run of the model has
//! there, with errors as large as the targets', and the fit is made as if nothing were known. Over
//! many truths the 90 % intervals must cover the truth about 90 % of the time, and the rank of the
//! truth among the posterior draws must be uniform (Talts et al. 2018; Säilynoja et al. 2022).
//!
//! What is observed differs from what the model expects by more than the targets' errors: the run
//! at the truth has its own chance, and so have the runs behind the points of a fit. The former is
//! part of the observation's sampling error and is added to it here; the latter is added in every
//! fit. Each truth is fitted by runs of other seeds, so that a seed whose luck pulls one way does
//! not pull all fits the same way.

use super::cloud;
use super::direct::{self, Estimate};
use super::experiment::Experiment;
use super::fit::{Fitted, Progress, Settings, Unfinished, fit};
use super::targets::Use;
use crate::bands::quantile::quantile;
use crate::dice::Key;
use crate::dice::philox::Stream;
use crate::engine::Walk;
use crate::words::Problem;
use rand_distr::{Distribution, StandardUniform};
use statrs::distribution::{ChiSquared, ContinuousCDF};
use std::ops::RangeInclusive;
use std::sync::atomic::Ordering;

/// Classes that ranks are counted in.
pub const CLASSES: usize = 10;
/// Where the coverage of 90 % intervals may lie.
pub const TOLERATED: RangeInclusive<f64> = 0.80..=0.97;
/// A free parameter is informed by the targets when they take away at least this much of its
/// standard deviation on average.
const INFORMED: f64 = 0.15;
/// Seeds behind a truth begin here, far from those behind the points of a fit.
const TRUE_SEED: u64 = 1_000_000_000;
/// Seeds that the chance of the run at a truth is estimated from.
const CHANCE_SEEDS: u64 = 32;
/// Key word that keeps the numbers which part equal ranks from all others.
const TIES: u32 = 0x7261_6e6b;

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
    /// Truths at which no model could be built; the prior is what is left without them.
    pub left_out: usize,
}

impl Recovery {
    /// The share of 90 % intervals that cover the truth, over the free parameters that `counts`;
    /// not a number if none does.
    pub fn coverage_of(&self, counts: impl Fn(usize) -> bool) -> f64 {
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

    /// The same over the free parameters that the targets inform (not a number if there are none);
    /// those that they do not inform keep their prior, which covers by itself.
    pub fn coverage_informed(&self) -> f64 {
        self.coverage_of(|direction| self.is_informed(direction))
    }

    /// How many free parameters the targets inform.
    pub fn informed(&self) -> usize {
        let directions = 0..self.names.len();
        directions.filter(|d| self.is_informed(*d)).count()
    }

    /// Do the targets inform this free parameter?
    pub fn is_informed(&self, direction: usize) -> bool {
        self.width(direction) < 1.0 - INFORMED
    }

    /// Do the intervals cover as often as tolerated, over all free parameters and over the
    /// informed ones?
    pub fn is_covered(&self) -> bool {
        let informed = self.coverage_informed();
        TOLERATED.contains(&self.coverage()) && (informed.is_nan() || TOLERATED.contains(&informed))
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
                if self.is_informed(direction) {
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

/// Recovers so many truths; progress counts the points of all fits.
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
    let direct: Vec<Estimate> = direct::estimates(&experiment.data, &experiment.free)?;
    // One design for all truths, so that they cover the prior evenly.
    let drawn = cloud::prior(directions, truths, settings.seed ^ 0x5eed, &direct);
    let centre: Vec<f64> = (0..directions)
        .map(|own| {
            direct
                .iter()
                .find(|e| e.number == own)
                .map_or(0.0, |e| e.centre)
        })
        .collect();
    let one_run = experiment.chance_of_one(&centre, CHANCE_SEEDS)?;
    let mut walk = Walk::default();
    let mut recovery = Recovery {
        names,
        replicates: Vec::new(),
        left_out: 0,
    };
    for number in 0..truths {
        let truth: Vec<f64> = drawn.column(number).iter().copied().collect();
        let seed = settings.seed + 1 + number as u32;
        let Ok(known) = observed(experiment, &truth, &one_run, (seed, number), &mut walk) else {
            recovery.left_out += 1;
            progress
                .points
                .fetch_add(settings.points(), Ordering::Relaxed);
            continue;
        };
        let own = Settings { seed, ..settings };
        let fitted = fit(&known, own, None, progress, |_| Ok(()))?;
        recovery.replicates.push(judged(&truth, &fitted, seed));
    }
    Ok(recovery)
}

/// The experiment as it would be in a world of this truth: with targets as they would be observed
/// there, and with seeds of its own behind the points. `one_run` is by how much the values of one
/// run differ from the next.
///
/// # Errors
/// A [`Problem`] if there is no model at the truth.
fn observed(
    experiment: &Experiment,
    truth: &[f64],
    one_run: &[f64],
    (seed, number): (u32, usize),
    walk: &mut Walk,
) -> Result<Experiment, Problem> {
    let model = experiment.model(truth)?;
    let key = Key::new(TRUE_SEED + number as u64, 0);
    let values = experiment.survey().take(&model, key, walk);
    let noise = cloud::noise(values.len(), 1, seed ^ 0x0b5e, number);
    let mut known = experiment.clone().with_seeds_of(number as u64 + 1);
    for (index, target) in known.targets.all.iter_mut().enumerate() {
        let value = values[index] + noise[index] * target.error.total();
        // What only a bound speaks of, or what nobody was seen to do, is no figure with an error.
        let is_figure = value.is_finite() && one_run[index].is_finite();
        if target.bound.is_some() || !is_figure {
            target.used = Use::Validate;
            continue;
        }
        target.value = value;
        target.error.sampling = target.error.sampling.hypot(one_run[index]);
    }
    Ok(known)
}

fn judged(truth: &[f64], fitted: &Fitted, seed: u32) -> Replicate {
    let mut replicate = Replicate {
        rank: Vec::new(),
        covered: Vec::new(),
        width: Vec::new(),
    };
    let spread = |draws: &[f64]| {
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        (draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / draws.len() as f64).sqrt()
    };
    // A rank is one of draws + 1, which do not fall evenly into classes; a number between 0 and 1
    // added to it makes it as good as continuous.
    let mut ties = Stream::new([seed, TIES], Default::default());
    for (direction, truth) in truth.iter().enumerate() {
        let mut draws = fitted.posterior.scores_of(direction);
        draws.sort_by(f64::total_cmp);
        let below = draws.iter().filter(|draw| *draw < truth).count() as f64;
        let within: f64 = StandardUniform.sample(&mut ties);
        replicate
            .rank
            .push((below + within) / (draws.len() + 1) as f64);
        let inside = quantile(&draws, 0.05)..=quantile(&draws, 0.95);
        replicate.covered.push(inside.contains(truth));
        let prior = spread(&fitted.prior.scores_of(direction));
        replicate.width.push(spread(&draws) / prior);
    }
    replicate
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recovery(ranks: &[f64], width: f64) -> Recovery {
        let one = |rank: &f64| Replicate {
            rank: vec![*rank, 0.5],
            covered: vec![(0.05..=0.95).contains(rank), true],
            width: vec![width, 1.0],
        };
        Recovery {
            names: vec!["a".into(), "b".into()],
            replicates: ranks.iter().map(one).collect(),
            left_out: 0,
        }
    }

    #[test]
    fn even_ranks_are_uniform_and_covered() {
        let ranks: Vec<f64> = (0..200).map(|n| (f64::from(n) + 0.5) / 200.0).collect();
        let found = recovery(&ranks, 0.4);
        assert_eq!((found.ranks(), found.informed()), ([20; CLASSES], 1));
        assert!((found.uniformity() - 1.0).abs() < 1e-12);
        assert!((found.coverage_informed() - 0.9).abs() < 1e-12);
        assert!((found.coverage() - 0.95).abs() < 1e-12 && found.is_covered());
    }

    #[test]
    fn overconfidence_and_excess_of_caution_are_seen() {
        // Every other truth outside of all draws; every truth in the middle of them.
        let narrow: Vec<f64> = (0..100)
            .map(|n| if n % 2 == 0 { 0.999 } else { 0.5 })
            .collect();
        let found = recovery(&narrow, 0.4);
        assert!(found.uniformity() < 1e-6 && !found.is_covered());
        let wide = recovery(&[0.5; 100], 0.4);
        assert!(wide.uniformity() < 1e-6 && !wide.is_covered());
    }

    #[test]
    fn what_is_not_informed_is_not_counted() {
        let found = recovery(&[0.999; 20], 0.99);
        assert_eq!(found.ranks(), [0; CLASSES]);
        assert!(found.coverage_informed().is_nan() && found.uniformity() == 1.0);
    }
}
