//! The points that the model is tried at: draws of the posterior, or of the prior.

use crate::calibration::{Experiment, cloud};
use crate::dice::Key;
use crate::engine::Walk;
use crate::parameters::Posterior;
use rayon::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// Seed of the prior's scrambling; a fit has others.
const SCRAMBLING: u32 = 0x7a11_da7e;

/// Where draws come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The joint fit to the targets.
    Posterior,
    /// Evidence and judgement alone, before any fit.
    Prior,
}

impl Source {
    /// Its name in results.
    pub fn id(self) -> &'static str {
        match self {
            Source::Posterior => "posterior",
            Source::Prior => "prior",
        }
    }
}

/// Points in the space of the free parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    /// Where they come from.
    pub source: Source,
    /// By point: one score for each free parameter.
    pub scores: Vec<Vec<f64>>,
    /// How many free parameters have their score from the fit. The others keep their prior: the
    /// fit did not have them, or had other values or distributions of theirs.
    pub fitted: usize,
}

impl Points {
    /// Draws of the prior.
    pub fn prior(experiment: &Experiment, number: usize) -> Points {
        let cloud = cloud::prior(experiment.free.len(), number, SCRAMBLING, &[]);
        let point = |member| cloud.column(member).iter().copied().collect();
        Points {
            source: Source::Prior,
            scores: (0..number).map(point).collect(),
            fitted: 0,
        }
    }

    /// Draws of a posterior, evenly over its list (at most as many as it has); of the prior where
    /// there is none.
    pub fn draw(experiment: &Experiment, posterior: Option<&Posterior>, number: usize) -> Points {
        let Some(posterior) = posterior else {
            return Points::prior(experiment, number);
        };
        let number = number.min(posterior.draws.len());
        let mut points = Points {
            source: Source::Posterior,
            ..Points::prior(experiment, number)
        };
        let parameters = &experiment.data.parameters;
        for (place, direction) in experiment.free.all.iter().enumerate() {
            let print = direction.fingerprint(parameters);
            let known = posterior
                .names
                .iter()
                .position(|name| *name == direction.name);
            let Some(column) =
                known.filter(|_| posterior.fingerprints.get(&direction.name) == Some(&print))
            else {
                continue;
            };
            points.fitted += 1;
            for (point, scores) in points.scores.iter_mut().enumerate() {
                let row = point * posterior.draws.len() / number;
                scores[place] = f64::from(posterior.draws[row][column]);
            }
        }
        points
    }
}

/// How far the work has come.
#[derive(Debug, Default)]
pub struct Progress {
    /// Points tried.
    pub points: AtomicU64,
}

/// What the model says at points.
#[derive(Clone, Debug)]
pub struct Said {
    /// By point, by target.
    values: Vec<Vec<f64>>,
    /// Points at which no model can be built.
    pub left_out: usize,
    /// What the first of them led to.
    pub complaint: Option<String>,
}

impl Said {
    /// A target's values, one a point; those that are no number (a share of nobody) are left out.
    pub fn of(&self, target: usize) -> Vec<f64> {
        let own = self.values.iter().map(|point| point[target]);
        own.filter(|value| value.is_finite()).collect()
    }
}

/// Tries the points, each with a seed of its own, so that what is said spreads by parameters and
/// by chance. The same on any number of threads.
pub fn tried(experiment: &Experiment, points: &Points, progress: &Progress) -> Said {
    let run = |walk: &mut Walk, (number, scores): (usize, &Vec<f64>)| {
        let model = experiment.model(scores);
        let key = Key::new(number as u64 + 1, 0);
        let values = model.map(|model| experiment.survey().take(&model, key, walk));
        progress.points.fetch_add(1, Ordering::Relaxed);
        values.map_err(|problem| problem.to_string())
    };
    let all: Vec<Result<Vec<f64>, String>> = points
        .scores
        .par_iter()
        .enumerate()
        .map_init(Walk::default, run)
        .collect();
    let complaint = all.iter().find_map(|own| own.clone().err());
    let values: Vec<Vec<f64>> = all.into_iter().filter_map(Result::ok).collect();
    Said {
        left_out: points.scores.len() - values.len(),
        values,
        complaint,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::Targets;
    use crate::evidence::DataFolder;
    use crate::parameters::{FreeParameters, ModelData};
    use std::collections::BTreeMap;

    fn experiment(free: Option<FreeParameters>) -> Experiment {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        let read = || FreeParameters::read(&data.folder, &data.parameters).unwrap();
        let free = free.unwrap_or_else(read);
        Experiment::on(data, free, Targets::default(), 2019, (0.02, 1)).unwrap()
    }

    #[test]
    fn what_the_fit_knows_is_its_own_and_the_rest_keeps_its_prior() {
        let experiment = experiment(None);
        let names: Vec<String> = experiment.free.all.iter().map(|f| f.name.clone()).collect();
        let print = |n: usize| experiment.free.all[n].fingerprint(&experiment.data.parameters);
        let posterior = Posterior {
            draws: vec![
                vec![0.25, 0.5],
                vec![1.25, 1.5],
                vec![2.25, 2.5],
                vec![3.25, 3.5],
            ],
            names: names[..2].to_vec(),
            fingerprints: BTreeMap::from([
                (names[0].clone(), print(0)),
                (names[1].clone(), "of other values".into()),
            ]),
            ..Posterior::default()
        };
        let points = Points::draw(&experiment, Some(&posterior), 2);
        let prior = Points::prior(&experiment, 2);
        assert_eq!((points.fitted, points.source), (1, Source::Posterior));
        for (point, own) in [0.25, 2.25].iter().enumerate() {
            assert_eq!(points.scores[point][0], *own);
            assert_eq!(points.scores[point][1..], prior.scores[point][1..]);
        }
        // No more draws than there are.
        assert_eq!(
            Points::draw(&experiment, Some(&posterior), 9).scores.len(),
            4
        );
        assert_eq!(Points::draw(&experiment, None, 2), prior);
    }

    #[test]
    fn without_directions_all_points_are_the_parameters_as_read() {
        let experiment = experiment(Some(FreeParameters::default()));
        let points = Points::prior(&experiment, 3);
        assert_eq!(points.scores, vec![Vec::<f64>::new(); 3]);
    }
}
