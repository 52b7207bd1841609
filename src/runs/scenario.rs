//! Scenarios (scenarier): the base run with policies and levers laid over it.

use super::run_text::{RunText, Step};
use super::{Model, Plan, eligible};
use crate::engine::Conditions;
use crate::parameters::policy::{Catalogue, Setting};
use crate::parameters::{ModelData, Policy};
use crate::words::{Problem, Year};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// The name of the base in outputs of a run with scenarios.
pub const BASE: &str = "base";

/// A scenario, as written in a run file.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Short name: small letters, digits, - and _; not "base".
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9_-]{0,59}$"))]
    pub name: String,
    /// Title in Norwegian (bokmål), for reports.
    pub title_nb: Option<String>,
    /// Title in English, for reports.
    pub title_en: Option<String>,
    /// Policies (tiltak), each with its settings.
    #[serde(default)]
    pub policy: Vec<Setting>,
}

impl Scenario {
    /// The conditions of the scenario: those of the base, with its policies and levers.
    ///
    /// # Errors
    /// The name of a policy that the catalogue does not have.
    pub fn conditions(
        &self,
        base: &Conditions,
        catalogue: &Catalogue,
    ) -> Result<Conditions, String> {
        let mut own = base.clone();
        for setting in &self.policy {
            let policy = catalogue.find(&setting.policy);
            let policy = setting.apply(policy.ok_or_else(|| setting.policy.clone())?);
            own.levers.extend(policy.levers.clone());
            own.policies.push(policy);
        }
        Ok(own)
    }
}

/// Checks names and years of scenarios.
///
/// # Errors
/// A [`Problem`] at the line of a name used twice or not allowed, or of a year outside the run.
pub(super) fn check(
    scenarios: &[Scenario],
    years: &RangeInclusive<Year>,
    run: &RunText,
) -> Result<(), Problem> {
    for (position, scenario) in scenarios.iter().enumerate() {
        let name = ["scenario".into(), position.into(), "name".into()];
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        let before = &scenarios[..position];
        let message = if scenario.name == BASE {
            "this is the name of the run without policies"
        } else if before.iter().any(|other| other.name == scenario.name) {
            "another scenario has this name"
        } else if scenario.name.is_empty() || !scenario.name.chars().all(plain) {
            "must be small letters, digits, - and _"
        } else {
            ""
        };
        if !message.is_empty() {
            return Err(Problem {
                message: message.to_string(),
                hint: "give the scenario another name".to_string(),
                ..run.complaint_about(&name)
            });
        }
        for (number, setting) in scenario.policy.iter().enumerate() {
            let fault = [("from", setting.from), ("until", setting.until)]
                .into_iter()
                .find(|(_, year)| year.is_some_and(|year| !years.contains(&year)));
            if let Some((key, _)) = fault {
                let (start, end) = (years.start(), years.end());
                let place = [
                    "scenario".into(),
                    position.into(),
                    "policy".into(),
                    number.into(),
                    key.into(),
                ];
                return Err(Problem {
                    message: format!("must be a year of the run, which is from {start} to {end}"),
                    hint: "give a year of the run, or let the run last longer".to_string(),
                    ..run.complaint_about(&place)
                });
            }
        }
    }
    Ok(())
}

impl Plan {
    /// The user's own policy files, found beside the run file.
    pub fn policy_files(&self) -> Vec<PathBuf> {
        let beside = Path::new(&self.file).parent().unwrap_or(Path::new(""));
        self.policy_files
            .iter()
            .map(|file| beside.join(file))
            .collect()
    }

    /// The conditions of every scenario, in the order of the file.
    ///
    /// # Errors
    /// A [`Problem`] in a policy file, or at the line that names a policy or lever that is not
    /// there.
    pub fn scenario_conditions(&self, data: &ModelData) -> Result<Vec<Conditions>, Problem> {
        if self.scenarios.is_empty() {
            return Ok(Vec::new());
        }
        let catalogue = Catalogue::read(data, &self.policy_files())?;
        let run = RunText::parse(&self.file, &self.text)?;
        let mut all = Vec::new();
        for (position, scenario) in self.scenarios.iter().enumerate() {
            let conditions = scenario
                .conditions(&self.conditions, &catalogue)
                .map_err(|name| {
                    let number = scenario.policy.iter().position(|own| own.policy == name);
                    let place = [
                        "scenario".into(),
                        position.into(),
                        "policy".into(),
                        number.unwrap_or(0).into(),
                        "use".into(),
                    ];
                    Problem {
                        message: "no policy has this name; see: stabil policies".to_string(),
                        ..run.complaint_about(&place)
                    }
                    .nearest(&name, catalogue.ids())
                })?;
            for (number, setting) in scenario.policy.iter().enumerate() {
                check_setting(setting, &catalogue, data, (position, number), &run)?;
            }
            conditions.levers.check(data).map_err(|fault| {
                let place = ["scenario".into(), position.into()];
                let told = fault.problem(&self.file);
                Problem {
                    line: run.line(&place),
                    ..told
                }
            })?;
            all.push(conditions);
        }
        Ok(all)
    }
}

/// Checks a setting against the data and the policy that it is of.
fn check_setting(
    setting: &Setting,
    catalogue: &Catalogue,
    data: &ModelData,
    (position, number): (usize, usize),
    run: &RunText,
) -> Result<(), Problem> {
    let place = |key: &'static str| -> Vec<Step> {
        vec![
            "scenario".into(),
            position.into(),
            "policy".into(),
            number.into(),
            key.into(),
        ]
    };
    let unions = data.zones.unions().into_iter().map(|(name, _)| name);
    let zones = data.zones.zones.iter().map(|zone| zone.id.clone());
    let zones: Vec<String> = zones.chain(unions).collect();
    let professions = data.classification.profession_ids().map(str::to_string);
    let professions: Vec<String> = professions.collect();
    for (key, given, valid) in [
        ("zones", &setting.zones, &zones),
        ("taken_from", &setting.taken_from, &zones),
        ("professions", &setting.professions, &professions),
    ] {
        let mut names = given.iter().flatten().enumerate();
        if let Some((item, name)) = names.find(|(_, name)| !valid.contains(name)) {
            let mut steps = place(key);
            steps.push(item.into());
            let message = "the data know no such name; see: stabil list zones, professions";
            return Err(Problem {
                message: message.to_string(),
                ..run.complaint_about(&steps)
            }
            .nearest(name, valid.iter().map(String::as_str)));
        }
    }
    let Some(policy) = catalogue.find(&setting.policy) else {
        return Ok(());
    };
    let own = setting.apply(policy);
    if let Some(until) = own.until.filter(|until| *until < own.from) {
        let key = if setting.until.is_some() {
            "until"
        } else {
            "from"
        };
        return Err(Problem {
            message: format!(
                "the years are the wrong way round: the policy is to act from {} until {until}",
                own.from
            ),
            hint: "give until a year that is not before from".to_string(),
            ..run.complaint_about(&place(key))
        });
    }
    let idle = [
        ("places", setting.places.is_some()),
        ("taken_from", setting.taken_from.is_some()),
    ];
    match idle.into_iter().find(|(_, given)| *given) {
        Some((key, _)) if policy.levers.study_places.is_empty() => Err(Problem {
            message: "it has no effect: this policy has no study places".to_string(),
            hint: format!(
                "delete it; what the policy does: stabil policies {}",
                policy.id
            ),
            ..run.complaint_about(&place(key))
        }),
        _ => Ok(()),
    }
}

/// A policy whose filter selects nobody of the base population has hardly been meant so: a warning
/// for each, in the order of scenarios. It is no error, for people may come to be there.
pub fn scenario_warnings(
    scenarios: &[Scenario],
    conditions: &[Conditions],
    model: &Model,
) -> Vec<String> {
    let mut warnings = Vec::new();
    for (scenario, conditions) in scenarios.iter().zip(conditions) {
        let nobodies = conditions.policies.iter();
        for policy in nobodies.filter(|policy| nobody(policy, model)) {
            warnings.push(format!(
                "scenario {}: {}",
                scenario.name,
                nobody_told(policy, model)
            ));
        }
    }
    warnings
}

/// Does a policy that acts on people select nobody of the base population?
pub fn nobody(policy: &Policy, model: &Model) -> bool {
    !policy.changes.is_empty() && eligible::count(policy, &model.data, &model.base) == 0
}

/// How many people of the base population a policy's filter selects, in words.
pub fn selected(policy: &Policy, model: &Model) -> String {
    format!(
        "selects {} of the {} people of {} (clocks and tracks left aside)",
        eligible::count(policy, &model.data, &model.base),
        model.base.population.people().count(),
        model.base.year
    )
}

/// The warning about a policy that selects nobody.
pub fn nobody_told(policy: &Policy, model: &Model) -> String {
    format!(
        "policy {} reaches 0 of the {} simulated people of {}: nobody is {}",
        policy.id,
        model.base.population.people().count(),
        model.base.year,
        eligible::told(&policy.eligible)
    )
}
