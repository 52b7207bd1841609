//! What it would be worth to know a group of parameters before deciding (expected value of partial
//! perfect information, EVPPI; forventet verdi av delvis perfekt informasjon).
//!
//! The gain of each option over the first is regressed on the group's parameters over the draws;
//! the fitted gains are what would be expected if the group were known. The regression is additive
//! in polynomials of each parameter, of degree 3 or as many as the draws allow, with a ridge
//! penalty by generalised cross-validation that weighs degree k by k to the fourth.
//!
//! Two biases work against each other: a fit that follows chance spreads too much and makes the
//! value too large, and a penalised fit spreads too little and makes it too small. What is left of
//! them is estimated by setting the spread of each fit to that which the data support (the variance
//! explained without penalty, less what chance explains). What parameters of a group do only
//! together is not seen; that makes the value too small and is not in the estimated bias.
//!
//! Source: Strong, Oakley and Brennan (2014), Estimating multiparameter partial expected value of
//! perfect information from a probabilistic sensitivity analysis sample: a nonparametric regression
//! approach, Medical Decision Making 34(3), 311-326, doi 10.1177/0272989X13505910, also for the
//! standard error from simulated fits; Heath, Manolopoulou and Baio (2017), A review of methods for
//! analysis of the expected value of information, Medical Decision Making 37(7), 747-758,
//! doi 10.1177/0272989X17697692.

use super::benefits::{Benefits, value_of_knowing};
use super::nested::variance;
use super::polynomial::{columns, dot};
use super::ridge::{Fit, Ridge};
use crate::dice::philox::Stream;
use nalgebra::{DMatrix, SymmetricEigen};
use rand_distr::{Distribution, StandardNormal};

/// The highest degree of the polynomials.
const MOST_DEGREE: usize = 3;
/// Draws wanted for each term of the regression.
const DRAWS_PER_TERM: usize = 3;
/// Fits simulated for the standard error, which is then known to 5 %.
const SIMULATED: usize = 200;
/// Draws that must be left over once all terms are fitted, to tell the variance of chance.
const LEFT_OVER: usize = 5;

/// The value of knowing a group of parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evppi {
    /// As the regression gives it, 0 or above, in the unit of the benefit for each time that the
    /// decision is taken.
    pub value: f64,
    /// By how much the value is estimated to be too large (negative: too small); NaN if there are
    /// too few draws to tell.
    pub bias: f64,
    /// Standard error: of the regression, and of the number of draws.
    pub se: f64,
    /// The degree of the polynomials.
    pub degree: usize,
    /// Number of draws used.
    pub draws: usize,
}

impl Evppi {
    /// The value less its estimated bias.
    pub fn corrected(&self) -> f64 {
        self.value - self.bias
    }
}

/// The value of knowing a group of parameters, whose values or scores lie by draw in rows.
///
/// The seed is that of the simulated fits; the same seed gives the same answer. `None` below two
/// options or ten whole draws, or if the rows are not as many as the draws of the benefits.
pub fn evppi(group: &DMatrix<f64>, benefits: &Benefits, seed: u32) -> Option<Evppi> {
    let whole = benefits.whole();
    let gains = benefits.gains(&whole);
    let (draws, options) = gains.shape();
    if group.nrows() != benefits.means.nrows() || draws < 10 || options == 0 {
        return None;
    }
    let affordable = draws / (DRAWS_PER_TERM * group.ncols().max(1));
    let degree = affordable.clamp(1, MOST_DEGREE);
    let ridge = Ridge::of(&terms(group, &whole, degree));
    let fits: Vec<Fit> = gains
        .column_iter()
        .map(|column| ridge.fit(&column.iter().copied().collect::<Vec<_>>()))
        .collect();
    let smooth = expected(&ridge, &fits, &vec![1.0; options], draws);
    let (value, sampling) = value_of_knowing(&smooth);
    let bias = stretches(&gains, &fits).map_or(f64::NAN, |stretches| {
        value - value_of_knowing(&expected(&ridge, &fits, &stretches, draws)).0
    });
    let of_fit = simulated(&ridge, &fits, &gains, &smooth, seed);
    Some(Evppi {
        value,
        bias,
        se: (sampling * sampling + of_fit).sqrt(),
        degree,
        draws,
    })
}

/// The terms of the regression, lighter the higher their degree, so that the penalty weighs more.
fn terms(group: &DMatrix<f64>, whole: &[usize], degree: usize) -> Vec<Vec<f64>> {
    let of_parameter = |column: usize| {
        let values: Vec<f64> = whole.iter().map(|draw| group[(*draw, column)]).collect();
        columns(&values, &[], degree)
    };
    let weighed = |(at, mut column): (usize, Vec<f64>)| {
        let scale = ((at + 1) * (at + 1)) as f64;
        column.iter_mut().for_each(|value| *value /= scale);
        column
    };
    (0..group.ncols())
        .flat_map(|column| of_parameter(column).into_iter().enumerate().map(weighed))
        .collect()
}

/// The fitted gains, draws by options, each stretched about its mean.
fn expected(ridge: &Ridge, fits: &[Fit], stretches: &[f64], draws: usize) -> DMatrix<f64> {
    let mut found = DMatrix::from_fn(draws, fits.len(), |_, option| fits[option].mean);
    for (option, fit) in fits.iter().enumerate() {
        for (at, direction) in ridge.directions.iter().enumerate() {
            let along = stretches[option] * fit.kept[at] * fit.plain[at];
            for (draw, value) in direction.iter().enumerate() {
                found[(draw, option)] += along * value;
            }
        }
    }
    found
}

/// By how much each fit must be stretched to spread as much as the data support; `None` if there
/// are too few draws to tell.
fn stretches(gains: &DMatrix<f64>, fits: &[Fit]) -> Option<Vec<f64>> {
    let draws = gains.nrows();
    let stretch = |(column, fit): (usize, &Fit)| {
        let terms = fit.plain.len();
        let left = draws
            .checked_sub(1 + terms)
            .filter(|left| *left >= LEFT_OVER)?;
        let whole = gains.column(column).variance() * draws as f64;
        let explained = dot(&fit.plain, &fit.plain);
        let chance = (whole - explained).max(0.0) / left as f64;
        let supported = (explained - terms as f64 * chance).max(0.0);
        let parts = fit.kept.iter().zip(&fit.plain);
        let fitted: f64 = parts.map(|(kept, plain)| (kept * plain).powi(2)).sum();
        Some(if fitted > 0.0 {
            (supported / fitted).sqrt()
        } else {
            1.0
        })
    };
    fits.iter().enumerate().map(stretch).collect()
}

/// The variance of the value over fits simulated from what the regression leaves uncertain.
fn simulated(
    ridge: &Ridge,
    fits: &[Fit],
    gains: &DMatrix<f64>,
    smooth: &DMatrix<f64>,
    seed: u32,
) -> f64 {
    let (draws, options) = gains.shape();
    // What is not fitted of one option hangs together with what is not fitted of another.
    let mut apart = gains - smooth;
    for (mut column, fit) in apart.column_iter_mut().zip(fits) {
        let scale = (fit.residual / column.norm_squared().max(f64::MIN_POSITIVE)).sqrt();
        column *= scale;
    }
    let eigen = SymmetricEigen::new(apart.transpose() * &apart);
    let roots = eigen.eigenvalues.map(|value| value.max(0.0).sqrt());
    let root = eigen.eigenvectors * DMatrix::from_diagonal(&roots);
    let mut dice = Stream::new([seed, 2014], Default::default());
    let mut noise = || -> Vec<f64> {
        let plain = DMatrix::from_fn(options, 1, |_, _| StandardNormal.sample(&mut dice));
        (&root * plain).iter().copied().collect()
    };
    let value = |_| {
        let mut gains = smooth.clone();
        let level = noise();
        for (option, mut column) in gains.column_iter_mut().enumerate() {
            column.add_scalar_mut(level[option] / (draws as f64).sqrt());
        }
        for (at, direction) in ridge.directions.iter().enumerate() {
            let step = noise();
            for (option, mut column) in gains.column_iter_mut().enumerate() {
                let along = step[option] * fits[option].kept[at].sqrt();
                for (value, part) in column.iter_mut().zip(direction) {
                    *value += along * part;
                }
            }
        }
        value_of_knowing(&gains).0
    };
    variance(&(0..SIMULATED).map(value).collect::<Vec<f64>>())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{gain, normal, stream};
    use super::*;
    use crate::uncertainty::nested::mean;

    /// Ensembles in which the gain is 1 plus the sum of the group's parameters times `slope`, plus
    /// 3 standard normal numbers that the group says nothing about.
    fn ensembles(number: u32, draws: usize, parameters: usize, slope: f64) -> Vec<Evppi> {
        let one = |seed: u32| {
            let mut dice = stream(500 + seed);
            let group = DMatrix::from_fn(draws, parameters, |_, _| normal(&mut dice));
            let mut values = Vec::new();
            for row in group.row_iter() {
                let level = 20.0 * normal(&mut dice);
                let own = 1.0 + slope * row.sum() + 3.0 * normal(&mut dice);
                values.extend([level, level + own]);
            }
            let benefits = Benefits::of_runs(&values, draws, 1, 2).unwrap();
            evppi(&group, &benefits, seed).unwrap()
        };
        (0..number).map(one).collect()
    }

    /// The closed form for a normal gain of mean 1 and deviation 2, over 60 ensembles of 300 draws,
    /// with the group one parameter or twenty.
    #[test]
    fn a_linear_model_has_the_value_of_the_closed_form() {
        let exact = gain(1.0, 2.0);
        for (parameters, tolerance) in [(1, 0.03), (20, 0.05)] {
            let found = ensembles(60, 300, parameters, 2.0 / (parameters as f64).sqrt());
            let corrected: Vec<f64> = found.iter().map(Evppi::corrected).collect();
            let values: Vec<f64> = found.iter().map(|one| one.value).collect();
            let seen = variance(&values).sqrt();
            let told = found.iter().map(|one| one.se).sum::<f64>() / 60.0;
            assert!((mean(&corrected) - exact).abs() < tolerance + 4.0 * seen / 60.0_f64.sqrt());
            assert!(told > 0.7 * seen && told < 1.5 * seen, "{told} {seen}");
        }
    }

    /// A tenth of what it would be worth to know everything is little.
    #[test]
    fn a_group_without_effect_is_worth_little() {
        let found = ensembles(60, 300, 20, 0.0);
        let worth: Vec<f64> = found.iter().map(|one| one.value).collect();
        assert!(mean(&worth) < 0.1 * gain(1.0, 3.0), "{}", mean(&worth));
    }

    /// Three options, of which the gains of two are 2 x and -2 x: with x known the best brings
    /// 2 |x|, of which the mean is 2 sqrt(2 / pi), and without it nothing is gained.
    #[test]
    fn more_than_two_options_are_weighed_together() {
        let mut dice = stream(91);
        let group = DMatrix::from_fn(400, 1, |_, _| normal(&mut dice));
        let mut values = Vec::new();
        for row in group.row_iter() {
            let mut off = || 0.5 * normal(&mut dice);
            values.extend([off(), 2.0 * row[0] + off(), off() - 2.0 * row[0]]);
        }
        let benefits = Benefits::of_runs(&values, 400, 1, 3).unwrap();
        let found = evppi(&group, &benefits, 1).unwrap();
        let exact = 2.0 * (2.0 / std::f64::consts::PI).sqrt();
        assert!(
            (found.value - exact).abs() < 4.0 * found.se,
            "{found:?} {exact}"
        );
        assert!(found.se < 0.15);
        assert_eq!(evppi(&group, &benefits, 1), Some(found));
        assert!(evppi(&group.rows(0, 9).into_owned(), &benefits, 1).is_none());
    }
}
