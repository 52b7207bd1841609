//! What can be typed after `calibrate` and `validate`.

use super::arguments::DataChoice;
use super::values;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Arguments of `stabil calibrate`.
#[derive(Clone, Debug, Args)]
pub struct CalibrateArguments {
    /// How large a fit
    #[arg(long, value_enum, default_value_t = Budget::Small)]
    pub budget: Budget,
    /// Results folder
    #[arg(long, value_name = "DIR", default_value = "runs/out/calibration")]
    pub out: PathBuf,
    /// The data folder.
    #[command(flatten)]
    pub data: DataChoice,
    /// Take up the fit again that was stopped in the results folder
    #[arg(long)]
    pub resume: bool,
    /// Refit so many known truths and say how well the fits find them again, instead of a fit;
    /// writes no files
    #[arg(long, value_name = "N", conflicts_with_all = ["resume", "out"],
        value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(2..=10_000))]
    pub recover: Option<usize>,
    /// Points in the cloud, in place of the budget's
    #[arg(long, value_name = "N", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(10..=65_536))]
    pub members: Option<usize>,
    /// Steps of the smoother, in place of the budget's
    #[arg(long, value_name = "N", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=50))]
    pub steps: Option<usize>,
    /// Simulated people per real person, in place of the budget's
    #[arg(long, value_name = "F", value_parser = values::scale)]
    pub scale: Option<f64>,
}

/// How large a fit is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Budget {
    /// Some minutes on two cores, to look at
    Small,
    /// The fit that is embedded with the data
    Full,
}

/// Examples in the help of `stabil calibrate`.
pub(super) const CALIBRATE_EXAMPLES: &str = "\
Examples:
  stabil calibrate --budget full --out f  the fit that is embedded
  stabil calibrate --out f --resume       go on where it was stopped";

/// Examples in the help of `stabil validate`.
pub(super) const VALIDATE_EXAMPLES: &str = "\
Examples:
  stabil validate                         the whole ladder
  stabil validate --draws 12              a quick look
  stabil validate --data my_data --out v  changed data, results in the folder v";

/// Arguments of `stabil validate`.
#[derive(Clone, Debug, Args)]
pub struct ValidateArguments {
    /// Results folder
    #[arg(long, value_name = "DIR", default_value = "runs/out/validation")]
    pub out: PathBuf,
    /// The data folder.
    #[command(flatten)]
    pub data: DataChoice,
    /// Draws behind the base run, at most all there are; each hindcast takes two thirds, at most 106
    #[arg(long, value_name = "N", default_value_t = 400, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(2..=10_000))]
    pub draws: usize,
    /// Simulated people per real person
    #[arg(long, value_name = "F", default_value_t = 0.2, value_parser = values::scale)]
    pub scale: f64,
}
