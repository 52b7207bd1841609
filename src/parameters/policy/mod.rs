//! Policies (tiltak) as data: who is reached, when, what changes for them, and at what cost.
//!
//! A policy is an entry of a file, never code: [`catalogue`] reads the files, [`raw`] says how they
//! are written, [`check`] what is wrong with one. A [`setting`] says how a scenario uses a policy:
//! where, from when, how much of it. What a policy does to a life is the engine's matter.

pub mod catalogue;
pub mod change;
pub mod check;
mod names;
pub mod place;
pub mod raw;
pub mod setting;

pub use catalogue::{Catalogue, Row};
pub use change::{Change, Choice, Ratio, Transition, What};
pub use setting::Setting;

use super::{EvidenceGrade, Levers};
use crate::words::Year;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The families that policies are listed under: those of the WHO guideline, and those of the
/// national tools that have no place there.
pub const FAMILIES: [&str; 11] = [
    "education",
    "regulation",
    "incentives",
    "support",
    "transition_to_practice",
    "working_time",
    "organisation",
    "international",
    "rural",
    "system",
    "combination",
];

/// The year from which the years of an effect are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// The policy's first year: everybody eligible is reached, year by year.
    #[default]
    Policy,
    /// The year of qualifying, for students that of admission: those who qualify or begin while the policy is in force.
    Qualified,
    /// The year of arrival, for people educated abroad: those who arrive while it is in force.
    Arrival,
    /// The year the present grade began: those who reach it while it is in force.
    Grade,
    /// The year the present job began: those who begin while it is in force.
    Job,
}

/// Which sizes the effects of policies have in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effects {
    /// Drawn anew for every seed from between their ends.
    #[default]
    Drawn,
    /// The central ones: what is left is chance.
    Central,
}

/// Who can be reached: all that is given must hold, on the last 1 December.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Eligible {
    /// Professions; empty: whatever the profession.
    pub professions: Vec<String>,
    /// Grades.
    pub grades: Vec<String>,
    /// Sectors of the job.
    pub sectors: Vec<String>,
    /// Zones, groups of zones, counties or other unions: where the person works and lives.
    pub zones: Vec<String>,
    /// Age in whole years, first and last.
    pub ages: Option<(u8, u8)>,
    /// Groups of the zone of upbringing, or "abroad".
    pub upbringing: Vec<String>,
    /// Tracks of the last education.
    pub tracks: Vec<String>,
    /// Country groups of education.
    pub countries: Vec<String>,
    /// Programmes that the person is in, for what happens in studies and at their end.
    pub programmes: Vec<String>,
    /// Whole years in the present job, first and last.
    pub years_in_job: Option<(u8, u8)>,
    /// Whole years since qualifying.
    pub since_qualified: Option<(u8, u8)>,
    /// Whole years since arrival, for people educated abroad; nobody else.
    pub since_arrival: Option<(u8, u8)>,
    /// Living in the zone of upbringing, or not.
    pub at_home: Option<bool>,
    /// Still in the zone of the first job, or not.
    pub in_first_zone: Option<bool>,
    /// Sex.
    pub sex: Option<String>,
}

/// What a policy costs, in NOK of the year of prices, for real people whatever the scale.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cost {
    /// Once, in the first year.
    pub start: f64,
    /// Each year in force.
    pub per_year: f64,
    /// Once for each participant.
    pub per_new_participant: f64,
    /// Each year for each participant.
    pub per_participant_year: f64,
    /// Each year of study for each added study place; places taken away elsewhere free nothing.
    pub per_place_year: f64,
    /// Saved for each additional FTE-year in the places of the policy.
    pub saved_per_fte: f64,
    /// Factor on all amounts at the 2.5 % point.
    pub low: f64,
    /// The same at the 97.5 % point.
    pub high: f64,
    /// The year of the prices.
    pub price_year: Year,
    /// Facts that the amounts rest on.
    pub facts: Vec<String>,
    /// Where the amounts come from.
    pub reasoning: String,
}

impl Default for Cost {
    fn default() -> Cost {
        Cost {
            start: 0.0,
            per_year: 0.0,
            per_new_participant: 0.0,
            per_participant_year: 0.0,
            per_place_year: 0.0,
            saved_per_fte: 0.0,
            low: 1.0,
            high: 1.0,
            price_year: 2022,
            facts: Vec::new(),
            reasoning: String::new(),
        }
    }
}

impl Cost {
    /// The same with all that is spent multiplied by a factor; what is saved stays.
    #[must_use]
    pub fn times(mut self, factor: f64) -> Cost {
        for amount in [
            &mut self.start,
            &mut self.per_year,
            &mut self.per_new_participant,
            &mut self.per_participant_year,
            &mut self.per_place_year,
        ] {
            *amount *= factor;
        }
        self
    }

    /// Is anything spent or saved?
    pub fn is_known(&self) -> bool {
        let amounts = [
            self.start,
            self.per_year,
            self.per_new_participant,
            self.per_participant_year,
            self.per_place_year,
            self.saved_per_fte,
        ];
        amounts.iter().any(|amount| *amount != 0.0)
    }
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Policy {
    /// Identifier, unique in the data folder; draws of participation are addressed by it.
    pub id: String,
    /// Names in Norwegian and English.
    pub names: [String; 2],
    /// One of [`FAMILIES`].
    pub family: String,
    /// What recommendation, tool or measure it carries out.
    pub implements: Vec<String>,
    /// How good the evidence of the effect is.
    pub grade: EvidenceGrade,
    /// Facts that the effect rests on.
    pub facts: Vec<String>,
    /// Why this size and this width.
    pub reasoning: String,
    /// What the years of the effect are counted from.
    pub clock: Clock,
    /// Share of the eligible who take part, 0 to 1.
    pub coverage: f64,
    /// Most new participants a year, real people; under the clock of the policy, most participants.
    pub capacity: Option<f64>,
    /// What the coverage of the other policies of a scenario is multiplied by.
    pub scales: Option<Ratio>,
    /// Of those on added places of local tracks (decentralised, distance), the share who grew up
    /// there and would have studied the same on a campus without them: deadweight of the places.
    pub displaces: Option<Ratio>,
    /// First year.
    pub from: Year,
    /// Years over which coverage, places and need come up to full size; 1 is at once.
    pub ramp: u16,
    /// Last year; none: to the end.
    pub until: Option<Year>,
    /// Does it take the time of experienced colleagues?
    pub guided: bool,
    /// Who can be reached.
    pub eligible: Eligible,
    /// What changes for those reached.
    pub changes: Vec<Change>,
    /// What changes in who comes in, as from the first year and in full.
    pub levers: Levers,
    /// What it costs.
    pub cost: Cost,
    /// How strong the changes are made by a scenario: 1 as written, 0 not at all.
    pub strength: f64,
    /// The file as the user knows it, and the line.
    #[serde(skip)]
    pub origin: (String, usize),
}

impl Policy {
    /// The share of the full size that is reached in a year, 0 to 1.
    pub fn share_in(&self, year: Year) -> f64 {
        if year < self.from || self.until.is_some_and(|until| year > until) {
            return 0.0;
        }
        let since = f64::from(year - self.from + 1);
        (since / f64::from(self.ramp.max(1))).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_is_multiplied_and_what_is_saved_is_not() {
        let cost = Cost {
            start: 1.0,
            per_year: 2.0,
            per_new_participant: 3.0,
            per_participant_year: 4.0,
            per_place_year: 5.0,
            saved_per_fte: 6.0,
            ..Cost::default()
        };
        let twice = cost.clone().times(2.0);
        let spent = [
            twice.start,
            twice.per_year,
            twice.per_new_participant,
            twice.per_participant_year,
            twice.per_place_year,
        ];
        assert_eq!(spent, [2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(twice.saved_per_fte, 6.0);
        assert_eq!(cost.clone().times(1.0), cost);
    }
}
