//! What a page asks for (bestilling), and the run file made of it.
//!
//! The description has the words of a run file, and less of them: no key of it names a path. It is
//! written out as a run file and read again by the one reader of run files, whose checks and
//! messages hold.

use super::Refusal;
use crate::engine::closure::Closure;
use crate::need;
use crate::parameters::ModelData;
use crate::parameters::policy::Effects;
use crate::runs::Plan;
use crate::runs::scenario::Scenario;
use crate::tallies::measures;
use crate::words::Year;
use serde::{Deserialize, Serialize};

/// How the run file is named in messages, and when it is saved.
pub const FILE: &str = "explorer.toml";
/// Most scenarios beside the base.
pub const MOST_SCENARIOS: usize = 4;
/// Most policies in a scenario.
pub const MOST_POLICIES: usize = 12;
/// Most seeds of each draw.
pub const MOST_SEEDS: u32 = 200;
/// Most draws of the parameters.
pub const MOST_DRAWS: u32 = 200;
/// The greatest scale: everybody.
pub const MOST_SCALE: f64 = 1.0;
/// Most letters of a title.
const MOST_LETTERS: usize = 200;
/// Most names in one list of zones or professions.
const MOST_NAMES: usize = 100;
/// The most work: years of the whole population, over base, scenarios, seeds and draws. The
/// baseline's twenty seeds to 2040 are 420.
pub const MOST_WORK: f64 = 20_000.0;

/// The measures of an explorer's run: those of the ready comparisons, and need.
const MEASURES: [&str; 9] = [
    "persons",
    "supply_fte",
    "need_fte",
    "gap_fte",
    "entries",
    "left_health",
    "turnover_municipal_broad",
    "retention_in_study_zone",
    "net_gain",
];

/// What it is broken down by.
const BREAKDOWNS: [&[&str]; 5] = [
    &[],
    &["profession"],
    &["zone"],
    &["profession", "zone"],
    &["sector", "zone"],
];

/// A description of a run, as a page sends it. What is left out has the run file's own default.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wanted {
    /// Short name of the run.
    pub name: Option<String>,
    /// Title in Norwegian.
    pub title_nb: Option<String>,
    /// Title in English.
    pub title_en: Option<String>,
    /// The last year.
    pub until: Option<Year>,
    /// Simulated people per real person.
    pub scale: Option<f64>,
    /// Draws of the parameters.
    pub draws: Option<u32>,
    /// Seeds of each draw.
    pub seeds: Option<u32>,
    /// The first seed.
    pub first_seed: Option<u64>,
    /// How the labour market is closed.
    pub closure: Option<Closure>,
    /// The scenario of need.
    pub need: Option<need::Scenario>,
    /// Which sizes the effects of policies have.
    pub effects: Option<Effects>,
    /// Scenarios, as in a run file.
    pub scenario: Vec<Scenario>,
}

/// The run file, in the order in which it is written.
#[derive(Serialize)]
struct RunFile<'a> {
    name: &'a str,
    title_nb: Option<&'a str>,
    title_en: Option<&'a str>,
    until: Option<Year>,
    scale: Option<f64>,
    draws: Option<u32>,
    seeds: Option<u32>,
    first_seed: Option<u64>,
    closure: Option<Closure>,
    effects: Option<Effects>,
    breakdowns: &'a [&'a [&'a str]],
    measures: &'a [&'a str],
    need: Option<NeedTable>,
    scenario: &'a [Scenario],
}

#[derive(Serialize)]
struct NeedTable {
    scenario: need::Scenario,
}

/// A checked order: the run file's text and the plan that its reader made of it.
#[derive(Clone, Debug)]
pub struct Order {
    /// The text of the run file.
    pub text: String,
    /// The plan.
    pub plan: Plan,
    /// Years of the whole population that it takes.
    pub work: f64,
}

impl Wanted {
    /// Reads the JSON of a page.
    ///
    /// # Errors
    /// A [`Refusal`]: 400 where it is no JSON, 422 where it is JSON of another kind.
    pub fn read(body: &[u8]) -> Result<Wanted, Refusal> {
        // A list would otherwise pass for the values of the keys in their order.
        if body.trim_ascii_start().first() == Some(&b'[') {
            let message = "the description of the run cannot be read: it is a list";
            return Err(Refusal::unreadable(message).mend("send one JSON object"));
        }
        serde_json::from_slice(body).map_err(|error| {
            let message = format!("the description of the run cannot be read: {error}");
            match error.classify() {
                serde_json::error::Category::Data => Refusal::impossible(message)
                    .mend("its keys are those of a run file that name no path"),
                _ => Refusal::unreadable(message).mend("send one JSON object"),
            }
        })
    }

    /// The text of the run file.
    ///
    /// # Errors
    /// A [`Refusal`] where it cannot be written as one.
    pub fn run_file(&self) -> Result<String, Refusal> {
        let file = RunFile {
            name: self.name.as_deref().unwrap_or("explorer"),
            title_nb: self.title_nb.as_deref(),
            title_en: self.title_en.as_deref(),
            until: self.until,
            scale: self.scale,
            draws: self.draws,
            seeds: self.seeds,
            first_seed: self.first_seed,
            closure: self.closure,
            effects: self.effects,
            breakdowns: &BREAKDOWNS,
            measures: &MEASURES,
            need: self.need.map(|scenario| NeedTable { scenario }),
            scenario: &self.scenario,
        };
        let text = toml::to_string(&file).map_err(|error| {
            Refusal::impossible(format!("it cannot be written as a run file: {error}"))
        })?;
        Ok(format!(
            "# Made with stabil serve. Run it with: stabil run FILE.toml\n\
             # Laget med stabil serve. Kjør den med: stabil run FIL.toml\n{text}"
        ))
    }

    /// Checks the description as a run file is checked, and against what one page may ask for.
    ///
    /// # Errors
    /// A [`Refusal`] for the first thing wrong.
    pub fn order(&self, data: &ModelData) -> Result<Order, Refusal> {
        self.hold_sizes()?;
        let text = self.run_file()?;
        let plan = Plan::of_text(FILE, &text)?;
        hold_limits(&plan)?;
        plan.check_against(data, &measures::ids())?;
        plan.scenario_conditions(data)?;
        let work = work(&plan);
        if work > MOST_WORK {
            let message = format!(
                "this is {work:.0} years of the whole population, and here at most {MOST_WORK:.0} \
                 are simulated at a time"
            );
            return Err(Refusal::impossible(message)
                .about("seeds", plan.seeds)
                .mend("take fewer seeds or draws, or run the file on the command line"));
        }
        Ok(Order { text, plan, work })
    }

    /// Sizes of texts and lists, before anything is made of them.
    fn hold_sizes(&self) -> Result<(), Refusal> {
        at_most("scenario", self.scenario.len(), MOST_SCENARIOS)?;
        let of_scenarios = self.scenario.iter();
        let titles = of_scenarios.flat_map(|own| [&own.title_nb, &own.title_en]);
        for title in titles.chain([&self.title_nb, &self.title_en]).flatten() {
            at_most("title", title.chars().count(), MOST_LETTERS)?;
            if title.chars().any(char::is_control) {
                return Err(Refusal::impossible("a title is one line of plain text")
                    .about("title", title.escape_debug()));
            }
        }
        for scenario in &self.scenario {
            at_most("scenario.policy", scenario.policy.len(), MOST_POLICIES)?;
            for setting in &scenario.policy {
                at_most("scenario.policy.use", setting.policy.len(), MOST_LETTERS)?;
                for (key, list) in [
                    ("scenario.policy.zones", &setting.zones),
                    ("scenario.policy.taken_from", &setting.taken_from),
                    ("scenario.policy.professions", &setting.professions),
                ] {
                    at_most(key, list.as_ref().map_or(0, Vec::len), MOST_NAMES)?;
                }
            }
        }
        Ok(())
    }
}

fn at_most(key: &str, number: usize, most: usize) -> Result<(), Refusal> {
    if number <= most {
        return Ok(());
    }
    Err(Refusal::impossible(format!("at most {most} are allowed here")).about(key, number))
}

fn hold_limits(plan: &Plan) -> Result<(), Refusal> {
    let too_much = |key: &str, value: String, most: String| {
        Err(
            Refusal::impossible(format!("in the explorer it is at most {most}"))
                .about(key, value)
                .mend("run the file on the command line for more"),
        )
    };
    if plan.scale > MOST_SCALE {
        return too_much("scale", plan.scale.to_string(), MOST_SCALE.to_string());
    }
    if plan.seeds > MOST_SEEDS {
        return too_much("seeds", plan.seeds.to_string(), MOST_SEEDS.to_string());
    }
    if plan.draws > MOST_DRAWS {
        return too_much("draws", plan.draws.to_string(), MOST_DRAWS.to_string());
    }
    Ok(())
}

/// Years of the whole population that a plan takes.
pub fn work(plan: &Plan) -> f64 {
    let arms = 1.0 + plan.scenarios.len() as f64;
    let years = f64::from(plan.until - plan.start);
    plan.scale * years * arms * f64::from(plan.seeds) * f64::from(plan.draws.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::DataFolder;

    fn order(json: &str) -> Result<Order, Refusal> {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        Wanted::read(json.as_bytes())?.order(&data)
    }

    #[test]
    fn a_description_becomes_a_run_file_that_says_the_same() {
        let json = r#"{"until": 2030, "scale": 0.05, "seeds": 3, "need": "high",
            "title_nb": "Flere \"plasser\" i nord\\sør = 1",
            "scenario": [{"name": "moved", "title_en": "40 places", "policy": [
                {"use": "decentralised_nursing_education", "places": 40, "zones": ["finnmark"],
                 "taken_from": ["oslo"], "cost_factor": 2}]}]}"#;
        let found = order(json).unwrap();
        let plan = &found.plan;
        assert_eq!((plan.until, plan.scale, plan.seeds), (2030, 0.05, 3));
        assert_eq!(plan.title_nb, "Flere \"plasser\" i nord\\sør = 1");
        let setting = &plan.scenarios[0].policy[0];
        assert_eq!(
            setting.zones.as_deref(),
            Some(&["finnmark".to_string()][..])
        );
        assert_eq!(
            (setting.places, setting.cost_factor),
            (Some(40.0), Some(2.0))
        );
        assert!((found.work - 0.05 * 11.0 * 2.0 * 3.0).abs() < 1e-9);
        assert_eq!(Plan::of_text(FILE, &found.text).unwrap(), *plan);
    }

    #[test]
    fn what_names_a_path_or_is_too_much_is_refused() {
        for (json, status, told) in [
            ("{", 400, "cannot be read"),
            ("[]", 400, "cannot be read"),
            (r#"{"policy_files": ["../x.toml"]}"#, 422, "policy_files"),
            (r#"{"out": "x"}"#, 422, "out"),
            (r#"{"data": "x"}"#, 422, "data"),
            (r#"{"name": "../x"}"#, 422, "small letters"),
            (r#"{"seeds": 201}"#, 422, "at most 200"),
            (r#"{"seeds": 0}"#, 422, "whole number"),
            (r#"{"scale": 2}"#, 422, "at most 1"),
            (r#"{"draws": 201}"#, 422, "at most 200"),
            (r#"{"draws": 200, "seeds": 200}"#, 422, "whole population"),
            (r#"{"title_nb": "a\nb"}"#, 422, "one line"),
            (
                r#"{"scenario": [{"name": "a", "policy": [{"use": "mentor_schem"}]}]}"#,
                422,
                "no policy",
            ),
            (
                r#"{"scenario": [{"name": "a", "policy": [{"use": "mentor_scheme", "zones": ["narnia"]}]}]}"#,
                422,
                "no such name",
            ),
        ] {
            let found = order(json).unwrap_err();
            assert_eq!(found.status, status, "{json}: {found:?}");
            let all = format!("{} {} {}", found.message, found.key, found.value);
            assert!(all.contains(told), "{json}: {found:?}");
        }
    }
}
