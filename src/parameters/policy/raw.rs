//! Policy files as they are written.

use super::{Clock, Cost, Eligible};
use crate::parameters::EvidenceGrade;
use crate::words::Year;
use serde::Deserialize;

/// A file: a list of policies.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawFile {
    /// What the file is about, for readers.
    #[allow(dead_code)]
    pub about: Option<String>,
    /// The policies.
    #[serde(default)]
    pub policy: Vec<RawPolicy>,
}

/// A policy; what is not given comes from the one it is like, or has its default.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawPolicy {
    /// See [`super::Policy::id`].
    pub id: String,
    /// The policy that everything not given here is taken from.
    pub like: Option<String>,
    /// Norwegian name.
    pub name_nb: String,
    /// English name.
    pub name_en: String,
    /// See [`super::Policy::family`].
    pub family: Option<String>,
    /// See [`super::Policy::implements`].
    pub implements: Option<Vec<String>>,
    /// See [`super::Policy::grade`].
    pub grade: Option<EvidenceGrade>,
    /// See [`super::Policy::facts`].
    pub facts: Option<Vec<String>>,
    /// See [`super::Policy::reasoning`].
    pub reasoning: Option<String>,
    /// See [`super::Policy::clock`].
    pub clock: Option<Clock>,
    /// See [`super::Policy::coverage`].
    pub coverage: Option<f64>,
    /// See [`super::Policy::capacity`].
    pub capacity: Option<f64>,
    /// See [`super::Policy::scales`].
    pub scales: Option<f64>,
    /// Its 2.5 % point; beside `scales`, `low` says the same.
    #[serde(alias = "low")]
    pub scales_low: Option<f64>,
    /// Its 97.5 % point; beside `scales`, `high` says the same.
    #[serde(alias = "high")]
    pub scales_high: Option<f64>,
    /// See [`super::Policy::displaces`].
    pub displaces: Option<f64>,
    /// Its 2.5 % point.
    pub displaces_low: Option<f64>,
    /// Its 97.5 % point.
    pub displaces_high: Option<f64>,
    /// See [`super::Policy::from`].
    pub from: Option<Year>,
    /// See [`super::Policy::ramp`].
    pub ramp: Option<u16>,
    /// See [`super::Policy::until`].
    pub until: Option<Year>,
    /// See [`super::Policy::guided`].
    pub guided: Option<bool>,
    /// See [`super::Policy::eligible`].
    pub eligible: Option<Eligible>,
    /// See [`super::Policy::changes`].
    pub change: Option<Vec<RawChange>>,
    /// Levers of a list each, without years.
    pub study_places: Option<Vec<toml::Table>>,
    /// The same of licences.
    pub licence_rule: Option<Vec<toml::Table>>,
    /// The same of recruitment abroad.
    pub recruitment_stop: Option<Vec<toml::Table>>,
    /// The same of agreements.
    pub agreement: Option<Vec<toml::Table>>,
    /// The same of studies abroad.
    pub study_abroad: Option<Vec<toml::Table>>,
    /// The same of posts in limited number.
    pub posts: Option<Vec<toml::Table>>,
    /// The same of self-sufficiency.
    pub self_sufficiency: Option<Vec<toml::Table>>,
    /// See [`super::Policy::cost`].
    pub cost: Option<Cost>,
}

/// A change.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawChange {
    /// The name of what is changed.
    pub what: String,
    /// See [`super::Change::toward`].
    pub toward: Vec<String>,
    /// An odds ratio.
    pub odds_ratio: Option<f64>,
    /// A ratio of hazards, stated at `base_risk`.
    pub hazard_ratio: Option<f64>,
    /// A ratio of risks, stated at `base_risk`.
    pub risk_ratio: Option<f64>,
    /// A ratio of FTE needed.
    pub ratio: Option<f64>,
    /// The 2.5 % point of the ratio given.
    pub low: Option<f64>,
    /// The 97.5 % point.
    pub high: Option<f64>,
    /// Yearly probability at which a ratio of hazards or risks was stated.
    pub base_risk: Option<f64>,
    /// See [`super::Change::years`].
    pub years: Option<(u8, u8)>,
    /// See [`super::Change::half_life`].
    pub half_life: Option<f64>,
    /// See [`super::Change::facts`].
    pub facts: Vec<String>,
}

impl RawPolicy {
    /// The policy with what it does not give taken from another.
    pub fn over(self, base: &RawPolicy) -> RawPolicy {
        macro_rules! filled {
            ($($field:ident),*) => {
                RawPolicy {
                    id: self.id,
                    like: self.like,
                    name_nb: self.name_nb,
                    name_en: self.name_en,
                    $($field: self.$field.or_else(|| base.$field.clone())),*
                }
            };
        }
        filled!(
            family,
            implements,
            grade,
            facts,
            reasoning,
            clock,
            coverage,
            capacity,
            scales,
            scales_low,
            scales_high,
            displaces,
            displaces_low,
            displaces_high,
            from,
            ramp,
            until,
            guided,
            eligible,
            change,
            study_places,
            licence_rule,
            recruitment_stop,
            agreement,
            study_abroad,
            posts,
            self_sufficiency,
            cost
        )
    }
}
