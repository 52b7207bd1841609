//! The career workload as a competent Rust programmer writes it without thinking of speed: a vector
//! of people, enums for what they are, probabilities as they stand in the parameters.

use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use std::process::ExitCode;
use yardstick::{Counts, Fte, Outcome, Parameters, Task};

const FIRST_AGE: u8 = 20;
const GRADUATION_TENURE: u8 = 2;
const RETIREMENT_AGE_OF_DISABLED: u8 = 67;
const FULL_TIME: u8 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Study,
    Work(Sector),
    Disability,
    Retired,
    Dead,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sector {
    Municipal,
    Hospital,
    OtherHealth,
    Outside,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zone {
    Rural,
    Central,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sex {
    Male,
    Female,
}

#[derive(Clone, Debug)]
struct Person {
    age: u8,
    sex: Sex,
    state: State,
    zone: Zone,
    tenure: u8,
    fte_band: u8,
}

impl State {
    fn index(self) -> usize {
        match self {
            State::Study => 0,
            State::Work(sector) => 1 + sector as usize,
            State::Disability => 5,
            State::Retired => 6,
            State::Dead => 7,
        }
    }

    fn is_active(self) -> bool {
        !matches!(self, State::Retired | State::Dead)
    }
}

impl Sector {
    const ALL: [Sector; 4] = [
        Sector::Municipal,
        Sector::Hospital,
        Sector::OtherHealth,
        Sector::Outside,
    ];
}

impl Zone {
    fn draw(parameters: &Parameters, rng: &mut SmallRng) -> Self {
        if rng.random_bool(parameters.p_central) {
            Zone::Central
        } else {
            Zone::Rural
        }
    }

    fn other(self) -> Self {
        match self {
            Zone::Rural => Zone::Central,
            Zone::Central => Zone::Rural,
        }
    }
}

impl Sex {
    fn draw(parameters: &Parameters, rng: &mut SmallRng) -> Self {
        if rng.random_bool(parameters.p_female) {
            Sex::Female
        } else {
            Sex::Male
        }
    }
}

/// The index of a category drawn with the given probabilities.
fn categorical(probabilities: &[f64], rng: &mut SmallRng) -> usize {
    let mut left: f64 = rng.random();
    for (index, probability) in probabilities.iter().enumerate() {
        if left < *probability {
            return index;
        }
        left -= probability;
    }
    // Rounding may leave a little over.
    probabilities.len() - 1
}

fn age_band(age: u8) -> usize {
    match age {
        ..30 => 0,
        30..40 => 1,
        40..50 => 2,
        50..60 => 3,
        _ => 4,
    }
}

fn tenure_band(tenure: u8) -> usize {
    match tenure {
        0..2 => 0,
        2..5 => 1,
        5..10 => 2,
        _ => 3,
    }
}

impl Person {
    /// One of the initial population.
    fn initial(parameters: &Parameters, rng: &mut SmallRng) -> Self {
        let years_over = categorical(&parameters.init_age, rng);
        let sex = Sex::draw(parameters, rng);
        let state = match categorical(&parameters.init_state[years_over], rng) {
            0 => State::Study,
            5 => State::Disability,
            state => State::Work(Sector::ALL[state - 1]),
        };
        let zone = Zone::draw(parameters, rng);
        let fte_band = match state {
            State::Work(_) => categorical(&parameters.init_fte[sex as usize], rng) as u8,
            _ => FULL_TIME,
        };
        let tenure = match state {
            State::Study => rng.random_range(0..3),
            _ => rng.random_range(0..=years_over.min(20) as u8),
        };
        Person {
            age: FIRST_AGE + years_over as u8,
            sex,
            state,
            zone,
            tenure,
            fte_band,
        }
    }

    /// A new student.
    fn entrant(parameters: &Parameters, rng: &mut SmallRng) -> Self {
        Person {
            age: FIRST_AGE + categorical(&parameters.entrant_age, rng) as u8,
            sex: Sex::draw(parameters, rng),
            state: State::Study,
            zone: Zone::draw(parameters, rng),
            tenure: 0,
            fte_band: FULL_TIME,
        }
    }

    /// One year of life.
    fn live(&mut self, parameters: &Parameters, rng: &mut SmallRng) {
        if rng.random_bool(parameters.death[self.sex as usize][usize::from(self.age)]) {
            self.state = State::Dead;
            return;
        }
        match self.state {
            State::Study => self.study(parameters, rng),
            State::Work(sector) => self.work(sector, parameters, rng),
            State::Disability if self.age >= RETIREMENT_AGE_OF_DISABLED => {
                self.state = State::Retired;
            }
            State::Disability => self.tenure += 1,
            State::Retired | State::Dead => {}
        }
        self.age += 1;
    }

    fn study(&mut self, parameters: &Parameters, rng: &mut SmallRng) {
        if self.tenure < GRADUATION_TENURE {
            self.tenure += 1;
            return;
        }
        let first_job = categorical(&parameters.grad[self.zone as usize], rng);
        self.state = State::Work(Sector::ALL[first_job / 2]);
        self.zone = [Zone::Rural, Zone::Central][first_job % 2];
        self.tenure = 0;
    }

    fn work(&mut self, sector: Sector, parameters: &Parameters, rng: &mut SmallRng) {
        if rng.random_bool(parameters.disab[usize::from(self.age)]) {
            self.state = State::Disability;
            self.tenure = 0;
            return;
        }
        if rng.random_bool(parameters.retire[usize::from(self.age)]) {
            self.state = State::Retired;
            return;
        }
        let band = age_band(self.age);
        let zone = self.zone as usize;
        let moves = &parameters.sector_tr[sector as usize][zone][band][tenure_band(self.tenure)];
        let next = Sector::ALL[categorical(moves, rng)];
        if rng.random_bool(parameters.zone_move[zone][band]) {
            self.zone = self.zone.other();
        }
        let changes = &parameters.fte_tr[self.sex as usize][band][usize::from(self.fte_band)];
        self.fte_band = categorical(changes, rng) as u8;
        self.tenure = if next == sector { self.tenure + 1 } else { 0 };
        self.state = State::Work(next);
    }
}

/// The tables of one year; `left` are those retired and dead so far.
fn tally(parameters: &Parameters, people: &[Person], left: &Counts) -> (Counts, Fte) {
    let mut counts = *left;
    let mut fte = Fte::default();
    for person in people {
        let zone = person.zone as usize;
        counts[person.state.index()][zone] += 1;
        if let State::Work(sector) = person.state {
            fte[sector as usize][zone] += parameters.fte_weight[usize::from(person.fte_band)];
        }
    }
    (counts, fte)
}

fn simulate(parameters: &Parameters, task: Task) -> Outcome {
    let mut rng = SmallRng::seed_from_u64(task.seed);
    let mut people: Vec<Person> = (0..task.people)
        .map(|_| Person::initial(parameters, &mut rng))
        .collect();
    let mut left = Counts::default();
    let mut outcome = Outcome::default();
    for year in 0..=task.years {
        if year > 0 {
            outcome.person_years += people.len() as u64;
            people.retain_mut(|person| {
                person.live(parameters, &mut rng);
                let stays = person.state.is_active();
                if !stays {
                    left[person.state.index()][person.zone as usize] += 1;
                }
                stays
            });
            let entrants = parameters.entrants(task.people);
            people.extend((0..entrants).map(|_| Person::entrant(parameters, &mut rng)));
        }
        let (counts, fte) = tally(parameters, &people, &left);
        outcome.counts.push(counts);
        outcome.fte.push(fte);
    }
    outcome
}

fn main() -> ExitCode {
    yardstick::run("plain", Parameters::clone, simulate)
}
