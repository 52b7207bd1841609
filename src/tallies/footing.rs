//! Places: where the stock is counted, and what tallies ask of a status and sector.

use crate::population::Person;
use crate::words::{Sector, Status};

/// Where the stock is counted: the four sectors (jobs held, sick leave included), and the places
/// without a job. The identifiers are the `sector` column of outputs.
pub const PLACE_IDS: [&str; PLACES] = [
    "municipal",
    "hospital",
    "other_health",
    "other_sectors",
    "education",
    "outside_work",
    "disability_pension",
    "old_age_pension",
];
/// Number of places.
pub const PLACES: usize = 8;

/// How somebody stands in working life: the place, and what tallies ask of a status and sector, as
/// bits of one byte. Looked up once for everybody to whom something happens: branches on what a
/// person is cannot be foreseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Footing(u8);

impl Footing {
    const PRESENT: u8 = 1 << 3;
    const EMPLOYED: u8 = 1 << 4;
    const IN_HEALTH: u8 = 1 << 5;
    const SICK: u8 = 1 << 6;

    /// How a person stands.
    #[inline(always)]
    pub fn of(person: &Person) -> Footing {
        FOOTINGS[person.status.index() << 2 | person.sector.index()]
    }

    /// Position in [`PLACE_IDS`]; meaningful for those present.
    #[inline(always)]
    pub fn place(self) -> usize {
        usize::from(self.0) % PLACES
    }

    /// In the country?
    #[inline(always)]
    pub fn is_present(self) -> bool {
        self.0 & Footing::PRESENT != 0
    }

    /// Holding a job, sick or not?
    #[inline(always)]
    pub fn is_employed(self) -> bool {
        self.0 & Footing::EMPLOYED != 0
    }

    /// Holding a job in health and care?
    #[inline(always)]
    pub fn in_health(self) -> bool {
        self.0 & Footing::IN_HEALTH != 0
    }

    /// On sick leave?
    #[inline(always)]
    pub fn is_sick(self) -> bool {
        self.0 & Footing::SICK != 0
    }

    const fn new(status: Status, sector: Sector) -> Footing {
        let place = match status {
            Status::Working | Status::SickLeave => sector as u8,
            Status::Education => 4,
            Status::OutsideWork => 5,
            Status::DisabilityPension => 6,
            Status::OldAgePension | Status::Emigrated | Status::Gone => 7,
        };
        let employed = status.is_employed();
        let mut bits = place;
        bits |= if status.is_present() {
            Footing::PRESENT
        } else {
            0
        };
        bits |= if employed { Footing::EMPLOYED } else { 0 };
        bits |= if employed && sector.is_health() {
            Footing::IN_HEALTH
        } else {
            0
        };
        bits |= if matches!(status, Status::SickLeave) {
            Footing::SICK
        } else {
            0
        };
        Footing(bits)
    }
}

/// By status and sector.
static FOOTINGS: [Footing; 32] = {
    let mut all = [Footing(0); 32];
    let mut number = 0;
    while number < all.len() {
        let status = Status::ALL[number >> 2];
        let sector = Sector::ALL[number & 3];
        all[(status as usize) << 2 | sector as usize] = Footing::new(status, sector);
        number += 1;
    }
    all
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::columns::tests::any_person;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_looked_up_is_what_the_words_say(person in any_person()) {
            let footing = Footing::of(&person);
            prop_assert_eq!(footing.is_present(), person.status.is_present());
            prop_assert_eq!(footing.is_employed(), person.status.is_employed());
            prop_assert_eq!(footing.in_health(), person.in_health());
            prop_assert_eq!(footing.is_sick(), person.status == Status::SickLeave);
            if person.status.is_employed() {
                prop_assert_eq!(PLACE_IDS[footing.place()], person.sector.id());
            } else if person.status.is_present() {
                prop_assert_eq!(PLACE_IDS[footing.place()], person.status.id());
            }
        }
    }
}
