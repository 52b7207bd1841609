//! The walk through the years: the people of one run, and the memory that their years work in.

use super::life::{Entry, Happened, Observer, Witness};
use super::market::State;
use super::policy;
use super::rules::Rules;
use super::year::{simulate_year, simulate_year_slowly};
use crate::dice::Key;
use crate::population::{Person, Population};
use crate::words::Year;

/// One run on its way through the years. Made once and begun anew for every run, it allocates
/// nothing but what a larger run than before needs.
#[derive(Debug)]
pub struct Walk {
    /// Everybody.
    pub population: Population,
    /// The last year that was lived; the base year at first.
    pub year: Year,
    key: Key,
    pub(super) memory: Memory,
}

/// What the steps of a year need besides the people.
#[derive(Debug, Default)]
pub struct Memory {
    /// Those who wait for posts in limited number: draw, identity, slot.
    pub waiting: Vec<(u32, u64, u32)>,
    /// Those who were given posts in limited number this year: slot, and what that has changed.
    pub placed: Vec<(u32, Happened)>,
    /// Slots of this year's newcomers, and how they came; in the order in which they came.
    pub entered: Vec<(u32, Entry)>,
    /// This year's newcomers on their way in.
    pub coming: Vec<(Person, Entry)>,
    /// The labour market, under the vacancy closure.
    pub market: State,
    /// Policies: sizes of effects, limited places, participants.
    pub policies: policy::State,
}

impl Default for Walk {
    fn default() -> Walk {
        Walk {
            population: Population::default(),
            year: 0,
            key: Key::new(0, 0),
            memory: Memory::default(),
        }
    }
}

impl Walk {
    /// Begins (again) with a base population, in its year, under a key.
    pub fn begin(&mut self, base: &Population, base_year: Year, key: Key) {
        self.population.copy_from(base);
        self.year = base_year;
        self.key = key;
        self.memory.policies.clear();
    }

    /// A walk of its own that begins with a base population.
    pub fn new(base: &Population, base_year: Year, key: Key) -> Walk {
        let mut walk = Walk::default();
        walk.begin(base, base_year, key);
        walk
    }

    /// The key of the run.
    pub fn key(&self) -> Key {
        self.key
    }

    /// The labour market as it stands; meaningful under the vacancy closure.
    pub fn market(&self) -> &State {
        &self.memory.market
    }

    /// Draws the sizes of the policies' effects for this run; without a seed they are central.
    pub fn draw_effects(&mut self, rules: &Rules, seed: Option<u64>) {
        self.memory.policies.draw(&rules.policies, seed);
    }

    /// The policies that a person takes part in this year, a bit each in the order of the scenario.
    pub fn reached(&self, rules: &Rules, person: &Person) -> u64 {
        let when = (self.key, self.year);
        let (policies, lookup) = (&rules.policies, &rules.lookup);
        self.memory.policies.reached(policies, lookup, person, when)
    }

    /// Everybody whom policies reach as they stand, with the policies, a bit each.
    pub fn each_reached(&self, rules: &Rules, mut tell: impl FnMut(&Person, u64)) {
        self.memory.policies.each_near(&self.population, |slot| {
            let person = self.population.person(slot);
            let policies = self.reached(rules, person);
            if policies != 0 {
                tell(person, policies);
            }
        });
    }

    /// Participants of each policy this year, and those of them who are new.
    pub fn participants(&self) -> &[[u32; 2]] {
        self.memory.policies.participants()
    }

    /// Everybody lives one more year.
    pub fn next<O: Observer>(&mut self, rules: &Rules, observer: &mut O) {
        self.year += 1;
        let (people, memory) = (&mut self.population, &mut self.memory);
        simulate_year(rules, people, self.key, self.year, memory, observer);
    }

    /// The same without the quick test, one person at a time, watched by those whom `watch` names.
    pub fn next_slowly<O: Observer, W: Witness>(
        &mut self,
        rules: &Rules,
        observer: &mut O,
        watch: impl FnMut(u64) -> Option<W>,
    ) {
        self.year += 1;
        let (people, memory) = (&mut self.population, &mut self.memory);
        simulate_year_slowly(rules, people, self.key, self.year, memory, observer, watch);
    }
}
