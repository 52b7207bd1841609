//! Newcomers: who they are when they enter (students admitted, people educated abroad, people
//! hired without health education). How many enter, and when, is [`super::students`]'s and the
//! engine's matter; here their attributes are drawn from their own addresses.

use super::columns::{NO_PROGRAMME, NO_ZONE, Person, identity};
use super::students;
use crate::dice::Key;
use crate::dice::address::BIRTH_GROUP;
use crate::dice::sample::{cumulative, pick, threshold};
use crate::parameters::ModelData;
use crate::words::{
    Band, Disability, OLDEST_AGE, Problem, Sector, Sex, Status, Track, YOUNGEST_AGE, Year,
    year_byte,
};

/// First stream of the base population's identities.
pub const BASE_STREAM: u16 = 0;
const STUDENT_STREAMS: u16 = 1;
/// Streams of people from microdata; those of students end before them.
pub const OWN_STREAMS: std::ops::Range<u16> = 41_000..45_000;
const ABROAD_STREAMS: u16 = 45_000;
const HIRE_STREAMS: u16 = 50_000;
/// Stream of the people in full-time further education when the simulation begins.
pub const FURTHER_STREAM: u16 = u16::MAX - 1;
/// Stream of the people who live abroad when the simulation begins.
pub const EMIGRATED_STREAM: u16 = u16::MAX;

/// The stream of the students of a programme, track and study zone.
pub fn student_stream(programme: usize, track: Track, zone: usize) -> u16 {
    STUDENT_STREAMS + (programme * 4 + track.index()) as u16 * 256 + zone as u16
}

/// The stream of a profession's people educated in a country group.
pub fn abroad_stream(profession: usize, country: usize) -> u16 {
    ABROAD_STREAMS + (profession * 8 + country) as u16
}

/// The profession and year in which somebody came who was educated abroad; nothing for people of
/// other streams, by their identity (see [`identity`]).
#[inline]
pub fn arrival(id: u64) -> Option<(usize, Year)> {
    let stream = (id >> 48) as u16;
    (ABROAD_STREAMS..HIRE_STREAMS).contains(&stream).then(|| {
        let profession = usize::from(stream - ABROAD_STREAMS) / 8;
        (profession, (id >> 32) as Year)
    })
}

/// The stream of people hired into a profession without education, in a zone.
pub fn hire_stream(profession: usize, zone: usize) -> u16 {
    HIRE_STREAMS + (profession * 256 + zone) as u16
}

/// Everything needed to draw newcomers, compiled to cumulative rows and thresholds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomers {
    /// Ages at admission by programme and track.
    student_age: Vec<[Vec<u32>; 4]>,
    /// Ages at arrival by country group.
    abroad_age: Vec<Vec<u32>>,
    /// Ages at hiring by profession.
    hire_age: Vec<Vec<u32>>,
    /// Threshold of being a woman, by profession (students: of the profession aimed at).
    female: Vec<u32>,
    /// Zones of upbringing by track and study zone.
    origin: [Vec<Vec<u32>>; 4],
    /// Zones of upbringing over the whole country.
    any_origin: Vec<u32>,
    /// Thresholds of being a mover: grown up outside or in a rural zone, educated away or at home.
    mover: [[u32; 2]; 2],
    /// Thresholds of a rural placement and of a rural-relevant curriculum, by track.
    placement: [u32; 4],
    curriculum: [u32; 4],
    /// Is the zone rural (its group the last, least central)?
    rural: Vec<bool>,
    /// Profession aimed at by programme.
    aim: Vec<usize>,
    no_grade: u8,
}

impl Newcomers {
    /// Compiles the rows.
    ///
    /// # Errors
    /// A [`Problem`] if a parameter is missing.
    pub fn compile(data: &ModelData) -> Result<Newcomers, Problem> {
        let p = &data.parameters;
        let lists = &data.classification;
        let zones = &data.zones;
        let mut student_age = Vec::new();
        for programme in &lists.programmes {
            let mut rows = [const { Vec::new() }; 4];
            let for_newcomers = programme.admits.is_empty();
            for track in programme.track_list.iter().filter(|_| for_newcomers) {
                let keys = [programme.id.as_str(), track.id()];
                let from = p.value("study.age_from", &keys)?;
                rows[track.index()] = age_row(from, p.value("study.age_mean", &keys)?);
            }
            student_age.push(rows);
        }
        let abroad_age = lists
            .country_groups
            .iter()
            .enumerate()
            .map(|(number, group)| {
                if number == 0 {
                    return Ok(vec![u32::MAX]);
                }
                let from = p.value("abroad.age_from", &[&group.id])?;
                Ok(age_row(from, p.value("abroad.age_mean", &[&group.id])?))
            })
            .collect::<Result<_, Problem>>()?;
        let mut hire_age = Vec::new();
        let mut female = Vec::new();
        for profession in &lists.professions {
            female.push(threshold(p.value("study.share_female", &[&profession.id])?));
            hire_age.push(match p.find_optional("hire.age_from", &[&profession.id]) {
                Some(from) => age_row(from.value, p.value("hire.age_mean", &[&profession.id])?),
                None => vec![u32::MAX],
            });
        }
        let rural: Vec<bool> = zones
            .zones
            .iter()
            .map(|z| z.group + 1 == zones.groups.len())
            .collect();
        let young: Vec<f64> = zones
            .zones
            .iter()
            .map(|z| z.population[3] + z.population[2])
            .collect();
        let mut origin = [const { Vec::new() }; 4];
        let mut placement = [0; 4];
        let mut curriculum = [0; 4];
        for track in Track::ALL {
            let local = p.value("study.local_student_share", &[track.id()])?;
            placement[track.index()] =
                threshold(p.value("study.rural_placement_share", &[track.id()])?);
            curriculum[track.index()] =
                threshold(p.value("study.rural_curriculum_share", &[track.id()])?);
            for study in 0..zones.len() {
                origin[track.index()].push(cumulative(&origin_weights(data, &young, study, local)));
            }
        }
        let mut mover = [[0; 2]; 2];
        for (rural, row) in ["elsewhere", "rural"].iter().zip(&mut mover) {
            for (home, cell) in ["away", "at_home"].iter().zip(row) {
                *cell = threshold(p.value("attachment.mover_share", &[rural, home])?);
            }
        }
        Ok(Newcomers {
            student_age,
            abroad_age,
            hire_age,
            female,
            origin,
            any_origin: cumulative(&young),
            mover,
            placement,
            curriculum,
            rural,
            aim: lists
                .programmes
                .iter()
                .map(|g| lists.profession_of(g.grade))
                .collect(),
            no_grade: lists.no_grade() as u8,
        })
    }

    /// Student number `index` admitted to a programme, track and study zone in a year.
    pub fn student(
        &self,
        key: Key,
        (programme, track, zone): (usize, Track, usize),
        year: Year,
        index: u32,
    ) -> Person {
        let id = identity(student_stream(programme, track, zone), year, index);
        let dice = self.dice(key, id, year);
        let age = pick(&self.student_age[programme][track.index()], dice.age) as u8 + YOUNGEST_AGE;
        let origin = pick(&self.origin[track.index()][zone], dice.origin);
        let [placement, curriculum, ..] = key.words(BIRTH_GROUP + 1, id, year);
        let now = year_byte(year);
        Person {
            grade: self.no_grade,
            status: Status::Education,
            zone: zone as u8,
            study_zone: zone as u8,
            track,
            programme: programme as u8 + 1,
            study_since: now,
            placement: placement < self.placement[track.index()],
            curriculum: curriculum < self.curriculum[track.index()],
            ..self.blank(
                id,
                &dice,
                year,
                age,
                self.aim[programme],
                Some((origin, zone)),
            )
        }
    }

    /// Person number `index` educated in a country group who arrives in a year, still without a
    /// job; citizens educated abroad have a zone of upbringing, others none.
    pub fn from_abroad(
        &self,
        key: Key,
        (profession, country): (usize, usize),
        grown_up_here: bool,
        year: Year,
        index: u32,
    ) -> Person {
        let id = identity(abroad_stream(profession, country), year, index);
        let dice = self.dice(key, id, year);
        let age = pick(&self.abroad_age[country], dice.age) as u8 + YOUNGEST_AGE;
        let home =
            grown_up_here.then(|| (pick(&self.any_origin, dice.origin), usize::from(NO_ZONE)));
        Person {
            status: Status::OutsideWork,
            track: Track::Abroad,
            country: country as u8,
            zone: home.map_or(0, |(zone, _)| zone as u8),
            ..self.blank(id, &dice, year, age, profession, home)
        }
    }

    /// Person number `index` hired into a profession without education, in a zone and year.
    pub fn hire(
        &self,
        key: Key,
        (profession, zone): (usize, usize),
        year: Year,
        index: u32,
    ) -> Person {
        let id = identity(hire_stream(profession, zone), year, index);
        let dice = self.dice(key, id, year);
        let age = pick(&self.hire_age[profession], dice.age) as u8 + YOUNGEST_AGE;
        let origin = pick(
            &self.origin[Track::Decentralised.index()][zone],
            dice.origin,
        );
        Person {
            status: Status::Working,
            zone: zone as u8,
            ..self.blank(id, &dice, year, age, profession, Some((origin, zone)))
        }
    }

    /// The type of somebody grown up and educated in these zones.
    pub fn is_mover(&self, word: u32, origin: usize, study: usize) -> bool {
        let rural = self.rural.get(origin).copied().unwrap_or(false);
        word < self.mover[usize::from(rural)][usize::from(origin == study)]
    }

    /// Thresholds of a rural placement and of a rural-relevant curriculum on a track.
    pub fn exposure(&self, track: Track) -> [u32; 2] {
        [self.placement, self.curriculum].map(|by_track| by_track[track.index()])
    }

    /// The cumulative row of zones of upbringing of those who study on a track in a zone.
    pub fn origins(&self, track: Track, study: usize) -> &[u32] {
        &self.origin[track.index()][study]
    }

    /// A zone of upbringing drawn for somebody educated in a zone.
    pub fn draw_origin(&self, word: u32, track: Track, study: usize) -> usize {
        pick(&self.origin[track.index()][study], word)
    }

    fn dice(&self, key: Key, id: u64, year: Year) -> BirthDice {
        let [sex, age, origin, mover] = key.words(BIRTH_GROUP, id, year);
        BirthDice {
            sex,
            age,
            origin,
            mover,
        }
    }

    fn blank(
        &self,
        id: u64,
        dice: &BirthDice,
        year: Year,
        age: u8,
        profession: usize,
        home: Option<(usize, usize)>,
    ) -> Person {
        let now = year_byte(year);
        let (origin, study) = home.unwrap_or((usize::from(NO_ZONE), 0));
        Person {
            id,
            born: now - age.min(OLDEST_AGE),
            grade: self.no_grade,
            status: Status::OutsideWork,
            sector: Sector::Municipal,
            first_sector: Sector::Municipal,
            sex: if dice.sex < self.female[profession] {
                Sex::Female
            } else {
                Sex::Male
            },
            mover: self.is_mover(dice.mover, origin, study),
            band: Band::Full,
            disability: Disability::None,
            job_since: now,
            zone: NO_ZONE,
            origin: origin as u8,
            track: Track::Campus,
            country: 0,
            placement: false,
            curriculum: false,
            study_zone: NO_ZONE,
            qualified: now,
            programme: NO_PROGRAMME,
            study_since: now,
            grade_since: now,
            status_since: now,
            first_zone: NO_ZONE,
        }
    }
}

struct BirthDice {
    sex: u32,
    age: u32,
    origin: u32,
    mover: u32,
}

/// Ages from a lowest one upward, exponentially fewer, with this mean (positions count from the
/// youngest age in the model).
fn age_row(from: f64, mean: f64) -> Vec<u32> {
    let scale = (mean - from).max(0.1);
    let weights: Vec<f64> = (YOUNGEST_AGE..=60)
        .map(|age| {
            let years = f64::from(age) - from.max(f64::from(YOUNGEST_AGE)).floor();
            if years < 0.0 {
                0.0
            } else {
                (-years / scale).exp()
            }
        })
        .collect();
    cumulative(&weights)
}

/// Weights of zones of upbringing for students in a zone: a share from the zone's own area, the
/// rest from everywhere, own region preferred (parameter `study.same_region_preference`).
fn origin_weights(data: &ModelData, young: &[f64], study: usize, local: f64) -> Vec<f64> {
    let zones = &data.zones.zones;
    let preference = data
        .parameters
        .log_ratio("study.same_region_preference", &[])
        .exp();
    let near = |z: usize| zones[z].area == zones[study].area;
    let own: f64 = (0..zones.len())
        .filter(|z| near(*z))
        .map(|z| young[z])
        .sum();
    let far = |z: usize| {
        young[z]
            * if zones[z].region == zones[study].region {
                preference
            } else {
                1.0
            }
    };
    let others: f64 = (0..zones.len()).filter(|z| !near(*z)).map(far).sum();
    (0..zones.len())
        .map(|z| {
            if near(z) {
                let share = if others > 0.0 { local } else { 1.0 };
                // Decentralised students come from the study zone before its neighbours.
                share * young[z] / own.max(1e-12)
            } else {
                (1.0 - local) * far(z) / others.max(1e-12)
            }
        })
        .collect()
}

/// Where the students of each programme are admitted (re-exported for the engine).
pub use students::Intake;
