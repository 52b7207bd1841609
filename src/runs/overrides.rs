//! Settings of a run given beside its file, as flags of the command line.

use super::calibrated::Values;
use super::draws;
use super::keys;
use super::plan::{COMMAND_LINE, Fault, Plan, wrong_way_round};
use crate::engine::closure::{Closure, Surplus};
use crate::need::Scenario;
use crate::words::{Problem, Year};
use serde::{Deserialize, Serialize};

/// Most threads that can be asked for.
pub const MOST_THREADS: usize = 1024;

/// Settings of a run given beside its file, as flags of the command line. What is `None` stays as
/// the file has it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Overrides {
    /// How many draws of the parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draws: Option<u32>,
    /// How many seeds, in each draw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seeds: Option<u32>,
    /// The first seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_seed: Option<u64>,
    /// Simulated people per real person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<f64>,
    /// The last year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Year>,
    /// How the labour market is closed. Closing it by supply drops the file's surplus, which has
    /// no effect there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closure: Option<Closure>,
    /// The scenario of need. What the file says of need besides the scenario stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<Scenario>,
    /// Where the parameters' values come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Values>,
    /// Threads to use.
    #[serde(skip)]
    pub threads: Option<usize>,
}

impl Plan {
    /// The plan with some settings replaced.
    ///
    /// # Errors
    /// A [`Problem`] about the flag that makes the plan impossible.
    pub fn with(&self, overrides: &Overrides) -> Result<Plan, Problem> {
        let mut conditions = self.conditions.clone();
        conditions.closure = overrides.closure.unwrap_or(conditions.closure);
        conditions.need.scenario = overrides.need.unwrap_or(conditions.need.scenario);
        if conditions.closure == Closure::Supply {
            conditions.surplus = Surplus::default();
        }
        let plan = Plan {
            conditions,
            draws: overrides.draws.unwrap_or(self.draws),
            seeds: overrides.seeds.unwrap_or(self.seeds),
            first_seed: overrides.first_seed.unwrap_or(self.first_seed),
            scale: overrides.scale.unwrap_or(self.scale),
            until: overrides.until.unwrap_or(self.until),
            parameters: overrides.parameters.unwrap_or(self.parameters),
            threads: overrides.threads.unwrap_or(self.threads),
            ..self.clone()
        };
        if overrides.threads.is_some() && !(1..=MOST_THREADS).contains(&plan.threads) {
            let message = format!("must be a whole number from 1 to {MOST_THREADS}");
            return Err(Problem::in_file(COMMAND_LINE, message)
                .about("--threads", plan.threads.to_string())
                .mend("leave it out to use every core"));
        }
        match plan.fault() {
            None => {
                let flag = Problem::in_file(COMMAND_LINE, "");
                let flag = match overrides.draws {
                    None => flag.about("--parameters", "evidence"),
                    Some(draws) => flag.about("--draws", draws.to_string()),
                };
                draws::check(&plan, flag)?;
                Ok(plan)
            }
            Some(Fault::OutOfRange(key)) => Err(out_of_range(&plan, key)),
            Some(Fault::WrongWayRound) => {
                let problem = Problem::in_file(COMMAND_LINE, "");
                Err(wrong_way_round(
                    problem.about("--until", plan.until.to_string()),
                    plan.start,
                ))
            }
        }
    }
}

fn out_of_range(plan: &Plan, key: &str) -> Problem {
    let value = match key {
        "until" => plan.until.to_string(),
        "scale" => plan.scale.to_string(),
        "draws" => plan.draws.to_string(),
        "seeds" => plan.seeds.to_string(),
        _ => plan.first_seed.to_string(),
    };
    let flag = format!("--{}", key.replace('_', "-"));
    let (allowed, example) = keys::allowed(key);
    Problem::in_file(COMMAND_LINE, format!("must be {allowed}"))
        .about(flag.clone(), value)
        .mend(format!("for example: {flag} {example}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minimal() -> Plan {
        Plan::of_text("a.toml", "name = \"a\"").unwrap()
    }

    #[test]
    fn flags_replace_what_the_file_says_and_are_checked() {
        let plan = minimal();
        let flags = Overrides {
            seeds: Some(3),
            first_seed: Some(7),
            scale: Some(0.5),
            until: Some(2025),
            threads: Some(2),
            ..Overrides::default()
        };
        let changed = plan.with(&flags).unwrap();
        assert_eq!(
            (changed.seeds, changed.scale, changed.until),
            (3, 0.5, 2025)
        );
        assert_eq!((changed.first_seed, changed.threads), (7, 2));
        assert_eq!(plan.with(&Overrides::default()), Ok(plan.clone()));
        let none = Overrides::default();
        for (flags, key, value) in [
            (
                Overrides {
                    seeds: Some(0),
                    ..none.clone()
                },
                "--seeds",
                "0",
            ),
            (
                Overrides {
                    scale: Some(f64::NAN),
                    ..none.clone()
                },
                "--scale",
                "NaN",
            ),
            (
                Overrides {
                    until: Some(2019),
                    ..none.clone()
                },
                "--until",
                "2019",
            ),
            (
                Overrides {
                    until: Some(2100),
                    ..none.clone()
                },
                "--until",
                "2100",
            ),
            (
                Overrides {
                    first_seed: Some(u64::MAX),
                    ..none.clone()
                },
                "--first-seed",
                "18446744073709551615",
            ),
            (
                Overrides {
                    threads: Some(0),
                    ..none.clone()
                },
                "--threads",
                "0",
            ),
        ] {
            let found = plan.with(&flags).unwrap_err();
            assert_eq!(
                (found.file.as_str(), found.key.as_str()),
                (COMMAND_LINE, key)
            );
            assert_eq!(found.value, value);
            assert!(found.message.contains("must be"), "{found}");
            assert!(!found.hint.is_empty(), "{found}");
        }
    }

    #[test]
    fn flags_replace_closure_and_scenario_and_nothing_else() {
        let text = "name = \"a\"\nclosure = \"vacancy\"\nsurplus = \"absorbed\"\n[need]\n\
                    scenario = \"low\"\nproductivity = 0.01";
        let plan = Plan::of_text("a.toml", text).unwrap();
        let flags = Overrides {
            closure: Some(Closure::Supply),
            need: Some(Scenario::High),
            ..Overrides::default()
        };
        let changed = plan.with(&flags).unwrap().conditions;
        assert_eq!(
            (changed.closure, changed.surplus),
            (Closure::Supply, Surplus::TurnedAway)
        );
        assert_eq!(changed.need.scenario, Scenario::High);
        assert_eq!(changed.need.productivity, Some(0.01));
        assert_eq!(plan.with(&Overrides::default()), Ok(plan.clone()));
        let vacancy = Overrides {
            closure: Some(Closure::Vacancy),
            ..Overrides::default()
        };
        let changed = minimal().with(&vacancy).unwrap().conditions;
        assert_eq!(changed.closure, Closure::Vacancy);
    }
}
