//! The summary of one number over many runs.

use super::quantile::quantile;

/// The quantiles of a summary, with the names they have in outputs and their probabilities.
pub const QUANTILES: [(&str, f64); 7] = [
    ("p025", 0.025),
    ("p10", 0.10),
    ("p25", 0.25),
    ("p50", 0.50),
    ("p75", 0.75),
    ("p90", 0.90),
    ("p975", 0.975),
];

/// What many runs say about one number. All fields but `runs` are in the unit of that number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Mean over the runs; NaN without runs.
    pub mean: f64,
    /// Standard deviation between runs, with n - 1 in the denominator; NaN below two runs.
    pub sd: f64,
    /// Monte Carlo standard error of the mean, sd / sqrt(n); NaN below two runs. Source: Morris,
    /// White and Crowther (2019), Using simulation studies to evaluate statistical methods,
    /// Statistics in Medicine 38(11), 2074-2102, doi 10.1002/sim.8086.
    pub mcse: f64,
    /// The quantiles in the order of [`QUANTILES`], by [`quantile`]; NaN without runs.
    pub quantiles: [f64; 7],
    /// The number of runs that gave a value; a run that gave NaN is left out of everything.
    pub runs: usize,
}

impl Summary {
    /// The median.
    pub fn median(&self) -> f64 {
        self.quantiles[3]
    }

    /// The middle half of the runs: their 25 % and 75 % quantiles.
    pub fn middle_50(&self) -> (f64, f64) {
        (self.quantiles[2], self.quantiles[4])
    }

    /// The middle 80 % of the runs: their 10 % and 90 % quantiles.
    pub fn middle_80(&self) -> (f64, f64) {
        (self.quantiles[1], self.quantiles[5])
    }

    /// The middle 95 % of the runs: their 2.5 % and 97.5 % quantiles.
    pub fn middle_95(&self) -> (f64, f64) {
        (self.quantiles[0], self.quantiles[6])
    }
}

/// Summarises the values that the runs gave for one number; they must be finite or NaN.
///
/// The values are left sorted. Everything is computed from the sorted values, so their order makes
/// no difference, bit for bit. NaN means that a run gave no value. Equal values have exactly that
/// mean and a standard deviation of exactly 0.
pub fn summarise(values: &mut [f64]) -> Summary {
    values.sort_unstable_by(f64::total_cmp);
    let sorted = without_nan(values);
    let n = sorted.len() as f64;
    let mean = mean_of(sorted);
    let sd = deviation_of(sorted, mean);
    Summary {
        mean,
        sd,
        mcse: sd / n.sqrt(),
        quantiles: QUANTILES.map(|(_, p)| quantile(sorted, p)),
        runs: sorted.len(),
    }
}

/// The part of the sorted values that holds no NaN. The total order puts negative NaN first and
/// positive NaN last.
fn without_nan(sorted: &[f64]) -> &[f64] {
    let start = sorted.partition_point(|value| value.is_nan() && value.is_sign_negative());
    let end = sorted.partition_point(|value| !value.is_nan() || value.is_sign_negative());
    &sorted[start..end]
}

/// The mean, added up as distances from the least value so that equal values have exactly that
/// mean.
fn mean_of(sorted: &[f64]) -> f64 {
    let Some(least) = sorted.first() else {
        return f64::NAN;
    };
    let distance: f64 = sorted.iter().map(|value| value - least).sum();
    least + distance / sorted.len() as f64
}

/// The standard deviation around the mean, with n - 1 in the denominator; NaN below two values.
fn deviation_of(sorted: &[f64], mean: f64) -> f64 {
    if sorted.len() < 2 {
        return f64::NAN;
    }
    let squares: f64 = sorted.iter().map(|value| (value - mean).powi(2)).sum();
    (squares / (sorted.len() - 1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_to_hundred_have_the_textbook_summary() {
        let mut values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        let found = summarise(&mut values);
        assert_eq!(found.mean, 50.5);
        // The variance of 1..n with n - 1 in the denominator is n (n + 1) / 12.
        let sd = (100.0_f64 * 101.0 / 12.0).sqrt();
        assert!((found.sd - sd).abs() < 1e-12);
        assert!((found.mcse - sd / 10.0).abs() < 1e-12);
        for ((name, p), quantile) in QUANTILES.into_iter().zip(found.quantiles) {
            assert!((quantile - (1.0 + 99.0 * p)).abs() < 1e-12, "{name}");
        }
        assert_eq!(found.runs, 100);
        assert_eq!(found.median(), 50.5);
        assert_eq!(found.middle_50(), (25.75, 75.25));
        assert_eq!(found.middle_80(), (found.quantiles[1], found.quantiles[5]));
        assert_eq!(found.middle_95(), (found.quantiles[0], found.quantiles[6]));
    }

    #[test]
    fn nan_is_no_run() {
        let with = summarise(&mut [f64::NAN, 2.0, -f64::NAN, 4.0, f64::NAN]);
        assert_eq!(with, summarise(&mut [4.0, 2.0]));
        assert_eq!((with.runs, with.mean), (2, 3.0));
    }

    #[test]
    fn one_run_has_no_spread_and_none_has_nothing() {
        let one = summarise(&mut [7.5]);
        assert_eq!((one.mean, one.runs, one.quantiles), (7.5, 1, [7.5; 7]));
        assert!(one.sd.is_nan() && one.mcse.is_nan());
        for mut values in [vec![], vec![f64::NAN, -f64::NAN]] {
            let none = summarise(&mut values);
            assert_eq!(none.runs, 0);
            assert!(none.mean.is_nan() && none.sd.is_nan() && none.mcse.is_nan());
            assert!(none.quantiles.iter().all(|quantile| quantile.is_nan()));
        }
    }

    proptest! {
        #[test]
        fn equal_values_do_not_spread(value in -1e9..1e9_f64, runs in 2..50_usize) {
            let found = summarise(&mut vec![value; runs]);
            prop_assert_eq!(found, Summary {
                mean: value,
                sd: 0.0,
                mcse: 0.0,
                quantiles: [value; 7],
                runs,
            });
        }

        #[test]
        fn quantiles_rise_and_the_mean_is_among_the_values(
            mut values in prop::collection::vec(-1e9..1e9_f64, 1..60),
        ) {
            let found = summarise(&mut values);
            let (least, greatest) = (values[0], values[values.len() - 1]);
            prop_assert!(found.quantiles.is_sorted());
            prop_assert!(least <= found.quantiles[0] && found.quantiles[6] <= greatest);
            prop_assert!(least <= found.mean && found.mean <= greatest + 1e-6);
        }
    }
}
