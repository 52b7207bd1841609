//! What a scenario brings and costs (virkning og kostnad): additional FTE-years and staff by group
//! of zones, whom they are taken from, and NOK for each additional FTE-year.
//!
//! All is told of health and care, agreed FTE, all professions together, scenario less base of the
//! same seed. An FTE-year is an FTE at the census of a year; they are added up over the years of
//! the run. What is discounted is worth 4 % less for each year after the scenario's first: the
//! rate that the Norwegian Ministry of Finance prescribes for the first 40 years (circular
//! R-109/2021).

use super::account::{Account, Staff};
use super::costs::{self, Use};
use super::design::{Arm, Design};
use super::paired::Pair;
use crate::bands::clustered::clustered;
use crate::bands::difference::positive;
use crate::bands::{QUANTILES, Summary, quantile, summarise};
use crate::need::SECTORS;
use crate::tallies::ALL;
use crate::words::{Sector, Year};
use std::ops::RangeInclusive;

/// The yearly rate of discount.
pub const RATE: f64 = 0.04;
/// The zones of a scenario's policies, in the zone column.
pub const TARGET: &str = "target";
/// Steps of the willingness to pay that acceptability is told at, and the size of one in NOK.
pub const STEPS: u32 = 50;
/// See [`STEPS`].
pub const STEP: f64 = 100_000.0;

/// One line about a scenario.
#[derive(Clone, Debug)]
pub struct Effect {
    /// What is measured.
    pub measure: &'static str,
    /// Where.
    pub zone: String,
    /// In which sector.
    pub sector: &'static str,
    /// The unit.
    pub unit: &'static str,
    /// Over the seeds.
    pub summary: Summary,
    /// Probability of being above 0, ties half.
    pub p_positive: f64,
    /// What a reader must know.
    pub note: String,
}

/// The costs of one policy in one year, over the seeds.
#[derive(Clone, Debug)]
pub struct PolicyYear {
    /// Position of the policy in the scenario.
    pub policy: usize,
    /// The year.
    pub year: Year,
    /// Participants.
    pub participants: Summary,
    /// New ones.
    pub new_participants: Summary,
    /// Cost less savings, NOK.
    pub cost: Summary,
}

/// Everything about one scenario.
#[derive(Clone, Debug)]
pub struct Told {
    /// Effects and costs.
    pub effects: Vec<Effect>,
    /// Costs by policy and year.
    pub policies: Vec<PolicyYear>,
    /// Zones of the FTE-years, willingness to pay for one, and the probability that the scenario
    /// is worth its cost.
    pub acceptability: Vec<(String, f64, f64)>,
}

/// A part of the country that effects are told of.
struct Part {
    name: String,
    zones: Vec<bool>,
}

fn parts(design: &Design, arm: &Arm) -> Vec<Part> {
    let in_group = |group: usize| design.group_of.iter().map(move |own| *own == group);
    let mut parts = vec![Part {
        name: TARGET.to_string(),
        zones: arm.target.clone(),
    }];
    for (group, name) in design.groups.iter().enumerate() {
        let elsewhere = in_group(group).zip(&arm.target);
        parts.push(Part {
            name: format!("other_{name}"),
            zones: elsewhere.map(|(own, target)| own && !target).collect(),
        });
    }
    for (group, name) in design.groups.iter().enumerate() {
        parts.push(Part {
            name: name.clone(),
            zones: in_group(group).collect(),
        });
    }
    parts.push(Part {
        name: ALL.to_string(),
        zones: vec![true; design.group_of.len()],
    });
    parts
}

/// What the year's weight is under discounting from a first year.
fn weight(first: Year, year: Year) -> f64 {
    (1.0 + RATE).powi(i32::from(first) - i32::from(year))
}

/// A number of staff, scenario less base, real people: in zones, and in one sector or all.
fn gain(
    (base, own): (&[Staff], &[Staff]),
    zones: &[bool],
    sector: Option<usize>,
    of: impl Fn(&Staff, usize) -> i64,
    scale: f64,
) -> f64 {
    let sum = |staff: &[Staff]| -> i64 {
        let inside = staff.iter().zip(zones).filter(|(_, inside)| **inside);
        let sectors = |staff| {
            let all = (0..SECTORS).filter(|s| sector.is_none_or(|own| own == *s));
            all.map(|s| of(staff, s)).sum::<i64>()
        };
        inside.map(|(staff, _)| sectors(staff)).sum()
    };
    (sum(own) - sum(base)) as f64 / scale
}

/// FTE gained in a part of the country in each simulated year.
fn fte_by_year(
    design: &Design,
    (base, own): (&Account, &Account),
    zones: &[bool],
    sector: Option<usize>,
) -> Vec<f64> {
    let years = base.staff.iter().zip(&own.staff).skip(1);
    years
        .map(|(base, own)| {
            let milli = |staff: &Staff, sector: usize| staff.milli_fte[sector];
            gain((base, own), zones, sector, milli, design.scale) / 1000.0
        })
        .collect()
}

fn line(
    measure: &'static str,
    zone: &str,
    sector: &'static str,
    unit: &'static str,
    (values, clusters): (Vec<f64>, &[u64]),
) -> Effect {
    Effect {
        measure,
        zone: zone.to_string(),
        sector,
        unit,
        p_positive: positive(&values),
        summary: summary(values, clusters),
        note: String::new(),
    }
}

/// The summary of values, one for each pair of runs. Those of one cluster do not stand alone,
/// unless there is no other cluster.
fn summary(mut values: Vec<f64>, clusters: &[u64]) -> Summary {
    let mcse = clustered(&values, clusters);
    let plain = summarise(&mut values);
    let alone = clusters.is_sorted_by(|one, next| one < next);
    match alone || clusters.iter().all(|own| Some(own) == clusters.first()) {
        true => plain,
        false => Summary { mcse, ..plain },
    }
}

/// NOK for each FTE-year gained: the ratio of the means, with the quantiles of the ratios of single
/// seeds. Where the sign of the gain differs between seeds, ratios of seeds mean nothing.
fn ratio(
    (measure, zone): (&'static str, &str),
    costs: &[f64],
    gains: &[f64],
    clusters: &[u64],
) -> Effect {
    let number = costs.len() as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / number;
    let (cost, gained) = (mean(costs), mean(gains));
    let ratio = cost / gained;
    let mut each: Vec<f64> = costs.iter().zip(gains).map(|(c, g)| c / g).collect();
    let one_sign = gains.iter().all(|g| *g > 0.0) || gains.iter().all(|g| *g < 0.0);
    let mut told = summarise(&mut each);
    told.mean = if gained == 0.0 { f64::NAN } else { ratio };
    // By the first terms of the ratio's series around the means.
    let residuals = costs.iter().zip(gains);
    let residuals = residuals.map(|(c, g)| (c - ratio * g) / gained);
    told.mcse = summary(residuals.collect(), clusters).mcse;
    let mut note = String::new();
    if one_sign {
        told.quantiles = QUANTILES.map(|(_, p)| quantile(&each, p));
    } else {
        (told.sd, told.mcse) = (f64::NAN, f64::NAN);
        told.quantiles = [f64::NAN; 7];
        note = "band not defined: the gain is positive in some runs and not in others".to_string();
    }
    if gained < 0.0 {
        note = format!(
            "FTE-years are lost{}",
            if one_sign { "" } else { "; band not defined" }
        );
    }
    Effect {
        measure,
        zone: zone.to_string(),
        sector: ALL,
        unit: "nok",
        p_positive: positive(&each),
        summary: told,
        note,
    }
}

/// What the lines about a scenario are made of.
struct Books<'a> {
    design: &'a Design,
    arm: &'a Arm,
    /// What each pair of runs shares with others.
    clusters: Vec<u64>,
    /// Accounts of base and scenario, by seed.
    accounts: Vec<(&'a Account, &'a Account)>,
    /// By seed, policy and simulated year.
    uses: Vec<Vec<Vec<Use>>>,
    /// By seed and policy.
    factors: Vec<Vec<f64>>,
}

/// FTE-years gained in a part of the country, or NOK, by seed: as they are, and discounted.
struct Amounts {
    zone: String,
    plain: Vec<f64>,
    discounted: Vec<f64>,
}

/// Everything there is to tell of the scenario in this position.
pub fn told(design: &Design, position: usize, pairs: &[Pair]) -> Told {
    let books = Books::open(design, position, pairs);
    let clusters = &books.clusters[..];
    let (mut effects, gained) = books.gains();
    let costs = books.costs();
    let mut acceptability = Vec::new();
    let mut about_costs = vec![
        line("cost", ALL, ALL, "nok", (costs.plain.clone(), clusters)),
        line(
            "cost_discounted",
            ALL,
            ALL,
            "nok",
            (costs.discounted.clone(), clusters),
        ),
    ];
    if books.arm.policies.iter().any(|own| own.cost.is_known()) {
        for own in &gained {
            let zone = &own.zone;
            about_costs.push(ratio(
                ("cost_per_fte_year", zone),
                &costs.plain,
                &own.plain,
                clusters,
            ));
            about_costs.push(ratio(
                ("cost_per_fte_year_discounted", zone),
                &costs.discounted,
                &own.discounted,
                clusters,
            ));
            for step in 0..=STEPS {
                let worth = f64::from(step) * STEP;
                let pairs = own.discounted.iter().zip(&costs.discounted);
                let net: Vec<f64> = pairs.map(|(fte, cost)| worth * fte - cost).collect();
                acceptability.push((zone.clone(), worth, positive(&net)));
            }
        }
    }
    let unknown = unknown(books.arm);
    for effect in &mut about_costs {
        let both = [effect.note.as_str(), unknown.as_str()].into_iter();
        let both: Vec<&str> = both.filter(|note| !note.is_empty()).collect();
        effect.note = both.join("; ");
    }
    effects.extend(about_costs);
    Told {
        effects,
        policies: books.policies(),
        acceptability,
    }
}

/// FTE-years gained where the policies act, and their cost, both discounted, by pair of runs.
pub fn discounted(design: &Design, position: usize, pairs: &[Pair]) -> [Vec<f64>; 2] {
    let books = Books::open(design, position, pairs);
    let target = books.gains().1.into_iter().find(|own| own.zone == TARGET);
    let gained = target.map_or(Vec::new(), |own| own.discounted);
    [gained, books.costs().discounted]
}

impl<'a> Books<'a> {
    fn open(design: &'a Design, position: usize, pairs: &'a [Pair]) -> Books<'a> {
        let arm = &design.scenarios[position];
        let both = |pair: &'a Pair| (&pair.base.account, &pair.scenarios[position].account);
        let accounts: Vec<(&Account, &Account)> = pairs.iter().map(both).collect();
        let factors = |pair: &Pair| {
            let policies = arm.policies.iter();
            policies
                .map(|policy| costs::factor(policy, pair.dice.cluster()))
                .collect()
        };
        Books {
            design,
            arm,
            uses: accounts
                .iter()
                .map(|(base, own)| costs::used(design, arm, base, own))
                .collect(),
            factors: pairs.iter().map(factors).collect(),
            clusters: pairs.iter().map(|pair| pair.dice.cluster()).collect(),
            accounts,
        }
    }

    /// The simulated years.
    fn years(&self) -> RangeInclusive<Year> {
        self.design.start + 1..=self.design.until
    }

    /// What the year's weight is under discounting.
    fn weight(&self, year: Year) -> f64 {
        weight(self.arm.first.unwrap_or(self.design.start + 1), year)
    }

    /// Gains by part of the country and sector, and the FTE-years that costs are held against.
    fn gains(&self) -> (Vec<Effect>, Vec<Amounts>) {
        let design = self.design;
        let rural = design.groups.last();
        let (mut effects, mut gained) = (Vec::new(), Vec::new());
        for part in parts(design, self.arm) {
            let zone = &part.name;
            for sector in [None, Some(0), Some(1)] {
                let id = sector.map_or(ALL, |own: usize| Sector::ALL[own].id());
                let years: Vec<Vec<f64>> = self
                    .accounts
                    .iter()
                    .map(|pair| fte_by_year(design, *pair, &part.zones, sector))
                    .collect();
                let plain: Vec<f64> = years.iter().map(|own| own.iter().sum()).collect();
                let last = years.iter().map(|own| own.last().copied().unwrap_or(0.0));
                let persons = self.persons(&part.zones, sector);
                for (measure, unit, values) in [
                    ("fte_years", "fte_years", plain.clone()),
                    ("fte_last_year", "fte", last.collect()),
                    ("persons_last_year", "persons", persons),
                ] {
                    effects.push(line(measure, zone, id, unit, (values, &self.clusters)));
                }
                if sector.is_none() && (Some(zone) == rural || zone == TARGET) {
                    let discounted = |own: &Vec<f64>| -> f64 {
                        let years = self.years().zip(own);
                        years.map(|(year, fte)| fte * self.weight(year)).sum()
                    };
                    gained.push(Amounts {
                        zone: zone.clone(),
                        discounted: years.iter().map(discounted).collect(),
                        plain,
                    });
                }
            }
        }
        (effects, gained)
    }

    /// Persons gained in the last year, by seed.
    fn persons(&self, zones: &[bool], sector: Option<usize>) -> Vec<f64> {
        let one = |(base, own): &(&Account, &Account)| {
            let (Some(base), Some(own)) = (base.staff.last(), own.staff.last()) else {
                return 0.0;
            };
            let persons = |staff: &Staff, sector: usize| staff.persons[sector];
            gain((base, own), zones, sector, persons, self.design.scale)
        };
        self.accounts.iter().map(one).collect()
    }

    /// What a policy costs in a year under a seed, less savings.
    fn cost(&self, seed: usize, policy: usize, year: Year) -> f64 {
        let first = self.design.start + 1;
        let used = self.uses[seed][policy][usize::from(year - first)];
        self.factors[seed][policy] * costs::cost(&self.arm.policies[policy], first, year, used)
    }

    /// What all policies together cost over the years, by seed.
    fn costs(&self) -> Amounts {
        let total = |seed: usize, weight: &dyn Fn(Year) -> f64| -> f64 {
            let of_year = |year: Year| -> f64 {
                let policies = 0..self.arm.policies.len();
                policies.map(|policy| self.cost(seed, policy, year)).sum()
            };
            self.years().map(|year| weight(year) * of_year(year)).sum()
        };
        let seeds = 0..self.accounts.len();
        let later = |year| self.weight(year);
        Amounts {
            zone: ALL.to_string(),
            plain: seeds.clone().map(|seed| total(seed, &|_| 1.0)).collect(),
            discounted: seeds.map(|seed| total(seed, &later)).collect(),
        }
    }

    /// Participants and costs by policy and year.
    fn policies(&self) -> Vec<PolicyYear> {
        let mut all = Vec::new();
        for (number, policy) in self.arm.policies.iter().enumerate() {
            for year in self.years().filter(|year| *year >= policy.from) {
                let at = usize::from(year - self.design.start - 1);
                let uses = || self.uses.iter().map(move |own| own[number][at]);
                let seeds = 0..self.accounts.len();
                all.push(PolicyYear {
                    policy: number,
                    year,
                    participants: self.over(uses().map(|own| own.participants)),
                    new_participants: self.over(uses().map(|own| own.new_participants)),
                    cost: self.over(seeds.map(|seed| self.cost(seed, number, year))),
                });
            }
        }
        all
    }

    /// The summary of numbers, one for each pair of runs.
    fn over(&self, numbers: impl Iterator<Item = f64>) -> Summary {
        summary(numbers.collect(), &self.clusters)
    }
}

/// Says of which policies no cost is known; empty if of none.
fn unknown(arm: &Arm) -> String {
    let unknown = arm.policies.iter().filter(|policy| !policy.cost.is_known());
    let unknown: Vec<&str> = unknown.map(|policy| policy.id.as_str()).collect();
    if unknown.is_empty() {
        return String::new();
    }
    format!("no cost is known of {}", unknown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_that_of_the_means() {
        let found = ratio(
            ("cost_per_fte_year", "rural"),
            &[10.0, 30.0],
            &[1.0, 4.0],
            &[1, 2],
        );
        assert_eq!(found.summary.mean, 8.0);
        assert_eq!(found.summary.median(), 8.75);
        assert_eq!((found.note.as_str(), found.p_positive), ("", 1.0));
        let mixed = ratio(
            ("cost_per_fte_year", "rural"),
            &[10.0, 30.0],
            &[-1.0, 4.0],
            &[1, 2],
        );
        assert!((mixed.summary.mean - 40.0 / 3.0).abs() < 1e-12);
        assert!(mixed.summary.median().is_nan() && mixed.note.contains("not defined"));
        let lost = ratio(
            ("cost_per_fte_year", "rural"),
            &[10.0, 30.0],
            &[-1.0, -4.0],
            &[1, 2],
        );
        assert_eq!(lost.note, "FTE-years are lost");
        let none = ratio(
            ("cost_per_fte_year", "rural"),
            &[0.0, 0.0],
            &[0.0, 0.0],
            &[1, 2],
        );
        assert!(none.summary.mean.is_nan() && none.summary.sd.is_nan());
    }

    #[test]
    fn later_years_weigh_less() {
        assert_eq!(weight(2026, 2026), 1.0);
        assert!((weight(2026, 2028) - 1.0 / 1.0816).abs() < 1e-12);
        assert!((weight(2026, 2025) - 1.04).abs() < 1e-12);
    }
}
