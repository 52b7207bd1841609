//! The cloud (punktskyen): the members of an ensemble, from the prior to the posterior.

use super::direct::Estimate;
use nalgebra::DMatrix;
use rand_distr::{Distribution, StandardNormal};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::dice::philox::Stream;

/// Most dimensions of one scrambled Sobol sequence; beyond them another one is begun.
const SEQUENCE: usize = 256;
/// Counter word that keeps the perturbations' numbers apart from all others.
const PERTURBATIONS: u32 = 0x7045_7274;

/// Members drawn from the prior: independent normal scores (standard, or as direct estimates
/// have them), spread evenly by Owen-scrambled Sobol points (`sobol_burley`; beyond 256
/// dimensions padded with another scrambling). One row a free parameter, one column a member.
pub fn prior(directions: usize, members: usize, seed: u32, direct: &[Estimate]) -> DMatrix<f64> {
    let normal = Normal::standard();
    DMatrix::from_fn(directions, members, |row, member| {
        let scrambling = seed.wrapping_add((row / SEQUENCE) as u32);
        let dimension = (row % SEQUENCE) as u32;
        let uniform = f64::from(sobol_burley::sample(member as u32, dimension, scrambling));
        // A single-precision point may lie on the edge.
        let score = normal.inverse_cdf(uniform.clamp(1e-7, 1.0 - 1e-7));
        match direct.iter().find(|estimate| estimate.number == row) {
            Some(estimate) => estimate.centre + estimate.spread * score,
            None => score,
        }
    })
}

/// Standard normal numbers for the perturbations of a step: targets x members.
pub fn noise(targets: usize, members: usize, seed: u32, step: usize) -> DMatrix<f64> {
    DMatrix::from_fn(targets, members, |target, member| {
        let counter = [0, target as u32, member as u32, step as u32];
        let mut dice = Stream::new([seed, PERTURBATIONS], counter);
        StandardNormal.sample(&mut dice)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prior_is_standard_normal_but_where_estimated() {
        let estimate = Estimate {
            number: 1,
            parameter: "x".into(),
            centre: 0.5,
            spread: 0.2,
            figures: 3,
        };
        let cloud = prior(300, 512, 1, &[estimate]);
        for row in [0, 2, 255, 256, 299] {
            let (mean, variance) = (cloud.row(row).mean(), cloud.row(row).variance());
            assert!(
                mean.abs() < 0.02 && (variance - 1.0).abs() < 0.05,
                "{row}: {mean} {variance}"
            );
        }
        assert!((cloud.row(1).mean() - 0.5).abs() < 0.01);
        assert!((cloud.row(1).variance().sqrt() - 0.2).abs() < 0.01);
        assert_ne!(cloud.row(0), cloud.row(256), "the sequences differ");
    }

    #[test]
    fn perturbations_are_normal_and_their_own_for_every_step() {
        let one = noise(40, 100, 1, 0);
        assert!((one.variance() - 1.0).abs() < 0.06 && one.mean().abs() < 0.04);
        assert_ne!(one, noise(40, 100, 1, 1));
        assert_eq!(one, noise(40, 100, 1, 0));
    }
}
