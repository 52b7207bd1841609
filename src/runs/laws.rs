//! The laws of accounting, checked every simulated year: nobody appears or vanishes.

use super::checks::Line;
use super::model::Model;
use crate::dice::Key;
use crate::engine::Walk;
use crate::tallies::Flow;
use crate::tallies::flow::FLOWS;
use crate::tallies::footing::PLACES;
use crate::tallies::ledger::{AGE_CUTS, Ledger, Stock};
use crate::words::Year;

/// Ways into a profession's people.
const IN: [Flow; 4] = [Flow::Qualified, Flow::Arrived, Flow::Returned, Flow::Hired];
/// Ways out of a profession's people.
const OUT: [Flow; 5] = [
    Flow::Died,
    Flow::Emigrated,
    Flow::AgeLimit,
    Flow::Changed,
    Flow::Scope,
];

/// Simulates one seed and checks, for every year and profession, that last year's people and
/// entries are this year's people and leavers; and that the ledger, kept by differences, equals a
/// fresh count of the population. Gives a line a year and profession, and one a year for the count.
pub fn conservation(
    model: &Model,
    seed: u64,
    until: Year,
    mut told: impl FnMut(Year),
) -> Vec<Line> {
    let zones = model.data.zones.len();
    let start = model.base.year;
    let years = usize::from(until.saturating_sub(start));
    let mut walk = Walk::new(&model.base.population, start, Key::new(seed, 0));
    let mut ledger = Ledger::open(&model.rules, zones, &walk.population, start, years);
    let mut lines = Vec::new();
    for year in start + 1..=until {
        ledger.begin_year();
        walk.next(model.rules_in(year), &mut ledger);
        for (profession, about) in model.data.classification.professions.iter().enumerate() {
            let people = |stock: &[Stock]| stock_of(model, &ledger, stock, profession);
            let flows = |list: &[Flow]| {
                list.iter()
                    .map(|flow| flow_of(model, &ledger, *flow, profession))
                    .sum::<f64>()
            };
            lines.push(Line {
                margin: format!("{year}: people + entries = people + leavers"),
                cell: about.id.clone(),
                model: people(&ledger.stock) + flows(&OUT),
                evidence: people(&ledger.last_stock) + flows(&IN),
                tolerance: 0.0,
            });
        }
        let fresh = Ledger::open(&model.rules, zones, &walk.population, year, years);
        let wrong = fresh
            .stock
            .iter()
            .zip(&ledger.stock)
            .filter(|(a, b)| a != b)
            .count();
        lines.push(Line {
            margin: format!("{year}: cells of the ledger that differ from a fresh count"),
            cell: "all".into(),
            model: wrong as f64,
            evidence: 0.0,
            tolerance: 0.0,
        });
        told(year);
    }
    lines
}

fn cells<'a>(
    model: &'a Model,
    ledger: &'a Ledger,
    profession: usize,
) -> impl Iterator<Item = usize> + 'a {
    let lookup = &model.rules.lookup;
    (0..lookup.grades)
        .filter(move |grade| usize::from(lookup.profession[*grade]) == profession)
        .flat_map(move |grade| {
            (0..PLACES).flat_map(move |place| {
                (0..ledger.zones).map(move |zone| ledger.cell(grade, place, zone))
            })
        })
}

fn stock_of(model: &Model, ledger: &Ledger, stock: &[Stock], profession: usize) -> f64 {
    cells(model, ledger, profession)
        .flat_map(|cell| &stock[cell * AGE_CUTS..(cell + 1) * AGE_CUTS])
        .map(|stock| f64::from(stock.persons))
        .sum()
}

fn flow_of(model: &Model, ledger: &Ledger, flow: Flow, profession: usize) -> f64 {
    cells(model, ledger, profession)
        .map(|cell| f64::from(ledger.flows[cell * FLOWS + flow as usize]))
        .sum()
}
