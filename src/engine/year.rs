//! One year of everybody.

use super::bounds::{Possible, STATISTICAL_AGES};
use super::life::{Change, Nobody, Observer, Turn, Witness, live};
use super::rules::Rules;
use super::{inflow, queue};
use crate::dice::{Key, philox};
use crate::population::Population;
use crate::words::{Status, Year};

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
    waiting: &mut Vec<(u32, u64, u32)>,
    observer: &mut O,
) {
    let everybody = population.len();
    let mut busy = [Block::idle(key, year); TOGETHER];
    let mut start = 0;
    while start < everybody {
        let end = everybody.min(start + TOGETHER);
        let many = find_busy(rules, population, start..end, &mut busy);
        for block in &busy[..many] {
            live_in_slot(rules, population, *block, &mut Nobody, observer);
        }
        start = end;
    }
    queue::apply(rules, population, key, year, waiting, observer);
    inflow::apply(rules, population, key, year, observer);
}

/// Puts those of the slots who can have an event into `busy`, in order, and gives their number.
fn find_busy(
    rules: &Rules,
    population: &Population,
    slots: std::ops::Range<usize>,
    busy: &mut [Block; TOGETHER],
) -> usize {
    let Block { key, year, .. } = busy[0];
    let mut many = 0;
    let mut ids = [0u64; LANES];
    for start in slots.clone().step_by(LANES) {
        let lanes = (slots.end - start).min(LANES);
        ids[..lanes].copy_from_slice(&population.id[start..start + lanes]);
        let [first, second, third, fourth] = philox::blocks(key.0, 0, &ids, u32::from(year));
        for (lane, word) in first.into_iter().enumerate().take(lanes) {
            let words = [word, second[lane], third[lane], fourth[lane]];
            let slot = start + lane;
            let possible = match &rules.bounds {
                Some(bounds) => bounds.possible(population, slot, year, words),
                None => Possible::EVERYTHING,
            };
            // Written for everybody, kept for the busy: no branch to guess.
            busy[many] = Block {
                key,
                year,
                slot,
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
    waiting: &mut Vec<(u32, u64, u32)>,
    observer: &mut O,
    mut watch: impl FnMut(u64) -> Option<W>,
) {
    for slot in 0..population.len() {
        let words = key.words(0, population.id[slot], year);
        let turn = Block {
            key,
            year,
            slot,
            words,
            possible: Possible::EVERYTHING,
        };
        match watch(population.id[slot]) {
            Some(mut witness) => live_in_slot(rules, population, turn, &mut witness, observer),
            None => live_in_slot(rules, population, turn, &mut Nobody, observer),
        }
    }
    queue::apply(rules, population, key, year, waiting, observer);
    inflow::apply(rules, population, key, year, observer);
}

/// One person's block of the year.
#[derive(Clone, Copy, Debug)]
struct Block {
    key: Key,
    year: Year,
    slot: usize,
    words: [u32; 4],
    possible: Possible,
}

impl Block {
    /// A block that nothing has been drawn for.
    fn idle(key: Key, year: Year) -> Block {
        Block {
            key,
            year,
            slot: 0,
            words: [0; 4],
            possible: Possible::NOTHING,
        }
    }
}

fn live_in_slot<O: Observer, W: Witness>(
    rules: &Rules,
    population: &mut Population,
    block: Block,
    witness: &mut W,
    observer: &mut O,
) {
    let Block {
        key,
        year,
        slot,
        words,
        possible,
    } = block;
    let before = population.get(slot);
    if before.status == Status::Gone {
        return;
    }
    let mut turn = Turn::new(rules, key, year, before, words, possible, witness);
    live(&mut turn);
    let (after, exit, qualified) = (turn.person, turn.exit, turn.qualified);
    let touched = after != before;
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
