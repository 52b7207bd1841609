//! `stabil why`: where the spread of one number comes from, read from a results folder: its band,
//! the split of its variance, and the parameters that drive it with the evidence behind them.

use super::results::MANIFEST;
use super::rows::read;
use super::spread_files::{DRAWS, DRIVERS, UNCERTAINTY};
use super::why_arguments::WhyArguments;
use super::{CliError, print};
use crate::evidence::DataFolder;
use crate::parameters::ModelData;
use crate::report::number::{percent, short, thousands};
use crate::report::spread_page::split;
use crate::report::spread_tables::{first_words, joined};
use crate::runs::calibrated::{Fit, Values};
use crate::runs::manual::Manual;
use crate::runs::precision::Wish;
use crate::runs::spread::causes::{Cause, causes};
use crate::runs::spread::directions::Directions;
use crate::runs::spread::draw_means::DrawMeans;
use crate::tallies::{ALL, Layout, OutputCell};
use crate::words::{Problem, Year};
use serde::Deserialize;
use std::fmt::Write as _;
use std::path::Path;

/// How a run with draws is made.
const REMEDY: &str = "make draws of the parameters: stabil run RUN --draws 100 --seeds 5";

/// Carries out `stabil why`.
///
/// # Errors
/// A [`CliError`]: no such folder, a run that tells nothing of its spread, a cell that it does not
/// have.
pub fn why(arguments: &WhyArguments) -> Result<u8, CliError> {
    let data = arguments.data.folder()?;
    print(&page(&arguments.results(), &arguments.cell, data)?)
}

/// A row of `uncertainty.csv`.
#[derive(Debug, Deserialize)]
struct Known {
    scenario: String,
    year: Year,
    profession: String,
    zone: String,
    measure: String,
    unit: String,
    mean: Option<f64>,
    mcse: Option<f64>,
    sim_low: Option<f64>,
    sim_high: Option<f64>,
    variance: Option<f64>,
    parameter_share: Option<f64>,
    structural_share: Option<f64>,
    alignment_share: Option<f64>,
    interaction_share: Option<f64>,
    stochastic_share: Option<f64>,
}

/// A row of `drivers.csv`.
#[derive(Clone, Debug, Deserialize)]
struct Told {
    scenario: String,
    year: Year,
    measure: String,
    profession: String,
    zone: String,
    parameter: String,
    grade: String,
    told: bool,
    share: Option<f64>,
    share_se: Option<f64>,
    effect: Option<f64>,
    sources: String,
    reasoning: String,
}

/// A row of `draws.csv`.
#[derive(Debug, Deserialize)]
struct Drawn {
    scenario: String,
    year: Year,
    profession: String,
    zone: String,
    measure: String,
    draw: u64,
    mean: Option<f64>,
    noise: Option<f64>,
}

/// The page that tells of a cell, which is named as for `--precision`, by words.
///
/// # Errors
/// As [`why`].
pub fn page(folder: &Path, cell: &str, data: DataFolder) -> Result<String, CliError> {
    let named = folder.display().to_string();
    if !folder.is_dir() {
        let message = "there is no such folder";
        return Err(Problem::in_file(&named, message)
            .mend("give the results folder of a run, which stabil run names at its end")
            .into());
    }
    if !folder.join(UNCERTAINTY).is_file() {
        let message = "the run tells nothing of where its spread comes from";
        return Err(Problem::in_file(&named, message).mend(REMEDY).into());
    }
    let all: Vec<Known> = read(folder, UNCERTAINTY)?;
    let first = all.first().map(|row| row.scenario.clone());
    let all: Vec<Known> = all
        .into_iter()
        .filter(|row| Some(&row.scenario) == first.as_ref())
        .collect();
    let layout = layout(&all);
    let at = Wish::of_cell(cell)?.find(&layout)?;
    let (year, cell) = (at / layout.cells.len(), at % layout.cells.len());
    let (year, cell) = (layout.years[year], &layout.cells[cell]);
    let is_it = |row: &&Known| {
        let keys = (&row.measure, &row.profession, &row.zone);
        row.year == year && keys == (&cell.measure, &cell.profession, &cell.zone)
    };
    let mut text = String::new();
    if let Some(row) = all.iter().find(is_it) {
        tell_spread(row, &mut text);
    }
    let own = match folder.join(DRIVERS).is_file() {
        true => drivers(folder, first.as_deref(), (cell, year), data)?,
        false => {
            let _ = writeln!(text, "\nNo draws of the parameters: {REMEDY}");
            return Ok(text);
        }
    };
    tell_drivers(&own, &mut text);
    Ok(text)
}

/// The cells and years that the file tells of.
fn layout(all: &[Known]) -> Layout {
    let (mut years, mut cells): (Vec<Year>, Vec<OutputCell>) = (Vec::new(), Vec::new());
    for row in all {
        let same = |own: &OutputCell| {
            let keys = (&own.measure, &own.profession, &own.zone);
            keys == (&row.measure, &row.profession, &row.zone)
        };
        // A cell's rows follow each other.
        if !cells.last().is_some_and(same) {
            cells.push(OutputCell {
                profession: row.profession.clone(),
                grade: ALL.to_string(),
                sector: ALL.to_string(),
                zone: row.zone.clone(),
                from: ALL.to_string(),
                measure: row.measure.clone(),
                unit: "",
            });
        }
        years.push(row.year);
    }
    years.sort_unstable();
    years.dedup();
    Layout { years, cells }
}

fn number(read: Option<f64>) -> f64 {
    read.unwrap_or(f64::NAN)
}

/// A number as readers want it: thousands set apart, or a figure or two where it is small.
fn shown(read: Option<f64>) -> String {
    match number(read) {
        large if large.abs() >= 1000.0 => thousands(large),
        none if none.is_nan() => "–".to_string(),
        small => short(small),
    }
}

fn tell_spread(row: &Known, text: &mut String) {
    let variance = number(row.variance);
    let _ = writeln!(
        text,
        "{}, profession {}, zone {}, {}: {} {} (MC error {})\n  \
         95 % of whole paths between {} and {}; standard deviation {}",
        row.measure,
        row.profession,
        row.zone,
        row.year,
        shown(row.mean),
        row.unit,
        shown(row.mcse),
        shown(row.sim_low),
        shown(row.sim_high),
        shown(Some(variance.max(0.0).sqrt())),
    );
    let share = |column: &str| {
        number(match column {
            "parameter_share" => row.parameter_share,
            "structural_share" => row.structural_share,
            "alignment_share" => row.alignment_share,
            "interaction_share" => row.interaction_share,
            _ => row.stochastic_share,
        })
    };
    let _ = writeln!(text, "  the variance is of {}", split(share));
}

/// What drives a cell: as the run told it, or found now from the means of its draws.
fn drivers(
    folder: &Path,
    scenario: Option<&str>,
    (cell, year): (&OutputCell, Year),
    data: DataFolder,
) -> Result<Vec<Told>, CliError> {
    let mut told: Vec<Told> = read(folder, DRIVERS)?;
    told.retain(|row| {
        let keys = (&row.measure, &row.profession, &row.zone);
        Some(row.scenario.as_str()) == scenario
            && row.year == year
            && keys == (&cell.measure, &cell.profession, &cell.zone)
    });
    if !told.is_empty() {
        return Ok(told);
    }
    if !folder.join(DRAWS).is_file() {
        let message = "disclosure control rounds in this run, and the means of its draws, from which \
                       this would follow, are withheld";
        return Err(Problem::in_file(&folder.display().to_string(), message)
            .mend("ask about an output of drivers.csv")
            .into());
    }
    let drawn: Vec<Drawn> = read(folder, DRAWS)?;
    let mut years: Vec<String> = drawn.iter().map(|row| row.year.to_string()).collect();
    years.sort_unstable();
    years.dedup();
    let own = drawn.iter().filter(|row| {
        let keys = (&row.measure, &row.profession, &row.zone);
        Some(row.scenario.as_str()) == scenario
            && row.year == year
            && keys == (&cell.measure, &cell.profession, &cell.zone)
    });
    let own: Vec<&Drawn> = own.collect();
    if own.is_empty() {
        let file = folder.join(DRAWS).display().to_string();
        let message = "the draws are not told of this year";
        return Err(Problem::in_file(&file, message)
            .about("year", year.to_string())
            .mend(format!("ask about {}", years.join(" or ")))
            .into());
    }
    found(&own, cell, data, &manual(folder))
}

/// The parameters that were set by hand in the run of a results folder, by its manifest.
fn manual(folder: &Path) -> Vec<Manual> {
    let text = std::fs::read_to_string(folder.join(MANIFEST)).unwrap_or_default();
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    serde_json::from_value(manifest["settings"]["override"].clone()).unwrap_or_default()
}

/// The drivers of the means of draws.
fn found(
    own: &[&Drawn],
    cell: &OutputCell,
    data: DataFolder,
    manual: &[Manual],
) -> Result<Vec<Told>, CliError> {
    let data = ModelData::read(data, None)?;
    let fit = Fit::read(&data, Values::Calibrated)?.with(manual);
    let numbers: Vec<u64> = own.iter().map(|row| row.draw).collect();
    let Some(directions) = Directions::of(&data, &fit, &numbers) else {
        let message = "the data folder has no posterior with these draws";
        return Err(Problem::in_file(DRAWS, message)
            .mend("name the data folder of the run with --data DIR")
            .into());
    };
    let means = DrawMeans {
        cell: 0,
        arm: 0,
        year: 0,
        means: own.iter().map(|row| number(row.mean)).collect(),
        noise: number(own.first().and_then(|row| row.noise)),
        others: f64::NAN,
    };
    let causes = causes(&directions, &means);
    let listed = causes.map_or(Vec::new(), |own| own.listed);
    let told = |cause: &Cause| {
        let direction = &directions.all[cause.driver.parameter];
        Told {
            scenario: own[0].scenario.clone(),
            year: own[0].year,
            measure: cell.measure.clone(),
            profession: cell.profession.clone(),
            zone: cell.zone.clone(),
            parameter: direction.name.clone(),
            grade: format!("{:?}", direction.grade),
            told: cause.driver.told,
            share: Some(cause.driver.share),
            share_se: Some(cause.driver.se),
            effect: Some(cause.driver.effect),
            sources: joined(&direction.sources),
            reasoning: first_words(&direction.reasoning),
        }
    };
    Ok(listed.iter().map(told).collect())
}

fn tell_drivers(own: &[Told], text: &mut String) {
    let told: Vec<&Told> = own.iter().filter(|row| row.told).collect();
    if told.is_empty() {
        let _ = writeln!(
            text,
            "\nNo parameter can be told from chance with these draws; more of them: {REMEDY}"
        );
    } else {
        let _ = writeln!(
            text,
            "\nDrivers: share of the variance between draws, and change for one standard deviation \
             of the parameter\nDrivere: andel av variansen mellom trekningene"
        );
    }
    for row in &told {
        let error = percent(number(row.share_se), 0);
        let _ = writeln!(
            text,
            "  {:<48}{:>7} (+-{error}){:>11}  grade {}\n      {}; {}",
            row.parameter,
            percent(number(row.share), 0),
            shown(row.effect),
            row.grade,
            row.sources,
            row.reasoning
        );
    }
    let sum = |rows: &mut dyn Iterator<Item = &&Told>| -> f64 {
        rows.map(|row| number(row.share).max(0.0)).sum()
    };
    let (all, assumed) = (
        sum(&mut told.iter()),
        sum(&mut told.iter().filter(|row| row.grade == "D")),
    );
    if all > 0.0 {
        let _ = writeln!(
            text,
            "\nOf the share told here {} rests on assumptions (evidence grade D).",
            percent(assumed / all, 0)
        );
    }
}
