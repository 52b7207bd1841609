//! Base and scenarios in one walk through the years: a scenario under the supply closure follows
//! its base ([`crate::engine::shadow`]), and its ledger is the base's, less the events of those who
//! live by themselves in it, and with theirs. Much quicker than the scenario in full, and the same.

use super::account::{Account, Clerk};
use super::design::Design;
use super::model::Model;
use super::paired::Counted;
use super::work::{Dice, Onlooker, Progress, Run};
use crate::dice::Key;
use crate::engine::Walk;
use crate::engine::shadow::{self, Delta, Shadow, can_follow};
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
    shadow: Shadow,
    ledger: Ledger,
    less: Ledger,
    more: Ledger,
    books: Books,
    account: Account,
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
    fn open(
        (model, outputs): &'m (Model, OutputPlan),
        base: (&Walk, &Ledger),
        years: usize,
        dice: Dice,
    ) -> Follower<'m> {
        let mut shadow = Shadow::default();
        shadow.begin(base.0);
        shadow.walk.draw_effects(&model.rules, Some(dice.cluster()));
        let zones = model.data.zones.len();
        let nobody = Population::default();
        let of_events = || Ledger::open(&model.rules, zones, &nobody, model.base.year, years);
        Follower {
            model,
            outputs,
            shadow,
            ledger: base.1.clone(),
            less: of_events(),
            more: of_events(),
            books: Books::open(outputs, years),
            account: Account::default(),
        }
    }

    fn census(&mut self, design: &Design, number: usize, base: &Population, year: Year) {
        self.books.write(self.outputs, &self.ledger, year);
        let arm = &design.scenarios[number];
        let mut own = Clerk::of_follower(design, arm, base, &self.shadow);
        own.account = std::mem::take(&mut self.account);
        own.census(
            year,
            self.model.rules_in(year),
            &self.shadow.walk,
            &self.ledger,
        );
        self.account = own.account;
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
    let mut followers: Vec<Follower<'_>> = scenarios
        .iter()
        .map(|scenario| Follower::open(scenario, (walk, &ledger), years, dice))
        .collect();
    for (number, follower) in followers.iter_mut().enumerate() {
        follower.census(design, number, &walk.population, start);
    }
    for year in start + 1..=until {
        if progress.stop.load(Ordering::Relaxed) {
            return None;
        }
        books.person_years += walk.population.len() as u64;
        ledger.begin_year();
        let mut shadows = Vec::with_capacity(followers.len());
        for follower in &mut followers {
            follower.books.person_years += follower.shadow.walk.population.len() as u64;
            follower.ledger.begin_year();
            follower.less.begin_year();
            follower.more.begin_year();
            let delta = Delta {
                less: &mut follower.less,
                more: &mut follower.more,
            };
            let rules = follower.model.rules_in(year);
            shadows.push((&mut follower.shadow, rules, delta));
        }
        shadow::next(walk, base.rules_in(year), &mut ledger, &mut shadows);
        ledger.end_year();
        books.write(outputs, &ledger, year);
        clerk.census(year, base.rules_in(year), walk, &ledger);
        for (number, follower) in followers.iter_mut().enumerate() {
            let (less, more) = (&mut follower.less, &mut follower.more);
            follower.ledger.follow(&ledger, less, more);
            follower.census(design, number, &walk.population, year);
        }
        let simulated = 1 + followers.len() as u64;
        progress.years.fetch_add(simulated, Ordering::Relaxed);
    }
    let account = std::mem::take(&mut clerk.account);
    let own = books.close(dice.seed, ledger, account);
    let others = followers
        .into_iter()
        .map(|follower| {
            let Follower {
                ledger,
                books,
                account,
                ..
            } = follower;
            books.close(dice.seed, ledger, account)
        })
        .collect();
    Some((own, others))
}
