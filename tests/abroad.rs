//! People educated abroad: who they are to the rules, beyond how many come.

mod support;

use stabil::engine::predictor::{STEPS, Scene};
use stabil::evidence::DataFolder;
use stabil::parameters::ModelData;
use stabil::runs::Model;
use support::{BASE_YEAR, SMALL};

fn country(model: &Model, id: &str) -> usize {
    let groups = &model.data.classification.country_groups;
    groups.iter().position(|g| g.id == id).expect("a group")
}

#[test]
fn the_first_years_after_arrival_count_for_people_educated_abroad_only() {
    let mut data = ModelData::read(DataFolder::Embedded, None).expect("the embedded data");
    assert!(data.parameters.replace("emigration.since_arrival[0]", 2.0));
    let model = &Model::build(data, BASE_YEAR, SMALL).expect("a model");
    let leaving = &model.rules.emigration.leaving;
    let mut person = model.base.population.people().next().expect("somebody");
    let mut scene = Scene::of(&person, 2020, &model.rules.lookup);
    let mut eta = |group: &str, since: usize| {
        person.country = country(model, group) as u8;
        scene.since = since;
        leaving.eta(&person, &scene)
    };
    let mut more = |since| eta("nordic", since) - eta("norway", since);
    let steps = f64::from(STEPS);
    let found = f64::from(more(0) - more(5)) / steps;
    assert!((found - 2f64.ln()).abs() < 0.01, "{found}");
}
