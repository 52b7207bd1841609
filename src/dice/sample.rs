//! From probabilities to integer thresholds, and from one word to a choice.
//!
//! The engine compares integers only, so that its branches are the same on every machine.

/// The threshold of an impossible event.
pub const NEVER: u32 = 0;
/// The threshold of a certain event (one word in 2^32 still says no; see [`threshold`]).
pub const ALWAYS: u32 = u32::MAX;

/// The threshold below which a word means "yes", for a probability in 0..=1.
///
/// Resolution 2^-32, so a probability of exactly 1 is short by 2.3e-10.
pub fn threshold(probability: f64) -> u32 {
    (probability.clamp(0.0, 1.0) * 4_294_967_296.0)
        .round()
        .min(4_294_967_295.0) as u32
}

/// The probability that a threshold stands for.
pub fn probability(threshold: u32) -> f64 {
    f64::from(threshold) / 4_294_967_296.0
}

/// A cumulative row of thresholds for a choice with these weights (any positive sum).
///
/// The last entry is [`ALWAYS`], so [`pick`] always finds one. Weights that sum to zero give
/// the first choice.
pub fn cumulative(weights: &[f64]) -> Vec<u32> {
    let total: f64 = weights.iter().sum();
    let mut sum = 0.0;
    let mut row: Vec<u32> = weights
        .iter()
        .map(|weight| {
            sum += weight;
            if total > 0.0 {
                threshold(sum / total)
            } else {
                ALWAYS
            }
        })
        .collect();
    // Trailing choices with no weight must stay unreachable, so close the row at the last real one.
    let last = weights.iter().rposition(|w| *w > 0.0).unwrap_or(0);
    for entry in row.iter_mut().skip(last) {
        *entry = ALWAYS;
    }
    row
}

/// The index chosen by a word from a row of [`cumulative`] (which ends with [`ALWAYS`]): the first
/// entry above the word.
#[inline]
pub fn pick(row: &[u32], word: u32) -> usize {
    if row.len() <= 8 {
        let mut index = 0;
        while word >= row[index] && row[index] != ALWAYS {
            index += 1;
        }
        return index;
    }
    // The closing entries stand for certainty, also for the largest word.
    row.partition_point(|entry| *entry <= word && *entry != ALWAYS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn thresholds_span_the_range() {
        assert_eq!(threshold(0.0), NEVER);
        assert_eq!(threshold(1.0), ALWAYS);
        assert_eq!(threshold(0.5), 1 << 31);
        assert!((probability(threshold(0.0123)) - 0.0123).abs() < 1e-9);
    }

    #[test]
    fn choices_without_weight_are_never_picked() {
        let row = cumulative(&[0.0, 2.0, 0.0, 1.0, 0.0]);
        for word in (0..=u32::MAX).step_by(65_521) {
            assert!(matches!(pick(&row, word), 1 | 3));
        }
        assert_eq!(pick(&row, u32::MAX), 3);
        assert_eq!(pick(&row, 0), 1);
    }

    proptest! {
        #[test]
        fn picking_is_the_inverse_of_the_cumulative_row(
            weights in prop::collection::vec(0.0f64..5.0, 1..40), word: u32
        ) {
            prop_assume!(weights.iter().sum::<f64>() > 0.0);
            let row = cumulative(&weights);
            let chosen = pick(&row, word);
            prop_assert!(weights[chosen] > 0.0);
            prop_assert!(word <= row[chosen]);
            prop_assert!(chosen == 0 || word >= row[chosen - 1] || weights[chosen] > 0.0);
        }
    }
}
