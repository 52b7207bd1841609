//! Where need arises: from sectors to zones.
//!
//! Municipal need in a zone is in part the base year's staff there, grown as use by the people who
//! live there grows relative to the country, and in part that use itself; `need.by_use_weight` says
//! how much of each, and nobody has measured it. Hospitals serve whole health regions: their posts
//! stay where they are and follow the use of the region's people. Other health services follow the
//! use of the county's (or area's) people.
//!
//! Assumed: use at an age is the same everywhere, and staff of a profession in a sector are spread
//! over zones as the base population's people are ([`crate::population::margins::zone_shares`]).

use super::as_shares;
use super::people::Persons;
use super::profile::{Profile, used};
use crate::parameters::Zones;
use crate::words::Sector;

/// Use of the services by the people of each zone, as shares of the country's.
#[derive(Clone, Debug)]
pub struct Use {
    /// By service, then zone.
    shares: Vec<Vec<f64>>,
}

impl Use {
    /// Works out the shares from profiles (with the years by which each is put off) and people.
    pub fn of<'a>(profiles: impl Iterator<Item = (&'a Profile, f64)>, zones: &[Persons]) -> Use {
        let shares = profiles
            .map(|(profile, shift)| {
                let by_class = profile.by_class(shift);
                as_shares(zones.iter().map(|people| used(&by_class, people)).collect())
            })
            .collect();
        Use { shares }
    }
}

/// Which zones share a catchment, for each sector.
#[derive(Clone, Debug)]
pub struct Catchments {
    /// Health region of each zone, as a number.
    region: Vec<usize>,
    /// County or other area of each zone, as a number.
    area: Vec<usize>,
    /// Weight of use itself in municipal need.
    by_use: f64,
}

impl Catchments {
    /// Numbers the regions and areas of the zones.
    pub fn of(zones: &Zones, by_use: f64) -> Catchments {
        let number = |name: fn(&crate::parameters::Zone) -> &String| -> Vec<usize> {
            let first = |wanted: &String| zones.zones.iter().position(|z| name(z) == wanted);
            zones
                .zones
                .iter()
                .map(|z| first(name(z)).unwrap_or(0))
                .collect()
        };
        Catchments {
            region: number(|z| &z.region),
            area: number(|z| &z.area),
            by_use,
        }
    }

    /// How need for a service in a sector spreads over the zones: shares that sum to one.
    pub fn shares(
        &self,
        sector: Sector,
        service: usize,
        staff: &[f64],
        now: &Use,
        then: &Use,
    ) -> Vec<f64> {
        let (now, then) = (&now.shares[service], &then.shares[service]);
        let grown = |number: &dyn Fn(usize) -> usize| {
            let mut sums = vec![(0.0, 0.0); staff.len()];
            for zone in 0..staff.len() {
                let sum = &mut sums[number(zone)];
                sum.0 += now[zone];
                sum.1 += then[zone];
            }
            let factor = |zone: usize| {
                let (before, after) = sums[number(zone)];
                if before > 0.0 { after / before } else { 1.0 }
            };
            as_shares((0..staff.len()).map(|z| staff[z] * factor(z)).collect())
        };
        match sector {
            Sector::Municipal => grown(&|zone| zone)
                .iter()
                .zip(then)
                .map(|(by_staff, by_use)| (1.0 - self.by_use) * by_staff + self.by_use * by_use)
                .collect(),
            Sector::Hospital => grown(&|zone| self.region[zone]),
            _ => grown(&|zone| self.area[zone]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn use_of(shares: [f64; 3]) -> Use {
        Use {
            shares: vec![shares.to_vec()],
        }
    }

    fn catchments(by_use: f64) -> Catchments {
        Catchments {
            region: vec![0, 0, 2],
            area: vec![0, 1, 2],
            by_use,
        }
    }

    const STAFF: [f64; 3] = [0.5, 0.2, 0.3];

    #[test]
    fn hospitals_follow_the_region_and_others_the_area() {
        let (now, then) = (use_of([0.4, 0.2, 0.4]), use_of([0.5, 0.2, 0.3]));
        let spread = |sector| catchments(0.0).shares(sector, 0, &STAFF, &now, &then);
        let hospital = spread(Sector::Hospital);
        assert!((hospital[0] / hospital[1] - 2.5).abs() < 1e-12);
        let other = spread(Sector::OtherHealth);
        assert!((other[0] / other[1] - 2.5 * 1.25).abs() < 1e-12);
        for shares in [hospital, other, spread(Sector::Municipal)] {
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn the_weight_of_use_goes_from_staff_to_use() {
        let now = use_of([0.4, 0.2, 0.4]);
        let spread = |k| catchments(k).shares(Sector::Municipal, 0, &STAFF, &now, &now);
        for (zone, staff) in STAFF.iter().enumerate() {
            assert!((spread(0.0)[zone] - staff).abs() < 1e-12);
            assert!((spread(1.0)[zone] - now.shares[0][zone]).abs() < 1e-12);
        }
    }
}
