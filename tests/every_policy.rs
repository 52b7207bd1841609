//! Every policy of the data folder, one by one: with no strength a scenario is the base bit for
//! bit, nothing changes before the first year, and afterwards something does.

mod support;

use rayon::prelude::*;
use stabil::engine::Conditions;
use stabil::evidence::DataFolder;
use stabil::parameters::policy::{Catalogue, Policy, Setting};
use stabil::parameters::{Levers, ModelData};
use stabil::population::Person;
use stabil::runs::Model;
use stabil::words::Year;
use support::{BASE_YEAR, Diary, Lives};

/// One person in twenty, so that small policies reach somebody.
const SCALE: f64 = 0.05;
/// The first year of all policies here.
const FROM: Year = 2022;
/// The last year lived: students admitted have qualified, and worked for a year.
const UNTIL: Year = 2027;

fn model(data: &ModelData, policy: &Policy, strength: f64, scale: f64) -> Model {
    let setting = Setting {
        policy: policy.id.clone(),
        from: Some(FROM),
        until: policy.until.map(|until| FROM + (until - policy.from)),
        strength: Some(strength),
        ..Setting::default()
    };
    let own = setting.apply(policy);
    let conditions = Conditions {
        levers: own.levers.clone(),
        policies: vec![own],
        ..Conditions::default()
    };
    match Model::build_under(data.clone(), BASE_YEAR, scale, &conditions) {
        Ok(model) => model,
        Err(problem) => panic!("{}: {problem}", policy.id),
    }
}

fn years(model: &Model, until: Year) -> Vec<Vec<Person>> {
    let mut lives = Lives::begin(model, 1);
    let mut nobody = Diary::default();
    let years = (BASE_YEAR..until).map(|_| {
        lives.next(&mut nobody);
        lives.people()
    });
    years.collect()
}

/// Does a policy say that something changes? What scales the uptake of others does nothing alone,
/// and some are known to have no effect.
fn acts(policy: &Policy) -> bool {
    let changes = policy
        .changes
        .iter()
        .any(|change| change.ratio.value != 1.0);
    changes || policy.levers != Levers::default()
}

/// Does anybody in the whole country take part in the policy in fourteen years, or does it change
/// who comes in?
fn acts_on_somebody(data: &ModelData, policy: &Policy) -> bool {
    let model = model(data, policy, 1.0, 1.0);
    if policy.levers != Levers::default() {
        let base = Model::build(data.clone(), BASE_YEAR, 1.0).expect("the base is valid");
        return years(&model, FROM + 2) != years(&base, FROM + 2);
    }
    let mut lives = Lives::begin(&model, 1);
    let mut nobody = Diary::default();
    let mut years = 0..14;
    years.any(|_| {
        lives.next(&mut nobody);
        let reached = lives.walk.participants();
        reached.iter().any(|[participants, _]| *participants > 0)
    })
}

#[test]
fn each_changes_what_comes_after_its_start_and_nothing_else() {
    let data = ModelData::read(DataFolder::Embedded, None).expect("the embedded data are whole");
    let none: &[&str] = &[];
    let catalogue = Catalogue::read(&data, none).expect("the policies are valid");
    assert!(catalogue.policies.len() > 150);
    let base = Model::build(data.clone(), BASE_YEAR, SCALE).expect("the base is valid");
    let lived = years(&base, UNTIL);
    let before = usize::from(FROM - BASE_YEAR - 1);
    let faults: Vec<String> = catalogue
        .policies
        .par_iter()
        .flat_map_iter(|policy| {
            let mut faults = Vec::new();
            let without = model(&data, policy, 0.0, SCALE);
            if without.need != base.need || years(&without, UNTIL) != lived {
                faults.push(format!("{}: differs without strength", policy.id));
            }
            let with = model(&data, policy, 1.0, SCALE);
            let changed = years(&with, UNTIL);
            if changed[..before] != lived[..before] {
                faults.push(format!("{}: acts before its start", policy.id));
            }
            let seen = changed != lived || with.need != base.need;
            match (acts(policy), seen) {
                (false, true) => faults.push(format!("{}: acts, with nothing to do", policy.id)),
                // Some reach a few people in the country: whether they act is told by all of it.
                (true, false) if !acts_on_somebody(&data, policy) => {
                    faults.push(format!("{}: changes nothing", policy.id));
                }
                _ => {}
            }
            faults
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
