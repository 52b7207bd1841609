//! Naive rivals (enkle konkurrenter) of the model in hindcasts: what can be said without one.
//!
//! *Constant rates*: a stock S with the entries E and the exit rate x of the first simulated year
//! held constant, `S(t + 1) = S(t) (1 - x) + E`. Both are read off the model itself in its first
//! year, with the parameters as they were before any fit: x is the share of the stock at the start
//! (in the measure's unit) whose holders are not in it a year later; E is all that the stock has a
//! year later besides what the stayers brought. It knows the graduates of the first year and
//! nothing of later ones, no ageing, no change in intake.
//!
//! *Last trend*: the growth before the start carried on. No source gives growth by profession
//! before the starts, so that all have the all-staff FTE growth of their sectors, over the years
//! told before the start (the series breaks between 2014 and 2015, and growth is read before the
//! break only). Nothing is told of the years before 2011.

use crate::calibration::Target;
use crate::calibration::targets::Change;
use crate::dice::Key;
use crate::engine::life;
use crate::engine::{Entry, Observer, Walk};
use crate::evidence::Facts;
use crate::population::Person;
use crate::population::positions::{BANDS, band_means};
use crate::runs::Model;
use crate::words::{Problem, Sector, Year};
use std::collections::{BTreeMap, HashMap};

/// Nobody counts flows here.
struct Unseen;

impl Observer for Unseen {
    fn entered(&mut self, _: &Person, _: Entry, _: Year) {}
    fn changed(&mut self, _: &life::Change<'_>) {}
}

/// Who counts in a target's stock, and for how much.
struct Counted {
    grades: Vec<bool>,
    sectors: Vec<Sector>,
    /// FTE of each band, or 1.
    weights: [f64; BANDS],
}

impl Counted {
    /// None if the target is no growth of people or FTE at work in sectors of the whole country.
    fn of(model: &Model, target: &Target, means: &[f64; BANDS]) -> Option<Counted> {
        let of = &target.of;
        let lists = &model.data.classification;
        let weights = match of.measure.as_str() {
            "supply_fte" => *means,
            "persons" => [1.0; BANDS],
            _ => return None,
        };
        let whole = target.over.is_none() && of.zone.is_none();
        let sectors = sectors(target, of.measure == "supply_fte");
        if !whole || sectors.is_empty() || target.change != Some(Change::Growth) {
            return None;
        }
        let wanted = |grade: usize| {
            let own = &lists.grades[grade];
            let profession = lists.professions.get(own.profession).map(|p| &p.id);
            let one = |named: &Option<String>, id: Option<&String>| {
                named.is_none() || named.as_ref() == id
            };
            profession.is_some() && one(&of.profession, profession) && one(&of.grade, Some(&own.id))
        };
        Some(Counted {
            grades: (0..lists.grades.len()).map(wanted).collect(),
            sectors,
            weights,
        })
    }

    fn weight(&self, person: &Person) -> f64 {
        let counts = person.status.is_employed()
            && self.sectors.contains(&person.sector)
            && self.grades.get(usize::from(person.grade)) == Some(&true);
        match counts {
            true => self.weights[person.band.index()],
            false => 0.0,
        }
    }
}

/// The sectors that a target names; those of health and care for a measure of them.
fn sectors(target: &Target, of_health: bool) -> Vec<Sector> {
    let mut named = target.of.sector.iter().chain(&target.of.sectors).peekable();
    let all = named.peek().is_none() && of_health;
    let own = Sector::ALL.iter().copied();
    match all {
        true => own.filter(|sector| sector.is_health()).collect(),
        false => {
            let named: Vec<&String> = named.collect();
            own.filter(|sector| named.iter().any(|id| *id == sector.id()))
                .collect()
        }
    }
}

/// A stock with constant rates.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Flows {
    /// Stock at the start, in the measure's unit.
    pub start: f64,
    /// Entries a year, in the measure's unit.
    pub entries: f64,
    /// Share that leaves in a year.
    pub exit: f64,
}

impl Flows {
    /// The stock some years after the start.
    pub fn after(&self, years: u32) -> f64 {
        (0..years).fold(self.start, |stock, _| {
            stock * (1.0 - self.exit) + self.entries
        })
    }

    /// Mean yearly growth between two years after the start.
    fn growth(&self, from: u32, to: u32) -> f64 {
        (self.after(to) / self.after(from)).powf(1.0 / f64::from(to - from)) - 1.0
    }
}

/// The first year's flows of each target's stock, mean over seeds; none where they are not
/// defined.
///
/// # Errors
/// A [`Problem`] if a parameter is missing.
pub fn flows(model: &Model, targets: &[Target], seeds: u64) -> Result<Vec<Option<Flows>>, Problem> {
    let means = band_means(&model.data)?;
    let counted: Vec<Option<Counted>> = targets
        .iter()
        .map(|target| Counted::of(model, target, &means))
        .collect();
    let start = model.base.year;
    let mut sums = vec![(0.0, 0.0, 0.0); targets.len()];
    for seed in 1..=seeds {
        let mut walk = Walk::new(&model.base.population, start, Key::new(seed, 0));
        let before: HashMap<u64, Person> = walk.population.people().map(|p| (p.id, p)).collect();
        walk.next(model.rules_in(start + 1), &mut Unseen);
        let after: HashMap<u64, Person> = walk.population.people().map(|p| (p.id, p)).collect();
        for (sum, counted) in sums.iter_mut().zip(&counted) {
            let Some(counted) = counted else { continue };
            // In the order of the people, so that sums are the same every time.
            for person in model.base.population.people() {
                let held = before.get(&person.id).map_or(0.0, |p| counted.weight(p));
                let holds = after.get(&person.id).map_or(0.0, |p| counted.weight(p));
                sum.0 += held;
                sum.1 += if holds > 0.0 { held } else { 0.0 };
            }
            for person in walk.population.people() {
                sum.2 += counted.weight(&person);
            }
        }
    }
    let real = seeds as f64 * model.base.scale;
    let flows = |(counted, (start, stay, end)): (&Option<Counted>, &(f64, f64, f64))| {
        counted.as_ref().filter(|_| *start > 0.0).map(|_| Flows {
            start: start / real,
            entries: (end - stay) / real,
            exit: 1.0 - stay / start,
        })
    };
    Ok(counted.iter().zip(&sums).map(flows).collect())
}

/// What constant rates say of a target.
pub fn constant_rates(flows: &Flows, target: &Target, start: Year) -> f64 {
    let first = target.years[0];
    let last = target.years[target.years.len() - 1];
    flows.growth(u32::from(first - start), u32::from(last - start))
}

/// What the last trend says of a target; none where nothing is told of the years before.
pub fn last_trend(facts: &Facts, target: &Target, start: Year) -> Option<f64> {
    // By year: FTE of the sectors told, and how many they are.
    let mut told: BTreeMap<Year, (f64, usize)> = BTreeMap::new();
    let sectors = sectors(target, target.of.measure == "supply_fte");
    for fact in facts.ids().filter_map(|id| facts.get(id)) {
        let own = fact.quantity == "fte" && fact.about[0] == "all_staff";
        let inside = sectors.iter().any(|sector| sector.id() == fact.about[1]);
        let year = fact.about[5].parse::<Year>().ok().filter(|y| *y < start);
        if let (true, true, Some(year), Some(value)) = (own, inside, year, fact.value) {
            let entry = told.entry(year).or_default();
            entry.0 += value;
            entry.1 += 1;
        }
    }
    let most = told.values().map(|(_, sectors)| *sectors).max()?;
    told.retain(|_, (_, sectors)| *sectors == most);
    let (first, last) = (told.iter().next()?, told.iter().next_back()?);
    let years = last.0 - first.0;
    (years > 0).then(|| (last.1.0 / first.1.0).powf(1.0 / f64::from(years)) - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::{Experiment, Targets};
    use crate::evidence::DataFolder;
    use crate::parameters::{FreeParameters, ModelData};

    fn hindcast() -> (Experiment, Model) {
        let overlay = "hindcast/from_2015.toml";
        let data = ModelData::overlaid(DataFolder::Embedded, None, overlay).unwrap();
        let targets = Targets::read(&data, "hindcast/series_2015.toml", 2015).unwrap();
        let free = FreeParameters::default();
        let experiment = Experiment::on(data, free, targets, 2015, (0.05, 1)).unwrap();
        let model = experiment.model(&[]).unwrap();
        (experiment, model)
    }

    #[test]
    fn constant_rates_lead_towards_a_steady_stock() {
        let flows = Flows {
            start: 100.0,
            entries: 10.0,
            exit: 0.05,
        };
        assert_eq!(flows.after(0), 100.0);
        assert_eq!(flows.after(1), 105.0);
        assert!((flows.after(400) - 200.0).abs() < 1e-6);
        assert!((flows.growth(0, 2) - (1.0975_f64.sqrt() - 1.0)).abs() < 1e-12);
        assert!(flows.growth(0, 1) > flows.growth(1, 2));
    }

    /// After one year the rival is the model itself: its stocks are those of the outputs.
    #[test]
    fn the_first_year_is_the_model_s_own() {
        let (experiment, model) = hindcast();
        let targets = &experiment.targets.all;
        let flows = flows(&model, targets, 1).unwrap();
        let values = experiment.values(&[], &mut Walk::default()).unwrap();
        let mut tried = 0;
        for ((target, flows), value) in targets.iter().zip(&flows).zip(&values) {
            let flows = flows.unwrap();
            assert!(
                (0.0..0.5).contains(&flows.exit),
                "{}: {flows:?}",
                target.name
            );
            assert!(flows.entries > 0.0, "{}: {flows:?}", target.name);
            if target.years == [2015, 2016] {
                let found = constant_rates(&flows, target, 2015);
                assert!(
                    (found - value).abs() < 1e-9,
                    "{}: {found} {value}",
                    target.name
                );
                tried += 1;
            }
        }
        assert_eq!(tried, 2);
    }

    #[test]
    fn the_last_trend_is_that_before_the_start_and_the_break() {
        let (experiment, model) = hindcast();
        let facts = &model.data.facts;
        let of = |name: &str| {
            let all = &experiment.targets.all;
            all.iter().find(|target| target.name == name).unwrap()
        };
        let municipal = of("hindcast_2015_fte_municipal_nurse_2021");
        let found = last_trend(facts, municipal, 2015).unwrap();
        assert!((found - ((161_154.0_f64 / 153_869.0).cbrt() - 1.0)).abs() < 1e-12);
        let both = last_trend(facts, of("hindcast_2015_health_educated_2020"), 2015).unwrap();
        let (first, last) = (153_869.0 + 110_059.0, 161_154.0 + 114_644.0_f64);
        assert!(
            (both - ((last / first).cbrt() - 1.0)).abs() < 1e-12,
            "{both}"
        );
        assert_eq!(last_trend(facts, municipal, 2011), None);
    }
}
