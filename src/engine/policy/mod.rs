//! Policies (tiltak) at work: who is reached, and what that adds to the odds of transitions and
//! choices.
//!
//! A policy acts on people, never on rates: whoever its filter holds for on the last 1 December,
//! and who takes part, has the log-odds of its changes added ([`effect`]). Taking part is drawn
//! once for every person and policy, from an address of its own, so that a policy reaches the same
//! people whatever else a scenario holds, and more coverage reaches those reached before and others.
//! Under the clock of the policy whoever is eligible takes part year by year; under the clocks of
//! qualifying, arrival and the job those do for whom that event falls in the policy's years
//! ([`eligible`]). A capacity takes the eligible with the lowest draws, year by year.
//!
//! Several policies on the same transition of the same person do not add up: of those that lower
//! the odds the strongest counts in full and the others at a share (`policy.combination`), and so
//! for those that raise them, since what is known is known of single measures or of whole bundles.

pub mod attributes;
pub mod displaced;
pub mod effect;
pub mod eligible;
pub mod near;
pub mod state;

pub use state::{Standing, State};

use super::closure::Conditions;
use super::predictor::Lookup;
use crate::dice::address;
use crate::dice::sample::threshold;
use crate::parameters::ModelData;
use crate::parameters::policy::{Change, Clock, Effects, Policy, Transition, What};
use crate::population::Person;
use crate::words::{Problem, Sector, Status, Year};
use displaced::LocalPlaces;
use effect::Effect;
use eligible::Eligibility;

/// Policies that a scenario can have at most: one bit each.
pub const MOST: usize = 64;

/// Compiled policies of a scenario; none in the base.
#[derive(Clone, Debug)]
pub struct Policies {
    measures: Vec<Measure>,
    /// The policies that somebody of a grade can be reached by, a bit each.
    by_grade: [u64; 256],
    /// The same by status and sector, packed as in the population.
    by_place: [u64; 64],
    /// Places whose students would have studied elsewhere in part.
    local: Vec<LocalPlaces>,
    /// The policies with attributes of students.
    attributes: u64,
    /// The policies with effects on people: levers and need are looked after elsewhere.
    of_people: u64,
    /// What the weaker ones of several effects count, in 256ths.
    share: i32,
    /// Have effects their central sizes in every run?
    is_central: bool,
}

impl Default for Policies {
    fn default() -> Policies {
        Policies {
            measures: Vec::new(),
            by_grade: [0; 256],
            by_place: [0; 64],
            local: Vec::new(),
            attributes: 0,
            of_people: 0,
            share: 0,
            is_central: false,
        }
    }
}

/// A compiled policy.
#[derive(Clone, Debug)]
struct Measure {
    /// Where participation is drawn.
    address: u32,
    eligible: Eligibility,
    clock: Clock,
    first: Year,
    last: Year,
    /// Threshold of taking part by year since the first; the last holds for all later ones.
    coverage: Vec<u32>,
    /// Most new participants a year, simulated people.
    capacity: Option<usize>,
    guided: bool,
    effects: Vec<Effect>,
}

/// Compiles the policies of a scenario for a scale.
///
/// # Errors
/// A [`Problem`] for more than [`MOST`] policies, or a missing parameter.
pub fn compile(
    data: &ModelData,
    conditions: &Conditions,
    lookup: &Lookup,
    scale: f64,
) -> Result<Policies, Problem> {
    let policies = &conditions.policies;
    if policies.is_empty() {
        // The base asks nothing of policies; their parameters wait for a scenario.
        data.parameters.pass_over("policy");
        return Ok(Policies::default());
    }
    if policies.len() > MOST {
        return Err(Problem::in_file(
            &policies[MOST].origin.0,
            format!("a scenario can have {MOST} policies at most"),
        )
        .about("policies", policies.len().to_string())
        .mend("leave some out, or write one policy for several"));
    }
    let share = data.parameters.value("policy.combination", &[])?;
    // A multiplier acts on the coverage of all the others.
    let uptake: f64 = policies
        .iter()
        .filter_map(|policy| policy.scales)
        .map(|ratio| ratio.value)
        .product();
    let mut found = Policies {
        share: (share * 256.0).round() as i32,
        is_central: conditions.effects == Effects::Central,
        ..Policies::default()
    };
    for (number, policy) in policies.iter().enumerate() {
        let measure = Measure::compile(data, policy, uptake, scale);
        let bit = 1 << number;
        // Levers and need are looked after elsewhere: nobody has to be looked at for them.
        let bit = if measure.effects.is_empty() { 0 } else { bit };
        found.of_people |= bit;
        for (grade, mask) in found.by_grade.iter_mut().enumerate() {
            *mask |= if measure.eligible.grade(grade) {
                bit
            } else {
                0
            };
        }
        for status in Status::ALL {
            for sector in Sector::ALL {
                let place = status.index() | sector.index() << 4;
                let held = *status != Status::Gone && measure.eligible.sector(*sector);
                found.by_place[place] |= if held { bit } else { 0 };
            }
        }
        if measure.effects.iter().any(Effect::is_attribute) {
            found.attributes |= bit;
        }
        found.measures.push(measure);
        found.local.extend(LocalPlaces::of(data, policy, scale));
    }
    debug_assert!(lookup.grades < 256);
    Ok(found)
}

impl Measure {
    fn compile(data: &ModelData, policy: &Policy, uptake: f64, scale: f64) -> Measure {
        let years = usize::from(policy.ramp.max(1));
        let coverage = (0..years)
            .map(|since| {
                let share = (since + 1) as f64 / years as f64;
                threshold((policy.coverage * uptake).min(1.0) * share)
            })
            .collect();
        let number = policy.changes.iter().enumerate();
        let is_for_people = |change: &Change| change.what != What::Need;
        let effects = number
            .filter(|(_, change)| is_for_people(change))
            .map(|(number, change)| Effect::compile(data, policy, number, change))
            .collect();
        Measure {
            address: address::of_name(&policy.id),
            eligible: Eligibility::compile(data, &policy.eligible),
            clock: policy.clock,
            first: policy.from,
            last: policy.until.unwrap_or(Year::MAX),
            coverage,
            capacity: policy
                .capacity
                .map(|persons| (persons * scale).round() as usize),
            guided: policy.guided,
            effects,
        }
    }

    /// The clock's year for a person, and the whole years passed on it at the last census; none if
    /// the policy does not reach people whose clock stands there.
    #[inline]
    fn enrolled(&self, person: &Person, year: Year) -> Option<(Year, usize)> {
        let is_from_abroad = person.country != 0;
        let began = match self.clock {
            Clock::Policy => {
                let inside = self.first <= year && year <= self.last;
                return inside.then(|| (year, usize::from(year - self.first)));
            }
            Clock::Qualified if !is_from_abroad => person.qualified,
            Clock::Arrival if is_from_abroad => person.qualified,
            Clock::Job => person.job_since,
            Clock::Grade => person.grade_since,
            Clock::Qualified | Clock::Arrival => return None,
        };
        let began = crate::words::byte_year(began);
        let inside = self.first <= began && began <= self.last;
        inside.then(|| (began, usize::from((year - 1).saturating_sub(began))))
    }

    fn covered(&self, enrolled: Year) -> u32 {
        let since = usize::from(enrolled.saturating_sub(self.first));
        self.coverage[since.min(self.coverage.len() - 1)]
    }
}

impl Policies {
    /// Are there none? Then nothing of all this is looked at.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.measures.is_empty()
    }

    /// The policies whose filter could hold for somebody of a grade, status and sector.
    #[inline(always)]
    fn mask(&self, person: &Person) -> u64 {
        let place = person.status.index() | person.sector.index() << 4;
        self.by_grade[usize::from(person.grade)] & self.by_place[place]
    }

    /// The policies that have begun by a year, a bit each.
    pub fn begun(&self, year: Year) -> u64 {
        let begun =
            |(number, measure): (usize, &Measure)| u64::from(measure.first <= year) << number;
        self.measures.iter().enumerate().map(begun).sum()
    }

    /// Could a policy's filter hold for somebody of a grade, wherever at work?
    #[inline(always)]
    pub fn may_reach_grade(&self, grade: u8) -> bool {
        self.by_grade[usize::from(grade)] != 0
    }

    /// Do any of the policies change the attributes of students who are admitted?
    pub fn change_students(&self) -> bool {
        self.attributes != 0
    }

    /// Could any of them change this student?
    #[inline]
    pub fn may_change_student(&self, student: &Person) -> bool {
        self.mask(student) & self.attributes != 0
    }

    /// The most that the policies can add to a transition's log-odds for people of a grade and, if
    /// it is known, sector, in steps of log-odds: for the quick test.
    pub fn most(&self, transition: Transition, grade: usize, sector: Option<Sector>) -> i32 {
        let one = |measure: &Measure| {
            let effects = measure.effects.iter();
            effects.map(|effect| effect.most(transition)).sum::<i32>()
        };
        let can = |measure: &&Measure| {
            measure.eligible.grade(grade) && sector.is_none_or(|s| measure.eligible.sector(s))
        };
        self.measures.iter().filter(can).map(one).sum()
    }

    /// The same for anybody anywhere.
    pub fn most_anywhere(&self, transition: Transition) -> i32 {
        let effects = self.measures.iter().flat_map(|measure| &measure.effects);
        effects.map(|effect| effect.most(transition)).sum()
    }

    /// What the reached person's policies add to the log-odds of a transition, in steps.
    #[inline]
    pub fn more(&self, standing: Standing<'_>, transition: Transition, since: Since<'_>) -> i32 {
        let Some(sizes) = standing.sizes() else {
            return 0;
        };
        let (mut low, mut low_sum, mut high, mut high_sum) = (0, 0, 0, 0);
        let mut left = standing.reached;
        while left != 0 {
            let number = left.trailing_zeros() as usize;
            left &= left - 1;
            let measure = &self.measures[number];
            let Some((_, years)) = measure.enrolled(since.0, since.1) else {
                continue;
            };
            let all = measure.effects.iter().enumerate();
            for (at, effect) in all.filter(|(_, effect)| effect.is(transition)) {
                let offset = sizes.offset(number, at, effect, years);
                low = low.min(offset);
                high = high.max(offset);
                low_sum += offset.min(0);
                high_sum += offset.max(0);
            }
        }
        low + (low_sum - low) * self.share / 256 + high + (high_sum - high) * self.share / 256
    }

    /// What they multiply the odds of each outcome of a choice by: `of(outcome)`, or nothing if no
    /// policy touches it.
    pub fn tilt<'a>(
        &'a self,
        standing: Standing<'a>,
        choice: crate::parameters::policy::Choice,
        since: Since<'a>,
    ) -> Option<effect::Tilt> {
        let sizes = standing.sizes()?;
        let mut found: Option<effect::Tilt> = None;
        for (number, measure) in self.measures.iter().enumerate() {
            if standing.reached >> number & 1 == 0 {
                continue;
            }
            let Some((_, years)) = measure.enrolled(since.0, since.1) else {
                continue;
            };
            for (at, effect) in measure.effects.iter().enumerate() {
                if effect.is_choice(choice) {
                    let log = sizes.log(number, at, effect, years);
                    let share = f64::from(self.share) / 256.0;
                    found.get_or_insert_default().add(effect, log, share);
                }
            }
        }
        found.filter(|tilt| !tilt.is_nothing())
    }
}

/// A person and the year, for clocks.
pub type Since<'a> = (&'a Person, Year);
