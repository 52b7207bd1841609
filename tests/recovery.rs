//! Recovery of parameters: in the invented country, known truths are found again by the fit, with
//! intervals that cover as often as they say; and what else a fit promises.

mod support;

use bincode::config;
use stabil::calibration::fit::{Fitted, Progress, Settings, State, Unfinished, fit};
use stabil::calibration::fit_report;
use stabil::calibration::recovery::{Recovery, TOLERATED, recover};
use stabil::calibration::targets::{FILE, Use};
use stabil::calibration::{Experiment, Targets};
use stabil::parameters::{FreeParameters, ModelData};
use std::path::Path;
use std::sync::atomic::Ordering;
use support::{BASE_YEAR, tiny_folder};

/// Half of the invented country, one run a point.
const SCALE: f64 = 0.5;

/// A fit of a few seconds.
const QUICK: Settings = Settings {
    members: 60,
    steps: 2,
    scale: SCALE,
    seeds: 1,
    seed: 1,
};

fn data() -> ModelData {
    ModelData::read(tiny_folder(), None).unwrap()
}

fn experiment() -> Experiment {
    Experiment::new(data(), BASE_YEAR, SCALE, 1).unwrap()
}

fn fitted(experiment: &Experiment) -> Fitted {
    fit(experiment, QUICK, None, &Progress::default(), |_| Ok(())).unwrap()
}

fn position(experiment: &Experiment, target: &str) -> usize {
    let all = &experiment.targets.all;
    all.iter().position(|t| t.name == target).unwrap()
}

/// Standard deviation of a free parameter's posterior scores over that of its prior.
fn width(experiment: &Experiment, fitted: &Fitted, name: &str) -> f64 {
    let lines = fit_report::parameters(experiment, fitted);
    lines.iter().find(|line| line.name == name).unwrap().width
}

#[test]
fn known_truths_are_found_again_with_intervals_that_cover() {
    let progress = Progress::default();
    let truths = 30;
    let found: Recovery = recover(&experiment(), QUICK, truths, &progress).unwrap();
    assert_eq!((found.replicates.len(), found.left_out), (truths, 0));
    let points = progress.points.load(Ordering::Relaxed);
    assert_eq!(points, QUICK.points() * truths as u64);
    // Otherwise there is nothing to cover.
    assert!(found.informed() >= 8, "{} informed", found.informed());
    let (all, informed) = (found.coverage(), found.coverage_informed());
    assert!(found.is_covered(), "{all} {informed}: not {TOLERATED:?}");
    // A right method fails this once in a thousand choices of seeds.
    let p = found.uniformity();
    assert!(p > 0.001, "p = {p}, ranks {:?}", found.ranks());
}

#[test]
fn the_fit_does_not_depend_on_threads_or_on_where_it_was_stopped() {
    let experiment = experiment();
    let with_threads = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(|| fitted(&experiment))
    };
    let (one, two) = (with_threads(1), with_threads(2));
    let same = |a: &Fitted, b: &Fitted| {
        assert_eq!(a.inputs, b.inputs);
        for (a, b) in [(&a.prior, &b.prior), (&a.posterior, &b.posterior)] {
            assert_eq!((&a.scores, &a.values), (&b.scores, &b.values));
        }
        assert_eq!((&a.chance, &a.conflicts), (&b.chance, &b.conflicts));
    };
    same(&one, &two);

    // Stopped whenever the state is kept for the third time, taken up from its bytes.
    let (mut kept, mut sittings): (Option<Vec<u8>>, usize) = (None, 0);
    let again = loop {
        let state: Option<State> = kept.as_ref().map(|bytes| {
            let decoded = bincode::serde::decode_from_slice(bytes, config::standard());
            decoded.unwrap().0
        });
        let progress = Progress::default();
        let (mut times, mut last) = (0, None);
        let result = fit(&experiment, QUICK, state, &progress, |state| {
            times += 1;
            progress.stop.store(times == 3, Ordering::Relaxed);
            last = bincode::serde::encode_to_vec(state, config::standard()).ok();
            Ok(())
        });
        sittings += 1;
        match result {
            Ok(fitted) => break fitted,
            Err(Unfinished::Stopped) => kept = last,
            Err(other) => panic!("{other}"),
        }
    };
    assert!(sittings > 1, "it was never stopped");
    same(&one, &again);
}

#[test]
fn a_posterior_is_narrower_where_targets_inform_and_only_there() {
    let mut experiment = experiment();
    for target in &mut experiment.targets.all {
        if target.name != "hired" {
            target.used = Use::Validate;
        }
    }
    let fitted = fitted(&experiment);
    let informed = width(&experiment, &fitted, "hiring");
    assert!(informed < 0.5, "{informed}");
    for name in ["sick_leave", "moving", "completion"] {
        let ratio = width(&experiment, &fitted, name);
        assert!((0.85..1.15).contains(&ratio), "{name}: {ratio}");
    }
    let line = &fit_report::targets(&experiment, &fitted)[position(&experiment, "hired")];
    assert!(line.within() && line.model.p975 - line.model.p025 < line.prior.p975 - line.prior.p025);
}

#[test]
fn a_target_out_of_reach_is_flagged_and_moves_nothing() {
    let mut experiment = experiment();
    for target in &mut experiment.targets.all {
        target.used = Use::Validate;
    }
    let hired = position(&experiment, "hired");
    let target = &mut experiment.targets.all[hired];
    (target.used, target.value) = (Use::Fit, 10.0 * target.value);
    let fitted = fitted(&experiment);
    let flagged: Vec<usize> = (0..fitted.conflicts.len())
        .filter(|t| fitted.conflicts[*t])
        .collect();
    assert_eq!(flagged, [hired]);
    assert_eq!(fitted.posterior.scores, fitted.prior.scores);
    let line = &fit_report::targets(&experiment, &fitted)[hired];
    assert!(line.conflict && !line.within());
}

#[test]
fn members_without_a_model_are_left_out_and_told() {
    // Far from its middle, the mean position asks part-timers for what their bands do not allow.
    let temporary = tempfile::tempdir().unwrap();
    copy(Path::new("tests/fixtures/tiny"), temporary.path());
    let path = temporary.path().join("free_parameters.toml");
    let held = "    \"position.mean[*]\",\n";
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(held));
    let freed = "\n[[free]]\nname = \"position\"\nmoves = [\"position.mean[*]\"]\nby = \"together\"\n\
                 reasoning = \"Invented: for members that cannot be\"\n";
    std::fs::write(&path, text.replace(held, "") + freed).unwrap();
    let folder = stabil::evidence::DataFolder::Disk(temporary.path().to_path_buf());
    let data = ModelData::read(folder, None).unwrap();
    let free = FreeParameters::read(&data.folder, &data.parameters).unwrap();
    let targets = Targets::read(&data, FILE, BASE_YEAR).unwrap();
    let experiment = Experiment::on(data, free, targets, BASE_YEAR, (SCALE, 1)).unwrap();
    let progress = Progress::default();
    let fitted = fit(&experiment, QUICK, None, &progress, |_| Ok(())).unwrap();
    assert!((10..50).contains(&fitted.left_out), "{}", fitted.left_out);
    assert_eq!(
        fitted.posterior.scores.len() + fitted.left_out,
        QUICK.members
    );
    assert_eq!(fitted.posterior.scores.len(), fitted.posterior.values.len());
    let complaint = progress.complaint.lock().unwrap().clone().unwrap();
    assert!(
        complaint.to_string().contains("position.mean"),
        "{complaint}"
    );
    assert_eq!(progress.points.load(Ordering::Relaxed), QUICK.points());
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|e| (e.path(), e.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}
