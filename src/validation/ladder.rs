//! The ladder (valideringsstigen): rungs of lines, from the model's own books to years that were
//! known beforehand.

use super::points::{Points, Progress, Said, Source, tried};
use super::{against, differences, hindcast};
use crate::calibration::fit_report::Spread;
use crate::calibration::{Experiment, Targets, targets};
use crate::evidence::DataFolder;
use crate::parameters::{FreeParameters, ModelData, Posterior};
use crate::runs::{Model, laws};
use crate::words::{Problem, Year};

/// The base year of the data.
pub const START: Year = 2019;
/// The last year of the base run.
pub const UNTIL: Year = 2040;
/// Normal quantile of the ends of a 95 % band.
pub const BAND: f64 = 1.96;

/// Most draws behind a hindcast: their scores are means over many series, and need fewer than the
/// ends of a band.
pub const HINDCAST_DRAWS: usize = 106;

/// How the ladder is climbed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Draws behind the base run, as many as there are at most; hindcasts take two thirds as many
    /// up to [`HINDCAST_DRAWS`].
    pub draws: usize,
    /// Simulated people per real person.
    pub scale: f64,
}

impl Settings {
    /// Draws behind each hindcast.
    pub fn of_hindcast(&self) -> usize {
        (self.draws * 2 / 3).clamp(2, HINDCAST_DRAWS)
    }
}

/// What is asked of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Demand {
    /// The model's mean lies within so much of the reference.
    Within(f64),
    /// The model's mean is this or more.
    AtLeast(f64),
    /// The model's mean is this or less.
    AtMost(f64),
    /// The model's 95 % band holds the reference.
    Inside,
    /// Nothing: the figure is told.
    Nothing,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What is compared.
    pub what: String,
    /// What the model says; a bare number has no band (ends that are no numbers).
    pub model: Spread,
    /// What it is held against; not a number if nothing.
    pub reference: f64,
    /// What is asked.
    pub demand: Demand,
    /// Does the exit code depend on it?
    pub judged: bool,
    /// Continuous ranked probability score, where there is one, in the unit of the line.
    pub crps: Option<f64>,
    /// Remarks.
    pub note: String,
}

impl Line {
    /// A number that is told.
    pub fn told(what: impl Into<String>, number: f64) -> Line {
        Line {
            what: what.into(),
            model: Spread {
                p025: f64::NAN,
                mean: number,
                p975: f64::NAN,
            },
            reference: f64::NAN,
            demand: Demand::Nothing,
            judged: false,
            crps: None,
            note: String::new(),
        }
    }

    /// A sample held against a reference.
    pub fn of(what: impl Into<String>, sample: Vec<f64>, reference: f64, demand: Demand) -> Line {
        let empty = sample.is_empty();
        let told = Line::told(what, f64::NAN);
        Line {
            model: if empty {
                told.model
            } else {
                Spread::of(sample)
            },
            reference,
            demand,
            ..told
        }
    }

    /// The same, judged by this demand.
    pub fn judged_by(self, demand: Demand) -> Line {
        Line {
            demand,
            judged: true,
            ..self
        }
    }

    /// The same held against this.
    pub fn against(self, reference: f64) -> Line {
        Line { reference, ..self }
    }

    /// The same with a remark.
    pub fn noted(self, note: impl Into<String>) -> Line {
        Line {
            note: note.into(),
            ..self
        }
    }

    /// Is what is asked met? What is not a number meets nothing.
    pub fn passes(&self) -> bool {
        let mean = self.model.mean;
        match self.demand {
            Demand::Within(tolerance) => (mean - self.reference).abs() <= tolerance,
            Demand::AtLeast(bound) => mean >= bound,
            Demand::AtMost(bound) => mean <= bound,
            Demand::Inside => (self.model.p025..=self.model.p975).contains(&self.reference),
            Demand::Nothing => true,
        }
    }

    /// Has a judged line left its tolerance?
    pub fn fails(&self) -> bool {
        self.judged && !self.passes()
    }
}

/// One rung.
#[derive(Clone, Debug, PartialEq)]
pub struct Rung {
    /// Its name in files.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What a reader has to know.
    pub notes: Vec<String>,
    /// Its lines.
    pub lines: Vec<Line>,
}

impl Rung {
    /// A rung without lines.
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Rung {
        Rung {
            id: id.into(),
            title: title.into(),
            notes: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Tells of points at which no model can be built.
    pub fn tell_left_out(&mut self, said: &Said) {
        if let Some(complaint) = &said.complaint {
            let first = complaint.lines().next().unwrap_or_default();
            let note = format!(
                "{} points were left out, since no model can be built there; the first: {first}",
                said.left_out
            );
            self.notes.push(note);
        }
    }
}

/// All rungs.
#[derive(Clone, Debug, PartialEq)]
pub struct Ladder {
    /// How it was climbed.
    pub settings: Settings,
    /// Where the draws come from.
    pub source: Source,
    /// Draws behind the base run.
    pub draws: usize,
    /// Free parameters, and how many of them have their scores from the fit.
    pub free: (usize, usize),
    /// Hash of what the fit rested on, as the posterior tells it.
    pub inputs: String,
    /// The rungs.
    pub rungs: Vec<Rung>,
}

impl Ladder {
    /// All lines with their rungs.
    pub fn lines(&self) -> impl Iterator<Item = (&Rung, &Line)> {
        let rungs = self.rungs.iter();
        rungs.flat_map(|rung| rung.lines.iter().map(move |line| (rung, line)))
    }

    /// How many judged lines have left their tolerance.
    pub fn failed(&self) -> usize {
        self.lines().filter(|(_, line)| line.fails()).count()
    }
}

/// What all rungs share: the folder's data, the directions and the posterior.
pub struct Ground {
    /// The data as read.
    pub data: ModelData,
    /// The directions.
    pub free: FreeParameters,
    /// The posterior, if the folder has one.
    pub posterior: Option<Posterior>,
}

/// How many points will be tried, for a bar.
///
/// # Errors
/// A [`Problem`] if the folder's hindcasts cannot be listed.
pub fn points_in_all(folder: &DataFolder, settings: &Settings) -> Result<u64, Problem> {
    let hindcasts = hindcast::starts(folder)?.len();
    let sources = 1 + usize::from(folder.has(crate::parameters::posterior::FILE));
    Ok((settings.draws + hindcasts * sources * settings.of_hindcast()) as u64)
}

/// Climbs the whole ladder.
///
/// # Errors
/// A [`Problem`] in the data folder.
pub fn climb(
    folder: DataFolder,
    settings: Settings,
    progress: &Progress,
) -> Result<Ladder, Problem> {
    let data = ModelData::read(folder, None)?;
    let ground = Ground {
        free: FreeParameters::read(&data.folder, &data.parameters)?,
        posterior: Posterior::read(&data.folder)?,
        data,
    };
    // All files are read before anything is simulated, so that complaints come at once.
    let differences = differences::read(&ground.data)?;
    let targets = Targets::read(&ground.data, targets::FILE, START)?;
    let known = targets.all.len();
    let asked = against::asked(&ground.data);
    let all = targets.all.iter().cloned().chain(asked).collect();
    let scale = (settings.scale, 1);
    let all = Targets { all };
    let mut trials = Vec::new();
    for start in hindcast::starts(&ground.data.folder)? {
        trials.push(hindcast::Trial::new(&ground, start, settings)?);
    }
    let experiment = Experiment::on(ground.data.clone(), ground.free.clone(), all, START, scale)?;
    let points = Points::draw(&experiment, ground.posterior.as_ref(), settings.draws);
    let said = tried(&experiment, &points, progress);
    let model = some_model(&experiment, &points)?;
    let mut books = Rung::new("internal", "Internal: the books");
    books.tell_left_out(&said);
    book_lines(&mut books, &model, UNTIL);
    let mut rungs = vec![
        against::fitted(&targets.all, &said),
        against::kept_back(&targets.all, &said),
        against::cross_model(&model, known, &said, &differences),
    ];
    for trial in &trials {
        book_lines(&mut books, trial.as_read(), trial.last_year());
        rungs.push(trial.rung(progress)?);
    }
    rungs.insert(0, books);
    Ok(Ladder {
        settings,
        source: points.source,
        draws: points.scores.len(),
        free: (ground.free.len(), points.fitted),
        inputs: ground
            .posterior
            .and_then(|own| own.header.get("inputs").cloned())
            .unwrap_or_default(),
        rungs,
    })
}

/// The model at the first point where one can be built, or with the parameters as read.
fn some_model(experiment: &Experiment, points: &Points) -> Result<Model, Problem> {
    let mut models = points.scores.iter().map(|own| experiment.model(own));
    match models.find_map(Result::ok) {
        Some(model) => Ok(model),
        None => experiment.model(&[]),
    }
}

/// The identities that a run breaks, which must be none: nobody appears or vanishes, and the
/// ledger kept by differences is a fresh count.
fn book_lines(rung: &mut Rung, model: &Model, until: Year) {
    let start = model.base.year;
    let lines = laws::conservation(model, 1, until, |_| ());
    let broken: Vec<_> = lines.iter().filter(|line| !line.passes()).collect();
    let what = format!(
        "identities broken of {}, run from {start} to {until}",
        lines.len()
    );
    let note = broken.first().map(|line| {
        format!(
            "{}, {}: off by {}",
            line.margin,
            line.cell,
            line.difference()
        )
    });
    let line = Line::told(what, broken.len() as f64).against(0.0);
    let line = line.noted(note.unwrap_or_default());
    rung.lines.push(line.judged_by(Demand::Within(0.0)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demand_is_met_or_not() {
        let sample = vec![1.0, 2.0, 3.0];
        let passes = |reference, demand| {
            let line = Line::of("x", sample.clone(), reference, demand);
            line.passes()
        };
        assert!(passes(2.5, Demand::Within(0.5)) && !passes(2.6, Demand::Within(0.5)));
        assert!(passes(0.0, Demand::AtLeast(2.0)) && !passes(0.0, Demand::AtLeast(2.1)));
        assert!(passes(0.0, Demand::AtMost(2.0)) && !passes(0.0, Demand::AtMost(1.9)));
        assert!(passes(1.2, Demand::Inside) && !passes(3.5, Demand::Inside));
        assert!(passes(f64::NAN, Demand::Nothing) && !passes(f64::NAN, Demand::Inside));
        let nothing = Line::of("x", vec![], 0.0, Demand::AtMost(9.0));
        assert!(!nothing.passes() && !nothing.fails());
        assert!(nothing.judged_by(Demand::AtMost(9.0)).fails());
    }
}
