//! The balance of supply and need in 2040 beside table 2.1 of NOU 2023: 4: validation, since nothing
//! is fitted to it. Supply is the model's, need the national projection's by the model's mechanics.
//!
//! The source contradicts itself: tables 2.2 less 2.5 do not give 2.1. For physicians they give 700
//! FTE less, for social educators 700 more, for psychologists and dentists about 200 off; the line
//! tells what they give. The rows of table 2.1, four a profession (2019, low, middle, high):
//! nou_projections_0001, nou_projections_0002, nou_projections_0003, nou_projections_0004,
//! nou_projections_0005, nou_projections_0006, nou_projections_0007, nou_projections_0008,
//! nou_projections_0009, nou_projections_0010, nou_projections_0011, nou_projections_0012,
//! nou_projections_0013, nou_projections_0014, nou_projections_0015, nou_projections_0016,
//! nou_projections_0017, nou_projections_0018, nou_projections_0019, nou_projections_0020,
//! nou_projections_0021, nou_projections_0022, nou_projections_0023, nou_projections_0024,
//! nou_projections_0025, nou_projections_0026, nou_projections_0027, nou_projections_0028,
//! nou_projections_0029, nou_projections_0030, nou_projections_0031, nou_projections_0032,
//! nou_projections_0033, nou_projections_0034, nou_projections_0035, nou_projections_0036,
//! nou_projections_0037, nou_projections_0038, nou_projections_0039, nou_projections_0040,
//! nou_projections_0041, nou_projections_0042, nou_projections_0043, nou_projections_0044,
//! nou_projections_0045, nou_projections_0046, nou_projections_0047, nou_projections_0048,
//! nou_projections_0049, nou_projections_0050, nou_projections_0051, nou_projections_0052,
//! nou_projections_0053, nou_projections_0054, nou_projections_0055, nou_projections_0056,
//! nou_projections_0057, nou_projections_0058, nou_projections_0059, nou_projections_0060.

use super::model::Model;
use super::need_check::{noted, printed};
use crate::bands::summary::{Summary, summarise};
use crate::dice::Key;
use crate::engine::life::{Change, Entry};
use crate::engine::{Observer, Walk};
use crate::need::{Need, Request, Scenario};
use crate::population::Person;
use crate::population::positions::band_means;
use crate::words::{Problem, Year};
use rayon::prelude::*;

/// Runs that the balance is taken over, unless told otherwise.
pub const SEEDS: u64 = 4;
/// A balance within this of zero has no sign: the source rounds to 100 FTE.
pub const ROUNDING: f64 = 100.0;
/// A balance has the printed size if it is within this many FTE of it, or within [`PART`] of it.
pub const NEAR: f64 = 2000.0;
/// See [`NEAR`].
pub const PART: f64 = 0.25;

/// One profession in one scenario.
#[derive(Clone, Debug)]
pub struct Balance {
    /// Identifier of the profession; `all_health` is the sum of those printed.
    pub profession: String,
    /// The scenario of need.
    pub scenario: Scenario,
    /// Supply less need in FTE, over the runs.
    pub model: Summary,
    /// What table 2.1 says.
    pub printed: f64,
    /// What table 2.2 less table 2.5 says, if both have the profession.
    pub derived: Option<f64>,
}

impl Balance {
    /// Do the source's own tables give another balance, beyond what rounding can do? Supply and need
    /// are printed to 100 FTE, and so is the balance.
    pub fn is_contradicted(&self) -> bool {
        let differs = |derived: f64| (derived - self.printed).abs() > 1.5 * ROUNDING;
        self.derived.is_some_and(differs)
    }

    /// Do the signs agree? Those within rounding of zero agree with each other.
    pub fn same_sign(&self) -> bool {
        let sign = |fte: f64| {
            if fte.abs() <= ROUNDING {
                0.0
            } else {
                fte.signum()
            }
        };
        sign(self.model.mean) == sign(self.printed)
    }

    /// Is the size near what is printed?
    pub fn same_size(&self) -> bool {
        let off = (self.model.mean - self.printed).abs();
        off <= NEAR.max(PART * self.printed.abs())
    }
}

/// Nobody counts flows here.
struct Unseen;

impl Observer for Unseen {
    fn entered(&mut self, _: &Person, _: Entry, _: Year) {}
    fn changed(&mut self, _: &Change<'_>) {}
}

/// Supply less need by profession and scenario in a year, over some runs; none if the data folder
/// has no need.
///
/// # Errors
/// A [`Problem`] if a parameter is missing.
pub fn balance(model: &Model, seeds: u64, year: Year) -> Result<Vec<Balance>, Problem> {
    let runs = supply(model, seeds, year)?;
    let professions = &model.data.classification.professions;
    let mut lines = Vec::new();
    for scenario in Scenario::ALL {
        let request = Request {
            scenario,
            ..Request::default()
        };
        let Some(need) = Need::project(&model.data, &model.base, &request, year)? else {
            return Ok(lines);
        };
        let mut sums = vec![0.0; runs.len()];
        let mut line =
            |id: &str, mut gaps: Vec<f64>, printed_in: &dyn Fn(&str, &str, &str) -> Option<f64>| {
                let note = noted(scenario);
                let printed = printed_in("table 2.1", "balance_fte", note)?;
                let supplied = printed_in("table 2.2", "supply_fte", "single supply path");
                let needed = printed_in("table 2.5", "demand_fte", note);
                lines.push(Balance {
                    profession: id.to_string(),
                    scenario,
                    model: summarise(&mut gaps),
                    printed,
                    derived: supplied.zip(needed).map(|(s, n)| s - n),
                });
                Some(())
            };
        for (number, profession) in professions.iter().enumerate() {
            let id = profession.id.as_str();
            let needed = need.national(year, number);
            let gaps: Vec<f64> = runs.iter().map(|run| run[number] - needed).collect();
            let of = |table: &str, quantity: &str, note: &str| {
                printed(model, table, quantity, id, "all", note)
            };
            if line(id, gaps.clone(), &of).is_some() {
                sums.iter_mut().zip(gaps).for_each(|(s, gap)| *s += gap);
            }
        }
        let of = |table: &str, quantity: &str, note: &str| {
            printed(model, table, quantity, "all_health", "all", note)
        };
        line("all_health", sums, &of);
    }
    Ok(lines)
}

/// FTE in health and care by run and profession in a year, in real people's FTE.
fn supply(model: &Model, seeds: u64, year: Year) -> Result<Vec<Vec<f64>>, Problem> {
    let means = band_means(&model.data)?;
    let start = model.base.year;
    let professions = model.data.classification.professions.len();
    let run = |seed: u64| {
        let mut walk = Walk::new(&model.base.population, start, Key::new(seed, 0));
        for now in start + 1..=year {
            walk.next(model.rules_in(now), &mut Unseen);
        }
        let mut fte = vec![0.0; professions];
        for person in walk.population.people() {
            let profession = usize::from(model.rules.lookup.profession[usize::from(person.grade)]);
            if person.in_health() && person.status.is_employed() && profession < professions {
                fte[profession] += means[person.band.index()] / model.base.scale;
            }
        }
        fte
    };
    Ok((1..=seeds).into_par_iter().map(run).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(model: f64, printed: f64) -> Balance {
        Balance {
            profession: "nurse".into(),
            scenario: Scenario::Middle,
            model: summarise(&mut [model]),
            printed,
            derived: None,
        }
    }

    #[test]
    fn near_zero_there_is_no_sign() {
        assert!(line(80.0, -100.0).same_sign());
        assert!(!line(300.0, -100.0).same_sign());
        assert!(!line(300.0, -200.0).same_sign());
        assert!(line(-300.0, -9000.0).same_sign());
    }

    #[test]
    fn size_is_near_in_fte_or_in_part() {
        assert!(line(1500.0, -400.0).same_size());
        assert!(line(-23_000.0, -29_700.0).same_size());
        assert!(!line(-20_000.0, -29_700.0).same_size());
    }
}
