//! Which of many parameters can be told from chance: forward selection with a guard against the
//! number of parameters that are looked at (forlengs utvelgelse).
//!
//! The parameter that hangs together most with what is not yet explained is taken in, as long as
//! its t statistic would be exceeded in fewer than a stated share of ensembles by the greatest of
//! as many parameters without effect. What has been explained does no longer hide the next one.
//!
//! Source: Šidák (1967), Rectangular confidence regions for the means of multivariate normal
//! distributions, Journal of the American Statistical Association 62(318), 626-633,
//! doi 10.1080/01621459.1967.10482935, for the guard; Miller (2002), Subset Selection in
//! Regression, 2nd edition, Chapman and Hall, doi 10.1201/9781420035933, for the selection.

use super::nested::mean;
use super::polynomial::{dot, take_out};
use super::ranks::standardised;
use nalgebra::DMatrix;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Share of ensembles in which a parameter without effect may be taken in where there are no
/// others.
pub const FALSE_ALARM: f64 = 0.05;

/// At least so many draws for each parameter taken in.
const DRAWS_PER_PARAMETER: usize = 4;

/// A parameter of which less than this share is its own, beside those taken in, is not looked at.
const OWN: f64 = 0.01;

/// The draws of which an output is known, with their parameters.
pub(super) struct Draws {
    /// Each parameter, centred and of length 1; all 0 if it does not vary.
    pub scores: Vec<Vec<f64>>,
    /// The output.
    pub output: Vec<f64>,
    /// The output less its mean.
    pub off: Vec<f64>,
    /// Positions of the draws among those given.
    pub known: Vec<usize>,
}

impl Draws {
    /// Takes parameters with draws in rows, and an output with NaN where there is none; `None`
    /// below eight outputs, or if the rows are not as many.
    pub fn of(parameters: &DMatrix<f64>, output: &[f64]) -> Option<Draws> {
        let known: Vec<usize> = (0..output.len())
            .filter(|draw| output[*draw].is_finite())
            .collect();
        if parameters.nrows() != output.len() || known.len() < 8 {
            return None;
        }
        let columns: Vec<Vec<f64>> = parameters
            .column_iter()
            .map(|column| known.iter().map(|draw| column[*draw]).collect())
            .collect();
        let output: Vec<f64> = known.iter().map(|draw| output[*draw]).collect();
        let centre = mean(&output);
        Some(Draws {
            scores: columns.iter().map(|column| standardised(column)).collect(),
            off: output.iter().map(|value| value - centre).collect(),
            output,
            known,
        })
    }
}

/// What forward selection comes to.
pub(super) struct Selection {
    /// The parameters taken in, in that order.
    pub taken: Vec<usize>,
    /// The output that they leave unexplained.
    pub rest: Vec<f64>,
    /// What each parameter has beside those taken in.
    pub own: Vec<Vec<f64>>,
    /// Degrees of freedom that are left.
    pub freedom: f64,
    /// The least correlation with the rest that would have been taken in.
    pub least: f64,
}

/// Selects among the parameters of these draws.
pub(super) fn select(draws: &Draws) -> Selection {
    let count = draws.off.len();
    let mut found = Selection {
        taken: Vec::new(),
        rest: draws.off.clone(),
        own: draws.scores.clone(),
        freedom: count as f64 - 2.0,
        least: 1.0,
    };
    let whole = dot(&draws.off, &draws.off);
    while found.taken.len() < count / DRAWS_PER_PARAMETER {
        let left = dot(&found.rest, &found.rest);
        let candidates: Vec<(f64, usize)> = (0..found.own.len())
            .filter(|at| !found.taken.contains(at))
            .filter_map(|at| {
                let own = dot(&found.own[at], &found.own[at]);
                let common = dot(&found.own[at], &found.rest).powi(2) / own;
                (own > OWN).then_some((common / left, at))
            })
            .collect();
        found.least = least(candidates.len(), found.freedom);
        let best = candidates.into_iter().max_by(|a, b| a.0.total_cmp(&b.0));
        // A rest of nothing but rounding has nothing more to tell.
        match best {
            Some((square, at)) if square.sqrt() > found.least && left > 1e-18 * whole => {
                found.take(at);
            }
            _ => break,
        }
    }
    found
}

impl Selection {
    fn take(&mut self, at: usize) {
        let mut direction = self.own[at].clone();
        let length = super::polynomial::norm(&direction);
        direction.iter_mut().for_each(|value| *value /= length);
        let count = direction.len();
        take_out(&mut self.rest, &direction, count);
        for own in &mut self.own {
            take_out(own, &direction, count);
        }
        self.taken.push(at);
        self.freedom -= 1.0;
    }
}

/// The least correlation, with these degrees of freedom, that as many parameters without effect
/// exceed in [`FALSE_ALARM`] of ensembles.
fn least(candidates: usize, freedom: f64) -> f64 {
    let each = 1.0 - (1.0 - FALSE_ALARM).powf(1.0 / candidates.max(1) as f64);
    match StudentsT::new(0.0, 1.0, freedom) {
        Ok(student) => {
            let t = student.inverse_cdf(1.0 - each / 2.0);
            t / (freedom + t * t).sqrt()
        }
        Err(_) => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{normal, stream};
    use super::*;

    /// 5 % of ensembles without effects take something in: of 200 a binomial is below 23 but in
    /// 1 of 5000 cases, and above 0 but in 1 of 28 000.
    #[test]
    fn chance_is_taken_in_as_seldom_as_stated() {
        for (count, number, seed) in [(60, 360, 101), (390, 30, 102)] {
            let mut dice = stream(seed);
            let mut alarms = 0;
            for _ in 0..200 {
                let x = DMatrix::from_fn(count, number, |_, _| normal(&mut dice));
                let output: Vec<f64> = (0..count).map(|_| normal(&mut dice)).collect();
                alarms += usize::from(!select(&Draws::of(&x, &output).unwrap()).taken.is_empty());
            }
            assert!((1..23).contains(&alarms), "{count}: {alarms}");
        }
    }

    #[test]
    fn the_strong_step_aside_for_the_weaker() {
        let mut dice = stream(103);
        let x = DMatrix::from_fn(200, 300, |_, _| normal(&mut dice));
        let output: Vec<f64> = x
            .row_iter()
            .map(|x| 10.0 * x[4] - 4.0 * x[17] + 1.5 * x[250] + normal(&mut dice))
            .collect();
        let found = select(&Draws::of(&x, &output).unwrap());
        assert_eq!(found.taken[..3], [4, 17, 250]);
        assert!(found.taken.len() <= 4);
    }

    #[test]
    fn copies_and_constants_are_not_taken_in() {
        let mut dice = stream(104);
        let mut x = DMatrix::from_fn(50, 3, |_, _| normal(&mut dice));
        let first = x.column(0).into_owned();
        x.set_column(1, &(&first * 3.0));
        x.column_mut(2).fill(0.7);
        let output: Vec<f64> = first.iter().map(|x| 2.0 * x).collect();
        let found = select(&Draws::of(&x, &output).unwrap());
        assert_eq!(found.taken.len(), 1);
        assert!(select(&Draws::of(&x, &[4.0; 50]).unwrap()).taken.is_empty());
        assert!(Draws::of(&x, &output[..7]).is_none());
    }
}
