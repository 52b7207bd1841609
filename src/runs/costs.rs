//! What policies cost, year by year, and what they save; NOK for real people.
//!
//! Amounts are those of the policy's file ([`Cost`]), times a factor that says how uncertain they
//! are: lognormal, its ends those of the file, drawn once for each seed and policy. The factor does
//! not depend on the scenario, so that scenarios that share a policy share its price.

use super::account::Account;
use super::design::{Arm, Design};
use crate::dice::Key;
use crate::parameters::policy::Ratio;
use crate::parameters::{Levers, Policy};
use crate::words::Year;
use statrs::distribution::{ContinuousCDF, Normal};

/// Group number of the draws of cost factors; engine and synthesis use none so high.
const GROUP: u32 = 0x30_0000;

/// What happened in a year that costs rest on; real people.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Use {
    /// Participants of the year.
    pub participants: f64,
    /// Those of them who are new.
    pub new_participants: f64,
    /// Added study places under way, each counted in every year that the study takes.
    pub places: f64,
    /// Additional FTE in health and care in the policy's zones.
    pub fte: f64,
}

/// The factor on all amounts of a policy under a seed.
pub fn factor(policy: &Policy, seed: u64) -> f64 {
    let hash = blake3::hash(policy.id.as_bytes());
    let (bytes, _) = hash.as_bytes().split_at(8);
    let id = bytes
        .iter()
        .fold(0_u64, |id, byte| id << 8 | u64::from(*byte));
    let word = Key::new(seed, 0).words(GROUP, id, 0)[0];
    let share = (f64::from(word) + 0.5) / 2_f64.powi(32);
    let ratio = Ratio {
        value: 1.0,
        low: policy.cost.low,
        high: policy.cost.high,
    };
    ratio.log_at(Normal::standard().inverse_cdf(share)).exp()
}

/// What a policy costs in a year, less what it saves, at the amounts of its file. A policy that
/// begins before the first simulated year is started in that year.
pub fn cost(policy: &Policy, first: Year, year: Year, used: Use) -> f64 {
    let own = &policy.cost;
    let in_force = policy.share_in(year) > 0.0;
    let start = if year == policy.from.max(first) {
        own.start
    } else {
        0.0
    };
    let yearly = if in_force { own.per_year } else { 0.0 };
    start
        + yearly
        + own.per_new_participant * used.new_participants
        + own.per_participant_year * used.participants
        + own.per_place_year * used.places
        - own.saved_per_fte * used.fte
}

/// Study places that levers have added and that are under way in a year: admitted this year or so
/// long ago that the study goes on. `years` gives the years of a programme. Nobody is taken to give
/// up: a place is paid for whether it is filled or not. Places taken away elsewhere free nothing: no
/// source tells what a campus saves by some students fewer, and so the cost is rather too high.
pub fn places(levers: &Levers, year: Year, years: impl Fn(&str) -> u16) -> f64 {
    let under_way = |programme: &str| (0..years(programme)).filter_map(|ago| year.checked_sub(ago));
    levers
        .study_places
        .iter()
        .map(|lever| {
            let classes = under_way(&lever.programme).filter(|admitted| lever.applies(*admitted));
            lever.change.max(0.0) * classes.count() as f64
        })
        .sum()
}

/// What the policies of a scenario were used for: by policy, then by year from the first simulated
/// one on.
pub fn used(design: &Design, arm: &Arm, base: &Account, own: &Account) -> Vec<Vec<Use>> {
    let years = |id: &str| {
        let found = design.programmes.iter().find(|(known, _)| known == id);
        found.map_or(0, |(_, years)| *years)
    };
    let real = |count: f64| count / design.scale;
    let one = |(number, policy): (usize, &Policy)| {
        let inside = &arm.zones[number];
        let in_year = |year: Year| {
            let at = usize::from(year - design.start);
            let fte = |account: &Account| -> i64 {
                let zones = account.staff[at].iter().zip(inside);
                let zones = zones.filter(|(_, inside)| **inside);
                zones
                    .map(|(staff, _)| staff.milli_fte.iter().sum::<i64>())
                    .sum()
            };
            let [participants, new] = own.participants[at][number].map(f64::from);
            Use {
                participants: real(participants),
                new_participants: real(new),
                places: places(&policy.levers, year, years),
                fte: real((fte(own) - fte(base)) as f64 / 1000.0),
            }
        };
        (design.start + 1..=design.until).map(in_year).collect()
    };
    arm.policies.iter().enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::levers::StudyPlaces;
    use crate::parameters::policy::{Clock, Cost, Eligible};

    fn policy(cost: Cost, levers: Levers) -> Policy {
        Policy {
            id: "mentors".into(),
            names: ["Mentorer".into(), "Mentors".into()],
            family: "support".into(),
            implements: Vec::new(),
            grade: crate::parameters::EvidenceGrade::D,
            facts: Vec::new(),
            reasoning: String::new(),
            clock: Clock::Policy,
            coverage: 1.0,
            capacity: None,
            scales: None,
            displaces: None,
            from: 2026,
            ramp: 1,
            until: Some(2028),
            guided: false,
            eligible: Eligible::default(),
            changes: Vec::new(),
            levers,
            cost,
            strength: 1.0,
            origin: (String::new(), 0),
        }
    }

    fn places_of(change: f64, from: Year, until: Option<Year>) -> StudyPlaces {
        StudyPlaces {
            programme: "nursing".into(),
            track: None,
            zone: None,
            from,
            until,
            change,
        }
    }

    #[test]
    fn each_amount_is_paid_for_what_it_is_for() {
        let amounts = Cost {
            start: 1e6,
            per_year: 1e5,
            per_new_participant: 1000.0,
            per_participant_year: 100.0,
            per_place_year: 10.0,
            saved_per_fte: 1.0,
            ..Cost::default()
        };
        let policy = policy(amounts, Levers::default());
        let used = Use {
            participants: 30.0,
            new_participants: 20.0,
            places: 7.0,
            fte: 5.0,
        };
        let people = 20_000.0 + 3000.0 + 70.0 - 5.0;
        assert_eq!(cost(&policy, 2020, 2025, Use::default()), 0.0);
        assert_eq!(cost(&policy, 2020, 2026, used), 1.1e6 + people);
        assert_eq!(cost(&policy, 2020, 2028, used), 1e5 + people);
        assert_eq!(cost(&policy, 2027, 2027, used), 1.1e6 + people);
        // Afterwards what was begun is still paid for.
        assert_eq!(cost(&policy, 2020, 2029, used), people);
    }

    #[test]
    fn places_are_paid_for_as_long_as_the_study_takes() {
        let levers = Levers {
            study_places: vec![
                places_of(40.0, 2026, Some(2027)),
                places_of(-10.0, 2027, None),
            ],
            ..Levers::default()
        };
        let all: Vec<f64> = (2025..2032)
            .map(|year| places(&levers, year, |_| 3))
            .collect();
        assert_eq!(all, [0.0, 40.0, 80.0, 80.0, 40.0, 0.0, 0.0]);
        assert_eq!(places(&levers, 2027, |_| 0), 0.0);
    }

    #[test]
    fn factors_have_the_ends_that_they_are_given() {
        let amounts = Cost {
            low: 0.5,
            high: 4.0,
            ..Cost::default()
        };
        let policy = policy(amounts, Levers::default());
        let mut all: Vec<f64> = (0..4000).map(|seed| factor(&policy, seed)).collect();
        assert_eq!(factor(&policy, 7), all[7]);
        all.sort_by(f64::total_cmp);
        let at = |p| crate::bands::quantile(&all, p).ln();
        assert!((at(0.025) - 0.5_f64.ln()).abs() < 0.08, "{}", at(0.025));
        assert!(at(0.5).abs() < 0.05, "{}", at(0.5));
        assert!((at(0.975) - 4_f64.ln()).abs() < 0.16, "{}", at(0.975));
        let other = Policy {
            id: "others".into(),
            ..policy.clone()
        };
        assert_ne!(factor(&other, 7), factor(&policy, 7));
    }
}
