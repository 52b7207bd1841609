//! The quick test: can anything happen to this person this year?
//!
//! For every cell of grade, place, age, years in the job and type there is a row of upper bounds
//! on the thresholds of all yearly decisions, in bytes. A person whose four words of the year lie
//! outside all of them has a quiet year: no step can say yes, so none is run. For the others the
//! test tells which decisions are worth an exact look, until the first one says yes. It is exact:
//! it changes no result, only the time it takes.

use super::market::Market;
use super::predictor::{Cell, JOB_YEARS, Predictor, YEAR_CLASSES, job_class};
use super::rules::Rules;
use crate::dice::Decision;
use crate::parameters::policy::Transition;
use crate::population::columns::{MOVER, STUDYING};
use crate::words::{OLDEST_AGE, Sector, Status, YOUNGEST_AGE};

/// Decisions on the year's block: words 0 to 3 from below, 0 to 3 from above, word 0 from the
/// middle.
const SLOTS: usize = 9;

/// One row of bounds: the top byte below (above) which a decision is possible.
type Row = [u8; 12];

/// The bound that lets everybody through.
const OPEN: Row = [u8::MAX; 12];

/// Kinds of place: the four sectors at work, outside work, disability pension, old-age pension;
/// people who always go through the steps ([`RESTLESS`]); free slots ([`EMPTY`]).
const PLACES: usize = 9;

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

/// The kind of place that never has a quiet year: in education, on sick leave, abroad.
const RESTLESS: u8 = 7;
/// The kind of place of free slots, to which nothing happens.
const EMPTY: u8 = 8;

impl Bounds {
    /// Works out the bounds of compiled rules.
    pub fn compile(rules: &Rules) -> Bounds {
        let mut place = [RESTLESS; 64];
        for status in Status::ALL {
            for sector in Sector::ALL {
                let kind = match status {
                    Status::Working => sector.index() as u8,
                    Status::OutsideWork => 4,
                    Status::DisabilityPension => 5,
                    Status::OldAgePension => 6,
                    Status::Emigrated => RESTLESS,
                    Status::Gone => EMPTY,
                    Status::Education | Status::SickLeave => RESTLESS,
                };
                place[status.index() | sector.index() << 4] = kind;
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
        let mut rows = vec![OPEN; row_index(grades + 1, 0, 0, 0, 0)];
        for grade in 0..=grades {
            let empty = row_index(grade, usize::from(EMPTY), 0, 0, 0);
            rows[empty..row_index(grade + 1, 0, 0, 0, 0)].fill([0; 12]);
        }
        for grade in 0..grades {
            for kind in 0..usize::from(RESTLESS) {
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

    /// The row of a person's cell, given the year as a clock byte: the bounds of words from below
    /// and above, the bound from the middle, and whether everybody is let through. No branch: people
    /// who never have a quiet year and free slots have cells of their own.
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
        let studies = traits & STUDYING != 0 && kind != EMPTY;
        let kind = if studies { RESTLESS } else { kind };
        let class = usize::from(self.class_of_age[usize::from(now.wrapping_sub(born))]);
        let job = job_class((now - 1).saturating_sub(job_since));
        let mover = usize::from(traits & MOVER != 0);
        let row = &self.rows[row_index(usize::from(grade), usize::from(kind), class, job, mover)];
        let [a, b, c, d, e, f, g, h, middle, open, ..] = *row;
        (u64::from_le_bytes([a, b, c, d, e, f, g, h]), middle, open)
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
        let (bounds, middle, open) = &rows;
        let [first, second, third, fourth] = words;
        let mut possible = [Possible::NOTHING; N];
        for lane in 0..N {
            let (a, b, c, d) = (first[lane], second[lane], third[lane], fourth[lane]);
            let below = (a >> 24) | (b >> 16 & 0xFF00) | (c >> 8 & 0xFF_0000) | (d & 0xFF00_0000);
            let turned = u64::from(below) | u64::from(!below) << 32;
            let advance = u64::from(((a >> 24) as u8 ^ 0x80) < middle[lane]);
            // The open row lets words of 255 through too.
            let all = u64::from(open[lane] != 0).wrapping_neg();
            possible[lane] = Possible(bytes_below(turned, bounds[lane]) | advance | all);
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

/// The top bit of each byte of `x` that is smaller than the same byte of `y`, all eight at once.
#[inline(always)]
fn bytes_below(x: u64, y: u64) -> u64 {
    const TOP: u64 = 0x8080_8080_8080_8080;
    // Seven-bit difference of each byte without borrowing from the next one.
    let difference = (x | TOP) - (y & !TOP);
    ((!x & y) | (!(x ^ y) & !difference)) & TOP
}

/// A set of decisions of the year's block: for word decisions from below and above the top bit of
/// the byte [`Decision::slot`], for the one from the middle the lowest bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Possible(pub u64);

impl Possible {
    /// None of them.
    pub const NOTHING: Possible = Possible(0);
    /// All of them, and those of other blocks.
    pub const EVERYTHING: Possible = Possible(u64::MAX);

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
    if last > OLDEST_AGE || STATISTICAL_AGES.contains(&first) {
        return OPEN;
    }
    let (status, sector) = match kind {
        0..4 => (Status::Working, Some(Sector::of_number(kind as u8))),
        4 => (Status::OutsideWork, None),
        5 => (Status::DisabilityPension, None),
        _ => (Status::OldAgePension, None),
    };
    if status == Status::DisabilityPension && last >= super::disability::PENSION_AGE {
        return OPEN;
    }
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
    row[0] = bound_under(&rules.death, 0);
    row[4] = bound(&rules.emigration.leaving, Transition::Emigration);
    match status {
        Status::Working => {
            row[1] = bound_under(
                &rules.sick_leave.beginning,
                strain.sick_leave + more(Transition::SickLeave),
            );
            row[5] = bound(&rules.disability.beginning, Transition::Disability);
            row[2] = bound_under(
                &rules.leave_job.leaving,
                strain.leaving + more(Transition::LeaveJob),
            );
            row[6] = bound(&rules.retirement, Transition::Retirement);
            row[3] = bound(&rules.move_zone.moving, Transition::MoveZone);
            row[7] = bound_under(&rules.position.changing, 0);
            let begin = bound(
                &rules.further_education.advancing,
                Transition::FurtherEducation,
            );
            let sector = Sector::of_number(kind as u8);
            row[8] = rules.further_education.bound(grade, sector, begin);
        }
        // Re-entry is drawn from another block: people outside work go through the steps.
        Status::OutsideWork => return OPEN,
        _ => {}
    }
    // A bound of 255 would turn away words of 255.
    if row[..SLOTS].contains(&u8::MAX) {
        OPEN
    } else {
        row
    }
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
    }
}
