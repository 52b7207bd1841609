//! The rung of a hindcast (retroprognose): the model begun in an earlier year with what was known
//! then, against what is known of the years after, beside two naive rivals.
//!
//! Series are mean yearly growth, most of them from the start; the level at the start is right by
//! construction and no test. Hindcasts are not blind: the posterior was fitted to facts of
//! 2019-2023 for the greater part, graduates are those observed, and rates come from sources of
//! the years that are predicted (the heads of the data folder's hindcast files tell it).

use super::ladder::{Demand, Ground, Line, Rung, Settings};
use super::points::{Points, Progress, Source, tried};
use super::rivals::{self, constant_rates, last_trend};
use crate::bands::scores::{self, LEVELS, below, coverage, crps, mean, skill};
use crate::calibration::{Experiment, Target, Targets};
use crate::evidence::DataFolder;
use crate::parameters::ModelData;
use crate::runs::Model;
use crate::words::{Problem, Year};

/// Seeds behind the first year of the rival with constant rates.
const SEEDS: u64 = 4;
/// FTE at the start below which a profession is small, and above which it is large.
const SIZES: (f64, f64) = (5_000.0, 20_000.0);
/// Names of the sizes, and of series of all professions together.
const SIZE_IDS: [&str; 4] = ["small", "medium", "large", "all_professions"];

/// The years that the folder has hindcasts from: an overlay and series.
///
/// # Errors
/// A [`Problem`] if they cannot be listed.
pub fn starts(folder: &DataFolder) -> Result<Vec<Year>, Problem> {
    let files = folder.list("hindcast", ".toml")?;
    let year = |path: &String| {
        let stem = path.strip_prefix("hindcast/from_")?;
        stem.strip_suffix(".toml")?.parse::<Year>().ok()
    };
    let known = files.iter().filter_map(year);
    Ok(known.filter(|year| folder.has(&series(*year))).collect())
}

fn series(start: Year) -> String {
    format!("hindcast/series_{start}.toml")
}

/// A hindcast ready to be tried.
pub struct Trial<'a> {
    ground: &'a Ground,
    experiment: Experiment,
    as_read: Model,
    start: Year,
    draws: usize,
}

/// What was forecast of one series.
struct Forecast<'a> {
    target: &'a Target,
    size: usize,
    sample: Vec<f64>,
    constant: Option<f64>,
    trend: Option<f64>,
}

impl Forecast<'_> {
    fn mean(&self) -> f64 {
        mean(self.sample.iter().copied())
    }

    fn miss(&self) -> f64 {
        (self.mean() - self.target.value).abs()
    }

    /// CRPS of the bare sample: a point forecast's is its absolute error, so that the two compare.
    fn bare_crps(&self) -> f64 {
        crps(&self.sample, 0.0, self.target.value)
    }
}

impl<'a> Trial<'a> {
    /// Reads a hindcast.
    ///
    /// # Errors
    /// A [`Problem`] in its files, or if no model can be built.
    pub fn new(ground: &'a Ground, start: Year, settings: Settings) -> Result<Trial<'a>, Problem> {
        let overlay = format!("hindcast/from_{start}.toml");
        let data = ModelData::overlaid(ground.data.folder.clone(), None, &overlay)?;
        let targets = Targets::read(&data, &series(start), start)?;
        let scale = (settings.scale, 1);
        let experiment = Experiment::on(data, ground.free.clone(), targets, start, scale)?;
        // No point moves anything: the parameters as they were read.
        let as_read = experiment.model(&[])?;
        Ok(Trial {
            ground,
            experiment,
            as_read,
            start,
            draws: settings.of_hindcast(),
        })
    }

    /// The model with the parameters as they were read.
    pub fn as_read(&self) -> &Model {
        &self.as_read
    }

    /// The last year that a series tells of.
    pub fn last_year(&self) -> Year {
        self.experiment.targets.last_year().unwrap_or(self.start)
    }

    /// Tries it with draws of the posterior, judged, and of the prior, told; of the prior alone,
    /// judged, where there is no posterior.
    ///
    /// # Errors
    /// A [`Problem`] if a parameter is missing.
    pub fn rung(&self, progress: &Progress) -> Result<Rung, Problem> {
        let from = self.start;
        let id = format!("hindcast_{from}");
        let title = format!("Hindcast {from}-{}", self.last_year());
        let mut rung = Rung::new(id, title);
        let targets = &self.experiment.targets.all;
        let flows = rivals::flows(&self.as_read, targets, SEEDS)?;
        let facts = &self.experiment.data.facts;
        let sizes = self.sizes()?;
        let posterior = self.ground.posterior.as_ref();
        let mut sources = vec![Points::draw(&self.experiment, posterior, self.draws)];
        if posterior.is_some() {
            sources.push(Points::prior(&self.experiment, self.draws));
        }
        for (number, points) in sources.iter().enumerate() {
            let said = tried(&self.experiment, points, progress);
            rung.tell_left_out(&said);
            let forecasts: Vec<Forecast> = targets
                .iter()
                .enumerate()
                .map(|(place, target)| Forecast {
                    target,
                    size: sizes[place],
                    sample: said.of(place),
                    constant: flows[place].map(|own| constant_rates(&own, target, from)),
                    trend: last_trend(facts, target, from),
                })
                .filter(|own| !own.sample.is_empty())
                .collect();
            if number == 0 {
                rival_lines(&mut rung, &forecasts);
            }
            summary(&mut rung, &forecasts, points.source, number == 0);
            if points.source == Source::Posterior {
                let own = format!(
                    "{} of {} free parameters have scores of the fit; the others rest on what \
                     this start replaces and keep their prior",
                    points.fitted,
                    self.experiment.free.len()
                );
                rung.notes.push(own);
            }
            if number == 0 {
                rung.lines.extend(forecasts.iter().map(one));
            }
        }
        rung.notes.push(
            "Not blind: the fit is to facts of 2019-2023 for the greater part, graduates are \
             those observed, rates come from the years predicted."
                .into(),
        );
        Ok(rung)
    }

    /// By series: the size of its profession at the start.
    fn sizes(&self) -> Result<Vec<usize>, Problem> {
        let size = |target: &Target| {
            let Some(id) = &target.of.profession else {
                return Ok(3);
            };
            let parameters = &self.experiment.data.parameters;
            let fte = parameters.value("base_population.supply_fte", &[id])?;
            Ok(usize::from(fte >= SIZES.0) + usize::from(fte > SIZES.1))
        };
        self.experiment.targets.all.iter().map(size).collect()
    }
}

/// One series: the model, what was observed, and the rivals.
fn one(forecast: &Forecast) -> Line {
    let target = forecast.target;
    let error = target.error.total();
    let rival = |says: Option<f64>| says.map_or("-".into(), |growth| format!("{growth:+.4}"));
    let share = below(&forecast.sample, error, target.value);
    let line = Line::of(
        &target.name,
        forecast.sample.clone(),
        target.value,
        Demand::Inside,
    );
    let inside = scores::covers(share, 0.95);
    Line {
        crps: Some(crps(&forecast.sample, error, target.value)),
        note: format!(
            "{}; constant rates {}, last trend {}; {} the 95 % interval spread by the error",
            SIZE_IDS[forecast.size],
            rival(forecast.constant),
            rival(forecast.trend),
            if inside { "in" } else { "outside" }
        ),
        ..line
    }
}

/// What a rival says of a series, if anything.
type Says = fn(&Forecast) -> Option<f64>;
const RIVALS: [(&str, Says); 2] = [
    ("constant rates", |forecast| forecast.constant),
    ("last trend", |forecast| forecast.trend),
];

/// The mean absolute error of a rival over its own series, and how many they are.
fn error_of(forecasts: &[Forecast], says: Says) -> (f64, usize) {
    let own = forecasts
        .iter()
        .filter_map(|forecast| Some((says(forecast)? - forecast.target.value).abs()));
    let misses: Vec<f64> = own.collect();
    (mean(misses.iter().copied()), misses.len())
}

fn rival_lines(rung: &mut Rung, forecasts: &[Forecast]) {
    for (name, says) in RIVALS {
        let (error, number) = error_of(forecasts, says);
        if number == 0 {
            let note = format!("{name}: nothing to compare, no figure tells of earlier years.");
            rung.notes.push(note);
            continue;
        }
        let what = format!("{name}: mean absolute error of yearly growth, {number} series");
        rung.lines.push(Line::told(what, error));
    }
}

/// The figures over all series. The first source is judged: its mean absolute error must be no
/// larger than that of the better rival, which is the least that a model has to be good for.
fn summary(rung: &mut Rung, forecasts: &[Forecast], source: Source, judged: bool) {
    let id = source.id();
    let number = forecasts.len();
    let error = mean(forecasts.iter().map(Forecast::miss));
    let what = format!("{id}: mean absolute error of yearly growth, {number} series");
    let mut line = Line::told(what, error);
    let known = RIVALS.map(|(_, says)| error_of(forecasts, says));
    let best = known
        .iter()
        // A rival that says nothing of some series is no measure for all of them.
        .filter(|(_, told)| *told == number)
        .map(|(error, _)| *error)
        .min_by(f64::total_cmp);
    if let (true, Some(best)) = (judged, best) {
        line = line.against(best).judged_by(Demand::AtMost(best));
        line.note = "no larger than the better rival's".into();
    }
    rung.lines.push(line);
    let bare = mean(forecasts.iter().map(Forecast::bare_crps));
    rung.lines.push(Line::told(
        format!("{id}: mean CRPS of yearly growth"),
        bare,
    ));
    for (name, says) in RIVALS {
        // On the series that the rival tells.
        let own = || forecasts.iter().filter(|forecast| says(forecast).is_some());
        let (rival, told) = error_of(forecasts, says);
        if told == 0 {
            continue;
        }
        let score = skill(mean(own().map(Forecast::bare_crps)), rival);
        let plain = skill(mean(own().map(Forecast::miss)), rival);
        let line = Line::told(format!("{id}: skill against {name}, by CRPS"), score);
        rung.lines
            .push(line.noted(format!("by the mean's absolute error {plain:+.2}")));
    }
    let shares: Vec<f64> = forecasts
        .iter()
        .map(|own| below(&own.sample, own.target.error.total(), own.target.value))
        .collect();
    for level in LEVELS {
        let what = format!("{id}: coverage by {:.0} % intervals", 100.0 * level);
        rung.lines
            .push(Line::told(what, coverage(&shares, level)).against(level));
    }
    for (size, name) in SIZE_IDS.iter().enumerate() {
        let own = || forecasts.iter().filter(|forecast| forecast.size == size);
        if own().count() == 0 {
            continue;
        }
        let bias = mean(own().map(|forecast| forecast.mean() - forecast.target.value));
        let error = mean(own().map(Forecast::miss));
        let what = format!(
            "{id}: bias of yearly growth, {name}, {} series",
            own().count()
        );
        rung.lines
            .push(Line::told(what, bias).noted(format!("mean absolute error {error:.4}")));
    }
}
