//! The fast engine against the slow and obvious one: same people, same ledgers, bit for bit.
//!
//! The slow one takes one person at a time through all steps and has no quick test; the fast one
//! draws the random numbers of many people together and skips everybody who will have a quiet
//! year. With the bounds of the quick test taken away the fast one must not differ either.

mod support;

use stabil::dice::Key;
use stabil::engine::life::Nobody;
use stabil::engine::{Exit, Rules, Walk};
use stabil::runs::Model;
use stabil::tallies::{Ledger, Plan};
use stabil::words::Year;

const YEARS: usize = 8;
const SEEDS: [u64; 3] = [1, 77, 123_456_789_012];

/// Which engine lives the years.
#[derive(Clone, Copy, Debug)]
enum Way {
    Fast,
    Slow,
}

/// A population with its ledger, on the way through the years.
struct Run<'a> {
    rules: &'a Rules,
    way: Way,
    walk: Walk,
    ledger: Ledger,
}

impl<'a> Run<'a> {
    fn begin(model: &'a Model, rules: &'a Rules, way: Way, key: Key) -> Run<'a> {
        let walk = Walk::new(&model.base.population, model.base.year, key);
        let zones = model.data.zones.len();
        Run {
            rules,
            way,
            ledger: Ledger::open(rules, zones, &walk.population, model.base.year, YEARS),
            walk,
        }
    }

    fn live(&mut self) {
        self.ledger.begin_year();
        match self.way {
            Way::Fast => self.walk.next(self.rules, &mut self.ledger),
            Way::Slow => {
                let (rules, ledger) = (self.rules, &mut self.ledger);
                self.walk.next_slowly(rules, ledger, |_| None::<Nobody>);
            }
        }
        self.ledger.end_year();
    }

    /// The values of all outputs as bits, in which even "nobody to be a share of" is equal to
    /// itself.
    fn outputs(&self, plan: &Plan, year: Year) -> Vec<u64> {
        let mut values = Vec::new();
        // Nothing that is carried from year to year is asked for.
        plan.fill(&self.ledger, &plan.history(), year, &mut values);
        values.into_iter().map(f64::to_bits).collect()
    }
}

/// Fails at the first year in which two runs are not the same.
fn assert_same(a: &Run, b: &Run, plan: &Plan, year: Year, what: &str) {
    let (own, other) = (
        support::people(&a.walk.population),
        support::people(&b.walk.population),
    );
    assert_eq!(own.len(), other.len(), "{what}, {year}: number of people");
    for (one, same) in own.iter().zip(&other) {
        assert_eq!(one, same, "{what}, {year}: one person, two lives");
    }
    assert!(a.ledger.stock == b.ledger.stock, "{what}, {year}: stocks");
    assert!(a.ledger.flows == b.ledger.flows, "{what}, {year}: flows");
    let cells = &plan.layout.cells;
    let values = a.outputs(plan, year);
    for ((cell, one), same) in cells.iter().zip(values).zip(b.outputs(plan, year)) {
        assert!(one == same, "{what}, {year}: {cell:?}");
    }
}

/// Lives the years in the fast and in the slow way, with and without the quick test.
fn compare(model: &Model, name: &str) {
    let plan = support::outputs(model, model.base.year + YEARS as Year);
    let open = Rules {
        bounds: None,
        ..model.rules.clone()
    };
    assert!(
        model.rules.bounds.is_some(),
        "the quick test is switched off"
    );
    for seed in SEEDS {
        let key = Key::new(seed, 0);
        let mut slow = Run::begin(model, &model.rules, Way::Slow, key);
        let mut fast = Run::begin(model, &model.rules, Way::Fast, key);
        let mut unbound = Run::begin(model, &open, Way::Fast, key);
        for year in model.base.year + 1..=model.base.year + YEARS as Year {
            slow.live();
            fast.live();
            unbound.live();
            let what = format!("{name}, seed {seed}");
            assert_same(&fast, &slow, &plan, year, &what);
            let what = format!("{what}, without the quick test");
            assert_same(&unbound, &slow, &plan, year, &what);
        }
        let base = support::people(&model.base.population);
        assert_ne!(
            support::people(&slow.walk.population),
            base,
            "nothing happened"
        );
    }
}

#[test]
fn fast_and_slow_give_the_same_lives_in_norway() {
    compare(support::small(), "embedded data");
}

#[test]
fn fast_and_slow_give_the_same_lives_in_the_invented_country() {
    compare(support::tiny(), "invented country");
}

/// The comparison would say nothing about the quick test if it let everybody through. Here death
/// is made certain after the bounds were worked out for the real risk: it reaches only those whom
/// the quick test lets through to it, and everybody once the bounds are taken away.
#[test]
fn the_quick_test_finds_quiet_years() {
    for model in [support::small(), support::tiny()] {
        let mut certain = model.rules.clone();
        let professions = certain.lookup.professions;
        certain.death.add_age(professions, |_, _, _| 1 << 20);
        let share_dead = |rules: &Rules| {
            let mut walk = Walk::new(&model.base.population, model.base.year, Key::new(1, 0));
            let mut diary = support::Diary::default();
            walk.next(rules, &mut diary);
            let dead = |event: &&support::Event| event.exit == Some(Exit::Death);
            let number = diary.events.iter().filter(dead).count();
            number as f64 / model.base.population.people().count() as f64
        };
        let reached = share_dead(&certain);
        assert!((0.005..0.5).contains(&reached), "{reached} reached");
        certain.bounds = None;
        assert!(share_dead(&certain) > 0.999);
    }
}
