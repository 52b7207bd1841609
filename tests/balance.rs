//! The measures that hold supply against something, on whole runs: moves between zones close
//! their books, need and vacancies add up, risks are probabilities, and those educated abroad are
//! the people they are said to be.

mod support;

use stabil::dice::Key;
use stabil::engine::Walk;
use stabil::engine::market::Agency;
use stabil::need::Need;
use stabil::population::{Person, Population};
use stabil::runs::Model;
use stabil::runs::work::{Progress, Run, ensemble};
use stabil::tallies::{Breakdown, Ledger, Plan, Questions, Risk};
use stabil::words::{Sector, Year};
use std::collections::BTreeMap;
use std::sync::Arc;

const UNTIL: Year = 2026;

fn breakdowns(keys: &[&[&str]]) -> Vec<Breakdown> {
    let texts = |keys: &&[&str]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
    let of = |keys: &&[&str]| Breakdown::of_keys(&texts(keys));
    keys.iter().map(of).collect()
}

fn plan(model: &Model, keys: &[&[&str]], questions: Questions) -> Plan {
    let years = (model.base.year..=UNTIL).collect();
    let scale = model.base.scale;
    Plan::new(&model.data, scale, &breakdowns(keys), &[], years, questions)
}

fn one_run(model: &Model, plan: &Plan) -> Run {
    let mut runs = ensemble(model, plan, 3..4, UNTIL, &Progress::default());
    assert_eq!(runs.len(), 1);
    runs.remove(0)
}

/// The values of a run by measure, profession, sector, zone and from.
struct Book {
    values: Vec<BTreeMap<[String; 5], f64>>,
}

impl Book {
    fn of(plan: &Plan, run: &Run) -> Book {
        let cells = &plan.layout.cells;
        let year = |values: &[f64]| {
            let mut book = BTreeMap::new();
            for (cell, value) in cells.iter().zip(values) {
                assert_eq!(cell.grade, "all");
                let key = [
                    &cell.measure,
                    &cell.profession,
                    &cell.sector,
                    &cell.zone,
                    &cell.from,
                ];
                let twice = book.insert(key.map(String::clone), *value);
                assert_eq!(twice, None, "a second cell {cell:?}");
            }
            book
        };
        Book {
            values: run.values.values.chunks(cells.len()).map(year).collect(),
        }
    }

    fn find(&self, year: usize, key: [&str; 5]) -> Option<f64> {
        self.values[year].get(&key.map(str::to_string)).copied()
    }

    fn at(&self, year: usize, key: [&str; 5]) -> f64 {
        let found = self.find(year, key);
        found.unwrap_or_else(|| panic!("no cell {key:?}"))
    }

    /// A measure by zone, all professions and sectors together.
    fn by_zone(&self, year: usize, measure: &str, zone: &str) -> f64 {
        self.at(year, [measure, "all", "all", zone, "all"])
    }

    fn has(&self, measure: &str) -> bool {
        self.values[0].keys().any(|key| key[0] == measure)
    }
}

#[track_caller]
fn assert_near(one: f64, other: f64, about: &str) {
    let room = 1e-9 * one.abs().max(other.abs()).max(1.0);
    assert!((one - other).abs() <= room, "{about}: {one} and {other}");
}

/// The zones of those who hold a health job in a profession, by identity.
fn census(model: &Model, population: &Population) -> BTreeMap<u64, usize> {
    let grades = model.data.classification.grades.len();
    let holds = |p: &Person| usize::from(p.grade) < grades && p.in_health();
    let people = population.people().filter(holds);
    people.map(|p| (p.id, usize::from(p.zone))).collect()
}

/// The moves that the ledger has counted as they happened are those that two censuses show, person
/// by person: also for those to whom two things happen in a year.
#[test]
fn moves_are_what_two_censuses_show() {
    for (model, scale) in [(support::tiny(), 1.0), (support::small(), support::SMALL)] {
        let zones = model.data.zones.len();
        let base = model.base.year;
        let mut walk = Walk::new(&model.base.population, base, Key::new(5, 0));
        let mut ledger = Ledger::open(&model.rules, zones, &walk.population, base, 10);
        let mut last = census(model, &walk.population);
        let mut between = 0;
        for _ in 0..6 {
            ledger.begin_year();
            walk.next(&model.rules, &mut ledger);
            ledger.end_year();
            let now = census(model, &walk.population);
            let states = ledger.moves.states();
            let mut counted = vec![0; states * states];
            for profession in 0..model.data.classification.professions.len() {
                for (sum, count) in counted.iter_mut().zip(ledger.moves.of(profession)) {
                    *sum += *count;
                }
            }
            for zone in 0..zones {
                let recruits = now
                    .iter()
                    .filter(|(id, z)| **z == zone && last.get(id) != Some(z));
                let gone = last
                    .iter()
                    .filter(|(id, z)| **z == zone && now.get(id) != Some(z));
                let into: u32 = (0..states).map(|from| counted[from * states + zone]).sum();
                let out: u32 = (0..states).map(|to| counted[zone * states + to]).sum();
                assert_eq!(into as usize, recruits.count(), "{scale} into {zone}");
                assert_eq!(out as usize, gone.count(), "{scale} out of {zone}");
                for to in 0..zones {
                    let moved = last
                        .iter()
                        .filter(|(id, z)| **z == zone && to != zone && now.get(id) == Some(&to));
                    let moved = moved.count();
                    assert_eq!(counted[zone * states + to] as usize, moved, "{zone} {to}");
                    between += moved;
                }
            }
            last = now;
        }
        assert!(between > 10, "{between} moves between zones say little");
    }
}

/// For every zone and union: people in health jobs now are last year's, plus recruits, less
/// departures; and rows by from and zone add up to both.
#[test]
fn the_books_of_moves_close() {
    let model = support::tiny();
    let keys: [&[&str]; 4] = [&["zone"], &["sector", "zone"], &["zone", "from"], &[]];
    let unions = vec![("coast_and_hills".to_string(), vec![1, 2])];
    let questions = Questions {
        unions,
        ..Questions::default()
    };
    let plan = plan(model, &keys, questions);
    let book = Book::of(&plan, &one_run(model, &plan));
    let zones: Vec<String> = model
        .data
        .zones
        .zones
        .iter()
        .map(|z| z.id.clone())
        .collect();
    let mut keys: Vec<(String, Vec<usize>)> = (0..zones.len())
        .map(|zone| (zones[zone].clone(), vec![zone]))
        .collect();
    keys.extend(model.data.zones.unions());
    keys.push(("coast_and_hills".to_string(), vec![1, 2]));
    keys.push(("all".to_string(), (0..zones.len()).collect()));
    let rural =
        |zone: usize| model.data.zones.zones[zone].group + 1 == model.data.zones.groups.len();
    let mut net = 0.0;
    for year in 1..book.values.len() {
        for (key, members) in &keys {
            let of = |measure: &str| book.by_zone(year, measure, key);
            let held = |year| -> f64 {
                let sectors = Sector::ALL[..3].iter();
                sectors
                    .map(|s| {
                        let zones = members
                            .iter()
                            .map(|z| book.at(year, ["persons", "all", s.id(), &zones[*z], "all"]));
                        zones.sum::<f64>()
                    })
                    .sum()
            };
            let gain = of("recruits") - of("departures");
            assert_near(held(year), held(year - 1) + gain, key);
            assert_near(of("net_gain"), gain, key);
            let drawn = of("recruits_from_rural") - of("departures_to_rural");
            assert_near(of("net_gain_after_displacement"), gain - drawn, key);
            net += of("recruits_from_rural");
            if key == "all" {
                continue;
            }
            // Zones outside the key and everything else, told apart.
            let others = || (0..zones.len()).filter(|z| !members.contains(z));
            let flow = |zone: &str, from: &str| {
                book.at(year, ["inflow_zone_to_zone", "all", "all", zone, from])
            };
            let into: f64 = others().map(|z| flow(key, &zones[z])).sum::<f64>()
                + ["education", "outside_health", "abroad"]
                    .map(|f| flow(key, f))
                    .iter()
                    .sum::<f64>();
            assert_near(into, of("recruits"), key);
            let out: f64 = others().map(|z| flow(&zones[z], key)).sum::<f64>()
                + ["pension", "outside_health", "abroad", "death"]
                    .map(|to| flow(to, key))
                    .iter()
                    .sum::<f64>();
            assert_near(out, of("departures"), key);
            let from_rural: f64 = others()
                .filter(|z| rural(*z))
                .map(|z| flow(key, &zones[z]))
                .sum();
            assert_near(from_rural, of("recruits_from_rural"), key);
            // A union does not recruit from what it holds.
            for zone in members {
                let own = ["inflow_zone_to_zone", "all", "all", key, &zones[*zone]];
                assert_eq!(book.find(year, own), None, "{key}");
            }
        }
    }
    assert!(net > 0.0, "nobody moved from a rural zone");
}

/// Need of one in the town, in proportion to what is there elsewhere.
fn need(model: &Model) -> Need {
    let professions = model.data.classification.professions.len();
    let years = model.base.year..=UNTIL;
    Need::from_fn(
        years,
        professions,
        model.data.zones.len(),
        |year, profession, sector, zone| {
            let growth = f64::from(year - 2018);
            match (profession, sector) {
                // The second profession is needed by nobody.
                (1, _) => 0.0,
                (_, Sector::Municipal) => 100.0 + 10.0 * growth * (zone as f64 + 1.0),
                _ => 1.0,
            }
        },
    )
}

#[test]
fn supply_is_held_against_need() {
    let model = support::tiny();
    let need = Arc::new(need(model));
    let zones = model.data.zones.len();
    let cover = [vec![0.5; zones], vec![0.25; zones], vec![0.0; zones]];
    let agency = Agency { cover, cost: 2.0 };
    let questions = Questions {
        need: Some(need.clone()),
        agency: Some(agency),
        ..Questions::default()
    };
    let keys: [&[&str]; 5] = [
        &[],
        &["profession"],
        &["profession", "sector"],
        &["profession", "zone"],
        &["profession", "sector", "zone"],
    ];
    let plan = plan(model, &keys, questions);
    let book = Book::of(&plan, &one_run(model, &plan));
    let name = |p: usize| model.data.classification.professions[p].id.as_str();
    for (number, year) in plan.layout.years.iter().enumerate() {
        let of = |measure, profession, sector, zone| {
            book.at(number, [measure, profession, sector, zone, "all"])
        };
        assert_near(
            of("need_fte", "all", "all", "all"),
            need.national(*year, 0),
            "need",
        );
        // Whoever nobody needs is no surplus.
        let supply = of("supply_fte", name(0), "all", "all");
        let gap = of("gap_fte", "all", "all", "all");
        assert_near(gap, supply - need.national(*year, 0), "gap");
        assert_near(of("gap_fte", name(0), "all", "all"), gap, "gap");
        assert!(of("gap_fte", name(1), "all", "all").is_nan());
        assert!(of("staffing_ratio", name(1), "all", "all").is_nan());
        let ratio = of("staffing_ratio", name(0), "all", "all");
        assert_near(ratio, supply / need.national(*year, 0), "ratio");
        // Vacant posts are counted where they are: surplus elsewhere fills none.
        let (mut vacant, mut covered) = (0.0, 0.0);
        for sector in &Sector::ALL[..3] {
            for (zone, about) in model.data.zones.zones.iter().enumerate() {
                let held = of("supply_fte", name(0), sector.id(), &about.id);
                let lacking = (need.fte(*year, 0, *sector, zone) - held).max(0.0);
                assert_near(
                    of("vacant_posts", name(0), sector.id(), &about.id),
                    lacking,
                    "cell",
                );
                vacant += lacking;
                covered += lacking * [0.5, 0.25, 0.0][sector.index()];
            }
        }
        assert_near(of("vacant_posts", "all", "all", "all"), vacant, "vacant");
        assert_near(of("agency_fte", "all", "all", "all"), covered, "covered");
        assert_near(
            of("agency_cost", "all", "all", "all"),
            2.0 * covered,
            "cost",
        );
        if vacant > 0.0 {
            let years = of("vacancy_years", "all", "all", "all");
            let most = number as f64 + 1.0;
            assert!((1.0..=most).contains(&years), "{year}: {years}");
        }
        let outside = ["gap_fte", name(0), "education", "all", "all"];
        assert_eq!(book.find(number, outside), None);
    }
}

#[test]
fn what_is_not_asked_is_not_written() {
    let model = support::tiny();
    let plan = plan(model, &[&["profession"], &["zone"]], Questions::default());
    let book = Book::of(&plan, &one_run(model, &plan));
    for measure in [
        "need_fte",
        "gap_fte",
        "staffing_ratio",
        "vacant_posts",
        "vacancy_years",
        "agency_fte",
        "agency_cost",
        "risk_below_n",
        "understaffed",
        "longest_understaffed_run",
        "inflow_zone_to_zone",
    ] {
        assert!(!book.has(measure), "{measure}");
    }
    assert!(book.has("recruits") && book.has("share_educated_abroad"));
}

#[test]
fn small_places_are_looked_at_whatever_the_breakdowns() {
    let model = support::tiny();
    let place = model.data.zones.zones[2].id.clone();
    let ask = |fewer_than, understaffed_below, sector| Risk {
        professions: vec![0],
        sector,
        zones: vec![place.clone(), "all".to_string()],
        fewer_than,
        understaffed_below,
    };
    let questions = Questions {
        need: Some(Arc::new(need(model))),
        risks: vec![
            ask(1, 0.0, Some(Sector::Municipal)),
            ask(1_000_000, 1e9, None),
        ],
        ..Questions::default()
    };
    let plan = plan(model, &[&[]], questions);
    let book = Book::of(&plan, &one_run(model, &plan));
    let profession = model.data.classification.professions[0].id.as_str();
    for year in 0..book.values.len() {
        for zone in [place.as_str(), "all"] {
            let of = |measure, sector| book.at(year, [measure, profession, sector, zone, "all"]);
            let never = ["risk_below_n", "understaffed", "longest_understaffed_run"];
            assert_eq!(never.map(|m| of(m, "municipal")), [0.0; 3], "{zone}");
            let always = never.map(|m| of(m, "all"));
            assert_eq!(always, [1.0, 1.0, year as f64 + 1.0], "{zone}");
        }
    }
}

#[test]
fn those_educated_abroad_are_counted_by_differences() {
    let model = support::small();
    let keys: [&[&str]; 3] = [&[], &["profession"], &["zone"]];
    let plan = plan(model, &keys, Questions::default());
    let book = Book::of(&plan, &one_run(model, &plan));
    let mut walk = Walk::new(&model.base.population, model.base.year, Key::new(3, 0));
    let grades = model.data.classification.grades.len();
    let first = model.base.year + 1;
    let mut served = 0;
    for year in 0..book.values.len() {
        if year > 0 {
            walk.next(&model.rules, &mut support::Diary::default());
        }
        let people = support::people(&walk.population);
        let holds = |p: &&Person| usize::from(p.grade) < grades && p.in_health();
        let all = people.iter().filter(holds).count() as f64;
        let abroad = people
            .iter()
            .filter(holds)
            .filter(|p| p.country != 0)
            .count() as f64;
        let told = book.by_zone(year, "share_educated_abroad", "all");
        assert_near(told, abroad / all, "share");
        let arrived = |p: &&Person| {
            let came = stabil::population::newcomers::arrival(p.id);
            came.is_some_and(|(_, year)| year == first)
        };
        served += people
            .iter()
            .filter(arrived)
            .filter(|p| p.in_health())
            .count();
        let at = |measure| book.by_zone(year, measure, "all");
        if year > 0 {
            let arrivals = book.by_zone(1, "entries_abroad", "all") * model.base.scale;
            let years = at("service_years_per_arrival");
            assert_near(years, served as f64 / arrivals, "service");
            assert!(years <= year as f64);
            let (own, foreign) = (at("entries_qualified"), at("entries_abroad"));
            assert_near(
                at("self_sufficiency"),
                own / (own + foreign),
                "self-sufficiency",
            );
        }
    }
    let zone = model.data.zones.zones[0].id.as_str();
    let by_zone = ["self_sufficiency", "all", "all", zone, "all"];
    assert_eq!(book.find(1, by_zone), None);
}
