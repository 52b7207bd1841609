//! The table that a run ends with: supply by profession, with bands, beside the national
//! projection.

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

/// Supply in FTE by profession in the first, a middle and the last year: the mean over runs and
/// the central 95 per cent, and the national projection's figure for the last year where it has
/// one, with the difference.
pub fn table(bands: &Bands, data: &ModelData) -> String {
    let years = &bands.layout.years;
    let (Some(&first), Some(&last)) = (years.first(), years.last()) else {
        return String::new();
    };
    let mut shown = vec![first];
    if first < MIDDLE && MIDDLE < last {
        shown.push(MIDDLE);
    }
    shown.push(last);
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
    let mut rows: Vec<(&str, &str)> = data
        .classification
        .professions
        .iter()
        .map(|p| (p.id.as_str(), p.label_en.as_str()))
        .collect();
    rows.push((ALL, "All"));
    for (id, label) in rows {
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
             care assistants. Nothing in this run was fitted to it. The band is chance between\n\
             lives only: the uncertainty of the parameters comes on top."
        );
    }
    text
}
