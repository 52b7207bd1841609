//! Turns (turer): jobs of several users share the cores fairly, a portion at a time.
//!
//! All cores work on one portion (as many seeds or draws as there are cores) of one job; the next
//! turn goes to the active job that has had the least time. Jobs beyond the active ones wait in a
//! queue. One thread conducts; it owns the pool of threads that simulate.

use super::job::{Job, Kept, Phase, rests};
use super::stage::{Stage, first_look};
use super::wanted::Order;
use super::{File, Finished, Refusal, figures};
use crate::parameters::ModelData;
use crate::runs::ensemble::Halt;
use crate::store::Trouble;
use axum::http::StatusCode;
use std::collections::{BTreeMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How much may be asked for at a time.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Jobs that take turns.
    pub active: usize,
    /// Jobs that wait.
    pub waiting: usize,
    /// Jobs of one client that are active or wait.
    pub per_client: usize,
    /// Ended jobs whose figures are kept.
    pub kept: usize,
    /// How long they are kept.
    pub keep: Duration,
    /// How long a job goes on when nobody looks at it.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            active: 3,
            waiting: 20,
            per_client: 2,
            kept: 12,
            keep: Duration::from_secs(3600),
            grace: Duration::from_secs(20),
        }
    }
}

/// Those who simulate.
pub struct Crew {
    /// The threads.
    pub pool: rayon::ThreadPool,
    /// The data of all runs.
    pub data: Arc<ModelData>,
    /// Writes results.
    pub file: File,
}

/// The hall: all jobs, those who wait and those who take turns.
#[derive(Debug)]
pub struct Hall {
    limits: Limits,
    folder: PathBuf,
    state: Mutex<State>,
    bell: Condvar,
    closing: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    jobs: BTreeMap<String, Arc<Job>>,
    waiting: VecDeque<Arc<Job>>,
    active: Vec<Active>,
    ended: VecDeque<Arc<Job>>,
}

#[derive(Debug)]
struct Active {
    job: Arc<Job>,
    /// Seconds of turns, with those given up on entering.
    served: f64,
}

/// Most of a random number in a job's identifier, in bytes.
const ID_BYTES: usize = 16;

impl Hall {
    /// An empty hall, whose jobs have folders of their own in this one.
    pub fn open(limits: Limits, folder: &Path) -> Hall {
        Hall {
            limits,
            folder: folder.to_path_buf(),
            state: Mutex::default(),
            bell: Condvar::new(),
            closing: AtomicBool::new(false),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Is it closing?
    pub fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }

    /// Takes in an order.
    ///
    /// # Errors
    /// A [`Refusal`], 429, where the client or all have too many under way; 503 at the end.
    pub fn enter(&self, client: &str, order: Order) -> Result<Arc<Job>, Refusal> {
        if self.is_closing() {
            let message = "the explorer is being closed";
            return Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, message));
        }
        let id = identifier()?;
        let mut state = self.state();
        let active = state.active.iter().map(|active| &active.job);
        let own = active.chain(&state.waiting);
        let own = own.filter(|job| job.client == client).count();
        let many = |message: String, hint: &str| {
            Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, message).mend(hint))
        };
        if own >= self.limits.per_client {
            let message = format!("you have {own} runs under way, and may have no more at a time");
            return many(message, "cancel one, or wait for it to end");
        }
        if state.waiting.len() >= self.limits.waiting {
            let message = format!("{} runs wait already", state.waiting.len());
            return many(message, "try again in a while");
        }
        let folder = self.folder.join(&id);
        let job = Arc::new(Job::new(id.clone(), client.to_string(), order, folder));
        state.jobs.insert(id, Arc::clone(&job));
        state.waiting.push_back(Arc::clone(&job));
        drop(state);
        self.bell.notify_all();
        Ok(job)
    }

    /// The job with an identifier.
    pub fn find(&self, id: &str) -> Option<Arc<Job>> {
        self.state().jobs.get(id).cloned()
    }

    /// A job's place in the queue, from 1, and how many wait.
    pub fn place(&self, job: &Job) -> Option<(usize, usize)> {
        let state = self.state();
        let place = state.waiting.iter().position(|own| own.id == job.id)?;
        Some((place + 1, state.waiting.len()))
    }

    /// Stops a job: at once if it waits, else at the end of the simulated year under way.
    pub fn cancel(&self, job: &Arc<Job>) {
        let mut state = self.state();
        if job.shown().phase.is_over() {
            return;
        }
        job.progress.stop.store(true, Ordering::Relaxed);
        let waits = state.waiting.iter().position(|own| own.id == job.id);
        if let Some(place) = waits {
            state.waiting.remove(place);
            state.end(job, Phase::Cancelled);
        }
        drop(state);
        self.bell.notify_all();
    }

    /// Stops jobs that nobody looks at any more, and forgets ended ones that are old or too many.
    pub fn sweep(&self) {
        let left: Vec<Arc<Job>> = {
            let state = self.state();
            let under_way = state.jobs.values();
            under_way
                .filter(|job| !job.shown().phase.is_over() && job.is_left(self.limits.grace))
                .cloned()
                .collect()
        };
        left.iter().for_each(|job| self.cancel(job));
        let mut old = Vec::new();
        let mut state = self.state();
        while let Some(first) = state.ended.front() {
            let ended = first.shown().ended;
            let is_old = ended.is_none_or(|ended| ended.elapsed() > self.limits.keep);
            if !is_old && state.ended.len() <= self.limits.kept {
                break;
            }
            if let Some(job) = state.ended.pop_front() {
                state.jobs.remove(&job.id);
                old.push(job);
            }
        }
        drop(state);
        for job in old {
            // What cannot be removed now goes with the whole folder at the end.
            let _ = std::fs::remove_dir_all(&job.folder);
        }
    }

    /// Lets nobody in any more and stops all work.
    pub fn close(&self) {
        self.closing.store(true, Ordering::Relaxed);
        let state = self.state();
        for job in state.jobs.values() {
            job.progress.stop.store(true, Ordering::Relaxed);
        }
        drop(state);
        self.bell.notify_all();
    }

    /// Waits for work and gives the job whose turn it is; nothing when the hall is closed.
    fn next(&self) -> Option<Arc<Job>> {
        let mut state = self.state();
        loop {
            if self.is_closing() {
                return None;
            }
            state.seat(self.limits.active);
            let turns = state.active.iter();
            if let Some(active) = turns.min_by(|a, b| a.served.total_cmp(&b.served)) {
                return Some(Arc::clone(&active.job));
            }
            state = self
                .bell
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A turn of a job has taken so many seconds; `end` where it was the last.
    fn after(&self, job: &Arc<Job>, seconds: f64, end: Option<Phase>) {
        let mut state = self.state();
        let own = state.active.iter_mut().find(|own| own.job.id == job.id);
        if let Some(active) = own {
            active.served += seconds;
        }
        if let Some(phase) = end {
            state.active.retain(|active| active.job.id != job.id);
            state.end(job, phase);
        }
    }
}

impl State {
    /// Lets waiting jobs take turns as long as there is room. A newcomer has as much behind it as
    /// the one with the least, so that it neither waits for others nor lets them wait.
    fn seat(&mut self, most: usize) {
        while self.active.len() < most {
            let Some(job) = self.waiting.pop_front() else {
                return;
            };
            let served = self.active.iter().map(|active| active.served);
            let served = served.min_by(f64::total_cmp).unwrap_or(0.0);
            // Just before that one: the first bands are what somebody waits for.
            self.active.insert(0, Active { job, served });
        }
    }

    fn end(&mut self, job: &Arc<Job>, phase: Phase) {
        let mut shown = job.shown();
        shown.phase = phase;
        shown.ended = Some(Instant::now());
        self.ended.push_back(Arc::clone(job));
    }
}

/// A number that cannot be guessed, in hexadecimal digits.
fn identifier() -> Result<String, Refusal> {
    let mut bytes = [0; ID_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| {
        let message = format!("the system gives no random number: {error}");
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Gives turns until the hall is closed.
pub fn conduct(hall: &Hall, crew: &Crew) {
    while let Some(job) = hall.next() {
        let began = Instant::now();
        let turn = AssertUnwindSafe(|| crew.pool.install(|| turn(&job, crew)));
        // A fault of the program ends the job and not the server.
        let went = std::panic::catch_unwind(turn).unwrap_or_else(|_| {
            let message = "a fault of the program; please report it with the run file";
            Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, message))
        });
        let end = match went {
            Ok(true) => None,
            Ok(false) if job.progress.stop.load(Ordering::Relaxed) => {
                keep_part(&job);
                Some(Phase::Cancelled)
            }
            Ok(false) => Some(Phase::Done),
            Err(fault) => {
                let mut shown = job.shown();
                (shown.look, shown.full) = (None, None);
                shown.fault = Some(fault);
                Some(Phase::Failed)
            }
        };
        hall.after(&job, began.elapsed().as_secs_f64(), end);
    }
}

/// One portion of a job's work; tells whether there is more.
fn turn(job: &Arc<Job>, crew: &Crew) -> Result<bool, Refusal> {
    if job.progress.stop.load(Ordering::Relaxed) {
        return Ok(false);
    }
    let threads = rayon::current_num_threads();
    let (look, looked, full) = {
        let shown = job.shown();
        (shown.look.clone(), shown.looked, shown.full.clone())
    };
    let plan = &job.order.plan;
    if let Some(full) = full {
        if full.step(threads).map_err(halted)? {
            return Ok(true);
        }
        return match full.is_stopped() {
            true => Ok(false),
            false => write(job, &full, crew).map(|()| false),
        };
    }
    match (look, first_look(plan)) {
        (Some(look), _) if !looked => {
            let more = look.step(threads).map_err(halted)?;
            if look.is_stopped() {
                return Ok(false);
            }
            if !more {
                let work = super::wanted::work(&look.plan);
                let mut shown = job.shown();
                shown.looked = true;
                shown.rate = Some(work / look.began.elapsed().as_secs_f64().max(1e-3));
            }
            Ok(true)
        }
        (None, Some(look)) if !looked => {
            let stage = prepare(job, look, true, crew)?;
            let mut shown = job.shown();
            (shown.look, shown.phase) = (Some(stage), Phase::Looking);
            Ok(true)
        }
        _ => {
            let stage = prepare(job, plan.clone(), false, crew)?;
            let mut shown = job.shown();
            (shown.full, shown.phase) = (Some(stage), Phase::Running);
            Ok(true)
        }
    }
}

fn prepare(
    job: &Job,
    plan: crate::runs::Plan,
    is_look: bool,
    crew: &Crew,
) -> Result<Arc<Stage>, Refusal> {
    job.shown().phase = Phase::Preparing;
    std::fs::create_dir_all(&job.folder).map_err(|error| troubled(error.to_string()))?;
    let progress = Arc::clone(&job.progress);
    let stage = Stage::prepare(plan, &crew.data, is_look, progress)?;
    if stage.ensemble.layout().cells.is_empty() {
        return Err(Refusal::impossible("the run would tell nothing"));
    }
    Ok(Arc::new(stage))
}

/// Writes the results, and keeps the figures that the page can show.
fn write(job: &Arc<Job>, full: &Arc<Stage>, crew: &Crew) -> Result<(), Refusal> {
    job.shown().phase = Phase::Writing;
    let simulated = full.began.elapsed();
    job.shown().kept = kept(full, true)?;
    let Some((outcome, runs)) = full.end().map_err(in_store)? else {
        return Err(troubled(
            "the results have been written already".to_string(),
        ));
    };
    let folder = results(job);
    std::fs::create_dir_all(&folder).map_err(|error| troubled(error.to_string()))?;
    let finished = Finished {
        plan: &full.plan,
        ensemble: &full.ensemble,
        folder: &folder,
        threads: rayon::current_num_threads(),
        prepared: full.prepared,
        simulated,
    };
    let told = (crew.file)(&finished, outcome, runs).map_err(troubled)?;
    let effects = figures::effects(&full.ensemble.first().design, &told);
    let mut shown = job.shown();
    shown.effects = Some(Arc::new(effects));
    (shown.look, shown.full) = (None, None);
    Ok(())
}

/// The folder of a job's results.
pub fn results(job: &Job) -> PathBuf {
    job.folder.join("results")
}

/// The figures of a stage that the page can show.
fn kept(stage: &Stage, is_final: bool) -> Result<Option<Arc<Kept>>, Refusal> {
    let cells = figures::cells(stage.ensemble.layout());
    let found = stage.tables(&cells).map_err(in_store)?;
    Ok(found.map(|(tables, _)| {
        let rests = rests(stage, is_final);
        Arc::new(Kept { tables, rests })
    }))
}

/// Keeps what a stopped job has given, and drops its models.
fn keep_part(job: &Arc<Job>) {
    let part = job.stage().and_then(|stage| kept(&stage, false).ok()?);
    let mut shown = job.shown();
    shown.kept = part;
    (shown.look, shown.full) = (None, None);
}

fn halted(halt: Halt) -> Refusal {
    match halt {
        Halt::Problem(problem) => problem.into(),
        Halt::Trouble(trouble) => in_store(trouble),
    }
}

fn in_store(trouble: Trouble) -> Refusal {
    troubled(trouble.source.to_string())
}

/// Trouble of the machine, told without its paths.
fn troubled(message: String) -> Refusal {
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, message)
}
