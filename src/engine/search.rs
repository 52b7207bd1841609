//! The search for busy people: those to whom something can happen this year, as far as two looks
//! at them can tell.
//!
//! The first look takes the year's block of everybody and one row of bounds ([`super::bounds`]).
//! The second draws, for all those found and many at once, the block that their events ask for
//! first: one block alone takes as long as sixteen. Whether somebody on sick leave, outside work,
//! abroad or in a programme has an event hangs on that block alone, so most of those who have none
//! are let go again.
//!
//! Three short loops over arrays that fit the cache, instead of one that the processor cannot
//! foresee.

use super::bounds::{Bounds, Glimpse, Possible};
use super::rules::Rules;
use crate::dice::{Key, philox};
use crate::population::Population;
use crate::population::columns::LANES;
use crate::words::{Year, year_byte};
use pulp::NullaryFnOnce;
use std::ops::Range;

/// People looked at together: first who can have an event, then their events.
pub(super) const TOGETHER: usize = 256;
// Chunks are of whole blocks.
const _: () = assert!(TOGETHER.is_multiple_of(LANES));

/// A block of another group than the year's own, drawn before it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ahead {
    /// The group; 0, which nobody asks for, if nothing has been drawn.
    pub(super) group: u32,
    /// The words.
    pub(super) words: [u32; 4],
}

impl Ahead {
    /// Nothing has been drawn.
    pub(super) const NOTHING: Ahead = Ahead {
        group: 0,
        words: [0; 4],
    };
}

/// Somebody who can have an event: where, with which words of the year, and which events.
#[derive(Clone, Copy, Debug)]
pub(super) struct Busy {
    pub(super) slot: u32,
    pub(super) words: [u32; 4],
    pub(super) possible: Possible,
    pub(super) ahead: Ahead,
}

impl Busy {
    pub(super) const NOBODY: Busy = Busy {
        slot: 0,
        words: [0; 4],
        possible: Possible::NOTHING,
        ahead: Ahead::NOTHING,
    };

    /// Somebody who comes in: nothing is decided on the year's block.
    pub(super) const NEWCOMER: Busy = Busy {
        possible: Possible::EVERYTHING,
        ..Busy::NOBODY
    };

    /// Somebody of whom nothing is known: every decision is tried.
    pub(super) fn for_everything(slot: usize, id: u64, (key, year): (Key, Year)) -> Busy {
        Busy {
            slot: slot as u32,
            words: key.words(0, id, year),
            possible: Possible::EVERYTHING,
            ..Busy::NOBODY
        }
    }
}

/// Room for the people looked at together: what the first look finds of each, and the busy.
#[derive(Debug)]
pub(super) struct Desk {
    words: [[[u32; LANES]; 4]; BLOCKS],
    possible: [[Possible; LANES]; BLOCKS],
    /// The bound on the word that decides on coming back.
    back: [[u8; LANES]; BLOCKS],
    /// Those found by the first look.
    found: [u16; TOGETHER],
    busy: [Busy; TOGETHER],
    many: usize,
}

/// Blocks of people looked at together.
const BLOCKS: usize = TOGETHER / LANES;

impl Desk {
    /// An empty desk.
    pub(super) fn new() -> Desk {
        Desk {
            words: [[[0; LANES]; 4]; BLOCKS],
            possible: [[Possible::NOTHING; LANES]; BLOCKS],
            back: [[0; LANES]; BLOCKS],
            found: [0; TOGETHER],
            busy: [Busy::NOBODY; TOGETHER],
            many: 0,
        }
    }

    /// The busy of the last search, in order.
    pub(super) fn busy(&self) -> &[Busy] {
        &self.busy[..self.many]
    }
}

/// The search, as work that can be compiled for several kinds of processor: the one with the
/// widest vectors that this processor has is chosen as the program runs.
pub(super) struct Search<'a> {
    pub(super) rules: &'a Rules,
    pub(super) population: &'a Population,
    /// At most [`TOGETHER`] slots, from the beginning of a block.
    pub(super) slots: Range<usize>,
    pub(super) when: (Key, Year),
    pub(super) desk: &'a mut Desk,
}

impl NullaryFnOnce for Search<'_> {
    type Output = ();

    /// Lays those of the slots who can have an event on the desk.
    #[inline(always)]
    fn call(self) {
        let Search {
            rules,
            population,
            slots,
            when,
            desk,
        } = self;
        let Some(bounds) = &rules.bounds else {
            desk.many = slots.len();
            for (busy, slot) in desk.busy.iter_mut().zip(slots) {
                *busy = Busy::for_everything(slot, population.id(slot), when);
            }
            return;
        };
        let found = look(bounds, population, &slots, when, desk);
        look_ahead(bounds, population, (slots.start, found), when, desk);
    }
}

/// The words of one lane. Written out: whole arrays of all lanes would be copied to be mapped.
#[inline(always)]
fn of_lane([a, b, c, d]: &[[u32; LANES]; 4], lane: usize) -> [u32; 4] {
    [a[lane], b[lane], c[lane], d[lane]]
}

/// The first look, at everybody; gives the number of those found.
#[inline(always)]
fn look(
    bounds: &Bounds,
    population: &Population,
    slots: &Range<usize>,
    (key, year): (Key, Year),
    desk: &mut Desk,
) -> usize {
    let now = year_byte(year);
    let mut found = 0;
    let blocks = slots.start / LANES..slots.end.div_ceil(LANES);
    let seen = desk
        .words
        .iter_mut()
        .zip(&mut desk.possible)
        .zip(&mut desk.back);
    let blocks = population.blocks()[blocks].iter().zip(seen);
    for (number, (block, ((words, possible), back))) in blocks.enumerate() {
        *words = philox::blocks(key.0, &[0; LANES], &block.id, u32::from(year));
        (*possible, *back) = bounds.possible(&Glimpse::of(block), now, words);
        for (lane, possible) in possible.iter().enumerate() {
            // Written for everybody, kept for the busy: no branch to guess.
            desk.found[found % TOGETHER] = (number * LANES + lane) as u16;
            found += usize::from(*possible != Possible::NOTHING);
        }
    }
    found
}

/// The second look, at those found: gives them the block that their events ask for first, and
/// lets those go whom it leaves nothing.
#[inline(always)]
// One index into several arrays reads better than as many zips, and compiles better.
#[allow(clippy::needless_range_loop)]
fn look_ahead(
    bounds: &Bounds,
    population: &Population,
    (start, found): (usize, usize),
    (key, year): (Key, Year),
    desk: &mut Desk,
) {
    let now = year_byte(year);
    desk.many = 0;
    for people in desk.found[..found].chunks(LANES) {
        let (mut groups, mut ids) = ([0; LANES], [0; LANES]);
        for (lane, person) in people.iter().enumerate() {
            let (block, own) = (usize::from(*person) / LANES, usize::from(*person) % LANES);
            groups[lane] = desk.possible[block % BLOCKS][own].asks_first();
            // Of the record: it is fetched from memory by the way, for all of them at once.
            ids[lane] = population.person(start + usize::from(*person)).id;
        }
        let ahead = philox::blocks(key.0, &groups, &ids, u32::from(year));
        for (lane, person) in people.iter().enumerate() {
            let (block, own) = (usize::from(*person) / LANES, usize::from(*person) % LANES);
            let (possible, back) = (
                desk.possible[block % BLOCKS][own],
                desk.back[block % BLOCKS][own],
            );
            let ahead = Ahead {
                group: groups[lane],
                words: of_lane(&ahead, lane),
            };
            let slot = start + usize::from(*person);
            let is_quiet = possible.hangs_on_ahead() && {
                let person = population.person(slot);
                bounds.is_quiet_after_all(person, (possible, back), &ahead.words, now)
            };
            desk.busy[desk.many % TOGETHER] = Busy {
                slot: slot as u32,
                words: of_lane(&desk.words[block % BLOCKS], own),
                possible,
                ahead,
            };
            desk.many += usize::from(!is_quiet);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::DataFolder;
    use crate::parameters::ModelData;
    use crate::runs::Model;
    use pulp::Arch;

    /// Which people are busy, with their words and events, by the given kind of processor.
    fn busy(model: &Model, kind: Arch, key: Key, year: Year) -> Vec<(u32, [u32; 4], Possible)> {
        let population = &model.base.population;
        let mut found = Vec::new();
        let mut desk = Desk::new();
        for start in (0..population.len()).step_by(TOGETHER) {
            kind.dispatch(Search {
                rules: &model.rules,
                population,
                slots: start..population.len().min(start + TOGETHER),
                when: (key, year),
                desk: &mut desk,
            });
            let own = desk.busy().iter();
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

    #[test]
    fn what_is_drawn_ahead_is_what_would_be_drawn() {
        let data = ModelData::read(DataFolder::Embedded, None).unwrap();
        let model = Model::build(data, 2019, 0.02).unwrap();
        let population = &model.base.population;
        let when = (Key::new(5, 0), 2020);
        let mut desk = Desk::new();
        Arch::new().dispatch(Search {
            rules: &model.rules,
            population,
            slots: 0..TOGETHER,
            when,
            desk: &mut desk,
        });
        for person in desk.busy() {
            let id = population.id(person.slot as usize);
            let Ahead { group, words } = person.ahead;
            assert!(group > 0);
            assert_eq!(words, when.0.words(group, id, when.1));
        }
    }
}
