//! One year of everybody.

use super::bounds::{Glimpse, Possible, STATISTICAL_AGES};
use super::life::{Change, Exit, Nobody, Observer, Turn, Witness, live};
use super::market::hiring::is_hiring;
use super::rules::Rules;
use super::walk::Memory;
use super::{inflow, queue};
use crate::dice::{Key, philox};
use crate::population::{Person, Population};
use crate::words::{Status, Year, year_byte};
use pulp::{Arch, NullaryFnOnce};

/// People whose random blocks are drawn together.
const LANES: usize = 16;
/// People looked at together: first who can have an event, then their events. Two short loops
/// that fit the cache, instead of one that the processor cannot foresee.
pub(super) const TOGETHER: usize = 1024;

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
            let words = key.words(0, population.id[slot], year);
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
    let mut ids = [0u64; LANES];
    let mut state = [[0u8; LANES]; 5];
    for start in slots.clone().step_by(LANES) {
        let lanes = start..slots.end.min(start + LANES);
        ids[..lanes.len()].copy_from_slice(&population.id[lanes.clone()]);
        let columns = [
            &population.place,
            &population.traits,
            &population.born,
            &population.job_since,
            &population.grade,
        ];
        // Copied to arrays of a fixed length, so that the loop below has no bounds to check.
        for (lane, column) in state.iter_mut().zip(columns) {
            lane[..lanes.len()].copy_from_slice(&column[lanes.clone()]);
        }
        state[0][lanes.len()..].fill(Status::Gone as u8);
        let [place, traits, born, job_since, grade] = &state;
        let words = philox::blocks(key.0, 0, &ids, u32::from(year));
        let glimpse = |lane: usize| Glimpse {
            place: place[lane],
            traits: traits[lane],
            born: born[lane],
            job_since: job_since[lane],
            grade: grade[lane],
        };
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
        let id = population.id[slot];
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
}

/// What a year has done to a person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    /// The state before it.
    pub(super) before: Person,
    /// The state after it.
    pub(super) after: Person,
    exit: Option<Exit>,
    qualified: bool,
    /// Is the state another?
    pub(super) touched: bool,
}

impl Outcome {
    /// Is there something that tallies must know?
    pub(super) fn is_told(&self, year: Year) -> bool {
        self.touched || STATISTICAL_AGES.contains(&self.before.age(year))
    }

    /// The same for tallies.
    pub(super) fn change(&self, year: Year) -> Change<'_> {
        Change {
            before: &self.before,
            counted: year - 1,
            after: &self.after,
            exit: self.exit,
            qualified: self.qualified,
            year,
        }
    }
}

/// A person's year through all steps, with the policies that reach the person and the strain of
/// the place.
#[inline(always)]
pub(super) fn live_through<W: Witness>(
    rules: &Rules,
    memory: &Memory,
    (key, year): (Key, Year),
    person: Busy,
    before: Person,
    witness: &mut W,
) -> Outcome {
    let Busy {
        words, possible, ..
    } = person;
    let mut turn = Turn::new(rules, key, year, before, words, possible, witness);
    let when = (key, year);
    turn.standing = memory
        .policies
        .standing(&rules.policies, &rules.lookup, &before, when);
    if let Some(market) = &rules.market {
        let profession = turn.scene.profession;
        turn.strain = memory.market.strain(market, profession, &before, year);
        if turn.standing.reached != 0 {
            let share = memory.market.guided(market, profession, &before);
            turn.standing = turn
                .standing
                .guided(&rules.policies, (key, before.id), share);
        }
    }
    live(&mut turn);
    let after = turn.person;
    Outcome {
        before,
        after,
        exit: turn.exit,
        qualified: turn.qualified,
        touched: turn.touched && after != before,
    }
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
    let before = population.get(slot);
    if before.status == Status::Gone {
        return;
    }
    let outcome = live_through(rules, memory, (key, year), person, before, witness);
    let Outcome { after, touched, .. } = outcome;
    if let Some(market) = &rules.market
        && touched
    {
        if is_hiring(&before, &after) {
            memory
                .market
                .apply((key, year), slot, before, after, outcome.qualified);
            return;
        }
        let own = |p: &Person| usize::from(rules.lookup.profession[usize::from(p.grade)]);
        memory
            .market
            .moved(market, (own(&before), &before), (own(&after), &after));
    }
    if touched {
        population.set(slot, &after);
    }
    if outcome.is_told(year) {
        observer.changed(&outcome.change(year));
    }
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
