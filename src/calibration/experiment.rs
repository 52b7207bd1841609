//! The experiment (forsøket): a point in the space of the free parameters in, the model's values
//! for every target out.

use super::survey::Survey;
use super::targets::{self, Targets};
use crate::dice::Key;
use crate::engine::Walk;
use crate::parameters::{FreeParameters, ModelData};
use crate::runs::Model;
use crate::words::{Problem, Year};
use rayon::prelude::*;

/// Seeds that belong to one set of runs: those behind the points, and the others that their chance
/// is estimated from.
const SET: u64 = 1_000;

/// How a point is tried.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// The data, with the parameters as they were read.
    pub data: ModelData,
    /// The directions.
    pub free: FreeParameters,
    /// The targets, fitted and kept back.
    pub targets: Targets,
    survey: Survey,
    base_year: Year,
    scale: f64,
    seeds: u64,
    /// First seed of the runs behind every point: the same for all, so that points differ by their
    /// parameters and not by luck (common random numbers).
    first_seed: u64,
}

impl Experiment {
    /// The experiment on a data folder's own targets.
    ///
    /// # Errors
    /// A [`Problem`] in the files of free parameters or targets.
    pub fn new(
        data: ModelData,
        base_year: Year,
        scale: f64,
        seeds: u64,
    ) -> Result<Experiment, Problem> {
        let free = FreeParameters::read(&data.folder, &data.parameters)?;
        let targets = Targets::read(&data, targets::FILE, base_year)?;
        Experiment::on(data, free, targets, base_year, (scale, seeds))
    }

    /// The experiment with directions and targets of one's own; scale, and seeds behind a point.
    ///
    /// # Errors
    /// A [`Problem`] for a target that outputs do not hold.
    pub fn on(
        data: ModelData,
        free: FreeParameters,
        targets: Targets,
        base_year: Year,
        (scale, seeds): (f64, u64),
    ) -> Result<Experiment, Problem> {
        let survey = Survey::new(&data, &targets, base_year, scale)?;
        Ok(Experiment {
            data,
            free,
            targets,
            survey,
            base_year,
            scale,
            seeds,
            first_seed: 1,
        })
    }

    /// The same experiment with another set of seeds behind its points (0 is the ordinary one).
    pub fn with_seeds_of(mut self, set: u64) -> Experiment {
        self.first_seed = 1 + set * SET;
        self
    }

    /// The model at a point.
    ///
    /// # Errors
    /// A [`Problem`] if no model can be built there.
    pub fn model(&self, scores: &[f64]) -> Result<Model, Problem> {
        let mut data = self.data.clone();
        self.free.apply(&mut data.parameters, scores);
        Model::build_supply(data, self.base_year, self.scale)
    }

    /// Each target's value at a point, mean over the seeds.
    ///
    /// # Errors
    /// As [`Experiment::model`].
    pub fn values(&self, scores: &[f64], walk: &mut Walk) -> Result<Vec<f64>, Problem> {
        let model = self.model(scores)?;
        let mut sums = vec![0.0; self.targets.all.len()];
        for seed in self.first_seed..self.first_seed + self.seeds {
            let values = self.survey.take(&model, Key::new(seed, 0), walk);
            sums.iter_mut()
                .zip(values)
                .for_each(|(sum, value)| *sum += value);
        }
        Ok(sums
            .into_iter()
            .map(|sum| sum / self.seeds as f64)
            .collect())
    }

    /// Standard error of each target's value at a point (mean over the seeds behind it) that comes
    /// from the chance of its runs, estimated from so many other seeds.
    ///
    /// # Errors
    /// As [`Experiment::model`].
    pub fn chance(&self, scores: &[f64], seeds: u64) -> Result<Vec<f64>, Problem> {
        let one = self.chance_of_one(scores, seeds)?;
        let behind = self.seeds as f64;
        Ok(one.into_iter().map(|error| error / behind.sqrt()).collect())
    }

    /// By how much each target's value differs from one run at a point to the next: the standard
    /// deviation over so many seeds, none of them among those behind the points.
    ///
    /// # Errors
    /// As [`Experiment::model`].
    pub fn chance_of_one(&self, scores: &[f64], seeds: u64) -> Result<Vec<f64>, Problem> {
        let model = self.model(scores)?;
        let first = self.first_seed + self.seeds;
        let runs: Vec<Vec<f64>> = (first..first + seeds)
            .into_par_iter()
            .map_init(Walk::default, |walk, seed| {
                self.survey.take(&model, Key::new(seed, 0), walk)
            })
            .collect();
        let of_target = |target: usize| {
            let values = runs.iter().map(|run| run[target]);
            let mean = values.clone().sum::<f64>() / seeds as f64;
            let variance = values.map(|x| (x - mean).powi(2)).sum::<f64>() / (seeds - 1) as f64;
            variance.sqrt()
        };
        Ok((0..self.targets.all.len()).map(of_target).collect())
    }

    /// How values are taken from a run.
    pub fn survey(&self) -> &Survey {
        &self.survey
    }

    /// Simulated people per real one.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// Seeds behind a point.
    pub fn seeds(&self) -> u64 {
        self.seeds
    }
}
