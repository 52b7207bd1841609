//! The arguments of `stabil check`.

use super::arguments::DataChoice;
use super::values;
use clap::{Args, ValueEnum};

/// Arguments of `stabil check`.
#[derive(Clone, Debug, Args)]
pub struct CheckArguments {
    /// What to check
    #[arg(value_enum, default_value_t = Checked::All)]
    pub what: Checked,
    /// The data folder.
    #[command(flatten)]
    pub data: DataChoice,
    /// Simulated people per real person
    #[arg(long, value_name = "F", value_parser = values::scale, default_value_t = 1.0)]
    pub scale: f64,
}

/// What can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Checked {
    /// The base population against the statistics of the base year
    Base,
    /// A simulated run against published figures, and its books
    Run,
    /// People entering in a year against admissions, graduates and arrivals
    Inflows,
    /// Need against the national projection's tables, and the people behind it
    Need,
    /// People educated abroad against shares of staff and of new authorisations
    Abroad,
    /// Where graduates are found years later, and what added places brought
    Diffusion,
    /// Supply less need in 2040 beside the national projection's balance (told, not judged)
    Balance,
    /// All of these
    All,
}
