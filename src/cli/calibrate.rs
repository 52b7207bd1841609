//! `stabil calibrate`: the fit, with a bar, taken up again where it was stopped.

use super::bar::with_bar;
use super::fit_arguments::{Budget, CalibrateArguments};
use super::{CHECK_FAILED, CliError, DONE, INTERRUPTED, print, tell};
use crate::calibration::aligned::{self, Aligned};
use crate::calibration::fit::{self, Fitted, Progress, Settings, State, Unfinished};
use crate::calibration::recovery::recover;
use crate::calibration::{Experiment, fit_report as lines};
use crate::parameters::{ModelData, Posterior};
use crate::report::{fit_report, put, recovery_page};
use crate::words::{Problem, Year};
use bincode::config;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The base year of the data.
const START: Year = 2019;
/// Runs that the alignment factors of a draw are found on.
const ALIGNMENT_SEEDS: u64 = 2;
/// The state of a fit under way.
const STATE: &str = "fit_state.bin";

/// Carries out `stabil calibrate`.
///
/// # Errors
/// A [`CliError`]: bad input, or a folder that cannot be written to.
pub fn calibrate(arguments: &CalibrateArguments) -> Result<u8, CliError> {
    let settings = match arguments.budget {
        Budget::Small => Settings::SMALL,
        Budget::Full => Settings::FULL,
    };
    let settings = Settings {
        members: arguments.members.unwrap_or(settings.members),
        steps: arguments.steps.unwrap_or(settings.steps),
        scale: arguments.scale.unwrap_or(settings.scale),
        ..settings
    };
    let data = ModelData::read(arguments.data.folder()?, None)?;
    super::check::tell_unscreened(&data.folder);
    let experiment = Experiment::new(data, START, settings.scale, settings.seeds)?;
    if experiment.free.is_empty() || experiment.targets.all.is_empty() {
        let folder = experiment.data.folder.name("");
        let message = "there is nothing to fit: no free parameters, or no targets";
        return Err(Problem::in_file(&folder, message)
            .mend("start from a full folder: stabil data export DIR")
            .into());
    }
    let progress = Arc::new(Progress::default());
    let stopping = Arc::clone(&progress);
    let _ = ctrlc::set_handler(move || stopping.stop.store(true, Ordering::Relaxed));
    if let Some(truths) = arguments.recover {
        return recovered(&experiment, settings, truths, &progress);
    }
    let folder = &arguments.out;
    std::fs::create_dir_all(folder).map_err(|error| CliError::io(folder, error))?;
    let kept = taken_up(
        folder,
        arguments.resume,
        &fit::inputs(&experiment, &settings),
    )?;
    let keep = |state: &State| -> std::io::Result<()> {
        let bytes = bincode::serde::encode_to_vec(state, config::standard())
            .map_err(std::io::Error::other)?;
        put(folder, STATE, |to| to.write_all(&bytes))
    };
    let done = with_bar(
        settings.points() + settings.members as u64,
        "points tried",
        false,
        &progress.points,
        || {
            let fitted = fit::fit(&experiment, settings, kept, &progress, keep)?;
            let draws = &fitted.posterior.scores;
            let aligned = aligned::align(&experiment, draws, ALIGNMENT_SEEDS, &progress)?;
            Ok((fitted, aligned))
        },
    );
    let (fitted, aligned) = match done {
        Ok(done) => done,
        Err(Unfinished::Problem(problem)) => return Err(problem.into()),
        Err(Unfinished::Keeping(error)) => return Err(CliError::io(folder.join(STATE), error)),
        Err(Unfinished::Stopped) => {
            tell("interrupted: what has been tried is kept; go on with --resume");
            return Ok(INTERRUPTED);
        }
    };
    if let (1.., Ok(Some(first))) = (fitted.left_out, progress.complaint.lock().as_deref()) {
        tell(&format!(
            "{} members were left out, since no model can be built there; the first:\n{first}",
            fitted.left_out
        ));
    }
    write(folder, &experiment, &fitted, &aligned)?;
    let state = folder.join(STATE);
    std::fs::remove_file(&state).map_err(|error| CliError::io(&state, error))?;
    let page = fit_report::page(&experiment, &fitted);
    let summary: Vec<&str> = page.lines().filter(|line| line.starts_with("- ")).collect();
    tell(&format!(
        "fitted in {:.0} s; results in {}",
        fitted.seconds,
        folder.display()
    ));
    print(&format!("{}\n", summary.join("\n")))?;
    Ok(DONE)
}

/// Refits known truths; a failed check if their intervals do not cover as they should.
fn recovered(
    experiment: &Experiment,
    settings: Settings,
    truths: usize,
    progress: &Progress,
) -> Result<u8, CliError> {
    let points = settings.points() * truths as u64;
    let found = with_bar(points, "points tried", false, &progress.points, || {
        recover(experiment, settings, truths, progress)
    });
    let recovery = match found {
        Ok(recovery) => recovery,
        Err(Unfinished::Problem(problem)) => return Err(problem.into()),
        Err(Unfinished::Keeping(error)) => return Err(CliError::io(STATE, error)),
        Err(Unfinished::Stopped) => {
            tell("interrupted: a recovery cannot be taken up again");
            return Ok(INTERRUPTED);
        }
    };
    print(&recovery_page::page(&recovery, &settings))?;
    Ok(match recovery.is_covered() {
        true => DONE,
        false => CHECK_FAILED,
    })
}

/// The state of an earlier sitting, if it is to be taken up.
fn taken_up(folder: &Path, resume: bool, inputs: &str) -> Result<Option<State>, CliError> {
    let path = folder.join(STATE);
    if !resume {
        return Ok(None);
    }
    let named = path.display().to_string();
    let problem =
        |message: &str| Problem::in_file(&named, message).mend("begin anew, without --resume");
    let bytes =
        std::fs::read(&path).map_err(|_| problem("there is no fit to take up again here"))?;
    let decoded = bincode::serde::decode_from_slice::<State, _>(&bytes, config::standard());
    let (state, _) = decoded.map_err(|_| problem("not the state of a fit, or not whole"))?;
    if state.inputs != inputs {
        let message = "the fit was begun with other data, targets or settings";
        return Err(problem(message).into());
    }
    Ok(Some(state))
}

fn write(
    folder: &Path,
    experiment: &Experiment,
    fitted: &Fitted,
    aligned: &Aligned,
) -> Result<(), CliError> {
    let keep = |name: &str, fill: &mut dyn FnMut(&mut dyn Write) -> std::io::Result<()>| {
        put(folder, name, |to| fill(to)).map_err(|error| CliError::io(folder.join(name), error))
    };
    let posterior = posterior(experiment, fitted, aligned);
    keep("posterior.parquet", &mut |to| {
        to.write_all(&posterior.bytes()?)
    })?;
    keep("fit_targets.csv", &mut |to| {
        fit_report::write_targets(&lines::targets(experiment, fitted), to)
    })?;
    keep("fit_parameters.csv", &mut |to| {
        fit_report::write_parameters(&lines::parameters(experiment, fitted), to)
    })?;
    keep("fit_report.md", &mut |to| {
        to.write_all(fit_report::page(experiment, fitted).as_bytes())
    })
}

fn posterior(experiment: &Experiment, fitted: &Fitted, aligned: &Aligned) -> Posterior {
    let settings = fitted.settings;
    let table = &experiment.data.parameters;
    let free = &experiment.free.all;
    let narrow = |row: &Vec<f64>| row.iter().map(|x| *x as f32).collect();
    let draws: Vec<Vec<f32>> = fitted.posterior.scores.iter().map(narrow).collect();
    let header = [
        ("inputs", fitted.inputs.clone()),
        ("members", settings.members.to_string()),
        ("steps", settings.steps.to_string()),
        ("scale", settings.scale.to_string()),
        ("seeds", settings.seeds.to_string()),
        ("seed", settings.seed.to_string()),
        ("seconds", format!("{:.0}", fitted.seconds)),
        ("version", env!("CARGO_PKG_VERSION").to_string()),
    ];
    Posterior {
        names: free.iter().map(|own| own.name.clone()).collect(),
        factor_names: aligned.names.clone(),
        factors: aligned.factors.iter().map(narrow).collect(),
        draws,
        header: BTreeMap::from(header.map(|(key, value)| (key.to_string(), value))),
        fingerprints: free
            .iter()
            .map(|own| (own.name.clone(), own.fingerprint(table)))
            .collect(),
    }
}
