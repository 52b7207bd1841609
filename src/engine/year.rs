//! One year of everybody.

use super::bounds::{Glimpse, Possible, STATISTICAL_AGES};
use super::life::{Change, Nobody, Observer, Turn, Witness, live};
use super::market::hiring::is_hiring;
use super::rules::Rules;
use super::walk::Memory;
use super::{inflow, queue};
use crate::dice::{Key, philox};
use crate::population::{Person, Population};
use crate::words::{Status, Year, year_byte};

/// People whose random blocks are drawn together.
const LANES: usize = 16;
/// People looked at together: first who can have an event, then their events. Two short loops
/// that fit the cache, instead of one that the processor cannot foresee.
const TOGETHER: usize = 1024;

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
    let mut start = 0;
    while start < everybody {
        let end = everybody.min(start + TOGETHER);
        let many = find_busy(rules, population, start..end, key, year, &mut busy);
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

// One index into nine arrays reads better than nine zips, and compiles better.
#[allow(clippy::needless_range_loop)]
/// Puts those of the slots who can have an event into `busy`, in order, and gives their number.
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
        let [first, second, third, fourth] = &words;
        for lane in 0..LANES {
            let glimpse = Glimpse {
                place: place[lane],
                traits: traits[lane],
                born: born[lane],
                job_since: job_since[lane],
                grade: grade[lane],
            };
            let words = [first[lane], second[lane], third[lane], fourth[lane]];
            let possible = bounds.possible(glimpse, now, words);
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
struct Busy {
    slot: u32,
    words: [u32; 4],
    possible: Possible,
}

impl Busy {
    const NOBODY: Busy = Busy {
        slot: 0,
        words: [0; 4],
        possible: Possible::NOTHING,
    };
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
    let Busy {
        slot,
        words,
        possible,
    } = person;
    let slot = slot as usize;
    let before = population.get(slot);
    if before.status == Status::Gone {
        return;
    }
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
    let (after, exit, qualified) = (turn.person, turn.exit, turn.qualified);
    let touched = turn.touched && after != before;
    if let Some(market) = &rules.market
        && touched
    {
        if is_hiring(&before, &after) {
            memory
                .market
                .apply((key, year), slot, before, after, qualified);
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
    if touched || STATISTICAL_AGES.contains(&before.age(year)) {
        observer.changed(&Change {
            before: &before,
            counted: year - 1,
            after: &after,
            exit,
            qualified,
            year,
        });
    }
}
