//! Summaries of nested runs (klyngede kjøringer): draws of the parameters, in each several seeds,
//! and all of it under several variants.
//!
//! Runs of one draw are more alike than runs of different draws, so the mean is known less well
//! than the number of runs suggests. The Monte Carlo standard error counts draws; where there is
//! only the centre, seeds are what variants have in common.

use super::difference::{Difference, difference};
use super::summary::{Summary, summarise};
use crate::store::Nested;

/// Monte Carlo standard error of the mean of clusters' values, given sum and number of each: how
/// far the clusters' sums lie from what the overall mean makes of their numbers. With equally many
/// values in each it is the standard deviation of the clusters' means over the root of their
/// number. NaN below two clusters with values. Source: Cochran (1977), Sampling techniques, third
/// edition, Wiley, section 6.5 (ratio of cluster totals).
fn error_of_mean(clusters: &[(f64, usize)]) -> f64 {
    let there: Vec<&(f64, usize)> = clusters.iter().filter(|(_, count)| *count > 0).collect();
    let number = there.len() as f64;
    if number < 2.0 {
        return f64::NAN;
    }
    let values: f64 = there.iter().map(|(_, count)| *count as f64).sum();
    let mean = there.iter().map(|(sum, _)| sum).sum::<f64>() / values;
    let squares: f64 = there
        .iter()
        .map(|(sum, count)| (sum - mean * *count as f64).powi(2))
        .sum();
    (squares * number / (number - 1.0)).sqrt() / values
}

/// Monte Carlo standard error of the mean of values, of which those with the same mark stand or
/// fall together; NaN is no value.
pub fn clustered(values: &[f64], marks: &[u64]) -> f64 {
    let mut own: Vec<u64> = marks.to_vec();
    own.sort_unstable();
    own.dedup();
    let mut clusters = vec![(0.0, 0); own.len()];
    for (value, mark) in values
        .iter()
        .zip(marks)
        .filter(|(value, _)| !value.is_nan())
    {
        if let Ok(at) = own.binary_search(mark) {
            clusters[at].0 += value;
            clusters[at].1 += 1;
        }
    }
    error_of_mean(&clusters)
}

/// The marks of nested values: the draw, or the seed where there is one draw only; nothing where
/// every run stands alone.
fn marks(nested: Nested<'_>) -> Option<Vec<u64>> {
    let Nested {
        variants,
        draws,
        seeds,
        ..
    } = nested;
    if draws < 2 && variants < 2 {
        return None;
    }
    let mark = |at: usize| match draws {
        0 | 1 => at % seeds,
        _ => at / seeds % draws,
    };
    let all = 0..variants * draws * seeds;
    Some(all.map(|at| mark(at) as u64).collect())
}

/// Summarises nested values: all runs together, with the standard error that their clusters leave.
pub fn summarise_nested(nested: Nested<'_>) -> Summary {
    let mut values = nested.values.to_vec();
    let summary = summarise(&mut values);
    match marks(nested) {
        None => summary,
        Some(marks) => Summary {
            mcse: clustered(nested.values, &marks),
            ..summary
        },
    }
}

/// Compares nested values of a scenario with those of its base, run by run.
pub fn difference_nested(base: Nested<'_>, scenario: Nested<'_>) -> Difference {
    let pairs = base.values.iter().copied();
    let pairs: Vec<(f64, f64)> = pairs.zip(scenario.values.iter().copied()).collect();
    let mut found = difference(&pairs);
    if let Some(marks) = marks(base) {
        let less: Vec<f64> = pairs.iter().map(|(base, own)| own - base).collect();
        found.summary.mcse = clustered(&less, &marks);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn nested(shape: (usize, usize, usize), values: &[f64]) -> Nested<'_> {
        let (variants, draws, seeds) = shape;
        Nested {
            variants,
            draws,
            seeds,
            values,
        }
    }

    #[test]
    fn draws_count_and_not_runs() {
        // Means of draws 2, 5, 8: variance 9, error sqrt(9 / 3).
        let values = [1.0, 3.0, 4.0, 6.0, 7.0, 9.0];
        let found = summarise_nested(nested((1, 3, 2), &values));
        assert!((found.mcse - 3_f64.sqrt()).abs() < 1e-12);
        assert_eq!((found.mean, found.runs), (5.0, 6));
        // The same numbers as seeds of the centre stand alone.
        let alone = summarise_nested(nested((1, 1, 6), &values));
        assert_eq!(alone, summarise(&mut values.to_vec()));
        // And as two variants of three seeds they stand together two by two.
        let variants = summarise_nested(nested((2, 1, 3), &values));
        let means = [3.5, 5.0, 6.5];
        let expected = summarise(&mut means.to_vec()).mcse;
        assert!((variants.mcse - expected).abs() < 1e-12);
    }

    #[test]
    fn variants_of_a_draw_stand_together() {
        let values = [1.0, 2.0, 4.0, 11.0, 12.0, 14.0];
        let found = summarise_nested(nested((2, 3, 1), &values));
        let expected = summarise(&mut [6.0, 7.0, 9.0]).mcse;
        assert!((found.mcse - expected).abs() < 1e-12);
    }

    #[test]
    fn differences_are_clustered_too_and_holes_left_out() {
        let base = [1.0, 1.0, f64::NAN, 1.0, 1.0, 1.0];
        let more = [2.0, 4.0, 9.0, 5.0, 8.0, f64::NAN];
        let found = difference_nested(nested((1, 3, 2), &base), nested((1, 3, 2), &more));
        assert_eq!((found.summary.runs, found.summary.mean), (4, 3.75));
        // Sums 4, 4, 7 of 2, 1, 1 values around the mean 3.75: residuals -3.5, 0.25, 3.25.
        let expected = (22.875_f64 * 1.5).sqrt() / 4.0;
        assert!((found.summary.mcse - expected).abs() < 1e-12);
        assert!(clustered(&[1.0, 2.0], &[7, 7]).is_nan());
    }

    proptest! {
        #[test]
        fn single_runs_as_clusters_are_plain_runs(
            values in prop::collection::vec(-1e6..1e6_f64, 2..40),
        ) {
            let marks: Vec<u64> = (0..values.len() as u64).collect();
            let plain = summarise(&mut values.clone()).mcse;
            prop_assert!((clustered(&values, &marks) / plain - 1.0).abs() < 1e-6 || plain < 1e-6);
        }

        #[test]
        fn copies_of_a_draw_tell_nothing_new(
            values in prop::collection::vec(-1e6..1e6_f64, 2..20), copies in 2..6_usize,
        ) {
            let repeated: Vec<f64> =
                values.iter().flat_map(|own| std::iter::repeat_n(*own, copies)).collect();
            let found = summarise_nested(nested((1, values.len(), copies), &repeated));
            let plain = summarise(&mut values.clone()).mcse;
            prop_assert!((found.mcse - plain).abs() <= 1e-6 * plain.max(1.0));
        }
    }
}
