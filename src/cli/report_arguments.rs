//! What can be typed after `report`.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Examples in the help of `stabil report`.
pub(super) const REPORT_EXAMPLES: &str = "\
Examples:
  stabil report runs/out/baseline         write runs/out/baseline/report.html
  stabil report out --lang en             the page opens in English
  stabil report out --pictures            its pictures too, in out/pictures: SVG, PNG, CSV";

/// Arguments of `stabil report`.
#[derive(Clone, Debug, Args)]
pub struct ReportArguments {
    /// Results folder of a run
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Language that the page opens in; it holds both
    #[arg(long, value_enum, value_name = "LANG", default_value_t = Opening::Nb)]
    pub lang: Opening,
    /// Write the pictures as well, in the folder pictures: SVG and PNG in both languages, and CSV
    #[arg(long)]
    pub pictures: bool,
}

/// The language that a page opens in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Opening {
    /// Norwegian (bokmål)
    Nb,
    /// English
    En,
}
