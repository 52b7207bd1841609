//! How a scenario uses a policy: where, when, how much.

use super::Policy;
use crate::parameters::Levers;
use crate::parameters::levers::StudyPlaces;
use crate::words::Year;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The use of a policy in a scenario; what is left out is as the policy's file says.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// Identifier of the policy, see `stabil policies`.
    #[serde(rename = "use")]
    pub policy: String,
    /// Zones, counties, groups or unions of zones that it is for.
    pub zones: Option<Vec<String>>,
    /// Professions that it is for.
    pub professions: Option<Vec<String>>,
    /// First year.
    pub from: Option<Year>,
    /// Last year.
    pub until: Option<Year>,
    /// Years up to full size.
    #[schemars(range(min = 1, max = 40))]
    pub ramp: Option<u16>,
    /// Share of the eligible who take part, 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub coverage: Option<f64>,
    /// Most new participants a year, real people.
    #[schemars(range(min = 0.0, max = 1_000_000.0))]
    pub capacity: Option<f64>,
    /// Study places a year, in place of those of the first entry of the policy; its other entries
    /// follow in proportion.
    #[schemars(range(min = -10000.0, max = 10000.0))]
    pub places: Option<f64>,
    /// Zones, counties, groups or unions that the places added are taken from, so that there are as
    /// many as before; left out, they are new.
    pub taken_from: Option<Vec<String>>,
    /// How strong its changes are: 1 as written, 0 without effect; logarithms of ratios are
    /// multiplied.
    #[schemars(range(min = 0.0, max = 3.0))]
    pub strength: Option<f64>,
    /// What its costs are multiplied by: 1 as written. What it saves is not.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub cost_factor: Option<f64>,
}

impl Setting {
    /// The policy as this scenario uses it. Zones given here are those that people are reached in,
    /// and where the places are added.
    pub fn apply(&self, policy: &Policy) -> Policy {
        let mut own = policy.clone();
        if let Some(zones) = &self.zones {
            own.eligible.zones.clone_from(zones);
        }
        if let Some(professions) = &self.professions {
            own.eligible.professions.clone_from(professions);
        }
        own.from = self.from.unwrap_or(own.from);
        own.until = self.until.or(own.until);
        own.ramp = self.ramp.unwrap_or(own.ramp);
        own.coverage = self.coverage.unwrap_or(own.coverage);
        own.capacity = self.capacity.or(own.capacity);
        own.strength = self.strength.unwrap_or(1.0);
        own.cost = own.cost.times(self.cost_factor.unwrap_or(1.0));
        own.levers = self.levers(&own);
        own
    }

    fn levers(&self, policy: &Policy) -> Levers {
        let mut levers = policy.levers.clone();
        levers.date(policy.from, policy.until);
        let written = levers
            .study_places
            .first()
            .map_or(0.0, |first| first.change);
        let factor = match self.places {
            Some(places) if written != 0.0 => places / written,
            _ => 1.0,
        } * self.strength.unwrap_or(1.0);
        let adds = |lever: &StudyPlaces| lever.change > 0.0;
        let mut places = Vec::new();
        for lever in &levers.study_places {
            let zones = match &self.zones {
                Some(zones) if adds(lever) => zones.iter().cloned().map(Some).collect(),
                _ => vec![lever.zone.clone()],
            };
            let each = lever.change * factor / zones.len().max(1) as f64;
            places.extend(zones.into_iter().map(|zone| StudyPlaces {
                zone,
                change: each,
                ..lever.clone()
            }));
        }
        let sources = self.taken_from.iter().flatten();
        let (zones, number) = (sources.clone(), sources.count().max(1) as f64);
        for zone in zones {
            for lever in levers.study_places.iter().filter(|lever| adds(lever)) {
                // Whatever the track: the places moved may be of another kind where they were.
                places.push(StudyPlaces {
                    zone: Some(zone.clone()),
                    track: None,
                    change: -lever.change * factor / number,
                    ..lever.clone()
                });
            }
        }
        levers.study_places = places
            .into_iter()
            .flat_map(|lever| ramped(&lever, policy.ramp))
            .filter(|lever| lever.change != 0.0)
            .collect();
        if self.strength == Some(0.0) {
            return Levers::default();
        }
        levers
    }
}

/// A change of places that comes up to full size in equal steps.
fn ramped(lever: &StudyPlaces, ramp: u16) -> Vec<StudyPlaces> {
    let steps = ramp.max(1);
    (0..steps)
        .map(|step| StudyPlaces {
            from: lever.from + step,
            change: lever.change / f64::from(steps),
            ..lever.clone()
        })
        .filter(|lever| lever.until.is_none_or(|until| lever.from <= until))
        .collect()
}
