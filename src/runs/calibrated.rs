//! Which values the parameters have in a run: the calibrated ones, with the alignment factors that
//! belong to them, or the evidence's own.

use super::manual::{self, Manual};
use super::model::Model;
use super::variant::Attachment;
use crate::engine::Conditions;
use crate::engine::alignment::Factors;
use crate::parameters::{FreeParameters, ModelData, Posterior, posterior};
use crate::words::{Problem, Year};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the parameters' values come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Values {
    /// The centre of the posterior of the data folder, with its alignment factors; the evidence's
    /// own values where there is no posterior.
    #[default]
    Calibrated,
    /// As the evidence gives them, before any fit.
    Evidence,
}

/// What the posterior of a data folder brought into a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Calibrated {
    /// The fit it came from: hash of its inputs; none where nothing was calibrated.
    pub fit: Option<String>,
    /// Free parameters passed over, because the data folder has changed since the fit. Their
    /// parameters are used as they are written.
    pub passed_over: Vec<String>,
    /// Alignment factors in use, log-odds by name.
    pub factors: Vec<(String, f64)>,
}

/// Which point of the posterior.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// The mean of all draws.
    Centre,
    /// One draw.
    Draw(usize),
}

/// Moves the parameters of data, as they were read, to a point of a posterior.
pub fn move_to(
    data: &mut ModelData,
    free: &FreeParameters,
    posterior: &Posterior,
    point: Point,
) -> Calibrated {
    let (scores, factors) = match point {
        Point::Centre => posterior.centre(),
        Point::Draw(number) => posterior.draw(number),
    };
    let passed_over = posterior.apply(free, &mut data.parameters, &scores);
    let names = posterior.factor_names.iter().cloned();
    Calibrated {
        fit: posterior.header.get("inputs").cloned(),
        passed_over,
        factors: names.zip(factors).collect(),
    }
}

/// A model on the values that are asked for, with what the posterior brought into it.
///
/// # Errors
/// As [`Fit::model`].
pub fn prepare(
    data: ModelData,
    base_year: Year,
    scale: f64,
    values: Values,
    conditions: &Conditions,
) -> Result<(Model, Calibrated), Problem> {
    let fit = Fit::read(&data, values)?;
    fit.model(data, (base_year, scale), conditions, View::CENTRE)
}

/// The view of the world that a model is built on: a point of the posterior, and what a structural
/// variant makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// The point of the posterior.
    pub point: Point,
    /// How people differ beyond what is known of them.
    pub attachment: Attachment,
    /// Are the point's alignment factors in use?
    pub alignment: bool,
}

impl View {
    /// The centre of the posterior, as it is.
    pub const CENTRE: View = View {
        point: Point::Centre,
        attachment: Attachment::Types,
        alignment: true,
    };
}

/// The fit of a data folder, read once for many models.
#[derive(Debug)]
pub struct Fit {
    /// The posterior; none where the evidence's own values are used.
    pub posterior: Option<Posterior>,
    /// The free parameters; none where there is no posterior.
    pub free: FreeParameters,
    /// Parameters set by hand, over those of every point.
    pub manual: Vec<Manual>,
}

impl Fit {
    /// Reads the fit, if values are to come from it and there is one.
    ///
    /// # Errors
    /// A [`Problem`] for a posterior or a list of free parameters that cannot be read.
    pub fn read(data: &ModelData, values: Values) -> Result<Fit, Problem> {
        let posterior = match values {
            Values::Calibrated => Posterior::read(&data.folder)?,
            Values::Evidence => None,
        };
        let free = match posterior {
            Some(_) => FreeParameters::read_for_run(&data.folder, &data.parameters)?,
            None => FreeParameters::default(),
        };
        Ok(Fit {
            posterior,
            free,
            manual: Vec::new(),
        })
    }

    /// The same with parameters set by hand.
    pub fn with(self, manual: &[Manual]) -> Fit {
        Fit {
            manual: manual.to_vec(),
            ..self
        }
    }

    /// A model for a base year and scale, under a view, with what the posterior brought into it.
    /// The data are as they were read.
    ///
    /// # Errors
    /// As [`Model::build_under`]; a [`Problem`] for a posterior that has alignment factors for what
    /// the data folder does not know.
    pub fn model(
        &self,
        mut data: ModelData,
        (base_year, scale): (Year, f64),
        conditions: &Conditions,
        view: View,
    ) -> Result<(Model, Calibrated), Problem> {
        let Some(posterior) = &self.posterior else {
            view.attachment.settle(&mut data.parameters);
            manual::set(&self.manual, &mut data.parameters);
            let model = Model::build_under(data, base_year, scale, conditions)
                .map_err(|problem| manual::blamed(problem, &self.manual))?;
            return Ok((model, Calibrated::default()));
        };
        let mut calibrated = move_to(&mut data, &self.free, posterior, view.point);
        view.attachment.settle(&mut data.parameters);
        manual::set(&self.manual, &mut data.parameters);
        if !view.alignment {
            calibrated.factors.clear();
        }
        let factors = factors(&data, &calibrated)?;
        let mut model = Model::build_under(data, base_year, scale, conditions)
            .map_err(|problem| manual::blamed(problem, &self.manual))?;
        model.align(&factors);
        Ok((model, calibrated))
    }
}

/// The alignment factors that a point of the posterior brought.
///
/// # Errors
/// A [`Problem`] for a factor of something that the data folder does not know.
pub fn factors(data: &ModelData, calibrated: &Calibrated) -> Result<Factors, Problem> {
    let pairs = calibrated.factors.iter().cloned();
    Factors::from_pairs(&data.classification, pairs).map_err(|problem| Problem {
        file: data.folder.name(posterior::FILE),
        ..problem
    })
}
