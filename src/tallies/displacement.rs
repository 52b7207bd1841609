//! Displacement (fortrengning): whom a place's health services recruit from, and to whom they lose.
//!
//! A matrix of the year's moves into, out of and between health jobs by zone. Somebody moves into
//! zone Z who holds a health job in Z at this census and held none there at the last one; leaving
//! Z is the same the other way round. Where the person was otherwise is one of five standings.
//! A move belongs to the profession after it, or, out of health care, to the one before. Who
//! changes profession in the same zone does not move.

use super::footing::Footing;
use super::sums::follow;
use crate::engine::{Change, Exit};
use crate::population::Person;
use crate::words::Status;

/// Standings outside health jobs, numbered after the zones: in education or just qualified, at
/// work elsewhere or outside work, abroad, on pension, dead.
pub const STANDINGS: usize = 5;
const EDUCATION: u8 = 0;
const OUTSIDE: u8 = 1;
const ABROAD: u8 = 2;
const PENSION: u8 = 3;
const DEAD: u8 = 4;

/// Names of where recruits come from when not from another zone, with the standings they cover.
pub const ORIGINS: [(&str, &[u8]); 3] = [
    ("education", &[EDUCATION]),
    ("outside_health", &[OUTSIDE, PENSION]),
    ("abroad", &[ABROAD]),
];
/// Names of where those who leave go when not to another zone, with the standings they cover.
pub const DESTINATIONS: [(&str, &[u8]); 4] = [
    ("outside_health", &[OUTSIDE, EDUCATION]),
    ("abroad", &[ABROAD]),
    ("pension", &[PENSION]),
    ("death", &[DEAD]),
];

/// A move that is not counted, being from one standing to another.
const UNCOUNTED: u32 = u32::MAX;

/// The first move of a person in a year, in case a second one follows.
#[derive(Clone, Copy, Debug)]
struct First {
    id: u64,
    /// Position in the matrix.
    cell: u32,
    from: u8,
}

/// A move after the year's steps (posts given in limited number).
#[derive(Clone, Copy, Debug)]
struct Second {
    id: u64,
    from: u8,
    to: u8,
    /// Profession for moves out of health care and for others.
    professions: [u8; 2],
}

/// A few identities: one bit tells of nearly everybody else that there is nothing to look up.
struct Few([u64; 1024]);

impl Few {
    fn of(ids: impl Iterator<Item = u64>) -> Few {
        let mut few = Few([0; 1024]);
        for id in ids {
            few.0[Few::place(id) / 64] |= 1 << (Few::place(id) % 64);
        }
        few
    }

    fn place(id: u64) -> usize {
        (id.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48) as usize
    }

    fn may_have(&self, id: u64) -> bool {
        self.0[Few::place(id) / 64] >> (Few::place(id) % 64) & 1 == 1
    }
}

/// The year's moves of one run by profession, from and to.
#[derive(Clone, Debug)]
pub struct Moves {
    zones: usize,
    professions: usize,
    counts: Vec<u32>,
    first: Vec<First>,
    second: Vec<Second>,
}

impl Moves {
    /// No moves yet.
    pub fn new(professions: usize, zones: usize) -> Moves {
        let states = zones + STANDINGS;
        Moves {
            zones,
            professions,
            counts: vec![0; professions * states * states],
            first: Vec::new(),
            second: Vec::new(),
        }
    }

    /// States: zones and standings.
    pub fn states(&self) -> usize {
        self.zones + STANDINGS
    }

    /// Begins a new year.
    pub fn begin_year(&mut self) {
        self.counts.fill(0);
        self.first.clear();
        self.second.clear();
    }

    /// The moves of a profession: by from, then by to.
    pub fn of(&self, profession: usize) -> &[u32] {
        let size = self.states() * self.states();
        &self.counts[profession * size..(profession + 1) * size]
    }

    /// Somebody entered.
    pub fn entered(&mut self, person: &Person, from_abroad: bool, profession: &[u8; 256]) {
        let from = self.standing(if from_abroad { ABROAD } else { OUTSIDE });
        let to = self.state((person, Footing::of(person)), profession);
        let own = profession[usize::from(person.grade)];
        self.record_first(person.id, from, to, [own, own]);
    }

    /// Takes account of a change in a person.
    #[inline]
    pub fn changed(
        &mut self,
        change: &Change<'_>,
        [held, holds]: [Footing; 2],
        profession: &[u8; 256],
    ) {
        let (before, after) = (change.before, change.after);
        let mut from = self.state((before, held), profession);
        let to = match change.exit {
            None => self.state((after, holds), profession),
            Some(Exit::Death) => self.standing(DEAD),
            Some(Exit::Abroad | Exit::Forgotten) => self.standing(ABROAD),
            Some(Exit::Scope(Status::OldAgePension | Status::DisabilityPension)) => {
                self.standing(PENSION)
            }
            Some(_) => self.standing(OUTSIDE),
        };
        if change.qualified && usize::from(from) >= self.zones {
            from = self.standing(EDUCATION);
        }
        if from == to {
            return;
        }
        let professions = [before, after].map(|person| profession[usize::from(person.grade)]);
        if change.counted == change.year {
            self.second.push(Second {
                id: before.id,
                from,
                to,
                professions,
            });
        } else {
            self.record_first(before.id, from, to, professions);
        }
    }

    fn standing(&self, standing: u8) -> u8 {
        self.zones as u8 + standing
    }

    /// The zone of the health job held, or the standing.
    #[inline]
    fn state(&self, (person, footing): (&Person, Footing), profession: &[u8; 256]) -> u8 {
        let known = usize::from(profession[usize::from(person.grade)]) < self.professions;
        if known & footing.in_health() {
            return person.zone.min(self.zones as u8 - 1);
        }
        self.standing(match person.status {
            Status::Education => EDUCATION,
            Status::Emigrated => ABROAD,
            Status::OldAgePension | Status::DisabilityPension => PENSION,
            _ => OUTSIDE,
        })
    }

    fn cell(&self, from: u8, to: u8, professions: [u8; 2]) -> u32 {
        let (zones, states) = (self.zones as u8, self.states());
        if from >= zones && to >= zones {
            return UNCOUNTED;
        }
        let own = professions[usize::from(to < zones)];
        ((usize::from(own) * states + usize::from(from)) * states + usize::from(to)) as u32
    }

    fn record_first(&mut self, id: u64, from: u8, to: u8, professions: [u8; 2]) {
        let cell = self.cell(from, to, professions);
        if cell != UNCOUNTED {
            self.counts[cell as usize] += 1;
        }
        self.first.push(First { id, cell, from });
    }

    /// Lends the first moves of a base run to what is taken from it and what comes in their place,
    /// for those who move a second time in either: both have the move, so that it counts for
    /// nothing by itself, and a second one finds it.
    pub fn lend(&self, less: &mut Moves, more: &mut Moves) {
        let twice = [&less.second, &more.second].into_iter().flatten();
        let mut ids: Vec<u64> = twice.map(|one| one.id).collect();
        ids.sort_unstable();
        ids.dedup();
        let few = Few::of(ids.iter().copied());
        let is_twice =
            |first: &&First| few.may_have(first.id) && ids.binary_search(&first.id).is_ok();
        let mut known: Vec<u64> = less
            .first
            .iter()
            .filter(is_twice)
            .map(|one| one.id)
            .collect();
        known.sort_unstable();
        for first in self.first.iter().filter(is_twice) {
            if known.binary_search(&first.id).is_err() {
                less.repeat(*first);
                more.repeat(*first);
            }
        }
    }

    fn repeat(&mut self, first: First) {
        if first.cell != UNCOUNTED {
            self.counts[first.cell as usize] += 1;
        }
        self.first.push(first);
    }

    /// Takes over the year's moves of a base run, less those of `less`, and more.
    pub fn follow(&mut self, base: &Moves, less: &Moves, more: &Moves) {
        follow(&mut self.counts, &base.counts, &less.counts, &more.counts);
    }

    /// Ends a year: who moved twice has moved once, from where the year began to where it ended.
    pub fn end_year(&mut self) {
        if self.second.is_empty() {
            return;
        }
        let mut second = std::mem::take(&mut self.second);
        // Stable, so that the moves of one person stay in the order in which they happened.
        second.sort_by_key(|one| one.id);
        let few = Few::of(second.iter().map(|one| one.id));
        let mut earlier: Vec<Option<First>> = vec![None; second.len()];
        for first in &self.first {
            if !few.may_have(first.id) {
                continue;
            }
            let position = second.partition_point(|one| one.id < first.id);
            if second.get(position).is_some_and(|one| one.id == first.id) {
                earlier[position] = Some(*first);
            }
        }
        let mut start = 0;
        for group in second.chunk_by(|a, b| a.id == b.id) {
            let last = group[group.len() - 1];
            let mut from = group[0].from;
            if let Some(first) = earlier[start] {
                from = first.from;
                if first.cell != UNCOUNTED {
                    self.counts[first.cell as usize] -= 1;
                }
            }
            start += group.len();
            let professions = [group[0].professions[0], last.professions[1]];
            let cell = self.cell(from, last.to, professions);
            if from != last.to && cell != UNCOUNTED {
                self.counts[cell as usize] += 1;
            }
        }
        second.clear();
        self.second = second;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::columns::NO_ZONE;
    use crate::words::{Band, Disability, Sector, Sex, Track, Year};

    const YEAR: Year = 2020;
    /// Two zones; the states after them are the standings.
    const ZONES: usize = 2;

    /// Grade 0 is of profession 0, all others of none.
    fn professions() -> [u8; 256] {
        let mut table = [u8::MAX; 256];
        table[0] = 0;
        table
    }

    fn person(id: u64, status: Status, zone: u8) -> Person {
        Person {
            id,
            born: 80,
            grade: 0,
            status,
            sector: Sector::Hospital,
            first_sector: Sector::Hospital,
            sex: Sex::Female,
            mover: false,
            band: Band::Full,
            disability: Disability::None,
            job_since: 100,
            zone,
            origin: NO_ZONE,
            track: Track::Campus,
            country: 0,
            placement: false,
            curriculum: false,
            study_zone: NO_ZONE,
            qualified: 100,
            programme: 0,
            study_since: 0,
            grade_since: 100,
            status_since: 100,
            first_zone: NO_ZONE,
        }
    }

    /// Lets somebody go from one status and zone to another, in or after the year's steps.
    fn go(moves: &mut Moves, id: u64, from: (Status, u8), to: (Status, u8), late: bool) {
        let change = Change {
            before: &person(id, from.0, from.1),
            counted: YEAR - Year::from(!late),
            after: &person(id, to.0, to.1),
            exit: None,
            qualified: false,
            year: YEAR,
        };
        let footings = [change.before, change.after].map(Footing::of);
        moves.changed(&change, footings, &professions());
    }

    /// All moves there are: from, to, persons.
    fn told(moves: &Moves) -> Vec<(usize, usize, u32)> {
        let states = moves.states();
        let cells = moves.of(0).iter().enumerate().filter(|(_, n)| **n > 0);
        cells
            .map(|(cell, n)| (cell / states, cell % states, *n))
            .collect()
    }

    #[test]
    fn who_moves_twice_in_a_year_moves_once() {
        use Status::{Education, OutsideWork, Working};
        let mut moves = Moves::new(1, ZONES);
        // From one zone out of work, then into the other zone: between the zones.
        go(&mut moves, 1, (Working, 0), (OutsideWork, 0), false);
        go(&mut moves, 1, (OutsideWork, 0), (Working, 1), true);
        // Out, and back again: nothing.
        go(&mut moves, 2, (Working, 0), (OutsideWork, 0), false);
        go(&mut moves, 2, (OutsideWork, 0), (Working, 0), true);
        // From education to outside work, which is no move of a zone, then into one.
        go(&mut moves, 3, (Education, 1), (OutsideWork, 1), false);
        go(&mut moves, 3, (OutsideWork, 1), (Working, 1), true);
        // Late only, and three times.
        go(&mut moves, 4, (OutsideWork, 1), (Working, 1), true);
        go(&mut moves, 5, (Working, 1), (Working, 0), false);
        go(&mut moves, 5, (Working, 0), (OutsideWork, 0), true);
        go(&mut moves, 5, (OutsideWork, 0), (Working, 0), true);
        moves.end_year();
        let [education, outside] = [EDUCATION, OUTSIDE].map(|s| ZONES + usize::from(s));
        let expected = [(0, 1, 1), (1, 0, 1), (education, 1, 1), (outside, 1, 1)];
        assert_eq!(told(&moves), expected);
        moves.begin_year();
        assert_eq!(told(&moves), []);
    }

    #[test]
    fn exits_and_entries_say_where_people_went_and_came_from() {
        let mut moves = Moves::new(1, ZONES);
        let before = person(1, Status::Working, 1);
        let after = person(1, Status::Gone, 1);
        for (exit, standing) in [
            (Exit::Death, DEAD),
            (Exit::Abroad, ABROAD),
            (Exit::AgeLimit, OUTSIDE),
            (Exit::Scope(Status::OutsideWork), OUTSIDE),
            (Exit::Scope(Status::OldAgePension), PENSION),
        ] {
            moves.begin_year();
            let change = Change {
                before: &before,
                counted: YEAR - 1,
                after: &after,
                exit: Some(exit),
                qualified: false,
                year: YEAR,
            };
            let footings = [&before, &after].map(Footing::of);
            moves.changed(&change, footings, &professions());
            moves.end_year();
            let to = ZONES + usize::from(standing);
            assert_eq!(told(&moves), [(1, to, 1)], "{exit:?}");
        }
        moves.begin_year();
        moves.entered(&person(7, Status::Working, 0), true, &professions());
        moves.entered(&person(8, Status::Working, 0), false, &professions());
        moves.entered(&person(9, Status::OutsideWork, 0), true, &professions());
        let [outside, abroad] = [OUTSIDE, ABROAD].map(|s| ZONES + usize::from(s));
        assert_eq!(told(&moves), [(outside, 0, 1), (abroad, 0, 1)]);
    }
}
