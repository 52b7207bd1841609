//! The tables that a run ends with: supply by profession, with bands, beside the national
//! projection; and supply less need.

use super::number::{signed_percent, thousands};
use super::projection;
use crate::bands::Bands;
use crate::parameters::ModelData;
use crate::tallies::ALL;
use crate::words::Year;
use std::fmt::Write as _;

/// The year in the middle that the table shows, where the run reaches it.
const MIDDLE: Year = 2030;
/// The last year of the national projection.
const PROJECTED: Year = 2040;

/// What differs between the runs that a band is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holds {
    /// Draws of the parameters.
    pub draws: usize,
    /// Structural variants.
    pub variants: usize,
}

impl Holds {
    /// What the band holds, for readers.
    fn told(self) -> String {
        let Holds { draws, variants } = self;
        let of = match (draws > 1, variants > 1) {
            (false, false) => {
                return "The band is chance between\nlives only: the uncertainty of the \
                        parameters comes on top."
                    .to_string();
            }
            (true, false) => format!("uncertain parameters ({draws} draws) and chance"),
            (false, true) => format!("{variants} structural variants and chance"),
            (true, true) => format!(
                "uncertain parameters ({draws} draws), {variants} structural\nvariants and chance"
            ),
        };
        format!("The band holds\n{of}.")
    }
}

/// The tables of a run: supply, and what it is short of need where there is one.
pub fn tables(bands: &Bands, data: &ModelData, holds: Holds) -> String {
    let (supply, gap) = (table(bands, data, holds), gap(bands, data));
    if gap.is_empty() {
        return supply;
    }
    format!("{supply}\n{gap}")
}

/// The professions as rows, and all together.
fn rows(data: &ModelData) -> Vec<(&str, &str)> {
    let professions = data.classification.professions.iter();
    professions
        .map(|p| (p.id.as_str(), p.label_en.as_str()))
        .chain([(ALL, "All")])
        .collect()
}

/// The years shown: the first, a middle one, the last.
fn shown(bands: &Bands) -> Vec<Year> {
    let years = &bands.layout.years;
    let (Some(&first), Some(&last)) = (years.first(), years.last()) else {
        return Vec::new();
    };
    let middle = (first < MIDDLE && MIDDLE < last).then_some(MIDDLE);
    [first].into_iter().chain(middle).chain([last]).collect()
}

/// Supply less need in FTE by profession, with need in the last year; empty where nothing is told
/// of need.
fn gap(bands: &Bands, data: &ModelData) -> String {
    let find = |measure, id| bands.layout.find(measure, id, ALL, ALL, ALL);
    let shown = shown(bands);
    let told = ["gap_fte", "need_fte"]
        .iter()
        .all(|measure| find(measure, ALL).is_some());
    let (Some(last), true) = (shown.last(), told) else {
        return String::new();
    };
    let mut text = String::from(
        "Balance: supply less need, FTE (mean, 95 % of runs); below zero is shortage\n\
         Balanse: tilbud minus etterspørsel, årsverk; under null er underskudd\n\n",
    );
    let _ = write!(text, "{:<24}", "");
    for (position, year) in shown.iter().enumerate() {
        let width = if position == 0 { 10 } else { 28 };
        let _ = write!(text, "{year:>width$}");
    }
    let _ = writeln!(text, "{:>14}", format!("need {last}"));
    for (id, label) in rows(data) {
        let (Some(gap), Some(need)) = (find("gap_fte", id), find("need_fte", id)) else {
            continue;
        };
        let short: String = label.chars().take(23).collect();
        let _ = write!(text, "{short:<24}");
        for (position, year) in shown.iter().enumerate() {
            let Some(summary) = bands.in_year(*year, gap) else {
                continue;
            };
            let _ = write!(text, "{:>10}", thousands(summary.mean));
            if position > 0 {
                let (low, high) = summary.middle_95();
                let band = format!("{} – {}", thousands(low), thousands(high));
                let _ = write!(text, " {band:>17}");
            }
        }
        if let Some(summary) = bands.in_year(*last, need) {
            let _ = write!(text, "{:>14}", thousands(summary.mean));
        }
        text.push('\n');
    }
    text
}

/// Supply in FTE by profession in the first, a middle and the last year: the mean over runs and
/// the central 95 per cent, and the national projection's figure for the last year where it has
/// one, with the difference.
fn table(bands: &Bands, data: &ModelData, holds: Holds) -> String {
    let years = &bands.layout.years;
    let (Some(&first), Some(&last)) = (years.first(), years.last()) else {
        return String::new();
    };
    let shown = shown(bands);
    let mut text = String::new();
    let _ = writeln!(
        text,
        "Supply: agreed FTE in health and care (mean, 95 % of runs)"
    );
    let _ = writeln!(
        text,
        "Tilbud: avtalte årsverk i helse og omsorg (gjennomsnitt, 95 % av kjøringene)\n"
    );
    let _ = write!(text, "{:<24}", "");
    for year in &shown {
        let width = if *year == first { 10 } else { 28 };
        let _ = write!(text, "{year:>width$}");
    }
    if last == PROJECTED {
        let _ = write!(text, "{:>14}{:>9}", "HELSEMOD", "diff.");
    }
    text.push('\n');
    for (id, label) in rows(data) {
        let Some(cell) = bands.layout.find("supply_fte", id, ALL, ALL, ALL) else {
            continue;
        };
        let short: String = label.chars().take(23).collect();
        let _ = write!(text, "{short:<24}");
        let mut mean_last = f64::NAN;
        for year in &shown {
            let Some(summary) = bands.in_year(*year, cell) else {
                continue;
            };
            mean_last = summary.mean;
            if *year == first {
                let _ = write!(text, "{:>10}", thousands(summary.mean));
            } else {
                let (low, high) = summary.middle_95();
                let band = format!("{} – {}", thousands(low), thousands(high));
                let _ = write!(text, "{:>10} {band:>17}", thousands(summary.mean));
            }
        }
        if last == PROJECTED
            && let Some(projected) = projection::supply(&data.facts, id, last)
        {
            let change = signed_percent(mean_last / projected - 1.0, 1);
            let _ = write!(text, "{:>14}{change:>9}", thousands(projected));
        }
        text.push('\n');
    }
    if last == PROJECTED {
        let _ = writeln!(
            text,
            "\nHELSEMOD: the national projection's supply in {PROJECTED} (NOU 2023: 4, table 2.2), without\n\
             care assistants. Nothing in this run was fitted to it. {}",
            holds.told()
        );
    } else {
        let _ = writeln!(text, "\n{}", holds.told());
    }
    text
}
