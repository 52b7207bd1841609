//! The work of an ensemble in batches of draws, with a look between them at the precision wished
//! for.

use super::ensemble::{Desk, Ensemble, Failure, Halt, Part, watched, whole};
use super::precision::{BATCH, Precision, Wish};
use super::units::Unit;
use crate::store::Nested;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

/// What an ensemble gave.
#[derive(Debug)]
pub struct Outcome {
    /// The draws of the results, by their positions.
    pub draws: BTreeSet<usize>,
    /// The seeds of the results.
    pub seeds: BTreeSet<u64>,
    /// What became of the wish.
    pub precision: Option<Precision>,
    /// Was all the work done that was asked for?
    pub is_complete: bool,
    /// The share of the runs that was simulated now, and not taken up.
    pub fresh: f64,
    /// Units that could not be done.
    pub failures: Vec<Failure>,
}

impl Outcome {
    /// Is there nothing to make results of?
    pub fn is_empty(&self) -> bool {
        self.draws.is_empty() || self.seeds.is_empty()
    }
}

/// What there is to do, and what is done already.
#[derive(Clone, Debug, Default)]
pub struct Todo {
    /// What is in the store before the work begins.
    pub there: Vec<Part>,
    /// What is to be simulated.
    pub units: Vec<Unit>,
}

impl Todo {
    /// Everything, from the beginning.
    pub fn all(ensemble: &Ensemble) -> Todo {
        Todo {
            there: Vec::new(),
            units: ensemble.extent().units(1),
        }
    }
}

/// Simulates what there is to do, or as many draws as a wish takes. The value wished for is the
/// one that the desk watches.
///
/// # Errors
/// [`Halt`].
pub fn carry_out(
    ensemble: &Ensemble,
    wish: Option<&Wish>,
    todo: Todo,
    desk: Desk<'_>,
) -> Result<Outcome, Halt> {
    let number = ensemble.draws.len();
    let size = if wish.is_some() { BATCH } else { number };
    let (mut precision, mut failures, mut fresh) = (None, Vec::new(), 0);
    // With a wish, what was done of later draws has its turn when they have.
    let (mut parts, mut later) = (Vec::new(), todo.there);
    let mut left = todo.units;
    for first in (0..number).step_by(size.max(1)) {
        let batch = first..(first + size).min(number);
        let (own, rest) = later
            .into_iter()
            .partition(|part| batch.contains(&part.draw));
        (later, _) = (rest, parts.extend::<Vec<Part>>(own));
        let (own, rest) = left
            .into_iter()
            .partition(|unit| batch.contains(&unit.draw));
        left = rest;
        let (done, failed) = ensemble.simulate(own, desk)?;
        fresh += seeds_of(&done);
        parts.extend(done);
        failures.extend(failed);
        precision = wish.map(|wish| judged(ensemble, wish, &parts));
        let is_enough = precision.as_ref().is_some_and(|own| own.reached);
        if is_enough || desk.progress.stop.load(Ordering::Relaxed) {
            break;
        }
    }
    let (draws, seeds) = whole(ensemble, &parts);
    let wanted = (number, ensemble.seeds() as usize);
    let is_enough = precision.as_ref().is_some_and(|own| own.reached);
    Ok(Outcome {
        is_complete: is_enough || (draws.len(), seeds.len()) == wanted,
        fresh: fresh as f64 / seeds_of(&parts).max(1) as f64,
        draws,
        seeds,
        precision,
        failures,
    })
}

fn seeds_of(parts: &[Part]) -> usize {
    parts.iter().map(|part| part.seeds.len()).sum()
}

/// How a wish stands after the draws that are whole.
fn judged(ensemble: &Ensemble, wish: &Wish, parts: &[Part]) -> Precision {
    let (draws, seeds) = whole(ensemble, parts);
    wish.judged(Nested {
        variants: ensemble.variants.len(),
        draws: draws.len(),
        seeds: seeds.len(),
        values: &watched(parts, &draws, &seeds),
    })
}
