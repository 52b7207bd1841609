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
use super::policy::Policies;
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
use crate::population::newcomers::{Intake, Newcomers, abroad_stream, hire_stream, student_stream};
use crate::population::quota::whole;
use crate::population::{Person, Population};
use crate::words::{Problem, Sector, Status, Track, Year};

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
pub(super) struct Arrivals {
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
pub(super) struct Hires {
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
    come(rules, (key, year), memory, observer);
    let Memory {
        coming, entered, ..
    } = memory;
    entered.clear();
    // One after the other in a short loop, since slots are far apart in memory.
    for (person, entry) in coming.drain(..) {
        let slot = population.add(&person);
        entered.push((slot as u32, entry));
    }
}

/// One stream of newcomers, each known by number.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stream<'a> {
    /// Those admitted to a programme on a track in a zone, and whom added places displace.
    Students((usize, Track, usize), &'a Displaced),
    Abroad(&'a Arrivals),
    Hired(&'a Hires),
}

/// The year's streams of newcomers, with the number of people in each.
pub(super) fn each_stream(
    rules: &Rules,
    year: Year,
    seed: Option<u64>,
    mut tell: impl FnMut(Stream<'_>, u32),
) {
    let inflow = &rules.inflow;
    for programme in 0..inflow.intake.programmes() {
        let admitted = inflow.intake.admitted(programme, year);
        let of = (programme, year, seed);
        let displaced = Displaced::of(rules, &inflow.newcomers, &admitted, of);
        for (track, zone, persons) in admitted {
            tell(
                Stream::Students((programme, track, zone), &displaced),
                persons,
            );
        }
    }
    for source in &inflow.abroad {
        tell(Stream::Abroad(source), source.in_year(inflow.first, year));
    }
    for source in &inflow.hired {
        tell(Stream::Hired(source), source.persons);
    }
}

impl Stream<'_> {
    /// The stream's number, in the identity of its people.
    pub(super) fn number(self) -> u16 {
        match self {
            Stream::Students((programme, track, zone), _) => student_stream(programme, track, zone),
            Stream::Abroad(source) => abroad_stream(source.profession, source.country),
            Stream::Hired(source) => hire_stream(source.profession, source.zone),
        }
    }

    /// How its people come.
    pub(super) fn entry(self) -> Entry {
        match self {
            Stream::Students(..) => Entry::Admitted,
            Stream::Abroad(_) => Entry::Abroad,
            Stream::Hired(_) => Entry::Hired,
        }
    }

    /// Somebody of it as without policies, and before a job.
    fn draw(self, newcomers: &Newcomers, when: (Key, Year), index: u32) -> Person {
        match self {
            Stream::Students(site, _) => newcomers.student(when.0, site, when.1, index),
            Stream::Abroad(source) => source.person(newcomers, when, index),
            Stream::Hired(source) => source.person(newcomers, when, index),
        }
    }

    /// From where its people take a job; students take none yet.
    fn from(self) -> Option<From> {
        match self {
            Stream::Students(..) => None,
            Stream::Abroad(_) => Some(From::Abroad),
            Stream::Hired(_) => Some(From::Outside),
        }
    }

    /// A student as admitted under policies, who was drawn as without.
    fn admitted(
        self,
        rules: &Rules,
        policies: &mut policy::State,
        mut student: Person,
        when: (Key, Year),
    ) -> Person {
        let newcomers = &rules.inflow.newcomers;
        if rules.policies.may_change_student(&student) {
            let standing = policies.standing(&rules.policies, &rules.lookup, &student, when);
            let reached = admit(rules, newcomers, &mut student, standing, when);
            policies.admitted(reached);
        }
        if let Stream::Students(_, displaced) = self {
            displaced.apply(newcomers, &mut student, when);
        }
        student
    }

    /// Somebody of it, under the supply closure.
    pub(super) fn come(
        self,
        rules: &Rules,
        policies: &mut policy::State,
        when: (Key, Year),
        index: u32,
    ) -> Person {
        let drawn = self.draw(&rules.inflow.newcomers, when, index);
        match self.from() {
            Some(from) => place(rules, policies, when, drawn, from).1,
            None => self.admitted(rules, policies, drawn, when),
        }
    }

    /// Is nobody of it changed by policies, whom a base without policies lets in as well?
    pub(super) fn is_left_alone(self, policies: &Policies) -> bool {
        match self {
            Stream::Students(_, displaced) => !policies.change_students() && displaced.is_nobody(),
            _ => false,
        }
    }

    /// Somebody of it whom a base without policies has let in, as the person comes to a scenario;
    /// nothing if no policy reaches the person, who then is the same in both.
    pub(super) fn once_more(
        self,
        rules: &Rules,
        policies: &mut policy::State,
        when: (Key, Year),
        theirs: &Person,
    ) -> Option<Person> {
        let Some(from) = self.from() else {
            return Some(self.admitted(rules, policies, *theirs, when));
        };
        if !rules.policies.may_reach_grade(theirs.grade) {
            return None;
        }
        let drawn = self.draw(&rules.inflow.newcomers, when, theirs.id as u32);
        let before = outside_work(drawn);
        let reached = policies.reached(&rules.policies, &rules.lookup, &before, when);
        (reached != 0).then(|| place(rules, policies, when, drawn, from).1)
    }
}

impl Inflow {
    /// Are the people of a stream the same, drawn by either inflow?
    pub(super) fn draws_as(&self, other: &Inflow) -> bool {
        self.newcomers == other.newcomers
    }
}

/// Makes the year's newcomers, to be let in.
fn come<O: Observer>(
    rules: &Rules,
    when @ (_, year): (Key, Year),
    memory: &mut Memory,
    observer: &mut O,
) {
    let seed = memory.policies.seed();
    each_stream(rules, year, seed, |stream, persons| {
        for index in 0..persons {
            let drawn = stream.draw(&rules.inflow.newcomers, when, index);
            let how = stream.entry();
            if let Some(from) = stream.from() {
                enter(rules, when, memory, drawn, (from, how), observer);
                continue;
            }
            let student = stream.admitted(rules, &mut memory.policies, drawn, when);
            memory.coming.push((student, how));
            observer.entered(&student, how, year);
        }
    });
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

/// A newcomer with a grade, before a job: outside work, in some zone.
fn outside_work(person: Person) -> Person {
    Person {
        status: Status::OutsideWork,
        zone: match person.zone {
            NO_ZONE => 0,
            zone => zone,
        },
        ..person
    }
}

/// Gives a newcomer with a grade a job: the states before and after.
fn place(
    rules: &Rules,
    policies: &policy::State,
    (key, year): (Key, Year),
    person: Person,
    from: From,
) -> (Person, Person) {
    let before = outside_work(person);
    let (mut after, mut nobody) = (person, Nobody);
    // Nothing of the year's block is decided here.
    let mut turn = Turn::new(rules, key, year, &mut after, &Busy::NEWCOMER, &mut nobody);
    *turn.person = before;
    let when = (key, year);
    turn.standing = policies.standing(&rules.policies, &rules.lookup, &before, when);
    first_job::take(&mut turn, from);
    (before, after)
}
