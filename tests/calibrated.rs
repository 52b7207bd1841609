//! Runs on the calibrated values: what the posterior of a data folder brings into them, and what a
//! changed folder keeps out.

use stabil::engine::Conditions;
use stabil::evidence::{DataFolder, folder};
use stabil::parameters::{FreeParameters, ModelData, Posterior, posterior};
use stabil::runs::Model;
use stabil::runs::calibrated::{Calibrated, Values, prepare};
use std::fs;
use std::path::Path;

const SCALE: f64 = 0.01;

fn exported() -> (tempfile::TempDir, DataFolder) {
    let place = tempfile::tempdir().expect("a place");
    let root = place.path().join("data");
    folder::export(&root).expect("the data are written out");
    let data = DataFolder::Disk(root);
    (place, data)
}

fn read(folder: &DataFolder) -> ModelData {
    ModelData::read(folder.clone(), None).expect("sound data")
}

fn prepared(folder: &DataFolder, values: Values) -> (Model, Calibrated) {
    let conditions = Conditions::default();
    prepare(read(folder), 2019, SCALE, values, &conditions).expect("a model")
}

fn root(folder: &DataFolder) -> &Path {
    match folder {
        DataFolder::Disk(root) => root,
        DataFolder::Embedded => panic!("not on disk"),
    }
}

/// A posterior of one free parameter, one draw, and one factor.
fn small(data: &ModelData, name: &str, score: f32, factor: &str) -> Posterior {
    let free = FreeParameters::read(&data.folder, &data.parameters).expect("directions");
    let own = free
        .all
        .iter()
        .find(|own| own.name == name)
        .expect("a direction");
    Posterior {
        names: vec![name.to_string()],
        draws: vec![vec![score]],
        factor_names: vec![factor.to_string()],
        factors: vec![vec![0.25]],
        header: [("inputs".to_string(), "abc".to_string())].into(),
        fingerprints: [(name.to_string(), own.fingerprint(&data.parameters))].into(),
    }
}

const NURSES: &str = "leave_job.municipal_narrow[nurse]";
const FACTOR: &str = "leave_job.municipal[nurse,2021]";

fn put(folder: &DataFolder, posterior: &Posterior) {
    let bytes = posterior.bytes().expect("a file");
    fs::write(root(folder).join(posterior::FILE), bytes).expect("written");
}

#[test]
fn the_embedded_posterior_belongs_to_the_embedded_data() {
    let (_, calibrated) = prepared(&DataFolder::Embedded, Values::Calibrated);
    assert!(calibrated.fit.is_some(), "there is a posterior");
    assert_eq!(calibrated.passed_over, Vec::<String>::new());
    assert!(calibrated.factors.iter().any(|(name, _)| name == FACTOR));
}

#[test]
fn a_posterior_moves_its_parameters_and_aligns_its_years() {
    let (_place, folder) = exported();
    let data = read(&folder);
    put(&folder, &small(&data, NURSES, 1.0, FACTOR));
    let (model, calibrated) = prepared(&folder, Values::Calibrated);
    assert_eq!(calibrated.fit.as_deref(), Some("abc"));
    assert_eq!(calibrated.factors, [(FACTOR.to_string(), 0.25)]);
    let entry = data.parameters.named(NURSES).expect("the entry");
    let moved = model.data.parameters.named(NURSES).map(|p| p.value);
    assert_eq!(moved, Some(entry.at(1.0)));
    assert!(entry.at(1.0) > entry.value);
    assert_eq!(model.aligned.keys().copied().collect::<Vec<u16>>(), [2021]);
    let (before, none) = prepared(&folder, Values::Evidence);
    assert_eq!(none, Calibrated::default());
    assert_eq!(
        before.data.parameters.named(NURSES).map(|p| p.value),
        Some(entry.value)
    );
    assert!(before.aligned.is_empty());
}

#[test]
fn an_entry_changed_since_the_fit_is_used_as_written() {
    let (_place, folder) = exported();
    put(&folder, &small(&read(&folder), NURSES, 1.0, FACTOR));
    let path = root(&folder).join("parameters/leave_job.toml");
    let text = fs::read_to_string(&path).expect("the file");
    let changed = text.replacen("value = 0.119\n", "value = 0.118\n", 1);
    assert_ne!(text, changed);
    fs::write(&path, changed).expect("written");
    let (model, calibrated) = prepared(&folder, Values::Calibrated);
    assert_eq!(calibrated.passed_over, [NURSES]);
    assert_eq!(
        model.data.parameters.named(NURSES).map(|p| p.value),
        Some(0.118)
    );
}

#[test]
fn a_posterior_that_cannot_be_used_is_named() {
    let (_place, folder) = exported();
    let path = root(&folder).join(posterior::FILE);
    let refused = |says: &str| {
        let conditions = Conditions::default();
        let found = prepare(read(&folder), 2019, SCALE, Values::Calibrated, &conditions);
        let problem = found.expect_err("a complaint");
        assert!(problem.file.ends_with(posterior::FILE), "{problem}");
        assert!(problem.to_string().contains(says), "{problem}");
    };
    fs::write(&path, b"not a table").expect("written");
    refused("stabil calibrate");
    let whole = small(&read(&folder), NURSES, 1.0, FACTOR)
        .bytes()
        .expect("a file");
    fs::write(&path, &whole[..whole.len() / 2]).expect("written");
    refused("stabil calibrate");
    put(&folder, &small(&read(&folder), NURSES, f32::NAN, FACTOR));
    refused("not numbers");
    put(
        &folder,
        &small(
            &read(&folder),
            NURSES,
            1.0,
            "leave_job.municipal[nurze,2021]",
        ),
    );
    refused("nurze");
}

#[test]
fn without_a_posterior_the_evidence_is_used() {
    let (_place, folder) = exported();
    fs::remove_file(root(&folder).join(posterior::FILE)).expect("it was there");
    let (_, calibrated) = prepared(&folder, Values::Calibrated);
    assert_eq!(calibrated, Calibrated::default());
}
