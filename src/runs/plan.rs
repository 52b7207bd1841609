//! The plan of a run: what a run file says, checked once and free of gaps.

use super::calibrated::Values;
use super::manual::{self, Manual};
use super::outputs;
use super::raw::{self, RiskQuestion};
use super::run_text::RunText;
use super::scenario::{self, Scenario};
use super::variant::{self, Variant};
use super::{conditions, draws, questions};
use crate::disclosure::Rule;
use crate::engine::Conditions;
use crate::evidence::folder::{embedded_runs, read_text};
use crate::parameters::ModelData;
use crate::tallies::Breakdown;
use crate::words::problem::nearest;
use crate::words::{Problem, Year};
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};
use std::path::Path;

/// How complaints name what was given as flags, where a file would stand.
pub const COMMAND_LINE: &str = "command line";

/// What to simulate and what to report. Made by [`Plan::of_text`] or [`Plan::find`], which leave
/// nothing to check but names that depend on the data, see [`Plan::check_against`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    /// Short name, fit for a folder.
    pub name: String,
    /// Title in Norwegian.
    pub title_nb: String,
    /// Title in English.
    pub title_en: String,
    /// The base year.
    pub start: Year,
    /// The last year, after the base year.
    pub until: Year,
    /// Simulated people per real person.
    pub scale: f64,
    /// How many draws of the parameters; 0 for the centre of the fit.
    pub draws: u32,
    /// How many seeds, in each draw.
    pub seeds: u32,
    /// The first seed.
    pub first_seed: u64,
    /// Identifier of the zone scheme.
    pub zones: String,
    /// What results are broken down by, each breakdown once.
    #[serde(serialize_with = "outputs::as_keys")]
    pub breakdowns: Vec<Breakdown>,
    /// The measures wanted, each once; empty for everything there is.
    pub measures: Vec<String>,
    /// Where the parameters' values come from.
    pub parameters: Values,
    /// How the labour market is closed, the need, and levers.
    pub conditions: Conditions,
    /// Unions of zones of the user's own, by name: the zones and unions in each, as written.
    pub unions: BTreeMap<String, Vec<String>>,
    /// Questions about places with few people, as written.
    pub risks: Vec<RiskQuestion>,
    /// The rule of disclosure control, as written; see [`Plan::rule`].
    pub disclosure: Option<Rule>,
    /// Policy files of the user's own, as written.
    pub policy_files: Vec<String>,
    /// Scenarios to be compared with the run as it is, the base.
    pub scenarios: Vec<Scenario>,
    /// Structural variants; none for the run as it is.
    pub variants: Vec<Variant>,
    /// Parameters set by hand.
    #[serde(rename = "override", skip_serializing_if = "Vec::is_empty")]
    pub manual: Vec<Manual>,
    /// Threads to use, 0 for one to each core. Results do not depend on it.
    #[serde(skip)]
    pub threads: usize,
    /// The run file, as the user knows it.
    pub file: String,
    /// Its text.
    #[serde(skip)]
    pub text: String,
}

impl Plan {
    /// The plan that a run file describes.
    ///
    /// # Errors
    /// The first [`Problem`]: syntax, an unknown key, a value of the wrong kind or out of range,
    /// years the wrong way round, a breakdown, measure or question about risk given twice, a
    /// setting that has no effect.
    pub fn of_text(file_name: &str, text: &str) -> Result<Plan, Problem> {
        let run = RunText::parse(file_name, text)?;
        let raw = run.read()?;
        check_name(&raw.name, &run)?;
        let plan = Plan {
            title_nb: title([&raw.title_nb, &raw.title_en], &raw.name),
            title_en: title([&raw.title_en, &raw.title_nb], &raw.name),
            breakdowns: outputs::breakdowns(&raw, &run)?,
            measures: outputs::measures(&raw, &run)?,
            risks: questions::risks(&raw, &run)?,
            conditions: Conditions::default(),
            unions: raw.unions.clone(),
            parameters: raw.parameters,
            name: raw.name.clone(),
            start: raw.start,
            until: raw.until,
            scale: raw.scale,
            draws: raw.draws,
            seeds: raw.seeds,
            first_seed: raw.first_seed,
            zones: raw.zones.clone(),
            disclosure: raw.disclosure,
            policy_files: raw.policy_files.clone(),
            scenarios: raw.scenario.clone(),
            variants: raw.variant.clone(),
            manual: raw.manual.clone(),
            threads: 0,
            file: file_name.to_string(),
            text: text.to_string(),
        };
        match plan.fault() {
            None => {
                manual::check(&plan.manual, &run)?;
                scenario::check(&plan.scenarios, &plan.years(), &run)?;
                let conditions = conditions::conditions(&raw, &run)?;
                variant::check(&plan.variants, &conditions, &run)?;
                let plan = Plan { conditions, ..plan };
                draws::check(&plan, run.complaint("draws"))?;
                Ok(plan)
            }
            Some(Fault::OutOfRange(key)) => Err(run.complaint(key)),
            Some(Fault::WrongWayRound) => {
                // The one of the two that is written; the other has its default.
                let written = if run.has("until") { "until" } else { "start" };
                Err(wrong_way_round(run.complaint(written), plan.start))
            }
        }
    }

    /// The plan of an embedded run, by name, or of a run file, by its path ending in `.toml`.
    ///
    /// # Errors
    /// A [`Problem`] if there is no such run, with the nearest name; or as [`Plan::of_text`].
    pub fn find(name_or_path: &str) -> Result<Plan, Problem> {
        let runs = embedded_runs();
        if let Some((name, text)) = runs.iter().find(|(name, _)| name == name_or_path) {
            return Plan::of_text(&embedded_file(name), text);
        }
        let names = runs.iter().map(|(name, _)| name.as_str());
        if name_or_path.ends_with(".toml") {
            let path = Path::new(name_or_path);
            let text = read_text(path, name_or_path).map_err(|problem| {
                let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                match nearest(&stem, names) {
                    _ if path.exists() => problem,
                    Some(name) => problem.mend(format!("did you mean the embedded \"{name}\"?")),
                    None => problem.mend("see the embedded runs: stabil list runs"),
                }
            })?;
            return Plan::of_text(name_or_path, &text);
        }
        let message =
            "no embedded run has this name; give such a name, or the path of a .toml file";
        Err(Problem::in_file(COMMAND_LINE, message)
            .about("RUN", name_or_path)
            .nearest(name_or_path, names))
    }

    /// The years of the run, base year included.
    pub fn years(&self) -> RangeInclusive<Year> {
        self.start..=self.until
    }

    /// The rule of disclosure control on these data: that of the run file, else the default where
    /// they hold microdata; none where it is switched off.
    pub fn rule(&self, data: &ModelData) -> Option<Rule> {
        let default = data.microdata.as_ref().map(|_| Rule::default());
        self.disclosure.or(default).filter(Rule::is_on)
    }

    /// The seeds of the run.
    pub fn seed_range(&self) -> Range<u64> {
        self.first_seed..self.first_seed + u64::from(self.seeds)
    }

    /// The first number that is not as it must be, if any.
    pub(super) fn fault(&self) -> Option<Fault> {
        if !raw::STARTS.contains(&self.start) {
            Some(Fault::OutOfRange("start"))
        } else if self.until <= self.start {
            Some(Fault::WrongWayRound)
        } else if !raw::UNTILS.contains(&self.until) {
            Some(Fault::OutOfRange("until"))
        } else if !raw::SCALES.contains(&self.scale) {
            Some(Fault::OutOfRange("scale"))
        } else if !raw::DRAWS.contains(&self.draws) {
            Some(Fault::OutOfRange("draws"))
        } else if !raw::SEEDS.contains(&self.seeds) {
            Some(Fault::OutOfRange("seeds"))
        } else if !raw::FIRST_SEEDS.contains(&self.first_seed) {
            Some(Fault::OutOfRange("first_seed"))
        } else {
            None
        }
    }
}

/// What can be wrong with the numbers of a plan.
pub(super) enum Fault {
    /// The value of this key is not in its range.
    OutOfRange(&'static str),
    /// The last year is not after the first.
    WrongWayRound,
}

/// The complaint about a last year that is not after the first.
pub(super) fn wrong_way_round(problem: Problem, start: Year) -> Problem {
    let message = format!(
        "the year range is the wrong way round: until must be after start, which is {start}"
    );
    let hint = format!(
        "give until a year from {} to {}",
        start + 1,
        raw::UNTILS.end()
    );
    Problem {
        message,
        hint,
        ..problem
    }
}

/// How an embedded run file is named to the user.
fn embedded_file(name: &str) -> String {
    format!("runs/{name}.toml (embedded)")
}

fn title(titles: [&Option<String>; 2], name: &str) -> String {
    titles
        .into_iter()
        .flatten()
        .find(|title| !title.trim().is_empty())
        .map_or(name.to_string(), |title| title.trim().to_string())
}

/// A name becomes a folder on many kinds of machine, so only what is safe on all of them is let in.
fn check_name(name: &str, run: &RunText) -> Result<(), Problem> {
    let plain = name
        .chars()
        .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-'));
    let first = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if plain && first && name.len() <= 60 {
        Ok(())
    } else {
        Err(run.complaint("name"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::keys;

    fn problem(lines: &str) -> Problem {
        Plan::of_text("a.toml", &format!("name = \"a\"\n{lines}\n")).unwrap_err()
    }

    fn minimal() -> Plan {
        Plan::of_text("a.toml", "name = \"a\"").unwrap()
    }

    #[test]
    fn embedded_runs_are_plans_under_their_own_names() {
        let runs = embedded_runs();
        assert!(runs.iter().any(|(name, _)| name == "baseline"));
        for (name, _) in runs {
            assert_eq!(Plan::find(&name).map(|plan| plan.name), Ok(name));
        }
    }

    #[test]
    fn the_baseline_writes_the_defaults_out() {
        let baseline = Plan::find("baseline").unwrap();
        let same = Plan {
            name: "baseline".into(),
            title_nb: baseline.title_nb.clone(),
            title_en: baseline.title_en.clone(),
            file: baseline.file.clone(),
            // The default is to ask nothing; the baseline shows how, and asks little.
            risks: baseline.risks.clone(),
            text: baseline.text.clone(),
            ..minimal()
        };
        assert_eq!(baseline, same);
        let cells = |risk: &RiskQuestion| risk.professions.len() * risk.zones.len();
        let asked: usize = baseline.risks.iter().map(cells).sum();
        assert!((1..40).contains(&asked), "{asked}");
        assert_eq!(
            (baseline.years(), baseline.scale, baseline.seeds),
            (2019..=2040, 1.0, 20)
        );
        assert_eq!(baseline.breakdowns.len(), 9);
        assert_eq!(baseline.seed_range(), 1..21);
    }

    #[test]
    fn the_vacancy_run_is_the_baseline_but_for_closure_and_seeds() {
        let (baseline, vacancy) = (Plan::find("baseline"), Plan::find("vacancy").unwrap());
        let mut same = baseline.unwrap();
        same.conditions.closure = crate::engine::closure::Closure::Vacancy;
        let same = Plan {
            name: vacancy.name.clone(),
            title_nb: vacancy.title_nb.clone(),
            title_en: vacancy.title_en.clone(),
            seeds: vacancy.seeds,
            file: vacancy.file.clone(),
            text: vacancy.text.clone(),
            ..same
        };
        assert_eq!(vacancy, same);
    }

    #[test]
    fn what_the_baseline_shows_after_a_hash_is_a_run_file_too() {
        let (_, text) = embedded_runs()
            .into_iter()
            .find(|(n, _)| n == "baseline")
            .unwrap();
        let is_toml = |line: &&str| {
            let rest = line.strip_prefix("# ").unwrap_or(line);
            rest.starts_with('[')
                || rest
                    .split_once(" = ")
                    .is_some_and(|(key, _)| !key.contains(' '))
        };
        let text = text.replace("closure = \"supply\"", "closure = \"vacancy\"");
        let lines: Vec<&str> = text
            .lines()
            .map(|line| match is_toml(&line) {
                true => line.strip_prefix("# ").unwrap_or(line),
                false => line,
            })
            .collect();
        let plan = Plan::of_text("a.toml", &lines.join("\n")).unwrap();
        assert_eq!(plan.conditions.need.productivity, Some(0.005));
        assert_eq!(plan.unions.len(), 1);
        let levers = &plan.conditions.levers;
        let lists = serde_json::to_value(levers).unwrap();
        for (name, list) in lists.as_object().unwrap() {
            assert_eq!(list.as_array().map(Vec::len), Some(1), "{name}");
        }
        let data = crate::parameters::ModelData::read(crate::evidence::DataFolder::Embedded, None);
        assert_eq!(plan.check_against(&data.unwrap(), &[]), Ok(()));
    }

    #[test]
    fn titles_stand_in_for_each_other() {
        assert_eq!(minimal().title_nb, "a");
        let plan = Plan::of_text("a.toml", "name = \"a\"\ntitle_en = \"One\"\n").unwrap();
        assert_eq!(
            (plan.title_nb.as_str(), plan.title_en.as_str()),
            ("One", "One")
        );
    }

    #[test]
    fn values_out_of_range_are_told_with_line_and_remedy() {
        for (key, value) in [
            ("start", "1999"),
            ("until", "2061"),
            ("scale", "0.001"),
            ("scale", "41"),
            ("scale", "nan"),
            ("seeds", "0"),
            ("seeds", "100001"),
            ("first_seed", "1000000000000001"),
        ] {
            let found = problem(&format!("\n{key} = {value}"));
            assert_eq!(
                (found.line, found.key.as_str(), found.value.as_str()),
                (3, key, value)
            );
            let (allowed, example) = keys::allowed(key);
            assert_eq!(found.message, format!("must be {allowed}"));
            assert_eq!(found.hint, format!("for example: {key} = {example}"));
        }
        for name in ["", "Å", "A", "a b", "../a", "-a", "a.toml"] {
            let found = Plan::of_text("a.toml", &format!("\nname = \"{name}\"")).unwrap_err();
            assert_eq!((found.line, found.key.as_str()), (2, "name"), "{name}");
        }
    }

    #[test]
    fn years_the_wrong_way_round_are_told() {
        for (lines, key, year) in [
            ("until = 2019", "until", "2019"),
            ("start = 2045", "start", "2045"),
        ] {
            let found = problem(lines);
            assert_eq!(found.line, 2);
            assert_eq!((found.key.as_str(), found.value.as_str()), (key, year));
            assert!(found.message.contains("wrong way round"), "{found}");
        }
        let found = problem("start = 2030\nuntil = 2025");
        assert_eq!(
            (found.line, found.hint.as_str()),
            (3, "give until a year from 2031 to 2060")
        );
    }

    #[test]
    fn runs_are_found_by_name_or_path() {
        let found = Plan::find("baselin").unwrap_err();
        assert_eq!(
            (found.key.as_str(), found.hint.as_str()),
            ("RUN", "did you mean \"baseline\"?")
        );
        let found = Plan::find("xyz").unwrap_err();
        assert!(found.hint.starts_with("valid: baseline"), "{found}");
        let found = Plan::find("nowhere/quick.toml").unwrap_err();
        assert_eq!(found.file, "nowhere/quick.toml");
        assert_eq!(found.hint, "did you mean the embedded \"quick\"?");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.toml");
        std::fs::write(&path, "\u{feff}name = \"mine\"\nseeds = 3\n").unwrap();
        let plan = Plan::find(path.to_str().unwrap()).unwrap();
        assert_eq!((plan.name.as_str(), plan.seeds), ("mine", 3));
        std::fs::write(&path, b"name = \"\xe5\"\n").unwrap();
        let found = Plan::find(path.to_str().unwrap()).unwrap_err();
        assert_eq!(found.hint, "save the file as UTF-8");
        std::fs::write(&path, "name = \"mine\"\nseeds = 0\n").unwrap();
        let found = Plan::find(path.to_str().unwrap()).unwrap_err();
        assert_eq!(
            (found.file.as_str(), found.line),
            (path.to_str().unwrap(), 2)
        );
    }
}
