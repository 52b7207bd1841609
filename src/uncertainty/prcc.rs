//! Rank correlations of an output with each parameter, the others held (partial rank correlation
//! coefficients, PRCC; partielle rangkorrelasjoner).
//!
//! They measure how steadily an output rises or falls with a parameter, however curved, and not how
//! much of its variance the parameter makes.
//!
//! Source: Iman and Conover (1979), The use of the rank transform in regression, Technometrics
//! 21(4), 499-509, doi 10.1080/00401706.1979.10489820; Marino, Hogue, Ray and Kirschner (2008), A
//! methodology for performing global uncertainty and sensitivity analysis in systems biology,
//! Journal of Theoretical Biology 254(1), 178-196, doi 10.1016/j.jtbi.2008.04.011.

use super::polynomial::dot;
use super::ranks::{ranks, standardised};
use nalgebra::{Cholesky, DMatrix};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Draws wanted for each parameter before the others are held.
const DRAWS_PER_PARAMETER: usize = 2;

/// What was held while a parameter was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// All other parameters: the correlation is partial.
    Others,
    /// Nothing, because there are too few draws for so many parameters, or because a parameter or
    /// the output follows from the (other) parameters: the correlation is Spearman's.
    Nothing,
}

/// The rank correlation of the output with one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankCorrelation {
    /// The coefficient, -1 to 1; 0 for a parameter or an output that does not vary.
    pub coefficient: f64,
    /// Standard error by Fisher's transformation, brought back to the coefficient.
    pub se: f64,
    /// Probability of a coefficient as far from 0 without any connection, by Student's t; for one
    /// parameter looked at alone, so of 100 without connection 5 have one below 0.05.
    pub p_value: f64,
}

/// The coefficients of all parameters, and what was held.
///
/// `parameters` has draws in rows and parameters in columns; `output` is each draw's mean output,
/// NaN where there is none. `None` if the rows are not as many as the outputs, or fewer than five
/// outputs are there.
pub fn prcc(parameters: &DMatrix<f64>, output: &[f64]) -> Option<(Held, Vec<RankCorrelation>)> {
    let known: Vec<usize> = (0..output.len())
        .filter(|draw| output[*draw].is_finite())
        .collect();
    if parameters.nrows() != output.len() || known.len() < 5 {
        return None;
    }
    let kept = |value: &dyn Fn(usize) -> f64| -> Vec<f64> {
        let values: Vec<f64> = known.iter().map(|draw| value(*draw)).collect();
        standardised(&ranks(&values))
    };
    let target = kept(&|draw| output[draw]);
    let scores: Vec<Vec<f64>> = parameters
        .column_iter()
        .map(|column| kept(&|draw| column[draw]))
        .collect();
    let (draws, number) = (known.len(), scores.len());
    let partial = match draws > DRAWS_PER_PARAMETER * number + 2 {
        true => partial(&scores, &target),
        false => None,
    };
    let (held, coefficients, freedom) = match partial {
        Some(found) => (Held::Others, found, draws as f64 - 1.0 - number as f64),
        None => {
            let found = scores.iter().map(|score| dot(score, &target)).collect();
            (Held::Nothing, found, draws as f64 - 2.0)
        }
    };
    let told = coefficients.into_iter().map(|one| judged(one, freedom));
    Some((held, told.collect()))
}

/// Partial correlations from the inverse of all correlations; parameters that do not vary stand
/// aside with a coefficient of 0.
fn partial(scores: &[Vec<f64>], target: &[f64]) -> Option<Vec<f64>> {
    let varies = |score: &Vec<f64>| score.iter().any(|value| *value != 0.0);
    let varying: Vec<usize> = (0..scores.len())
        .filter(|at| varies(&scores[*at]))
        .collect();
    let mut coefficients = vec![0.0; scores.len()];
    if !varies(&target.to_vec()) {
        return Some(coefficients);
    }
    let column = |at: usize| {
        varying
            .get(at)
            .map_or(target, |own| scores[*own].as_slice())
    };
    let size = varying.len() + 1;
    let correlations = DMatrix::from_fn(size, size, |one, other| dot(column(one), column(other)));
    let inverse = Cholesky::new(correlations)?.inverse();
    let last = varying.len();
    // One that follows from the others has a variance of almost nothing left to correlate.
    if (0..last).any(|at| inverse[(at, at)] > 1e8) {
        return None;
    }
    for (at, own) in varying.iter().enumerate() {
        let scale = (inverse[(at, at)] * inverse[(last, last)]).sqrt();
        coefficients[*own] = (-inverse[(at, last)] / scale).clamp(-1.0, 1.0);
    }
    Some(coefficients)
}

fn judged(coefficient: f64, freedom: f64) -> RankCorrelation {
    let left = 1.0 - coefficient * coefficient;
    let t = coefficient.abs() * (freedom / left.max(1e-300)).sqrt();
    let p_value = match StudentsT::new(0.0, 1.0, freedom) {
        Ok(student) => 2.0 * student.sf(t),
        Err(_) => f64::NAN,
    };
    RankCorrelation {
        coefficient,
        se: left / (freedom - 1.0).max(1.0).sqrt(),
        p_value,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{normal, stream};
    use super::*;

    /// A curved but monotone function, with a steep parameter that drowns a slight one unless it is
    /// held. Three standard errors of a coefficient at 0 from 200 draws are 0.21.
    #[test]
    fn monotone_effects_are_seen_behind_stronger_ones() {
        let mut dice = stream(61);
        let x = DMatrix::from_fn(200, 3, |_, _| normal(&mut dice));
        let output: Vec<f64> = x
            .row_iter()
            .map(|x| x[0].exp() * (-0.2 * x[1]).exp())
            .collect();
        let (held, found) = prcc(&x, &output).unwrap();
        assert_eq!(held, Held::Others);
        assert!(found[0].coefficient > 0.97 && found[0].p_value < 1e-6);
        assert!(found[1].coefficient < -0.7 && found[1].p_value < 1e-6);
        assert!(found[2].coefficient.abs() < 0.21, "{:?}", found[2]);
        let alone = prcc(
            &x,
            &x.column(0).iter().map(|x| x.powi(3)).collect::<Vec<_>>(),
        )
        .unwrap();
        assert!((alone.1[0].coefficient - 1.0).abs() < 1e-6);
    }

    /// Of 60 x 20 parameters without effect 60 are expected below 0.05; a binomial is between 30
    /// and 94 but in 1 of 10 000 cases. The same where nothing can be held.
    #[test]
    fn p_values_are_what_they_say() {
        for (draws, held, seed) in [(60, Held::Others, 62), (15, Held::Nothing, 63)] {
            let mut dice = stream(seed);
            let mut below = 0;
            for _ in 0..60 {
                let x = DMatrix::from_fn(draws, 20, |_, _| normal(&mut dice));
                let output: Vec<f64> = (0..draws).map(|_| normal(&mut dice)).collect();
                let (how, found) = prcc(&x, &output).unwrap();
                assert_eq!(how, held);
                below += found.iter().filter(|one| one.p_value < 0.05).count();
            }
            assert!((30..=94).contains(&below), "{below}");
        }
    }

    #[test]
    fn parameters_that_follow_from_others_or_stand_still_do_no_harm() {
        let mut dice = stream(64);
        let mut x = DMatrix::from_fn(50, 3, |_, _| normal(&mut dice));
        let copy = x.column(0).into_owned();
        let output: Vec<f64> = copy.iter().map(|x| x + 0.1 * normal(&mut dice)).collect();
        x.set_column(1, &DMatrix::from_element(50, 1, 2.0).column(0));
        let (held, found) = prcc(&x, &output).unwrap();
        assert_eq!((held, found[1].coefficient), (Held::Others, 0.0));
        x.set_column(2, &copy);
        let (held, found) = prcc(&x, &output).unwrap();
        assert_eq!(held, Held::Nothing);
        assert!(found[2].coefficient == found[0].coefficient);
        assert!(prcc(&x, &output[..49]).is_none());
    }
}
