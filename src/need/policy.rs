//! What policies change in need: technology, new ways of working, sharing of tasks.
//!
//! A factor on the FTE needed in the professions, sectors and zones of a policy, which comes up to
//! full size over its years. Several on the same cell do not add up: the strongest that lowers need
//! counts in full and the others at a share (`policy.combination`), and so for those that raise it.

use super::Need;
use crate::parameters::ModelData;
use crate::parameters::policy::{Policy, What};
use crate::words::{Problem, Sector, Year};

/// A change of need by one policy.
struct Factor<'a> {
    policy: &'a Policy,
    log: f64,
    professions: Vec<bool>,
    zones: Vec<bool>,
}

impl Factor<'_> {
    fn log_in(&self, year: Year, profession: usize, sector: Sector, zone: usize) -> f64 {
        let sectors = &self.policy.eligible.sectors;
        let own = self.professions[profession]
            && self.zones[zone]
            && (sectors.is_empty() || sectors.iter().any(|id| id == sector.id()));
        if own {
            self.log * self.policy.share_in(year)
        } else {
            0.0
        }
    }
}

/// The need under the policies of a scenario, at the central size of their changes.
///
/// # Errors
/// A [`Problem`] if the parameter of combination is missing.
pub fn under_policies(need: Need, data: &ModelData, policies: &[Policy]) -> Result<Need, Problem> {
    let lists = &data.classification.professions;
    let unions = data.zones.unions();
    let mut factors = Vec::new();
    for policy in policies {
        let changes = policy.changes.iter();
        for change in changes.filter(|change| change.what == What::Need) {
            let named = &policy.eligible.professions;
            let zones = &policy.eligible.zones;
            let in_zones = |number: usize, id: &str| {
                zones.is_empty()
                    || zones.iter().any(|name| {
                        name == id
                            || unions
                                .iter()
                                .any(|(union, members)| union == name && members.contains(&number))
                    })
            };
            let zones = data.zones.zones.iter().enumerate();
            factors.push(Factor {
                policy,
                log: change.ratio.value.ln() * policy.strength * policy.coverage,
                professions: lists
                    .iter()
                    .map(|p| named.is_empty() || named.contains(&p.id))
                    .collect(),
                zones: zones
                    .map(|(number, zone)| in_zones(number, &zone.id))
                    .collect(),
            });
        }
    }
    if factors.is_empty() {
        return Ok(need);
    }
    let share = data.parameters.value("policy.combination", &[])?;
    Ok(need.scaled(|year, profession, sector, zone| {
        let (mut low, mut high, mut lows, mut highs) = (0.0_f64, 0.0_f64, 0.0, 0.0);
        for factor in &factors {
            let log = factor.log_in(year, profession, sector, zone);
            low = low.min(log);
            high = high.max(log);
            lows += log.min(0.0);
            highs += log.max(0.0);
        }
        (low + (lows - low) * share + high + (highs - high) * share).exp()
    }))
}
