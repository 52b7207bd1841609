//! First-order and total Sobol indices of a function (Sobol-indekser), by the classical design of
//! two independent sets of points and their crossings.
//!
//! For small models and to verify other estimators: with k parameters it takes k + 2 evaluations a
//! point. The points are an Owen-scrambled Sobol sequence (crate `sobol_burley`), and the standard
//! errors are taken between independent scramblings.
//!
//! Source: Saltelli and others (2010), Variance based sensitivity analysis of model output: design
//! and estimator for the total sensitivity index, Computer Physics Communications 181(2), 259-270,
//! doi 10.1016/j.cpc.2009.09.018 (first order, their formula b); Jansen (1999), Analysis of variance
//! designs for model output, Computer Physics Communications 117(1-2), 35-43,
//! doi 10.1016/S0010-4655(98)00154-4 (total).

use super::nested::{mean, variance};

/// The sequence has so many dimensions, of which each parameter takes two.
const MOST_PARAMETERS: usize = 128;
/// The sequence has so many points.
const MOST_POINTS: u32 = 1 << 16;
/// Independent scramblings.
const SCRAMBLINGS: u32 = 16;

/// The Sobol indices of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SobolIndices {
    /// Share of the variance that would be gone if the parameter were known.
    pub first: f64,
    /// Standard error of the first-order index.
    pub first_se: f64,
    /// Share of the variance that would be left if all but the parameter were known.
    pub total: f64,
    /// Standard error of the total index.
    pub total_se: f64,
}

/// The indices of a function of independent parameters, each uniform between 0 and 1.
///
/// `points` are the points of each of 16 scramblings, best a power of two; the function is called
/// 16 (parameters + 2) times as often. `None` without parameters or points, for more than 128
/// parameters or 65 536 points, or if the function does not vary.
pub fn sobol_indices(
    function: impl Fn(&[f64]) -> f64,
    parameters: usize,
    points: u32,
    seed: u32,
) -> Option<Vec<SobolIndices>> {
    let possible =
        (1..=MOST_PARAMETERS).contains(&parameters) && (2..=MOST_POINTS).contains(&points);
    if !possible {
        return None;
    }
    let replicates: Vec<Vec<(f64, f64)>> = (0..SCRAMBLINGS)
        .map(|scrambling| {
            let key = seed.wrapping_mul(SCRAMBLINGS).wrapping_add(scrambling);
            one_scrambling(&function, parameters, points, key)
        })
        .collect();
    let told = |values: Vec<f64>| {
        let error = (variance(&values) / f64::from(SCRAMBLINGS)).sqrt();
        (mean(&values), error)
    };
    let indices: Vec<SobolIndices> = (0..parameters)
        .map(|parameter| {
            let own = replicates.iter().map(|one| one[parameter]);
            let (first, first_se) = told(own.clone().map(|(first, _)| first).collect());
            let (total, total_se) = told(own.map(|(_, total)| total).collect());
            SobolIndices {
                first,
                first_se,
                total,
                total_se,
            }
        })
        .collect();
    indices
        .iter()
        .all(|one| one.first.is_finite() && one.total.is_finite())
        .then_some(indices)
}

/// First-order and total index of each parameter from one scrambling.
fn one_scrambling(
    function: &impl Fn(&[f64]) -> f64,
    parameters: usize,
    points: u32,
    key: u32,
) -> Vec<(f64, f64)> {
    let point = |index: u32, set: usize| -> Vec<f64> {
        let at = |parameter: usize| {
            let dimension = (set * parameters + parameter) as u32;
            f64::from(sobol_burley::sample(index, dimension, key))
        };
        (0..parameters).map(at).collect()
    };
    let mut all = Vec::with_capacity(2 * points as usize);
    let mut sums = vec![(0.0, 0.0); parameters];
    // Less the value at one point, so that a large level costs no digits.
    let level = function(&point(0, 0));
    for index in 0..points {
        let (mut crossed, other) = (point(index, 0), point(index, 1));
        let here = function(&crossed) - level;
        let there = function(&other) - level;
        all.extend([here, there]);
        for (parameter, (first, total)) in sums.iter_mut().enumerate() {
            let own = std::mem::replace(&mut crossed[parameter], other[parameter]);
            let moved = function(&crossed) - level;
            crossed[parameter] = own;
            *first += there * (moved - here);
            *total += (here - moved).powi(2) / 2.0;
        }
    }
    let scale = f64::from(points) * variance(&all);
    sums.into_iter()
        .map(|(first, total)| (first / scale, total / scale))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: &[SobolIndices], exact: &[(f64, f64)], error: f64) {
        for (one, (first, total)) in found.iter().zip(exact) {
            // Five of the standard errors told, which must themselves be small.
            assert!(
                (one.first - first).abs() < 5.0 * one.first_se + 1e-4,
                "{one:?} {first}"
            );
            assert!(
                (one.total - total).abs() < 5.0 * one.total_se + 1e-4,
                "{one:?} {total}"
            );
            assert!(one.first_se < error && one.total_se < error, "{one:?}");
        }
    }

    #[test]
    fn the_ishigami_function_has_its_exact_indices() {
        let pi = std::f64::consts::PI;
        let function = |u: &[f64]| {
            let x = |at: usize| pi * (2.0 * u[at] - 1.0);
            x(0).sin() + 7.0 * x(1).sin().powi(2) + 0.1 * x(2).powi(4) * x(0).sin()
        };
        let (a, b) = (7.0, 0.1);
        let first = 0.5 * (1.0 + b * pi.powi(4) / 5.0_f64).powi(2);
        let second: f64 = a * a / 8.0;
        let both = b * b * pi.powi(8) * (1.0 / 18.0 - 1.0 / 50.0);
        let whole = first + second + both;
        let exact = [
            (first / whole, (first + both) / whole),
            (second / whole, second / whole),
            (0.0, both / whole),
        ];
        close(&sobol_indices(function, 3, 1024, 1).unwrap(), &exact, 0.01);
    }

    #[test]
    fn the_g_function_has_its_exact_indices() {
        let weights = [0.0, 1.0, 4.5, 9.0, 99.0];
        let function = |u: &[f64]| -> f64 {
            let factor = |(u, a): (&f64, &f64)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a);
            u.iter().zip(&weights).map(factor).product()
        };
        let own = weights.map(|a: f64| 1.0 / 3.0 / (1.0 + a).powi(2));
        let product: f64 = own.iter().map(|one| 1.0 + one).product();
        let whole = product - 1.0;
        let exact = own.map(|one| (one / whole, one * product / (1.0 + one) / whole));
        close(&sobol_indices(function, 5, 512, 2).unwrap(), &exact, 0.01);
    }

    #[test]
    fn what_cannot_be_told_is_none() {
        assert!(sobol_indices(|_| 1.0, 2, 64, 1).is_none());
        assert!(sobol_indices(|u| u[0], 0, 64, 1).is_none());
        assert!(sobol_indices(|u| u[0], 129, 64, 1).is_none());
    }
}
