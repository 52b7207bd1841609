//! Figures (tall) as the page is sent them: bands and differences of a profession in a place, and
//! what scenarios bring and cost.

use super::Refusal;
use super::job::{Job, Rests, rests};
use crate::bands::{Bands, Differences, QUANTILES, Summary, Tables};
use crate::runs::design::Design;
use crate::runs::effects::Told;
use crate::tallies::{ALL, Layout, OutputCell};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

/// The measures that the page shows.
pub const SHOWN: [&str; 3] = ["supply_fte", "need_fte", "gap_fte"];

/// A number for the page: rounded to thousandths; null where there is none.
fn number(value: f64) -> Value {
    match value.is_finite() {
        true => json!((value * 1000.0).round() / 1000.0),
        false => Value::Null,
    }
}

fn is_shown(cell: &OutputCell) -> bool {
    let whole = |part: &str| part == ALL;
    SHOWN.contains(&cell.measure.as_str())
        && whole(&cell.sector)
        && whole(&cell.from)
        && (whole(&cell.grade) || cell.grade.is_empty())
}

/// The cells that the page can show, by position.
pub fn cells(layout: &Layout) -> Vec<usize> {
    let all = layout.cells.iter().enumerate();
    all.filter(|(_, cell)| is_shown(cell))
        .map(|(position, _)| position)
        .collect()
}

/// The positions of a profession's cells in a place.
fn of(layout: &Layout, profession: &str, zone: &str) -> Vec<usize> {
    let all = layout.cells.iter().enumerate();
    all.filter(|(_, cell)| is_shown(cell) && cell.profession == profession && cell.zone == zone)
        .map(|(position, _)| position)
        .collect()
}

/// What a job has to tell of a profession in a place.
///
/// # Errors
/// A [`Refusal`]: 404 where the run tells nothing of them, 409 where it has no figures yet.
pub fn figures(job: &Job, profession: &str, zone: &str) -> Result<Value, Refusal> {
    let unknown = || {
        Refusal::nothing("the run tells nothing of this profession in this place")
            .about("profession, zone", format!("{profession}, {zone}"))
    };
    let kept = job.shown().kept.clone();
    if let Some(kept) = kept {
        let Some(bands) = kept.tables.bands.first() else {
            return Err(unknown());
        };
        let cells = of(&bands.layout, profession, zone);
        return match cells.is_empty() {
            true => Err(unknown()),
            false => Ok(told(&kept.tables, &cells, &kept.rests)),
        };
    }
    let none = || Refusal::new(StatusCode::CONFLICT, "there are no figures yet");
    let stage = job.stage().ok_or_else(none)?;
    let cells = of(stage.ensemble.layout(), profession, zone);
    if cells.is_empty() {
        return Err(unknown());
    }
    let found = stage.tables(&cells).map_err(|trouble| {
        let message = trouble.source.to_string();
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    })?;
    let (tables, runs) = found.ok_or_else(none)?;
    let rests = Rests {
        runs,
        ..rests(&stage, false)
    };
    let all: Vec<usize> = (0..cells.len()).collect();
    Ok(told(&tables, &all, &rests))
}

/// Tables as JSON: by measure, bands and differences by scenario, each with its numbers by year.
fn told(tables: &Tables, cells: &[usize], rests: &Rests) -> Value {
    let mut measures = Map::new();
    let layout = tables.bands.first().map(|bands| &bands.layout);
    let years = layout.map_or(&[][..], |layout| &layout.years);
    for cell in cells {
        let Some(measure) = layout.and_then(|layout| layout.cells.get(*cell)) else {
            continue;
        };
        let bands = tables
            .bands
            .iter()
            .map(|own| (own.scenario.clone(), of_bands(own, *cell)));
        let differences = tables.differences.iter();
        let differences = differences.map(|own| (own.scenario.clone(), of_differences(own, *cell)));
        let one = json!({
            "bands": bands.collect::<Map<String, Value>>(),
            "differences": differences.collect::<Map<String, Value>>(),
        });
        measures.insert(measure.measure.clone(), one);
    }
    json!({ "rests": rests, "years": years, "measures": measures })
}

fn of_bands(bands: &Bands, cell: usize) -> Value {
    let rows: Vec<&Summary> = bands.series(cell).map(|(_, summary)| summary).collect();
    Value::Object(columns(&rows))
}

fn of_differences(differences: &Differences, cell: usize) -> Value {
    let layout = &differences.layout;
    let years = 0..layout.years.len();
    let rows = years.filter_map(|year| differences.rows.get(layout.index(year, cell)));
    let rows: Vec<_> = rows.collect();
    let summaries: Vec<&Summary> = rows.iter().map(|row| &row.summary).collect();
    let mut own = columns(&summaries);
    let positive = rows.iter().map(|row| number(row.p_positive));
    own.insert("p_positive".to_string(), positive.collect());
    Value::Object(own)
}

fn columns(rows: &[&Summary]) -> Map<String, Value> {
    let mut own = Map::new();
    let means = rows.iter().map(|row| number(row.mean));
    own.insert("mean".to_string(), means.collect());
    let errors = rows.iter().map(|row| number(row.mcse));
    own.insert("mcse".to_string(), errors.collect());
    for (position, (name, _)) in QUANTILES.iter().enumerate() {
        let column = rows.iter().map(|row| number(row.quantiles[position]));
        own.insert((*name).to_string(), column.collect());
    }
    own
}

/// What scenarios bring and cost, by scenario.
pub fn effects(design: &Design, told: &[Told]) -> Value {
    let arms = design.scenarios.iter().zip(told).map(|(arm, told)| {
        let effects = told.effects.iter().map(|effect| {
            let (low, high) = effect.summary.middle_95();
            json!({
                "measure": effect.measure,
                "zone": effect.zone,
                "sector": effect.sector,
                "unit": effect.unit,
                "mean": number(effect.summary.mean),
                "p025": number(low),
                "p975": number(high),
                "p_positive": number(effect.p_positive),
                "note": effect.note,
            })
        });
        let known = arm.policies.iter().all(|policy| policy.cost.is_known());
        json!({
            "scenario": arm.name,
            "from": arm.first,
            "until": design.until,
            "costs_known": known,
            "effects": effects.collect::<Vec<Value>>(),
        })
    });
    Value::Array(arms.collect())
}
