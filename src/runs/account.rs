//! The account of one run in a comparison: staff by place, who takes part, who is reached, and
//! how classes stand. Taken beside the output cells, whatever breakdowns the run file asks for.

use super::design::{Arm, Design, YEARS_ON};
use super::work::Onlooker;
use crate::engine::shadow::Shadow;
use crate::engine::{Rules, Walk};
use crate::need::SECTORS;
use crate::population::columns::NO_ZONE;
use crate::population::{Person, Population};
use crate::tallies::Ledger;
use crate::tallies::ledger::AGE_CUTS;
use crate::tallies::retention::COUNTS;
use crate::words::Year;
use serde::{Deserialize, Serialize};

/// Tracks that classes are told of: all, decentralised, the others.
pub const TRACKS: [&str; 3] = ["all", "decentralised", "other"];

/// Staff of a zone in health and care by sector, simulated people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// Persons with a health job.
    pub persons: [i64; SECTORS],
    /// Their agreed FTE, in thousandths.
    pub milli_fte: [i64; SECTORS],
}

/// Whom a policy has reached at a census, simulated people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// Those it reaches.
    pub persons: u32,
    /// Those of them who hold a health job in the policy's zones.
    pub holding: u32,
    /// Those of the latter who hold one there in the base as well: deadweight (dødvekt).
    pub anyway: u32,
    /// Those of the latter who are in the base, but not with a health job there.
    pub moved: u32,
    /// Those of the latter who are not in the base at all.
    pub brought: u32,
}

impl Reached {
    /// Counts somebody reached, who holds a health job in the zones or not, and in the base does
    /// or does not, if there at all.
    fn count(&mut self, holds: bool, in_base: Option<bool>) {
        self.persons += 1;
        if !holds {
            return;
        }
        self.holding += 1;
        match in_base {
            Some(true) => self.anyway += 1,
            Some(false) => self.moved += 1,
            None => self.brought += 1,
        }
    }
}

/// Everybody in the base at a census: identity and, of those who hold a health job, the zone.
type Roster = Vec<(u64, u8)>;

/// What is kept of one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// By year from the base year on, then by zone.
    pub staff: Vec<Vec<Staff>>,
    /// By year from the base year on, then by policy: participants, and those of them who are new.
    pub participants: Vec<Vec<[u32; 2]>>,
    /// By moment of the scenario, then by policy.
    pub reached: Vec<Vec<Reached>>,
    /// Counts of classes by study place, track, profession and years on, in the order of the
    /// design; all classes together that can be followed so long.
    pub classes: Vec<[u64; COUNTS]>,
}

/// Position of a count of classes.
fn class_cell(design: &Design, place: usize, track: usize, profession: usize, on: usize) -> usize {
    ((place * TRACKS.len() + track) * design.professions.len() + profession) * YEARS_ON.len() + on
}

/// The kinds of classes in the order of their positions: study place, track, profession, and years
/// since graduation.
pub fn kinds_of_classes(design: &Design) -> impl Iterator<Item = (&str, &str, &str, Year)> {
    let places = design.places.iter().map(|(place, _)| place.as_str());
    places.flat_map(move |place| {
        TRACKS.into_iter().flat_map(move |track| {
            let professions = design.professions.iter();
            professions.flat_map(move |(profession, _)| {
                let kind = move |years| (place, track, profession.as_str(), years);
                YEARS_ON.into_iter().map(kind)
            })
        })
    })
}

/// The zone of the health job that a person holds; no zone without one.
fn zone_of(person: &Person) -> u8 {
    match person.in_health() {
        true => person.zone,
        false => NO_ZONE,
    }
}

/// The zone of the health job that somebody of a roster holds, no zone without one; nothing for who
/// is not in it.
fn zone_in(roster: &Roster, id: u64) -> Option<u8> {
    let at = roster.binary_search_by_key(&id, |(id, _)| *id).ok()?;
    Some(roster[at].1)
}

/// Counts somebody whom policies reach, a bit each; `place` is where the person stands in the base.
fn count_reached(
    all: &mut [Reached],
    arm: &Arm,
    policies: u64,
    (person, place): (&Person, Option<u8>),
) {
    for (number, own) in all.iter_mut().enumerate().take(64) {
        if policies >> number & 1 == 0 {
            continue;
        }
        let there = |zone: u8| {
            let inside = arm.zones[number].get(usize::from(zone));
            inside.copied().unwrap_or(false)
        };
        let holds = person.in_health() && there(person.zone);
        own.count(holds, place.map(there));
    }
}

/// Keeps the account of a run.
#[derive(Debug)]
pub struct Clerk<'a> {
    design: &'a Design,
    /// The scenario with the rosters of its base; none for the base itself.
    arm: Option<(&'a Arm, &'a [(Year, Roster)])>,
    /// Are rosters kept for scenarios that come later?
    keeps: bool,
    /// The rosters of the base.
    pub rosters: Vec<(Year, Roster)>,
    /// The account.
    pub account: Account,
}

impl<'a> Clerk<'a> {
    /// A clerk for the base.
    pub fn of_base(design: &'a Design) -> Clerk<'a> {
        Clerk {
            design,
            arm: None,
            keeps: !design.scenarios.is_empty(),
            rosters: Vec::new(),
            account: Account::default(),
        }
    }

    /// A clerk for a scenario, given the rosters of its base.
    pub fn of_arm(design: &'a Design, arm: &'a Arm, rosters: &'a [(Year, Roster)]) -> Clerk<'a> {
        Clerk {
            arm: Some((arm, rosters)),
            ..Clerk::of_base(design)
        }
    }

    /// A clerk for a base whose scenarios follow it: nothing has to be kept for later.
    pub fn of_followed(design: &'a Design) -> Clerk<'a> {
        Clerk {
            keeps: false,
            ..Clerk::of_base(design)
        }
    }

    /// The account of a scenario that follows a base, at a census.
    pub fn census_beside(
        &mut self,
        year: Year,
        rules: &Rules,
        (base, shadow): (&Population, &Shadow),
        ledger: &Ledger,
    ) {
        let staff = self.staff(ledger);
        self.account.staff.push(staff);
        if let Some((arm, _)) = self.arm {
            self.take_part(arm, shadow.walk());
            if arm.moments.contains(&year) {
                let mut all = vec![Reached::default(); arm.policies.len()];
                shadow.each_reached(rules, base, |person, twin, policies| {
                    count_reached(&mut all, arm, policies, (person, twin.map(zone_of)));
                });
                self.account.reached.push(all);
            }
        }
        self.end(year, ledger);
    }

    /// The account of a scenario at a census before anything in it can differ from its base, whose
    /// ledger this is.
    pub fn census_as_base(&mut self, year: Year, ledger: &Ledger) {
        let staff = self.staff(ledger);
        self.account.staff.push(staff);
        if let Some((arm, _)) = self.arm {
            let policies = arm.policies.len();
            self.account.participants.push(vec![[0; 2]; policies]);
            if arm.moments.contains(&year) {
                let nobody = vec![Reached::default(); policies];
                self.account.reached.push(nobody);
            }
        }
        self.end(year, ledger);
    }

    /// Counts who takes part in the policies.
    fn take_part(&mut self, arm: &Arm, walk: &Walk) {
        let mut participants = walk.participants().to_vec();
        participants.resize(arm.policies.len(), [0; 2]);
        self.account.participants.push(participants);
    }

    /// Looks at the classes when the last year has ended.
    fn end(&mut self, year: Year, ledger: &Ledger) {
        if year == self.design.until && !self.design.scenarios.is_empty() {
            self.account.classes = self.classes(ledger);
        }
    }

    fn staff(&self, ledger: &Ledger) -> Vec<Staff> {
        let mut staff = vec![Staff::default(); ledger.zones];
        // The last grade is that of people without a profession yet.
        for grade in 0..ledger.grades - 1 {
            for sector in 0..SECTORS {
                for (zone, own) in staff.iter_mut().enumerate() {
                    let cell = ledger.cell(grade, sector, zone) * AGE_CUTS;
                    for stock in &ledger.stock[cell..cell + AGE_CUTS] {
                        // Jobs alone are in these places.
                        own.persons[sector] += i64::from(stock.persons);
                        own.milli_fte[sector] += stock.milli_fte;
                    }
                }
            }
        }
        staff
    }

    fn reached(arm: &Arm, roster: &Roster, rules: &Rules, walk: &Walk) -> Vec<Reached> {
        let mut all = vec![Reached::default(); arm.policies.len()];
        walk.each_reached(rules, |person, policies| {
            let place = zone_in(roster, person.id);
            count_reached(&mut all, arm, policies, (person, place));
        });
        all
    }

    fn classes(&self, ledger: &Ledger) -> Vec<[u64; COUNTS]> {
        let design = self.design;
        let size = class_cell(design, design.places.len(), 0, 0, 0);
        let mut all = vec![[0; COUNTS]; size];
        for (on, years) in YEARS_ON.into_iter().enumerate() {
            for class in design.first_class..=design.until.saturating_sub(years) {
                let counts = ledger.retention.by_track(class, class + years);
                let rows = counts.chunks_exact(COUNTS).enumerate();
                for (row, counts) in rows.filter(|(_, counts)| counts[0] > 0) {
                    let (track, zone) = (row % 2, row / 2 % ledger.zones);
                    let profession = row / 2 / ledger.zones;
                    for (place, (_, zones)) in design.places.iter().enumerate() {
                        if !zones.contains(&zone) {
                            continue;
                        }
                        for (number, (_, own)) in design.professions.iter().enumerate() {
                            if own.is_some_and(|own| own != profession) {
                                continue;
                            }
                            for track in [0, 2 - track] {
                                let cell = class_cell(design, place, track, number, on);
                                let sums = all[cell].iter_mut().zip(counts);
                                sums.for_each(|(sum, count)| *sum += u64::from(*count));
                            }
                        }
                    }
                }
            }
        }
        all
    }
}

impl Onlooker for Clerk<'_> {
    fn census(&mut self, year: Year, rules: &Rules, walk: &Walk, ledger: &Ledger) {
        let staff = self.staff(ledger);
        self.account.staff.push(staff);
        match self.arm {
            None if self.keeps && self.design.moments().contains(&year) => {
                let place = |person: Person| (person.id, zone_of(&person));
                let mut roster: Roster = walk.population.people().map(place).collect();
                roster.sort_unstable();
                self.rosters.push((year, roster));
            }
            None => {}
            Some((arm, rosters)) => {
                self.take_part(arm, walk);
                let roster = rosters.iter().find(|(own, _)| *own == year);
                if let Some((_, roster)) = roster.filter(|_| arm.moments.contains(&year)) {
                    let reached = Clerk::reached(arm, roster, rules, walk);
                    self.account.reached.push(reached);
                }
            }
        }
        self.end(year, ledger);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_reached_fall_into_parts() {
        let mut own = Reached::default();
        for (holds, in_base) in [
            (true, Some(true)),
            (true, Some(true)),
            (true, Some(false)),
            (true, None),
            (false, Some(true)),
            (false, None),
        ] {
            own.count(holds, in_base);
        }
        let expected = Reached {
            persons: 6,
            holding: 4,
            anyway: 2,
            moved: 1,
            brought: 1,
        };
        assert_eq!(own, expected);
    }
}
