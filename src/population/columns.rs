//! The state of everybody, in blocks of columns: 23 bytes a person.
//!
//! Clocks are calendar years in one byte (years since 1900), not counters: nothing has to be
//! written for a person to whom nothing happens, however many years pass.

use crate::words::{Band, Disability, Sector, Sex, Status, Track, Year, year_byte};

/// No zone: grown up abroad, or never placed.
pub const NO_ZONE: u8 = u8::MAX;
/// No current programme.
pub const NO_PROGRAMME: u8 = 0;

/// One person's whole state, unpacked. The columns of [`Population`] hold the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// The years from which time is counted for a person (clock bytes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// Educated abroad?
    pub is_from_abroad: bool,
    /// See [`Person::qualified`].
    pub qualified: u8,
    /// See [`Person::job_since`].
    pub job_since: u8,
    /// See [`Person::grade_since`].
    pub grade_since: u8,
}

impl Person {
    /// The person's clocks.
    #[inline(always)]
    pub fn clocks(&self) -> Clocks {
        Clocks {
            is_from_abroad: self.country != 0,
            qualified: self.qualified,
            job_since: self.job_since,
            grade_since: self.grade_since,
        }
    }

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

/// The state of [`LANES`] people in columns: what the yearly search looks at can be taken up for all
/// of them at once, and everything of one person is near and found with one test of bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// See [`Person::id`].
    pub id: [u64; LANES],
    /// See [`Person::born`].
    pub born: [u8; LANES],
    /// See [`Person::grade`].
    pub grade: [u8; LANES],
    /// Status (low three bits), educated abroad ([`FROM_ABROAD`]), sector (next two), first sector
    /// (top two).
    pub place: [u8; LANES],
    /// Sex, mover, band (three bits), disability (two bits), studying ([`STUDYING`]), from the
    /// low end.
    pub traits: [u8; LANES],
    /// See [`Person::job_since`].
    pub job_since: [u8; LANES],
    /// What only events need, together: zone, origin, education (see `pack_education`), study zone,
    /// qualified, programme, study since, grade since, status since, first zone.
    rest: [[u8; 10]; LANES],
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
        rest: [[0; 10]; LANES],
    };
}

/// Everybody's state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Population {
    blocks: Vec<Block>,
    /// Slots in use so far; those of the last block beyond it are free.
    len: usize,
    /// Slots of people who are gone, to be used again.
    free: Vec<u32>,
}

/// The bit of [`Block::traits`] that says that the person is in a programme.
pub const STUDYING: u8 = 0x80;
/// The bit of [`Block::traits`] that says that the person is a mover.
pub const MOVER: u8 = 0x02;

/// Bytes of state a person.
pub const BYTES_PER_PERSON: usize = 8 + 15;

/// The bits of [`Block::place`] that hold the status.
pub const STATUS: u8 = 0x07;
/// The bit of [`Block::place`] that says that the person was educated abroad.
pub const FROM_ABROAD: u8 = 0x08;

#[inline(always)]
fn pack_place(p: &Person) -> u8 {
    let from_abroad = if p.country == 0 { 0 } else { FROM_ABROAD };
    p.status as u8 | from_abroad | (p.sector as u8) << 4 | (p.first_sector as u8) << 6
}

impl Population {
    /// Number of slots, free ones included.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Are there no slots?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Makes room for this many more people.
    pub fn reserve(&mut self, more: usize) {
        let blocks = (self.len + more).div_ceil(LANES);
        self.blocks
            .reserve_exact(blocks.saturating_sub(self.blocks.len()));
    }

    /// Makes this population equal to another, keeping the memory that it has.
    pub fn copy_from(&mut self, other: &Population) {
        self.blocks.clone_from(&other.blocks);
        self.len = other.len;
        self.free.clone_from(&other.free);
    }

    /// Everybody in blocks: slot `n` is lane `n % LANES` of block `n / LANES`.
    #[inline(always)]
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    #[inline(always)]
    fn at(&self, slot: usize) -> (&Block, usize) {
        (&self.blocks[slot / LANES], slot % LANES)
    }

    /// The identity of the person in a slot.
    #[inline(always)]
    pub fn id(&self, slot: usize) -> u64 {
        let (block, lane) = self.at(slot);
        block.id[lane]
    }

    /// The first slot that holds, or held last, the person of an identity.
    pub fn slot_of(&self, id: u64) -> Option<usize> {
        (0..self.len).find(|slot| self.id(*slot) == id)
    }

    /// Is nobody in a slot?
    #[inline(always)]
    pub fn is_free(&self, slot: usize) -> bool {
        let (block, lane) = self.at(slot);
        block.place[lane] & STATUS == Status::Gone as u8
    }

    /// The person in a slot.
    #[inline(always)]
    pub fn get(&self, slot: usize) -> Person {
        let (block, lane) = self.at(slot);
        let (place, traits) = (block.place[lane], block.traits[lane]);
        let [
            zone,
            origin,
            education,
            study_zone,
            qualified,
            programme,
            rest @ ..,
        ] = block.rest[lane];
        let [study_since, grade_since, status_since, first_zone] = rest;
        Person {
            id: block.id[lane],
            born: block.born[lane],
            grade: block.grade[lane],
            status: Status::of_number(place & STATUS),
            sector: Sector::of_number(place >> 4 & 0x3),
            first_sector: Sector::of_number(place >> 6),
            sex: Sex::of_number(traits & 1),
            mover: traits & 2 != 0,
            band: Band::of_number(traits >> 2 & 0x7),
            disability: Disability::of_number(traits >> 5 & 0x3),
            job_since: block.job_since[lane],
            zone,
            origin,
            track: Track::of_number(education & 0x3),
            country: education >> 2 & 0x7,
            placement: education & 0x20 != 0,
            curriculum: education & 0x40 != 0,
            study_zone,
            qualified,
            programme,
            study_since,
            grade_since,
            status_since,
            first_zone,
        }
    }

    /// Writes a person into a slot. Somebody who is gone frees it.
    #[inline]
    pub fn set(&mut self, slot: usize, person: &Person) {
        if person.status == Status::Gone && !self.is_free(slot) {
            self.free.push(slot as u32);
        }
        self.write(slot, person);
    }

    #[inline(always)]
    fn write(&mut self, slot: usize, person: &Person) {
        let (block, lane) = (&mut self.blocks[slot / LANES], slot % LANES);
        block.id[lane] = person.id;
        block.born[lane] = person.born;
        block.grade[lane] = person.grade;
        block.place[lane] = pack_place(person);
        block.traits[lane] = pack_traits(person);
        block.job_since[lane] = person.job_since;
        block.rest[lane] = pack_rest(person);
    }

    /// Adds a person, in a free slot if there is one. Slots carry no meaning: everything that is
    /// random is addressed by identity, and every tally is a sum. Gives the slot.
    pub fn add(&mut self, person: &Person) -> usize {
        if let Some(slot) = self.free.pop() {
            self.write(slot as usize, person);
            return slot as usize;
        }
        let slot = self.len;
        if slot == self.blocks.len() * LANES {
            self.blocks.push(Block::FREE);
        }
        self.len += 1;
        self.write(slot, person);
        slot
    }

    /// The clocks of the person in a slot, without the rest of the state.
    #[inline(always)]
    pub fn clocks(&self, slot: usize) -> Clocks {
        let (block, lane) = self.at(slot);
        let [_, _, education, _, qualified, _, _, grade_since, ..] = block.rest[lane];
        Clocks {
            is_from_abroad: education >> 2 & 0x7 != 0,
            qualified,
            job_since: block.job_since[lane],
            grade_since,
        }
    }

    /// Is the person in a slot the same, in all of its state, as that in a slot of others?
    #[inline]
    pub fn is_same(&self, slot: usize, others: &Population, other: usize) -> bool {
        let ((own, lane), (others, other)) = (self.at(slot), others.at(other));
        own.id[lane] == others.id[other]
            && own.born[lane] == others.born[other]
            && own.grade[lane] == others.grade[other]
            && own.place[lane] == others.place[other]
            && own.traits[lane] == others.traits[other]
            && own.job_since[lane] == others.job_since[other]
            && own.rest[lane] == others.rest[other]
    }

    /// Everybody who is not gone.
    pub fn people(&self) -> impl Iterator<Item = Person> + '_ {
        (0..self.len())
            .map(|slot| self.get(slot))
            .filter(|p| p.status != Status::Gone)
    }
}

#[inline(always)]
fn pack_traits(p: &Person) -> u8 {
    p.sex as u8
        | u8::from(p.mover) << 1
        | (p.band as u8) << 2
        | (p.disability as u8) << 5
        | if p.programme == NO_PROGRAMME {
            0
        } else {
            STUDYING
        }
}

#[inline(always)]
fn pack_rest(p: &Person) -> [u8; 10] {
    [
        p.zone,
        p.origin,
        pack_education(p),
        p.study_zone,
        p.qualified,
        p.programme,
        p.study_since,
        p.grade_since,
        p.status_since,
        p.first_zone,
    ]
}

#[inline(always)]
fn pack_education(p: &Person) -> u8 {
    p.track as u8 | p.country << 2 | u8::from(p.placement) << 5 | u8::from(p.curriculum) << 6
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
        fn columns_give_back_what_they_were_given(people in prop::collection::vec(any_person(), 1..30)) {
            let mut population = Population::default();
            for person in &people {
                population.add(person);
            }
            for (slot, person) in people.iter().enumerate() {
                prop_assert_eq!(&population.get(slot), person);
                prop_assert_eq!(population.clocks(slot), person.clocks());
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
