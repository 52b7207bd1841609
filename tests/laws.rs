//! Laws that every run obeys, whatever the parameters: about lives, identities, random numbers,
//! tallies, threads and scale.

mod support;

use proptest::prelude::*;
use stabil::engine::Entry;
use stabil::population::Person;
use stabil::population::newcomers::{hire_stream, student_stream};
use stabil::runs::laws::conservation;
use stabil::runs::work::{Progress, Run, ensemble};
use stabil::runs::{Model, checks};
use stabil::tallies::{Durations, Kind, Plan};
use stabil::words::{
    Band, Disability, OLDEST_AGE, Sector, Status, Track, YOUNGEST_AGE, Year, year_byte,
};
use std::collections::{BTreeMap, BTreeSet};
use support::{BASE_YEAR, Diary, Lives};

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..Default::default() })]

    #[test]
    fn nobody_appears_or_vanishes(seed: u64) {
        let lines = conservation(support::small(), seed, 2026, |_| ());
        let failing: Vec<&checks::Line> = lines.iter().filter(|line| !line.passes()).collect();
        prop_assert!(failing.is_empty(), "{failing:#?}");
        let professions = support::small().data.classification.professions.len();
        prop_assert_eq!(lines.len(), 7 * (professions + 1));
    }

    #[test]
    fn lives_obey_the_laws(seed: u64) {
        let broken = live_and_watch(support::tiny(), seed, 12);
        prop_assert!(broken.is_empty(), "{broken:#?}");
    }
}

#[test]
fn lives_in_norway_obey_the_laws() {
    for seed in [1, 2] {
        let broken = live_and_watch(support::small(), seed, 12);
        assert!(broken.is_empty(), "seed {seed}: {broken:#?}");
    }
}

/// Lives some years and tells (the first few of) the laws that were broken.
fn live_and_watch(model: &Model, seed: u64, years: Year) -> Vec<String> {
    let mut lives = Lives::begin(model, seed);
    let mut last = lives.people();
    let mut seen: BTreeSet<u64> = last.iter().map(|person| person.id).collect();
    let mut broken = Vec::new();
    if seen.len() != last.len() {
        broken.push("two people of the base year share an identity".to_string());
    }
    for person in &last {
        broken.extend(faults_of_state(model, person, BASE_YEAR));
    }
    for _ in 0..years {
        lives.next(&mut Diary::default());
        let now = lives.people();
        let before: BTreeMap<u64, &Person> = last.iter().map(|p| (p.id, p)).collect();
        for (index, person) in now.iter().enumerate() {
            broken.extend(faults_of_state(model, person, lives.walk.year));
            if index > 0 && now[index - 1].id == person.id {
                broken.push(format!("two people share an identity: {person:?}"));
            }
            match before.get(&person.id) {
                Some(earlier) => broken.extend(faults_of_year(earlier, person, lives.walk.year)),
                // Whoever is gone does not return, and leaves the identity to nobody.
                None if !seen.insert(person.id) => {
                    broken.push(format!("the identity of somebody gone: {person:?}"));
                }
                None => {}
            }
        }
        last = now;
    }
    broken.truncate(5);
    broken
}

/// What is wrong with somebody's state on a census.
fn faults_of_state(model: &Model, person: &Person, year: Year) -> Vec<String> {
    let zones = model.data.zones.len();
    let lists = &model.data.classification;
    let now = year_byte(year);
    let age = person.age(year);
    let present = person.status.is_present();
    let zone_or_none = |zone: u8| usize::from(zone) < zones || zone == u8::MAX;
    let clocks = [
        person.job_since,
        person.qualified,
        person.study_since,
        person.grade_since,
        person.status_since,
    ];
    let student = usize::from(person.grade) == lists.no_grade();
    let laws = [
        (
            "people present are 16 to 74 on the census",
            !present || (YOUNGEST_AGE..=OLDEST_AGE).contains(&age),
        ),
        (
            "people present live in a zone",
            !present || usize::from(person.zone) < zones,
        ),
        (
            "other zones exist or are none",
            [person.origin, person.study_zone, person.first_zone]
                .into_iter()
                .all(zone_or_none),
        ),
        (
            "grades exist",
            usize::from(person.grade) <= lists.no_grade(),
        ),
        (
            "who has no profession is a student",
            !student || person.status == Status::Education,
        ),
        (
            "full-time students are in a programme",
            person.status != Status::Education || person.programme != 0,
        ),
        (
            "programmes exist",
            usize::from(person.programme) <= lists.programmes.len(),
        ),
        (
            "country groups exist",
            usize::from(person.country) < lists.country_groups.len(),
        ),
        (
            "people with a job beside a graded pension have at most the 50-69 % band",
            !(person.status.is_employed() && person.disability == Disability::Half)
                || person.band <= Band::From50,
        ),
        (
            "a disability pension is over at 67",
            person.status != Status::DisabilityPension || age < 67,
        ),
        (
            "clocks lie between birth and now",
            clocks.iter().all(|c| (person.born..=now).contains(c)),
        ),
    ];
    laws.iter()
        .filter(|(_, holds)| !holds)
        .map(|(law, _)| format!("{year}: {law}: {person:?}"))
        .collect()
}

/// What is wrong with the way from one census to the next.
fn faults_of_year(before: &Person, after: &Person, year: Year) -> Vec<String> {
    let way = (before.status, after.status);
    let allowed = match way {
        (Status::DisabilityPension, to) => matches!(
            to,
            Status::DisabilityPension | Status::OldAgePension | Status::Emigrated
        ),
        (Status::OldAgePension, to) => matches!(to, Status::OldAgePension | Status::Emigrated),
        (Status::OutsideWork, to) => to != Status::SickLeave,
        _ => true,
    };
    let own = |p: &Person| (p.id, p.born, p.sex, p.origin, p.country, p.mover);
    let laws = [
        (
            "identity, birth, sex, upbringing, country of education and type stay",
            own(before) == own(after),
        ),
        (
            "nobody grows younger",
            before.age(year - 1) <= after.age(year),
        ),
        ("statuses change along allowed ways", allowed),
        (
            "a new status is dated",
            way.0 == way.1 || after.status_since == year_byte(year),
        ),
        (
            "a new grade is dated",
            before.grade == after.grade || after.grade_since == year_byte(year),
        ),
        (
            "qualifying is never undone",
            before.qualified <= after.qualified,
        ),
        (
            "disability is never undone",
            before.disability <= after.disability,
        ),
    ];
    laws.iter()
        .filter(|(_, holds)| !holds)
        .map(|(law, _)| format!("{year}: {law}: {before:?} to {after:?}"))
        .collect()
}

/// Pensioners who move abroad leave for good: nobody who has ever held a pension is remembered
/// abroad, or seen outside it again. The invented country has many such lives.
#[test]
fn pensioners_stay_pensioners_or_leave_for_good() {
    let mut lives = Lives::begin(support::tiny(), 3);
    let pension =
        |p: &Person| matches!(p.status, Status::DisabilityPension | Status::OldAgePension);
    let mut pensioners = BTreeSet::new();
    let mut gone = 0;
    let mut broken = Vec::new();
    for _ in 0..12 {
        let people = lives.people();
        pensioners.extend(people.iter().filter(|p| pension(p)).map(|p| p.id));
        lives.next(&mut Diary::default());
        let now = lives.people();
        let known = |p: &&Person| pensioners.contains(&p.id);
        gone += pensioners.len() - now.iter().filter(known).count();
        let odd = now
            .iter()
            .filter(known)
            .filter(|p| p.status != Status::Gone && !pension(p));
        broken.extend(odd.map(|person| format!("{}: {person:?}", lives.walk.year)));
    }
    assert!(gone >= 10, "only {gone} pensioners left the model");
    assert!(
        broken.is_empty(),
        "{} times a pensioner was something else, first: {}",
        broken.len(),
        broken[0]
    );
}

/// Limited posts are full ones, but not for somebody on a graded pension.
#[test]
fn a_post_from_the_queue_leaves_room_for_a_graded_pension() {
    let model = support::small();
    let mut lives = Lives::begin(model, 1);
    let lists = &model.data.classification;
    let queue = |kind| kind == stabil::parameters::StepKind::Queue;
    let step = lists.steps.iter().find(|step| queue(step.kind));
    let waiting = step.expect("Norway has a queue for posts").from;
    for slot in 0..lives.walk.population.len() {
        let person = lives.walk.population.get(slot);
        if usize::from(person.grade) == waiting && person.status.is_present() {
            let graded = Person {
                disability: Disability::Half,
                band: person.band.min(Band::From50),
                ..person
            };
            lives.walk.population.set(slot, &graded);
        }
    }
    let mut diary = Diary::default();
    lives.next(&mut diary);
    let given = |p: &Person| usize::from(p.grade) != waiting && p.sector == Sector::Hospital;
    let placed: Vec<&Person> = diary
        .events
        .iter()
        .filter(|e| usize::from(e.before.grade) == waiting && given(&e.after))
        .map(|e| &e.after)
        .filter(|p| p.disability == Disability::Half && p.status == Status::Working)
        .collect();
    assert!(placed.len() >= 5, "only {} posts were given", placed.len());
    let too_much = placed.iter().filter(|p| p.band > Band::From50).count();
    assert_eq!(too_much, 0, "of {} with a graded pension", placed.len());
}

/// Nobody's life depends on how many others there are. Two kinds of people could legitimately
/// differ: those who compete for posts in limited number (LIS1), if there were more of them, and
/// those who are not in both countries. Nothing leads from the inflows raised here into medicine,
/// so everybody who is in both countries must live the same life, physicians included.
#[test]
fn more_newcomers_change_no_other_life() {
    let (model, larger) = (support::small(), support::with_larger_inflows());
    // Rates are set on the base population: the same people, the same rates.
    assert_eq!(
        support::people(&model.base.population),
        support::people(&larger.base.population)
    );
    let rates = |m: &Model| {
        let r = &m.rules;
        [
            format!("{:?} {:?} {:?}", r.death, r.emigration, r.study),
            format!("{:?} {:?} {:?}", r.first_job, r.sick_leave, r.disability),
            format!("{:?} {:?} {:?}", r.retirement, r.leave_job, r.move_zone),
            format!("{:?} {:?} {:?}", r.position, r.further_education, r.queues),
        ]
    };
    assert!(rates(model) == rates(&larger), "the rates differ");
    let lists = &model.data.classification;
    let raised = |person: &Person| {
        let stream = (person.id >> 48) as u16;
        let programme = |id: &str| lists.programmes.iter().position(|p| p.id == id);
        let students = ["nursing", "dental_hygiene"]
            .into_iter()
            .filter_map(programme)
            .any(|p| {
                let first = student_stream(p, Track::Campus, 0);
                let last = student_stream(p, Track::Abroad, 255);
                (first..=last).contains(&stream)
            });
        students || (hire_stream(0, 0)..=hire_stream(49, 255)).contains(&stream)
    };
    let mut small = Lives::begin(model, 11);
    let mut large = Lives::begin(&larger, 11);
    let mut compared = 0;
    for _ in 0..5 {
        let (mut few, mut many) = (Diary::default(), Diary::default());
        small.next(&mut few);
        large.next(&mut many);
        let streams = |diary: &Diary, wanted: bool| -> Vec<(Entry, Person)> {
            let of = |(_, p): &&(Entry, Person)| raised(p) == wanted;
            diary.entered.iter().filter(of).copied().collect()
        };
        let unchanged = |diary| format!("{:?}", streams(diary, false));
        assert!(unchanged(&few) == unchanged(&many), "{}", small.walk.year);
        let (few, many) = (streams(&few, true), streams(&many, true));
        assert!(few.len() > 20 && many.len() * 10 > few.len() * 11);
        let both: BTreeMap<u64, Person> = large.people().into_iter().map(|p| (p.id, p)).collect();
        for person in small.people() {
            if let Some(other) = both.get(&person.id) {
                assert_eq!(&person, other, "{}", small.walk.year);
                compared += usize::from(raised(&person));
            }
        }
        let base = |p: &&Person| p.id >> 48 == 0;
        let own = small.people();
        let own: Vec<&Person> = own.iter().filter(base).collect();
        let theirs: Vec<&Person> = both.values().filter(base).collect();
        assert_eq!(
            own, theirs,
            "{}: the people of the base year",
            small.walk.year
        );
    }
    assert!(compared > 500, "only {compared} newcomers were in both");
}

/// Runs of several seeds, in the order asked for.
fn runs(plan: &Plan, seeds: std::ops::Range<u64>) -> Vec<Run> {
    ensemble(support::small(), plan, seeds, 2024, &Progress::default())
}

fn bits(run: &Run) -> (u64, Vec<u64>) {
    let values = run.values.values.iter().map(|value| value.to_bits());
    (run.values.seed, values.collect())
}

/// Everything that durations are written out as.
fn summaries(durations: &Durations) -> Vec<(u64, u64, Vec<u64>)> {
    let professions = support::small().data.classification.professions.len();
    let quantiles = [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0];
    Kind::ALL
        .into_iter()
        .flat_map(|kind| (0..professions).map(move |profession| (kind, profession)))
        .map(|(kind, profession)| {
            let (number, mean, values) = durations.summary(kind, profession, &quantiles);
            (number, mean.to_bits(), values)
        })
        .collect()
}

#[test]
fn tallies_of_parts_add_up_in_any_order() {
    let plan = support::outputs(support::small(), 2024);
    let parts: Vec<Durations> = runs(&plan, 1..4).into_iter().map(|r| r.durations).collect();
    let merged = |order: &[usize]| {
        let mut all = Durations::new(support::small().data.classification.professions.len());
        order.iter().for_each(|part| all.merge(&parts[*part]));
        all
    };
    let all = summaries(&merged(&[0, 1, 2]));
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert_eq!(summaries(&merged(&order)), all, "{order:?}");
    }
    let mut grouped = parts[0].clone();
    grouped.merge(&merged(&[1, 2]));
    assert_eq!(summaries(&grouped), all);
    let number = |durations: &Durations| -> u64 { summaries(durations).iter().map(|s| s.0).sum() };
    let sum: u64 = parts.iter().map(number).sum();
    assert_eq!(number(&grouped), sum);
    assert!(sum > 1_000 && summaries(&parts[0]) != summaries(&parts[1]));
}

#[test]
fn threads_and_order_make_no_difference() {
    let plan = support::outputs(support::small(), 2024);
    let together: Vec<_> = runs(&plan, 1..6).iter().map(bits).collect();
    assert_eq!(together.len(), 5);
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let found: Vec<_> = pool
            .expect("threads can be started")
            .install(|| runs(&plan, 1..6).iter().map(bits).collect());
        assert!(found == together, "{threads} threads");
    }
    for seed in [4, 2, 5, 1, 3] {
        let alone = runs(&plan, seed..seed + 1);
        assert!(
            bits(&alone[0]) == together[seed as usize - 1],
            "seed {seed}"
        );
    }
    assert!(together[0].1 != together[1].1, "two seeds, one run");
}

#[test]
fn published_counts_do_not_depend_on_the_scale() {
    let other = support::embedded(0.05);
    let count = |model: &Model| {
        let plan = support::outputs(model, BASE_YEAR);
        let run = &ensemble(model, &plan, 1..2, BASE_YEAR, &Progress::default())[0];
        let cell = plan.layout.find("persons", "nurse", "all", "all", "all");
        run.values.values[cell.expect("nurses are counted")]
    };
    let (one, two) = (count(support::small()), count(&other));
    assert!(one > 10_000.0, "{one} nurses");
    assert!((one / two - 1.0).abs() < 0.05, "{one} and {two} nurses");
}

/// Shares are shares, and numbers of people and FTE are not negative, in the smallest cells too.
#[test]
fn outputs_lie_within_their_units() {
    let model = support::small();
    let plan = support::outputs(model, 2029);
    let cells = &plan.layout.cells;
    let mut broken = BTreeMap::new();
    let mut shares = 0;
    for run in ensemble(model, &plan, 1..3, 2029, &Progress::default()) {
        for (index, value) in run.values.values.iter().enumerate() {
            let cell = &cells[index % cells.len()];
            let inside = match cell.unit {
                // Nobody to be a share of.
                "fraction" if value.is_nan() => continue,
                "fraction" => (0.0..=1.0).contains(value),
                // These tell gain from loss.
                _ if cell.measure.starts_with("net_gain") => value.is_finite(),
                // No need to hold supply against; and supply may be less than need.
                _ if cell.measure == "gap_fte" => !value.is_infinite(),
                // Nobody arrived in the base year.
                "years" if value.is_nan() => continue,
                _ => *value >= 0.0,
            };
            shares += usize::from(cell.unit == "fraction");
            if !inside {
                let year = plan.layout.years[index / cells.len()];
                let told = format!("{year} {} {}: {value}", cell.profession, cell.zone);
                broken
                    .entry(&cell.measure)
                    .or_insert_with(Vec::new)
                    .push(told);
            }
        }
    }
    assert!(shares > 10_000, "only {shares} shares were looked at");
    let told: Vec<String> = broken
        .iter()
        .map(|(measure, list)| format!("{measure}: {} cells, the first {}", list.len(), list[0]))
        .collect();
    assert!(told.is_empty(), "{told:#?}");
}
