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

/// The index chosen by a word from a row whose choices' odds are multiplied by factors above 0.
pub fn pick_tilted(row: &[u32], word: u32, factor: impl Fn(usize) -> f64) -> usize {
    let (mut below, mut total, mut last) = (0, 0.0, 0);
    for (index, end) in row.iter().enumerate() {
        let own = f64::from(end.saturating_sub(below)) * factor(index);
        total += own;
        if own > 0.0 {
            last = index;
        }
        if *end == ALWAYS {
            break;
        }
        below = *end;
    }
    let wanted = f64::from(word) / 4_294_967_296.0 * total;
    let mut sum = 0.0;
    below = 0;
    for (index, end) in row.iter().enumerate().take(last) {
        sum += f64::from(end.saturating_sub(below)) * factor(index);
        below = *end;
        if wanted < sum {
            return index;
        }
    }
    last
}

/// The share of a row's choices for which something holds.
pub fn share_of(row: &[u32], holds: impl Fn(usize) -> bool) -> f64 {
    let (mut below, mut sum) = (0, 0.0);
    for (index, end) in row.iter().enumerate() {
        if holds(index) {
            sum += f64::from(end.saturating_sub(below)) / 4_294_967_296.0;
        }
        if *end == ALWAYS {
            break;
        }
        below = *end;
    }
    sum
}

/// A probability with its odds multiplied.
pub fn with_odds(probability: f64, factor: f64) -> f64 {
    let changed = probability * factor;
    changed / (changed + 1.0 - probability)
}

/// The index chosen by a word from a row of [`cumulative`] (which ends with [`ALWAYS`]): the first
/// entry above the word.
#[inline]
pub fn pick(row: &[u32], word: u32) -> usize {
    if row.len() <= 8 {
        // Entries rise, so those passed are as many as the position; where to stop cannot be
        // foreseen.
        let passed = |entry: &u32| usize::from((word >= *entry) & (*entry != ALWAYS));
        return row.iter().map(passed).sum();
    }
    // The closing entries stand for certainty, also for the largest word.
    row.partition_point(|entry| *entry <= word && *entry != ALWAYS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tilted_choices_have_the_odds_stated() {
        let row = cumulative(&[0.2, 0.5, 0.0, 0.3]);
        let times = |factors: [f64; 4]| {
            let mut counts = [0.0; 4];
            for word in (0..u32::MAX).step_by(1 << 16) {
                counts[pick_tilted(&row, word, |index| factors[index])] += 1.0 / 65_536.0;
            }
            counts
        };
        for (found, wanted) in [
            (times([1.0; 4]), [0.2, 0.5, 0.0, 0.3]),
            (
                times([3.0, 1.0, 9.0, 1.0]),
                [0.6 / 1.4, 0.5 / 1.4, 0.0, 0.3 / 1.4],
            ),
            (times([0.0, 0.0, 1.0, 1.0]), [0.0, 0.0, 0.0, 1.0]),
        ] {
            for (one, other) in found.iter().zip(wanted) {
                let apart: f64 = one - other;
                assert!(apart.abs() < 1e-3, "{found:?} {wanted:?}");
            }
        }
        // Even odds are the plain choice.
        for word in [0, 1 << 30, 3 << 30, u32::MAX] {
            assert_eq!(pick_tilted(&row, word, |_| 1.0), pick(&row, word));
        }
        assert!((share_of(&row, |index| index != 1) - 0.5).abs() < 1e-9);
        assert!((with_odds(0.2, 4.0) - 0.5).abs() < 1e-12);
    }

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
