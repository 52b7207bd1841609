//! Alignment (innretting): a run nudged to what has been observed, by the least change there is.
//!
//! A yes/no process is moved by one number added to everybody's log-odds (logit scaling: Stephensen
//! 2016, "Logit scaling: a general method for alignment in microsimulation models", International
//! Journal of Microsimulation 9(3)): of all ways to meet a total it is the one that says least new
//! (smallest relative entropy); who was certain or impossible stays so, and nobody changes places in
//! the order of probabilities. A choice among several is moved by one factor a choice, the same for
//! everybody.
//!
//! What alignment has found is kept as [`Factors`] by year. It is found once, on the base run, and
//! used again in every scenario: aligning a scenario anew would cancel the very effect it is run for.
//! Years without factors are as the parameters say; alignment tells what has been, not what comes.
//!
//! Moved: leaving a municipal job, by profession ([`super::leave_job`]); the sector of newcomers'
//! first job ([`super::first_job`]), among those who take one: in every row (grade and zone) as many
//! as before stay outside work.

use super::bounds::Bounds;
use super::predictor::{grades_of, steps};
use super::rules::Rules;
use crate::parameters::table::full_name;
use crate::parameters::{Classification, ModelData};
use crate::words::{Problem, Sector, Year};
use std::collections::{BTreeMap, BTreeSet};

/// Largest change of log-odds that is tried. Predictors end there as well.
const MOST: f64 = 16.0;
/// Relative to all weight, a total this near is met.
const NEAR: f64 = 1e-9;
/// Most rounds of bi-proportional iteration.
const ROUNDS: usize = 2000;

/// What a scaling found.
#[derive(Clone, Debug, PartialEq)]
pub struct Scaled<T> {
    /// The log-odds to add; the nearest there are if the target is out of reach.
    pub log_odds: T,
    /// How far from the target the sum stays, at worst, as a share of all weight.
    pub off: f64,
}

impl<T> Scaled<T> {
    /// Is the target met (to a millionth of all weight)?
    pub fn is_met(&self) -> bool {
        self.off < 1e-6
    }
}

/// The one number which, added to the log-odds of every probability (0 to 1), makes their sum,
/// weighted by weights of 0 or more, equal `target`. Probabilities of 0 and 1 stay what they are.
///
/// Out of reach (a target below the weight of the certain or above that of the possible), the
/// largest change tried, 16, and how far off it stays.
pub fn logit_scaling(
    probabilities: impl IntoIterator<Item = (f64, f64)>,
    target: f64,
) -> Scaled<f64> {
    let mut all = 0.0;
    let mut certain = 0.0;
    let mut movable: Vec<(f64, f64)> = Vec::new();
    for (probability, weight) in probabilities {
        all += weight;
        if probability >= 1.0 {
            certain += weight;
        } else if probability > 0.0 {
            movable.push(((probability / (1.0 - probability)).ln(), weight));
        }
    }
    let sum = |offset: f64| {
        let moved = movable
            .iter()
            .map(|(log_odds, weight)| weight / (1.0 + (-(log_odds + offset)).exp()));
        certain + moved.sum::<f64>()
    };
    let off = |offset: f64| (sum(offset) - target).abs() / all.max(f64::MIN_POSITIVE);
    // What is met already is left exactly as it is.
    if off(0.0) < NEAR {
        return Scaled {
            log_odds: 0.0,
            off: off(0.0),
        };
    }
    let (mut low, mut high) = (-MOST, MOST);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if sum(middle) < target {
            low = middle;
        } else {
            high = middle;
        }
    }
    let log_odds = f64::midpoint(low, high);
    Scaled {
        log_odds,
        off: off(log_odds),
    }
}

/// The log factors `a` of choices with which the weighted sums of the rows' probabilities, each row
/// multiplied by `exp(a)` and brought back to its own sum, are the `targets`: bi-proportional
/// iteration. A choice that is impossible in a row stays so. Only differences between factors mean
/// anything; they are given such that their mean, weighted by the targets, is 0.
///
/// `rows` are probabilities of 0 or more, one row a kind of person, `weights` how many of each, and
/// the targets ought to sum to the weight of all rows that have a choice. Out of reach (another sum,
/// or more of a choice than rows allow), the nearest found, and how far off it stays.
pub fn multinomial_scaling(
    rows: &[Vec<f64>],
    weights: &[f64],
    targets: &[f64],
) -> Scaled<Vec<f64>> {
    let mut factors = vec![0.0_f64; targets.len()];
    let sums = |factors: &[f64]| {
        let mut sums = vec![0.0; factors.len()];
        for (row, weight) in rows.iter().zip(weights) {
            let moved: Vec<f64> = row.iter().zip(factors).map(|(p, a)| p * a.exp()).collect();
            let total: f64 = moved.iter().sum();
            if total > 0.0 {
                for (sum, p) in sums.iter_mut().zip(&moved) {
                    *sum += weight * p / total;
                }
            }
        }
        sums
    };
    let all: f64 = weights.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let off = |sums: &[f64]| {
        let each = sums.iter().zip(targets).map(|(s, t)| (s - t).abs() / all);
        each.fold(0.0, f64::max)
    };
    let mut found = sums(&factors);
    for _ in 0..ROUNDS {
        if off(&found) < NEAR {
            break;
        }
        for ((factor, sum), target) in factors.iter_mut().zip(&found).zip(targets) {
            if *sum > 0.0 {
                let step = (target.max(0.0) / sum).ln();
                *factor = (*factor + step).clamp(-MOST, MOST);
            }
        }
        centre(&mut factors, targets);
        found = sums(&factors);
    }
    Scaled {
        off: off(&found),
        log_odds: factors,
    }
}

/// Moves factors so that their mean, weighted by the targets, is 0.
fn centre(factors: &mut [f64], targets: &[f64]) {
    let all: f64 = targets.iter().map(|t| t.max(0.0)).sum();
    if all > 0.0 {
        let weighted = factors.iter().zip(targets).map(|(a, t)| a * t.max(0.0));
        let mean = weighted.sum::<f64>() / all;
        factors.iter_mut().for_each(|factor| *factor -= mean);
    }
}

/// Largest factor that is kept or accepted.
const LARGEST: f64 = 2.0 * MOST;

/// What factors act on, as their names begin.
const LEAVING: &str = "leave_job.municipal";
const FIRST_SECTOR: &str = "first_job.sector";

/// What alignment has found, by name: log-odds to add, 0 being no change.
///
/// `leave_job.municipal[nurse,2020]`: on leaving a municipal job, by profession and year.
/// `first_job.sector[hospital,2020]`: on the sector of newcomers' first job, by sector and year.
/// The names are those of columns that can stand beside drawn parameters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Factors(BTreeMap<String, f64>);

impl Factors {
    /// Factors by name.
    ///
    /// # Errors
    /// A [`Problem`] for a name that alignment does not know (or an unknown profession or sector in
    /// it), a name given twice, or a number that is not from -32 to 32.
    pub fn from_pairs(
        lists: &Classification,
        pairs: impl IntoIterator<Item = (String, f64)>,
    ) -> Result<Factors, Problem> {
        let mut factors = Factors::default();
        for (name, value) in pairs {
            let complaint = |message: &str| {
                Problem::in_file("alignment factors", message)
                    .about(name.clone(), value.to_string())
            };
            let Some((process, of, _)) = parts(&name) else {
                let allowed = format!("{LEAVING}[nurse,2020], {FIRST_SECTOR}[hospital,2020]");
                return Err(complaint("not the name of a factor of alignment")
                    .mend(format!("names are such as {allowed}")));
            };
            if process == LEAVING && lists.profession(of).is_none() {
                return Err(complaint("unknown profession").nearest(of, lists.profession_ids()));
            }
            if process == FIRST_SECTOR && Sector::of_id(of).is_none() {
                let sectors = Sector::ALL.iter().map(|sector| sector.id());
                return Err(complaint("unknown sector").nearest(of, sectors));
            }
            if !(-LARGEST..=LARGEST).contains(&value) {
                return Err(complaint("a factor is a number from -32 to 32"));
            }
            if factors.0.insert(name.clone(), value).is_some() {
                return Err(complaint("the factor is given twice").mend("leave one of them out"));
            }
        }
        Ok(factors)
    }

    /// Names and log-odds, in the order of names.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(name, value)| (name.as_str(), *value))
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The years that have factors.
    pub fn years(&self) -> BTreeSet<Year> {
        self.0
            .keys()
            .filter_map(|name| parts(name).map(|(.., year)| year))
            .collect()
    }

    /// The factor on leaving a municipal job of a profession in a year.
    pub fn leaving(&self, profession: &str, year: Year) -> Option<f64> {
        self.get(LEAVING, profession, year)
    }

    /// The factors on the sector of newcomers' first job in a year; none where all are 0.
    pub fn first_sector(&self, year: Year) -> Option<[f64; 4]> {
        let mut factors = [0.0; 4];
        for sector in Sector::ALL {
            factors[sector.index()] = self
                .get(FIRST_SECTOR, sector.id(), year)
                .unwrap_or_default();
        }
        (factors != [0.0; 4]).then_some(factors)
    }

    /// Sets the factor on leaving a municipal job.
    pub fn set_leaving(&mut self, profession: &str, year: Year, log_odds: f64) {
        self.set(name_of(LEAVING, profession, year), log_odds);
    }

    /// Sets the factor on a sector of newcomers' first job.
    pub fn set_first_sector(&mut self, sector: Sector, year: Year, log_odds: f64) {
        self.set(name_of(FIRST_SECTOR, sector.id(), year), log_odds);
    }

    fn set(&mut self, name: String, log_odds: f64) {
        self.0.insert(name, log_odds.clamp(-LARGEST, LARGEST));
    }

    fn get(&self, process: &str, of: &str, year: Year) -> Option<f64> {
        self.0.get(&name_of(process, of, year)).copied()
    }
}

fn name_of(process: &str, of: &str, year: Year) -> String {
    full_name(process, &[of, &year.to_string()])
}

/// Process, key and year of a factor's name; a name must be written as [`name_of`] writes it.
fn parts(name: &str) -> Option<(&'static str, &str, Year)> {
    let (process, keys) = name.strip_suffix(']')?.split_once('[')?;
    let process = [LEAVING, FIRST_SECTOR]
        .into_iter()
        .find(|p| *p == process)?;
    let (of, written) = keys.split_once(',')?;
    let year: Year = written.parse().ok()?;
    (year.to_string() == written).then_some((process, of, year))
}

impl Rules {
    /// These rules with a year's factors added; the same rules where the year has none.
    pub fn aligned(&self, data: &ModelData, factors: &Factors, year: Year) -> Rules {
        let mut rules = self.clone();
        let lists = &data.classification;
        for (profession, about) in lists.professions.iter().enumerate() {
            if let Some(log_odds) = factors.leaving(&about.id, year) {
                for grade in grades_of(lists, profession) {
                    let leaving = &mut rules.leave_job.leaving;
                    leaving.add_base(grade, Sector::Municipal, steps(log_odds));
                }
            }
        }
        if let Some(log_factors) = factors.first_sector(year) {
            rules.first_job = rules.first_job.tilted(log_factors);
        }
        // Whoever runs without the quick test goes on without it.
        rules.bounds = self.bounds.is_some().then(|| Bounds::compile(&rules));
        rules
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn moved(p: f64, offset: f64) -> f64 {
        if p <= 0.0 || p >= 1.0 {
            return p;
        }
        let odds = p / (1.0 - p) * offset.exp();
        odds / (1.0 + odds)
    }

    fn spread(rows: &[Vec<f64>], weights: &[f64], factors: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; factors.len()];
        for (row, weight) in rows.iter().zip(weights) {
            let total: f64 = row.iter().zip(factors).map(|(p, a)| p * a.exp()).sum();
            for (sum, (p, a)) in sums.iter_mut().zip(row.iter().zip(factors)) {
                *sum += weight * p * a.exp() / total;
            }
        }
        sums
    }

    fn people() -> impl Strategy<Value = Vec<(f64, f64)>> {
        let some = prop_oneof![1 => Just(0.0), 1 => Just(1.0), 8 => 0.001f64..0.999];
        prop::collection::vec((some, 0.1f64..9.0), 1..60)
    }

    /// Rows over four choices of which each has at least two, the first always.
    fn rows() -> impl Strategy<Value = Vec<(Vec<f64>, f64)>> {
        let row = (0.05f64..1.0, 0.05f64..1.0, 0.0f64..1.0, 0.0f64..1.0).prop_map(
            |(a, b, mut c, mut d)| {
                // Some choices are impossible for some people.
                if c < 0.3 {
                    c = 0.0;
                }
                if d < 0.3 {
                    d = 0.0;
                }
                let all = a + b + c + d;
                vec![a / all, b / all, c / all, d / all]
            },
        );
        prop::collection::vec((row, 0.5f64..5.0), 1..30)
    }

    proptest! {
        #[test]
        fn logit_scaling_meets_a_target_within_reach(people in people(), part in 0.02f64..0.98) {
            let certain: f64 = people.iter().filter(|(p, _)| *p >= 1.0).map(|(_, w)| w).sum();
            let movable: f64 =
                people.iter().filter(|(p, _)| *p > 0.0 && *p < 1.0).map(|(_, w)| w).sum();
            prop_assume!(movable > 0.0);
            let target = certain + part * movable;
            let found = logit_scaling(people.iter().copied(), target);
            let sum: f64 = people.iter().map(|(p, w)| w * moved(*p, found.log_odds)).sum();
            prop_assert!(found.is_met());
            prop_assert!((sum - target).abs() < 1e-6 * target.max(1.0), "{sum} for {target}");
        }

        #[test]
        fn logit_scaling_follows_the_target_and_keeps_the_order(
            people in people(), one in 0.02f64..0.98, two in 0.02f64..0.98
        ) {
            let certain: f64 = people.iter().filter(|(p, _)| *p >= 1.0).map(|(_, w)| w).sum();
            let movable: f64 =
                people.iter().filter(|(p, _)| *p > 0.0 && *p < 1.0).map(|(_, w)| w).sum();
            prop_assume!(movable > 0.0 && (one - two).abs() > 1e-3);
            let offset = |part: f64| {
                logit_scaling(people.iter().copied(), certain + part * movable).log_odds
            };
            prop_assert_eq!(offset(one) < offset(two), one < two);
            for (p, _) in &people {
                for (q, _) in &people {
                    let (a, b) = (moved(*p, offset(one)), moved(*q, offset(one)));
                    prop_assert!(p >= q || a < b, "{p} < {q} became {a}, {b}");
                }
            }
        }

        #[test]
        fn what_is_met_already_stays(people in people(), rows in rows()) {
            let sum: f64 = people.iter().map(|(p, w)| p * w).sum();
            prop_assert_eq!(logit_scaling(people.iter().copied(), sum).log_odds, 0.0);
            let (rows, weights): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
            let found = multinomial_scaling(&rows, &weights, &spread(&rows, &weights, &[0.0; 4]));
            prop_assert!(found.is_met());
            prop_assert_eq!(found.log_odds, vec![0.0; 4]);
        }

        #[test]
        fn multinomial_scaling_finds_factors_again(
            rows in rows(), a in -1.5f64..1.5, b in -1.5f64..1.5, c in -1.5f64..1.5
        ) {
            let (rows, weights): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
            let targets = spread(&rows, &weights, &[0.0, a, b, c]);
            let found = multinomial_scaling(&rows, &weights, &targets);
            prop_assert!(found.is_met(), "off by {}", found.off);
            let sums = spread(&rows, &weights, &found.log_odds);
            let all: f64 = weights.iter().sum();
            for (sum, target) in sums.iter().zip(&targets) {
                prop_assert!((sum - target).abs() < 1e-6 * all, "{sums:?} for {targets:?}");
            }
            let mean: f64 = found.log_odds.iter().zip(&targets).map(|(a, t)| a * t).sum();
            prop_assert!((mean / all).abs() < 1e-9, "the factors are not centred");
        }

        #[test]
        fn more_of_a_choice_needs_a_larger_factor(rows in rows(), more in 0.01f64..0.3) {
            let (rows, weights): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
            let mut targets = spread(&rows, &weights, &[0.0; 4]);
            let moved = more * targets[1];
            targets[0] += moved;
            targets[1] -= moved;
            let found = multinomial_scaling(&rows, &weights, &targets);
            prop_assert!(found.is_met(), "off by {}", found.off);
            prop_assert!(found.log_odds[0] > found.log_odds[1]);
        }
    }

    #[test]
    fn impossible_and_certain_people_put_targets_out_of_reach() {
        let found = logit_scaling([(0.0, 3.0), (1.0, 1.0)], 2.0);
        assert!(!found.is_met());
        assert!((found.off - 0.25).abs() < 1e-12, "{found:?}");
        let found = logit_scaling([(0.5, 4.0)], 5.0);
        assert!((found.off - 0.25).abs() < 1e-3 && found.log_odds > 15.0);
        assert!(logit_scaling([], 0.0).is_met());
    }

    #[test]
    fn zeros_of_rows_stay_and_say_how_far_off_they_leave_a_target() {
        // Two of three people can only choose the first: the second cannot have two.
        let rows = [vec![1.0, 0.0], vec![0.5, 0.5]];
        let found = multinomial_scaling(&rows, &[2.0, 1.0], &[1.0, 2.0]);
        assert!((found.off - 1.0 / 3.0).abs() < 1e-3, "{found:?}");
        assert!(found.log_odds.iter().all(|a| a.is_finite()));
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        assert_eq!(
            parts("leave_job.municipal[nurse,2020]"),
            Some((LEAVING, "nurse", 2020))
        );
        for wrong in [
            "leave_job.municipal",
            "leave_job.municipal[nurse]",
            "leave_job.municipal[nurse,02020]",
            "leave_job.hospital[nurse,2020]",
            "first_job.sector[hospital,soon]",
        ] {
            assert_eq!(parts(wrong), None, "{wrong}");
        }
    }
}
