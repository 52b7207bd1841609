//! The files of a comparison beside the tables of bands and differences: effects, costs, who is
//! reached, acceptability, retention of classes. CSV, one row a number over the seeds.

use super::number::plain;
use super::sheet::{Sheet, texts};
use crate::bands::{QUANTILES, Summary, summarise};
use crate::runs::account::{Account, Reached, kinds_of_classes};
use crate::runs::design::Design;
use crate::runs::effects::Told;
use crate::runs::paired::Pair;
use crate::runs::scenario::BASE;
use crate::tallies::retention::{COUNT_IDS, COUNTS};
use std::io::{self, Write};

/// The names of the summary's columns.
fn band_names() -> impl Iterator<Item = String> {
    let quantiles = QUANTILES.iter().map(|(name, _)| *name);
    let names = ["mean", "sd", "mcse"].into_iter().chain(quantiles);
    names.chain(["runs"]).map(str::to_string)
}

fn band(summary: &Summary) -> impl Iterator<Item = String> {
    [summary.mean, summary.sd, summary.mcse]
        .into_iter()
        .chain(summary.quantiles)
        .map(plain)
        .chain([summary.runs.to_string()])
}

/// Writes `effects.csv`: what each scenario brings and costs, with the first and last year that it
/// is added up over.
///
/// # Errors
/// An I/O error from the writer.
pub fn effects(design: &Design, told: &[Told], to: impl Write) -> io::Result<()> {
    let keys = [
        "scenario", "from", "until", "measure", "zone", "sector", "unit",
    ];
    let header = texts(keys).chain(band_names());
    let mut sheet = Sheet::new(to, header.chain(texts(["p_positive", "note"])))?;
    for (arm, told) in design.scenarios.iter().zip(told) {
        let from = arm.first.map_or(String::new(), |year| year.to_string());
        let until = design.until.to_string();
        for effect in &told.effects {
            let keys = [
                &arm.name,
                from.as_str(),
                &until,
                effect.measure,
                &effect.zone,
                effect.sector,
                effect.unit,
            ];
            let ends = [plain(effect.p_positive), effect.note.clone()];
            sheet.row(texts(keys).chain(band(&effect.summary)).chain(ends))?;
        }
    }
    sheet.end()
}

/// Writes `policies.csv`: participants and cost by policy and year.
///
/// # Errors
/// An I/O error from the writer.
pub fn policies(design: &Design, told: &[Told], to: impl Write) -> io::Result<()> {
    let header = texts([
        "scenario",
        "policy",
        "year",
        "participants",
        "new_participants",
        "cost_mean",
        "cost_p025",
        "cost_p975",
        "cost_known",
        "price_year",
    ]);
    let mut sheet = Sheet::new(to, header)?;
    for (arm, told) in design.scenarios.iter().zip(told) {
        for row in &told.policies {
            let policy = &arm.policies[row.policy];
            let (low, high) = row.cost.middle_95();
            let known = policy.cost.is_known();
            let numbers = [
                row.participants.mean,
                row.new_participants.mean,
                row.cost.mean,
                low,
                high,
            ];
            let keys = [arm.name.clone(), policy.id.clone(), row.year.to_string()];
            let ends = [known.to_string(), policy.cost.price_year.to_string()];
            sheet.row(keys.into_iter().chain(numbers.map(plain)).chain(ends))?;
        }
    }
    sheet.end()
}

/// Writes `acceptability.csv`: the probability that a scenario's additional FTE-years are worth its
/// cost, both discounted, by what one is worth.
///
/// # Errors
/// An I/O error from the writer.
pub fn acceptability(design: &Design, told: &[Told], to: impl Write) -> io::Result<()> {
    let header = ["scenario", "zone", "nok_per_fte_year", "probability"];
    let mut sheet = Sheet::new(to, texts(header))?;
    for (arm, told) in design.scenarios.iter().zip(told) {
        for (zone, worth, probability) in &told.acceptability {
            let numbers = [*worth, *probability].map(plain);
            sheet.row(texts([&arm.name, zone]).chain(numbers))?;
        }
    }
    sheet.end()
}

/// What is told of those reached, with the counts behind it.
fn counts(own: &Reached) -> [(&'static str, u32); 5] {
    [
        ("reached", own.persons),
        ("holding", own.holding),
        ("anyway", own.anyway),
        ("moved", own.moved),
        ("brought_in", own.brought),
    ]
}

/// Writes `reached.csv`: those reached by each policy; those of them who hold a health job in its
/// zones, and how many of the same persons do so in the base (`anyway`, with `deadweight` as their
/// share), are elsewhere in it (`moved`) or not in it at all (`brought_in`).
///
/// # Errors
/// An I/O error from the writer.
pub fn reached(design: &Design, pairs: &[Pair], to: impl Write) -> io::Result<()> {
    let keys = ["scenario", "policy", "year", "years_on", "measure", "unit"];
    let mut sheet = Sheet::new(to, texts(keys).chain(band_names()))?;
    for (position, arm) in design.scenarios.iter().enumerate() {
        for (moment, year) in arm.moments.iter().enumerate() {
            for (number, policy) in arm.policies.iter().enumerate() {
                let all: Vec<Reached> = pairs
                    .iter()
                    .map(|pair| pair.scenarios[position].account.reached[moment][number])
                    .collect();
                let on = arm.first.map_or(0, |first| year - first);
                let mut row = |measure: &str, unit: &str, mut values: Vec<f64>| {
                    let years = [year.to_string(), on.to_string()];
                    let [year, on] = years.each_ref().map(String::as_str);
                    let keys = [&arm.name, policy.id.as_str(), year, on, measure, unit];
                    sheet.row(texts(keys).chain(band(&summarise(&mut values))))
                };
                for (number, (measure, _)) in counts(&Reached::default()).iter().enumerate() {
                    let real = |own: &Reached| f64::from(counts(own)[number].1) / design.scale;
                    row(measure, "persons", all.iter().map(real).collect())?;
                }
                let share = |own: &Reached| f64::from(own.anyway) / f64::from(own.holding);
                row("deadweight", "fraction", all.iter().map(share).collect())?;
            }
        }
    }
    sheet.end()
}

/// The account of a run: the base, then the scenarios.
fn account(pair: &Pair, run: usize) -> &Account {
    match run {
        0 => &pair.base.account,
        run => &pair.scenarios[run - 1].account,
    }
}

/// Writes `retention.csv`: graduates, and shares of them in health care, in the sector and zone of
/// the first job, and in the zone of study, by study place, track, profession and years on. All
/// classes from the first year of any policy on that can be followed so long, together; in the
/// base as well.
///
/// # Errors
/// An I/O error from the writer.
pub fn retention(design: &Design, pairs: &[Pair], to: impl Write) -> io::Result<()> {
    let keys = [
        "scenario",
        "study_place",
        "track",
        "profession",
        "years_on",
        "first_class",
        "last_class",
        "measure",
        "unit",
    ];
    let mut sheet = Sheet::new(to, texts(keys).chain(band_names()))?;
    let names = [BASE]
        .into_iter()
        .chain(design.scenarios.iter().map(|arm| arm.name.as_str()));
    for (run, name) in names.enumerate() {
        let classes = |pair| account(pair, run).classes.as_slice();
        let all: Vec<&[[u64; COUNTS]]> = pairs.iter().map(classes).collect();
        for (cell, (place, track, profession, years)) in kinds_of_classes(design).enumerate() {
            let own = all.iter().filter_map(|own| own.get(cell));
            let own: Vec<[u64; COUNTS]> = own.copied().collect();
            if own.iter().all(|counts| counts[0] == 0) {
                continue;
            }
            let numbers = [years, design.first_class, design.until - years];
            let numbers = numbers.map(|number| number.to_string());
            let [years, first, last] = numbers.each_ref().map(String::as_str);
            for (count, id) in COUNT_IDS.iter().enumerate() {
                let value = |own: &[u64; COUNTS]| match count {
                    0 => own[0] as f64 / design.scale,
                    _ => own[count] as f64 / own[0] as f64,
                };
                let unit = if count == 0 { "persons" } else { "fraction" };
                let mut values: Vec<f64> = own.iter().map(value).collect();
                let keys = [name, place, track, profession, years, first, last, id, unit];
                sheet.row(texts(keys).chain(band(&summarise(&mut values))))?;
            }
        }
    }
    sheet.end()
}
