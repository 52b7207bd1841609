//! Observed against expected numbers of events, and the random numbers themselves.
//!
//! Every comparison of counts is a Bernstein bound ([`support::chance`]) with a false alarm in at
//! most a million; every one of random words a two-sided test at a millionth. Some three hundred
//! such comparisons are made (one for each decision and each of its choices, for the deaths,
//! emigrations, illnesses, positions and moves of the first year, for dropout in each of 22
//! programmes, for stays by track, four for each of 22 decisions' words), so that a sound model
//! would fail this file with a chance under one in a thousand if seeds were drawn anew. They are
//! not: the file gives the same result every time.

mod support;

use stabil::dice::sample::probability;
use stabil::dice::{Decision, Key};
use stabil::engine::predictor::{Predictor, Scene};
use stabil::engine::{Exit, Witness};
use stabil::population::Person;
use stabil::runs::Model;
use stabil::words::{OLDEST_AGE, Status, Track, Year, year_byte};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use support::{BASE_YEAR, Balance, Diary, Event, Lives, NORMAL};
use support::{chi_square, chi_square_255, correlation, watched, zip};

/// The first simulated year.
const FIRST: Year = BASE_YEAR + 1;
/// Seeds that the first year is lived under.
const SEEDS: u64 = 40;

/// What the first year brought to whom, by seed. Where a post from a queue came on top it is left
/// out: only the year's own steps are looked at here.
fn first_years() -> &'static Vec<BTreeMap<u64, Event>> {
    static YEARS: OnceLock<Vec<BTreeMap<u64, Event>>> = OnceLock::new();
    YEARS.get_or_init(|| {
        let lived = |seed| {
            let mut diary = Diary::default();
            Lives::begin(support::small(), seed).next(&mut diary);
            let mut first = BTreeMap::new();
            for event in diary.events {
                first.entry(event.before.id).or_insert(event);
            }
            first
        };
        (1..=SEEDS).map(lived).collect()
    })
}

/// Calls for every person of the base year and every seed with what the first year brought; a
/// quiet year leaves the person as before.
fn each_life(mut look: impl FnMut(&Person, &Event)) {
    let people = support::people(&support::small().base.population);
    for events in first_years() {
        for person in &people {
            let quiet = Event {
                before: *person,
                after: *person,
                exit: None,
                qualified: false,
                year: FIRST,
            };
            look(person, events.get(&person.id).unwrap_or(&quiet));
        }
    }
}

/// The compiled probability of a predictor for somebody in the first year; the person may have
/// changed, the scene is that of the census before.
fn chance_of(predictor: &Predictor, person: &Person, before: &Person) -> f64 {
    let rules = &support::small().rules;
    let scene = Scene::of(before, FIRST, &rules.lookup);
    probability(rules.expit.threshold(predictor.eta(person, &scene)))
}

fn assert_balanced(balance: &Balance, what: &str, least: f64) {
    if let Some(fault) = balance.fault(what, least) {
        panic!("{fault}");
    }
}

fn has_profession(person: &Person) -> bool {
    usize::from(person.grade) < support::small().rules.lookup.grades
}

fn emigrated(event: &Event) -> bool {
    event.after.status == Status::Emigrated || event.exit == Some(Exit::Scope(Status::Emigrated))
}

/// Did the person get past death, the age limit and emigration this year?
fn stayed(event: &Event) -> bool {
    !matches!(event.exit, Some(Exit::Death | Exit::AgeLimit)) && !emigrated(event)
}

#[test]
fn deaths_are_as_many_as_compiled() {
    let mut balance = Balance::default();
    let death = &support::small().rules.death;
    each_life(|person, event| {
        let dead = event.exit == Some(Exit::Death);
        balance.draw(chance_of(death, person, person), dead);
    });
    assert_balanced(&balance, "deaths", 500.0);
}

#[test]
fn emigrations_are_as_many_as_compiled() {
    let mut balance = Balance::default();
    let leaving = &support::small().rules.emigration.leaving;
    each_life(|person, event| {
        let asked = person.status.is_present() && has_profession(person);
        if asked && person.age(FIRST) <= OLDEST_AGE {
            balance.draw(chance_of(leaving, person, person), emigrated(event));
        }
    });
    assert_balanced(&balance, "emigrations", 500.0);
}

/// Among workers who do not study. An illness is not seen if a pension follows in the same year;
/// retirement is decided by another word.
#[test]
fn long_sick_leaves_are_as_many_as_compiled() {
    let mut balance = Balance::default();
    let rules = &support::small().rules;
    each_life(|person, event| {
        if person.status != Status::Working || person.programme != 0 || !stayed(event) {
            return;
        }
        let ill = Person {
            status: Status::SickLeave,
            ..*person
        };
        let retires = match person.age(FIRST) {
            0..57 => 0.0,
            _ => chance_of(&rules.retirement, &ill, person),
        };
        let falls = chance_of(&rules.sick_leave.beginning, person, person);
        let seen = event.after.status == Status::SickLeave;
        balance.draw(falls * (1.0 - retires), seen);
    });
    assert_balanced(&balance, "sick leaves begun", 2_000.0);
}

/// Among those who were settled before and after: at work, ill or outside work, and not in a
/// programme, since students live where they study.
#[test]
fn moves_are_as_many_as_compiled() {
    let mut balance = Balance::default();
    let moving = &support::small().rules.move_zone.moving;
    let settled = |p: &Person| {
        matches!(
            p.status,
            Status::Working | Status::OutsideWork | Status::SickLeave
        )
    };
    each_life(|person, event| {
        let after = &event.after;
        if !settled(person) || person.programme != 0 || !settled(after) || event.exit.is_some() {
            return;
        }
        // The move is decided after the job, so a new sector counts.
        let then = Person {
            status: after.status,
            sector: after.sector,
            ..*person
        };
        let moved = after.zone != person.zone;
        balance.draw(chance_of(moving, &then, person), moved);
    });
    assert_balanced(&balance, "moves between zones", 2_000.0);
}

/// Dropout in each programme, for newcomers and for those who study beside or instead of a job.
#[test]
fn dropout_is_as_frequent_as_completion_says() {
    let model = support::small();
    let programmes = &model.data.classification.programmes;
    let value = |name: &str, id: &str| model.data.parameters.value(name, &[id]);
    let mut balances = vec![Balance::default(); programmes.len()];
    let now = year_byte(FIRST);
    each_life(|person, event| {
        if person.programme == 0 || !stayed(event) {
            return;
        }
        let number = usize::from(person.programme - 1);
        let programme = &programmes[number];
        if now - person.study_since > programme.years {
            return;
        }
        let gave_up = if !has_profession(person) {
            event.exit == Some(Exit::Dropout)
        } else {
            let status = match event.exit {
                Some(Exit::Scope(status)) => status,
                _ => event.after.status,
            };
            if matches!(status, Status::DisabilityPension | Status::OldAgePension) {
                return;
            }
            // Somebody who gives up can leave the job, or begin again, in the same year.
            let ended = event.after.programme == 0 || event.after.study_since == now;
            ended && event.after.grade == person.grade
        };
        let completion = value("study.completion", &programme.id).expect("checked on reading");
        let yearly = 1.0 - completion.powf(1.0 / f64::from(programme.years));
        balances[number].draw(yearly, gave_up);
    });
    let faults: Vec<String> = programmes
        .iter()
        .zip(&balances)
        .filter_map(|(programme, balance)| balance.fault(&programme.id, 1.0))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let mut all = Balance::default();
    balances.iter().for_each(|balance| all.add(*balance));
    assert_balanced(&all, "dropout in all programmes", 2_000.0);
}

/// Graduates who studied where they grew up, by track: do they begin to work there as often as
/// the parameter says?
fn stays_at_home(model: &Model, seeds: u64, tracks: &[Track]) -> Vec<String> {
    let mut balances = [Balance::default(); 4];
    let no_grade = model.data.classification.no_grade();
    for seed in 1..=seeds {
        let mut lives = Lives::begin(model, seed);
        for _ in 0..5 {
            let mut diary = Diary::default();
            lives.next(&mut diary);
            for event in diary.events.iter().filter(|event| event.qualified) {
                let student = &event.before;
                let new = usize::from(student.grade) == no_grade;
                if new && student.origin == student.zone && student.study_zone == student.zone {
                    let track = student.track;
                    let stay = model
                        .data
                        .parameters
                        .value("first_job.stay_home", &[track.id()]);
                    let stay = stay.expect("checked on reading");
                    balances[track.index()].draw(stay, event.after.zone == student.zone);
                }
            }
        }
    }
    let fault = |track: &Track| balances[track.index()].fault(track.id(), 100.0);
    tracks.iter().filter_map(fault).collect()
}

#[test]
fn graduates_who_studied_at_home_stay_there_as_often_as_given() {
    let all = [Track::Campus, Track::Decentralised, Track::Distance];
    let mut faults = stays_at_home(support::small(), 25, &all);
    faults.extend(stays_at_home(support::tiny(), 25, &all[..2]));
    assert!(faults.is_empty(), "begin to work at home: {faults:#?}");
}

/// Cohorts of the invented country's school followed to the end: how many of those admitted
/// complete it, and how many of those who complete it are on time.
fn cohorts() -> (Balance, Balance) {
    let model = support::tiny();
    let value = |name: &str| {
        let value = model.data.parameters.value(name, &["herb_school"]);
        value.expect("checked on reading")
    };
    let (completion, on_time) = (value("study.completion"), value("study.on_time_share"));
    let years = model.data.classification.programmes[0].years;
    let (mut all, mut early) = (Balance::default(), Balance::default());
    for seed in 1..=25 {
        let mut lives = Lives::begin(model, seed);
        let mut admitted = BTreeSet::new();
        for _ in 0..18 {
            let mut diary = Diary::default();
            lives.next(&mut diary);
            // The last cohorts would not have the time to end.
            if lives.walk.year <= BASE_YEAR + 12 {
                let students = diary.entered.iter().map(|(_, p)| p);
                admitted.extend(students.filter(|p| p.programme != 0).map(|p| p.id));
            }
            for event in diary.events.iter().filter(|e| e.before.programme == 1) {
                let ended = event.qualified || event.exit == Some(Exit::Dropout);
                if ended && admitted.remove(&event.before.id) {
                    all.draw(completion, event.qualified);
                    if event.qualified {
                        let studied = event.after.qualified - event.before.study_since;
                        early.draw(on_time, studied == years);
                    }
                }
            }
        }
    }
    (all, early)
}

#[test]
fn cohorts_complete_as_often_as_given() {
    assert_balanced(&cohorts().0, "completed", 10_000.0);
}

#[test]
fn those_who_complete_are_on_time_as_often_as_given() {
    assert_balanced(&cohorts().1, "completed on time", 10_000.0);
}

/// Every decision says yes, and every choice falls, as often as the probabilities say with which
/// it was made; position changes are among them.
#[test]
fn decisions_fall_as_their_probabilities_say() {
    for (model, seeds) in [(support::small(), 1..7), (support::tiny(), 1..7)] {
        let sheet = watched(model, seeds, 6);
        let mut faults = Vec::new();
        for (decision, balance) in &sheet.decided {
            faults.extend(balance.fault(&format!("{decision:?}"), 20.0));
        }
        for ((decision, choice), balance) in &sheet.chosen {
            faults.extend(balance.fault(&format!("{decision:?} choice {choice}"), 0.0));
        }
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(sheet.overlaps.is_empty(), "both yes: {:?}", sheet.overlaps);
        let asked =
            |d: &Decision| sheet.decided.contains_key(d) || sheet.chosen.contains_key(&(*d, 0));
        let never: Vec<&Decision> = Decision::ALL.iter().filter(|d| !asked(d)).collect();
        // The lottery is drawn for a whole queue, and the others for all applicants of a year where
        // posts are limited: not in anybody's turn.
        let for_many = [
            &Decision::Lottery,
            &Decision::Hiring,
            &Decision::LookElsewhere,
            &Decision::SecondPost,
        ];
        assert_eq!(never, for_many);
        assert!(sheet.chosen.len() > 25, "{} choices", sheet.chosen.len());
    }
}

/// Remembers whose position changes.
struct Positions<'a> {
    changed: &'a RefCell<BTreeSet<u64>>,
    person: u64,
}

impl Witness for Positions<'_> {
    fn decided(&mut self, decision: Decision, _: u32, _: u32, yes: bool) {
        if yes && decision == Decision::PositionBand {
            self.changed.borrow_mut().insert(self.person);
        }
    }

    fn chose(&mut self, _: Decision, _: &[u32], _: u32, _: usize) {}
}

/// Among workers who do not study and are still at work when positions are decided; and a band
/// changes for no other reason than this or a new job.
#[test]
fn position_changes_are_as_many_as_compiled() {
    let model = support::small();
    let mut balance = Balance::default();
    for seed in 1..=8 {
        let changed = RefCell::new(BTreeSet::new());
        let mut diary = Diary::default();
        let mut lives = Lives::begin(model, seed);
        let rules = lives.rules;
        lives.walk.next_slowly(rules, &mut diary, |person| {
            let changed = &changed;
            Some(Positions { changed, person })
        });
        let changed = changed.into_inner();
        let mut events = BTreeMap::new();
        for event in &diary.events {
            events.entry(event.before.id).or_insert(event);
        }
        for person in model.base.population.people() {
            let event = events.get(&person.id);
            let after = event.map_or(person, |event| event.after);
            let asked = matches!(after.status, Status::Working | Status::Education);
            let worker = person.status == Status::Working && person.programme == 0;
            if !worker || !asked || person.age(FIRST) > OLDEST_AGE {
                continue;
            }
            let then = Person {
                sector: after.sector,
                ..person
            };
            let yes = changed.contains(&person.id);
            let p = chance_of(&model.rules.position.changing, &then, &person);
            balance.draw(p, yes);
            let same_job = after.job_since == person.job_since;
            let same_pension = after.disability == person.disability;
            assert!(
                yes || after.band == person.band || !same_job || !same_pension,
                "a new band without a reason: {person:?} to {after:?}"
            );
        }
    }
    assert_balanced(&balance, "position changes", 2_000.0);
}

/// Words of a decision as the engine turns them, by person and year, for people of the base year.
fn words(decision: Decision, key: Key) -> Vec<Vec<u32>> {
    let people = support::people(&support::small().base.population);
    let of = |person: &Person| {
        let word = |year| decision.anchor().turn(key.word(decision, person.id, year));
        (FIRST..FIRST + 20).map(word).collect()
    };
    people.iter().map(of).collect()
}

/// The words behind each decision are uniform, and those of neighbouring people, of neighbouring
/// years and of neighbouring seeds have nothing to do with each other.
#[test]
fn random_words_are_uniform_and_independent() {
    let (low, high) = chi_square_255();
    let mut faults = Vec::new();
    for decision in Decision::ALL {
        let own = words(*decision, Key::new(1, 0));
        let other = words(*decision, Key::new(2, 0));
        let statistic = chi_square(&own);
        if !(low..=high).contains(&statistic) {
            faults.push(format!("{decision:?}: chi-square {statistic:.0}"));
        }
        let persons = own.windows(2).flat_map(|two| zip(&two[0], &two[1]));
        let years = own.iter().flat_map(|row| zip(row, &row[1..]));
        let seeds = own.iter().zip(&other).flat_map(|(a, b)| zip(a, b));
        for (what, found) in [
            ("people", correlation(persons)),
            ("years", correlation(years)),
            ("seeds", correlation(seeds)),
        ] {
            if found.abs() > NORMAL {
                faults.push(format!("{decision:?}: {what} correlate, z = {found:.1}"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// The yardsticks themselves can fail: what is not random is found.
#[test]
fn the_yardsticks_find_what_is_not_random() {
    let key = Key::new(1, 0);
    let sound = words(Decision::Death, key);
    let (low, high) = chi_square_255();
    // One word in ten is moved into the lower half.
    let bent: Vec<Vec<u32>> = sound
        .iter()
        .map(|row| {
            let bend = |word: &u32| {
                if word.is_multiple_of(10) {
                    word >> 1
                } else {
                    *word
                }
            };
            row.iter().map(bend).collect()
        })
        .collect();
    assert!(chi_square(&bent) > high);
    // Each bin gets exactly its share.
    let even = vec![(0..=255u32).map(|bin| bin << 24).collect(); 400];
    assert!(chi_square(&even) < low);
    // Two decisions on the same word are not independent.
    let same = words(Decision::Emigration, key);
    let pairs = sound.iter().zip(&same).flat_map(|(a, b)| zip(a, b));
    assert!(correlation(pairs) < -100.0);
    let mut balance = Balance::default();
    (0..100_000).for_each(|draw| balance.draw(0.10, draw % 100 < 11));
    assert!(balance.fault("a tenth", 1.0).is_some());
    let mut balance = Balance::default();
    (0..100_000).for_each(|draw| balance.draw(0.10, draw % 10 == 0));
    assert!(balance.fault("a tenth", 1.0).is_none());
    assert!(balance.fault("a tenth", 20_000.0).is_some());
}
