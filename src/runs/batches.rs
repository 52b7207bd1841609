//! The work of an ensemble in batches of draws, with a look between them at the precision wished
//! for.

use super::ensemble::{Desk, Ensemble, Halt, Part, whole};
use super::precision::{BATCH, Precision, Wish};
use crate::store::Nested;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

/// What an ensemble gave.
#[derive(Debug)]
pub struct Outcome {
    /// The finished runs: by variant, then by draw, then by seed.
    pub parts: Vec<Part>,
    /// The draws of the results, by their positions.
    pub draws: BTreeSet<usize>,
    /// The seeds of the results.
    pub seeds: BTreeSet<u64>,
    /// What became of the wish.
    pub precision: Option<Precision>,
    /// Was all the work done that was asked for?
    pub is_complete: bool,
}

/// Simulates all draws, or as many as a wish takes. The value wished for is the one that the desk
/// watches.
///
/// # Errors
/// [`Halt`].
pub fn carry_out(
    ensemble: &Ensemble,
    wish: Option<&Wish>,
    desk: Desk<'_>,
) -> Result<Outcome, Halt> {
    let number = ensemble.draws.len();
    let size = if wish.is_some() { BATCH } else { number };
    let (mut parts, mut precision) = (Vec::new(), None);
    for first in (0..number).step_by(size.max(1)) {
        parts.extend(ensemble.simulate(first..(first + size).min(number), desk)?);
        precision = wish.map(|wish| judged(ensemble, wish, &mut parts));
        let is_enough = precision.as_ref().is_some_and(|own| own.reached);
        if is_enough || desk.progress.stop.load(Ordering::Relaxed) {
            break;
        }
    }
    let (draws, seeds) = whole(ensemble, &mut parts);
    let wanted = (number, ensemble.seeds() as usize);
    let is_enough = precision.as_ref().is_some_and(|own| own.reached);
    Ok(Outcome {
        is_complete: is_enough || (draws.len(), seeds.len()) == wanted,
        parts,
        draws,
        seeds,
        precision,
    })
}

/// How a wish stands after the draws that are whole.
fn judged(ensemble: &Ensemble, wish: &Wish, parts: &mut Vec<Part>) -> Precision {
    let (draws, seeds) = whole(ensemble, parts);
    let values = parts.iter().flat_map(|part| part.watched.iter().copied());
    wish.judged(Nested {
        variants: ensemble.variants.len(),
        draws: draws.len(),
        seeds: seeds.len(),
        values: &values.collect::<Vec<f64>>(),
    })
}
