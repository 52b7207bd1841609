//! The policies of the data folder: every one valid, every published measure accounted for, effects
//! as wide as their evidence is thin, and every scenario of the runs made of policies that are there.

mod support;

use stabil::evidence::DataFolder;
use stabil::evidence::folder::embedded_runs;
use stabil::parameters::policy::{Catalogue, Ratio};
use stabil::parameters::{EvidenceGrade, ModelData, Policy};
use stabil::runs::{Model, Plan, eligible, scenario};
use std::collections::BTreeSet;
use std::fs;
use support::BASE_YEAR;

/// Rows of the published catalogues: guideline, code, national commissions, national centre.
const ROWS: usize = 207;
/// A reason shorter than this says nothing.
const SHORTEST_REASON: usize = 20;
/// Ends of an effect that is assumed lie at least this factor apart.
const LEAST_WIDTH: f64 = 1.2;

fn data() -> ModelData {
    ModelData::read(DataFolder::Embedded, None).unwrap()
}

fn catalogue(data: &ModelData) -> Catalogue {
    match Catalogue::read(data, &[] as &[&str]) {
        Ok(catalogue) => catalogue,
        Err(problem) => panic!("the embedded policies are refused: {problem}"),
    }
}

/// The ratios of a policy: of its changes, and of its part in others' uptake.
fn ratios(policy: &Policy) -> impl Iterator<Item = Ratio> + '_ {
    let changes = policy.changes.iter().map(|change| change.ratio);
    changes.chain(policy.scales)
}

#[test]
fn every_policy_cites_facts_that_are_there() {
    let data = data();
    let catalogue = catalogue(&data);
    assert!(catalogue.policies.len() > 100);
    for policy in &catalogue.policies {
        let of_changes = policy.changes.iter().flat_map(|change| &change.facts);
        let all = policy.facts.iter().chain(of_changes);
        let all: Vec<&String> = all.chain(&policy.cost.facts).collect();
        for id in &all {
            let there = data.facts.get(id).is_some() || data.folder.has(&format!("external/{id}"));
            assert!(there, "{}: {id}", policy.id);
        }
        let assumed = policy.grade == EvidenceGrade::D;
        assert!(assumed || !policy.facts.is_empty(), "{}", policy.id);
    }
}

#[test]
fn every_policy_does_something() {
    let data = data();
    for policy in catalogue(&data).policies {
        let levers = policy.levers != stabil::parameters::Levers::default();
        let does = levers || ratios(&policy).next().is_some();
        assert!(does, "{} changes nothing", policy.id);
    }
}

#[test]
fn every_published_measure_is_a_policy_or_has_a_reason_not_to_be() {
    let data = data();
    let catalogue = catalogue(&data);
    let names: BTreeSet<&str> = catalogue.rows.iter().map(|row| row.row.as_str()).collect();
    assert_eq!((catalogue.rows.len(), names.len()), (ROWS, ROWS));
    for row in &catalogue.rows {
        if row.policy.is_empty() {
            let told = row.reason.chars().count();
            assert!(told >= SHORTEST_REASON, "{}: {}", row.row, row.reason);
        } else {
            assert!(
                catalogue.find(&row.policy).is_some(),
                "{}: {}",
                row.row,
                row.policy
            );
        }
    }
}

#[test]
fn every_recommendation_of_the_guideline_is_carried_out() {
    let data = data();
    let catalogue = catalogue(&data);
    for number in 1..=17 {
        let name = format!("who_{number}");
        let carries = |policy: &&Policy| policy.implements.contains(&name);
        assert!(
            catalogue.policies.iter().any(|policy| carries(&policy)),
            "{name}"
        );
    }
}

#[test]
fn assumed_effects_are_wide() {
    let data = data();
    for policy in catalogue(&data).policies {
        if policy.grade != EvidenceGrade::D {
            continue;
        }
        for ratio in ratios(&policy) {
            let width = ratio.high / ratio.low;
            assert!(width >= LEAST_WIDTH - 1e-9, "{}: {width:.3}", policy.id);
        }
    }
}

#[test]
fn costs_have_reasons_and_assumed_ones_are_wide() {
    let data = data();
    for policy in catalogue(&data).policies {
        let cost = &policy.cost;
        if !cost.is_known() {
            continue;
        }
        let told = cost.reasoning.chars().count();
        assert!(told >= SHORTEST_REASON, "{}: {}", policy.id, cost.reasoning);
        assert!(cost.high > cost.low, "{}", policy.id);
        if cost.facts.is_empty() {
            assert!(
                cost.high / cost.low >= 3.0,
                "{}: {} to {}",
                policy.id,
                cost.low,
                cost.high
            );
        }
    }
}

const FIRST: &str = r#"
[[policy]]
id = "one"
name_nb = "En"
name_en = "One"
family = "support"
grade = "D"
reasoning = "Made up, so that a test can read it; nothing is meant by it."
coverage = 0.25
[policy.eligible]
professions = ["nurse"]
zones = ["rural"]
[[policy.change]]
what = "leave_job"
odds_ratio = 0.8
low = 0.6
high = 1.0
[policy.cost]
per_year = 10.0
reasoning = "Made up as well, for the same test."
"#;

fn own(texts: &[&str]) -> Result<Catalogue, stabil::words::Problem> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.toml");
    fs::write(&path, texts.concat()).unwrap();
    Catalogue::read(&data(), &[path])
}

#[test]
fn a_policy_like_another_has_what_it_does_not_give_from_it() {
    let second = "[[policy]]\nid = \"two\"\nlike = \"one\"\nname_nb = \"To\"\nname_en = \"Two\"\n\
                  coverage = 0.5\n[policy.eligible]\nzones = [\"finnmark\"]\n";
    let catalogue = own(&[FIRST, second]).unwrap();
    let [one, two] = ["one", "two"].map(|id| catalogue.find(id).unwrap());
    assert_eq!((one.coverage, two.coverage), (0.25, 0.5));
    assert_eq!((&two.changes, &two.cost), (&one.changes, &one.cost));
    assert_eq!(two.reasoning, one.reasoning);
    // A table that is given replaces the other whole.
    assert_eq!(two.eligible.zones, ["finnmark"]);
    assert!(two.eligible.professions.is_empty());
    // Only one step: who is like somebody can be nobody's model.
    let third =
        "[[policy]]\nid = \"three\"\nlike = \"two\"\nname_nb = \"Tre\"\nname_en = \"Three\"\n";
    let refused = own(&[FIRST, second, third]).unwrap_err();
    assert_eq!(
        (refused.key.as_str(), refused.value.as_str()),
        ("three.like", "two")
    );
}

#[test]
fn scenarios_are_made_of_policies_that_are_there_and_reach_somebody() {
    let data = data();
    let model = Model::build_supply(data.clone(), BASE_YEAR, 1.0).unwrap();
    let mut with_scenarios = 0;
    for (name, _) in embedded_runs() {
        let plan = Plan::find(&name).unwrap();
        let conditions = match plan.scenario_conditions(&data) {
            Ok(conditions) => conditions,
            Err(problem) => panic!("{problem}"),
        };
        with_scenarios += usize::from(!conditions.is_empty());
        let warnings = scenario::scenario_warnings(&plan.scenarios, &conditions, &model);
        assert_eq!(warnings, Vec::<String>::new(), "{name}");
        for (scenario, conditions) in plan.scenarios.iter().zip(&conditions) {
            assert_eq!(scenario.policy.len(), conditions.policies.len(), "{name}");
        }
    }
    assert!(with_scenarios >= 10);
    for policy in catalogue(&data).policies {
        let told = scenario::nobody_told(&policy, &model);
        assert!(!scenario::nobody(&policy, &model), "{told}");
    }
}

#[test]
fn a_filter_selects_those_it_names_and_nobody_else() {
    let data = data();
    let model = Model::build_supply(data.clone(), BASE_YEAR, 0.1).unwrap();
    let catalogue = own(&[FIRST]).unwrap();
    let policy = catalogue.find("one").unwrap();
    let count = |change: &dyn Fn(&mut Policy)| {
        let mut own = policy.clone();
        own.eligible = Default::default();
        change(&mut own);
        eligible::count(&own, &model.data, &model.base)
    };
    let all = model.base.population.people().count();
    assert_eq!(count(&|_| ()), all);
    let women = count(&|policy| policy.eligible.sex = Some("female".into()));
    let men = count(&|policy| policy.eligible.sex = Some("male".into()));
    assert_eq!(women + men, all);
    assert!(women > men && men > 0);
    let groups = ["central", "middle", "rural"];
    let lives = |group: &str| count(&|policy| policy.eligible.zones = vec![group.into()]);
    let grew_up = |group: &str| count(&|policy| policy.eligible.upbringing = vec![group.into()]);
    assert!(groups.map(lives).into_iter().sum::<usize>() <= all);
    assert!(groups.iter().all(|group| lives(group) > 0));
    assert_eq!(
        groups.map(grew_up).into_iter().sum::<usize>() + grew_up("abroad"),
        all
    );
    let young = count(&|policy| policy.eligible.ages = Some((0, 39)));
    let old = count(&|policy| policy.eligible.ages = Some((40, 120)));
    assert_eq!(young + old, all);
    let professions: usize = data
        .classification
        .profession_ids()
        .map(|id| count(&|policy| policy.eligible.professions = vec![id.into()]))
        .sum();
    assert!(professions <= all && professions > all / 2);
    // Nobody in their teens is a physician: worth a warning.
    let mut nobodys = policy.clone();
    nobodys.eligible.professions = vec!["physician".into()];
    nobodys.eligible.ages = Some((16, 17));
    assert!(scenario::nobody(&nobodys, &model) && !scenario::nobody(policy, &model));
    let told = scenario::nobody_told(&nobodys, &model);
    for piece in [
        "policy one",
        " 0 of the ",
        "profession physician",
        "age 16 to 17",
    ] {
        assert!(told.contains(piece), "{told}");
    }
}
