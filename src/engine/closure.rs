//! How the labour market is closed (lukking av arbeidsmarkedet): a setting of a run.

use crate::need::Request;
use crate::parameters::policy::Effects;
use crate::parameters::{Levers, Policy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a run changes in how the world is taken to work. The default is the baseline.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Conditions {
    /// How the labour market is closed.
    pub closure: Closure,
    /// Under the vacancy closure, what becomes of applicants when there are no posts for them.
    pub surplus: Surplus,
    /// The need for FTE.
    pub need: Request,
    /// Levers on who comes in, those of the policies among them.
    pub levers: Levers,
    /// Policies (tiltak), as the scenario uses them; the base has none.
    pub policies: Vec<Policy>,
    /// Which sizes their effects have.
    pub effects: Effects,
}

/// What holds the number of people at work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Closure {
    /// Whoever wants a job has one, as in the national projection: no feedback.
    #[default]
    Supply,
    /// Posts follow need; hiring is limited by posts and by applicants; understaffing raises
    /// leaving and sick leave.
    Vacancy,
}

/// What becomes of applicants when the posts in a place are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Surplus {
    /// They look elsewhere, stay in the job they have, or stay outside health care.
    #[default]
    TurnedAway,
    /// Employers take them on beyond need.
    Absorbed,
}
