//! The quick test: can anything happen to this person this year?
//!
//! For every cell of grade, place, age, years in the job and type there is a row of upper bounds
//! on the thresholds of all yearly decisions, in bytes. A person whose four words of the year lie
//! outside all of them has a quiet year: no step can say yes, so none is run. For the others the
//! test tells which decisions are worth an exact look, until the first one says yes. It is exact:
//! it changes no result, only the time it takes.

use super::bound_rows::{AGES, Row, Rows, of_class};
use super::emigration::REMEMBERED_YEARS;
use super::predictor::{JOB_CLASSES, Scene, YEAR_CLASSES};
use super::rules::Rules;
use crate::dice::Decision;
use crate::parameters::policy::Transition;
use crate::population::Person;
use crate::population::columns::{Block, FROM_ABROAD, LANES, MOVER, STATUS, STUDYING};
use crate::words::{Sector, Status};

pub use super::bound_rows::STATISTICAL_AGES;

/// Places as the population packs them: status, educated abroad or not, sector. Those educated
/// abroad stand apart: it is so much likelier to see them leave the country that bounds for both
/// would let everybody through.
const PLACES: usize = 64;

/// Compiled bounds.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// By cell: the position of its row. Most cells share their row with others, and tables that
    /// stay in the nearest caches are worth a second look-up.
    cells: Vec<u16>,
    /// Rows that differ; the first lets everybody through.
    rows: Vec<Row>,
    class_of_age: [u8; 256],
    /// By programme plus one: years, and the largest threshold of giving up in a year.
    courses: Vec<(u8, u32)>,
}

impl Bounds {
    /// Works out the bounds of compiled rules.
    pub fn compile(rules: &Rules) -> Bounds {
        let mut class_of_age = [0; 256];
        for (age, class) in class_of_age.iter_mut().enumerate() {
            *class = AGES
                .iter()
                .rposition(|first| usize::from(*first) <= age)
                .unwrap_or(0) as u8;
        }
        let mut rows = Rows::new();
        let quiet = rows.position([0; 12]);
        let grades = rules.lookup.grades;
        // One more for people without a profession: in education, or free slots.
        let mut cells = vec![quiet; cell(grades + 1, 0, 0, 0, 0)];
        for grade in 0..=grades {
            for place in (0..PLACES).filter(|place| *place == usize::from(sifted(*place as u8))) {
                let (status, sector) = at(place);
                if status == Status::Gone {
                    continue;
                }
                let sector = status.is_employed().then_some(sector);
                let from_abroad = place & usize::from(FROM_ABROAD) != 0;
                let about = (status, sector, from_abroad);
                for class in 0..AGES.len() {
                    let first = cell(grade, place, class, 0, 0);
                    let own = of_class(rules, grade, about, class);
                    for (cell, row) in cells[first..].iter_mut().zip(own) {
                        *cell = rows.position(row);
                    }
                }
            }
        }
        let most = rules.policies.most_anywhere(Transition::Dropout);
        Bounds {
            cells,
            rows: rows.rows,
            class_of_age,
            courses: rules.study.bounds(&rules.expit, most),
        }
    }

    /// The same for somebody whose state has changed in the middle of the year: the decisions that
    /// can still say yes, with the years in the job as the year began.
    #[inline]
    pub fn possible_now(&self, person: &Person, scene: &Scene, words: [u32; 4]) -> Possible {
        let from_abroad = usize::from(person.country != 0) * usize::from(FROM_ABROAD);
        let place = person.status.index() | from_abroad | person.sector.index() << 4;
        let place = usize::from(sifted(place as u8));
        let (grade, mover) = (usize::from(person.grade), usize::from(person.mover));
        let class = usize::from(self.class_of_age[scene.age]);
        let row = self.cells[cell(grade, place, class, scene.job, mover)];
        let (bounds, middle, flags, _) = parts(&self.rows[usize::from(row)]);
        Possible::of(words, (bounds, middle, flags))
    }

    /// What can happen to each of a block's people, given the year (as a clock byte) and their words
    /// of the year: the decisions of the year's block that can say yes, and what else is to be
    /// looked at (none: a quiet year); and the bound on coming back.
    ///
    /// Short loops over arrays: what is done to all lanes alike, the compiler can do for many of
    /// them at once.
    #[inline(always)]
    // One index into nine arrays reads better than nine zips, and compiles better.
    #[allow(clippy::needless_range_loop)]
    pub fn possible(
        &self,
        people: &Glimpse<'_>,
        now: u8,
        words: &[[u32; LANES]; 4],
    ) -> ([Possible; LANES], [u8; LANES]) {
        let index = cells(people, now);
        let (mut bounds, mut middle) = ([0u64; LANES], [0u8; LANES]);
        let (mut flags, mut back) = ([0u8; LANES], [0u8; LANES]);
        for lane in 0..LANES {
            let row = usize::from(self.cells[index[lane] as usize]);
            (bounds[lane], middle[lane], flags[lane], back[lane]) = parts(&self.rows[row]);
        }
        for lane in 0..LANES {
            let studies = people.traits[lane] & STUDYING != 0;
            let is_there = people.place[lane] & STATUS != Status::Gone as u8;
            flags[lane] |= u8::from(studies & is_there) * Possible::STUDY as u8;
        }
        let [first, second, third, fourth] = words;
        let mut possible = [Possible::NOTHING; LANES];
        for lane in 0..LANES {
            let words = [first[lane], second[lane], third[lane], fourth[lane]];
            possible[lane] = Possible::of(words, (bounds[lane], middle[lane], flags[lane]));
        }
        (possible, back)
    }

    /// Has somebody a quiet year whose year hangs on the block drawn ahead: does it neither bring
    /// the person back nor end the person's studies?
    #[inline(always)]
    pub fn is_quiet_after_all(
        &self,
        person: &Person,
        (possible, back): (Possible, u8),
        words: &[u32; 4],
        now: u8,
    ) -> bool {
        if possible.0 & Possible::STUDY != 0 {
            let (years, bound) = self.courses[usize::from(person.programme)];
            let word = words[Decision::Dropout.word()];
            if now.saturating_sub(person.study_since) >= years || word < bound {
                return false;
            }
        }
        if possible.0 & Possible::BACK == 0 {
            return true;
        }
        let word = (words[Decision::Return.word()] >> 24) as u8;
        let is_abroad = person.status == Status::Emigrated;
        let away = now.saturating_sub(person.status_since);
        back < u8::MAX && word >= back && !(is_abroad && away > REMEMBERED_YEARS)
    }
}

/// A place as cells know it: the sector of the last job tells nothing of those who have none.
#[inline(always)]
const fn sifted(place: u8) -> u8 {
    let status = place & STATUS;
    let is_employed = (status == Status::Working as u8) | (status == Status::SickLeave as u8);
    place
        & if is_employed {
            0x3F
        } else {
            FROM_ABROAD | STATUS
        }
}

#[inline(always)]
fn cell(grade: usize, place: usize, class: usize, job: usize, mover: usize) -> usize {
    (((grade * PLACES + place) * AGES.len() + class) * YEAR_CLASSES + job) * 2 + mover
}

/// The same for several people at once, without look-ups: a class is the number of classes'
/// beginnings passed.
#[inline(always)]
#[allow(clippy::needless_range_loop)]
fn cells(people: &Glimpse<'_>, now: u8) -> [u32; LANES] {
    let (mut class, mut job) = ([0u8; LANES], [0u8; LANES]);
    for first in &AGES[1..] {
        for lane in 0..LANES {
            class[lane] += u8::from(now.wrapping_sub(people.born[lane]) >= *first);
        }
    }
    for first in &JOB_CLASSES {
        for lane in 0..LANES {
            job[lane] += u8::from((now - 1).saturating_sub(people.job_since[lane]) >= *first);
        }
    }
    let mut index = [0; LANES];
    for lane in 0..LANES {
        let mover = u8::from(people.traits[lane] & MOVER != 0);
        let place = sifted(people.place[lane]);
        let place = u32::from(people.grade[lane]) * PLACES as u32 + u32::from(place);
        let class = place * AGES.len() as u32 + u32::from(class[lane]);
        index[lane] = class * (2 * YEAR_CLASSES) as u32 + u32::from(2 * job[lane] + mover);
    }
    index
}

/// The parts of a row: the bounds of words from below and above, from the middle, the flags, the
/// bound on coming back.
#[inline(always)]
fn parts(row: &Row) -> (u64, u8, u8, u8) {
    let [a, b, c, d, e, f, g, h, middle, flags, back, _] = *row;
    let bounds = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
    (bounds, middle, flags, back)
}

/// The bytes of people's state that the test looks at: the columns of these names.
#[derive(Clone, Copy, Debug)]
pub struct Glimpse<'a> {
    /// Status and sector.
    pub place: &'a [u8; LANES],
    /// Type and whether studying.
    pub traits: &'a [u8; LANES],
    /// Year of birth.
    pub born: &'a [u8; LANES],
    /// Year the job began.
    pub job_since: &'a [u8; LANES],
    /// Grade.
    pub grade: &'a [u8; LANES],
}

impl<'a> Glimpse<'a> {
    /// What the test sees of a block.
    #[inline(always)]
    pub fn of(block: &'a Block) -> Self {
        Glimpse {
            place: &block.place,
            traits: &block.traits,
            born: &block.born,
            job_since: &block.job_since,
            grade: &block.grade,
        }
    }
}

/// The top bit of each byte of `x` that is smaller than the same byte of `y`, all eight at once.
#[inline(always)]
fn bytes_below(x: u64, y: u64) -> u64 {
    const TOP: u64 = 0x8080_8080_8080_8080;
    // Seven-bit difference of each byte without borrowing from the next one.
    let difference = (x | TOP) - (y & !TOP);
    ((!x & y) | (!(x ^ y) & !difference)) & TOP
}

/// The top bit of each byte of `x` that is [`u8::MAX`].
#[inline(always)]
fn bytes_full(x: u64) -> u64 {
    const TOP: u64 = 0x8080_8080_8080_8080;
    (x & !TOP).wrapping_add(TOP >> 7) & x & TOP
}

/// A set of decisions of the year's block: for word decisions from below and above the top bit of
/// the byte [`Decision::slot`], for the one from the middle the lowest bit. The other low bits say
/// that the year is looked at for something else: an age, a decision of another block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Possible(pub u64);

impl Possible {
    /// None of them.
    pub const NOTHING: Possible = Possible(0);
    /// All of them, whatever happens in the year.
    pub const EVERYTHING: Possible = Possible(u64::MAX);
    /// To be found out again: the state has changed.
    pub const UNKNOWN: Possible = Possible(1 << 2);
    pub(super) const ADVANCE: u64 = 1;
    /// Looked at whatever the words say.
    pub(super) const LOOK: u64 = 1 << 1;
    /// Away, and back if the word for it says so.
    pub(super) const BACK: u64 = 1 << 3;
    /// In a programme.
    pub(super) const STUDY: u64 = 1 << 4;

    /// What words can do under bounds from below and above, from the middle, and flags.
    #[inline(always)]
    fn of(words: [u32; 4], (bounds, middle, flags): (u64, u8, u8)) -> Possible {
        let [a, b, c, d] = words;
        let below = (a >> 24) | (b >> 16 & 0xFF00) | (c >> 8 & 0xFF_0000) | (d & 0xFF00_0000);
        let turned = u64::from(below) | u64::from(!below) << 32;
        let advance = u64::from(((a >> 24) as u8 ^ 0x80) < middle);
        Possible(bytes_below(turned, bounds) | bytes_full(bounds) | advance | u64::from(flags))
    }

    /// Can this decision say yes?
    #[inline(always)]
    pub fn contains(self, decision: Decision) -> bool {
        let slot = decision.slot();
        let bit = if slot < 8 { 8 * slot + 7 } else { 0 };
        self.0 >> bit & 1 == 1
    }

    /// The group of the block that events ask for first: that of students and of those who come
    /// back, that of new programmes, or that of new jobs.
    #[inline(always)]
    pub fn asks_first(self) -> u32 {
        if self.0 & (Possible::BACK | Possible::STUDY) != 0 {
            Decision::Return.group()
        } else if self == Possible(Possible::ADVANCE) {
            Decision::Programme.group()
        } else {
            Decision::Destination.group()
        }
    }

    /// Does the year hang on nothing but the block of students and of those who come back?
    #[inline(always)]
    pub fn hangs_on_ahead(self) -> bool {
        self.0 & !(Possible::BACK | Possible::STUDY) == 0
    }
}

// One block tells of both.
const _: () = assert!(Decision::Return as u16 >> 8 == Decision::Dropout as u16 >> 8);

/// Status and sector of a place.
fn at(place: usize) -> (Status, Sector) {
    let place = place as u8;
    (
        Status::of_number(place & STATUS),
        Sector::of_number(place >> 4 & 0x3),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::predictor::job_class;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn cells_of_many_are_those_of_each(
            bytes in prop::collection::vec(any::<[u8; 5]>(), 16), now in 1u8..
        ) {
            let column = |at: usize| std::array::from_fn(|lane| bytes[lane][at]);
            let [place, traits, born, job_since, grade]: [[u8; 16]; 5] = std::array::from_fn(column);
            let people = Glimpse {
                place: &place, traits: &traits, born: &born, job_since: &job_since, grade: &grade,
            };
            for (lane, found) in cells(&people, now).into_iter().enumerate() {
                let age = now.wrapping_sub(born[lane]);
                let class = AGES.iter().rposition(|first| *first <= age).unwrap();
                let job = job_class((now - 1).saturating_sub(job_since[lane]));
                let mover = usize::from(traits[lane] >> 1 & 1);
                let (grade, place) = (usize::from(grade[lane]), usize::from(sifted(place[lane])));
                prop_assert_eq!(found as usize, cell(grade, place, class, job, mover));
            }
        }
    }

    proptest! {
        #[test]
        fn eight_bytes_are_compared_at_once(x: [u8; 8], y: [u8; 8]) {
            let found = bytes_below(u64::from_le_bytes(x), u64::from_le_bytes(y)).to_le_bytes();
            for byte in 0..8 {
                prop_assert_eq!(found[byte], if x[byte] < y[byte] { 0x80 } else { 0 });
            }
        }

        #[test]
        fn full_bytes_are_found(x in prop::array::uniform8(prop_oneof![Just(255u8), any::<u8>()])) {
            let found = bytes_full(u64::from_le_bytes(x)).to_le_bytes();
            for byte in 0..8 {
                prop_assert_eq!(found[byte], if x[byte] == 255 { 0x80 } else { 0 });
            }
        }
    }
}
