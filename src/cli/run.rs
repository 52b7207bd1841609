//! `stabil run`, `extend` and `merge`: simulate what is not done yet, show progress; what then
//! becomes of the runs is in `conclude`.
//!
//! There is one path: units that are there (of an earlier session, or of shards) and units that
//! are simulated now lie in one store, and results are made of that store. So a run that was taken
//! up, extended or merged gives the bytes of one that was never interrupted.

use super::arguments::RunArguments;
use super::bar::with_bar;
use super::conclude::{Work, conclude};
use super::keeping::{self, Place};
use super::{CliError, DONE, INTERRUPTED, tell};
use crate::runs::batches::{Outcome, Todo, carry_out};
use crate::runs::ensemble::{Desk, Ensemble};
use crate::runs::kept::Sheet;
use crate::runs::plan::COMMAND_LINE;
use crate::runs::precision::{FLAG, Wish};
use crate::runs::scenario::scenario_warnings;
use crate::runs::units::Unit;
use crate::runs::work::Progress;
use crate::runs::{Pairing, Plan, kept};
use crate::store::{Runs, Store};
use crate::tallies::{Layout, measures};
use crate::words::Problem;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// A plan that is carried out, and how.
pub(super) struct Job<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The models and everything else.
    pub ensemble: &'a Ensemble,
    /// What its units are made by.
    pub sheet: &'a Sheet,
    /// The results folder.
    pub folder: &'a Path,
    /// Where units are that are done.
    pub place: Place<'a>,
    /// The precision wished for.
    pub wish: Option<&'a Wish>,
    /// No messages but errors.
    pub quiet: bool,
    /// Are units removed when the run is whole?
    pub drops: bool,
    /// Are tables printed?
    pub prints: bool,
    /// When all began.
    pub started: Instant,
}

/// Carries out `stabil run`.
///
/// # Errors
/// A [`CliError`]: bad input, results that cannot be written, or an interruption before any run
/// was complete.
pub fn run(arguments: &RunArguments) -> Result<u8, CliError> {
    let started = Instant::now();
    let overrides = arguments.overrides();
    let plan = Plan::find(&arguments.run)?.with(&overrides)?;
    let data = plan.read_data(arguments.data.folder()?)?;
    plan.check_against(&data, &measures::ids())?;
    if let (Some(wish), Some(shard)) = (&arguments.precision, arguments.shard) {
        let message = "a precision is judged over all draws, and a shard has but some";
        return Err(Problem::in_file(COMMAND_LINE, message)
            .about(FLAG, wish.text.clone())
            .mend(format!("leave one out; the other is --shard {shard}"))
            .into());
    }
    let folder = arguments.out_folder(&plan.name);
    let sheet = Sheet::of(&plan, &data, &overrides, arguments.shard)?;
    let taken_up = arguments.resume && keeping::is_there(&sheet, &folder, arguments.quiet)?;
    if !taken_up {
        keeping::refuse_occupied(&folder, arguments.force)?;
    }
    let ensemble = prepared(&plan, data, arguments.quiet)?;
    // What can be refused is refused before anything is written.
    watched(&plan, arguments.precision.as_ref(), ensemble.layout())?;
    units(&sheet, &ensemble)?;
    begin(&folder, &sheet, taken_up)?;
    carry(&Job {
        plan: &plan,
        ensemble: &ensemble,
        sheet: &sheet,
        folder: &folder,
        place: Place::Own,
        wish: arguments.precision.as_ref(),
        quiet: arguments.quiet,
        drops: arguments.drop_units,
        prints: true,
        started,
    })
}

/// Makes the results folder ready for units.
pub(super) fn begin(folder: &Path, sheet: &Sheet, taken_up: bool) -> Result<(), CliError> {
    std::fs::create_dir_all(folder).map_err(|error| CliError::io(folder, error))?;
    if !taken_up {
        kept::clear(folder)?;
    }
    Ok(sheet.write(folder)?)
}

/// Builds the models of a plan, and tells what a user may not have meant.
pub(super) fn prepared(
    plan: &Plan,
    data: crate::parameters::ModelData,
    quiet: bool,
) -> Result<Ensemble, CliError> {
    if !quiet {
        tell(&format!(
            "{}: preparing the base population of {}",
            plan.name, plan.start
        ));
    }
    let ensemble = Ensemble::prepare(plan, data)?;
    warn(plan, &ensemble);
    refuse_silence(plan, ensemble.layout())?;
    Ok(ensemble)
}

/// Simulates what is not done yet, and makes results of all of it; gives the exit code.
pub(super) fn carry(job: &Job<'_>) -> Result<u8, CliError> {
    let (plan, ensemble) = (job.plan, job.ensemble);
    let watch = watched(plan, job.wish, ensemble.layout())?;
    let units = units(job.sheet, ensemble)?;
    mark(job)?;
    let there = keeping::gathered(job, &units, watch)?;
    let threads = threads(plan);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| CliError::io("threads", std::io::Error::other(error.to_string())))?;
    let work = Work {
        plan,
        ensemble,
        sheet: job.sheet,
        folder: job.folder,
        quiet: job.quiet,
        prints: job.prints,
        threads,
        prepared: job.started.elapsed(),
    };
    let began = Instant::now();
    let place = (job.folder.join(kept::FOLDER), job.sheet.made.origin());
    let store = match job.place {
        Place::Nowhere(..) => Store::in_memory(ensemble.shape()),
        _ => Store::in_folder(ensemble.shape(), place, there.pieces),
    };
    let todo = Todo {
        there: there.parts,
        units: there.missing,
    };
    let outcome = simulate(job, todo, (&store, watch), &pool)?;
    if job.sheet.shard.is_some() {
        return keeping::shard_done(job, &outcome, began.elapsed());
    }
    let written = finish(&work, job, outcome, store, (began.elapsed(), &pool));
    if written.is_err() {
        keeping::tidy(job)?;
    }
    written
}

/// Marks units under disclosure control, which they have not gone through: nothing is to be lost
/// with an interruption, nor to leave a secure zone by mistake.
fn mark(job: &Job<'_>) -> Result<(), CliError> {
    let is_screened = job.plan.rule(&job.ensemble.first().base.data).is_some();
    if !is_screened || matches!(job.place, Place::Nowhere(..)) {
        return Ok(());
    }
    kept::mark(job.folder)?;
    if !job.quiet {
        let notice = job.folder.join(kept::FOLDER).join(kept::NOTICE);
        tell(&format!(
            "disclosure control: units are kept unscreened until the run is whole; see {}",
            notice.display()
        ));
    }
    Ok(())
}

/// The units of the run, or of the shard.
fn units(sheet: &Sheet, ensemble: &Ensemble) -> Result<Vec<Unit>, Problem> {
    match sheet.shard {
        None => Ok(ensemble.extent().units(1)),
        Some(shard) => shard.own(ensemble.extent().units(shard.of)),
    }
}

/// Makes results of what is whole.
fn finish(
    work: &Work<'_>,
    job: &Job<'_>,
    outcome: Outcome,
    store: Store,
    (simulated, pool): (Duration, &rayon::ThreadPool),
) -> Result<u8, CliError> {
    let no_room = outcome.failures.iter().any(|failure| failure.is_no_room);
    if no_room || (outcome.is_empty() && !outcome.failures.is_empty()) {
        return Err(keeping::unfinished(job, &outcome));
    }
    if outcome.is_empty() {
        return Err(CliError::Interrupted);
    }
    let failures = outcome.failures.clone();
    let is_complete = outcome.is_complete;
    let runs: Runs = store.close(|draw, seed| {
        outcome.draws.contains(&(draw as usize)) && outcome.seeds.contains(&seed)
    })?;
    let code = pool.install(|| conclude(work, outcome, runs, simulated))?;
    if !failures.is_empty() {
        return Err(keeping::failed(job, &failures));
    }
    if code == INTERRUPTED && !job.quiet {
        tell("what was done is kept: go on with --resume");
    }
    // Units hold the figures as they are, before small cells are hidden.
    let is_screened = job.plan.rule(&job.ensemble.first().base.data).is_some();
    if is_complete && (job.drops || is_screened) {
        kept::clear(job.folder)?;
    }
    Ok(if is_complete { DONE } else { code })
}

/// Simulates what there is to do, or as many draws as it takes.
fn simulate(
    job: &Job<'_>,
    todo: Todo,
    (store, watch): (&Store, Option<usize>),
    pool: &rayon::ThreadPool,
) -> Result<Outcome, CliError> {
    let progress = Arc::new(Progress::default());
    stop_on_interrupt(&progress);
    let seeds = |unit: &Unit| unit.seeds.end - unit.seeds.start;
    let seeds: u64 = todo.units.iter().map(seeds).sum();
    let desk = Desk {
        store,
        progress: &progress,
        watch,
        before: |_| {},
    };
    let years = seeds * job.ensemble.first().years_per_seed();
    let work = || pool.install(|| carry_out(job.ensemble, job.wish, todo, desk));
    let outcome = with_bar(years, "years simulated", job.quiet, &progress.years, work)?;
    Ok(outcome)
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

fn threads(plan: &Plan) -> usize {
    match plan.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        given => given,
    }
}

/// Lets an interruption (Ctrl-C, or the signal by which a cluster ends a job) stop the work at the
/// end of the years under way. Without a handler (there is one already) the program is simply
/// ended.
fn stop_on_interrupt(progress: &Arc<Progress>) {
    let progress = Arc::clone(progress);
    let _ = ctrlc::set_handler(move || progress.stop.store(true, Ordering::Relaxed));
}
