//! Retention of graduating classes: how many are still in health, in the sector and in the zone
//! of their first job, and in the zone of their study, year by year.

use super::footing::Footing;
use super::sums::follow;
use crate::engine::Change;
use crate::population::Person;
use crate::population::columns::NO_ZONE;
use crate::population::newcomers::arrival;
use crate::words::{Track, Year, byte_year, year_byte};

/// What is counted of a class.
pub const COUNTS: usize = 5;
/// Graduates; in health; in the sector of the first job; in its zone; in the zone of study (the
/// last three in health).
pub const COUNT_IDS: [&str; COUNTS] = [
    "graduates",
    "in_health",
    "in_sector",
    "in_zone",
    "in_study_zone",
];

/// Classes by year of graduation, profession, study zone and track (decentralised or not).
#[derive(Clone, Debug)]
pub struct Retention {
    professions: usize,
    zones: usize,
    /// First year of graduation counted.
    first: Year,
    years: usize,
    /// Where the classes stand now: class year, profession, zone, track, count.
    now: Vec<i32>,
    /// How they stood at each census since: the same, for each year.
    history: Vec<Vec<u32>>,
    /// The service of those who arrived from abroad in the first year.
    pub arrivals: Arrivals,
}

/// Health-care service of the people educated abroad who arrived in the first simulated year, by
/// the profession they arrived in: censuses at which they held a health job.
#[derive(Clone, Debug)]
pub struct Arrivals {
    first: Year,
    /// How many arrived.
    pub persons: Vec<u32>,
    /// How many of them hold a health job now.
    now: Vec<i32>,
    /// Censuses passed in health jobs, over all of them.
    pub served: Vec<u64>,
}

impl Arrivals {
    fn new(professions: usize, first: Year) -> Arrivals {
        Arrivals {
            first,
            persons: vec![0; professions],
            now: vec![0; professions],
            served: vec![0; professions],
        }
    }

    /// The profession in which a person of the class arrived; nothing for others.
    #[inline]
    fn class(&self, person: &Person) -> Option<usize> {
        let (profession, year) = arrival(person.id)?;
        (year == self.first && profession < self.persons.len()).then_some(profession)
    }

    /// Takes account of a newcomer.
    pub fn entered(&mut self, person: &Person) {
        if let Some(profession) = self.class(person) {
            self.persons[profession] += 1;
            self.now[profession] += i32::from(person.in_health());
        }
    }

    #[inline]
    fn changed(&mut self, after: &Person, [held, holds]: [Footing; 2]) {
        let (was, is) = (held.in_health(), holds.in_health());
        if was != is
            && let Some(profession) = self.class(after)
        {
            self.now[profession] += if is { 1 } else { -1 };
        }
    }

    fn end_year(&mut self) {
        for (served, now) in self.served.iter_mut().zip(&self.now) {
            *served += u64::try_from(*now).unwrap_or(0);
        }
    }
}

impl Retention {
    /// Empty classes for the years after the base year.
    pub fn new(professions: usize, zones: usize, base_year: Year, years: usize) -> Retention {
        let size = years * professions * zones * 2 * COUNTS;
        Retention {
            professions,
            zones,
            first: base_year + 1,
            years,
            now: vec![0; size],
            history: Vec::new(),
            arrivals: Arrivals::new(professions, base_year + 1),
        }
    }

    /// Ends a year: remembers how the classes stand.
    pub fn end_year(&mut self) {
        let counts = self.now.iter().map(|now| u32::try_from(*now).unwrap_or(0));
        self.history.push(counts.collect());
        self.arrivals.end_year();
    }

    /// Takes over how the classes stand in a base run, less what its `less` stands for, and more.
    pub fn follow(&mut self, base: &Retention, less: &Retention, more: &Retention) {
        follow(&mut self.now, &base.now, &less.now, &more.now);
        let (own, [base, less, more]) = (
            &mut self.arrivals,
            [base, less, more].map(|other| &other.arrivals),
        );
        follow(&mut own.now, &base.now, &less.now, &more.now);
        follow(
            &mut own.persons,
            &base.persons,
            &less.persons,
            &more.persons,
        );
    }

    fn class(&self, person: &Person, profession: &[u8; 256]) -> Option<usize> {
        let year = byte_year(person.qualified);
        let own = usize::from(profession[usize::from(person.grade)]);
        let here = person.country == 0 && person.study_zone != NO_ZONE;
        if year < self.first || own >= self.professions || !here {
            return None;
        }
        let class = usize::from(year - self.first);
        (class < self.years).then(|| {
            let track = usize::from(person.track == Track::Decentralised);
            (((class * self.professions + own) * self.zones + usize::from(person.study_zone)) * 2
                + track)
                * COUNTS
        })
    }

    /// Takes account of a change in a person.
    #[inline]
    pub fn changed(&mut self, change: &Change<'_>, footings: [Footing; 2], profession: &[u8; 256]) {
        let (before, after) = (change.before, change.after);
        if change.qualified
            && let Some(class) = self.class(after, profession)
        {
            self.now[class] += 1;
        }
        self.arrivals.changed(after, footings);
        // Nobody of the classes has qualified before the first of them.
        let first = year_byte(self.first);
        if (before.qualified < first) & (after.qualified < first) {
            return;
        }
        let [held, holds] = footings;
        if held.in_health() {
            self.add(before, profession, -1);
        }
        if holds.in_health() {
            self.add(after, profession, 1);
        }
    }

    /// Adds somebody with a health job to the person's class, or takes somebody away.
    fn add(&mut self, person: &Person, profession: &[u8; 256], sign: i32) {
        let Some(class) = self.class(person, profession) else {
            return;
        };
        let flags = [
            true,
            person.sector == person.first_sector,
            person.zone == person.first_zone,
            person.zone == person.study_zone,
        ];
        for (offset, flag) in flags.into_iter().enumerate() {
            self.now[class + 1 + offset] += i32::from(flag) * sign;
        }
    }

    /// The counts of the class of a year as it stood at a census, by profession and study zone,
    /// both tracks together; empty if the class or the census is not there.
    pub fn by_zone(&self, class: Year, census: Year) -> Vec<[u32; COUNTS]> {
        self.by_track(class, census)
            .chunks_exact(2 * COUNTS)
            .map(|tracks| std::array::from_fn(|count| tracks[count] + tracks[COUNTS + count]))
            .collect()
    }

    /// The counts of the class of a year as it stood at a census: by profession, study zone and
    /// track (decentralised second); empty if the class or the census is not there.
    pub fn by_track(&self, class: Year, census: Year) -> &[u32] {
        if class < self.first || census < class {
            return &[];
        }
        let size = self.professions * self.zones * 2 * COUNTS;
        let start = usize::from(class - self.first) * size;
        self.history
            .get(usize::from(census - self.first))
            .and_then(|counts| counts.get(start..start + size))
            .unwrap_or(&[])
    }

    /// First class year.
    pub fn first(&self) -> Year {
        self.first
    }
}
