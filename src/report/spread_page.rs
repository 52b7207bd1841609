//! Where the spread of the main outputs comes from, in a few lines at the end of a run with draws.

use super::number::percent;
use crate::runs::spread::Spread;
use crate::runs::spread::causes::Causes;
use crate::runs::spread::years::{NAMES, YearSpread};
use crate::tallies::{ALL, Layout};
use std::fmt::Write as _;

/// The profession that the lines are about, where the run tells of it.
const PROFESSION: &str = "nurse";
/// The measures that the lines are about: the first of them that the run tells of.
const MEASURES: [&str; 2] = ["gap_fte", "supply_fte"];

/// The parts of the variance: their columns, and what readers know them as.
pub const PARTS: [(&str, &str); 5] = [
    ("parameter_share", "parameters"),
    ("structural_share", "structure"),
    ("alignment_share", "alignment"),
    ("interaction_share", "parameters with structure"),
    ("stochastic_share", "chance"),
];

/// The parts of a variance in words, those told of that are more than nothing. `share` gives the
/// share of a column.
pub fn split(share: impl Fn(&str) -> f64) -> String {
    let parts = PARTS.iter().map(|(column, name)| (share(column), name));
    let told = parts.filter(|(share, _)| *share > 0.0);
    let told: Vec<String> = told
        .map(|(share, name)| format!("{name} {}", percent(share, 0)))
        .collect();
    match told.is_empty() {
        true => "not told by runs of this design".to_string(),
        false => told.join(", "),
    }
}

/// The lines; empty without draws. `rural` is the group of zones told of beside the country.
pub fn page(
    spread: &Spread,
    causes: &[(usize, Causes)],
    layout: &Layout,
    rural: Option<&String>,
) -> String {
    let Some(directions) = &spread.directions else {
        return String::new();
    };
    let last = layout.years.len().saturating_sub(1);
    let find = |measure: &str, profession: &str, zone: &str| {
        layout.find(measure, profession, ALL, ALL, zone)
    };
    let profession = [PROFESSION, ALL].into_iter().find(|own| {
        MEASURES
            .iter()
            .any(|measure| find(measure, own, ALL).is_some())
    });
    let measure = |own: &str| MEASURES.into_iter().find(|m| find(m, own, ALL).is_some());
    let Some((profession, measure)) = profession.and_then(|own| Some((own, measure(own)?))) else {
        return String::new();
    };
    let year = layout.years.get(last).copied().unwrap_or_default();
    let mut text = format!(
        "\nWhere the spread comes from, {measure} in {year}\nHvor spredningen kommer fra\n"
    );
    for zone in [ALL].into_iter().chain(rural.map(String::as_str)) {
        let Some(cell) = find(measure, profession, zone) else {
            continue;
        };
        let is_it = |own: &&YearSpread| (own.cell, own.arm, own.year) == (cell, 0, last);
        let Some(row) = spread.years.iter().find(is_it) else {
            continue;
        };
        let share = |column: &str| {
            let at = NAMES.iter().position(|name| *name == column);
            at.map_or(f64::NAN, |at| row.numbers[at])
        };
        let _ = write!(text, "  {profession}, {zone}: {}", split(share));
        let own = causes.iter().find(|(at, _)| {
            let means = &spread.draws[*at];
            (means.cell, means.arm) == (cell, 0)
        });
        match own.and_then(|(_, own)| own.listed.first()) {
            Some(top) if top.driver.told => {
                let direction = &directions.all[top.driver.parameter];
                let _ = write!(
                    text,
                    "; most by {} (grade {:?}, {} of what parameters make)",
                    direction.name,
                    direction.grade,
                    percent(top.driver.share.clamp(0.0, 1.0), 0)
                );
            }
            _ => text.push_str("; no parameter can be told from chance with so few draws"),
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_names_what_is_there() {
        let share = |column: &str| match column {
            "parameter_share" => 0.75,
            "stochastic_share" => 0.25,
            "alignment_share" => f64::NAN,
            _ => 0.0,
        };
        assert_eq!(split(share), "parameters 75 %, chance 25 %");
        assert!(split(|_| f64::NAN).starts_with("not told"));
    }
}
