//! First-order (main effect) indices from an ensemble's own draws (hovedeffekt), without a special
//! design.
//!
//! The index of a group of parameters is the share of the variance between draws that would be
//! gone if the group were known: the variance of the output's expectation given the group, over its
//! variance. The expectation is fitted by polynomials in each parameter of the group, added up; the
//! share of variance that they explain is corrected for the number of their terms, so that a group
//! without effect has an index of nothing on average. Chance between seeds, which no parameter can
//! explain, is taken out of the variance that is explained against.
//!
//! What two parameters of a group do only together is not seen, so the index of a group is a lower
//! bound. If parameters hang together, an index holds what the group tells about others.
//!
//! Source: Sudret (2008), Global sensitivity analysis using polynomial chaos expansions, Reliability
//! Engineering and System Safety 93(7), 964-979, doi 10.1016/j.ress.2007.04.002, here without
//! interactions; the correction for terms is that of Ezekiel (1930), Methods of Correlation
//! Analysis, Wiley.

use super::nested::{jackknife, mean, variance};
use super::polynomial::{columns, dot, orthonormal};
use super::ranks::standardised;
use nalgebra::DMatrix;

/// The highest degree used.
const MOST_DEGREE: usize = 8;

/// So many draws for each term of a group are wanted at least.
const DRAWS_PER_TERM: usize = 3;

/// A share of the variance between draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Index {
    /// The unbiased estimate; may be negative or above 1.
    pub share: f64,
    /// Its standard error, which takes the variance of chance for known.
    pub se: f64,
    /// The degree of the polynomials; 0 if the group was too large for the draws and the indices
    /// of its parameters, linear and one by one, were added up instead, which takes them for
    /// independent.
    pub degree: usize,
    /// Number of draws used.
    pub draws: usize,
}

impl Index {
    const UNKNOWN: Index = Index {
        share: f64::NAN,
        se: f64::NAN,
        degree: 0,
        draws: 0,
    };
}

/// The first-order index of a group of parameters.
///
/// `group` has draws in rows and the group's parameters (or their scores, which is better where
/// they are skewed) in columns; `output` the mean output of each draw, NaN where there is none;
/// `noise` the variance of chance in these means (that between seeds, over the seeds of a draw and
/// the variants), 0 if it is to be counted with the rest. All is NaN below ten draws, if the rows
/// are not as many as the outputs, or if the draws do not vary by more than chance.
pub fn first_order(group: &DMatrix<f64>, output: &[f64], noise: f64) -> Index {
    if group.nrows() != output.len() {
        return Index::UNKNOWN;
    }
    let known: Vec<usize> = (0..output.len())
        .filter(|draw| output[*draw].is_finite())
        .collect();
    let output: Vec<f64> = known.iter().map(|draw| output[*draw]).collect();
    let between = variance(&output) - noise.max(0.0);
    let draws = output.len();
    if draws < 10 || between.is_nan() || between <= 0.0 {
        return Index::UNKNOWN;
    }
    let parameters: Vec<Vec<f64>> = group
        .column_iter()
        .map(|column| known.iter().map(|draw| column[*draw]).collect())
        .collect();
    let degree = degree(draws, parameters.len());
    let (share, se) = match degree {
        0 => one_by_one(&parameters, &output),
        _ => together(&parameters, &output, degree),
    };
    // From a share of all variance between means to a share of what is not chance.
    let scale = variance(&output) / between;
    Index {
        share: share * scale,
        se: se * scale,
        degree,
        draws,
    }
}

/// The degree that so many draws can tell of so many parameters: about the cube root of the draws,
/// as long as there are enough draws for each term.
fn degree(draws: usize, parameters: usize) -> usize {
    let root = (draws as f64).cbrt() as usize;
    let affordable = draws / (DRAWS_PER_TERM * parameters.max(1));
    root.min(affordable).min(MOST_DEGREE)
}

/// Share of variance explained by polynomials of the parameters, with its standard error.
///
/// The error is that of a ratio of means over draws: the coefficients are at the least sum of
/// squares, where their own errors do not count in first order. Near no effect that term vanishes,
/// and the error is that of a sum of as many squares of chance.
fn together(parameters: &[Vec<f64>], output: &[f64], degree: usize) -> (f64, f64) {
    let draws = output.len() as f64;
    let all = parameters.iter().flat_map(|one| columns(one, &[], degree));
    let basis = orthonormal(all.collect());
    let terms = basis.len() as f64;
    let centre = mean(output);
    let off: Vec<f64> = output.iter().map(|value| value - centre).collect();
    let whole = dot(&off, &off);
    let mut rest = off.clone();
    let mut leverage = vec![1.0 / draws; off.len()];
    for column in &basis {
        super::polynomial::take_out(&mut rest, column, column.len());
        for (sum, value) in leverage.iter_mut().zip(column) {
            *sum += value * value;
        }
    }
    let unexplained = dot(&rest, &rest) / whole * (draws - 1.0) / (draws - 1.0 - terms);
    let per_draw = whole / draws;
    let influence = |at: usize| {
        let own = rest[at] * rest[at] / (1.0 - leverage[at]).max(1e-6);
        ((unexplained * off[at] * off[at] - own) / per_draw).powi(2)
    };
    let ratio = (0..off.len()).map(influence).sum::<f64>() / (draws * draws);
    let chance = 2.0 * terms * (unexplained / draws).powi(2);
    (1.0 - unexplained, ratio.max(chance).sqrt())
}

/// The sum of the parameters' squared correlations, each less what chance gives it. The standard
/// error is the jackknife's, with the parameters' spreads taken for known.
fn one_by_one(parameters: &[Vec<f64>], output: &[f64]) -> (f64, f64) {
    let draws = output.len() as f64;
    let scores: Vec<Vec<f64>> = parameters.iter().map(|one| standardised(one)).collect();
    let centre = mean(output);
    let off: Vec<f64> = output.iter().map(|value| value - centre).collect();
    let whole = dot(&off, &off);
    let products: Vec<f64> = scores.iter().map(|score| dot(score, &off)).collect();
    let corrected = |squares: f64, draws: f64| {
        (squares * (draws - 1.0) - parameters.len() as f64) / (draws - 2.0)
    };
    let share = corrected(dot(&products, &products) / whole, draws);
    let without = |at: usize| {
        let rest = |(score, product): (&Vec<f64>, &f64)| (product - score[at] * off[at]).powi(2);
        let squares: f64 = scores.iter().zip(&products).map(rest).sum();
        let shrunk = (draws - 1.0) / draws;
        corrected(squares / shrunk / (whole - off[at] * off[at]), draws - 1.0)
    };
    let left_out: Vec<f64> = (0..off.len()).map(without).collect();
    (share, jackknife(&left_out))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{normal, stream};
    use super::*;
    use crate::dice::philox::Stream;

    fn scores(draws: usize, parameters: usize, dice: &mut Stream) -> DMatrix<f64> {
        DMatrix::from_fn(draws, parameters, |_, _| normal(dice))
    }

    /// Output 3 x0 + 2 x1 + x2 + chance of variance 6 in the means: shares 9, 4, 1 of 14.
    /// Over 200 ensembles of 150 draws; 4.5 standard errors of their mean for each of 5 groups,
    /// and the errors told within 25 % of the spread seen, which is known to 5 %.
    #[test]
    fn a_linear_model_has_its_exact_indices_in_spite_of_chance() {
        let groups: [(&[usize], f64); 5] = [
            (&[0], 9.0 / 14.0),
            (&[2], 1.0 / 14.0),
            (&[3], 0.0),
            (&[1, 2, 3], 5.0 / 14.0),
            (&[0, 1, 2], 1.0),
        ];
        let mut dice = stream(41);
        let mut found = vec![(Vec::new(), 0.0); groups.len()];
        for _ in 0..200 {
            let x = scores(150, 4, &mut dice);
            let output: Vec<f64> = x
                .row_iter()
                .map(|x| 3.0 * x[0] + 2.0 * x[1] + x[2] + 6.0_f64.sqrt() * normal(&mut dice))
                .collect();
            for ((group, _), (shares, told)) in groups.iter().zip(&mut found) {
                let index = first_order(&x.select_columns(*group), &output, 6.0);
                shares.push(index.share);
                *told += index.se / 200.0;
            }
        }
        for ((group, exact), (shares, told)) in groups.iter().zip(&found) {
            let seen = variance(shares).sqrt();
            // A ratio of means over 150 draws is biased by up to its variance, about 0.01.
            let allowed = 4.5 * seen / 200.0_f64.sqrt() + 0.01;
            assert!(
                (mean(shares) - exact).abs() < allowed,
                "{group:?}: {}",
                mean(shares)
            );
            assert!(
                *told > 0.75 * seen && *told < 1.5 * seen,
                "{group:?}: {told} {seen}"
            );
        }
    }

    /// More parameters than the draws can fit: their shares are still those put in.
    #[test]
    fn a_large_group_is_added_up() {
        let mut dice = stream(42);
        let found: Vec<Index> = (0..200)
            .map(|_| {
                let x = scores(60, 50, &mut dice);
                let output: Vec<f64> = x
                    .row_iter()
                    .map(|row| row.columns(0, 40).sum() + 60.0_f64.sqrt() * normal(&mut dice))
                    .collect();
                first_order(&x, &output, 0.0)
            })
            .collect();
        let shares: Vec<f64> = found.iter().map(|index| index.share).collect();
        let seen = variance(&shares).sqrt();
        assert_eq!(found[0].degree, 0);
        let allowed = 4.5 * seen / 200.0_f64.sqrt();
        assert!(
            (mean(&shares) - 0.4).abs() < allowed + 0.02,
            "{}",
            mean(&shares)
        );
        let told = found.iter().map(|index| index.se).sum::<f64>() / 200.0;
        assert!(told > 0.7 * seen && told < 1.6 * seen, "{told} {seen}");
    }

    /// The function of Ishigami and Homma from 2000 draws: standard errors about 0.02.
    #[test]
    fn curved_effects_are_seen() {
        let mut dice = stream(43);
        let pi = std::f64::consts::PI;
        let x = DMatrix::from_fn(2000, 3, |_, _| pi * (2.0 * dice.uniform() - 1.0));
        let output: Vec<f64> = x
            .row_iter()
            .map(|x| x[0].sin() * (1.0 + 0.1 * x[2].powi(4)) + 7.0 * x[1].sin().powi(2))
            .collect();
        for (parameter, exact) in [(0, 0.3139), (1, 0.4424), (2, 0.0)] {
            let found = first_order(&x.select_columns(&[parameter]), &output, 0.0);
            assert!(
                (found.share - exact).abs() < 4.0 * found.se,
                "{found:?} {exact}"
            );
            assert!(found.se < 0.03);
        }
    }

    #[test]
    fn what_cannot_be_told_is_nan() {
        let mut dice = stream(44);
        let x = scores(20, 2, &mut dice);
        let output: Vec<f64> = (0..20).map(f64::from).collect();
        assert!(first_order(&x, &output[..19], 0.0).share.is_nan());
        assert!(first_order(&x, &[5.0; 20], 0.0).share.is_nan());
        assert!(first_order(&x, &output, 1e9).share.is_nan());
        let mut gap = output.clone();
        gap[3] = f64::NAN;
        assert_eq!(first_order(&x, &gap, 0.0).draws, 19);
        // A parameter that does not vary explains nothing.
        let still = DMatrix::from_element(20, 1, 3.0);
        assert_eq!(first_order(&still, &output, 0.0).share, 0.0);
    }
}
