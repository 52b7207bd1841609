//! Inflows: students admitted (studieopptak), people educated abroad, people hired without
//! health education.
//!
//! Students: the year's places by programme, track and study zone
//! ([`crate::population::students`]). People educated abroad, by profession, country group and
//! year: [`crate::population::arrivals`]. Hired: `hire.per_year`.
//!
//! Every newcomer's identity is (stream, year, position in the stream): more of one stream moves
//! nobody of another.

use super::first_job::{self, From};
use super::life::{Entry, Nobody, Observer, Turn};
use super::policy;
use super::policy::attributes::admit;
use super::policy::displaced::Displaced;
use super::rules::Rules;
use super::search::Busy;
use super::walk::Memory;
use crate::dice::sample::cumulative;
use crate::dice::{Decision, Key, pick};
use crate::parameters::levers::MetBy;
use crate::parameters::{Levers, ModelData};
use crate::population::arrivals::{self, Source};
use crate::population::columns::NO_ZONE;
use crate::population::margins::zone_shares;
use crate::population::newcomers::{Intake, Newcomers, abroad_stream, hire_stream};
use crate::population::quota::whole;
use crate::population::{Person, Population};
use crate::words::{Problem, Sector, Status, Year};

/// Compiled inflows.
#[derive(Clone, Debug, PartialEq)]
pub struct Inflow {
    newcomers: Newcomers,
    intake: Intake,
    /// First year of the arrivals; earlier years are as it.
    first: Year,
    abroad: Vec<Arrivals>,
    hired: Vec<Hires>,
}

/// The arrivals of a profession from a country group.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Arrivals {
    profession: usize,
    country: usize,
    /// By year; the last number holds for all later years.
    persons: Vec<u32>,
    gated: bool,
    /// Grades on arrival, and the cumulative row to choose one.
    grades: Vec<u8>,
    choice: Vec<u32>,
    grown_up_here: bool,
}

/// The hires of a profession in a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hires {
    profession: usize,
    grade: u8,
    zone: usize,
    persons: u32,
}

/// Compiles the inflows.
///
/// # Errors
/// A [`Problem`] if a parameter is missing.
pub fn compile(
    data: &ModelData,
    newcomers: Newcomers,
    intake: Intake,
    (base_year, scale): (Year, f64),
    levers: &Levers,
) -> Result<Inflow, Problem> {
    let p = &data.parameters;
    let lists = &data.classification;
    let schedule = scheduled(data, &intake, base_year, levers)?;
    let mut abroad = Vec::new();
    let mut hired = Vec::new();
    for (profession, about) in lists.professions.iter().enumerate() {
        let first = lists.first_grade(profession);
        for source in schedule
            .sources
            .iter()
            .filter(|s| s.profession == profession)
        {
            let Source { country, .. } = *source;
            let group = &lists.country_groups[country];
            let mut shares = Vec::new();
            for grade in &about.grade {
                shares.push(if about.grade.len() == 1 {
                    1.0
                } else {
                    p.value("abroad.grade_share", &[&grade.id, &group.id])?
                });
            }
            let grades = (first..first + about.grade.len())
                .map(|g| g as u8)
                .collect();
            abroad.push(Arrivals {
                profession,
                country,
                persons: source.persons(scale),
                gated: source.gated,
                grades,
                choice: cumulative(&shares),
                grown_up_here: source.grown_up_here,
            });
        }
        if let Some(total) = p.find_optional("hire.per_year", &[&about.id]) {
            let shares = zone_shares(data, &about.id, Sector::Municipal)?;
            let amounts: Vec<f64> = shares.iter().map(|s| s * total.value * scale).collect();
            for (zone, persons) in whole(&amounts).into_iter().enumerate() {
                hired.push(Hires {
                    profession,
                    grade: first as u8,
                    zone,
                    persons,
                });
            }
        }
    }
    Ok(Inflow {
        newcomers,
        intake,
        first: schedule.first,
        abroad,
        hired,
    })
}

/// The arrivals under all levers: those of a profession that is to be self-sufficient by letting
/// fewer come are limited by the graduates expected.
fn scheduled(
    data: &ModelData,
    intake: &Intake,
    base_year: Year,
    levers: &Levers,
) -> Result<arrivals::Arrivals, Problem> {
    let mut schedule = arrivals::Arrivals::compile(data, base_year, levers)?;
    for target in &levers.self_sufficiency {
        if target.by != MetBy::FewerFromAbroad {
            continue;
        }
        if let Some(profession) = data.classification.profession(&target.profession) {
            let from = target.from.max(base_year + 1);
            schedule.limit(profession, target.share, from, |year| {
                intake.graduates(profession, year)
            });
        }
    }
    Ok(schedule)
}

/// Expected graduates and arrivals of every profession in a year under levers, at full scale.
///
/// # Errors
/// A [`Problem`] if a parameter is missing.
pub fn expected(
    data: &ModelData,
    base_year: Year,
    levers: &Levers,
    year: Year,
) -> Result<Vec<(f64, f64)>, Problem> {
    let intake = Intake::compile(data, base_year, 1.0, levers)?;
    let schedule = scheduled(data, &intake, base_year, levers)?;
    Ok((0..data.classification.professions.len())
        .map(|profession| {
            let graduates = intake.graduates(profession, year);
            (graduates, schedule.expected(profession, year))
        })
        .collect())
}

impl Hires {
    fn person(&self, newcomers: &Newcomers, (key, year): (Key, Year), index: u32) -> Person {
        let into = (self.profession, self.zone);
        let hired = newcomers.hire(key, into, year, index);
        Person {
            grade: self.grade,
            first_zone: self.zone as u8,
            ..hired
        }
    }
}

impl Arrivals {
    fn person(&self, newcomers: &Newcomers, (key, year): (Key, Year), index: u32) -> Person {
        let from = (self.profession, self.country);
        let arrived = newcomers.from_abroad(key, from, self.grown_up_here, year, index);
        let word = key.word(Decision::Programme, arrived.id, year);
        Person {
            grade: self.grades[pick(&self.choice, word)],
            ..arrived
        }
    }

    fn in_year(&self, first: Year, year: Year) -> u32 {
        let since = usize::from(year.saturating_sub(first));
        self.persons[since.min(self.persons.len() - 1)]
    }
}

impl Inflow {
    /// The inflow as if licence gates had stayed as they were in the first year known.
    pub fn with_gates_as_first(&self) -> Inflow {
        let mut open = self.clone();
        for source in open.abroad.iter_mut().filter(|source| source.gated) {
            source.persons.truncate(1);
        }
        open
    }
}

/// Step 14: the year's newcomers.
pub fn apply<O: Observer>(
    rules: &Rules,
    population: &mut Population,
    key: Key,
    year: Year,
    memory: &mut Memory,
    observer: &mut O,
) {
    let inflow = &rules.inflow;
    memory.entered.clear();
    for programme in 0..inflow.intake.programmes() {
        let admitted = inflow.intake.admitted(programme, year);
        let of = (programme, year, memory.policies.seed());
        let displaced = Displaced::of(rules, &inflow.newcomers, &admitted, of);
        for (track, zone, persons) in admitted {
            for index in 0..persons {
                let site = (programme, track, zone);
                let mut student = inflow.newcomers.student(key, site, year, index);
                if !rules.policies.is_empty() {
                    let standing = memory.policies.standing(
                        &rules.policies,
                        &rules.lookup,
                        &student,
                        (key, year),
                    );
                    let newcomers = &inflow.newcomers;
                    let when = (key, year);
                    let reached = admit(rules, newcomers, &mut student, standing, when);
                    memory.policies.admitted(reached);
                    displaced.apply(newcomers, &mut student, when);
                }
                memory.coming.push((student, Entry::Admitted));
                observer.entered(&student, Entry::Admitted, year);
            }
        }
    }
    for source in &inflow.abroad {
        for index in 0..source.in_year(inflow.first, year) {
            let person = source.person(&inflow.newcomers, (key, year), index);
            let how = (From::Abroad, Entry::Abroad);
            enter(rules, (key, year), memory, person, how, observer);
        }
    }
    for source in &inflow.hired {
        for index in 0..source.persons {
            let person = source.person(&inflow.newcomers, (key, year), index);
            let how = (From::Outside, Entry::Hired);
            enter(rules, (key, year), memory, person, how, observer);
        }
    }
    // One after the other in a short loop, since slots are far apart in memory.
    let Memory {
        coming, entered, ..
    } = memory;
    for (person, entry) in coming.drain(..) {
        let slot = population.add(&person);
        entered.push((slot as u32, entry));
    }
}

/// Lets a newcomer with a grade in, with a job; under the vacancy closure who would take a post
/// applies for it.
fn enter<O: Observer>(
    rules: &Rules,
    (key, year): (Key, Year),
    memory: &mut Memory,
    person: Person,
    (from, entry): (From, Entry),
    observer: &mut O,
) {
    let (before, after) = place(rules, &memory.policies, (key, year), person, from);
    if rules.market.is_some() && after.in_health() {
        let market = &mut memory.market;
        market.apply_from_outside((key, year), before, after, entry);
        return;
    }
    memory.coming.push((after, entry));
    observer.entered(&after, entry, year);
}

/// Somebody with a grade who has come to a base with the same inflow, as the person comes to a
/// scenario; nothing if it has no such source.
pub(super) fn once_more(
    rules: &Rules,
    policies: &policy::State,
    when: (Key, Year),
    id: u64,
) -> Option<Person> {
    let inflow = &rules.inflow;
    let (stream, index) = ((id >> 48) as u16, id as u32);
    let arrivals = |own: &&Arrivals| abroad_stream(own.profession, own.country) == stream;
    let hires = |own: &&Hires| hire_stream(own.profession, own.zone) == stream;
    let (person, from) = if let Some(source) = inflow.abroad.iter().find(arrivals) {
        let person = source.person(&inflow.newcomers, when, index);
        (person, From::Abroad)
    } else {
        let source = inflow.hired.iter().find(hires)?;
        let person = source.person(&inflow.newcomers, when, index);
        (person, From::Outside)
    };
    let (_, after) = place(rules, policies, when, person, from);
    Some(after)
}

/// Gives a newcomer with a grade a job: the states before and after.
fn place(
    rules: &Rules,
    policies: &policy::State,
    (key, year): (Key, Year),
    mut person: Person,
    from: From,
) -> (Person, Person) {
    let mut nobody = Nobody;
    // Nothing of the year's block is decided here.
    let mut turn = Turn::new(rules, key, year, &mut person, &Busy::NEWCOMER, &mut nobody);
    if turn.person.zone == NO_ZONE {
        turn.person.zone = 0;
    }
    // A newcomer begins outside work and takes the job from there.
    turn.person.status = Status::OutsideWork;
    let before = *turn.person;
    let when = (key, year);
    turn.standing = policies.standing(&rules.policies, &rules.lookup, &before, when);
    first_job::take(&mut turn, from);
    (before, person)
}
