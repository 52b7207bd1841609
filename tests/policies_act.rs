//! Policies on people: whom they reach, what changes for those, and that nothing changes for
//! anybody else.

mod support;

use stabil::dice::sample::with_odds;
use stabil::engine::Conditions;
use stabil::evidence::DataFolder;
use stabil::parameters::policy::{Catalogue, Setting};
use stabil::parameters::{ModelData, Policy};
use stabil::population::Person;
use stabil::runs::Model;
use stabil::words::{Sector, Status, Year};
use std::collections::{BTreeMap, BTreeSet};
use support::{BASE_YEAR, Balance, Diary, Lives, chance};

/// The scale of these tests: one person in ten.
const SCALE: f64 = 0.1;

/// The head that all policies of these tests share.
const HEAD: &str = "name_nb = \"a\"\nname_en = \"a\"\nfamily = \"support\"\ngrade = \"D\"\n\
                    reasoning = \"An invented policy of a test, of no size that anybody claims.\"\n";

fn data() -> ModelData {
    ModelData::read(DataFolder::Embedded, None).expect("the embedded data are whole")
}

/// Policies of these texts (what comes after the identifier and [`HEAD`]), numbered from 0.
fn written(policies: &[&str]) -> Vec<Policy> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("own.toml");
    let mut text = String::new();
    for (number, policy) in policies.iter().enumerate() {
        text += &format!("[[policy]]\nid = \"own_{number}\"\n{HEAD}{policy}\n");
    }
    std::fs::write(&file, text).expect("a file can be written");
    let catalogue = Catalogue::read(&data(), &[&file]).expect("the policies are valid");
    let own = (0..policies.len()).map(|number| catalogue.find(&format!("own_{number}")));
    own.map(|policy| policy.expect("it was written").clone())
        .collect()
}

/// The model of a scenario with these policies, used as set.
fn under(policies: &[&str], set: impl Fn(Setting) -> Setting) -> Model {
    let mut conditions = Conditions::default();
    for policy in written(policies) {
        let setting = set(Setting {
            policy: policy.id.clone(),
            ..Setting::default()
        });
        let policy = setting.apply(&policy);
        conditions.levers.extend(policy.levers.clone());
        conditions.policies.push(policy);
    }
    Model::build_under(data(), BASE_YEAR, SCALE, &conditions).expect("the scenario is valid")
}

fn base() -> &'static Model {
    static MODEL: std::sync::OnceLock<Model> = std::sync::OnceLock::new();
    MODEL.get_or_init(|| support::embedded(SCALE))
}

fn lived(model: &Model, until: Year) -> (Vec<Person>, Diary) {
    let mut lives = Lives::begin(model, 1);
    let mut diary = Diary::default();
    while lives.walk.year < until {
        lives.next(&mut diary);
    }
    (lives.people(), diary)
}

fn grades(model: &Model, profession: &str) -> BTreeSet<usize> {
    let lists = &model.data.classification;
    let own = lists.profession(profession).expect("a profession");
    let grades = lists.grades.iter().enumerate();
    let of = grades.filter(|(_, grade)| grade.profession == own);
    of.map(|(number, _)| number).collect()
}

fn zones(model: &Model, union: &str) -> Vec<usize> {
    let unions = model.data.zones.unions();
    let found = unions.into_iter().find(|(name, _)| name == union);
    found.expect("a union").1
}

/// One policy on everything at once.
const EVERYTHING: &str = "from = 2022\ncoverage = 0.6\nclock = \"policy\"\n\
    [[policy.change]]\nwhat = \"leave_job\"\nodds_ratio = 0.5\n\
    [[policy.change]]\nwhat = \"sick_leave\"\nodds_ratio = 1.6\n\
    [[policy.change]]\nwhat = \"disability\"\nodds_ratio = 0.5\n\
    [[policy.change]]\nwhat = \"retirement\"\nodds_ratio = 1.4\n\
    [[policy.change]]\nwhat = \"move_zone\"\nodds_ratio = 2.0\n\
    [[policy.change]]\nwhat = \"emigration\"\nodds_ratio = 3.0\n\
    [[policy.change]]\nwhat = \"further_education\"\nodds_ratio = 2.0\n\
    [[policy.change]]\nwhat = \"dropout\"\nodds_ratio = 0.5\n\
    [[policy.change]]\nwhat = \"reentry\"\nodds_ratio = 2.0\n\
    [[policy.change]]\nwhat = \"first_zone\"\ntoward = [\"rural\"]\nodds_ratio = 2.0\n\
    [[policy.change]]\nwhat = \"move_zone_to\"\ntoward = [\"rural\"]\nodds_ratio = 2.0\n\
    [[policy.change]]\nwhat = \"first_sector\"\ntoward = [\"municipal\"]\nodds_ratio = 2.0\n\
    [[policy.change]]\nwhat = \"larger_position\"\nodds_ratio = 1.5\n\
    [[policy.change]]\nwhat = \"student_origin\"\ntoward = [\"rural\"]\nodds_ratio = 2.0\n\
    [[policy.change]]\nwhat = \"placement\"\nodds_ratio = 2.0\n\
    [[policy.change]]\nwhat = \"curriculum\"\nodds_ratio = 2.0\n";

#[test]
fn without_strength_a_scenario_is_the_base_bit_for_bit() {
    let places = "from = 2021\n[[policy.study_places]]\nprogramme = \"nursing\"\nchange = 300\n";
    let model = under(&[EVERYTHING, places], |setting| Setting {
        strength: Some(0.0),
        ..setting
    });
    assert_eq!(lived(&model, 2027).0, lived(base(), 2027).0);
}

#[test]
fn nothing_changes_before_the_first_year_and_then_it_does() {
    let places = "from = 2022\n[[policy.study_places]]\nprogramme = \"nursing\"\nchange = 300\n";
    for policy in [EVERYTHING, places] {
        let model = under(&[policy], |setting| setting);
        assert_eq!(lived(&model, 2021).0, lived(base(), 2021).0);
        assert_ne!(lived(&model, 2022).0, lived(base(), 2022).0);
    }
}

#[test]
fn the_fast_way_is_the_slow_way() {
    let model = under(&[EVERYTHING], |setting| setting);
    let mut fast = Lives::begin(&model, 3);
    let mut slow = Lives::begin(&model, 3);
    for lives in [&mut fast, &mut slow] {
        lives.walk.draw_effects(&model.rules, Some(3));
    }
    for _ in 0..6 {
        let mut nobody = Diary::default();
        fast.next(&mut nobody);
        let watch = |_| None::<stabil::engine::life::Nobody>;
        slow.walk.next_slowly(&model.rules, &mut nobody, watch);
    }
    assert_eq!(fast.people(), slow.people());
}

/// Who leaves the job in the first year of the policy, among rural municipal nurses: those reached
/// and all, in the base and under the policy.
#[test]
fn those_reached_leave_by_the_odds_stated_and_others_as_before() {
    let policy = "from = 2020\ncoverage = 0.5\n\
        [policy.eligible]\nprofessions = [\"nurse\", \"nursing_associate\"]\n\
        sectors = [\"municipal\"]\nzones = [\"rural\", \"middle\"]\n\
        [[policy.change]]\nwhat = \"leave_job\"\nodds_ratio = 0.4\n";
    let model = under(&[policy], |setting| setting);
    let mut reached = BTreeSet::new();
    let mut eligible = BTreeSet::new();
    let held = [grades(&model, "nurse"), grades(&model, "nursing_associate")].concat_sets();
    let named = [zones(&model, "rural"), zones(&model, "middle")].concat();
    let start = stabil::engine::Walk::new(
        &model.base.population,
        BASE_YEAR,
        stabil::dice::Key::new(1, 0),
    );
    for slot in 0..model.base.population.len() {
        let person = model.base.population.get(slot);
        let own = held.contains(&usize::from(person.grade))
            && person.status.is_employed()
            && person.sector == Sector::Municipal
            && named.contains(&usize::from(person.zone));
        if own {
            eligible.insert(person.id);
        }
        // Participation is drawn once: the same in every year that the filter holds.
        let key = stabil::dice::Key::new(1, 0);
        let address = stabil::dice::address::of_name("own_0");
        if own && key.participation(address, person.id) < u32::MAX / 2 {
            reached.insert(person.id);
        }
    }
    drop(start);
    let mut share = Balance::default();
    eligible
        .iter()
        .for_each(|id| share.draw(0.5, reached.contains(id)));
    assert_eq!(share.fault("taking part", 1000.0), None);
    let leavers = |model: &Model| -> BTreeSet<u64> {
        let (_, diary) = lived(model, 2020);
        let left = diary.events.iter().filter(|event| {
            let (before, after) = (&event.before, &event.after);
            before.status == Status::Working
                && event.exit.is_none()
                && before.zone == after.zone
                && after.job_since == 120
                && before.job_since != 120
                || after.status == Status::OutsideWork && before.status == Status::Working
        });
        left.map(|event| event.before.id).collect()
    };
    let (with, without) = (leavers(&model), leavers(base()));
    let others =
        |found: &BTreeSet<u64>| -> BTreeSet<u64> { found.difference(&reached).copied().collect() };
    assert_eq!(others(&with), others(&without));
    // On common random numbers lower odds only keep people who would have left.
    assert!(with.is_subset(&without));
    let of = |found: &BTreeSet<u64>| found.intersection(&reached).count() as f64;
    let before = of(&without) / reached.len() as f64;
    let expected = with_odds(before, 0.4) * reached.len() as f64;
    // Odds differ between people, so the mean share is not exactly the changed mean: 5 % of room.
    let room = chance(expected) + 0.05 * expected;
    assert!(
        (of(&with) - expected).abs() < room,
        "{} {expected}",
        of(&with)
    );
    assert!(of(&without) - of(&with) > 2.0 * chance(expected).min(100.0));
}

trait ConcatSets {
    fn concat_sets(self) -> BTreeSet<usize>;
}

impl ConcatSets for [BTreeSet<usize>; 2] {
    fn concat_sets(self) -> BTreeSet<usize> {
        self.into_iter().flatten().collect()
    }
}

#[test]
fn a_capacity_is_filled_and_never_passed() {
    let policy = |capacity: f64| {
        format!(
            "from = 2020\ncapacity = {capacity}\n[policy.eligible]\nprofessions = [\"nurse\"]\n\
             sectors = [\"municipal\"]\n[[policy.change]]\nwhat = \"leave_job\"\nodds_ratio = 0.4\n"
        )
    };
    let participants = |capacity: f64| -> Vec<u32> {
        let model = under(&[&policy(capacity)], |setting| setting);
        let mut lives = Lives::begin(&model, 1);
        let mut nobody = Diary::default();
        let years = 0..3;
        years
            .map(|_| {
                lives.next(&mut nobody);
                lives.walk.participants()[0][0]
            })
            .collect()
    };
    assert_eq!(participants(0.0), [0, 0, 0]);
    // Real people: a tenth of them is simulated. Draws can be equal, but hardly are.
    assert_eq!(participants(2000.0), [200, 200, 200]);
    let all = participants(1e6);
    assert!(all.iter().all(|number| *number > 1500), "{all:?}");
}

#[test]
fn students_have_the_origins_and_placements_of_the_odds_stated() {
    let policy = "from = 2020\n[policy.eligible]\nprogrammes = [\"nursing\"]\n\
        [[policy.change]]\nwhat = \"student_origin\"\ntoward = [\"rural\"]\nodds_ratio = 2.0\n\
        [[policy.change]]\nwhat = \"placement\"\nodds_ratio = 3.0\n";
    let model = under(&[policy], |setting| setting);
    let nursing = 1 + base()
        .data
        .classification
        .programmes
        .iter()
        .position(|p| p.id == "nursing")
        .expect("a programme") as u8;
    let rural = zones(base(), "rural");
    let students = |model: &Model| -> BTreeMap<u64, Person> {
        let (_, diary) = lived(model, 2023);
        let all = diary
            .entered
            .into_iter()
            .map(|(_, person)| (person.id, person));
        all.filter(|(_, p)| p.programme == nursing).collect()
    };
    let (with, without) = (students(&model), students(base()));
    assert!(with.keys().eq(without.keys()), "as many are admitted");
    let mut placed = Balance::default();
    let mut by_zone: BTreeMap<u8, [f64; 3]> = BTreeMap::new();
    let grown_up = |person: &Person| rural.contains(&usize::from(person.origin));
    for (id, person) in &without {
        let other = &with[id];
        let of = by_zone.entry(person.study_zone).or_default();
        of[0] += 1.0;
        of[1] += f64::from(u8::from(grown_up(person)));
        of[2] += f64::from(u8::from(grown_up(other)));
        // Nobody loses what the policy gives.
        assert!(!person.placement || other.placement);
        assert!(!grown_up(person) || grown_up(other));
        placed.draw(if person.placement { 1.0 } else { 0.0 }, other.placement);
    }
    let number = without.len() as f64;
    let share = without.values().filter(|p| p.placement).count() as f64 / number;
    let expected = with_odds(share, 3.0) * number;
    assert!((placed.observed - expected).abs() < chance(expected) * 1.5 + 0.02 * number);
    let expected: f64 = by_zone
        .values()
        .map(|[all, before, _]| all * with_odds(before / all, 2.0))
        .sum();
    let observed: f64 = by_zone.values().map(|[_, _, after]| after).sum();
    let before: f64 = by_zone.values().map(|[_, before, _]| before).sum();
    assert!(observed > before + 50.0, "{observed} {before}");
    assert!(
        (observed - expected).abs() < chance(expected) + 0.02 * number,
        "{observed} {expected}"
    );
}

#[test]
fn graduates_take_first_jobs_by_the_odds_stated() {
    let policy = "from = 2020\n[policy.eligible]\nprogrammes = [\"nursing\"]\n\
        [[policy.change]]\nwhat = \"first_zone\"\ntoward = [\"rural\"]\nodds_ratio = 3.0\n";
    let model = under(&[policy], |setting| setting);
    let rural = zones(base(), "rural");
    let firsts = |model: &Model| -> BTreeMap<u64, u8> {
        let (_, diary) = lived(model, 2023);
        let all = diary.events.into_iter().filter(|event| event.qualified);
        all.filter(|event| grades(model, "nurse").contains(&usize::from(event.after.grade)))
            .filter(|event| event.before.status == Status::Education)
            .map(|event| (event.after.id, event.after.first_zone))
            .collect()
    };
    let (with, without) = (firsts(&model), firsts(base()));
    assert!(with.keys().eq(without.keys()), "as many qualify");
    let share = |found: &BTreeMap<u64, u8>| {
        let there = found
            .values()
            .filter(|zone| rural.contains(&usize::from(**zone)));
        there.count() as f64 / found.len() as f64
    };
    let (before, after) = (share(&without), share(&with));
    // Each graduate's odds are tripled; the mean over graduates of different odds is a little less
    // than the tripled odds of the mean, and more than the doubled.
    assert!(after < with_odds(before, 3.0) + 0.01, "{before} {after}");
    assert!(after > with_odds(before, 1.5), "{before} {after}");
}

#[test]
fn two_policies_do_more_than_one_and_less_than_the_sum() {
    let policy = "from = 2020\n[policy.eligible]\nprofessions = [\"nurse\"]\n\
        [[policy.change]]\nwhat = \"leave_job\"\nodds_ratio = 0.7\n";
    let strong = "from = 2020\n[policy.eligible]\nprofessions = [\"nurse\"]\n\
        [[policy.change]]\nwhat = \"leave_job\"\nodds_ratio = 0.49\n";
    let nurses = grades(base(), "nurse");
    let left = |policies: &[&str]| {
        let model = under(policies, |setting| setting);
        let (_, diary) = lived(&model, 2020);
        let left = diary.events.iter().filter(|event| {
            nurses.contains(&usize::from(event.before.grade))
                && event.before.status == Status::Working
                && event.after.job_since == 120
        });
        left.count()
    };
    let (none, one, two, sum) = (
        left(&[]),
        left(&[policy]),
        left(&[policy, policy]),
        left(&[strong]),
    );
    // Twice the same odds ratio would be its square; half of the second counts.
    assert!(
        none > one && one > two && two > sum,
        "{none} {one} {two} {sum}"
    );
}

#[test]
fn more_places_mean_no_fewer_graduates() {
    let graduates = |places: f64| {
        let policy = "from = 2020\n[[policy.study_places]]\nprogramme = \"nursing\"\nzone = \"finnmark\"\nchange = 100\n";
        let model = under(&[policy], |setting| Setting {
            places: Some(places),
            ..setting
        });
        let (_, diary) = lived(&model, 2026);
        diary.events.iter().filter(|event| event.qualified).count()
    };
    let numbers = [0.0, 50.0, 100.0, 400.0].map(graduates);
    assert!(numbers.is_sorted(), "{numbers:?}");
    assert!(numbers[3] > numbers[0] + 80, "{numbers:?}");
}

#[test]
fn places_moved_are_as_many_as_before() {
    let policy = "from = 2021\n[[policy.study_places]]\nprogramme = \"nursing\"\nchange = 40\n";
    let model = under(&[policy], |setting| Setting {
        zones: Some(vec!["finnmark".into()]),
        taken_from: Some(vec!["oslo_central".into()]),
        places: Some(200.0),
        ..setting
    });
    let admitted = |model: &Model, zone: Option<&str>| {
        let (_, diary) = lived(model, 2024);
        let named = zone.map(|zone| match model.data.zones.of_id(zone) {
            Some(zone) => vec![zone],
            None => zones(model, zone),
        });
        let here = |person: &Person| {
            let at = usize::from(person.study_zone);
            named.as_ref().is_none_or(|zones| zones.contains(&at))
        };
        let students = diary
            .entered
            .iter()
            .filter(|(_, p)| p.programme == 1 && here(p));
        students.count() as i64
    };
    assert_eq!(base().data.classification.programmes[0].id, "nursing");
    let moved = |zone| admitted(&model, zone) - admitted(base(), zone);
    // Four years of 20 simulated places.
    assert_eq!(moved(Some("finnmark")), 80);
    assert_eq!(moved(Some("oslo_central")), -80);
    assert_eq!(moved(None), 0);
}

#[test]
fn guidance_reaches_fewer_where_colleagues_are_few() {
    let policy = |guided: bool| {
        format!(
            "from = 2020\nguided = {guided}\n\
             [[policy.change]]\nwhat = \"leave_job\"\nodds_ratio = 0.5\n"
        )
    };
    let conditions = Conditions {
        closure: stabil::engine::Closure::Vacancy,
        policies: written(&[&policy(true), &policy(false)]),
        ..Conditions::default()
    };
    let model = Model::build_under(data(), BASE_YEAR, SCALE, &conditions);
    let model = model.expect("the scenario is valid");
    let key = stabil::dice::Key::new(1, 0);
    for (share, expected) in [(0, 0.0), (64, 0.25), (192, 0.75), (256, 1.0)] {
        let mut kept = Balance::default();
        for id in 0..4000 {
            let mut standing = stabil::engine::policy::Standing::default();
            standing.reached = 0b11;
            let left = standing.guided(&model.rules.policies, (key, id), share);
            assert_eq!(left.reached & 0b10, 0b10, "what needs no guidance stays");
            kept.draw(expected, left.reached & 1 == 1);
        }
        assert_eq!(kept.fault("guided", 0.0), None);
    }
    // The share is that of the place: where there are no colleagues, none; elsewhere most.
    let market = model.rules.market.as_ref().expect("posts follow need");
    let mut lives = Lives::begin(&model, 1);
    lives.next(&mut Diary::default());
    let shares: Vec<u32> = lives
        .people()
        .iter()
        .filter(|person| person.in_health())
        .map(|person| {
            let profession = model.rules.lookup.profession[usize::from(person.grade)];
            let market_then = lives.walk.market();
            market_then.guided(market, usize::from(profession), person)
        })
        .collect();
    assert!(shares.iter().all(|share| *share <= 256));
    let full = shares.iter().filter(|share| **share == 256).count();
    assert!(full > shares.len() / 2, "{full} of {}", shares.len());
    assert!(full < shares.len(), "somewhere colleagues are too few");
}
