//! What can be typed after `stabil policies`.

use super::arguments::DataChoice;
use crate::parameters::EvidenceGrade;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Examples of `stabil policies`.
pub(super) const POLICIES_EXAMPLES: &str = "\
Examples:
  stabil policies                         all policies, one a line
  stabil policies --family rural --lang nb
  stabil policies mentor_scheme           all about one: effects, costs, facts, reasons
  stabil policies --file my.toml          with policies of your own, which are checked
  stabil policies --unmodelled            published measures that the model cannot express, and why";

/// Arguments of `stabil policies`.
#[derive(Clone, Debug, Args)]
pub struct PoliciesArguments {
    /// A policy to tell all about
    #[arg(value_name = "NAME", conflicts_with_all = ["family", "grade", "find", "csv", "unmodelled"])]
    pub name: Option<String>,
    /// Only policies of this family, e.g. education, rural, working_time
    #[arg(long, value_name = "FAMILY")]
    pub family: Option<String>,
    /// Only policies whose effect has this evidence grade: A, B, C or D
    #[arg(long, value_name = "GRADE", ignore_case = true)]
    pub grade: Option<Graded>,
    /// Only policies with this word in their name, id, what they carry out, or reasoning
    #[arg(long, value_name = "WORD")]
    pub find: Option<String>,
    /// Print a CSV table
    #[arg(long)]
    pub csv: bool,
    /// List the rows of published catalogues that no policy carries out, with the reason
    #[arg(long, conflicts_with_all = ["family", "grade"])]
    pub unmodelled: bool,
    /// A policy file of your own, beside those of the data folder; as many as wanted
    #[arg(long, value_name = "FILE")]
    pub file: Vec<PathBuf>,
    /// Language of the names
    #[arg(long, value_enum, default_value_t = Lang::En)]
    pub lang: Lang,
    /// The data folder.
    #[command(flatten)]
    pub data: DataChoice,
}

/// A language, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Norwegian (bokmål)
    Nb,
    /// English
    En,
}

/// An evidence grade, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Graded {
    /// Register or official statistics
    A,
    /// A study of the same population
    B,
    /// A study elsewhere, or a proxy
    C,
    /// An assumption
    D,
}

impl Graded {
    /// The grade itself.
    pub fn grade(self) -> EvidenceGrade {
        match self {
            Graded::A => EvidenceGrade::A,
            Graded::B => EvidenceGrade::B,
            Graded::C => EvidenceGrade::C,
            Graded::D => EvidenceGrade::D,
        }
    }
}
