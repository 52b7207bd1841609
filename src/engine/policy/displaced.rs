//! Who would have studied anyway: added places on local tracks take students from campuses.
//!
//! Some of those admitted to a decentralised or distance place who grew up there would have
//! studied the same on a campus without it. In a scenario those are fewer on campuses: as many of
//! the campus students of the programme who grew up in the places' zones did not, but grew up
//! elsewhere. The number of students is that of the places; what changes is where they are from,
//! and so what the added places bring is less than what their graduates look like.

use super::effect::score;
use super::eligible::{Set, zones_named};
use crate::dice::sample::{pick_tilted, share_of, threshold};
use crate::dice::{Key, address};
use crate::engine::rules::Rules;
use crate::parameters::ModelData;
use crate::parameters::policy::{Policy, Ratio};
use crate::population::Person;
use crate::population::newcomers::Newcomers;
use crate::words::{Track, Year};

/// The number of the draw of the share, beside those of the changes.
const SHARE: u32 = u32::MAX;

/// Added places of a local track.
#[derive(Clone, Debug)]
pub struct LocalPlaces {
    address: u32,
    programme: usize,
    zones: Set,
    years: (Year, Year),
    /// Simulated people a year.
    places: f64,
    share: Ratio,
}

impl LocalPlaces {
    /// The added local places of a policy that says what they displace.
    pub fn of(data: &ModelData, policy: &Policy, scale: f64) -> Vec<LocalPlaces> {
        let Some(share) = policy.displaces else {
            return Vec::new();
        };
        let programmes = &data.classification.programmes;
        let local = [Track::Decentralised.id(), Track::Distance.id()];
        let levers = policy.levers.study_places.iter().filter(|lever| {
            let track = lever.track.as_deref();
            lever.change > 0.0 && track.is_some_and(|track| local.contains(&track))
        });
        levers
            .filter_map(|lever| {
                Some(LocalPlaces {
                    address: address::of_name(&policy.id),
                    programme: programmes.iter().position(|p| p.id == lever.programme)?,
                    zones: zones_named(data, std::slice::from_ref(lever.zone.as_ref()?)),
                    years: (lever.from, lever.until.unwrap_or(Year::MAX)),
                    places: lever.change * scale,
                    share,
                })
            })
            .collect()
    }
}

/// The campus students of a programme and year who are displaced.
#[derive(Clone, Debug, Default)]
pub struct Displaced {
    /// Zones of upbringing, threshold, address of the draw.
    places: Vec<(Set, u32, u32)>,
}

impl Displaced {
    /// Works out which share of the campus students of each upbringing are displaced.
    pub fn of(
        rules: &Rules,
        newcomers: &Newcomers,
        admitted: &[(Track, usize, u32)],
        (programme, year, seed): (usize, Year, Option<u64>),
    ) -> Displaced {
        let local = rules.policies.local.iter().filter(|local| {
            let (first, last) = local.years;
            local.programme == programme && first <= year && year <= last
        });
        let mut local = local.peekable();
        if local.peek().is_none() {
            return Displaced::default();
        }
        let campus: Vec<(usize, u32)> = admitted
            .iter()
            .filter(|(track, ..)| *track == Track::Campus)
            .map(|(_, zone, persons)| (*zone, *persons))
            .collect();
        let places = local.map(|local| {
            let grown_up: f64 = campus
                .iter()
                .map(|(zone, persons)| {
                    let row = newcomers.origins(Track::Campus, *zone);
                    f64::from(*persons) * share_of(row, |origin| local.zones.has(origin))
                })
                .sum();
            let score = seed.map_or(0.0, |seed| score(seed, local.address, SHARE));
            let share = local.share.log_at(score).exp().min(1.0);
            let displaced = threshold(local.places * share / grown_up.max(f64::MIN_POSITIVE));
            (local.zones, displaced, local.address)
        });
        Displaced {
            places: places.collect(),
        }
    }

    /// Is nobody displaced?
    pub fn is_nobody(&self) -> bool {
        self.places.is_empty()
    }

    /// Lets a campus student have grown up elsewhere, if the one who would have come is displaced.
    pub fn apply(&self, newcomers: &Newcomers, student: &mut Person, (key, year): (Key, Year)) {
        if student.track != Track::Campus {
            return;
        }
        for (number, (zones, displaced, address)) in self.places.iter().enumerate() {
            if !zones.has(usize::from(student.origin)) {
                continue;
            }
            let of_places = address::of_name("displaced") ^ address.rotate_left(number as u32);
            let group = of_places | address::NAMED;
            let [word, other, mover, _] = key.words(group, student.id, year);
            if word < *displaced {
                let study = usize::from(student.study_zone);
                let row = newcomers.origins(Track::Campus, study);
                let elsewhere = |zone: usize| f64::from(u8::from(!zones.has(zone)));
                let origin = pick_tilted(row, other, elsewhere);
                student.origin = origin as u8;
                student.mover = newcomers.is_mover(mover, origin, study);
            }
        }
    }
}
