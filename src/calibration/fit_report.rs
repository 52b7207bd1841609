//! What a fit says, line by line: every target with the model's band, every free parameter with
//! its prior and posterior.

use super::experiment::Experiment;
use super::fit::{Cloud, Fitted};
use super::targets::{Bound, Use};
use crate::bands::quantile::quantile;
use crate::bands::scores;
use crate::parameters::{EvidenceGrade, Parameter};

/// A sample in three numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Lower end of the 95 % interval.
    pub p025: f64,
    /// Mean.
    pub mean: f64,
    /// Upper end.
    pub p975: f64,
}

impl Spread {
    /// Of a sample.
    pub fn of(mut sample: Vec<f64>) -> Spread {
        let mean = sample.iter().sum::<f64>() / sample.len() as f64;
        sample.sort_by(f64::total_cmp);
        Spread {
            p025: quantile(&sample, 0.025),
            mean,
            p975: quantile(&sample, 0.975),
        }
    }
}

/// One target.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetLine {
    /// Name.
    pub name: String,
    /// Kind of fact.
    pub family: String,
    /// Fitted or kept back.
    pub used: Use,
    /// Whether the source gives a bound.
    pub bound: Option<Bound>,
    /// What the source says.
    pub value: f64,
    /// Standard error of the comparison, the chance of runs included.
    pub error: f64,
    /// What the model says before the fit.
    pub prior: Spread,
    /// What it says after it.
    pub model: Spread,
    /// The model's mean less the value, in standard errors; 0 for a bound that is kept.
    pub z: f64,
    /// Out of reach of everything the prior allows, and therefore not fitted.
    pub conflict: bool,
    /// Without a value in some runs of this scale, and therefore not fitted.
    pub unseen: bool,
}

impl TargetLine {
    /// Is the model's mean inside the target's 95 % band?
    pub fn within(&self) -> bool {
        self.z.abs() <= 1.96
    }
}

/// One free parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterLine {
    /// Name.
    pub name: String,
    /// How many parameters it moves.
    pub moves: usize,
    /// The first of them, whose values are told.
    pub first: String,
    /// Its unit.
    pub unit: String,
    /// The poorest grade among them.
    pub grade: EvidenceGrade,
    /// Its value before the fit, with the ends of its distribution.
    pub prior: Spread,
    /// After it.
    pub posterior: Spread,
    /// Mean score of the posterior.
    pub score: f64,
    /// Standard deviation of the posterior's scores over the prior's.
    pub width: f64,
    /// How many yearly figures a direct estimate of it rests on, if there is one.
    pub direct: Option<usize>,
}

/// Every target.
pub fn targets(experiment: &Experiment, fitted: &Fitted) -> Vec<TargetLine> {
    let line = |number: usize| {
        let target = &experiment.targets.all[number];
        let error = target.error.total().hypot(fitted.chance[number]);
        let model = Spread::of(fitted.posterior.values_of(number));
        TargetLine {
            name: target.name.clone(),
            family: target.family.clone(),
            used: target.used,
            bound: target.bound,
            value: target.value,
            error,
            prior: Spread::of(fitted.prior.values_of(number)),
            model,
            z: (model.mean - target.value_for(model.mean)) / error,
            conflict: fitted.conflicts[number],
            unseen: fitted.unseen[number],
        }
    };
    (0..experiment.targets.all.len()).map(line).collect()
}

/// Every free parameter.
pub fn parameters(experiment: &Experiment, fitted: &Fitted) -> Vec<ParameterLine> {
    let table = &experiment.data.parameters;
    let directions = experiment.free.all.iter().enumerate();
    let line = |(number, direction): (usize, &crate::parameters::free::FreeParameter)| {
        let (first, against) = direction.moves.first()?;
        let parameter = table.named(first)?;
        let values = |cloud: &Cloud| {
            let sign = if *against { -1.0 } else { 1.0 };
            let scores = cloud.scores_of(number).into_iter();
            Spread::of(scores.map(|score| parameter.at(sign * score)).collect())
        };
        let members = direction.moves.iter();
        let grade = members
            .filter_map(|(name, _)| table.named(name))
            .map(|p: &Parameter| p.grade)
            .max()?;
        let scores = fitted.posterior.scores_of(number);
        Some(ParameterLine {
            name: direction.name.clone(),
            moves: direction.moves.len(),
            first: first.clone(),
            unit: parameter.unit.clone(),
            grade,
            prior: values(&fitted.prior),
            posterior: values(&fitted.posterior),
            score: Spread::of(scores.clone()).mean,
            width: deviation(&scores) / deviation(&fitted.prior.scores_of(number)),
            direct: fitted
                .direct
                .iter()
                .find(|estimate| estimate.number == number)
                .map(|estimate| estimate.figures),
        })
    };
    directions.filter_map(line).collect()
}

/// Pairs of free parameters whose posterior scores correlate most, strongest first.
pub fn correlations(
    experiment: &Experiment,
    fitted: &Fitted,
    most: usize,
) -> Vec<(String, String, f64)> {
    let scores: Vec<Vec<f64>> = (0..experiment.free.len())
        .map(|direction| {
            let own = fitted.posterior.scores_of(direction);
            let mean = own.iter().sum::<f64>() / own.len() as f64;
            let spread = deviation(&own).max(1e-12) * (own.len() as f64).sqrt();
            own.iter().map(|score| (score - mean) / spread).collect()
        })
        .collect();
    let mut pairs = Vec::new();
    for (i, one) in scores.iter().enumerate() {
        for (j, other) in scores.iter().enumerate().skip(i + 1) {
            let product: f64 = one.iter().zip(other).map(|(a, b)| a * b).sum();
            pairs.push((i, j, product));
        }
    }
    pairs.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
    let name = |number: usize| experiment.free.all[number].name.clone();
    let first = pairs.into_iter().take(most);
    first.map(|(i, j, r)| (name(i), name(j), r)).collect()
}

/// Is this a kept-back value, and no bound, that the model has figures for?
pub fn is_tried(line: &TargetLine) -> bool {
    line.used == Use::Validate && line.bound.is_none() && !line.unseen
}

/// The share of kept-back targets inside the model's central intervals of these levels; the
/// model's draws are spread by the targets' errors, since that is what an observation would be.
pub fn coverage(lines: &[TargetLine], fitted: &Fitted, levels: &[f64]) -> Vec<(f64, f64, usize)> {
    let kept = lines.iter().enumerate().filter(|(_, line)| is_tried(line));
    let below: Vec<f64> = kept
        .map(|(number, line)| {
            scores::below(&fitted.posterior.values_of(number), line.error, line.value)
        })
        .collect();
    levels
        .iter()
        .map(|level| (*level, scores::coverage(&below, *level), below.len()))
        .collect()
}

fn deviation(sample: &[f64]) -> f64 {
    let mean = sample.iter().sum::<f64>() / sample.len() as f64;
    let around = sample.iter().map(|x| (x - mean).powi(2)).sum::<f64>();
    (around / (sample.len().max(2) - 1) as f64).sqrt()
}
