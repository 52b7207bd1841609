//! Statistical agreement with `careers-ref/reference.csv`, by the rule in its `README.md`.

use crate::{Outcome, STATES, Task};

/// What the reference simulated.
pub const TASK: Task = Task {
    people: 20_000,
    years: 30,
    seed: 1,
};

/// Seeds of the reference.
const REFERENCE_SEEDS: f64 = 400.0;
/// Allowed deviation of a mean, in standard errors.
const TOLERANCE: f64 = 4.0;

/// One line of the reference.
struct Cell {
    label: String,
    place: Place,
    mean: f64,
    sd: f64,
}

/// Where a cell's value stands in an outcome.
enum Place {
    Count(usize, usize, usize),
    Fte(usize, usize, usize),
    PersonYears,
}

impl Cell {
    fn read(states: &[String; STATES], line: &str) -> Result<Self, String> {
        let complain = || format!("reference.csv: cannot be understood: {line}");
        let fields: Vec<&str> = line.split(',').collect();
        let [measure, year, state, zone, mean, sd] = fields[..] else {
            return Err(complain());
        };
        let place = if measure == "person_years" {
            Place::PersonYears
        } else {
            let year = year.parse().ok().filter(|year| *year <= TASK.years);
            let state = states.iter().position(|name| name == state);
            let zone = ["rural", "central"].iter().position(|name| *name == zone);
            match (measure, year, state, zone) {
                ("count", Some(year), Some(state), Some(zone)) => Place::Count(year, state, zone),
                ("fte", Some(year), Some(state @ 1..=4), Some(zone)) => {
                    Place::Fte(year, state - 1, zone)
                }
                _ => return Err(complain()),
            }
        };
        Ok(Self {
            label: fields[..4].join(","),
            place,
            mean: mean.parse().map_err(|_| complain())?,
            sd: sd.parse().map_err(|_| complain())?,
        })
    }

    /// The value in an outcome; no number if its tables are too short.
    fn value(&self, outcome: &Outcome) -> f64 {
        let value = match self.place {
            Place::Count(year, state, zone) => {
                let table = outcome.counts.get(year);
                table.map(|table| table[state][zone] as f64)
            }
            Place::Fte(year, sector, zone) => {
                outcome.fte.get(year).map(|table| table[sector][zone])
            }
            Place::PersonYears => Some(outcome.person_years as f64),
        };
        value.unwrap_or(f64::NAN)
    }
}

/// Whether every cell's mean over the outcomes lies near enough to the reference; tells those that
/// do not.
pub fn agrees(
    states: &[String; STATES],
    reference: &str,
    outcomes: impl Iterator<Item = Outcome>,
) -> Result<bool, String> {
    let lines = reference.lines().skip(1);
    let cells: Vec<Cell> = lines
        .map(|line| Cell::read(states, line))
        .collect::<Result<_, _>>()?;
    let mut sums = vec![0.0; cells.len()];
    let mut seeds = 0;
    for outcome in outcomes {
        for (sum, cell) in sums.iter_mut().zip(&cells) {
            *sum += cell.value(&outcome);
        }
        seeds += 1;
    }
    let spread = (1.0 / f64::from(seeds) + 1.0 / REFERENCE_SEEDS).sqrt();
    let mut disagree = 0;
    let mut largest = 0.0_f64;
    for (sum, cell) in sums.iter().zip(&cells) {
        let mean = sum / f64::from(seeds);
        let difference = (mean - cell.mean).abs();
        let error = cell.sd * spread;
        if cell.sd > 0.0 {
            largest = largest.max(difference / error);
        }
        // A value that is no number must not pass.
        if difference > TOLERANCE * error || difference.is_nan() {
            disagree += 1;
            eprintln!(
                "disagrees: {}: mean {mean:.4}, reference {:.4}, standard error {error:.4}",
                cell.label, cell.mean
            );
        }
    }
    println!(
        "{} cells checked over {seeds} seeds, {disagree} disagree, \
         largest deviation {largest:.2} standard errors",
        cells.len()
    );
    Ok(disagree == 0 && !cells.is_empty())
}
