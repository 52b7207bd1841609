//! `stabil run`: simulate, show progress, print the table, write the results.

use super::arguments::RunArguments;
use super::bar::with_bar;
use super::{CliError, DONE, INTERRUPTED, print, tell};
use crate::bands::Bands;
use crate::report::manifest::Manifest;
use crate::report::{csv_file, durations_file, parquet_file, put, summary};
use crate::runs::questions::asked;
use crate::runs::work::{Progress, Run, ensemble};
use crate::runs::{Model, Plan};
use crate::tallies::{self, Durations, RunValues, measures};
use crate::words::Problem;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// The files of a results folder, in the order of writing; the manifest last, so that a folder
/// with a manifest is whole.
const FILES: [&str; 3] = ["bands.csv", "bands.parquet", "durations.csv"];
const MANIFEST: &str = "manifest.json";

/// Carries out `stabil run`.
///
/// # Errors
/// A [`CliError`]: bad input, results that cannot be written, or an interruption before any run
/// was complete.
pub fn run(arguments: &RunArguments) -> Result<u8, CliError> {
    let started = Instant::now();
    let plan = Plan::find(&arguments.run)?.with(&arguments.overrides())?;
    let data = plan.read_data(arguments.data.folder()?)?;
    plan.check_against(&data, &measures::ids())?;
    let folder = arguments.out_folder(&plan.name);
    refuse_occupied(&folder, arguments.force)?;
    if !arguments.quiet {
        tell(&format!(
            "{}: preparing the base population of {}",
            plan.name, plan.start
        ));
    }
    let (model, calibrated) = plan.prepare(data)?;
    if !calibrated.passed_over.is_empty() {
        tell(&format!(
            "changed since the fit, and used as written: {}",
            calibrated.passed_over.join(", ")
        ));
    }
    let outputs = tallies::Plan::new(
        &model.data,
        plan.scale,
        &plan.breakdowns,
        &plan.measures,
        plan.years().collect(),
        asked(&plan, &model)?,
    );
    refuse_silence(&plan, &outputs)?;
    std::fs::create_dir_all(&folder).map_err(|error| CliError::io(&folder, error))?;
    let prepared = started.elapsed();
    let progress = Arc::new(Progress::default());
    stop_on_interrupt(&progress);
    let threads = threads(&plan);
    let began = Instant::now();
    let mut runs = simulate(&model, &outputs, &plan, &progress, threads, arguments.quiet)?;
    let simulated = began.elapsed();
    runs.sort_by_key(|run| run.values.seed);
    let complete = runs.len() == plan.seeds as usize;
    if runs.is_empty() {
        return Err(CliError::Interrupted);
    }
    let seeds: Vec<u64> = runs.iter().map(|run| run.values.seed).collect();
    let person_years: u64 = runs.iter().map(|run| run.person_years).sum();
    let (values, durations) = together(runs, &model);
    let bands = Bands::of(&plan.name, outputs.layout, &values);
    let results = write_results(&folder, &bands, &durations, &model)?;
    let manifest = Manifest {
        program: "stabil",
        version: env!("CARGO_PKG_VERSION"),
        commit: env!("STABIL_COMMIT"),
        run: plan.name.clone(),
        run_file: plan.file.clone(),
        run_file_hash: blake3::hash(plan.text.as_bytes()).to_hex().to_string(),
        settings: serde_json::to_value(&plan).unwrap_or_default(),
        seeds,
        complete,
        calibrated,
        data: Manifest::data_hashes(&model.data)?,
        results,
        machine: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        threads,
        seconds_preparing: prepared.as_secs_f64(),
        seconds_simulating: simulated.as_secs_f64(),
        person_years,
        person_years_per_second: person_years as f64 / simulated.as_secs_f64().max(1e-9),
    };
    write(&folder, MANIFEST, |to| {
        to.write_all(manifest.json().as_bytes())
    })?;
    print(&summary::tables(&bands, &model.data))?;
    if !arguments.quiet {
        tell(&format!(
            "\n{} of {} runs, {:.0} million person-years in {:.1} s ({:.1} million a second); results in {}",
            values.len(),
            plan.seeds,
            person_years as f64 / 1e6,
            simulated.as_secs_f64(),
            manifest.person_years_per_second / 1e6,
            folder.display()
        ));
    }
    if complete {
        return Ok(DONE);
    }
    tell(&format!(
        "interrupted: {} of {} runs were complete; the results are theirs alone",
        values.len(),
        plan.seeds
    ));
    Ok(INTERRUPTED)
}

/// Refuses a run that would tell nothing: what its measures are made of is not there.
fn refuse_silence(plan: &Plan, outputs: &tallies::Plan) -> Result<(), CliError> {
    if !outputs.layout.cells.is_empty() {
        return Ok(());
    }
    let message = "nothing would be told: the measures need what this run has not, such as another \
                   breakdown, posts (closure = \"vacancy\"), a question about risk or services";
    Err(Problem::in_file(&plan.file, message)
        .about("measures", plan.measures.join(", "))
        .mend("add what they need, or others; see: stabil list measures")
        .into())
}

/// Refuses a folder that holds something, unless it is to be written over.
fn refuse_occupied(folder: &Path, force: bool) -> Result<(), CliError> {
    let named = folder.display().to_string();
    if folder.exists() && !folder.is_dir() {
        return Err(
            Problem::in_file(&named, "the results need a folder, and this is a file")
                .mend("name another one with --out DIR")
                .into(),
        );
    }
    let occupied = folder.exists()
        && folder
            .read_dir()
            .map(|mut entries| entries.next().is_some())
            .unwrap_or(true);
    if occupied && !force {
        return Err(Problem::in_file(
            &named,
            "the results folder is not empty; nothing was written",
        )
        .mend("write over it with --force, or name another one with --out DIR")
        .into());
    }
    Ok(())
}

fn threads(plan: &Plan) -> usize {
    match plan.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        given => given,
    }
}

/// Lets an interruption (Ctrl-C) stop the work at the end of the years under way. Without a
/// handler (there is one already) the program is simply ended.
fn stop_on_interrupt(progress: &Arc<Progress>) {
    let progress = Arc::clone(progress);
    let _ = ctrlc::set_handler(move || progress.stop.store(true, Ordering::Relaxed));
}

fn simulate(
    model: &Model,
    outputs: &tallies::Plan,
    plan: &Plan,
    progress: &Progress,
    threads: usize,
    quiet: bool,
) -> Result<Vec<Run>, CliError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| CliError::io("threads", std::io::Error::other(error.to_string())))?;
    let years = u64::from(plan.until - plan.start) * u64::from(plan.seeds);
    Ok(with_bar(
        years,
        "years simulated",
        quiet,
        &progress.years,
        || pool.install(|| ensemble(model, outputs, plan.seed_range(), plan.until, progress)),
    ))
}

fn together(runs: Vec<Run>, model: &Model) -> (Vec<RunValues>, Durations) {
    let mut durations = Durations::new(model.data.classification.professions.len());
    let mut values = Vec::with_capacity(runs.len());
    for run in runs {
        durations.merge(&run.durations);
        values.push(run.values);
    }
    (values, durations)
}

/// Writes the results and gives their hashes.
fn write_results(
    folder: &Path,
    bands: &Bands,
    durations: &Durations,
    model: &Model,
) -> Result<BTreeMap<String, String>, CliError> {
    let [csv, parquet, lives] = FILES;
    // A manifest vouches for the files beside it: an old one goes before the first is replaced.
    let old = folder.join(MANIFEST);
    if old.exists() {
        std::fs::remove_file(&old).map_err(|error| CliError::io(&old, error))?;
    }
    write(folder, csv, |to| {
        csv_file::write_csv(&[bands], to).map(drop)
    })?;
    write(folder, parquet, |to| {
        Ok(parquet_file::write_parquet(&[bands], to).map(drop)?)
    })?;
    write(folder, lives, |to| {
        durations_file::write(durations, &bands.scenario, &model.data, to)
    })?;
    FILES
        .into_iter()
        .map(|name| {
            let path = folder.join(name);
            let bytes = std::fs::read(&path).map_err(|error| CliError::io(&path, error))?;
            Ok((name.to_string(), blake3::hash(&bytes).to_hex().to_string()))
        })
        .collect()
}

fn write(
    folder: &Path,
    name: &str,
    fill: impl FnOnce(&mut std::io::BufWriter<std::fs::File>) -> std::io::Result<()>,
) -> Result<(), CliError> {
    put(folder, name, fill).map_err(|error| CliError::io(folder.join(name), error))
}
