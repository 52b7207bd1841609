//! A scenario that follows a base run like a shadow (skygge): only those live by themselves whom
//! the scenario can have changed; everybody else has the base's year.
//!
//! Base and scenario throw the same dice, so whoever has the same state in both, and is reached by
//! no policy, has the same year. The shadow has people of its own only for those whose state
//! differs, whom a policy reaches as the year begins or as they qualify, or who wait for posts in
//! limited number; whoever is the same as in the base at the end of the year is given back. Of all
//! others there is the base's person alone, with nothing to be done for it. So the cost goes
//! with those changed and not with the population, and the result is that of the scenario simulated
//! in full, bit for bit.
//!
//! It holds as long as people do not act on each other: under the vacancy closure everybody's year
//! depends on the staff of the place, and scenarios are simulated in full.

use super::crowd::{ABSENT, Crowd, SAME};
use super::life::{Change, Entry, Happened, Nobody, Observer, Witness};
use super::rules::Rules;
use super::walk::Walk;
use super::year::{Outcome, each_busy, live_through};
use super::{inflow, queue};
use crate::dice::Decision;
use crate::population::{Person, Population};
use crate::words::{Status, Year};
use std::cell::Cell;

/// Nobody's slot.
const NONE: u32 = u32::MAX;

/// A scenario on its way through the years beside its base.
#[derive(Debug, Default)]
pub struct Shadow {
    /// The scenario's year and what its policies remember; of people those alone whom it has of
    /// its own.
    walk: Walk,
    /// By slot of the base: is the person the same in the scenario, absent from it, or in which
    /// slot of its own people?
    twin: Vec<u32>,
    /// By slot of its own people: the base's slot of the same person, if it has the person.
    back: Vec<u32>,
    /// What has happened this year to its own people: in the base, and in the scenario.
    theirs: Vec<Happened>,
    ours: Vec<Happened>,
    /// People of the base who are not in the scenario.
    absent: usize,
}

/// What a shadow's tallies are told: the base's events that do not hold in it, and its own.
#[derive(Debug)]
pub struct Delta<'a, O> {
    /// Told the events of the base to be taken away.
    pub less: &'a mut O,
    /// Told the events to be added.
    pub more: &'a mut O,
}

/// Can the scenario of these rules follow a base of those, from these people on?
pub fn can_follow(base: (&Rules, &Population), own: (&Rules, &Population)) -> bool {
    let without = base.0.market.is_none() && own.0.market.is_none();
    without && base.0.policies.is_empty() && base.1 == own.1
}

/// Can the year of a scenario that follows a base differ from the base's, if all years before were
/// the same? Rules of the base first.
pub fn can_differ((base, own): (&Rules, &Rules), year: Year) -> bool {
    own.policies.begun(year) != 0 || own.inflow != base.inflow || own.queues != base.queues
}

impl Shadow {
    /// Begins with the people of a base as it stands, under the rules of the scenario, with the
    /// seed of the sizes of its policies' effects.
    pub fn begin(base: &Walk, rules: &Rules, seed: Option<u64>) -> Shadow {
        let mut walk = Walk::new(&Population::default(), base.year, base.key());
        walk.draw_effects(rules, seed);
        Shadow {
            walk,
            twin: vec![SAME; base.population.len()],
            ..Shadow::default()
        }
    }

    /// Everybody of the scenario.
    fn crowd<'a>(&'a self, base: &'a Population) -> Crowd<'a> {
        Crowd::beside(base, &self.twin, &self.walk.population)
    }

    /// Number of people in the scenario.
    pub fn present(&self, base: &Population) -> usize {
        let people = &self.walk.population;
        let twins = self.back.iter().filter(|slot| **slot != NONE).count();
        base.present() - self.absent + people.present() - twins
    }

    /// The walk, for what its policies remember; its people are not everybody.
    pub fn walk(&self) -> &Walk {
        &self.walk
    }

    /// Everybody of the scenario whom policies reach as they stand, with the same person in the
    /// base, if it has the person, and the policies, a bit each.
    pub fn each_reached(
        &self,
        rules: &Rules,
        base: &Population,
        mut tell: impl FnMut(&Person, Option<&Person>, u64),
    ) {
        let mut look = |person: &Person, twin: Option<&Person>| {
            let policies = self.walk.reached(rules, person);
            if policies != 0 {
                tell(person, twin, policies);
            }
        };
        let crowd = self.crowd(base);
        self.walk.memory.policies.each_near(base, |slot| {
            if crowd.shares(slot) {
                look(base.person(slot), Some(base.person(slot)));
            }
        });
        let people = &self.walk.population;
        for (own, slot) in self.back.iter().enumerate() {
            if !people.is_free(own) {
                let twin = (*slot != NONE).then(|| base.person(*slot as usize));
                look(people.person(own), twin);
            }
        }
    }

    /// Takes somebody in among its own people, who is in a slot of the base or in none.
    fn fetch(&mut self, slot: u32, person: &Person) {
        let own = self.walk.population.add(person);
        if own == self.back.len() {
            self.back.push(NONE);
        }
        self.back[own] = slot;
        if slot != NONE {
            self.twin[slot as usize] = own as u32;
        }
    }

    /// Begins a year: fetches those whom policies reach.
    fn begin_year(&mut self, rules: &Rules, base: &Population, year: Year) {
        self.walk.year = year;
        let when = (self.walk.key(), year);
        let Walk {
            population, memory, ..
        } = &mut self.walk;
        let crowd = Crowd::beside(base, &self.twin, population);
        let (policies, lookup) = (&rules.policies, &rules.lookup);
        memory.policies.begin_year(policies, lookup, crowd, when);
        for number in 0..self.walk.memory.policies.found().len() {
            let slot = self.walk.memory.policies.found()[number];
            self.fetch(slot, base.person(slot as usize));
        }
    }

    /// Takes part in what happened to somebody in the base.
    #[inline]
    fn follow(
        &mut self,
        rules: &Rules,
        (slot, qualified): (usize, Option<&Person>),
        outcome: &Outcome<'_>,
    ) {
        let after = outcome.after;
        let gone = after.status == Status::Gone;
        match self.twin[slot] {
            SAME => {
                // Who qualifies may be reached by policies in the same year.
                let reached = qualified.is_some_and(|person| self.walk.reached(rules, person) != 0);
                if !reached {
                    return;
                }
                self.fetch(slot as u32, outcome.before);
            }
            ABSENT if gone => {
                self.twin[slot] = SAME;
                self.absent -= 1;
            }
            own if gone => {
                self.twin[slot] = SAME;
                self.back[own as usize] = NONE;
            }
            _ => {}
        }
        self.theirs
            .push(Happened::of(&outcome.change(self.walk.year)));
    }

    /// Lets its own people live.
    fn live_alone(&mut self, rules: &Rules) {
        let when @ (_, year) = (self.walk.key(), self.walk.year);
        let Walk {
            population, memory, ..
        } = &mut self.walk;
        let (twin, back, absent) = (&mut self.twin, &mut self.back, &mut self.absent);
        let ours = &mut self.ours;
        each_busy(rules, population, when, |people, person| {
            let state = (&memory.policies, &memory.market);
            live_through(rules, state, when, person, people, &mut Nobody, |outcome| {
                ours.push(Happened::of(&outcome.change(year)));
                let slot = &mut back[person.slot as usize];
                if outcome.after.status == Status::Gone && *slot != NONE {
                    twin[*slot as usize] = ABSENT;
                    *absent += 1;
                    *slot = NONE;
                }
            });
        });
    }

    /// Fetches those who wait for posts in limited number: who gets one depends on who else waits.
    fn fetch_waiting(&mut self, rules: &Rules, base: &Population) {
        queue::each_waiting(rules, base, |slot| {
            if self.twin[slot] == SAME {
                self.fetch(slot as u32, base.person(slot));
            }
        });
    }

    /// Gives the year's posts, when the base has given its own.
    fn give_posts(&mut self, rules: &Rules, base: &Walk) {
        let (key, year) = (self.walk.key(), self.walk.year);
        let (population, memory) = (&mut self.walk.population, &mut self.walk.memory);
        queue::apply(rules, population, key, year, memory, &mut Unheard);
        let placed = &self.walk.memory.placed;
        self.ours.extend(placed.iter().map(|(_, given)| given));
        let placed = base.memory.placed.iter();
        let apart = placed.filter(|(slot, _)| self.twin[*slot as usize] != SAME);
        self.theirs.extend(apart.map(|(_, given)| given));
    }

    /// Tells what has happened to those of its own people for whom it is not what has happened in
    /// the base.
    fn tell<O: Observer>(&mut self, delta: &mut Delta<'_, O>) {
        let year = self.walk.year;
        let id = |own: &Happened| own.before.id;
        // Stable, so that what happened to one person stays in its order.
        self.theirs.sort_by_key(id);
        self.ours.sort_by_key(id);
        let tell = |all: &[Happened], to: &mut O| {
            all.iter().for_each(|own| to.changed(&own.change(year)));
        };
        let same = |a: &Happened, b: &Happened| id(a) == id(b);
        let mut ours = self.ours.chunk_by(same).peekable();
        for theirs in self.theirs.chunk_by(same) {
            let who = id(&theirs[0]);
            while let Some(own) = ours.next_if(|own| id(&own[0]) < who) {
                tell(own, delta.more);
            }
            let own = ours.next_if(|own| id(&own[0]) == who).unwrap_or(&[]);
            if own != theirs {
                tell(theirs, delta.less);
                tell(own, delta.more);
            }
        }
        ours.for_each(|own| tell(own, delta.more));
        self.theirs.clear();
        self.ours.clear();
    }

    /// Is one of its own people what the same person is in the base?
    fn is_same(&self, own: usize, base: &Population) -> bool {
        let slot = self.back[own];
        slot != NONE && self.walk.population.person(own) == base.person(slot as usize)
    }

    /// Gives those back who are what they are in the base.
    fn give_back(&mut self, base: &Population) {
        for own in 0..self.back.len() {
            if self.is_same(own, base) {
                self.twin[self.back[own] as usize] = SAME;
                self.back[own] = NONE;
                self.walk.population.remove(own);
            }
        }
    }

    /// Lets in the year's newcomers, when the base has let in its own: of every stream those who
    /// come to both are gone through anew only where a policy may reach them.
    fn let_in<O: Observer>(
        &mut self,
        (rules, of_base): (&Rules, &Rules),
        base: &Walk,
        delta: &mut Delta<'_, O>,
    ) {
        self.twin.resize(base.population.len(), SAME);
        let when @ (_, year) = (self.walk.key(), self.walk.year);
        let person = |slot: u32| base.population.person(slot as usize);
        // People of one stream stand together, numbered from 0.
        let number = |(slot, _): &(u32, Entry)| (person(*slot).id >> 48) as u16;
        let entered = base.memory.entered.chunk_by(|a, b| number(a) == number(b));
        let mut of_base_by_stream: Vec<(u16, &[(u32, Entry)])> =
            entered.map(|people| (number(&people[0]), people)).collect();
        of_base_by_stream.sort_unstable_by_key(|(stream, _)| *stream);
        let same_people = rules.inflow.draws_as(&of_base.inflow);
        let seed = self.walk.memory.policies.seed();
        inflow::each_stream(rules, year, seed, |stream, persons| {
            let at = of_base_by_stream.binary_search_by_key(&stream.number(), |(own, _)| *own);
            let theirs = at.map_or(&[][..], |at| std::mem::take(&mut of_base_by_stream[at].1));
            let (both, alone) = theirs.split_at(theirs.len().min(persons as usize));
            self.leave_out(alone, base, delta);
            for index in both.len() as u32..persons {
                let own = stream.come(rules, &mut self.walk.memory.policies, when, index);
                self.fetch(NONE, &own);
                delta.more.entered(&own, stream.entry(), year);
            }
            if same_people && stream.is_left_alone(&rules.policies) {
                return;
            }
            for (index, (slot, entry)) in both.iter().enumerate() {
                let theirs = person(*slot);
                let own = match same_people {
                    true => stream.once_more(rules, &mut self.walk.memory.policies, when, theirs),
                    false => {
                        Some(stream.come(rules, &mut self.walk.memory.policies, when, index as u32))
                    }
                };
                if let Some(own) = own.filter(|own| own != theirs) {
                    self.fetch(*slot, &own);
                    delta.more.entered(&own, *entry, year);
                    delta.less.entered(theirs, *entry, year);
                }
            }
        });
        for (_, alone) in of_base_by_stream {
            self.leave_out(alone, base, delta);
        }
    }

    /// Leaves out newcomers of the base who do not come to the scenario.
    fn leave_out<O: Observer>(
        &mut self,
        newcomers: &[(u32, Entry)],
        base: &Walk,
        delta: &mut Delta<'_, O>,
    ) {
        self.absent += newcomers.len();
        for (slot, entry) in newcomers {
            self.twin[*slot as usize] = ABSENT;
            let person = base.population.person(*slot as usize);
            delta.less.entered(person, *entry, self.walk.year);
        }
    }
}

/// Nobody hears of what may be the same in base and scenario before it is known whether it is.
struct Unheard;

impl Observer for Unheard {
    fn entered(&mut self, _: &Person, _: Entry, _: Year) {}
    fn changed(&mut self, _: &Change<'_>) {}
}

/// Keeps whoever qualifies, as the person stood then.
struct Qualified<'a>(&'a Cell<Option<Person>>);

impl Witness for Qualified<'_> {
    #[inline(always)]
    fn decided(&mut self, _: Decision, _: u32, _: u32, _: bool) {}
    #[inline(always)]
    fn chose(&mut self, _: Decision, _: &[u32], _: u32, _: usize) {}
    #[inline(always)]
    fn qualified(&mut self, person: &Person) {
        self.0.set(Some(*person));
    }
}

/// Everybody in a base and in the scenarios that follow it lives one more year, each scenario by
/// its own rules.
pub fn next<O: Observer>(
    base: &mut Walk,
    rules: &Rules,
    observer: &mut O,
    shadows: &mut [(&mut Shadow, &Rules, Delta<'_, O>)],
) {
    base.year += 1;
    let when @ (key, year) = (base.key(), base.year);
    for (shadow, own, _) in shadows.iter_mut() {
        shadow.begin_year(own, &base.population, year);
    }
    let (population, memory) = (&mut base.population, &mut base.memory);
    let qualified = Cell::new(None);
    each_busy(rules, population, when, |people, person| {
        let state = (&memory.policies, &memory.market);
        qualified.set(None);
        let mut watch = Qualified(&qualified);
        live_through(rules, state, when, person, people, &mut watch, |outcome| {
            observer.changed(&outcome.change(year));
            let (slot, qualified) = (person.slot as usize, qualified.get());
            for (shadow, own, _) in shadows.iter_mut() {
                shadow.follow(own, (slot, qualified.as_ref()), &outcome);
            }
        });
    });
    for (shadow, own, _) in shadows.iter_mut() {
        shadow.live_alone(own);
        shadow.fetch_waiting(own, &base.population);
    }
    let (population, memory) = (&mut base.population, &mut base.memory);
    queue::apply(rules, population, key, year, memory, observer);
    for (shadow, own, delta) in shadows.iter_mut() {
        shadow.give_posts(own, base);
        shadow.tell(delta);
        shadow.give_back(&base.population);
    }
    let (population, memory) = (&mut base.population, &mut base.memory);
    inflow::apply(rules, population, key, year, memory, observer);
    for (shadow, own, delta) in shadows.iter_mut() {
        shadow.let_in((own, rules), base, delta);
    }
}
