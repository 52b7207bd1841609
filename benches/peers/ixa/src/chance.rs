//! Draws from categories.

use ixa::prelude::*;
use ixa::rand::RngExt;
use ixa::rand::rngs::SmallRng;
use ixa::{ContextBase, RngId};

/// Draws that ixa's `sample_weighted` would make too, but from a table built anew at each call.
pub trait ContextChanceExt: ContextBase + ContextRandomExt {
    /// The index of a category drawn with the given probabilities.
    fn sample_category<R: RngId<RngType = SmallRng> + 'static>(
        &self,
        rng_id: R,
        probabilities: &[f64],
    ) -> usize {
        let mut left: f64 = self.sample(rng_id, |rng| rng.random());
        for (index, probability) in probabilities.iter().enumerate() {
            if left < *probability {
                return index;
            }
            left -= probability;
        }
        // Rounding may leave a little over.
        probabilities.len() - 1
    }
}

impl ContextChanceExt for Context {}
