//! The base population: from the fitted tables to single people.

use super::columns::{NO_PROGRAMME, NO_ZONE, Person, Population, identity};
use super::margins::Margins;
use super::newcomers::{BASE_STREAM, EMIGRATED_STREAM, Intake, Newcomers};
use super::own;
use super::positions::{self, AGE_GROUPS, BandRows, age_group};
use super::quota::{Quota, whole};
use super::rates::{self, AGES, DisabilityRates};
use super::stock::Stock;
use crate::dice::Key;
use crate::dice::address::BIRTH_GROUP;
use crate::dice::philox::Stream;
use crate::parameters::{ModelData, Scope};
use crate::words::age::{AGE_CLASSES, class_start};
use crate::words::{
    Band, Disability, OLDEST_AGE, Problem, Sector, Sex, Status, Track, YOUNGEST_AGE, Year,
    year_byte,
};
use std::collections::BTreeSet;

/// A synthesised base population, with what it was fitted to.
#[derive(Debug)]
pub struct Synthesis {
    /// Everybody on 1 December of the base year.
    pub population: Population,
    /// The margins of each profession.
    pub margins: Vec<Margins>,
    /// How well each profession's table met them.
    pub fits: Vec<super::ipf::Fit>,
    /// The year.
    pub year: Year,
    /// The scale: simulated people per real person.
    pub scale: f64,
    /// Is it known who studies beside or after a job? Else that is drawn when the years begin.
    pub tells_students: bool,
}

/// The seed of the base population's own dice: the real people of the base year are the same in
/// every run.
const BASE_SEED: u64 = 2019;

/// Synthesises the base population of a year at a scale.
///
/// # Errors
/// A [`Problem`] if a parameter or table is missing or contradictory.
pub fn synthesise(
    data: &ModelData,
    newcomers: &Newcomers,
    intake: &Intake,
    year: Year,
    scale: f64,
) -> Result<Synthesis, Problem> {
    let disability = rates::disability(&data.folder)?;
    let key = Key::new(BASE_SEED, 0);
    let mut population = Population::default();
    let mut all_margins = Vec::new();
    let mut fits = Vec::new();
    let mut serial = 0;
    let microdata = data.microdata.as_deref();
    if let Some(own) = microdata {
        own::check_scale(own, scale)?;
    }
    let tells_students = microdata.is_some_and(|own| own.tells_students);
    let [tells_sick, tells_abroad] = [Status::SickLeave, Status::Emigrated]
        .map(|status| microdata.is_some_and(|own| own.has(status)));
    let mut taken = BTreeSet::new();
    for profession in 0..data.classification.professions.len() {
        let margins = Margins::of(data, profession, &disability)?;
        let stock = Stock::fit(&margins, data.zones.len());
        let mut people = Settlement::new(data, newcomers, &margins, &stock, &disability, year)?;
        if let Some(own) = microdata {
            let mine = Some(profession);
            for (record, id) in own::of_profession(data, own, mine, scale, &mut taken, year) {
                let mut person = people.complete(&record, id, key);
                if !tells_sick {
                    people.fall_ill(&mut person);
                }
                population.add(&person);
            }
        }
        let amounts: Vec<f64> = match microdata {
            Some(_) => Vec::new(),
            None => stock.cells.iter().map(|cell| cell * scale).collect(),
        };
        let counts = whole(&amounts);
        population.reserve(counts.iter().map(|c| *c as usize).sum());
        for (cell, count) in counts.into_iter().enumerate() {
            for _ in 0..count {
                let id = identity(BASE_STREAM, year, serial);
                serial += 1;
                population.add(&people.settle(cell, id, &mut birth(key, id, year)));
            }
        }
        if !tells_abroad {
            for person in people.living_abroad(key, scale) {
                population.add(&person);
            }
        }
        all_margins.push(margins);
        fits.push(stock.fit);
    }
    match microdata.filter(|_| tells_students) {
        Some(own) => {
            let no_grade = data.classification.no_grade() as u8;
            for (record, id) in own::of_profession(data, own, None, scale, &mut taken, year) {
                let student = own::student(&record, id, no_grade, newcomers, year_byte(year));
                population.add(&student);
            }
        }
        None => intake.add_students_under_way(&mut population, newcomers, key, year),
    }
    Ok(Synthesis {
        tells_students,
        population,
        margins: all_margins,
        fits,
        year,
        scale,
    })
}

pub(super) fn birth(key: Key, id: u64, year: Year) -> Stream {
    key.stream(BIRTH_GROUP + 16, id, year)
}

/// Turns the cells of one profession's table into people.
pub(super) struct Settlement<'a> {
    pub(super) data: &'a ModelData,
    pub(super) newcomers: &'a Newcomers,
    pub(super) margins: &'a Margins,
    pub(super) zones: usize,
    pub(super) year: Year,
    pub(super) first_grade: usize,
    pub(super) grade_shares: [Vec<f64>; 4],
    pub(super) grade_ages: Vec<(u8, u8)>,
    pub(super) bands: Vec<BandRows>,
    pub(super) sick: [f64; 4],
    pub(super) graded: [[f64; AGES]; 2],
    pub(super) qualified: (f64, f64),
    pub(super) foreign: Vec<f64>,
    pub(super) same_zone: Vec<f64>,
    pub(super) decentralised: Vec<f64>,
    pub(super) job_end: [f64; 2],
    pub(super) abroad_share: f64,
    pub(super) quotas: Quotas,
}

pub(super) struct Quotas {
    pub(super) grade: Vec<Quota>,
    pub(super) band: Vec<Quota>,
    pub(super) sick: Vec<Quota>,
    pub(super) foreign: Quota,
    pub(super) age: Vec<Quota>,
}

impl<'a> Settlement<'a> {
    fn new(
        data: &'a ModelData,
        newcomers: &'a Newcomers,
        margins: &'a Margins,
        stock: &Stock,
        disability: &DisabilityRates,
        year: Year,
    ) -> Result<Settlement<'a>, Problem> {
        let lists = &data.classification;
        let p = &data.parameters;
        let about = &lists.professions[margins.profession];
        let id = about.id.as_str();
        let mut grade_shares = [const { Vec::new() }; 4];
        let mut grade_ages = Vec::new();
        for grade in &about.grade {
            let age = |name| p.find_optional(name, &[&grade.id]).map(|q| q.value as u8);
            grade_ages.push((
                age("base_population.grade_age_from").unwrap_or(0),
                age("base_population.grade_age_to").unwrap_or(u8::MAX),
            ));
            for sector in Sector::ALL {
                let share = if about.grade.len() == 1 {
                    1.0
                } else {
                    p.value("base_population.grade_share", &[&grade.id, sector.id()])?
                };
                grade_shares[sector.index()].push(share);
            }
        }
        let mut bands = Vec::new();
        let mut sick = [0.0; 4];
        for sector in Sector::ALL {
            let mut people = [[0.0; AGE_GROUPS]; 2];
            for zone in 0..data.zones.len() {
                for age in 0..AGE_CLASSES {
                    for (sex, row) in people.iter_mut().enumerate() {
                        let all = stock.cells[stock.index(sector.index(), zone, age, sex)];
                        for (offset, share) in within_class(margins, age).iter().enumerate() {
                            row[age_group(class_start(age) + offset as u8)] += all * share;
                        }
                    }
                }
            }
            bands.push(positions::rows(data, id, *sector, &people)?);
            sick[sector.index()] = p.value("sick_leave.prevalence", &[id, sector.id()])?;
        }
        let graded_share = p.value("disability.graded_share", &[])?;
        let ratio = p.value("disability.prevalence_ratio", &[id])?;
        let graded = disability
            .prevalence
            .map(|ages| ages.map(|share| share * ratio * graded_share));
        let foreign_share = p.value("base_population.foreign_share", &[id])?;
        let mut foreign = vec![1.0 - foreign_share];
        let mut group_sum = 0.0;
        for group in lists.country_groups.iter().skip(1) {
            let share = p.value("base_population.foreign_group_share", &[id, &group.id])?;
            group_sum += share;
            foreign.push(foreign_share * share);
        }
        if (group_sum - 1.0).abs() > 1e-6 && foreign_share > 0.0 {
            return Err(Problem::in_file(
                "parameters/base_population.toml",
                "country group shares must sum to 1",
            )
            .about(
                format!("base_population.foreign_group_share[{id},*]"),
                format!("{group_sum:.4}"),
            ));
        }
        let by_group = |name: &str| {
            data.zones
                .zones
                .iter()
                .map(|z| p.value(name, &[&data.zones.groups[z.group].id]))
                .collect::<Result<Vec<f64>, Problem>>()
        };
        let grades = about.grade.len();
        Ok(Settlement {
            data,
            newcomers,
            margins,
            zones: data.zones.len(),
            year,
            first_grade: lists.first_grade(margins.profession),
            grade_shares,
            grade_ages,
            bands,
            sick,
            graded: if about.scope == Scope::Educated {
                graded
            } else {
                [[0.0; AGES]; 2]
            },
            qualified: (
                p.value("base_population.qualification_age", &[id])?,
                p.value("base_population.qualification_age_spread", &[id])?,
            ),
            foreign,
            same_zone: by_group("base_population.origin_same_zone")?,
            decentralised: by_group("base_population.decentralised_share")?,
            job_end: [
                p.value("base_population.job_end_probability", &["stayer"])?,
                p.value("base_population.job_end_probability", &["mover"])?,
            ],
            abroad_share: p.value("emigration.base_abroad_share", &[id])?,
            quotas: Quotas {
                grade: vec![Quota::new(grades); 4],
                band: vec![Quota::new(Band::ALL.len()); 4],
                sick: vec![Quota::new(2); 4],
                foreign: Quota::new(lists.country_groups.len()),
                age: vec![Quota::new(5); AGE_CLASSES],
            },
        })
    }

    /// The next person of a cell of the stock.
    fn settle(&mut self, cell: usize, id: u64, dice: &mut Stream) -> Person {
        let sex = Sex::of_number((cell % 2) as u8);
        let class = cell / 2 % AGE_CLASSES;
        let zone = cell / 2 / AGE_CLASSES % self.zones;
        let place = cell / 2 / AGE_CLASSES / self.zones;
        let age = self.draw_age(class);
        let now = year_byte(self.year);
        let (sector, status) = match place {
            0..4 => (Sector::of_number(place as u8), Status::Working),
            other => {
                let shares = self.margins.employed;
                let status = match other {
                    4 => Status::OutsideWork,
                    5 => Status::DisabilityPension,
                    _ => Status::OldAgePension,
                };
                (
                    Sector::of_number(draw(&shares, dice.uniform()) as u8),
                    status,
                )
            }
        };
        let country = self.quotas.foreign.next(&self.foreign);
        let here = country == 0;
        let study_age = (self.qualified.0 + self.qualified.1 * normal(dice))
            .clamp(f64::from(YOUNGEST_AGE).max(18.0), f64::from(age).max(18.0));
        let qualified = now - (age - (study_age as u8).min(age));
        let decentralised = here && dice.uniform() < self.decentralised[zone];
        let track = match (here, decentralised) {
            (false, _) => Track::Abroad,
            (true, true) => Track::Decentralised,
            (true, false) => Track::Campus,
        };
        let origin = if !here {
            usize::from(NO_ZONE)
        } else if decentralised || dice.uniform() < self.same_zone[zone] {
            zone
        } else {
            self.newcomers
                .draw_origin(dice.next_word(), Track::Campus, zone)
        };
        let mover = self.newcomers.is_mover(dice.next_word(), origin, zone);
        let grade = self.draw_grade(sector, age);
        let about = &self.data.classification.grades[grade];
        let sector = about.sector.filter(|_| place >= 4).unwrap_or(sector);
        let graded = place < 4 && dice.uniform() < self.graded[sex.index()][usize::from(age)];
        let disability = match (status, graded) {
            (Status::DisabilityPension, _) => Disability::Full,
            (_, true) => Disability::Half,
            _ => Disability::None,
        };
        let job_years = geometric(self.job_end[usize::from(mover)], dice.uniform());
        let mut person = Person {
            id,
            born: now - age,
            grade: grade as u8,
            status,
            sector,
            first_sector: sector,
            sex,
            mover,
            band: Band::Full,
            disability,
            job_since: now - job_years.min(now - qualified),
            zone: zone as u8,
            origin: origin as u8,
            track,
            country: country as u8,
            placement: false,
            curriculum: false,
            study_zone: if here { zone as u8 } else { NO_ZONE },
            qualified,
            programme: NO_PROGRAMME,
            study_since: qualified,
            grade_since: now - geometric(0.2, dice.uniform()).min(now - qualified),
            status_since: now - geometric(0.3, dice.uniform()).min(5),
            first_zone: zone as u8,
        };
        person.band = self.draw_band(&person);
        if place < 4 && self.quotas.sick[sector.index()].yes(self.sick[sector.index()]) {
            person.status = Status::SickLeave;
            person.status_since = now;
        }
        person
    }

    fn draw_age(&mut self, class: usize) -> u8 {
        let shares = within_class(self.margins, class);
        class_start(class) + self.quotas.age[class].next(&shares) as u8
    }

    pub(super) fn draw_grade(&mut self, sector: Sector, age: u8) -> usize {
        let shares = &self.grade_shares[sector.index()];
        let ages = &self.grade_ages;
        let allowed =
            |grade: usize| shares[grade] > 0.0 && (ages[grade].0..=ages[grade].1).contains(&age);
        let quota = &mut self.quotas.grade[sector.index()];
        let chosen = if (0..shares.len()).any(allowed) {
            quota.next_allowed(shares, allowed)
        } else {
            quota.next(shares)
        };
        self.first_grade + chosen
    }

    pub(super) fn draw_band(&mut self, person: &Person) -> Band {
        let sector = person.sector.index();
        let age = person.age(self.year);
        let row = &self.bands[sector][person.sex.index()][age_group(age)];
        let half = person.disability == Disability::Half;
        let allowed = |band: usize| !half || band <= Band::From50.index();
        Band::of_number(self.quotas.band[sector].next_allowed(row, allowed) as u8)
    }

    /// People of the profession who live abroad when the simulation begins and may return.
    fn living_abroad(&mut self, key: Key, scale: f64) -> Vec<Person> {
        let employed: f64 = self.margins.employed.iter().sum();
        let number = (employed * self.abroad_share * scale).round() as u32;
        let seed = self.margins.age_seed;
        // They are young: the ages of those qualified, to 45.
        let ages: Vec<f64> = (0..AGES)
            .map(|age| {
                if (24..=45).contains(&age) {
                    seed[age]
                } else {
                    0.0
                }
            })
            .collect();
        (0..number)
            .map(|index| {
                let index = index + self.margins.profession as u32 * 1_000_000;
                let id = identity(EMIGRATED_STREAM, self.year, index);
                let mut dice = birth(key, id, self.year);
                let age = draw(&ages, dice.uniform()) as u8;
                let zone = draw(&self.margins.zone_share[1], dice.uniform());
                let sex = usize::from(dice.uniform() >= self.margins.share_female);
                let class = crate::words::age::age_class(age);
                let cell = (zone * AGE_CLASSES + class) * 2 + sex;
                let now = year_byte(self.year);
                let home = self.settle(cell, id, &mut dice);
                Person {
                    born: now - age,
                    qualified: home.qualified.max(now - age + 20).min(now),
                    status: Status::Emigrated,
                    status_since: now - geometric(0.25, dice.uniform()).min(9),
                    disability: Disability::None,
                    origin: zone as u8,
                    track: Track::Campus,
                    country: 0,
                    ..home
                }
            })
            .collect()
    }
}

/// Shares of the single ages within a five-year class.
fn within_class(margins: &Margins, class: usize) -> [f64; 5] {
    let mut weights = [0.0; 5];
    for (offset, weight) in weights.iter_mut().enumerate() {
        let age = class_start(class) + offset as u8;
        if (YOUNGEST_AGE..=OLDEST_AGE).contains(&age) {
            *weight = margins.age_seed[usize::from(age)];
        }
    }
    let total: f64 = weights.iter().sum();
    weights.map(|weight| weight / total.max(1e-300))
}

/// The choice that a uniform number makes among weights.
pub(super) fn draw(weights: &[f64], uniform: f64) -> usize {
    let mut left = uniform * weights.iter().sum::<f64>();
    for (choice, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return choice;
        }
    }
    weights.iter().rposition(|w| *w > 0.0).unwrap_or(0)
}

/// Whole years until an event of constant yearly probability, by inversion; at most 45.
pub(super) fn geometric(probability: f64, uniform: f64) -> u8 {
    let years = (1.0 - uniform).ln() / (1.0 - probability).ln();
    years.floor().clamp(0.0, 45.0) as u8
}

/// A standard normal number (Box and Muller 1958, doi 10.1214/aoms/1177706645).
pub(super) fn normal(dice: &mut Stream) -> f64 {
    let radius = (-2.0 * (1.0 - dice.uniform()).ln()).sqrt();
    radius * (std::f64::consts::TAU * dice.uniform()).cos()
}
