//! The vacancy closure: equal to the supply closure where nothing binds, bound by posts and by
//! applicants where something does, and lawful throughout.

mod support;

use stabil::engine::closure::Surplus;
use stabil::engine::life::Nobody;
use stabil::engine::market::posts::staffed;
use stabil::engine::{Change, Closure, Conditions, Entry, Observer, Walk};
use stabil::evidence::DataFolder;
use stabil::need::{Need, SECTORS};
use stabil::parameters::ModelData;
use stabil::population::Person;
use stabil::runs::{Model, laws};
use stabil::words::{Sector, Year};
use std::collections::{BTreeMap, BTreeSet};
use support::{BASE_YEAR, Lives, SMALL};

const YEARS: Year = 6;
/// Posts that follow need at once.
const QUICK: (&str, f64) = ("vacancy.post_lag", 1.0);

/// The embedded model with a need of so many times the staff of the base year in every cell, from
/// the year after it.
fn model(closure: Closure, surplus: Surplus, times: f64, change: &[(&str, f64)]) -> Model {
    model_of(closure, surplus, |held| times * held, change)
}

/// The same with a need worked out from the staff of each cell.
fn model_of(
    closure: Closure,
    surplus: Surplus,
    needed: impl Fn(f64) -> f64,
    change: &[(&str, f64)],
) -> Model {
    let mut data = ModelData::read(DataFolder::Embedded, None).expect("the embedded data");
    for (name, value) in change {
        assert!(data.parameters.replace(name, *value), "no parameter {name}");
    }
    let conditions = Conditions {
        closure,
        surplus,
        ..Conditions::default()
    };
    let need = |data: &ModelData, base: &stabil::population::Synthesis, _| {
        let held = staffed(data, base)?;
        let zones = data.zones.len();
        let professions = data.classification.professions.len();
        let years = BASE_YEAR..=2060;
        Ok(Some(Need::from_fn(
            years,
            professions,
            zones,
            |year, p, sector, zone| {
                let held = held[(p * SECTORS + sector.index()) * zones + zone];
                if year == BASE_YEAR {
                    held
                } else {
                    needed(held)
                }
            },
        )))
    };
    Model::build_with(data, BASE_YEAR, SMALL, &conditions, need).expect("a model")
}

/// Everybody after some years.
fn lived(model: &Model, years: Year) -> Vec<Person> {
    let mut lives = Lives::begin(model, 7);
    for _ in 0..years {
        lives.next(&mut support::Diary::default());
    }
    lives.people()
}

#[test]
fn with_need_far_below_supply_and_nobody_turned_away_it_is_the_supply_closure() {
    let supply = model(Closure::Supply, Surplus::TurnedAway, 0.01, &[]);
    let vacancy = model(Closure::Vacancy, Surplus::Absorbed, 0.01, &[QUICK]);
    assert!(vacancy.rules.market.is_some() && supply.rules.market.is_none());
    assert!(lived(&supply, YEARS) == lived(&vacancy, YEARS));
}

/// Without feedback, posts that are never filled turn nobody away: whoever wants a job has one.
#[test]
fn with_need_far_above_supply_and_no_feedback_it_is_the_supply_closure() {
    let none = [
        ("vacancy.leaving", 1.0),
        ("vacancy.sick_leave", 1.0),
        ("vacancy.unguided", 1.0),
        ("vacancy.post_lag", 1.0),
    ];
    // Every cell must have posts, also those without staff in so small a country.
    let supply = model(Closure::Supply, Surplus::TurnedAway, 1.0, &[]);
    let plenty = |held| 50.0 * held + 1e4;
    let vacancy = model_of(Closure::Vacancy, Surplus::TurnedAway, plenty, &none);
    assert!(lived(&supply, YEARS) == lived(&vacancy, YEARS));
}

#[test]
fn feedback_makes_a_difference_where_posts_stand_vacant() {
    let supply = model(Closure::Supply, Surplus::TurnedAway, 1.0, &[]);
    let plenty = model(Closure::Vacancy, Surplus::TurnedAway, 1.5, &[QUICK]);
    let count = |model: &Model| {
        let mut tally = Tally::of(model);
        let mut walk = walk(model);
        for _ in 0..YEARS {
            walk.next(&model.rules, &mut tally);
        }
        tally.left as f64
    };
    let (without, with) = (count(&supply), count(&plenty));
    // From the second year on a third of the posts is missing, an odds ratio of 1.15 ^ 3.3 = 1.6 for
    // leaving, which is about half of all that ends jobs.
    assert!(with > 1.05 * without, "{with} left, {without} without");
}

/// Hiring never exceeds posts, applicants, or what was free: cell by cell and year by year.
#[test]
fn hiring_is_bound_by_posts_and_by_applicants() {
    for times in [0.5, 0.9, 1.0, 1.3] {
        let model = model(Closure::Vacancy, Surplus::TurnedAway, times, &[]);
        let market = model.rules.market.as_ref().expect("a market");
        let mut walk = walk(&model);
        let mut hired_at_all = 0;
        for year in BASE_YEAR + 1..=BASE_YEAR + YEARS {
            let mut tally = Tally::of(&model);
            let before = held(&model, &walk);
            walk.next(&model.rules, &mut tally);
            let after = held(&model, &walk);
            for (cell, hired) in &tally.hired {
                if tally.by_decree.contains(cell) {
                    continue;
                }
                hired_at_all += hired;
                // Whoever was hired found a post: there are no more people than posts, unless
                // those who were there already changed to larger positions.
                let posts = market.posts(year, *cell);
                let grown = tally.grown.get(cell).copied().unwrap_or(0);
                assert!(
                    after[*cell] <= posts.max(0) + grown,
                    "{year}, cell {cell}, {times}: {} held, {posts} posts, {grown} grown, {} before",
                    after[*cell],
                    before[*cell]
                );
            }
        }
        match times < 0.6 {
            true => assert!(hired_at_all < 3_000, "{hired_at_all} hired beyond need"),
            false => assert!(hired_at_all > 500, "{hired_at_all} hired at {times}"),
        }
    }
}

#[test]
fn with_need_far_above_supply_staff_never_exceeds_applicants() {
    let vacancy = model(Closure::Vacancy, Surplus::TurnedAway, 3.0, &[QUICK]);
    let mut walk = walk(&vacancy);
    for _ in 0..YEARS {
        let mut tally = Tally::of(&vacancy);
        let before = persons(&vacancy, &walk);
        walk.next(&vacancy.rules, &mut tally);
        let after = persons(&vacancy, &walk);
        for cell in 0..after.len() {
            let hired = tally.hired.get(&cell).copied().unwrap_or(0);
            let new_profession = tally.converted.get(&cell).copied().unwrap_or(0);
            assert!(after[cell] <= before[cell] + hired + new_profession);
        }
        // Only places without a single post of a profession can turn somebody away.
        let hired: i64 = tally.hired.values().sum();
        assert!(20 * tally.turned_away < hired as usize, "{hired} hired");
    }
}

#[test]
fn accounts_balance_and_threads_do_not_matter() {
    for (surplus, times) in [
        (Surplus::TurnedAway, 0.8),
        (Surplus::TurnedAway, 1.2),
        (Surplus::Absorbed, 1.2),
    ] {
        let model = model(Closure::Vacancy, surplus, times, &[]);
        let lines = laws::conservation(&model, 3, BASE_YEAR + 8, |_| ());
        let broken: Vec<_> = lines.iter().filter(|line| !line.passes()).collect();
        assert!(broken.is_empty(), "{broken:?}");
        assert!(lived(&model, YEARS) == lived(&model, YEARS));
    }
}

/// Who looks elsewhere when turned away may find a post that stood vacant; the more who look, the
/// more are hired, and all of them have been turned away once.
#[test]
fn those_turned_away_find_posts_elsewhere_if_they_look() {
    let counts = [0.0, 0.5, 1.0].map(|chance| {
        let looks = ("vacancy.looks_elsewhere", chance);
        let model = model(Closure::Vacancy, Surplus::TurnedAway, 1.0, &[looks]);
        let mut walk = walk(&model);
        let mut tally = Tally::of(&model);
        walk.next(&model.rules, &mut tally);
        let hired: i64 = tally.hired.values().sum();
        (tally.turned_away as f64, hired as f64)
    });
    let [(turned, none), (again, half), (at_last, all)] = counts;
    // Posts that residents find elsewhere are lost to people from abroad, and to few others.
    assert!(
        turned > 100.0 && turned <= again && again <= at_last,
        "{counts:?}"
    );
    assert!(at_last < 1.05 * turned, "{counts:?}");
    // Posts elsewhere are few, so half of those who look find more than half of them.
    assert!(none + 0.4 * (all - none) < half && half < all, "{counts:?}");
    assert!(all - none <= at_last, "{counts:?}");
}

#[test]
fn newcomers_without_experienced_colleagues_are_told() {
    let unguided = |guides: f64| {
        let few = ("vacancy.newcomers_per_experienced", guides);
        let model = model(Closure::Vacancy, Surplus::TurnedAway, 1.2, &[few]);
        let mut walk = walk(&model);
        let mut tally = Tally::of(&model);
        for _ in 0..3 {
            walk.next(&model.rules, &mut tally);
        }
        tally.unguided
    };
    let (few, many) = (unguided(0.0), unguided(1.0));
    assert!(few > 10 * many, "{few} without any guides, {many} with");
}

/// The fast way and the slow way are the same under strain as well.
#[test]
fn the_quick_test_knows_of_strain() {
    let model = model(Closure::Vacancy, Surplus::TurnedAway, 1.6, &[QUICK]);
    let (mut fast, mut slow) = (walk(&model), walk(&model));
    for _ in 0..YEARS {
        fast.next(&model.rules, &mut support::Diary::default());
        slow.next_slowly(&model.rules, &mut support::Diary::default(), |_| {
            None::<Nobody>
        });
        let (fast, slow) = (
            support::people(&fast.population),
            support::people(&slow.population),
        );
        assert!(fast == slow);
    }
}

fn walk(model: &Model) -> Walk {
    Walk::new(
        &model.base.population,
        BASE_YEAR,
        stabil::dice::Key::new(5, 0),
    )
}

fn cell(model: &Model, person: &Person) -> Option<usize> {
    let profession = model.rules.lookup.profession[usize::from(person.grade)];
    let known = usize::from(profession) < model.rules.lookup.professions && person.in_health();
    known.then(|| {
        (usize::from(profession) * SECTORS + person.sector.index()) * model.data.zones.len()
            + usize::from(person.zone)
    })
}

fn held(model: &Model, walk: &Walk) -> Vec<i64> {
    let mut held = vec![0; cells(model)];
    for person in walk.population.people() {
        if let Some(cell) = cell(model, &person) {
            held[cell] += i64::from(model.rules.position.fte[person.band.index()]);
        }
    }
    held
}

fn persons(model: &Model, walk: &Walk) -> Vec<i64> {
    let mut held = vec![0; cells(model)];
    for person in walk.population.people() {
        if let Some(cell) = cell(model, &person) {
            held[cell] += 1;
        }
    }
    held
}

fn cells(model: &Model) -> usize {
    model.rules.lookup.professions * SECTORS * model.data.zones.len()
}

/// Counts what happens in cells.
struct Tally<'a> {
    model: &'a Model,
    /// Persons hired by cell.
    hired: BTreeMap<usize, i64>,
    /// FTE added by other ways than hiring: larger positions, another profession in place, posts
    /// by decree.
    grown: BTreeMap<usize, i64>,
    /// Persons who came to a cell with another profession, staying where they are.
    converted: BTreeMap<usize, i64>,
    /// Cells that got people by lottery, whatever the posts.
    by_decree: BTreeSet<usize>,
    turned_away: usize,
    unguided: u32,
    left: usize,
}

impl<'a> Tally<'a> {
    fn of(model: &'a Model) -> Tally<'a> {
        Tally {
            model,
            hired: BTreeMap::new(),
            grown: BTreeMap::new(),
            converted: BTreeMap::new(),
            by_decree: BTreeSet::new(),
            turned_away: 0,
            unguided: 0,
            left: 0,
        }
    }

    fn fte(&self, person: &Person) -> i64 {
        i64::from(self.model.rules.position.fte[person.band.index()])
    }
}

impl Observer for Tally<'_> {
    fn entered(&mut self, person: &Person, _: Entry, _: Year) {
        if let Some(cell) = cell(self.model, person) {
            *self.hired.entry(cell).or_default() += 1;
        }
    }

    fn changed(&mut self, change: &Change<'_>) {
        let (before, after) = (change.before, change.after);
        let (from, to) = (cell(self.model, before), cell(self.model, after));
        if from.is_some() && (to.is_none() || after.job_since != before.job_since) {
            self.left += 1;
        }
        let Some(to) = to else { return };
        let queued = change.counted == change.year;
        if from == Some(to) || queued {
            let more = self.fte(after)
                - if from == Some(to) {
                    self.fte(before)
                } else {
                    0
                };
            *self.grown.entry(to).or_default() += more.max(0);
            if queued && from != Some(to) {
                *self.hired.entry(to).or_default() += 1;
                self.by_decree.insert(to);
            }
        } else if before.in_health() && before.sector == after.sector && before.zone == after.zone {
            *self.grown.entry(to).or_default() += self.fte(after);
            *self.converted.entry(to).or_default() += 1;
        } else {
            *self.hired.entry(to).or_default() += 1;
        }
    }

    fn unguided(&mut self, _: (usize, Sector, usize), newcomers: u32, _: Year) {
        self.unguided += newcomers;
    }

    fn turned_away(&mut self, _: &Person, _: Year) {
        self.turned_away += 1;
    }
}

#[test]
fn only_sectors_of_health_care_have_posts() {
    let model = model(Closure::Vacancy, Surplus::TurnedAway, 1.0, &[]);
    let posts = model.posts.as_ref().expect("posts");
    assert_eq!(posts.fte(BASE_YEAR, 0, Sector::OtherSectors, 0), 0.0);
    // Need equals staff: nothing stands vacant to begin with.
    let held = staffed(&model.data, &model.base).expect("staff");
    let zones = model.data.zones.len();
    for (cell, held) in held.iter().enumerate() {
        let (row, zone) = (cell / zones, cell % zones);
        let fte = posts.fte(BASE_YEAR, row / SECTORS, Sector::ALL[row % SECTORS], zone);
        assert!(
            (fte - held).abs() < 1e-6,
            "cell {cell}: {fte} posts, {held} held"
        );
    }
}
