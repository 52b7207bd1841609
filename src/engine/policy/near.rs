//! A first look at whom a policy could reach: many people at once, by what stands in the columns.

use super::Measure;
use super::eligible::Set;
use crate::parameters::policy::Clock;
use crate::population::Population;
use crate::population::columns::{Block, LANES, STUDYING};
use crate::words::{Year, year_byte};

/// Numbers from one to another, both in it; none if the second is less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span(u8, u8);

impl Span {
    const NONE: Span = Span(1, 0);
    const ALL: Span = Span(0, u8::MAX);

    fn within(self, other: Span) -> Span {
        Span(self.0.max(other.0), self.1.min(other.1))
    }

    #[inline(always)]
    fn has(self, number: u8) -> bool {
        (self.0 <= number) & (number <= self.1)
    }
}

/// Runs of numbers that are told apart.
const RUNS: usize = 4;

/// A set of numbers as runs; of one with more runs, also what lies between the last ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Runs([Span; RUNS]);

impl Runs {
    fn of(set: Set) -> Runs {
        let mut runs = [Span::NONE; RUNS];
        let mut run = 0;
        for number in (0..=u8::MAX).filter(|number| set.has(usize::from(*number))) {
            let Span(first, last) = runs[run];
            let (begins, joins) = (last < first, number > 0 && last == number - 1);
            if !begins && !joins && run + 1 < RUNS {
                run += 1;
                runs[run] = Span(number, number);
            } else {
                runs[run] = Span(if begins { number } else { first }, number);
            }
        }
        Runs(runs)
    }

    #[inline(always)]
    fn has(&self, number: u8) -> bool {
        let runs = self.0.iter();
        runs.fold(false, |has, run| has | run.has(number))
    }
}

/// Who is near enough to a policy in a year to be looked at. Nobody whom it reaches is passed over;
/// many are near whom it does not reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Near {
    grades: Runs,
    zones: Runs,
    /// Years of birth, of qualifying or arriving, and of the beginning of the job (clock bytes).
    born: Span,
    qualified: Span,
    job_since: Span,
    /// The bits of the traits that must be set.
    traits: u8,
}

impl Near {
    /// Those near to a policy that has begun.
    pub(super) fn of(measure: &Measure, year: Year) -> Near {
        // Nobody's clock stands later than now.
        let years = Span(year_byte(measure.first), year_byte(measure.last.min(year)));
        let (qualified, job_since) = match measure.clock {
            Clock::Qualified | Clock::Arrival => (years, Span::ALL),
            Clock::Job => (Span::ALL, years),
            Clock::Policy if year > measure.last => (Span::NONE, Span::NONE),
            Clock::Policy | Clock::Grade => (Span::ALL, Span::ALL),
        };
        let eligible = &measure.eligible;
        let [born, since_qualified, in_job] = eligible.clocks(year).map(|(a, b)| Span(a, b));
        Near {
            grades: Runs::of(Set::of((0..256).filter(|grade| eligible.grade(*grade)))),
            zones: Runs::of(eligible.zones()),
            born,
            qualified: qualified.within(since_qualified),
            job_since: job_since.within(in_job),
            traits: if eligible.must_study() { STUDYING } else { 0 },
        }
    }

    /// Marks the people of a block who are near.
    #[inline(always)]
    pub(super) fn add_of(&self, block: &Block, here: &mut [bool; LANES]) {
        for (lane, here) in here.iter_mut().enumerate() {
            *here |= self.grades.has(block.grade[lane])
                & self.zones.has(block.zone[lane])
                & self.born.has(block.born[lane])
                & self.qualified.has(block.qualified[lane])
                & self.job_since.has(block.job_since[lane])
                & (block.traits[lane] & self.traits == self.traits);
        }
    }
}

/// Everybody in a population, by slot, who is near to one of several policies.
pub(super) fn each_near(all: &[Near], population: &Population, mut found: impl FnMut(usize)) {
    for (number, block) in population.blocks().iter().enumerate() {
        let mut here = [false; LANES];
        for near in all {
            near.add_of(block, &mut here);
        }
        if !here.iter().fold(false, |any, here| any | here) {
            continue;
        }
        for lane in (0..LANES).filter(|lane| here[*lane]) {
            let slot = number * LANES + lane;
            if !population.is_free(slot) {
                found(slot);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn runs_hold_their_set_and_a_few_runs_nothing_else(
            numbers in prop::collection::btree_set(0..=255_usize, 0..40)
        ) {
            let runs = Runs::of(Set::of(numbers.iter().copied()));
            let inside = (0..=u8::MAX).filter(|number| numbers.contains(&usize::from(*number)));
            prop_assert!(inside.clone().all(|number| runs.has(number)));
            let begins = |number: &u8| *number == 0 || !numbers.contains(&usize::from(number - 1));
            if inside.filter(begins).count() <= RUNS {
                let held = (0..=u8::MAX).filter(|number| runs.has(*number)).count();
                prop_assert_eq!(held, numbers.len());
            }
        }
    }
}
