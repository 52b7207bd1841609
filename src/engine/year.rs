//! One year of everybody.

use super::bounds::STATISTICAL_AGES;
use super::crowd::Crowd;
use super::life::{Change, Exit, Nobody, Observer, Turn, Witness, live};
use super::market::hiring::is_hiring;
use super::rules::Rules;
use super::search::{Busy, Desk, Search, TOGETHER};
use super::walk::Memory;
use super::{inflow, market, policy, queue};
use crate::dice::Key;
use crate::population::{Person, Population};
use crate::words::Year;
use pulp::Arch;

/// Simulates one year: everybody's steps, the queues, the newcomers.
pub fn simulate_year<O: Observer>(
    rules: &Rules,
    population: &mut Population,
    key: Key,
    year: Year,
    memory: &mut Memory,
    observer: &mut O,
) {
    take_census(rules, population, (key, year), memory, observer);
    each_busy(rules, population, (key, year), |population, person| {
        let state = (population, &mut *memory);
        live_in_slot(rules, state, key, year, person, &mut Nobody, observer);
    });
    end_year(rules, population, key, year, memory, observer);
}

/// Everybody who can have an event in a year, to live through it.
#[inline(always)]
pub(super) fn each_busy(
    rules: &Rules,
    population: &mut Population,
    when: (Key, Year),
    mut live: impl FnMut(&mut Population, &Busy),
) {
    let everybody = population.len();
    let mut desk = Desk::new();
    let wide = Arch::new();
    for start in (0..everybody).step_by(TOGETHER) {
        wide.dispatch(Search {
            rules,
            population,
            slots: start..everybody.min(start + TOGETHER),
            when,
            desk: &mut desk,
        });
        for person in desk.busy() {
            live(population, person);
        }
    }
}

/// Takes last year's census of those whom policies can reach, and of the labour market, where
/// there are any.
fn take_census<O: Observer>(
    rules: &Rules,
    population: &Population,
    (key, year): (Key, Year),
    memory: &mut Memory,
    observer: &mut O,
) {
    let (policies, lookup) = (&rules.policies, &rules.lookup);
    memory
        .policies
        .begin_year(policies, lookup, Crowd::of(population), (key, year));
    if let Some(market) = &rules.market {
        let (state, professions) = (&mut memory.market, &rules.lookup.profession);
        state.begin_year(market, professions, population, year, observer);
    }
}

/// What comes after everybody's steps: hiring, queues, newcomers.
fn end_year<O: Observer>(
    rules: &Rules,
    population: &mut Population,
    key: Key,
    year: Year,
    memory: &mut Memory,
    observer: &mut O,
) {
    memory
        .market
        .settle(rules, population, (key, year), observer);
    queue::apply(rules, population, key, year, memory, observer);
    inflow::apply(rules, population, key, year, memory, observer);
    memory
        .market
        .settle(rules, population, (key, year), observer);
}

/// The same, one person at a time through all steps, without the quick test: the slow and obvious
/// way that the fast one must equal, and the way to watch a life.
pub fn simulate_year_slowly<O: Observer, W: Witness>(
    rules: &Rules,
    population: &mut Population,
    key: Key,
    year: Year,
    memory: &mut Memory,
    observer: &mut O,
    mut watch: impl FnMut(u64) -> Option<W>,
) {
    take_census(rules, population, (key, year), memory, observer);
    for slot in 0..population.len() {
        let id = population.id(slot);
        let everything = Busy::for_everything(slot, id, (key, year));
        let desk = (&mut *population, &mut *memory);
        match watch(id) {
            Some(mut witness) => {
                live_in_slot(rules, desk, key, year, &everything, &mut witness, observer)
            }
            None => live_in_slot(rules, desk, key, year, &everything, &mut Nobody, observer),
        }
    }
    end_year(rules, population, key, year, memory, observer);
}

/// What a year has done to a person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome<'a> {
    /// The state before it.
    pub(super) before: &'a Person,
    /// The state after it.
    pub(super) after: &'a Person,
    exit: Option<Exit>,
    qualified: bool,
    /// Can the state be another?
    pub(super) touched: bool,
}

impl Outcome<'_> {
    /// The same for tallies.
    pub(super) fn change(&self, year: Year) -> Change<'_> {
        Change {
            before: self.before,
            counted: year - 1,
            after: self.after,
            exit: self.exit,
            qualified: self.qualified,
            year,
        }
    }
}

/// A person's year through all steps, with the policies that reach the person and the strain of
/// the place. What it has done is given to `end`, if there is anything that tallies must know.
#[inline(always)]
pub(super) fn live_through<W: Witness, R: Default>(
    rules: &Rules,
    (policies, market): (&policy::State, &market::State),
    when: (Key, Year),
    drawn: &Busy,
    population: &mut Population,
    witness: &mut W,
    end: impl FnOnce(Outcome<'_>) -> R,
) -> R {
    let slot = drawn.slot as usize;
    if population.is_free(slot) {
        return R::default();
    }
    let (key, year) = when;
    let before = population.get(slot);
    let person = population.person_mut(slot);
    let mut turn = Turn::new(rules, key, year, person, drawn, witness);
    turn.standing = policies.standing(&rules.policies, &rules.lookup, turn.person, when);
    if let Some(posts) = &rules.market {
        let profession = turn.scene.profession;
        turn.strain = market.strain(posts, profession, turn.person, year);
        if turn.standing.reached != 0 {
            let share = market.guided(posts, profession, turn.person);
            let who = (key, turn.person.id);
            turn.standing = turn.standing.guided(&rules.policies, who, share);
        }
    }
    live(&mut turn);
    let (exit, qualified, touched) = (turn.exit, turn.qualified, turn.touched);
    if touched {
        population.renew(slot);
    } else if !STATISTICAL_AGES.contains(&before.age(year)) {
        return R::default();
    }
    end(Outcome {
        before: &before,
        after: population.person(slot),
        exit,
        qualified,
        touched,
    })
}

fn live_in_slot<O: Observer, W: Witness>(
    rules: &Rules,
    (population, memory): (&mut Population, &mut Memory),
    key: Key,
    year: Year,
    drawn: &Busy,
    witness: &mut W,
    observer: &mut O,
) {
    let slot = drawn.slot as usize;
    let state = (&memory.policies, &memory.market);
    let when = (key, year);
    let at_market = live_through(rules, state, when, drawn, population, witness, |outcome| {
        let market = rules.market.is_some() && outcome.touched;
        if !market || !is_hiring(outcome.before, outcome.after) {
            observer.changed(&outcome.change(year));
        }
        market.then_some((*outcome.before, *outcome.after, outcome.qualified))
    });
    let (Some(market), Some((before, after, qualified))) = (&rules.market, at_market) else {
        return;
    };
    if is_hiring(&before, &after) {
        // Who applies for a post stays as before until it is known who gets one.
        population.set(slot, &before);
        memory.market.apply(when, slot, before, after, qualified);
        return;
    }
    let own = |p: &Person| usize::from(rules.lookup.profession[usize::from(p.grade)]);
    memory
        .market
        .moved(market, (own(&before), &before), (own(&after), &after));
}
