//! What can be typed after `why`.

use super::arguments::DataChoice;
use clap::Args;
use std::path::PathBuf;

/// Examples in the help of `stabil why`.
pub(super) const WHY_EXAMPLES: &str = "\
Examples:
  stabil why \"gap_fte nurse rural 2040\" runs/out/uncertainty
  stabil why \"supply_fte 2030\" --out out";

/// Arguments of `stabil why`.
#[derive(Clone, Debug, Args)]
pub struct WhyArguments {
    /// The number: measure, names of profession and zone where wanted, year
    #[arg(value_name = "CELL")]
    pub cell: String,
    /// Results folder of a run with draws
    #[arg(value_name = "DIR", required_unless_present = "out")]
    pub folder: Option<PathBuf>,
    /// The same, named as for stabil run
    #[arg(long, value_name = "DIR", conflicts_with = "folder")]
    pub out: Option<PathBuf>,
    /// The data folder that the run was made with.
    #[command(flatten)]
    pub data: DataChoice,
}

impl WhyArguments {
    /// The results folder.
    pub fn results(&self) -> PathBuf {
        let named = self.folder.clone().or_else(|| self.out.clone());
        named.unwrap_or_default()
    }
}
