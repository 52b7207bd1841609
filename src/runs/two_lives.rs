//! Lives that a scenario changed, told beside what they are without it.
//!
//! Both runs have the same seed, so a person has the same draws in both; what differs first is the
//! scenario's doing, and the rest follows from it.

use super::Model;
use super::life_story::{Note, Notes, describe};
pub use super::parting::Pair;
use super::parting::{YearOfLife, fork};
use crate::dice::Key;
use crate::engine::{Change, Entry, Observer, Walk};
use crate::population::{Person, Population};
use crate::words::{Status, Year};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Nobody looks on.
struct Blind;

impl Observer for Blind {
    fn entered(&mut self, _: &Person, _: Entry, _: Year) {}
    fn changed(&mut self, _: &Change<'_>) {}
}

/// One life, by year; the base year first.
type Life = Vec<YearOfLife>;

/// Tells up to `count` lives that differ in the last year, in a run of this seed: those in the
/// policies' zones first, then by identity. The number of all that differ comes first.
pub fn tell(pair: &Pair, seed: u64, until: Year, count: usize) -> String {
    let (ids, all) = changed(pair, seed, until, count);
    let mut text = format!(
        "{all} simulated people's state in {until} differs from the base; {} of them told\n",
        ids.len()
    );
    let lives = [pair.base, pair.scenario].map(|model| lives(model, seed, until, &ids));
    for id in &ids {
        let [base, scenario] = lives.each_ref().map(|lives| &lives[id]);
        text.push('\n');
        tell_one(pair, *id, [base, scenario], &mut text);
    }
    text
}

/// Begins a run of a seed, with the effects that it draws.
fn begin(model: &Model, seed: u64) -> Walk {
    let mut walk = Walk::new(&model.base.population, model.base.year, Key::new(seed, 0));
    walk.draw_effects(&model.rules, Some(seed));
    walk
}

/// The identities of people whose last states differ, the first `count` of them, and how many there
/// are in all.
fn changed(pair: &Pair, seed: u64, until: Year, count: usize) -> (Vec<u64>, usize) {
    let last = |model: &Model| -> BTreeMap<u64, Person> {
        let mut walk = begin(model, seed);
        for year in model.base.year + 1..=until {
            walk.next(model.rules_in(year), &mut Blind);
        }
        let people = walk.population.people();
        people.map(|person| (person.id, person)).collect()
    };
    let (base, scenario) = (last(pair.base), last(pair.scenario));
    let zones = zones(pair);
    let ids: BTreeSet<u64> = base.keys().chain(scenario.keys()).copied().collect();
    let mut found: Vec<(bool, u64)> = ids
        .into_iter()
        .filter(|id| base.get(id) != scenario.get(id))
        .map(|id| {
            let mut states = base.get(&id).into_iter().chain(scenario.get(&id));
            (!states.any(|person| zones.contains(&person.zone)), id)
        })
        .collect();
    found.sort_unstable();
    let first = found.iter().take(count).map(|(_, id)| *id).collect();
    (first, found.len())
}

/// The zones that the policies are for: where people are reached, where places are added, and where
/// odds lead.
fn zones(pair: &Pair) -> BTreeSet<u8> {
    let policies = pair.policies.iter();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for policy in policies {
        let toward = policy.changes.iter().flat_map(|change| &change.toward);
        let places = policy.levers.study_places.iter();
        let places = places
            .filter(|lever| lever.change > 0.0)
            .filter_map(|lever| lever.zone.as_ref());
        let all = policy.eligible.zones.iter().chain(toward).chain(places);
        names.extend(all.map(String::as_str));
    }
    let zones = &pair.base.data.zones;
    let single = zones.zones.iter().enumerate();
    let single = single.filter(|(_, zone)| names.contains(zone.id.as_str()));
    let mut found: BTreeSet<u8> = single.map(|(number, _)| number as u8).collect();
    for (name, members) in zones.unions() {
        if names.contains(name.as_str()) {
            found.extend(members.into_iter().map(|zone| zone as u8));
        }
    }
    found
}

fn find(population: &Population, id: u64) -> Option<usize> {
    let slot = population.slot_of(id)?;
    (population.get(slot).status != Status::Gone).then_some(slot)
}

/// Lives these people's lives the slow way, with everybody around them.
fn lives(model: &Model, seed: u64, until: Year, ids: &[u64]) -> BTreeMap<u64, Life> {
    let mut walk = begin(model, seed);
    let notes: Vec<RefCell<Vec<Note>>> = ids.iter().map(|_| RefCell::default()).collect();
    let mut lives: BTreeMap<u64, Life> = ids.iter().map(|id| (*id, Life::new())).collect();
    let mut year = model.base.year;
    loop {
        let rules = model.rules_in(year);
        for (id, notes) in ids.iter().zip(&notes) {
            let slot = find(&walk.population, *id);
            let told = YearOfLife {
                notes: notes.take(),
                state: slot.map(|slot| walk.population.get(slot)),
                reached: slot.map_or(0, |slot| walk.reached(rules, walk.population.person(slot))),
            };
            lives.entry(*id).or_default().push(told);
        }
        if year == until {
            return lives;
        }
        year += 1;
        walk.next_slowly(model.rules_in(year), &mut Blind, |person| {
            let watched = ids.iter().position(|id| *id == person)?;
            Some(Notes(&notes[watched]))
        });
    }
}

fn tell_one(pair: &Pair, id: u64, lives: [&Life; 2], text: &mut String) {
    let start = pair.base.base.year;
    let (stream, year, number) = (id >> 48, id >> 32 & 0xFFFF, id & 0xFFFF_FFFF);
    let _ = writeln!(text, "person {stream}-{year}-{number}");
    let mut forked = false;
    let mut before: [Option<Person>; 2] = [None, None];
    let mut masks = [0, 0];
    for (position, (base, scenario)) in lives[0].iter().zip(lives[1]).enumerate() {
        let year = start + position as Year;
        let reached = scenario.reached & !masks[1];
        for (number, policy) in pair.policies.iter().enumerate() {
            if reached >> number.min(63) & 1 == 1 {
                let _ = writeln!(text, "{year}  {} reaches the person", policy.id);
            }
        }
        masks[1] |= scenario.reached;
        if !forked && let Some(fork) = fork(pair, [base, scenario], before, masks[1]) {
            forked = true;
            let _ = writeln!(text, "{year}  THE LIVES PART: {fork}");
        }
        let states = [base.state, scenario.state];
        let one = states[0] == states[1];
        if position > 0 && states == before {
            let side = if one { "both" } else { "each" };
            let _ = writeln!(text, "{year}  {side:<8}  as the year before");
        } else if one {
            tell_state(pair, "both", states[0], year, text);
        } else {
            tell_state(pair, "base", states[0], year, text);
            tell_state(pair, "scenario", states[1], year, text);
        }
        before = states;
    }
}

fn tell_state(pair: &Pair, side: &str, state: Option<Person>, year: Year, text: &mut String) {
    let told = match state {
        Some(person) => describe(pair.base, &person, year),
        None => "not in the model".to_string(),
    };
    let _ = writeln!(text, "{year}  {side:<8}  {told}");
}
