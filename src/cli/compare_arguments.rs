//! What can be typed after `compare`.

use crate::words::Year;
use clap::Args;
use std::path::PathBuf;

/// Examples in the help of `stabil compare`.
pub(super) const COMPARE_EXAMPLES: &str = "\
Examples:
  stabil compare runs/out/decentralised
  stabil compare out --scenario moved --profession nurse --zone finnmark
  stabil compare out --measure persons --sector municipal --year 2030 --year 2040";

/// Arguments of `stabil compare`.
#[derive(Clone, Debug, Args)]
pub struct CompareArguments {
    /// Results folder of a run with scenarios
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    /// Tell of this scenario only
    #[arg(long, value_name = "NAME")]
    pub scenario: Option<String>,
    /// Profession, or all of them together
    #[arg(long, value_name = "P")]
    pub profession: Option<String>,
    /// Zone or union of zones [default: the country and each group of zones]
    #[arg(long, value_name = "Z")]
    pub zone: Option<String>,
    /// Sector, or all of them together
    #[arg(long, value_name = "S")]
    pub sector: Option<String>,
    /// What is measured, see: stabil list measures [default: supply_fte]
    #[arg(long, value_name = "M")]
    pub measure: Option<String>,
    /// Years to tell of [default: five and nine years after the first policy, and the last]
    #[arg(long, value_name = "YEAR", num_args = 1..)]
    pub year: Vec<Year>,
}
