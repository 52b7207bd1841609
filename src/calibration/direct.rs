//! Direct estimates (direkte estimat): parameters that a series of yearly figures gives as a rate.
//!
//! The figures of several years, on the log-odds scale, are normal around a level with the spread
//! from year to year unknown; the conjugate prior (normal-inverse-gamma) is worth little more than
//! nothing. The level's posterior is the prior of the joint fit in the place of the parameter's
//! own distribution, so that no figure is used twice: figures named here are not targets.

use super::targets::FILE;
use crate::evidence::Facts;
use crate::parameters::table::toml_problem;
use crate::parameters::{FreeParameters, ModelData};
use crate::words::Problem;
use crate::words::problem::line_of;
use serde::Deserialize;
use toml::Spanned;

/// Figures that the prior is worth.
const PRIOR_FIGURES: f64 = 0.25;
/// The prior's shape: two degrees of freedom.
const PRIOR_SHAPE: f64 = 1.0;
/// The prior's guess at the spread from year to year, log-odds: some ten per cent of a rate.
const PRIOR_SPREAD: f64 = 0.1;

/// A free parameter's prior in the fit, as a direct estimate gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Position of the free parameter.
    pub number: usize,
    /// The parameter's full name.
    pub parameter: String,
    /// Mean score.
    pub centre: f64,
    /// Standard deviation of the score.
    pub spread: f64,
    /// How many yearly figures it rests on.
    pub figures: usize,
}

#[derive(Deserialize)]
struct RawFile {
    #[serde(default)]
    rate: Vec<RawRate>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRate {
    parameter: Spanned<String>,
    facts: Vec<String>,
    #[allow(dead_code)]
    reasoning: String,
}

/// The direct estimates that the file of targets asks for (`[[rate]]`).
///
/// # Errors
/// A [`Problem`] for a parameter that does not move by itself, or a fact without a share.
pub fn estimates(data: &ModelData, free: &FreeParameters) -> Result<Vec<Estimate>, Problem> {
    if !data.folder.has(FILE) {
        return Ok(Vec::new());
    }
    let (text, file) = (data.folder.read(FILE)?, data.folder.name(FILE));
    let raw: RawFile = toml::from_str(&text).map_err(|error| toml_problem(&file, &text, &error))?;
    let estimate = |rate: &RawRate| {
        let complaint = |message: &str| {
            Problem::in_file(&file, message)
                .at(line_of(&text, rate.parameter.span().start))
                .about("parameter", rate.parameter.get_ref().clone())
        };
        let name = rate.parameter.get_ref();
        let alone = |moves: &[(String, bool)]| moves.len() == 1 && moves[0].0 == *name;
        let number = free.all.iter().position(|own| alone(&own.moves));
        let (Some(number), Some(parameter)) = (number, data.parameters.named(name)) else {
            let names = free.all.iter().map(|own| own.name.as_str());
            let problem = complaint("no free parameter moves this one and nothing else");
            return Err(problem.nearest(name, names));
        };
        let figures = figures(&rate.facts, &data.facts).ok_or_else(|| {
            complaint("its facts must be two or more, each a share between 0 and 1")
        })?;
        let (mean, sd) = level(&figures, log_odds(parameter.value));
        let share = |x: f64| 1.0 / (1.0 + (-x).exp());
        let score = |x: f64| parameter.score_of(share(x));
        Ok(Estimate {
            number,
            parameter: name.clone(),
            centre: score(mean),
            spread: (score(mean + sd) - score(mean - sd)) / 2.0,
            figures: figures.len(),
        })
    };
    raw.rate.iter().map(estimate).collect()
}

fn log_odds(share: f64) -> f64 {
    (share / (1.0 - share)).ln()
}

fn figures(ids: &[String], facts: &Facts) -> Option<Vec<f64>> {
    let shares: Option<Vec<f64>> = ids
        .iter()
        .map(|id| {
            facts
                .get(id)?
                .value
                .filter(|share| *share > 0.0 && *share < 1.0)
        })
        .collect();
    shares
        .filter(|shares| shares.len() >= 2)
        .map(|shares| shares.into_iter().map(log_odds).collect())
}

/// Mean and standard deviation of the level behind figures, all in log-odds.
fn level(figures: &[f64], prior_mean: f64) -> (f64, f64) {
    let count = figures.len() as f64;
    let mean = figures.iter().sum::<f64>() / count;
    let around: f64 = figures.iter().map(|y| (y - mean).powi(2)).sum();
    let weight = PRIOR_FIGURES + count;
    let shape = PRIOR_SHAPE + count / 2.0;
    let apart = PRIOR_FIGURES * count * (mean - prior_mean).powi(2) / weight;
    let rate = PRIOR_SHAPE * PRIOR_SPREAD.powi(2) + (around + apart) / 2.0;
    let centre = (PRIOR_FIGURES * prior_mean + count * mean) / weight;
    // The marginal is Student's t with twice the shape as its degrees of freedom.
    (centre, (rate / ((shape - 1.0) * weight)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_and_steadier_figures_narrow_the_level() {
        let few = level(&[-2.0, -1.9], -2.5);
        let many = level(&[-2.0, -1.9, -2.0, -1.9, -2.0, -1.9], -2.5);
        let unsteady = level(&[-2.4, -1.5, -2.4, -1.5, -2.4, -1.5], -2.5);
        assert!(
            many.1 < few.1 && many.1 < unsteady.1,
            "{few:?} {many:?} {unsteady:?}"
        );
        assert!((many.0 + 1.95).abs() < 0.03, "{many:?}");
        assert!(few.0 < -1.95 && few.0 > -2.1, "{few:?}");
    }

    /// The closed form against numerical integration of the same model.
    #[test]
    fn the_level_is_the_posterior_mean_and_spread() {
        let figures = [-2.1, -1.8, -2.0];
        let prior = -2.3;
        let (mut mass, mut first, mut second) = (0.0, 0.0, 0.0);
        for i in 0..400 {
            let level = -2.0 + (f64::from(i) - 200.0) * 0.005;
            for j in 1..600 {
                let variance = f64::from(j) * 0.0005;
                let b = PRIOR_SHAPE * PRIOR_SPREAD.powi(2);
                let mut log = -(PRIOR_SHAPE + 1.0) * variance.ln() - b / variance;
                let spread = variance / PRIOR_FIGURES;
                log += -0.5 * spread.ln() - (level - prior).powi(2) / (2.0 * spread);
                for y in figures {
                    log += -0.5 * variance.ln() - (y - level).powi(2) / (2.0 * variance);
                }
                let weight = log.exp();
                mass += weight;
                first += weight * level;
                second += weight * level * level;
            }
        }
        let mean = first / mass;
        let sd = (second / mass - mean * mean).sqrt();
        let found = level(&figures, prior);
        assert!((found.0 - mean).abs() < 0.01, "{found:?} {mean}");
        assert!((found.1 / sd - 1.0).abs() < 0.1, "{found:?} {sd}");
    }
}
