//! The reference people: those at work in the base year, on whom intercepts are set so that the
//! mean probability is the published rate.

use super::predictor::{Lookup, Predictor, SPAN, STEPS, Scene};
use crate::population::{Person, Population};
use crate::words::{Sector, Year};
use std::sync::LazyLock;

/// Working people of the base population by profession and sector, with their scenes; at most
/// this many of each, evenly taken, are used to set intercepts.
const SAMPLE: usize = 60_000;

/// The people on whom intercepts are set: those at work or on sick leave in the base year.
#[derive(Debug)]
pub struct Reference {
    /// By profession x sector.
    groups: Vec<Vec<(Person, Scene)>>,
    /// How many real sampled people each stands for, by profession x sector.
    weight: Vec<f64>,
}

impl Reference {
    /// Takes the reference people from the population of a base year, as their decisions of the
    /// year after will see them.
    pub fn take(population: &Population, base_year: Year, lookup: &Lookup) -> Reference {
        let year = base_year + 1;
        let size = lookup.professions * 4;
        let place = |p: &Person| {
            let profession = usize::from(lookup.profession[usize::from(p.grade)]);
            (p.status.is_employed() && profession < lookup.professions)
                .then_some(profession * 4 + p.sector.index())
        };
        let mut counts = vec![0usize; size];
        for person in population.people() {
            if let Some(group) = place(&person) {
                counts[group] += 1;
            }
        }
        let stride: Vec<usize> = counts.iter().map(|n| n.div_ceil(SAMPLE).max(1)).collect();
        let mut groups = vec![Vec::new(); size];
        let mut seen = vec![0usize; size];
        for person in population.people() {
            if let Some(group) = place(&person) {
                if seen[group].is_multiple_of(stride[group]) {
                    groups[group].push((person, Scene::of(&person, year, lookup)));
                }
                seen[group] += 1;
            }
        }
        let weight = (0..size)
            .map(|g| counts[g] as f64 / groups[g].len().max(1) as f64)
            .collect();
        Reference { groups, weight }
    }

    /// The people of a profession in a sector.
    pub fn of(&self, profession: usize, sector: Sector) -> &[(Person, Scene)] {
        &self.groups[profession * 4 + sector.index()]
    }

    /// How many people a profession has in a sector.
    pub fn count(&self, profession: usize, sector: Sector) -> f64 {
        let group = profession * 4 + sector.index();
        self.groups[group].len() as f64 * self.weight[group]
    }

    /// All people of a profession.
    pub fn of_profession(&self, profession: usize) -> Vec<(Person, Scene)> {
        self.groups[profession * 4..profession * 4 + 4].concat()
    }

    /// Everybody.
    pub fn everybody(&self) -> Vec<(Person, Scene)> {
        self.groups.concat()
    }

    /// The mean probability of a predictor over the people of a profession in a sector, and over
    /// those of them under an age.
    pub fn means(
        &self,
        predictor: &Predictor,
        profession: usize,
        sector: Sector,
        under: usize,
    ) -> [f64; 2] {
        let (mut sums, mut numbers) = ([0.0; 2], [0.0; 2]);
        for (person, scene) in self.of(profession, sector) {
            let chance = chance(predictor.eta(person, scene));
            sums[0] += chance;
            numbers[0] += 1.0;
            if scene.age < under {
                sums[1] += chance;
                numbers[1] += 1.0;
            }
        }
        let mean = |at: usize| {
            if numbers[at] > 0.0 {
                sums[at] / numbers[at]
            } else {
                0.0
            }
        };
        [mean(0), mean(1)]
    }
}

/// The probabilities of all log-odds within [`SPAN`].
static CHANCES: LazyLock<Vec<f64>> = LazyLock::new(|| (-SPAN..=SPAN).map(exactly).collect());

fn exactly(eta: i32) -> f64 {
    1.0 / (1.0 + (-f64::from(eta) / f64::from(STEPS)).exp())
}

/// The probability of log-odds in [`STEPS`].
pub fn chance(eta: i32) -> f64 {
    let known = CHANCES.get((eta + SPAN) as usize);
    known.copied().unwrap_or_else(|| exactly(eta))
}
