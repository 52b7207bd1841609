//! A scenario that follows a base run like a shadow (skygge): only those live by themselves whom
//! the scenario can have changed; everybody else has the base's year.
//!
//! Base and scenario throw the same dice, so whoever has the same state in both, and is reached by
//! no policy, has the same year. The shadow keeps its own people, with a map to those of the base.
//! In a year those live alone whose state differs, whom a policy reaches, or who qualify into what
//! a policy may reach; the others are given what happened to their twins. Posts in limited number
//! and newcomers are gone through anew, for they are drawn from everybody; newcomers who are the
//! same in both become twins. So the cost goes with those changed and not with the population, and
//! the result is that of the scenario simulated in full, bit for bit.
//!
//! It holds as long as people do not act on each other: under the vacancy closure everybody's year
//! depends on the staff of the place, and scenarios are simulated in full.

use super::bounds::Possible;
use super::life::{Change, Entry, Nobody, Observer};
use super::rules::Rules;
use super::search::{Busy, Desk, Search, TOGETHER};
use super::walk::Walk;
use super::year::{Outcome, live_through};
use super::{inflow, queue};
use crate::population::Population;
use crate::words::{Status, Year};
use pulp::Arch;

/// Nobody's slot.
const NONE: u32 = u32::MAX;

/// A scenario on its way through the years beside its base.
#[derive(Debug, Default)]
pub struct Shadow {
    /// The scenario's own walk.
    pub walk: Walk,
    /// By slot of the base: the own slot of the same person.
    twin: Vec<u32>,
    /// By own slot: the base's slot of the same person.
    back: Vec<u32>,
    /// By own slot: does the person differ from the base's, or is there none?
    apart: Vec<bool>,
    /// By own slot: does the person live this year alone?
    alone: Vec<bool>,
    /// Own slots of those who live this year alone.
    list: Vec<u32>,
    /// Own slots of those who are to become what their twins in these slots of the base are.
    behind: Vec<(u32, u32)>,
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
    /// Begins with the people of a base that begins.
    pub fn begin(&mut self, base: &Walk) {
        self.walk.begin(&base.population, base.year, base.key());
        let people = base.population.len();
        let same = || 0..people as u32;
        self.twin.clear();
        self.twin.extend(same());
        self.back.clear();
        self.back.extend(same());
        self.apart.clear();
        self.apart.resize(people, false);
        self.alone.clear();
        self.alone.resize(people, false);
    }

    /// The base's slot of the person in an own slot, if there is such a person in it.
    pub fn in_base(&self, own: usize) -> Option<usize> {
        let slot = self.back[own];
        (slot != NONE).then_some(slot as usize)
    }

    /// Begins a year: who lives it alone.
    fn begin_year(&mut self, rules: &Rules, year: Year) {
        let walk = &mut self.walk;
        walk.year = year;
        let when = (walk.key(), year);
        let (population, memory) = (&walk.population, &mut walk.memory);
        let (policies, lookup) = (&rules.policies, &rules.lookup);
        memory
            .policies
            .begin_year(policies, lookup, population, when);
        self.alone.copy_from_slice(&self.apart);
        for slot in memory.policies.found() {
            self.alone[*slot as usize] = true;
        }
        self.list.clear();
        // Few live alone: most are passed over many at once.
        for (number, alone) in self.alone.chunks(TOGETHER).enumerate() {
            if alone.iter().fold(false, |any, own| any | own) {
                let own = alone.iter().enumerate().filter(|(_, own)| **own);
                let slots = own.map(|(at, _)| (number * TOGETHER + at) as u32);
                self.list.extend(slots);
            }
        }
    }

    /// Takes part in what happened to somebody in the base.
    #[inline]
    fn follow<O: Observer>(
        &mut self,
        rules: &Rules,
        slot: usize,
        outcome: &Outcome<'_>,
        less: &mut O,
    ) {
        let year = self.walk.year;
        let own = self.twin[slot];
        let after = outcome.after;
        let gone = after.status == Status::Gone;
        if own != NONE && !self.alone[own as usize] && outcome.touched {
            let before = outcome.before;
            // Who qualifies may be reached by policies in the same year.
            let ends = before.programme != 0 && after.programme == 0 && !gone;
            if ends && rules.policies.may_reach_grade(after.grade) {
                self.alone[own as usize] = true;
                self.list.push(own);
            }
        }
        if own == NONE || self.alone[own as usize] {
            less.changed(&outcome.change(year));
        } else if outcome.touched {
            self.behind.push((own, slot as u32));
        }
        if gone {
            self.part(slot as u32, own);
        }
    }

    /// Catches up with the base. One after the other in a short loop: to wait for memory once for
    /// each of them, while the base lives, took longer than everything else of following it.
    fn catch_up(&mut self, base: &Population) {
        for (own, slot) in self.behind.drain(..) {
            let person = base.person(slot as usize);
            self.walk.population.set(own as usize, person);
        }
    }

    /// Two slots no longer hold the same person.
    fn part(&mut self, slot: u32, own: u32) {
        if slot != NONE {
            self.twin[slot as usize] = NONE;
        }
        if own != NONE {
            self.back[own as usize] = NONE;
        }
    }

    /// Lets those live who live alone.
    fn live_alone<O: Observer>(&mut self, rules: &Rules, base: &Population, more: &mut O) {
        let year = self.walk.year;
        let list = std::mem::take(&mut self.list);
        for own in &list {
            let slot = *own as usize;
            let key = self.walk.key();
            let Walk {
                population: people,
                memory,
                ..
            } = &mut self.walk;
            if people.is_free(slot) {
                continue;
            }
            let when = (key, year);
            let person = Busy::in_slot(rules, people, slot, when);
            if person.possible != Possible::NOTHING {
                let state = (&memory.policies, &memory.market);
                let witness = &mut Nobody;
                live_through(rules, state, when, &person, people, witness, |own| {
                    more.changed(&own.change(year));
                });
            }
            if self.walk.population.is_free(slot) {
                self.part(self.back[slot], *own);
                self.apart[slot] = false;
            } else {
                self.compare(slot, base);
            }
        }
        self.list = list;
    }

    /// Finds out whether the person in an own slot differs from the base's.
    fn compare(&mut self, own: usize, base: &Population) {
        let same = match self.back[own] {
            NONE => false,
            twin => self.walk.population.is_same(own, base, twin as usize),
        };
        self.apart[own] = !same;
    }

    /// Posts in limited number and newcomers, gone through by the scenario itself.
    fn end_year<O: Observer>(
        &mut self,
        (rules, of_base): (&Rules, &Rules),
        base: &Walk,
        delta: &mut Delta<'_, O>,
    ) {
        let (key, year) = (self.walk.key(), self.walk.year);
        let (population, memory) = (&mut self.walk.population, &mut self.walk.memory);
        queue::apply(rules, population, key, year, memory, delta.more);
        let as_in_base = rules.policies.leave_students() && rules.inflow == of_base.inflow;
        if !as_in_base {
            inflow::apply(rules, population, key, year, memory, &mut Unheard);
        }
        for slot in &base.memory.placed {
            let own = self.twin[*slot as usize];
            if own != NONE {
                self.compare(own as usize, &base.population);
            }
        }
        let placed = std::mem::take(&mut self.walk.memory.placed);
        for own in &placed {
            self.compare(*own as usize, &base.population);
        }
        self.walk.memory.placed = placed;
        self.twin.resize(base.population.len(), NONE);
        if as_in_base {
            self.let_in_as_base(rules, base, year, delta);
        } else {
            self.match_newcomers(base, year, delta);
        }
    }

    /// Lets in whom the base has let in, where the same people come to both: only those are gone
    /// through anew whom a policy may reach as they come.
    fn let_in_as_base<O: Observer>(
        &mut self,
        rules: &Rules,
        base: &Walk,
        year: Year,
        delta: &mut Delta<'_, O>,
    ) {
        let when = (self.walk.key(), year);
        let Walk {
            population, memory, ..
        } = &mut self.walk;
        memory.entered.clear();
        for (twin, entry) in &base.memory.entered {
            let theirs = base.population.person(*twin as usize);
            let may_differ =
                *entry != Entry::Admitted && rules.policies.may_reach_grade(theirs.grade);
            let again = || inflow::once_more(rules, &memory.policies, when, theirs.id);
            let own = may_differ.then(again).flatten();
            let own = own.filter(|own| own != theirs);
            let slot = population.add(own.as_ref().unwrap_or(theirs));
            memory.entered.push((slot as u32, *entry));
            if slot == self.back.len() {
                self.back.push(NONE);
                self.apart.push(false);
                self.alone.push(false);
            }
            self.twin[*twin as usize] = slot as u32;
            self.back[slot] = *twin;
            self.apart[slot] = own.is_some();
            if let Some(own) = own {
                delta.more.entered(&own, *entry, year);
                delta.less.entered(theirs, *entry, year);
            }
        }
    }

    /// Makes twins of newcomers who have come to both; who has come to one alone is told.
    fn match_newcomers<O: Observer>(&mut self, base: &Walk, year: Year, delta: &mut Delta<'_, O>) {
        let people = self.walk.population.len();
        self.back.resize(people, NONE);
        self.apart.resize(people, false);
        self.alone.resize(people, false);
        let own = std::mem::take(&mut self.walk.memory.entered);
        // Newcomers of one source stand together, numbered from 0: whole sources are compared.
        let source = |population: &Population, slot: u32| population.id(slot as usize) >> 32;
        let of_base = |(slot, _): &(u32, Entry)| source(&base.population, *slot);
        let mut sources: Vec<(u64, &[(u32, Entry)])> = base
            .memory
            .entered
            .chunk_by(|a, b| of_base(a) == of_base(b))
            .map(|newcomers| (of_base(&newcomers[0]), newcomers))
            .collect();
        sources.sort_unstable_by_key(|(id, _)| *id);
        let mut met = vec![0; sources.len()];
        let of_own = |(slot, _): &(u32, Entry)| source(&self.walk.population, *slot);
        let chunks: Vec<(u64, &[(u32, Entry)])> = own
            .chunk_by(|a, b| of_own(a) == of_own(b))
            .map(|newcomers| (of_own(&newcomers[0]), newcomers))
            .collect();
        for (id, newcomers) in chunks {
            let at = sources.binary_search_by_key(&id, |(id, _)| *id).ok();
            let others = at.map_or(&[][..], |at| &sources[at].1[met[at]..]);
            for (number, (slot, entry)) in newcomers.iter().enumerate() {
                let (place, person) = (*slot as usize, self.walk.population.get(*slot as usize));
                let twin = others.get(number).map(|(twin, _)| *twin as usize);
                let twin = twin.filter(|twin| base.population.id(*twin) == person.id);
                self.back[place] = twin.map_or(NONE, |twin| twin as u32);
                if let Some(twin) = twin {
                    self.twin[twin] = *slot;
                }
                self.compare(place, &base.population);
                if self.apart[place] {
                    delta.more.entered(&person, *entry, year);
                    if let Some(twin) = twin {
                        let person = base.population.get(twin);
                        delta.less.entered(&person, *entry, year);
                    }
                }
            }
            if let Some(at) = at {
                met[at] += newcomers.len().min(others.len());
            }
        }
        for (slot, entry) in &base.memory.entered {
            if self.twin[*slot as usize] == NONE {
                let person = base.population.get(*slot as usize);
                delta.less.entered(&person, *entry, year);
            }
        }
        self.walk.memory.entered = own;
    }
}

/// Nobody hears of newcomers before it is known who has come to both.
struct Unheard;

impl Observer for Unheard {
    fn entered(&mut self, _: &crate::population::Person, _: Entry, _: Year) {}
    fn changed(&mut self, _: &Change<'_>) {}
}

/// Tells a base's tallies everything, and those of its shadows the changes that it may not share
/// with them; newcomers are told to shadows when it is known who has come to both.
struct Both<'a, O>(&'a mut O, Vec<&'a mut O>);

impl<O: Observer> Observer for Both<'_, O> {
    fn entered(&mut self, person: &crate::population::Person, entry: Entry, year: Year) {
        self.0.entered(person, entry, year);
    }

    fn changed(&mut self, change: &Change<'_>) {
        self.0.changed(change);
        self.1.iter_mut().for_each(|other| other.changed(change));
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
    let (key, year) = (base.key(), base.year);
    for (shadow, own, _) in shadows.iter_mut() {
        shadow.begin_year(own, year);
    }
    let mut desk = Desk::new();
    let wide = Arch::new();
    let everybody = base.population.len();
    for start in (0..everybody).step_by(TOGETHER) {
        wide.dispatch(Search {
            rules,
            population: &base.population,
            slots: start..everybody.min(start + TOGETHER),
            when: (key, year),
            desk: &mut desk,
        });
        for person in desk.busy() {
            let slot = person.slot as usize;
            let (people, memory) = (&mut base.population, &base.memory);
            let (state, when) = ((&memory.policies, &memory.market), (key, year));
            let witness = &mut Nobody;
            live_through(rules, state, when, person, people, witness, |all| {
                observer.changed(&all.change(year));
                for (shadow, own, delta) in shadows.iter_mut() {
                    shadow.follow(own, slot, &all, delta.less);
                }
            });
        }
        for (shadow, ..) in shadows.iter_mut() {
            shadow.catch_up(&base.population);
        }
    }
    for (shadow, own, delta) in shadows.iter_mut() {
        shadow.live_alone(own, &base.population, delta.more);
    }
    let less = shadows.iter_mut().map(|(_, _, delta)| &mut *delta.less);
    let mut both = Both(observer, less.collect());
    let (population, memory) = (&mut base.population, &mut base.memory);
    queue::apply(rules, population, key, year, memory, &mut both);
    inflow::apply(rules, population, key, year, memory, &mut both);
    for (shadow, own, delta) in shadows.iter_mut() {
        shadow.end_year((own, rules), base, delta);
    }
}
