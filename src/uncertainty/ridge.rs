//! Ridge regression (ridgeregresjon) with the penalty chosen by generalised cross-validation.
//!
//! Source: Golub, Heath and Wahba (1979), Generalized cross-validation as a method for choosing a
//! good ridge parameter, Technometrics 21(2), 215-223, doi 10.1080/00401706.1979.10489751. Each
//! degree of freedom counts 1.4 times, which keeps the criterion from choosing too little penalty
//! in small samples: Kim and Gu (2004), Smoothing spline Gaussian regression: more scalable
//! computation via efficient approximation, Journal of the Royal Statistical Society B 66(2),
//! 337-356, doi 10.1046/j.1369-7412.2003.05316.x.

use super::nested::mean;
use super::polynomial::dot;
use nalgebra::{DMatrix, SymmetricEigen};

/// By how much a degree of freedom counts.
const WEIGHT: f64 = 1.4;

/// Directions with less than this share of the strongest one's strength are dropped.
const NOTHING: f64 = 1e-10;

/// Powers of ten, relative to the strongest direction, between which the penalty is sought, and
/// steps for each of them.
const POWERS: std::ops::RangeInclusive<i32> = -24..=12;
const STEPS: f64 = 4.0;

/// The directions in which the columns of a regression vary.
pub(super) struct Ridge {
    /// Orthonormal directions over the draws.
    pub directions: Vec<Vec<f64>>,
    /// Squared length of the columns along each.
    strengths: Vec<f64>,
}

/// A fitted regression.
pub(super) struct Fit {
    /// Mean of the response.
    pub mean: f64,
    /// The response along each direction, as it is.
    pub plain: Vec<f64>,
    /// The share of it that the penalty leaves.
    pub kept: Vec<f64>,
    /// Variance of what is not fitted.
    pub residual: f64,
}

impl Ridge {
    /// Takes columns that are centred over the draws.
    pub fn of(columns: &[Vec<f64>]) -> Ridge {
        let Some(draws) = columns.first().map(Vec::len) else {
            return Ridge {
                directions: Vec::new(),
                strengths: Vec::new(),
            };
        };
        let matrix = DMatrix::from_fn(draws, columns.len(), |row, column| columns[column][row]);
        let wide = columns.len() > draws;
        let gram = match wide {
            true => &matrix * matrix.transpose(),
            false => matrix.transpose() * &matrix,
        };
        let eigen = SymmetricEigen::new(gram);
        let strongest = eigen.eigenvalues.max();
        let mut found = Ridge {
            directions: Vec::new(),
            strengths: Vec::new(),
        };
        for (vector, strength) in eigen.eigenvectors.column_iter().zip(&eigen.eigenvalues) {
            if *strength > NOTHING * strongest {
                let direction = match wide {
                    true => vector.into_owned(),
                    false => &matrix * vector / strength.sqrt(),
                };
                found.directions.push(direction.iter().copied().collect());
                found.strengths.push(*strength);
            }
        }
        found
    }

    /// Fits a response; the penalty may be without end, and then the fit is the mean.
    pub fn fit(&self, response: &[f64]) -> Fit {
        let draws = response.len() as f64;
        let centre = mean(response);
        let off: Vec<f64> = response.iter().map(|value| value - centre).collect();
        let whole = dot(&off, &off);
        let plain: Vec<f64> = self.directions.iter().map(|one| dot(one, &off)).collect();
        let strongest = self.strengths.iter().copied().fold(0.0, f64::max);
        let mut best = (whole / draws, vec![0.0; plain.len()], whole / (draws - 1.0));
        best.0 *= (draws / (draws - WEIGHT)).powi(2);
        for power in POWERS {
            let penalty = strongest * 10.0_f64.powf(f64::from(power) / STEPS);
            let kept: Vec<f64> = self
                .strengths
                .iter()
                .map(|one| one / (one + penalty))
                .collect();
            let freedom = 1.0 + kept.iter().sum::<f64>();
            let explained: f64 = kept
                .iter()
                .zip(&plain)
                .map(|(k, c)| c * c * k * (2.0 - k))
                .sum();
            let rest = (whole - explained).max(0.0);
            let spare = 1.0 - WEIGHT * freedom / draws;
            let criterion = rest / draws / (spare * spare);
            if spare > 0.0 && criterion < best.0 {
                best = (criterion, kept, rest / (draws - freedom));
            }
        }
        Fit {
            mean: centre,
            plain,
            kept: best.1,
            residual: best.2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{normal, stream};
    use super::*;
    use crate::uncertainty::ranks::standardised;

    fn columns(draws: usize, number: usize, seed: u32) -> Vec<Vec<f64>> {
        let mut dice = stream(seed);
        let mut one = || standardised(&(0..draws).map(|_| normal(&mut dice)).collect::<Vec<_>>());
        (0..number).map(|_| one()).collect()
    }

    fn fitted(ridge: &Ridge, fit: &Fit, at: usize) -> f64 {
        let parts = ridge.directions.iter().zip(fit.plain.iter().zip(&fit.kept));
        fit.mean + parts.map(|(one, (c, k))| one[at] * c * k).sum::<f64>()
    }

    #[test]
    fn what_is_plain_is_fitted_and_what_is_chance_is_not() {
        for (draws, number) in [(80, 20), (40, 60)] {
            let x = columns(draws, number, 71);
            let ridge = Ridge::of(&x);
            let exact: Vec<f64> = x[0]
                .iter()
                .zip(&x[1])
                .map(|(a, b)| 5.0 + a - 2.0 * b)
                .collect();
            let fit = ridge.fit(&exact);
            if number < draws {
                assert!((fitted(&ridge, &fit, 7) - exact[7]).abs() < 1e-3);
            }
            // A response of its own: most of 100 are left unfitted.
            let left = (0..100)
                .map(|seed| ridge.fit(&columns(draws, 1, 200 + seed)[0]))
                .filter(|fit| fit.kept.iter().sum::<f64>() < 3.0)
                .count();
            assert!(left > 70, "{left}");
        }
        assert!(Ridge::of(&[]).fit(&[1.0, 3.0]).plain.is_empty());
    }
}
