//! One year of everybody.

use super::bounds::{Possible, STATISTICAL_AGES};
use super::life::{Change, Nobody, Observer, Turn, Witness, live};
use super::rules::Rules;
use super::{inflow, queue};
use crate::dice::{Key, philox};
use crate::population::Population;
use crate::words::{Status, Year};

/// People whose blocks are drawn together.
const LANES: usize = 16;

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
    let mut ids = [0u64; LANES];
    let mut start = 0;
    while start < everybody {
        let many = (everybody - start).min(LANES);
        ids[..many].copy_from_slice(&population.id[start..start + many]);
        let words = philox::blocks(key.0, 0, &ids, u32::from(year));
        let [first, second, third, fourth] = words;
        for (lane, word) in first.into_iter().enumerate().take(many) {
            let own = [word, second[lane], third[lane], fourth[lane]];
            let slot = start + lane;
            let possible = match &rules.bounds {
                Some(bounds) => bounds.possible(population, slot, year, own),
                None => Possible::EVERYTHING,
            };
            if possible != Possible::NOTHING {
                let turn = Block {
                    key,
                    year,
                    slot,
                    words: own,
                    possible,
                };
                live_in_slot(rules, population, turn, &mut Nobody, observer);
            }
        }
        start += many;
    }
    queue::apply(rules, population, key, year, waiting, observer);
    inflow::apply(rules, population, key, year, observer);
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
#[derive(Clone, Copy)]
struct Block {
    key: Key,
    year: Year,
    slot: usize,
    words: [u32; 4],
    possible: Possible,
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
