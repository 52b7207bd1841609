//! Levers on who comes in: the right people, in the right year, size and place, and nobody else.

mod support;

use stabil::engine::{Conditions, Entry, Rules};
use stabil::evidence::DataFolder;
use stabil::parameters::levers::{
    Agreement, LicenceRule, MetBy, Posts, RecruitmentStop, SelfSufficiency, StudyAbroad,
    StudyPlaces,
};
use stabil::parameters::{Levers, ModelData};
use stabil::population::Person;
use stabil::population::newcomers::abroad_stream;
use stabil::runs::{Model, laws};
use stabil::words::{Problem, Year};
use std::collections::BTreeSet;
use support::{BASE_YEAR, Diary, Lives, SMALL, small};

/// The first year in which the levers of these tests hold.
const FROM: Year = 2023;

fn tried(levers: Levers) -> Result<Model, Problem> {
    let conditions = Conditions {
        levers,
        ..Conditions::default()
    };
    ModelData::read(DataFolder::Embedded, None)
        .and_then(|data| Model::build_under(data, BASE_YEAR, SMALL, &conditions))
}

fn under(levers: Levers) -> Model {
    match tried(levers) {
        Ok(model) => model,
        Err(problem) => panic!("the levers are refused: {problem}"),
    }
}

/// Everything the engine tells up to and with a year.
fn diary(model: &Model, until: Year) -> Diary {
    let mut lives = Lives::begin(model, 1);
    let mut diary = Diary::default();
    for _ in BASE_YEAR..until {
        lives.next(&mut diary);
    }
    diary
}

fn profession(model: &Model, id: &str) -> usize {
    model
        .data
        .classification
        .profession(id)
        .expect("a profession")
}

fn country(model: &Model, id: &str) -> usize {
    let groups = &model.data.classification.country_groups;
    groups.iter().position(|g| g.id == id).expect("a group")
}

fn year_of(person: &Person) -> Year {
    (person.id >> 32 & 0xFFFF) as Year
}

/// Those who came from abroad in a year, of a profession and country group.
fn came(model: &Model, diary: &Diary, of: [&str; 2], year: Year) -> usize {
    let stream = abroad_stream(profession(model, of[0]), country(model, of[1]));
    diary
        .entered
        .iter()
        .filter(|(_, p)| p.id >> 48 == u64::from(stream) && year_of(p) == year)
        .count()
}

/// Newcomers by identity, with everything about them as they enter.
fn newcomers(diary: &Diary, counts: impl Fn(Entry, &Person) -> bool) -> BTreeSet<String> {
    diary
        .entered
        .iter()
        .filter(|(entry, person)| counts(*entry, person))
        .map(|(entry, person)| format!("{entry:?} {person:?}"))
        .collect()
}

fn everything() -> Levers {
    Levers {
        licence_rule: vec![LicenceRule {
            professions: vec!["nurse".into(), "physician".into()],
            country_groups: vec!["other".into(), "who_list".into()],
            from: FROM,
            until: None,
            passes: 0.0,
        }],
        recruitment_stop: vec![RecruitmentStop {
            country_groups: vec!["eea".into()],
            from: FROM,
            until: Some(FROM + 1),
        }],
        agreement: vec![Agreement {
            profession: "nurse".into(),
            country_group: "nordic".into(),
            persons: 525.0,
            from: FROM,
            until: None,
        }],
        study_abroad: vec![StudyAbroad {
            profession: "nurse".into(),
            from: FROM - 3,
            until: None,
            factor: 4.0,
        }],
        study_places: vec![StudyPlaces {
            programme: "nursing".into(),
            track: Some("decentralised".into()),
            zone: Some("finnmark_rural".into()),
            from: FROM,
            until: None,
            change: 500.0,
        }],
        posts: vec![Posts {
            grade: "lis1".into(),
            from: FROM,
            persons: 2000.0,
        }],
        self_sufficiency: vec![
            SelfSufficiency {
                profession: "dentist".into(),
                share: 0.8,
                from: FROM,
                by: MetBy::FewerFromAbroad,
                admits_from: None,
            },
            SelfSufficiency {
                profession: "physiotherapist".into(),
                share: 0.9,
                from: FROM + 4,
                by: MetBy::StudyPlaces,
                admits_from: None,
            },
        ],
    }
}

#[test]
fn nothing_before_the_first_year_is_touched() {
    let levers = Levers {
        // This one begins to act years ahead, as it must.
        self_sufficiency: Vec::new(),
        ..everything()
    };
    let changed = under(levers);
    let (one, two) = (diary(small(), FROM - 1), diary(&changed, FROM - 1));
    let told = |diary: &Diary| format!("{:?} {:?}", diary.entered, diary.events);
    assert!(one.entered.len() > 1000 && one.events.len() > 1000);
    assert!(told(&one) == told(&two), "lives before {FROM} differ");
    let (one, two) = (diary(small(), FROM), diary(&changed, FROM));
    assert!(told(&one) != told(&two), "the levers change nothing");
}

#[test]
fn conservation_holds_with_all_levers_at_once() {
    let model = under(everything());
    let lines = laws::conservation(&model, 1, FROM + 5, |_| ());
    assert!(lines.len() > 100);
    let failed: Vec<_> = lines.iter().filter(|line| !line.passes()).collect();
    assert!(failed.is_empty(), "{failed:?}");
}

#[test]
fn a_licence_rule_lets_its_share_through() {
    let rule = |passes| Levers {
        licence_rule: vec![LicenceRule {
            professions: vec!["physician".into()],
            country_groups: vec!["eea".into()],
            from: FROM,
            until: Some(FROM + 1),
            passes,
        }],
        ..Levers::default()
    };
    let of = ["physician", "eea"];
    let usual = came(small(), &diary(small(), FROM), of, FROM);
    assert_eq!(usual, 3, "150 at one in fifty");
    let (none, half) = (under(rule(0.0)), under(rule(0.5)));
    let (none, half) = (diary(&none, FROM + 2), diary(&half, FROM + 2));
    for year in [FROM - 1, FROM + 2] {
        assert_eq!(came(small(), &none, of, year), usual, "{year}");
    }
    for year in [FROM, FROM + 1] {
        assert_eq!(came(small(), &none, of, year), 0, "{year}");
        assert_eq!(came(small(), &none, ["physician", "nordic"], year), 2);
        assert_eq!(came(small(), &none, ["nurse", "eea"], year), 3);
    }
    let passed = came(small(), &half, of, FROM) + came(small(), &half, of, FROM + 1);
    assert_eq!(passed, usual, "half of them in two years");
}

#[test]
fn a_stop_spares_those_who_come_by_themselves() {
    let model = under(Levers {
        recruitment_stop: vec![RecruitmentStop {
            country_groups: vec!["nordic".into()],
            from: FROM,
            until: None,
        }],
        ..Levers::default()
    });
    let p = &model.data.parameters;
    let active = p
        .value("abroad.active_share", &["nordic"])
        .expect("it is there");
    let years = FROM..FROM + 10;
    let (with, without) = (diary(&model, FROM + 9), diary(small(), FROM + 9));
    let sum = |diary: &Diary, of| -> usize {
        years
            .clone()
            .map(|year| came(small(), diary, of, year))
            .sum()
    };
    let nurses = ["nurse", "nordic"];
    let expected = sum(&without, nurses) as f64 * (1.0 - active);
    let found = sum(&with, nurses) as f64;
    assert!(
        active > 0.1 && (found - expected).abs() <= 1.0,
        "{found} for {expected}"
    );
    let others = ["nurse", "eea"];
    assert_eq!(sum(&with, others), sum(&without, others));
}

#[test]
fn an_agreement_brings_people_on_top() {
    let model = under(Levers {
        agreement: vec![Agreement {
            profession: "midwife".into(),
            country_group: "other".into(),
            persons: 20.0,
            from: FROM,
            until: Some(FROM + 9),
        }],
        ..Levers::default()
    });
    let of = ["midwife", "other"];
    let (with, without) = (diary(&model, FROM + 11), diary(small(), FROM + 11));
    let sum = |diary: &Diary| -> usize {
        (FROM..FROM + 12)
            .map(|year| came(small(), diary, of, year))
            .sum()
    };
    // Twenty a year at one in fifty are two in five years.
    assert_eq!(sum(&with), sum(&without) + 4);
    let other = |_: Entry, person: &Person| {
        let stream = abroad_stream(profession(small(), of[0]), country(small(), of[1]));
        person.id >> 48 != u64::from(stream)
    };
    assert!(newcomers(&with, other) == newcomers(&without, other));
}

#[test]
fn studies_abroad_take_their_years() {
    let model = under(Levers {
        study_abroad: vec![StudyAbroad {
            profession: "physician".into(),
            from: FROM - 3,
            until: None,
            factor: 2.0,
        }],
        ..Levers::default()
    });
    let of = ["physician", "norwegian_abroad"];
    let (with, without) = (diary(&model, FROM + 4), diary(small(), FROM + 4));
    for year in BASE_YEAR + 1..FROM + 3 {
        assert_eq!(
            came(small(), &with, of, year),
            came(small(), &without, of, year)
        );
    }
    for year in [FROM + 3, FROM + 4] {
        let usual = came(small(), &without, of, year);
        assert!(usual > 5);
        assert_eq!(came(small(), &with, of, year), 2 * usual, "{year}");
    }
}

#[test]
fn study_places_in_one_zone_touch_no_other_newcomer() {
    let model = under(Levers {
        study_places: vec![StudyPlaces {
            programme: "nursing".into(),
            track: Some("decentralised".into()),
            zone: Some("finnmark_rural".into()),
            from: FROM,
            until: Some(FROM + 1),
            change: 500.0,
        }],
        ..Levers::default()
    });
    let zone = model.data.zones.of_id("finnmark_rural").expect("a zone");
    let nursing = model.data.classification.programmes.iter();
    let nursing = nursing
        .clone()
        .position(|p| p.id == "nursing")
        .expect("nursing");
    let here = |entry: Entry, person: &Person| {
        entry == Entry::Admitted
            && usize::from(person.programme) == nursing + 1
            && person.track.id() == "decentralised"
            && usize::from(person.study_zone) == zone
    };
    let (with, without) = (diary(&model, FROM + 2), diary(small(), FROM + 2));
    let elsewhere = |entry: Entry, person: &Person| !here(entry, person);
    assert!(newcomers(&with, elsewhere) == newcomers(&without, elsewhere));
    for (year, more) in [(FROM - 1, 0), (FROM, 10), (FROM + 1, 10), (FROM + 2, 0)] {
        let in_year = |e: Entry, p: &Person| here(e, p) && year_of(p) == year;
        let (a, b) = (newcomers(&with, in_year), newcomers(&without, in_year));
        assert_eq!(a.len(), b.len() + more, "{year}");
        assert!(b.is_subset(&a), "{year}");
    }
}

#[test]
fn never_fewer_places_than_none() {
    let model = under(Levers {
        study_places: vec![StudyPlaces {
            programme: "dentistry".into(),
            track: None,
            zone: None,
            from: FROM,
            until: None,
            change: -10_000.0,
        }],
        ..Levers::default()
    });
    let lists = &model.data.classification;
    let dentistry = lists.programmes.iter().position(|p| p.id == "dentistry");
    let dentistry = dentistry.expect("a programme") + 1;
    let students = |diary: &Diary, year| {
        newcomers(diary, |entry, person| {
            entry == Entry::Admitted
                && usize::from(person.programme) == dentistry
                && year_of(person) == year
        })
        .len()
    };
    let diary = diary(&model, FROM + 1);
    assert!(students(&diary, FROM - 1) > 0);
    assert_eq!(students(&diary, FROM), 0);
    assert_eq!(students(&diary, FROM + 1), 0);
}

#[test]
fn posts_are_given_from_their_year() {
    let model = under(Levers {
        posts: vec![Posts {
            grade: "lis1".into(),
            from: FROM,
            persons: 500.0,
        }],
        ..Levers::default()
    });
    let grades = &model.data.classification.grades;
    let grade = grades.iter().position(|g| g.id == "lis1").expect("a grade");
    let given = |diary: &Diary, year| {
        let begun = |e: &&support::Event| {
            e.year == year
                && usize::from(e.after.grade) == grade
                && usize::from(e.before.grade) != grade
        };
        diary.events.iter().filter(begun).count()
    };
    let (with, without) = (diary(&model, FROM), diary(small(), FROM));
    assert_eq!(given(&with, FROM - 1), given(&without, FROM - 1));
    assert_eq!(given(&with, FROM), 10);
    assert!(given(&without, FROM) > 10);
}

/// Of those expected new in a profession, the share educated at home.
fn share_at_home(rules: &Levers, id: &str, year: Year) -> f64 {
    let data = ModelData::read(DataFolder::Embedded, None).expect("the embedded data");
    let (at_home, abroad) = stabil::engine::inflow::expected(&data, BASE_YEAR, rules, year)
        .expect("the embedded data are complete")
        [data.classification.profession(id).expect("a profession")];
    at_home / (at_home + abroad)
}

#[test]
fn a_target_of_self_sufficiency_is_met_either_way() {
    for (by, from) in [(MetBy::FewerFromAbroad, FROM), (MetBy::StudyPlaces, 2030)] {
        let levers = Levers {
            self_sufficiency: vec![SelfSufficiency {
                profession: "physician".into(),
                share: 0.8,
                from,
                by,
                admits_from: None,
            }],
            ..Levers::default()
        };
        let usual = share_at_home(&Levers::default(), "physician", from + 2);
        assert!(usual < 0.6, "{usual}");
        let met = share_at_home(&levers, "physician", from + 2);
        assert!((met - 0.8).abs() < 1e-6, "{by:?}: {met}");
        let before = share_at_home(&levers, "physician", from - 1);
        let unchanged = share_at_home(&Levers::default(), "physician", from - 1);
        assert!((before - unchanged).abs() < 1e-12, "{by:?}: {before}");
    }
}

#[test]
fn names_and_numbers_that_make_no_sense_are_refused() {
    type Change = fn(&mut Levers);
    let cases: [(Change, &str, &str); 11] = [
        (
            |l| l.licence_rule[0].professions[1] = "physisian".into(),
            "licence_rule.professions",
            "\"physician\"",
        ),
        (
            |l| l.licence_rule[0].passes = 1.5,
            "licence_rule.passes",
            "0 to 1",
        ),
        (
            |l| l.licence_rule[0].until = Some(FROM - 1),
            "licence_rule.until",
            "before the first",
        ),
        (
            |l| l.recruitment_stop[0].country_groups = vec!["nordics".into()],
            "recruitment_stop.country_groups",
            "\"nordic\"",
        ),
        (
            |l| l.agreement[0].persons = f64::NAN,
            "agreement.persons",
            "0 to 10000",
        ),
        (
            |l| l.study_abroad[0].profession = "midwife".into(),
            "study_abroad.profession",
            "students abroad",
        ),
        (
            |l| l.study_places[0].zone = Some("finmark_rural".into()),
            "study_places.zone",
            "\"finnmark_rural\"",
        ),
        (
            |l| l.study_places[0].track = Some("abroad".into()),
            "study_places.track",
            "track",
        ),
        (
            |l| l.study_places[0].programme = "midwifery".into(),
            "study_places.programme",
            "already",
        ),
        (
            |l| l.posts[0].grade = "specialist".into(),
            "posts.grade",
            "lis1",
        ),
        (
            |l| l.self_sufficiency[1].share = 1.0,
            "self_sufficiency.share",
            "fewer_from_abroad",
        ),
    ];
    for (change, key, told) in cases {
        let mut levers = everything();
        change(&mut levers);
        let problem = match tried(levers) {
            Ok(_) => panic!("{key} is not refused"),
            Err(problem) => problem,
        };
        assert_eq!(problem.key, key);
        assert!(problem.to_string().contains(told), "{problem}");
    }
}

#[test]
fn the_gate_has_its_history() {
    let counted = |rules: &Rules, year: Year| {
        let mut nobody = stabil::population::Population::default();
        let mut diary = Diary::default();
        let key = stabil::dice::Key::new(1, 0);
        let mut memory = stabil::engine::walk::Memory::default();
        stabil::engine::inflow::apply(rules, &mut nobody, key, year, &mut memory, &mut diary);
        came(small(), &diary, ["nursing_associate", "other"], year)
    };
    let rules = &small().rules;
    assert!(counted(rules, 2016) > 5);
    assert_eq!(counted(rules, 2019), 0);
    let mut open = rules.clone();
    open.inflow = open.inflow.with_gates_as_first();
    assert_eq!(counted(&open, 2019), counted(rules, 2016));
}
