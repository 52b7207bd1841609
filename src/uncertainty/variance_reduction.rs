//! What it would be worth to know a group of parameters, in the output's own unit (forventet
//! reduksjon av spredning): the variance that is expected to be left, and the standard deviation.
//!
//! Source: Saltelli and Tarantola (2002), On the relative importance of input factors in
//! mathematical models, Journal of the American Statistical Association 97(459), 702-709,
//! doi 10.1198/016214502388618447 (the setting of factors to be fixed first).

use super::given_data::{Index, first_order};
use super::nested::variance;
use nalgebra::DMatrix;

/// How much less an output would vary if a group of parameters were known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VarianceReduction {
    /// The group's first-order index among the parameters.
    pub index: Index,
    /// Expected reduction of the variance, in the squared unit of the output; may be negative.
    pub variance: f64,
    /// Its standard error, which takes the variance between draws for known.
    pub variance_se: f64,
    /// Standard deviation now, all sources together, in the unit of the output.
    pub sd_now: f64,
    /// The same with the group known, from the expected variance, which is held at 0 and above.
    pub sd_known: f64,
}

impl VarianceReduction {
    /// What the standard deviation would fall by, in the unit of the output.
    pub fn sd(&self) -> f64 {
        self.sd_now - self.sd_known
    }
}

/// The expected reduction if a group were known. `group`, `output` and `noise` as for
/// [`first_order`]; `others` is the variance that does not come from parameters (structure, chance
/// of a single run) and is there as before.
pub fn variance_reduction(
    group: &DMatrix<f64>,
    output: &[f64],
    noise: f64,
    others: f64,
) -> VarianceReduction {
    let index = first_order(group, output, noise);
    let known: Vec<f64> = output
        .iter()
        .copied()
        .filter(|one| one.is_finite())
        .collect();
    let between = variance(&known) - noise.max(0.0);
    let now = between + others.max(0.0);
    let reduction = index.share * between;
    VarianceReduction {
        index,
        variance: reduction,
        variance_se: index.se * between,
        sd_now: now.sqrt(),
        sd_known: (now - reduction).max(0.0).sqrt(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{normal, stream};
    use super::*;

    /// Output 4 x0 + 3 x1 with chance of variance 1 in the means and 11 from other sources: the
    /// standard deviation of 6 would fall to the root of 20 with x0 known. 2000 draws tell the
    /// variance of 25 to 3 %, so 10 % is three of its standard errors.
    #[test]
    fn a_known_parameter_takes_its_own_variance_away() {
        let mut dice = stream(51);
        let x = DMatrix::from_fn(2000, 2, |_, _| normal(&mut dice));
        let output: Vec<f64> = x
            .row_iter()
            .map(|x| 4.0 * x[0] + 3.0 * x[1] + normal(&mut dice))
            .collect();
        let found = variance_reduction(&x.select_columns(&[0]), &output, 1.0, 11.0);
        assert!((found.variance - 16.0).abs() < 1.6, "{found:?}");
        assert!((found.sd_now - 6.0).abs() < 0.2);
        assert!((found.sd() - (6.0 - 20.0_f64.sqrt())).abs() < 0.2);
        assert!(found.variance_se > 0.0 && found.variance_se < 1.0);
    }
}
