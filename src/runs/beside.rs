//! Base and scenarios in one walk through the years: a scenario under the supply closure follows
//! its base ([`crate::engine::shadow`]), and its ledger is the base's, less the events of those who
//! live by themselves in it, and with theirs. Much quicker than the scenario in full, and the same.
//!
//! Until the first year in which a scenario can differ it sleeps: it has no people of its own, and
//! its numbers are made from the base's ledger.

use super::account::{Account, Clerk};
use super::design::Design;
use super::model::Model;
use super::paired::Counted;
use super::work::{Dice, Onlooker, Progress, Run};
use crate::dice::Key;
use crate::engine::Walk;
use crate::engine::shadow::{self, Delta, Shadow, can_differ, can_follow};
use crate::population::Population;
use crate::tallies::{Ledger, Plan as OutputPlan, RunValues};
use crate::words::Year;
use std::sync::atomic::Ordering;

/// Does every scenario follow its base?
pub fn all_follow(base: &Model, scenarios: &[(Model, OutputPlan)]) -> bool {
    let own = (&base.rules, &base.base.population);
    scenarios
        .iter()
        .all(|(model, _)| can_follow(own, (&model.rules, &model.base.population)))
}

/// A scenario with its books.
struct Follower<'m> {
    model: &'m Model,
    outputs: &'m OutputPlan,
    /// Its people and ledgers, from the first year in which it can differ on.
    own: Option<Own>,
    books: Books,
    account: Account,
}

/// What a scenario has of its own.
struct Own {
    shadow: Shadow,
    ledger: Ledger,
    less: Ledger,
    more: Ledger,
}

/// The values of a run as they come.
struct Books {
    values: Vec<f64>,
    history: crate::tallies::History,
    person_years: u64,
}

impl Books {
    fn open(outputs: &OutputPlan, years: usize) -> Books {
        Books {
            values: Vec::with_capacity(outputs.layout.cells.len() * (years + 1)),
            history: outputs.history(),
            person_years: 0,
        }
    }

    fn write(&mut self, outputs: &OutputPlan, ledger: &Ledger, year: Year) {
        outputs.end_year(ledger, year, &mut self.history);
        outputs.fill(ledger, &self.history, year, &mut self.values);
    }

    fn close(self, seed: u64, ledger: Ledger, account: Account) -> Counted {
        let values = self.values;
        Counted {
            run: Run {
                values: RunValues { seed, values },
                durations: ledger.durations,
                person_years: self.person_years,
            },
            account,
        }
    }
}

impl<'m> Follower<'m> {
    fn open((model, outputs): &'m (Model, OutputPlan), years: usize) -> Follower<'m> {
        Follower {
            model,
            outputs,
            own: None,
            books: Books::open(outputs, years),
            account: Account::default(),
        }
    }

    /// Gives the scenario people and ledgers of its own: those of the base as it stands.
    fn wake(&mut self, base: (&Walk, &Ledger), years: usize, dice: Dice) {
        let model = self.model;
        let shadow = Shadow::begin(base.0, &model.rules, Some(dice.cluster()));
        let zones = model.data.zones.len();
        let nobody = Population::default();
        let of_events = || Ledger::open(&model.rules, zones, &nobody, model.base.year, years);
        self.own = Some(Own {
            shadow,
            ledger: base.1.clone(),
            less: of_events(),
            more: of_events(),
        });
    }

    /// Takes over the base's year, where the scenario has ledgers of its own; writes the books.
    fn end_year(
        &mut self,
        design: &Design,
        number: usize,
        base: (&Population, &Ledger),
        year: Year,
    ) {
        let arm = &design.scenarios[number];
        let (population, ledger) = base;
        let mut clerk = Clerk::of_arm(design, arm, &[]);
        clerk.account = std::mem::take(&mut self.account);
        if let Some(own) = &mut self.own {
            own.ledger.follow(ledger, &mut own.less, &mut own.more);
            self.books.write(self.outputs, &own.ledger, year);
            let (rules, people) = (self.model.rules_in(year), (population, &own.shadow));
            clerk.census_beside(year, rules, people, &own.ledger);
        } else {
            self.books.write(self.outputs, ledger, year);
            clerk.census_as_base(year, ledger);
        }
        self.account = clerk.account;
    }
}

/// Simulates a base and the scenarios that follow it; nothing if stopped on the way.
pub fn simulate_beside(
    (base, outputs): (&Model, &OutputPlan),
    scenarios: &[(Model, OutputPlan)],
    design: &Design,
    dice: Dice,
    progress: &Progress,
    walk: &mut Walk,
) -> Option<(Counted, Vec<Counted>)> {
    if progress.stop.load(Ordering::Relaxed) {
        return None;
    }
    let (start, until) = (base.base.year, design.until);
    let years = usize::from(until - start);
    let key = Key::new(dice.seed, dice.draw);
    walk.begin(&base.base.population, start, key);
    walk.draw_effects(&base.rules, Some(dice.cluster()));
    let zones = base.data.zones.len();
    let mut ledger = Ledger::open(&base.rules, zones, &walk.population, start, years);
    let mut books = Books::open(outputs, years);
    let mut clerk = Clerk::of_followed(design);
    books.write(outputs, &ledger, start);
    clerk.census(start, &base.rules, walk, &ledger);
    let open = |scenario| Follower::open(scenario, years);
    let mut followers: Vec<Follower<'_>> = scenarios.iter().map(open).collect();
    for (number, follower) in followers.iter_mut().enumerate() {
        follower.end_year(design, number, (&walk.population, &ledger), start);
    }
    for year in start + 1..=until {
        if progress.stop.load(Ordering::Relaxed) {
            return None;
        }
        let people = walk.population.present() as u64;
        books.person_years += people;
        for follower in &mut followers {
            let rules = (base.rules_in(year), follower.model.rules_in(year));
            if follower.own.is_none() && can_differ(rules, year) {
                follower.wake((walk, &ledger), years, dice);
            }
        }
        ledger.begin_year();
        let mut shadows = Vec::with_capacity(followers.len());
        for follower in &mut followers {
            let Some(own) = &mut follower.own else {
                follower.books.person_years += people;
                continue;
            };
            follower.books.person_years += own.shadow.present(&walk.population) as u64;
            own.ledger.begin_year();
            own.less.begin_year();
            own.more.begin_year();
            let delta = Delta {
                less: &mut own.less,
                more: &mut own.more,
            };
            let rules = follower.model.rules_in(year);
            shadows.push((&mut own.shadow, rules, delta));
        }
        shadow::next(walk, base.rules_in(year), &mut ledger, &mut shadows);
        ledger.end_year();
        books.write(outputs, &ledger, year);
        clerk.census(year, base.rules_in(year), walk, &ledger);
        for (number, follower) in followers.iter_mut().enumerate() {
            follower.end_year(design, number, (&walk.population, &ledger), year);
        }
        let simulated = 1 + followers.len() as u64;
        progress.years.fetch_add(simulated, Ordering::Relaxed);
    }
    let others = followers
        .into_iter()
        .map(|follower| {
            let Follower {
                own,
                books,
                account,
                ..
            } = follower;
            let ledger = own.map_or_else(|| ledger.clone(), |own| own.ledger);
            books.close(dice.seed, ledger, account)
        })
        .collect();
    let account = std::mem::take(&mut clerk.account);
    Some((books.close(dice.seed, ledger, account), others))
}
