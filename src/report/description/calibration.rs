//! Part 4: what the parameters were set by, and what was fitted to what.

use super::evidence::{by_grade, shape, share_of_d};
use super::page::{Language, Page};
use crate::calibration::targets::{self, Target, Targets, Use};
use crate::parameters::{FreeParameters, ModelData, Posterior, Shape};
use crate::runs::observed::Series;
use crate::words::{Problem, Year};
use std::collections::BTreeMap;

/// The base year of the data.
const START: Year = 2019;
/// What the keys of a posterior's header mean, in the order told.
const HEADER: [(&str, &str); 8] = [
    ("inputs", "hash of data, targets, directions and settings"),
    ("members", "members of the ensemble"),
    ("steps", "steps of the smoother"),
    ("scale", "simulated people per real person"),
    ("seeds", "runs behind every member"),
    ("seed", "seed of the ensemble"),
    ("seconds", "duration, seconds"),
    ("version", "version of the program"),
];

/// The chapter on calibration, as Markdown without a heading of its own.
///
/// # Errors
/// A [`Problem`] in the files of targets, free parameters, alignment or the posterior.
pub fn calibration_chapter(data: &ModelData) -> Result<String, Problem> {
    let mut page = Page::new(Language::English);
    let all = || data.parameters.all();
    let fixed = all()
        .filter(|p| p.distribution.shape == Shape::Fixed)
        .count();
    page.prose(&format!(
        "Parameters are first estimated one by one from the facts they cite, where a fact gives a \
         rate, and are assumptions of grade D ({}) where none does. {} of {} have a distribution; \
         {fixed} are fixed. Intercepts are solved on the base population so that mean rates are the \
         published ones, and use, mix and drift of need from the national projection's tables (1.7).",
        share_of_d(by_grade(all())),
        all().count() - fixed,
        all().count(),
    ));
    let shapes = [
        Shape::Fixed,
        Shape::Normal,
        Shape::Lognormal,
        Shape::Logitnormal,
        Shape::Uniform,
    ];
    let rows = shapes.map(|kind| {
        let own = || all().filter(move |p| p.distribution.shape == kind);
        let [a, b, c, d] = by_grade(own()).map(|count| count.to_string());
        [
            shape(kind).to_string(),
            own().count().to_string(),
            a,
            b,
            c,
            d,
        ]
    });
    page.table(["distribution", "entries", "A", "B", "C", "D"], rows);
    the_fit(&mut page, data)?;
    alignment(&mut page, data)?;
    Ok(page.text())
}

fn the_fit(page: &mut Page, data: &ModelData) -> Result<(), Problem> {
    let free = FreeParameters::read(&data.folder, &data.parameters)?;
    let targets = Targets::read(data, targets::FILE, START)?;
    if free.is_empty() || targets.all.is_empty() {
        page.prose(
            "The data folder has no targets or no free parameters: nothing is fitted jointly.",
        );
        return Ok(());
    }
    let moved: usize = free.all.iter().map(|own| own.moves.len()).sum();
    let kept = targets.used(Use::Validate).all.len();
    page.prose(&format!(
        "Then they are fitted jointly. {} free parameters move {moved} parameters along their \
         distributions ({} are held, with the reason in `free_parameters.toml`); before the fit their \
         scores are independent and standard normal, or as a direct conjugate estimate from yearly \
         figures has them. {} targets with three standard errors each (sampling, definition, age of \
         the figure) are what outputs are held against: {} are fitted and {kept} kept back, by a rule \
         set down before the fit in `targets.toml`. The joint fit is an ensemble smoother with \
         multiple data assimilation: a cloud of points spread by scrambled Sobol numbers, every point \
         simulated with the same seeds, moved in a few steps by the regression of scores on outputs, \
         with covariances that may be chance dropped. Targets out of reach of all that the prior \
         allows (three standard deviations, as in history matching) are told and not fitted. What \
         the cloud spreads over at the end is the posterior sample; `stabil calibrate` makes it, \
         `fit/fit_report.md` tells every target and every width, and recovery of known truths is tested.",
        free.len(),
        free.held.len(),
        targets.all.len(),
        targets.all.len() - kept,
    ));
    let mut families: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for Target { family, used, .. } in &targets.all {
        families.entry(family).or_default()[usize::from(*used == Use::Validate)] += 1;
    }
    let rows = families
        .into_iter()
        .map(|(family, [fit, kept])| [family.to_string(), fit.to_string(), kept.to_string()]);
    page.table(["targets on", "fitted", "kept back"], rows);
    match Posterior::read(&data.folder)? {
        None => {
            page.prose("The data folder has no posterior: runs use the values of `parameters/`.")
        }
        Some(posterior) => {
            page.prose(&format!(
                "The posterior of the data folder has {} draws. Runs use its centre unless they ask \
                 for `parameters = \"evidence\"`; a parameter that has been changed since the fit is \
                 used as it is written.",
                posterior.draws.len()
            ));
            let told = HEADER.iter().filter_map(|(key, says)| {
                let value = posterior.header.get(*key)?;
                Some([(*says).to_string(), value.clone()])
            });
            page.table(["the fit", "value"], told);
        }
    }
    Ok(())
}

fn alignment(page: &mut Page, data: &ModelData) -> Result<(), Problem> {
    let series = Series::read(data)?;
    if series.is_empty() {
        page.prose("There is no series to align to.");
        return Ok(());
    }
    page.prose(&format!(
        "Alignment (innretting): {} yearly figures of municipal turnover by profession and {} of \
         growth by sector, to {}, are met by logit scaling (binary on leaving a municipal job, \
         multinomial on the sector of the first job; Stephensen 2016). Factors are found on the base \
         run alone, for each draw of the posterior, kept with it, and used unchanged in every \
         scenario, so that they never cancel a policy's effect. After the last figure there are none.",
        series.municipal_narrow.len(),
        2 * series.sector_growth.len(),
        series.last().unwrap_or(START),
    ));
    Ok(())
}
