//! `stabil compare`: what the scenarios of a run change, read from its results folder and told as
//! tables: paired differences, effects, costs, displacement, who is reached.

use super::compare_arguments::CompareArguments;
use super::results::{DIFFERENCES, EFFECTS, REACHED};
use super::rows::{each, read};
use super::{CliError, print};
use crate::report::number::{percent, short, thousands};
use crate::runs::effects::TARGET;
use crate::tallies::ALL;
use crate::words::{Problem, Year};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// What is measured if nothing else is asked for.
const MEASURE: &str = "supply_fte";
/// Years after the first policy that are told of if no others are asked for, besides the last.
const YEARS_ON: [Year; 2] = [5, 9];

/// What to tell of; what is not chosen is told as the command's help says.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Scenario.
    pub scenario: Option<String>,
    /// Profession.
    pub profession: Option<String>,
    /// Zone.
    pub zone: Option<String>,
    /// Sector.
    pub sector: Option<String>,
    /// Measure.
    pub measure: Option<String>,
    /// Years.
    pub years: Vec<Year>,
}

/// Carries out `stabil compare`.
///
/// # Errors
/// A [`CliError`]: no such folder, a run without scenarios, a name that its results do not have.
pub fn compare(arguments: &CompareArguments) -> Result<u8, CliError> {
    let typed = arguments.clone();
    let choice = Choice {
        scenario: typed.scenario,
        profession: typed.profession,
        zone: typed.zone,
        sector: typed.sector,
        measure: typed.measure,
        years: typed.year,
    };
    print(&page(&typed.folder, &choice)?)
}

/// A row of `differences.csv`.
#[derive(Debug, Deserialize)]
struct Difference {
    scenario: String,
    year: Year,
    profession: String,
    grade: String,
    sector: String,
    zone: String,
    from: String,
    measure: String,
    mean: Option<f64>,
    mcse: Option<f64>,
    p025: Option<f64>,
    p975: Option<f64>,
    p_positive: Option<f64>,
    variance_ratio: Option<f64>,
}

/// A row of `effects.csv`.
#[derive(Debug, Deserialize)]
struct Effect {
    scenario: String,
    from: Option<Year>,
    until: Year,
    measure: String,
    zone: String,
    sector: String,
    mean: Option<f64>,
    mcse: Option<f64>,
    p025: Option<f64>,
    p975: Option<f64>,
    p_positive: Option<f64>,
    note: String,
}

/// A row of `reached.csv`.
#[derive(Debug, Deserialize)]
struct Reached {
    scenario: String,
    policy: String,
    year: Year,
    measure: String,
    mean: Option<f64>,
}

fn refuse_other_folders(folder: &Path) -> Result<(), Problem> {
    let named = folder.display().to_string();
    if !folder.is_dir() {
        let message = "there is no such folder";
        return Err(Problem::in_file(&named, message).mend(
            "give the results folder of a run with scenarios, which stabil run names at its end",
        ));
    }
    if [DIFFERENCES, EFFECTS, REACHED]
        .iter()
        .any(|name| !folder.join(name).is_file())
    {
        let message = "these are not the results of a run with scenarios";
        let problem = Problem::in_file(&named, message);
        // Disclosure control lets the differences through, and no more.
        return Err(match folder.join(DIFFERENCES).is_file() {
            true => problem.mend("under disclosure control read differences.csv"),
            false => {
                problem.mend("add [[scenario]] to the run file, and carry it out: stabil run FILE")
            }
        });
    }
    Ok(())
}

/// The page that tells a results folder.
///
/// # Errors
/// As [`compare`].
pub fn page(folder: &Path, choice: &Choice) -> Result<String, CliError> {
    refuse_other_folders(folder)?;
    let effects: Vec<Effect> = read(folder, EFFECTS)?;
    let mut scenarios: Vec<&str> = Vec::new();
    for effect in &effects {
        if !scenarios.contains(&effect.scenario.as_str()) {
            scenarios.push(&effect.scenario);
        }
    }
    if let Some(wanted) = &choice.scenario {
        if !scenarios.contains(&wanted.as_str()) {
            let message = "the run has no such scenario";
            return Err(
                Problem::in_file(&folder.join(EFFECTS).display().to_string(), message)
                    .about("scenario", wanted)
                    .nearest(wanted, scenarios)
                    .into(),
            );
        }
        scenarios.retain(|name| name == wanted);
    }
    let mut text = differences(folder, choice, &scenarios, &effects)?;
    let reached: Vec<Reached> = read(folder, REACHED)?;
    for name in scenarios {
        let own: Vec<&Effect> = effects.iter().filter(|row| row.scenario == name).collect();
        tell_effects(name, &own, &mut text);
        let own: Vec<&Reached> = reached.iter().filter(|row| row.scenario == name).collect();
        tell_reached(&own, &mut text);
    }
    Ok(text)
}

/// The names that a column of `differences.csv` has, and the one chosen in it.
struct Column<'a> {
    name: &'static str,
    chosen: Option<&'a String>,
    there: BTreeSet<String>,
}

fn differences(
    folder: &Path,
    choice: &Choice,
    scenarios: &[&str],
    effects: &[Effect],
) -> Result<String, CliError> {
    let word = |chosen: &Option<String>, usual: &str| match chosen {
        Some(word) => word.clone(),
        None => usual.to_string(),
    };
    let measure = word(&choice.measure, MEASURE);
    let profession = word(&choice.profession, ALL);
    let sector = word(&choice.sector, ALL);
    let zones: Vec<String> = match &choice.zone {
        Some(zone) => vec![zone.clone()],
        None => groups(effects),
    };
    let mut columns = [
        ("profession", &choice.profession),
        ("zone", &choice.zone),
        ("sector", &choice.sector),
        ("measure", &choice.measure),
    ]
    .map(|(name, chosen)| Column {
        name,
        chosen: chosen.as_ref(),
        there: BTreeSet::new(),
    });
    let mut years = BTreeSet::new();
    let mut rows: Vec<Difference> = Vec::new();
    each(folder, DIFFERENCES, |row: Difference| {
        let cells = [&row.profession, &row.zone, &row.sector, &row.measure];
        for (column, cell) in columns.iter_mut().zip(cells) {
            if !column.there.contains(cell) {
                column.there.insert(cell.clone());
            }
        }
        years.insert(row.year);
        let wanted = row.measure == measure
            && row.profession == profession
            && row.sector == sector
            && row.grade == ALL
            && row.from == ALL
            && zones.contains(&row.zone)
            && scenarios.contains(&row.scenario.as_str());
        if wanted {
            rows.push(row);
        }
    })?;
    let file = folder.join(DIFFERENCES).display().to_string();
    for column in &columns {
        if let Some(wanted) = column.chosen.filter(|word| !column.there.contains(*word)) {
            let message = format!("the results have no such {}", column.name);
            return Err(Problem::in_file(&file, message)
                .about(column.name, wanted)
                .nearest(wanted, column.there.iter().map(String::as_str))
                .into());
        }
    }
    if let Some(year) = choice.years.iter().find(|year| !years.contains(year)) {
        let (first, last) = (years.first(), years.last());
        let span = first
            .zip(last)
            .map_or(String::new(), |(a, b)| format!("{a} to {b}"));
        return Err(Problem::in_file(&file, "this year is not in the results")
            .about("year", year.to_string())
            .mend(format!("the years are {span}"))
            .into());
    }
    if rows.is_empty() && columns.iter().any(|column| column.chosen.is_some()) {
        let message = "the run tells nothing of these together";
        let zones = zones.join(" ");
        let asked = [&measure, &profession, &sector, &zones].map(String::as_str);
        return Err(Problem::in_file(&file, message)
            .about("measure, profession, sector, zone", asked.join(", "))
            .mend("add the breakdown to the run file, and carry it out again")
            .into());
    }
    let mut text = format!(
        "Differences from the base: {measure}, profession {profession}, sector {sector} \
         (mean, 95 % of runs)\n\
         Forskjeller fra basen, kjøring for kjøring (gjennomsnitt, 95 % av kjøringene)\n"
    );
    if rows.is_empty() {
        let _ = writeln!(
            text,
            "\nNothing is told of {measure}: add it to the measures of the run file, or choose \
             another with --measure."
        );
    } else if choice.zone.is_none() && rows.iter().all(|row| row.zone == ALL) {
        let _ = writeln!(
            text,
            "\nNothing is told of zones: add the breakdown [\"zone\"] to the run file."
        );
    }
    for scenario in scenarios {
        let own: Vec<&Difference> = rows
            .iter()
            .filter(|row| row.scenario == *scenario)
            .collect();
        if own.is_empty() {
            continue;
        }
        let years = match choice.years.is_empty() {
            true => usual_years(scenario, effects),
            false => choice.years.clone(),
        };
        let _ = writeln!(
            text,
            "\n{:<26}{:>6}{:>11}{:>24}{:>10}{:>8}{:>10}",
            scenario, "year", "mean", "95 %", "MC error", "P(>0)", "variance"
        );
        for zone in &zones {
            for year in &years {
                let row = own
                    .iter()
                    .find(|row| row.zone == *zone && row.year == *year);
                let Some(row) = row else { continue };
                let _ = writeln!(
                    text,
                    "  {zone:<24}{year:>6}{:>11}{:>24}{:>10}{:>8}{:>10}",
                    signed(row.mean),
                    span(row.p025, row.p975),
                    short(number(row.mcse)),
                    short(number(row.p_positive)),
                    ratio(row.variance_ratio)
                );
            }
        }
    }
    text.push_str(
        "\nvariance: so many times more runs would be needed if scenario and base did not throw \
         the same dice.\n",
    );
    Ok(text)
}

/// The country and its groups of zones, as the effects name them.
fn groups(effects: &[Effect]) -> Vec<String> {
    let mut all = vec![ALL.to_string()];
    for effect in effects {
        let part = effect.zone == TARGET || effect.zone.starts_with("other_");
        if !part && !all.contains(&effect.zone) {
            all.push(effect.zone.clone());
        }
    }
    all
}

/// Some years after the first policy, and the last.
fn usual_years(scenario: &str, effects: &[Effect]) -> Vec<Year> {
    let Some(effect) = effects.iter().find(|row| row.scenario == scenario) else {
        return Vec::new();
    };
    let on = |first: Year| YEARS_ON.map(|years| first + years);
    let mut years: Vec<Year> = effect.from.map(on).into_iter().flatten().collect();
    years.retain(|year| *year < effect.until);
    years.push(effect.until);
    years
}

/// The lines about FTE: measure, and what is said of it.
const GAINS: [(&str, &str); 3] = [
    ("fte_years", "additional FTE-years"),
    ("fte_last_year", "additional FTE in the last year"),
    ("persons_last_year", "additional persons in the last year"),
];

fn tell_effects(scenario: &str, own: &[&Effect], text: &mut String) {
    let first = own.first();
    let until = first.map_or(String::new(), |row| row.until.to_string());
    let from = first
        .and_then(|row| row.from)
        .map(|year| format!("{year} to "));
    let _ = writeln!(
        text,
        "\nEffects of {scenario}, health and care, {}{until} (mean, 95 % of runs, MC error, P(>0))\n\
         Virkning og kostnad; target er tiltakenes soner, other er resten av gruppen (fortrengning)",
        from.unwrap_or_default()
    );
    let nothing = |row: &&Effect| row.p025 == Some(0.0) && row.p975 == Some(0.0);
    if own.iter().all(nothing) {
        text.push_str("    nothing is changed in any run\n");
        return;
    }
    let line = |label: &str, row: &Effect, unit: f64, text: &mut String| {
        let scaled = |number: Option<f64>| number.map(|number| number / unit);
        let note = match row.note.is_empty() {
            true => String::new(),
            false => format!("  ({})", row.note),
        };
        let _ = writeln!(
            text,
            "    {label:<42}{:>11}{:>24}{:>10}{:>8}{note}",
            signed(scaled(row.mean)),
            span(scaled(row.p025), scaled(row.p975)),
            short(number(scaled(row.mcse))),
            short(number(row.p_positive)),
        );
    };
    // The last group is the least central.
    let group = |row: &&&Effect| {
        own.iter()
            .any(|other| other.zone == format!("other_{}", row.zone))
    };
    let rural = own.iter().rev().find(group).map(|row| &row.zone);
    for (measure, title) in GAINS {
        let _ = writeln!(text, "  {title}");
        for row in own.iter().filter(|row| row.measure == measure) {
            // The groups in the middle are told by what of them is not the policies' own.
            let part = own
                .iter()
                .any(|other| other.zone == format!("other_{}", row.zone));
            let whole = row.sector == ALL && (!part || Some(&row.zone) == rural);
            let in_sector = row.sector != ALL && measure != "fte_years" && row.zone == TARGET;
            if !whole && !in_sector {
                continue;
            }
            let label = match row.sector.as_str() {
                ALL => row.zone.clone(),
                sector => format!("{}, {sector}", row.zone),
            };
            line(&label, row, 1.0, text);
        }
    }
    let _ = writeln!(text, "  cost");
    for row in own.iter().filter(|row| row.measure.starts_with("cost")) {
        let discounted = match row.measure.ends_with("_discounted") {
            true => ", 4 % a year",
            false => "",
        };
        if row.measure.starts_with("cost_per") {
            let label = format!("1000 NOK per FTE-year, {}{discounted}", row.zone);
            line(&label, row, 1e3, text);
        } else {
            line(&format!("NOK million{discounted}"), row, 1e6, text);
        }
    }
}

fn tell_reached(own: &[&Reached], text: &mut String) {
    if own
        .iter()
        .all(|row| row.mean.is_none_or(|mean| mean == 0.0))
    {
        return;
    }
    let _ = writeln!(
        text,
        "  reached: persons; with a health job in the zones; there in the base as well (deadweight);\n  \
         elsewhere in it; not in it\n  {:<26}{:>6}{:>11}{:>11}{:>11}{:>8}{:>11}{:>11}",
        "policy", "year", "reached", "holding", "anyway", "share", "moved", "brought in"
    );
    for row in own.iter().filter(|row| row.measure == "reached") {
        let find = |measure: &str| {
            let same = |other: &&&Reached| {
                other.policy == row.policy && other.year == row.year && other.measure == measure
            };
            number(own.iter().find(same).and_then(|found| found.mean))
        };
        let [holding, anyway, moved, brought] =
            ["holding", "anyway", "moved", "brought_in"].map(|measure| thousands(find(measure)));
        let _ = writeln!(
            text,
            "  {:<26}{:>6}{:>11}{holding:>11}{anyway:>11}{:>8}{moved:>11}{brought:>11}",
            row.policy,
            row.year,
            thousands(number(row.mean)),
            percent(find("deadweight"), 0),
        );
    }
}

fn number(read: Option<f64>) -> f64 {
    read.unwrap_or(f64::NAN)
}

/// A number with its sign, and a figure or two where it is small.
fn signed(read: Option<f64>) -> String {
    let number = number(read);
    let text = match number.abs() {
        size if size >= 1000.0 => thousands(number),
        size if size.is_nan() => "–".to_string(),
        _ => short(number),
    };
    if number > 0.0 {
        format!("+{text}")
    } else {
        text
    }
}

fn span(low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (None, None) => "–".to_string(),
        _ => format!("{} – {}", signed(low), signed(high)),
    }
}

fn ratio(read: Option<f64>) -> String {
    match read {
        None => "–".to_string(),
        Some(ratio) => format!("{ratio:.1}"),
    }
}
