//! `stabil describe`: the model's full protocol, written from code and data.

use super::arguments::{Arguments, DataChoice, EXIT_CODES};
use super::check_arguments::Checked;
use super::{CliError, print};
use crate::parameters::ModelData;
use crate::report::description::{self, Language, Program};
use crate::runs::{Model, Plan};
use clap::{Args, CommandFactory, ValueEnum};

/// Arguments of `stabil describe`.
#[derive(Clone, Debug, Args)]
pub struct DescribeArguments {
    /// The data folder.
    #[command(flatten)]
    pub data: DataChoice,
    /// Language of headings and names; what the code says of itself is English
    #[arg(long, value_enum, default_value_t = Tongue::English)]
    pub language: Tongue,
}

/// A language, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Tongue {
    /// English
    English,
    /// Norwegian (bokmål)
    Norwegian,
}

/// Carries out `stabil describe`.
///
/// # Errors
/// A [`CliError`] for bad input.
pub fn describe(arguments: &DescribeArguments) -> Result<u8, CliError> {
    let data = ModelData::read(arguments.data.folder()?, None)?;
    super::check::tell_unscreened(&data.folder);
    let start = Plan::find("baseline")?.start;
    let model = Model::build(data, start, 1.0)?;
    let language = match arguments.language {
        Tongue::English => Language::English,
        Tongue::Norwegian => Language::Norwegian,
    };
    print(&description::describe(&model, &program(), language)?)
}

/// What the command line says of itself.
pub fn program() -> Program {
    let command = Arguments::command();
    let commands = command.get_subcommands().map(|command| {
        let about = command.get_about().map(ToString::to_string);
        (command.get_name().to_string(), about.unwrap_or_default())
    });
    let checks = Checked::value_variants().iter().filter_map(|checked| {
        let value = checked.to_possible_value()?;
        let help = value.get_help().map(ToString::to_string);
        Some((value.get_name().to_string(), help.unwrap_or_default()))
    });
    let exit_codes = EXIT_CODES.lines().skip(1).filter_map(|line| {
        let (code, told) = line.trim().split_once(' ')?;
        Some((code.to_string(), told.trim().to_string()))
    });
    Program {
        commands: commands.collect(),
        checks: checks.collect(),
        exit_codes: exit_codes.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_tells_of_itself() {
        let program = program();
        let exit_codes: Vec<&str> = program.exit_codes.iter().map(|(c, _)| c.as_str()).collect();
        assert_eq!(exit_codes, ["0", "1", "2", "3", "130"]);
        assert!(program.commands.iter().any(|(name, _)| name == "describe"));
        for (name, told) in program.commands.iter().chain(&program.checks) {
            assert!(!told.is_empty(), "{name}");
        }
    }
}
