//! `stabil run`: simulate and show progress; what then becomes of the runs is in `conclude`.

use super::arguments::RunArguments;
use super::bar::with_bar;
use super::conclude::{Work, conclude};
use super::{CliError, tell};
use crate::runs::batches::{Outcome, carry_out};
use crate::runs::ensemble::{Desk, Ensemble};
use crate::runs::plan::COMMAND_LINE;
use crate::runs::precision::{FLAG, Wish};
use crate::runs::scenario::scenario_warnings;
use crate::runs::work::Progress;
use crate::runs::{Pairing, Plan};
use crate::store::{self, IN_MEMORY, Runs, Store};
use crate::tallies::{Layout, measures};
use crate::words::Problem;
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
    let ensemble = Ensemble::prepare(&plan, data)?;
    warn(&plan, &ensemble);
    refuse_silence(&plan, ensemble.layout())?;
    let wish = arguments.precision.as_ref();
    let watch = watched(&plan, wish, ensemble.layout())?;
    std::fs::create_dir_all(&folder).map_err(|error| CliError::io(&folder, error))?;
    store::clear(&folder)?;
    let threads = threads(&plan);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| CliError::io("threads", std::io::Error::other(error.to_string())))?;
    let work = Work {
        plan: &plan,
        ensemble: &ensemble,
        folder: &folder,
        quiet: arguments.quiet,
        threads,
        prepared: started.elapsed(),
    };
    let began = Instant::now();
    let (outcome, runs) = simulate(&work, wish, watch, &pool)?;
    let simulated = began.elapsed();
    pool.install(|| conclude(&work, outcome, runs, simulated))
}

/// Simulates all draws, or as many as it takes, and gives what is whole.
fn simulate(
    work: &Work<'_>,
    wish: Option<&Wish>,
    watch: Option<usize>,
    pool: &rayon::ThreadPool,
) -> Result<(Outcome, Runs), CliError> {
    let ensemble = work.ensemble;
    let progress = Arc::new(Progress::default());
    stop_on_interrupt(&progress);
    let shape = ensemble.shape();
    let runs = ensemble.pairs() * shape.arms as u64;
    let store = Store::open(shape, runs, IN_MEMORY, work.folder);
    let desk = Desk {
        store: &store,
        progress: &progress,
        watch,
    };
    let outcome = with_bar(
        ensemble.years(),
        "years simulated",
        work.quiet,
        &progress.years,
        || pool.install(|| carry_out(ensemble, wish, desk)),
    )?;
    if outcome.parts.is_empty() {
        return Err(CliError::Interrupted);
    }
    let runs = store.close(|label| {
        let mut seeds = label.seeds.iter();
        outcome.draws.contains(&(label.draw as usize))
            && seeds.all(|seed| outcome.seeds.contains(seed))
    })?;
    Ok((outcome, runs))
}

/// Tells what a user may not have meant.
fn warn(plan: &Plan, ensemble: &Ensemble) {
    let passed_over = &ensemble.calibrated.passed_over;
    if !passed_over.is_empty() {
        tell(&format!(
            "changed since the fit, and used as written: {}",
            passed_over.join(", ")
        ));
    }
    let Pairing {
        conditions, base, ..
    } = ensemble.first();
    for warning in scenario_warnings(&plan.scenarios, conditions, base) {
        tell(&format!("warning: {warning}"));
    }
}

/// The position of the value that is watched for a wish.
fn watched(plan: &Plan, wish: Option<&Wish>, layout: &Layout) -> Result<Option<usize>, CliError> {
    let Some(wish) = wish else {
        return Ok(None);
    };
    if plan.draws < 2 {
        let message = "it goes by draws of the parameters, and this run has fewer than two";
        return Err(Problem::in_file(COMMAND_LINE, message)
            .about(FLAG, wish.text.clone())
            .mend("say how many draws there may be at most, for example: --draws 300")
            .into());
    }
    Ok(Some(wish.find(layout)?))
}

/// Refuses a run that would tell nothing: what its measures are made of is not there.
fn refuse_silence(plan: &Plan, layout: &Layout) -> Result<(), CliError> {
    if !layout.cells.is_empty() {
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
