//! The quick test: can anything happen to this person this year?
//!
//! For every cell of grade, place, age, years in the job and type there is a row of upper bounds
//! on the thresholds of all yearly decisions, in bytes. A person whose four words of the year lie
//! outside all of them has a quiet year: no step can say yes, so none is run. For the others the
//! test tells which decisions are worth an exact look, until the first one says yes. It is exact:
//! it changes no result, only the time it takes.

use super::market::Market;
use super::predictor::{Cell, JOB_YEARS, Predictor, Scene, YEAR_CLASSES, job_class};
use super::rules::Rules;
use crate::dice::Decision;
use crate::parameters::policy::Transition;
use crate::population::Person;
use crate::population::columns::{Block, FROM_ABROAD, MOVER, STUDYING};
use crate::words::{OLDEST_AGE, Sector, Status, YOUNGEST_AGE};

/// One row of bounds: the top byte below (above) which a decision is possible, at [`u8::MAX`]
/// always (words 0 to 3 from below, 0 to 3 from above, word 0 from the middle); in [`FLAGS`] whether everybody's year is looked at, whatever the bounds say.
type Row = [u8; 12];

/// The place of flags in a row, which are bits of [`Possible`].
const FLAGS: usize = 9;

/// The bound that lets everybody through.
const OPEN: Row = {
    let mut row = [u8::MAX; 12];
    row[FLAGS] = (Possible::LOOK | Possible::ADVANCE) as u8;
    row
};

/// Kinds of place: the four sectors at work, the same on sick leave, outside work, disability
/// pension, old-age pension, abroad, in education.
const KINDS: usize = 13;
/// Kinds of place for those educated in the country, and again for those educated abroad, whom it
/// is so much likelier to see leave it that bounds for both would let everybody through; free slots
/// ([`EMPTY`]).
const PLACES: usize = 2 * KINDS + 1;

/// First ages of the classes that bounds are worked out for.
const AGES: [u8; 26] = [
    0, 20, 23, 25, 28, 30, 35, 40, 45, 50, 55, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 70,
    72, 75,
];

/// Ages at which statistics with an age cut change, so that everybody's year is looked at.
pub const STATISTICAL_AGES: [u8; 2] = [60, 62];

/// Compiled bounds.
#[derive(Clone, Debug)]
pub struct Bounds {
    rows: Vec<Row>,
    class_of_age: [u8; 256],
    place: [u8; 64],
}

/// The kind of place of free slots, to which nothing happens.
const EMPTY: u8 = 2 * KINDS as u8;

/// The status behind a kind of place and, where it matters, the sector.
fn status_of(kind: usize) -> (Status, Option<Sector>) {
    match kind % KINDS {
        0..4 => (
            Status::Working,
            Some(Sector::of_number((kind % KINDS) as u8)),
        ),
        4..8 => (
            Status::SickLeave,
            Some(Sector::of_number((kind % KINDS) as u8 - 4)),
        ),
        8 => (Status::OutsideWork, None),
        9 => (Status::DisabilityPension, None),
        10 => (Status::OldAgePension, None),
        11 => (Status::Emigrated, None),
        12 => (Status::Education, None),
        _ => (Status::Gone, None),
    }
}

impl Bounds {
    /// Works out the bounds of compiled rules.
    pub fn compile(rules: &Rules) -> Bounds {
        let mut place = [EMPTY; 64];
        for kind in 0..usize::from(EMPTY) {
            let (status, only) = status_of(kind);
            for sector in Sector::ALL {
                if only.is_none_or(|only| only == *sector) {
                    let from_abroad = if kind < KINDS { 0 } else { FROM_ABROAD };
                    let packed = status.index() | sector.index() << 4;
                    place[packed | usize::from(from_abroad)] = kind as u8;
                }
            }
        }
        let mut class_of_age = [0; 256];
        for (age, class) in class_of_age.iter_mut().enumerate() {
            *class = AGES
                .iter()
                .rposition(|first| usize::from(*first) <= age)
                .unwrap_or(0) as u8;
        }
        let grades = rules.lookup.grades;
        // One more for people without a profession: in education, or free slots.
        let mut rows = vec![[0; 12]; row_index(grades + 1, 0, 0, 0, 0)];
        for grade in 0..=grades {
            for kind in 0..usize::from(EMPTY) {
                for class in 0..AGES.len() {
                    for (job, _) in JOB_YEARS.iter().enumerate() {
                        for mover in [false, true] {
                            let index = row_index(grade, kind, class, job, usize::from(mover));
                            rows[index] = row(rules, grade, kind, class, job, mover);
                        }
                    }
                }
            }
        }
        Bounds {
            rows,
            class_of_age,
            place,
        }
    }

    /// The bounds of a person's cell, given the year as a clock byte: of words from below and above,
    /// from the middle, and the flags. No branch: free slots have cells of their own.
    #[inline(always)]
    fn of(&self, person: Glimpse, now: u8) -> (u64, u8, u8) {
        let Glimpse {
            place,
            traits,
            born,
            job_since,
            grade,
        } = person;
        let kind = self.place[usize::from(place & 0x3F)];
        let job = job_class((now - 1).saturating_sub(job_since));
        let mover = usize::from(traits & MOVER != 0);
        let age = now.wrapping_sub(born);
        let (bounds, middle, flags) = self.row(usize::from(grade), kind, age, job, mover);
        // Whoever is in a programme is looked at.
        let studies = if traits & STUDYING != 0 && kind != EMPTY {
            Possible::LOOK as u8
        } else {
            0
        };
        (bounds, middle, flags | studies)
    }

    #[inline(always)]
    fn row(&self, grade: usize, kind: u8, age: u8, job: usize, mover: usize) -> (u64, u8, u8) {
        let class = usize::from(self.class_of_age[usize::from(age)]);
        let row = &self.rows[row_index(grade, usize::from(kind), class, job, mover)];
        let [a, b, c, d, e, f, g, h, middle, flags, ..] = *row;
        (u64::from_le_bytes([a, b, c, d, e, f, g, h]), middle, flags)
    }

    /// The same for somebody whose state has changed in the middle of the year: the decisions that
    /// can still say yes, with the years in the job as the year began.
    #[inline]
    pub fn possible_now(&self, person: &Person, scene: &Scene, words: [u32; 4]) -> Possible {
        let from_abroad = usize::from(person.country != 0) * usize::from(FROM_ABROAD);
        let packed = person.status.index() | person.sector.index() << 4;
        let kind = self.place[packed | from_abroad];
        let (grade, mover) = (usize::from(person.grade), usize::from(person.mover));
        let row = self.row(grade, kind, scene.age as u8, scene.job, mover);
        Possible::of(words, row)
    }

    /// The decisions of the year's block that can say yes for each of several people, given the
    /// year (as a clock byte) and their words. None: a quiet year.
    ///
    /// Three short loops over arrays: what is done to all lanes alike, the compiler can do for many
    /// of them at once.
    #[inline(always)]
    // One index into nine arrays reads better than nine zips, and compiles better.
    #[allow(clippy::needless_range_loop)]
    pub fn possible<const N: usize>(
        &self,
        people: impl Fn(usize) -> Glimpse,
        now: u8,
        words: &[[u32; N]; 4],
    ) -> [Possible; N] {
        let mut rows = ([0u64; N], [0u8; N], [0u8; N]);
        for lane in 0..N {
            (rows.0[lane], rows.1[lane], rows.2[lane]) = self.of(people(lane), now);
        }
        let (bounds, middle, flags) = &rows;
        let [first, second, third, fourth] = words;
        let mut possible = [Possible::NOTHING; N];
        for lane in 0..N {
            let words = [first[lane], second[lane], third[lane], fourth[lane]];
            possible[lane] = Possible::of(words, (bounds[lane], middle[lane], flags[lane]));
        }
        possible
    }
}

/// The bytes of a person's state that the test looks at: those of the columns of these names.
#[derive(Clone, Copy, Debug)]
pub struct Glimpse {
    /// Status and sector.
    pub place: u8,
    /// Type and whether studying.
    pub traits: u8,
    /// Year of birth.
    pub born: u8,
    /// Year the job began.
    pub job_since: u8,
    /// Grade.
    pub grade: u8,
}

impl Glimpse {
    /// What the test sees of somebody in a block.
    #[inline(always)]
    pub fn of(block: &Block, lane: usize) -> Glimpse {
        Glimpse {
            place: block.place[lane],
            traits: block.traits[lane],
            born: block.born[lane],
            job_since: block.job_since[lane],
            grade: block.grade[lane],
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
/// the byte [`Decision::slot`], for the one from the middle the lowest bit. The bit above that one
/// says that the year is looked at for something else: a decision of another block, or an age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Possible(pub u64);

impl Possible {
    /// None of them.
    pub const NOTHING: Possible = Possible(0);
    /// All of them, whatever happens in the year.
    pub const EVERYTHING: Possible = Possible(u64::MAX);
    /// To be found out again: the state has changed.
    pub const UNKNOWN: Possible = Possible(1 << 2);
    const ADVANCE: u64 = 1;
    const LOOK: u64 = 1 << 1;

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
}

#[inline(always)]
fn row_index(grade: usize, kind: usize, class: usize, job: usize, mover: usize) -> usize {
    (((grade * PLACES + kind) * AGES.len() + class) * YEAR_CLASSES + job) * 2 + mover
}

/// The row of a cell: for each decision that its status can meet, the largest threshold.
fn row(rules: &Rules, grade: usize, kind: usize, class: usize, job: usize, mover: bool) -> Row {
    let first = AGES[class];
    let last = AGES.get(class + 1).map_or(u8::MAX, |next| next - 1);
    if last > OLDEST_AGE {
        return OPEN;
    }
    let (status, sector) = status_of(kind);
    let ages = (
        usize::from(first.max(YOUNGEST_AGE)).min(usize::from(last)),
        usize::from(last),
    );
    let cell = Cell {
        grade,
        status,
        sector,
        ages,
        job,
        mover,
        from_abroad: kind >= KINDS,
    };
    let strain = rules.market.as_ref().map(Market::most).unwrap_or_default();
    let bound_under = |predictor: &Predictor, more: i32| {
        let most = rules
            .expit
            .threshold(predictor.most(&cell, &rules.lookup) + more);
        // Rounded up: a top byte at or above the bound is certainly above the threshold.
        most.div_ceil(1 << 24).min(u32::from(u8::MAX)) as u8
    };
    let more = |transition| rules.policies.most(transition, grade, sector);
    let bound = |predictor: &Predictor, transition| bound_under(predictor, more(transition));
    let mut row = [0; 12];
    // Studies, returns and re-entry are drawn from other blocks; a disability pension ends at an age.
    let pensioned = status == Status::DisabilityPension && last >= super::disability::PENSION_AGE;
    let elsewhere = !matches!(
        status,
        Status::Working | Status::DisabilityPension | Status::OldAgePension
    );
    if pensioned || elsewhere || STATISTICAL_AGES.contains(&first) {
        row[FLAGS] = Possible::LOOK as u8;
    }
    row[0] = bound_under(&rules.death, 0);
    if grade == rules.lookup.grades || status == Status::Emigrated {
        return row;
    }
    row[4] = bound(&rules.emigration.leaving, Transition::Emigration);
    if matches!(
        status,
        Status::Working | Status::SickLeave | Status::OutsideWork
    ) {
        row[5] = bound(&rules.disability.beginning, Transition::Disability);
        row[6] = bound(&rules.retirement, Transition::Retirement);
        row[3] = bound(&rules.move_zone.moving, Transition::MoveZone);
    }
    if status == Status::Working {
        row[1] = bound_under(
            &rules.sick_leave.beginning,
            strain.sick_leave + more(Transition::SickLeave),
        );
        row[2] = bound_under(
            &rules.leave_job.leaving,
            strain.leaving + more(Transition::LeaveJob),
        );
        row[7] = bound_under(&rules.position.changing, 0);
        let begin = bound(
            &rules.further_education.advancing,
            Transition::FurtherEducation,
        );
        let sector = Sector::of_number((kind % KINDS) as u8);
        row[8] = rules.further_education.bound(grade, sector, begin);
        // A bound of 255 would turn away words of 255.
        if row[8] == u8::MAX {
            row[FLAGS] |= Possible::ADVANCE as u8;
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
