//! Net benefits (nettonytte) of the options of a decision, draw by draw, and what it would be worth
//! to know everything (expected value of perfect information, EVPI).

use super::nested::{mean, variance};
use nalgebra::{DMatrix, SymmetricEigen};

/// The mean net benefit of each option in each draw, and the chance in these means.
#[derive(Clone, Debug, PartialEq)]
pub struct Benefits {
    /// Draws in rows, options in columns, in the unit of the benefit.
    pub means: DMatrix<f64>,
    /// Covariance of the chance in a draw's means, options by options; all 0 if it is not known.
    pub noise: DMatrix<f64>,
}

impl Benefits {
    /// Takes the net benefits of runs, which lie by draw, then by seed, then by option. With one
    /// seed the chance in the means is not known. A draw with a value that is not finite has
    /// means of NaN and is left out by what is computed of them.
    ///
    /// `None` if the values are not as many as draws times seeds times options, or are none.
    pub fn of_runs(values: &[f64], draws: usize, seeds: usize, options: usize) -> Option<Benefits> {
        if values.is_empty() || values.len() != draws * seeds * options {
            return None;
        }
        let at = |draw: usize, seed: usize, option: usize| {
            values[(draw * seeds + seed) * options + option]
        };
        let means = DMatrix::from_fn(draws, options, |draw, option| {
            let of_seeds = (0..seeds).map(|seed| at(draw, seed, option));
            of_seeds.sum::<f64>() / seeds as f64
        });
        let mut noise = DMatrix::zeros(options, options);
        let whole = whole_rows(&means);
        if seeds > 1 {
            for draw in &whole {
                for seed in 0..seeds {
                    let off = |option: usize| at(*draw, seed, option) - means[(*draw, option)];
                    noise += DMatrix::from_fn(options, options, |one, other| off(one) * off(other));
                }
            }
            noise /= (whole.len().max(1) * (seeds - 1) * seeds) as f64;
        }
        Some(Benefits { means, noise })
    }

    /// The draws of which all options are known.
    pub(super) fn whole(&self) -> Vec<usize> {
        whole_rows(&self.means)
    }

    /// What each option brings more than the first, in the draws given.
    pub(super) fn gains(&self, draws: &[usize]) -> DMatrix<f64> {
        let options = self.means.ncols().saturating_sub(1);
        DMatrix::from_fn(draws.len(), options, |row, option| {
            self.means[(draws[row], option + 1)] - self.means[(draws[row], 0)]
        })
    }
}

fn whole_rows(means: &DMatrix<f64>) -> Vec<usize> {
    let whole = |draw: &usize| means.row(*draw).iter().all(|value| value.is_finite());
    (0..means.nrows()).filter(whole).collect()
}

/// The value of knowing everything that parameters decide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evpi {
    /// In the unit of the benefit for each time that the decision is taken.
    pub value: f64,
    /// Standard error, from the number of draws.
    pub se: f64,
    /// The value before the chance in the means is taken out, which makes it too large.
    pub uncorrected: f64,
    /// Number of draws used.
    pub draws: usize,
}

/// The expected value of perfect information about the parameters: the expected benefit of the
/// option that is best in each draw, less that of the option that is best on average.
///
/// Chance in a draw's means looks like something that could be known. It is taken out by shrinking
/// the options' gains over the first towards their means, until their covariance is what it would
/// be without chance; that is exact if the gains are normal. `None` below two options or two draws.
///
/// Source: Raiffa and Schlaifer (1961), Applied Statistical Decision Theory, Harvard Business
/// School, for the value; the shrinking is that of empirical Bayes, as in Louis (1984), Estimating
/// a population of parameter values using Bayes and empirical Bayes methods, Journal of the
/// American Statistical Association 79(386), 393-398, doi 10.1080/01621459.1984.10478062.
pub fn evpi(benefits: &Benefits) -> Option<Evpi> {
    let whole = benefits.whole();
    let gains = benefits.gains(&whole);
    if whole.len() < 2 || gains.ncols() == 0 {
        return None;
    }
    let shrunk = without_noise(&gains, &gain_noise(&benefits.noise));
    let (value, se) = value_of_knowing(&shrunk);
    Some(Evpi {
        value,
        se,
        uncorrected: value_of_knowing(&gains).0,
        draws: whole.len(),
    })
}

/// The mean of the best gain, 0 being that of the first option, less the best mean; and the
/// standard error from the number of draws.
pub(super) fn value_of_knowing(gains: &DMatrix<f64>) -> (f64, f64) {
    let means: Vec<f64> = gains.column_iter().map(|column| column.mean()).collect();
    let best = (0..means.len())
        .filter(|option| means[*option] > 0.0)
        .max_by(|one, other| means[*one].total_cmp(&means[*other]));
    let regret = |draw: usize| {
        let greatest = gains.row(draw).iter().copied().fold(0.0, f64::max);
        greatest - best.map_or(0.0, |option| gains[(draw, option)])
    };
    let regrets: Vec<f64> = (0..gains.nrows()).map(regret).collect();
    let se = (variance(&regrets) / regrets.len() as f64).sqrt();
    (mean(&regrets), se)
}

/// The covariance of gains over the first option.
fn gain_noise(noise: &DMatrix<f64>) -> DMatrix<f64> {
    let options = noise.nrows().saturating_sub(1);
    DMatrix::from_fn(options, options, |one, other| {
        noise[(one + 1, other + 1)] - noise[(one + 1, 0)] - noise[(0, other + 1)] + noise[(0, 0)]
    })
}

fn without_noise(gains: &DMatrix<f64>, noise: &DMatrix<f64>) -> DMatrix<f64> {
    let centre = gains.row_mean();
    let mut off = gains.clone();
    for mut row in off.row_iter_mut() {
        row -= &centre;
    }
    let seen = off.transpose() * &off / (off.nrows() - 1) as f64;
    if noise.iter().all(|value| *value == 0.0) {
        return gains.clone();
    }
    let known = &seen - noise;
    let shrink = power(seen, -0.5) * power(known, 0.5);
    let mut shrunk = off * shrink;
    for mut row in shrunk.row_iter_mut() {
        row += &centre;
    }
    shrunk
}

/// A power of a symmetric matrix; directions without variance, or with less, give 0.
fn power(of: DMatrix<f64>, exponent: f64) -> DMatrix<f64> {
    let eigen = SymmetricEigen::new(of);
    let least = 1e-12 * eigen.eigenvalues.amax();
    let raised = eigen.eigenvalues.map(|value| match value > least {
        true => value.powf(exponent),
        false => 0.0,
    });
    &eigen.eigenvectors * DMatrix::from_diagonal(&raised) * eigen.eigenvectors.transpose()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{gain, normal, stream};
    use super::*;

    /// A gain of mean 1 and standard deviation 2 between draws, with chance of deviation 4 between
    /// runs: 2000 draws of 4 seeds tell the value to a standard error of about 0.02.
    #[test]
    fn the_value_is_that_of_the_closed_form_without_chance() {
        let mut dice = stream(81);
        let (draws, seeds) = (2000, 4);
        let mut values = Vec::new();
        for _ in 0..draws {
            let level = 50.0 * normal(&mut dice);
            let own = 1.0 + 2.0 * normal(&mut dice);
            for _ in 0..seeds {
                let run = level + 3.0 * normal(&mut dice);
                values.extend([run, run + own + 4.0 * normal(&mut dice)]);
            }
        }
        let benefits = Benefits::of_runs(&values, draws, seeds, 2).unwrap();
        let found = evpi(&benefits).unwrap();
        let exact = gain(1.0, 2.0);
        assert!(
            (found.value - exact).abs() < 4.0 * found.se,
            "{found:?} {exact}"
        );
        assert!(found.se < 0.03);
        // Without the correction it is the value of a gain of deviation sqrt(8).
        assert!((found.uncorrected - gain(1.0, 8.0_f64.sqrt())).abs() < 0.1);
        assert!(found.uncorrected > exact + 0.2);
    }

    #[test]
    fn the_answer_by_hand() {
        // Best by draw 3, 5, 4; best on average the second with 2 + 5 + 3.
        let means = DMatrix::from_row_slice(3, 3, &[3., 2., 0., 0., 5., 1., 4., 3., 2.]);
        let noise = DMatrix::zeros(3, 3);
        let found = evpi(&Benefits { means, noise }).unwrap();
        assert!((found.value - (12.0 - 10.0) / 3.0).abs() < 1e-12);
        assert_eq!(found.value, found.uncorrected);
    }

    #[test]
    fn gaps_are_left_out_and_no_choice_has_no_value() {
        let values = [1.0, 2.0, f64::NAN, 5.0, 4.0, 3.0];
        let benefits = Benefits::of_runs(&values, 3, 1, 2).unwrap();
        assert_eq!(evpi(&benefits).unwrap().draws, 2);
        assert!(evpi(&Benefits::of_runs(&values, 6, 1, 1).unwrap()).is_none());
        assert!(Benefits::of_runs(&values, 2, 2, 2).is_none());
    }
}
