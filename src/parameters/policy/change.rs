//! What a policy changes for those it reaches, and by how much.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

/// A yearly transition whose odds a policy can change.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Transition {
    /// Leaving the job.
    LeaveJob,
    /// Beginning of a long sick leave.
    SickLeave,
    /// Beginning of a disability pension.
    Disability,
    /// Old-age pension.
    Retirement,
    /// Moving to another zone.
    MoveZone,
    /// Moving abroad.
    Emigration,
    /// Beginning further education, or the next grade.
    FurtherEducation,
    /// Giving up a study.
    Dropout,
    /// Taking up work again from outside work.
    Reentry,
}

impl Transition {
    /// All of them, in the order of their numbers.
    pub const ALL: [Transition; 9] = [
        Transition::LeaveJob,
        Transition::SickLeave,
        Transition::Disability,
        Transition::Retirement,
        Transition::MoveZone,
        Transition::Emigration,
        Transition::FurtherEducation,
        Transition::Dropout,
        Transition::Reentry,
    ];

    /// The name in policy files.
    pub fn id(self) -> &'static str {
        match self {
            Transition::LeaveJob => "leave_job",
            Transition::SickLeave => "sick_leave",
            Transition::Disability => "disability",
            Transition::Retirement => "retirement",
            Transition::MoveZone => "move_zone",
            Transition::Emigration => "emigration",
            Transition::FurtherEducation => "further_education",
            Transition::Dropout => "dropout",
            Transition::Reentry => "reentry",
        }
    }
}

/// A choice, or an attribute of newcomers, whose odds a policy can change.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The zone of the first job.
    FirstZone,
    /// The zone moved to.
    MoveZoneTo,
    /// The sector of the first job.
    FirstSector,
    /// The size of a new position.
    LargerPosition,
    /// Where admitted students grew up.
    StudentOrigin,
    /// Whether a student has a rural placement.
    Placement,
    /// Whether a student has a rural-relevant curriculum.
    Curriculum,
}

impl Choice {
    /// All of them, in the order of their numbers.
    pub const ALL: [Choice; 7] = [
        Choice::FirstZone,
        Choice::MoveZoneTo,
        Choice::FirstSector,
        Choice::LargerPosition,
        Choice::StudentOrigin,
        Choice::Placement,
        Choice::Curriculum,
    ];

    /// The name in policy files.
    pub fn id(self) -> &'static str {
        match self {
            Choice::FirstZone => "first_zone",
            Choice::MoveZoneTo => "move_zone_to",
            Choice::FirstSector => "first_sector",
            Choice::LargerPosition => "larger_position",
            Choice::StudentOrigin => "student_origin",
            Choice::Placement => "placement",
            Choice::Curriculum => "curriculum",
        }
    }

    /// Is it an attribute that newcomers bring? Such odds can only be raised.
    pub fn is_attribute(self) -> bool {
        matches!(
            self,
            Choice::StudentOrigin | Choice::Placement | Choice::Curriculum
        )
    }
}

/// What is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum What {
    /// The odds of a transition.
    Transition(Transition),
    /// The odds of an outcome of a choice.
    Choice(Choice),
    /// FTE needed, by a factor.
    Need,
}

impl What {
    /// All of them.
    pub fn all() -> Vec<What> {
        let transitions = Transition::ALL.into_iter().map(What::Transition);
        let choices = Choice::ALL.into_iter().map(What::Choice);
        transitions.chain(choices).chain([What::Need]).collect()
    }

    /// The name in policy files.
    pub fn id(self) -> &'static str {
        match self {
            What::Transition(transition) => transition.id(),
            What::Choice(choice) => choice.id(),
            What::Need => "need",
        }
    }
}

/// A ratio with its uncertainty: lognormal, either side with its own spread.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Ratio {
    /// The central value, above 0.
    pub value: f64,
    /// The 2.5 % point.
    pub low: f64,
    /// The 97.5 % point.
    pub high: f64,
}

impl Ratio {
    /// The logarithm at a normal score: 0 is the central value, +-1.96 the ends.
    pub fn log_at(&self, score: f64) -> f64 {
        let centre = self.value.ln();
        let end = if score < 0.0 { self.low } else { self.high };
        let to_end = Normal::standard().inverse_cdf(0.975);
        centre + (end.ln() - centre) * score.abs() / to_end
    }
}

/// A change for those reached.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// What is changed.
    pub what: What,
    /// For choices: the zones or sectors whose odds are changed.
    pub toward: Vec<String>,
    /// The odds ratio; for need the ratio of FTE.
    pub ratio: Ratio,
    /// First and last whole year on the policy's clock; none: as long as the policy acts.
    pub years: Option<(u8, u8)>,
    /// Years in which the logarithm of the ratio halves; none: it does not fade.
    pub half_life: Option<f64>,
    /// Facts of its own.
    pub facts: Vec<String>,
}

/// The odds ratio of a ratio of risks stated at a base risk, both per year.
pub fn odds_of_risk_ratio(ratio: f64, base_risk: f64) -> f64 {
    let changed = (ratio * base_risk).min(0.999);
    changed / (1.0 - changed) * (1.0 - base_risk) / base_risk
}

/// The odds ratio of a ratio of hazards, constant within the year, stated at a base risk.
pub fn odds_of_hazard_ratio(ratio: f64, base_risk: f64) -> f64 {
    let changed = 1.0 - (1.0 - base_risk).powf(ratio);
    changed / (1.0 - changed) * (1.0 - base_risk) / base_risk
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_of_small_risks_are_near_odds_ratios() {
        for ratio in [0.5, 0.9, 1.0, 1.4] {
            assert!((odds_of_risk_ratio(ratio, 1e-6) - ratio).abs() < 1e-5);
            assert!((odds_of_hazard_ratio(ratio, 1e-6) - ratio).abs() < 1e-5);
        }
        // A risk of 0.2 halved: odds 1/9 against 1/4.
        assert!((odds_of_risk_ratio(0.5, 0.2) - 4.0 / 9.0).abs() < 1e-12);
        // Surviving 0.8 at half the hazard: sqrt(0.8).
        let changed = 1.0 - 0.8_f64.sqrt();
        let odds = changed / 0.8_f64.sqrt() / 0.25;
        assert!((odds_of_hazard_ratio(0.5, 0.2) - odds).abs() < 1e-12);
    }

    #[test]
    fn scores_reach_the_ends() {
        let ratio = Ratio {
            value: 0.8,
            low: 0.5,
            high: 1.1,
        };
        assert_eq!(ratio.log_at(0.0), 0.8_f64.ln());
        assert!((ratio.log_at(-1.959_964).exp() - 0.5).abs() < 1e-6);
        assert!((ratio.log_at(1.959_964).exp() - 1.1).abs() < 1e-6);
    }
}
