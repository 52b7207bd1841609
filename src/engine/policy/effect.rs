//! What a policy adds to log-odds, by years on its clock, and how large that is in a run.

use super::eligible::{Set, zones_named};
use crate::dice::Key;
use crate::dice::sample::{ALWAYS, probability, share_of, threshold};
use crate::engine::predictor::steps;
use crate::parameters::ModelData;
use crate::parameters::policy::{Change, Choice, Clock, Policy, Ratio, Transition, What};
use crate::words::Sector;
use statrs::distribution::{ContinuousCDF, Normal};

/// Years on a clock that effects are told apart by; later ones are as the last.
const YEARS: usize = 64;
/// Normal scores are drawn within these ends, so that the quick test knows the most there can be.
const FURTHEST: f64 = 3.5;
/// The number of the draw behind effects, where the keys of runs have the parameter draw.
const EFFECTS: u64 = 0x0EFF_EC75;

/// A compiled change.
#[derive(Clone, Debug)]
pub struct Effect {
    what: What,
    /// Zones or sectors that become likelier.
    pub toward: Set,
    ratio: Ratio,
    strength: f64,
    /// The part of the size that acts, by years on the clock.
    part: Vec<f64>,
    /// The number of the change in its policy.
    number: u32,
}

impl Effect {
    /// Compiles a change.
    pub fn compile(data: &ModelData, policy: &Policy, number: usize, change: &Change) -> Effect {
        let toward = match change.what {
            What::Choice(Choice::FirstSector) => {
                let named = |sector: &&Sector| change.toward.iter().any(|id| id == sector.id());
                Set::of(Sector::ALL.iter().filter(named).map(|s| s.index()))
            }
            What::Choice(_) => zones_named(data, &change.toward),
            _ => Set::ALL,
        };
        let (first, last) = change.years.unwrap_or((0, u8::MAX));
        let ramped = policy.clock == Clock::Policy && policy.ramp > 1 && change.half_life.is_none();
        let part = (0..YEARS)
            .map(|years| {
                let acts = (usize::from(first)..=usize::from(last)).contains(&years);
                let faded = change
                    .half_life
                    .map_or(1.0, |life| 0.5_f64.powf(years as f64 / life));
                // Coverage ramps; where everybody is covered there is nothing more to do.
                debug_assert!(!ramped || faded == 1.0);
                if acts { faded } else { 0.0 }
            })
            .collect();
        Effect {
            what: change.what,
            toward,
            ratio: change.ratio,
            strength: policy.strength,
            part,
            number: number as u32,
        }
    }

    /// Is it on this transition?
    #[inline]
    pub fn is(&self, transition: Transition) -> bool {
        self.what == What::Transition(transition)
    }

    /// Is it on this choice?
    pub fn is_choice(&self, choice: Choice) -> bool {
        self.what == What::Choice(choice)
    }

    /// Is it on an attribute of newcomers?
    pub fn is_attribute(&self) -> bool {
        matches!(self.what, What::Choice(choice) if choice.is_attribute())
    }

    /// The most it can add to a transition, in steps of log-odds.
    pub fn most(&self, transition: Transition) -> i32 {
        if !self.is(transition) {
            return 0;
        }
        let ends = [-FURTHEST, FURTHEST].map(|score| self.ratio.log_at(score));
        let most = ends[0].max(ends[1]) * self.strength;
        steps(most).max(0) + 1
    }
}

/// The sizes of all effects in one run: log ratios at full strength.
#[derive(Clone, Debug, Default)]
pub struct Sizes {
    log: Vec<Vec<f64>>,
}

impl Sizes {
    /// Draws the sizes for a seed, each effect at an address of its own; central ones without.
    pub fn draw<'a>(
        policies: impl Iterator<Item = (u32, &'a [Effect])>,
        seed: Option<u64>,
    ) -> Sizes {
        let size = |address: u32, effect: &Effect| {
            let score = seed.map_or(0.0, |seed| score(seed, address, effect.number));
            effect.ratio.log_at(score) * effect.strength
        };
        let of_policy = |(address, effects): (u32, &[Effect])| {
            effects.iter().map(|effect| size(address, effect)).collect()
        };
        Sizes {
            log: policies.map(of_policy).collect(),
        }
    }

    /// The log ratio of an effect after so many years on the clock.
    pub fn log(&self, policy: usize, at: usize, effect: &Effect, years: usize) -> f64 {
        self.log[policy][at] * effect.part[years.min(YEARS - 1)]
    }

    /// The same in steps of log-odds.
    #[inline]
    pub fn offset(&self, policy: usize, at: usize, effect: &Effect, years: usize) -> i32 {
        steps(self.log(policy, at, effect, years))
    }
}

/// The normal score that a run draws for a number of a policy.
pub fn score(seed: u64, address: u32, number: u32) -> f64 {
    let [word, ..] = Key::new(seed, EFFECTS).words(address, u64::from(number), 0);
    let uniform = (f64::from(word) + 0.5) / 4_294_967_296.0;
    Normal::standard()
        .inverse_cdf(uniform)
        .clamp(-FURTHEST, FURTHEST)
}

/// What policies multiply the odds of a choice's outcomes by.
#[derive(Clone, Copy, Debug)]
pub struct Tilt {
    /// Up to this many different sets of outcomes.
    sets: [(Set, f64, f64); Tilt::SETS],
    used: usize,
}

impl Default for Tilt {
    fn default() -> Tilt {
        Tilt {
            sets: [(Set::NONE, 0.0, 0.0); Tilt::SETS],
            used: 0,
        }
    }
}

impl Tilt {
    /// Different sets of outcomes that policies on one choice can have; more are left out.
    const SETS: usize = 6;

    /// Adds an effect: the strongest on a set of outcomes counts in full, others at a share.
    pub(super) fn add(&mut self, effect: &Effect, log: f64, share: f64) {
        let known = self.sets[..self.used]
            .iter()
            .position(|(set, ..)| *set == effect.toward);
        let Some(at) = known.or_else(|| {
            (self.used < Tilt::SETS).then(|| {
                self.sets[self.used].0 = effect.toward;
                self.used += 1;
                self.used - 1
            })
        }) else {
            return;
        };
        let (_, total, strongest) = &mut self.sets[at];
        if log.abs() > strongest.abs() {
            *total += log - *strongest * (1.0 - share);
            *strongest = log;
        } else {
            *total += log * share;
        }
    }

    /// Does it change nothing?
    pub fn is_nothing(&self) -> bool {
        self.sets[..self.used].iter().all(|(_, log, _)| *log == 0.0)
    }

    /// The logarithm of what the odds of an outcome are multiplied by.
    pub fn log(&self, outcome: usize) -> f64 {
        let sets = self.sets[..self.used].iter();
        sets.filter(|(set, ..)| set.has(outcome))
            .map(|(_, log, _)| log)
            .sum()
    }

    /// What the odds of an outcome are multiplied by.
    pub fn factor(&self, outcome: usize) -> f64 {
        self.log(outcome).exp()
    }

    /// The threshold of a first outcome, that the others of a row are left without, once the odds of
    /// all are multiplied: before, it is `threshold`.
    pub fn first_of_two(&self, first: u32, outcome: usize, row: &[u32]) -> u32 {
        let before = probability(first);
        let own = before * self.factor(outcome);
        let others = (1.0 - before) * self.mean(row);
        threshold(own / (own + others).max(f64::MIN_POSITIVE))
    }

    /// The mean factor over the outcomes of a row.
    pub fn mean(&self, row: &[u32]) -> f64 {
        let sets = self.sets[..self.used].iter();
        // Sets of outcomes are few; where they overlap, factors multiply.
        let simple = sets.clone().count() == 1;
        if let (true, Some((set, log, _))) = (simple, self.sets.first()) {
            let inside = share_of(row, |outcome| set.has(outcome));
            return 1.0 + inside * (log.exp() - 1.0);
        }
        let (mut below, mut sum) = (0, 0.0);
        for (outcome, end) in row.iter().enumerate() {
            sum += f64::from(end.saturating_sub(below)) / 4_294_967_296.0 * self.factor(outcome);
            if *end == ALWAYS {
                break;
            }
            below = *end;
        }
        sum
    }

    /// The logarithm whatever the outcome: for odds that have no named outcomes.
    pub fn all(&self) -> f64 {
        self.sets[..self.used].iter().map(|(_, log, _)| log).sum()
    }
}
