//! What can be typed after `stabil explain`.

use super::arguments::{BASELINE, ConditionFlags, DataChoice};
use super::values;
use crate::runs::{Overrides, raw};
use crate::words::Year;
use clap::{Args, Subcommand, value_parser};

/// Examples of `stabil explain`.
pub(super) const EXPLAIN_EXAMPLES: &str = "\
Examples:
  stabil explain person 0-2019-17
  stabil explain person 0-2019-17 --seed 2 --until 2060
  stabil explain --changed mentoring mentoring --count 5   lives that a scenario changed
  stabil explain --changed more_places my_run.toml --scale 0.1";

/// Arguments of `stabil explain`.
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct ExplainArguments {
    /// What to explain.
    #[command(subcommand)]
    pub of: Option<ExplainCommand>,
    /// The lives that a scenario changed.
    #[command(flatten)]
    pub changed: ChangedArguments,
}

/// What to explain.
#[derive(Clone, Debug, Subcommand)]
pub enum ExplainCommand {
    /// Tell one simulated person's life, year by year, with the probabilities behind it
    Person(PersonArguments),
}

/// Arguments of `stabil explain --changed`.
#[derive(Clone, Debug, Args)]
pub struct ChangedArguments {
    /// Tell lives that this scenario changed, beside what they are without it
    #[arg(long, value_name = "SCENARIO", requires = "run")]
    pub changed: Option<String>,
    /// The run with the scenario: an embedded one, or path of a run file ending in .toml
    #[arg(value_name = "RUN", requires = "changed")]
    pub run: Option<String>,
    /// How many lives to tell
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = value_parser!(u16).range(1..=100))]
    pub count: u16,
    /// The seed that the lives are thrown with [default: the first of the run]
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(raw::FIRST_SEEDS))]
    pub seed: Option<u64>,
    /// Simulate this many people per real person: 0.1 is quick, 1 is everybody
    #[arg(long, value_name = "F", value_parser = values::scale)]
    pub scale: Option<f64>,
    /// Last year to tell of
    #[arg(long, value_name = "YEAR", value_parser = value_parser!(Year).range(values::untils()))]
    pub until: Option<Year>,
    /// The data folder.
    #[command(flatten)]
    pub data: DataChoice,
}

impl ChangedArguments {
    /// The settings given beside the run file: one seed, this one.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            seeds: Some(1),
            first_seed: self.seed,
            scale: self.scale,
            until: self.until,
            ..Overrides::default()
        }
    }
}

/// Arguments of `stabil explain person`.
#[derive(Clone, Debug, Args)]
pub struct PersonArguments {
    /// The person: a number, or its parts STREAM-YEAR-NUMBER (0-2019-17 is in the base population)
    #[arg(value_name = "ID", value_parser = values::person)]
    pub id: u64,
    /// The seed that the person's life is thrown with [default: the first of the run]
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(raw::FIRST_SEEDS))]
    pub seed: Option<u64>,
    /// Name of an embedded run, or path of a run file ending in .toml
    #[arg(long, value_name = "RUN", default_value = BASELINE)]
    pub run: String,
    /// The data folder.
    #[command(flatten)]
    pub data: DataChoice,
    /// Last year to tell of
    #[arg(long, value_name = "YEAR", value_parser = value_parser!(Year).range(values::untils()))]
    pub until: Option<Year>,
    /// The closure of the labour market and the need.
    #[command(flatten)]
    pub conditions: ConditionFlags,
}

impl PersonArguments {
    /// The settings given beside the run file: one seed, this one.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            seeds: Some(1),
            first_seed: self.seed,
            until: self.until,
            closure: self.conditions.closure,
            need: self.conditions.need,
            ..Overrides::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::arguments::{Arguments, Command};
    use clap::Parser;

    fn explanation(line: &str) -> Result<ExplainArguments, clap::Error> {
        match Arguments::try_parse_from(line.split_whitespace())?.command {
            Some(Command::Explain(typed)) => Ok(typed),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn flags_of_an_explanation_become_overrides() {
        let line = "stabil explain person 0-2019-17 --seed 2 --until 2030";
        let Some(ExplainCommand::Person(typed)) = explanation(line).unwrap().of else {
            panic!("another command")
        };
        assert_eq!(typed.run, "baseline");
        let overrides = typed.overrides();
        assert_eq!((overrides.seeds, overrides.first_seed), (Some(1), Some(2)));
        assert_eq!(overrides.until, Some(2030));
    }

    #[test]
    fn a_change_is_explained_of_a_scenario_in_a_run() {
        let line = "stabil explain --changed more my.toml --count 2 --seed 4 --scale 0.1";
        let typed = explanation(line).unwrap();
        assert!(typed.of.is_none());
        let changed = typed.changed;
        assert_eq!(
            (changed.changed.as_deref(), changed.run.as_deref()),
            (Some("more"), Some("my.toml"))
        );
        assert_eq!(changed.count, 2);
        let overrides = changed.overrides();
        assert_eq!(
            (overrides.first_seed, overrides.scale),
            (Some(4), Some(0.1))
        );
        for half in [
            "stabil explain --changed more",
            "stabil explain my.toml",
            "stabil explain",
        ] {
            assert_eq!(explanation(half).unwrap_err().exit_code(), 2, "{half}");
        }
    }
}
