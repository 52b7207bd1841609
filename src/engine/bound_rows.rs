//! Rows of bounds: for people of a grade, place, age class, years in the job and type, the largest
//! thresholds of all yearly decisions, in bytes. What [`super::bounds`] looks up.

use super::bounds::Possible;
use super::market::Market;
use super::predictor::{Cell, Predictor, YEAR_CLASSES};
use super::rules::Rules;
use crate::dice::Decision;
use crate::parameters::policy::Transition;
use crate::words::{OLDEST_AGE, Sector, Status, YOUNGEST_AGE};
use std::collections::HashMap;

/// One row of bounds: the top byte below (above) which a decision is possible, at [`u8::MAX`]
/// always, at its [`Decision::slot`]; in [`FLAGS`] what is looked at whatever these bounds say; in
/// [`BACK`] the bound on coming back.
pub(super) type Row = [u8; 12];

/// The place of flags in a row, which are bits of [`Possible`].
const FLAGS: usize = 9;
/// The place of the bound on coming back (from sick leave, from outside work, from abroad).
const BACK: usize = 10;

/// The bound that lets everybody through.
const OPEN: Row = {
    let mut row = [u8::MAX; 12];
    row[FLAGS] = (Possible::LOOK | Possible::ADVANCE) as u8;
    row
};

/// First ages of the classes that bounds are worked out for.
pub(super) const AGES: [u8; 26] = [
    0, 20, 23, 25, 28, 30, 35, 40, 45, 50, 55, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 70,
    72, 75,
];

/// Ages at which statistics with an age cut change, so that everybody's year is looked at.
pub const STATISTICAL_AGES: [u8; 2] = [60, 62];

/// Rows that differ, on the way to being compiled.
pub(super) struct Rows {
    pub(super) rows: Vec<Row>,
    known: HashMap<Row, u16>,
}

impl Rows {
    pub(super) fn new() -> Rows {
        Rows {
            rows: vec![OPEN],
            known: HashMap::from([(OPEN, 0)]),
        }
    }

    /// The position of a row. Should there ever be more than can be told apart, the rest let
    /// everybody through: slower, and as exact.
    pub(super) fn position(&mut self, row: Row) -> u16 {
        if let Some(known) = self.known.get(&row) {
            return *known;
        }
        let Ok(position) = u16::try_from(self.rows.len()) else {
            return 0;
        };
        self.rows.push(row);
        self.known.insert(row, position);
        position
    }
}

/// Cells of a grade, place and age class: years in the job, and in each both types.
const CELLS: usize = 2 * YEAR_CLASSES;

/// The rows of those cells: for each decision that their status can meet, the largest threshold.
pub(super) fn of_class(
    rules: &Rules,
    grade: usize,
    (status, sector, from_abroad): (Status, Option<Sector>, bool),
    class: usize,
) -> [Row; CELLS] {
    let first = AGES[class];
    let last = AGES.get(class + 1).map_or(u8::MAX, |next| next - 1);
    if last > OLDEST_AGE {
        return [OPEN; CELLS];
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
        from_abroad,
    };
    let strain = rules.market.as_ref().map(Market::most).unwrap_or_default();
    // Rounded up: a top byte at or above the bound is certainly above the threshold.
    let top = |most: u32| most.div_ceil(1 << 24).min(u32::from(u8::MAX)) as u8;
    let bound_under = |predictor: &Predictor, more: i32| -> [u8; CELLS] {
        let most = predictor.most(&cell, &rules.lookup) + more;
        std::array::from_fn(|own| {
            let most = most + predictor.of_job(own / 2, own % 2);
            top(rules.expit.threshold(most))
        })
    };
    let more = |transition| rules.policies.most(transition, grade, sector);
    let bound = |predictor: &Predictor, transition| bound_under(predictor, more(transition));
    let mut rows = [[0; 12]; CELLS];
    let put = |rows: &mut [Row; CELLS], at: usize, bounds: [u8; CELLS]| {
        rows.iter_mut()
            .zip(bounds)
            .for_each(|(row, bound)| row[at] = bound);
    };
    let of = |decision: Decision| decision.slot() as usize;
    // A disability pension ends at an age.
    let pensioned = status == Status::DisabilityPension && last >= super::disability::PENSION_AGE;
    if pensioned || STATISTICAL_AGES.contains(&first) {
        put(&mut rows, FLAGS, [Possible::LOOK as u8; CELLS]);
    }
    let back = match status {
        Status::SickLeave => Some([top(rules.sick_leave.returning()); CELLS]),
        Status::OutsideWork => Some(bound(&rules.leave_job.reentry, Transition::Reentry)),
        Status::Emigrated => Some([top(rules.emigration.most_returning(from_abroad)); CELLS]),
        _ => None,
    };
    // Who has come to a profession followed only in health and care, and to no job there, leaves it.
    let in_health = status.is_employed() && sector.is_some_and(Sector::is_health);
    let lost_from_sight = !rules.followed_always[grade] && !in_health;
    if back.is_some() && lost_from_sight {
        put(&mut rows, FLAGS, [Possible::LOOK as u8; CELLS]);
    }
    if let Some(back) = back {
        rows.iter_mut()
            .for_each(|row| row[FLAGS] |= Possible::BACK as u8);
        put(&mut rows, BACK, back);
    }
    put(&mut rows, of(Decision::Death), bound_under(&rules.death, 0));
    if grade == rules.lookup.grades || status == Status::Emigrated {
        return rows;
    }
    put(
        &mut rows,
        of(Decision::Emigration),
        bound(&rules.emigration.leaving, Transition::Emigration),
    );
    if matches!(
        status,
        Status::Working | Status::SickLeave | Status::OutsideWork
    ) {
        put(
            &mut rows,
            of(Decision::Disability),
            bound(&rules.disability.beginning, Transition::Disability),
        );
        put(
            &mut rows,
            of(Decision::Retirement),
            bound(&rules.retirement, Transition::Retirement),
        );
        put(
            &mut rows,
            of(Decision::MoveZone),
            bound(&rules.move_zone.moving, Transition::MoveZone),
        );
    }
    if status == Status::Working {
        let sick = strain.sick_leave + more(Transition::SickLeave);
        put(
            &mut rows,
            of(Decision::SickLeave),
            bound_under(&rules.sick_leave.beginning, sick),
        );
        let leave = strain.leaving + more(Transition::LeaveJob);
        put(
            &mut rows,
            of(Decision::LeaveJob),
            bound_under(&rules.leave_job.leaving, leave),
        );
        put(
            &mut rows,
            of(Decision::PositionBand),
            bound_under(&rules.position.changing, 0),
        );
        let begin = bound(
            &rules.further_education.advancing,
            Transition::FurtherEducation,
        );
        let advance = begin.map(|begin| {
            let bound = |sector| rules.further_education.bound(grade, sector, begin);
            sector.map_or(u8::MAX, bound)
        });
        put(&mut rows, of(Decision::Advance), advance);
        // A bound of 255 would turn away words of 255.
        let advance = of(Decision::Advance);
        for row in rows.iter_mut().filter(|row| row[advance] == u8::MAX) {
            row[FLAGS] |= Possible::ADVANCE as u8;
        }
    }
    rows
}
