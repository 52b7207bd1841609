//! The design of a comparison (sammenligning): which scenarios, whom and where their policies are
//! for, and when it is looked at who is reached.

use super::Plan;
use crate::engine::Conditions;
use crate::parameters::{ModelData, Policy, Zones};
use crate::tallies::ALL;
use crate::words::Year;

/// Years after the first year of a scenario's policies in which it is looked at who is reached,
/// and years after graduation at which classes are looked at.
pub const YEARS_ON: [Year; 4] = [1, 2, 5, 9];

/// What is compared, and how it is looked at.
#[derive(Clone, Debug)]
pub struct Design {
    /// The base year.
    pub start: Year,
    /// The last year.
    pub until: Year,
    /// Simulated people per real person.
    pub scale: f64,
    /// Groups of zones, most central first: identifiers.
    pub groups: Vec<String>,
    /// The group of each zone.
    pub group_of: Vec<usize>,
    /// Study places that classes are told of: groups, counties and regions with their zones; the
    /// first is everywhere.
    pub places: Vec<(String, Vec<usize>)>,
    /// Professions that classes are told of, with their numbers; the first is all of them.
    pub professions: Vec<(String, Option<usize>)>,
    /// First class told of: that of the first year of any policy.
    pub first_class: Year,
    /// Programmes: identifiers with years from admission to the end on time.
    pub programmes: Vec<(String, u16)>,
    /// The scenarios, in the order of the run file.
    pub scenarios: Vec<Arm>,
}

/// One scenario of a comparison.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Its name.
    pub name: String,
    /// Its policies as it uses them, in the order of the run file.
    pub policies: Vec<Policy>,
    /// The zones of each policy.
    pub zones: Vec<Vec<bool>>,
    /// The zones of any policy that names some; all zones if none does.
    pub target: Vec<bool>,
    /// The first year of any policy, if the run reaches it.
    pub first: Option<Year>,
    /// The years in which it is looked at who is reached.
    pub moments: Vec<Year>,
}

impl Design {
    /// The design for a plan and the conditions of its scenarios.
    pub fn of(plan: &Plan, data: &ModelData, conditions: &[Conditions]) -> Design {
        let (zones, lists) = (&data.zones, &data.classification);
        let scenarios: Vec<Arm> = plan
            .scenarios
            .iter()
            .zip(conditions)
            .map(|(scenario, own)| Arm::of(&scenario.name, &own.policies, zones, plan.until))
            .collect();
        let everywhere = (ALL.to_string(), (0..zones.len()).collect());
        let known = ["nurse", "physician"].into_iter();
        let known = known.filter_map(|id| Some((id.to_string(), Some(lists.profession(id)?))));
        let firsts = scenarios.iter().filter_map(|arm| arm.first);
        Design {
            start: plan.start,
            until: plan.until,
            scale: plan.scale,
            groups: zones.groups.iter().map(|group| group.id.clone()).collect(),
            group_of: zones.zones.iter().map(|zone| zone.group).collect(),
            places: [everywhere].into_iter().chain(zones.unions()).collect(),
            professions: [(ALL.to_string(), None)].into_iter().chain(known).collect(),
            first_class: firsts.min().unwrap_or(plan.start + 1).max(plan.start + 1),
            programmes: lists
                .programmes
                .iter()
                .map(|programme| (programme.id.clone(), u16::from(programme.years)))
                .collect(),
            scenarios,
        }
    }

    /// Is a zone rural? The last group is the least central.
    pub fn is_rural(&self, zone: usize) -> bool {
        self.group_of[zone] + 1 == self.groups.len()
    }

    /// All years in which it is looked at who is reached in any scenario, in order.
    pub fn moments(&self) -> Vec<Year> {
        let all = self.scenarios.iter().flat_map(|arm| &arm.moments);
        let mut all: Vec<Year> = all.copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl Arm {
    fn of(name: &str, policies: &[Policy], zones: &Zones, until: Year) -> Arm {
        let named: Vec<Option<Vec<bool>>> = policies
            .iter()
            .map(|policy| zones_of(policy, zones))
            .collect();
        let mut target = vec![false; zones.len()];
        for own in named.iter().flatten() {
            target
                .iter_mut()
                .zip(own)
                .for_each(|(all, one)| *all |= one);
        }
        if !target.contains(&true) {
            target.fill(true);
        }
        let first = policies.iter().map(|policy| policy.from).min();
        let first = first.filter(|first| *first <= until);
        let mut moments: Vec<Year> = first
            .into_iter()
            .flat_map(|first| {
                YEARS_ON
                    .map(|years| first + years)
                    .into_iter()
                    .chain([until])
            })
            .filter(|year| *year <= until)
            .collect();
        moments.dedup();
        let everywhere = || vec![true; zones.len()];
        Arm {
            name: name.to_string(),
            policies: policies.to_vec(),
            zones: named
                .into_iter()
                .map(|own| own.unwrap_or_else(everywhere))
                .collect(),
            target,
            first,
            moments,
        }
    }
}

/// The zones that a policy is for: where people are reached; of one that names none, where places
/// are added; none if it names nothing or names the whole country.
fn zones_of(policy: &Policy, zones: &Zones) -> Option<Vec<bool>> {
    let added = policy.levers.study_places.iter();
    let added = added.filter(|lever| lever.change > 0.0);
    let names: Vec<&str> = if policy.eligible.zones.is_empty() {
        added
            .map(|lever| lever.zone.as_deref())
            .collect::<Option<_>>()?
    } else {
        policy.eligible.zones.iter().map(String::as_str).collect()
    };
    let unions = zones.unions();
    let mut own = vec![false; zones.len()];
    for name in names {
        let union = unions.iter().find(|(union, _)| union == name);
        let members = match (zones.of_id(name), union) {
            (Some(zone), _) => &[zone][..],
            (None, Some((_, members))) => members,
            (None, None) => &[],
        };
        members.iter().for_each(|zone| own[*zone] = true);
    }
    own.contains(&true).then_some(own)
}
