//! One-way sensitivity from an ensemble's own draws, for a tornado diagram (tornadodiagram): what
//! the output is expected to be at a low and at a high value of each parameter, the others averaged.
//!
//! The output is regressed on a curve of degree two in the parameter, together with such curves in
//! all other parameters that can be told from chance ([`super::selection`]); with less than 30 draws
//! on straight lines. The others are averaged over the draws, so the expected outputs are those of
//! the ensemble and not of a model whose other parameters stand at their central values.
//!
//! Source: Briggs, Claxton and Sculpher (2006), Decision Modelling for Health Economic Evaluation,
//! Oxford University Press, for the diagram.

use super::nested::mean;
use super::polynomial::{columns, dot, orthonormal, take_out};
use super::selection::{Draws, select};
use crate::bands::quantile;
use nalgebra::{Cholesky, DMatrix};

/// The probabilities of the parameter's quantiles that are compared.
pub const ENDS: [f64; 2] = [0.025, 0.975];

/// Fewer draws than these are given straight lines.
const DRAWS_FOR_CURVES: usize = 30;

/// One bar of the diagram.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// The parameter's column.
    pub parameter: usize,
    /// Can the parameter be told from chance?
    pub told: bool,
    /// Expected output at the parameter's 2.5 % quantile, in the unit of the output.
    pub low: f64,
    /// Expected output at its 97.5 % quantile.
    pub high: f64,
    /// High less low.
    pub swing: f64,
    /// Standard error of the swing.
    pub se: f64,
}

/// The bars of all parameters, the longest first; without order among equals.
///
/// `parameters` has draws in rows and parameters in columns; `output` is each draw's mean output,
/// NaN where there is none. `None` below eight outputs or if the rows are not as many.
pub fn tornado(parameters: &DMatrix<f64>, output: &[f64]) -> Option<Vec<Bar>> {
    let draws = Draws::of(parameters, output)?;
    let taken = select(&draws).taken;
    let degree = match draws.off.len() < DRAWS_FOR_CURVES {
        true => 1,
        false => 2,
    };
    // The curve of each parameter, ending in its values at the two quantiles.
    let curve = |parameter: usize| {
        let column = parameters.column(parameter);
        let values: Vec<f64> = draws.known.iter().map(|draw| column[*draw]).collect();
        let mut sorted = values.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        columns(&values, &ENDS.map(|p| quantile(&sorted, p)), degree)
    };
    let others = |parameter: usize| {
        let those = taken.iter().filter(|other| **other != parameter);
        orthonormal(
            those
                .flat_map(|other| cut(curve(*other), draws.off.len()))
                .collect(),
        )
    };
    let of_all = others(usize::MAX);
    let bars = (0..parameters.ncols()).map(|parameter| {
        let told = taken.contains(&parameter);
        let own = match told {
            true => &others(parameter),
            false => &of_all,
        };
        let (low, high, se) = ends(curve(parameter), own, &draws)?;
        Some(Bar {
            parameter,
            told,
            low,
            high,
            swing: high - low,
            se,
        })
    });
    let mut bars: Vec<Bar> = bars.collect::<Option<_>>()?;
    bars.sort_by(|one, other| other.swing.abs().total_cmp(&one.swing.abs()));
    Some(bars)
}

fn cut(mut curve: Vec<Vec<f64>>, count: usize) -> Vec<Vec<f64>> {
    for column in &mut curve {
        column.truncate(count);
    }
    curve
}

/// Expected output at the two ends of a curve, beside other terms, and the standard error of their
/// difference. A parameter that does not vary makes no difference.
fn ends(curve: Vec<Vec<f64>>, others: &[Vec<f64>], draws: &Draws) -> Option<(f64, f64, f64)> {
    let count = draws.off.len();
    let centre = mean(&draws.output);
    let points: Vec<[f64; 2]> = curve
        .iter()
        .map(|column| [column[count], column[count + 1]])
        .collect();
    let mut own = cut(curve, count);
    let mut rest = draws.off.clone();
    for other in others {
        take_out(&mut rest, other, count);
        for column in &mut own {
            take_out(column, other, count);
        }
    }
    // One that follows from the others has nothing that could be told of it.
    if own.is_empty() || own.iter().any(|column| dot(column, column) < 1e-6) {
        return Some((centre, centre, 0.0));
    }
    let gram = DMatrix::from_fn(own.len(), own.len(), |a, b| dot(&own[a], &own[b]));
    let inverse = Cholesky::new(gram)?.inverse();
    let products = DMatrix::from_fn(own.len(), 1, |at, _| dot(&own[at], &rest));
    let slopes = &inverse * &products;
    let freedom = count.saturating_sub(1 + others.len() + own.len()).max(1) as f64;
    let residual = (dot(&rest, &rest) - slopes.dot(&products)).max(0.0) / freedom;
    let at = |end: usize| DMatrix::from_fn(own.len(), 1, |term, _| points[term][end]);
    let (low, high) = (at(0), at(1));
    let apart = &high - &low;
    let variance = residual * (&inverse * &apart).dot(&apart);
    Some((
        centre + slopes.dot(&low),
        centre + slopes.dot(&high),
        variance.max(0.0).sqrt(),
    ))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{normal, stream};
    use super::*;

    /// Output 50 + 4 x0 - 2 x1 + x2 (x2 + 1), with chance: the expected outputs at the quantiles
    /// -1.96 and 1.96 are known, x2 squared being 1 on average. Five standard errors each.
    #[test]
    fn expected_outputs_are_those_of_the_model() {
        let mut dice = stream(121);
        let x = DMatrix::from_fn(390, 40, |_, _| normal(&mut dice));
        let output: Vec<f64> = x
            .row_iter()
            .map(|x| 50.0 + 4.0 * x[0] - 2.0 * x[1] + x[2] * (x[2] + 1.0) + normal(&mut dice))
            .collect();
        let bars = tornado(&x, &output).unwrap();
        let order: Vec<usize> = bars[..3].iter().map(|bar| bar.parameter).collect();
        assert_eq!(order, [0, 1, 2]);
        for (bar, (low, high)) in bars.iter().zip([
            (51.0 - 7.84, 51.0 + 7.84),
            (51.0 + 3.92, 51.0 - 3.92),
            (50.0 + 3.84 - 1.96, 50.0 + 3.84 + 1.96),
        ]) {
            // The sample's own quantiles are off by 5 % of a standard deviation or so.
            assert!((bar.low - low).abs() < 1.2, "{bar:?} {low}");
            assert!((bar.high - high).abs() < 1.2, "{bar:?} {high}");
            assert!(bar.told && bar.se > 0.05 && bar.se < 0.4, "{bar:?}");
        }
        assert!(bars[3..].iter().all(|bar| bar.swing.abs() < 5.0 * bar.se));
    }

    #[test]
    fn more_parameters_than_draws_are_no_obstacle() {
        let mut dice = stream(122);
        let mut x = DMatrix::from_fn(60, 360, |_, _| normal(&mut dice));
        x.column_mut(9).fill(1.0);
        let output: Vec<f64> = x
            .row_iter()
            .map(|x| 5.0 * x[8] + normal(&mut dice))
            .collect();
        let bars = tornado(&x, &output).unwrap();
        assert_eq!((bars.len(), bars[0].parameter), (360, 8));
        let still = bars.iter().find(|bar| bar.parameter == 9).unwrap();
        assert_eq!((still.swing, still.se), (0.0, 0.0));
        assert!(tornado(&x, &output[..59]).is_none());
    }
}
