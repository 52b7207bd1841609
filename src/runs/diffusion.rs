//! Diffusion of graduates: who is found where years after the study, and what places brought there.
//!
//! Decentralised graduates found in the county of study years later are a selected group: most grew
//! up there (policy_effects_0011 against policy_effects_0012). The check shows that the model has
//! such groups, and beside them what added places bring in a paired comparison, where those who
//! would have studied anyway, and come home, are taken off.

use super::checks::Line;
use super::model::Model;
use crate::bands::summarise;
use crate::dice::Key;
use crate::engine::{Change, Entry, Observer, Walk};
use crate::population::Person;
use crate::words::{Problem, Track, Year, byte_year};
use rayon::prelude::*;

/// Seeds of the check.
pub const SEEDS: std::ops::Range<u64> = 1..13;
/// The policy that adds the places.
pub const POLICY: &str = "decentralised_nursing_education";
/// Where.
pub const COUNTY: &str = "finnmark";
/// Added places a year.
pub const PLACES: f64 = 40.0;
/// First and last year of admission to the added places.
pub const ADMITTED: (Year, Year) = (2021, 2024);
/// The year of the census: those added qualified four to seven years before.
pub const CENSUS: Year = 2031;
/// Years since qualifying at the census, as in the study.
const SINCE: (Year, Year) = (4, 7);
/// Errors of the two shares, 95 %: three classes and two of another study (calibration target
/// `retention_finnmark_decentralised` and its campus counterpart: sampling, definition, age).
const ERRORS: [f64; 2] = [0.153, 0.164];

/// Nobody counts events here.
struct Nobody;

impl Observer for Nobody {
    fn entered(&mut self, _: &Person, _: Entry, _: Year) {}
    fn changed(&mut self, _: &Change<'_>) {}
}

/// Nurses at the census, simulated people.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    /// Graduates of the county by track (decentralised, campus), and those of them still in it.
    graduates: [[f64; 2]; 2],
    /// All nurses at work in health care in the county.
    nurses: f64,
}

fn counted(model: &Model, seed: u64) -> Count {
    let unions = model.data.zones.unions();
    let county = unions.into_iter().find(|(name, _)| name == COUNTY);
    let county = county.map_or(Vec::new(), |(_, zones)| zones);
    let inside = |zone: u8| county.contains(&usize::from(zone));
    let lists = &model.data.classification;
    let nurse = lists.profession("nurse");
    let base_year = model.base.year;
    let mut walk = Walk::new(&model.base.population, base_year, Key::new(seed, 0));
    walk.draw_effects(&model.rules, Some(seed));
    for year in base_year + 1..=CENSUS {
        walk.next(model.rules_in(year), &mut Nobody);
    }
    let mut count = Count::default();
    for person in walk.population.people() {
        let grade = usize::from(person.grade);
        if grade >= lists.grades.len() || Some(lists.grades[grade].profession) != nurse {
            continue;
        }
        let here = inside(person.zone);
        count.nurses += f64::from(u8::from(here && person.in_health()));
        let since = CENSUS.saturating_sub(byte_year(person.qualified));
        if person.country != 0 || !inside(person.study_zone) || since < SINCE.0 || since > SINCE.1 {
            continue;
        }
        let track = match person.track {
            Track::Decentralised => 0,
            Track::Campus => 1,
            _ => continue,
        };
        count.graduates[track][0] += 1.0;
        count.graduates[track][1] += f64::from(u8::from(here && person.status.is_present()));
    }
    count
}

/// The lines of the check, judged and told; `scenario` is the base with [`PLACES`] more places of [`POLICY`] in
/// [`COUNTY`] in the years [`ADMITTED`].
///
/// # Errors
/// A [`Problem`] if the data folder has no such county.
pub fn diffusion(base: &Model, scenario: &Model) -> Result<(Vec<Line>, Vec<Line>), Problem> {
    if !base
        .data
        .zones
        .unions()
        .iter()
        .any(|(name, _)| name == COUNTY)
    {
        return Err(Problem::in_file(
            &base.data.folder.name("classification/zones.toml"),
            "the check is of a county that the zones do not have",
        )
        .about("county", COUNTY)
        .mend("run it with the embedded data"));
    }
    let pairs: Vec<[Count; 2]> = SEEDS
        .into_par_iter()
        .map(|seed| [counted(base, seed), counted(scenario, seed)])
        .collect();
    let line = |cell: String, model: f64, evidence: f64, tolerance: f64| Line {
        margin: "diffusion".to_string(),
        cell,
        model,
        evidence,
        tolerance,
    };
    let mean = |of: &dyn Fn(&[Count; 2]) -> f64| {
        let mut values: Vec<f64> = pairs.iter().map(of).collect();
        summarise(&mut values)
    };
    let evidence = ["policy_effects_0011", "policy_effects_0012"];
    let mut lines = Vec::new();
    for (track, name) in ["decentralised", "campus"].into_iter().enumerate() {
        let known = base
            .data
            .facts
            .get(evidence[track])
            .and_then(|fact| fact.value)
            .unwrap_or(f64::NAN);
        let share = |pair: &[Count; 2]| {
            let [graduates, there] = pair[0].graduates[track];
            there / graduates
        };
        let summary = mean(&share);
        let cell = format!("{name}, in {COUNTY} after 4-7 years");
        lines.push(line(cell, summary.mean, known, ERRORS[track]));
    }
    // What is brought, by graduate added: the sums, since single seeds have few.
    let added = |pair: &[Count; 2]| pair[1].graduates[0][0] - pair[0].graduates[0][0];
    let brought = |pair: &[Count; 2]| pair[1].nurses - pair[0].nurses;
    let effect = |pair: &[Count; 2]| brought(pair) / added(pair);
    let summary = mean(&effect);
    let told = f64::INFINITY;
    let scale = base.base.scale;
    let people = [mean(&added).mean / scale, mean(&brought).mean / scale];
    lines.push(line("graduates added".into(), people[0], f64::NAN, told));
    lines.push(line(
        "nurses brought at work".into(),
        people[1],
        f64::NAN,
        told,
    ));
    lines.push(line(
        "brought by graduate added".into(),
        summary.mean,
        f64::NAN,
        told,
    ));
    let (low, high) = summary.middle_95();
    lines.push(line("the same, 2.5 %".into(), low, f64::NAN, told));
    lines.push(line("the same, 97.5 %".into(), high, f64::NAN, told));
    let of_added =
        |pair: &[Count; 2]| (pair[1].graduates[0][1] - pair[0].graduates[0][1]) / added(pair);
    let still = mean(&of_added).mean;
    lines.push(line(
        "added graduates still there".into(),
        still,
        f64::NAN,
        told,
    ));
    let clearly = summary.mean + 2.0 * summary.mcse < still;
    let smaller = f64::from(u8::from(clearly));
    lines.push(line(
        "effect below the selected share".into(),
        smaller,
        1.0,
        0.0,
    ));
    // Fitted, and a law of the comparison; the rest is told.
    let is_judged = |line: &Line| line.cell.starts_with("decentralised") || line.tolerance == 0.0;
    Ok(lines.into_iter().partition(is_judged))
}
