//! The base population from microdata: people as the file tells of them, in place of synthesised
//! ones. What the file does not tell of a person is drawn as the synthesis draws it, conditional on
//! what it tells; `parameters::microdata::columns` says for each column on what.

use super::base::{Settlement, birth, draw, geometric, normal};
use super::columns::{NO_PROGRAMME, NO_ZONE, Person, identity};
use super::newcomers::{Newcomers, OWN_STREAMS};
use super::quota::Ruler;
use crate::dice::Key;
use crate::parameters::ModelData;
use crate::parameters::microdata::{Microdata, Record};
use crate::words::{Disability, Problem, Sector, Status, Track, YOUNGEST_AGE, Year, year_byte};
use std::collections::BTreeSet;

/// Uniform numbers that a person's gaps are filled with, one each, so that a column that is given
/// does not change what is drawn for another.
const GAPS: usize = 12;

/// The people of the file of one profession (`None`: those without one yet), at a scale of at most
/// 1, each with an identity.
pub(super) fn of_profession(
    data: &ModelData,
    own: &Microdata,
    profession: Option<usize>,
    scale: f64,
    taken: &mut BTreeSet<u64>,
    year: Year,
) -> Vec<(Record, u64)> {
    let is_own = |record: &&Record| match record.grade {
        Some(grade) => Some(data.classification.profession_of(usize::from(grade))) == profession,
        None => record.profession.map(usize::from) == profession,
    };
    let mut people: Vec<(Record, u64)> = own
        .people
        .iter()
        .filter(is_own)
        .map(|record| (*record, address(record, taken, year)))
        .collect();
    // Neighbours in this order are alike, so that a part of the people is like all of them, and
    // shares are handed out evenly. It does not depend on the order of the file.
    let likeness = |record: &Record| {
        let sector = record.sector.map_or(9, Sector::index);
        let age = record.born / 5;
        (record.status.index(), sector, record.zone, age, record.sex)
    };
    people.sort_by_key(|(record, id)| (likeness(record), *id));
    if scale < 1.0 {
        let mut ruler = Ruler::default();
        people.retain(|_| ruler.lay(scale) == 1);
    }
    people
}

/// The identity of a person: its own, or one from the hash; after a collision the next free one.
fn address(record: &Record, taken: &mut BTreeSet<u64>, year: Year) -> u64 {
    let mut id = record.given.unwrap_or_else(|| {
        let streams = OWN_STREAMS.end - OWN_STREAMS.start;
        let stream = OWN_STREAMS.start + ((record.hash >> 64) % u128::from(streams)) as u16;
        identity(stream, year, record.hash as u32)
    });
    while !taken.insert(id) {
        let next = (id as u32).wrapping_add(1);
        id = id >> 32 << 32 | u64::from(next);
    }
    id
}

/// Refuses a scale that would make more people of those there are.
///
/// # Errors
/// The [`Problem`].
pub(super) fn check_scale(own: &Microdata, scale: f64) -> Result<(), Problem> {
    if scale <= 1.0 {
        return Ok(());
    }
    let message = "the people of the file can be thinned out, not multiplied";
    Err(Problem::in_file(&own.file, message)
        .about("scale", scale.to_string())
        .mend("let scale be at most 1"))
}

impl Settlement<'_> {
    /// The person of a row.
    pub(super) fn complete(&mut self, record: &Record, id: u64, key: Key) -> Person {
        let mut dice = birth(key, id, self.year);
        let uniforms: [f64; GAPS] = std::array::from_fn(|_| dice.uniform());
        let words: [u32; 2] = std::array::from_fn(|_| dice.next_word());
        let study_years = self.qualified.0 + self.qualified.1 * normal(&mut dice);
        let now = year_byte(self.year);
        let age = now.saturating_sub(record.born);
        let zone = usize::from(record.zone);
        let sector = record
            .sector
            .unwrap_or_else(|| Sector::of_number(draw(&self.margins.employed, uniforms[0]) as u8));
        let country = match record.country {
            Some(country) => usize::from(country),
            None => self.quotas.foreign.next(&self.foreign),
        };
        let here = country == 0;
        let track = record.track.unwrap_or(match here {
            false => Track::Abroad,
            true if uniforms[1] < self.decentralised[zone] => Track::Decentralised,
            true => Track::Campus,
        });
        let origin = match record.origin {
            Some(origin) => usize::from(origin),
            None if !here => usize::from(NO_ZONE),
            None if track == Track::Decentralised || uniforms[2] < self.same_zone[zone] => zone,
            None => self.newcomers.draw_origin(words[0], Track::Campus, zone),
        };
        let mover = record
            .mover
            .unwrap_or_else(|| self.newcomers.is_mover(words[1], origin, zone));
        let least = f64::from(YOUNGEST_AGE).max(18.0);
        let study_age = study_years.clamp(least, f64::from(age).max(18.0)) as u8;
        let qualified = record.qualified.unwrap_or(now - (age - study_age.min(age)));
        let since = now.saturating_sub(qualified);
        let graded = self.graded[record.sex.index()][usize::from(age)];
        let disability = record.disability.unwrap_or({
            let half = record.status.is_employed() && uniforms[3] < graded;
            match (record.status, half) {
                (Status::DisabilityPension, _) => Disability::Full,
                (_, true) => Disability::Half,
                _ => Disability::None,
            }
        });
        let status_since = match record.status {
            Status::SickLeave => now,
            _ => now - geometric(0.3, uniforms[4]).min(5),
        };
        let job_years = geometric(self.job_end[usize::from(mover)], uniforms[5]);
        let grade = match record.grade {
            Some(grade) => usize::from(grade),
            None => self.draw_grade(sector, age),
        };
        let mut person = Person {
            id,
            born: record.born,
            grade: grade as u8,
            status: record.status,
            sector,
            first_sector: record.first_sector.unwrap_or(sector),
            sex: record.sex,
            mover,
            band: crate::words::Band::Full,
            disability,
            job_since: record.job_since.unwrap_or(now - job_years.min(since)),
            zone: record.zone,
            origin: origin as u8,
            track,
            country: country as u8,
            placement: record.placement,
            curriculum: record.curriculum,
            study_zone: record
                .study_zone
                .unwrap_or(if here { record.zone } else { NO_ZONE }),
            qualified,
            programme: record.programme,
            study_since: record.study_since.unwrap_or(match record.programme {
                NO_PROGRAMME => qualified,
                _ => now,
            }),
            grade_since: record
                .grade_since
                .unwrap_or(now - geometric(0.2, uniforms[6]).min(since)),
            status_since: record.status_since.unwrap_or(status_since),
            first_zone: record.first_zone.unwrap_or(record.zone),
        };
        person.band = record.band.unwrap_or_else(|| self.draw_band(&person));
        person
    }

    /// Puts some of those at work on long sick leave, where the file tells of nobody who is.
    pub(super) fn fall_ill(&mut self, person: &mut Person) {
        let sector = person.sector.index();
        let is_at_work = person.status == Status::Working;
        if is_at_work && self.quotas.sick[sector].yes(self.sick[sector]) {
            person.status = Status::SickLeave;
            person.status_since = year_byte(self.year);
        }
    }
}

/// A student of the file, new to health care.
pub(super) fn student(
    record: &Record,
    id: u64,
    no_grade: u8,
    newcomers: &Newcomers,
    now: u8,
) -> Person {
    let zone = record.zone;
    let origin = record.origin.unwrap_or(zone);
    let word = (record.hash >> 96) as u32;
    let is_mover = || newcomers.is_mover(word, usize::from(origin), usize::from(zone));
    let sector = record.sector.unwrap_or(Sector::Municipal);
    let since = record.study_since.unwrap_or(now);
    Person {
        id,
        born: record.born,
        grade: no_grade,
        status: record.status,
        sector,
        first_sector: record.first_sector.unwrap_or(sector),
        sex: record.sex,
        mover: record.mover.unwrap_or_else(is_mover),
        band: record.band.unwrap_or(crate::words::Band::Full),
        disability: record.disability.unwrap_or(Disability::None),
        job_since: record.job_since.unwrap_or(since),
        zone,
        origin,
        track: record.track.unwrap_or(Track::Campus),
        country: record.country.unwrap_or(0),
        placement: record.placement,
        curriculum: record.curriculum,
        study_zone: record.study_zone.unwrap_or(zone),
        qualified: record.qualified.unwrap_or(since),
        programme: record.programme,
        study_since: since,
        grade_since: record.grade_since.unwrap_or(since),
        status_since: record.status_since.unwrap_or(since),
        first_zone: record.first_zone.unwrap_or(NO_ZONE),
    }
}
