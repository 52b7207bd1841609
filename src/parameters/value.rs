//! One parameter: value, uncertainty, unit, evidence, reasoning.

use serde::{Deserialize, Serialize};

/// How good the evidence behind a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EvidenceGrade {
    /// Register or official statistics.
    A,
    /// A study of the same population.
    B,
    /// A study elsewhere, or a proxy.
    C,
    /// An assumption, necessarily wide.
    D,
}

/// The family of an uncertainty distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Known without error (a definition, a count).
    Fixed,
    /// Normal; `low` and `high` are the 2.5 and 97.5 % points.
    Normal,
    /// Normal on the log scale; same reading of the ends. For positive quantities.
    Lognormal,
    /// Normal on the log-odds scale; same reading of the ends. For shares and probabilities.
    Logitnormal,
    /// Uniform between the ends.
    Uniform,
}

/// The uncertainty of a parameter around its value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Distribution {
    /// The family.
    pub shape: Shape,
    /// Lower end; absent only when fixed.
    pub low: Option<f64>,
    /// Upper end; absent only when fixed.
    pub high: Option<f64>,
}

/// A number of the model with everything a reader needs to judge it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parameter {
    /// Full name: file, name and keys, e.g. `leave_job.narrow_turnover[nurse]`.
    pub name: String,
    /// The central value, in `unit`.
    pub value: f64,
    /// Its uncertainty.
    pub distribution: Distribution,
    /// The unit.
    pub unit: String,
    /// Ids of the facts (or names of the open tables) that it rests on.
    pub facts: Vec<String>,
    /// How good that evidence is.
    pub grade: EvidenceGrade,
    /// Why this value and this width, in a sentence.
    pub reasoning: String,
    /// Where it is written, for complaints: file as the user knows it, and line.
    #[serde(skip)]
    pub origin: (String, usize),
}

/// The smallest and largest value a unit allows, and how to say so.
pub fn range_of_unit(unit: &str) -> Option<(f64, f64, &'static str)> {
    Some(match unit {
        "probability" | "probability per year" | "fraction" => (0.0, 1.0, "0 to 1"),
        "odds ratio" | "hazard ratio" | "ratio" => (1e-6, 1e6, "above 0"),
        "log-odds" => (-20.0, 20.0, "-20 to 20"),
        "years" | "age" => (0.0, 120.0, "0 to 120"),
        "persons" | "persons per year" | "posts per year" | "fte" => (0.0, 1e8, "0 or more"),
        "fte per 1000" | "fte per 10000" => (0.0, 1e4, "0 or more"),
        "year" => (1900.0, 2100.0, "1900 to 2100"),
        "fraction per year" => (-1.0, 1.0, "-1 to 1"),
        "million NOK" | "weight" => (0.0, 1e6, "0 or more"),
        _ => return None,
    })
}

/// The units that parameters may have.
pub const UNITS: [&str; 19] = [
    "probability",
    "probability per year",
    "fraction",
    "odds ratio",
    "hazard ratio",
    "ratio",
    "log-odds",
    "years",
    "age",
    "persons",
    "persons per year",
    "posts per year",
    "fte",
    "fte per 1000",
    "fte per 10000",
    "year",
    "fraction per year",
    "million NOK",
    "weight",
];
