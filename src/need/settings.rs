//! What a user may say about need: a scenario, and each of its assumptions one by one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A scenario of need (etterspørselsalternativ), as in the national projection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scenario {
    /// Service standard follows productivity, families keep their share of care, health improves
    /// with life expectancy.
    Low,
    /// The standard grows faster than productivity, families' care stays at today's amount, health
    /// improves with life expectancy.
    #[default]
    Middle,
    /// As middle, and health at each age stays as it is.
    High,
}

impl Scenario {
    /// All scenarios.
    pub const ALL: [Scenario; 3] = [Scenario::Low, Scenario::Middle, Scenario::High];

    /// The identifier, as in files.
    pub fn id(self) -> &'static str {
        ["low", "middle", "high"][self as usize]
    }
}

/// What becomes of the unpaid care that families give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InformalCare {
    /// It stays at today's amount: formal care must meet all growth.
    ConstantLevel,
    /// It keeps its share: it grows with formal care.
    ConstantShare,
}

/// What a run asks for: a scenario, and what is to differ from it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Request {
    /// The scenario that everything not given here is taken from.
    pub scenario: Scenario,
    /// Growth a year of personnel time per user (0.01 is one per cent), -0.05 to 0.05.
    #[schemars(range(min = -0.05, max = 0.05))]
    pub service_standard: Option<f64>,
    /// Growth a year of services per unit of personnel, -0.05 to 0.05.
    #[schemars(range(min = -0.05, max = 0.05))]
    pub productivity: Option<f64>,
    /// What becomes of the unpaid care that families give.
    pub informal_care: Option<InformalCare>,
    /// Years by which illness above 55 is put off for each year that life expectancy grows: 0 keeps
    /// each age as ill as it is, 1 lets all years gained be healthy ones; -1 to 2.
    #[schemars(range(min = -1.0, max = 2.0))]
    pub health_improvement: Option<f64>,
}
