//! What policies remember during a run: the sizes of their effects, who has a limited place, how
//! many take part.

use super::effect::Sizes;
use super::near::{Near, each_near};
use super::{Measure, Policies};
use crate::dice::{Key, address};
use crate::engine::crowd::Crowd;
use crate::engine::predictor::Lookup;
use crate::parameters::policy::Clock;
use crate::population::{Person, Population};
use crate::words::{Year, year_byte};

/// What a person's turn knows of policies.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing<'a> {
    /// The policies that reach the person this year, a bit each.
    pub reached: u64,
    /// What policies remember in this run.
    state: Option<&'a State>,
}

/// What policies remember during a run.
#[derive(Clone, Debug, Default)]
pub struct State {
    sizes: Option<Sizes>,
    seed: Option<u64>,
    /// Limit of the draws of those who take part, by policy and year of enrolment (clock byte).
    limit: Vec<[u32; 256]>,
    /// Participants and new ones this year, by policy.
    count: Vec<[u32; 2]>,
    pool: Vec<u32>,
    found: Vec<u32>,
    /// Who is near to the policies of this year that act on people.
    near: Vec<Near>,
}

impl State {
    /// Forgets the run before.
    pub fn clear(&mut self) {
        (self.sizes, self.seed) = (None, None);
        self.limit.clear();
        self.count.clear();
        self.near.clear();
    }

    /// Draws the sizes of effects for a run, or takes the central ones.
    pub fn draw(&mut self, policies: &Policies, seed: Option<u64>) {
        let seed = seed.filter(|_| !policies.is_central);
        self.seed = seed;
        if !policies.is_empty() {
            let effects = policies
                .measures
                .iter()
                .map(|m| (m.address, &m.effects[..]));
            self.sizes = Some(Sizes::draw(effects, seed));
        }
    }

    /// Begins a year: who can take part where places are limited, and how many do.
    pub fn begin_year(
        &mut self,
        policies: &Policies,
        lookup: &Lookup,
        crowd: Crowd<'_>,
        (key, year): (Key, Year),
    ) {
        self.found.clear();
        self.near.clear();
        if policies.is_empty() {
            return;
        }
        if self.sizes.is_none() {
            self.draw(policies, None);
        }
        if self.limit.is_empty() {
            // Where places are limited nobody takes part before the lottery of the year's end.
            let at_first = |measure: &Measure| [measure.capacity.map_or(u32::MAX, |_| 0); 256];
            self.limit.extend(policies.measures.iter().map(at_first));
        }
        self.count.clear();
        self.count.resize(policies.measures.len(), [0; 2]);
        for (number, measure) in policies.measures.iter().enumerate() {
            if let Some(capacity) = measure.capacity {
                self.limit_to(capacity, (number, measure), crowd, lookup, (key, year));
            }
        }
        let begun = policies.begun(year) & policies.of_people;
        let measures = policies.measures.iter().enumerate();
        let of_people = measures.filter(|(number, _)| begun >> number & 1 == 1);
        self.near
            .extend(of_people.map(|(_, own)| Near::of(own, year)));
        let near = std::mem::take(&mut self.near);
        let shared = crowd.shared();
        each_near(&near, shared, |slot| {
            let person = shared.person(slot);
            if crowd.shares(slot) && self.reach(person, policies, lookup, (key, year)) {
                self.found.push(slot as u32);
            }
        });
        self.near = near;
        for person in crowd.own() {
            self.reach(&person, policies, lookup, (key, year));
        }
    }

    /// Everybody, by slot, near enough to this year's policies that they could reach the person.
    pub fn each_near(&self, population: &Population, found: impl FnMut(usize)) {
        each_near(&self.near, population, found);
    }

    /// Finds out whether policies reach somebody this year, and counts the person if so.
    fn reach(
        &mut self,
        person: &Person,
        policies: &Policies,
        lookup: &Lookup,
        when: (Key, Year),
    ) -> bool {
        let reached = self.reached(policies, lookup, person, when);
        let mut left = reached & !policies.attributes;
        while left != 0 {
            let number = left.trailing_zeros() as usize;
            left &= left - 1;
            self.count[number][0] += 1;
            let is_new = self.is_new(policies, number, person, when);
            self.count[number][1] += u32::from(is_new);
        }
        reached != 0
    }

    /// Slots of the shared people whom policies reach this year, as they were when it began.
    pub fn found(&self) -> &[u32] {
        &self.found
    }

    /// The lowest draws among the eligible of a policy, as many as there are places.
    fn limit_to(
        &mut self,
        capacity: usize,
        (number, measure): (usize, &Measure),
        crowd: Crowd<'_>,
        lookup: &Lookup,
        (key, year): (Key, Year),
    ) {
        self.pool.clear();
        let cohort = year_byte(year - 1);
        for person in crowd.people() {
            let Some((enrolled, _)) = measure.enrolled(&person, year) else {
                continue;
            };
            let own = measure.clock == Clock::Policy || year_byte(enrolled) == cohort;
            if own && measure.eligible.holds(&person, year, lookup) {
                let draw = key.participation(measure.address, person.id);
                if draw < measure.covered(enrolled) {
                    self.pool.push(draw);
                }
            }
        }
        let limit = match capacity {
            _ if self.pool.len() <= capacity => u32::MAX,
            0 => 0,
            places => {
                let (_, nth, _) = self.pool.select_nth_unstable(places - 1);
                nth.saturating_add(1)
            }
        };
        let at = match measure.clock {
            Clock::Policy => year_byte(year),
            _ => cohort,
        };
        self.limit[number][usize::from(at)] = limit;
    }

    /// The policies that reach a person in a year, a bit each.
    pub fn reached(
        &self,
        policies: &Policies,
        lookup: &Lookup,
        person: &Person,
        (key, year): (Key, Year),
    ) -> u64 {
        let mut left = policies.mask(person);
        let mut found = 0;
        while left != 0 {
            let number = left.trailing_zeros() as usize;
            left &= left - 1;
            let measure = &policies.measures[number];
            let Some((enrolled, _)) = measure.enrolled(person, year) else {
                continue;
            };
            if !measure.eligible.holds(person, year, lookup) {
                continue;
            }
            let limit = self.limit.get(number);
            let limit = limit.map_or(u32::MAX, |by| by[usize::from(year_byte(enrolled))]);
            let most = measure.covered(enrolled).min(limit);
            if most == u32::MAX || key.participation(measure.address, person.id) < most {
                found |= 1 << number;
            }
        }
        found
    }

    /// Was somebody who takes part not reached a year before? As far as the present state tells.
    fn is_new(
        &self,
        policies: &Policies,
        number: usize,
        person: &Person,
        (key, year): (Key, Year),
    ) -> bool {
        let measure = &policies.measures[number];
        let Some((enrolled, years)) = measure.enrolled(person, year) else {
            return false;
        };
        if measure.clock != Clock::Policy {
            return years == 0;
        }
        let last = year_byte(year - 1);
        let limit = self.limit[number][usize::from(last)];
        let before = measure.covered(enrolled - 1).min(limit);
        let draw = key.participation(measure.address, person.id);
        year == measure.first || draw >= before || person.job_since == last
    }

    /// What a person's turn is to know; nothing without policies.
    #[inline]
    pub fn standing(
        &self,
        policies: &Policies,
        lookup: &Lookup,
        person: &Person,
        when: (Key, Year),
    ) -> Standing<'_> {
        if policies.is_empty() {
            return Standing::default();
        }
        Standing {
            reached: self.reached(policies, lookup, person, when),
            state: Some(self),
        }
    }

    /// Participants this year, and those of them who are new, by policy; simulated people.
    pub fn participants(&self) -> &[[u32; 2]] {
        &self.count
    }

    /// The seed that sizes were drawn for; none for central ones.
    pub fn seed(&self) -> Option<u64> {
        self.seed
    }

    /// Counts a student who has attributes from these policies.
    pub fn admitted(&mut self, reached: u64) {
        for (number, count) in self.count.iter_mut().enumerate() {
            if reached >> number & 1 == 1 {
                count[0] += 1;
                count[1] += 1;
            }
        }
    }
}

impl<'a> Standing<'a> {
    pub(super) fn sizes(self) -> Option<&'a Sizes> {
        let state = self.state.filter(|_| self.reached != 0);
        state.and_then(|state| state.sizes.as_ref())
    }

    /// The policies that reach the person as it is now, in the middle of a year, besides those
    /// known.
    pub fn renewed(
        self,
        policies: &Policies,
        lookup: &Lookup,
        person: &Person,
        when: (Key, Year),
    ) -> Self {
        let now = self
            .state
            .map_or(0, |state| state.reached(policies, lookup, person, when));
        Standing {
            reached: self.reached | now,
            ..self
        }
    }

    /// The same for somebody whose places are guided in part only: `share` of 256 keep the
    /// policies that need the time of experienced colleagues.
    pub fn guided(mut self, policies: &Policies, (key, id): (Key, u64), share: u32) -> Self {
        if share >= 256 || self.reached == 0 {
            return self;
        }
        for (number, measure) in policies.measures.iter().enumerate() {
            // Another part of the same word than taking part is decided on would not be independent.
            let word = || key.participation(!measure.address | address::NAMED, id);
            if measure.guided && self.reached >> number & 1 == 1 && word() >> 24 >= share {
                self.reached &= !(1 << number);
            }
        }
        self
    }
}
