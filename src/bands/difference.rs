//! Paired differences (parvise forskjeller): a scenario less the base, seed by seed.
//!
//! A scenario and its base throw the same dice, so most of the chance between runs falls out of
//! the difference of two runs of one seed. How much, is the variance ratio: so many times more
//! runs would be needed for the same precision if scenario and base were run with dice of their
//! own.

use super::summary::{Summary, summarise};
use crate::tallies::{Layout, RunValues};
use rayon::prelude::*;

/// Cells compared by one thread before it looks for more work; has no effect on the result.
const CELLS_AT_A_TIME: usize = 256;

/// What many pairs of runs say about one difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The differences, scenario less base.
    pub summary: Summary,
    /// Share of the pairs in which the difference is positive, 0 to 1; ties count half; NaN
    /// without pairs.
    pub p_positive: f64,
    /// Variance of the base plus variance of the scenario, over the variance of the difference;
    /// NaN where the difference has none or there are fewer than two pairs.
    pub variance_ratio: f64,
}

/// Compares pairs of values, base and scenario; a pair with a NaN in it is left out.
///
/// The order of the pairs makes no difference, bit for bit.
pub fn difference(pairs: &[(f64, f64)]) -> Difference {
    let whole = pairs
        .iter()
        .filter(|(base, scenario)| !base.is_nan() && !scenario.is_nan());
    let (mut base, mut scenario, mut less) = (Vec::new(), Vec::new(), Vec::new());
    for (one, other) in whole {
        base.push(*one);
        scenario.push(*other);
        less.push(other - one);
    }
    let summary = summarise(&mut less);
    let apart = summarise(&mut base).sd.powi(2) + summarise(&mut scenario).sd.powi(2);
    let variance = summary.sd.powi(2);
    Difference {
        summary,
        p_positive: positive(&less),
        variance_ratio: if variance > 0.0 {
            apart / variance
        } else {
            f64::NAN
        },
    }
}

/// Share of numbers above 0, those equal to it counting half; NaN without numbers.
pub fn positive(numbers: &[f64]) -> f64 {
    let one = |number: &f64| match number {
        number if *number > 0.0 => 2_u32,
        number if *number == 0.0 => 1,
        _ => 0,
    };
    let halves: u32 = numbers.iter().map(one).sum();
    f64::from(halves) / 2.0 / numbers.len() as f64
}

/// The differences of one scenario from the base, for each output cell and year.
#[derive(Clone, Debug)]
pub struct Differences {
    /// The scenario's name.
    pub scenario: String,
    /// The years and output cells.
    pub layout: Layout,
    /// One by year, then by cell, addressed by [`Layout::index`].
    pub rows: Vec<Difference>,
}

impl Differences {
    /// Compares the runs of a scenario with those of the base; only seeds that both have are
    /// compared.
    pub fn of(
        scenario: &str,
        layout: Layout,
        base: &[RunValues],
        runs: &[RunValues],
    ) -> Differences {
        let pairs: Vec<(&RunValues, &RunValues)> = base
            .iter()
            .filter_map(|one| Some((one, runs.iter().find(|run| run.seed == one.seed)?)))
            .collect();
        let rows = (0..layout.years.len() * layout.cells.len())
            .into_par_iter()
            .with_min_len(CELLS_AT_A_TIME)
            .map(|index| {
                let value = |run: &RunValues| run.values.get(index).copied().unwrap_or(f64::NAN);
                let values: Vec<(f64, f64)> = pairs
                    .iter()
                    .map(|(one, other)| (value(one), value(other)))
                    .collect();
                difference(&values)
            })
            .collect();
        Differences {
            scenario: scenario.to_string(),
            layout,
            rows,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_answer_by_hand() {
        let found = difference(&[(10.0, 13.0), (20.0, 21.0), (30.0, 30.0), (40.0, 38.0)]);
        // Differences 3, 1, 0, -2: mean 0.5, variance 13 / 3.
        assert_eq!(found.summary.mean, 0.5);
        assert!((found.summary.sd.powi(2) - 13.0 / 3.0).abs() < 1e-12);
        assert!((found.summary.mcse - found.summary.sd / 2.0).abs() < 1e-12);
        // Two above, one equal.
        assert_eq!(found.p_positive, 0.625);
        // Variance of 10, 20, 30, 40 is 500 / 3; of 13, 21, 30, 38 it is 353 / 3.
        assert!((found.variance_ratio - (500.0 + 353.0) / 13.0).abs() < 1e-9);
    }

    #[test]
    fn equal_runs_differ_by_nothing() {
        let found = difference(&[(1.0, 1.0), (2.0, 2.0), (5.0, 5.0)]);
        assert_eq!(
            (found.summary.mean, found.summary.sd, found.p_positive),
            (0.0, 0.0, 0.5)
        );
        assert!(found.variance_ratio.is_nan());
    }

    #[test]
    fn what_has_no_pair_is_left_out() {
        let found = difference(&[(f64::NAN, 3.0), (1.0, f64::NAN), (2.0, 5.0)]);
        assert_eq!((found.summary.runs, found.summary.mean), (1, 3.0));
        assert!(found.variance_ratio.is_nan());
        assert!(difference(&[]).p_positive.is_nan());
        let layout = Layout {
            years: vec![2025],
            cells: vec![crate::tallies::OutputCell {
                profession: "nurse".into(),
                grade: "all".into(),
                sector: "all".into(),
                zone: "all".into(),
                from: "all".into(),
                measure: "persons".into(),
                unit: "persons",
            }],
        };
        let run = |seed, value| RunValues {
            seed,
            values: vec![value],
        };
        let base = [run(1, 10.0), run(2, 20.0)];
        let found = Differences::of("more", layout, &base, &[run(3, 0.0), run(2, 21.0)]);
        assert_eq!(found.rows[0].summary.runs, 1);
        assert_eq!(found.rows[0].summary.mean, 1.0);
    }

    #[test]
    fn the_ratio_of_unpaired_runs_is_near_one() {
        // An orthogonal design: base and scenario vary independently of each other.
        let pairs: Vec<(f64, f64)> = (0..400)
            .map(|n| (f64::from(n % 20), f64::from(n / 20)))
            .collect();
        assert!((difference(&pairs).variance_ratio - 1.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn the_two_ways_round_mirror_each_other(
            pairs in prop::collection::vec((-1e6..1e6_f64, -1e6..1e6_f64), 2..40),
        ) {
            let one = difference(&pairs);
            let turned: Vec<(f64, f64)> = pairs.iter().map(|(a, b)| (*b, *a)).collect();
            let other = difference(&turned);
            prop_assert!((one.summary.mean + other.summary.mean).abs() < 1e-6);
            prop_assert!((one.p_positive + other.p_positive - 1.0).abs() < 1e-12);
            prop_assert!((one.variance_ratio / other.variance_ratio - 1.0).abs() < 1e-6);
            prop_assert!(one.variance_ratio >= 0.5 - 1e-9);
        }

        #[test]
        fn the_order_of_pairs_makes_no_difference(
            (pairs, shuffled) in prop::collection::vec((-1e6..1e6_f64, -1e6..1e6_f64), 2..40)
                .prop_flat_map(|pairs| (Just(pairs.clone()), Just(pairs).prop_shuffle())),
        ) {
            prop_assert_eq!(difference(&pairs), difference(&shuffled));
        }

        #[test]
        fn a_shift_is_found_without_error(
            base in prop::collection::vec(-1000_i32..1000, 2..40), shift in -50_i32..50,
        ) {
            let pairs: Vec<(f64, f64)> =
                base.iter().map(|n| (f64::from(*n), f64::from(n + shift))).collect();
            let found = difference(&pairs);
            prop_assert_eq!((found.summary.mean, found.summary.sd), (f64::from(shift), 0.0));
        }
    }
}
