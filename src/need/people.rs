//! The people of the future by age and place: the nation as projected, and municipalities.
//!
//! The nation is given: a rebuild of the main alternative of the national population projection of
//! 2022, which the need projection rests on (`external/derived_ssb_mmm2022_reconstruction_age5_sex`);
//! no source gives it by municipality and age. Municipalities are projected in five-year steps from
//! 1 January 2020: each cohort shrinks or grows as the nation's, times five years of the relative
//! net migration of its health region, centrality class and age
//! (`external/derived_net_migration_rhf_x_centrality`; it is what is left of population change after
//! national mortality, so that a place's own mortality is in it). Children follow the number of 20
//! to 39 year-olds. Each step is then raked to the nation's ages and to the counties' shares of all
//! people (SSB's projection of 2024 to 2050, the last shares after that). Years between steps are
//! straight.
//!
//! Assumed: migration of a region and class is the same in all municipalities and for all years;
//! women and men are taken together, since use by age is. Classes are those of 2024 though the rates were
//! made for those of 2020 (they differ for few municipalities). The staff of a year serve the
//! people of its end, 1 January of the next.

use crate::evidence::Table;
use crate::parameters::zones::{POPULATION_AGES, identifier};
use crate::parameters::{ModelData, Zones};
use crate::words::{Problem, Year};
use std::collections::BTreeMap;

/// Five-year age classes, the last open.
pub const CLASSES: usize = POPULATION_AGES.len();

/// Persons (or use) by five-year age class.
pub type Persons = [f64; CLASSES];

/// The steps of the projection: 1 January of these years.
pub const STEPS: [Year; 9] = [2020, 2025, 2030, 2035, 2040, 2045, 2050, 2055, 2060];

/// Age classes whose people have the children: 20 to 39.
const PARENTS: std::ops::Range<usize> = 4..8;
/// The centrality classes.
const CENTRALITY: usize = 6;
/// Rounds of raking; what is left after them is far below a person.
const ROUNDS: usize = 30;

const NATION: &str = "external/derived_ssb_mmm2022_reconstruction_age5_sex.csv";
const MIGRATION: &str = "external/derived_net_migration_rhf_x_centrality.csv";
const COUNTIES: &str = "external/ssb_projection_2024_county_total.csv";

/// Numbers that are straight lines between the [`STEPS`], and after the last.
fn between(year: Year, at: impl Fn(usize) -> f64) -> f64 {
    let day = f64::from(year) + 1.0;
    let from = STEPS
        .iter()
        .rposition(|step| f64::from(*step) <= day)
        .unwrap_or(0)
        .min(STEPS.len() - 2);
    let share = (day - f64::from(STEPS[from])) / f64::from(STEPS[from + 1] - STEPS[from]);
    at(from) * (1.0 - share) + at(from + 1) * share
}

/// The nation's people by age at each step.
#[derive(Clone, Debug)]
pub struct Nation {
    steps: Vec<Persons>,
}

impl Nation {
    /// Reads the national projection; the first step is the sum of the municipalities.
    ///
    /// # Errors
    /// A [`Problem`] if a year or a number is missing.
    pub fn read(data: &ModelData) -> Result<Nation, Problem> {
        let mut columns = vec!["year", "sex"];
        columns.extend(POPULATION_AGES);
        let table = Table::read(&data.folder, NATION, &columns)?;
        table.forbid_duplicates(&["year", "sex"])?;
        let mut steps = vec![[0.0; CLASSES]; STEPS.len()];
        for town in &data.zones.municipalities {
            add(&mut steps[0], &town.population);
        }
        for row in table.rows() {
            let year = table.number(row, "year")?;
            let Some(step) = STEPS.iter().position(|step| f64::from(*step) == year) else {
                continue;
            };
            for (class, age) in POPULATION_AGES.iter().enumerate() {
                steps[step][class] += table.number(row, age)?;
            }
        }
        match steps.iter().position(|step| step.iter().any(|n| *n <= 0.0)) {
            None => Ok(Nation { steps }),
            Some(empty) => Err(Problem::in_file(
                &table.file,
                "an age without people, or a year missing",
            )
            .about("year", STEPS[empty].to_string())
            .mend("give both sexes of every fifth year, 2025 to 2060")),
        }
    }

    /// The people that the staff of a year serve: those of its end.
    pub fn at(&self, year: Year) -> Persons {
        std::array::from_fn(|class| between(year, |step| self.steps[step][class]))
    }
}

fn add(sum: &mut Persons, more: &Persons) {
    sum.iter_mut().zip(more).for_each(|(s, m)| *s += m);
}

/// The people of every municipality by age at each step.
#[derive(Clone, Debug)]
pub struct Towns {
    /// By step, then municipality.
    steps: Vec<Vec<Persons>>,
}

impl Towns {
    /// Projects the municipalities of the data folder.
    ///
    /// # Errors
    /// A [`Problem`] if a table lacks a class, an age, a county or a year.
    pub fn project(data: &ModelData, nation: &Nation) -> Result<Towns, Problem> {
        let towns = &data.zones.municipalities;
        let migration = migration(data)?;
        let mut counties: Vec<&str> = towns.iter().map(|t| t.county.as_str()).collect();
        counties.sort_unstable();
        counties.dedup();
        let shares = county_shares(data, &counties)?;
        let county: Vec<usize> = towns
            .iter()
            .map(|t| counties.iter().position(|c| *c == t.county).unwrap_or(0))
            .collect();
        let mut steps: Vec<Vec<Persons>> = vec![towns.iter().map(|t| t.population).collect()];
        for step in 1..STEPS.len() {
            let before = &steps[step - 1];
            let (was, is) = (&nation.steps[step - 1], &nation.steps[step]);
            let mut now: Vec<Persons> = before
                .iter()
                .zip(&migration)
                .map(|(people, stay)| older(people, was, is, stay))
                .collect();
            rake(&mut now, is, &county, &shares[step - 1]);
            steps.push(now);
        }
        Ok(Towns { steps })
    }

    /// The people of a municipality that the staff of a year serve.
    pub fn at(&self, town: usize, year: Year) -> Persons {
        std::array::from_fn(|class| between(year, |step| self.steps[step][town][class]))
    }

    /// The people of a municipality on 1 January of a year.
    pub fn on_new_year(&self, town: usize, year: Year) -> Persons {
        self.at(town, year - 1)
    }

    /// The people of every zone that the staff of a year serve.
    pub fn by_zone(&self, zones: &Zones, year: Year) -> Vec<Persons> {
        let of = |members: &[usize]| {
            let mut sum = [0.0; CLASSES];
            members
                .iter()
                .for_each(|t| add(&mut sum, &self.at(*t, year)));
            sum
        };
        zones.zones.iter().map(|z| of(&z.members)).collect()
    }
}

/// A municipality's people five years on, before raking.
fn older(people: &Persons, was: &Persons, is: &Persons, stay: &Persons) -> Persons {
    let mut now = [0.0; CLASSES];
    let last = CLASSES - 1;
    for class in 1..last {
        now[class] = people[class - 1] * stay[class - 1] * is[class] / was[class - 1];
    }
    let old = |of: &Persons| of[last - 1] + of[last];
    now[last] =
        (people[last - 1] * stay[last - 1] + people[last] * stay[last]) * is[last] / old(was);
    let parents = |of: &Persons| of[PARENTS].iter().sum::<f64>();
    now[0] = parents(&now) * is[0] / parents(is);
    now
}

/// Scales people by turns to the nation's ages and to the counties' shares of everybody, and ends
/// with the nation's ages.
fn rake(towns: &mut [Persons], ages: &Persons, county: &[usize], shares: &[f64]) {
    let everybody: f64 = ages.iter().sum();
    for round in 0..=ROUNDS {
        let mut sums = [0.0; CLASSES];
        towns.iter().for_each(|people| add(&mut sums, people));
        for people in towns.iter_mut() {
            for class in 0..CLASSES {
                people[class] *= ages[class] / sums[class];
            }
        }
        if round == ROUNDS {
            break;
        }
        let mut inside = vec![0.0; shares.len()];
        for (people, county) in towns.iter().zip(county) {
            inside[*county] += people.iter().sum::<f64>();
        }
        for (people, county) in towns.iter_mut().zip(county) {
            let factor = everybody * shares[*county] / inside[*county];
            people.iter_mut().for_each(|n| *n *= factor);
        }
    }
}

/// What five years of net migration relative to the nation leave, by age: mean of the periods and
/// sexes, weighted by people.
#[derive(Clone, Debug, Default)]
struct Stay {
    moved: Persons,
    people: Persons,
}

impl Stay {
    fn add(&mut self, age: usize, people: f64, rate: f64) {
        self.moved[age] += people * rate;
        self.people[age] += people;
    }

    /// Shares left by age. The rates hold what people in a place die more or less of than the nation
    /// as well, so ages beyond the table go on with its last one.
    fn shares(&self) -> Persons {
        let mut last = 0.0;
        std::array::from_fn(|age| {
            if self.people[age] > 0.0 {
                last = self.moved[age] / self.people[age];
            }
            (1.0 + last).max(0.0).powi(5)
        })
    }
}

/// What is left of each municipality's people by age: of its health region and centrality class,
/// or of the class in the whole country where the table has no such place.
fn migration(data: &ModelData) -> Result<Vec<Persons>, Problem> {
    let columns = [
        "rhf",
        "sentr_klasse_2020",
        "sex",
        "period",
        "age_at_start",
        "pop_mean",
        "relative_rate_per_1000",
    ];
    let table = Table::read(&data.folder, MIGRATION, &columns)?;
    table.forbid_duplicates(&columns[..5])?;
    let mut places: BTreeMap<(String, usize), Stay> = BTreeMap::new();
    let mut classes = vec![Stay::default(); CENTRALITY];
    for row in table.rows() {
        let class = table.number(row, "sentr_klasse_2020")?;
        let age = table.text(row, "age_at_start");
        let number = POPULATION_AGES.iter().position(|a| *a == age);
        let (Some(age), true) = (number, (1.0..=CENTRALITY as f64).contains(&class)) else {
            return Err(Problem::in_file(&table.file, "unknown class or age")
                .at(row.line)
                .about("age_at_start", age)
                .mend("classes are 1 to 6, ages 0-4, 5-9 and so on"));
        };
        let people = table.number(row, "pop_mean")?;
        let rate = table.number(row, "relative_rate_per_1000")? / 1000.0;
        let class = class as usize - 1;
        let region = identifier(table.text(row, "rhf"));
        places
            .entry((region, class))
            .or_default()
            .add(age, people, rate);
        classes[class].add(age, people, rate);
    }
    let towns = data.zones.municipalities.iter().map(|town| {
        let class = usize::from(town.class) - 1;
        let own = places.get(&(town.region.clone(), class));
        own.unwrap_or(&classes[class]).shares()
    });
    Ok(towns.collect())
}

/// The counties' shares of everybody at each step after the first.
fn county_shares(data: &ModelData, counties: &[&str]) -> Result<Vec<Vec<f64>>, Problem> {
    let table = Table::read(&data.folder, COUNTIES, &["fylke", "year", "MMMM"])?;
    table.forbid_duplicates(&["fylke", "year"])?;
    let mut totals: BTreeMap<(usize, u32), f64> = BTreeMap::new();
    for row in table.rows() {
        let county = identifier(table.text(row, "fylke"));
        let Some(county) = counties.iter().position(|c| *c == county) else {
            return Err(
                Problem::in_file(&table.file, "no municipality lies in this county")
                    .at(row.line)
                    .about("fylke", county.clone())
                    .nearest(&county, counties.iter().copied()),
            );
        };
        let year = table.number(row, "year")? as u32;
        totals.insert((county, year), table.number(row, "MMMM")?);
    }
    let last = totals.keys().map(|(_, year)| *year).max().unwrap_or(0);
    let mut shares = Vec::new();
    for step in &STEPS[1..] {
        let year = u32::from(*step).min(last);
        let of = |county: usize| {
            totals.get(&(county, year)).copied().ok_or_else(|| {
                Problem::in_file(&table.file, "a county lacks a year")
                    .about("fylke", format!("{} {year}", counties[county]))
                    .mend("give every county every fifth year from 2025")
            })
        };
        let row: Vec<f64> = (0..counties.len()).map(of).collect::<Result<_, _>>()?;
        let sum: f64 = row.iter().sum();
        shares.push(row.into_iter().map(|n| n / sum).collect());
    }
    Ok(shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raking_meets_ages_and_counties() {
        let mut towns = vec![[10.0; CLASSES], [30.0; CLASSES], [20.0; CLASSES]];
        towns[2][18] = 90.0;
        let ages: Persons = std::array::from_fn(|class| 50.0 + class as f64);
        let everybody: f64 = ages.iter().sum();
        rake(&mut towns, &ages, &[0, 0, 1], &[0.3, 0.7]);
        for class in 0..CLASSES {
            let sum: f64 = towns.iter().map(|t| t[class]).sum();
            assert!((sum - ages[class]).abs() < 1e-9, "{class}: {sum}");
        }
        let second: f64 = towns[2].iter().sum();
        assert!((second / everybody - 0.7).abs() < 1e-6);
    }

    #[test]
    fn without_migration_a_town_like_the_nation_stays_like_it() {
        let was: Persons = std::array::from_fn(|class| 100.0 - class as f64);
        let is: Persons = std::array::from_fn(|class| 101.0 - 2.0 * class as f64);
        let town: Persons = was.map(|n| n / 100.0);
        let now = older(&town, &was, &is, &[1.0; CLASSES]);
        for class in 0..CLASSES {
            assert!((now[class] * 100.0 - is[class]).abs() < 1e-9);
        }
    }

    #[test]
    fn rates_are_weighted_by_people_and_go_on_beyond_the_table() {
        let mut stay = Stay::default();
        stay.add(0, 100.0, -0.02);
        stay.add(0, 300.0, 0.02);
        stay.add(15, 50.0, -0.1);
        let shares = stay.shares();
        assert!((shares[0] - 1.01_f64.powi(5)).abs() < 1e-12);
        assert!((shares[15] - 0.9_f64.powi(5)).abs() < 1e-12);
        assert_eq!(shares[16], shares[15]);
        assert_eq!(shares[CLASSES - 1], shares[15]);
    }

    #[test]
    fn people_between_steps_lie_on_a_line() {
        let step = |number: usize| f64::from(STEPS[number]);
        assert!((between(2019, step) - 2020.0).abs() < 1e-9);
        assert!((between(2040, step) - 2041.0).abs() < 1e-9);
        assert!((between(2062, step) - 2063.0).abs() < 1e-9, "and beyond");
    }
}
