//! What every Rust program of the career workload shares, so that a program holds its simulation
//! and nothing else: the parameters, what a simulation gives, the command line, the timing, and
//! the check against the reference.

mod check;
mod flags;

use cpu_time::ProcessTime;
use flags::Flags;
use serde::Deserialize;
use std::fs;
use std::process::ExitCode;

/// Where the workload's definition lies.
const DEFINITION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../careers-ref");

/// States of a person, in the order of the tables: study, four sectors of work, disability,
/// retired, dead.
pub const STATES: usize = 8;
/// Zones: rural, central.
pub const ZONES: usize = 2;
/// Sectors of work: the states 1 to 4.
pub const SECTORS: usize = 4;
/// Bands of full-time equivalents.
pub const FTE_BANDS: usize = 4;

/// The workload's probabilities; the indices are told in `careers-ref/README.md`.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Parameters {
    pub states: [String; STATES],
    pub fte_weight: [f64; FTE_BANDS],
    pub p_female: f64,
    pub p_central: f64,
    pub entrant_share: f64,
    pub init_age: Vec<f64>,
    pub init_state: Vec<[f64; 6]>,
    pub init_fte: [[f64; FTE_BANDS]; 2],
    pub entrant_age: Vec<f64>,
    pub death: [Vec<f64>; 2],
    pub disab: Vec<f64>,
    pub retire: Vec<f64>,
    pub grad: [[f64; 8]; ZONES],
    pub sector_tr: [[[[[f64; SECTORS]; 4]; 5]; ZONES]; SECTORS],
    pub zone_move: [[f64; 5]; ZONES],
    pub fte_tr: [[[[f64; FTE_BANDS]; FTE_BANDS]; 5]; 2],
}

impl Parameters {
    /// People who enter each year, of an initial population of `people`.
    #[must_use]
    pub fn entrants(&self, people: usize) -> usize {
        (self.entrant_share * people as f64).round_ties_even() as usize
    }
}

/// People by state and zone at the end of one year; retired and dead are those of all years.
pub type Counts = [[u64; ZONES]; STATES];

/// Full-time equivalents by sector and zone at the end of one year.
pub type Fte = [[f64; ZONES]; SECTORS];

/// What a simulation gives; the tables begin with the initial population.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// People, a table a year.
    pub counts: Vec<Counts>,
    /// Full-time equivalents, a table a year.
    pub fte: Vec<Fte>,
    /// Active people at the start of each year, summed over the years.
    pub person_years: u64,
}

/// What to simulate.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    /// The initial population.
    pub people: usize,
    /// Simulated years.
    pub years: usize,
    /// Two tasks that differ only in the seed are independent draws.
    pub seed: u64,
}

/// The whole of a program named `name`: reads the parameters, lets `prepare` turn them into the
/// program's own tables (not timed), and times or checks `simulate` as the command line says.
pub fn run<P>(
    name: &str,
    prepare: impl FnOnce(&Parameters) -> P,
    simulate: impl Fn(&P, Task) -> Outcome,
) -> ExitCode {
    match work(name, prepare, simulate) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn work<P>(
    name: &str,
    prepare: impl FnOnce(&Parameters) -> P,
    simulate: impl Fn(&P, Task) -> Outcome,
) -> Result<bool, String> {
    let flags = Flags::read(std::env::args().skip(1))?;
    let path = format!("{DEFINITION}/params.json");
    let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let parameters: Parameters =
        serde_json::from_str(&text).map_err(|error| format!("{path}: {error}"))?;
    let prepared = prepare(&parameters);
    if flags.check {
        let path = format!("{DEFINITION}/reference.csv");
        let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let seeds = flags.seed..flags.seed + flags.seeds;
        let outcomes = seeds.map(|seed| {
            simulate(
                &prepared,
                Task {
                    seed,
                    ..check::TASK
                },
            )
        });
        return check::agrees(&parameters.states, &text, outcomes);
    }
    let task = Task {
        people: flags.people,
        years: flags.years,
        seed: flags.seed,
    };
    let mut seconds = Vec::new();
    let mut person_years = 0;
    for _ in 0..flags.repeat {
        let began = ProcessTime::now();
        person_years = std::hint::black_box(simulate(&prepared, task)).person_years;
        seconds.push(began.elapsed().as_secs_f64());
    }
    let seconds = median(&mut seconds);
    let rate = person_years as f64 / seconds / 1e6;
    let peak = peak_mb().map_or("null".to_owned(), |peak| format!("{peak:.1}"));
    println!(
        "{{\"implementation\": \"{name}\", \"people\": {}, \"years\": {}, \
         \"person_years\": {person_years}, \"seconds\": {seconds:.6}, \
         \"million_person_years_per_second\": {rate:.3}, \"peak_mb\": {peak}}}",
        task.people, task.years
    );
    Ok(true)
}

/// The peak of resident memory, where the system tells it in `/proc`. What a parent measures of a
/// small child can be the parent's own.
fn peak_mb() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

/// The middle value, or the mean of the two middle ones; `values` must not be empty.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 {
        values[middle]
    } else {
        (values[middle - 1] + values[middle]) / 2.0
    }
}
