//! Which parameters drive an output most (drivere): the share of the variance between draws that
//! each one makes, its direction, and whether it can be told from chance at all.
//!
//! With more parameters than draws no regression on all of them is possible. Those that can be told
//! from chance are selected one after the other ([`super::selection`]) and regressed on together;
//! each of the others is looked at in what these leave unexplained. Effects are taken to be
//! straight lines in the parameters' scores.
//!
//! A share is the squared effect less the square of its standard error, so that of a parameter
//! without effect it is nothing on average. Shares of parameters that were selected because they
//! came out large are somewhat too large where they are near the least that can be told.

use super::given_data::{Index, first_order};
use super::nested::{jackknife, variance};
use super::polynomial::dot;
use super::selection::{Draws, Selection, select};
use nalgebra::{Cholesky, DMatrix};

/// What one parameter does to the output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Driver {
    /// The parameter's column.
    pub parameter: usize,
    /// Can it be told from chance?
    pub told: bool,
    /// Share of the variance between draws; may be negative.
    pub share: f64,
    /// Standard error of the share.
    pub se: f64,
    /// Change of the output when the parameter rises by one of its standard deviations, those told
    /// being held, in the unit of the output; its sign is the direction.
    pub effect: f64,
    /// Standard error of the effect.
    pub effect_se: f64,
}

/// The parameters of an output, ranked.
#[derive(Clone, Debug, PartialEq)]
pub struct Drivers {
    /// First those told from chance, then the others, each by falling share.
    pub ranked: Vec<Driver>,
    /// How many are told from chance.
    pub told: usize,
    /// Share of the variance between draws that those told explain together.
    pub explained: f64,
    /// Share that all parameters explain by straight lines or, where draws allow, curves, whether
    /// or not each can be told.
    pub all: Index,
    /// A parameter with this share is told from chance in about half of all ensembles like this.
    pub detectable: f64,
    /// Number of draws used.
    pub draws: usize,
}

/// Ranks the parameters that drive an output.
///
/// `scores` has draws in rows and parameters (their standard normal scores, or values that are not
/// much skewed) in columns; `output` is each draw's mean output, NaN where there is none; `noise`
/// the variance of chance in these means, 0 if it is to be counted with the rest. `None` below
/// eight outputs, if the rows are not as many, or if draws do not vary by more than chance.
pub fn drivers(scores: &DMatrix<f64>, output: &[f64], noise: f64) -> Option<Drivers> {
    let draws = Draws::of(scores, output)?;
    let noise = noise.max(0.0);
    let count = draws.off.len() as f64;
    let between = variance(&draws.output) - noise;
    if between.is_nan() || between <= 0.0 {
        return None;
    }
    let selection = select(&draws);
    let rest = dot(&selection.rest, &selection.rest);
    let mut ranked = told(&draws, &selection, noise)?;
    ranked.extend(others(&draws, &selection, between));
    ranked.sort_by(|one, other| {
        let by_share = other.share.total_cmp(&one.share);
        other.told.cmp(&one.told).then(by_share)
    });
    // Of what is unexplained; one degree of freedom belongs to the candidate.
    let unexplained = rest / (selection.freedom + 1.0);
    Some(Drivers {
        ranked,
        told: selection.taken.len(),
        explained: (variance(&draws.output) - unexplained) / between,
        all: first_order(scores, output, noise),
        detectable: selection.least.powi(2) * rest / (count - 1.0) / between,
        draws: draws.off.len(),
    })
}

/// Those selected, by their joint regression; the errors of the shares are the jackknife's.
fn told(draws: &Draws, selection: &Selection, noise: f64) -> Option<Vec<Driver>> {
    let taken = &selection.taken;
    let count = draws.off.len() as f64;
    let column = |at: usize| &draws.scores[taken[at]];
    let gram = DMatrix::from_fn(taken.len(), taken.len(), |a, b| dot(column(a), column(b)));
    let inverse = Cholesky::new(gram)?.inverse();
    let products = DMatrix::from_fn(taken.len(), 1, |at, _| dot(column(at), &draws.off));
    let slopes = &inverse * products;
    let residual = dot(&selection.rest, &selection.rest) / (selection.freedom + 1.0);
    let share = |slope: f64, error: f64, spread: f64, between: f64| {
        (slope * slope - error) * spread / between
    };
    let whole = dot(&draws.off, &draws.off);
    let mut left_out = vec![Vec::with_capacity(draws.off.len()); taken.len()];
    for draw in 0..draws.off.len() {
        // The regression without a draw, in closed form from that with it.
        let row = DMatrix::from_fn(taken.len(), 1, |at, _| column(at)[draw]);
        let pull = &inverse * &row;
        let leverage = 1.0 / count + row.dot(&pull);
        let step = selection.rest[draw] / (1.0 - leverage).max(1e-6);
        let grown = count / (count - 1.0);
        let between = (whole - draws.off[draw].powi(2) * grown) / (count - 2.0) - noise;
        for (at, shares) in left_out.iter_mut().enumerate() {
            let spread = (1.0 - row[at] * row[at] * grown) / (count - 2.0);
            let error = residual * inverse[(at, at)];
            shares.push(share(slopes[at] - pull[at] * step, error, spread, between));
        }
    }
    let between = variance(&draws.output) - noise;
    let one = |(at, shares): (usize, &Vec<f64>)| {
        let error = residual * inverse[(at, at)];
        let unit = 1.0 / (count - 1.0);
        Driver {
            parameter: taken[at],
            told: true,
            share: share(slopes[at], error, unit, between),
            se: jackknife(shares),
            effect: slopes[at] * unit.sqrt(),
            effect_se: (error * unit).sqrt(),
        }
    };
    Some(left_out.iter().enumerate().map(one).collect())
}

/// Those not selected, each by itself in what is unexplained.
fn others<'a>(
    draws: &'a Draws,
    selection: &'a Selection,
    between: f64,
) -> impl Iterator<Item = Driver> + 'a {
    let unit = 1.0 / (draws.off.len() as f64 - 1.0);
    let rest = dot(&selection.rest, &selection.rest);
    let left = (0..draws.scores.len()).filter(|at| !selection.taken.contains(at));
    left.map(move |parameter| {
        let own = &selection.own[parameter];
        let length = dot(own, own);
        // One that has nothing of its own does nothing that could be seen.
        let slope = match length > 1e-9 {
            true => dot(own, &selection.rest) / length,
            false => 0.0,
        };
        let error = match length > 1e-9 {
            true => (rest - slope * slope * length).max(0.0) / selection.freedom / length,
            false => 0.0,
        };
        let spread = (4.0 * slope * slope * error + 2.0 * error * error).sqrt();
        Driver {
            parameter,
            told: false,
            share: (slope * slope - error) * unit / between,
            se: spread * unit / between,
            effect: slope * unit.sqrt(),
            effect_se: (error * unit).sqrt(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{normal, stream};
    use super::*;
    use crate::uncertainty::nested::mean;

    /// 360 parameters, of which three make 50, 20 and 10 % of the variance and the rest the other
    /// 20 %, with as much chance again as a fifth of it.
    fn ensemble(count: usize, seed: u32) -> Drivers {
        let mut dice = stream(seed);
        let x = DMatrix::from_fn(count, 360, |_, _| normal(&mut dice));
        let small = (0.2_f64 / 357.0).sqrt();
        let output: Vec<f64> = x
            .row_iter()
            .map(|x| {
                let large = 0.5_f64.sqrt() * x[7] - 0.2_f64.sqrt() * x[100] + 0.1_f64.sqrt() * x[3];
                let known = x[7] + x[100] + x[3];
                large + small * (x.sum() - known) + 0.2_f64.sqrt() * normal(&mut dice)
            })
            .map(|value| 100.0 * value)
            .collect();
        drivers(&x, &output, 2000.0).unwrap()
    }

    /// Means over 100 ensembles of 391 draws, within 4.5 of their standard errors and 0.01 for the
    /// bias of a ratio; standard errors told within 30 % of the spread seen (known to 7 %).
    #[test]
    fn the_drivers_are_found_with_their_shares() {
        let found: Vec<Drivers> = (0..100).map(|seed| ensemble(391, 2000 + seed)).collect();
        for (parameter, exact, sign) in [(7, 0.5, 1.0), (100, 0.2, -1.0), (3, 0.1, 1.0)] {
            let own: Vec<&Driver> = found
                .iter()
                .flat_map(|one| one.ranked.iter().find(|one| one.parameter == parameter))
                .collect();
            assert!(own.iter().all(|one| one.told && one.effect * sign > 0.0));
            let shares: Vec<f64> = own.iter().map(|one| one.share).collect();
            let seen = variance(&shares).sqrt();
            assert!(
                (mean(&shares) - exact).abs() < 0.45 * seen + 0.01,
                "{}",
                mean(&shares)
            );
            let told = own.iter().map(|one| one.se).sum::<f64>() / 100.0;
            assert!(
                (told / seen - 1.0).abs() < 0.3,
                "{parameter}: {told} {seen}"
            );
        }
        let all: Vec<f64> = found.iter().map(|one| one.all.share).collect();
        let error = variance(&all).sqrt() / 10.0;
        assert!(
            (mean(&all) - 1.0).abs() < 4.5 * error + 0.02,
            "{} {error}",
            mean(&all)
        );
        assert!(found.iter().all(|one| one.detectable < 0.05));
        // Parameters of half a thousandth each are told where chance helps them only.
        let more: usize = found.iter().map(|one| one.told - 3).sum();
        assert!(more < 60, "{more}");
    }

    /// The least share that 60 draws can tell of 360 parameters is about a quarter, so that of one
    /// half is told in nearly all ensembles and the shares of a tenth and less hardly ever.
    #[test]
    fn few_draws_tell_only_the_strongest_and_say_so() {
        let found: Vec<Drivers> = (0..40).map(|seed| ensemble(60, 3000 + seed)).collect();
        let told = |parameter: usize| {
            let in_one = |one: &&Drivers| {
                let those = &one.ranked[..one.told];
                those.iter().any(|one| one.parameter == parameter)
            };
            found.iter().filter(in_one).count()
        };
        assert!(told(7) >= 35 && told(3) <= 20, "{} {}", told(7), told(3));
        for one in &found {
            assert!(one.detectable > 0.03 && one.told < 10 && one.draws == 60);
            assert_eq!(one.ranked.len(), 360);
            assert!(one.ranked[one.told..].iter().all(|one| !one.told));
        }
    }

    /// Where nothing is told, shares are nothing on average: 100 x 50 of them.
    #[test]
    fn parameters_without_effect_have_no_share() {
        let mut dice = stream(111);
        let (mut sum, mut told) = (0.0, 0.0);
        for _ in 0..100 {
            let x = DMatrix::from_fn(80, 50, |_, _| normal(&mut dice));
            let output: Vec<f64> = (0..80).map(|_| normal(&mut dice)).collect();
            let found = drivers(&x, &output, 0.0).unwrap();
            let others = &found.ranked[found.told..];
            sum += others.iter().map(|one| one.share).sum::<f64>();
            told += others.iter().map(|one| one.se * one.se).sum::<f64>();
        }
        // A few that chance made large are told, and gone from the sum: it lies a little below.
        assert!(sum.abs() < 4.5 * told.sqrt() + 1.5, "{sum} {told}");
    }

    #[test]
    fn what_does_not_vary_has_no_drivers() {
        let x = DMatrix::from_fn(20, 2, |row, _| row as f64);
        assert!(drivers(&x, &[3.0; 20], 0.0).is_none());
        let line: Vec<f64> = (0..20).map(f64::from).collect();
        assert!(drivers(&x, &line, 1e6).is_none());
        // Two copies of one parameter, which explains everything.
        let found = drivers(&x, &line, 0.0).unwrap();
        assert_eq!((found.told, found.ranked[1].share), (1, 0.0));
        assert!((found.explained - 1.0).abs() < 1e-9);
    }
}
