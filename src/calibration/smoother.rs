//! An ensemble smoother with multiple data assimilation (ensembleglatter).
//!
//! A cloud of points in the space of the free parameters' scores is moved towards the targets in
//! a few steps, each with the targets' errors inflated so that together they weigh as much as the
//! targets once (Emerick and Reynolds 2013, Computers & Geosciences 55). Every point is moved by
//! the regression of scores on the model's values over the whole cloud, with the targets perturbed
//! by their errors, so that what the cloud spreads over at the end is a posterior sample.
//!
//! A cloud of a few hundred points shows correlations where there are none. Covariances between
//! scores and values are therefore tapered: dropped where the correlation is within three of its
//! standard errors of zero, and above that multiplied by the factor that makes their expected
//! squared error smallest (Furrer and Bengtsson 2007, Journal of Multivariate Analysis 98).

use nalgebra::{Cholesky, DMatrix};

/// Correlations within this many standard errors (one over the root of the members) of zero are
/// taken for chance.
const CHANCE: f64 = 3.0;

/// What the smoother is given of one step: members in columns.
#[derive(Clone, Debug)]
pub struct Assimilation<'a> {
    /// Scores: free parameters x members.
    pub scores: &'a DMatrix<f64>,
    /// The model's values in units of the targets' errors: targets x members.
    pub values: &'a DMatrix<f64>,
    /// What each member's values are to be held against, in the same units: targets x members.
    pub wanted: &'a DMatrix<f64>,
    /// Standard normal numbers: targets x members.
    pub noise: &'a DMatrix<f64>,
    /// By how much the error variance of the targets is inflated in this step.
    pub inflation: f64,
}

/// The members' scores after a step; `None` if the values' covariance cannot be factored, which
/// takes a value that is not a number.
pub fn assimilate(step: &Assimilation<'_>) -> Option<DMatrix<f64>> {
    let members = step.scores.ncols();
    if members < 3 {
        return None;
    }
    let scores = anomalies(step.scores);
    let values = anomalies(step.values);
    let freedom = (members - 1) as f64;
    let mut within = &values * values.transpose() / freedom;
    for target in 0..within.nrows() {
        within[(target, target)] += step.inflation;
    }
    let mut across = &scores * values.transpose() / freedom;
    taper(&mut across, &scores, &values);
    let mut missed = step.wanted - step.values;
    for (miss, noise) in missed.iter_mut().zip(step.noise.iter()) {
        // A bound that is kept asks for nothing.
        if *miss != 0.0 {
            *miss += step.inflation.sqrt() * noise;
        }
    }
    let solved = Cholesky::new(within)?.solve(&missed);
    Some(step.scores + across * solved)
}

/// Deviations from the mean over members.
fn anomalies(of: &DMatrix<f64>) -> DMatrix<f64> {
    let mut deviations = of.clone();
    for mut row in deviations.row_iter_mut() {
        let mean = row.mean();
        row.add_scalar_mut(-mean);
    }
    deviations
}

/// Weakens what may be chance in the covariances of scores with values.
fn taper(across: &mut DMatrix<f64>, scores: &DMatrix<f64>, values: &DMatrix<f64>) {
    let members = scores.ncols() as f64;
    let spread = |rows: &DMatrix<f64>| -> Vec<f64> {
        let of_row = |row: usize| (rows.row(row).norm_squared() / (members - 1.0)).sqrt();
        (0..rows.nrows()).map(of_row).collect()
    };
    let (of_scores, of_values) = (spread(scores), spread(values));
    for row in 0..across.nrows() {
        for column in 0..across.ncols() {
            let scale = of_scores[row] * of_values[column];
            let correlation = match scale > 0.0 {
                true => across[(row, column)] / scale,
                false => 0.0,
            };
            across[(row, column)] *= weight(correlation, members);
        }
    }
}

/// The factor on a covariance with this sample correlation among so many members.
fn weight(correlation: f64, members: f64) -> f64 {
    if correlation.abs() < CHANCE / members.sqrt() {
        return 0.0;
    }
    let square = correlation * correlation;
    square / (square + (1.0 + square) / members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::philox::Stream;
    use rand_distr::{Distribution, StandardNormal};

    fn normals(rows: usize, columns: usize, seed: u32) -> DMatrix<f64> {
        let mut dice = Stream::new([seed, 7], Default::default());
        DMatrix::from_fn(rows, columns, |_, _| StandardNormal.sample(&mut dice))
    }

    /// A linear model with one target has a posterior in closed form.
    #[test]
    fn a_linear_model_gets_its_exact_posterior() {
        let members = 4000;
        let mut scores = normals(3, members, 1);
        let (steps, wanted, error) = (4, 2.0, 0.5);
        for step in 0..steps {
            // The value is the first score plus twice the second; the third has no part in it.
            let values = DMatrix::from_fn(1, members, |_, m| {
                (scores[(0, m)] + 2.0 * scores[(1, m)]) / error
            });
            let noise = normals(1, members, 10 + step);
            let all = DMatrix::from_element(1, members, wanted / error);
            scores = assimilate(&Assimilation {
                scores: &scores,
                values: &values,
                wanted: &all,
                noise: &noise,
                inflation: f64::from(steps),
            })
            .unwrap();
        }
        // Posterior mean of w = (1, 2, 0): w (w'w + error^2)^-1 wanted.
        let weight = wanted / (5.0 + error * error);
        for (row, slope) in [1.0, 2.0, 0.0].into_iter().enumerate() {
            let mean = scores.row(row).mean();
            let variance = scores.row(row).variance();
            let exact = 1.0 - slope * slope / (5.0 + error * error);
            assert!((mean - slope * weight).abs() < 0.05, "mean {row}: {mean}");
            assert!(
                (variance - exact).abs() < 0.08,
                "variance {row}: {variance} {exact}"
            );
        }
    }

    /// Targets that depend on nothing must not narrow anything.
    #[test]
    fn chance_correlations_move_nothing() {
        let members = 200;
        let scores = normals(50, members, 3);
        let values = normals(40, members, 4);
        let wanted = DMatrix::from_element(40, members, 1.0);
        let noise = normals(40, members, 5);
        let after = assimilate(&Assimilation {
            scores: &scores,
            values: &values,
            wanted: &wanted,
            noise: &noise,
            inflation: 1.0,
        })
        .unwrap();
        let variance = |of: &DMatrix<f64>| {
            of.row_iter().map(|row| row.variance()).sum::<f64>() / of.nrows() as f64
        };
        let kept = variance(&after) / variance(&scores);
        assert!((0.97..1.03).contains(&kept), "{kept}");
    }

    #[test]
    fn a_kept_bound_asks_for_nothing() {
        let scores = normals(2, 100, 6);
        let values = scores.rows(0, 1).into_owned();
        let wanted = values.clone();
        let noise = normals(1, 100, 7);
        let after = assimilate(&Assimilation {
            scores: &scores,
            values: &values,
            wanted: &wanted,
            noise: &noise,
            inflation: 1.0,
        });
        assert_eq!(after, Some(scores));
    }

    #[test]
    fn weak_correlations_are_dropped_and_strong_ones_kept() {
        assert_eq!(weight(0.1, 400.0), 0.0);
        assert!(weight(0.9, 400.0) > 0.99);
        assert!(weight(0.2, 400.0) < weight(0.4, 400.0));
    }
}
