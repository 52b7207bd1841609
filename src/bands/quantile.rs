//! Quantiles of a sample.

/// The quantile of a sample at probability `p`, in the unit of the sample: type 7 of Hyndman and
/// Fan (1996), Sample quantiles in statistical packages, The American Statistician 50(4), 361-365,
/// doi 10.1080/00031305.1996.10473566; the default of R and NumPy.
///
/// With the positions of the sorted values numbered from 0 to n - 1, it is the value at position
/// (n - 1) p, on the straight line between the two neighbouring values.
///
/// The values must be sorted from least to greatest, without NaN. A `p` outside 0 to 1 counts as
/// the nearest of the two. The result lies between the least and the greatest value and never
/// falls as `p` rises; it is NaN when there are no values or `p` is NaN.
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    if sorted.is_empty() || p.is_nan() {
        return f64::NAN;
    }
    let last = sorted.len() - 1;
    let position = last as f64 * p.clamp(0.0, 1.0);
    let below = position.floor() as usize;
    let part = position - below as f64;
    if part == 0.0 {
        return sorted[below];
    }
    let (low, high) = (sorted[below], sorted[below + 1]);
    // Rounding can carry the sum a hair above the upper neighbour.
    (low + part * (high - low)).min(high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_line_between_neighbours_is_followed() {
        let sample = [1.0, 2.0, 4.0, 8.0];
        for (p, expected) in [
            (0.0, 1.0),
            (0.25, 1.75),
            (0.5, 3.0),
            (0.75, 5.0),
            (0.9, 6.8),
            (1.0, 8.0),
        ] {
            let found: f64 = quantile(&sample, p);
            assert!(
                (found - expected).abs() < 1e-12,
                "p = {p}: {found} is not {expected}"
            );
        }
    }

    #[test]
    fn equally_spaced_values_give_the_probability_itself() {
        let sample: Vec<f64> = (0..=1000).map(|i| f64::from(i) / 1000.0).collect();
        for p in [0.0, 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 1.0] {
            assert!((quantile(&sample, p) - p).abs() < 1e-12, "p = {p}");
        }
    }

    #[test]
    fn short_samples_and_odd_probabilities_have_an_answer() {
        assert!(quantile(&[], 0.5).is_nan());
        assert!(quantile(&[1.0], f64::NAN).is_nan());
        assert_eq!(quantile(&[3.0], 0.025), 3.0);
        assert_eq!(quantile(&[3.0, 5.0], -1.0), 3.0);
        assert_eq!(quantile(&[3.0, 5.0], 2.0), 5.0);
    }

    fn sample() -> impl Strategy<Value = Vec<f64>> {
        let value = prop_oneof![prop::num::f64::NORMAL, -1e6..1e6_f64, Just(0.1)];
        prop::collection::vec(value, 1..60).prop_map(|mut values| {
            values.sort_by(f64::total_cmp);
            values
        })
    }

    proptest! {
        #[test]
        fn bounded_by_the_sample(sorted in sample(), p in 0.0..=1.0) {
            let found = quantile(&sorted, p);
            prop_assert!(sorted[0] <= found && found <= sorted[sorted.len() - 1]);
        }

        #[test]
        fn rises_with_the_probability(sorted in sample(), p in 0.0..=1.0, q in 0.0..=1.0) {
            let (p, q) = if p <= q { (p, q) } else { (q, p) };
            prop_assert!(quantile(&sorted, p) <= quantile(&sorted, q));
        }

        #[test]
        fn at_the_places_of_the_values_it_is_the_value(sorted in sample()) {
            prop_assert_eq!(quantile(&sorted, 0.0), sorted[0]);
            prop_assert_eq!(quantile(&sorted, 1.0), sorted[sorted.len() - 1]);
            if sorted.len() % 2 == 1 {
                prop_assert_eq!(quantile(&sorted, 0.5), sorted[sorted.len() / 2]);
            }
        }
    }
}
