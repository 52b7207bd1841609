//! One year of everybody.

use super::bounds::{Glimpse, Possible, STATISTICAL_AGES};
use super::life::{Change, Exit, Nobody, Observer, Turn, Witness, live};
use super::market::hiring::is_hiring;
use super::rules::Rules;
use super::walk::Memory;
use super::{inflow, market, policy, queue};
use crate::dice::{Key, philox};
use crate::population::columns::LANES;
use crate::population::{Person, Population};
use crate::words::{Year, year_byte};
use pulp::{Arch, NullaryFnOnce};

/// People looked at together: first who can have an event, then their events. Two short loops
/// that fit the cache, instead of one that the processor cannot foresee.
pub(super) const TOGETHER: usize = 1024;
// Chunks are of whole blocks.
const _: () = assert!(TOGETHER.is_multiple_of(LANES));

/// Simulates one year: everybody's steps, the queues, the newcomers.
pub fn simulate_year<O: Observer>(
    rules: &Rules,
    population: &mut Population,
    key: Key,
    year: Year,
    memory: &mut Memory,
    observer: &mut O,
) {
    take_census(rules, population, (key, year), memory, observer);
    let everybody = population.len();
    let mut busy = [Busy::NOBODY; TOGETHER];
    let wide = Arch::new();
    let mut start = 0;
    while start < everybody {
        let end = everybody.min(start + TOGETHER);
        let many = wide.dispatch(Search {
            rules,
            population,
            slots: start..end,
            when: (key, year),
            busy: &mut busy,
        });
        for person in &busy[..many] {
            let desk = (&mut *population, &mut *memory);
            live_in_slot(rules, desk, key, year, *person, &mut Nobody, observer);
        }
        start = end;
    }
    end_year(rules, population, key, year, memory, observer);
}

/// Takes last year's census of those whom policies can reach, and of the labour market, where
/// there are any.
fn take_census<O: Observer>(
    rules: &Rules,
    population: &Population,
    (key, year): (Key, Year),
    memory: &mut Memory,
    observer: &mut O,
) {
    let (policies, lookup) = (&rules.policies, &rules.lookup);
    memory
        .policies
        .begin_year(policies, lookup, population, (key, year));
    if let Some(market) = &rules.market {
        let (state, professions) = (&mut memory.market, &rules.lookup.profession);
        state.begin_year(market, professions, population, year, observer);
    }
}

/// What comes after everybody's steps: hiring, queues, newcomers.
fn end_year<O: Observer>(
    rules: &Rules,
    population: &mut Population,
    key: Key,
    year: Year,
    memory: &mut Memory,
    observer: &mut O,
) {
    memory
        .market
        .settle(rules, population, (key, year), observer);
    queue::apply(rules, population, key, year, memory, observer);
    inflow::apply(rules, population, key, year, memory, observer);
    memory
        .market
        .settle(rules, population, (key, year), observer);
}

/// The search for busy people, as work that can be compiled for several kinds of processor: the
/// one with the widest vectors that this processor has is chosen as the program runs.
pub(super) struct Search<'a> {
    pub(super) rules: &'a Rules,
    pub(super) population: &'a Population,
    pub(super) slots: std::ops::Range<usize>,
    pub(super) when: (Key, Year),
    pub(super) busy: &'a mut [Busy; TOGETHER],
}

impl NullaryFnOnce for Search<'_> {
    type Output = usize;

    #[inline(always)]
    fn call(self) -> usize {
        let (key, year) = self.when;
        find_busy(
            self.rules,
            self.population,
            self.slots,
            key,
            year,
            self.busy,
        )
    }
}

// One index into nine arrays reads better than nine zips, and compiles better.
#[allow(clippy::needless_range_loop)]
/// Puts those of the slots who can have an event into `busy`, in order, and gives their number.
#[inline(always)]
fn find_busy(
    rules: &Rules,
    population: &Population,
    slots: std::ops::Range<usize>,
    key: Key,
    year: Year,
    busy: &mut [Busy; TOGETHER],
) -> usize {
    let Some(bounds) = &rules.bounds else {
        for (busy, slot) in busy.iter_mut().zip(slots.clone()) {
            let words = key.words(0, population.id(slot), year);
            *busy = Busy {
                slot: slot as u32,
                words,
                possible: Possible::EVERYTHING,
            };
        }
        return slots.len();
    };
    let now = year_byte(year);
    let mut many = 0;
    let blocks = slots.start / LANES..slots.end.div_ceil(LANES);
    for (number, block) in population.blocks()[blocks].iter().enumerate() {
        let start = slots.start + number * LANES;
        let words = philox::blocks(key.0, 0, &block.id, u32::from(year));
        let glimpse = |lane: usize| Glimpse::of(block, lane);
        let possible = bounds.possible(glimpse, now, &words);
        let [first, second, third, fourth] = &words;
        for lane in 0..LANES {
            let words = [first[lane], second[lane], third[lane], fourth[lane]];
            let possible = possible[lane];
            // Written for everybody, kept for the busy: no branch to guess.
            busy[many.min(TOGETHER - 1)] = Busy {
                slot: (start + lane) as u32,
                words,
                possible,
            };
            many += usize::from(possible != Possible::NOTHING);
        }
    }
    many
}

/// The same, one person at a time through all steps, without the quick test: the slow and obvious
/// way that the fast one must equal, and the way to watch a life.
pub fn simulate_year_slowly<O: Observer, W: Witness>(
    rules: &Rules,
    population: &mut Population,
    key: Key,
    year: Year,
    memory: &mut Memory,
    observer: &mut O,
    mut watch: impl FnMut(u64) -> Option<W>,
) {
    take_census(rules, population, (key, year), memory, observer);
    for slot in 0..population.len() {
        let id = population.id(slot);
        let words = key.words(0, id, year);
        let person = Busy {
            slot: slot as u32,
            words,
            possible: Possible::EVERYTHING,
        };
        let desk = (&mut *population, &mut *memory);
        match watch(id) {
            Some(mut witness) => {
                live_in_slot(rules, desk, key, year, person, &mut witness, observer)
            }
            None => live_in_slot(rules, desk, key, year, person, &mut Nobody, observer),
        }
    }
    end_year(rules, population, key, year, memory, observer);
}

/// Somebody who can have an event: where, with which words of the year, and which events.
#[derive(Clone, Copy, Debug)]
pub(super) struct Busy {
    pub(super) slot: u32,
    pub(super) words: [u32; 4],
    pub(super) possible: Possible,
}

impl Busy {
    pub(super) const NOBODY: Busy = Busy {
        slot: 0,
        words: [0; 4],
        possible: Possible::NOTHING,
    };

    /// One person of a population, as the search finds many.
    #[inline]
    pub(super) fn in_slot(
        rules: &Rules,
        population: &Population,
        slot: usize,
        (key, year): (Key, Year),
    ) -> Busy {
        let words = key.words(0, population.id(slot), year);
        let possible = match &rules.bounds {
            None => Possible::EVERYTHING,
            Some(bounds) => {
                let block = &population.blocks()[slot / LANES];
                let glimpse = |_| Glimpse::of(block, slot % LANES);
                let [possible] = bounds.possible(glimpse, year_byte(year), &words.map(|w| [w]));
                possible
            }
        };
        Busy {
            slot: slot as u32,
            words,
            possible,
        }
    }
}

/// What a year has done to a person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome<'a> {
    /// The state before it.
    pub(super) before: &'a Person,
    /// The state after it.
    pub(super) after: &'a Person,
    exit: Option<Exit>,
    qualified: bool,
    /// Can the state be another?
    pub(super) touched: bool,
}

impl Outcome<'_> {
    /// The same for tallies.
    pub(super) fn change(&self, year: Year) -> Change<'_> {
        Change {
            before: self.before,
            counted: year - 1,
            after: self.after,
            exit: self.exit,
            qualified: self.qualified,
            year,
        }
    }
}

/// A person's year through all steps, with the policies that reach the person and the strain of
/// the place. What it has done is given to `end`, if there is anything that tallies must know; the
/// population still has the state before it.
///
/// Nothing is given back by value: copies of a state just written byte by byte would wait for it.
#[inline(always)]
pub(super) fn live_through<W: Witness, R: Default>(
    rules: &Rules,
    (policies, market): (&policy::State, &market::State),
    when: (Key, Year),
    person: Busy,
    population: &mut Population,
    witness: &mut W,
    end: impl FnOnce(&mut Population, Outcome<'_>) -> R,
) -> R {
    let Busy {
        slot,
        words,
        possible,
    } = person;
    let slot = slot as usize;
    if population.is_free(slot) {
        return R::default();
    }
    let (key, year) = when;
    let person = population.get(slot);
    let mut turn = Turn::new(rules, key, year, person, words, possible, witness);
    turn.standing = policies.standing(&rules.policies, &rules.lookup, &turn.person, when);
    if let Some(posts) = &rules.market {
        let profession = turn.scene.profession;
        turn.strain = market.strain(posts, profession, &turn.person, year);
        if turn.standing.reached != 0 {
            let share = market.guided(posts, profession, &turn.person);
            let who = (key, turn.person.id);
            turn.standing = turn.standing.guided(&rules.policies, who, share);
        }
    }
    live(&mut turn);
    if !turn.touched && !STATISTICAL_AGES.contains(&turn.person.age(year)) {
        return R::default();
    }
    // Read again: most years end above, and a copy kept for all of them would cost them more.
    let before = population.get(slot);
    let outcome = Outcome {
        before: &before,
        after: &turn.person,
        exit: turn.exit,
        qualified: turn.qualified,
        touched: turn.touched,
    };
    end(population, outcome)
}

fn live_in_slot<O: Observer, W: Witness>(
    rules: &Rules,
    (population, memory): (&mut Population, &mut Memory),
    key: Key,
    year: Year,
    person: Busy,
    witness: &mut W,
    observer: &mut O,
) {
    let slot = person.slot as usize;
    let state = (&memory.policies, &memory.market);
    let when = (key, year);
    let at_market = live_through(
        rules,
        state,
        when,
        person,
        population,
        witness,
        |population, outcome| {
            let hiring = is_hiring(outcome.before, outcome.after);
            if rules.market.is_some() && outcome.touched && hiring {
                return Some((*outcome.before, *outcome.after, outcome.qualified));
            }
            if outcome.touched {
                population.set(slot, outcome.after);
            }
            observer.changed(&outcome.change(year));
            let moves = rules.market.is_some() && outcome.touched;
            moves.then_some((*outcome.before, *outcome.after, outcome.qualified))
        },
    );
    let (Some(market), Some((before, after, qualified))) = (&rules.market, at_market) else {
        return;
    };
    if is_hiring(&before, &after) {
        memory.market.apply(when, slot, before, after, qualified);
        return;
    }
    let own = |p: &Person| usize::from(rules.lookup.profession[usize::from(p.grade)]);
    memory
        .market
        .moved(market, (own(&before), &before), (own(&after), &after));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::DataFolder;
    use crate::parameters::ModelData;
    use crate::runs::Model;

    /// Which people are busy, with their words and events, by the given kind of processor.
    fn busy(model: &Model, kind: Arch, key: Key, year: Year) -> Vec<(u32, [u32; 4], Possible)> {
        let population = &model.base.population;
        let mut found = Vec::new();
        let mut busy = [Busy::NOBODY; TOGETHER];
        for start in (0..population.len()).step_by(TOGETHER) {
            let many = kind.dispatch(Search {
                rules: &model.rules,
                population,
                slots: start..population.len().min(start + TOGETHER),
                when: (key, year),
                busy: &mut busy,
            });
            let own = busy[..many].iter();
            found.extend(own.map(|own| (own.slot, own.words, own.possible)));
        }
        found
    }

    #[test]
    fn a_processor_without_wide_vectors_finds_the_same_people() {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        let model = Model::build(data, 2019, 0.02).unwrap();
        for (seed, year) in [(1, 2020), (2, 2021), (77, 2040)] {
            let key = Key::new(seed, 0);
            let plain = busy(&model, Arch::Scalar, key, year);
            assert!(plain.len() > 500, "{}", plain.len());
            assert!(plain.len() < model.base.population.len());
            assert!(busy(&model, Arch::new(), key, year) == plain, "{year}");
        }
    }
}
