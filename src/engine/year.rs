//! One year of everybody.

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
            let quiet = match &rules.bounds {
                Some(bounds) => bounds.quiet(population, slot, year, own),
                None => false,
            };
            if !quiet {
                live_in_slot(
                    rules,
                    population,
                    key,
                    year,
                    slot,
                    own,
                    &mut Nobody,
                    observer,
                );
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
        match watch(population.id[slot]) {
            Some(mut witness) => {
                live_in_slot(
                    rules,
                    population,
                    key,
                    year,
                    slot,
                    words,
                    &mut witness,
                    observer,
                );
            }
            None => live_in_slot(
                rules,
                population,
                key,
                year,
                slot,
                words,
                &mut Nobody,
                observer,
            ),
        }
    }
    queue::apply(rules, population, key, year, waiting, observer);
    inflow::apply(rules, population, key, year, observer);
}

#[allow(clippy::too_many_arguments)]
fn live_in_slot<O: Observer, W: Witness>(
    rules: &Rules,
    population: &mut Population,
    key: Key,
    year: Year,
    slot: usize,
    words: [u32; 4],
    witness: &mut W,
    observer: &mut O,
) {
    let before = population.get(slot);
    if before.status == Status::Gone {
        return;
    }
    let mut turn = Turn::new(rules, key, year, before, words, witness);
    live(&mut turn);
    let (after, exit, qualified) = (turn.person, turn.exit, turn.qualified);
    if after != before {
        population.set(slot, &after);
    }
    let cut = super::bounds::STATISTICAL_AGES.contains(&before.age(year));
    if after != before || cut {
        observer.changed(&Change {
            before: &before,
            after: &after,
            exit,
            qualified,
            year,
        });
    }
}
