//! The state of everybody: a record of each person, and columns of what the yearly search looks
//! at, in blocks that it takes up for many people at once.
//!
//! The record is the state; the columns repeat parts of it, packed, and are renewed whenever it
//! has changed. An event changes the record where it lies: nothing is unpacked or packed for it.
//!
//! Clocks are calendar years in one byte (years since 1900), not counters: nothing has to be
//! written for a person to whom nothing happens, however many years pass.

use crate::words::{Band, Disability, Sector, Sex, Status, Track, Year, year_byte};

/// No zone: grown up abroad, or never placed.
pub const NO_ZONE: u8 = u8::MAX;
/// No current programme.
pub const NO_PROGRAMME: u8 = 0;

/// One person's whole state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(32))]
pub struct Person {
    /// Identity, stable across scenarios: stream, year and position of entry (see [`identity`]).
    pub id: u64,
    /// Year of birth (clock byte).
    pub born: u8,
    /// Position in the list of grades; one past the last for people without a profession yet.
    pub grade: u8,
    /// What the person does.
    pub status: Status,
    /// Sector of the job, or of the last one.
    pub sector: Sector,
    /// Sector of the first job after qualifying.
    pub first_sector: Sector,
    /// Registered sex.
    pub sex: Sex,
    /// Latent attachment type: mover (true) or stayer.
    pub mover: bool,
    /// Position band of the job, or of the last one.
    pub band: Band,
    /// Disability pension held.
    pub disability: Disability,
    /// Year the present job began (clock byte).
    pub job_since: u8,
    /// Zone of work and residence.
    pub zone: u8,
    /// Zone of upbringing, or [`NO_ZONE`].
    pub origin: u8,
    /// Track of the last education.
    pub track: Track,
    /// Country group of education; 0 is the country itself.
    pub country: u8,
    /// Had a rural placement (praksis i distrikt).
    pub placement: bool,
    /// Had a rural-relevant curriculum.
    pub curriculum: bool,
    /// Zone of study, or [`NO_ZONE`].
    pub study_zone: u8,
    /// Year of qualifying, or of arrival for people educated abroad (clock byte).
    pub qualified: u8,
    /// Current programme plus one, or [`NO_PROGRAMME`].
    pub programme: u8,
    /// Year the current programme began (clock byte).
    pub study_since: u8,
    /// Year the present grade began (clock byte).
    pub grade_since: u8,
    /// Year the present status began (clock byte).
    pub status_since: u8,
    /// Zone of the first job after qualifying, or [`NO_ZONE`].
    pub first_zone: u8,
}

impl Person {
    /// Age in whole years on 1 December of a year.
    #[inline(always)]
    pub fn age(&self, year: Year) -> u8 {
        year_byte(year).saturating_sub(self.born)
    }

    /// Whole years in the present job.
    #[inline(always)]
    pub fn job_years(&self, year: Year) -> u8 {
        year_byte(year).saturating_sub(self.job_since)
    }

    /// Does the person hold a job in health and care?
    pub fn in_health(&self) -> bool {
        self.status.is_employed() && self.sector.is_health()
    }
}

/// The identity of somebody who enters as number `index` of a stream in a year.
///
/// A stream is one source of people (the base population; a programme x track x zone; a
/// profession x country group), so nobody's identity moves when another stream grows.
pub fn identity(stream: u16, year: Year, index: u32) -> u64 {
    u64::from(stream) << 48 | u64::from(year) << 32 | u64::from(index)
}

/// People in a block.
pub const LANES: usize = 16;

/// What the yearly search looks at of [`LANES`] people, in columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// See [`Person::id`].
    pub id: [u64; LANES],
    /// See [`Person::born`].
    pub born: [u8; LANES],
    /// See [`Person::grade`].
    pub grade: [u8; LANES],
    /// Status (low three bits), educated abroad ([`FROM_ABROAD`]), sector (next two).
    pub place: [u8; LANES],
    /// Mover ([`MOVER`]), studying ([`STUDYING`]).
    pub traits: [u8; LANES],
    /// See [`Person::job_since`].
    pub job_since: [u8; LANES],
    /// See [`Person::qualified`].
    pub qualified: [u8; LANES],
    /// See [`Person::zone`].
    pub zone: [u8; LANES],
}

impl Block {
    /// A block of free slots.
    const FREE: Block = Block {
        id: [0; LANES],
        born: [0; LANES],
        grade: [0; LANES],
        place: [Status::Gone as u8; LANES],
        traits: [0; LANES],
        job_since: [0; LANES],
        qualified: [0; LANES],
        zone: [0; LANES],
    };
}

/// Everybody's state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Population {
    people: Vec<Person>,
    /// Lanes of the last block beyond the people are free.
    blocks: Vec<Block>,
    /// Slots of people who are gone, to be used again.
    free: Vec<u32>,
}

/// The bit of [`Block::traits`] that says that the person is in a programme.
pub const STUDYING: u8 = 0x80;
/// The bit of [`Block::traits`] that says that the person is a mover.
pub const MOVER: u8 = 0x02;

/// Bytes of memory a person: the record, and the columns.
pub const BYTES_PER_PERSON: usize = size_of::<Person>() + size_of::<Block>() / LANES;

/// The bits of [`Block::place`] that hold the status.
pub const STATUS: u8 = 0x07;
/// The bit of [`Block::place`] that says that the person was educated abroad.
pub const FROM_ABROAD: u8 = 0x08;

#[inline(always)]
fn pack_place(p: &Person) -> u8 {
    let from_abroad = if p.country == 0 { 0 } else { FROM_ABROAD };
    p.status as u8 | from_abroad | (p.sector as u8) << 4
}

#[inline(always)]
fn pack_traits(p: &Person) -> u8 {
    let studying = if p.programme == NO_PROGRAMME {
        0
    } else {
        STUDYING
    };
    u8::from(p.mover) << 1 | studying
}

impl Population {
    /// Number of slots, free ones included.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Number of people who are not gone.
    pub fn present(&self) -> usize {
        self.len() - self.free.len()
    }

    /// Are there no slots?
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// Makes room for this many more people.
    pub fn reserve(&mut self, more: usize) {
        self.people.reserve_exact(more);
        let blocks = (self.len() + more).div_ceil(LANES);
        self.blocks
            .reserve_exact(blocks.saturating_sub(self.blocks.len()));
    }

    /// Makes this population equal to another, keeping the memory that it has.
    pub fn copy_from(&mut self, other: &Population) {
        self.people.clone_from(&other.people);
        self.blocks.clone_from(&other.blocks);
        self.free.clone_from(&other.free);
    }

    /// Everybody in blocks: slot `n` is lane `n % LANES` of block `n / LANES`.
    #[inline(always)]
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The identity of the person in a slot.
    #[inline(always)]
    pub fn id(&self, slot: usize) -> u64 {
        self.blocks[slot / LANES].id[slot % LANES]
    }

    /// The first slot that holds, or held last, the person of an identity.
    pub fn slot_of(&self, id: u64) -> Option<usize> {
        (0..self.len()).find(|slot| self.id(*slot) == id)
    }

    /// Is nobody in a slot?
    #[inline(always)]
    pub fn is_free(&self, slot: usize) -> bool {
        self.blocks[slot / LANES].place[slot % LANES] & STATUS == Status::Gone as u8
    }

    /// The person in a slot.
    #[inline(always)]
    pub fn person(&self, slot: usize) -> &Person {
        &self.people[slot]
    }

    /// A copy of the person in a slot.
    #[inline(always)]
    pub fn get(&self, slot: usize) -> Person {
        self.people[slot]
    }

    /// The person in a slot, to be changed where it lies; [`Population::renew`] has to follow.
    #[inline(always)]
    pub(crate) fn person_mut(&mut self, slot: usize) -> &mut Person {
        &mut self.people[slot]
    }

    /// Renews the columns of a slot whose person has changed. Somebody who is gone frees it.
    #[inline(always)]
    pub(crate) fn renew(&mut self, slot: usize) {
        let person = &self.people[slot];
        let (block, lane) = (&mut self.blocks[slot / LANES], slot % LANES);
        let was_free = block.place[lane] & STATUS == Status::Gone as u8;
        if person.status == Status::Gone && !was_free {
            self.free.push(slot as u32);
        }
        block.id[lane] = person.id;
        block.born[lane] = person.born;
        block.grade[lane] = person.grade;
        block.place[lane] = pack_place(person);
        block.traits[lane] = pack_traits(person);
        block.job_since[lane] = person.job_since;
        block.qualified[lane] = person.qualified;
        block.zone[lane] = person.zone;
    }

    /// Takes the person out of a slot, which is free from then on.
    pub(crate) fn remove(&mut self, slot: usize) {
        self.people[slot].status = Status::Gone;
        self.renew(slot);
    }

    /// Writes a person into a slot. Somebody who is gone frees it.
    #[inline]
    pub fn set(&mut self, slot: usize, person: &Person) {
        self.people[slot] = *person;
        self.renew(slot);
    }

    /// Adds a person, in a free slot if there is one. Slots carry no meaning: everything that is
    /// random is addressed by identity, and every tally is a sum. Gives the slot.
    pub fn add(&mut self, person: &Person) -> usize {
        if let Some(slot) = self.free.pop() {
            self.set(slot as usize, person);
            return slot as usize;
        }
        let slot = self.len();
        if slot == self.blocks.len() * LANES {
            self.blocks.push(Block::FREE);
        }
        self.people.push(*person);
        self.renew(slot);
        slot
    }

    /// Everybody who is not gone.
    pub fn people(&self) -> impl Iterator<Item = Person> + '_ {
        self.people
            .iter()
            .copied()
            .filter(|p| p.status != Status::Gone)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Any person whatsoever, for property tests.
    pub(crate) fn any_person() -> impl Strategy<Value = Person> {
        (any::<u64>(), any::<[u8; 16]>(), any::<[bool; 3]>()).prop_map(|(id, b, f)| Person {
            id,
            born: b[0],
            grade: b[1],
            status: Status::of_number(b[2] % 8),
            sector: Sector::of_number(b[3] % 4),
            first_sector: Sector::of_number(b[3] / 4 % 4),
            sex: Sex::of_number(b[3] / 16 % 2),
            mover: f[0],
            band: Band::of_number(b[4] % 5),
            disability: Disability::of_number(b[4] / 5 % 3),
            job_since: b[5],
            zone: b[6],
            origin: b[7],
            track: Track::of_number(b[8] % 4),
            country: b[8] / 4 % 8,
            placement: f[1],
            curriculum: f[2],
            study_zone: b[9],
            qualified: b[10],
            programme: b[11],
            study_since: b[12],
            grade_since: b[13],
            status_since: b[14],
            first_zone: b[15],
        })
    }

    proptest! {
        #[test]
        fn records_and_columns_hold_what_they_were_given(people in prop::collection::vec(any_person(), 1..30)) {
            let mut population = Population::default();
            for person in &people {
                population.add(person);
            }
            for (slot, person) in people.iter().enumerate() {
                prop_assert_eq!(&population.get(slot), person);
                let (block, lane) = (&population.blocks()[slot / LANES], slot % LANES);
                prop_assert_eq!(block.id[lane], person.id);
                prop_assert_eq!(block.born[lane], person.born);
                prop_assert_eq!(block.grade[lane], person.grade);
                prop_assert_eq!(block.job_since[lane], person.job_since);
                let bytes = [block.qualified[lane], block.zone[lane]];
                prop_assert_eq!(bytes, [person.qualified, person.zone]);
                prop_assert_eq!(Status::of_number(block.place[lane] & STATUS), person.status);
                prop_assert_eq!(Sector::of_number(block.place[lane] >> 4), person.sector);
                prop_assert_eq!(block.place[lane] & FROM_ABROAD != 0, person.country != 0);
                prop_assert_eq!(block.traits[lane] & MOVER != 0, person.mover);
                prop_assert_eq!(block.traits[lane] & STUDYING != 0, person.programme != 0);
            }
        }

        #[test]
        fn slots_of_the_gone_are_used_again(mut a in any_person(), mut b in any_person()) {
            a.status = Status::Working;
            b.status = Status::Working;
            let mut population = Population::default();
            population.add(&a);
            population.set(0, &Person { status: Status::Gone, ..a });
            population.add(&b);
            prop_assert_eq!(population.len(), 1);
            prop_assert_eq!(population.get(0), b);
        }
    }
}
