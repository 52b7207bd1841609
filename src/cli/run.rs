//! `stabil run`: simulate, show progress, print the table, write the results.

use super::arguments::RunArguments;
use super::bar::with_bar;
use super::compare::{self, Choice};
use super::results::{MANIFEST, Results, write};
use super::{CliError, DONE, INTERRUPTED, print, tell};
use crate::bands::{Bands, Differences};
use crate::report::manifest::Manifest;
use crate::report::summary;
use crate::runs::paired::{Counted, Pair};
use crate::runs::scenario::BASE;
use crate::runs::scenario::scenario_warnings;
use crate::runs::work::Progress;
use crate::runs::{Pairing, Plan, effects};
use crate::tallies::{self, Durations, RunValues, measures};
use crate::words::Problem;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

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
    let (pairing, calibrated) = Pairing::prepare(&plan, data)?;
    if !calibrated.passed_over.is_empty() {
        tell(&format!(
            "changed since the fit, and used as written: {}",
            calibrated.passed_over.join(", ")
        ));
    }
    for warning in scenario_warnings(&plan.scenarios, &pairing.conditions, &pairing.base) {
        tell(&format!("warning: {warning}"));
    }
    refuse_silence(&plan, &pairing.outputs)?;
    std::fs::create_dir_all(&folder).map_err(|error| CliError::io(&folder, error))?;
    let prepared = started.elapsed();
    let progress = Arc::new(Progress::default());
    stop_on_interrupt(&progress);
    let threads = threads(&plan);
    let began = Instant::now();
    let mut pairs = simulate(&pairing, &plan, &progress, threads, arguments.quiet)?;
    let simulated = began.elapsed();
    let complete = pairs.len() == plan.seeds as usize;
    if pairs.is_empty() {
        return Err(CliError::Interrupted);
    }
    let seeds: Vec<u64> = pairs.iter().map(|pair| pair.seed).collect();
    let runs = pairs.iter().flat_map(counted);
    let person_years: u64 = runs.map(|own| own.run.person_years).sum();
    let mut durations = Durations::new(pairing.base.data.classification.professions.len());
    for pair in &pairs {
        durations.merge(&pair.base.run.durations);
    }
    let (bands, differences) = summarise(&plan, &pairing, &mut pairs);
    let told: Vec<effects::Told> = (0..pairing.scenarios.len())
        .map(|position| effects::told(&pairing.design, position, &pairs))
        .collect();
    let results = Results {
        bands: &bands,
        durations: &durations,
        pairing: &pairing,
        pairs: &pairs,
        differences: &differences,
        told: &told,
    };
    let results = results.write(&folder)?;
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
        data: Manifest::data_hashes(&pairing.base.data)?,
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
    print(&summary::tables(&bands[0], &pairing.base.data))?;
    if !pairing.scenarios.is_empty() {
        print(&format!(
            "\n{}",
            compare::page(&folder, &Choice::default())?
        ))?;
    }
    if !arguments.quiet {
        tell(&format!(
            "\n{} of {} runs, {:.0} million person-years in {:.1} s ({:.1} million a second); results in {}",
            pairs.len(),
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
        pairs.len(),
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
    pairing: &Pairing,
    plan: &Plan,
    progress: &Progress,
    threads: usize,
    quiet: bool,
) -> Result<Vec<Pair>, CliError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| CliError::io("threads", std::io::Error::other(error.to_string())))?;
    let years = pairing.years_per_seed() * u64::from(plan.seeds);
    Ok(with_bar(
        years,
        "years simulated",
        quiet,
        &progress.years,
        || pool.install(|| pairing.simulate(plan.seed_range(), progress)),
    ))
}

/// The runs of a seed: base, then scenarios.
fn counted(pair: &Pair) -> impl Iterator<Item = &Counted> {
    [&pair.base].into_iter().chain(&pair.scenarios)
}

/// The bands of base and scenarios, and the differences of the scenarios. The values of the runs
/// are taken out for them, scenario by scenario, and are gone afterwards.
fn summarise(plan: &Plan, pairing: &Pairing, pairs: &mut [Pair]) -> (Vec<Bands>, Vec<Differences>) {
    let layout = &pairing.outputs.layout;
    let alone = pairing.scenarios.is_empty();
    let name = if alone { plan.name.as_str() } else { BASE };
    let taken = |run: &mut Counted| RunValues {
        seed: run.run.values.seed,
        values: std::mem::take(&mut run.run.values.values),
    };
    let base: Vec<RunValues> = pairs.iter_mut().map(|pair| taken(&mut pair.base)).collect();
    let mut bands = vec![Bands::of(name, layout.clone(), &base)];
    let mut differences = Vec::new();
    for (position, arm) in pairing.design.scenarios.iter().enumerate() {
        let runs = pairs
            .iter_mut()
            .map(|pair| taken(&mut pair.scenarios[position]));
        let runs: Vec<RunValues> = runs.collect();
        bands.push(Bands::of(&arm.name, layout.clone(), &runs));
        differences.push(Differences::of(&arm.name, layout.clone(), &base, &runs));
    }
    (bands, differences)
}
